"""Numbers of things, as people say them."""

from __future__ import annotations

import pytest

from kizuna.language.counting import things


@pytest.mark.parametrize(("count", "said"), [(0, "0個"), (1, "1つ"), (9, "9つ"), (10, "10個"), (18, "18個")])
def test_only_one_to_nine_go_with_tsu(count: int, said: str) -> None:
    assert things(count) == said
