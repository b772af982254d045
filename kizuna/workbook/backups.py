"""Copies of a workbook that make themselves: one for each day it is written into, and one before anything that replaces it."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kizuna.errors import KizunaError
from kizuna.workbook.engine import WAIT
from kizuna.workbook.place import SUFFIX, unused

log = logging.getLogger(__name__)

FOLDER = "控え"
RESTORING = "戻す前"
UPDATING = "新しい版にする前"
DAMAGED = "開けなかったもの"
_ALL_DAYS = 91  # so many of the latest days stay, whatever the clock says now; of what is older the first of each month
_NAME = re.compile(r"(?P<on>\d{4}-\d{2}-\d{2})(?: (?P<why>[^\d\s]+))?(?: \d+)?\.kizuna")


@dataclass(frozen=True)
class Copy:
    """One copy of a workbook as it stood on a day: before that day's first act, or before what ``why`` says."""

    path: Path
    on: date
    why: str = ""


def folder(workbook: Path) -> Path:
    """Where the copies of ``workbook`` lie: beside it, so that they go wherever it goes."""
    return workbook.parent / FOLDER / workbook.stem


def copies(workbook: Path) -> list[Copy]:
    """The copies of a workbook, the newest first; those that versions before 0006 put beside it are among them."""
    return sorted(_all(workbook), key=lambda one: (one.on, one.path.stat().st_mtime), reverse=True)


def keep_for_today(workbook: Path, today: date | None = None) -> Path | None:
    """The copy of today, made now unless there is one; None where nothing stands in the workbook yet or no copy can be made.

    That a copy cannot be made (no room, a folder that cannot be written) never keeps the owner from saving.
    """
    on = today or date.today()
    copy = folder(workbook) / f"{on:%Y-%m-%d}{SUFFIX}"
    try:
        if copy.exists():
            return copy
        if not _begun(workbook):
            return None
        copy_to(workbook, copy)
        _thin(workbook)
    except (OSError, sqlite3.Error):
        log.warning("no copy of the workbook could be made", exc_info=True)
        return None
    return copy


def keep_before(workbook: Path, why: str) -> Path:
    """A copy of the workbook as it stands now, beside those of the days; an earlier one is never overwritten.

    Raises ``OSError`` or ``sqlite3.Error`` where it cannot be made: what comes next must then not be done.
    """
    copy = _free(workbook, why)
    copy_to(workbook, copy)
    return copy


def put_away(workbook: Path, other: Path, why: str) -> Path:
    """Lay the file ``other`` among the copies of ``workbook``; returns where it lies now. Raises ``OSError`` where that cannot be."""
    place = _free(workbook, why)
    place.parent.mkdir(parents=True, exist_ok=True)
    return other.rename(place)


def keep_former(workbook: Path, former: sqlite3.Connection) -> bool:
    """Lay the file that was where ``workbook`` is now beside it, unless the file there goes on from it; returns whether it does.

    What can be read no more counts as gone on from. Raises ``OSError`` or ``sqlite3.Error`` where there is no room for it.
    """
    try:
        last = former.execute("SELECT id, at, label, by, state FROM act ORDER BY id DESC LIMIT 1").fetchone()
    except sqlite3.Error:  # the stick it lay on was pulled out
        return True
    if last is None or _knows(workbook, last):
        return True
    if not any(_knows(path, last) for path in workbook.parent.glob(f"*{SUFFIX}")):
        stem = f"{workbook.stem[:60]}（置きかわる前 {datetime.now():%Y-%m-%d %H%M%S}"
        write(former, unused(workbook.parent, stem, f"）{SUFFIX}"))
    return False


def _knows(path: Path, act: Sequence[Any]) -> bool:
    with contextlib.suppress(OSError, sqlite3.Error), contextlib.closing(_reading(path)) as connection:
        where = "id = ? AND at = ? AND label = ? AND by IS ? AND state = ?"
        return connection.execute(f"SELECT 1 FROM act WHERE {where}", act).fetchone() is not None
    return False


def replace_by(workbook: Path, copy: Path) -> None:
    """Let ``workbook`` hold what ``copy`` (of the same version) holds: in one stroke, whoever else has it open."""
    with contextlib.closing(_reading(copy)) as old, contextlib.closing(sqlite3.connect(workbook, timeout=WAIT)) as now:
        now.execute("PRAGMA synchronous=FULL")
        old.backup(now)


