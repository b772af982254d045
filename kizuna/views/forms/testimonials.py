"""STEP5 on the page: the owner's own threshold, what came together, drafts in every form, and where the words hang."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import ipywidgets as widgets
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import composing, drafts, proofs, showing
from kizuna.steps import testimonials as voices
from kizuna.steps.drafts import DraftView, Kind
from kizuna.steps.testimonials import Candidate, Month, Status
from kizuna.steps.withdrawals import Hanging, lapsed, let_go
from kizuna.views.fields import read_number, spell_number
from kizuna.views.files import Paper, Papers
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, day, empty, html, quote, row, say, stack
from kizuna.views.showcase import proof_html, shown_html
from kizuna.workbook.store import Workbook

_COUNTED = "お一人のお答え一つを、一件と数えます。同じ方がいくつも答えてくださることがあるので、上の「集まった声」の人数とは、数がちがうことがあります。"
_ANSWERS, _PERCENT = "何人の方が答えてくださったら、ご紹介を始めますか", "そのうち、何％の方が喜んでくださっていたら、始めますか"


class Target(PartForm):
    """From when on voices are to be shown: decided before anything is collected, and never quietly changed."""

    def build(self) -> None:
        self._told = html()
        self._answers = widgets.Text(placeholder="例：10")
        self._percent = widgets.Text(placeholder="例：70")
        for one in (self._answers, self._percent):
            one.add_class("kz-narrow")
        self._decide = button("この目安に決める", self._set, self.mark, "kz-main")
        self.lay(
            asked(_ANSWERS, row(self._answers, html("人"))),
            asked(_PERCENT, row(self._percent, html("％"))),
            row(self._decide),
            self._told,
        )

    def refresh(self) -> None:
        found = voices.status(self.page.book, self.part)
        goal = found.goal
        self._decide.description = "目安を決め直す（今日の日にちになります）" if goal else "この目安に決める"
        if goal is None:
            self._told.value = (
                say("声はもう集まりはじめています。目安をいま決めて、決めた日もいっしょに残しましょう。") if found.answered else Markup("")
            )
            return
        self._answers.value, self._percent.value = spell_number(goal.answers), spell_number(goal.percent)
        when = f"{goal.set_on.year}年{day(goal.set_on)}"
        after = "" if goal.before else "声を集めはじめたあとに決めた目安なので、そのことも正直に残しておきます。"
        self._told.value = say(f"{when}に決めました。{after or '声を集めはじめる前に決めた目安です。'}")

    def paper(self, blank: bool) -> list[Block]:
        goal = None if blank else voices.status(self.page.book, self.part).goal
        values = (spell_number(goal.answers), spell_number(goal.percent)) if goal else ("", "")
        lines = (Line(_ANSWERS, kind="brief", unit="人", value=values[0]), Line(_PERCENT, kind="brief", unit="％", value=values[1]))
        return [Block("ご紹介を始める目安", lines=lines)]

    def _set(self) -> None:
        answers, percent = (
            _whole(self._answers.value, _ANSWERS),
            _whole(re.sub("(%|％|パーセント)$", "", self._percent.value.strip()), _PERCENT),
        )
        voices.set_threshold(self.page.book, self.part, answers, percent)
        self.refresh()
        self.saved("目安を決めました")


class Gathered(PartForm):
    """What came together, every number with what it is a part of; the sorry words beside the glad ones."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        book = self.page.book
        found = voices.status(book, self.part)
        if not found.answered:
            self._told.value = empty("感想の声が、まだありません", "「感想をもらう」のページで声が入ると、ここに人数が出ます。")
            return
        self._told.value = _standing(found) + _funnel(found) + _beside(found) + _grown(voices.months(book, self.part))


