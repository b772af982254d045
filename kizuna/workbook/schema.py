"""What the file of a workbook is made of: our own tables and indexes, and nothing that computes or acts by itself.

SQLite obeys what a file's schema says, and whoever made the file wrote the schema. So it is held against the one we know, before anything is read.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Any

_WORDS = re.compile(r"\w+")
_ALEMBIC = frozenset({"constraint", "alembic_version_pkc"})  # Alembic names the key of its own table, ``create_all`` does not
_TRAPS = frozenset({"trigger", "view", "virtual"})

# What SQLAlchemy wrote into a column of each kind, and can read again.
_READS = {
    "DATE": "typeof({0}) = 'text' AND date({0}, '+0 days') IS {0} AND substr({0}, 1, 4) >= '0001'",
    "DATETIME": "typeof({0}) = 'text' AND datetime(substr({0}, 1, 19), '+0 days') IS substr({0}, 1, 19) AND substr({0}, 1, 4) >= '0001' "
    f"AND (length({{0}}) = 19 OR {{0}} GLOB '*.{'[0-9]' * 6}' AND length({{0}}) = 26)",
    "JSON": "(typeof({0}) IN ('integer', 'real') OR typeof({0}) = 'text' AND json_valid({0}))",  # SQLite makes numbers of what looks like one
    "VARCHAR": "typeof({0}) = 'text'",
    "INTEGER": "typeof({0}) = 'integer'",
    "BOOLEAN": "{0} IN (0, 1)",
    "FLOAT": "typeof({0}) IN ('integer', 'real')",
    "BLOB": "typeof({0}) = 'blob'",
}

_TABLES = "FROM sqlite_master m, {}(m.name) x WHERE m.type = 'table'"
_PARTS = "SELECT group_concat(coalesce(y.name, '?') || ' ' || y.desc || ' ' || y.coll || ' ' || y.key) FROM pragma_index_xinfo(x.name) y"
_STRUCTURE = {
    "things": "SELECT type, lower(tbl_name), iif(name LIKE 'sqlite_autoindex%', '', lower(name)) FROM sqlite_master",
    "columns": f'SELECT m.name, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden {_TABLES.format("pragma_table_xinfo")}',
    "keys": f'SELECT m.name, x."table", x."from", x."to", x.on_update, x.on_delete, x.match {_TABLES.format("pragma_foreign_key_list")}',
    "indexes": f'SELECT m.name, x."unique", x.origin, x.partial, ({_PARTS}) {_TABLES.format("pragma_index_list")}',
}


@dataclass(frozen=True)
class Schema:
    """A schema as SQLite understood it, and every word that stands in it."""

    structure: dict[str, Counter[tuple[Any, ...]]]
    words: frozenset[str]

    def fits(self, known: Schema | None) -> bool:
        """Whether it is built like ``known`` and says nothing more (CHECK, GENERATED, COLLATE and the like are seen by their words alone)."""
        return known is not None and self.structure == known.structure and self.words <= known.words | _ALEMBIC


def words(connection: sqlite3.Connection) -> frozenset[str]:
    """Every word of the schema, in small letters; a row's ``type`` and ``name`` are what its writer chose, so they are not asked."""
    said = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
    return frozenset(word.lower() for (sql,) in said for word in _WORDS.findall(sql))


def acts_by_itself(connection: sqlite3.Connection) -> bool:
    """Whether there is a trigger, a view or a virtual table, whatever it is filed under."""
    kinds = {kind for (kind,) in connection.execute("SELECT DISTINCT type FROM sqlite_master")}
    return bool(_TRAPS & (kinds | words(connection)))


def schema(connection: sqlite3.Connection) -> Schema:
    """The schema of an open file."""
    found = {name: Counter(connection.execute(asked).fetchall()) for name, asked in _STRUCTURE.items()}
    return Schema(found, words(connection))


def guard(connection: sqlite3.Connection) -> None:
    """Let a connection believe a file as little as SQLite can, before its schema is read: no functions of ours, none of its own settings."""
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    if hasattr(connection, "setconfig"):  # Python 3.12
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)  # type: ignore[attr-defined,unused-ignore]


def unreadable(connection: sqlite3.Connection) -> dict[str, int]:
    """The tables with rows that cannot be read again, and how many: a date that is none, a number that is text."""
    found = {}
    for (table,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    ).fetchall():
        columns = connection.execute('SELECT name, type, "notnull" FROM pragma_table_info(?)', (table,)).fetchall()
        asked = []
        for name, kind, filled in columns:
            quoted = f'"{name}"'
            reads = _READS.get(str(kind).partition("(")[0], "1").format(quoted)
            asked.append(f"coalesce({quoted} IS NOT NULL AND {reads}, 0)" if filled else f"({quoted} IS NULL OR coalesce({reads}, 0))")
        if bad := connection.execute(f'SELECT count(*) FROM "{table}" WHERE NOT ({" AND ".join(asked)})').fetchone()[0]:
            found[table] = bad
    return found
