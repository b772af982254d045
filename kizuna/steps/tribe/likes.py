"""Which sentences of different people say the same: the likeness that shared values and ties rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kizuna.language.likeness import space
from kizuna.language.themes import FEWEST, same
from kizuna.language.tokens import telling_words
from kizuna.steps.reading import read
from kizuna.steps.tribe.spoken import Sentence
from kizuna.workbook.store import Workbook

if TYPE_CHECKING:
    import numpy as np

ALIKE = 0.34  # from this likeness on two sentences say much the same: of the bookshop's eight such pairs a person would put six together
TELLING, SHORT = 2, 8  # a sentence with fewer words of content, or fewer letters, says too little to be like another


def tells(one: Sentence) -> bool:
    """Whether a sentence says enough to be compared (「ほんとにそうでした。」 does not)."""
    return len(one.text) >= SHORT and len(telling_words(one.text)) >= TELLING


def likeness(book: Workbook, chosen: Sequence[Sentence], among: Sequence[Sentence]) -> np.ndarray:
    """How alike the chosen sentences are, each to each, seen against all that was said; 0 for those of one person.

    Against fewer than ``FEWEST`` sentences nothing can be seen: then all are 0.
    """
    import numpy as np

    if len(among) < FEWEST:
        return np.zeros((len(chosen), len(chosen)))
    texts = [same(one.text) for one in among]
    read(book, [*texts, *(one.text for one in chosen)])
    rows = space(texts).rows([same(one.text) for one in chosen])
    who = np.array([one.person_id for one in chosen])
    return np.where(who[:, None] == who[None, :], 0.0, rows @ rows.T).round(3)
