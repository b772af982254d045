"""How like texts are to one another: their vectors, freed of what all of them share, and seen along the directions in which wishes differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kizuna.language.vectors import SENTENCE, vectors, width
from kizuna.language.words import WORD

if TYPE_CHECKING:
    import numpy as np

_FILE = Path(__file__).parent / "data" / "wish_directions.npz"
CLOSE, CLOSE_ONE, CLOSE_WORDS = 0.34, 0.20, 0.36  # cosine to the nearest text of the group: on average, of one; without the encoder
WISHES = 0.5  # share of the learnt directions in the likeness; sentence and words share the rest


@dataclass(frozen=True)
class Space:
    """Where texts are compared. ``blocks`` give the rows of any text, centred as the texts it was made of are."""

    middles: tuple[np.ndarray, ...]

    def blocks(self, texts: Sequence[str]) -> list[np.ndarray]:
        """The texts along sentence, words (each row of length 1 or 0) and learnt directions; without the encoder the first is missing."""
        import numpy as np

        found = []
        for rows, middle in zip(_views(texts), self.middles, strict=True):
            empty = ~rows.any(axis=1)
            centred = rows - middle
            centred[empty] = 0
            found.append(centred)
        *halves, wishes = found
        return [*(unit_rows(half) for half in halves), np.asarray(wishes)]

    def rows(self, texts: Sequence[str]) -> np.ndarray:
        """One row of length 1 (or 0) per text: the dot product of two is their likeness."""
        return join(self.blocks(texts))


def space(texts: Sequence[str]) -> Space:
    """The space in which these texts are compared: its middle is theirs."""
    import numpy as np

    return Space(
        tuple(view[known].mean(axis=0) if (known := view.any(axis=1)).any() else np.zeros(view.shape[1]) for view in _views(texts))
    )


def join(blocks: Sequence[np.ndarray], shares: Sequence[float] | None = None) -> np.ndarray:
    """The blocks side by side in their shares (by rule: the learnt directions have ``WISHES``), rows of length 1 or 0."""
    import numpy as np

    given = shares if shares is not None else usual_shares(len(blocks))
    return unit_rows(np.concatenate([block * share**0.5 for block, share in zip(blocks, given, strict=True)], axis=1))


def usual_shares(count: int) -> tuple[float, ...]:
    """The shares of ``count`` blocks before anything is known about the texts."""
    return (*[(1 - WISHES) / (count - 1)] * (count - 1), WISHES)


def near_at_all(texts: Sequence[str]) -> list[bool]:
    """Which texts of a group are close to another one of it as they are, not only less far than from the rest; none if few are.

    In a set of texts that have nothing in common each is nearest to some other all the same.
    """
    import numpy as np

    rows = vectors(texts)
    both = rows.shape[1] == SENTENCE + WORD
    alike = rows @ rows.T / (2 if both else 1)
    np.fill_diagonal(alike, -1)
    nearest = alike.max(axis=1).round(4)
    group, one = (CLOSE, CLOSE_ONE) if both else (CLOSE_WORDS, CLOSE_WORDS)
    if len(texts) > 1 and nearest.mean() < group:
        return [False] * len(texts)
    return [bool(row.any()) if len(texts) == 1 else bool(near >= one) for row, near in zip(rows, nearest, strict=True)]


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """The rows, each of length 1; zeros stay zeros."""
    import numpy as np

    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length < 1e-6, 1, length))


def _views(texts: Sequence[str]) -> list[np.ndarray]:
    """The texts' rows: sentence (if there is an encoder), words, and along the learnt directions."""
    rows = vectors(texts)
    learnt = _learnt()
    wishes = (rows - learnt["middle"]) @ learnt["directions"]
    wishes[~rows.any(axis=1)] = 0
    return [rows[:, :SENTENCE], rows[:, SENTENCE:], wishes] if rows.shape[1] == SENTENCE + WORD else [rows, wishes]


def _learnt() -> dict[str, np.ndarray]:
    """What was learnt for the vectors at hand: ``middle`` (the mean of many wishes) and ``directions`` (columns)."""
    return _read("both" if width() == SENTENCE + WORD else "words")


@cache
def _read(kind: str) -> dict[str, np.ndarray]:
    import numpy as np

    with np.load(_FILE, allow_pickle=False) as file:
        return {name: file[f"{kind}_{name}"].astype(np.float32) for name in ("middle", "directions")}
