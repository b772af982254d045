"""The picture of ties: the same people give the same picture, no name lies on another, and everything is there in words."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.views.network import Link, in_words, network, summary

SIZES = (1, 2, 4, 12, 60)


def names(count: int) -> dict[int, str]:
    return {number: f"とても長いお名前の方{number}" for number in range(1, count + 1)}


def links(count: int) -> list[Link]:
    return [Link(one, one % count + 1, ("knows", "met", "may")[one % 3]) for one in range(1, count) if one % count + 1 != one]


def texts(drawn: str) -> list[tuple[float, float, str]]:
    found = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)"', drawn)
    return [(float(x), float(y), anchor) for x, y, anchor in found]


@pytest.mark.parametrize("count", SIZES)
def test_no_two_names_touch_and_all_lie_within_the_picture(count: int) -> None:
    drawn = str(network(names(count), links(count)))
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())
    placed = texts(drawn)
    assert len(placed) == count
    for side in ("start", "end"):
        rows = sorted(y for _, y, anchor in placed if anchor == side)
        assert all(below - above >= 24 for above, below in pairwise(rows))
    for x, y, anchor in placed:
        assert 15 <= y <= height and (x + 150 <= width if anchor == "start" else x - 150 >= 0)


@pytest.mark.parametrize("count", SIZES)
def test_the_same_people_and_ties_give_the_same_picture_in_whatever_order_the_ties_came(count: int) -> None:
    drawn = network(names(count), links(count))
    assert network(names(count), links(count)) == drawn
    assert texts(str(network(names(count), links(count)[::-1]))) == texts(str(drawn))


def test_possible_ties_are_dashed_and_only_they() -> None:
    drawn = str(network(names(4), [Link(1, 2, "knows"), Link(2, 3, "may")]))
    dashed = [path for path in re.findall(r"<path .*?</path>", drawn) if "stroke-dasharray" in path]
    assert len(re.findall(r"<path ", drawn)) == 2
    assert len(dashed) == 1 and "お名前の方2ととても長いお名前の方3：気が合いそうな方" in dashed[0]


def test_it_is_told_in_words_too() -> None:
    called = {1: "ミナトさん", 2: "よし子さん", 3: "<b>&"}
    ties = [Link(1, 2, "knows"), Link(2, 3, "may"), Link(1, 3, "met")]
    assert in_words(called, ties) == [
        ("ミナトさん", ("よし子さん", "<b>&", "")),
        ("よし子さん", ("ミナトさん", "", "<b>&")),
        ("<b>&", ("", "ミナトさん", "よし子さん")),
    ]
    drawn = str(network(called, ties))
    assert 'role="img"' in drawn and summary(called, ties) in drawn
    assert summary(called, ties) == "3人のつながりの図です。知り合いが1組、お引き合わせした方が1組、気が合いそうな方が1組。"
    assert "<b>&" not in drawn and "&lt;b&gt;&amp;" in drawn


def test_nobody_gives_no_picture() -> None:
    assert network({}, []) == ""


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 60), st.data())
def test_every_tie_is_a_line_between_the_dots_of_its_people(count: int, data: st.DataObject) -> None:
    pairs = data.draw(st.sets(st.tuples(st.integers(1, count), st.integers(1, count)).filter(lambda one: one[0] < one[1]), max_size=40))
    drawn = str(network(names(count), [Link(*one, "knows") for one in sorted(pairs)]))
    dots = {(x, y) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawn)}
    ends = re.findall(r'd="M([\d.]+),([\d.]+)Q[\d.-]+,[\d.-]+ ([\d.]+),([\d.]+)"', drawn)
    assert len(ends) == len(pairs) and len(dots) == count
    assert all((x1, y1) in dots and (x2, y2) in dots for x1, y1, x2, y2 in ends)
