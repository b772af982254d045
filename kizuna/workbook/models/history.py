"""What was done, so that it can be undone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kizuna.workbook.models.base import Base, now


class Act(Base):
    """One thing the owner did, told in her words; the unit of undo."""

    __tablename__ = "act"
    label: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str | None]  # whose account at which computer: two may write into one file
    state: Mapped[str] = mapped_column(default="done")  # done, undone, or dropped (undone, and something else was done since)


class Change(Base):
    """One row before and after an act (None: it was not there)."""

    __tablename__ = "change"
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    table: Mapped[str]
    row_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Erasure(Base):
    """That a person was taken out of the workbook with every trace of her: when and by whom, and how many rows of which table; nothing of her.

    ``copies`` are the copies that were cleaned, ``papers`` the ids of the paper copies that showed her words and hung at that time. ``state`` is
    begun (the rows are gone, the file and its copies are still to be cleaned) or done.
    """

    __tablename__ = "erasure"
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[str | None]
    rows: Mapped[dict[str, Any]] = mapped_column(default=dict)
    copies: Mapped[int] = mapped_column(default=0)
    papers: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="begun")
