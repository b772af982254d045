"""Where workbooks live on this machine, and which one is open."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path
from typing import Any

from kizuna.errors import KizunaError

SUFFIX = ".kizuna"
OWN = "わたしのノート.kizuna"
SAMPLE = "見本 汐風書店.kizuna"
_POINTER = "いま開いているノート.json"
_LOOK = "画面の設定.json"
_COURSE = "講座の時間割.json"


def home() -> Path:
    """The folder of workbooks: ``KIZUNA_HOME``, or ``kizuna`` in the home folder."""
    return Path(os.environ.get("KIZUNA_HOME") or Path.home() / "kizuna").expanduser().absolute()


def fixed() -> Path | None:
    """The workbook that ``KIZUNA_WORKBOOK`` prescribes, or None."""
    prescribed = os.environ.get("KIZUNA_WORKBOOK")
    return Path(prescribed).expanduser().absolute() if prescribed else None


def current() -> Path:
    """The workbook every page opens: the prescribed one, else the one chosen last, else the owner's default."""
    return fixed() or chosen() or home() / OWN


def chosen() -> Path | None:
    """The workbook chosen last, or None where nothing was chosen yet or where it is gone."""
    path = _read(_POINTER).get("path")
    return Path(path) if isinstance(path, str) and Path(path).exists() else None


def begun() -> bool:
    """Whether a workbook was ever prescribed, chosen or begun here, also one that is gone now."""
    return bool(fixed() or _read(_POINTER) or workbooks())


def choose(path: Path) -> None:
    """From now on every page opens ``path``."""
    _write(_POINTER, {"path": str(path)})


def examples_shown() -> bool:
    """Whether the pages of this machine show worked examples (記入例); they do until somebody hides them."""
    return _read(_LOOK).get("examples") is not False


def show_examples(yes: bool) -> None:
    """From now on the pages of this machine show worked examples, or do not."""
    _write(_LOOK, _read(_LOOK) | {"examples": yes})


def together() -> bool:
    """Whether the pages of this machine are for a course in one room (合宿), with a clock for each work; they are not until somebody says so."""
    return _read(_LOOK).get("together") is True


def work_together(yes: bool) -> None:
    """From now on the pages of this machine are for a course in one room, or for one person alone."""
    _write(_LOOK, _read(_LOOK) | {"together": yes})


def course_setting() -> dict[str, Any]:
    """What was chosen for a course held with this machine."""
    return _read(_COURSE)


def keep_course_setting(chosen: dict[str, Any]) -> None:
    """Keep what was chosen for a course held with this machine."""
    _write(_COURSE, chosen)


def _read(name: str) -> dict[str, Any]:
    try:
        found = json.loads((home() / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(name: str, what: dict[str, Any]) -> None:
    """Whole or not at all: another page may read or write the same file now."""
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home() / f"{name}.{os.getpid()}"
    draft.write_text(json.dumps(what, ensure_ascii=False), encoding="utf-8")
    draft.replace(home() / name)


def workbooks() -> list[Path]:
    """The workbooks in the folder of workbooks, the one changed last first."""
    return sorted(home().glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)


def free() -> Path:
    """A path in the folder of workbooks for one that the owner begins without naming it; never one that is there."""
    return unused(home(), Path(OWN).stem)


def unused(folder: Path, stem: str, ending: str = SUFFIX) -> Path:
    """A path in ``folder`` at which nothing lies: called ``stem``, with a number from the second on."""
    names = (f"{stem}{'' if number == 1 else f' {number}'}{ending}" for number in range(1, 1000))
    return next(path for name in names if not (path := folder / name).exists())


def path_for(name: str) -> Path:
    """The path in the folder of workbooks for a workbook that the owner calls ``name``.

    Raises ``KizunaError`` for a name that cannot be a file's name on every machine (Windows included).
    """
    stem = unicodedata.normalize("NFC", name).strip().removesuffix(SUFFIX).rstrip(". ")
    if not stem:
        raise KizunaError("ノートの名前を一文字以上書いてください。")
    if re.search(r'[\\/:*?"<>|\x00-\x1f]', stem) or stem.startswith(".") or len(stem) > 80 or len(stem.encode()) > 240:
        raise KizunaError('ノートの名前には \\ / : * ? " < > | を使わず、80文字までにしてください。')
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", stem):
        raise KizunaError(f"「{stem}」は、パソコンが使う特別な名前です。ほかの名前にしてください。")
    if f"{stem}{SUFFIX}" == SAMPLE:
        raise KizunaError(f"「{stem}」は見本の名前です。ほかの名前にしてください。")
    return home() / f"{stem}{SUFFIX}"


def path_elsewhere(text: str) -> Path:
    """The path of a workbook at the place that the owner wrote, with its ending added where it is missing.

    Raises ``KizunaError`` where no whole path is written or its folder does not exist.
    """
    written = text.strip().strip('"').strip()
    path = Path(written).expanduser()
    if not written or not path.is_absolute():
        raise KizunaError("ノートの場所を、はじめから終わりまで書いてください（例：D:\\ノート\\春のノート.kizuna）。")
    if path.is_dir() or not path.parent.is_dir():
        raise KizunaError(
            f"「{path.parent if not path.is_dir() else path}」の中のノートの名前まで、もう一度確かめてください。フォルダーがないと開けません。"
        )
    return path if path.suffix == SUFFIX else path.with_name(f"{path.name}{SUFFIX}")
