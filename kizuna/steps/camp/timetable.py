"""A timetable with its times, and how a day that is late is planned anew."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kizuna.errors import KizunaError
from kizuna.steps.camp.texts import Mode, Table, Work, share, works
from kizuna.workbook.reading.cell import shorten


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
