"""STEP5 on the page: where the words hang, which papers have to come down, and the book of where every word comes from."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from markupsafe import Markup

from kizuna.process import Part
from kizuna.steps import proofs, showing
from kizuna.steps.drafts import DraftView
from kizuna.steps.erasing import to_take_down
from kizuna.steps.withdrawals import Hanging, lapsed
from kizuna.views import plain as widgets
from kizuna.views.files import Papers, printed
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, day, empty, html, row, say, stack
from kizuna.views.plain import show
from kizuna.views.showcase import proof_html

_ENDED = "お許しが終わった言葉がのっています。"
_ERASED = "記録を消した方の言葉がのっています。"


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
        sheet = printed("proof", "声の出どころ帳を印刷する", "声の出どころ帳", lambda: self._proof(book, part))
        self.lay(self._told, self._put, self._list, Papers([sheet], self.mark))

    def refresh(self) -> None:
        book = self.page.book
        ready = [one for one, why in showing.may_go_out(book, self.part) if not why]
        chosen = self._which.value
        options = [(f"{number}. {_named(one)}", one.id) for number, one in enumerate(ready, start=1)] or [("", 0)]
        if tuple(self._which.options) != tuple(options):
            self._which.options = options
            self._which.value = chosen if chosen in {value for _, value in options} else options[0][1]
        show(self._put, ready)
        hang = proofs.papers(book, part=self.part)
        ended = {one.id for one in lapsed(book, part=self.part).papers}
        erased = to_take_down(book) & {one.id for one in hang}
        due = dict.fromkeys(ended, _ENDED) | dict.fromkeys(erased, _ERASED)
        self._told.value = _hanging(hang, due, bool(ready))
        self._list.children = [self._line(one, due.get(one.id, "")) for one in hang]

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            lines = [
                one
                for _ in range(3)
                for one in (Line("貼った所"), Line("貼った日", kind="brief", follows=True), Line("外した日", kind="brief", follows=True))
            ]
            return [Block("貼った所の控え", lines=tuple(lines))]
        hang = proofs.papers(self.page.book, part=self.part)
        lines = [Line(one.place, value=_since(one)) for one in hang]
        return [Block("貼った所の控え", "" if hang else "貼った紙は、まだありません。", tuple(lines))]

    def _line(self, one: Hanging, due: str) -> widgets.Widget:
        told = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}・{}</div>').format(one.place, one.form, _since(one))
        warn = Markup('<div class="kz-finding stop"><b>外しましょう</b>{}</div>').format(due) if due else ""
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

    def _proof(self, page: Page, part: Part) -> str:
        self.mark.clear()
        return proof_html(page.book, part)


def _hanging(hang: tuple[Hanging, ...], due: Collection[int], ready: bool) -> Markup:
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


def hung(page: Page) -> Hung:
    """Papers on walls, and where every word comes from."""
    return Hung(page, "貼った所と、声の出どころ")