def sweep(workbook: Path) -> None:
    """Take away what making a copy left behind where it was cut off."""
    for path in (*folder(workbook).glob("*"), *workbook.parent.glob("*")):
        ours = path.parent != workbook.parent or path.stem == workbook.stem
        if ours and path.is_file() and re.fullmatch(r"\.\d+(-journal)?", path.suffix):
            path.unlink(missing_ok=True)


def set_aside(workbook: Path) -> list[Path]:
    """What lay where the workbook lies and could not be opened, and what belongs to it."""
    return sorted(path for path in folder(workbook).glob("*") if path.name.startswith(f"{workbook.stem} {DAMAGED} "))


def put_in_place_of(workbook: Path, copy: Path) -> Path:
    """Put ``copy`` where a workbook lies that cannot be opened; what lay there is set aside, byte for byte, and its new path comes back."""
    stem = f"{workbook.stem} {DAMAGED} {date.today():%Y-%m-%d}"
    aside = unused(folder(workbook), stem, f"{workbook.suffix}-file")
    aside.parent.mkdir(parents=True, exist_ok=True)
    if workbook.exists():
        workbook.rename(aside)
    for ending in ("-journal", "-wal", "-shm"):  # they belong to the file that was set aside, and would be played back into the copy
        left = workbook.with_name(workbook.name + ending)
        if left.exists():
            left.rename(aside.with_name(aside.name + ending))
    copy_to(copy, workbook)
    return aside


def one_of(workbook: Path, path: Path) -> Copy:
    """The copy at ``path``. Raises ``KizunaError`` where it is gone."""
    found = next((one for one in copies(workbook) if one.path == path), None)
    if found is None:
        raise KizunaError("その日の控えが見つかりません。一覧を開き直して、ほかの日を選んでください。")
    return found


def _free(workbook: Path, why: str) -> Path:
    return unused(folder(workbook), f"{date.today():%Y-%m-%d} {why}")


def _all(workbook: Path) -> Iterator[Copy]:
    for path in folder(workbook).glob(f"*{SUFFIX}"):
        if found := _NAME.fullmatch(unicodedata.normalize("NFC", path.name)):
            with contextlib.suppress(ValueError):  # a name that only looks like a day
                yield Copy(path, date.fromisoformat(found["on"]), found["why"] or "")
    beside = re.compile(re.escape(workbook.stem[:60]) + r"（控え (\d{4}-\d{2}-\d{2})）(?: \d+)?\.kizuna")
    for path in workbook.parent.glob(f"*{SUFFIX}"):
        if found := beside.fullmatch(unicodedata.normalize("NFC", path.name)):
            with contextlib.suppress(ValueError):
                yield Copy(path, date.fromisoformat(found[1]), UPDATING)


def _begun(workbook: Path) -> bool:
    with contextlib.closing(_reading(workbook)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        return "act" in tables and connection.execute("SELECT 1 FROM act LIMIT 1").fetchone() is not None


def copy_to(workbook: Path, copy: Path) -> None:
    """Copy a workbook as it stands now, whole or not at all. Raises ``OSError`` or ``sqlite3.Error`` where that cannot be."""
    with contextlib.closing(_reading(workbook)) as old:
        write(old, copy)


def begin_closed(path: Path) -> None:
    """An empty file at ``path``, where there is none, that nobody else with an account on this machine may open."""
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def write(connection: sqlite3.Connection, path: Path) -> None:
    """All that ``connection`` holds as a file at ``path``: whole or not at all, and on the disk when it is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        begin_closed(draft)
        with contextlib.closing(sqlite3.connect(draft)) as new:
            new.execute("PRAGMA synchronous=OFF")  # it is synchronised once, below
            connection.backup(new)
        with draft.open("rb+") as written:
            os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _thin(workbook: Path) -> None:
    """Of the days long past the first of each month stays; what was kept before something else was done stays for good.

    Counted by copies, not from today: a clock that runs years ahead for an hour must not take the copies of months away.
    """
    seen: set[tuple[int, int]] = set()
    for one in sorted((one for one in _all(workbook) if not one.why), key=lambda one: one.on)[:-_ALL_DAYS]:
        month = (one.on.year, one.on.month)
        if month in seen:
            one.path.unlink(missing_ok=True)
        seen.add(month)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT)
