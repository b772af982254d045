"""Which sentence of a text makes a testimonial: the one that tells concretely what was good."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache

from kizuna.content import Entry, load
from kizuna.language.feedback import GOOD, Kind, feelings, sentence_kinds
from kizuna.language.sentences import sentences
from kizuna.language.tokens import content_tokens

LONGEST = 160  # nobody reads a longer sentence on a card


class Sign(Entry):
    """Something that makes a sentence worth more, or less, as evidence: a pattern over the NFKC text and what it weighs (in tenths)."""

    id: str
    pattern: str
    weight: int


def highlight(text: str) -> tuple[int, int] | None:
    """The span (start, end) of the best sentence for a testimonial, in code points of ``text``; ``None`` when none gives evidence.

    Never a complaint, a request or a mere formula; of equals the first.

    >>> text = "ありがとうございました。三か月で階段を上っても息が切れなくなりました。"
    >>> text[slice(*highlight(text))]
    '三か月で階段を上っても息が切れなくなりました。'
    """
    best, most = None, 0.0
    for start, end in sentences(text):
        worth = evidence(text[start:end])
        if worth > most:
            best, most = (start, end), worth
    return best


def evidence(sentence: str) -> float:
    """How much a sentence tells of what was good, above 0 when it may stand as a testimonial."""
    if sentence_kinds(sentence) != {Kind.PRAISE}:
        return 0.0
    return max(0.01, sum(weight * value for weight, value in features(sentence)))


def features(sentence: str) -> list[tuple[float, float]]:
    """Weight and value of everything that counts: length, words of content, feelings, and the signs of ``highlight.yaml``."""
    flat = unicodedata.normalize("NFKC", sentence)
    hits = [hit for hit in feelings(sentence) if hit.sign == GOOD]
    fixed = [
        (1.0, 1.0),
        (0.9, math.log1p(min(len(flat), 80)) - 3),
        (0.12, min(len(content_tokens(sentence)), 12)),
        (0.1, min(sum(hit.strength for hit in hits), 4)),
        (-2.0, float(len(flat) > LONGEST)),
    ]
    return fixed + [(sign.weight / 10, float(bool(re.search(sign.pattern, flat)))) for sign in _signs()]


@cache
def _signs() -> tuple[Sign, ...]:
    return tuple(load("highlight.yaml", list[Sign]))
