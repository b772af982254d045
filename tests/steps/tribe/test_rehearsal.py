"""The rehearsal says what the course says, over many seeds, and says the same thing everywhere."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kizuna.steps.tribe.rehearsal import MEMBERS, RUNS, SHARE, WEEKS, Numbers, Rehearsal, Settings, lasting, rehearse, words

SEEDS = range(60)


def gathering(members: int = 12, fans: int = 5, share: int = 30, *sales: int) -> Settings:
    return Settings(members=members, fans=fans, share=share, sales=sales)


def oftener(more: Settings, less: Settings, what: Callable[[Rehearsal], float]) -> float:
    """In which share of all seeds ``what`` is greater for ``more`` than for ``less``."""
    return sum(what(rehearse(more, seed)) > what(rehearse(less, seed)) for seed in SEEDS) / len(SEEDS)


def fingerprint() -> str:
    told = [rehearse(one, seed) for one in (gathering(), gathering(60, 20, 80, 3, 6), gathering(2, 2)) for seed in (0, 7)]
    spelled = repr([(one.weeks, sorted(one.pairs.items()), sorted(one.owner_pairs.items()), sorted(one.gone)) for one in told])
    return hashlib.sha256(spelled.encode()).hexdigest()


@pytest.mark.parametrize("members", [8, 12, 20])
def test_with_five_fans_more_weeks_are_alive_than_with_two(members: int) -> None:
    assert oftener(gathering(members, 5), gathering(members, 2), lambda one: one.alive) >= 0.9


@pytest.mark.parametrize("members", [8, 12, 30])
def test_one_sales_post_lowers_the_talk_between_members(members: int) -> None:
    assert oftener(gathering(members), gathering(members, 5, 30, 5), lambda one: one.between) >= 0.9


def test_after_a_sales_post_trust_comes_back_slowly() -> None:
    """The week of the post is much stiller, the weeks after it are still so, and some weeks later it is better again."""

    def kept(week: int) -> float:
        with_post, without = (
            sum(rehearse(one, seed).weeks[week - 1].between for seed in SEEDS) for one in (gathering(12, 8, 30, 4), gathering(12, 8))
        )
        return with_post / without

    assert kept(3) == 1
    assert kept(4) < 0.5 and kept(6) < 0.6
    assert kept(4) < kept(8) < kept(12)


def test_two_sales_posts_lower_it_more_than_one() -> None:
    assert oftener(gathering(12, 5, 30, 5), gathering(12, 5, 30, 5, 8), lambda one: one.between) >= 0.9


@pytest.mark.parametrize("members", [8, 12, 30])
def test_an_owner_who_speaks_eighty_percent_lowers_the_talk_between_members(members: int) -> None:
    assert oftener(gathering(members), gathering(members, 5, 80), lambda one: one.between) >= 0.9
    assert oftener(gathering(members, 5, 80), gathering(members), lambda one: one.weeks[0].owner) >= 0.9, "she really speaks more"


def test_without_a_fan_hardly_anything_lives() -> None:
    assert sum(rehearse(gathering(12, 0), seed).alive for seed in SEEDS) / len(SEEDS) < 2


def test_the_presets_show_the_difference_they_speak_of_already_at_the_first_seed() -> None:
    for one in words().presets:
        first, second = (rehearse(side, 1) for side in one.sides)
        assert first.between < second.between and first.alive < second.alive
        differing = [key for key in Settings.model_fields if getattr(first.settings, key) != getattr(second.settings, key)]
        assert len(differing) == 1, one.name


def test_the_same_seed_gives_the_same_result_in_another_process_too() -> None:
    code = "from tests.steps.tribe.test_rehearsal import fingerprint; print(fingerprint())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == fingerprint()


def test_the_result_is_what_it_was_on_the_machine_it_was_made_on() -> None:
    """Changes only with the model or its numbers; never with the machine."""
    assert fingerprint() == "f7a7caf106465e7f6cca6e6562e2e60b41bb4895ebe65c819e86fb2f358959fa"


def test_another_seed_gives_another_gathering() -> None:
    assert len({rehearse(gathering(), seed).weeks for seed in range(20)}) > 15


@given(
    st.integers(*MEMBERS).flatmap(lambda members: st.tuples(st.just(members), st.integers(0, members))),
    st.integers(*SHARE),
    st.lists(st.integers(1, WEEKS), max_size=3, unique=True).map(sorted),
    st.integers(0, 2**32),
)
def test_what_comes_out_is_always_possible(people: tuple[int, int], share: int, sales: list[int], seed: int) -> None:
    members, fans = people
    one = rehearse(gathering(members, fans, share, *sales), seed)
    assert [week.number for week in one.weeks] == list(range(1, WEEKS + 1))
    assert [week.number for week in one.weeks if week.sale] == sales
    for before, week in zip(one.weeks, one.weeks[1:], strict=False):
        assert 0 <= week.coming <= before.coming <= members
        assert week.talkers <= min(before.coming, 2 * week.between)
        assert week.between + week.owner <= members * words().numbers.turns + 1
    assert one.weeks[-1].coming == members - len(one.gone)
    assert all(0 <= a < b < members for a, b in one.pairs)
    assert sum(one.pairs.values()) == sum(week.between for week in one.weeks[-4:])
    assert 0 <= one.alive <= WEEKS


def test_in_how_many_of_several_runs_it_lasts() -> None:
    assert lasting(gathering(12, 0, 80), 1) <= 1 < RUNS // 2 < lasting(gathering(), 1) <= RUNS


@pytest.mark.parametrize(
    "wrong", [{"members": 1}, {"members": 61}, {"fans": 13}, {"share": 5}, {"sales": (1, 2, 3, 4)}, {"sales": (5, 5)}, {"sales": (13,)}, {"sales": (6, 2)}]
)  # fmt: skip
def test_a_gathering_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**({"members": 12, "fans": 5, "share": 30} | wrong))


def test_every_number_of_the_model_is_said_in_words() -> None:
    told = " ".join(words().assumptions)
    assert set(re.findall(r"{(\w+)}", told)) == set(Numbers.model_fields)
    assert not any("{" in one for one in words().told)
