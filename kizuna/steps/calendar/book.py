"""The calendar of a workbook: made from its people and hours, kept as planned touches, shown as it stands now, and checked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.media import media
from kizuna.language.rules import Facts, check_facts
from kizuna.process import Part
from kizuna.steps import people as persons
from kizuna.steps import plan as plans
from kizuna.steps.calendar import words as told
from kizuna.steps.calendar.model import MONTH, Calendar, Fixed, Limits, Month, Someone, Status
from kizuna.steps.calendar.people import DRAFT, people
from kizuna.steps.calendar.problem import Problem
from kizuna.steps.calendar.settings import cap, length, limits, ways
from kizuna.steps.calendar.solve import solve
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Answer, Person, PlannedTouch, Touch, now
from kizuna.workbook.store import Workbook

MADE = "calendar.made"  # the answer that tells of the last calendar: its days, how good it is, whom it leaves out and why


@dataclass(frozen=True)
class PlannedView:
    """One dated touch; ``done`` once it was kept."""

    id: int
    person_id: int
    person: str
    on: date
    medium: str
    medium_name: str
    reason: str
    by: str
    done: bool


@dataclass(frozen=True)
class Left:
    """Somebody for whom more days pass than may, and what would help."""

    person_id: int
    person: str
    why: str


@dataclass(frozen=True)
class CalendarView:
    """The calendar as the file holds it now: its dates, whom it leaves out now, and how it fits the hours."""

    start: date | None  # None: no calendar was made yet
    days: int
    touches: tuple[PlannedView, ...]
    left: tuple[Left, ...]
    stopped: tuple[str, ...]
    months: tuple[Month, ...]
    status: str
    hours: float | None
    plan_minutes: int  # of thirty days, which the plan's items take beforehand
    without_name: int
    others: int = 0  # people who are in time without a touch in these days
    people: tuple[tuple[int, str], ...] = ()  # who may be touched, by id and name

    @property
    def open(self) -> tuple[PlannedView, ...]:
        """The dates that are still to be kept."""
        return tuple(one for one in self.touches if not one.done)


def draft_calendar(book: Workbook, part: Part = Part.FOLLOWUP, today: date | None = None, seconds: float = 20.0) -> Calendar:
    """Make a calendar from ``today`` on; earlier drafts go, what the owner set or kept stays.

    Raises ``KizunaError`` while no hours are written, or where nobody in the workbook could be touched.
    """
    start, days = today or date.today(), length(book)
    some = people(book, start)
    if not [one for one in some if not one.stopped]:
        raise KizunaError("名簿に、お名前の分かる方がまだいません。お名前を書くと、その方の日にちを組めます。")
    rules, used = _limits(book, start), [one.way for one in ways(book) if one.use]
    made = solve(some, used, rules, start, days, seconds)
    names = {one.id: one.name for one in some}
    with book.act("カレンダーを作った") as session:
        for row in session.scalars(select(PlannedTouch).where(PlannedTouch.by == DRAFT, PlannedTouch.touch_id.is_(None))):
            session.delete(row)
        session.flush()
        session.add_all(PlannedTouch(person_id=one.person, on=one.on, medium=one.medium, reason=one.why) for one in made.assignments)
        _tell(
            session,
            {
                "start": start.isoformat(),
                "days": days,
                "part": str(part),
                "status": str(made.status),
                "left": [[one.person, names[one.person], one.why] for one in made.unkept],
            },
        )
    return made


def calendar(book: Workbook, today: date | None = None) -> CalendarView:
    """The calendar as it stands, with what the owner changed; whom it leaves out is counted anew."""
    made = read_answer(book, MADE) or {}
    start = date.fromisoformat(made["start"]) if made else None
    days = int(made.get("days", MONTH))
    with book.reading() as session:
        touches = _planned(session)
        nameless = session.scalar(select(func.count(Person.id)).where(Person.name.is_(None), Person.stopped_on.is_(None))) or 0
    hours, taken = read_answer(book, plans.HOURS), plan_minutes(book)
    if start is None:
        return CalendarView(None, days, touches, (), (), (), "", hours, taken, nameless)
    problem, some = _as_it_stands(book, touches, start, days, today or date.today())
    whys = {person: why for person, _, why in made["left"]}
    left = []
    for task in problem.tasks:
        if (passes := task.passes(())) is not None:
            one = some[task.id]
            why = (
                whys.get(task.id)
                or f"{told.on(start + timedelta(days=passes))}に、前回から{one.worst_days}日をこえます。日にちを足すか、動かしてみてください。"
            )
            left.append(Left(one.id, one.name, why))
    minutes, yen = problem.spent({})
    months = tuple(
        Month(start + timedelta(days=first), last - first, minutes[block], problem.rules.minutes * problem.share(block), yen[block],
              None if problem.rules.yen is None else problem.rules.yen * problem.share(block))
        for block, (first, last) in enumerate(problem.blocks)
    )  # fmt: skip
    stopped = tuple(one.name for one in some.values() if one.stopped)
    others = sum(task.passes(()) is None and not task.fixed for task in problem.tasks)
    status = told.STATUS[Status(made["status"])]
    open_ = tuple((one.id, one.name) for one in some.values() if not one.stopped)
    return CalendarView(start, days, touches, tuple(left), stopped, months, status, hours, taken, nameless, others, open_)


def check_calendar(book: Workbook, today: date | None = None, view: CalendarView | None = None) -> tuple[Finding, ...]:
    """What to look at once more: too often for one person (KZ-09), more than the hours (KZ-14), somebody who wants nothing (ML-03).

    ``view`` is the calendar where it was read already. Days on which somebody came to us are none on which we wrote too often.
    """
    view = view or calendar(book, today)
    since = view.start or today or date.today()
    by_person: defaultdict[int, list[PlannedView]] = defaultdict(list)
    for touch in view.open:
        by_person[touch.person_id].append(touch)
    with book.reading() as session:
        ours = persons.contact_days(session, ours=True)
    most, found = cap(book), list[Finding]()
    for one in persons.everyone(book) if by_person else ():
        mine = by_person.get(one.id, [])
        every = [*(day for day in ours.get(one.id, ()) if day > since - timedelta(days=MONTH)), *(touch.on for touch in mine)]
        often = max((sum(begin <= other < begin + timedelta(days=MONTH) for other in every) for begin in every), default=0)
        refused = one.stopped or any(one.contact(touch.medium).wish == persons.NO for touch in mine)
        if mine and (often > most or refused):
            facts = Facts(touches=often, most_touches=most, stopped=refused)
            found += [replace(each, message=f"{one.called}：{each.message}") for each in check_facts(facts)]
    if view.hours is not None:
        for month in view.months:
            facts = Facts(hours=(month.minutes + view.plan_minutes * month.days / MONTH) / 60, most_hours=view.hours * month.days / MONTH)
            found += check_facts(facts)
    return tuple(found)


def plan_minutes(book: Workbook) -> int:
    """What the decided items of both parts' plans take in thirty days."""
    views = [plans.plan(book, part) for part in Part]
    return round(sum(view.minutes * MONTH / view.days for view in views))


