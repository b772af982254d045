"""A class of fictional shops: raw workbooks full of names, phones and mails, each with its hand-in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Raw:
    """One participant's workbook, the hand-in made of it, and what must not stand in anything made of that."""

    workbook: Path
    handin: Path
    code: str
    secrets: tuple[str, ...]  # names in every spelling, phones, mails


def make_class(folder: Path, count: int, seed: int = 0) -> list[Raw]:
    """``count`` participants in ``folder``: workbooks in ``folder/raw``, hand-ins in ``folder/handin``; the same for the same seed."""
    raise NotImplementedError
