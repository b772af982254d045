"""What customers allow, and what the owner had promised herself before she collected."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kizuna.workbook.models.base import Base


class Threshold(Base):
    """When voices may be used for an offer, set before they are collected: at least so many answers, so many percent of them glad."""

    __tablename__ = "threshold"
    part: Mapped[str]
    answers: Mapped[int]
    percent: Mapped[int]
    set_on: Mapped[date]


class Consent(Base):
    """What a person allows with her words: the text she agreed to, character for character, and its limits.

    ``scopes`` are keys of consent.yaml; ``name_style`` real, initial, nickname or anonymous, shown as ``shown_name``; ``edit`` none, shorten or
    typos; ``perk`` none, use, voice, positive or consent; ``relation`` customer, family, staff, partner, monitor, free or discount.
    """

    __tablename__ = "consent"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    version: Mapped[str]
    text: Mapped[str]
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    name_style: Mapped[str]
    shown_name: Mapped[str] = mapped_column(default="")
    photo: Mapped[bool] = mapped_column(default=False)
    edit: Mapped[str] = mapped_column(default="none")
    method: Mapped[str]
    obtained_on: Mapped[date]
    expires_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    perk: Mapped[str] = mapped_column(default="none")
    perk_what: Mapped[str] = mapped_column(default="")
    perk_value: Mapped[int | None]
    relation: Mapped[str] = mapped_column(default="customer")
    guardian: Mapped[str] = mapped_column(default="")


class ConsentVoice(Base):
    """A voice that a consent covers."""

    __tablename__ = "consent_voice"
    __table_args__ = (UniqueConstraint("consent_id", "voice_id"), {"sqlite_autoincrement": True})
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    voice_id: Mapped[int] = mapped_column(ForeignKey("voice.id"))
