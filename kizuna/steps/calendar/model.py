"""What a calendar is made from, and what comes out: people, ways to reach them, limits; touches with their reasons, and whom it cannot keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MONTH = 30  # days; hours, money and the cap are counted over so many
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True)
class Way:
    """A medium with what it takes: ``minutes`` and ``yen`` for each person, or (not ``per_person``) once a day for everybody.

    What reaches everybody at once may take a little more for each: ``minutes_each`` (an address), ``yen_each`` (a stamp).
    """

    id: str
    name: str
    minutes: int
    yen: int = 0
    per_person: bool = True
    minutes_each: int = 0
    yen_each: int = 0

    @property
    def once(self) -> tuple[int, int]:
        """Minutes and yen of a day on which it goes out, however many get it."""
        return (0, 0) if self.per_person else (self.minutes, self.yen)

    @property
    def each(self) -> tuple[int, int]:
        """Minutes and yen for each person."""
        return (self.minutes, self.yen) if self.per_person else (self.minutes_each, self.yen_each)


@dataclass(frozen=True)
class Fixed:
    """A touch that stands already: one that was, or one that the owner set."""

    on: date
    medium: str | None = None


@dataclass(frozen=True)
class Someone:
    """A person: days between two touches (the ideal, the most that may pass), and the media she may be reached by, most liked first."""

    id: int
    name: str
    last_touch: date | None
    ideal_days: int
    worst_days: int
    media: tuple[str, ...]
    stopped: bool = False
    fixed: tuple[Fixed, ...] = ()
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Limits:
    """What a calendar must hold: minutes (and yen) in thirty days, minutes a day, days off, and how often one person may be touched.

    ``cap`` counts over all media and any thirty days; it is held by spacing touches evenly (``apart``). Somebody who has waited too
    long already is to be touched within ``grace`` days.
    """

    minutes: float
    cap: int = 4
    gap: int = 7
    weekdays: frozenset[int] = EVERY_DAY  # Monday is 0
    off: frozenset[date] = frozenset()
    day_minutes: float | None = None
    yen: float | None = None
    grace: int = 14

    @property
    def apart(self) -> int:
        """The fewest days between two touches of one person that a calendar places."""
        return max(self.gap, -(-MONTH // max(self.cap, 1)), 1)

    def works(self, day: date) -> bool:
        """Whether the owner works on this day."""
        return day.weekday() in self.weekdays and day not in self.off


class Reason(StrEnum):
    """Why somebody cannot be kept."""

    MEDIUM = "medium"  # nothing by which she may be reached
    DAYS = "days"  # no days of work lie so that cap and interval both hold
    HOURS = "hours"  # minutes or money do not last


class Status(StrEnum):
    """How good a calendar is."""

    BEST = "best"  # proven: none keeps more people, and none is nearer to the ideal days by more than a hundredth
    GOOD = "good"  # the limit of effort came first
    GREEDY = "greedy"  # one person after the other, without the solver


@dataclass(frozen=True)
class Assignment:
    """One touch: who, when, how, and in one sentence why."""

    person: int
    on: date
    medium: str
    why: str


@dataclass(frozen=True)
class Unkept:
    """Somebody for whom more days pass than may: from ``passes_on`` on; ``more_minutes`` a month or a ``lighter`` medium would do."""

    person: int
    reason: Reason
    passes_on: date
    more_minutes: int | None
    lighter: str | None
    why: str


@dataclass(frozen=True)
class Month:
    """Up to thirty days of a calendar: what they take of what may be used."""

    start: date
    days: int
    minutes: int
    most_minutes: float
    yen: int
    most_yen: float | None


@dataclass(frozen=True)
class Calendar:
    """A dated plan in which the hours hold, and the honest list of whom it cannot keep."""

    start: date
    days: int
    assignments: tuple[Assignment, ...]
    unkept: tuple[Unkept, ...]
    stopped: tuple[int, ...]  # people who want to hear nothing: no day for them, and no reproach
    late: tuple[int, ...]  # people who had waited too long before the first day
    months: tuple[Month, ...]
    deviation: int  # days between touches and their ideal days, over all people
    status: Status
    more_minutes: int | None = None  # a month, with which everybody could be kept whom only the hours leave out

    @property
    def end(self) -> date:
        """The last day."""
        return self.start + timedelta(days=self.days - 1)

    @property
    def minutes(self) -> int:
        """Minutes of all touches, those that stood already among them."""
        return sum(month.minutes for month in self.months)

    @property
    def yen(self) -> int:
        """Yen of all touches."""
        return sum(month.yen for month in self.months)
