"""What a participant hands in, opened by an instructor: a file of unknown origin, read but never trusted and never written.

Nothing of it is used but values: they are read out, looked at one by one and put into a workbook of our own in memory. So it does not matter what
else the file holds, what it is called, or where it lies.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, String, Table

from kizuna.errors import KizunaError
from kizuna.workbook.engine import APPLICATION_ID, HEAD
from kizuna.workbook.models import Base, fingerprint
from kizuna.workbook.policy import CODE, sound
from kizuna.workbook.schema import acts_by_itself, guard, schema
from kizuna.workbook.store import Workbook, from_bytes
from kizuna.workbook.strangers import known_schema
from kizuna.workbook.submission.codes import well_formed
from kizuna.workbook.submission.file import HAND_IN, SUFFIX, Row, Rows, decoded, empty, insert

MOST_BYTES = 64 * 1024 * 1024
MOST_LETTERS = 200_000  # of one text
MOST_ALL = 20_000_000  # of all texts together: a small file may point at the same page again and again
MOST_SECONDS = 20  # of SQLite's work on one file
_LARGEST = 10**9  # of a number
_LEFT_OUT = ("act", "change", "vector")  # of use only where the workbook is written


def open_submission(path: Path, with_names: bool = False) -> Workbook:
    """The hand-in at ``path`` as a workbook of its own in memory, without its file's name; ``with_names`` takes a workbook as it is.

    Raises ``KizunaError`` with one sentence for what is empty, cut off, no hand-in, from another version, a workbook with names, or too large.
    """
    stranger = _Stranger(_shown(path))
    data = _bytes(path, stranger.name)
    try:
        with contextlib.closing(sqlite3.connect(":memory:")) as connection:
            rows = stranger.read(connection, data, with_names)
        _refuse_changed(rows, stranger.name)
        return _ours(rows, stranger.name)
    except (sqlite3.Error, ValueError) as error:  # a name or a fault in the file may be no UTF-8
        raise _too_much(stranger.name) if "too big" in str(error) else _broken(stranger.name, error) from error


def _shown(path: Path) -> str:
    """A file's name as one line of an error can hold it."""
    return re.sub(r"[^\w .\-（）()「」ー・]", "?", path.name)[:60]


def _bytes(path: Path, name: str) -> bytes:
    try:
        if not path.is_file():
            raise KizunaError(f"「{name}」はファイルではありません。提出用ファイル（{SUFFIX}）だけをフォルダーに入れてください。")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise KizunaError(f"「{name}」を読めません。ほかのプログラムが使っていないか、読む許しがあるかを確かめてください。") from error
    if not data:
        raise KizunaError(f"「{name}」は空（0バイト）です。送る途中で切れたようなので、もう一度出してもらってください。")
    if len(data) > MOST_BYTES:
        raise KizunaError(
            f"「{name}」は大きすぎます（{MOST_BYTES // 1024 // 1024}MBまで）。提出用ファイルかどうかを、出した方に確かめてください。"
        )
    if not data.startswith(b"SQLite format 3\0"):
        raise _no_hand_in(name)
    pages = int.from_bytes(data[16:18], "big") or 1
    size = 65536 if pages == 1 else pages
    if len(data) < 100 or len(data) % size or len(data) // size < int.from_bytes(data[28:32], "big"):
        raise KizunaError(f"「{name}」は途中で切れています。もう一度出してもらってください。")
    return data


