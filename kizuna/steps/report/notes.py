"""The instructor's notes (講師メモ) from a table of her own: to one participant, or on the course as a whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kizuna.errors import KizunaError
from kizuna.steps.report.words import NoteWords, words
from kizuna.workbook.reading import read_file
from kizuna.workbook.reading.cell import text_of
from kizuna.workbook.reading.disguise import is_packed
from kizuna.workbook.reading.encoding import decode
from kizuna.workbook.reading.table import Table

CODE_LENGTH = 8


@dataclass(frozen=True)
class Note:
    """One note: to the participant of that code (none: on the whole course), under a heading of the instructor's."""

    code: str
    section: str
    memo: str


def read_notes(path: Path) -> tuple[Note, ...]:
    """The notes in an Excel or CSV file, in its order; rows without a memo are none. Raises ``KizunaError`` naming the file and what to mend."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KizunaError(f"講師メモ「{path.name}」を開けませんでした。ファイルの場所と名前を確かめてください。") from error
    if not is_packed(data) and sum(bool(line.strip()) for line in decode(path.name, data)[0].splitlines()) < 2:
        return ()  # nothing below its headers yet
    told = words().notes
    table = read_file(path.name, data)
    code, section, memo = (_column(table, names) for names in (told.code, told.section, told.memo))
    if code is None or memo is None:
        raise KizunaError(
            f"講師メモ「{path.name}」の一行目に、列の名前「コード」「欄」「メモ」を書いてください。コードの空いた行は、講座全体のメモになります。"
        )
    rows = ([text_of(cell).strip() for cell in row.cells] for row in table.rows)
    notes = (Note(_plain(_at(row, code)), _at(row, section), _at(row, memo)) for row in rows)
    return tuple(one for one in notes if one.memo)


def to(notes: Iterable[Note], code: str) -> tuple[Note, ...]:
    """The notes to one participant."""
    return tuple(one for one in notes if one.code and one.code == _plain(code))


def on_course(notes: Iterable[Note]) -> dict[str, tuple[str, ...]]:
    """The notes on the whole course by the field of the report on it; what has no heading of the report's was noticed on the way."""
    found: dict[str, list[str]] = {}
    for one in notes:
        if not one.code:
            found.setdefault(_field(words().notes, one.section), []).append(one.memo)
    return {key: tuple(memos) for key, memos in found.items()}


def _field(told: NoteWords, section: str) -> str:
    return next((key for key, names in told.camp.items() if _plain(section) in map(_plain, names)), "noticed")


def _column(table: Table, names: Iterable[str]) -> int | None:
    wanted = set(map(_plain, names))
    return next((number for number, header in enumerate(table.header) if _plain(header) in wanted), None)


def _at(row: list[str], column: int | None) -> str:
    return row[column] if column is not None and column < len(row) else ""


def _plain(text: str) -> str:
    """As it is compared: full and half width, large and small letters alike, without blanks, and with the zeros that Excel takes off a number."""
    flat = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return flat.zfill(CODE_LENGTH) if flat.isdecimal() else flat
