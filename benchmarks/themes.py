"""How well automatic themes agree with the topics that people gave, beside plain methods on the same samples, and how long they take.

    python -m benchmarks.themes --data FOLDER [--split dev] [--samples 4]

FOLDER holds asdc_wishes.tsv. The measure is the adjusted mutual information (AMI): 0 by chance, 1 when the same; mean over random
samples of n wishes from 4 to 8 topics of uneven size, and over the hand-written sets of fictional shops (benchmarks/data/wishes.tsv; half b was not
looked at while anything was chosen). The directions that ``benchmarks.learn`` learnt come from the train split: judge on dev.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import networkx as nx
import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from benchmarks.samples import Row, own, samples, wishes
from kizuna.language.themes import Grouping, group, suggest, themes_of
from kizuna.language.tokens import content_words
from kizuna.language.vectors import SENTENCE, vectors

Drawn = list[tuple[str, int, list[Row]]]


def kizuna(texts: list[str]) -> list[int]:
    return labels_of(group(texts), len(texts))


def labels_of(found: Grouping, count: int) -> list[int]:
    """A number for each text; a text in no theme has its own."""
    labels = list(range(count, 2 * count))
    for number, theme in enumerate(found.groups):
        for member in theme.members:
            labels[member] = number
    return labels


def chance(texts: list[str]) -> list[int]:
    return list(np.random.default_rng(len(texts)).integers(0, 6, len(texts)))


def _usual(texts: list[str]) -> int:
    """A number of groups that grows with the number of texts."""
    return min(len(texts) - 1, max(3, round(0.7 * len(texts) ** 0.5)))


def _tfidf(texts: list[str]) -> np.ndarray:
    return np.asarray(TfidfVectorizer(analyzer=content_words).fit_transform(texts).toarray())


def tfidf_ward(texts: list[str]) -> list[int]:
    return list(AgglomerativeClustering(_usual(texts)).fit_predict(_tfidf(texts)))


def tfidf_nmf(texts: list[str]) -> list[int]:
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):
        return list(NMF(_usual(texts), init="nndsvda", random_state=0, max_iter=200).fit_transform(_tfidf(texts)).argmax(axis=1))


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


def cooccurrence(texts: list[str]) -> list[int]:
    """Communities of the words that occur together (Jaccard, the sixty strongest ties), each text in that of most of its words."""
    words = [set(content_words(text)) for text in texts]
    often = Counter(word for found in words for word in found)
    both = Counter((a, b) for found in words for a in found for b in found if a < b)
    ties = sorted(((n / (often[a] + often[b] - n), a, b) for (a, b), n in both.items() if n > 1 or len(texts) < 30), reverse=True)[:60]
    graph = nx.Graph()
    graph.add_weighted_edges_from((a, b, weight) for weight, a, b in ties)
    part_of = {word: i for i, part in enumerate(nx.community.louvain_communities(graph, seed=0)) for word in part} if ties else {}
    labels = []
    for number, found in enumerate(words):
        votes = Counter(part_of[word] for word in sorted(found) if word in part_of)
        labels.append(votes.most_common(1)[0][0] if votes else -1 - number)
    return labels


def sentence_ward(texts: list[str]) -> list[int]:
    return list(AgglomerativeClustering(_usual(texts)).fit_predict(vectors(texts)[:, :SENTENCE]))


METHODS: dict[str, Callable[[list[str]], list[int]]] = {
    "kizuna": kizuna,
    "random": chance,
    "TF-IDF + ward": tfidf_ward,
    "TF-IDF + NMF": tfidf_nmf,
    "TF-IDF + kNN-Louvain": tfidf_louvain,
    "co-occurrence network": cooccurrence,
    "sentence vectors + ward": sentence_ward,
}


def agreement(drawn: Drawn, methods: Iterable[str] = METHODS) -> dict[str, dict[str, float]]:
    """AMI by method and n (both levels), the mean of n = 20, 50, 100 (``mean``), and on the own sets' halves (``a``, ``b``)."""
    table: dict[str, dict[str, float]] = {}
    for name in methods:
        scores: dict[str, list[float]] = defaultdict(list)
        for _, n, picked in drawn:
            scores[f"n={n}"].append(ami(METHODS[name], picked))
        sizes = [scores[key] for key in scores if key != "n=10"]
        table[name] = {key: float(np.mean(found)) for key, found in scores.items()}
        table[name]["mean"] = float(np.mean([score for found in sizes for score in found]))
        for half in ("a", "b"):
            table[name][f"own {half}"] = float(np.mean([ami(METHODS[name], rows) for rows in own(half).values()]))
    return table


def ami(method: Callable[[list[str]], list[int]], rows: list[Row]) -> float:
    return float(adjusted_mutual_info_score([row["topic"] for row in rows], method([row["text"] for row in rows])))


def typical(drawn: Drawn) -> dict[str, float]:
    """How often the medoid, any of the quotes, and any member is of its theme's majority, and the share of texts in no theme."""
    hits: dict[str, list[float]] = defaultdict(list)
    for _, _, picked in drawn:
        found = group([row["text"] for row in picked])
        hits["in no theme"].append(len(found.rest) / len(picked))
        for theme in found.groups:
            topics = [picked[member]["topic"] for member in theme.members]
            most = max(sorted(set(topics)), key=topics.count)
            hits["medoid"].append(picked[theme.medoid]["topic"] == most)
            hits["quotes"].append(np.mean([picked[quote]["topic"] == most for quote in theme.quotes]))
            hits["any member"].append(topics.count(most) / len(topics))
    return {key: float(np.mean(found)) for key, found in hits.items()}


