"""Which texts speak of the same thing: a first draft of themes, and likely boxes for a card.

For callers without a workbook: ``themes_of`` (each text's theme and second theme by name) and ``suggest`` (three likely boxes for every
card that lies nowhere yet); ``group`` is the draft of groups that both a workbook and ``themes_of`` rest on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kizuna.language import boxes
from kizuna.language.clauses import clauses
from kizuna.language.communities import communities, middles
from kizuna.language.labels import label, label_words
from kizuna.language.likeness import Space, near_at_all, space
from kizuna.language.tokens import telling_words
from kizuna.language.vectors import notice

if TYPE_CHECKING:
    import numpy as np

FEWEST = 8  # fewer texts than this are read, not grouped
SURE = 0.25  # a new card goes to a box by itself from this likeness on ...
CLEAR = 0.15  # ... and only when the next box is at least this much less alike: about nine of ten then go right
RIVAL = 0.5  # how much being like another theme speaks against a typical text
SECOND = 0.15  # a part of an answer belongs to a second theme from this likeness on ...
APART = 0.10  # ... and only when it is this much less like the answer's own theme


@dataclass(frozen=True)
class Group:
    """One theme in draft: places in the list of texts, up to three label words, and the most typical text.

    ``quotes`` are up to three typical texts that show its different sides, the most typical first.
    """

    members: tuple[int, ...]
    words: tuple[str, ...]
    medoid: int
    quotes: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """A draft name, such as 駐車場・送迎; empty when no word stands out."""
        return label(self.words)


@dataclass(frozen=True)
class Grouping:
    """Themes in draft, largest first; every text is in one, or in ``rest`` when it is like no other. ``notice`` is for the person.

    ``second`` tells for texts that clearly hold two wishes the number of the other theme. Empty below eight texts.
    """

    groups: tuple[Group, ...]
    notice: str | None = None
    rest: tuple[int, ...] = ()
    second: tuple[tuple[int, int], ...] = ()


def group(texts: Sequence[str], seed: int = 0) -> Grouping:
    """The texts in themes: communities of the graph of nearest neighbours; the same texts give the same themes.

    Texts that differ only in width of letters or in blanks stay together. Of more than three thousand different texts an even sample
    makes the themes, and the others join the nearest.
    """
    if len(texts) < FEWEST:
        return Grouping((), None, tuple(range(len(texts))))
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        places.setdefault(same(text), []).append(place)
    keys = list(places)
    where = {place: i for i, key in enumerate(keys) for place in places[key]}
    room = space(keys)
    near = room.rows(keys)
    parts = [
        [i for i, near_one in zip(part, near_at_all([keys[i] for i in part]), strict=True) if near_one] for part in communities(near, seed)
    ]
    found = [sorted(place for i in part for place in places[keys[i]]) for part in parts]
    found = sorted((members for members in found if len(members) > 1), key=lambda members: (-len(members), members[0]))
    if not found:
        return Grouping((), notice(), tuple(range(len(texts))))
    rows = near[[where[place] for place in range(len(texts))]]
    middle = middles(found, rows)
    home = {member: number for number, members in enumerate(found) for member in members}
    second = _second(texts, home, room, middle)
    mixed = {member for member, _ in second}
    groups = []
    for number, (members, words) in enumerate(zip(found, label_words(texts, found), strict=True)):
        pure = [member for member in members if member not in mixed] or members
        quotes = _quotes(pure, rows[pure] @ middle.T, number, rows[pure])
        groups.append(Group(tuple(members), words, quotes[0], quotes))
    rest = tuple(place for place in range(len(texts)) if place not in home)
    return Grouping(tuple(groups), notice(), rest, second)


def themes_of(texts: Sequence[str]) -> list[tuple[str | None, str | None]]:
    """For each text the name of its theme, or ``None``, and of a second theme when it clearly holds two wishes, or ``None``.

    Below eight texts there are no themes. Two themes never share a name.
    """
    found = group(texts)
    names: list[str] = []
    for number, one in enumerate(found.groups, start=1):
        name = one.label or f"まとまり{number}"
        names.append(name if name not in names else f"{name}（{number}）")
    first = {member: names[number] for number, one in enumerate(found.groups) for member in one.members}
    second = {member: names[number] for member, number in found.second}
    return [(first.get(place), second.get(place)) for place in range(len(texts))]


def suggest(
    texts: Sequence[str], placed: Sequence[Hashable | None], names: Mapping[Hashable, str] | None = None, count: int = 3
) -> list[list[Hashable]]:
    """For each text the ``count`` likeliest boxes, best first, learnt from all the cards placed; empty for a text that lies in a box.

    ``placed`` names each text's box, or ``None``; ``names`` are names that the person gave to boxes (also to boxes that are empty yet).
    """
    import numpy as np

    named = {box: name for box, name in (names or {}).items() if telling_words(name)}
    found = list(dict.fromkeys([*(box for box in placed if box is not None), *named]))
    if not found or all(box is not None for box in placed):
        return [[] for _ in texts]
    number = {box: i for i, box in enumerate(found)}
    keys = [same(text) for text in texts]
    room = space(keys)
    homes = np.array([-1 if box is None else number[box] for box in placed])
    alike = boxes.scores(
        room.blocks(keys), homes, len(found), room.blocks([same(name) for name in named.values()]), [number[box] for box in named]
    )
    best = np.argsort(-alike, axis=1, kind="stable")[:, :count].tolist()
    return [[] if box is not None else [found[i] for i in row] for box, row in zip(placed, best, strict=True)]


def place(texts: Sequence[str], placed: Mapping[int, Hashable], cards: Sequence[int]) -> dict[int, Hashable | None]:
    """For each new card its box when one is clearly the most alike, else ``None``: then a person decides."""
    keys = [same(text) for text in texts]
    near = space(keys).rows(keys)
    return {card: _clear(_scores(near, placed, card)) for card in cards}


def same(text: str) -> str:
    """What makes two texts the same: letters and marks, not their width or the blanks around them."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def _clear(scores: dict[Hashable, float]) -> Hashable | None:
    ranked = sorted(scores, key=lambda box: -scores[box])
    if not ranked or scores[ranked[0]] < SURE:
        return None
    return ranked[0] if len(ranked) == 1 or scores[ranked[0]] - scores[ranked[1]] >= CLEAR else None


