"""Posts are taken apart however they were pasted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.steps.pasted import split

TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("一つめ。\n続き\n\n二つめ。", [("一つめ。\n続き", None), ("二つめ。", None)]),
        ("一つめ。\n\n段落\n\n\n二つめ。", [("一つめ。\n\n段落", None), ("二つめ。", None)]),
        (
            "11/3 18:00\r\n一つめ。\r\n\r\n段落\r\n11/1\r\n二つめ。",
            [("一つめ。\n\n段落", date(2026, 11, 3)), ("二つめ。", date(2026, 11, 1))],
        ),
        ("一つめ。\n3日前\nいいね！12件\n二つめ。\n1週間前", [("一つめ。", date(2026, 11, 23)), ("二つめ。", date(2026, 11, 19))]),
        (
            "汐風書店\n@shiokaze\n·\n11月3日\n一つめ。\n12\n3\n汐風書店\n@shiokaze\n·\n11月1日\n二つめ。",
            [("一つめ。", date(2026, 11, 3)), ("二つめ。", date(2026, 11, 1))],
        ),
        (
            "2026/11/03(火)\n10:20\t汐風書店\t一つめ。\n続き\n10:25\t汐風書店\t[写真]\n10:26\t汐風書店\t二つめ。",
            [("一つめ。\n続き", date(2026, 11, 3)), ("二つめ。", date(2026, 11, 3))],
        ),
        ("", []),
        ("11月3日\n11月1日\n", []),
    ],
)
def test_posts_are_taken_apart_however_they_were_pasted(pasted: str, expected: list[tuple[str, date | None]]) -> None:
    assert list(split(pasted, TODAY)) == expected


@given(st.lists(st.text(st.characters(categories=("L",)), min_size=3, max_size=20), max_size=30))
@settings(max_examples=60, deadline=None)
def test_empty_lines_part_posts_and_nothing_is_lost_or_made_up(texts: list[str]) -> None:
    different = list(dict.fromkeys(texts))
    assert [text for text, _ in split("\n\n".join(f"{text}。" for text in different), TODAY)] == [f"{text}。" for text in different]
