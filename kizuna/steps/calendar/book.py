"""The calendar of a workbook: made from its people and hours, kept as planned touches, changed by the owner, and checked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
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
from kizuna.steps import plan as plans
from kizuna.steps.calendar import words as told
from kizuna.steps.calendar.model import MONTH, Calendar, Fixed, Limits, Month, Someone, Status
from kizuna.steps.calendar.problem import Problem
from kizuna.steps.calendar.settings import length, limits, ways
from kizuna.steps.calendar.solve import solve
from kizuna.steps.people import GONE as PERSON_GONE
from kizuna.steps.people import words as people_words
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Answer, Contact, Group, Person, PlannedTouch, Touch, Voice, now
from kizuna.workbook.models.people import called
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

DRAFT, OWNER = "draft", "person"
MADE = "calendar.made"  # the answer that tells of the last calendar: its days, how good it is, whom it leaves out and why
TOUCHED = "told"  # the kind of touch that a kept date becomes
YES, NO = "yes", "no"


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

    ``view`` is the calendar where it was read already.
    """
    view = view or calendar(book, today)
    since = view.start or today or date.today()
    some = {one.id: one for one in people(book, since, everybody=True)}
    cap = limits(book, 0, since).cap
    found: list[Finding] = []
    by_person: defaultdict[int, list[PlannedView]] = defaultdict(list)
    for touch in view.open:
        by_person[touch.person_id].append(touch)
    for person_id, mine in by_person.items():
        if (one := some.get(person_id)) is None:
            continue
        every = sorted([*(touch.on for touch in one.fixed), *(touch.on for touch in mine)])
        most = max(sum(begin <= other < begin + timedelta(days=MONTH) for other in every) for begin in every)
        refused = one.stopped or any(touch.medium in one.refused for touch in mine)
        if most <= cap and not refused:
            continue
        facts = Facts(touches=most, most_touches=cap, stopped=refused)
        found += [replace(each, message=f"{one.name}：{each.message}") for each in check_facts(facts)]
    if view.hours is not None:
        for month in view.months:
            facts = Facts(hours=(month.minutes + view.plan_minutes * month.days / MONTH) / 60, most_hours=view.hours * month.days / MONTH)
            found += check_facts(facts)
    return tuple(found)


def people(book: Workbook, today: date, everybody: bool = False) -> list[Someone]:
    """The people with a name who are no part of the shop, as the solver takes them: touches of the last thirty days and the owner's own dates stand.

    With ``everybody`` also those of the shop; the owner's own dates are then left out.
    """
    ordered = [one.id for one in ways(book) if one.use]
    asked = {one.id for one in ways(book) if one.ask}
    with book.reading() as session:
        groups = {group.id: group for group in session.scalars(select(Group))}
        touched = _touched(session)
        contacts: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for who, medium, wish in session.execute(select(Contact.person_id, Contact.medium, Contact.wish).order_by(Contact.id)):
            contacts[who].append((medium, wish))
        planned: defaultdict[int, list[Fixed]] = defaultdict(list)
        own = select(PlannedTouch.person_id, PlannedTouch.on, PlannedTouch.medium)
        for who, on, medium in session.execute(
            own.where(PlannedTouch.by == OWNER, PlannedTouch.touch_id.is_(None), PlannedTouch.on >= today)
        ):
            planned[who].append(Fixed(on, medium))
        found = []
        people = people_words()
        inside = {one.key for one in people.relations if one.inside}
        columns = (Person.id, Person.name, Person.relation, Person.group_id, Person.ideal_days, Person.worst_days, Person.stopped_on)
        for person in session.execute(select(*columns).where(Person.name.is_not(None)).order_by(Person.id)):
            if person.relation in inside and not everybody:
                continue
            days = sorted(touched[person.id])
            before = [day for day in days if day <= today]
            group = groups.get(person.group_id or 0)
            worst = person.worst_days or (group.worst_days if group else None) or people.worst_days
            ideal = person.ideal_days or (group.ideal_days if group else None) or people.ideal_days
            wanted = [medium for medium, wish in contacts[person.id] if wish == YES and medium in ordered]
            refused = frozenset(medium for medium, wish in contacts[person.id] if wish == NO)
            free = [medium for medium in ordered if medium not in asked and medium not in refused]
            recent = [Fixed(day) for day in days if day > today - timedelta(days=MONTH)]
            found.append(
                Someone(
                    person.id, called(person.name), before[-1] if before else None, max(1, min(ideal, worst)), max(1, worst), tuple(wanted or free),
                    person.stopped_on is not None, tuple(recent if everybody else [*recent, *planned[person.id]]), refused,
                )
            )  # fmt: skip
    return found


def plan_minutes(book: Workbook) -> int:
    """What the decided items of both parts' plans take in thirty days."""
    views = [plans.plan(book, part) for part in Part]
    return round(sum(view.minutes * MONTH / view.days for view in views))