def _scores(near: np.ndarray, placed: Mapping[int, Hashable], card: int) -> dict[Hashable, float]:
    """How alike a card is to each box: half its two nearest cards there, half the box's middle."""
    import numpy as np

    homes: dict[Hashable, list[int]] = {}
    for other, box in placed.items():
        if other != card:
            homes.setdefault(box, []).append(other)
    scores = {}
    for box, members in homes.items():
        alike = np.sort(near[members] @ near[card])[::-1]
        middle = near[members].mean(axis=0)
        length = float(np.linalg.norm(middle)) or 1.0
        scores[box] = round(float(alike[:2].mean() + middle @ near[card] / length) / 2, 5)
    return scores


def _quotes(members: list[int], alike: np.ndarray, own: int, rows: np.ndarray) -> tuple[int, ...]:
    """The most typical member (near to its own theme, far from the others), then up to two from the more typical half, far from those before."""
    import numpy as np

    others = np.delete(alike, own, axis=1)
    typical = np.round(alike[:, own] - RIVAL * (others.max(axis=1) if others.size else 0), 4)
    ranked = np.argsort(-typical, kind="stable")
    chosen = [int(ranked[0])]
    half = [int(i) for i in ranked[: max(1, (len(ranked) + 1) // 2)]]
    while len(chosen) < 3 and len(left := [i for i in half if i not in chosen]) > 0:
        chosen.append(left[int(np.round((rows[left] @ rows[chosen].T).max(axis=1), 4).argmin())])
    return tuple(members[i] for i in chosen)


def _second(texts: Sequence[str], home: Mapping[int, int], room: Space, middle: np.ndarray) -> tuple[tuple[int, int], ...]:
    """The texts with a part that is clearly about another theme while another part is about their own: (text, other theme)."""
    parted = {member: parts for member in sorted(home) if len(parts := [same(part) for part in clauses(texts[member])]) > 1}
    if not parted or len(middle) < 2:
        return ()
    distinct = list(dict.fromkeys(part for parts in parted.values() for part in parts))
    alike = dict(zip(distinct, (room.rows(distinct) @ middle.T).round(4), strict=True))
    found = []
    for member, parts in parted.items():
        own = home[member]
        best = [int(alike[part].argmax()) for part in parts]
        others = [
            (float(alike[part][to]), to)
            for part, to in zip(parts, best, strict=True)
            if to != own and alike[part][to] >= SECOND and alike[part][to] - alike[part][own] >= APART
        ]
        if others and own in best:
            found.append((member, max(others)[1]))
    return tuple(found)
