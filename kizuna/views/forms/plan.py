"""STEP2 on the page: from wishes to items, each with its evidence, and the plan on one page."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.process import Step, course
from kizuna.steps import plan as plans
from kizuna.steps import research
from kizuna.steps.themes import themes
from kizuna.views import charts
from kizuna.views import plain as widgets
from kizuna.views.files import Paper, Papers, printed
from kizuna.views.forms.editor import EVIDENCE, Editor, item_lines, numbered
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, day, empty, findings, html, quotes, row, say, stack
from kizuna.views.plain import show
from kizuna.views.sheets import plan_calendar, plan_excel, plan_html

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Choose(PartForm):
    """The wishes, most wished for first, and the way from a wish to an item."""

    def build(self) -> None:
        self._told, self._list = html(), html()
        self._which = widgets.Dropdown(options=[("", 0)])
        self._which.add_class("kz-middle")
        self._begin = button("この望みから一手を作る", self._make, self.mark)
        self._draft = button("望んだ人の多い順に、三つ下書きする", self._draft_three, self.mark, "kz-main")
        self._one = stack(html(Markup('<div class="kz-q">取り組む望みを一つ選ぶ</div>')), row(self._which, self._begin))
        self.lay(self._told, self._list, row(self._draft), self._one)

    def refresh(self) -> None:
        open_themes = plans.candidates(self.page.book, self.part)
        have = plans.plan(self.page.book, self.part).actions
        show(self._draft, open_themes and not have)
        show(self._one, open_themes)
        self._which.options = [(f"{view.name}（望んだ人 {view.wishers}人）", view.id) for view in open_themes] or [("", 0)]
        if open_themes:
            enough = (
                "もう三つ以上の一手があるので、これで十分です。"
                if len(have) >= plans.USUAL
                else "全部にこたえなくてもかまいません。三つほど選びましょう。"
            )
            self._told.value = say(Markup("まだ手をつけていない望みが<b>{}</b>あります。{}").format(things(len(open_themes)), enough))
            self._list.value = charts.wish_bars(open_themes)
        elif have and themes(self.page.book, self.part):
            self._told.value, self._list.value = say("聞こえてきた望みには、どれも一手があります。"), ""
        else:
            heard_on = course().steps[Step.RESEARCH].title[self.part]
            self._told.value = empty(
                "まだ望みのまとまりがありません", f"「{heard_on}」のページで、声を入れてまとめると、ここに望みが並びます。"
            )
            self._list.value = ""

    def _draft_three(self) -> None:
        count = plans.draft(self.page.book, self.part)
        self.refresh()
        self.saved(f"{things(count)}の下書きを作りました。下で、ご自分の言葉を書き足してください")

    def _make(self) -> None:
        plans.begin(self.page.book, self.part, self._which.value)
        self.refresh()
        self.saved("一手を作りました。下で、ご自分の言葉を書き足してください")


class Actions(PartForm):
    """Every item with its fields, its evidence, and what stands in its way."""

    def build(self) -> None:
        numbered(self.page)  # the numbers are the page's, also before there is an item
        self._editors: dict[int, Editor] = {}
        self._empty = html()
        self._list = stack()
        self.lay(self._empty, self._list)

    def refresh(self) -> None:
        view = plans.plan(self.page.book, self.part)
        by_id = {action.id: action for action in view.actions}
        self._empty.value = "" if by_id else empty("まだ一手がありません", "上で望みを選ぶと、ここに書くところが出ます。")
        for gone in set(self._editors) - set(by_id):
            self._editors.pop(gone).close()
        by_theme = {theme.id: theme for theme in themes(self.page.book, self.part)}
        for action in view.actions:
            theme = by_theme.get(action.theme_id or 0)
            if action.id in self._editors:
                self._editors[action.id].show(action, theme)
            else:
                first = not any(not by_id[shown].in_plan for shown in self._editors)
                self._editors[action.id] = Editor(self, action, theme, unfold=first and not action.in_plan)
        self._list.children = list(self._editors.values())

    def paper(self, blank: bool) -> list[Block]:
        told = "はじめに「間がらがどう変わるか」を書きます。"
        if blank:
            return [Block("一手を書く", told), *(_item(self.page, number, None) for number in range(1, plans.USUAL + 1))]
        written = plans.plan(self.page.book, self.part).actions
        return [
            Block("一手を書く", told if written else "一手は、まだありません。"),
            *(_item(self.page, number, action) for number, action in enumerate(written, start=1)),
        ]


class Sheet(PartForm):
    """The plan on one page, as it will be printed, with its hours, and the ways it goes out."""

    def build(self) -> None:
        self._told = html()
        book, part = self.page, self.part
        self._papers = Papers(
            [
                printed("print", "計画書を印刷する", "計画書", lambda: plan_html(book.book, part)),
                Paper("excel", "Excelで保存する", "計画書.xlsx", _EXCEL, lambda: plan_excel(book.book, part)),
                Paper("calendar", "カレンダーに入れる", "計画.ics", "text/calendar", lambda: plan_calendar(book.book, part)),
            ],
            self.mark,
        )
        self._renew = button("計画を組み直す（いまの計画も残ります）", self._again, self.mark, "kz-quiet")
        self.lay(self._told, self._papers, row(self._renew))

    def refresh(self) -> None:
        view = plans.plan(self.page.book, self.part)
        if not view.decided:
            self._told.value = empty("計画に入れた一手は、まだありません", "上の一手で「計画に入れる」を押すと、ここに計画書ができます。")
        else:
            lines = [_line(number, action) for number, action in enumerate(view.decided, start=1)]
            hours = f"（決めた時間は、ひと月{view.hours:g}時間）" if view.hours else ""
            told = say(
                Markup("<b>{}から{}まで</b>の計画です。ぜんぶで{}{}。").format(
                    day(view.starts_on), day(view.ends_on), plans.spell_minutes(view.minutes), hours
                )
            )
            why = Markup(
                '<p class="kz-key">できそうで、望んだ方の多いものから並べています（できる度 × 望んだ人数）。同じときは、楽しいほうが先です。</p>'
            )
            self._told.value = told + findings(plans.check_plan(view)) + Markup("").join(lines) + why
        show(self._papers, view.decided)
        show(self._renew, view.actions)

    def _again(self) -> None:
        plans.renew(self.page.book, self.part)
        self.refresh()
        self.saved("今日から始まる新しい計画にしました。前の計画も残してあります")


_IDEA, _ASK = "わたしの思いつき", "お客さまには、どうたずねますか"


class Ideas(PartForm):
    """The owner's own ideas that nobody asked for yet: they wait here as questions."""

    def build(self) -> None:
        self._list = stack()
        self._text = widgets.Text(placeholder="例：読み終えた本を、次の人へ渡す棚")
        self._question = widgets.Text(placeholder="例：読み終えた本は、どうしますか。")
        self.lay(
            self._list,
            stack(html(Markup('<div class="kz-q">{}</div>').format(_IDEA)), self._text),
            stack(html(Markup('<div class="kz-q">{}</div>').format(_ASK)), self._question),
            row(button("「次に聞くこと」に入れる", self._add, self.mark)),
        )

    def refresh(self) -> None:
        waiting = research.ideas(self.page.book, self.part)
        self._list.children = [
            row(
                html(
                    Markup("<div><b>{}</b><div class='kz-hint'>{}</div></div>").format(
                        idea.question, f"思いつき：{idea.text}" if idea.text else "自分で加えた質問"
                    )
                ),
                button("この質問をやめる", partial(self._drop, idea.id), self.mark, "kz-quiet"),
            )
            for idea in waiting
        ]

    def paper(self, blank: bool) -> list[Block]:
        waiting = [] if blank else [(idea.text, idea.question) for idea in research.ideas(self.page.book, self.part)]
        rows = waiting or [("", "")] * plans.USUAL
        lines = (one for text, question in rows for one in (Line(_IDEA, value=text), Line(_ASK, value=question, follows=True)))
        return [Block("次に聞くこと", lines=tuple(lines))]

    def _add(self) -> None:
        research.add_idea(self.page.book, self.part, self._text.value, self._question.value)
        self._text.value = self._question.value = ""
        self.refresh()
        self.saved("入れました。「望みを聞く」の面談シートに、この質問が出ます")

    def _drop(self, idea_id: int) -> None:
        research.drop_idea(self.page.book, idea_id)
        self.refresh()
        self.saved("外しました")


