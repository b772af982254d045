"""What a participant hands in, opened by an instructor: a file of unknown origin, read but never trusted and never written."""

from __future__ import annotations

from pathlib import Path

from kizuna.workbook.store import Workbook

SUFFIX = ".kizuna-teishutsu"


def open_submission(path: Path, with_names: bool = False) -> Workbook:
    """The hand-in at ``path`` as a workbook of its own in memory, without its file's name; ``with_names`` takes a workbook as it is.

    Raises ``KizunaError`` with one sentence for what is empty, cut off, no hand-in, from another version, a workbook with names, or too large.
    """
    raise NotImplementedError


def code(book: Workbook) -> str:
    """The participant's code: eight letters and digits, made by chance once in a workbook and the same in each of its hand-ins."""
    raise NotImplementedError
