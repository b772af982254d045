"""Places to answer with more than one choice: all that fit, and three in their order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from kizuna.views import plain as widgets
from kizuna.views.parts import Mark, html, row

Options = Sequence[tuple[str, str]]  # each by its label and its key
Save = Callable[[Any, Any], Any]  # what is chosen now, and what was chosen before


class Choices(widgets.VBox):
    """Some places that make up one answer, a list of keys; ``save`` is called as soon as one changes, and what it raises is told in ``mark``."""

    def __init__(self, places: Sequence[Any], children: Sequence[widgets.Widget], save: Save, mark: Mark) -> None:
        self.places = tuple(places)
        super().__init__(children)
        self.add_class("kz-field")
        self.seen: list[Any] | None = None
        self._save, self._mark, self._filling = save, mark, False
        for place in self.places:
            place.observe(lambda _: self._filling or self._mark.guard(self._commit), names="value")

    @property
    def value(self) -> list[Any] | None:
        """The keys that are chosen, or None."""
        raise NotImplementedError

    def fill(self, value: list[Any] | None) -> None:
        """Show ``value`` (from the file) without saving it again."""
        self._filling = True
        try:
            self.seen = value
            self._show(value or [])
        finally:
            self._filling = False

    def _show(self, value: list[Any]) -> None:
        raise NotImplementedError

    def _commit(self) -> None:
        before, value = self.seen, self.value
        if value == before:
            return
        self.seen = value
        try:
            self._save(value, before)
        except Exception:
            self.seen = before
            raise


class Ticks(Choices):
    """All that fit, by ticking."""

    def __init__(self, options: Options, save: Save, mark: Mark) -> None:
        self._keys = [key for _, key in options]
        ticks = [widgets.Checkbox(description=label, indent=False) for label, _ in options]
        super().__init__(ticks, ticks, save, mark)

    @property
    def value(self) -> list[str] | None:
        return [key for key, tick in zip(self._keys, self.places, strict=True) if tick.value] or None

    def _show(self, value: list[str]) -> None:
        for key, tick in zip(self._keys, self.places, strict=True):
            tick.value = key in value


class InOrder(Choices):
    """Three in their order, each from a list."""

    NAMES = ("一つ目", "二つ目", "三つ目")

    def __init__(self, options: Options, save: Save, mark: Mark) -> None:
        lists = [widgets.Dropdown(options=[("選んでください", ""), *options]) for _ in self.NAMES]
        for one in lists:
            one.add_class("kz-middle")
        asked = [row(html(f"{name}："), one) for name, one in zip(self.NAMES, lists, strict=True)]
        super().__init__(lists, asked, save, mark)

    @property
    def value(self) -> list[str | None] | None:
        chosen = [one.value or None for one in self.places]
        return chosen if any(chosen) else None

    def _show(self, value: list[str | None]) -> None:
        for one, key in zip(self.places, [*value, None, None, None], strict=False):
            one.value = key if key in [stored for _, stored in one.options] else ""
