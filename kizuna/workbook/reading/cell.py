"""One cell: what it may hold, how it is cleaned without changing a word, and how it is shown as text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import TypeAlias

Cell: TypeAlias = str | datetime | date | float | int | None

ERROR_CELLS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#ERROR!"}
)
NEWLINES = re.compile(r"\r\n?")


def clean(text: str) -> str | None:
    """``text`` without outer blanks, NUL and carriage returns, every other code point kept; ``None`` when nothing can be seen."""
    kept = NEWLINES.sub("\n", text.replace("\0", "")).strip()
    return kept if any(not _invisible(char) for char in kept) else None


def text_of(cell: Cell) -> str:
    """``cell`` as Excel would show it: 5.0 is "5", a date is "2026/11/3", an empty cell is ""."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return clean(cell) or ""
    if isinstance(cell, datetime):
        return f"{cell.year}/{cell.month}/{cell.day} {cell.hour}:{cell.minute:02}"
    if isinstance(cell, date):
        return f"{cell.year}/{cell.month}/{cell.day}"
    return str(int(cell)) if cell == cell // 1 and abs(cell) < 1e15 else f"{cell:.15g}"


def shorten(text: str, length: int = 30) -> str:
    """``text`` on one line, cut to ``length`` characters with … when something was cut."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in ("Cf", "Cc")
