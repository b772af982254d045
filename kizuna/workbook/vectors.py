"""The vectors of texts that the workbook keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select

from kizuna.workbook.models import Quote, Vector, Voice, fingerprint
from kizuna.workbook.store import Workbook

_AT_ONCE = 500  # SQLite takes a limited number of values in one question


def vectors_there(book: Workbook, model: str, texts: Collection[str]) -> set[str]:
    """Those of the texts of which the workbook has a row that ``model`` made."""
    with book.reading() as session:
        keys = set(session.scalars(select(Vector.sha256).where(Vector.model == model)))
    return {text for text in texts if fingerprint(text) in keys}


def stored_vectors(book: Workbook, model: str, texts: Collection[str]) -> dict[str, bytes]:
    """The rows that ``model`` made of these texts earlier, by text; texts without one are missing."""
    if not texts:
        return {}
    by_key = {fingerprint(text): text for text in texts}
    keys = list(by_key)
    found: dict[str, bytes] = {}
    with book.reading() as session:
        for first in range(0, len(keys), _AT_ONCE):
            asked = select(Vector.sha256, Vector.row).where(Vector.model == model, Vector.sha256.in_(keys[first : first + _AT_ONCE]))
            found |= {by_key[key]: row for key, row in session.execute(asked)}
    return found


def store_vectors(book: Workbook, model: str, rows: Mapping[str, bytes], living_texts: Collection[str]) -> None:
    """Keep rows that ``model`` made, by text; rows of texts that are not among ``living_texts`` (withdrawn, undone) go.

    Raises ``KizunaError`` where the file cannot be written; then nothing is kept, and nothing else is lost.
    """
    living = {fingerprint(text) for text in living_texts}
    with book.aside() as session:
        kept = dict(session.execute(select(Vector.id, Vector.sha256)).tuples().all())
        gone = [number for number, key in kept.items() if key not in living]
        for first in range(0, len(gone), _AT_ONCE):
            session.execute(delete(Vector).where(Vector.id.in_(gone[first : first + _AT_ONCE])))
        have = set(session.scalars(select(Vector.sha256).where(Vector.model == model)))
        new = {key: row for text, row in rows.items() if (key := fingerprint(text)) in living and key not in have}
        if new:
            session.execute(insert(Vector), [{"sha256": key, "model": model, "row": row} for key, row in new.items()])


def quoted(book: Workbook) -> list[str]:
    """The words of every quote in the workbook, of both parts."""
    with book.reading() as session:
        rows = session.execute(select(Voice.text, Quote.start, Quote.end).join(Quote, Quote.voice_id == Voice.id))
        return [text[start:end] for text, start, end in rows]
