"""Every form once, for nobody: what a form needs only the first time it is made (words, tables, templates, patterns) is there for all that branch off.

Half of what a kernel did for a page it did for the first time; the stem does it once, in a second, when the first page stands.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from ipywidgets import Widget

from kizuna.process import Part, course
from kizuna.views import forms
from kizuna.views.page import Page
from kizuna.workbook.store import MEMORY, open_workbook

_LEFT_OUT = ("practice",)  # it reads voices from files, with libraries that make threads of their own


def try_forms() -> int:
    """Make every form of each part on an empty workbook in memory, and let all of it go; returns how many there were.

    It touches no file, starts no thread and leaves no widget behind.
    """
    made = 0
    try:
        for part in Part:
            with closing(open_workbook(MEMORY)) as book:
                page = Page(next(section.file for section in course().sections if section.part is part), book)
                for make in _makers():
                    make(page)
                    made += 1
        return made
    finally:
        Widget.close_all()


def _makers() -> Iterator[Callable[[Page], Any]]:
    """The forms that need nothing but a page."""
    for name in sorted(set(forms.__all__) - set(_LEFT_OUT)):
        make = getattr(forms, name)
        if (
            inspect.isfunction(make)
            and [one.default for one in inspect.signature(make).parameters.values()].count(inspect.Parameter.empty) == 1
        ):
            yield make