class _Stranger:
    """The reading of one file that is not trusted; ``name`` is what errors call it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._letters = 0

    def read(self, connection: sqlite3.Connection, data: bytes, with_names: bool) -> Rows:
        """Every row, each value of the kind its column has."""
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_LETTERS * 4 + 10_000)
        ends = time.monotonic() + MOST_SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > ends, 100_000)
        connection.deserialize(data)
        guard(connection)
        handed_in = self._kind(connection, with_names)
        self._refuse_traps(connection)
        self._refuse_version(connection)
        if not schema(connection).fits(known_schema()):
            raise _broken(self.name, "schema")
        if (fault := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise _broken(self.name, fault)
        return {table.name: self._rows(connection, table, handed_in) for table in Base.metadata.sorted_tables}

    def _kind(self, connection: sqlite3.Connection, with_names: bool) -> bool:
        """Whether it is a hand-in; refuses what is not ours, and a workbook with names unless that is meant."""
        kind = connection.execute("PRAGMA application_id").fetchone()[0]
        if kind not in (HAND_IN, APPLICATION_ID):
            raise _no_hand_in(self.name)
        if kind == APPLICATION_ID and not with_names:
            raise KizunaError(
                f"「{self.name}」は、お客さまのお名前が入ったままの仕事ノートです。お名前を預からないために、受け取りません。"
                "「講師に渡す」のページで作った提出用ファイルを出してもらうか、お客さまのお許しがあるときだけ --with-names を付けてください。"
            )
        return bool(kind == HAND_IN)

    def _refuse_traps(self, connection: sqlite3.Connection) -> None:
        if acts_by_itself(connection):
            raise KizunaError(
                f"「{self.name}」には、ひとりでに動くしかけが入っています。安全のため開きません。出した方に確かめてください。"
            )

    def _refuse_version(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if version and version[0] == HEAD:
            return
        newer = bool(version) and isinstance(version[0], str) and version[0] > HEAD
        told = (
            "もっと新しい kizuna で作られています。こちらの kizuna を新しくしてください"
            if newer
            else "前の版の kizuna で作られています。新しい kizuna で開いて、もう一度出してもらってください"
        )
        raise KizunaError(f"「{self.name}」は、{told}。")

    def _rows(self, connection: sqlite3.Connection, table: Table, handed_in: bool) -> list[Row]:
        if table.name in _LEFT_OUT and not handed_in:
            return []
        columns = list(table.columns)
        # With its table before it, since SQLite takes a quoted name that is no column for a text.
        listed = ", ".join(f'"{table.name}"."{column.name}"' for column in columns)
        found = []
        for values in connection.execute(f'SELECT {listed} FROM "{table.name}"'):
            self._count(values)
            row = {column.name: self._value(column, value) for column, value in zip(columns, values, strict=True)}
            if handed_in and not sound(table.name, row):
                raise KizunaError(
                    f"「{self.name}」には、外に出ないはずの内容が残っています。お客さまを守るために開きません。"
                    "「講師に渡す」のページで作り直してもらってください。"
                )
            found.append(row)
        return found

    def _count(self, values: Sequence[Any]) -> None:
        """Refuse a text that is too long, and too much of all texts and rows together."""
        lengths = [len(value) for value in values if isinstance(value, str | bytes)]
        self._letters += sum(lengths) + 40
        if self._letters > MOST_ALL or max(lengths, default=0) > MOST_LETTERS:
            raise _too_much(self.name)

    def _value(self, column: Column[Any], value: Any) -> Any:
        """A stored value, if it can stand in this column."""
        if value is None and column.nullable:
            return None
        try:
            fits = _fits(column, value)
        except (ValueError, RecursionError):
            fits = False
        if not fits:
            raise _broken(self.name, f"{column.table.name}.{column.name}")
        return value


def _fits(column: Column[Any], value: Any) -> bool:
    kind = column.type
    if isinstance(kind, JSON):
        return not isinstance(value, bytes) and isinstance(decoded(value), {"about": dict, "value": object}.get(column.name, list))
    if isinstance(kind, Integer):
        return isinstance(value, int) and abs(value) <= _LARGEST
    if not isinstance(value, str):
        return isinstance(kind, Boolean) and isinstance(value, int) and value in (0, 1)
    if isinstance(kind, DateTime):
        return 1900 < datetime.fromisoformat(value).year < 2200
    if isinstance(kind, Date):
        return 1900 < date.fromisoformat(value).year < 2200
    return isinstance(kind, String)


def _refuse_changed(rows: Rows, name: str) -> None:
    """Refuse words that are no longer those that were stored, stretches outside of them, and a code that could be no file's name."""
    words = {row["id"]: row["text"] for row in rows["voice"]}
    if any(fingerprint(row["text"]) != row["sha256"] for row in rows["voice"]):
        raise KizunaError(f"「{name}」の中のお客さまの言葉が、あとから書きかえられています。もう一度作って出してもらってください。")
    if any(not 0 <= row["start"] < row["end"] <= len(words.get(row["voice_id"], "")) for row in rows["quote"]):
        raise _broken(name, "quote")
    codes = [decoded(row["value"]) for row in rows["answer"] if row["key"] == CODE]
    if any(not isinstance(one, str) or not well_formed(one) for one in codes):
        raise _broken(name, "code")


def _ours(rows: Rows, name: str) -> Workbook:
    """A workbook of our own with these rows, that nothing can be written into."""
    book = from_bytes(empty())
    with book.raw() as connection:
        insert(connection, rows)
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise _broken(name, "foreign_key_check")
        connection.execute("PRAGMA query_only=ON")
    return book


def _broken(name: str, why: object) -> KizunaError:
    error = KizunaError(f"「{name}」は、こわれているようです。もう一度作って出してもらってください。")
    error.add_note(str(why))
    return error


def _no_hand_in(name: str) -> KizunaError:
    return KizunaError(f"「{name}」は提出用ファイルではありません。「講師に渡す」のページで作ったファイルを出してもらってください。")


def _too_much(name: str) -> KizunaError:
    return KizunaError(f"「{name}」には、ふつうではない長さの文が入っています。安全のため開きません。出した方に確かめてください。")
