"""A calendar as a careful person would write it by hand: the most urgent first, each as near to the ideal day as there is room."""

from __future__ import annotations

from kizuna.steps.calendar.problem import Chain, Problem, Room, Task


def greedy(problem: Problem) -> dict[int, Chain]:
    """A chain of touches for each task, by its place; whom it cannot keep waits, and gets what room is left at the end."""
    room = problem.room()
    order = sorted(range(len(problem.tasks)), key=lambda place: (problem.tasks[place].until, problem.tasks[place].id))
    chains: dict[int, Chain] = {}
    for full in (True, False):
        for place in order:
            if place not in chains and (found := _walk(problem, room, problem.tasks[place], full)) is not None:
                chains[place] = found
    return chains


def _walk(problem: Problem, room: Room, task: Task, full: bool) -> Chain | None:
    """Touch after touch until the end; None where the interval cannot be kept (unless not ``full``: then as far as it goes)."""
    undo = (list(room.minutes), list(room.yen), list(room.day), set(room.out))
    chain: list[tuple[int, int]] = []
    ahead = list(task.fixed)
    due, limit, soonest = task.due, task.until, 0 if task.clock is None else task.clock + problem.apart
    while limit < task.ends or due <= task.ends or ahead:
        there = ahead[0] if ahead else None
        if there is not None and there <= limit and due > there - problem.apart:
            due, limit, soonest = there + task.ideal, there + task.worst, there + problem.apart
            ahead.pop(0)
            continue
        last = min(limit, task.ends) if there is None else min(limit, there - 1)
        placed = _place(problem, room, task, chain, due, max(0, soonest), last)
        if placed is not None:
            chain.append(placed)
            due, limit, soonest = placed[0] + task.ideal, placed[0] + task.worst, placed[0] + problem.apart
        elif there is not None and there <= limit:
            due = there  # no room before what stands: go on from there
        else:
            break
    if full and task.passes(tuple(chain)) is not None:
        room.minutes, room.yen, room.day, room.out = undo
        return None
    return tuple(chain)


def _place(
    problem: Problem, room: Room, task: Task, chain: list[tuple[int, int]], due: int, first: int, last: int
) -> tuple[int, int] | None:
    """The day nearest to ``due`` on which one of her media still has room, and that medium."""
    for day in sorted(range(first, last + 1), key=lambda day: (abs(day - due), day)):
        if not problem.may(task, day) or problem.capped(task, (*chain, (day, 0))) is not None:
            continue
        for way in task.ways:
            if _take(problem, room, way, day):
                return day, way
    return None


def _take(problem: Problem, room: Room, way: int, day: int) -> bool:
    one, block = problem.ways[way], problem.block(day)
    out = (way, day) in room.out
    minutes = one.each[0] + (0 if out else one.once[0])
    yen = one.each[1] + (0 if out else one.once[1])
    if minutes > room.minutes[block] or yen > room.yen[block] or minutes > room.day[day]:
        return False
    room.minutes[block] -= minutes
    room.yen[block] -= yen
    room.day[day] -= minutes
    if not one.per_person:
        room.out.add((way, day))
    return True
