"""A folder to read submissions from or to put reports in: here, or for several machines at an address that fsspec knows (``s3://…``)."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from kizuna.errors import KizunaError

_PART = ".part"
_MOST_BYTES = 256 * 2**20  # of one file; a hand-in has some hundred kilobytes


class Folder(Protocol):
    """What both kinds can do; names are relative and have ``/`` between their parts."""

    address: str

    def names(self) -> list[str]:
        """The files in it and in its folders, in order; what only points elsewhere is not among them."""

    def local(self, name: str) -> contextlib.AbstractContextManager[Path]:
        """The file as one on this machine, as long as the block lasts."""

    def read(self, name: str) -> bytes | None:
        """What is in the file, or None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write the file: whole or not at all. Raises ``KizunaError`` where it cannot be written."""

    def remove(self, name: str) -> None:
        """Remove the file, if it is there."""

    def sweep(self) -> None:
        """Remove what a run that was killed had begun to write."""


def folder_at(address: str) -> Folder:
    """The folder at ``address``. Raises ``KizunaError`` where this machine cannot reach that kind of address."""
    return _There(address) if "://" in address else _Here(Path(address))


def digest(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()


def digest_of(folder: Folder, name: str) -> str | None:
    """The digest of a file, or None where it is missing."""
    content = folder.read(name)
    return None if content is None else digest(content)


class _Here:
    """A folder on this machine, or one that several machines share."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.address = str(self.path)

    def names(self) -> list[str]:
        found = []
        for root, folders, files in os.walk(self.path):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            paths = (Path(root) / one for one in files if not one.startswith("."))
            found += [path.relative_to(self.path).as_posix() for path in paths if path.is_file() and not path.is_symlink()]
        return sorted(found)

    @contextlib.contextmanager
    def local(self, name: str) -> Iterator[Path]:
        path = self._path(name)
        _refuse_giants(name, path.stat().st_size)
        yield path

    def read(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, name: str, content: bytes) -> None:
        path = self._path(name)
        draft = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(content)
            draft.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise _unwritable(str(path)) from error

    def remove(self, name: str) -> None:
        with contextlib.suppress(OSError):
            self._path(name).unlink(missing_ok=True)

    def sweep(self) -> None:
        for draft in self.path.rglob(f".*{_PART}"):
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.path / _inside(name)


class _There:
    """A folder at an address of fsspec."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        try:
            from fsspec.core import url_to_fs

            self._files, self._root = url_to_fs(self.address)
        except (ImportError, ValueError) as error:
            raise KizunaError(f"「{address}」に届く部品（fsspec と、その場所のためのもの）が入っていません：{error}") from error

    def names(self) -> list[str]:
        found = self._files.find(self._root)
        names = (str(PurePosixPath(one).relative_to(PurePosixPath(self._root))) for one in found)
        return sorted(name for name in names if not any(part.startswith(".") for part in name.split("/")))

    @contextlib.contextmanager
    def local(self, name: str) -> Iterator[Path]:
        _refuse_giants(name, int(self._files.size(self._at(name)) or 0))
        with tempfile.TemporaryDirectory(prefix="kizuna-") as folder:
            path = Path(folder) / PurePosixPath(name).name
            path.write_bytes(self._files.cat_file(self._at(name)))
            yield path

    def read(self, name: str) -> bytes | None:
        try:
            found: Any = self._files.cat_file(self._at(name))
        except FileNotFoundError:
            return None
        return bytes(found)

    def write(self, name: str, content: bytes) -> None:
        at = self._at(name)
        try:
            self._files.makedirs(str(PurePosixPath(at).parent), exist_ok=True)
            self._files.pipe_file(f"{at}{_PART}", content)
            self._files.mv(f"{at}{_PART}", at)
        except OSError as error:
            raise _unwritable(f"{self.address}/{name}") from error

    def remove(self, name: str) -> None:
        with contextlib.suppress(OSError):
            self._files.rm_file(self._at(name))

    def sweep(self) -> None:
        for draft in self._files.find(self._root):
            if draft.endswith(_PART):
                with contextlib.suppress(OSError):
                    self._files.rm_file(draft)

    def _at(self, name: str) -> str:
        return f"{self._root}/{_inside(name)}"


def _inside(name: str) -> str:
    """The name, which leads nowhere out of its folder; whatever asks for another is at fault."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise ValueError(f"{name!r} leads out of its folder")
    return str(path)


def _refuse_giants(name: str, size: int) -> None:
    if size > _MOST_BYTES:
        raise KizunaError(f"「{name}」は大きすぎます（{size // 2**20}MB）。提出用ファイルを作り直してもらってください。")


def _unwritable(path: str) -> KizunaError:
    return KizunaError(
        f"「{path}」に書き込めませんでした。書き込める場所か、空き容量があるか、同じ名前のファイルを開いていないかを確かめてください。"
    )
