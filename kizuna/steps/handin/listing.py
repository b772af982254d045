"""What would leave and what would stay, as it is read before it is agreed to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kizuna.language.counting import counted
from kizuna.steps.handin.words import questions, words
from kizuna.workbook.submission import Row, Rows, decoded


@dataclass(frozen=True)
class Leaving:
    """One text as it leaves: whose or what it is, and its words with all that is covered."""

    label: str
    text: str


@dataclass(frozen=True)
class Section:
    """Texts that leave under one heading."""

    title: str
    texts: tuple[Leaving, ...]


@dataclass(frozen=True)
class Count:
    """How many of something leave or stay; ``what`` says what of it."""

    label: str
    count: int
    unit: str = ""
    what: str = ""

    @property
    def said(self) -> str:
        """How many, in words."""
        return counted(self.count, self.unit)


@dataclass(frozen=True)
class HandIn:
    """All that would leave: ``sections`` its texts, ``facts`` what else, ``stays`` what does not; ``digest`` stands for the whole file."""

    code: str
    digest: str
    sections: tuple[Section, ...]
    facts: tuple[Count, ...]
    stays: tuple[Count, ...]
    covered: int
    withheld: int
    rows: Rows = field(repr=False)

    @property
    def texts(self) -> int:
        """How many texts leave."""
        return sum(len(section.texts) for section in self.sections)


def listed(one: HandIn) -> Iterator[str]:
    """Everything that would leave and what would not, line by line, for a terminal."""
    for section in one.sections:
        yield f"■ {section.title}（{len(section.texts)}）"
        yield from (f"  {each.label}：{each.text}" for each in section.texts)
    yield "■ 文のほかに、外に出るもの"
    yield from (f"  {each.label} {each.said}（{each.what}）" for each in one.facts)
    yield "■ 外に出ないもの"
    yield from (f"  {each.label}" for each in one.stays)


def sections(rows: Rows) -> Iterator[Section]:
    """Every text that leaves, under its heading."""
    called = {row["id"]: row["name"] or f"お名前のない方 {row['id']}" for row in rows["person"]}
    for one in words().texts:
        leaving = [
            Leaving(_label(table, label, row, called), text)
            for table, columns in _by_table(one.columns).items()
            for row in sorted(rows[table], key=lambda row: (row.get("person_id") or 0, row["id"]))
            for column, label in columns.items()
            if (table, column) != ("voice", "question")  # stands beside its answer
            if (text := _text(table, row[column]))
        ]
        if leaving:
            yield Section(one.title, tuple(leaving))


def _by_table(columns: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, label in columns.items():
        table, column = name.split(".")
        found.setdefault(table, {})[column] = label
    return found


def _label(table: str, label: str, row: Row, called: Mapping[int, str]) -> str:
    if table == "voice":
        return f"{called[row['person_id']]}・{row['question']}"
    return questions().get(row["key"], label) if table == "answer" else label


def _text(table: str, value: Any) -> str:
    if table != "answer":
        return str(value or "")
    told = decoded(value)
    return told if isinstance(told, str) else ""


def facts(rows: Rows) -> Iterator[Count]:
    """What besides texts leaves, table by table."""
    for one in words().facts:
        if count := _count(one.table, rows[one.table]):
            yield Count(one.label, count, one.unit, one.what)


def _count(table: str, rows: list[Row]) -> int:
    """How many rows of a table leave; of the owner's answers those that are no text."""
    return sum(table != "answer" or not isinstance(decoded(row["value"]), str) for row in rows)


def stays(raw: Rows) -> Iterator[Count]:
    """What does not leave, of all that is in the workbook."""
    for one in words().stays:
        count = sum(len(raw[table]) for table in one.tables)
        count += sum(
            row[column] not in (None, "", "[]", "{}") for name in one.columns for table, column in [name.split(".")] for row in raw[table]
        )
        begins = tuple(one.begins)
        named = [row for row in raw["answer"] if row["key"] in one.fields or row["key"].startswith(begins)]
        count += sum(decoded(row["value"]) not in (None, "") for row in named)
        if count:
            yield Count(one.label, count)
