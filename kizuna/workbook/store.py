"""The workbook: one SQLite file that is whole after every act, whoever else has it open."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from sqlalchemy import Engine, delete, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.workbook import backups, history
from kizuna.workbook.engine import HEAD, MEMORY, create, engine_of, writing
from kizuna.workbook.models import Act, Change
from kizuna.workbook.place import SUFFIX
from kizuna.workbook.strangers import refuse_strangers
from kizuna.workbook.trouble import told

__all__ = ["MEMORY", "Workbook", "closed_workbook", "from_bytes", "open_workbook"]


@dataclass(frozen=True)
class _Which:
    """One file, by its device and number there, and when it was written last."""

    place: tuple[int, int]
    written: int

    @classmethod
    def at(cls, path: Path | str) -> _Which | None:
        """The file to which the path leads; None where there is none."""
        try:
            found = path.stat() if isinstance(path, Path) else None
        except OSError:
            return None
        return cls((found.st_dev, found.st_ino), found.st_mtime_ns) if found else None


class Workbook:
    """One participant's workbook (仕事ノート): read from it, act on it, undo."""

    def __init__(self, path: Path | str, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._kept: date | None = None  # the day for which a copy was looked after
        self._file = _Which.at(path)
        self._replaced = 0  # how often another file was found in its place

    @property
    def name(self) -> str:
        """What the file is called, without folder and ending."""
        return Path(self.path).stem if isinstance(self.path, Path) else "控えのないノート"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees the file as it is at this moment and changes nothing."""
        with told(self.path):
            self._stay()
            with Session(self._engine, expire_on_commit=False) as session:
                yield session

    @contextlib.contextmanager
    def act(self, label: str) -> Iterator[Session]:
        """One act called ``label``: all of it is in the file when the block ends, or nothing of it.

        Raises ``KizunaError`` where the file cannot be written (read-only, full disk, in use for longer than ten seconds, gone).
        """
        with told(self.path), self._writing() as session:
            history.begin_act(session, label)
            yield session
            self._commit(session)

    @contextlib.contextmanager
    def aside(self) -> Iterator[Session]:
        """Write what can be made anew at any time: whole or not at all, as ``act`` does, but neither history nor ``version`` tell of it."""
        with told(self.path), self._writing() as session:
            yield session
            self._commit(session)

    def undo(self) -> str | None:
        """Take the last act back; returns its label, or None where there is nothing to undo."""
        with told(self.path), self._writing() as session:
            act = history.last_act(session)
            if act is not None:
                history.revert(session, act)
                self._commit(session)
            return act.label if act else None

    def redo(self) -> str | None:
        """Do the act again that was undone last; returns its label, or None."""
        with told(self.path), self._writing() as session:
            act = history.next_redo(session)
            if act is not None:
                history.reapply(session, act)
                self._commit(session)
            return act.label if act else None

    def undo_label(self) -> str | None:
        """The label of the act that ``undo`` would take back, or None."""
        with self.reading() as session:
            act = history.last_act(session)
            return act.label if act else None

    def redo_label(self) -> str | None:
        """The label of the act that ``redo`` would do again, or None."""
        with self.reading() as session:
            act = history.next_redo(session)
            return act.label if act else None

    def version(self) -> int:
        """A number that changes whenever any notebook changes the file: tells a page that it is out of date."""
        with self.reading() as session:
            undone = "(SELECT count(*) FROM act WHERE state = 'undone')"
            erased = session.scalar(text("SELECT max(id) FROM erasure"))  # may take the latest acts out of the history
            last = session.execute(text(f"SELECT id, at, label, {undone} FROM act ORDER BY id DESC LIMIT 1")).first()
            return hash((self._replaced, erased, *(last or ())))

    def write_to(self, path: Path) -> None:
        """Write all of this workbook, history and all, into a new file: whole or not at all.

        Raises ``KizunaError`` where it cannot be written.
        """
        with told(path), self.raw() as connection:
            backups.write(connection, path)

    def go_back_to(self, copy: Path) -> None:
        """Let the workbook stand as it does in ``copy``; how it stands now is kept among the copies first.

        Raises ``KizunaError`` where the copy cannot be read, or one of now cannot be made.
        """
        if not isinstance(self.path, Path):
            raise KizunaError("保存しないノートには、控えがありません。")
        with told(copy), tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / copy.name
            shutil.copyfile(copy, draft)
            open_workbook(draft).close()  # an older one is brought up to date, a damaged one refused
            with told(self.path):
                backups.keep_before(self.path, backups.RESTORING)
                backups.replace_by(self.path, draft)

    def begin_history_here(self) -> None:
        """Forget the acts so far: what is in the workbook now is its beginning (for a worked example that was just built)."""
        with told(self.path), self._writing() as session:
            session.execute(delete(Change))
            session.execute(delete(Act))
            session.commit()

    @contextlib.contextmanager
    def raw(self) -> Iterator[sqlite3.Connection]:
        """The connection to SQLite itself, for what SQLAlchemy has no words for."""
        with contextlib.closing(self._engine.raw_connection()) as pooled:
            yield cast(sqlite3.Connection, pooled.driver_connection)

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Session]:
        if not self._stay():
            raise KizunaError(
                f"「{self.name}」のファイルが、ほかのものに置きかわっていました。いまの操作はまだ保存していません。ページを開き直して、中身を確かめてください。"
            )
        self._keep_for_today()
        with Session(writing(self._engine), expire_on_commit=False) as session:
            yield session

    def _commit(self, session: Session) -> None:
        """All is in the file, and the file is still the one that its name leads to."""
        session.commit()
        now = _Which.at(self.path)
        if now and self._file and now.place == self._file.place:
            self._file = now
        elif not self._stay():
            raise KizunaError(
                f"保存しているあいだに、「{self.name}」のファイルがほかのものに置きかわりました。いま書いたものは、すぐ横のファイル「{self.name}（置きかわる前 …）」に残してあります。"
            )

    def _stay(self) -> bool:
        """Whether the path still leads to what was open; a folder that is kept the same on two machines may put another file in its place.

        That other one is open from here on. Where it does not go on from the former, the former is laid beside it, and this is False.
        Raises ``KizunaError`` where there is no file any more, or none that can be opened.
        """
        if not isinstance(self.path, Path):
            return True
        now = _Which.at(self.path)
        if now is None:
            raise KizunaError(
                f"仕事ノート {self.path} が見つかりません。動かしたり消したりしていないか、USBメモリーがささっているかを確かめてください。"
            )
        if now == self._file:
            return True
        if self._file and now.place == self._file.place:
            # Somebody wrote into it: perhaps another page, perhaps all of it at once, unseen by SQLite.
            self._engine.dispose()
            self._file = now
            return True
        with self.raw() as former:
            goes_on = backups.keep_former(self.path, former)
        refuse_strangers(self.path)
        self._engine.dispose()
        self._file, self._kept, self._replaced = now, None, self._replaced + 1
        _bring_up_to_date(self, self.path)
        return goes_on

    def _keep_for_today(self) -> None:
        """Before the first act of a day: a copy of how the file stood until then."""
        today = date.today()
        if isinstance(self.path, Path) and self._kept != today and self.path.suffix == SUFFIX:
            backups.keep_for_today(self.path, today)
            self._kept = today


class _Closed(Workbook):
    why: KizunaError

    def _writing(self) -> contextlib._GeneratorContextManager[Session]:
        raise self.why


def open_workbook(path: Path | str) -> Workbook:
    """The workbook at ``path``, made anew where there is none; ``":memory:"`` gives one that is never saved.

    Raises ``KizunaError`` for a file that is no workbook, is damaged, comes from a newer version, or cannot be made there.
    """
    if path == MEMORY:
        workbook = Workbook(MEMORY, engine_of(MEMORY))
        create(workbook._engine)
        return workbook
    file = Path(path).expanduser().absolute()
    with told(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        backups.begin_closed(file)
        fresh = file.stat().st_size == 0
    if not fresh:
        refuse_strangers(file)
    workbook = Workbook(file, engine_of(file))
    with told(file):
        if fresh:
            create(workbook._engine)
            workbook._file = _Which.at(file)
        else:
            _bring_up_to_date(workbook, file)
    return workbook


def closed_workbook(why: KizunaError) -> Workbook:
    """A workbook that holds nothing and takes nothing: it stands in for one that cannot be opened, and says ``why`` to whoever writes."""
    workbook = _Closed(MEMORY, engine_of(MEMORY))
    create(workbook._engine)
    workbook.why = why
    return workbook


def from_bytes(data: bytes) -> Workbook:
    """A workbook in memory, never saved, that begins as ``data``: the bytes of a file that this module made."""
    workbook = Workbook(MEMORY, engine_of(MEMORY))
    with workbook.raw() as connection:
        connection.deserialize(data)
    return workbook


def _bring_up_to_date(workbook: Workbook, file: Path) -> None:
    with workbook.reading() as session:
        try:
            version = session.scalar(text("SELECT version_num FROM alembic_version"))
        except DatabaseError:
            version = None
    if version != HEAD:
        from kizuna.workbook.migration import migrate

        migrate(workbook._engine, file, version)
    with workbook.reading() as session:
        cut_off = session.scalar(text("SELECT 1 FROM erasure WHERE state = 'begun'"))
    if cut_off:
        from kizuna.workbook.erasing import finish

        finish(workbook)
