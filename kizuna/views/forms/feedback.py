"""STEP4 on the page: the feedback form and the request, of whom it was asked, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.rules import Facts, check_facts
from kizuna.process import Part
from kizuna.steps import drafts, feedback, research
from kizuna.steps.feedback import Kind, Passage
from kizuna.views import charts
from kizuna.views.fields import read_number
from kizuna.views.files import Paper, Papers
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.grid import Column, Grid
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, day, empty, findings, html, quotes, row, say, stack
from kizuna.views.sheets import feedback_html

_WHO, _HOW_MANY, _WHEN = "どなたにお願いしましたか。", "お名前を控えずにお願いした人数", "いつお願いしましたか。"
_FIRST, _AT_ONCE = 12, 40  # sentences in the table at first, and more at each click
_BY_MACHINE, _YES, _NO = "auto", "yes", "no"  # the values of a select: how a sentence is read, and whether it is about the product


class Kit(PartForm):
    """The feedback form: what it asks, to print, and to paste into a form service."""

    def build(self) -> None:
        self._list = html()
        book, part = self.page, self.part
        sheets = [
            Paper("sheet", "感想の用紙を印刷する", "感想の用紙.html", "text/html", lambda: self._print(book, part), open=True),
            Paper(
                "copy", "質問の文を写す（LINEなどに貼りつけて使えます）", "感想の質問.txt", "text/plain",
                lambda: feedback.form_text(book.book, part).encode("utf-8"), copy=True,
            ),
        ]  # fmt: skip
        self.lay(self._list, Papers(sheets, self.mark))

    def refresh(self) -> None:
        asked = Markup("").join(
            Markup("<li><b>{}. {}</b><div class='kz-hint'>{}</div></li>").format(number, one.text, one.why)
            for number, one in enumerate(feedback.questions(self.part), start=1)
        )
        words, purpose = feedback.texts(), feedback.purpose(self.page.book)
        told = Markup('<div class="kz-hint">用紙には、この一文が入ります：{}</div>').format(purpose) if purpose else Markup("")
        missing = findings(check_facts(Facts(purpose_stated=False))) if not purpose else Markup("")
        self._list.value = (
            say(words.lead) + Markup('<ul class="kz-questions">{}</ul>').format(asked) + told + missing
            + Markup('<div class="kz-hint">{}</div>').format(words.photo)
        )  # fmt: skip

    def _print(self, page: Page, part: Part) -> bytes:
        self.mark.clear()
        return feedback_html(page.book, part).encode("utf-8", "replace")


class Message(PartForm):
    """The words with which feedback is asked for: drafts of the kind ``request``."""

    def build(self) -> None:
        self._form = widgets.Dropdown(options=[(one.name, one.key) for one in drafts.forms(drafts.Kind.REQUEST)])
        self._form.add_class("kz-middle")
        begin = button("お願いの文を下書きする", self._begin, self.mark, "kz-main")
        self._drafts = DraftList(self, Care(feedback.check_request))
        self.lay(stack(html(Markup('<div class="kz-q">何でお願いしますか。</div>')), row(self._form, begin)), self._drafts)

    def refresh(self) -> None:
        self._drafts.show(drafts.drafts(self.page.book, self.part, drafts.Kind.REQUEST))

    def paper(self, blank: bool) -> list[Block]:
        words = drafts.texts().kinds[drafts.Kind.REQUEST]
        if blank:
            return [Block(words.name, lines=tuple(Line(role.label, kind="long") for role in words.roles))]
        written = drafts.drafts(self.page.book, self.part, drafts.Kind.REQUEST)
        return [
            Block(words.name, one.form.name, tuple(Line(role.label, value=text) for role, text, _ in one.paragraphs())) for one in written
        ]

    def _begin(self) -> None:
        words = feedback.request_words(self.page.book)
        one = drafts.begin(self.page.book, self.part, drafts.Kind.REQUEST, self._form.value, words=words)
        self._drafts.show(drafts.drafts(self.page.book, self.part, drafts.Kind.REQUEST), unfold=one)
        self.refresh()
        self.saved("下書きを作りました。ご自分の言葉に直してください")


class Asked(PartForm):
    """Of whom feedback was asked for: by name, or so many sheets handed out; the number against which answers are read."""

    def build(self) -> None:
        self._told = html()
        self._who = widgets.Combobox(placeholder="例：ミナトさん", ensure_option=False)
        self._who.add_class("kz-middle")
        self._count = widgets.Text(placeholder="例：12")
        self._count.add_class("kz-narrow")
        self._day = widgets.DatePicker(value=date.today())
        self._day.add_class("kz-narrow")
        self._columns = (
            Column("who", "お願いした方", read_only=True),
            Column("count", "人数", "number", read_only=True, width="90px", unit="人"),
            Column("asked_on", "お願いした日", "date", read_only=True, width="170px"),
        )
        self._grid = Grid(self._columns, lambda *_: None, self.mark, remove=self._remove)
        self._wishers = button("", self._ask_wishers, self.mark)
        self.lay(
            self._told,
            stack(html(Markup('<div class="kz-q">{}</div>').format(_WHO)), self._who),
            stack(
                html(
                    Markup('<div class="kz-q">{}</div><div class="kz-hint">用紙を置いた・配ったときは、その枚数を書きます。</div>').format(
                        _HOW_MANY
                    )
                ),
                row(self._count, html("人")),
            ),
            stack(html(Markup('<div class="kz-q">{}</div>').format(_WHEN)), self._day),
            row(button("お願いしたことを書く", self._add, self.mark, "kz-main"), self._wishers),
            self._grid,
        )

    def refresh(self) -> None:
        book = self.page.book
        rows = feedback.asked(book, self.part)
        self._who.options = research.known_names(book)
        waiting = len(feedback.to_ask(book, self.part))
        self._wishers.description = f"使ってくださった方と、一手を望んだ方みんなにお願いした（{waiting}人）"
        self._wishers.layout.display = "" if waiting else "none"
        self._grid.layout.display = "" if rows else "none"
        self._grid.show([(one.id, {"who": one.who, "count": one.count, "asked_on": one.asked_on}) for one in rows])
        number = feedback.asked_people(rows)
        self._told.value = (
            say(Markup("いままでに<b>{}人</b>にお願いしました。").format(number)) + findings(feedback.check_asked(book, self.part))
            if rows
            else empty(
                "まだ、どなたにもお願いしていません",
                "喜んでくださりそうな方だけでなく、同じお願いをみなさんに。お願いした数も、ここに書いておきます。",
            )
        )

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return [
                Block("お願いした方", lines=(Line(_WHO, kind="long"), Line(_HOW_MANY, kind="brief", unit="人"), Line(_WHEN, kind="brief")))
            ]
        rows = feedback.asked(self.page.book, self.part)
        lines = tuple(Line(one.who, kind="brief", value=f"{one.count}人・{day(one.asked_on)}") for one in rows)
        return [Block("お願いした方", f"ぜんぶで{feedback.asked_people(rows)}人です。", lines)] if rows else []

    def _add(self) -> None:
        name, count = self._who.value.strip(), read_number(self._count.value)
        if not name and not count:
            raise KizunaError("お願いした方のお名前か、人数を書いてください。")
        if count is not None and (count != int(count) or not 0 <= count < 100_000):
            raise KizunaError("人数は、0以上の切りのよい数で書いてください。")
        ids = [self._person(name)] if name else []
        self._note(ids, int(count or 0))
        self._who.value = self._count.value = ""

    def _ask_wishers(self) -> None:
        self._note(feedback.to_ask(self.page.book, self.part), 0)

    def _note(self, ids: Sequence[int], count: int) -> None:
        fresh = feedback.ask(self.page.book, self.part, self._day.value or date.today(), ids, count)
        self.refresh()
        if fresh:
            self.saved(f"お願いした{fresh}人を書きました")
        else:
            self.mark.tell("この日にお願いした方として、もう入っています。新しく加えたものはありません。")

    def _person(self, name: str) -> int:
        found = research.find_person(self.page.book, name)
        if found is None:
            raise KizunaError(
                f"「{name}」という方は、まだ仕事ノートにいらっしゃいません。お名前を一覧から選ぶか、人数のほうに「1」と書いてください。"
            )
        return found

    def _remove(self, request_id: int) -> None:
        feedback.unask(self.page.book, request_id)
        self.refresh()
        self.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


class Heard(PartForm):
    """What came back: how many of how many, what is about the product itself, the kinds by person, and who was only polite."""

    def build(self) -> None:
        self._shown: object = None
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found = feedback.feedback(self.page.book, self.part)
        rows = feedback.asked(self.page.book, self.part)
        if (found, rows) != self._shown:
            self._shown = (found, rows)
            self._told.value = _overview(found, rows)

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return []
        found = feedback.feedback(self.page.book, self.part)
        rows = feedback.asked(self.page.book, self.part)
        lines = [Line(name, kind="brief", value=f"{feedback.heard_from(said)}人") for name, said in _kinds(found)]
        return [Block("聞こえてきた感想", "".join(feedback.in_short(found, rows)), tuple(lines))]


class Readings(PartForm):
    """Sentence by sentence: how it is read; the owner's reading stands over the machine's."""

    def build(self) -> None:
        self._limit, self._filling = _FIRST, False
        labels = feedback.texts().labels
        kinds = (("そのまま", _BY_MACHINE), *((labels[kind], str(kind)) for kind in Kind))
        product = (("そのまま", _BY_MACHINE), ("はい", _YES), ("いいえ", _NO))
        columns = (
            Column("text", "言葉", read_only=True),
            Column("who", "話した方", read_only=True, width="104px"),
            Column("read", "いまの読み方", read_only=True, width="112px"),
            Column("kind", "直すなら", "select", kinds, width="150px"),
            Column("product", "商品の話", "select", product, width="112px"),
        )
        self._told = html()
        self._which = widgets.Dropdown(options=[("", "")])
        self._which.add_class("kz-middle")
        self._which.observe(lambda _: self._chosen(), names="value")
        self._choice = stack(html(Markup('<div class="kz-q">どれを見ますか。</div>')), self._which)
        self._grid = Grid(columns, self._edit, self.mark)
        self._more = button("", self._show_more, self.mark, "kz-quiet")
        self.lay(self._told, self._choice, self._grid, self._more)

    def refresh(self) -> None:
        found = feedback.feedback(self.page.book, self.part)
        for part in (self._choice, self._grid):
            part.layout.display = "" if found.passages else "none"
        self._told.value = (
            say("一文ずつ、何の話として数えたかです。ちがうと思ったら直してください。お客さまの言葉は、変わりません。")
            if found.passages
            else empty("まだ読む感想がありません", "感想を入れると、ここに一文ずつ並びます。")
        )
        self._filling = True
        sorts = _sorts(found)
        before = self._which.value
        self._which.options = [(f"{name}（{len(said)}文）", key) for key, name, said in sorts]
        self._which.value = before if before in [key for key, *_ in sorts] else ""
        self._filling = False
        shown = next(said for key, _, said in sorts if key == self._which.value)
        marks = feedback.marks(self.page.book, self.part)
        self._grid.show([(one.id, _row(one, marks.get(one.id))) for one in shown[: self._limit]])
        self._more.description = f"つづきを見る（あと{len(shown) - self._limit}文）"
        self._more.layout.display = "" if len(shown) > self._limit else "none"

    def _chosen(self) -> None:
        if not self._filling:
            self._limit = _FIRST
            self.mark.guard(self.refresh)

    def _show_more(self) -> None:
        self._limit += _AT_ONCE
        self.refresh()

    def _edit(self, row: int, key: str, value: Any, _seen: Any) -> None:
        new = None if value == _BY_MACHINE else (value == _YES if key == "product" else Kind(value))
        try:
            feedback.mark(self.page.book, self.part, row, **{key: new})
        finally:
            self.refresh()
        self.saved("読み方を保存しました")


def _sorts(found: feedback.Feedback) -> list[tuple[str, str, tuple[Passage, ...]]]:
    """What can be chosen to look at: all, one kind, what is about the product, what the owner read herself."""
    labels = feedback.texts().labels
    kinds = [(str(kind), labels[kind], tuple(one for one in found.passages if kind in one.kinds)) for kind in Kind]
    rest = [
        ("product", "商品やサービスそのものの話", found.product),
        ("mine", "自分で直したもの", tuple(one for one in found.passages if one.marked)),
    ]
    return [("", "すべて", found.passages), *(one for one in (*kinds, *rest) if one[2])]


def _row(one: Passage, own: tuple[str | None, bool | None] | None) -> dict[str, Any]:
    labels = feedback.texts().labels
    kind, product = own or (None, None)
    read = "・".join(labels[kind] for kind in one.kinds) + ("（商品）" if one.product else "")
    return {
        "text": one.text,
        "who": one.card.person,
        "read": read,
        "kind": kind or _BY_MACHINE,
        "product": _BY_MACHINE if product is None else (_YES if product else _NO),
    }


def _kinds(found: feedback.Feedback) -> list[tuple[str, tuple[Passage, ...]]]:
    labels = feedback.texts().labels
    named = [(labels[kind], found.of(kind)) for kind in (Kind.PRAISE, Kind.COMPLAINT, Kind.REQUEST)]
    return [*named, ("商品やサービスそのものの話", found.product), (f"{labels[Kind.POLITE_ONLY]}だけの方", found.polite)]


def _overview(found: feedback.Feedback, rows: tuple[feedback.Asked, ...]) -> Markup:
    if not found.people:
        first, *rest = feedback.in_short(found, rows)
        return empty(first, "".join(rest) or "上の「感想を入れる」から、ひとことでも入れてみてください。")
    numbers = Markup("感想をくださった方は<b>{}人</b>です。").format(found.people)
    asked = feedback.asked_people(rows)
    of = Markup("お願いした方は<b>{}人</b>、").format(asked) if asked else Markup("")
    lines = [say(of + numbers), *(say(one) for one in feedback.in_short(found, rows))]
    if found.product:
        count = feedback.heard_from(found.product)
        told = Markup("商品やサービスそのものの話が、<b>{}人</b>から聞こえました。おつきあいの工夫より先に、ここを直すのが近道です。")
        lines += [say(told.format(count)), quotes(feedback.cards_of(found.product), 3)]
    bars = [(name, feedback.cards_of(said)) for name, said in _kinds(found) if said]
    if bars:
        lines.append(charts.kind_bars(bars))
    if found.polite:
        lines.append(_polite(found))
    for one, said in feedback.minded(found):
        mind = Finding(one.id, one.category, one.strength, f"{feedback.heard_from(said)}人の言葉について：{one.message}")
        lines.append(findings([mind]))
    if found.nothing:
        lines.append(
            Markup('<div class="kz-hint">とくにない、という答えが{}件ありました。声として残してあります。</div>').format(found.nothing)
        )
    return Markup("").join(lines)


def _polite(found: feedback.Feedback) -> Markup:
    count = feedback.heard_from(found.polite)
    asks = Markup("").join(Markup("<li>{}</li>").format(one) for one in feedback.texts().polite)
    told = Markup(
        '<div class="kz-finding advice"><b>社交辞令かも</b>ていねいなごあいさつだけの方が{}人いらっしゃいます。うれしい言葉ですが、何を続けるとよいかは、まだ分かりません。'
        "次に会ったら、もう一つだけ聞いてみましょう。<ul>{}</ul></div>"
    )
    return told.format(count, asks) + quotes(feedback.cards_of(found.polite), 2)


def feedback_kit(page: Page, part: str = Part.FOLLOWUP) -> Kit:
    """The feedback form on ``page``."""
    return Kit(page, Part(part), "感想の用紙")


def feedback_message(page: Page, part: str = Part.FOLLOWUP) -> Message:
    """The request for feedback in words."""
    return Message(page, Part(part), "お願いの文")


def feedback_asked(page: Page, part: str = Part.FOLLOWUP) -> Asked:
    """Of whom feedback was asked for."""
    return Asked(page, Part(part), "お願いした方")


def feedback_heard(page: Page, part: str = Part.FOLLOWUP) -> Heard:
    """What came back, by kinds and people."""
    return Heard(page, Part(part), "聞こえてきた感想")


def feedback_readings(page: Page, part: str = Part.FOLLOWUP) -> Readings:
    """How each sentence is read."""
    return Readings(page, Part(part), "一文ずつ確かめる")
