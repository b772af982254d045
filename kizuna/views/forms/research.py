"""STEP1 on the page: the interview sheet, what was heard, and the person's own grouping."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.language.questions import check_question
from kizuna.language.vectors import notice
from kizuna.process import Part
from kizuna.steps import research, themes
from kizuna.steps.cards import Card
from kizuna.views import charts
from kizuna.views import plain as widgets
from kizuna.views.files import Papers, printed
from kizuna.views.page import Form, Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, empty, findings, html, quotes, row, say, stack
from kizuna.views.plain import show
from kizuna.views.sheets import interview_html

_OWN = "自分でも聞いてみたいこと"


class Kit(PartForm):
    """The interview sheet: what to ask, own questions with their check, and the sheet to print."""

    def build(self) -> None:
        self._list = html()
        self._question = widgets.Text(placeholder=research.sheets().own_example[self.part], continuous_update=False)
        self._checked = html()
        self._question.observe(lambda _: self.mark.guard(self._check), names="value")
        add = button("質問に加える", self._add, self.mark)
        self._own = stack()
        papers = Papers([printed("sheet", "面談シートを印刷する", "面談シート", self._print)], self.mark)
        told = Markup(
            '<div class="kz-q">{}</div><div class="kz-hint">書き終えて、画面のほかの所を押すと、答えやすい聞き方かどうか、ひとことお伝えします。</div>'
        ).format(_OWN)
        self.lay(self._list, self._own, stack(html(told), self._question, self._checked, row(add)), papers)

    def refresh(self) -> None:
        call = Markup('<details class="kz-example"><summary>声をかけるときの言葉（例）</summary><p>{}</p></details>').format(
            research.sheets().invitation[self.part]
        )
        asked = [(f"問{number}", one) for number, one in enumerate(research.asked(self.page.book, self.part), start=1)]
        line = Markup("<b>{} {}</b><div class='kz-hint'>{}</div>")
        fixed = [Markup("<li>{}</li>").format(line.format(number, one.text, one.why)) for number, one in asked if one.idea is None]
        self._list.value = call + Markup('<ul class="kz-questions">{}</ul>').format(Markup("").join(fixed))
        self._own.children = [
            row(
                html(Markup("<div>{}</div>").format(line.format(number, one.text, "「次に聞くこと」から"))),
                button("この質問をやめる", partial(self._drop, one.idea), self.mark, "kz-quiet"),
            )
            for number, one in asked
            if one.idea is not None
        ]

    def paper(self, blank: bool) -> list[Block]:
        asked = [] if blank else enumerate(research.asked(self.page.book, self.part), start=1)
        own = tuple(Line(_OWN, f"問{number}", value=one.text) for number, one in asked if one.idea is not None)
        return [Block("聞くことを決める", lines=own or (Line(_OWN, kind="long"),))]

    def _check(self) -> None:
        found = check_question(self._question.value) if self._question.value.strip() else []
        self._checked.value = (
            findings(found)
            if found or not self._question.value.strip()
            else Markup('<div class="kz-hint">このまま聞いて、だいじょうぶそうです。</div>')
        )

    def _add(self) -> None:
        research.add_idea(self.page.book, self.part, "", self._question.value)
        self._question.value = ""
        self._checked.value = ""
        self.refresh()
        self.saved("質問に加えました")

    def _drop(self, idea_id: int) -> None:
        research.drop_idea(self.page.book, idea_id)
        self.refresh()
        self.saved("質問から外しました")

    def _print(self) -> str:
        self.mark.clear()
        return interview_html(self.page.book, self.part)


class Heard(PartForm):
    """What was heard: a picture of the themes by person, open to the words; the first draft of the grouping is made here."""

    def build(self) -> None:
        self._told, self._chart, self._rest = html(), html(), html()
        self._draft = button("声をまとめる（下書き）", self._group, self.mark, "kz-main")
        self._again = button("下書きを作り直す（自分で決めたものは残ります）", self._regroup, self.mark, "kz-quiet")
        self._notice = html()
        self.lay(self._told, self._chart, self._rest, row(self._draft, self._again), self._notice)
        self._shown: object = None

    def refresh(self) -> None:
        book = self.page.book
        heard = research.heard(book, self.part)
        views = themes.themes(book, self.part)
        loose = themes.unplaced(book, self.part)
        if (heard, views, loose) == self._shown:
            return
        self._shown = (heard, views, loose)
        self._told.value = _what_is_heard(self.part, heard, [view for view in views if view.cards])
        self._chart.value = charts.theme_bars([view for view in views if view.cards]) if views else ""
        self._rest.value = self._left(heard, loose, bool(views))
        self._draft.description = "残りの声をまとめる（もう分けた声は動きません）" if views else "声をまとめる（下書き）"
        show(self._again, any(view.drafted for view in views))
        show(self._draft, heard.cards >= themes.FEWEST and loose)

    def _left(self, heard: research.Heard, loose: tuple[Card, ...], grouped: bool) -> Markup:
        if not heard.cards:
            return Markup("")
        if heard.cards < themes.FEWEST:
            few = say(f"声が{themes.FEWEST}件になるまでは、まとめずに一枚ずつ読みましょう。まだ{heard.cards}件です。")
            return few + quotes(loose, themes.FEWEST)
        if loose and grouped:
            return say(f"まだ、どのまとまりにも分けていない声が{len(loose)}件あります。") + quotes(loose, 3)
        return Markup("")

    def _group(self) -> None:
        self._run(again=False)

    def _regroup(self) -> None:
        self._run(again=True)

    def _run(self, again: bool) -> None:
        self.mark.working("声を読んでいます。少しお待ちください…")
        before = len(themes.unplaced(self.page.book, self.part))
        count = themes.draft(self.page.book, self.part, again)
        left = len(themes.unplaced(self.page.book, self.part))
        self.refresh()
        self._notice.value = Markup('<div class="kz-hint">{}</div>').format(told) if (told := notice()) else ""
        if left and left == before and not again:
            self.mark.tell("残りの声は、どのまとまりに近いか決めきれませんでした。下の「まとまりを直す」で、ご自分の目で置いてください。")
        else:
            self.saved(f"{things(count)}のまとまりの下書きを作りました。名前も中身も、このあと自由に直せます")


class Media(Form):
    """Which media these people really look at."""

    def build(self) -> None:
        self._chart = html()
        self.lay(self._chart)

    def refresh(self) -> None:
        views = research.media_seen(self.page.book)
        people = len({card.person_id for view in views for card in view.cards})
        if not views:
            self._chart.value = empty("まだ分かりません", "「ふだんよく見るもの」の答えが入ると、何人が何を見ているかがここに出ます。")
            return
        most = [view.name for view in views if view.people == views[0].people][:3]
        names = Markup("・").join(Markup("<b>{}</b>").format(name) for name in most)
        each = "それぞれ" if len(most) > 1 else ""
        told = Markup("{}人のうち、{}を見ている方が{}{}人です。お知らせは、ここに置くと届きやすくなります。")
        told = told.format(people, names, each, views[0].people)
        self._chart.value = say(told) + charts.media_bars(views)


class Curve(PartForm):
    """Whether new wishes still turn up."""

    def build(self) -> None:
        self._chart = html()
        self.lay(self._chart)

    def refresh(self) -> None:
        points = research.curve(self.page.book, self.part)
        if not points or not points[-1].themes:
            self._chart.value = empty("まだ線を引けません", "声をまとめると、お一人うかがうごとに、望みの数がどう増えたかが線になります。")
            return
        loose = len(themes.unplaced(self.page.book, self.part))
        more = f"ただ、まだ分けていない声が{loose}件あります。先に目を通しておくと安心です。" if loose else ""
        self._chart.value = say(research.still_new(points) + more) + charts.curve(points)


def _what_is_heard(part: Part, heard: research.Heard, views: list[themes.ThemeView]) -> Markup:
    if not heard.people:
        return empty("まだお客さまの声がありません", research.sheets().nothing_heard[part])
    lines = [say(research.honest(heard.people))]
    if views:
        most = [view for view in views if view.people == views[0].people][:3]
        names = Markup("と").join(Markup("<b>{}</b>").format(view.name) for view in most)
        each = f"{most[0].people}人ずつ" if len(most) > 1 else f"{most[0].people}人"
        lines.append(say(Markup("いちばん多くの方（{}）から聞こえてきたのは、{}でした。").format(each, names)))
    if heard.nothing:
        lines.append(
            Markup('<div class="kz-hint">とくにない、という答えが{}件ありました。声として残し、まとまりには入れていません。</div>').format(
                heard.nothing
            )
        )
    return Markup("").join(lines)


def interview_kit(page: Page) -> Kit:
    """The interview sheet on ``page``."""
    return Kit(page, "聞くことを決める")


def heard(page: Page) -> Heard:
    """What was heard, by themes and people."""
    return Heard(page, "聞こえてきたこと")


def media_seen(page: Page) -> Media:
    """The media people look at."""
    return Media(page, "お客さまがよく見ているもの")


def curve(page: Page) -> Curve:
    """The curve of new themes from person to person."""
    return Curve(page, "もう十分に聞けたでしょうか")
