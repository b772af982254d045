"""What goes out: offers, and drafts made of customers' words and the owner's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kizuna.workbook.models.base import Base, now
from kizuna.workbook.models.voices import Quote


class Offer(Base):
    """An invitation to use a follow-up; what either side gains, whether the owner would offer it to her own family, and the thank-you.

    ``perk`` is none, use, voice, positive or consent (what it is given for), ``destination`` inside, own or reviews.
    """

    __tablename__ = "offer"
    part: Mapped[str]
    action_id: Mapped[int | None] = mapped_column(ForeignKey("action.id"))
    name: Mapped[str] = mapped_column(default="")
    gain_them: Mapped[str] = mapped_column(default="")
    gain_me: Mapped[str] = mapped_column(default="")
    family_ok: Mapped[bool | None]
    family_who: Mapped[str] = mapped_column(default="")
    family_reason: Mapped[str] = mapped_column(default="")
    perk: Mapped[str] = mapped_column(default="none")
    perk_what: Mapped[str] = mapped_column(default="")
    perk_value: Mapped[int | None]
    price: Mapped[int | None]
    destination: Mapped[str] = mapped_column(default="inside")


class Invitation(Base):
    """That a person was offered something, what she answered, and whether she used it."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("offer_id", "person_id"), {"sqlite_autoincrement": True})
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    medium: Mapped[str | None]
    asked_on: Mapped[date | None]
    accepted: Mapped[bool | None]
    answered_on: Mapped[date | None]
    used_on: Mapped[date | None]
    perk_given_on: Mapped[date | None]


class Draft(Base):
    """A letter, a note, a POP …: pieces in an order. ``kind`` is invitation, request, change or testimonial; ``form`` a key of drafts.yaml."""

    __tablename__ = "draft"
    part: Mapped[str]
    kind: Mapped[str]
    form: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"))
    improvement_id: Mapped[int | None] = mapped_column(ForeignKey("improvement.id"))
    ticked: Mapped[list[Any]] = mapped_column(default=list)  # the rules whose 注意 the owner has looked at
    finished_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(default=now)


class Piece(Base):
    """A stretch of a draft: the owner's words (``text``), or a customer's (``quote_id``), which stand between 「」.

    ``joined``: it goes on within the 「」 of the piece before, after a 「…」.
    """

    __tablename__ = "piece"
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    position: Mapped[int]
    role: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    quote_id: Mapped[int | None] = mapped_column(ForeignKey("quote.id"))
    joined: Mapped[bool] = mapped_column(default=False)

    quote: Mapped[Quote | None] = relationship(lazy="joined")


class PaperCopy(Base):
    """A draft on paper somewhere, with the ids of the voices it showed when it was printed."""

    __tablename__ = "paper_copy"
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id"))
    place: Mapped[str]
    put_up_on: Mapped[date]
    taken_down_on: Mapped[date | None]
    voices: Mapped[list[Any]] = mapped_column(default=list)
