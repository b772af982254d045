"""STEP3 on the page: 「お互いの約束」, what the shop does and what it asks of people."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from kizuna.steps import offer as offers_
from kizuna.steps import plan as plans
from kizuna.views import plain as widgets
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, day, empty, html, row, stack


class Promises(PartForm):
    """「お互いの約束」: what the shop does and what it asked for, by when, and whether it is done."""

    def build(self) -> None:
        self._list = stack(kind="kz-list")
        self.lay(self._list)

    def refresh(self) -> None:
        found = offers_.promises(self.page.book, self.part)
        self._list.children = [self._line(one) for one in found] or [
            html(empty("約束は、まだありません", "一手を計画に入れると、店がすることと、お願いしたことが、ここに並びます。"))
        ]

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            lines = [one for _ in range(3) for one in (Line("店がすること・いつまでに"), Line("お客さまにお願いすること", follows=True))]
        else:
            lines = [Line(one.ours, value="・".join(_promised(one))) for one in offers_.promises(self.page.book, self.part)]
        return [Block("お互いの約束", lines=tuple(lines))]

    def _line(self, one: offers_.Promise) -> widgets.Widget:
        lines = Markup("").join(Markup("<div class='kz-hint'>{}</div>").format(told) for told in _promised(one))
        label = "「できた」を取り消す" if one.done_on else "できました"
        done = button(label, partial(self._done, one), self.mark, "kz-quiet" if one.done_on else "")
        return stack(html(Markup("<b>{}</b>{}").format(one.ours, lines)), row(done), kind="kz-column")

    def _done(self, one: offers_.Promise) -> None:
        plans.done(self.page.book, one.action_id, one.done_on is None)
        self.refresh()
        self.saved()


def _promised(one: offers_.Promise) -> tuple[str, str]:
    """What the shop does and what it asked for, each with how far it has come."""
    by = f"店は：{day(one.by)}まで" if one.by else "店は：日にちはこれから"
    done = f"{day(one.done_on)}にできました" if one.done_on else "まだです"
    asked = f"お客さまには：{one.theirs}（{one.asked}人にお願い・{one.used}人が使いました）"
    return f"{by}・{done}", asked if one.asked else "お客さまへのお願いは、これから"


def promises(page: Page) -> Promises:
    """「お互いの約束」."""
    return Promises(page, "お互いの約束")