class Testimonials(PartForm):
    """Choosing voices, and the drafts made of them in every form."""

    __test__ = False

    def build(self) -> None:
        self._lapsed = html()
        self._let_go = button("お許しのない言葉を、下書きから外す", self._loosen, self.mark)
        self._told, self._rest = html(), html()
        self._ticks: dict[int, widgets.Checkbox] = {}
        self._cards: list[Candidate] = []
        self._list = stack(kind="kz-list")
        self._form = widgets.Dropdown(options=[(one.name, one.key) for one in drafts.forms(Kind.TESTIMONIAL)])
        self._form.add_class("kz-middle")
        self._form.observe(lambda _: self.mark.guard(self._deal), names="value")
        self._begin = button("この声で下書きを作る", self._make, self.mark, "kz-main")
        self._choose = stack(asked("どの形でご紹介しますか", self._form), self._list, row(self._begin), kind="kz-group")
        nothing = ("下書きは、まだありません", "上で声を選ぶと、ここに下書きができます。")
        self._drafts = DraftList(self, CARE, nothing)
        self.lay(self._lapsed, row(self._let_go), self._told, self._choose, self._drafts, self._rest)

    def refresh(self) -> None:
        book = self.page.book
        self._cards = list(voices.candidates(book, self.part))
        self._told.value, self._rest.value = _chosen_from(self._cards), _to_mend(self._cards)
        self._deal()
        gone = lapsed(book)
        self._let_go.layout.display = "" if gone.drafts else "none"
        self._lapsed.value = _no_longer(len(gone.drafts), gone.papers)
        self._drafts.show(drafts.drafts(book, self.part, Kind.TESTIMONIAL))

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return [
                Block(
                    "ご紹介する声を選ぶ",
                    "お許しのある声だけを、言葉を変えずに使います。",
                    (Line("どの声を、どこに出しますか", kind="long"),),
                )
            ]
        views = showing.may_go_out(self.page.book, self.part)
        lines = tuple(Line(one.form.name, value="仕上がりました" if not why else f"いまは外に出せません：{why}") for one, why in views)
        return [Block("ご紹介する声", "" if views else "下書きは、まだありません。", lines)]

    def _deal(self) -> None:
        """Offer the voices that may go where the form chosen goes."""
        scope = next(one.scope for one in drafts.forms(Kind.TESTIMONIAL) if one.key == self._form.value) or ""
        offered = [one for one in self._cards if one.glad and scope in one.scopes]
        if list(self._ticks) != [one.voice_id for one in offered]:
            self._ticks = {one.voice_id: widgets.Checkbox(value=False, description="この声を使う", indent=False) for one in offered}
            self._list.children = [stack(html(_candidate(one)), self._ticks[one.voice_id], kind="kz-card") for one in offered] or [
                html(empty("ここに出してよい声が、まだありません", "上の「お許しをうかがう」で、この出し先のお許しをいただくと選べます。"))
            ]
        self._begin.layout.display = "" if offered else "none"
        self._choose.layout.display = "" if self._cards else "none"

    def _make(self) -> None:
        chosen = [voice_id for voice_id, tick in self._ticks.items() if tick.value]
        made = composing.draft(self.page.book, self.part, self._form.value, chosen)
        for tick in self._ticks.values():
            tick.value = False
        self._drafts.show(drafts.drafts(self.page.book, self.part, Kind.TESTIMONIAL), unfold=made)
        self.refresh()
        self.saved("下書きを作りました。下で、お店の言葉を確かめてください")

    def _loosen(self) -> None:
        told = let_go(self.page.book)
        self.refresh()
        self.saved(f"下書き{len(told.drafts)}つから、お許しのない言葉を外しました")


class Hung(PartForm):
    """Papers on walls, which of them have to come down, and the book of where every word comes from."""

    def build(self) -> None:
        self._told = html()
        self._which = widgets.Dropdown(options=[("", 0)])
        self._which.add_class("kz-middle")
        self._place = widgets.Text(placeholder="例：レジの横、入口のガラス")
        self._put = stack(
            asked("どれを貼りましたか", self._which),
            asked("どこに貼りましたか（置きましたか）", self._place),
            row(button("貼った所を書きとめる", self._put_up, self.mark, "kz-main")),
            kind="kz-group",
        )
        self._list = stack(kind="kz-list")
        book, part = self.page, self.part
        sheet = Paper("proof", "声の出どころ帳を印刷する", "声の出どころ帳.html", "text/html", lambda: self._proof(book, part), open=True)
        self.lay(self._told, self._put, self._list, Papers([sheet], self.mark))

    def refresh(self) -> None:
        book = self.page.book
        ready = [one for one, why in showing.may_go_out(book, self.part) if not why]
        chosen = self._which.value
        options = [(f"{number}. {_named(one)}", one.id) for number, one in enumerate(ready, start=1)] or [("", 0)]
        if tuple(self._which.options) != tuple(options):
            self._which.options = options
            self._which.value = chosen if chosen in {value for _, value in options} else options[0][1]
        self._put.layout.display = "" if ready else "none"
        hang = proofs.papers(book)
        due = {one.id for one in lapsed(book).papers}
        self._told.value = _hanging(hang, due, bool(ready))
        self._list.children = [self._line(one, one.id in due) for one in hang]

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            lines = [
                one
                for _ in range(3)
                for one in (Line("貼った所"), Line("貼った日", kind="brief", follows=True), Line("外した日", kind="brief", follows=True))
            ]
            return [Block("貼った所の控え", lines=tuple(lines))]
        hang = proofs.papers(self.page.book)
        lines = [Line(one.place, value=_since(one)) for one in hang]
        return [Block("貼った所の控え", "" if hang else "貼った紙は、まだありません。", tuple(lines))]

    def _line(self, one: Hanging, due: bool) -> widgets.Widget:
        told = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}・{}</div>').format(one.place, one.form, _since(one))
        warn = Markup('<div class="kz-finding stop"><b>外しましょう</b>お許しが終わった言葉がのっています。</div>') if due else ""
        parts: list[widgets.Widget] = [html(told + warn)]
        if one.taken_down_on is None:
            parts.append(row(button("外しました", partial(self._down, one.id), self.mark, "" if due else "kz-quiet")))
        made = stack(*parts, kind="kz-action")
        if one.taken_down_on is None and not due:
            made.add_class("in")
        return made

    def _put_up(self) -> None:
        proofs.put_up(self.page.book, self._which.value, self._place.value)
        self._place.value = ""
        self.refresh()
        self.saved("貼った所を書きとめました")

    def _down(self, copy_id: int) -> None:
        proofs.take_down(self.page.book, copy_id)
        self.refresh()
        self.saved("外したことを書きとめました")

    def _proof(self, page: Page, part: Part) -> bytes:
        self.mark.clear()
        return proof_html(page.book, part).encode("utf-8")