def move(book: Workbook, planned_id: int, on: date) -> None:
    """Put a date on another day; it is the owner's from now on."""
    if not isinstance(on, date):
        raise KizunaError("日にちを選んでください。")
    with book.act("カレンダーの日にちを動かした") as session:
        row = _open_row(session, planned_id)
        row.on, row.by, row.reason = on, OWNER, f"ご自分で{told.on(on)}に決めました。"


def change(book: Workbook, planned_id: int, medium: str) -> None:
    """Let a date be kept by another medium; it is the owner's from now on. Raises ``KizunaError`` where she wants nothing by it."""
    _known(medium)
    with book.act("カレンダーの届け方を変えた") as session:
        row = _open_row(session, planned_id)
        _refuse_unwanted(session, session.get_one(Person, row.person_id), medium)
        row.medium, row.by, row.reason = medium, OWNER, f"ご自分で{media()[medium].name}に決めました。"


def add(book: Workbook, person_id: int, on: date, medium: str, reason: str = "自分で入れました。") -> int:
    """Add a date of the owner's own; returns its id. Raises ``KizunaError`` for somebody who wants to hear nothing, or not by this medium."""
    _known(medium)
    if not isinstance(on, date):
        raise KizunaError("日にちを選んでください。")
    with book.act("カレンダーに日にちを入れた") as session:
        person = fetch(session, Person, person_id, PERSON_GONE)
        _refuse_unwanted(session, person, medium)
        row = PlannedTouch(person_id=person_id, on=on, medium=medium, reason=reason, by=OWNER)
        session.add(row)
        session.flush()
        return row.id


def remove(book: Workbook, planned_id: int) -> None:
    """Take a date off the calendar (undo brings it back)."""
    with book.act("カレンダーから日にちを外した") as session:
        session.delete(_row(session, planned_id))


def done(book: Workbook, planned_id: int, today: date | None = None) -> int:
    """Note that a date was kept: a touch stands behind it from now on, on its day or today if that is still to come; returns the touch's id."""
    with book.act("「できた」と書いた") as session:
        row = _row(session, planned_id)
        if row.touch_id is not None:
            return row.touch_id
        touch = Touch(person_id=row.person_id, on=min(row.on, today or date.today()), kind=TOUCHED, medium=row.medium)
        session.add(touch)
        session.flush()
        row.touch_id = touch.id
        return touch.id


def undo_done(book: Workbook, planned_id: int) -> None:
    """Take back that a date was kept; the touch that stood behind it goes."""
    with book.act("「できた」を取り消した") as session:
        row = _row(session, planned_id)
        touch = session.get(Touch, row.touch_id or 0)
        row.touch_id = None
        session.flush()
        if touch is not None:
            session.delete(touch)


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


def _touched(session: Session) -> Mapping[int, set[date]]:
    """The days on which each person was touched or interviewed."""
    found: defaultdict[int, set[date]] = defaultdict(set)
    heard = select(Voice.person_id, Voice.heard_on).where(Voice.step == "research", Voice.heard_on.is_not(None)).distinct()
    for query in (select(Touch.person_id, Touch.on), heard):
        for person_id, day in session.execute(query):
            found[person_id].add(day)
    return found


def _planned(session: Session) -> tuple[PlannedView, ...]:
    """Every date; one that was kept stands on the day on which it was."""
    columns = (PlannedTouch.id, PlannedTouch.person_id, PlannedTouch.on, PlannedTouch.medium, PlannedTouch.reason, PlannedTouch.by)
    query = select(*columns, Person.name, Touch.on.label("kept")).join(Person, Person.id == PlannedTouch.person_id)
    names = {key: one.name for key, one in media().items()}
    views = [
        PlannedView(
            row.id, row.person_id, f"お名前のない方 {row.person_id}" if row.name is None else called(row.name), row.kept or row.on, row.medium,
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


def _row(session: Session, planned_id: int) -> PlannedTouch:
    return fetch(session, PlannedTouch, planned_id, "この日にちは、ほかの画面で外されました。画面を新しくしてください。")


def _open_row(session: Session, planned_id: int) -> PlannedTouch:
    row = _row(session, planned_id)
    if row.touch_id is not None:
        raise KizunaError("「できた」としるしたものは、動かせません。先に「これから」に戻してください。")
    return row


def _refuse_unwanted(session: Session, person: Person, medium: str) -> None:
    no = select(Contact.id).where(Contact.person_id == person.id, Contact.medium == medium, Contact.wish == NO)
    if person.stopped_on is not None or session.scalar(no) is not None:
        raise KizunaError(f"{person.called}：{check_facts(Facts(stopped=True))[0].message}。")


def _known(medium: str) -> None:
    if medium not in media():
        raise KizunaError("届け方は、一覧の中から選んでください。")
