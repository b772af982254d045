"""The table every file becomes before anyone decides which column is what."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.errors import KizunaError
from kizuna.workbook.reading.cell import Cell

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
MOST_CHARACTERS = 32_767  # of one answer: as many as a cell of Excel holds


@dataclass(frozen=True)
class Row:
    """One row: its number as the person sees it in Excel or in an editor (from 1), and its cells."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Problem:
    """One place that could not be taken as it stands; ``str()`` is one Japanese sentence with row, column and what happens now."""

    row: int
    column: str
    value: str
    why: str

    def __str__(self) -> str:
        place = f"{self.row}行目の「{self.column}」" if self.column else f"{self.row}行目"
        return f"{place}：「{self.value}」は{self.why}" if self.value else f"{place}：{self.why}"


@dataclass(frozen=True)
class Table:
    """What was read: header, rows, friendly notes on how, the speakers of a LINE talk, and the places that could not be read."""

    name: str
    sha256: str
    kind: str
    sheets: tuple[str, ...]
    sheet: str | None
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def too_many_rows(name: str) -> KizunaError:
    """The error for a file with more rows than ``MOST_ROWS``."""
    return KizunaError(
        f"「{name}」は {MOST_ROWS:,} 行を超えています。期間で区切るなどして、{MOST_ROWS:,} 行までのファイルに分けてください。"
    )
