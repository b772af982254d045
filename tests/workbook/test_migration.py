"""An older workbook is brought up to date, a copy of it is kept, and both ways to a new workbook lead to the same tables."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from kizuna.errors import KizunaError
from kizuna.workbook import backups, migration
from kizuna.workbook.answers import read_answers, save_answer
from kizuna.workbook.engine import APPLICATION_ID, HEAD, engine_of
from kizuna.workbook.models import Base
from kizuna.workbook.store import open_workbook


@pytest.fixture
def upgraded(tmp_path: Path) -> Path:
    """A database that was empty and went through every migration."""
    path = tmp_path / "upgraded.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    config = migration.configuration()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    return path


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A workbook as it is made today."""
    path = tmp_path / "ノート.kizuna"
    open_workbook(path).close()
    return path


def schema(path: Path) -> dict[str, dict[str, Any]]:
    """Each table's columns, keys and uniques, as SQLite tells them."""
    engine = create_engine(f"sqlite:///{path}")
    look = inspect(engine)
    found = {
        name: {
            "columns": {
                (one["name"], str(one["type"]), one["nullable"], str(one["default"]), one["primary_key"]) for one in look.get_columns(name)
            },
            "keys": {(tuple(one["constrained_columns"]), one["referred_table"]) for one in look.get_foreign_keys(name)},
            "uniques": {tuple(one["column_names"]) for one in look.get_unique_constraints(name)},
            "indexes": {(one["name"], tuple(one["column_names"]), one["unique"]) for one in look.get_indexes(name)},
        }
        for name in look.get_table_names()
        if name != "alembic_version"
    }
    engine.dispose()
    return found


def never_reuses_a_key(path: Path) -> set[str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return {
            name for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'") if "AUTOINCREMENT" in sql
        }


def test_the_migrations_leave_nothing_for_alembic_to_change(upgraded: Path) -> None:
    engine = create_engine(f"sqlite:///{upgraded}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_new_workbook_and_a_migrated_one_have_the_same_tables(upgraded: Path, fresh: Path) -> None:
    assert schema(upgraded) == schema(fresh)
    assert set(schema(fresh)) == set(Base.metadata.tables)


def test_no_table_ever_uses_a_key_again(upgraded: Path, fresh: Path) -> None:
    assert never_reuses_a_key(upgraded) == never_reuses_a_key(fresh) == set(Base.metadata.tables)


def test_the_newest_version_is_the_one_a_new_workbook_has() -> None:
    assert ScriptDirectory.from_config(migration.configuration()).get_heads() == [HEAD]


def test_the_version_in_the_file_is_the_newest(upgraded: Path, fresh: Path) -> None:
    for path in (upgraded, fresh):
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


def test_a_copy_can_be_opened_and_holds_the_same(fresh: Path) -> None:
    book = open_workbook(fresh)
    save_answer(book, "shop", "汐風書店🌊")
    copy = backups.keep_before(fresh, backups.UPDATING)
    assert copy.parent.parent == fresh.parent / "控え" and copy.suffix == ".kizuna" and "新しい版にする前" in copy.stem
    assert read_answers(open_workbook(copy)) == {"shop": "汐風書店🌊"}


def test_a_copy_never_overwrites_an_earlier_one(fresh: Path) -> None:
    book = open_workbook(fresh)
    copies = []
    for name in ("一", "二", "三"):
        save_answer(book, "shop", name)
        copies.append(backups.keep_before(fresh, backups.UPDATING))
    assert len(set(copies)) == 3
    assert [read_answers(open_workbook(copy))["shop"] for copy in copies] == ["一", "二", "三"]
    assert read_answers(book) == {"shop": "三"}


def is_at(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """From here on ``version`` is the newest that this kizuna knows."""
    for module in ("engine", "strangers", "store"):
        monkeypatch.setattr(f"kizuna.workbook.{module}.HEAD", version)


def test_an_older_workbook_is_copied_and_then_brought_up_to_date(fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(fresh), "shop", "汐風書店")
    upgrades: list[str] = []
    is_at(monkeypatch, "9998")  # as if this kizuna were newer than the file
    monkeypatch.setattr(migration.command, "upgrade", lambda config, to: upgrades.append(to))
    book = open_workbook(fresh)
    assert upgrades == ["head"]
    assert read_answers(book) == {"shop": "汐風書店"}
    (copy,) = (one.path for one in backups.copies(fresh))
    is_at(monkeypatch, HEAD)
    assert read_answers(open_workbook(copy)) == {"shop": "汐風書店"}


def test_a_workbook_of_the_first_version_opens_with_all_its_words(tmp_path: Path) -> None:
    path = tmp_path / "むかしのノート.kizuna"
    engine = engine_of(path)
    config = migration.configuration()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO answer (key, value, saved_at) VALUES ('shop', '\"汐風書店\"', '2026-01-01 00:00:00')")
    engine.dispose()
    book = open_workbook(path)
    assert read_answers(book) == {"shop": "汐風書店"}
    assert schema(path)["vector"] and [one.why for one in backups.copies(path)] == [backups.UPDATING]


@pytest.mark.parametrize("version", ["9999", None])
def test_a_version_this_kizuna_does_not_know_is_refused_without_a_copy(fresh: Path, version: str | None) -> None:
    book = open_workbook(fresh)
    with pytest.raises(KizunaError, match="もっと新しい kizuna"):
        migration.migrate(book._engine, fresh, version)
    assert [path for path in fresh.parent.glob("*.kizuna") if path != fresh] == []
