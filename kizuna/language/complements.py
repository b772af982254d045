"""Whose words complete one another: one offers a room, another wishes for a place."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from kizuna.content import Entry, load
from kizuna.language.examples import Examples


class Side(Entry):
    """How one of the two speaks: a pattern over the NFKC text, where it is none, and its examples."""

    pattern: str
    unless: str = ""
    examples: Examples

    def found_in(self, sentence: str) -> bool:
        """Whether a sentence speaks so."""
        flat = unicodedata.normalize("NFKC", sentence)
        return bool(_compiled(self.pattern).search(flat)) and not (self.unless and _compiled(self.unless).search(flat))


class Complement(Entry):
    """Two who may be glad of one another: who can ``give`` and who would ``want`` it; ``why`` says so in one sentence."""

    id: str
    why: str
    give: Side
    want: Side


@cache
def complements() -> tuple[Complement, ...]:
    """All of ``complements.yaml``."""
    return tuple(load("complements.yaml", list[Complement]))


def completes(one: str, other: str) -> Complement | None:
    """In which way the first sentence offers what the second would like, or ``None``.

    >>> completes("場所なら貸すよ。", "親どうしで話せる場があれば参加したいです。").id
    'room'
    """
    return next((each for each in complements() if each.give.found_in(one) and each.want.found_in(other)), None)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
