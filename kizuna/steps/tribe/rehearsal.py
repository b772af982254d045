"""The rehearsal (まねごと): a small made-up gathering over twelve weeks, to feel why several fans are needed and why nothing is sold inside.

The same settings give the same result on every machine: whole numbers only, and Python promises the stream of ``random()`` for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from pydantic import Field, model_validator

from kizuna.content import Entry, load

WEEKS = 12
MEMBERS = (2, 60)
SHARE = (10, 90)
MOST_SALES = 3
RUNS = 20  # gatherings looked at together, since one alone may be luck
_DRAWS = 8  # random numbers kept for one turn: its place in the week, who has the floor, whether she speaks, whom she meets, their answers
_LUCK = 2**48
_WHOLE = 100


class Numbers(Entry):
    """The made-up numbers of the gathering, in percent where they are no counts; ``content/rehearsal.yaml`` says each of them in words."""

    turns: int = Field(ge=1, le=7)
    hearers: int = Field(ge=1, le=3)
    fan: int = Field(ge=0, le=100)
    other: int = Field(ge=0, le=100)
    answered: int = Field(ge=0, le=100)
    known: int = Field(ge=0, le=100)
    friends: int = Field(ge=0, le=60)
    unanswered: int = Field(ge=0, le=100)
    floor: int = Field(ge=0, le=100)
    quiet: int = Field(ge=0, le=100)
    sale: int = Field(ge=0, le=100)
    back: int = Field(ge=0, le=100)
    low: int = Field(ge=0, le=100)
    patience: int = Field(ge=1, le=12)
    most: int = Field(ge=0, le=100)
    alive: int = Field(ge=2, le=60)


class Settings(Entry):
    """One gathering to rehearse: how many members, how many of them fans, how often the owner takes the floor (percent), weeks with a sales post."""

    members: int = Field(ge=MEMBERS[0], le=MEMBERS[1])
    fans: int = Field(ge=0, le=MEMBERS[1])
    share: int = Field(ge=SHARE[0], le=SHARE[1])
    sales: tuple[int, ...] = Field((), max_length=MOST_SALES)

    @model_validator(mode="after")
    def _fits(self) -> Settings:
        if self.fans > self.members or tuple(sorted(set(self.sales))) != self.sales or not set(self.sales) <= set(range(1, WEEKS + 1)):
            raise ValueError("fans are members, and sales stand on different weeks in their order")
        return self


class Preset(Entry):
    """Two gatherings that differ in one thing, and why the course says what it says about it."""

    name: str
    sides: tuple[Settings, Settings]
    why: str


class RehearsalWords(Entry):
    """Everything in ``rehearsal.yaml``."""

    numbers: Numbers
    assumptions: list[str]
    notice: str
    presets: list[Preset]

    @property
    def told(self) -> tuple[str, ...]:
        """The assumptions with their numbers."""
        return tuple(one.format(**self.numbers.model_dump()) for one in self.assumptions)


@dataclass(frozen=True)
class Week:
    """One week: exchanges (a word and its answer) between members, words of the owner's, members in an exchange, and members who still come."""

    number: int
    between: int
    owner: int
    talkers: int
    coming: int
    sale: bool


@dataclass(frozen=True)
class Rehearsal:
    """What became of a gathering; ``pairs`` says how often two members exchanged words in the last four weeks, ``owner_pairs`` each with the owner."""

    settings: Settings
    weeks: tuple[Week, ...]
    pairs: dict[tuple[int, int], int]
    owner_pairs: dict[int, int]
    gone: frozenset[int]
    least: int

    @property
    def alive(self) -> int:
        """In how many weeks enough members talked with one another."""
        return sum(one.talkers >= self.least for one in self.weeks)

    @property
    def between(self) -> int:
        """Exchanges between members over all weeks."""
        return sum(one.between for one in self.weeks)

    @property
    def lasts(self) -> bool:
        """Whether the last week is still alive."""
        return self.weeks[-1].talkers >= self.least


def words() -> RehearsalWords:
    """The numbers and what is said of them, as ``content/rehearsal.yaml`` tells them."""
    return load("rehearsal.yaml", RehearsalWords)


@lru_cache(maxsize=1024)
def rehearse(settings: Settings, seed: int) -> Rehearsal:
    """The gathering of these settings; the same ``seed`` gives two settings of as many members the same luck."""
    return _Gathering(settings, words().numbers).run(seed)


def lasting(settings: Settings, seed: int) -> int:
    """In how many of ``RUNS`` gatherings, from ``seed`` on, members still talk in the last week."""
    return sum(rehearse(settings, seed + more).lasts for more in range(RUNS))


