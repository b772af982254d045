"""How the rows of a workbook hang together: what points at what, and what stands only while words ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from kizuna.workbook.models import Base

# Keys within JSON, unseen by SQLite: column → the table whose keys its list holds.
LISTED = {("paper_copy", "voices"): "voice"}
SENDERS = ("source", "columns")  # of a talk: each sender's name with the key of a person, or with a word where she is nobody on the list
# What is no longer decided without words that ask for it: its evidence and the column there that points at it → what it then is.
UNDECIDED: dict[tuple[str, str], dict[str, object]] = {
    ("evidence", "action_id"): {"decided": False},
    ("improvement_evidence", "improvement_id"): {"decided_on": None, "done_on": None},
    ("choice_evidence", "choice_id"): {"decided": False},
}


@cache
def points(table: str) -> dict[str, str]:
    """The columns of a table that hold keys, each with the table whose keys they are."""
    return {one.name: key.column.table.name for one in Base.metadata.tables[table].columns for key in one.foreign_keys}


def sender(entry: Sequence[Any]) -> int | None:
    """The key of the person whom an entry of a source's columns names; None for nobody on the list, and for a column of a file."""
    return entry[1] if len(entry) == 2 and not isinstance(entry[1], str) else None
