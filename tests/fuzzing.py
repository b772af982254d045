"""What is read from outside, ready to be fed with anything: each target takes bytes and lets nothing out but one sentence."""

from __future__ import annotations

import contextlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from kizuna import content
from kizuna.errors import KizunaError
from kizuna.language.media import Medium
from kizuna.steps.doctor import State, examine
from kizuna.workbook.answers import read_answers
from kizuna.workbook.reading import guess_columns, read_file, read_talk_times, take
from kizuna.workbook.store import open_workbook
from kizuna.workbook.submission import open_submission

ROOT = Path(__file__).parents[1]
NAMES = ("声.csv", "声.tsv", "声.txt", "声.xlsx", "[LINE] トーク.txt", "声")


@contextlib.contextmanager
def _sentence() -> Iterator[None]:
    """A ``KizunaError`` may come out, and it is one line of Japanese."""
    try:
        yield
    except KizunaError as error:
        assert "\n" not in str(error) and any("\u3040" <= sign <= "\u30ff" for sign in str(error)), str(error)


def a_file(data: bytes) -> None:
    """A file of answers; its first byte says what it is called."""
    with _sentence():
        table = read_file(NAMES[data[0] % len(NAMES)] if data else "", data[1:])
        taken = take(table, guess_columns(table))
        assert all(voice.text.strip() for voice in taken.heard)


def a_book(data: bytes) -> None:
    """An Excel book in which one part was changed: its first byte says which, the others stand in its place or are written over it."""
    parts = _parts()
    name = sorted(parts)[data[0] % len(parts)] if data else ""
    with io.BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
            for each, old in parts.items():
                packed.writestr(each, (data[1:] if data[1:2] == b"<" else _over(old, data[1:])) if each == name else old)
        a_file(bytes([NAMES.index("声.xlsx")]) + out.getvalue())


def a_talk(data: bytes) -> None:
    """A talk of LINE, of which only the times are read."""
    with _sentence():
        read_talk_times("[LINE] トーク.txt", data)


def a_workbook(data: bytes) -> None:
    """A workbook with some bytes written over; what opens can be read, or the doctor says that it cannot."""
    with _in_a_folder("ノート.kizuna", _over(_workbook(), data)) as path:
        well = not any(one.state is State.STOP for one in examine(path))
        with _sentence(), contextlib.closing(open_workbook(path)) as book:
            try:
                read_answers(book)
            except ValueError:
                assert not well, "the doctor finds nothing in a workbook that cannot be read"


def a_hand_in(data: bytes) -> None:
    """A hand-in with some bytes written over, names allowed or not."""
    with _in_a_folder("a.kizuna-teishutsu", _over(_workbook(), data)) as path:
        for with_names in (True, False):
            with _sentence():
                open_submission(path, with_names).close()


def words(data: bytes) -> None:
    """A content file."""
    with _in_a_folder("words.yaml", data) as path, _sentence():
        content._load.__wrapped__(path.name, dict[str, list[Medium]], path.parent)


TARGETS: dict[str, Callable[[bytes], None]] = {one.__name__: one for one in (a_file, a_book, a_talk, a_workbook, a_hand_in, words)}


def seeds(target: str) -> list[bytes]:
    """What a target reads well, to begin from."""
    if target in ("a_workbook", "a_hand_in"):
        return [b"", b"\x00\x00\x10\x01", b"\x00\x40\x00\xff"]
    if target == "a_book":
        return [bytes([number]) + part[:3000] for number, (_, part) in enumerate(sorted(_parts().items()))]
    if target == "words":
        return [path.read_bytes()[:3000] for path in sorted(content.FOLDER.glob("*.yaml"))[:6]]
    found = [path.read_bytes()[:3000] for path in sorted((ROOT / "datasets").rglob("*")) if path.suffix in (".csv", ".txt", ".tsv")]
    talk = "[LINE] ミナトさんとのトーク履歴\n保存日時：2026/11/20 10:00\n\n2026/11/19(木)\n10:00\tミナト\t雨の日でも読める席がほしいです\n"
    return [bytes([number % len(NAMES)] if target == "a_file" else []) + one for number, one in enumerate([*found, talk.encode()])]


def _over(old: bytes, patches: bytes) -> bytes:
    """``old`` with bytes written over it: three tell where, one what, and so on; an odd rest cuts the end off."""
    new = bytearray(old)
    for at in range(0, len(patches) - 3, 4):
        new[int.from_bytes(patches[at : at + 3], "big") % len(new)] = patches[at + 3]
    if len(patches) % 4 == 3:
        del new[int.from_bytes(patches[-3:], "big") % len(new) :]
    return bytes(new)


@contextlib.contextmanager
def _in_a_folder(name: str, data: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path


@cache
def _workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ノート.kizuna"
        with contextlib.closing(open_workbook(path)) as book, book.act("x") as session:
            from kizuna.workbook.models import Answer

            session.add(Answer(key="shop", value="汐風書店"))
        return path.read_bytes()


@cache
def _parts() -> dict[str, bytes]:
    from openpyxl import Workbook as Excel

    book = Excel()
    for row in (("お名前", "ほしいもの", "日にち"), ("ミナト", "雨の日でも読める席", 46000), ("ハル", "=1+1", 46001.5)):
        book.active.append(row)
    with io.BytesIO() as out:
        book.save(out)
        with zipfile.ZipFile(out) as packed:
            return {name: packed.read(name) for name in packed.namelist()}
