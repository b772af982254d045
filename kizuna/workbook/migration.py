"""Bringing an older workbook up to this version: a copy is kept first, then Alembic does the rest."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kizuna.errors import KizunaError
from kizuna.workbook import backups


def migrate(engine: Engine, path: Path, version: str | None) -> None:
    """Bring the workbook at ``path`` (opened by ``engine``) from ``version`` to the newest, keeping a copy of it first.

    Raises ``KizunaError`` for a workbook of a version that this kizuna does not know (a newer one).
    """
    config = configuration()
    known = {revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()}
    if version not in known:
        raise KizunaError(
            f"「{path.stem}」は、もっと新しい kizuna で作られたノートです。kizuna を新しくしてから開いてください。中身はそのまま残っています。"
        )
    backups.keep_before(path, backups.UPDATING)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def configuration() -> Config:
    """Alembic's configuration, pointing at the migrations in this package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
