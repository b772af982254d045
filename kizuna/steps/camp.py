"""The course in one room: its works with their minutes, timetables that shrink when it is late, and what an instructor keeps in mind."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import model_validator

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.workbook import place
from kizuna.workbook.reading.cell import shorten

DAY = 24 * 60  # minutes


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


@dataclass(frozen=True)
class Planned:
    """One line of a timetable with its time; ``begins`` and ``ends`` are minutes of the day, ``work`` is None in a pause."""

    title: str
    begins: int
    minutes: int
    work: Work | None = None

    @property
    def ends(self) -> int:
        """When it ends."""
        return self.begins + self.minutes

    @property
    def key(self) -> str:
        """The key of its work, empty for a pause."""
        return self.work.key if self.work else ""

    @property
    def room(self) -> int:
        """By how many minutes it could be shorter; pauses stay."""
        return self.minutes - self.work.shortest if self.work else 0

    @property
    def turns(self) -> tuple[tuple[Mode, int], ...]:
        """Its minutes by mode."""
        return self.work.shared(self.minutes) if self.work else ()


@dataclass(frozen=True)
class DayPlan:
    """One day as it is planned; ``leave_out`` as in its table."""

    title: str
    lines: tuple[Planned, ...]
    leave_out: tuple[str, ...] = ()

    @property
    def ends(self) -> int:
        """When the day ends."""
        return self.lines[-1].ends


@dataclass(frozen=True)
class Late:
    """A day planned anew from its line ``at`` on; ``missing`` are the minutes it would go on past its end, 0 where the end is kept."""

    day: DayPlan
    at: int
    left_out: tuple[Planned, ...] = ()
    missing: int = 0


@dataclass(frozen=True)
class Delay:
    """What the instructor said when it was late: on which day, which line is to begin next, and at what time."""

    day: int
    at: int
    now: int


@dataclass(frozen=True)
class Setting:
    """What was chosen for the course on this machine: the timetable, the time each day begins, and a delay."""

    table: Table
    starts: tuple[int, ...]
    delay: Delay | None = None


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


def day_plan(of: Table, day: int, start: int) -> DayPlan:
    """One day of a timetable, beginning at ``start``."""
    lines: list[Planned] = []
    for slot in of.days[day].slots:
        work = works().get(slot.work)
        lines.append(Planned(work.title if work else slot.pause, lines[-1].ends if lines else start, slot.minutes, work))
    return DayPlan(of.days[day].title, tuple(lines), tuple(of.leave_out))


def late(plan: DayPlan, at: int, now: int) -> Late:
    """The day where its line ``at`` begins only ``now``; what came before stays as it was, and so does everything where it is not late.

    Works become shorter in proportion to what each can spare; then works are left out, in the order of ``leave_out``, as few as will do.
    Pauses stay as they are. What is still too much is told as ``missing``, and the day then ends so much later; where a work left out
    gives more than was needed, it ends a little earlier.
    """
    over = now - plan.lines[at].begins
    if over <= 0:
        return Late(plan, at)
    rest, left_out = list(plan.lines[at:]), []
    for key in plan.leave_out:
        if over <= sum(one.room for one in rest):
            break
        for one in [one for one in rest if one.key == key]:
            rest.remove(one)
            left_out.append(one)
            over -= one.minutes
    cut = min(max(over, 0), sum(one.room for one in rest))
    cuts = share(cut, [one.room for one in rest])
    shorter = [replace(one, minutes=one.minutes - less) for one, less in zip(rest, cuts, strict=True)]
    lines = (*plan.lines[:at], *_from(now, shorter))
    return Late(replace(plan, lines=lines), at, tuple(left_out), max(over - cut, 0))


def share(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """``total`` in whole numbers in proportion to ``weights``; nobody gets more than his weight while ``total`` is not more than all of them."""
    whole = sum(weights)
    if not whole:
        return (*([0] * (len(weights) - 1)), total) if weights else ()
    exact = [divmod(total * weight, whole) for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-exact[place][1], place))
    more = set(order[: total - sum(number for number, _ in exact)])
    return tuple(number + (place in more) for place, (number, _) in enumerate(exact))


def of_section(file: str) -> tuple[Planned, ...]:
    """The works of one page with the minutes that the chosen timetable gives them (as it was planned anew), else their usual ones; without times."""
    anew = delayed()
    planned = [one for day in days() for one in day.lines] + list(anew[1].day.lines if anew else ())
    minutes = {one.key: one.minutes for one in planned}
    return tuple(Planned(one.title, 0, minutes.get(one.key, one.minutes), one) for one in words().works if one.section == file)


def setting() -> Setting:
    """What was chosen on this machine; what cannot be read, or no longer fits, is as if it had not been chosen."""
    kept = place.course_setting()
    of = next((one for one in words().tables if one.key == kept.get("table")), words().tables[0])
    starts = kept.get("starts") if kept.get("table") == of.key else None
    fits = isinstance(starts, list) and len(starts) == len(of.days) and all(_is_time(one) for one in starts)
    found = Setting(of, tuple(starts) if fits and starts else tuple(read_time(day.start) for day in of.days))
    return replace(found, delay=_delay(kept.get("delay"), of))


def choose_table(key: str) -> None:
    """From now on the course follows this timetable, from its usual times on."""
    if key != setting().table.key:
        place.keep_course_setting({"table": table(key).key})


def choose_start(day: int, text: str) -> None:
    """The day begins at the time that is written. Raises ``KizunaError`` where it is none."""
    starts = list(setting().starts)
    starts[day] = read_time(text)
    place.keep_course_setting({"table": setting().table.key, "starts": starts})


def choose_delay(day: int, at: int, text: str) -> None:
    """Keep that the line ``at`` of the day begins at the time that is written. Raises ``KizunaError`` where it is none."""
    place.keep_course_setting(_kept() | {"delay": {"day": day, "at": at, "now": read_time(text)}})


def forget_delay() -> None:
    """Back to the timetable as it was planned."""
    place.keep_course_setting(_kept())


def days() -> tuple[DayPlan, ...]:
    """The chosen timetable, day by day, as it was planned."""
    chosen = setting()
    return tuple(day_plan(chosen.table, day, start) for day, start in enumerate(chosen.starts))


def delayed() -> tuple[int, Late] | None:
    """The day that was planned anew, and how; None where nothing was late."""
    found = setting().delay
    return None if found is None else (found.day, late(days()[found.day], found.at, found.now))


def read_time(text: str) -> int:
    """The minutes of the day that a person wrote as a time (「9:30」「９時半」「14時」). Raises ``KizunaError`` where it is none."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = re.fullmatch(r"(午前|午後)?([0-9]{1,2})(?::([0-9]{2})|時(?:([0-9]{1,2})分|(半))?)", plain)
    hour = int(found[2]) + (12 if found[1] == "午後" and int(found[2]) < 12 else 0) if found else 24
    minute = int(found[3] or found[4] or (30 if found[5] else 0)) if found else 0
    if hour > 23 or minute > 59:
        raise KizunaError(f"「{shorten(text)}」は時刻として読めません。「9:30」や「14時半」のように書いてください。")
    return hour * 60 + minute


def spell_time(minutes: int) -> str:
    """The minutes of a day as a time: 「9:05」."""
    return f"{minutes // 60}:{minutes % 60:02}"


def _from(begins: int, lines: Sequence[Planned]) -> list[Planned]:
    found: list[Planned] = []
    for one in lines:
        found.append(replace(one, begins=found[-1].ends if found else begins))
    return found


def _kept() -> dict[str, Any]:
    chosen = setting()
    return {"table": chosen.table.key, "starts": list(chosen.starts)}


def _delay(kept: Any, of: Table) -> Delay | None:
    if not isinstance(kept, dict) or not all(type(kept.get(key)) is int for key in ("day", "at", "now")):
        return None
    found = Delay(kept["day"], kept["at"], kept["now"])
    fits = 0 <= found.day < len(of.days) and 0 <= found.at < len(of.days[found.day].slots) and _is_time(found.now)
    return found if fits else None


def _is_time(found: Any) -> bool:
    return type(found) is int and 0 <= found < DAY
