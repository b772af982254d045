"""The gathering as the design has it: what invitations to it rest on, and who may be named in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kizuna.language.plain import plain
from kizuna.language.rules import cost_things
from kizuna.steps.cards import Card, card
from kizuna.workbook.models import Choice, ChoiceEvidence, Introduction, Person, Quote, Tie

NAME = "name"  # the design's topic that holds what the place is called
APART = "apart"  # a tie of two people who are not to be brought together


@dataclass(frozen=True)
class Gathering:
    """What of the design counts: the choices that are decided and asked for, what they call the place, what one member pays, and whose words ask for it."""

    choices: int
    name: str
    yen: int
    cost_of: str
    wished: tuple[Card, ...]

    @property
    def cost(self) -> str:
        """The line of costs a letter begins with; nothing where there are none."""
        if not self.yen:
            return ""
        things = cost_things(self.cost_of)
        return f"{'と'.join(things)}の分 {self.yen}円" if things else f"（ここに、何の分かを書きます） {self.yen}円"


def gathering(session: Session) -> Gathering:
    """The gathering as it stands now."""
    counts = select(ChoiceEvidence.id).where(ChoiceEvidence.choice_id == Choice.id).exists()
    choices = session.scalars(select(Choice).where(Choice.decided, counts).order_by(Choice.id)).all()
    asked = select(Quote).join(ChoiceEvidence, ChoiceEvidence.quote_id == Quote.id).order_by(ChoiceEvidence.id)
    quotes = session.scalars(asked.where(ChoiceEvidence.choice_id.in_([one.id for one in choices])))
    return Gathering(
        len(choices),
        next((one.text for one in choices if one.topic == NAME), ""),
        sum(one.yen or 0 for one in choices),
        "\n".join(one.text for one in choices if one.yen),
        tuple({quote.id: card(quote) for quote in quotes}.values()),
    )


def may_be_named(session: Session, to: int | None = None) -> Sequence[Person]:
    """Those who said yes to being introduced, and may be named in a letter (to ``to``: but for herself and whom she is kept apart from)."""
    yes = (Introduction.wish == "yes", Introduction.asked_on.is_not(None), Person.stopped_on.is_(None))
    apart = select(Tie).where(Tie.kind == APART, or_(Tie.first_id == to, Tie.second_id == to))
    without = {to} | {one for tie in session.scalars(apart) for one in (tie.first_id, tie.second_id)}
    found = session.scalars(select(Person).join(Introduction, Introduction.person_id == Person.id).where(*yes).order_by(Person.id))
    return [one for one in found if one.name and one.id not in without]


def keeps_away(session: Session) -> set[int]:
    """Those who said no to being brought together with others."""
    return set(session.scalars(select(Introduction.person_id).where(Introduction.wish == "no")))


def paid(text: str) -> int:
    """How many yen a line of costs comes to.

    >>> paid("実費：会場代 1,000円、お茶代 ２００円")
    1200
    """
    return sum(int(re.sub(r"\D", "", found)) for found in re.findall(r"([0-9][0-9,]*) ?円", plain(text).text))
