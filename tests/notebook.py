"""A page as its notebook builds it."""

from __future__ import annotations

import json
from pathlib import Path

from kizuna.views import forms
from kizuna.views.page import Page
from kizuna.workbook.store import Workbook

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"


def page_of(file: str, book: Workbook, practice: bool = False) -> Page:
    """The page ``file`` (or its exercise) on ``book``, with every form its notebook calls for."""
    page = Page(file, book, practice)
    cells = json.loads((ROOT / ("exercises" if practice else "notebooks") / f"{file}.ipynb").read_text(encoding="utf-8"))["cells"]
    for cell in [one for one in cells if one["cell_type"] == "code"][1:]:
        eval("".join(cell["source"]), {"forms": forms, "page": page})
    return page
