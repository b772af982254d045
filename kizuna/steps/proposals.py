"""Keep, change or stop: what came back, laid beside each item of the plan and each theme; the counts propose, the owner decides."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import select

from kizuna.language.tokens import content_tokens, content_words, generic_words
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps import themes
from kizuna.steps.cards import Card, card
from kizuna.steps.feedback import Kind, Passage, feedback, heard_from
from kizuna.steps.memo import remembered
from kizuna.workbook.models import Choice, ChoiceEvidence, Invitation, Offer, Quote
from kizuna.workbook.store import Workbook

_NAMED, _SAID = 2, 1  # a word the owner wrote into the item weighs more than one of the wish behind it
_TIED = 2  # and that the person wished for the item, or used it, makes up for a word
_LEAST = 2
_ENDING = re.compile(r"(?<=[一-龥])[ぁ-ん]+$")


class Verdict(StrEnum):
    """What is done with something that customers spoke about."""

    KEEP = "keep"
    CHANGE = "change"
    STOP = "stop"


@dataclass(frozen=True)
class Proposal:
    """What came back on one item of the plan, a choice about the place or a theme (``action_id`` None), or on none (``name`` empty).

    ``planned``: it is an item or a choice and no mere wish.
    """

    name: str
    action_id: int | None
    theme_id: int | None
    passages: tuple[Passage, ...]
    planned: bool = False

    def of(self, kind: Kind) -> tuple[Passage, ...]:
        """The sentences of one kind."""
        return tuple(one for one in self.passages if kind in one.kinds)

    @property
    def praised(self) -> int:
        """How many people spoke well of it."""
        return heard_from(self.of(Kind.PRAISE))

    @property
    def troubled(self) -> int:
        """How many people were troubled by it, or wish for something else."""
        return heard_from([*self.of(Kind.COMPLAINT), *self.of(Kind.REQUEST)])

    @property
    def leaning(self) -> tuple[Verdict, ...]:
        """What the counts alone would suggest to think about; nothing where nobody said anything of weight."""
        if self.praised and not self.troubled:
            return (Verdict.KEEP,)
        if self.praised:
            return (Verdict.KEEP, Verdict.CHANGE)
        if heard_from(self.of(Kind.COMPLAINT)) > 1 and not self.of(Kind.REQUEST):
            return (Verdict.CHANGE, Verdict.STOP)
        return (Verdict.CHANGE,) if self.troubled else ()

    def evidence(self, verdict: Verdict) -> tuple[Passage, ...]:
        """The sentences a decision may rest on: praise to keep something, complaints and requests to change or stop it."""
        kinds = {Kind.PRAISE} if verdict is Verdict.KEEP else {Kind.COMPLAINT, Kind.REQUEST}
        return tuple(one for one in self.passages if kinds & {*one.kinds})


@remembered
def proposals(book: Workbook, part: Part) -> tuple[Proposal, ...]:
    """Feedback by the item of the plan or the theme it speaks of, what most people speak of first; at the end what fits nowhere.

    First counts what its person wished for and used, then which words are shared. What is about the product itself, mere politeness and
    plain facts are left out; what the owner took away (``Passage.elsewhere``) fits nowhere.
    """
    found = feedback(book, part)
    apart = {one.id for one in found.product}
    heard = [one for one in found.passages if {*one.kinds} & {Kind.PRAISE, Kind.COMPLAINT, Kind.REQUEST} and one.id not in apart]
    if not heard:
        return ()
    places = _places(book, part)
    homes: dict[int, list[Passage]] = {}
    for one in heard:
        homes.setdefault(-1 if one.elsewhere else _home(one, places), []).append(one)
    made = [
        Proposal(places[at].name, places[at].action_id, places[at].theme_id, tuple(lying), places[at].planned)
        for at, lying in homes.items()
        if at >= 0
    ]
    made.sort(key=lambda one: (not one.planned, -heard_from(one.passages), one.name))
    rest = [Proposal("", None, None, tuple(homes[-1]))] if -1 in homes else []
    return (*made, *rest)


@dataclass(frozen=True)
class _Place:
    """An item or a theme with the words by which a sentence is known to be about it, and the people who ``wished`` for it or ``used`` it."""

    name: str
    action_id: int | None
    theme_id: int | None
    named: frozenset[str]
    said: frozenset[str]
    wished: frozenset[int] = frozenset()
    used: frozenset[int] = frozenset()
    planned: bool = False


def _places(book: Workbook, part: Part) -> list[_Place]:
    actions = [one for one in plans.plan(book, part).actions if one.title or one.theme]
    taken, used = {one.theme_id for one in actions}, _used(book, part)
    found = [
        _Place(
            one.title or one.theme, one.id, one.theme_id, _words([one.title, one.content]), _words([one.theme, *(c.text for c in one.evidence)]),
            frozenset(c.person_id for c in one.evidence), frozenset(used[one.id]), True,
        )
        for one in actions
    ]  # fmt: skip
    if part is Part.TRIBE:
        found += _choices(book)
    others = (one for one in themes.themes(book, part) if one.id not in taken and one.cards and one.name != themes.NAMELESS)
    return [*found, *(_Place(one.name, None, one.id, _words([one.name]), _words([c.text for c in one.cards])) for one in others)]


def _choices(book: Workbook) -> list[_Place]:
    """What is decided about the place of the second part, with those who asked for it."""
    rows = (
        select(Choice, Quote)
        .join(ChoiceEvidence, ChoiceEvidence.choice_id == Choice.id)
        .join(Quote, Quote.id == ChoiceEvidence.quote_id)
        .where(Choice.decided.is_(True), Choice.text != "")
        .order_by(Choice.id)
    )
    asked: dict[int, list[Card]] = defaultdict(list)
    texts: dict[int, str] = {}
    with book.reading() as session:
        for choice, quote in session.execute(rows):
            texts[choice.id] = choice.text
            asked[choice.id].append(card(quote))
    return [
        _Place(
            text,
            None,
            None,
            _words([text]),
            _words([one.text for one in asked[key]]),
            frozenset(one.person_id for one in asked[key]),
            planned=True,
        )
        for key, text in texts.items()
    ]


def _used(book: Workbook, part: Part) -> dict[int, set[int]]:
    """Who used an item of the plan, by the item: those who took up an offer of it."""
    rows = (
        select(Offer.action_id, Invitation.person_id)
        .join(Invitation, Invitation.offer_id == Offer.id)
        .where(Offer.part == part, Offer.action_id.is_not(None), Invitation.used_on.is_not(None))
    )
    found: dict[int, set[int]] = defaultdict(set)
    with book.reading() as session:
        for action_id, person_id in session.execute(rows):
            found[action_id].add(person_id)
    return found


def _words(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _stems(text))


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    """The telling words of a text without their endings, so that 届ける and 届く are one."""
    return frozenset(_ENDING.sub("", word) for word in content_words(text) if word not in generic_words())


def _home(one: Passage, places: Sequence[_Place]) -> int:
    """Where a sentence belongs: the one place that speaks most for it; -1 where there is none, or more than one.

    Who wished for something or used it speaks of something else only where she says its name. Without a shared word she speaks of it where
    it is the one thing and she used it, or names no other (助かりました); only a wish may be for anything.
    """
    who, words = one.card.person_id, _words([one.text])
    tied = [at for at, place in enumerate(places) if who in place.wished | place.used]
    scores = [0] * len(places)
    for at, place in enumerate(places):
        shared = _NAMED * len(words & place.named) + _SAID * len(words & (place.said - place.named))
        if shared and (at in tied or not tied or words & _words([place.name])):
            scores[at] = shared + _TIED * (at in tied)
    best = max(scores, default=0)
    if best >= _LEAST:
        return scores.index(best) if scores.count(best) == 1 else -1
    alone = len(tied) == 1 and Kind.REQUEST not in one.kinds
    return tied[0] if alone and (who in places[tied[0]].used or not _names_a_thing(one.text)) else -1


@lru_cache(maxsize=4096)
def _names_a_thing(text: str) -> bool:
    """Whether a sentence names a thing it may be about."""
    return any(word.pos.startswith("名詞") and word.normal not in generic_words() for word in content_tokens(text))
