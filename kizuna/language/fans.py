"""Whether a customer's sentence sounds like one of a fan: love of the place, coming again, telling others, a bond that has lasted."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from kizuna.content import Entry, load
from kizuna.language.examples import Examples


class FanSign(Entry):
    """One way in which fans speak: a pattern over the NFKC text, where it is none, and its examples."""

    id: str
    pattern: str
    unless: str = ""
    examples: Examples

    def found_in(self, sentence: str) -> bool:
        """Whether a sentence speaks in this way."""
        flat = unicodedata.normalize("NFKC", sentence)
        return bool(_compiled(self.pattern).search(flat)) and not (self.unless and _compiled(self.unless).search(flat))


@cache
def fan_signs() -> tuple[FanSign, ...]:
    """All of ``fan_signs.yaml``."""
    return tuple(load("fan_signs.yaml", list[FanSign]))


@lru_cache(maxsize=20_000)
def sounds_like_a_fan(sentence: str) -> bool:
    """Whether a sentence sounds like one of a fan; a hint for a person who decides, never a mark.

    >>> sounds_like_a_fan("プレゼントは、ここと決めています。"), sounds_like_a_fan("駅から近いので。")
    (True, False)
    """
    return any(sign.found_in(sentence) for sign in fan_signs())


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
