"""Where the notebooks of the course lie."""

from __future__ import annotations

import os
from pathlib import Path

from kizuna.errors import KizunaError

FIRST = "00_start.ipynb"
PRACTICE_PAGE = "practice_"  # the address of an exercise: this and its name; as views.way says, which a server need not load


def notebooks_folder(chosen: str | os.PathLike[str] | None = None) -> Path:
    """The folder with the notebooks: ``chosen``, else ``KIZUNA_NOTEBOOKS``, else ``notebooks`` beside the package.

    Raises ``KizunaError`` when there is no notebook in it.
    """
    beside = Path(__file__).resolve().parents[2] / "notebooks"
    folder = Path(chosen or os.environ.get("KIZUNA_NOTEBOOKS") or beside).expanduser().absolute()
    if not any(folder.glob("*.ipynb")):
        raise KizunaError(f"ノートブックが見つかりません（{folder}）。絆のフォルダーの中で、もう一度始めてください。")
    return folder


def exercises_folder(notebooks: Path) -> Path:
    """The folder with the exercises of these notebooks, beside theirs; there may be none."""
    return notebooks.parent / "exercises"


def first_notebook(folder: Path) -> str:
    """The name of the notebook that opens first: ``00_start.ipynb``, or the first by name where that one is missing."""
    return FIRST if (folder / FIRST).exists() else min(path.name for path in folder.glob("*.ipynb"))
