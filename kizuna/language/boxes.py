"""Likely boxes for cards, learnt from every card that a person placed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kizuna.language.likeness import join, unit_rows, usual_shares

if TYPE_CHECKING:
    import numpy as np

TRUST = 1.0  # how much the placed cards say about what counts: sentence, words or learnt directions
FORGET = 0.4  # how much directions in which cards of one box differ are flattened
DOUBT = 1.0  # a box's middle is drawn to the middle of all as if it held so many cards of no meaning
LENGTH, NUMBER = 0.25, 0.1  # a box whose cards are alike must be met better; a box with more cards is likelier
SHARP, GUESS, ROUNDS = 20.0, 0.5, 3  # cards not yet placed count too, in the boxes where they seem to belong, at half weight
SAMPLE = 400  # of more placed cards than this, so many evenly spread ones tell what counts; all of them tell what a box holds
NAME = 1.0  # a name that the person wrote counts as a card


def scores(
    blocks: Sequence[np.ndarray], boxes: np.ndarray, count: int, names: Sequence[np.ndarray] = (), named: Sequence[int] = ()
) -> np.ndarray:
    """How likely each card (row) belongs into each of ``count`` boxes (column); more is likelier.

    ``blocks`` are the cards as ``Space.blocks`` gives them, ``boxes`` the number of each card's box, or -1; every box needs a card or a
    name. ``names`` are the blocks of names, ``named`` the boxes they name. Closed form but for three rounds of reading the loose cards.
    """
    import numpy as np

    placed = np.flatnonzero(boxes >= 0)
    some = placed if len(placed) <= SAMPLE else placed[np.linspace(0, len(placed) - 1, SAMPLE).astype(int)]
    shares = _shares([block[some] for block in blocks], boxes[some])
    known = np.zeros((len(boxes), count))
    known[placed, boxes[placed]] = 1
    rows = join(blocks, shares)
    if len(named):
        rows = np.concatenate([rows, join(names, shares)])
        known = np.concatenate([known, NAME * np.eye(count)[list(named)]])
    rows = _flattened(rows, rows[some], boxes[some])
    size = known.sum(axis=0)
    belongs = known.copy()
    for _ in range(ROUNDS + 1):
        middle = (belongs.T @ rows) / (belongs.sum(axis=0)[:, None] + DOUBT)
        found = rows @ middle.T - LENGTH * (middle**2).sum(axis=1) + NUMBER * np.log(size)
        guess = np.exp(SHARP * (found - found.max(axis=1, keepdims=True)))
        belongs = np.where(known.any(axis=1, keepdims=True), known, GUESS * guess / guess.sum(axis=1, keepdims=True))
    return np.asarray(np.round(found[: len(boxes)], 6))


def _shares(blocks: Sequence[np.ndarray], boxes: np.ndarray) -> tuple[float, ...]:
    """More for the blocks in which placed cards of one box are clearly more alike than cards of different boxes."""
    import numpy as np

    usual = np.array(usual_shares(len(blocks)))
    same = boxes[:, None] == boxes[None]
    np.fill_diagonal(same, False)
    other = boxes[:, None] != boxes[None]
    if not same.any() or not other.any():
        return tuple(usual)
    alike = [block @ block.T for block in blocks]
    apart = np.array([(one[same].mean() - one[other].mean()) / (one[other].std() + 1e-6) for one in alike])
    weighed = usual * np.exp(TRUST * np.clip(apart - apart.mean(), -3, 3))
    return tuple(weighed / weighed.sum())


def _flattened(rows: np.ndarray, placed: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The rows, flattened along the directions in which cards differ that the person put into one box."""
    import numpy as np

    apart = [placed[boxes == box] - placed[boxes == box].mean(axis=0) for box in np.unique(boxes) if (boxes == box).sum() > 1]
    if not apart:
        return rows
    within = np.concatenate(apart)
    values, sides = np.linalg.eigh(within @ within.T)  # the small way to the directions: as many as placed cards
    kept = values > 1e-6
    axes = (sides[:, kept].T @ within) / np.sqrt(values[kept])[:, None]
    return unit_rows(rows + ((rows @ axes.T) * (1 / np.sqrt(1 + FORGET * values[kept]) - 1)) @ axes)
