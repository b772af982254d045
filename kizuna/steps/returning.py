"""How many people came, and how many of them came again: at the beginning and now, as the owner counted and as visits were noted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.steps.people import words
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Person, Touch
from kizuna.workbook.store import Workbook

DAYS = 90  # of one count
FEW = 20  # people; of fewer no share is told
VISIT = "visit"


@dataclass(frozen=True)
class Returning:
    """How many people came within a stretch of days, and how many of them more than once."""

    came: int
    again: int

    @property
    def tenths(self) -> int | None:
        """Of ten people, about how many came again; None where so few came that it tells nothing."""
        return int(10 * self.again / self.came + 0.5) if self.came >= FEW else None


@dataclass(frozen=True)
class Compared:
    """The count at the beginning and now; None where there is none."""

    before: Returning | None
    now: Returning | None


def counted(book: Workbook) -> Compared:
    """What the owner counted herself. Raises ``KizunaError`` where more people came again than came."""
    answers = read_answers(book)
    return Compared(_typed(answers, "entry", "はじめ"), _typed(answers, "review", "いま"))


def noted(book: Workbook, today: date | None = None) -> Compared:
    """What the visits that were written down tell of the last ninety days and of the ninety before; people of the shop are no guests of it."""
    now = today or date.today()
    inside = {one.key for one in words().relations if one.inside}
    days: dict[int, set[date]] = defaultdict(set)
    with book.reading() as session:
        query = select(Touch.person_id, Touch.on, Person.relation).join(Person, Person.id == Touch.person_id).where(Touch.kind == VISIT)
        for person_id, on, relation in session.execute(query):
            if relation not in inside:
                days[person_id].add(on)
    return Compared(
        _within(days, now - timedelta(days=2 * DAYS), now - timedelta(days=DAYS)), _within(days, now - timedelta(days=DAYS), now)
    )


def _typed(answers: Mapping[str, Any], when: str, called: str) -> Returning | None:
    came, again = answers.get(f"{when}.came"), answers.get(f"{when}.again")
    if not isinstance(came, int | float) or not isinstance(again, int | float):
        return None
    if again > came:
        raise KizunaError(f"「{called}」の数を見直してください。二回以上来てくださった方が、来てくださった方より多くなっています。")
    return Returning(round(came), round(again))


def _within(days: Mapping[int, set[date]], after: date, until: date) -> Returning | None:
    """Of the days after the first one up to the last."""
    visits = [count for each in days.values() if (count := sum(after < one <= until for one in each))]
    return Returning(len(visits), sum(count > 1 for count in visits)) if visits else None
