"""A file is looked at before it is opened: whoever made it may have made anything."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

from kizuna.errors import KizunaError
from kizuna.workbook.engine import APPLICATION_ID, HEAD, MEMORY, WAIT, create, engine_of
from kizuna.workbook.schema import Schema, acts_by_itself, guard, schema
from kizuna.workbook.trouble import clear, told

_LONGEST = 1_000_000  # bytes of anything that is read before a file is known to be ours


def refuse_strangers(file: Path) -> None:
    """Look at a file before SQLAlchemy touches it: is it ours, whole, built as we build it, and free of things that would run by themselves?

    It is opened for writing where that is allowed: what a killed program left half done can only then be taken back.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, timeout=WAIT)) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            guard(connection)
            ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            traps = ours and acts_by_itself(connection)
            known = known_schema(_version(connection)) if ours and not traps else None
            strange = known is not None and not schema(connection).fits(known)
    except (sqlite3.DatabaseError, UnicodeError) as error:
        if isinstance(error, sqlite3.OperationalError):
            raise clear(error, file) from error
        ours = traps = strange = False
    if not ours:
        raise KizunaError(
            f"「{file.name}」は kizuna の仕事ノートではないか、こわれています。ほかのファイルを選ぶか、控えのファイルを開いてください。"
        )
    if traps:
        raise KizunaError(f"「{file.name}」には、ひとりでに動くしかけが入っています。安全のため開きません。作った人に確かめてください。")
    if strange:
        raise KizunaError(
            f"「{file.name}」のつくりが、kizuna の仕事ノートと違います。安全のため開きません。控えを開くか、作った人に確かめてください。"
        )


@contextlib.contextmanager
def copy_to_look_at(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy in memory of the workbook at ``path``, whatever its version: to look at it without touching it.

    Raises ``KizunaError`` for a file that is no workbook or is in use.
    """
    refuse_strangers(path)
    with (
        told(path),
        contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=WAIT)) as file,
        contextlib.closing(sqlite3.connect(MEMORY)) as copy,
    ):
        file.backup(copy)
        guard(copy)
        yield copy


@cache
def known_schema(version: object = HEAD) -> Schema | None:
    """The schema of a workbook of that version, or None for a version that this kizuna does not know."""
    if version != HEAD:
        from kizuna.workbook.migration import schema_of

        return schema_of(version, engine_of(MEMORY))
    engine = engine_of(MEMORY)
    create(engine)
    with contextlib.closing(engine.raw_connection()) as pooled:
        found = schema(cast(sqlite3.Connection, pooled.driver_connection))
    engine.dispose()
    return found


def _version(connection: sqlite3.Connection) -> object:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        row = None
    return row[0] if row else None
