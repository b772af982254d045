"""The last touch on a calendar: an even load, where it costs nothing of what matters more."""

from __future__ import annotations

from collections.abc import Mapping

from kizuna.steps.calendar.problem import Chain, Problem, Task

_FAR, _SWEEPS = 6, 3  # days by which a touch may move in one step; how often all are looked at


def evened(problem: Problem, chains: Mapping[int, Chain]) -> dict[int, Chain]:
    """The same touches, some moved by a few days from full days to emptier ones; nobody waits longer, no day is farther from the ideal."""
    made = dict(chains)
    load = problem.day_minutes(made)
    most_day = float("inf") if problem.rules.day_minutes is None else problem.rules.day_minutes
    for _ in range(_SWEEPS):
        moved = False
        for place, task in enumerate(problem.tasks):
            for number in range(len(made[place])):
                if (better := _moved(problem, task, made[place], number, load, most_day)) is not None:
                    minutes = problem.ways[better[number][1]].each[0]
                    load[made[place][number][0]] -= minutes
                    load[better[number][0]] += minutes
                    made[place], moved = better, True
        if not moved:
            break
    return made


def _moved(problem: Problem, task: Task, chain: Chain, number: int, load: list[int], most_day: float) -> Chain | None:
    """The chain with one touch on the emptiest day near by, if that is better; a touch stays in its month, so that hours hold."""
    day, way = chain[number]
    minutes = problem.ways[way].each[0]
    if not problem.ways[way].per_person or not minutes:
        return None
    passes, deviation = task.passes(chain), task.deviation(chain)
    first, last = problem.blocks[problem.block(day)]
    near = [other for other in range(max(first, day - _FAR), min(last, day + _FAR + 1)) if load[other] + minutes < load[day]]
    for other in sorted(near, key=lambda one: (load[one], abs(one - day), one)):
        better = (*chain[:number], (other, way), *chain[number + 1 :])
        beside = [one for at, (one, _) in enumerate(chain) if at in (number - 1, number + 1)]
        if (
            load[other] + minutes <= most_day
            and all(abs(one - other) >= problem.apart for one in beside)
            and problem.may(task, other)
            and problem.capped(task, better) is None
            and task.passes(better) == passes
            and task.deviation(better) <= deviation
        ):
            return better
    return None
