"""The card board (親和図): voices as cards, themes as boxes; the page moves them at once, the workbook decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import anywidget
import traitlets

from kizuna.steps.cards import Card
from kizuna.steps.themes import NAMELESS, ThemeView
from kizuna.views.acts import Answered, script
from kizuna.views.parts import fold

_LONG = 90  # code points of a card's words shown at once: a card is read at a glance


class Board(anywidget.AnyWidget):
    """Cards in boxes. ``act`` gets what the person did; ``show`` and ``answer`` say how it stands in the file now.

    The browser numbers its acts, draws each one at once, and forgets it when ``done`` reaches its number: what it shows
    then is the file's state again, whatever became of the act.
    """

    _esm = script("dom.js", "board.js")
    voices: Any = traitlets.Dict().tag(sync=True)
    arrangement: Any = traitlets.Dict().tag(sync=True)

    def __init__(self, act: Callable[[dict[str, Any]], Any]) -> None:
        super().__init__(voices={}, arrangement=_arrangement([], (), (), ""))
        self._answered = Answered()
        self.born: dict[str, int] = {}

        def received(_: Any, content: Any, __: Any) -> None:
            if isinstance(content, dict):
                act(content)

        self.on_msg(received)

    def show(self, boxes: Iterable[ThemeView], loose: Sequence[Card], aside: Sequence[Card], story: str) -> None:
        """Show this; only what has changed goes to the browser."""
        boxes = list(boxes)
        everything = [*(one for box in boxes for one in box.cards), *loose, *aside]
        self.voices = {str(one.id): _voice(one) for one in sorted(everything, key=lambda one: one.id)}
        self.arrangement = _arrangement(boxes, loose, aside, story) | {"done": self._answered.upto, "born": {**self.born}}

    def done(self, content: dict[str, Any], well: bool) -> None:
        """From the next ``show`` on, this act is no longer on its way; one that failed is told, so that written words are kept."""
        if self._answered.note(content) and not well:
            self.send({"kind": "failed", "from": content["from"], "seq": content["seq"]})

    def suggested(self, card: int, themes: Sequence[int]) -> None:
        """Offer these boxes for a card."""
        self.send({"kind": "suggested", "card": card, "themes": list(themes)})


def beside(work: Callable[[], Any], then: Callable[[Any], None]) -> None:
    """Run ``work`` beside the kernel's other work, so that nobody waits for it, and hand on what comes of it."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:  # no kernel around us
        then(work())
        return

    def finished(future: asyncio.Future[Any]) -> None:
        if not future.cancelled() and future.exception() is None:
            then(future.result())

    loop.run_in_executor(None, work).add_done_callback(finished)


def _voice(card: Card) -> dict[str, Any]:
    first, rest = fold(card.text, _LONG)
    when = f"・{card.heard_on.month}月{card.heard_on.day}日" if card.heard_on else ""
    return {"first": first, "rest": rest, "long": len(card.text), "who": f"{card.person}{when}", "by": card.person_id, "from": card.source}


def _arrangement(boxes: Sequence[ThemeView], loose: Sequence[Card], aside: Sequence[Card], story: str) -> dict[str, Any]:
    return {
        "boxes": [_box(one) for one in boxes],
        "loose": [one.id for one in loose],
        "aside": [one.id for one in aside],
        "story": story,
        "done": {},
        "born": {},
    }


def _box(view: ThemeView) -> dict[str, Any]:
    name = "" if view.name == NAMELESS else view.name
    return {"id": view.id, "name": name, "draft": view.drafted, "note": view.note, "cards": [one.id for one in view.cards]}
