"""Two workbooks that grew from one are made one again; nothing is dropped, and what both changed is asked."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.workbook import backups
from kizuna.workbook.history import revive
from kizuna.workbook.merging.kin import KEPT, MERGED, Relative, acts_of, relatives, tip
from kizuna.workbook.merging.lines import TABLES, Row, Side, sides
from kizuna.workbook.merging.weaving import Conflict, Woven, weave
from kizuna.workbook.models import Answer, Base, Erasure
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook, open_workbook

__all__ = ["Conflict", "Relative", "Woven", "look", "merge", "put_away", "relatives", "settle"]

BEFORE = "合わせる前"
AWAY = "合わせたノート"
_KIND: dict[str, Any] = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
_ERASED = "どちらかのノートで、ある方の記録をすべて消しています。合わせると、その方の記録がもどることがあるため、合わせません。使うほうを決めて、もう一つは片づけてください。"
_STRANGE = "「{}」は、いま開いているノートから分かれたものではないため、合わせられません。中身はそのまま残っています。"


def look(book: Workbook, path: Path) -> Woven:
    """What merging the file at ``path`` into ``book`` would do; neither is changed."""
    with _copied(path) as other, book.reading() as ours, other.reading() as theirs:
        return weave(*_parted(ours, theirs, path), _next_keys(ours))


def merge(book: Workbook, path: Path) -> Woven:
    """Bring all of the file at ``path`` into ``book``, in one act; ours is kept among the copies first, theirs is not touched.

    Returns what was done, with what both sides wrote differently: there ours stands until ``settle``. Raises ``KizunaError`` where
    the file did not grow from the same workbook, or either cannot be read or written.
    """
    with _copied(path) as other:
        if isinstance(book.path, Path):
            backups.keep_before(book.path, BEFORE)
        with other.raw() as connection:
            mark = MERGED + tip(acts_of(connection))
        with book.act(f"「{path.stem}」を合わせた") as session, other.reading() as theirs:
            ours, there = _parted(session, theirs, path)
            woven = weave(ours, there, _next_keys(session))
            if not any(row["key"] == mark for row in ours.rows["answer"].values()):
                _write(session, ours, woven)
                session.add(Answer(key=mark, value=True))
            return woven


def settle(book: Workbook, conflicts: Sequence[Conflict], theirs: bool) -> None:
    """Decide for ours or for ``theirs`` what both sides wrote differently in one row; what is decided against stays in the history.

    Raises ``KizunaError`` where it has changed meanwhile.
    """
    with book.act("もう一つのノートの内容にした" if theirs else KEPT) as session:
        for one in conflicts:
            row = fetch(session, _KIND[one.table], one.row_id, "いま選んだところは、もうノートにありません。ページを開き直してください。")
            column = Base.metadata.tables[one.table].columns[one.column]
            if getattr(row, one.column) != revive(column.type, one.here):
                raise KizunaError("いま選んだところは、ほかのページで書きかえられました。ページを開き直して、もう一度選んでください。")
            setattr(row, one.column, revive(column.type, one.there))
        session.flush()
        if theirs:
            return
        for one in conflicts:
            row = session.get_one(_KIND[one.table], one.row_id)
            setattr(row, one.column, revive(Base.metadata.tables[one.table].columns[one.column].type, one.here))


def put_away(book: Workbook, path: Path) -> Path:
    """Lay a file that was merged among the copies of ``book``; returns where it lies now. Raises ``KizunaError`` where something in it waits."""
    found = next((one for one in relatives(Path(book.path)) if one.path == path), None)
    if found is None or found.ahead:
        raise KizunaError(f"「{path.stem}」には、まだ合わせていないものがあります。先に「合わせる」を押してください。")
    if look(book, path).conflicts:
        raise KizunaError(f"「{path.stem}」には、まだ選んでいないところがあります。どちらを残すかを選んでから、しまってください。")
    return backups.put_away(Path(book.path), path, AWAY)


def _parted(ours: Session, theirs: Session, path: Path) -> tuple[Side, Side]:
    erased = [set(session.execute(select(Erasure.at, Erasure.by))) for session in (ours, theirs)]
    if erased[0] != erased[1]:
        raise KizunaError(_ERASED)
    found = sides(ours, theirs)
    if found is None:
        raise KizunaError(_STRANGE.format(path.stem))
    return found


@contextlib.contextmanager
def _copied(path: Path) -> Iterator[Workbook]:
    """The workbook at ``path`` as a copy that may be brought up to date; the file itself is only read."""
    if not path.is_file():
        raise KizunaError(f"「{path.stem}」が見つかりません。動かしたり消したりしていないか、確かめてください。")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        try:
            backups.copy_to(path, copy)
        except (OSError, sqlite3.Error):  # left half done by a program that was killed: SQLite mends the copy
            for ending in ("", "-journal"):
                with contextlib.suppress(FileNotFoundError):
                    shutil.copyfile(f"{path}{ending}", f"{copy}{ending}")
        book = open_workbook(copy)
        try:
            yield book
        finally:
            book.close()


def _next_keys(session: Session) -> dict[str, int]:
    used = dict(session.connection().exec_driver_sql("SELECT name, seq FROM sqlite_sequence").tuples().all())
    return {table.name: used.get(table.name, 0) + 1 for table in TABLES}


def _write(session: Session, ours: Side, woven: Woven) -> None:
    """Let the file hold what was woven: first what is new, then what changed, last what goes, so that every row has what it points at."""
    _make_way(session, ours, woven)
    for table in TABLES:
        was, now = ours.rows[table.name], woven.rows[table.name]
        session.add_all(_KIND[table.name](**_revived(table.name, row)) for number, row in sorted(now.items()) if number not in was)
        session.flush()
    for table in TABLES:
        was, now = ours.rows[table.name], woven.rows[table.name]
        for number in sorted(now.keys() & was.keys()):
            if now[number] != was[number]:
                row = session.get_one(_KIND[table.name], number)
                for name, value in _revived(table.name, now[number]).items():
                    if now[number][name] != was[number][name]:
                        setattr(row, name, value)
        session.flush()
    for table in reversed(TABLES):
        was, now = ours.rows[table.name], woven.rows[table.name]
        for number in sorted(was.keys() - now.keys(), reverse=True):
            session.delete(session.get_one(_KIND[table.name], number))
            session.flush()


def _make_way(session: Session, ours: Side, woven: Woven) -> None:
    """Rename for the moment each row whose name another row takes over: no two may bear one name, not even while all is written."""
    for table in TABLES:
        was, now = ours.rows[table.name], woven.rows[table.name]
        for column in (one.name for one in table.columns if one.unique):
            bears = {row[column]: number for number, row in now.items()}
            for number in sorted(was.keys() & now.keys()):
                name = was[number][column]
                if isinstance(name, str) and bears.get(name, number) != number:
                    setattr(session.get_one(_KIND[table.name], number), column, f"{name} ⇄ {number}")
        session.flush()


def _revived(table: str, row: Row) -> dict[str, Any]:
    return {column.name: revive(column.type, row[column.name]) for column in Base.metadata.tables[table].columns}
