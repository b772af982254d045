"""From a calendar made by hand to the best one: first the days on which something goes out to everybody, then a chain for each person.

The days (of a newsletter) are settled by looking around from several beginnings, each judged by the relaxed model, for many people on a
part of them.
"""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator, Mapping

from kizuna.steps.calendar.master import MISSED, NEAR, Column, Issues, Model, Relaxed
from kizuna.steps.calendar.problem import Chain, Problem

_SAMPLE, _TRIES, _FEW = 120, 60, 60  # people on whom days for everybody are tried; how many sets of days (twice as many for a few)
_ROUNDS_TRIED, _ROUNDS = 4, 30


def improve(problem: Problem, by_hand: dict[int, Chain], seconds: float) -> tuple[dict[int, Chain], bool, list[bool], int | None]:
    """Chains no worse than those made by hand; whether they are proven (nearly) best; who can be kept at all; minutes that lack."""
    model = Model(problem, problem.room(), time.monotonic() + seconds)
    made = frozenset((way, day) for chain in by_hand.values() for day, way in chain if not problem.ways[way].per_person)
    made -= problem.room().out
    every = _possible(problem) | made
    issues = _days_for_everybody(model, every, made)
    can_keep = model.seed(every)
    model.seed(issues)
    relaxed = model.relax(issues, _ROUNDS)
    starts = [_rounded(model, relaxed, issues)]
    if made <= issues:
        starts.append({place: model.known(place, chain) for place, chain in by_hand.items()})
    start = min(starts, key=_value)
    found, whole = model.whole(relaxed, issues, start)
    found = min(found, start, key=_value)
    bound = model.below(relaxed.prices, every)
    proven = whole and sum(one.worth + MISSED * one.missed for one in found.values()) <= bound + NEAR * abs(bound) + 1.0
    missed = any(one.missed and can_keep[place] for place, one in found.items())
    wider = dict.fromkeys([issues, *(issues | more for more in _rhythms(every))])
    more = min((lacks for one in wider if (lacks := model.more_minutes(one, can_keep)) is not None), default=None) if missed else None
    chains = {place: one.chain for place, one in found.items()}
    return min(chains, by_hand, key=problem.value), proven, can_keep, more


def _possible(problem: Problem) -> Issues:
    """When something may go out to everybody: in the middle of each week."""
    wanted = {way for task in problem.tasks for way in task.ways if not problem.ways[way].per_person}
    days = []
    for first in range(0, problem.days, 7):
        week = [day for day in range(first, min(first + 7, problem.days)) if problem.open[day]]
        days += week[len(week) // 2 : len(week) // 2 + 1]
    return frozenset((way, day) for way in wanted for day in days)


def _days_for_everybody(model: Model, every: Issues, made: Issues) -> Issues:
    """The set of issues with which the relaxed model is best: a few rhythms, those made by hand, then one changed or moved at a time."""
    if not every:
        return frozenset()
    small = model.part(_SAMPLE)
    small.seed(every)
    tries = _TRIES if len(model.problem.tasks) > _FEW else 2 * _TRIES
    tried: dict[Issues, float] = {}

    def tell(issues: Issues) -> float:
        if issues not in tried:
            tried[issues] = small.relax(issues, _ROUNDS_TRIED, thorough=False).value if model.fits(issues) else math.inf
        return tried[issues]

    best = min([*_rhythms(every), made], key=tell)
    changed = True
    while changed:
        changed = False
        for change in _changes(every | made):
            if len(tried) >= tries:
                return best
            if (len(change) == 1 or len(best & change) == 1) and tell(best ^ change) < tell(best) - 1e-6:
                best, changed = best ^ change, True
    return best


def _changes(every: Issues) -> list[Issues]:
    """Every issue let go or added, day after day; then every one moved to the day before or after."""
    moves = [frozenset(pair) for pair in itertools.pairwise(sorted(every)) if pair[0][0] == pair[1][0]]
    return [frozenset({one}) for one in sorted(every, key=lambda one: (one[1], one[0]))] + moves


def _rhythms(every: Issues) -> Iterator[Issues]:
    """Each way on its own and all together: never, every week, every second, every fourth, every eighth."""
    ways = sorted({way for way, _ in every})
    yield frozenset()
    for which in dict.fromkeys((*((way,) for way in ways), tuple(ways))):
        days = sorted({day for _, day in every})
        for step in (1, 2, 4, 8):
            yield frozenset((way, day) for way in which for day in days[step // 2 :: step])


def _rounded(model: Model, relaxed: Relaxed, issues: Issues) -> dict[int, Column]:
    """A whole plan from the relaxed one: the largest shares first, each where there is still room."""
    left, people = model.limits(issues).copy(), len(model.problem.tasks)
    ranked: dict[int, list[int]] = {place: [] for place in range(people)}
    for number, one in enumerate(relaxed.columns):
        ranked[one.place].append(number)
    order = sorted(ranked, key=lambda place: (-max(relaxed.shares[number] for number in ranked[place]), place))
    plan = {}
    for place in order:
        best = sorted(
            ranked[place],
            key=lambda number: (-round(relaxed.shares[number], 6), relaxed.columns[number].missed, relaxed.columns[number].worth),
        )
        for one in (relaxed.columns[number] for number in best):
            if all(value <= left[row] + 1e-9 for row, value in zip(one.rows, one.takes, strict=True)):
                for row, value in zip(one.rows, one.takes, strict=True):
                    left[row] -= value
                plan[place] = one
                break
    return plan


def _value(plan: Mapping[int, Column]) -> tuple[int, float]:
    return sum(one.missed for one in plan.values()), sum(one.worth for one in plan.values())
