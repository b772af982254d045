"""The people around the shop, and what passes between them and the owner."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kizuna.workbook.models.base import Base


class Group(Base):
    """People who are touched in the same rhythm, such as 「おなじみさん」; days between two touches, the ideal and the most that may pass."""

    __tablename__ = "group"
    name: Mapped[str] = mapped_column(unique=True)
    ideal_days: Mapped[int | None]
    worst_days: Mapped[int | None]


class Person(Base):
    """A customer or somebody else around the shop; without a name she is shown by her number."""

    __tablename__ = "person"
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str | None]
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))
    relation: Mapped[str | None]  # None: a customer
    met: Mapped[str | None]  # how we met, by its key in people.yaml
    met_note: Mapped[str | None]
    ideal_days: Mapped[int | None]  # between two touches; None: as her group has it
    worst_days: Mapped[int | None]
    stopped_on: Mapped[date | None]  # since when she wants to hear nothing from us
    note: Mapped[str | None]

    @property
    def called(self) -> str:
        """How the page calls this person: 「ミナトさん」, or 「お名前のない方 12」."""
        return f"お名前のない方 {self.id}" if self.name is None else called(self.name)


class Closeness(Base):
    """How close a person was to us on a day (0–4), with the line that shows it; earlier rows stay."""

    __tablename__ = "closeness"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    level: Mapped[int]
    evidence: Mapped[str]
    noted_on: Mapped[date]


class FanMark(Base):
    """That a person is a fan, by her own words."""

    __tablename__ = "fan_mark"
    __table_args__ = (UniqueConstraint("person_id", "quote_id"), {"sqlite_autoincrement": True})
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))
    marked_on: Mapped[date]


class Contact(Base):
    """Whether a person wants to hear from us through a medium (``wish``: yes, no, unsaid), and when, how and with which words that was asked."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("person_id", "medium"), {"sqlite_autoincrement": True})
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    medium: Mapped[str]
    wish: Mapped[str] = mapped_column(default="unsaid")
    asked_on: Mapped[date | None]
    method: Mapped[str] = mapped_column(default="")
    wording: Mapped[str] = mapped_column(default="")


class Touch(Base):
    """One contact between a person and us: given (told, helped, thanked), asked (opinion, referral, purchase), or come (visit)."""

    __tablename__ = "touch"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on: Mapped[date]
    kind: Mapped[str]
    medium: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")


class PlannedTouch(Base):
    """A touch that the calendar proposes (``by`` draft) or the owner set (person); done once a touch stands behind it."""

    __tablename__ = "planned_touch"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    on: Mapped[date]
    medium: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[str] = mapped_column(default="draft")
    touch_id: Mapped[int | None] = mapped_column(ForeignKey("touch.id"))


class Post(Base):
    """One thing the owner published; ``kind`` as the machine read it, or as the owner said (``by`` person)."""

    __tablename__ = "post"
    text: Mapped[str]
    posted_on: Mapped[date | None]
    kind: Mapped[str]
    by: Mapped[str] = mapped_column(default="draft")


class Recurring(Base):
    """Something the owner likes to tell again; not before ``rest_days`` have passed since ``last_on``."""

    __tablename__ = "recurring"
    title: Mapped[str]
    point: Mapped[str]
    rest_days: Mapped[int]
    last_on: Mapped[date | None]


def called(name: str) -> str:
    """A person's name as the page says it: with さん, unless it already carries a title; a number in a hand-in (「お客さま3」) is no name."""
    titled = name.endswith(("さん", "様", "さま", "先生", "ちゃん", "くん")) or re.fullmatch(r"お客さま\d+", name)
    return name if titled else f"{name}さん"
