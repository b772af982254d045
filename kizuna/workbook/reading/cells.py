"""The cells of a file exactly as they stand in it, every row, for those who compute with places in the text."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kizuna.errors import KizunaError
from kizuna.workbook.reading.cell import clean, shorten, text_of
from kizuna.workbook.reading.disguise import is_packed, refuse_disguise
from kizuna.workbook.reading.encoding import decode
from kizuna.workbook.reading.excel import cells_of_sheet
from kizuna.workbook.reading.header import nothing_in
from kizuna.workbook.reading.separated import BROKEN_QUOTES, DELIMITERS, find_delimiter
from kizuna.workbook.reading.table import MOST_BYTES, MOST_ROWS, Problem, too_many_rows

LOOK_AT = 10  # the header is among the first rows

Line = tuple[int, tuple[str, ...]]


@dataclass(frozen=True)
class Cells:
    """The asked columns of a file: for each row below the header its number as Excel counts, and the asked cells, letter for letter."""

    rows: tuple[Line, ...]


def read_cells(name: str, data: bytes, columns: Sequence[str], sheet: str | None = None) -> Cells:
    """The cells of ``columns`` in ``data`` (CSV, TSV or Excel), unchanged; the header is the first row that names all of them.

    Empty rows between others are rows too. Raises ``KizunaError`` naming the file, and the columns there are when one is missing.
    """
    name = unicodedata.normalize("NFC", re.split(r"[\\/]", name)[-1])
    if not data:
        raise KizunaError(f"「{name}」は空のファイルです。回答の入ったファイルを選んでください。")
    if len(data) > MOST_BYTES:
        raise KizunaError(f"「{name}」は {MOST_BYTES // 1024 // 1024} MB を超えています。期間で区切るなどして、分けてください。")
    refuse_disguise(name, data)
    if is_packed(data):
        readings: Iterator[list[Line]] = iter([[(number, tuple(map(_written, row))) for number, row in cells_of_sheet(name, data, sheet)]])
    else:
        readings = _separated(name, decode(name, data)[0])
    header: tuple[str, ...] = ()
    for lines in readings:
        found = _below_header(name, lines, columns)
        if isinstance(found, Cells):
            return found
        header = max(header, found, key=len)
    if not header:
        raise nothing_in(name)
    raise KizunaError(
        f"「{name}」に「{_missing(header, columns)}」という列はありません。ある列は {'・'.join(shorten(title, 60) for title in header)} です。"
    )


def _below_header(name: str, lines: list[Line], columns: Sequence[str]) -> Cells | tuple[str, ...]:
    """The rows below the header cut to ``columns``; where no row names them all, the titles of the row that names most."""
    wanted = [_title(column) for column in columns]
    heads = [(at, [_title(cell) for cell in cells]) for at, (_, cells) in enumerate(lines) if any(map(clean, cells))][:LOOK_AT]
    for at, titles in heads:
        if all(column in titles for column in wanted):
            places = [titles.index(column) for column in wanted]
            body = lines[at + 1 :]
            while body and not body[-1][1]:  # blank lines at the end of a file are no rows
                body.pop()
            if len(body) > MOST_ROWS:
                raise too_many_rows(name)
            return Cells(tuple((number, tuple(cells[p] if p < len(cells) else "" for p in places)) for number, cells in body))
    best = max(heads, key=lambda head: sum(column in head[1] for column in wanted), default=None)
    return tuple(clean(cell) or "" for cell in lines[best[0]][1] if clean(cell)) if best else ()


def _missing(header: Sequence[str], columns: Sequence[str]) -> str:
    titles = set(map(_title, header))
    return next((column for column in columns if _title(column) not in titles), "・".join(columns))


def _separated(name: str, text: str) -> Iterator[list[Line]]:
    """The records by the likeliest delimiter first, then by the others, then as one column."""
    if text.count("\n") > MOST_ROWS * 50:
        raise too_many_rows(name)
    try:
        likeliest = find_delimiter(name, list(io.StringIO(text, newline="")))
    except KizunaError:
        likeliest = None
    for delimiter in dict.fromkeys([likeliest or "\x1f", *DELIMITERS, "\x1f"]):
        yield _records(text, delimiter)


def _records(text: str, delimiter: str) -> list[Line]:
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        lines += ((number, tuple(record)) for number, record in enumerate(reader, 1))
    except csv.Error as error:
        number = len(lines) + 1
        raise KizunaError(
            str(Problem(number, "", "", BROKEN_QUOTES.replace("この行は取り込みません。", "Excel で開いて直してください。")))
        ) from error
    return lines


def _title(cell: str) -> str:
    return unicodedata.normalize("NFKC", clean(cell) or "")


def _written(cell: object) -> str:
    return cell if isinstance(cell, str) else text_of(cell)  # type: ignore[arg-type]
