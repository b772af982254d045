"""Two copies of one workbook that go on apart, as an owner with two machines has them."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import drafts, plan, roster, themes, touches
from kizuna.steps.drafts import Kind
from kizuna.steps.tribe import ties
from kizuna.workbook import history
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.merging.lines import TABLES
from kizuna.workbook.models import Action, Base, Draft, Group, Person, Piece, Quote, Theme, Touch
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook, open_workbook

PART = Part.FOLLOWUP
WORDS = ("電話で知らせてほしいです", "夜も開いているとうれしい", "手書きの一言がうれしかった", "また来ます", "段差が気になりました")


class Machines:
    """A workbook here and its copy there; ``at(there)`` lets what follows be done at that machine."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.here = open_workbook(folder / "わたしのノート.kizuna")
        self.path = folder / "わたしのノート-PC2.kizuna"
        self._patch = monkeypatch

    def part(self) -> Workbook:
        """From here on there are two; returns the one there."""
        shutil.copyfile(Path(self.here.path), self.path)
        self.there = open_workbook(self.path)
        return self.there

    @contextlib.contextmanager
    def away(self) -> Iterator[Workbook]:
        with self._patch.context() as patch:
            patch.setattr(history, "writer", lambda: "さとみ・PC2")
            yield self.there


def say(book: Workbook, who: str, words: str, day: int = 1) -> None:
    hear(book, who, date(2026, 11, day), [Said("買ったあと", Topic.FOLLOWUP, words)])


def contents(book: Workbook) -> dict[str, dict[int, tuple[Any, ...]]]:
    """Every row of every table but history and vectors, by its key."""
    with book.reading() as session:
        return {table.name: {row.id: tuple(row) for row in session.execute(select(table))} for table in TABLES}


def voices(book: Workbook) -> dict[str, str]:
    with book.reading() as session:
        return dict(session.execute(text("SELECT identity, text FROM voice")).tuples().all())


def sound(book: Workbook) -> bool:
    """Whether SQLite finds nothing amiss, and nothing is decided that nobody asks for."""
    with book.reading() as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        unasked = "SELECT count(*) FROM action WHERE decided AND id NOT IN (SELECT action_id FROM evidence)"
        return session.execute(text(unasked)).scalar_one() == 0


def _ids(book: Workbook, kind: type[Base]) -> list[int]:
    with book.reading() as session:
        return list(session.scalars(select(kind.id).order_by(kind.id)))


def act(book: Workbook, kind: int, a: int, b: int, c: int) -> None:
    """One of the many things an owner does, chosen by numbers; what kizuna refuses does not happen."""

    def one(of: type[Base], number: int) -> int:
        found = _ids(book, of)
        return found[number % len(found)] if found else 0

    words = WORDS[c % len(WORDS)]
    acts: list[Callable[[], Any]] = [
        lambda: save_answer(book, "abc"[a % 3], words),
        lambda: say(book, ["ミナト", "アオイ", "ハル"][a % 3], words, b % 3 + 1),
        lambda: say(book, "", words, b % 3 + 1),
        lambda: themes.make(book, PART, words[:6], [one(Quote, b)]),
        lambda: themes.move(book, [one(Quote, a)], one(Theme, b) if c % 4 else None),
        lambda: themes.merge(book, one(Theme, a), one(Theme, b)),
        lambda: themes.remove(book, one(Theme, a)),
        lambda: plan.begin(book, PART, one(Theme, a), date(2026, 11, 1)),
        lambda: plan.edit(book, one(Action, a), title=words, relation="また会いたいから"),
        lambda: plan.tie(book, one(Action, a), one(Quote, b), yes=bool(c % 3)),
        lambda: plan.decide(book, one(Action, a), yes=bool(c % 3)),
        lambda: plan.remove(book, one(Action, a)),
        lambda: touches.log(book, one(Person, a), "told", date(2026, 11, b % 4 + 1)),
        lambda: touches.edit(book, one(Touch, a), note=words),
        lambda: touches.remove(book, one(Touch, a)),
        lambda: drafts.begin(book, PART, Kind.INVITATION, "letter", words={"greeting": words}, quotes={"wish": [one(Quote, a)]}),
        lambda: drafts.write(book, one(Draft, a), "greeting", words),
        lambda: drafts.take(book, one(Draft, a), one(Piece, b)),
        lambda: drafts.remove(book, one(Draft, a)),
        lambda: roster.add(book, ["ミナト", "ツムギ", "レン"][a % 3]),
        lambda: roster.edit(book, one(Person, a), note=words),
        lambda: roster.add_group(book, ["おなじみさん", "はじめての方"][a % 2]),
        lambda: roster.edit_group(book, one(Group, a), name=["おなじみさん", "常連さん"][b % 2]),
        lambda: roster.set_contact(book, one(Person, a), "line", wish=["yes", "no"][b % 2]),
        lambda: ties.know(book, one(Person, a), one(Person, b)),
        book.undo,
        book.redo,
    ]  # fmt: skip
    with contextlib.suppress(KizunaError):
        acts[kind % len(acts)]()
