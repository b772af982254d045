"""The best chain of touches for every person at once, given what a touch costs on each day: a shortest way through the days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kizuna.steps.calendar.problem import Chain, Problem

Array = Any  # numpy.ndarray of floats, of ints or of truths; its shape is said where it is made
FAR = np.inf


class Pricer:
    """Shortest chains for all tasks of a problem; the rules of intervals and days are laid down once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        tasks, days = problem.tasks, problem.days
        self._lags = np.arange(days)
        ideal = np.array([task.ideal for task in tasks], dtype=float).reshape(-1, 1)
        self._worst = np.array([task.worst for task in tasks], dtype=float).reshape(-1, 1)
        self._until = np.array([task.until for task in tasks], dtype=float).reshape(-1, 1)
        self._lag = np.abs(self._lags - ideal)
        self._lag[:, : problem.apart] = FAR
        self._first = np.array([[task.first(day) for day in range(days)] for task in tasks], dtype=float).reshape(-1, days)
        self._rest = np.maximum(0, days - 1 - self._lags - ideal)  # what the days after the last touch add
        self._none = np.array([FAR if task.fixed else task.deviation(()) for task in tasks], dtype=float)
        self._free = np.array([[problem.may(task, day) for day in range(days)] for task in tasks], dtype=bool).reshape(-1, days)
        self._stands = np.zeros((len(tasks), days), dtype=bool)
        for place, task in enumerate(tasks):
            self._stands[place, list(task.fixed)] = True
            if task.fixed:
                self._first[place, task.fixed[0] + 1 :] = FAR
                self._rest[place, : task.fixed[-1]] = FAR
        self._likes = np.full((len(tasks), len(problem.ways)), FAR)
        for place, task in enumerate(tasks):
            self._likes[place, list(task.ways)] = np.arange(len(task.ways))

    def chains(self, cost: Array, likes: float, keeping: bool, usable: Array) -> list[Chain | None]:
        """The cheapest chain of each task, None where there is none; ``cost[task, way, day]`` comes on top of the deviation.

        ``likes`` is what each place further down in her liking costs. Without ``keeping`` the longest interval may be passed.
        ``usable[way, day]`` says on which days each way may be used.
        """
        touch = np.where(usable, cost, FAR) + likes * self._likes[:, :, None]
        way = touch.argmin(axis=1)
        node = np.where(self._stands, 0.0, np.where(self._free, touch.min(axis=1), FAR))
        return self._mend(node, way, keeping)

    def _mend(self, node: Array, way: Array, keeping: bool) -> list[Chain | None]:
        """Chains in which no thirty days hold more than the cap, the touches that stand counted in."""
        found = self._walk(node, way, keeping)
        for place, task in enumerate(self._problem.tasks):
            while (chain := found[place]) and (day := self._problem.capped(task, chain)) is not None:
                self._free[place, day] = False
                node[place, day] = FAR
                found[place] = self._walk(node, way, keeping, [place])[0]
        return found

    def _walk(self, node: Array, way: Array, keeping: bool, only: Sequence[int] | None = None) -> list[Chain | None]:
        rows = np.arange(len(self._problem.tasks)) if only is None else np.array(only)
        lag, first, rest, none = self._lag[rows], self._first[rows].copy(), self._rest[rows], self._none[rows]
        node, stands = node[rows], self._stands[rows]
        if keeping:
            ends, worst, until = self._problem.days - 1, self._worst[rows], self._until[rows]
            lag = np.where(self._lags > worst, FAR, lag)
            first[self._lags > until] = FAR
            rest = np.where(ends - self._lags > worst, FAR, rest)
            none = np.where(until[:, 0] < ends, FAR, none)
        best, back = self._forward(node, lag, first, stands, rows, keeping)
        total = best + rest
        last = total.argmin(axis=1)
        return [
            () if none[at] <= total[at, last[at]] and none[at] < FAR else self._trace(at, place, int(last[at]), total, back, way)
            for at, place in enumerate(rows)
        ]

    def _forward(self, node: Array, lag: Array, first: Array, stands: Array, rows: Array, keeping: bool) -> tuple[Array, Array]:
        """The cheapest way to a touch on each day, and the touch before it (-1: none)."""
        best, back = np.full(node.shape, FAR), np.full(node.shape, -1)
        everyone = np.arange(len(rows))
        for day in range(node.shape[1]):
            best[:, day] = first[:, day]
            if day:
                before = best[:, :day] + lag[:, day:0:-1]
                near = before.argmin(axis=1)
                shorter = before[everyone, near] < best[:, day]
                best[shorter, day], back[shorter, day] = before[everyone, near][shorter], near[shorter]
            for at in np.flatnonzero(stands[:, day]):
                self._step_between(best, back, int(at), int(rows[at]), day, keeping)
                best[at, :day] = FAR  # nobody passes by a touch that stands
            best[:, day] += node[:, day]
        return best, back

    def _step_between(self, best: Array, back: Array, at: int, place: int, day: int, keeping: bool) -> None:
        """Two touches that stand may be nearer to one another than those the calendar places."""
        task = self._problem.tasks[place]
        before = max((other for other in task.fixed if other < day), default=None)
        if before is not None and day - before < self._problem.apart and (not keeping or day - before <= task.worst):
            cost = best[at, before] + abs(day - before - task.ideal)
            if cost < best[at, day]:
                best[at, day], back[at, day] = cost, before

    def _trace(self, at: int, place: int, day: int, total: Array, back: Array, way: Array) -> Chain | None:
        if not total[at, day] < FAR:
            return None
        chain = []
        while day >= 0:
            if not self._stands[place, day]:
                chain.append((day, int(way[place, day])))
            day = int(back[at, day])
        return tuple(reversed(chain))
