"""Sets of wishes whose topics are known: random samples of a corpus, and the hand-written sets of ten fictional shops."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

Row = dict[str, str]
OWN = Path(__file__).parent / "data" / "wishes.tsv"


def wishes(folder: Path, split: str) -> list[Row]:
    """The rows of one part of asdc_wishes.tsv."""
    with (folder / "asdc_wishes.tsv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["split"] == split]


def samples(rows: list[Row], count: int, sizes: tuple[int, ...] = (10, 20, 50, 100), seed: int = 0) -> Iterator[tuple[str, int, list[Row]]]:
    """Random samples: level, n, and n wishes of 4, 6 or 8 topics of uneven size, at least two of each (so ten wishes have 4 topics)."""
    random = np.random.default_rng(seed)
    for level in ("L1", "L2food"):
        topics: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["level"] == level:
                topics[row["topic"]].append(row)
        topics = {topic: found for topic, found in topics.items() if len(found) >= 20}  # a few strays bear another level's topic
        for n in sizes:
            for k in (4, 6, 8):
                for _ in range(count):
                    chosen = random.choice(sorted(topics), min(k, n // 2 - 1, len(topics)), replace=False)
                    share = np.maximum(2, np.round(random.dirichlet(np.full(len(chosen), 2.0)) * n).astype(int))
                    while share.sum() != n:
                        share[share.argmax()] -= np.sign(share.sum() - n)
                    yield (
                        level,
                        n,
                        [
                            topics[topic][i]
                            for topic, size in zip(chosen, share, strict=True)
                            for i in random.choice(len(topics[topic]), min(size, len(topics[topic])), replace=False)
                        ],
                    )


def own(half: str, two: bool = False) -> dict[str, list[Row]]:
    """The sets of half ``a`` (looked at while choosing) or ``b`` (not looked at), by trade; ``two`` adds the answers that hold two wishes."""
    with OWN.open(encoding="utf-8") as file:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["half"] == half and (two or not row["topic2"]):
                found[row["trade"]].append(row)
    return dict(found)
