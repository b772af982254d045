"""Which chain for whom: a set partitioning model over chains that are found as they are wanted (column generation), with HiGHS.

On which days something goes out to everybody (a newsletter) is settled first: by looking around from several beginnings, each judged by
the relaxed model, for many people on a part of them. With these days given, the model has one row a person and a few for minutes, yen
and days, so that its relaxation is nearly whole and the whole one quickly solved.
"""

from __future__ import annotations

import copy
import itertools
import math
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from kizuna.steps.calendar.pricing import Array, Pricer
from kizuna.steps.calendar.problem import Chain, Problem, Room

LIKES, MISSED = 0.05, 1000.0  # a place further down in liking, and a person not kept, beside one day of deviation
NEAR = 0.01  # a calendar this near to its bound counts as the best
_SAMPLE, _TRIES, _FEW = 120, 60, 60  # people on whom days for everybody are tried; how many sets of days (twice as many for a few)
_ROUNDS_TRIED, _ROUNDS, _NODES, _PER_PERSON = 4, 30, 200, 15

Issues = frozenset[tuple[int, int]]  # (way, day): what goes out to everybody when


@dataclass(frozen=True)
class Column:
    """A chain of one task with what it is worth and what it takes: entries of the rows below the people's."""

    place: int
    chain: Chain
    missed: bool
    deviation: int
    worth: float
    rows: tuple[int, ...]
    takes: tuple[float, ...]
    needs: Issues


@dataclass
class Relaxed:
    """What the relaxed model says: its value, a bound below every calendar, the columns with their shares, and prices."""

    value: float
    bound: float
    columns: list[Column]
    shares: Array = field(repr=False)
    prices: Array = field(repr=False)


