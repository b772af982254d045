"""What a check says about a text: one finding, its strength, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Strength(StrEnum):
    """How much a finding weighs: ``STOP`` cannot be finished, ``CARE`` must be ticked, ``ADVICE`` is a grey note."""

    STOP = "止める"
    CARE = "注意"
    ADVICE = "助言"


@dataclass(frozen=True)
class Finding:
    """One mark on a text: which rule, where (``start``/``end`` count code points of the text as given), what to say."""

    rule: str
    category: str
    strength: Strength
    message: str
    start: int = 0
    end: int = 0
    softer: tuple[str, ...] = ()
