"""Which chain for whom: a set partitioning model over chains that are found as they are wanted (column generation), with HiGHS.

With the days given on which something goes out to everybody (``improve`` settles them), the model has one row a person and a few for
minutes, yen and days, so that its relaxation is nearly whole and the whole one quickly solved.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from kizuna.steps.calendar.pricing import Array, Pricer
from kizuna.steps.calendar.problem import Chain, Problem, Room

LIKES, MISSED = 0.05, 1000.0  # a place further down in liking, and a person not kept, beside one day of deviation
NEAR = 0.01  # a calendar this near to its bound counts as the best
_NODES, _PER_PERSON = 200, 15  # of the whole model's search; chains of each person that it may choose from

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
