"""The program is killed while somebody is taken out: all of her is there, or the next opening finishes it; never half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from kizuna.steps import people
from kizuna.workbook import backups
from kizuna.workbook.answers import save_answer
from kizuna.workbook.erasing import begun, files, records
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import open_workbook
from tests.steps.erasing.looking import dump, standing

WISH = "雨の日でも子どもと歩いて行ける道順を知りたい"
NEEDLES = {"ミナト", WISH, "歩いて行ける"}
COPIES = 3

# Where it is killed: a function, the number of the call, and whether before or after what it does.
BEFORE = [
    ("kizuna.workbook.erasing.files.apply", 1, "before"),
    ("kizuna.workbook.erasing.files.apply", 1, "after"),
    ("kizuna.workbook.erasing.files._clean", 2, "before"),
    ("kizuna.workbook.erasing.files._clean", 3, "after"),
    ("kizuna.workbook.erasing.files._settle", 2, "after"),
]
AFTER = [
    ("kizuna.workbook.erasing.files.finish", 1, "before"),
    ("pathlib.Path.replace", 5, "after"),  # three were got ready, two are in their places
    ("pathlib.Path.replace", 6, "after"),
    ("kizuna.workbook.erasing.files._put_in_place", 1, "after"),
    ("kizuna.workbook.erasing.files._finish_rows", 1, "before"),
    ("kizuna.workbook.erasing.files._finish_rows", 1, "after"),
]
KILLED = """
import importlib, os, signal, sys
from pathlib import Path

path, where, number, when = sys.argv[1:]
owner_name, name = where.rsplit(".", 1)
try:
    owner = importlib.import_module(owner_name)
except ModuleNotFoundError:
    owner = getattr(importlib.import_module(owner_name.rsplit(".", 1)[0]), owner_name.rsplit(".", 1)[1])
real, calls = getattr(owner, name), [0]

def killed(*args, **kwargs):
    calls[0] += 1
    if calls[0] == int(number) and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    found = real(*args, **kwargs)
    if calls[0] == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
    return found

from kizuna.steps import erasing, people
from kizuna.workbook.store import open_workbook
book = open_workbook(path)
who = people.named(book, "ミナト")
setattr(owner, name, killed)
erasing.erase(book, who)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ノート" / "店.kizuna"
    book = open_workbook(path)
    hear(book, "ミナト", date(2026, 11, 2), [Said("望み", Topic.FOLLOWUP, WISH)])
    hear(book, "シロ", date(2026, 11, 2), [Said("望み", Topic.FOLLOWUP, "朝いちばんの席を取り置いてほしい")])
    for number in range(COPIES - 1):
        save_answer(book, "memo", f"ミナトさんの席{number}")
        backups.keep_before(path, backups.UPDATING)
    book.close()
    backups.keep_for_today(path)
    assert len(backups.copies(path)) == COPIES
    return path


def killed(path: Path, where: tuple[str, int, str]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), where[0], str(where[1]), where[2]], capture_output=True, text=True, env=os.environ
    )
    assert run.returncode == -signal.SIGKILL, run.stderr


@pytest.mark.parametrize("where", BEFORE, ids=lambda one: f"{one[0].rsplit('.', 1)[1]}-{one[1]}-{one[2]}")
def test_cut_off_before_it_counts_all_of_her_is_there_and_it_can_be_done_again(path: Path, where: tuple[str, int, str]) -> None:
    book = open_workbook(path)
    before, copies = dump(book), {one.path: one.path.read_bytes() for one in backups.copies(path)}
    book.close()
    killed(path, where)
    book = open_workbook(path)
    assert dump(book) == before and not records(book)
    assert {one.path: one.path.read_bytes() for one in backups.copies(path)} == copies
    from kizuna.steps import erasing

    assert erasing.erase(book, people.named(book, "ミナト")).finished
    assert standing(path, NEEDLES) == {}
    assert not (backups.folder(path) / files.WORKING).exists()


@pytest.mark.parametrize("where", AFTER, ids=lambda one: f"{one[0].rsplit('.', 1)[1]}-{one[1]}-{one[2]}")
def test_cut_off_after_it_counts_the_next_opening_finishes_it(path: Path, where: tuple[str, int, str]) -> None:
    killed(path, where)
    book = open_workbook(path)
    assert not begun(book) and [(one.state, one.copies) for one in records(book)] == [("done", COPIES)]
    assert standing(path, NEEDLES) == {}
    assert [one.called for one in people.everyone(book)] == ["シロさん"]
    assert not (backups.folder(path) / files.WORKING).exists()
    for copy in backups.copies(path):
        kept = open_workbook(copy.path)
        assert [one.called for one in people.everyone(kept)] == ["シロさん"] and records(kept)
        with kept.raw() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        kept.close()
