"""From a table and the use of its columns to customers' voices, word for word."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kizuna.workbook.reading.cell import ERROR_CELLS, Cell, shorten, text_of
from kizuna.workbook.reading.columns import Column
from kizuna.workbook.reading.dates import read_date
from kizuna.workbook.reading.role import Role, Topic
from kizuna.workbook.reading.table import MOST_CHARACTERS, Problem, Row, Table

ERROR_CELL = "Excel の計算エラーです。Excel で直すと読めます。この欄は取り込みません。"
TOO_LONG = f"{{:,}}文字あります。一つの欄は{MOST_CHARACTERS:,}文字までなので、いくつかに分けると読めます。この欄は取り込みません。"
WITHOUT_DATE = "日付を空けて取り込みます。"

_KEYED = (Role.VOICE, Role.MEDIA, Role.PERSON, Role.WHEN)


@dataclass(frozen=True)
class Heard:
    """One answer of one customer to one question, verbatim, with who, when, where in the file, and what else the row tells."""

    person: str | None
    row_key: str
    question: str
    topic: Topic
    role: Role
    text: str
    heard_on: date | None
    heard_at: datetime | None
    row: int
    column: str
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Taken:
    """Everything heard, the places that could not be taken, and how many empty cells were passed over."""

    heard: tuple[Heard, ...]
    problems: tuple[Problem, ...]
    empty: int


def take(table: Table, columns: Sequence[Column], exclude: Collection[str] = (), today: date | None = None) -> Taken:
    """The voices in ``table``, one for each filled cell of a voice or media column; rows of people in ``exclude`` are left out."""
    heard: list[Heard] = []
    used = {column.header for column in columns if column.role is not Role.SKIP} | {""}
    problems = [problem for problem in table.problems if problem.column in used]
    unread = {(problem.row, problem.column) for problem in problems}
    empty = 0
    seen: Counter[str] = Counter()
    for row in table.rows:
        found, faults = _sound(row, columns)
        person = " ".join(text for column, cell in found if column.role is Role.PERSON and (text := text_of(cell))) or None
        if person is not None and person in exclude:
            continue
        spoken = [(column, text_of(cell)) for column, cell in found if column.role in (Role.VOICE, Role.MEDIA)]
        empty += sum(not text and (row.number, column.header) not in unread for column, text in spoken)
        when, late = _when(row, found, today)
        problems += faults
        if not any(text for _, text in spoken):
            continue
        problems += late
        key = _key(found, when)
        seen[key] += 1
        about = tuple((column.header, text) for column, cell in found if column.role is Role.ABOUT and (text := text_of(cell)))
        row_key = key if seen[key] == 1 else f"{key}#{seen[key]}"
        on = when.date() if isinstance(when, datetime) else when
        at = when if isinstance(when, datetime) else None
        heard += [
            Heard(person, row_key, column.header, column.topic, column.role, text, on, at, row.number, column.header, about)
            for column, text in spoken
            if text
        ]
    return Taken(tuple(heard), tuple(sorted(problems, key=lambda problem: problem.row)), empty)


def _sound(row: Row, columns: Sequence[Column]) -> tuple[list[tuple[Column, Cell]], list[Problem]]:
    """The used cells of ``row`` without Excel's error cells and those too long for one answer, and a problem for each of these."""
    found: list[tuple[Column, Cell]] = []
    problems = []
    for column in columns:
        cell = row.cells[column.index] if column.index < len(row.cells) else None
        if column.role is Role.SKIP:
            continue
        if isinstance(cell, str) and cell in ERROR_CELLS:
            problems.append(Problem(row.number, column.header, cell, ERROR_CELL))
        elif isinstance(cell, str) and len(cell) > MOST_CHARACTERS:
            problems.append(Problem(row.number, column.header, "", TOO_LONG.format(len(cell))))
        else:
            found.append((column, cell))
    return found, problems


def _when(row: Row, found: Sequence[tuple[Column, Cell]], today: date | None) -> tuple[date | datetime | None, list[Problem]]:
    """The first date of the row that can be read, and a problem for each that cannot."""
    when: date | datetime | None = None
    problems = []
    for column, cell in found:
        if column.role is Role.WHEN:
            try:
                read = read_date(cell, today)
            except ValueError as error:
                problems.append(Problem(row.number, column.header, shorten(text_of(cell)), f"{error}。{WITHOUT_DATE}"))
            else:
                when = read if when is None else when
    return when, problems


def _key(found: Sequence[tuple[Column, Cell]], when: date | datetime | None) -> str:
    """The same hash for the same content, whether it came as Excel or CSV: moments count to the minute, midnight is the day."""
    parts = []
    for column, cell in found:
        if column.role is Role.WHEN and when is not None:
            stamp = when.isoformat(timespec="minutes") if isinstance(when, datetime) else when.isoformat()
            parts.append(stamp.removesuffix("T00:00"))
        elif column.role in _KEYED and (text := text_of(cell)):
            parts.append(text)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
