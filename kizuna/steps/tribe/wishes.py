"""Wishes for the place, person by person."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.process import Part
from kizuna.steps import people
from kizuna.steps.cards import Card, cards
from kizuna.steps.people import PersonView
from kizuna.workbook.intake import says_nothing
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Wished:
    """What one person said when she was asked what gathering she would like."""

    person: PersonView
    cards: tuple[Card, ...]


def wished(book: Workbook) -> tuple[Wished, ...]:
    """Everybody's wishes for the place, in the order in which they came in."""
    everyone = {one.id: one for one in people.everyone(book)}
    found: dict[int, list[Card]] = {}
    with book.reading() as session:
        for one in cards(session, Part.TRIBE):
            if not says_nothing(one.text):
                found.setdefault(one.person_id, []).append(one)
    return tuple(Wished(everyone[number], tuple(said)) for number, said in found.items())


def not_asked(book: Workbook) -> tuple[PersonView, ...]:
    """Those with a name who have not told us yet, and to whom we may speak."""
    told = {one.person.id for one in wished(book)}
    return tuple(one for one in people.everyone(book) if one.name and one.id not in told and not one.stopped and not one.inside)
