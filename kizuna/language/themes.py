"""Which texts speak of the same thing: a first draft of themes, and likely boxes for a card."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kizuna.language.labels import label, label_words
from kizuna.language.vectors import SENTENCE, WORD, notice, vectors

if TYPE_CHECKING:
    import numpy as np

FEWEST = 8  # fewer texts than this are read, not grouped
MOST_NEIGHBOURS = 15
MOST_THEMES = 14  # more than this nobody reads: the smallest then joins the one it is most like
LIKE = 0.20  # a leftover text joins a theme from this likeness on
SURE = 0.25  # a new card goes to a box by itself from this likeness on ...
CLEAR = 0.15  # ... and only when the next box is at least this much less alike: about four of five then go right


@dataclass(frozen=True)
class Group:
    """One theme in draft: places in the list of texts, up to three label words, and the text nearest to all the others."""

    members: tuple[int, ...]
    words: tuple[str, ...]
    medoid: int

    @property
    def label(self) -> str:
        """A draft name, such as 駐車場・送迎; empty when no word stands out."""
        return label(self.words)


@dataclass(frozen=True)
class Grouping:
    """Themes in draft, largest first; every text is in exactly one. Empty below eight texts. ``notice`` is for the person."""

    groups: tuple[Group, ...]
    notice: str | None = None


def group(texts: Sequence[str], seed: int = 0) -> Grouping:
    """The texts in themes: communities (Louvain) of the graph of nearest neighbours; the same texts give the same themes.

    Texts that differ only in width of letters or in blanks stay together. Seconds for 500 texts, most of it loading models.
    """
    if len(texts) < FEWEST:
        return Grouping((), None)
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(_key(text), []).append(place)
    keys = list(places)
    near = _near(keys)
    found = [[place for i in part for place in places[keys[i]]] for part in _tidy(_communities(near, seed), near)]
    where = {place: i for i, key in enumerate(keys) for place in places[key]}
    found = sorted((sorted(members) for members in found), key=lambda members: (-len(members), members[0]))
    words = label_words(texts, found)
    groups = (Group(tuple(m), w, _medoid(m, near[[where[i] for i in m]])) for m, w in zip(found, words, strict=True))
    return Grouping(tuple(groups), notice())


def suggest(texts: Sequence[str], placed: Mapping[int, Hashable], card: int, k: int = 3) -> list[Hashable]:
    """The up to ``k`` likeliest boxes for a card, best first, learnt from the cards already ``placed`` (card → box)."""
    scores = _scores(_near([_key(text) for text in texts]), placed, card)
    return sorted(scores, key=lambda box: -scores[box])[:k]  # sorted is stable: ties stay in the order of placing


def place(texts: Sequence[str], placed: Mapping[int, Hashable], cards: Sequence[int]) -> dict[int, Hashable | None]:
    """For each new card its box when one is clearly the most alike, else ``None``: then a person decides."""
    near = _near([_key(text) for text in texts])
    return {card: _clear(_scores(near, placed, card)) for card in cards}


def _clear(scores: dict[Hashable, float]) -> Hashable | None:
    ranked = sorted(scores, key=lambda box: -scores[box])
    if not ranked or scores[ranked[0]] < SURE:
        return None
    return ranked[0] if len(ranked) == 1 or scores[ranked[0]] - scores[ranked[1]] >= CLEAR else None


def _scores(near: np.ndarray, placed: Mapping[int, Hashable], card: int) -> dict[Hashable, float]:
    """How alike a card is to each box: half its two nearest cards there, half the box's middle."""
    import numpy as np

    boxes: dict[Hashable, list[int]] = {}
    for other, box in placed.items():
        if other != card:
            boxes.setdefault(box, []).append(other)
    scores = {}
    for box, members in boxes.items():
        alike = np.sort(near[members] @ near[card])[::-1]
        middle = near[members].mean(axis=0)
        length = float(np.linalg.norm(middle)) or 1.0
        scores[box] = round(float(alike[:2].mean() + middle @ near[card] / length) / 2, 5)
    return scores


def _key(text: str) -> str:
    """What makes two texts the same: letters and marks, not their width or the blanks around them."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _near(texts: Sequence[str]) -> np.ndarray:
    """The texts' vectors, each half freed of what all texts share (centred) and of length 1: the dot product is the likeness."""
    import numpy as np

    rows = vectors(texts)
    halves = [rows[:, :SENTENCE], rows[:, SENTENCE:]] if rows.shape[1] == SENTENCE + WORD else [rows]
    return _unit_rows(np.concatenate([_centred(half) for half in halves], axis=1))


def _centred(rows: np.ndarray) -> np.ndarray:
    """Rows minus their mean, of length 1; a text without any known word stays at zero, near to nothing."""
    empty = ~rows.any(axis=1)
    if not empty.all():
        rows = rows - rows[~empty].mean(axis=0)
    rows[empty] = 0
    return _unit_rows(rows)


def _unit_rows(rows: np.ndarray) -> np.ndarray:
    import numpy as np

    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(length < 1e-6, 1, length))


def _communities(near: np.ndarray, seed: int) -> list[list[int]]:
    """Louvain communities; 300 to 500 texts give 6 to 12, and far beyond the resolution falls, so that the number stays readable."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(near)))
    graph.add_weighted_edges_from(_edges(near))
    resolution = 1.0 if len(near) <= 1000 else max(0.5, (1000 / len(near)) ** 0.3)
    return [sorted(part) for part in nx.community.louvain_communities(graph, resolution=resolution, seed=seed)]


def _edges(near: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """Each text's nearest neighbours, block by block; rounded, so that the order of adding in the processor decides nothing."""
    import numpy as np

    count = min(len(near) - 1, MOST_NEIGHBOURS, max(5, round(1.2 * len(near) ** 0.5)))
    for first in range(0, len(near), 512):
        block = np.round(near[first : first + 512] @ near.T, 4)
        block[np.arange(len(block)), np.arange(first, first + len(block))] = -1
        nearest = np.argsort(-block, axis=1, kind="stable")[:, :count]
        for row, others in enumerate(nearest.tolist()):
            yield from ((first + row, other, float(block[row, other])) for other in others if block[row, other] > 0)


def _tidy(parts: list[list[int]], near: np.ndarray) -> list[list[int]]:
    """Themes beyond the fourteenth join the one they are most like; texts left alone go to the theme they are like, if there is one."""
    import numpy as np

    themes = [part for part in parts if len(part) > 1]
    while len(themes) > MOST_THEMES:
        themes.sort(key=lambda part: (-len(part), part[0]))
        smallest = near[themes[-1]].mean(axis=0)
        best = int(np.round(_unit_rows(np.stack([near[part].mean(axis=0) for part in themes[:-1]])) @ smallest, 4).argmax())
        themes[best] = sorted(themes[best] + themes.pop())
    alone = [part[0] for part in parts if len(part) == 1]
    if not themes or not alone:
        return themes or parts
    middles = _unit_rows(np.stack([near[part].mean(axis=0) for part in themes]))
    result = [list(part) for part in themes]
    for text in alone:
        alike = np.round(middles @ near[text], 4)
        best = int(alike.argmax())
        if alike[best] >= LIKE:
            result[best].append(text)
        else:
            result.append([text])
    return result


def _medoid(members: list[int], near: np.ndarray) -> int:
    """The member nearest to all the others; of equals the first."""
    import numpy as np

    return members[int(np.round(near @ near.mean(axis=0), 4).argmax())]
