"""The class as a whole, from the facts of its hand-ins: groups smaller than k are not told, and cannot be found by subtraction either.

What is told is of three kinds. A *partition* (how far everyone came, trades) has small cells joined until each holds k or more. A *group* (who heard
of something) is told exactly only while neither it, nor those who do not belong to it, nor anything that follows from it and from the groups told
before (differences of one within another, sums of two apart) has fewer than k members; else as 「ほとんどの方」 or not at all. That a group is not
told says nothing of its size: small groups and those that would give one away are hidden alike, for somebody who knows these rules could tell the
small one from the difference. A *sum* needs k participants behind it, none of whom makes up more than half of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import review
from kizuna.steps.report.facts import SCALES, Facts, interview, places, read
from kizuna.steps.report.words import words

K = 5  # fewer participants than this are no group that may be told
LEAST_K = 3
_MOST_CELLS = 8  # of a partition
_MOST_SETS = 300  # that may follow from one more group; where there would be more, it is not told
_TABLE = 36  # participants among whom pairs are looked for at once


class Telling(StrEnum):
    """How a number is told."""

    EXACT = "exact"
    MOST = "most"  # all but fewer than k
    HIDDEN = "hidden"  # fewer than k, or as many as would give others away


@dataclass(frozen=True)
class Group:
    """How many participants share something; ``people`` is None unless it is told exactly."""

    key: str
    label: str
    telling: Telling
    people: int | None = None


@dataclass(frozen=True)
class Stage:
    """So many participants came as far as the boxes ``first`` to ``last`` of the course (0: not begun)."""

    first: int
    last: int
    people: int


@dataclass(frozen=True)
class Total:
    """A number of the whole class, by part; a part that knows no such thing is missing."""

    label: str
    unit: str
    parts: Mapping[Part, Group]


@dataclass(frozen=True)
class Scale:
    """A scale from 0 to 10 of those who answered both times: their means, and how many went up or down."""

    key: str
    title: str
    both: Group
    before: float
    after: float
    up: Group
    down: Group


@dataclass(frozen=True)
class Pair:
    """Two (or three) participants, and the kinds of wishes that each alone of them heard."""

    codes: tuple[str, ...]
    alone: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Cohort:
    """The class as it may be told. ``pairs`` and ``codes`` name participants: they are for the instructor alone."""

    people: int
    k: int
    stages: tuple[Stage, ...] = ()
    industries: tuple[tuple[str, int], ...] = ()
    totals: tuple[Total, ...] = ()
    kinds: tuple[Group, ...] = ()
    questions: tuple[Group, ...] = ()
    waiting: tuple[Group, ...] = ()
    scales: tuple[Scale, ...] = ()
    declared: Group | None = None
    pairs: tuple[Pair, ...] = ()

    @property
    def told(self) -> bool:
        """Whether there are enough participants to tell anything of them."""
        return self.people >= self.k


class Told:
    """The groups told so far, with all that follows from them, so that no further one gives a small group away."""

    def __init__(self, people: int, k: int) -> None:
        self.people, self.k = people, k
        self._sets = {(1 << people) - 1}

    def add(self, *groups: int) -> bool:
        """Tell these groups (a bit a participant) exactly, all or none; returns whether that may be."""
        sets = set(self._sets)
        if all(self._follow(sets, group) for group in groups):
            self._sets = sets
            return True
        return False

    @property
    def cell(self) -> int:
        """How many participants a cell of a partition holds at least: so that there are few enough to think all their sums through."""
        return max(self.k, -(-self.people // _MOST_CELLS))

    def group(self, key: str, label: str, members: int) -> Group:
        """The group as it may be told."""
        count = members.bit_count()
        if count < self.k or self.people < 2 * self.k:  # no two groups of k: fewer than k and nearly all would be the same
            return Group(key, label, Telling.HIDDEN)
        if count > self.people - self.k:
            return Group(key, label, Telling.MOST)
        return Group(key, label, Telling.EXACT, count) if self.add(members) else Group(key, label, Telling.HIDDEN)

    def _follow(self, sets: set[int], group: int) -> bool:
        """Add a group to ``sets`` with its differences and sums, theirs too; returns False where a small one is among them, or where there are too many."""
        most, waiting = len(sets) + _MOST_SETS, [group]
        while waiting:
            one = waiting.pop()
            if not one or one in sets:
                continue
            if one.bit_count() < self.k or len(sets) >= most:
                return False
            for other in sets:
                both = one & other
                if both in (one, other):
                    waiting.append(one ^ other)
                elif not both:
                    waiting.append(one | other)
            sets.add(one)
        return True


def cohort(facts: Iterable[Mapping[str, Any]], k: int = K, pairs: bool = True) -> Cohort:
    """The class summary of these facts, without ``pairs`` for what everybody may see; of two hand-ins with one code the later counts.

    Raises ``KizunaError`` for a ``k`` below 3.
    """
    if k < LEAST_K:
        raise KizunaError(f"「--k」には {LEAST_K} 以上の数を書いてください。少ない人数の数字からは、だれのことか分かってしまいます。")
    by_code = {one.code: one for one in map(read, facts)}
    people = [by_code[code] for code in sorted(by_code)]
    together = _pairs(people) if pairs else ()
    if len(people) < k:
        return Cohort(len(people), k, pairs=together)
    told, texts = Told(len(people), k), words()
    stages = _stages(people, told)
    kinds = _groups(told, {one.key: one.label for one in texts.kinds}, [one.heard for one in people])
    questions = _groups(told, {key: one.text for key, one in interview().items()}, [one.asked for one in people])
    scales = tuple(found for key in SCALES if (found := _scale(people, told, key)))
    declared = told.group("declared", "", _members(one.declared for one in people))
    waiting = _groups(told, {one.key: one.label for one in texts.kinds}, [one.waiting for one in people])
    return Cohort(
        len(people), k, stages, _industries(people, told), _totals(people, k), kinds, questions, waiting, scales, declared, together
    )  # fmt: skip


def read_facts(folder: Path) -> list[dict[str, Any]]:
    """The facts in the JSON files of a folder, in the order of their names; raises ``KizunaError`` naming a file that is none."""
    if not folder.is_dir():
        raise KizunaError(f"フォルダー「{folder}」がありません。先に、お便りを作ってください。")
    return [_read_file(path) for path in sorted(folder.glob("*.json"))]


def _read_file(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return read(found).model_dump(mode="json")
    except (OSError, ValueError, KizunaError) as error:
        raise KizunaError(f"「{path.name}」が読めません。このファイルを消してから、もう一度お便りを作ってください。") from error


def _members(yes: Iterable[object]) -> int:
    """Those for whom it is true, a bit a participant in their order."""
    return sum(1 << number for number, one in enumerate(yes) if one)


def _stages(people: Sequence[Facts], told: Told) -> tuple[Stage, ...]:
    """How far everyone came, neighbouring boxes joined until each stage holds enough."""
    reached = [one.furthest for one in people]
    stages: list[Stage] = []
    first, count = 0, 0
    for box in range(len(places()) + 1):
        count += reached.count(box)
        if count >= told.cell:
            stages.append(Stage(first, box, count))
            first, count = box + 1, 0
    last = stages.pop()
    stages.append(Stage(last.first, len(places()), last.people + count))
    cells = [_members(one.first <= box <= one.last for box in reached) for one in stages]
    return tuple(stages) if told.add(*cells) else ()


def _industries(people: Sequence[Facts], told: Told) -> tuple[tuple[str, int], ...]:
    """The trades with enough; all others are one, joined by the smallest of them where they would be too few."""
    counted = Counter(one.industry for one in people if one.industry).most_common()
    large = [(name, count) for name, count in counted if count >= told.cell]
    while large and 0 < len(people) - sum(count for _, count in large) < told.cell:
        large.pop()
    names = {name for name, _ in large}
    others = [one.industry not in names for one in people]
    cells = [_members(one.industry == name for one in people) for name in names] + [_members(others)]
    if not large or not told.add(*cells):
        return ()
    return (*large, *([(words().cohort["others"], sum(others))] if any(others) else []))


def _groups(told: Told, labels: Mapping[str, str], having: Sequence[Iterable[str]]) -> tuple[Group, ...]:
    """A group for each key, the largest first (they are the first to be told); in the end by how they are told."""
    members = {key: _members(key in one for one in having) for key in labels}
    ordered = sorted(labels, key=lambda key: -members[key].bit_count())
    found = [told.group(key, labels[key], members[key]) for key in ordered]
    order = {key: number for number, key in enumerate(labels)}
    ranks = [Telling.MOST, Telling.EXACT, Telling.HIDDEN]
    return tuple(sorted(found, key=lambda one: (ranks.index(one.telling), -(one.people or 0), order[one.key])))


def _scale(people: Sequence[Facts], told: Told, key: str) -> Scale | None:
    """A scale of those who answered both times, where they are k or more."""
    pairs = [one.scales.get(key, (None, None)) for one in people]
    both = [(before, after) for before, after in pairs if before is not None and after is not None]
    if len(both) < told.k:
        return None
    moved = [after - before if before is not None and after is not None else 0 for before, after in pairs]
    return Scale(
        key,
        words().scales[key],
        told.group(f"{key}.both", "", _members(None not in one for one in pairs)),
        round(sum(before for before, _ in both) / len(both), 1),
        round(sum(after for _, after in both) / len(both), 1),
        told.group(f"{key}.up", words().cohort["up"], _members(one > 0 for one in moved)),
        told.group(f"{key}.down", words().cohort["down"], _members(one < 0 for one in moved)),
    )


def _totals(people: Sequence[Facts], k: int) -> tuple[Total, ...]:
    """The numbers of all together; a number nobody may see in any part is left out."""
    labels, found = review.words().numbers, []
    for key in words().numbers:
        parts = {part: _sum(people, k, key, part) for part in Part if any(part in one.numbers.get(key, {}) for one in people)}
        if any(one.telling is Telling.EXACT for one in parts.values()):
            found.append(Total(labels[key].label, labels[key].unit, parts))
    return tuple(found)


def _sum(people: Sequence[Facts], k: int, key: str, part: Part) -> Group:
    """A sum over the class; beside the number it is a part of, it is told only where k participants stand behind what is left as well."""
    label = review.words().numbers[key].label
    amounts = [one.numbers.get(key, {}).get(part, 0) for one in people]
    if not _many(amounts, k):
        return Group(key, label, Telling.HIDDEN)
    whole = review.WHOLES.get(key, "")
    if whole and whole in words().numbers:
        wholes = [one.numbers.get(whole, {}).get(part, 0) for one in people]
        if _many(wholes, k) and not _many([whole - amount for whole, amount in zip(wholes, amounts, strict=True)], k):
            return Group(key, label, Telling.MOST)
    return Group(key, label, Telling.EXACT, sum(amounts))


def _many(amounts: Sequence[int], k: int) -> bool:
    """Whether k participants or more stand behind a sum, none of them behind more than half of it."""
    return sum(one > 0 for one in amounts) >= k and 2 * max(amounts) <= sum(amounts)


def _pairs(people: Sequence[Facts]) -> tuple[Pair, ...]:
    """Everybody with somebody who heard of other kinds of wishes than she did: the best pairs for all together; one left over makes a three."""
    tables = -(-len(people) // _TABLE)
    ends = [len(people) * number // tables for number in range(tables + 1)] if tables else []
    return tuple(pair for start, end in pairwise(ends) for pair in _matched(people[start:end]))


def _matched(people: Sequence[Facts]) -> list[Pair]:
    import networkx as nx

    if len(people) < 2:
        return []
    heard = [set(one.heard) for one in people]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(people)))
    for one in graph:
        for other in range(one):
            gives, takes = len(heard[one] - heard[other]), len(heard[other] - heard[one])
            graph.add_edge(one, other, weight=1 + 10 * min(gives, takes) + max(gives, takes))
    pairs = sorted(sorted(pair) for pair in nx.max_weight_matching(graph, maxcardinality=True))
    left = set(graph).difference(*pairs)
    for one in left:
        best = max(pairs, key=lambda pair: sum(graph[one][other]["weight"] for other in pair))
        best.append(one)
    return [_pair([people[number] for number in pair]) for pair in pairs]


def _pair(together: Sequence[Facts]) -> Pair:
    alone = [set(one.heard).difference(*(other.heard for other in together if other is not one)) for one in together]
    labels = {one.key: one.label for one in words().kinds}
    return Pair(tuple(one.code for one in together), tuple(tuple(labels[key] for key in labels if key in keys) for keys in alone))
