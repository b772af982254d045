"""Workbooks made by the program of each earlier version, kept as they were: they open with every row and every word."""

from __future__ import annotations

import contextlib
import gzip
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from kizuna.process import Part, course
from kizuna.steps import themes
from kizuna.steps.doctor import State, examine
from kizuna.views.paper import page_html
from kizuna.workbook import backups
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.engine import HEAD
from kizuna.workbook.store import open_workbook
from tests.notebook import page_of

# Each holds the worked example as that version's `make_sample` made it on 2026-11-25, then the shop's name and an undone new name of the first theme.
KEPT = sorted((Path(__file__).parent / "versions").glob("*.kizuna.gz"))
NUMBERS = [file.name.partition(".")[0] for file in KEPT]


def unpacked(file: Path, folder: Path) -> Path:
    path = folder / "むかしのノート.kizuna"
    path.write_bytes(gzip.decompress(file.read_bytes()))
    return path


def contents(path: Path, columns: dict[str, list[str]] | None = None) -> dict[str, tuple[list[str], list[tuple[Any, ...]]]]:
    """The rows of every table but the version's, in the named columns or in all."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        wanted = columns or {name: [one[1] for one in connection.execute(f'PRAGMA table_info("{name}")')] for name in names}
        wanted.pop("alembic_version", None)
        return {
            name: (those, connection.execute("SELECT " + ", ".join(f'"{one}"' for one in those) + f' FROM "{name}" ORDER BY 1').fetchall())
            for name, those in wanted.items()
        }


def test_every_version_before_this_one_is_kept() -> None:
    assert [f"{number:04}" for number in range(1, int(HEAD))] == NUMBERS


@pytest.mark.parametrize("file", KEPT, ids=NUMBERS)
def test_it_opens_with_every_row_it_had_and_a_copy_of_before_is_kept(file: Path, tmp_path: Path) -> None:
    path = unpacked(file, tmp_path)
    before = contents(path)
    assert len(before["voice"][1]) >= 80
    open_workbook(path).close()
    assert contents(path, {name: those for name, (those, _) in before.items()}) == before
    (copy,) = backups.copies(path)
    assert copy.why == backups.UPDATING and contents(copy.path) == before
    assert [one for one in examine(path) if one.state is State.STOP] == []


@pytest.mark.parametrize("file", KEPT, ids=NUMBERS)
def test_what_was_done_and_undone_then_can_still_be_undone_and_done_again(file: Path, tmp_path: Path) -> None:
    book = open_workbook(unpacked(file, tmp_path))
    name = themes.themes(book, Part.FOLLOWUP)[0].name
    book.redo()
    assert themes.themes(book, Part.FOLLOWUP)[0].name == f"{name}！"
    book.undo()
    book.undo()
    assert read_answer(book, "shop") != "汐風書店（むかしの名前）"
    save_answer(book, "shop", "いまの名前")
    assert read_answer(book, "shop") == "いまの名前"


@pytest.mark.parametrize("file", KEPT, ids=NUMBERS)
def test_every_page_of_today_shows_it(file: Path, tmp_path: Path) -> None:
    book = open_workbook(unpacked(file, tmp_path))
    for section in course().sections:
        if section.open:
            assert "汐風書店（むかしの名前）" in page_html(page_of(section.file, book), blank=False), section.file
