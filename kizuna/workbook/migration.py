"""Bringing an older workbook up to this version: a copy is kept first, then Alembic does the rest."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kizuna.errors import KizunaError
from kizuna.workbook import backups
from kizuna.workbook.schema import Schema, schema


def migrate(engine: Engine, path: Path, version: str | None) -> None:
    """Bring the workbook at ``path`` (opened by ``engine``) from ``version`` to the newest, keeping a copy of it first.

    Raises ``KizunaError`` for a workbook of a version that this kizuna does not know (a newer one).
    """
    config = configuration()
    if version not in _versions(config):
        raise KizunaError(
            f"「{path.stem}」は、もっと新しい kizuna で作られたノートです。kizuna を新しくしてから開いてください。中身はそのまま残っています。"
        )
    backups.keep_before(path, backups.UPDATING)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def schema_of(version: object, engine: Engine) -> Schema | None:
    """The schema that a workbook of ``version`` has, made in the empty ``engine``; None for a version that this kizuna does not know."""
    config = configuration()
    if version not in _versions(config):
        return None
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, str(version))
    with contextlib.closing(engine.raw_connection()) as pooled:
        found = schema(cast(sqlite3.Connection, pooled.driver_connection))
    engine.dispose()
    return found


def _versions(config: Config) -> set[object]:
    return {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}


def configuration() -> Config:
    """Alembic's configuration, pointing at the migrations in this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