class Words(PartForm):
    """The words in which customers themselves speak: for the shop's page and for posts."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found = voices.customer_words(self.page.book, self.part)
        if not found:
            self._told.value = empty("まだ言葉の一覧が作れません", "お二人以上が同じ言葉を使うと、ここに並びます。")
            return
        lines = Markup("").join(
            Markup(
                '<details><summary><span class="name">{}</span><span>{}人</span></summary><div class="inside">{}</div></details>'
            ).format(one.text, one.people, quote(one.card))
            for one in found
        )
        hint = "検索する方も、こうした言葉で探すことがあります。ホームページの説明やお便りを書くとき、お店の言葉をこの言葉にしてみましょう。文をそのまま写すときは、お許しが要ります。"
        self._told.value = say("お二人以上が、ご自分の言葉として使ったものです。") + Markup('<div class="kz-bars">{}</div>').format(lines)
        self._told.value += Markup('<p class="kz-key">{}</p>').format(hint)


def _text(book: Workbook, one: DraftView) -> str:
    return showing.plain(showing.passages(book, one))


CARE = Care(
    check=showing.check,
    quotes=composing.may_stand,
    text=_text,
    html=lambda book, one: shown_html(book, one.id),
    tools=(
        ("ことわり書きを書き入れる", composing.complete, "お礼や間がら、人数のことわり書きを入れました"),
        ("個人のことが分かる所を「…」で外す", composing.mask, "確かめました。見つかった所は「…」になっています"),
    ),
)


def _standing(found: Status) -> Markup:
    if found.goal is None:
        return say("ご紹介を始める目安は、まだ決めていません。")
    wanted = f"{found.goal.answers}人の方の答えと、{found.goal.percent}％の喜び"
    if found.reached:
        return say(Markup("ご自分で決めた目安（{}）に<b>届いています</b>。").format(wanted))
    return say(Markup("ご自分で決めた目安（{}）には、まだ届いていません。いただいた声を大切にしながら、続けましょう。").format(wanted))


def _funnel(found: Status) -> Markup:
    asked = f"{found.asked}人" if found.asked else "記録なし"
    of_all = f"答えてくださった{found.answered}人のうち"
    return _counts(
        [
            ("感想をおたずねした方", asked, "" if found.asked else "「感想をもらう」のページで書きとめると、ここに出ます"),
            ("答えてくださった方", f"{found.answered}人", f"おたずねした{found.asked}人のうち" if found.asked else ""),
            ("喜んでくださった方", f"{found.glad}人", of_all),
            ("困ったことを教えてくださった方", f"{found.complained}人", of_all),
            *([("商品やサービスそのもののことを教えてくださった方", f"{found.about_product}人", of_all)] if found.about_product else []),
            ("ご紹介してよいとお許しくださった方", f"{found.may_show}人", of_all),
            ("声をもとに直したこと", f"{found.improved}つ", ""),
        ]
    )


def _grown(months: Sequence[Month]) -> Markup:
    rows = [(f"{one.year}年{one.month}月まで", f"{one.voices}件", f"うち、ご紹介してよい声 {one.may_show}件") for one in months]
    return say("いただいた声は、このように増えてきました。") + _counts(rows)


def _counts(rows: Sequence[tuple[str, str, str]]) -> Markup:
    """What was counted, how much it is, and of what: narrow enough for a phone."""
    line = Markup("<li><div>{}</div><div><b>{}</b>{}</div></li>")
    each = (line.format(name, count, Markup("<span>{}</span>").format(of) if of else "") for name, count, of in rows)
    return Markup('<ul class="kz-counts">{}</ul>').format(Markup("").join(each))


def _beside(found: Status) -> Markup:
    """Joy alone does not bring anybody back: beside it stand when people were last met, and how many came again."""
    last = (
        f"半分の方とは、この{found.last_met_days}日のうちにお会いしています（お便りもふくみます）"
        if found.last_met_days is not None
        else "最後にお会いした日の記録は、まだありません"
    )
    again = f"二回以上お越しの記録がある方は{found.came_again}人です"
    return Markup('<p class="kz-hint">喜んでいただけたことと、またお会いできることは別です。{}。{}。</p>').format(last, again)


def _chosen_from(found: list[Candidate]) -> Markup:
    glad = [one for one in found if one.glad]
    if not found:
        return empty("感想の声が、まだありません", "「感想をもらう」のページで声を入れると、ここから選べます。")
    if not glad:
        return empty(
            "ご紹介できる声は、まだありません",
            "いただいたのは、直すための声です。「感想をもらう」のページで、何を直すかを決めるのが先です。",
        )
    ready = sum(bool(one.scopes) for one in glad)
    told = say(Markup("うれしい声は<b>{}件</b>、そのうちお許しのあるものは<b>{}件</b>です。").format(len(glad), ready))
    return told + Markup('<div class="kz-hint">{}</div>').format(_COUNTED)


def _candidate(one: Candidate) -> Markup:
    best = (
        Markup('<div class="kz-hint">短くしてよいお許しがあれば、ここだけを使います：「{}」</div>').format(one.best)
        if one.best != one.card.text
        else ""
    )
    return quote(one.card) + best


def _to_mend(found: list[Candidate]) -> Markup:
    rest = [one for one in found if not one.glad]
    if not rest or len(rest) == len(found):
        return Markup("")
    each = Markup("").join(quote(one.card) for one in rest)
    told = f"ご紹介には使わない声（{len(rest)}件）も、消さずに取ってあります"
    return Markup('<details class="kz-numbers"><summary>{}</summary>{}</details>').format(told, each)


def _no_longer(count: int, papers: tuple[Hanging, ...]) -> Markup:
    told = []
    if count:
        told.append(f"下書き{count}つに、お許しの終わった言葉が入っています。下のボタンで外せます。")
    if papers:
        told.append(
            f"貼ってある紙のうち{len(papers)}枚に、お許しの終わった言葉があります（{'・'.join(one.place for one in papers)}）。外しましょう。"
        )
    return Markup("").join(Markup('<div class="kz-finding stop"><b>お知らせ</b>{}</div>').format(one) for one in told)


def _hanging(hang: tuple[Hanging, ...], due: set[int], ready: bool) -> Markup:
    up = [one for one in hang if one.taken_down_on is None]
    if not hang:
        more = (
            "上で仕上げた声を貼ったら、どこに貼ったかをここに書きとめます。"
            if ready
            else "声の下書きを仕上げると、ここに書きとめられます。"
        )
        return empty("貼った紙は、まだありません", more)
    told = Markup("いま貼ってある紙は<b>{}枚</b>です。").format(len(up))
    return say(told + (f"そのうち{len(due)}枚は、外しましょう。" if due else ""))


def _since(one: Hanging) -> str:
    until = f"{day(one.taken_down_on)}に外しました" if one.taken_down_on else "貼っています"
    return f"{day(one.put_up_on)}から・{until}"


def _named(one: DraftView) -> str:
    said = one.groups[0][0].card if one.groups else None
    return f"{one.title or one.form.name}（{said.text[:14]}…）" if said else one.form.name


def _whole(text: str, question: str) -> int:
    value = read_number(text)
    if value is None or value != int(value):
        raise KizunaError(f"「{question}」に、「10」のような、小数のつかない数を書いてください。")
    return int(value)


def goal(page: Page, part: str = Part.FOLLOWUP) -> Target:
    """The owner's own threshold."""
    return Target(page, Part(part), "ご紹介を始める目安")


def gathered(page: Page, part: str = Part.FOLLOWUP) -> Gathered:
    """What came together."""
    return Gathered(page, Part(part), "集まった声")


def show_voices(page: Page, part: str = Part.FOLLOWUP) -> Testimonials:
    """Voices to choose, and the drafts made of them."""
    return Testimonials(page, Part(part), "声を選んで、形にする")


def hung(page: Page, part: str = Part.FOLLOWUP) -> Hung:
    """Papers on walls, and where every word comes from."""
    return Hung(page, Part(part), "貼った所と、声の出どころ")


def customer_words(page: Page, part: str = Part.FOLLOWUP) -> Words:
    """Customers' own words."""
    return Words(page, Part(part), "お客さまの言葉")
