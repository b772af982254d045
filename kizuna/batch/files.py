"""Writing results: all files of a job or none, nothing half-written."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kizuna.errors import KizunaError


def write_lines(path: Path, objects: Iterable[Mapping[str, Any]]) -> Path:
    """One JSON object a line (UTF-8) in ``path``, which is replaced only when all are written; returns the path."""
    text = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
    (written,) = write_files(path.parent, {path.name: text.encode("utf-8", "backslashreplace")})
    return written


def write_files(folder: Path, contents: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write all files or none: each is written beside its place first, and what it replaces comes back if another cannot be replaced."""
    finals = {folder / name: folder / f".{name}.part" for name in contents}
    kept: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if blocked := next((final for final in finals if final.exists() and not final.is_file()), None):
            raise IsADirectoryError(blocked)
        for (final, draft), content in zip(finals.items(), contents.values(), strict=True):
            draft.write_bytes(content)
            if final.exists():
                kept[final] = final.with_name(f".{final.name}.before")
                kept[final].unlink(missing_ok=True)
                final.replace(kept[final])
        for final, draft in finals.items():
            draft.replace(final)
    except OSError as error:
        for final, draft in finals.items():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            if final in kept and kept[final].exists():
                kept[final].replace(final)
        raise KizunaError(
            f"フォルダー「{folder}」に書き込めませんでした。書き込める場所か、空き容量があるか、同じ名前のファイルを開いていないかを確かめてください。"
        ) from error
    for before in kept.values():
        before.unlink(missing_ok=True)
    return tuple(finals)
