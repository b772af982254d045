"""The class: what is told of it, and that nothing told gives a small group away – tried by every class there can be."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.language.rules.context import Industry
from kizuna.steps import review
from kizuna.steps.report import cohort as cohorts
from kizuna.steps.report.cohort import Cohort, Group, Telling, Told, cohort, read_facts
from kizuna.steps.report.facts import interview, places
from kizuna.steps.report.words import words
from kizuna.views.report.example import example_class

KINDS = [one.key for one in words().kinds]


def somebody(number: int, **more: Any) -> dict[str, Any]:
    return {"code": f"C{number:07}", **more}


def people(count: int, **more: Any) -> list[dict[str, Any]]:
    return [somebody(number, **more) for number in range(count)]


def by_key(groups: tuple[Group, ...]) -> dict[str, Group]:
    return {one.key: one for one in groups}


# ---- whether anything is told


@pytest.mark.parametrize("k", [3, 5, 8])
def test_of_fewer_than_k_nothing_is_told_but_how_many_there_are(k: int) -> None:
    found = cohort(people(k - 1, heard=KINDS, made=places(), declared=True), k)
    assert not found.told and found.people == k - 1
    assert (found.stages, found.industries, found.totals, found.kinds, found.questions, found.scales, found.declared) == ((),) * 6 + (None,)


@pytest.mark.parametrize("k", [2, 1, 0, -5])
def test_a_k_below_three_is_refused(k: int) -> None:
    with pytest.raises(KizunaError, match="3 以上"):
        cohort(people(9), k)


def test_two_hand_ins_of_one_participant_are_one_and_the_later_counts() -> None:
    twice = [somebody(0, declared=False), somebody(0, declared=True)] * 9
    assert cohort(twice).people == 1
    before, after = people(20), [somebody(number, heard=["news"]) for number in range(9)]
    assert by_key(cohort([*before, *after]).kinds)["news"].people == 9
    assert by_key(cohort([*after, *before]).kinds)["news"].people is None


# ---- the ways a number is told


@pytest.mark.parametrize(
    ("count", "telling", "said"),
    [(0, "hidden", None), (4, "hidden", None), (5, "exact", 5), (15, "exact", 15), (16, "most", None), (20, "most", None)],
)
def test_a_group_is_told_exactly_only_while_it_and_the_others_are_k_or_more(count: int, telling: str, said: int | None) -> None:
    class_ = [somebody(number, heard=["news"] if number < count else []) for number in range(20)]
    one = by_key(cohort(class_).kinds)["news"]
    assert (one.telling, one.people) == (telling, said)


def test_a_group_within_another_is_not_told_where_their_difference_is_small() -> None:
    class_ = [somebody(n, heard=(["news"] if n < 10 else []) + (["learn"] if n < 8 else [])) for n in range(20)]
    found = by_key(cohort(class_).kinds)
    assert found["news"].people == 10 and found["learn"].telling is Telling.HIDDEN and found["learn"].people is None


def test_nor_where_two_apart_leave_few_of_all() -> None:
    class_ = [somebody(n, heard=["news"] if n < 9 else ["learn"] if n < 18 else []) for n in range(20)]
    told = [one.people for one in cohort(class_).kinds if one.telling is Telling.EXACT]
    assert told == [9]


def test_stages_are_joined_until_each_holds_k_and_together_they_are_all() -> None:
    class_ = [somebody(n, made=places()[: min(n, 10)]) for n in range(14)]
    stages = cohort(class_).stages
    assert [one.people for one in stages] == [5, 9] and sum(one.people for one in stages) == 14
    assert (stages[0].first, stages[-1].last) == (0, 10)
    assert all(before.last + 1 == after.first for before, after in pairwise(stages))


def test_a_small_trade_takes_another_along() -> None:
    trades = [Industry.FOOD.label] * 8 + [Industry.BEAUTY.label] * 6 + [Industry.TEACHING.label] * 2
    class_ = [somebody(n, industry=trade) for n, trade in enumerate(trades)]
    assert cohort(class_).industries == ((Industry.FOOD.label, 8), (words().cohort["others"], 8))


def test_a_sum_needs_k_behind_it_none_of_whom_makes_up_more_than_half() -> None:
    def total(*amounts: int) -> int | None:
        rows = [somebody(n, numbers={"heard": {"followup": amount}}) for n, amount in enumerate(amounts)]
        found = [one.parts["followup"].people for one in cohort(rows).totals]
        return found[0] if found else None

    assert total(3, 3, 3, 3, 3, 0) == 15
    assert total(3, 3, 3, 3, 0, 0) is None
    assert total(40, 3, 3, 3, 3, 3) is None


def test_a_part_of_a_sum_is_told_only_where_k_stand_behind_what_is_left() -> None:
    def used(left: int) -> Telling:
        numbers = [{"asked": {"followup": 4}, "used": {"followup": 3 if n < left else 4}} for n in range(9)]
        rows = [somebody(n, numbers=one) for n, one in enumerate(numbers)]
        return {one.label: one for one in cohort(rows).totals}.get(review.words().numbers["used"].label, _none()).parts["followup"].telling

    def _none() -> Any:
        return cohorts.Total("", "", {"followup": Group("", "", Telling.MOST)})

    assert used(5) is Telling.EXACT and used(4) is Telling.MOST and used(0) is Telling.MOST


def test_a_scale_is_of_those_who_answered_both_times() -> None:
    rows = [somebody(n, scales={"relation": (4, 6 if n < 12 else None)}) for n in range(20)]
    (found,) = cohort(rows).scales
    assert (found.before, found.after, found.both.people, found.up.people) == (4.0, 6.0, 12, 12)
    assert found.down.telling is Telling.HIDDEN
    assert cohort([somebody(n, scales={"relation": (4, 6 if n < 4 else None)}) for n in range(20)]).scales == ()


# ---- whoever knows how it is told, and all that may be in a class, cannot be sure of a small group

STEPS, SMALL = (0, 2, 6), 3  # nothing, a plan, the second part begun
PROFILES = [(came, news, place) for came in STEPS for news in (0, 1) for place in ((0, 1) if came == 6 else (0,))]


def classes(count: int, profiles: int = len(PROFILES)) -> Iterator[tuple[int, ...]]:
    """Every way to spread so many people over the profiles."""
    if profiles == 1:
        yield (count,)
        return
    for first in range(count + 1):
        for rest in classes(count - first, profiles - 1):
            yield (first, *rest)


def told_of(spread: tuple[int, ...]) -> str:
    rows = [profile for profile, count in zip(PROFILES, spread, strict=True) for _ in range(count)]
    facts = [
        somebody(n, made=places()[:came], heard=["news"] * news, asked=["place"] * place) for n, (came, news, place) in enumerate(rows)
    ]
    found = cohort(facts, SMALL, pairs=False)
    return repr((found.stages, found.kinds, found.questions))


def groups() -> dict[str, set[int]]:
    """What somebody may want to know: who is in a step, who shares something, who does not, and who is in one and not in another that holds it."""
    numbers = range(len(PROFILES))
    found = {f"step {came}": {n for n in numbers if PROFILES[n][0] == came} for came in STEPS}
    found |= {f"{key} {yes}": {n for n in numbers if PROFILES[n][at] == yes} for at, key in ((1, "news"), (2, "place")) for yes in (0, 1)}
    found["second part, but not asked about the place"] = {n for n in numbers if PROFILES[n][0] == 6 and not PROFILES[n][2]}
    return found


@pytest.mark.parametrize("count", [6, 7, 8])
def test_no_group_is_known_to_be_small_by_anybody_who_thinks_of_every_class_there_can_be(count: int) -> None:
    alike = defaultdict(list)
    for spread in classes(count):
        alike[told_of(spread)].append(spread)
    assert len(alike) > 20  # enough is told
    for told, spreads in alike.items():
        for name, members in groups().items():
            sizes = {sum(spread[n] for n in members) for spread in spreads}
            assert not sizes <= set(range(1, SMALL)), f"{name} is known to be {sizes}: {told}"


@given(st.lists(st.sets(st.integers(0, 19)), max_size=9), st.integers(3, 6))
def test_no_sums_and_differences_of_what_is_told_are_small(members: list[set[int]], k: int) -> None:
    """Another way of asking, with sets: whatever two told groups give – one without the other, both together – again and again."""
    told = Told(20, k)
    found = {frozenset(range(20))}
    found |= {frozenset(one) for one in members if told.add(sum(1 << n for n in one))} - {frozenset()}
    while True:
        more = {one - other for one in found for other in found if other < one}
        more |= {one | other for one, other in combinations(found, 2) if not one & other}
        if more <= found or len(found) > 300:
            break
        found |= more
    assert all(len(one) >= k for one in found)


def test_groups_that_belong_together_are_told_all_or_none() -> None:
    told = Told(20, 5)
    assert not told.add(0b11111, 0b1111 << 5)
    assert told.add(0b11111 << 2)  # nothing of what was refused is left


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(3, 7), st.integers(0, 10**6))
def test_no_number_below_k_stands_in_what_is_told(count: int, k: int, seed: int) -> None:
    found = cohort(example_class(count, seed), k)
    numbers = [one.people for one in (*found.stages, *found.kinds, *found.questions, *found.waiting) if one.people is not None]
    numbers += [count for _, count in found.industries]
    numbers += [one.people for scale in found.scales for one in (scale.both, scale.up, scale.down) if one.people is not None]
    assert all(k <= one <= max(found.people, k) for one in numbers)


def test_the_order_of_the_hand_ins_changes_nothing() -> None:
    class_ = example_class(25, 3)
    assert cohort(class_) == cohort(class_[::-1])


# ---- pairs


@given(st.integers(0, 45), st.integers(0, 10**6))
@settings(max_examples=15, deadline=None)
def test_everybody_is_in_one_pair_and_one_left_over_makes_a_three(count: int, seed: int) -> None:
    class_ = example_class(count, seed)
    pairs = cohort(class_).pairs
    together = [code for pair in pairs for code in pair.codes]
    assert sorted(together) == (sorted(one["code"] for one in class_) if count > 1 else [])
    assert {len(pair.codes) for pair in pairs} <= {2, 3}
    assert sum(len(pair.codes) == 3 for pair in pairs) <= 1 + count // cohorts._TABLE


def test_a_pair_completes_each_other() -> None:
    heard = [["news", "learn"], ["price", "room"], ["news", "learn"], ["price", "room"]]
    pairs = cohort([somebody(n, heard=keys) for n, keys in enumerate(heard)], 3).pairs
    labels = {one.key: one.label for one in words().kinds}
    for pair in pairs:
        assert set(pair.alone) == {(labels["news"], labels["learn"]), (labels["room"], labels["price"])}


# ---- from files


def test_facts_are_read_from_a_folder_and_what_is_broken_is_named(tmp_path: Path) -> None:
    for one in example_class(6):
        (tmp_path / f"{one['code']}.json").write_text(json.dumps(one), encoding="utf-8")
    assert [one["code"] for one in read_facts(tmp_path)] == [one["code"] for one in example_class(6)]
    (tmp_path / "X.json").write_text('{"code": 3}', encoding="utf-8")
    with pytest.raises(KizunaError, match=r"X\.json"):
        read_facts(tmp_path)
    with pytest.raises(KizunaError, match="フォルダー"):
        read_facts(tmp_path / "gone")


def test_questions_of_the_class_are_those_of_the_interview() -> None:
    assert {one.key for one in cohort(example_class(20)).questions} == set(interview())


def test_a_class_of_one_kind_is_still_a_cohort() -> None:
    assert isinstance(cohort([]), Cohort)


def test_where_too_much_would_follow_from_a_group_it_is_not_told_rather_than_thought_about_for_minutes() -> None:
    told = Told(60, 3)
    given = [told.add(0b111 << 3 * number) for number in range(20)]  # twenty groups apart: a million sums
    assert given[:8] == [True] * 8 and not all(given)
    assert len(told._sets) <= 20 * cohorts._MOST_SETS
