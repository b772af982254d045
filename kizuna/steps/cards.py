"""A customer's words as every screen and sheet shows them: the text, who said it, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.language.requests import asks
from kizuna.process import Part
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
    voice = quote.voice
    return Card(
        quote.id,
        quote.text,
        voice.person_id,
        voice.person.called,
        voice.question,
        voice.heard_on,
        _source(voice),
        _wishes(voice, quote.text),
    )


def cards(session: Session, part: Part) -> list[Card]:
    """The cards of a part, in the order in which they came in."""
    quotes = session.scalars(select(Quote).join(Quote.voice).where(Voice.part == part).order_by(Quote.id))
    return [card(quote) for quote in quotes]


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
    return voice.topic in (Topic.FOLLOWUP, Topic.PLACE) or asks(text)


def _source(voice: Voice) -> str:
    place = f"・{voice.row}行目" if voice.row else ""
    return f"{voice.source.name}{place}"
