"""Which feelings may lie behind what a customer says: four between people, four that everybody has; a hint for a person who decides."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal

from kizuna.content import Entry, load
from kizuna.language.examples import Examples


class Need(Entry):
    """One feeling: how it is called, what it is, by which words it may be heard (a pattern over the NFKC text), and examples."""

    id: str
    group: Literal["heart", "life"]
    title: str
    told: str
    pattern: str
    unless: str = ""
    examples: Examples


class NeedWords(Entry):
    """Everything in ``needs.yaml``."""

    lead: str
    hint: str
    unmet: str
    groups: dict[Literal["heart", "life"], str]
    needs: list[Need]


def words() -> NeedWords:
    """The eight feelings as ``content/needs.yaml`` tells them."""
    found: NeedWords = load("needs.yaml", NeedWords)
    return found


@lru_cache(maxsize=20_000)
def heard_in(text: str) -> frozenset[str]:
    """The feelings (by their ids) near whose words a text has some.

    >>> sorted(heard_in("ひとりで来ても、いっしょに話せる相手がいると安心です。"))
    ['communicate', 'company', 'safe']
    """
    flat = unicodedata.normalize("NFKC", text)
    return frozenset(key for key, (pattern, unless) in _compiled().items() if pattern.search(flat) and not (unless and unless.search(flat)))


@cache
def _compiled() -> dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    return {one.id: (re.compile(one.pattern), re.compile(one.unless) if one.unless else None) for one in words().needs}
