"""The class as a whole, from the facts of its hand-ins: groups smaller than k are not told, and cannot be found by subtraction either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

K = 5  # fewer participants than this are no group that may be told


@dataclass(frozen=True)
class Cohort:
    """The class as it may be told."""

    people: int
    k: int


def cohort(facts: Iterable[Mapping[str, Any]], k: int = K) -> Cohort:
    """The class summary of these facts. Raises ``KizunaError`` for a ``k`` below 3."""
    raise NotImplementedError


def read_facts(folder: Path) -> list[dict[str, Any]]:
    """The facts in the JSON files of a folder, in the order of their codes; raises ``KizunaError`` naming a file that is none."""
    raise NotImplementedError
