"""Text with commas, tabs or semicolons, record by record, going on after a record whose quotes are broken."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from kizuna.errors import KizunaError
from kizuna.workbook.reading.cell import clean, shorten
from kizuna.workbook.reading.hints import is_label
from kizuna.workbook.reading.table import MOST_ROWS, Problem, Row, too_many_rows

NOTHING = "\x1f"
DELIMITERS = ",\t;"
BLANKS = DELIMITERS + " \u3000"
SAMPLE = 200

BROKEN_QUOTES = '引用符（"）の数が合わないか、とても長い欄があって、どこまでが一つの欄か決められません。この行は取り込みません。'


def read_separated(name: str, text: str) -> tuple[list[Row], list[Problem]]:
    """Every record of ``text`` that is not blank, numbered as Excel numbers rows, and the records whose quotes are broken.

    Raises ``KizunaError`` naming the file when no delimiter makes sense of it, or when it has too many rows.
    """
    if text.count("\n") > MOST_ROWS * 50:
        raise too_many_rows(name)
    lines = list(io.StringIO(text, newline=""))
    delimiter = find_delimiter(name, lines)
    rows: list[Row] = []
    problems: list[Problem] = []
    width, doubtful = 0, False
    for number, record, line in _records(lines, delimiter or NOTHING):
        if record is None and not delimiter and line.count('"') % 2 == 0:
            record = [line]
        cells = tuple(clean(cell) for cell in record or ())
        if record is None or (doubtful and 0 < len(cells) < width):
            problems.append(Problem(number, "", shorten(line or (delimiter or "").join(record or ())), BROKEN_QUOTES))
            doubtful = True
        elif any(cell and (delimiter or cell.strip(BLANKS)) for cell in cells):
            rows.append(Row(number, cells))
            width, doubtful = max(width, len(cells)), False
        if len(rows) + len(problems) > MOST_ROWS + 10:
            raise too_many_rows(name)
    return rows, problems


def find_delimiter(name: str, lines: list[str]) -> str | None:
    """The delimiter that cuts most of the first lines into the same number of cells; ``None`` when the text is one column.

    Raises ``KizunaError`` naming the file when most lines are cut, but never alike.
    """
    best, most, messy = None, 0.0, False
    for delimiter in DELIMITERS:
        widths = [len(record) for _, record, _ in islice(_records(lines, delimiter), SAMPLE) if record and any(map(str.strip, record))]
        if not widths:
            continue
        header = next(record for _, record, _ in _records(lines, delimiter) if record and any(map(str.strip, record)))
        width, same = Counter(widths).most_common(1)[0]
        if len(header) > 1 and sum(is_label(cell) for cell in header) >= 2:
            width, same = len(header), max(same, len(widths) // 2 + 1)
        messy = messy or sum(width > 2 for width in widths) * 2 > len(widths)
        score = same / len(widths) * (width - 1) ** 0.5
        if width > 1 and same * 2 >= len(widths) and score > most:
            best, most = delimiter, score
    if best is None and messy:
        raise KizunaError(
            f"「{name}」は、行ごとに列の数がばらばらで、表として読めません。Excel で開いて列をそろえ、.xlsx で保存し直してください。"
        )
    return best


def _records(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str] | None, str]]:
    """Record number, cells and "" for each record; number, ``None`` and the first line for one whose quotes are broken."""
    start = number = 0
    while start < len(lines):
        reader = csv.reader((lines[at] for at in range(start, len(lines))), delimiter=delimiter, strict=True)
        begun = 0
        try:
            while (record := next(reader, None)) is not None:
                number, begun = number + 1, reader.line_num
                yield number, record, ""
            return
        except csv.Error:
            number += 1
            yield number, None, lines[start + begun].rstrip("\r\n")
            start += begun + 1
