"""How a copy of a workbook is told on the page."""

from __future__ import annotations

from kizuna.views.parts import day
from kizuna.workbook.backups import Copy


def told(copy: Copy) -> str:
    """「11月23日（月）の書きはじめ」, or what it was kept before."""
    year = f"{copy.on.year}年"
    return f"{year}{day(copy.on)}{copy.why or 'の書きはじめ'}"
