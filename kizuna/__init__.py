"""kizuna (絆): from customers' own words to lasting relationships.

For notebooks: ``open_page`` and ``forms``. For scripts, in this order: ``open_workbook``, ``import_voices``, ``draft_themes``,
``draft_plan``; ``frame`` gives what is in a workbook as a table for pandas. Everything is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kizuna.script import draft_plan, draft_themes, frame, import_voices, sample_answers
    from kizuna.views import forms
    from kizuna.views.head import open_page
    from kizuna.workbook.store import open_workbook

__version__ = "0.1.0"
__all__ = ["draft_plan", "draft_themes", "forms", "frame", "import_voices", "open_page", "open_workbook", "sample_answers"]

_HOMES = {
    "draft_plan": "kizuna.script",
    "draft_themes": "kizuna.script",
    "frame": "kizuna.script",
    "import_voices": "kizuna.script",
    "open_page": "kizuna.views.head",
    "open_workbook": "kizuna.workbook.store",
    "sample_answers": "kizuna.script",
}


def __getattr__(name: str) -> Any:
    if name == "forms":
        return import_module("kizuna.views.forms")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'kizuna' has no attribute {name!r}")
