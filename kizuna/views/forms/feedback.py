"""STEP4 on the page: what came back, and how each sentence of it is read."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kizuna.finding import Finding
from kizuna.process import Part
from kizuna.steps import asking, feedback
from kizuna.steps.feedback import Kind, Passage
from kizuna.views import charts
from kizuna.views import plain as widgets
from kizuna.views.grid import Column, Grid
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, empty, findings, html, quotes, say, stack
from kizuna.views.plain import show
from kizuna.workbook.reading.cell import shorten

_FIRST, _AT_ONCE = 12, 40  # sentences in the table at first, and more at each click
_BY_MACHINE, _YES, _NO = "auto", "yes", "no"  # the values of a select: how a sentence is read, and whether it is about the product


class Heard(PartForm):
    """What came back: how many of how many, what is about the product itself, the kinds by person, and who was only polite."""

    def build(self) -> None:
        self._shown: object = None
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found = feedback.feedback(self.page.book, self.part)
        rows = asking.asked(self.page.book, self.part)
        if (found, rows) != self._shown:
            self._shown = (found, rows)
            self._told.value = _overview(found, rows, self.part)

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return []
        found = feedback.feedback(self.page.book, self.part)
        rows = asking.asked(self.page.book, self.part)
        lines = [Line(name, kind="brief", value=f"{feedback.heard_from(said)}人") for name, said in _kinds(found)]
        return [Block("聞こえてきた感想", "".join(asking.in_short(found, rows)), tuple(lines))]


class Readings(PartForm):
    """Sentence by sentence: how it is read; the owner's reading stands over the machine's."""

    def build(self) -> None:
        self._limit, self._filling = _FIRST, False
        labels = feedback.texts().labels
        kinds = (("そのまま", _BY_MACHINE), *((labels[kind], str(kind)) for kind in Kind))
        product = (("自動", _BY_MACHINE), ("はい", _YES), ("いいえ", _NO))
        columns = (
            Column("text", "言葉", read_only=True),
            Column("who", "話した方", read_only=True, width="104px"),
            Column("read", "いまの読み方", read_only=True, width="104px"),
            Column("kind", "直すなら", "select", kinds, width="128px"),
            Column("product", "商品の話", "select", product, width="92px"),
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
            show(part, found.passages)
        self._told.value = (
            say(
                "一文ずつ、何の話として数えたかです。ちがうと思ったら直してください。「そのまま」と「自動」は、機械の読み方のままということです。お客さまの言葉は、変わりません。"
            )
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
        show(self._more, len(shown) > self._limit)

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
        "who": shorten(one.card.person),
        "read": read,
        "kind": kind or _BY_MACHINE,
        "product": _BY_MACHINE if product is None else (_YES if product else _NO),
    }


def _kinds(found: feedback.Feedback) -> list[tuple[str, tuple[Passage, ...]]]:
    labels = feedback.texts().labels
    named = [(labels[kind], found.of(kind)) for kind in (Kind.PRAISE, Kind.COMPLAINT, Kind.REQUEST)]
    return [*named, ("商品やサービスそのものの話", found.product), (f"{labels[Kind.POLITE_ONLY]}だけの方", found.polite)]


def _overview(found: feedback.Feedback, rows: tuple[asking.Asked, ...], part: Part) -> Markup:
    if not found.people:
        first, *rest = asking.in_short(found, rows)
        return empty(first, "".join(rest) or "上の「感想を入れる」から、ひとことでも入れてみてください。")
    numbers = Markup("感想をくださった方は<b>{}人</b>です。").format(found.people)
    asked = asking.asked_people(rows)
    of = Markup("お願いした方は<b>{}人</b>、").format(asked) if asked else Markup("")
    lines = [say(of + numbers), *(say(one) for one in asking.in_short(found, rows))]
    if found.product:
        count = feedback.heard_from(found.product)
        told = Markup("商品やサービスそのものの話が、<b>{}人</b>から聞こえました。{}")
        lines += [say(told.format(count, feedback.texts().apart[part])), quotes(feedback.cards_of(found.product), 3)]
    bars = [(name, feedback.cards_of(said)) for name, said in _kinds(found) if said]
    if bars:
        lines.append(charts.kind_bars(bars))
        lines.append(
            Markup(
                '<div class="kz-hint">一文ずつ読んで数えています。よかったことも気になったことも話された方は、両方に入ります。'
                "ですから、足しても感想をくださった人数とは合いません。商品やサービスそのものの話は、「{}」には入れていません。</div>"
            ).format(feedback.texts().labels[Kind.COMPLAINT])
        )
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


def feedback_heard(page: Page) -> Heard:
    """What came back, by kinds and people."""
    return Heard(page, "聞こえてきた感想")


def feedback_readings(page: Page) -> Readings:
    """How each sentence is read."""
    return Readings(page, "一文ずつ確かめる")
