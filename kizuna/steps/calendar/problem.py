"""The same in whole numbers: days counted from the first one, people with their clocks, and what is left of each limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from kizuna.errors import KizunaError
from kizuna.steps.calendar.model import MONTH, Limits, Someone, Way

Chain = tuple[tuple[int, int], ...]  # touches of one person that are added: (day, way), in order of days
LONGEST = 366


@dataclass(frozen=True)
class Task:
    """One person in numbers. ``due`` is the ideal day of the first touch, ``until`` the last one that still keeps the interval."""

    id: int
    ideal: int
    worst: int
    ways: tuple[int, ...]
    clock: int | None  # the day of the last touch, before the first day; None: never
    due: int
    until: int
    late: bool
    fixed: tuple[int, ...]  # days on which a touch stands already
    known: tuple[int, ...]  # all touches that stand, before the first day too, each as often as it was
    ends: int  # the last day

    def days(self, chain: Chain) -> list[int]:
        """All days on which she is touched."""
        return sorted({*self.fixed, *(day for day, _ in chain)})

    def first(self, day: int) -> int:
        """How far a first touch on ``day`` is from its ideal day; for somebody never touched no day is too early."""
        return max(0, day - self.due) if self.clock is None else abs(day - self.due)

    def deviation(self, chain: Chain) -> int:
        """Days between touches and their ideal days, and those by which the next one is due before the end."""
        days = self.days(chain)
        if not days:
            return max(0, self.ends - self.due)
        inside = sum(abs(after - before - self.ideal) for before, after in pairwise(days))
        return self.first(days[0]) + inside + max(0, self.ends - days[-1] - self.ideal)

    def passes(self, chain: Chain) -> int | None:
        """The first day on which more days have passed than may; None if she is kept."""
        limit = self.until
        for day in self.days(chain):
            if day > limit:
                return limit + 1
            limit = day + self.worst
        return limit + 1 if limit < self.ends else None


@dataclass
class Room:
    """What is left of each limit while touches are placed; ``out`` are the days on which something goes out to everybody."""

    minutes: list[float]
    yen: list[float]
    day: list[float]
    out: set[tuple[int, int]] = field(default_factory=set)


class Problem:
    """A calendar to be made."""

    def __init__(self, people: Sequence[Someone], media: Sequence[Way], rules: Limits, start: date, days: int) -> None:
        _check(people, media, rules, days)
        self.people, self.ways, self.rules, self.start, self.days = people, tuple(media), rules, start, days
        self.apart = rules.apart
        self.open = [rules.works(start + timedelta(days=day)) for day in range(days)]
        self.blocks = [(first, min(first + MONTH, days)) for first in range(0, days, MONTH)]
        self._numbers = {way.id: number for number, way in enumerate(self.ways)}
        self.tasks = [self._task(one) for one in people if not one.stopped]
        self.standing = self._standing()

    def block(self, day: int) -> int:
        """The number of the month in which a day lies."""
        return day // MONTH

    def share(self, block: int) -> float:
        """How much of thirty days a block is; the last one may be shorter."""
        first, last = self.blocks[block]
        return (last - first) / MONTH

    def room(self) -> Room:
        """What may still be used beside the touches that stand already (never less than nothing)."""
        minutes, yen = self.spent({})
        most_yen = float("inf") if self.rules.yen is None else self.rules.yen
        most_day = float("inf") if self.rules.day_minutes is None else self.rules.day_minutes
        by_day = self.day_minutes({})
        return Room(
            [max(0.0, self.rules.minutes * self.share(block) - minutes[block]) for block in range(len(self.blocks))],
            [max(0.0, most_yen * self.share(block) - yen[block]) for block in range(len(self.blocks))],
            [max(0.0, most_day - by_day[day]) for day in range(self.days)],
            {(way, day) for way, day in self.standing if not self.ways[way].per_person},
        )

    def spent(self, chains: Mapping[int, Chain]) -> tuple[list[int], list[int]]:
        """Minutes and yen of each month: what stands already, and these chains (by the place of their task)."""
        minutes, yen = [0] * len(self.blocks), [0] * len(self.blocks)
        for (way, day), people in self._going_out(chains).items():
            one = self.ways[way]
            minutes[self.block(day)] += one.once[0] + one.each[0] * people
            yen[self.block(day)] += one.once[1] + one.each[1] * people
        return minutes, yen

    def day_minutes(self, chains: Mapping[int, Chain]) -> list[int]:
        """Minutes of each day."""
        minutes = [0] * self.days
        for (way, day), people in self._going_out(chains).items():
            minutes[day] += self.ways[way].once[0] + self.ways[way].each[0] * people
        return minutes

    def capped(self, task: Task, chain: Chain) -> int | None:
        """The last day of ``chain`` that lies in thirty days with more touches than the cap; None if there is none."""
        if not self.clumped(task):
            return None  # touches that are evenly apart cannot break the cap
        added = [day for day, _ in chain]
        every = sorted([*task.known, *added])
        for place, day in enumerate(every):
            within = [other for other in every[place:] if other < day + MONTH]
            mine = [other for other in within if other in added]
            if len(within) > self.rules.cap and mine:
                return mine[-1]
        return None

    def clumped(self, task: Task) -> bool:
        """Whether touches that stand are nearer to one another than the calendar would place them."""
        return any(after - before < self.apart for before, after in pairwise(task.known))

    def may(self, task: Task, day: int) -> bool:
        """Whether a touch may be added on this day: a day of work, and far enough from the touches that stand."""
        near = (abs(day - other) < self.apart for other in task.known)
        return self.open[day] and not any(near) and self.capped(task, ((day, 0),)) is None

    def value(self, chains: Mapping[int, Chain]) -> tuple[int, int]:
        """How bad these chains are: people not kept, then days of deviation."""
        passed = sum(task.passes(chains[place]) is not None for place, task in enumerate(self.tasks))
        return passed, sum(task.deviation(chains[place]) for place, task in enumerate(self.tasks))

    def _going_out(self, chains: Mapping[int, Chain]) -> dict[tuple[int, int], int]:
        """How many people get what on which day."""
        counted: defaultdict[tuple[int, int], int] = defaultdict(int)
        for key, people in self.standing.items():
            counted[key] += people
        for chain in chains.values():
            for day, way in chain:
                counted[way, day] += 1
        return counted

    def _standing(self) -> dict[tuple[int, int], int]:
        counted: defaultdict[tuple[int, int], int] = defaultdict(int)
        for one in self.people:
            for touch in one.fixed:
                day, way = (touch.on - self.start).days, self._numbers.get(touch.medium or "")
                if way is not None and 0 <= day < self.days:
                    counted[way, day] += 1
        return counted

    def _task(self, one: Someone) -> Task:
        known = sorted((touch.on - self.start).days for touch in one.fixed)
        past = [day for day in known if day < 0]
        if one.last_touch is not None:
            past.append((one.last_touch - self.start).days)
        clock = max(past, default=None)
        late = clock is not None and clock + one.worst_days < 0
        due = one.ideal_days if clock is None else 0 if late else max(0, clock + one.ideal_days)
        until = one.worst_days if clock is None else self.rules.grace - 1 if late else clock + one.worst_days
        if clock is not None and clock not in known:
            known.append(clock)
        fixed = tuple(sorted({day for day in known if max(0, (clock if clock is not None else -1) + 1) <= day < self.days}))
        ways = tuple(dict.fromkeys(self._numbers[name] for name in one.media if name in self._numbers and name not in one.refused))
        return Task(one.id, one.ideal_days, one.worst_days, ways, clock, due, until, late, fixed, tuple(sorted(known)), self.days - 1)


def _check(people: Iterable[Someone], media: Iterable[Way], rules: Limits, days: int) -> None:
    if not 1 <= days <= LONGEST:
        raise KizunaError(f"カレンダーの長さは、1日から{LONGEST}日までの数で書いてください。")
    if not 0 <= rules.minutes < 1_000_000 or rules.cap < 1 or rules.gap < 0 or rules.grace < 1:
        raise KizunaError("カレンダーの決まり（時間・回数の上限・間の日数）には、0以上の数を書いてください。回数の上限は1からです。")
    if any(min(way.minutes, way.yen, way.minutes_each, way.yen_each) < 0 for way in media):
        raise KizunaError("届け方の分と円には、0以上の数を書いてください。")
    for one in people:
        if not 1 <= one.ideal_days <= one.worst_days:
            raise KizunaError(
                f"{one.name}の間の日数を直してください。「ちょうどよい間」は1日以上、「いちばん間があいても」はそれと同じか長い日数です。"
            )
