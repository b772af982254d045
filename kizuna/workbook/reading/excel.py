"""An Excel book: every sheet listed, one of them read cell by cell."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from kizuna.errors import KizunaError
from kizuna.workbook.reading.cell import Cell, clean, shorten
from kizuna.workbook.reading.table import MOST_ROWS, Problem, Row, too_many_rows

MOST_CELLS = 5_000_000

NO_RESULT = "計算の結果が保存されていない数式です。Excel で開いて保存し直すと読めます。この欄は取り込みません。"

_ESCAPE = re.compile(r"_x00([01][0-9A-Fa-f])_")
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


@dataclass(frozen=True)
class Sheet:
    """One sheet as read: the names of all sheets, its own, its rows that are not blank, and formulas without a result."""

    sheets: tuple[str, ...]
    title: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read_excel(name: str, data: bytes, sheet: str | None) -> Sheet:
    """The sheet called ``sheet``, or the one with the most text cells.

    Raises ``KizunaError`` naming the file when it is broken, has too many rows, or has no such sheet.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(name, data, sheet)
    except KizunaError:
        raise
    except Exception as error:  # a broken book fails in more ways than openpyxl names
        raise KizunaError(
            f"「{name}」は Excel のファイルとして読めません。Excel で開けるか確かめ、「名前を付けて保存」で保存し直してください。"
        ) from error


def cells_of_sheet(name: str, data: bytes, sheet: str | None) -> list[tuple[int, tuple[Cell, ...]]]:
    """The rows of the sheet that ``read_excel`` would choose, from the first to the last filled one, numbers and cells; texts unchanged."""
    title = read_excel(name, data, sheet).title
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        page: Any = _open(data, results=True)[title]
        page.reset_dimensions()
        last, lines = 0, []
        for number, cells in enumerate(page.iter_rows(), 1):
            lines.append((number, tuple(_value(cell, as_it_is=True) for cell in cells)))
            if any(value is not None for value in lines[-1][1]):
                last = number
            elif number - last > MOST_ROWS:
                break
    return lines[:last]


def _filled(rows: list[tuple[Row, tuple[int, ...]]]) -> int:
    return sum(any(cell is not None for cell in row.cells) for row, _ in rows)


def _read(name: str, data: bytes, wanted: str | None) -> Sheet:
    book = _open(data, results=True)
    formulas = _has_formulas(data)
    titles = tuple(sheet.title for sheet in book.worksheets)
    if not titles:
        raise KizunaError(f"「{name}」には表のシートがありません。回答の入ったシートがあるか、確かめてください。")
    if wanted is not None and wanted not in titles:
        raise KizunaError(f"「{name}」に「{wanted}」というシートはありません。あるシートは {'・'.join(titles)} です。")
    read = {title: list(_rows(name, book[title], formulas)) for title in titles if wanted in (None, title)}
    title = wanted or max(read, key=lambda one: sum(isinstance(cell, str) for row, _ in read[one] for cell in row.cells))
    if _filled(read[title]) > MOST_ROWS + 10:
        raise too_many_rows(name)
    rows = tuple(row for row, _ in read[title] if any(cell is not None for cell in row.cells))
    empty = {(row.number, column) for row, columns in read[title] for column in columns}
    return Sheet(titles, title, rows, tuple(_without_result(data, title, empty)) if formulas else ())


def _rows(name: str, sheet: Any, formulas: bool) -> Iterator[tuple[Row, tuple[int, ...]]]:
    """Each row and, if there are ``formulas``, its empty columns that may hide one; a very long blank stretch ends the sheet."""
    sheet.reset_dimensions()
    seen = filled = blank = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        seen += len(cells)
        if seen > MOST_CELLS:
            raise KizunaError(
                f"「{name}」のシート「{sheet.title}」は大きすぎます。回答の部分だけを新しい Excel ブックに写して、保存してください。"
            )
        values = tuple(_value(cell) for cell in cells)
        last = max((at for at, value in enumerate(values, 1) if value is not None), default=0)
        filled, blank = (filled + 1, 0) if last else (filled, blank + 1)
        if filled > MOST_ROWS + 10 or blank > MOST_ROWS:
            break
        hidden = tuple(at for at, cell in enumerate(cells) if formulas and _may_hide(cell))
        if last or hidden:
            yield Row(number, values[:last]), hidden


def _may_hide(cell: Any) -> bool:
    """Whether ``cell`` was written without a value, which an empty text (data type "str") is not."""
    return cell.value is None and cell.data_type == "n" and hasattr(cell, "row")


def _value(cell: Any, as_it_is: bool = False) -> Cell:
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        written = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)
        return written if as_it_is else clean(written)
    if isinstance(value, datetime):
        moment = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
        return moment.date() if moment.time() == time() else moment
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02}"
    if value is None or isinstance(value, (int, float, date)):
        return value
    return clean(str(value))


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheets = (inside for inside in packed.namelist() if inside.startswith("xl/worksheets/"))
        return any(_FORMULA.search(packed.read(inside)) for inside in sheets)


def _without_result(data: bytes, title: str, empty: set[tuple[int, int]]) -> Iterator[Problem]:
    """The formulas that stand where no value is stored; an empty text is a stored value and no problem."""
    book = _open(data, results=False)
    sheet: Any = book[title]
    sheet.reset_dimensions()
    last = max((row for row, _ in empty), default=0)
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > last:
            break
        for at, cell in enumerate(cells):
            if cell.data_type == "f" and (number, at) in empty:
                written = getattr(cell.value, "text", None) or cell.value
                yield Problem(number, str(at), shorten(str(written)), NO_RESULT)


def _open(data: bytes, results: bool) -> Any:
    """The book, with formulas' stored results or with the formulas themselves."""
    import openpyxl  # takes a quarter of a second, which a page without a file to read need not wait for

    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=results)
