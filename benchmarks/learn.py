"""Learn the directions in which wishes differ, and write them to ``kizuna/language/data/wish_directions.npz``.

    python -m benchmarks.learn --data FOLDER

FOLDER holds asdc_wishes.tsv (Accommodation Search Dialog Corpus, Megagon Labs, CC BY 4.0); only its train part is read. The directions are those
of Fisher's linear discriminant (between the topics that people gave, against the spread within a topic, shrunk towards a sphere). The file holds no
sentence and no word of the corpus, only a mean and a matrix of numbers.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from kizuna.language import likeness, themes
from kizuna.language import vectors as language

SHRINK = 0.3
FEWEST = 20  # a topic with fewer wishes is a slip of the pen


def learn(rows: np.ndarray, topics: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """The rows' mean, and one column for each direction, scaled so that a wish has length 1 on average."""
    members: dict[str, list[int]] = defaultdict(list)
    for number, topic in enumerate(topics):
        members[topic].append(number)
    parts = [rows[found] for _, found in sorted(members.items()) if len(found) >= FEWEST]
    middles = np.stack([part.mean(axis=0) for part in parts])
    within = sum((part - part.mean(axis=0)).T @ (part - part.mean(axis=0)) for part in parts) / len(rows)
    within = (1 - SHRINK) * within + SHRINK * np.trace(within) / len(within) * np.eye(len(within))
    values, axes = np.linalg.eigh(within)
    whitened = (axes * values**-0.5) @ axes.T
    directions = whitened @ np.linalg.svd((middles - middles.mean(axis=0)) @ whitened, full_matrices=False)[2][: len(middles) - 1].T
    middle = rows.mean(axis=0)
    length = np.sqrt((((rows - middle) @ directions) ** 2).sum(axis=1).mean())
    return middle, directions / length


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    with (options.data / "asdc_wishes.tsv").open(encoding="utf-8") as file:
        wishes = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["split"] == "train"]
    language.KEPT = len(wishes) + 1
    rows = language.vectors([themes.same(row["text"]) for row in wishes]).astype(np.float64)
    topics = [row["level"] + row["topic"] for row in wishes]
    found = {}
    for kind, columns in (("both", slice(None)), ("words", slice(language.SENTENCE, None))):
        middle, directions = learn(rows[:, columns], topics)
        found |= {f"{kind}_middle": middle.astype(np.float32), f"{kind}_directions": directions.astype(np.float16)}
    np.savez_compressed(likeness._FILE, **found)
    print({name: array.shape for name, array in found.items()}, likeness._FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
