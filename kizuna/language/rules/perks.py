"""Whether a thank-you may be given: for what, and where the voice goes."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.language.rules.table import table


@dataclass(frozen=True)
class Perk:
    """The answer of the table (``○``, ``注意``, ``止める`` or ``—``), its strength (none when it is fine), and what to mind."""

    answer: str
    strength: Strength | None
    note: str


def perk(condition: str, destination: str) -> Perk:
    """The answer for a thank-you given on ``condition`` (use, voice, positive, consent) for a voice that goes to ``destination``.

    Destinations: inside (not shown), own (shop, paper, own pages), reviews (public review sites). Raises ``KizunaError`` for others.

    >>> perk("positive", "own").answer
    '止める'
    """
    for cell in table().perks:
        if (cell.condition, cell.destination) == (condition, destination):
            return Perk(cell.answer, Strength(cell.answer) if cell.answer in ("止める", "注意") else None, f"{cell.note}。")
    raise KizunaError(
        f"お礼の条件「{condition}」と行き先「{destination}」の組み合わせは、表にありません。条件と行き先を選び直してください。"
    )
