"""What is made only when somebody opens it: a button, and below it what it opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kizuna.views import plain as widgets
from kizuna.views.parts import Mark, button, row


class Opening(widgets.VBox):
    """A button that shows what ``make`` gives, and takes it away when it is pressed again; what it shows is made at the first press.

    ``labels`` are the button's words while it is closed, and while it is open; ``lead`` stands before the button;
    ``fill`` lets what is shown hold what the file holds now.
    """

    def __init__(
        self,
        labels: tuple[str, str],
        make: Callable[[], Sequence[widgets.Widget]],
        fill: Callable[[], object],
        mark: Mark,
        kind: str = "kz-quiet",
        lead: widgets.Widget | None = None,
    ) -> None:
        self._labels, self._make, self._fill = labels, make, fill
        self._inside: tuple[widgets.Widget, ...] = ()
        self._button = button(labels[0], self.turn, mark, kind)
        self._top = row(*([lead] if lead else []), self._button)
        super().__init__([self._top])
        self.add_class("kz-field")

    @property
    def is_open(self) -> bool:
        """Whether it shows something now."""
        return len(self.children) > 1

    def turn(self) -> None:
        """Open it, or close it."""
        if self.is_open:
            self.children = [self._top]
        else:
            self._inside = self._inside or tuple(self._make())
            self._fill()
            self.children = [self._top, *self._inside]
        self._button.description = self._labels[self.is_open]

    def rename(self, closed: str) -> None:
        """Let the button say ``closed`` while it is closed."""
        self._labels = (closed, self._labels[1])
        self._button.description = self._labels[self.is_open]

    def refresh(self) -> None:
        """Let what is shown hold what the file holds now."""
        if self.is_open:
            self._fill()
