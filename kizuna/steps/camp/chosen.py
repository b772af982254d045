"""What was chosen for the course on this machine – the timetable, its times, a delay – and the minutes that follow from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kizuna.steps.camp.texts import Table, table, words
from kizuna.steps.camp.timetable import DayPlan, Late, Planned, day_plan, late, read_time
from kizuna.workbook import place

DAY = 24 * 60  # minutes


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


def of_section(file: str) -> tuple[Planned, ...]:
    """The works of one page with the minutes that the chosen timetable gives them (as it was planned anew), else their usual ones; without times."""
    anew = delayed()
    planned = [one for day in days() for one in day.lines] + list(anew[1].day.lines if anew else ())
    minutes = {one.key: one.minutes for one in planned}
    return tuple(Planned(one.title, 0, minutes.get(one.key, one.minutes), one) for one in words().works if one.section == file)


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
