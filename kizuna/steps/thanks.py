"""The thanks box (感謝箱): sentences in which customers say thank you, kept by the owner for the days that are hard."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select

from kizuna.process import Part
from kizuna.steps.cards import Card, card
from kizuna.steps.feedback import Kind, Passage, feedback, quote_of, texts
from kizuna.workbook.models import Keepsake, Quote, Voice
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Kept:
    """Words in the box, since when, and what the owner wrote beside them."""

    id: int
    card: Card
    kept_on: date
    note: str


def box(book: Workbook, part: Part) -> tuple[Kept, ...]:
    """What lies in the box of a part, the latest first."""
    rows = (
        select(Keepsake, Quote)
        .join(Quote, Quote.id == Keepsake.quote_id)
        .join(Quote.voice)
        .where(Voice.part == part)
        .order_by(Keepsake.kept_on.desc(), Keepsake.id.desc())
    )
    with book.reading() as session:
        return tuple(Kept(row.id, card(quote), row.kept_on, row.note) for row, quote in session.execute(rows))


def candidates(book: Workbook, part: Part) -> tuple[Passage, ...]:
    """The sentences of feedback that say thank you and do not lie in the box; mere formulas come last."""
    with book.reading() as session:
        kept = set(session.scalars(select(Keepsake.quote_id)))
    thankful = [one for one in feedback(book, part).passages if one.card.id not in kept and _gratitude().search(one.text) and _glad(one)]
    return tuple(sorted(thankful, key=lambda one: one.kinds == (Kind.POLITE_ONLY,)))


def keep(book: Workbook, part: Part, passage_id: int, today: date | None = None) -> None:
    """Put a sentence into the box."""
    one = feedback(book, part).find(passage_id)
    with book.act("感謝箱に入れた") as session:
        quote_id = quote_of(session, one)
        if session.scalars(select(Keepsake).where(Keepsake.quote_id == quote_id)).first() is None:
            session.add(Keepsake(quote_id=quote_id, kept_on=today or date.today()))


def unkeep(book: Workbook, kept_id: int) -> None:
    """Take words out of the box (undo brings them back)."""
    with book.act("感謝箱から出した") as session:
        row = session.get(Keepsake, kept_id)
        if row is not None:
            session.delete(row)


def write_note(book: Workbook, kept_id: int, note: str) -> None:
    """Let the owner write beside words in the box."""
    with book.act("感謝箱にひとこと書いた") as session:
        row = fetch(session, Keepsake, kept_id, "この言葉は、ほかの画面で感謝箱から出されました。画面を新しくしてください。")
        row.note = note.strip()


def _glad(one: Passage) -> bool:
    return not {Kind.COMPLAINT, Kind.REQUEST} & {*one.kinds}


@cache
def _gratitude() -> re.Pattern[str]:
    return re.compile("|".join(texts().gratitude))
