"""Groups of rows that are near to one another: communities (Louvain) of the graph of nearest neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kizuna.language.likeness import unit_rows

if TYPE_CHECKING:
    import numpy as np

MOST_NEIGHBOURS = 15
MOST = 14  # more groups than this nobody reads: the smallest then joins the one it is most like
LIKE = 0.20  # a leftover row joins a group from this likeness on
RESOLVED = 300  # beyond so many rows the resolution falls, so that the number of groups stays readable
FINE = 1.3  # resolution up to there: rather two themes for one wish, which a person joins at once, than two wishes in one
SAMPLE = 3000  # of more rows than this, so many evenly spread ones make the groups, and each other row goes to the nearest


def communities(near: np.ndarray, seed: int = 0) -> list[list[int]]:
    """The groups' members, each row in one group or left alone in a group of one; the same rows give the same groups.

    ``near`` has rows of length 1 or 0. Takes time with the square of the number of rows up to ``SAMPLE``, in line with it beyond.
    """
    import numpy as np

    if len(near) <= SAMPLE:
        return _tidy(_louvain(near, seed), near)
    chosen = np.unique(np.linspace(0, len(near) - 1, SAMPLE).astype(int))
    parts = [[int(chosen[i]) for i in part] for part in _tidy(_louvain(near[chosen], seed), near[chosen])]
    others = np.setdiff1d(np.arange(len(near)), chosen)
    return _join([part for part in parts if len(part) > 1], [*(p[0] for p in parts if len(p) == 1), *others.tolist()], near)


def middles(parts: Sequence[Sequence[int]], near: np.ndarray) -> np.ndarray:
    """The middle of each group, of length 1."""
    import numpy as np

    return unit_rows(np.stack([near[list(part)].mean(axis=0) for part in parts]))


def _louvain(near: np.ndarray, seed: int) -> list[list[int]]:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(near)))
    graph.add_weighted_edges_from(_edges(near))
    resolution = FINE * min(1.0, max(0.5, (RESOLVED / max(1, len(near))) ** 0.3))
    return [sorted(part) for part in nx.community.louvain_communities(graph, resolution=resolution, seed=seed)]


def _edges(near: np.ndarray) -> Iterator[tuple[int, int, float]]:
    """Each row's nearest neighbours, block by block; rounded, so that the order of adding in the processor decides nothing."""
    import numpy as np

    count = min(len(near) - 1, MOST_NEIGHBOURS, max(5, round(1.2 * len(near) ** 0.5)))
    for first in range(0, len(near), 512):
        block = np.round(near[first : first + 512] @ near.T, 4)
        block[np.arange(len(block)), np.arange(first, first + len(block))] = -1
        nearest = np.argsort(-block, axis=1, kind="stable")[:, :count]
        for row, others in enumerate(nearest.tolist()):
            yield from ((first + row, other, float(block[row, other])) for other in others if block[row, other] > 0)


def _tidy(parts: list[list[int]], near: np.ndarray) -> list[list[int]]:
    """Groups beyond ``MOST`` join the one they are most like; rows left alone go to the group they are like, if there is one."""
    import numpy as np

    groups = [part for part in parts if len(part) > 1]
    while len(groups) > MOST:
        groups.sort(key=lambda part: (-len(part), part[0]))
        last = groups.pop()
        best = int(np.round(middles(groups, near) @ near[last].mean(axis=0), 4).argmax())
        groups[best] = sorted(groups[best] + last)
    return _join(groups, [part[0] for part in parts if len(part) == 1], near)


def _join(groups: list[list[int]], alone: list[int], near: np.ndarray) -> list[list[int]]:
    """The groups with those of the lonely rows that are like one of them; the others stay alone."""
    import numpy as np

    if not groups or not alone:
        return [*groups, *([one] for one in alone)]
    alike = np.round(near[alone] @ middles(groups, near).T, 4)
    result = [list(part) for part in groups]
    for one, row in zip(alone, alike, strict=True):
        if row.max() >= LIKE:
            result[int(row.argmax())].append(one)
        else:
            result.append([one])
    return result
