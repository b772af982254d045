"""Rhythm as weather: a range, never a bare number; honest of few visits; the longer she stays away, the darker."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.steps import rhythm as rhythms
from kizuna.steps import roster, touches
from kizuna.steps.rhythm import Shop, Weather, intervals, rhythm, shop
from kizuna.workbook.store import MEMORY, open_workbook

DAY = date(2026, 1, 1)
USUAL = shop([])
DARK = list(Weather)
gaps = st.lists(st.integers(0, 400), max_size=12)
shops = st.lists(st.lists(st.integers(0, 400), max_size=8), max_size=6)


def days(between: list[int]) -> list[date]:
    """Visits with these days between them."""
    found = [DAY]
    for gap in between:
        found.append(found[-1] + timedelta(days=gap))
    return found


@given(gaps, shops)
@settings(max_examples=150, deadline=None)
def test_whatever_visits_there_are_the_range_holds_its_middle(between: list[int], others: list[list[int]]) -> None:
    found = rhythm(days(between), shop(days(one) for one in others))
    assert found is not None
    assert 1 <= found.low <= found.median <= found.high <= found.much
    assert found.visits == len(set(days(between))) and found.last_on == days(between)[-1]


@given(gaps, shops, st.lists(st.integers(0, 2000), min_size=2, max_size=8))
@settings(max_examples=100, deadline=None)
def test_more_days_never_make_it_sunnier(between: list[int], others: list[list[int]], later: list[int]) -> None:
    found = rhythm(days(between), shop(days(one) for one in others))
    assert found is not None
    seen = [DARK.index(found.weather(found.last_on + timedelta(days=one))) for one in sorted(later)]
    assert seen == sorted(seen)


@given(st.integers(1, 200), st.integers(1, 9), st.floats(5, 200))
@settings(max_examples=60, deadline=None)
def test_with_every_visit_of_a_steady_rhythm_the_range_gets_no_wider(gap: int, shape: int, mean: float) -> None:
    of = Shop(mean, shape, 10)
    widths = []
    for count in range(12):
        weight, scale = shape + 1 + count * shape, 1.0
        widths.append(rhythms._quantile(0.9, shape, weight) / rhythms._quantile(0.1, shape, weight) * scale)
        assert rhythm(days([gap] * count), of) is not None
    assert widths == sorted(widths, reverse=True) and widths[-1] < widths[0]


@pytest.mark.parametrize(("shape", "weight"), [(1, 2.0), (2, 5.0), (4, 13.0), (9, 30.0)])
def test_the_quantiles_are_those_of_the_beta_prime_distribution(shape: int, weight: float) -> None:
    draw = random.Random(7)
    seen = sorted(draw.gammavariate(shape, 1) / draw.gammavariate(weight, 1) for _ in range(20_000))
    for part in (0.1, 0.5, 0.9, 0.975):
        below = sum(one <= rhythms._quantile(part, shape, weight) for one in seen) / len(seen)
        assert below == pytest.approx(part, abs=0.012)


def test_the_simplest_case_is_the_exponential_ones_closed_form() -> None:
    for part in (0.1, 0.5, 0.9):
        assert rhythms._quantile(part, 1, 3.0) == pytest.approx((1 - part) ** (-1 / 3) - 1)


@pytest.mark.parametrize("regular", [1, 3, 6])
@pytest.mark.parametrize("count", [12, 120])
def test_four_in_five_come_within_their_range(regular: int, count: int) -> None:
    """A shop whose people come 1 to 7 times, each at a pace of her own: about 80 % of the next visits fall within."""
    hit = total = 0
    for seed in range(480 // count):
        draw = random.Random(seed)
        visits, coming = [], []
        for _ in range(count):
            pace = draw.lognormvariate(3.4, 0.6)
            gaps_ = [max(1, round(draw.gammavariate(regular, pace / regular))) for _ in range(draw.randint(1, 7))]
            visits.append(days(gaps_[:-1]))
            coming.append(gaps_[-1])
        of = shop(visits)
        for seen, gap in zip(visits, coming, strict=True):
            found = rhythm(seen, of)
            assert found is not None
            hit += found.low <= gap <= found.high
            total += 1
    assert 0.74 <= hit / total <= 0.89


def test_regular_visits_of_the_shop_make_narrow_ranges() -> None:
    steady = [days([29, 31, 30, 30, 28]) for _ in range(10)]
    wild = [days([1, 90, 3, 40, 16]) for _ in range(10)]
    assert shop(steady).shape > shop(wild).shape
    calm, loose = rhythm(steady[0], shop(steady)), rhythm(wild[0], shop(wild))
    assert calm is not None and loose is not None
    assert calm.high - calm.low < loose.high - loose.low
    assert calm.low < 30 < calm.high


def test_nobody_without_visits_has_a_rhythm_and_two_on_one_day_are_one() -> None:
    assert rhythm([], USUAL) is None
    assert intervals([DAY, DAY, DAY + timedelta(days=5), DAY + timedelta(days=5)]) == [5]
    assert rhythm([DAY, DAY], USUAL) == rhythm([DAY], USUAL)


def test_one_visit_has_a_wide_range_and_says_so() -> None:
    one, many = rhythm([DAY], USUAL), rhythm(days([30] * 8), USUAL)
    assert one is not None and many is not None
    assert one.high / one.low > many.high / many.low
    assert "まだ一度" in one.sentence(DAY + timedelta(days=9)) and "これから" in one.sentence(DAY)
    assert "みなさんの様子から" in str(rhythm([DAY], shop([days([20, 20])])).sentence(DAY))  # type: ignore[union-attr]
    assert "まだ二度" in str(rhythm(days([30]), USUAL).sentence(DAY + timedelta(days=40)))  # type: ignore[union-attr]


def test_the_sentence_tells_range_and_days_and_no_probability() -> None:
    found = rhythm(days([30] * 8), USUAL)
    assert found is not None
    told = found.sentence(found.last_on + timedelta(days=60))
    assert told == f"いつもは{found.low}〜{found.high}日ごと。前に来てくださってから、今日で60日めです。"
    assert found.sentence(found.last_on).endswith("今日、来てくださいました。")
    assert "%" not in told and "率" not in told


def test_sun_cloud_and_rain_begin_where_the_range_says() -> None:
    found = rhythm(days([30] * 8), USUAL)
    assert found is not None
    at = {days_: found.weather(found.last_on + timedelta(days=days_)) for days_ in (found.high, found.high + 1, found.much, found.much + 1)}
    assert list(at.values()) == [Weather.SUN, Weather.CLOUD, Weather.CLOUD, Weather.RAIN]


def test_only_visits_count_and_only_those_that_have_been() -> None:
    book = open_workbook(MEMORY)
    one, other = roster.add(book, "ミナト"), roster.add(book, "波")
    for gap in (90, 60, 30):
        touches.log(book, one, "visit", DAY - timedelta(days=gap), today=DAY)
    touches.log(book, other, "told", DAY, today=DAY)
    found = rhythms.rhythms(book, DAY)
    assert set(found) == {one}
    assert (found[one].visits, found[one].last_on) == (3, DAY - timedelta(days=30))
    assert rhythms.rhythms(book, DAY - timedelta(days=50))[one].visits == 2
    book.close()