def suggestions(sets: list[list[Row]], cards: int, named: bool = False) -> tuple[float, float, int]:
    """How often the right box is the first suggestion and among three, with so many cards placed in each, and the number tried."""
    first = three = tried = 0
    for picked in sets:
        texts, topics = [row["text"] for row in picked], [row["topic"] for row in picked]
        placed: list[str | None] = [None] * len(picked)
        for i in np.random.default_rng(len(picked)).permutation(len(picked)):
            if placed.count(topics[i]) < cards:
                placed[i] = topics[i]
        names = {topic: topic.split("::")[-1] for topic in topics} if named else None
        for found, topic, box in zip(suggest(texts, placed, names), topics, placed, strict=True):
            if box is None:
                tried, first, three = tried + 1, first + (found[0] == topic), three + (topic in found)
    return first / tried, three / tried, tried


def seconds() -> None:
    """Print the seconds for many texts, each number in a fresh process: load, encode, group, and all again with one more text."""
    code = (
        "import sys, time; texts = sys.stdin.read().split('\\n'); a = time.perf_counter()\n"
        "from kizuna.language import themes, vectors\nimport networkx\nvectors.vectors(['はじめ']); b = time.perf_counter()\n"
        "vectors.vectors([themes.same(text) for text in texts]); c = time.perf_counter()\n"
        "found = themes.group(texts); d = time.perf_counter()\n"
        "themes.suggest([*texts, '駅まで迎えに来てほしい'], [*(i % 15 for i in range(len(texts))), None]); e = time.perf_counter()\n"
        "print(f'load {b - a:.2f} s, read {c - b:.2f} s, group {d - c:.2f} s, suggest {e - d:.3f} s, themes {len(found.groups)}, rest {len(found.rest)}')"
    )
    for n in (300, 500, 2000, 10_000):
        told = subprocess.run([sys.executable, "-c", code], input="\n".join(_TEXTS[:n]), capture_output=True, text=True, check=True)
        print(f"{min(n, len(_TEXTS))} texts: {told.stdout.strip()}")


_TEXTS: list[str] = []


def rows(data: Path) -> list[tuple[str, str, float]]:
    """(measure, method, value) for the table of ``benchmarks.language``."""
    drawn = list(samples(wishes(data, "dev"), 4))
    found = []
    for name, scores in agreement(drawn).items():
        found += [("themes, AMI (wishes to a hotel, n = 20, 50, 100)", name, scores["mean"])]
        found += [(f"themes, AMI (fictional shops, half {half})", name, scores[f"own {half}"]) for half in ("a", "b")]
    quality = typical(drawn)
    found += [
        ("typical quote in its theme's majority", name, quality[key]) for name, key in (("kizuna", "medoid"), ("any member", "any member"))
    ]
    sets = [picked for _, n, picked in samples(wishes(data, "dev"), 4, (20, 50), seed=5)]
    for cards in (1, 2, 4):
        first, three, _ = suggestions(sets, cards)
        found += [
            (f"right box among three, {cards} placed in each", "kizuna", three),
            (f"right box first, {cards} placed in each", "kizuna", first),
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--samples", type=int, default=4)
    options = parser.parse_args()
    rows = wishes(options.data, options.split)
    start = time.perf_counter()
    drawn = list(samples(rows, options.samples))
    for name, scores in agreement(drawn).items():
        print(f"AMI {name:24}" + "  ".join(f"{key} {score:.3f}" for key, score in scores.items()))
    print("of its theme's majority: " + ", ".join(f"{key} {share:.3f}" for key, share in typical(drawn).items()))
    sets = [picked for _, n, picked in samples(rows, 4, (20, 50), seed=5)]
    shops = [rows for half in ("a", "b") for rows in own(half).values()]
    for cards in (1, 2, 4):
        for what, some in ("samples", sets), ("own sets", shops if cards < 4 else []):
            for named in (False, True) if some else ():
                first, three, tried = suggestions(some, cards, named)
                print(
                    f"{cards} cards in each box, {what}, {'named' if named else 'nameless'}: first {first:.3f}, among three {three:.3f} ({tried})"
                )
    for half in ("a", "b"):
        print(f"second themes, own sets {half}: " + ", ".join(f"{key} {number}" for key, number in seconds_found(half).items()))
    everything = wishes(options.data, "train")
    _TEXTS.extend(row["text"] for row in everything[:: max(1, len(everything) // 10_000)])
    seconds()
    print(f"whole benchmark {time.perf_counter() - start:.0f} s")


def seconds_found(half: str) -> dict[str, int]:
    """Of the answers with two wishes, how many got a second theme; and of the others."""
    found: Counter[str] = Counter()
    for rows in own(half, two=True).values():
        for row, (_, second) in zip(rows, themes_of([row["text"] for row in rows]), strict=True):
            found["two wishes" if row["topic2"] else "one wish"] += 1
            found["two wishes, told" if row["topic2"] else "one wish, told"] += second is not None
    return dict(found)


if __name__ == "__main__":
    main()