def _as_it_stands(
    book: Workbook, touches: tuple[PlannedView, ...], start: date, days: int, today: date
) -> tuple[Problem, dict[int, Someone]]:
    """The problem with every date as one that stands already, unless its day went by without a touch."""
    planned: defaultdict[int, list[Fixed]] = defaultdict(list)
    for touch in touches:
        if touch.on >= (start if touch.done else max(start, today)):
            planned[touch.person_id].append(Fixed(touch.on, touch.medium))
    some = []
    for one in people(book, start):
        kept = {fixed.on for fixed in planned[one.id]}
        recent = [fixed for fixed in one.fixed if fixed.medium is None and fixed.on not in kept]
        some.append(replace(one, fixed=(*recent, *planned[one.id])))
    used = {touch.medium for touch in touches}
    every = [one.way for one in ways(book) if one.use or one.id in used]
    rules = _limits(book, start) if read_answer(book, plans.HOURS) is not None else limits(book, 0, start)
    return Problem(some, every, rules, start, days), {one.id: one for one in some}


def _limits(book: Workbook, start: date) -> Limits:
    hours = read_answer(book, plans.HOURS)
    if hours is None:
        raise KizunaError("ひと月に使える時間が、まだ書かれていません。このページの「使える時間」に書くと、カレンダーを作れます。")
    return limits(book, max(0.0, hours * 60 - plan_minutes(book)), start)


def _planned(session: Session) -> tuple[PlannedView, ...]:
    """Every date; one that was kept stands on the day on which it was."""
    columns = (PlannedTouch.id, PlannedTouch.person_id, PlannedTouch.on, PlannedTouch.medium, PlannedTouch.reason, PlannedTouch.by)
    query = select(*columns, Person, Touch.on.label("kept")).join(Person, Person.id == PlannedTouch.person_id)
    names = {key: one.name for key, one in media().items()}
    views = [
        PlannedView(
            row.id, row.person_id, row.Person.called, row.kept or row.on, row.medium,
            names.get(row.medium, row.medium), row.reason, row.by, row.kept is not None,
        )
        for row in session.execute(query.outerjoin(Touch, Touch.id == PlannedTouch.touch_id))
    ]  # fmt: skip
    return tuple(sorted(views, key=lambda one: (one.on, one.id)))


def _tell(session: Session, value: dict[str, Any]) -> None:
    answer = session.scalars(select(Answer).where(Answer.key == MADE)).first()
    if answer is None:
        session.add(Answer(key=MADE, value=value))
    else:
        answer.value, answer.saved_at = value, now()
