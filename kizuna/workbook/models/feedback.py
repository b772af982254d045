"""What came back: how it is read, and what was mended because of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kizuna.workbook.models.base import Base


class Request(Base):
    """That feedback was asked for: of one person, or of ``count`` people whose names nobody noted."""

    __tablename__ = "request"
    part: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    count: Mapped[int] = mapped_column(default=1)
    asked_on: Mapped[date]
    medium: Mapped[str | None]


class FeedbackMark(Base):
    """How the owner reads a quote of feedback where the machine read it otherwise.

    Its kind, whether it is about the product itself, and whether it belongs to no item it was laid beside (``elsewhere``).
    """

    __tablename__ = "feedback_mark"
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), unique=True)
    kind: Mapped[str | None]
    product: Mapped[bool | None]
    elsewhere: Mapped[bool | None]


class Improvement(Base):
    """Something to keep, to change or to stop (``verdict``); decided only while somebody's feedback asks for it."""

    __tablename__ = "improvement"
    part: Mapped[str]
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    verdict: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    done_on: Mapped[date | None]


class ImprovementEvidence(Base):
    """The tie from an improvement to the words that asked for it."""

    __tablename__ = "improvement_evidence"
    __table_args__ = (UniqueConstraint("improvement_id", "quote_id"), {"sqlite_autoincrement": True})
    improvement_id: Mapped[int] = mapped_column(ForeignKey("improvement.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))


class Keepsake(Base):
    """A customer's words in the owner's thanks box."""

    __tablename__ = "keepsake"
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"), unique=True)
    kept_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
