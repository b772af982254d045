"""Submissions that are broken in different ways, each made of one that is whole."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

SUFFIX = ".kizuna-teishutsu"
Spoil = Callable[[Path], None]


def _cut(part: float) -> Spoil:
    def cut(path: Path) -> None:
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])

    return cut


def _content(data: bytes) -> Spoil:
    return lambda path: _write(path, data)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _sql(*lines: str) -> Spoil:
    def change(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            for line in lines:
                connection.execute(line)

    return change


def _noise(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:20000] = bytes(range(256)) * 62 + b"\0" * 32
    path.write_bytes(data)


BROKEN: dict[str, Spoil] = {
    "empty": _content(b""),
    "cut": _cut(0.5),
    "cut_in_the_head": _cut(0.0002),
    "no_sqlite": _content(b"PK\x03\x04" + b"hello" * 1000),
    "page": _content(b"<html><script>alert(1)</script></html>"),
    "noise": _noise,
    "head_only": _content(b"SQLite format 3\0" + b"\xff" * 4080),
    "future": _sql("UPDATE alembic_version SET version_num = '9999'"),
    "past": _sql("UPDATE alembic_version SET version_num = '0001'"),
    "no_version": _sql("DELETE FROM alembic_version"),
    "other_program": _sql("PRAGMA application_id = 7"),
    "raw_workbook": _sql("PRAGMA application_id = 1802074741"),
    "trigger": _sql("CREATE TRIGGER t AFTER INSERT ON voice BEGIN DELETE FROM voice; END"),
    "view": _sql("ALTER TABLE theme RENAME TO theme2", "CREATE VIEW theme AS SELECT * FROM theme2"),
    "no_table": _sql("DROP TABLE voice"),
    "changed_words": _sql("UPDATE voice SET text = text || '<script>alert(1)</script>'"),
    "long_text": _sql("UPDATE answer SET value = '\"' || replace(hex(zeroblob(5000000)), '00', 'あ') || '\"'"),
    "bomb": _sql(
        "INSERT INTO answer (key, saved_at, value) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)"
        " SELECT 'k' || i, '2026-11-01 10:00:00', '\"' || hex(zeroblob(90000)) || '\"' FROM n"
    ),
    "code": _sql("UPDATE answer SET value = '\"../../x\"' WHERE length(value) = 10"),
    "strange_values": _sql("UPDATE person SET name = x'00ff'"),
}


def spoil(whole: Path, folder: Path) -> list[Path]:
    """One broken submission of each kind in ``folder``, made of the whole one; returns them."""
    made = []
    for kind, change in BROKEN.items():
        path = folder / f"{kind}{SUFFIX}"
        path.write_bytes(whole.read_bytes())
        change(path)
        made.append(path)
    return made
