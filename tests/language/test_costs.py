"""Money among members: what a gathering costs, of what and how much, and nothing beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.finding import Strength
from kizuna.language.rules import check_cost, check_text, cost_things

GOOD = [
    "実費：会場代とお茶代 300円",
    "会場代とお茶代　３００円",
    "お茶とだんごの分 200円",
    "会場費 一人500円、お茶菓子代 200円です。",
    "会場代 1,000円\nお茶代 三百円",
    "実費はかかりません",
    "なし",
]
BAD = [
    "新作トートバッグ代 3000円",
    "会場代300円。帰りに本をどうぞ",
    "お茶代",
    "300円",
    "参加費 500円",
    "会費 会場代として 500円",
    "会場代 300円（本の割引つき）",
    "お茶料金 300円",
    "会場代 300円、新刊 1,200円",
    "",
]


@pytest.mark.parametrize("text", GOOD)
def test_costs_pass(text: str) -> None:
    assert check_cost(text) == []


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_cost_stops(text: str) -> None:
    (found,) = check_cost(text)
    assert (found.rule, found.strength) == ("KZ-03", Strength.STOP)


@pytest.mark.parametrize(("text", "missing"), [("お茶代", "いくら"), ("300円", "何に"), ("お茶代 300円！安いです", "ほかの言葉")])
def test_it_is_told_what_is_missing(text: str, missing: str) -> None:
    assert missing in check_cost(text)[0].message


FRAGMENTS = ["会場代", "お茶代", "と", "、", " ", "300円", "一人", "実費：", "。", "ずつ"]
SALES = ["販売", "割引", "新商品", "ご購入", "本", "セール", "クーポン", "参加費", "！", "買って", "お得"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=6), st.sampled_from(SALES), st.lists(st.sampled_from(FRAGMENTS), max_size=6))
def test_nothing_that_sells_passes_as_a_cost(before: list[str], sold: str, after: list[str]) -> None:
    assert check_cost("".join([*before, sold, *after]))


def test_costs_are_money_to_members_everywhere_else() -> None:
    assert {"KZ-03"} <= {one.rule for text in GOOD[:5] for one in check_text(text, "owner", "tribe")}


def test_what_may_cost_something_is_found_in_a_sentence() -> None:
    assert cost_things("お茶とだんごの分を、来た方で等分する。本は持ち寄り。") == ["お茶", "だんご"]
