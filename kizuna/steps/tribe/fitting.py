"""What may stand in the place: what the rules say of a choice about it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from kizuna.finding import Finding, Strength
from kizuna.language.rules import Channel, Facts, Industry, check_facts, check_text
from kizuna.steps.drafts.checking import foreign
from kizuna.steps.names import tells_name
from kizuna.steps.tribe.topics import words
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Person
from kizuna.workbook.store import Workbook

if TYPE_CHECKING:
    from kizuna.steps.tribe.design import ChoiceView

LONG = 140  # code points of a choice; longer ones do not fit on the page


@dataclass(frozen=True)
class Around:
    """What a choice is read against: the trade, the shop's own name, and the people who are not to be named."""

    industry: str | None
    shop: str
    people: tuple[Person, ...]


def around(book: Workbook) -> Around:
    """What the choices of this workbook are read against."""
    with book.reading() as session:
        named = tuple(session.scalars(select(Person).where(Person.name.is_not(None))))
    return Around(Industry.kept(read_answer(book, "industry")), str(read_answer(book, "shop") or ""), named)


def check_choice(one: ChoiceView, against: Around) -> tuple[Finding, ...]:
    """What stands in the way of a choice, and what to look at once more."""
    found = check_facts(Facts(evidence=len(one.evidence)))
    if not one.text:
        found.append(Finding("1-26", "EMPTY", Strength.STOP, "まだ言葉が書かれていません。ひとことで書いてください。"))
    for text in filter(None, (one.text, one.often)):
        found += check_text(text, channel=Channel.TRIBE, industry=against.industry, own=[against.shop] if against.shop else [])
        found += foreign(text)
        found += _of_people(text, against.people)
    if len(one.text) > LONG:
        found.append(Finding("1-26", "LONG", Strength.ADVICE, f"{words().long}。"))
    return tuple(found)


def _of_people(text: str, named: Iterable[Person]) -> Iterator[Finding]:
    """What a text says of people: nobody is named before all, and nobody counted against others (2-08)."""
    if any(tells_name(text, person, titled=True) for person in named):
        yield Finding("PI-05", "PERSONAL", Strength.STOP, f"{words().named}。")
    if _ranks().search(unicodedata.normalize("NFKC", text)):
        yield Finding("2-08", "RANKS", Strength.ADVICE, f"{words().ranked}。")


def stops(found: Iterable[Finding]) -> list[Finding]:
    """Those that have to be mended first."""
    return [one for one in found if one.strength is Strength.STOP]


@cache
def _ranks() -> re.Pattern[str]:
    return re.compile("|".join(words().ranks))
