"""A page with one form on it, as the tests of single parts sit before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kizuna.views.head import Head
from kizuna.views.page import Form, Page
from kizuna.workbook.store import Workbook, open_workbook


class Desk:
    """``section``'s page on the workbook at ``path``, with its head; a subclass puts the form on it."""

    form: Form

    def __init__(self, path: Path, section: str) -> None:
        self.page = Page(section, open_workbook(path))
        self.head = Head(self.page)

    @property
    def book(self) -> Workbook:
        return self.page.book

    @property
    def said(self) -> str:
        return str(self.form.mark.value)

    def parts(self, kind: type) -> list[Any]:
        return [child for child in self.form.children if isinstance(child, kind)]
