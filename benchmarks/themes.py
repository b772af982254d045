"""How well automatic themes agree with the topics that people gave, beside two plain methods, and how long they take.

    python benchmarks/themes.py --data FOLDER [--split dev] [--samples 6]

FOLDER holds asdc_wishes.tsv. The measure is the adjusted mutual information (AMI): 0 by chance, 1 when the same; mean over random
samples of n wishes from k topics of uneven size.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import networkx as nx
import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from kizuna.language.themes import group, suggest
from kizuna.language.tokens import content_words

Row = dict[str, str]


def samples(rows: list[Row], count: int, sizes: tuple[int, ...] = (20, 50, 100), seed: int = 0) -> Iterator[tuple[str, int, list[Row]]]:
    """Random samples: level, n, and n wishes of 4, 6 or 8 topics, at least two of each."""
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
                    chosen = random.choice(sorted(topics), min(k, len(topics)), replace=False)
                    share = np.maximum(2, np.round(random.dirichlet(np.full(len(chosen), 2.0)) * n).astype(int))
                    share[share.argmax()] -= share.sum() - n
                    picked = [
                        topics[topic][i]
                        for topic, size in zip(chosen, share, strict=True)
                        for i in random.choice(len(topics[topic]), min(size, len(topics[topic])), replace=False)
                    ]
                    yield level, n, picked


def kizuna(texts: list[str]) -> list[int]:
    labels = [0] * len(texts)
    for number, theme in enumerate(group(texts).groups):
        for member in theme.members:
            labels[member] = number
    return labels


def _tfidf(texts: list[str]) -> np.ndarray:
    return np.asarray(TfidfVectorizer(analyzer=content_words).fit_transform(texts).toarray())


def tfidf_ward(texts: list[str]) -> list[int]:
    """Ward's method on TF-IDF, with a number of groups that grows with the number of texts."""
    return list(AgglomerativeClustering(max(3, round(0.7 * len(texts) ** 0.5))).fit_predict(_tfidf(texts)))


def tfidf_louvain(texts: list[str]) -> list[int]:
    """Louvain on the graph of the five nearest neighbours by TF-IDF."""
    near = _tfidf(texts)
    alike = near @ near.T
    np.fill_diagonal(alike, -1)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(texts)))
    for i, others in enumerate(np.argsort(-alike, axis=1, kind="stable")[:, :5].tolist()):
        graph.add_weighted_edges_from((i, j, alike[i, j]) for j in others if alike[i, j] > 0)
    labels = [0] * len(texts)
    for number, part in enumerate(nx.community.louvain_communities(graph, seed=0)):
        for i in part:
            labels[i] = number
    return labels


METHODS: dict[str, Callable[[list[str]], list[int]]] = {
    "kizuna": kizuna,
    "TF-IDF + ward": tfidf_ward,
    "TF-IDF + kNN-Louvain": tfidf_louvain,
}


def agreement(rows: list[Row], count: int) -> None:
    """Print the table of AMI by level and n, with the mean number of themes and how often the medoid is of its theme's majority."""
    drawn = list(samples(rows, count))
    columns = sorted({(level, n) for level, n, _ in drawn})
    print(f"{'AMI':22}" + "".join(f"{level + ' n=' + str(n):>14}" for level, n in columns) + f"{'mean':>8}{'themes':>8}")
    for name, method in METHODS.items():
        scores: dict[tuple[str, int], list[float]] = defaultdict(list)
        numbers = []
        for level, n, picked in drawn:
            labels = method([row["text"] for row in picked])
            scores[level, n].append(adjusted_mutual_info_score([row["topic"] for row in picked], labels))
            numbers.append(len(set(labels)))
        mean = np.mean([score for found in scores.values() for score in found])
        print(f"{name:22}" + "".join(f"{np.mean(scores[column]):14.3f}" for column in columns) + f"{mean:8.3f}{np.mean(numbers):8.1f}")
    typical = []
    for _, _, picked in drawn:
        for theme in group([row["text"] for row in picked]).groups:
            topics = [picked[member]["topic"] for member in theme.members]
            if len(topics) > 1:
                typical.append(picked[theme.medoid]["topic"] == max(set(topics), key=topics.count))
    print(f"medoid of its theme's majority {np.mean(typical):.3f}")


def suggestions(rows: list[Row]) -> None:
    """Print how often the right box is suggested when two or four cards lie in each."""
    for cards in (2, 4):
        first = three = tried = 0
        for _, _, picked in samples(rows, 1, (20, 50), seed=5):
            placed: dict[int, object] = {}
            for i, row in enumerate(picked):
                if sum(box == row["topic"] for box in placed.values()) < cards:
                    placed[i] = row["topic"]
            texts = [row["text"] for row in picked]
            for i, row in enumerate(picked):
                if i not in placed:
                    boxes = suggest(texts, placed, i)
                    tried += 1
                    first += boxes[0] == row["topic"]
                    three += row["topic"] in boxes
        print(f"{cards} cards in each box: right box first {first / tried:.3f}, among three {three / tried:.3f} ({tried} cards)")


def seconds(rows: list[Row]) -> None:
    """Print the seconds for 200 and 500 texts, each in a fresh process: load, encode, group."""
    code = (
        "import sys, time; texts = sys.stdin.read().split('\\n'); a = time.perf_counter()\n"
        "from kizuna.language import themes, vectors\nimport networkx\nvectors.vectors(['はじめ']); b = time.perf_counter()\n"
        "vectors.vectors([themes._key(text) for text in texts]); c = time.perf_counter()\n"
        "found = themes.group(texts); d = time.perf_counter()\n"
        "print(f'load {b - a:.2f} s, encode {c - b:.2f} s, group {d - c:.2f} s, themes {len(found.groups)}')"
    )
    texts = [row["text"] for row in rows if row["level"] == "L1"]
    for n in (200, 500, 1500):
        told = subprocess.run([sys.executable, "-c", code], input="\n".join(texts[:n]), capture_output=True, text=True, check=True)
        print(f"{min(n, len(texts))} texts: {told.stdout.strip()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--samples", type=int, default=6)
    options = parser.parse_args()
    with (options.data / "asdc_wishes.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["split"] == options.split]
    start = time.perf_counter()
    agreement(rows, options.samples)
    suggestions(rows)
    seconds([row for i, row in enumerate(rows) if i % 2 == 0])
    print(f"whole benchmark {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
