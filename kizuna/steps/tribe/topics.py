"""The questions about the place and the nine traits, as ``content/tribe_design.yaml`` tells them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from kizuna.content import Entry, load


class Topic(Entry):
    """One question about the place; ``theme`` is what Community Canvas calls it, ``near`` tells words that belong beside it (patterns)."""

    key: str
    theme: str
    title: str
    question: str
    why: str
    example: str
    ask: str
    core: bool = False
    several: bool = False
    often: bool = False
    minutes: bool = False
    yen: bool = False
    near: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """What is written about a choice beside its words."""
        return tuple(key for key in ("often", "minutes", "yen") if getattr(self, key))


class Trait(Entry):
    """One of the nine traits for which people like SNS, asked of the place; ``topics`` are where it is likely to show."""

    key: str
    name: str
    question: str
    hint: str = ""
    topics: list[str]


class DesignWords(Entry):
    """Everything in ``tribe_design.yaml``; its ``fields`` are those of ``views/fields.py``."""

    topics: list[Topic]
    fields: dict[str, dict[str, str]]
    waiting: str
    ranks: list[str]
    ranked: str
    named: str
    long: str
    foot: list[str]
    traits: list[Trait]


def words() -> DesignWords:
    """The topics and traits as ``content/tribe_design.yaml`` tells them."""
    found: DesignWords = load("tribe_design.yaml", DesignWords)
    return found


def topic(key: str) -> Topic:
    """One topic by its key."""
    return next(one for one in words().topics if one.key == key)


def beside(text: str, one: Topic) -> bool:
    """Whether words belong beside a topic."""
    return any(pattern.search(unicodedata.normalize("NFKC", text)) for pattern in _near(one.key))


@cache
def _near(key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in topic(key).near)
