"""Choosing the words that something rests on: the cards that lie beside it, each with its tick."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.steps.cards import Card
from kizuna.views import plain as widgets
from kizuna.views.parts import Mark, button, html, quote, stack
from kizuna.views.plain import show

_FIRST, _AT_ONCE = 4, 20  # quotes shown at first, and more at each click: hundreds of widgets at once are slow


class Chooser(widgets.VBox):
    """Quotes with a tick each, a few at first; ``tie`` is called with a quote's id and whether it is ticked now."""

    def __init__(self, question: str, hint: str, tie: Callable[[int, bool], object], mark: Mark) -> None:
        self._tie, self._mark = tie, mark
        self._ticks: dict[int, widgets.Checkbox] = {}
        self._cards: list[Card] = []
        self._lines: list[widgets.Widget] = []
        self._shown, self._chosen, self._filling = _FIRST, set[int](), False
        self._list = stack(kind="kz-list")
        self._more = button("", self._show_more, mark, "kz-quiet")
        told = Markup('<div class="kz-q">{}</div><div class="kz-hint">{}</div>').format(question, hint)
        super().__init__([html(told), self._list, self._more])
        self.add_class("kz-field")

    def show(self, chosen: Iterable[Card], others: Iterable[Card]) -> None:
        """Show the words that are chosen, then the others; once shown, a card keeps its place."""
        chosen = tuple(chosen)
        known = {card.id for card in self._cards}
        fresh = [card for card in (*chosen, *others) if card.id not in known]
        self._chosen = {card.id for card in chosen}
        self._cards += {card.id: card for card in fresh}.values()
        self._deal()
        self._filling = True
        for quote_id, tick in self._ticks.items():
            tick.value = quote_id in self._chosen
        self._filling = False

    def _deal(self) -> None:
        """Lay out as many cards as are to be shown now; those that lie there already stay as they are."""
        for card in self._cards[len(self._lines) : self._shown]:
            tick = widgets.Checkbox(value=card.id in self._chosen, description="根拠にする", indent=False)
            tick.observe(partial(self._ticked, card.id), names="value")
            self._ticks[card.id] = tick
            self._lines.append(stack(html(quote(card)), tick, kind="kz-card"))
        if len(self._list.children) != len(self._lines):
            self._list.children = self._lines
        hidden = [card.id for card in self._cards[self._shown :]]
        among = len([quote_id for quote_id in hidden if quote_id in self._chosen])
        self._more.description = f"あと{len(hidden)}件の声を見る" + (f"（うち{among}件も根拠です）" if among else "")
        show(self._more, hidden)

    def _show_more(self) -> None:
        self._shown += _AT_ONCE
        self._deal()

    def _ticked(self, quote_id: int, change: dict[str, Any]) -> None:
        if not self._filling:
            self._mark.guard(lambda: self._tie(quote_id, change["new"]))
