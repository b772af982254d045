"""What the widgets that act share: how their scripts are put together, and up to which act each page has its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_PAGES = 8  # so many views of one widget are remembered (JupyterLab may show a form twice)


def script(*names: str) -> str:
    """These files of ``widgets/``, one behind the other, as one module."""
    folder = Path(__file__).parent / "widgets"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


class Answered:
    """The number of the last act that each page has an answer to; ``upto`` is what the browser is told."""

    def __init__(self) -> None:
        self.upto: dict[str, int] = {}

    def note(self, content: dict[str, Any]) -> bool:
        """Remember that this act is answered; False where the message does not say whose act it is."""
        page, number = content.get("from"), content.get("seq")
        if not isinstance(page, str) or not isinstance(number, int) or len(page) > 40:
            return False
        self.upto = {**{name: seq for name, seq in self.upto.items() if name != page}, page: number}
        while len(self.upto) > _PAGES:
            del self.upto[next(iter(self.upto))]
        return True
