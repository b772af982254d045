"""What the owner wrote into the fields of the forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from kizuna.workbook.models import Answer, now
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Saved:
    """That an answer was saved; ``overwritten`` is what another page had written meanwhile, if it differs."""

    overwritten: Any = None


def read_answers(book: Workbook) -> dict[str, Any]:
    """Every answer by its field's key."""
    with book.reading() as session:
        return dict(session.execute(select(Answer.key, Answer.value)).tuples().all())


def read_answer(book: Workbook, key: str, default: Any = None) -> Any:
    """The answer to one field, or ``default``."""
    with book.reading() as session:
        found = session.execute(select(Answer.value).where(Answer.key == key)).first()
        return default if found is None else found[0]


def save_answer(book: Workbook, key: str, value: Any, label: str = "", seen: Any = None) -> Saved:
    """Save one answer; ``seen`` is what the page showed before the owner wrote, so that an edit in another page is noticed.

    Nothing is lost either way: the other page's words stay in the history, and one undo brings them back.
    """
    with book.act(f"「{label or key}」を書いた") as session:
        answer = session.scalars(select(Answer).where(Answer.key == key)).first()
        if answer is None:
            if value not in (None, ""):
                session.add(Answer(key=key, value=value))
            return Saved()
        other = answer.value if answer.value not in (seen, value) else None
        if answer.value != value:
            answer.value, answer.saved_at = value, now()
        return Saved(other)
