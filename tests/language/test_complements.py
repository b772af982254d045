"""Every way in which words complete one another, and every sign of a fan, holds its own examples."""

from __future__ import annotations

import pytest

from kizuna.language.complements import Side, complements, completes
from kizuna.language.fans import FanSign, fan_signs, sounds_like_a_fan

SIDES: list[tuple[str, Side | FanSign]] = [
    *((f"{one.id}-{name}", getattr(one, name)) for one in complements() for name in ("give", "want")),
    *((one.id, one) for one in fan_signs()),
]


@pytest.mark.parametrize("side", [one for _, one in SIDES], ids=[name for name, _ in SIDES])
def test_each_finds_what_it_is_for_and_passes_the_rest(side: Side | FanSign) -> None:
    assert [text for text in side.examples.flag if not side.found_in(text)] == []
    assert [text for text in side.examples.passes if side.found_in(text)] == []


def test_ids_stand_once() -> None:
    for ids in ([one.id for one in complements()], [one.id for one in fan_signs()]):
        assert len(set(ids)) == len(ids)


def test_giving_and_wanting_are_not_turned_round() -> None:
    assert completes("場所なら貸すよ。", "親どうしで話せる場があれば参加したいです。") is complements()[0]
    assert completes("親どうしで話せる場があれば参加したいです。", "場所なら貸すよ。") is None


@pytest.mark.parametrize("text", ["場所なら貸すよ｡", "場所なら貸すよ。"])
def test_half_width_counts_as_full(text: str) -> None:
    assert completes(text, "教え合える場｡") is not None
    assert sounds_like_a_fan("ﾌﾟﾚｾﾞﾝﾄはここって決めてます")
