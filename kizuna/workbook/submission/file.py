"""The file that is handed in: how it is told from a workbook, and how it is packed."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from kizuna.workbook.store import MEMORY, open_workbook

SUFFIX = ".kizuna-teishutsu"
HAND_IN = 0x6B697A74  # "kizt" in the file's header: what tells a hand-in from a workbook

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]  # of every table, as the file holds them


def pack(rows: Rows) -> bytes:
    """A hand-in with these rows, as the bytes of a file that never held anything else (no old pages, no history)."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.deserialize(empty())
        insert(connection, rows)
        connection.execute(f"PRAGMA application_id={HAND_IN}")
        return bytes(connection.serialize())


def is_submission(path: Path) -> bool:
    """Whether a file says of itself that it is a hand-in."""
    try:
        with path.open("rb") as file:
            head = file.read(72)
    except OSError:
        return False
    return head[:16] == b"SQLite format 3\0" and head[68:72] == HAND_IN.to_bytes(4, "big")


def decoded(value: Any) -> Any:
    """A stored JSON value; SQLite keeps a bare number as a number."""
    return json.loads(value) if isinstance(value, str) else value


def insert(connection: sqlite3.Connection, rows: Rows) -> None:
    """Put the rows into an empty workbook; in what order their tables come does not matter."""
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("BEGIN")
    for table, found in rows.items():
        if found:
            columns = list(found[0])
            listed, asked = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({asked})', [tuple(row.values()) for row in found])
    connection.execute("COMMIT")
    connection.execute("PRAGMA foreign_keys=ON")


@cache
def empty() -> bytes:
    """An empty workbook, as the bytes of its file; made once, since every submission begins with it."""
    with contextlib.closing(open_workbook(MEMORY)) as book, book.raw() as connection:
        return bytes(connection.serialize())
