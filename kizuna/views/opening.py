"""What is made only when somebody opens it: a button, and below it what it opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets as widgets

from kizuna.views.parts import Mark, button, row


class Opening(widgets.VBox):
    """A button that shows what ``make`` gives, and takes it away when it is pressed again; what it shows is made at the first press.

    ``fill`` lets what is shown hold what the file holds now; who owns the opening calls it only while it is open.
    """

    def __init__(
        self,
        label: str,
        close: str,
        make: Callable[[], Sequence[widgets.Widget]],
        fill: Callable[[], object],
        mark: Mark,
        kind: str = "kz-quiet",
    ) -> None:
        self._label, self._close, self._make, self._fill = label, close, make, fill
        self._inside: tuple[widgets.Widget, ...] = ()
        self._button = button(label, self.turn, mark, kind)
        self._top = row(self._button)
        super().__init__([self._top])
        self.add_class("kz-field")

    @property
    def open(self) -> bool:
        """Whether it shows something now."""
        return len(self.children) > 1

    def turn(self) -> None:
        """Open it, or close it."""
        if self.open:
            self.children = [self._top]
        else:
            self._inside = self._inside or tuple(self._make())
            self._fill()
            self.children = [self._top, *self._inside]
        self._button.description = self._close if self.open else self._label
