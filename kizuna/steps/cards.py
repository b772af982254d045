"""A customer's words as every screen and sheet shows them: the text, who said it, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.language.requests import asks
from kizuna.process import Part, Step
from kizuna.workbook.models import Evidence, Placement, Quote, Voice
from kizuna.workbook.reading import Topic


@dataclass(frozen=True)
class Card:
    """One quote: its words are a span of a stored voice, never a copy that could drift."""

    id: int
    text: str
    person_id: int
    person: str
    question: str
    heard_on: date | None
    source: str
    wishes: bool


def card(quote: Quote) -> Card:
    """The card of a quote."""
    return _card(quote.voice, quote.id, quote.text)


def voice_card(voice: Voice) -> Card:
    """The card of a whole voice, which is no quote: its id is the voice's, below zero."""
    return _card(voice, -voice.id, voice.text)


def span_card(voice: Voice, start: int, end: int) -> Card:
    """The card of a stretch of a voice that was not cut out as a quote: its id is 0."""
    return _card(voice, 0, voice.text[start:end])


def _card(voice: Voice, number: int, text: str) -> Card:
    return Card(
        number, text, voice.person_id, voice.person.called, voice.question, voice.heard_on, source(voice), _wishes(voice, text)
    )  # fmt: skip


def heard_in(part: Part, step: Step = Step.RESEARCH) -> tuple[Any, ...]:
    """What a select of quotes (joined to their voices) has to hold for the cards of a part, heard in a step."""
    return Voice.part == part, Voice.step == step, Quote.laid


def cards(session: Session, part: Part, step: Step = Step.RESEARCH) -> list[Card]:
    """The cards of a part, heard in a step, in the order in which they came in."""
    quotes = session.scalars(select(Quote).join(Quote.voice).where(*heard_in(part, step)).order_by(Quote.id))
    return [card(quote) for quote in quotes]


def cut(session: Session, voice_id: int, start: int, end: int) -> Quote:
    """The quote of a stretch of a voice, cut out for a draft unless it is there already; it does not come onto the board.

    Raises ``KizunaError`` where the stretch does not lie within the voice.
    """
    span = (Quote.voice_id == voice_id, Quote.start == start, Quote.end == end)
    quote = session.scalars(select(Quote).where(*span)).first()
    if quote is None:
        quote = Quote(voice_id=voice_id, start=start, end=end, laid=False)
        session.add(quote)
        session.flush()
    return quote


def placements(session: Session) -> dict[int, Placement]:
    """Where each placed quote lies, by the quote's id."""
    return {placement.quote_id: placement for placement in session.scalars(select(Placement))}


def evidence_of(session: Session, action_ids: Iterable[int]) -> dict[int, list[Card]]:
    """The cards that each action rests on."""
    ids = list(action_ids)
    found: dict[int, list[Card]] = {action_id: [] for action_id in ids}
    rows = session.execute(
        select(Evidence.action_id, Quote)
        .join(Quote, Quote.id == Evidence.quote_id)
        .where(Evidence.action_id.in_(ids))
        .order_by(Evidence.id)
    )
    for action_id, quote in rows:
        found[action_id].append(card(quote))
    return found


def people(cards: Iterable[Card]) -> int:
    """How many different people said these words (a person who says a thing twice is one person)."""
    return len({one.person_id for one in cards})


def wishers(cards: Iterable[Card]) -> int:
    """How many different people wish for something in these words."""
    return people(one for one in cards if one.wishes)


def _wishes(voice: Voice, text: str) -> bool:
    return voice.topic in (Topic.FOLLOWUP, Topic.PLACE, Topic.WISH) or asks(text)


def source(voice: Voice) -> str:
    """Where a voice came in: the file, and its row there."""
    place = f"の{voice.row}行目" if voice.row else ""
    return f"{voice.source.name}{place}"
