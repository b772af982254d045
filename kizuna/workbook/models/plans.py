"""What the owner means to do, and what it rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kizuna.workbook.models.base import Base, now


class Answer(Base):
    """What the owner wrote into one field of a form; ``key`` is the field's name in the content files."""

    __tablename__ = "answer"
    key: Mapped[str] = mapped_column(unique=True)
    value: Mapped[Any] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(default=now)


class Idea(Base):
    """The owner's own idea that no customer asked for: it waits as a question to ask next."""

    __tablename__ = "idea"
    part: Mapped[str]
    text: Mapped[str]
    question: Mapped[str]
    asked: Mapped[bool] = mapped_column(default=False)


class Plan(Base):
    """About thirty days of actions; an earlier plan stays when a new one is begun."""

    __tablename__ = "plan"
    part: Mapped[str]
    starts_on: Mapped[date]
    days: Mapped[int] = mapped_column(default=30)
    closed: Mapped[bool] = mapped_column(default=False)


class Action(Base):
    """One item of a plan; it is in the plan only while ``decided`` and while somebody's quote asks for it."""

    __tablename__ = "action"
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("theme.id"))
    title: Mapped[str] = mapped_column(default="")
    relation: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    medium: Mapped[str | None]
    due_on: Mapped[date | None]
    minutes: Mapped[int | None]
    times: Mapped[int] = mapped_column(default=1)
    people: Mapped[int] = mapped_column(default=1)
    doable: Mapped[int] = mapped_column(default=3)
    fun_me: Mapped[int] = mapped_column(default=1)
    fun_them: Mapped[int] = mapped_column(default=1)
    decided: Mapped[bool] = mapped_column(default=False)
    done_on: Mapped[date | None]


class Evidence(Base):
    """The tie from an action to the words that asked for it."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("action_id", "quote_id"), {"sqlite_autoincrement": True})
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    quote_id: Mapped[int] = mapped_column(ForeignKey("quote.id"))
