"""Somebody of the worked example is taken out: not a byte of her is left, and everybody else is as before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from unittest import mock

import pytest

from kizuna.language.personal import MASK
from kizuna.process import Part
from kizuna.steps import erasing, people, plan
from kizuna.steps.reading import read
from kizuna.steps.sample import make_sample
from kizuna.steps.tribe import design
from kizuna.workbook import backups
from kizuna.workbook.answers import save_answer
from kizuna.workbook.erasing import records
from kizuna.workbook.store import Workbook, open_workbook
from kizuna.workbook.vectors import quoted
from tests.steps.erasing.looking import dump, hers_alone, prints, standing

NAMES = {1: "ミナト", 2: "灯台のよし子", 4: "くじら雲", 7: "元図書委員", 8: "波待ち", 9: "ﾀｹｼ", 12: "すみれ堂のおばちゃん", 16: "りく父"}
LOOSE = {"decided", "decided_on", "done_on", "finished_on", "ticked", "listener_id", "answer_to", "voices", "columns"}


@cache
def with_history() -> bytes:
    """The worked example with every act that built it, vectors of all its quotes, and texts of the owner's that name people."""
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(Workbook, "begin_history_here"):
        path = Path(folder) / "例.kizuna"
        book = make_sample(path)
        read(book, quoted(book))
        for number, name in NAMES.items():
            save_answer(book, f"memo.{number}", f"{name}さんに、はがきを書く。", f"{name}さんのこと")
        book.close()
        return path.read_bytes()


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    path = tmp_path / "ノート" / "わたしの店.kizuna"
    path.parent.mkdir()
    path.write_bytes(with_history())
    made = open_workbook(path)
    yield made
    made.close()


def sound(book: Workbook) -> None:
    with book.raw() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def needles(book: Workbook, person_id: int) -> set[str]:
    """All that may stand nowhere afterwards."""
    before = dump(book)
    said = [row["text"] for row in before["voice"].values() if row["person_id"] != person_id]
    names = {one for one in (NAMES[person_id], f"{NAMES[person_id]}さん") if not any(one in text for text in said)}
    return names | hers_alone(before, person_id) | prints(before, person_id)


@pytest.mark.parametrize("person_id", NAMES)
def test_not_a_byte_of_her_is_left_and_the_file_is_whole(book: Workbook, person_id: int) -> None:
    assert isinstance(book.path, Path)
    backups.keep_before(book.path, backups.UPDATING)
    gone = needles(book, person_id)
    assert len(standing(book.path, gone)) >= 2 and len(gone) > 50  # in the workbook and in its copies
    cleaned = erasing.erase(book, person_id)
    assert cleaned.finished and cleaned.copies == len(backups.copies(book.path)) >= 1
    assert standing(book.path, gone) == {}
    sound(book)
    for copy in backups.copies(book.path):
        with_copy = open_workbook(copy.path)
        sound(with_copy)
        assert person_id not in dump(with_copy)["person"] and len(records(with_copy)) == 1
        with_copy.close()


@pytest.mark.parametrize("person_id", [1, 2, 8])
def test_undo_and_redo_go_through_all_that_is_left_and_bring_nothing_back(book: Workbook, person_id: int) -> None:
    assert isinstance(book.path, Path)
    gone = needles(book, person_id)
    erasing.erase(book, person_id)
    there = dump(book)
    undone = 0
    while book.undo() is not None:
        undone += 1
    sound(book)
    assert undone > 100 and standing(book.path, gone) == {}
    while book.redo() is not None:
        undone -= 1
    assert undone == 0 and standing(book.path, gone) == {}
    sound(book)
    again = dump(book)
    for table in set(there) - {"act", "change", "draft", "vector"}:
        assert again[table] == there[table], table
    assert {number: row["title"] for number, row in again["draft"].items()} == {
        number: row["title"] for number, row in there["draft"].items()
    }


@pytest.mark.parametrize("person_id", [1, 2, 7, 12])
def test_everybody_else_is_as_before(book: Workbook, person_id: int) -> None:
    before = dump(book)
    erasing.erase(book, person_id)
    after = dump(book)
    for table in set(before) - {"act", "change", "vector", "erasure", "talk"}:
        assert set(after[table]) <= set(before[table]), table
        for number, row in after[table].items():
            for column, value in row.items():
                was = before[table][number][column]
                covered = isinstance(value, str) and isinstance(was, str) and MASK in value and len(value) <= len(was)
                assert value == was or covered or column in LOOSE, f"{table}.{column} {number}: {was} → {value}"
    for table, column in (
        ("voice", "person_id"),
        ("touch", "person_id"),
        ("consent", "person_id"),
        ("member", "person_id"),
        ("person", "id"),
    ):
        others = {number: row for number, row in before[table].items() if row[column] != person_id}
        assert {number: row["id"] for number, row in after[table].items()} == {number: row["id"] for number, row in others.items()}
    assert {number: row for number, row in before["voice"].items() if row["person_id"] != person_id} == after["voice"]
    quotes = {number: row for number, row in before["quote"].items() if before["voice"][row["voice_id"]]["person_id"] != person_id}
    assert quotes == after["quote"]


def test_what_nobody_else_asked_for_leaves_the_plan_and_the_rest_stays(book: Workbook) -> None:
    told = erasing.traces(book, 1)
    was = {view.id: {one.person_id for one in view.evidence} for view in plan.plan(book, Part.FOLLOWUP).actions}
    placed = {one.id: {card.person_id for card in one.evidence} for one in design.design(book).decided}
    erasing.erase(book, 1)
    for view in plan.plan(book, Part.FOLLOWUP).actions:
        assert {one.person_id for one in view.evidence} == was[view.id] - {1}
        assert view.in_plan == bool(was[view.id] - {1})
    left = {one.id for one in design.design(book).decided}
    assert left == {number for number, who in placed.items() if who - {1}} and left < set(placed)
    assert any("集まりの案" in one for one in told.loosened) and any("改善" in one for one in told.loosened)


def test_it_is_recorded_that_it_was_done_and_not_who_it_was(book: Workbook) -> None:
    before = dump(book)
    erasing.erase(book, 2)
    (record,) = records(book)
    assert record.state == "done" and record.at.date() >= date(2026, 1, 1) and record.by
    assert record.rows["voice"] == sum(row["person_id"] == 2 for row in before["voice"].values())
    assert "よし子" not in str(record.__dict__)


def test_other_pages_hear_of_it(book: Workbook) -> None:
    version = book.version()
    erasing.erase(book, 3)
    assert book.version() != version
    assert {one.id for one in people.everyone(book)} == set(range(1, 17)) - {3}
