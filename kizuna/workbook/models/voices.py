"""Who said what, and how it was grouped."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, event, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kizuna.errors import KizunaError
from kizuna.workbook.models.base import Base, now
from kizuna.workbook.models.people import Person


class Source(Base):
    """Where voices came in from: one file, one paste, or one interview."""

    __tablename__ = "source"
    name: Mapped[str]
    kind: Mapped[str]
    sha256: Mapped[str]
    lineage: Mapped[str]  # the sha256 of the file that this one grew from (its own, if from none)
    columns: Mapped[list[Any]] = mapped_column(default=list)
    taken_at: Mapped[datetime] = mapped_column(default=now)


class Voice(Base):
    """What one customer said, word for word; it never changes once it is stored."""

    __tablename__ = "voice"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    part: Mapped[str]
    step: Mapped[str] = mapped_column(default="research", server_default="research")  # or feedback
    topic: Mapped[str]
    question: Mapped[str]
    text: Mapped[str]
    sha256: Mapped[str]
    heard_on: Mapped[date | None]
    row: Mapped[int | None]
    column: Mapped[str]
    identity: Mapped[str] = mapped_column(unique=True)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    source: Mapped[Source] = relationship(lazy="joined", innerjoin=True)


class Quote(Base):
    """A stretch of a voice, counted in code points: a card of the board, or cut out for a draft; all that may stand between 「」."""

    __tablename__ = "quote"
    __table_args__ = (UniqueConstraint("voice_id", "start", "end"), {"sqlite_autoincrement": True})
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice.id"))
    start: Mapped[int]
    end: Mapped[int]
    laid: Mapped[bool] = mapped_column(default=True, server_default="1")  # a card of the board; else cut out for a draft

    voice: Mapped[Voice] = relationship(lazy="joined", innerjoin=True)

    @property
    def text(self) -> str:
        """The customer's words, character for character."""
        return self.voice.text[self.start : self.end]


class Theme(Base):
    """A named group of quotes; ``named_by`` and ``Placement.by`` say what the person decided (``person``) and what is a draft."""

    __tablename__ = "theme"
    part: Mapped[str]
    name: Mapped[str]
    named_by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class Placement(Base):
    """In which theme a quote lies (None: the person set it aside), and whether the person put it there."""

    __tablename__ = "placement"
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), unique=True)
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    by: Mapped[str]
    rank: Mapped[int] = mapped_column(default=1000)  # how typical the quote is for its theme, 0 the most


class Vector(Base):
    """The numbers that stand for a text's meaning, kept so that nothing is read twice; made anew whenever they are missing.

    Known by the text's SHA-256 and by the ``model`` that made them, because numbers of two models must never be compared.
    """

    __tablename__ = "vector"
    __table_args__ = (UniqueConstraint("sha256", "model"), {"sqlite_autoincrement": True})
    sha256: Mapped[str]
    model: Mapped[str]
    row: Mapped[bytes]


def fingerprint(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in hexadecimal: what proves that a voice is still the voice that was stored."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@event.listens_for(Voice, "before_update")
def _refuse_change(mapper: Any, connection: Any, voice: Voice) -> None:
    raise KizunaError("お客さまの言葉は、あとから書きかえられません。まちがって入れたときは「ひとつ前に戻す」を使ってください。")


@event.listens_for(Quote, "before_insert")
@event.listens_for(Quote, "before_update")
def _refuse_span_outside(mapper: Any, connection: Any, quote: Quote) -> None:
    length = func.length(Voice.text)
    inside = select(Voice.id).where(Voice.id == quote.voice_id, length >= quote.end)
    if not 0 <= quote.start < quote.end or connection.scalar(inside) is None:
        raise KizunaError("引用の範囲が、お客さまの言葉からはみ出しています。")
