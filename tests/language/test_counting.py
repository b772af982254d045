"""Numbers of things, as people say them."""

from __future__ import annotations

import pytest

from kizuna.language.counting import counted, things


@pytest.mark.parametrize(("count", "said"), [(0, "0個"), (1, "1つ"), (9, "9つ"), (10, "10個"), (18, "18個")])
def test_only_one_to_nine_go_with_tsu(count: int, said: str) -> None:
    assert things(count) == said


@pytest.mark.parametrize(("count", "unit", "said"), [(9, "つ", "9つ"), (22, "つ", "22個"), (22, "人", "22人"), (0, "", "0")])
def test_what_is_counted_with_tsu_changes_its_word_at_ten(count: int, unit: str, said: str) -> None:
    assert counted(count, unit) == said
