"""Word vectors: a text as the mean of its telling words, words of one concept drawn a little together."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from kizuna.content import load
from kizuna.language.tokens import telling_words, tokens

if TYPE_CHECKING:
    import numpy as np

WORD = 300  # columns
TOGETHER = 0.4  # how far a word moves towards the middle of its concept

_FILE = Path(__file__).parent / "data" / "word_vectors.npz"


def concepts() -> dict[str, list[str]]:
    """Words that mean the same in a customer's mouth, by concept, as the content file has them."""
    found: dict[str, list[str]] = load("concepts.yaml", dict[str, list[str]])
    return found


def word_vector(text: str) -> np.ndarray:
    """The mean of the vectors of the telling words that the table or a concept knows, float32, not scaled; zeros when none is known."""
    import numpy as np

    found = [row for word in telling_words(text) if (row := known_word(word)) is not None]
    return np.asarray(np.mean(found, axis=0) if found else np.zeros(WORD), np.float32)


def known_word(word: str) -> np.ndarray | None:
    """The vector of one word in Sudachi's normal form, of length 1; ``None`` for a word that neither table nor concept knows."""
    row_of, table = _table()
    if word in _moved():
        return _moved()[word]
    return _unit(table[row_of[word]]) if word in row_of else None


@cache
def _moved() -> dict[str, np.ndarray]:
    """The words of the concepts, each drawn towards the middles of its concepts; a word that the table lacks lies in the middle."""
    import numpy as np

    row_of, table = _table()
    middles: dict[str, list[np.ndarray]] = {}
    for words in concepts().values():
        normal = [found[0].normal for word in words if len(found := tokens(word)) == 1]
        known = [_unit(table[row_of[word]]) for word in normal if word in row_of]
        if known:
            for word in normal:
                middles.setdefault(word, []).append(_unit(np.mean(known, axis=0)))
    return {
        word: _unit((1 - TOGETHER) * (_unit(table[row_of[word]]) if word in row_of else 0) + TOGETHER * np.mean(found, axis=0))
        for word, found in middles.items()
    }


def _unit(row: np.ndarray) -> np.ndarray:
    import numpy as np

    row = np.asarray(row, np.float32)
    return np.asarray(row / (float(np.linalg.norm(row)) or 1.0), np.float32)


@cache
def _table() -> tuple[dict[str, int], np.ndarray]:
    import numpy as np

    with np.load(_FILE, allow_pickle=False) as file:
        keys = str(file["keys"]).split("\n")
        return dict(zip(keys, file["rows"].tolist(), strict=True)), file["vec"]
