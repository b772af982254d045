"""Every column has been decided about: a table or a column added later cannot be forgotten when a person is taken out."""

from __future__ import annotations

from sqlalchemy import JSON, String

from kizuna.steps.erasing import words
from kizuna.workbook.erasing.decisions import DECISIONS, LOOSENED, After, pointing
from kizuna.workbook.models import Base
from kizuna.workbook.relations import LISTED, SENDERS
from tests.workbook.test_policy import KEYS

TABLES = Base.metadata.tables
DECIDED = {(table, column): way for table, columns in DECISIONS.items() for column, way in columns.items()}
FOLLOWED = (After.GO, After.LOSE, After.LAST)
TELLS_NOBODY = {  # texts that are keys of the content, days of ours, or numbers made from words that go by themselves
    "act.by", "act.state", "change.table", "consent.scopes", "draft.ticked", "erasure.by", "erasure.papers", "erasure.rows", "erasure.state",
    "source.lineage", "source.sha256", "vector.model", "vector.sha256",
}  # fmt: skip


def going() -> set[str]:
    """The tables of which rows may go."""
    found = {"person"}
    while more := {
        name for name in TABLES for _, target in pointing(name, After.GO) if target in found
    } | {target for name in found for _, target in pointing(name, After.LAST)}:  # fmt: skip
        if more <= found:
            break
        found |= more
    return found


def test_every_column_of_every_table_has_been_decided_about() -> None:
    assert set(DECIDED) == {(table.name, column.name) for table in TABLES.values() for column in table.columns}


def test_whatever_points_at_a_row_that_may_go_follows_it_or_lets_it_go() -> None:
    for table in TABLES.values():
        for column in table.columns:
            for key in column.foreign_keys:
                may_go = key.column.table.name in going()
                assert (DECIDED[table.name, column.name] in FOLLOWED) is may_go, f"{table.name}.{column.name}"


def test_only_what_may_be_empty_lets_go() -> None:
    loses = [(table, column) for (table, column), way in DECIDED.items() if way is After.LOSE]
    assert loses and all(TABLES[table].c[column].nullable for table, column in loses)


def test_no_text_is_kept_without_a_look() -> None:
    texts = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if isinstance(column.type, String | JSON) and DECIDED[table.name, column.name] is After.KEEP
    }
    assert texts == (KEYS | TELLS_NOBODY) & texts
    assert texts >= TELLS_NOBODY


def test_every_text_of_the_owner_has_a_name_for_its_place() -> None:
    owner = {f"{table}.{column}" for (table, column), way in DECIDED.items() if way in (After.TEXT, After.SENDERS)}
    assert set(words().places) == owner - {"act.label"}


def test_keys_within_json_are_known_to_merging_and_erasing_alike() -> None:
    assert {column for column, way in DECIDED.items() if way is After.VOICES} == set(LISTED)
    assert {column for column, way in DECIDED.items() if way is After.SENDERS} == {SENDERS}


def test_what_rests_on_words_is_loosened_by_columns_that_are_there() -> None:
    for (table, column), values in LOOSENED.items():
        target = next(iter(TABLES[table].c[column].foreign_keys)).column.table
        assert set(values) <= set(target.columns.keys())
    tied = {name for name, table in TABLES.items() if name.endswith("evidence")}
    assert tied <= {table for table, _ in LOOSENED}
