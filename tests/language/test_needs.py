"""Each feeling is heard where its words are, and not where only the letters look alike."""

from __future__ import annotations

import pytest

from kizuna.language.needs import Need, heard_in, words

NEEDS = words().needs


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.id)
def test_each_finds_what_it_is_for_and_passes_the_rest(need: Need) -> None:
    assert [text for text in need.examples.flag if need.id not in heard_in(text)] == []
    assert [text for text in need.examples.passes if need.id in heard_in(text)] == []


def test_there_are_four_between_people_and_four_that_everybody_has() -> None:
    assert [one.group for one in NEEDS] == ["heart"] * 4 + ["life"] * 4
    assert len({one.id for one in NEEDS}) == len({one.title for one in NEEDS}) == 8


def test_half_width_counts_as_full_and_a_text_may_have_several_or_none() -> None:
    assert heard_in("ﾁｬﾚﾝｼﾞしてみたい") == heard_in("チャレンジしてみたい") == {"grow"}
    assert {"communicate", "company"} <= heard_in("みんなで、おしゃべりしたい")
    assert heard_in("特にありません") == heard_in("") == frozenset()
