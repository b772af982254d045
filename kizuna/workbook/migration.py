"""Bringing an older workbook up to this version: a copy is kept first, then Alembic does the rest."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import date
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kizuna.errors import KizunaError


def migrate(engine: Engine, path: Path, version: str | None) -> None:
    """Bring the workbook at ``path`` (opened by ``engine``) from ``version`` to the newest, keeping a copy of the file beside it.

    Raises ``KizunaError`` for a workbook of a version that this kizuna does not know (a newer one).
    """
    config = configuration()
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if version not in known:
        raise KizunaError(
            f"「{path.stem}」は、もっと新しい kizuna で作られたノートです。kizuna を新しくしてから開いてください。中身はそのまま残っています。"
        )
    keep_copy(path)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def keep_copy(path: Path) -> Path:
    """A copy of the workbook beside it, named by the day; returns its path (an earlier copy of the day is never overwritten)."""
    stem = f"{path.stem[:60]}（控え {date.today():%Y-%m-%d}）"
    copy = next(
        candidate
        for number in range(1, 1000)
        if not (candidate := path.with_name(f"{stem}{'' if number == 1 else f' {number}'}.kizuna")).exists()
    )
    with contextlib.closing(sqlite3.connect(path)) as old, contextlib.closing(sqlite3.connect(copy)) as new:
        old.backup(new)
    return copy


def configuration() -> Config:
    """Alembic's configuration, pointing at the migrations in this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
