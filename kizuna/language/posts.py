"""What kind of post a text is, by the words in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from kizuna.content import Entry, load
from kizuna.language.examples import Examples
from kizuna.language.plain import plain
from kizuna.language.sentences import sentences
from kizuna.language.wording import check_wording


class Kind(StrEnum):
    """What a post is."""

    SELLING = "selling"
    INFORMATION = "information"
    PERSON = "person"
    INVOLVING = "involving"
    THANKS = "thanks"


class KindWords(Entry):
    """By which words a kind of post is known."""

    patterns: list[str]
    fine: list[str] = []
    examples: Examples


class PostWords(Entry):
    """Everything in ``posts.yaml``; the order of the kinds decides where two are equally likely."""

    kinds: dict[Kind, KindWords]
    noise: list[str]


def post_words() -> PostWords:
    """The words by which posts are told apart as ``content/posts.yaml`` tells them."""
    return load("posts.yaml", PostWords)


def read_kind(text: str) -> Kind:
    """What kind of post a text is; the same text is always read alike.

    >>> read_kind("わたしは、この本で三回泣きました。").value
    'person'
    """
    whole = plain(text).text
    spans = [whole[start:end] for start, end in sentences(whole)] or [whole]
    if any(one.category == "SELL" for one in check_wording(text)) or _hits(Kind.SELLING, spans):
        return Kind.SELLING
    order = [kind for kind in post_words().kinds if kind is not Kind.SELLING]
    best = max(order, key=lambda kind: (_hits(kind, spans), -order.index(kind)))
    return best if _hits(best, spans) else Kind.INFORMATION


def touched(text: str) -> set[str]:
    """Which of the points of SNS a text touches by its words: 「情報」, 「個」, 「巻き込み」, as their keys."""
    whole = plain(text).text
    spans = [whole[start:end] for start, end in sentences(whole)]
    return {kind.value for kind in (Kind.INFORMATION, Kind.PERSON, Kind.INVOLVING) if _hits(kind, spans)}


def _hits(kind: Kind, spans: Sequence[str]) -> int:
    """How many sentences speak as this kind of post does."""
    patterns, fine = _compiled()[kind]
    return sum(any(one.search(span) for one in patterns) and not any(one.search(span) for one in fine) for span in spans)


@cache
def _compiled() -> dict[Kind, tuple[list[re.Pattern[str]], list[re.Pattern[str]]]]:
    return {
        kind: ([re.compile(one) for one in told.patterns], [re.compile(one) for one in told.fine])
        for kind, told in post_words().kinds.items()
    }
