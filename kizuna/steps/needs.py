"""STEP1: the feelings behind what was heard, each with its words, and which of them the plan answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from kizuna.language.needs import Need, heard_in, words
from kizuna.process import Part
from kizuna.steps.cards import Card, cards, people
from kizuna.steps.memo import remembered
from kizuna.steps.plan import plan
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Answer, now
from kizuna.workbook.store import Workbook

_MARKS = "needs.{}"  # the owner's own reading of a part: by a quote's id, the feelings she hears in it


@dataclass(frozen=True)
class NeedView:
    """One feeling with the words in which it is heard, and the items of the plan that rest on such words."""

    need: Need
    cards: tuple[Card, ...]
    actions: tuple[str, ...]

    @property
    def people(self) -> int:
        """How many different people said so."""
        return people(self.cards)


@remembered
def needs(book: Workbook, part: Part) -> tuple[NeedView, ...]:
    """The eight feelings in the order of the content file."""
    heard, every = heard_of(book, part), laid(book, part)
    resting = [(one.title or "名前のない一手", {each.id for each in one.evidence}) for one in plan(book, part).decided]

    def view(need: Need) -> NeedView:
        found = tuple(one for one in every if need.id in heard[one.id])
        ids = {one.id for one in found}
        return NeedView(need, found, tuple(title for title, rests in resting if rests & ids))

    return tuple(view(need) for need in words().needs)


def laid(book: Workbook, part: Part) -> list[Card]:
    """Every card of a part, in the order in which they came in."""
    with book.reading() as session:
        return cards(session, part)


def heard_of(book: Workbook, part: Part) -> Mapping[int, frozenset[str]]:
    """The feelings in each card: as the owner hears them, else those near whose words it has some."""
    own = _own(book, part)
    return {one.id: frozenset(own[str(one.id)]) if str(one.id) in own else heard_in(one.text) for one in laid(book, part)}


def hear(book: Workbook, part: Part, quote_id: int, need: str, yes: bool) -> None:
    """Let a feeling be heard in a card, or not; from then on the card is read as the owner reads it."""
    now_heard = heard_of(book, part)[quote_id]
    wanted = now_heard | {need} if yes else now_heard - {need}
    key = _MARKS.format(part.value)
    with book.act("声の奥の気持ちを書いた") as session:
        row = session.scalars(select(Answer).where(Answer.key == key)).first()
        order = [one.id for one in words().needs if one.id in wanted]
        if row is None:
            session.add(Answer(key=key, value={str(quote_id): order}))
        else:
            row.value, row.saved_at = {**row.value, str(quote_id): order}, now()


def _own(book: Workbook, part: Part) -> dict[str, list[str]]:
    found: dict[str, list[str]] = read_answer(book, _MARKS.format(part.value), {})
    return found