class _Gathering:
    """A gathering while it goes on; members are numbered, the fans first."""

    def __init__(self, settings: Settings, numbers: Numbers) -> None:
        self.settings, self.numbers = settings, numbers
        count = settings.members
        self.will = [numbers.fan if one < settings.fans else numbers.other for one in range(count)]  # to speak, in percent
        self.trust = _WHOLE
        self.friends: list[set[int]] = [set() for _ in range(count)]
        self.low = [0] * count
        self.coming = list(range(count))

    def run(self, seed: int) -> Rehearsal:
        turns = self.settings.members * self.numbers.turns
        stream = Random(seed)
        raw = [int(stream.random() * _LUCK) for _ in range(WEEKS * turns * _DRAWS)]
        weeks: list[Week] = []
        pairs: dict[tuple[int, int], int] = {}
        owner_pairs: dict[int, int] = {}
        for number in range(1, WEEKS + 1):
            first = (number - 1) * turns * _DRAWS
            luck = [raw[first + turn * _DRAWS : first + (turn + 1) * _DRAWS] for turn in range(turns)]
            talks, answered, spoken = self._week(number, luck)
            weeks.append(
                Week(number, len(talks), spoken, len({one for pair in talks for one in pair}), len(self.coming), self._sale(number))
            )
            if number > WEEKS - 4:
                for pair in talks:
                    pairs[pair] = pairs.get(pair, 0) + 1
                for one in answered:
                    owner_pairs[one] = owner_pairs.get(one, 0) + 1
        gone = frozenset(range(self.settings.members)) - frozenset(self.coming)
        return Rehearsal(self.settings, tuple(weeks), pairs, owner_pairs, gone, self.numbers.alive)

    def _sale(self, number: int) -> bool:
        return number in self.settings.sales

    def _week(self, number: int, luck: list[list[int]]) -> tuple[list[tuple[int, int]], list[int], int]:
        """One week: the pairs that exchanged words, those who did so with the owner, and how often the owner spoke."""
        talks: list[tuple[int, int]] = []
        with_owner: list[int] = []
        spoken = 0
        if self._sale(number):
            self.trust = self.trust * self.numbers.sale // _WHOLE
            spoken += 1
        for turn in sorted(range(len(luck)), key=lambda one: (luck[one][0], one)):
            one, (_, floor, speaks, whom, *answers) = turn // self.numbers.turns, luck[turn]
            if one not in self.coming:
                continue
            if floor % _WHOLE < self.settings.share:
                spoken += 1
                self._change(one, -self.numbers.floor)
                if self._would(one, speaks):
                    with_owner.append(one)
            elif self._would(one, speaks):
                other = self._answer(one, whom, answers)
                if other is not None:
                    talks.append((min(one, other), max(one, other)))
                elif answers[-1] % _WHOLE < self.settings.share:
                    spoken += 1
                    with_owner.append(one)
                else:
                    self._change(one, -self.numbers.unanswered)
        self._end({one for pair in talks for one in pair})
        return talks, with_owner, spoken

    def _answer(self, one: int, whom: int, answers: list[int]) -> int | None:
        """Who of those who hear her answers, or nobody; it warms both, and from then on they know each other."""
        others = [other for other in self.coming if other != one]
        for step in range(min(self.numbers.hearers, len(others))):
            other = others[(whom + step) % len(others)]
            if self._would(other, answers[step]):
                for each, friend in ((one, other), (other, one)):
                    self._change(each, self.numbers.answered)
                    self.friends[each].add(friend)
                return other
        return None

    def _would(self, one: int, luck: int) -> bool:
        """Whether she speaks now: by her will, by those she knows, and by how safe the place feels."""
        known = self.numbers.known * min(len(self.friends[one]), self.numbers.friends)
        return luck % (_WHOLE * _WHOLE) < min(self.will[one] + known, self.numbers.most) * self.trust

    def _change(self, one: int, by: int) -> None:
        self.will[one] = min(max(self.will[one] + by, 0), self.numbers.most)

    def _end(self, talked: set[int]) -> None:
        """The end of a week: silence cools, trust comes back a little, and who has been low for long no longer comes."""
        for one in self.coming:
            if one not in talked:
                self._change(one, -self.numbers.quiet)
            self.low[one] = self.low[one] + 1 if self.will[one] < self.numbers.low else 0
        self.coming = [one for one in self.coming if self.low[one] < self.numbers.patience]
        self.trust = min(self.trust + self.numbers.back, _WHOLE)
