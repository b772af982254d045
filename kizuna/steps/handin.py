"""The hand-in (提出用ファイル): what of a workbook leaves the machine, looked at first and then made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class HandIn:
    """What would leave: ``digest`` stands for all of it."""

    digest: str


def prepare(book: Workbook) -> HandIn:
    """All that would leave the machine, as it would leave."""
    raise NotImplementedError


def hand_in(book: Workbook, path: Path, approved: str) -> Path:
    """Make the file; ``approved`` is the digest of what was looked at.

    Raises ``KizunaError`` where the workbook has changed since.
    """
    raise NotImplementedError
