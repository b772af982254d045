"""A person is taken out of a workbook and out of every copy of it: at one stroke, and to the last byte.

All is got ready first, the cleaned copies beside the old ones; the one commit in the workbook decides. Whoever is cut off before it finds all as it
was, and after it the next opening puts the copies in their places and finishes.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.workbook import backups, history
from kizuna.workbook.erasing.rows import Cover, Found, Images, Whose, apply, find
from kizuna.workbook.models import Erasure, now
from kizuna.workbook.place import SUFFIX
from kizuna.workbook.store import Workbook, open_workbook

log = logging.getLogger(__name__)

BEGUN, DONE = "begun", "done"
WORKING, LOOKING = "消しているところ", "調べているところ"  # folders beside the copies, there only meanwhile
Covering = Callable[[Images], Cover]  # what covers in one file: a copy may know her by other names


@dataclass(frozen=True)
class Cleaned:
    """What was done: rows that went by table, copies that were cleaned or deleted, papers that hang; ``finished``: nothing is left to be done."""

    rows: dict[str, int]
    copies: int
    deleted: int
    papers: tuple[int, ...]
    finished: bool


def unreadable(workbook: Path) -> tuple[Path, ...]:
    """The copies that cannot be opened, so that nobody can be taken out of them."""
    folder = backups.folder(workbook) / f"{LOOKING} {os.getpid()}"
    try:
        shut = [one.path for one in backups.copies(workbook) if not _opens(one.path, folder)]
        return (*shut, *backups.set_aside(workbook))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def elsewhere(workbook: Path, who: Whose) -> tuple[Path, ...]:
    """Other workbooks beside this one, and copies of others, that know the same person."""
    copies = {one.path for one in backups.copies(workbook)}
    beside = [*workbook.parent.glob(f"*{SUFFIX}"), *workbook.parent.glob(f"{backups.FOLDER}/*/*{SUFFIX}")]
    return tuple(sorted(one for one in beside if one not in copies and one != workbook and _knows(one, who)))


def _knows(file: Path, who: Whose) -> bool:
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
            keys = {key for (key,) in connection.execute("SELECT key FROM person")}
            return bool(keys & who.keys) or any(one in who.identities for (one,) in connection.execute("SELECT identity FROM voice"))
    except sqlite3.Error:
        return False


def erase(book: Workbook, who: Whose, covering: Covering, give_up: Collection[Path] = ()) -> Cleaned:
    """Take a person out of the workbook, its history and its copies, for good; copies that cannot be opened are deleted, if named in ``give_up``.

    Raises ``KizunaError`` where one that cannot be opened is not named, or where the file or a copy cannot be written: then all is as it was.
    """
    cleaned = deleted = 0
    if begun(book) and not finish(book):
        raise KizunaError(
            "前に消しはじめた分が、まだ終わっていません。ほかの画面や、控えを開いているものをとじて、もう一度ためしてください。"
        )
    with book.aside() as session:
        images = Images(session)  # from here on nobody else writes
        found = find(images, who, covering(images))
        apply(session, found)
        record = _note(session, found, BEGUN)
        if isinstance(book.path, Path):
            with _working(book.path) as folder:
                cleaned, deleted = _make_ready(book.path, folder, who, covering, give_up)
            session.execute(update(Erasure).where(Erasure.id == record).values(copies=cleaned))
    return Cleaned(found.counts, cleaned, deleted, tuple(found.papers), finish(book))


def finish(book: Workbook) -> bool:
    """Finish what was begun: cleaned copies come into their places, and the file holds nothing that is not in it. Returns whether all is done."""
    try:
        if isinstance(book.path, Path):
            _put_in_place(book.path)
        with book.raw() as connection:
            connection.execute("VACUUM")
        with book.aside() as session:
            _finish_rows(session)
    except (OSError, sqlite3.Error, KizunaError):
        log.warning("what was erased is not out of every file yet", exc_info=True)
    return not begun(book)


def begun(book: Workbook) -> bool:
    """Whether an erasure was begun and not finished."""
    with book.reading() as session:
        return session.scalar(select(Erasure.id).where(Erasure.state == BEGUN).limit(1)) is not None


def records(book: Workbook) -> tuple[Erasure, ...]:
    """What was erased so far: when, by whom and how much; the newest first."""
    with book.reading() as session:
        return tuple(session.scalars(select(Erasure).order_by(Erasure.id.desc())))


def _note(session: Session, found: Found, state: str) -> int:
    made = {"at": now(), "by": history.writer(), "rows": found.counts, "copies": 0, "papers": found.papers, "state": state}
    return int(session.execute(insert(Erasure).values(**made).returning(Erasure.id)).scalar_one())


def _finish_rows(session: Session) -> None:
    session.execute(update(Erasure).where(Erasure.state == BEGUN).values(state=DONE))


# ---- copies


def _make_ready(workbook: Path, folder: Path, who: Whose, covering: Covering, give_up: Collection[Path]) -> tuple[int, int]:
    """Each copy without her, under its name in ``ready``; an empty file there stands for a copy that is deleted. Returns how many of either."""
    ready = folder / "ready"
    ready.mkdir()
    cleaned = deleted = 0
    for copy in _all(workbook):
        if copy.suffix == SUFFIX and _opens(copy, folder):
            _clean(_draft_of(copy, folder), who, covering)
            os.utime(_draft_of(copy, folder), (copy.stat().st_atime, copy.stat().st_mtime))
            _draft_of(copy, folder).replace(ready / copy.name)
            cleaned += 1
        elif copy in give_up:
            (ready / copy.name).touch()
            deleted += 1
        else:
            raise KizunaError(
                f"控えの「{copy.name}」が開けないので、中からその方を消せません。その控えを捨ててよければ、印をつけてください。"
            )
    for path in (ready, folder):
        _settle(path)
    return cleaned, deleted


def _all(workbook: Path) -> list[Path]:
    """The copies, and what was set aside because it could not be opened."""
    return [*(one.path for one in backups.copies(workbook)), *backups.set_aside(workbook)]


def _opens(copy: Path, folder: Path) -> bool:
    """Whether the copy can be opened; then it lies beside, brought up to this version."""
    draft = _draft_of(copy, folder)
    shutil.rmtree(draft.parent, ignore_errors=True)
    draft.parent.mkdir(parents=True)
    try:
        shutil.copyfile(copy, draft)
        with contextlib.closing(open_workbook(draft)) as book, book.raw() as connection:
            return bool(connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except (KizunaError, sqlite3.Error):
        return False


def _clean(draft: Path, who: Whose, covering: Covering) -> None:
    with contextlib.closing(open_workbook(draft)) as book:
        with book.aside() as session:
            images = Images(session)
            found = find(images, who, covering(images))
            apply(session, found)
            _note(session, found, DONE)
        with book.raw() as connection:
            connection.execute("VACUUM")
    with draft.open("rb+") as written:
        os.fsync(written.fileno())


def _draft_of(copy: Path, folder: Path) -> Path:
    return folder / "work" / f"{copy.name}.draft"  # no workbook of which copies are kept


def _put_in_place(workbook: Path) -> None:
    """The cleaned copies take the places of the old ones; what a copy that was cut off left behind goes too."""
    folder = backups.folder(workbook) / WORKING
    for draft in sorted((folder / "ready").glob("*")):
        place = next((copy for copy in _all(workbook) if copy.name == draft.name), None)
        with contextlib.suppress(FileNotFoundError):  # another page that was opened meanwhile does the same
            if place is not None and draft.stat().st_size:
                draft.replace(place)
            elif place is not None:
                place.unlink()
                draft.unlink()
    backups.sweep(workbook)
    for left in (folder, *folder.parent.glob(f"{LOOKING} *")):
        shutil.rmtree(left, ignore_errors=True)
    with contextlib.suppress(OSError):  # where there are no copies, no folder for them stays
        folder.parent.rmdir()
        folder.parent.parent.rmdir()


@contextlib.contextmanager
def _working(workbook: Path) -> Iterator[Path]:
    """A folder to work in beside the copies, for whoever may write alone; it stays for ``finish`` where all went well."""
    folder = backups.folder(workbook) / WORKING
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _settle(folder: Path) -> None:
    """What is in the folder is on the disk (where the system can say so of a folder)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
