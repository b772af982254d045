"""Where a run works: in the folder of reports, alone, and nothing of it stays."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from kizuna.batch.folder import Folder
from kizuna.batch.job import SOCKETS
from kizuna.errors import KizunaError

_WORK = ".kizuna/tmp"
_LOCK = ".kizuna/lock"


@contextlib.contextmanager
def workplace(out: Folder) -> Iterator[dict[str, str]]:
    """What reports' processes are told, so that even what they write for a while lies in the folder of reports; swept before and after.

    Raises ``KizunaError`` where that folder cannot be written or another run works in it. (At an address of fsspec nobody can be shut out.)
    """
    with ExitStack() as stack:
        if "://" in out.address:
            out.sweep()
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kizuna-")))
        else:
            place = Path(out.address) / _WORK
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                stack.enter_context(_alone(Path(out.address)))
                out.sweep()
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
            except OSError as error:
                raise KizunaError(f"フォルダー「{out.address}」を作れませんでした。書き込める場所を選んでください。") from error
            stack.callback(shutil.rmtree, place, ignore_errors=True)
        sockets = stack.enter_context(tempfile.TemporaryDirectory(prefix="kizuna-"))
        yield {
            "TMPDIR": str(place),
            "TEMP": str(place),
            "TMP": str(place),
            "IPYTHONDIR": str(place / "ipython"),
            "JUPYTER_RUNTIME_DIR": sockets,
            SOCKETS: sockets,
        }


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Shut other runs out of the folder by SQLite's lock, which every system has and which goes with the process, however that ends."""
    with ExitStack() as held:
        try:
            lock = held.enter_context(contextlib.closing(sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)))
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise KizunaError(
                    f"フォルダー「{folder}」では、別の kizuna report がレポートを作っています。終わるのを待ってから、もう一度始めてください。"
                ) from error
            # A network folder that knows no locks is worked in all the same.
        yield
