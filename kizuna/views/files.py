"""Files in and out of a page: choosing one, and handing out sheets to print or to keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from kizuna.views.parts import Mark

_JS = Path(__file__).parent / "widgets"
MOST = 8 * 1024 * 1024  # bytes; a web socket carries at most 10 MB in one message


class FilePick(anywidget.AnyWidget):
    """A place to choose or drop one file; ``take`` gets its name and bytes."""

    _esm = (_JS / "file_pick.js").read_text(encoding="utf-8")
    label = traitlets.Unicode("ファイルを選ぶ").tag(sync=True)
    hint = traitlets.Unicode("").tag(sync=True)
    accept = traitlets.Unicode("").tag(sync=True)
    most = traitlets.Int(MOST).tag(sync=True)

    def __init__(self, take: Callable[[str, bytes], Any], mark: Mark, **traits: Any) -> None:
        super().__init__(**traits)
        self._usual = self.hint

        def received(_: Any, content: Any, buffers: Sequence[Any]) -> None:
            if not isinstance(content, dict):
                return
            name = Path(str(content.get("name", "")).replace("\\", "/")).name
            mark.guard(lambda: take(name, bytes(buffers[0]) if buffers else b""))
            self.hint = ""
            self.hint = self._usual

        self.on_msg(received)


@dataclass(frozen=True)
class Paper:
    """One sheet a page hands out: ``make`` gives its bytes when it is asked for.

    ``open`` shows it in a new tab instead of saving it, ``copy`` puts its text where it can be pasted from.
    """

    key: str
    label: str
    name: str
    type: str
    make: Callable[[], bytes]
    open: bool = False
    copy: bool = False


def printed(key: str, label: str, name: str, make: Callable[[], str]) -> Paper:
    """A sheet to print: the HTML that ``make`` gives, in a new tab, called ``name`` where it is saved from there."""
    return Paper(key, label, f"{name}.html", "text/html", lambda: make().encode("utf-8", "replace"), open=True)


class Papers(anywidget.AnyWidget):
    """Buttons for several sheets."""

    _esm = (_JS / "papers.js").read_text(encoding="utf-8")
    papers: Any = traitlets.List().tag(sync=True)

    def __init__(self, sheets: Sequence[Paper], mark: Mark) -> None:
        super().__init__(papers=[{"key": one.key, "label": one.label, "open": one.open} for one in sheets])
        by_key = {one.key: one for one in sheets}

        def asked(_: Any, content: Any, buffers: Any) -> None:
            key = content.get("paper") if isinstance(content, dict) else None
            one = by_key.get(key) if isinstance(key, str) else None
            if one is None:
                return
            made = mark.guard(one.make)
            if made is None:
                self.send({"failed": True})
            else:
                how = {"copy": True} if one.copy else {"open": one.open}
                self.send({"type": one.type, "name": one.name, **how}, buffers=[made])

        self.on_msg(asked)
