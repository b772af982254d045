"""Make a calendar: by hand first, then with the solver; what comes out is never worse than by hand."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from kizuna.steps.calendar import words
from kizuna.steps.calendar.even import evened
from kizuna.steps.calendar.greedy import greedy
from kizuna.steps.calendar.model import Assignment, Calendar, Limits, Month, Reason, Someone, Status, Unkept, Way
from kizuna.steps.calendar.problem import Chain, Problem, Task

SECONDS = 20.0  # a bound for slow machines; the effort itself is bounded by counts, so that the same input gives the same calendar


def solve(
    people: Sequence[Someone],
    media: Sequence[Way],
    rules: Limits,
    start: date,
    days: int,
    seconds: float = SECONDS,
    by_hand: bool = False,
) -> Calendar:
    """The calendar of ``days`` days from ``start``: as few people unkept as can be, then near the ideal days, then what each likes.

    Minutes, money, cap, stop list, refusals and days off hold whatever else; touches that stand already are left as they are.
    ``by_hand`` takes the greedy plan, which also serves where HiGHS is missing. Raises ``KizunaError`` for numbers that make no sense.
    """
    problem = Problem(people, media, rules, start, days)
    chains, status, more = greedy(problem), Status.GREEDY, None
    can_keep: list[bool] | None = None
    if problem.tasks and not by_hand and importlib.util.find_spec("highspy"):
        from kizuna.steps.calendar.improve import improve

        chains, proven, can_keep, more = improve(problem, chains, seconds)
        status = Status.BEST if proven else Status.GOOD
    elif not problem.tasks and not by_hand:
        status = Status.BEST
    if not by_hand:
        chains = evened(problem, chains)
    return _calendar(problem, chains, status, more, can_keep)


def _calendar(problem: Problem, chains: Mapping[int, Chain], status: Status, more: int | None, can_keep: Sequence[bool] | None) -> Calendar:
    by_id = {one.id: one for one in problem.people}
    assignments = [
        Assignment(
            task.id, problem.start + timedelta(days=day), problem.ways[way].id, words.why(problem, by_id[task.id], task, chain, number)
        )
        for place, task in enumerate(problem.tasks)
        for chain in (chains[place],)
        for number, (day, way) in enumerate(chain)
    ]
    unkept = [
        _unkept(problem, by_id[task.id], task, passes, can_keep is None or can_keep[place], more)
        for place, task in enumerate(problem.tasks)
        if (passes := task.passes(chains[place])) is not None
    ]
    return Calendar(
        problem.start,
        problem.days,
        tuple(sorted(assignments, key=lambda one: (one.on, one.person))),
        tuple(sorted(unkept, key=lambda one: (one.passes_on, one.person))),
        tuple(one.id for one in problem.people if one.stopped),
        tuple(task.id for task in problem.tasks if task.late),
        _months(problem, chains),
        problem.value(chains)[1],
        status,
        more,
    )


def _months(problem: Problem, chains: Mapping[int, Chain]) -> tuple[Month, ...]:
    minutes, yen = problem.spent(chains)
    return tuple(
        Month(
            problem.start + timedelta(days=first),
            last - first,
            minutes[block],
            problem.rules.minutes * problem.share(block),
            yen[block],
            None if problem.rules.yen is None else problem.rules.yen * problem.share(block),
        )
        for block, (first, last) in enumerate(problem.blocks)
    )


def _unkept(problem: Problem, one: Someone, task: Task, passes: int, could: bool, more: int | None) -> Unkept:
    reason = Reason.MEDIUM if not task.ways else Reason.HOURS if could else Reason.DAYS
    lighter = _lighter(problem, one, task)
    on = problem.start + timedelta(days=passes)
    minutes = more if reason is Reason.HOURS else None
    return Unkept(one.id, reason, on, minutes, lighter.id if lighter else None, words.unkept(problem, one, reason, on, minutes, lighter))


def _lighter(problem: Problem, one: Someone, task: Task) -> Way | None:
    """A medium she has not refused that takes less for her than what she may be reached by now: worth asking her about."""
    now = min((problem.ways[way].each[0] for way in task.ways), default=None)
    asked = [
        way
        for number, way in enumerate(problem.ways)
        if number not in task.ways and way.id not in one.refused and (now is None or way.each[0] < now)
    ]
    return min(asked, key=lambda way: (way.each[0], way.once[0]), default=None)
