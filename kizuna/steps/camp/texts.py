"""The works of a course in one room with their minutes, its timetables, and what an instructor keeps in mind, as the content files tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from pydantic import model_validator

from kizuna.content import Entry, load


class Mode(StrEnum):
    """How people work together, in the order in which a work goes through them."""

    ALONE = "alone"
    PAIR = "pair"
    ALL = "all"


class Work(Entry):
    """One work: its page and the numbered headings there, minutes by mode in their order, and the fewest minutes it needs."""

    key: str
    title: str
    section: str = ""
    headings: list[int] = []
    turns: dict[Mode, int]
    shortest: int
    needed: list[str]
    watch: str

    @property
    def minutes(self) -> int:
        """Its usual minutes."""
        return sum(self.turns.values())

    def shared(self, minutes: int) -> tuple[tuple[Mode, int], ...]:
        """So many minutes by mode, in proportion to the usual ones; at least one each."""
        each = len(self.turns)
        parts = share(minutes - each, [usual - 1 for usual in self.turns.values()])
        return tuple((mode, 1 + part) for mode, part in zip(self.turns, parts, strict=True))

    @model_validator(mode="after")
    def _holds(self) -> Work:
        if not (len(self.turns) <= self.shortest <= self.minutes and min(self.turns.values()) >= 1):
            raise ValueError("turns and shortest do not fit")
        return self


class Slot(Entry):
    """One line of a timetable: a work, or a pause."""

    work: str = ""
    pause: str = ""
    minutes: int

    @model_validator(mode="after")
    def _is_one(self) -> Slot:
        if bool(self.work) == bool(self.pause) or self.minutes < 1:
            raise ValueError("either a work or a pause")
        return self


class Day(Entry):
    """One day of a timetable, with the time at which it usually begins."""

    title: str
    start: str
    slots: list[Slot]


class Table(Entry):
    """A timetable; ``leave_out`` are the works that are left out where time is short, the first first."""

    key: str
    title: str
    lead: str
    leave_out: list[str]
    days: list[Day]


class Vote(Entry):
    """The words on a slip for choosing without a name."""

    title: str
    ask: str
    why: str
    told: str


class CampWords(Entry):
    """Everything in ``camp.yaml``."""

    modes: dict[Mode, str]
    rules: list[str]
    vote: Vote
    works: list[Work]
    tables: list[Table]

    @model_validator(mode="after")
    def _fits(self) -> CampWords:
        works = {one.key: one for one in self.works}
        for table in self.tables:
            named = [slot for day in table.days for slot in day.slots if slot.work]
            if any(slot.work not in works or slot.minutes < works[slot.work].shortest for slot in named):
                raise ValueError("a slot names no work, or is shorter than it may be")
            if set(table.leave_out) - {slot.work for slot in named}:
                raise ValueError("leave_out names what the table does not have")
        return self


class Thought(Entry):
    """One thing an instructor always keeps in mind."""

    title: str
    text: str


class Notes(Entry):
    """Notes for one section: where people get stuck, what to ask them, what advice not to give."""

    stuck: list[str]
    ask: list[str]
    avoid: list[str]


class NoteWords(Entry):
    """Everything in ``camp_notes.yaml``; ``sections`` by their files."""

    always: list[Thought]
    sections: dict[str, Notes]


def words() -> CampWords:
    """Works and timetables as ``content/camp.yaml`` tells them."""
    return load("camp.yaml", CampWords)


def notes() -> NoteWords:
    """The facilitator's notes as ``content/camp_notes.yaml`` tells them."""
    return load("camp_notes.yaml", NoteWords)


def works() -> Mapping[str, Work]:
    """Every work by its key."""
    return {one.key: one for one in words().works}


def table(key: str) -> Table:
    """The timetable called ``key``."""
    return next(one for one in words().tables if one.key == key)


def share(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """``total`` in whole numbers in proportion to ``weights``; nobody gets more than his weight while ``total`` is not more than all of them."""
    whole = sum(weights)
    if not whole:
        return (*([0] * (len(weights) - 1)), total) if weights else ()
    exact = [divmod(total * weight, whole) for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-exact[place][1], place))
    more = set(order[: total - sum(number for number, _ in exact)])
    return tuple(number + (place in more) for place, (number, _) in enumerate(exact))
