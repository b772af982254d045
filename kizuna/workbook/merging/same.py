"""What makes rows of two workbooks the same row, and what is settled between them without asking the owner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import UniqueConstraint

from kizuna.workbook.merging.lines import TABLES, Row

# What was noted by the machine beside what the owner did: never worth a question.
QUIET = {
    ("answer", "saved_at"), ("source", "taken_at"), ("placement", "rank"), ("theme", "named_by"), ("placement", "by"), ("post", "by"),
    ("planned_touch", "by"), ("plan", "starts_on"), ("plan", "days"), ("tie", "noted_on"), ("fan_mark", "marked_on"), ("keepsake", "kept_on"),
    ("voice", "person_id"), ("voice", "source_id"), ("voice", "row"), ("voice", "column"),
}  # fmt: skip
# When it was done there does not make it another.
WHENEVER = {"source": "taken_at"}
# Who decided it: what a person decided stands over what the machine drafted.
BY = {"placement": "by", "post": "by", "planned_touch": "by", "theme": "named_by"}
# A no stands over a yes, with all that was noted at it, and the earlier day of a withdrawal over the later.
REFUSED = {"contact": "wish", "introduction": "wish"}
_EARLIER = {("consent", "withdrawn_on"), ("person", "stopped_on")}


def keys(table: str, row: Row) -> Iterator[tuple[Any, ...]]:
    """What no two rows of the table may share, and what would make two rows one and the same to the owner."""
    for columns in _UNIQUE[table]:
        if all(row[name] is not None for name in columns):
            yield (columns, *(row[name] for name in columns))
    if table == "plan" and not row["closed"]:
        yield ("plan", row["part"])
    if table == "member" and row["person_id"] is None:
        yield ("member", "owner")


def unique(table: str, column: str) -> bool:
    """Whether the column is one of those that no two rows may share."""
    return any(column in columns for columns in _UNIQUE[table])


def settled(table: str, column: str, here: Any, there: Any) -> tuple[bool, Any]:
    """Whether what stands here and there can be settled without the owner, and how."""
    if here in (None, "") or there in (None, ""):
        return True, there if here in (None, "") else here
    if (table, column) == ("quote", "laid"):
        return True, here or there
    if (table, column) in _EARLIER:
        return True, min(here, there)
    if (table, column) in QUIET:
        return True, here
    return False, None


_UNIQUE = {
    table.name: [
        tuple(one.name for one in constraint.columns) for constraint in sorted(
            (one for one in table.constraints if isinstance(one, UniqueConstraint)), key=lambda one: [column.name for column in one.columns]
        )
    ]
    for table in TABLES
}  # fmt: skip
