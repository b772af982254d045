"""The workbook: one SQLite file that is whole after every act, whoever else has it open."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Engine, StaticPool, create_engine, delete, event, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DatabaseError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache

from kizuna.errors import KizunaError
from kizuna.workbook import backups, history
from kizuna.workbook.models import Act, Base, Change
from kizuna.workbook.schema import Schema, acts_by_itself, guard, schema

APPLICATION_ID = 0x6B697A75  # "kizu" in the file's header: what tells a workbook from any other SQLite file
HEAD = "0007"
MEMORY = ":memory:"
SUFFIX = ".kizuna"
_LONGEST = 1_000_000  # bytes of anything that is read before a file is known to be ours
WAIT = 10  # seconds for which an act waits while another program has the file


class Workbook:
    """One participant's workbook (仕事ノート): read from it, act on it, undo."""

    def __init__(self, path: Path | str, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._kept: date | None = None  # the day for which a copy was looked after
        self._file = _which(path)
        self._replaced = 0  # how often another file was found in its place

    @property
    def name(self) -> str:
        """What the file is called, without folder and ending."""
        return Path(self.path).stem if isinstance(self.path, Path) else "控えのないノート"

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees the file as it is at this moment and changes nothing."""
        with _told(self.path):
            self._stay()
            with Session(self._engine, expire_on_commit=False) as session:
                yield session

    @contextlib.contextmanager
    def act(self, label: str) -> Iterator[Session]:
        """One act called ``label``: all of it is in the file when the block ends, or nothing of it.

        Raises ``KizunaError`` where the file cannot be written (read-only, full disk, in use for longer than ten seconds, gone).
        """
        with _told(self.path), self._writing() as session:
            history.begin_act(session, label)
            yield session
            self._commit(session)

    @contextlib.contextmanager
    def aside(self) -> Iterator[Session]:
        """Write what can be made anew at any time: whole or not at all, as ``act`` does, but neither history nor ``version`` tell of it."""
        with _told(self.path), self._writing() as session:
            yield session
            self._commit(session)

    def undo(self) -> str | None:
        """Take the last act back; returns its label, or None where there is nothing to undo."""
        with _told(self.path), self._writing() as session:
            act = history.last_act(session)
            if act is not None:
                history.revert(session, act)
                self._commit(session)
            return act.label if act else None

    def redo(self) -> str | None:
        """Do the act again that was undone last; returns its label, or None."""
        with _told(self.path), self._writing() as session:
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
        with _told(path), self.raw() as connection:
            backups.write(connection, path)

    def go_back_to(self, copy: Path) -> None:
        """Let the workbook stand as it does in ``copy``; how it stands now is kept among the copies first.

        Raises ``KizunaError`` where the copy cannot be read, or one of now cannot be made.
        """
        if not isinstance(self.path, Path):
            raise KizunaError("保存しないノートには、控えがありません。")
        with _told(copy), tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / copy.name
            shutil.copyfile(copy, draft)
            open_workbook(draft).close()  # an older one is brought up to date, a damaged one refused
            with _told(self.path):
                backups.keep_before(self.path, backups.RESTORING)
                backups.replace_by(self.path, draft)

    def begin_history_here(self) -> None:
        """Forget the acts so far: what is in the workbook now is its beginning (for a worked example that was just built)."""
        with _told(self.path), self._writing() as session:
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
        engine = self._engine.execution_options(kizuna_begin="BEGIN IMMEDIATE")
        with Session(engine, expire_on_commit=False) as session:
            yield session

    def _commit(self, session: Session) -> None:
        """All is in the file, and the file is still the one that its name leads to."""
        session.commit()
        now = _which(self.path)
        if now and self._file and now[0] == self._file[0]:
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
        now = _which(self.path)
        if now is None:
            raise KizunaError(
                f"仕事ノート {self.path} が見つかりません。動かしたり消したりしていないか、USBメモリーがささっているかを確かめてください。"
            )
        if now == self._file:
            return True
        if (
            self._file and now[0] == self._file[0]
        ):  # somebody wrote into it: perhaps another page, perhaps all of it at once, unseen by SQLite
            self._engine.dispose()
            self._file = now
            return True
        with self.raw() as former:
            goes_on = backups.keep_former(self.path, former)
        _refuse_strangers(self.path)
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


@contextlib.contextmanager
def copy_to_look_at(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a copy in memory of the workbook at ``path``, whatever its version: to look at it without touching it.

    Raises ``KizunaError`` for a file that is no workbook or is in use.
    """
    _refuse_strangers(path)
    with (
        _told(path),
        contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=WAIT)) as file,
        contextlib.closing(sqlite3.connect(MEMORY)) as copy,
    ):
        file.backup(copy)
        guard(copy)
        yield copy


class _Closed(Workbook):
    why: KizunaError

    def _writing(self) -> contextlib._GeneratorContextManager[Session]:
        raise self.why


