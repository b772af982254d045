"""What hangs and lies in the room of a course: timetables, the ground rules, slips to choose without a name – and the way for one person alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kizuna.content import load
from kizuna.process import course, section
from kizuna.steps import camp
from kizuna.steps.camp import DayPlan, Mode, Planned, spell_time
from kizuna.steps.self_study import SelfStudy
from kizuna.views.fields import Field
from kizuna.views.sheets import render

SLIPS = 8  # on one sheet of A4


def camp_fields() -> Mapping[str, Field]:
    """The fields that are asked only in a course, and on its certificate."""
    return load("camp_fields.yaml", dict[str, Field])


def timetable_html(days: Sequence[DayPlan]) -> str:
    """The timetable for the instructor: times, modes, what is needed, what to watch – and behind it the notes of its sections."""
    files = {one.work.section for day in days for one in day.lines if one.work}
    told = [(one, found) for one in course().sections if one.file in files and (found := camp.notes().sections.get(one.file))]
    return render(
        "room/timetable.html.j2",
        days=days,
        time=spell_time,
        turns=spell_turns,
        where=spell_place,
        always=camp.notes().always,
        notes=told,
        needed=list(dict.fromkeys(thing for day in days for one in day.lines if one.work for thing in one.work.needed)),
        today=date.today(),
    )


def wall_timetable_html(days: Sequence[DayPlan]) -> str:
    """The timetable to hang on the wall: times and works, large, a sheet for each day."""
    return render("room/wall.html.j2", days=days, time=spell_time)


def rules_html() -> str:
    """The ground rules to hang on the wall, with the question for the check-in."""
    return render("room/rules.html.j2", rules=camp.words().rules, asked=camp_fields()["mood"].question)


def votes_html() -> str:
    """Slips for choosing without a name, to cut out."""
    return render("room/votes.html.j2", vote=camp.words().vote, slips=SLIPS)


def weeks_html(study: SelfStudy) -> str:
    """The five weeks of learning alone, with boxes to tick."""
    return render("room/weeks.html.j2", study=study, title=spell_section)


def spell_turns(one: Planned) -> str:
    """The minutes by mode in words: 「一人で8分 → ペアで6分」."""
    return " → ".join(f"{spell_mode(mode)}{minutes}分" for mode, minutes in one.turns)


def spell_mode(mode: Mode) -> str:
    """How a mode is called."""
    return camp.words().modes[mode]


def spell_place(one: Planned) -> str:
    """The page of a work and the numbers of its headings there; empty where it needs no page."""
    if one.work is None or not one.work.section:
        return ""
    numbers = "・".join(map(str, one.work.headings))
    return f"{spell_section(one.work.section)}　{numbers}番" if numbers else spell_section(one.work.section)


def spell_section(file: str) -> str:
    """A page by its number and its name."""
    return f"{file[:2]} {section(file).title}"
