"""Killed without a warning at any moment: all that was shown as saved is in the file, and never half an act.

A short form runs with the other tests; ``make test-long`` kills 300 times. Each says its counts as a line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from kizuna.workbook.answers import save_answer
from kizuna.workbook.history import plain
from kizuna.workbook.merging.lines import TABLES
from kizuna.workbook.models import Act, Change
from kizuna.workbook.store import Workbook, open_workbook

KILLS = int(os.environ.get("KIZUNA_LONG") or 6)
LONG = KILLS > 50
_ANEW = 25  # kills; then a new workbook is begun: all of its history is looked through after each

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="owners branch off a process")


class Owners:
    """A process that branches off owners at work, and what they report."""

    def __init__(self, path: Path) -> None:
        root = Path(__file__).parents[2]
        environment = os.environ | {"PYTHONPATH": str(root), "PYTHONUTF8": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.long.writer", str(path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment, cwd=root,
        )  # fmt: skip

    def _line(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the owners' process ended"
        return json.loads(line)

    def work_until_killed(self, seeds: list[int], undo: bool, acts: int, more: float) -> list[Any]:
        """Let owners begin, kill them ``more`` seconds after they reported ``acts`` acts; returns all that they reported."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([[seed, undo] for seed in seeds]) + "\n")
        self.process.stdin.flush()
        owners = self._line()
        said = [self._line() for _ in range(acts)]
        time.sleep(more)  # somewhere within an act
        for one in owners:
            os.kill(one, signal.SIGKILL)
        while (line := self._line()) is not None:
            said.append(line)
        return said

    def end(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "お客さま　ノート" / "わたしのノート.kizuna"


@pytest.fixture
def owners(path: Path) -> Iterator[Owners]:
    made = Owners(path)
    yield made
    made.end()


def told(book: Workbook) -> str:
    """Raises where the file is not whole, or where it holds something else than what its history says was done; returns what SQLite says."""
    with book.reading() as session:
        states = dict(session.execute(select(Act.id, Act.state)).tuples().all())
        rows: dict[tuple[str, int], Any] = {}
        for change in session.scalars(select(Change).order_by(Change.id)):
            if states[change.act_id] == "done":
                rows[change.table, change.row_id] = change.after
        there = {
            (table.name, row["id"]): {name: plain(value) for name, value in row.items()}
            for table in TABLES
            for row in session.execute(select(table)).mappings()
        }
        assert {key: row for key, row in rows.items() if row is not None} == there, "half an act"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        return str(session.execute(text("PRAGMA integrity_check")).scalar_one())


def states(book: Workbook) -> dict[int, tuple[str, str]]:
    with book.reading() as session:
        return {one.id: (one.label, one.state) for one in session.scalars(select(Act))}


def at_most_one_further(reported: list[Any], now: dict[int, tuple[str, str]]) -> bool:
    """Whether the file stands as it was reported last, or one act, undo or redo further (saved, and killed before it could be told)."""
    last = {number: (label, state) for number, label, state in reported}
    new = [number for number in now if number > max(last, default=0)]
    changed = [number for number, one in last.items() if now.get(number) != one]
    if new:
        return len(new) == 1 and all(last[one][1] == "undone" and now[one] == (last[one][0], "dropped") for one in changed)
    return len(changed) <= 1 and all(now.get(one, ("",))[0] == last[one][0] for one in changed)


def kill_again_and_again(path: Path, owners: Owners, how_many: int) -> dict[str, int]:
    chance = random.Random(20261126)
    counts = {"kills": 0, "acts_shown_as_saved": 0, "killed_within_an_act": 0, "saved_but_not_yet_shown": 0}
    for seed in range(KILLS):
        if seed % _ANEW == 0:
            path.unlink(missing_ok=True)
            save_answer(open_workbook(path), "shop", "汐風書店")
        seeds = [seed * 10 + one for one in range(how_many)]
        said = owners.work_until_killed(seeds, how_many == 1, chance.randrange(1, 40 if LONG else 8), chance.random() * 0.05)
        counts["killed_within_an_act"] += Path(f"{path}-journal").exists()
        book = open_workbook(path)  # at once, as a page does that is opened again
        assert told(book) == "ok"
        now = states(book)
        for reported in said:
            for number, label, _ in reported:
                assert now[number][0] == label, "an act that was shown as saved is not there"
        if how_many == 1:
            assert at_most_one_further(said[-1], now)
            last = {number: (label, state) for number, label, state in said[-1]}
            counts["saved_but_not_yet_shown"] += max(now) > max(last) or now != now | last
        book.close()
        counts["kills"] += how_many
        counts["acts_shown_as_saved"] += len(said)
    return counts


@pytest.mark.parametrize("how_many", [1, 2])
def test_killed_at_any_moment_all_that_was_shown_as_saved_is_there(path: Path, owners: Owners, how_many: int) -> None:
    counts = kill_again_and_again(path, owners, how_many)
    print(json.dumps({"owners_at_once": how_many} | counts))
    assert counts["kills"] == KILLS * how_many and counts["acts_shown_as_saved"] > KILLS
    assert not LONG or counts["killed_within_an_act"] > KILLS // 10, "the kills did not hit acts at work"
