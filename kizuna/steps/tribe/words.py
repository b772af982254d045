"""How the health of a place is reckoned and told, as ``content/health.yaml`` has it."""

from __future__ import annotations

from kizuna.content import Entry, load


class Number(Entry):
    """A constant with the reason for it."""

    value: int
    why: str


class Numbers(Entry):
    """The constants by which it is reckoned."""

    period_days: Number
    quiet_hours: Number
    waiting_hours: Number
    few: Number
    owner_percent: Number
    quiet_periods: Number
    silent_days: Number
    taken_days: Number


class LogWords(Entry):
    """What can be written down by hand."""

    all: str
    begins: str
    member: str
    owner: str
    came: str


class MeasureNames(Entry):
    """What each measure is called."""

    share: str
    firsts: str
    silent: str
    roles: str
    levels: str


class HealthWords(Entry):
    """Everything in ``health.yaml``."""

    numbers: Numbers
    owner: str
    role_hint: str
    often_hint: str
    levels: dict[int, str]
    log: LogWords
    measures: MeasureNames
    next: dict[str, str]


def words() -> HealthWords:
    """The words and numbers of the health of a place."""
    return load("health.yaml", HealthWords)


def number(key: str) -> int:
    """One of the constants by its key."""
    found: Number = getattr(words().numbers, key)
    return found.value
