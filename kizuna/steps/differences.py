"""Where two copies of a workbook differ, in the owner's words: what it is about, what stands here, and what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.language import points
from kizuna.language.media import media
from kizuna.steps import consents, drafts, people
from kizuna.steps.handin.words import questions
from kizuna.steps.tribe import topics
from kizuna.workbook.history import revive
from kizuna.workbook.merging import Conflict
from kizuna.workbook.models import Base, Person, Quote, called
from kizuna.workbook.store import Workbook


class TableWords(Entry):
    """How a table's rows and columns are called."""

    name: str
    told_by: str = ""
    columns: dict[str, str]


class MergingWords(Entry):
    """What is said of rows of which two copies differ."""

    tables: dict[str, TableWords]
    values: dict[str, str]


@dataclass(frozen=True)
class Difference:
    """One row that both sides wrote differently: what it is about, and its columns by name, as they stand here and there."""

    about: str
    columns: tuple[tuple[str, str, str], ...]
    conflicts: tuple[Conflict, ...]


def words() -> MergingWords:
    """How tables, columns and values are called."""
    return load("merging.yaml", MergingWords)


def differences(book: Workbook, conflicts: Sequence[Conflict]) -> tuple[Difference, ...]:
    """The conflicts of each row together, in the owner's words."""
    with book.reading() as session:
        return tuple(_difference(session, list(of_row)) for _, of_row in groupby(conflicts, key=lambda one: (one.table, one.row_id)))


def _difference(session: Session, conflicts: list[Conflict]) -> Difference:
    table, row_id = conflicts[0].table, conflicts[0].row_id
    columns = tuple((_named(one), _told(session, one, one.here), _told(session, one, one.there)) for one in conflicts)
    return Difference(_about(session, table, row_id), columns, tuple(conflicts))


def _named(one: Conflict) -> str:
    return words().tables[one.table].columns[one.column]


def _about(session: Session, table: str, row_id: int) -> str:
    """What a row is about: the question an answer is to, else its kind and what tells it from others."""
    told, row = words().tables[table], session.get(_kind(table), row_id)
    if row is None or not told.told_by:
        return told.name
    if table == "answer":
        return questions().get(str(row.key), str(row.key))
    which = _spelled(session, table, told.told_by, getattr(row, told.told_by))
    return f"{told.name}「{which}」" if which and not _points(table, told.told_by) else f"{told.name}（{which}）" if which else told.name


def _told(session: Session, one: Conflict, value: Any) -> str:
    column = Base.metadata.tables[one.table].columns[one.column]
    return _spelled(session, one.table, one.column, revive(column.type, value)) or "（何も書いていません）"


def _spelled(session: Session, table: str, column: str, value: Any) -> str:
    to = _points(table, column)
    if value is None or value == "":
        return ""
    if to:
        return _pointed(session, to, value)
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    names = labels().get((table, column), words().values)
    if isinstance(value, list):
        return "、".join(str(names.get(one, one)) for one in value)
    if isinstance(value, dict):
        return "、".join(f"{key}：{names.get(one, one)}" for key, one in value.items())
    if column == "medium":
        return media()[value].name if value in media() else str(value)
    return str(names.get(value, value))


def labels() -> dict[tuple[str, str], dict[Any, str]]:
    """What the pages call the keys of a table's column, where they have a name of their own there."""
    someone, agreed, letters = people.words(), consents.texts(), drafts.texts()
    ways = {one.key: one.label for one in someone.ways}
    return {
        ("person", "met"): {one.key: one.label for one in someone.met},
        ("person", "relation"): {one.key: one.label for one in someone.relations},
        ("closeness", "level"): dict(someone.closeness),
        ("contact", "method"): ways,
        ("introduction", "method"): ways,
        ("touch", "kind"): {one.key: one.label for one in someone.touches},
        ("consent", "scopes"): {one.key: one.name for one in agreed.scopes},
        ("consent", "name_style"): {one.key: one.name for one in agreed.name_styles},
        ("consent", "edit"): {one.key: one.name for one in agreed.edits},
        ("consent", "method"): {one.key: one.name for one in agreed.methods},
        ("consent", "perk"): {one.key: one.name for one in agreed.perks},
        ("consent", "relation"): {one.key: one.name for one in agreed.relations},
        ("draft", "form"): {one.key: one.name for one in letters.forms},
        ("draft", "kind"): {str(kind): one.name for kind, one in letters.kinds.items()},
        ("choice", "topic"): {one.key: one.title for one in topics.words().topics},
        ("post", "kind"): {str(kind): name for kind, name in points.texts().kinds.items()},
        ("recurring", "point"): {one.key: one.name for one in points.texts().points},
    }


def _pointed(session: Session, to: str, row_id: int) -> str:
    row = session.get(_kind(to), row_id)
    if isinstance(row, Person):
        return called(row.name) if row.name else row.called
    if isinstance(row, Quote):
        return f"「{row.text}」"
    told = words().tables[to].told_by
    return _spelled(session, to, told, getattr(row, told)) if row is not None and told else ""


def _points(table: str, column: str) -> str:
    keys = Base.metadata.tables[table].columns[column].foreign_keys
    return next(iter(keys)).column.table.name if keys else ""


def _kind(table: str) -> Any:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is Base.metadata.tables[table])
