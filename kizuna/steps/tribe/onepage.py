"""The place as its members may see it: words and names only as far as they were allowed, all others counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.steps.allowed import may_stand
from kizuna.steps.cards import Card, voice_card
from kizuna.steps.consents import by_voice, outward, shown, standing, ties
from kizuna.steps.testimonials import Candidate
from kizuna.steps.tribe.design import ChoiceView, design
from kizuna.steps.tribe.fitting import Around, around, check_choice, stops
from kizuna.workbook.models import Consent, Quote, Voice
from kizuna.workbook.store import Workbook

SCOPES = ("members", "flyer")  # the page is for members; whoever allows her words on paper for everybody allows them to the members


@dataclass(frozen=True)
class Told:
    """A customer's words as members may see them: with the name she agreed to, and what has to stand beside them."""

    words: str
    name: str
    beside: tuple[str, ...]


@dataclass(frozen=True)
class ShownChoice:
    """A choice as members see it; ``told`` are the words that may be shown, ``people`` all who asked for it."""

    choice: ChoiceView
    told: tuple[Told, ...]

    @property
    def people(self) -> int:
        """How many different people asked for it."""
        return self.choice.people


def for_members(book: Workbook, today: date | None = None) -> tuple[ShownChoice, ...]:
    """The design as members may see it on that day: words and names only as they were allowed to go out on paper, all others counted.

    Raises ``KizunaError`` while nothing is decided, and where something stands in it that may not.
    """
    day, against = today or date.today(), around(book)
    decided = design(book).decided
    if not decided:
        raise KizunaError("案に入れた答えが、まだありません。上の問いで「案に入れる」を押すと、一枚になります。")
    for one in decided:
        if found := stops(check_choice(one, against)):
            raise KizunaError(f"『{one.topic.title}』を見直してください。{found[0].message}")
    with book.reading() as session:
        return tuple(ShownChoice(one, tuple(_told(session, one.evidence, against, day))) for one in decided)


def to_ask(book: Workbook, today: date | None = None) -> tuple[Candidate, ...]:
    """The voices that the design rests on, each with how the consent for it stands on that day."""
    quotes = {card.id for one in design(book).decided for card in one.evidence}
    with book.reading() as session:
        given = by_voice(session)
        said = {one.id: one for one in session.scalars(select(Voice).join(Quote, Quote.voice_id == Voice.id).where(Quote.id.in_(quotes)))}
        return tuple(_candidate(said[key], given.get(key, ()), today or date.today()) for key in sorted(said))


def _candidate(voice: Voice, given: Sequence[Consent], day: date) -> Candidate:
    return Candidate(voice.id, voice_card(voice), 0, len(voice.text), (), standing(given, day), outward(given, day))


def _told(session: Session, evidence: Iterable[Card], against: Around, day: date) -> Iterator[Told]:
    for one in evidence:
        quote = session.get_one(Quote, one.id)
        consent = may_stand(session, quote, SCOPES, day, [against.shop] if against.shop else [], against.industry)
        if consent is not None:
            yield Told(one.text, shown(consent), tuple(each.disclosure for each in ties(consent)))
