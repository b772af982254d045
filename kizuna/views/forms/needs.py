"""The feelings behind what was heard, on the page: each with its words and what of the plan answers it; the owner has the last word."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.language.needs import words
from kizuna.process import Step
from kizuna.steps import needs as needs_
from kizuna.steps.needs import NeedView
from kizuna.views import charts
from kizuna.views import plain as widgets
from kizuna.views.opening import Opening
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import empty, html, quote, say, stack
from kizuna.workbook.reading.cell import shorten

_ASK = "どの声を読み直しますか。"


class Needs(PartForm):
    """Eight feelings in two groups; below them a place to read a single voice anew."""

    def build(self) -> None:
        self._told = html()
        self._filling = False
        self._mend = Opening(("自分の耳で聞き直す", "聞き直すのをとじる"), self._make, self._fill, self.mark)
        self.lay(self._told, self._mend)

    def refresh(self) -> None:
        found = needs_.needs(self.page.book, self.part)
        heard = any(one.cards for one in found)
        self._told.value = _told(found) if heard else self._nothing()
        self._mend.refresh()

    def paper(self, blank: bool) -> list[Block]:
        if self.page.section.step is not Step.RESEARCH:
            return []  # it stands on the page where the voices are heard
        found = needs_.needs(self.page.book, self.part)
        if blank:
            return [Block("声の奥の気持ち", words().hint, tuple(Line(one.need.title, kind="brief", unit="人") for one in found))]
        each = (Block(one.need.title, one.need.told, quotes=one.cards[:3], inner=True) for one in found if one.cards)
        return [Block("声の奥の気持ち", words().lead), *each]

    def _nothing(self) -> Markup:
        if needs_.laid(self.page.book, self.part):
            return empty(
                "気持ちを表す言葉は、見つかりませんでした",
                "よくあることです。読んで感じた気持ちを、下の「自分の耳で聞き直す」で書きとめられます。",
            )
        return empty("まだ、声の奥の気持ちは見えていません", "声を入れると、ここに並びます。")

    def _make(self) -> list[widgets.Widget]:
        self._which = widgets.Dropdown(options=[("選んでください", 0)])
        self._which.add_class("kz-middle")
        self._words = html()
        self._ticks = {one.id: widgets.Checkbox(description=one.title, indent=False) for one in words().needs}
        self._which.observe(lambda _: self.mark.guard(self._show), names="value")
        for key, tick in self._ticks.items():
            tick.observe(partial(self._ticked, key), names="value")
        ask = html(Markup('<div class="kz-q">{}</div>').format(_ASK))
        return [stack(ask, self._which, self._words, *self._ticks.values(), kind="kz-group")]

    def _fill(self) -> None:
        self._cards = {one.id: one for one in needs_.laid(self.page.book, self.part)}
        kept = self._which.value
        self._filling = True
        self._which.options = [("選んでください", 0), *((f"{one.person}：{shorten(one.text, 30)}", one.id) for one in self._cards.values())]
        self._which.value = kept if kept in self._cards else 0
        self._filling = False
        self._show()

    def _show(self) -> None:
        if self._filling:
            return
        card = self._cards.get(self._which.value)
        heard = needs_.heard_of(self.page.book, self.part).get(card.id, frozenset()) if card else frozenset()
        self._words.value = quote(card) if card else ""
        self._filling = True
        for key, tick in self._ticks.items():
            tick.value, tick.disabled = key in heard, card is None
        self._filling = False

    def _ticked(self, key: str, change: dict[str, Any]) -> None:
        if not self._filling:
            self.mark.guard(lambda: self._hear(key, change["new"]))

    def _hear(self, key: str, yes: bool) -> None:
        needs_.hear(self.page.book, self.part, self._which.value, key, yes)
        self.refresh()
        self.saved()


def _told(found: tuple[NeedView, ...]) -> Markup:
    groups = {title: [one for one in found if one.need.group == key] for key, title in words().groups.items()}
    told = say(words().lead) + Markup('<p class="kz-hint">{}</p>').format(words().hint) + charts.need_bars(groups)
    missing = [one.need.title for one in found if one.cards and not one.actions]
    if not any(one.actions for one in found):
        return told
    if not missing:
        return told + say("聞こえてきた気持ちには、どれも計画の一手があります。")
    return (
        told
        + say(Markup("計画の一手がまだない気持ち：<b>{}</b>").format("、".join(missing)))
        + Markup('<p class="kz-hint">{}</p>').format(words().unmet)
    )


def needs(page: Page) -> Needs:
    """The feelings behind what was heard."""
    return Needs(page, "声の奥の気持ち")
