"""The participant's code: what a hand-in and its report are called by, in place of a name."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from sqlalchemy import select, text

from kizuna.workbook.models import Answer, Source, Voice
from kizuna.workbook.policy import CODE
from kizuna.workbook.store import Workbook

_ALPHABET = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "ABCDEFGHJKLMNPQRSTUVWXYZ23456789")  # none that are mistaken for one another


def code(book: Workbook) -> str:
    """The participant's code: eight letters and digits, made by chance once in a workbook and the same in each of its hand-ins.

    Raises ``KizunaError`` where it has to be made and the workbook cannot be written. A submitted workbook that has none yet gets one from its
    first voice and the moment its first file came in, the same as long as those stand.
    """
    with book.reading() as session:
        there = session.scalars(select(Answer.value).where(Answer.key == CODE)).first()
        if there is not None:
            return str(there)
        if session.scalar(text("PRAGMA query_only")):
            first = session.scalars(select(Voice.identity).order_by(Voice.id).limit(1)).first()
            begun = session.scalars(select(Source.taken_at).order_by(Source.id).limit(1)).first()
            return _letters(hashlib.sha256(f"kizuna {first} {begun}".encode()).digest())
    made = _letters(secrets.token_bytes(5))
    with book.aside() as session:  # no undo takes it away
        session.add(Answer(key=CODE, value=made))
    return made


def well_formed(one: str) -> bool:
    """Whether this can be a participant's code, and so a file's name."""
    return re.fullmatch(r"[A-Z2-9]{8}", one) is not None


def _letters(number: bytes) -> str:
    return base64.b32encode(number[:5]).decode().translate(_ALPHABET)
