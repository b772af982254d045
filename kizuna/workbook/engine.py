"""How SQLite opens the file of a workbook, and makes it where it is empty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, StaticPool, create_engine, event, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from kizuna.workbook.models import Base
from kizuna.workbook.schema import guard

APPLICATION_ID = 0x6B697A75  # "kizu" in the file's header: what tells a workbook from any other SQLite file
HEAD = "0007"  # the version of the schema that ``create`` makes
MEMORY = ":memory:"
WAIT = 10  # seconds for which an act waits while another program has the file


class Dialect(SQLiteDialect_pysqlite):
    """SQLite as every workbook speaks it: all are equal, so that a process puts a statement into words once, and not once for each file."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is Dialect

    def __hash__(self) -> int:
        return hash(Dialect)


registry.register("sqlite.kizuna", __name__, Dialect.__name__)
_STATEMENTS: LRUCache[Any, Any] = LRUCache(500)


def engine_of(path: Path | str) -> Engine:
    """What opens the file at ``path`` (or one in memory), each connection guarded and as safe as SQLite can make it."""
    memory = path == MEMORY
    engine = create_engine(
        URL.create("sqlite+kizuna", database=None if memory else str(path)),
        connect_args={"timeout": WAIT, "isolation_level": None} | ({"check_same_thread": False} if memory else {}),
        execution_options={"compiled_cache": _STATEMENTS},
        json_serializer=_json,
        **({"poolclass": StaticPool} if memory else {}),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        guard(connection)
        for pragma in ("foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("kizuna_begin", "BEGIN"))

    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for whoever writes: the file is theirs alone from the beginning."""
    return engine.execution_options(kizuna_begin="BEGIN IMMEDIATE")


def create(engine: Engine) -> None:
    """Make an empty file a workbook without content, unless somebody else just did."""
    with writing(engine).begin() as connection:
        if connection.scalar(text("SELECT count(*) FROM sqlite_master")):
            return  # another notebook was quicker
        connection.execute(text(f"PRAGMA application_id={APPLICATION_ID}"))
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _json(value: Any) -> str:
    """A value as JSON; half a sign is refused, since JSON would keep it and no page that holds it would ever be shown again."""
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return json.dumps(value)