def open_workbook(path: Path | str) -> Workbook:
    """The workbook at ``path``, made anew where there is none; ``":memory:"`` gives one that is never saved.

    Raises ``KizunaError`` for a file that is no workbook, is damaged, comes from a newer version, or cannot be made there.
    """
    if path == MEMORY:
        workbook = Workbook(MEMORY, _engine(MEMORY))
        _create(workbook)
        return workbook
    file = Path(path).expanduser().absolute()
    with _told(file):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        backups.begin_closed(file)
        fresh = file.stat().st_size == 0
    if not fresh:
        _refuse_strangers(file)
    workbook = Workbook(file, _engine(file))
    with _told(file):
        if fresh:
            _create(workbook)
            workbook._file = _which(file)
        else:
            _bring_up_to_date(workbook, file)
    return workbook


_Which = tuple[tuple[int, int], int]


def _which(path: Path | str) -> _Which | None:
    """Which file the path leads to, by its device and number there, and when it was written last; None where there is none."""
    try:
        found = Path(path).stat() if isinstance(path, Path) else None
    except OSError:
        return None
    return ((found.st_dev, found.st_ino), found.st_mtime_ns) if found else None


def closed_workbook(why: KizunaError) -> Workbook:
    """A workbook that holds nothing and takes nothing: it stands in for one that cannot be opened, and says ``why`` to whoever writes."""
    workbook = _Closed(MEMORY, _engine(MEMORY))
    _create(workbook)
    workbook.why = why
    return workbook


def from_bytes(data: bytes) -> Workbook:
    """A workbook in memory, never saved, that begins as ``data``: the bytes of a file that this module made."""
    workbook = Workbook(MEMORY, _engine(MEMORY))
    with workbook.raw() as connection:
        connection.deserialize(data)
    return workbook


class Dialect(SQLiteDialect_pysqlite):
    """SQLite as every workbook speaks it: all are equal, so that a process puts a statement into words once, and not once for each file."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is Dialect

    def __hash__(self) -> int:
        return hash(Dialect)


registry.register("sqlite.kizuna", __name__, Dialect.__name__)
_STATEMENTS: LRUCache[Any, Any] = LRUCache(500)


def _engine(path: Path | str) -> Engine:
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


def _json(value: Any) -> str:
    """A value as JSON; half a sign is refused, since JSON would keep it and no page that holds it would ever be shown again."""
    json.dumps(value, ensure_ascii=False).encode("utf-8")
    return json.dumps(value)


def _create(workbook: Workbook) -> None:
    engine = workbook._engine.execution_options(kizuna_begin="BEGIN IMMEDIATE")
    with engine.begin() as connection:
        if connection.scalar(text("SELECT count(*) FROM sqlite_master")):
            return  # another notebook was quicker
        connection.execute(text(f"PRAGMA application_id={APPLICATION_ID}"))
        Base.metadata.create_all(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def _refuse_strangers(file: Path) -> None:
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
            raise _clear(error, file) from error
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


def _version(connection: sqlite3.Connection) -> object:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise
        row = None
    return row[0] if row else None


@cache
def known_schema(version: object = HEAD) -> Schema | None:
    """The schema of a workbook of that version, or None for a version that this kizuna does not know."""
    if version != HEAD:
        from kizuna.workbook.migration import schema_of

        return schema_of(version, _engine(MEMORY))
    with contextlib.closing(open_workbook(MEMORY)) as book, book.raw() as connection:
        return schema(connection)


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


@contextlib.contextmanager
def _told(path: Path | str) -> Iterator[None]:
    """Turn what the file system or SQLite says into one sentence for a person."""
    try:
        yield
    except DatabaseError as error:
        raise _clear(error.orig if isinstance(error.orig, Exception) else error, path) from error
    except sqlite3.Error as error:
        raise _clear(error, path) from error
    except (UnicodeEncodeError, StatementError) as error:
        if isinstance(error, StatementError) and not isinstance(error.orig, UnicodeEncodeError):
            raise
        raise KizunaError(
            "こわれた文字（半分だけの絵文字など）が入っているため、保存できませんでした。その文字を消して、もう一度書いてください。"
        ) from error
    except OSError as error:
        raise _clear(error, path) from error


def _clear(error: Exception, path: Path | str) -> KizunaError:
    said = str(error).lower()
    name = Path(path).name
    if "full" in said or getattr(error, "errno", None) == 28:
        return KizunaError(
            "パソコンの空き容量が足りないため、保存できませんでした。いらないファイルを消して空きを作り、もう一度ためしてください。"
        )
    if "readonly" in said or isinstance(error, PermissionError) or (isinstance(path, Path) and not os.access(path.parent, os.W_OK)):
        return KizunaError(
            f"「{name}」に書き込めないため、保存できませんでした。書き込みのできるフォルダーに移すか、「読み取り専用」を外してください。"
        )
    if "locked" in said or "busy" in said:
        return KizunaError(f"ほかのプログラムが「{name}」を使っているため、まだ保存していません。少し待って、もう一度ためしてください。")
    if any(sign in said for sign in ("malformed", "not a database", "could not decode")):
        return KizunaError(f"「{name}」がこわれているようです。控えのファイルを開いてください。")
    return KizunaError(
        f"「{name}」を読み書きできませんでした（{' '.join(str(error).split())[:200]}）。フォルダーがあるか、USBメモリーが外れていないか、確かめてください。"
    )
