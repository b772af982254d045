"""What all tables share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def now() -> datetime:
    """The present moment in UTC, without zone (SQLite keeps none), to the second."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Base(DeclarativeBase):
    """What all tables share."""

    __table_args__: Any = {"sqlite_autoincrement": True}
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON}

    id: Mapped[int] = mapped_column(primary_key=True)
