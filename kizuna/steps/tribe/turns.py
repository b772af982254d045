"""Turns and subjects: what is recorded of the talk in the place, by hand or from the times of a talk that was read in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from kizuna.steps.tribe.talks import To
from kizuna.steps.tribe.words import number
from kizuna.workbook.models import Talk
from kizuna.workbook.store import Workbook

_SAME_DAY = timedelta(hours=12)  # by hand only days are known: the same day


class Line(StrEnum):
    """Between whom somebody spoke: the owner to the members, a member to the owner, members among themselves (to all of them, too)."""

    OWNER = "owner"
    TO_OWNER = "to_owner"
    AMONG = "among"


@dataclass(frozen=True)
class Turn:
    """Somebody's turn to speak, however many messages it took; without a speaker it was the owner's."""

    at: datetime
    speaker_id: int | None
    to: To

    @property
    def line(self) -> Line:
        """Between whom it was."""
        if self.speaker_id is None:
            return Line.OWNER
        return Line.TO_OWNER if self.to is To.OWNER else Line.AMONG


@dataclass(frozen=True)
class Subject:
    """A subject that somebody opened, and who of the others answered it first; ``answered_at`` None: nobody has."""

    at: datetime
    speaker_id: int | None
    answered_at: datetime | None = None
    answered_by: int | None = None
    after: timedelta | None = None


@dataclass(frozen=True)
class Record:
    """All that is recorded of the place: turns, subjects, and on which days who came without being heard."""

    turns: tuple[Turn, ...]
    subjects: tuple[Subject, ...]
    came: tuple[tuple[datetime, int | None], ...]


def read(book: Workbook) -> Record:
    """All that is recorded of the place, by hand and from talks that were read in."""
    with book.reading() as session:
        rows = session.scalars(select(Talk).order_by(Talk.at, Talk.id)).all()
    return record(rows)


def record(rows: Sequence[Talk]) -> Record:
    """Turns and subjects of these rows: by hand as they were written, from talks as their times tell."""
    turns, subjects = told([(one.at, one.speaker_id) for one in rows if one.source_id is not None])
    by_hand = [one for one in rows if one.source_id is None]
    turns += [Turn(one.at, one.speaker_id, To(one.to)) for one in by_hand if one.to != To.CAME]
    answers = {one.answer_to: one for one in by_hand if one.answer_to is not None}
    subjects += [_subject(one, answers.get(one.id)) for one in by_hand if one.begins]
    came = tuple((one.at, one.speaker_id) for one in by_hand if one.to == To.CAME)
    return Record(tuple(sorted(turns, key=lambda one: one.at)), tuple(sorted(subjects, key=lambda one: one.at)), came)


def told(times: Iterable[tuple[datetime, int | None]]) -> tuple[list[Turn], list[Subject]]:
    """The turns and subjects of a talk of which only the times are known.

    Whoever speaks after hours of quiet opens a subject; the next to speak answers it first, and each speaks to the one before. A subject
    that nobody has answered yet waits longer for the others than one that was talked about.
    """
    quiet, waiting = (timedelta(hours=number(key)) for key in ("quiet_hours", "waiting_hours"))
    turns: list[Turn] = []
    subjects: list[Subject] = []
    last: tuple[datetime, int | None] | None = None
    for at, who in times:
        open_ = bool(subjects) and subjects[-1].answered_at is None and who != subjects[-1].speaker_id
        if last is None or at - last[0] >= (waiting if open_ else quiet):
            turns.append(Turn(at, who, To.ALL))
            subjects.append(Subject(at, who))
        elif who != last[1]:
            turns.append(Turn(at, who, To.OWNER if last[1] is None else To.MEMBER))
            if open_:
                begun = subjects[-1]
                subjects[-1] = Subject(begun.at, begun.speaker_id, at, who, at - begun.at)
        last = (at, who)
    return turns, subjects


def _subject(row: Talk, answer: Talk | None) -> Subject:
    if answer is None:
        return Subject(row.at, row.speaker_id)
    return Subject(row.at, row.speaker_id, answer.at, answer.speaker_id, max(answer.at - row.at, _SAME_DAY))
