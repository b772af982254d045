"""A file's schema is held against the one we know before anything in it is read: what computes or acts by itself is refused."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from kizuna.errors import KizunaError
from kizuna.steps.doctor import State, examine
from kizuna.steps.sample import make_sample
from kizuna.workbook import migration
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.engine import APPLICATION_ID
from kizuna.workbook.models import Base
from kizuna.workbook.schema import _READS, unreadable
from kizuna.workbook.store import open_workbook
from kizuna.workbook.submission import open_submission
from kizuna.workbook.submission.file import HAND_IN

VERSIONS = sorted(one.revision for one in ScriptDirectory.from_config(migration.configuration()).walk_revisions())


def _master(change: str) -> list[str]:
    return ["PRAGMA writable_schema=ON", change, "PRAGMA writable_schema=RESET"]


TRAPS = {
    "trigger": ["CREATE TRIGGER t AFTER INSERT ON answer BEGIN DELETE FROM voice; END"],
    "view": ["ALTER TABLE theme RENAME TO theme2", "CREATE VIEW theme AS SELECT * FROM theme2"],
    "a trigger filed as a table": [
        "CREATE TRIGGER t AFTER INSERT ON answer BEGIN DELETE FROM voice; END",
        *_master("UPDATE sqlite_master SET type = 'table' WHERE name = 't'"),
    ],
    "a view filed as a table": [
        "ALTER TABLE theme RENAME TO theme2",
        "CREATE VIEW theme AS SELECT * FROM theme2",
        *_master("UPDATE sqlite_master SET type = 'table' WHERE name = 'theme'"),
    ],
    "full text": ["CREATE VIRTUAL TABLE found USING fts5(words)"],
    "a tree of boxes": ["CREATE VIRTUAL TABLE boxes USING rtree(id, a, b)"],
    "a comment before the word": ["CREATE /* */ VIRTUAL TABLE found USING fts5(words)"],
}
STRANGE = {
    "one more table": ["CREATE TABLE more (x)"],
    "one table less": ["DROP TABLE vector"],
    "one more column": ["ALTER TABLE theme ADD COLUMN more"],
    "a column of another kind": _master("UPDATE sqlite_master SET sql = replace(sql, 'note VARCHAR', 'note BLOB') WHERE name = 'theme'"),
    "a column that computes": ["ALTER TABLE theme ADD COLUMN more AS (zeroblob(1000000000))"],
    "a column of ours that computes": _master(
        "UPDATE sqlite_master SET sql = replace(sql, 'name VARCHAR NOT NULL', 'name VARCHAR NOT NULL AS (hex(zeroblob(1000)))') WHERE name = 'theme'"
    ),
    "a check": _master("UPDATE sqlite_master SET sql = replace(sql, 'PRIMARY KEY (', 'CHECK (length(zeroblob(9)) > 1), PRIMARY KEY (') WHERE name = 'alembic_version'")
    + _master("UPDATE sqlite_master SET sql = rtrim(sql, ') ') || ', CHECK (abs(id) >= 0))' WHERE name = 'theme'"),
    "another order of letters": _master("UPDATE sqlite_master SET sql = replace(sql, 'name VARCHAR', 'name VARCHAR COLLATE NOCASE') WHERE name = 'theme'"),
    "an index": ["CREATE INDEX more ON voice (text)"],
    "an index with a function": ["CREATE INDEX more ON voice (abs(id))"],
    "an index of some rows": ["CREATE INDEX more ON voice (id) WHERE id > 1"],
    "a default that computes": _master("UPDATE sqlite_master SET sql = replace(sql, 'note VARCHAR NOT NULL', 'note VARCHAR NOT NULL DEFAULT (id)') WHERE name = 'theme'"),
    "a key that follows": _master("UPDATE sqlite_master SET sql = replace(sql, 'REFERENCES voice (id)', 'REFERENCES voice (id) ON DELETE CASCADE') WHERE name = 'quote'"),
    "statistics": ["ANALYZE", "INSERT INTO sqlite_stat1 VALUES ('voice', NULL, '1')"],
    "another table to be strict": ["CREATE TABLE more (x INTEGER) STRICT"],
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("whole") / "ノート.kizuna"
    with contextlib.closing(open_workbook(path)) as book:
        save_answer(book, "shop", "汐風書店")
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, whole: bytes) -> Path:
    path = tmp_path / "ノート.kizuna"
    path.write_bytes(whole)
    return path


def change(path: Path, lines: list[str]) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        before = connection.execute("SELECT * FROM sqlite_master").fetchall()
        for line in lines:
            connection.execute(line)
        connection.execute("PRAGMA writable_schema=ON")
        assert connection.execute("SELECT * FROM sqlite_master").fetchall() != before, "nothing was changed"


@pytest.mark.parametrize("kind", TRAPS | STRANGE)
def test_a_file_that_is_built_otherwise_is_refused_in_one_sentence_and_left_alone(path: Path, kind: str) -> None:
    change(path, (TRAPS | STRANGE)[kind])
    before = path.read_bytes()
    with pytest.raises(KizunaError, match=r"しかけ|こわれて" if kind in TRAPS else r"つくり|こわれて") as error:
        open_workbook(path)
    assert "ノート.kizuna" in str(error.value) and "\n" not in str(error.value)
    assert path.read_bytes() == before
    assert [one.state for one in examine(path) if one.title == "ノートのファイル"] == [State.STOP]
    path.write_bytes(before[:68] + HAND_IN.to_bytes(4, "big") + before[72:])
    with pytest.raises(KizunaError, match=r"しかけ|こわれて"):
        open_submission(path)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_workbook_of_each_version_is_still_opened(tmp_path: Path, version: str) -> None:
    path = made(tmp_path, version)
    with contextlib.closing(open_workbook(path)) as book:
        save_answer(book, "shop", "汐風書店")
        assert read_answer(book, "shop") == "汐風書店"
    open_workbook(path).close()


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_workbook_is_held_against_the_schema_of_its_own_version(tmp_path: Path, version: str) -> None:
    path = made(tmp_path, version)
    change(path, ["CREATE INDEX more ON voice (abs(id))"])
    with pytest.raises(KizunaError, match="つくり"):
        open_workbook(path)


def made(folder: Path, version: str) -> Path:
    """A workbook of an older version, as its migrations make it."""
    path = folder / "前のノート.kizuna"
    engine = create_engine(f"sqlite:///{path}")
    config = migration.configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    engine.dispose()
    return path


def test_a_version_that_is_no_text_or_very_long_is_refused(path: Path) -> None:
    for version in ("x'00ff'", "7", "printf('%.*c', 2000000, 'x')"):
        change_version(path, version)
        with pytest.raises(KizunaError):
            open_workbook(path)


def change_version(path: Path, version: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE alembic_version SET version_num = {version}")


def test_a_huge_schema_is_refused(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        tables = "\n".join(f"CREATE TABLE t{number} (a, b, c, d UNIQUE);" for number in range(5_000))
        connection.executescript(f"BEGIN; {tables} COMMIT;")
    with pytest.raises(KizunaError, match="つくり"):
        open_workbook(path)


def test_no_extension_is_loaded_and_the_schema_cannot_be_written(path: Path) -> None:
    with contextlib.closing(open_workbook(path)) as book, book.raw() as connection:
        with pytest.raises(sqlite3.OperationalError, match="not authorized"):
            connection.execute("SELECT load_extension('evil')")
        assert connection.execute("PRAGMA trusted_schema").fetchone() == (0,)
        if hasattr(connection, "setconfig"):
            connection.execute("PRAGMA writable_schema=ON")
            with pytest.raises(sqlite3.OperationalError):
                connection.execute("DELETE FROM sqlite_master")


def test_a_schema_that_is_no_text_is_told_in_one_line(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"name_style VARCHAR", b"name_style VARCHA\xff", 1))
    with pytest.raises(KizunaError, match="こわれて") as error:
        open_workbook(path)
    assert "\n" not in str(error.value)


def test_every_kind_of_column_is_known_to_the_one_who_looks_at_its_values() -> None:
    kinds = {str(column.type).partition("(")[0] for table in Base.metadata.tables.values() for column in table.columns}
    assert kinds <= set(_READS)


def test_what_we_write_ourselves_is_readable() -> None:
    book = make_sample(":memory:")
    with book.reading() as session:
        assert unreadable(session.connection().connection.driver_connection) == {}
