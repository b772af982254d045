"""The progress board (進み具合ボード): who is where in the course, and whom to speak to; never what anybody wrote or heard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median_low

from kizuna.process import Part, Step
from kizuna.steps.report.facts import Facts, places

_BEHIND = 2  # boxes of the course behind the middle of the class
_PLAN = f"{Part.FOLLOWUP}.{Step.PLAN}"


class Need(StrEnum):
    """Why somebody may want a hand."""

    EMPTY = "empty"  # nobody was heard yet
    STUCK = "stuck"  # voices, but nothing decided, where the middle of the class has gone on
    BEHIND = "behind"


@dataclass(frozen=True)
class Standing:
    """Where one participant stands; ``behind`` is how many boxes she is behind the middle of the class."""

    facts: Facts
    need: Need | None
    behind: int

    @property
    def made(self) -> Mapping[str, bool]:
        """Each box of the course, and whether something was made in it."""
        return {place: place in self.facts.made for place in places()}


def standings(facts: Iterable[Facts]) -> tuple[Standing, ...]:
    """How the participants stand, in the order given."""
    rows = list(facts)
    middle = median_low(one.furthest for one in rows) if rows else 0
    return tuple(Standing(one, _need(one, middle), max(0, middle - one.furthest)) for one in rows)


def _need(one: Facts, middle: int) -> Need | None:
    if not one.furthest:
        return Need.EMPTY
    if _PLAN not in one.made and middle > places().index(_PLAN) + 1:
        return Need.STUCK
    return Need.BEHIND if middle - one.furthest >= _BEHIND else None
