"""Places to answer with more than one choice: all that fit, and three in their order."""

from __future__ import annotations

from collections.abc import Sequence

from kizuna.views import plain as widgets
from kizuna.views.fields import Save, Saving
from kizuna.views.parts import Mark, html, row

Options = Sequence[tuple[str, str]]  # each by its label and its key


class Ticks(Saving):
    """All that fit, by ticking."""

    def __init__(self, options: Options, save: Save, mark: Mark) -> None:
        self._keys = [key for _, key in options]
        ticks = [widgets.Checkbox(description=label, indent=False) for label, _ in options]
        super().__init__(ticks, ticks, save, mark)

    @property
    def value(self) -> list[str] | None:
        return [key for key, tick in zip(self._keys, self.places, strict=True) if tick.value] or None

    def _show(self, value: list[str] | None) -> None:
        for key, tick in zip(self._keys, self.places, strict=True):
            tick.value = key in (value or [])


class InOrder(Saving):
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

    def _show(self, value: list[str | None] | None) -> None:
        for one, key in zip(self.places, [*(value or []), None, None, None], strict=False):
            one.value = key if key in [stored for _, stored in one.options] else ""