def _line(number: int, action: plans.ActionView) -> Markup:
    head = Markup("<h4>{}. {}</h4><p>{}</p>").format(number, action.title or "名前のない一手", action.relation)
    minutes = f"・{plans.spell_minutes(action.total_minutes)}" if action.total_minutes is not None else ""
    told = Markup('<p class="kz-hint">{}・{}{}・望んだ人 {}人</p>').format(
        day(action.due_on), action.medium.name if action.medium else "届け方はこれから", minutes, action.wishers
    )
    return Markup('<div class="kz-action in">{}{}{}</div>').format(head, told, quotes(action.evidence[:1]))


def _item(page: Page, number: int, action: plans.ActionView | None) -> Block:
    title = f"一手 {number}"
    if action is None:
        return Block(title, lines=(*item_lines(page, None), Line(EVIDENCE, kind="long")), inner=True)
    wish = f"望み：{action.theme}・" if action.theme else ""
    state = "計画に入っています" if action.in_plan else "まだ計画に入れていません"
    return Block(title, f"{wish}望んだ人 {action.wishers}人・{state}", item_lines(page, action), action.evidence, inner=True)


def choose(page: Page) -> Choose:
    """From wishes to items."""
    return Choose(page, "望みから選ぶ")


def actions(page: Page) -> Actions:
    """The items being written."""
    return Actions(page, "一手を書く")


def plan_sheet(page: Page) -> Sheet:
    """The plan on one page."""
    return Sheet(page, "一枚の計画書")


def ideas(page: Page) -> Ideas:
    """「次に聞くこと」."""
    return Ideas(page, "次に聞くこと")
