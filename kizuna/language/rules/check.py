"""What the rules say about a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from kizuna.finding import Finding
from kizuna.language.personal import Kind as Personal
from kizuna.language.personal import find_personal
from kizuna.language.plain import Plain, plain
from kizuna.language.questions import check_question
from kizuna.language.rules.context import Channel, Industry, Kind, Purpose
from kizuna.language.rules.looks import details, only_polite, thankless
from kizuna.language.rules.table import Rule, compiled, rule, rules, table
from kizuna.language.sentences import sentences
from kizuna.language.wording import check_wording

REACHABLE = (Personal.PHONE, Personal.EMAIL, Personal.POSTAL, Personal.ADDRESS)
_ASKS = re.compile(r"(か|よね|ね)[。]?$|[?？]")


def check_text(
    text: str,
    kind: str = "owner",
    channel: str | None = None,
    purpose: str | None = None,
    industry: str | None = None,
    skip: Sequence[tuple[int, int]] = (),
    own: Iterable[str] = (),
) -> list[Finding]:
    """The findings of all rules that can be told from a text, in order of place.

    ``kind`` is ``owner`` or ``customer``; a customer's words are never told the owner's faults. ``channel``, ``purpose`` and
    ``industry`` are codes or names of ``context``. ``skip`` are places of customers' words within the owner's text, ``own`` names of the
    shop. Raises ``KizunaError`` for a channel, purpose or industry that is not there.

    >>> [one.rule for one in check_text("星5の口コミを書いた方に500円クーポンを差し上げます。")]
    ['ST-01', 'KZ-02']
    """
    whose, where = Kind.read(kind) or Kind.OWNER, Channel.read(channel)
    return list(
        _check(text, whose, where, Purpose.read(purpose), Industry.read(industry), tuple((start, end) for start, end in skip), tuple(own))
    )


@lru_cache(maxsize=2048)  # a letter is checked part by part, whole, on every page that shows it and before it goes out
def _check(
    text: str,
    whose: Kind,
    where: Channel | None,
    what: Purpose | None,
    trade: Industry | None,
    skip: tuple[tuple[int, int], ...],
    own: tuple[str, ...],
) -> tuple[Finding, ...]:
    flat = plain(text)
    spans = sentences(flat.text)
    found: list[Finding] = []
    told = {one.id for one in rules() if one.weight(whose, where, what, trade)}
    for one in rules():
        strength = one.weight(whose, where, what, trade)
        if strength is None:
            continue
        if one.how == "text":
            found += [one.finding(strength, *place) for place in _matches(flat, spans, one)]
        elif one.how == "personal":
            places = [(at.start, at.end) for at in find_personal(text, own) if at.kind in REACHABLE]
            found += [one.finding(strength, *place) for place in places]
        elif one.how == "details":
            found += [one.finding(strength, *flat.span(*place)) for place in details(flat.text)]
        elif (one.how == "polite" and text and only_polite(flat.text)) or (one.how == "thanks" and thankless(flat.text)):
            found.append(one.finding(strength, 0, len(text)))
    if whose is Kind.OWNER:
        found += _wording(text, flat, spans, where, what, skip)
        found += _questions(text, what) if "KZ-10" in told else []
    if where is Channel.REVIEWS:
        found += _reviews(flat)
    free = [one for one in found if not any(one.start < end and start < one.end for start, end in skip)]
    return tuple(sorted(_once(free), key=lambda one: (one.start, one.end, one.rule)))


def _once(found: list[Finding]) -> Iterator[Finding]:
    """One finding for each rule and sentence part: of those of one rule that overlap, the first."""
    kept: dict[str, list[tuple[int, int]]] = {}
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        places = kept.setdefault(one.rule, [])
        if not any((one.start < end and start < one.end) or (start, end) == (one.start, one.end) for start, end in places):
            places.append((one.start, one.end))
            yield one


def _matches(flat: Plain, spans: list[tuple[int, int]], one: Rule) -> Iterator[tuple[int, int]]:
    patterns, fine = compiled()[one.id]
    for pattern in patterns:
        for match in pattern.finditer(flat.text):
            first, last = next(((a, b) for a, b in spans if a <= match.start() < b), match.span())
            if match.end() > match.start() and not any(other.search(flat.text, first, last) for other in fine):
                yield flat.span(match.start(), match.end())


def _reviews(flat: Plain) -> Iterator[Finding]:
    """ST-02 where the text itself goes to a review site: any perk for a review will do."""
    words = rule("ST-02")
    for match in _perk_for_review().finditer(flat.text):
        yield words.finding(words.strength, *flat.span(match.start(), match.end()))


@cache
def _perk_for_review() -> re.Pattern[str]:
    words = table().words
    return re.compile(f"{words['kansou']}[^。]{{0,30}}{words['perk']}")


def _wording(
    text: str, flat: Plain, spans: list[tuple[int, int]], where: Channel | None, what: Purpose | None, skip: Sequence[tuple[int, int]]
) -> Iterator[Finding]:
    """The lexicon's findings; in a tribe every word of selling is told twice, as selling and as out of place, and so is all money."""
    tribe = where is Channel.TRIBE
    places = []
    for one in check_wording(text, "selling" if what is Purpose.SELLING and not tribe else "relation", skip):
        yield one
        if one.rule == "KZ-02":
            places.append((one.start, one.end))
    if tribe:
        for start, end in _matches(flat, spans, rule("KZ-03")):
            if not any(start < last and first < end for first, last in places):
                places.append((start, end))
                yield rule("KZ-02").finding(rule("KZ-02").strength, start, end)
        for start, end in places:
            yield rule("KZ-03").finding(rule("KZ-03").strength, start, end, text[start:end])


def _questions(text: str, what: Purpose | None) -> Iterator[Finding]:
    """Advice on questions; in ordinary letters only on those that ask for wishes or lead."""
    for start, end in sentences(text):
        if not _ASKS.search(text[start:end]):
            continue
        for one in check_question(text[start:end]):
            if what is Purpose.QUESTION or one.category in ("direct_need", "leading"):
                yield Finding(one.rule, "LEADING", one.strength, one.message, start + one.start, start + one.end, one.softer)
                break
