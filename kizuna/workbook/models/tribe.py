"""The second part: who belongs together, the place they meet in, and what passes between them there."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kizuna.workbook.models.base import Base


class Introduction(Base):
    """Whether a person would like to be brought together with others (``wish``: yes, no, unsaid), and when, how and with which words she was asked."""

    __tablename__ = "introduction"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    wish: Mapped[str] = mapped_column(default="unsaid")
    asked_on: Mapped[date | None]
    method: Mapped[str] = mapped_column(default="")
    wording: Mapped[str] = mapped_column(default="")


class Tie(Base):
    """That two people know each other (``kind`` knows), that we brought them together (met), or that we will not (apart); the smaller id first."""

    __tablename__ = "tie"
    __table_args__ = (UniqueConstraint("first_id", "second_id"), {"sqlite_autoincrement": True})
    first_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(default="knows")
    noted_on: Mapped[date]
    note: Mapped[str] = mapped_column(default="")


class SharedValue(Base):
    """What fans hold dear together, under the owner's name for it; it is shared only while words of two different fans lie under it."""

    __tablename__ = "shared_value"
    name: Mapped[str]


class SharedWords(Base):
    """Words of somebody's own under a shared value."""

    __tablename__ = "shared_words"
    __table_args__ = (UniqueConstraint("value_id", "quote_id"), {"sqlite_autoincrement": True})
    value_id: Mapped[int] = mapped_column(ForeignKey("shared_value.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))


class Choice(Base):
    """One choice about the place: ``topic`` is a key of the design's content; it counts only while ``decided`` and while somebody's quote asks for it."""

    __tablename__ = "choice"
    topic: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    often: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]  # the owner's, in a month
    yen: Mapped[int | None]  # at cost, what one member pays each time; never a price
    decided: Mapped[bool] = mapped_column(default=False)


class ChoiceEvidence(Base):
    """The tie from a choice to the words that asked for it."""

    __tablename__ = "choice_evidence"
    __table_args__ = (UniqueConstraint("choice_id", "quote_id"), {"sqlite_autoincrement": True})
    choice_id: Mapped[int] = mapped_column(ForeignKey("choice.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))


class Member(Base):
    """Somebody who joined the place; without a person it is the owner, one member among the others.

    ``role`` is what she looks after, ``often`` how often; ``listens``: she told us that she likes to be there without speaking.
    """

    __tablename__ = "member"
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), unique=True)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    role: Mapped[str] = mapped_column(default="")
    often: Mapped[str] = mapped_column(default="")
    listens: Mapped[bool] = mapped_column(default=False)


class Talk(Base):
    """That somebody spoke in the place; without a speaker it was the owner. Not what was said: that belongs to the members.

    ``to`` is all, owner or member (then ``listener_id``, where it is known), or came: she was there and need not have spoken. ``begins``: it opened
    a subject; ``answer_to`` is the talk it answers first. Where it comes from a talk that was read in (``source_id``), only who and when is
    kept, and what begins or answers is told from the times.
    """

    __tablename__ = "talk"
    at: Mapped[datetime]
    speaker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    to: Mapped[str] = mapped_column(default="all")
    listener_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    begins: Mapped[bool] = mapped_column(default=False)
    answer_to: Mapped[int | None] = mapped_column(ForeignKey("talk.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