class Model:
    """A problem's columns, and the models over them."""

    def __init__(self, problem: Problem, room: Room, until: float, share: float = 1.0) -> None:
        self.problem, self._room, self._until, self._share = problem, room, until, share
        self._pricer = Pricer(problem)
        self._people, self._blocks = len(problem.tasks), len(problem.blocks)
        self._by_day = problem.rules.day_minutes is not None
        self._columns: dict[tuple[int, Chain], Column] = {}

    def part(self, count: int) -> Model:
        """The same for about so many of the people, evenly picked, with their part of the room."""
        places = range(0, self._people, max(1, -(-self._people // count)))
        problem, share = copy.copy(self.problem), len(places) / self._people
        problem.tasks = [self.problem.tasks[place] for place in places]
        return Model(problem, self._room, self._until, share)

    # ---- columns

    def note(self, place: int, chain: Chain | None) -> Column | None:
        """Keep a chain; None if it is known (or none)."""
        if chain is None or (place, chain) in self._columns:
            return None
        task, ways = self.problem.tasks[place], self.problem.ways
        entries: dict[int, float] = {}
        for day, way in chain:
            minutes, yen = ways[way].each
            block = self.problem.block(day)
            for row, value in ((block, minutes), (self._blocks + block, yen), (2 * self._blocks + day, minutes * self._by_day)):
                if value:
                    entries[row] = entries.get(row, 0.0) + value
        missed, deviation = task.passes(chain) is not None, task.deviation(chain)
        worth = deviation + LIKES * sum(task.ways.index(way) for _, way in chain)
        needs = frozenset((way, day) for day, way in chain if not ways[way].per_person) - self._room.out
        made = Column(place, chain, missed, deviation, worth, tuple(entries), tuple(entries.values()), needs)
        self._columns[place, chain] = made
        return made

    def known(self, place: int, chain: Chain) -> Column:
        """The column of a chain."""
        self.note(place, chain)
        return self._columns[place, chain]

    def seed(self, issues: Issues) -> list[bool]:
        """Chains to begin with: none, the nearest, the lightest. Returns who can be kept at all if hours were endless."""
        minutes = np.array([way.each[0] for way in self.problem.ways], dtype=float)
        kept: list[bool] = []
        for weight in (0.0, 1.0, 100.0):
            cost = np.broadcast_to(weight * minutes[None, :, None], self._shape)
            for keeping in (True, False):
                chains = self._pricer.chains(cost, LIKES, keeping, self.usable(issues))
                kept = kept or [chain is not None for chain in chains]
                for place, chain in enumerate(chains):
                    self.note(place, chain)
        for place in range(self._people):
            self.note(place, ())
        return kept

    @property
    def _shape(self) -> tuple[int, int, int]:
        return self._people, len(self.problem.ways), self.problem.days

    def usable(self, issues: Collection[tuple[int, int]]) -> Array:
        """On which days each way may be used: what is for each person on any day of work, what is for everybody when it goes out."""
        usable = np.zeros(self._shape[1:], dtype=bool)
        for way, one in enumerate(self.problem.ways):
            usable[way] = self.problem.open if one.per_person else False
        for way, day in (*issues, *self._room.out):
            usable[way, day] = self.problem.open[day]
        return usable

    # ---- room

    def limits(self, issues: Issues) -> Array:
        """What is left for each person's touches once these issues are paid: minutes and yen by month, minutes by day."""
        left = np.array([*self._room.minutes, *self._room.yen, *(self._room.day if self._by_day else ())])
        for way, day in issues:
            minutes, yen = self.problem.ways[way].once
            block = self.problem.block(day)
            left[block] -= minutes
            left[self._blocks + block] -= yen
            if self._by_day:
                left[2 * self._blocks + day] -= minutes
        return left * np.where(left < 0, 1.0, self._share)

    def fits(self, issues: Issues) -> bool:
        """Whether there is room for these issues at all."""
        return bool((self.limits(issues) >= 0).all())

    # ---- the relaxed model

    def relax(self, issues: Issues, rounds: int, thorough: bool = True) -> Relaxed:
        """Solve the relaxed model, adding chains that are wanted at its prices for so many rounds."""
        usable, limits = self.usable(issues), self.limits(issues)
        columns = [one for one in self._columns.values() if one.needs <= issues]
        solver = self._made(columns, limits, [one.worth + MISSED * one.missed for one in columns])
        bound = -math.inf
        for _ in range(rounds):
            solver.run()
            solution = solver.getSolution()
            prices = np.array(solution.row_dual)
            fresh, slack = self._wanted(prices, usable, thorough)
            value = solver.getInfo().objective_function_value
            bound = max(bound, value - slack)
            if not fresh or time.monotonic() > self._until:
                break
            columns += fresh
            _add(solver, fresh, [one.worth + MISSED * one.missed for one in fresh], self._people)
        solver.run()
        solution, value = solver.getSolution(), solver.getInfo().objective_function_value
        return Relaxed(value, bound, columns, np.array(solution.col_value), np.array(solution.row_dual))

    def _wanted(self, prices: Array, usable: Array, thorough: bool) -> tuple[list[Column], float]:
        """New chains that would better the plan at these prices, and by how much all chains together could at most."""
        cost = self._cost(prices)
        fresh, slack = [], np.zeros(self._people)
        for keeping in (True, False) if thorough else (True,):
            for place, chain in enumerate(self._pricer.chains(cost, LIKES, keeping, usable)):
                if chain is None:
                    continue
                new = self.note(place, chain)
                one = new or self._columns[place, chain]
                gain = prices[place] - one.worth - MISSED * one.missed - sum(cost[place, way, day] for day, way in chain)
                slack[place] = max(slack[place], gain)
                if new and gain > 1e-6:
                    fresh.append(new)
        return fresh, float(slack.sum())

    def _cost(self, prices: Array) -> Array:
        """What each way costs on each day at these prices of the rows."""
        below = prices[self._people :]
        blocks = np.array([self.problem.block(day) for day in range(self.problem.days)])
        minute = below[blocks] + (below[2 * self._blocks :] if self._by_day else 0)
        yen = below[self._blocks + blocks]
        each = np.array([way.each for way in self.problem.ways], dtype=float).reshape(-1, 2)
        return np.broadcast_to(-(each[:, :1] * minute + each[:, 1:] * yen)[None], self._shape)

    def below(self, prices: Array, issues: Iterable[tuple[int, int]]) -> float:
        """A bound below every calendar, whatever goes out when: everybody may use all ``issues`` without paying for them."""
        cost, best = self._cost(prices), np.full(self._people, math.inf)
        for keeping in (True, False):
            for place, chain in enumerate(self._pricer.chains(cost, LIKES, keeping, self.usable(list(issues)))):
                if chain is not None:
                    one = self.known(place, chain)
                    best[place] = min(best[place], one.worth + MISSED * one.missed + sum(cost[place, way, day] for day, way in chain))
        limits = self.limits(frozenset())
        paid = prices[self._people :]
        return float(best.sum() + (paid[paid != 0] * limits[paid != 0]).sum())

    # ---- the whole model

    def whole(self, relaxed: Relaxed, issues: Issues, start: dict[int, Column]) -> tuple[dict[int, Column], bool]:
        """One chain for each task from the columns that matter; whether it is proven to be the best of them."""
        columns = self._that_matter(relaxed, start)
        limits, proven = self.limits(issues), True
        for goal in ("missed", "near"):
            costs = [one.worth + MISSED * one.missed * (goal == "missed") for one in columns]
            solver = self._made(columns, limits, costs, whole=True)
            if goal == "near":
                missed = [number for number, one in enumerate(columns) if one.missed]
                most = float(sum(one.missed for one in start.values()))
                solver.addRow(-highspy.kHighsInf, most, len(missed), np.array(missed, dtype=np.int32), np.ones(len(missed)))
            begin = highspy.HighsSolution()
            begin.col_value = [float(start[one.place] is one) for one in columns]
            solver.setSolution(begin)
            self._hold(solver)
            solver.run()
            if solver.getInfo().primal_solution_status == 2:
                values = solver.getSolution().col_value
                start = {one.place: one for number, one in enumerate(columns) if values[number] > 0.5}
            proven = proven and solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return start, proven

    def _that_matter(self, relaxed: Relaxed, start: Mapping[int, Column]) -> list[Column]:
        """For each task the columns that are nearest to being wanted, and the one it starts with."""
        below = relaxed.prices[self._people :]
        by_place: dict[int, list[tuple[float, int]]] = {}
        for number, one in enumerate(relaxed.columns):
            reduced = one.worth + MISSED * one.missed - sum(below[row] * value for row, value in zip(one.rows, one.takes, strict=True))
            by_place.setdefault(one.place, []).append((reduced, number))
        chosen: list[Column] = []
        for place, ranked in by_place.items():
            kept = [relaxed.columns[number] for _, number in sorted(ranked)[:_PER_PERSON]]
            chosen += kept if any(one is start[place] for one in kept) else [*kept, start[place]]
        return chosen

    def more_minutes(self, issues: Issues, can_keep: Sequence[bool]) -> int | None:
        """So many more minutes in thirty days would keep everybody who can be kept at all; None if minutes alone would not do."""
        lightest = np.broadcast_to(100.0 * np.array([way.each[0] for way in self.problem.ways])[None, :, None], self._shape)
        for place, chain in enumerate(self._pricer.chains(lightest, LIKES, True, self.usable(issues))):
            self.note(place, chain)
        columns = [one for one in self._columns.values() if one.needs <= issues and not (one.missed and can_keep[one.place])]
        solver = self._made(columns, self.limits(issues), [0.0] * len(columns))
        shares = np.array([-self.problem.share(block) for block in range(self._blocks)])
        rows = np.arange(self._people, self._people + self._blocks, dtype=np.int32)
        solver.addCol(1.0, 0.0, highspy.kHighsInf, self._blocks, rows, shares)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        heaviest = max((way.each[0] for way in self.problem.ways), default=0)  # the relaxed model shares one touch out between ways
        return math.ceil(float(solver.getSolution().col_value[len(columns)]) - 1e-6) + heaviest

    def _hold(self, solver: Any) -> None:
        solver.setOptionValue("mip_max_nodes", _NODES)
        solver.setOptionValue("mip_rel_gap", NEAR / 4)
        solver.setOptionValue("time_limit", max(1.0, self._until - time.monotonic()))

    def _made(self, columns: Sequence[Column], limits: Array, costs: Sequence[float], whole: bool = False) -> Any:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(columns), self._people + len(limits)
        model.col_cost_, model.col_lower_ = np.array(costs, dtype=float), np.zeros(len(columns))
        model.col_upper_ = np.full(len(columns), 1.0 if whole else highspy.kHighsInf)
        model.row_lower_ = np.concatenate([np.ones(self._people), np.full(len(limits), -highspy.kHighsInf)])
        model.row_upper_ = np.concatenate([np.ones(self._people), np.where(np.isinf(limits), highspy.kHighsInf, limits)])
        starts, rows, values = _matrix(columns, self._people)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = np.append(starts, len(rows)), rows, values
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * len(columns)
        solver = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 1), ("parallel", "off")):
            solver.setOptionValue(option, value)
        solver.passModel(model)
        return solver


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


def _matrix(columns: Sequence[Column], people: int) -> tuple[Array, Array, Array]:
    """Starts, rows and values of the columns, one after the other."""
    lengths = [len(one.rows) + 1 for one in columns]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int32) if columns else np.zeros(0, dtype=np.int32)
    rows = np.array([row for one in columns for row in (one.place, *(people + row for row in one.rows))], dtype=np.int32)
    values = np.array([value for one in columns for value in (1.0, *one.takes)], dtype=float)
    return starts, rows, values


def _add(solver: Any, columns: Sequence[Column], costs: Sequence[float], people: int) -> None:
    starts, rows, values = _matrix(columns, people)
    count = len(columns)
    solver.addCols(count, np.array(costs), np.zeros(count), np.full(count, highspy.kHighsInf), len(rows), starts, rows, values)
