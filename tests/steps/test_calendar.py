"""The calendar's core: whatever the people, media and limits, it holds what it promises."""

from __future__ import annotations

import dataclasses
import importlib.util
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.steps.calendar import Calendar, Fixed, Limits, Reason, Someone, Status, Way, solve
from kizuna.steps.calendar.greedy import greedy
from kizuna.steps.calendar.problem import Problem

START = date(2026, 12, 1)  # a Tuesday
POSTCARD = Way("postcard", "はがき", 10, 85)
PHONE = Way("phone", "電話", 7)
LINE = Way("line", "LINE", 15, per_person=False)
NEWS = Way("newsletter", "ニュースレター", 90, per_person=False, minutes_each=1, yen_each=100)
MEDIA = (POSTCARD, PHONE, LINE, NEWS)
ROOMY = Limits(minutes=10_000)


def days(count: int) -> date:
    return START + timedelta(days=count)


def someone(number: int = 1, **other: Any) -> Someone:
    given: dict[str, Any] = {"last_touch": days(-10), "ideal_days": 30, "worst_days": 45, "media": ("postcard",)}
    return Someone(number, f"お客{number}", **(given | other))


@st.composite
def fixed(draw: st.DrawFn) -> Fixed:
    return Fixed(days(draw(st.integers(-40, 70))), draw(st.sampled_from(["postcard", "newsletter", "line", None])))


@st.composite
def people(draw: st.DrawFn) -> list[Someone]:
    made = []
    for number in range(draw(st.integers(0, 9))):
        ideal = draw(st.integers(1, 50))
        made.append(
            Someone(
                number, f"お客{number}",
                draw(st.none() | st.integers(-120, 3).map(days)),
                ideal, ideal + draw(st.integers(0, 40)),
                tuple(draw(st.permutations([way.id for way in MEDIA]))[: draw(st.integers(0, 3))]),
                stopped=draw(st.integers(0, 7)) == 0,
                fixed=tuple(draw(st.lists(fixed(), max_size=3))),
                refused=frozenset(draw(st.sets(st.sampled_from([way.id for way in MEDIA]), max_size=1))),
            )
        )  # fmt: skip
    return made


@st.composite
def limits(draw: st.DrawFn) -> Limits:
    return Limits(
        minutes=draw(st.sampled_from([0, 20, 60, 200, 10_000])),
        cap=draw(st.integers(1, 5)),
        gap=draw(st.integers(0, 12)),
        weekdays=draw(st.frozensets(st.integers(0, 6), max_size=7)),
        off=frozenset(days(number) for number in draw(st.sets(st.integers(0, 60), max_size=5))),
        day_minutes=draw(st.none() | st.sampled_from([10, 30, 120])),
        yen=draw(st.none() | st.sampled_from([0, 300, 5000])),
        grace=draw(st.integers(1, 20)),
    )


lengths = st.integers(1, 75)
unhurried = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def touches(one: Someone, calendar: Calendar) -> list[date]:
    """All days in the calendar on which somebody is touched, those that stood already among them."""
    mine = [touch.on for touch in calendar.assignments if touch.person == one.id]
    return sorted(set(mine + [touch.on for touch in one.fixed if calendar.start <= touch.on <= calendar.end]))


def passed(one: Someone, calendar: Calendar, rules: Limits) -> bool:
    """Told anew and day by day: whether more days pass than may."""
    before = [touch.on for touch in one.fixed if touch.on < calendar.start] + ([one.last_touch] if one.last_touch else [])
    limit = timedelta(days=one.worst_days)
    if not before:
        until = calendar.start + limit
    else:
        last = max(before)
        late = last + limit < calendar.start
        until = calendar.start + timedelta(days=rules.grace - 1) if late else last + limit
    seen = set(touches(one, calendar))
    for number in range(calendar.days):
        day = calendar.start + timedelta(days=number)
        if day in seen and not (before and day <= max(before)):
            if day > until:
                return True
            until = day + limit
        elif day > until:
            return True
    return False


def cost(some: list[Someone], calendar: Calendar, first: int, last: int) -> tuple[int, int]:
    """Minutes and yen between two days, counted anew."""
    out = Counter((touch.on, touch.medium) for touch in calendar.assignments)
    out.update(
        (touch.on, touch.medium) for one in some for touch in one.fixed if calendar.start <= touch.on <= calendar.end and touch.medium
    )
    by_id = {way.id: way for way in MEDIA}
    minutes = yen = 0
    for (day, medium), count in out.items():
        if first <= (day - calendar.start).days < last:
            way = by_id[str(medium)]
            minutes += way.once[0] + way.each[0] * count
            yen += way.once[1] + way.each[1] * count
    return minutes, yen


def nothing_is_placed_that_stop_list_refusals_and_days_off_forbid(some: list[Someone], rules: Limits, calendar: Calendar) -> None:
    by_id = {one.id: one for one in some}
    for touch in calendar.assignments:
        one = by_id[touch.person]
        assert not one.stopped and touch.medium in one.media and touch.medium not in one.refused
        assert rules.works(touch.on) and calendar.start <= touch.on <= calendar.end
    assert set(calendar.stopped) == {one.id for one in some if one.stopped}
    assert not {one.person for one in calendar.unkept} & set(calendar.stopped)


def the_cap_holds_over_all_media_wherever_the_calendar_adds_a_touch(some: list[Someone], rules: Limits, calendar: Calendar) -> None:
    for one in some:
        mine = [touch.on for touch in calendar.assignments if touch.person == one.id]
        every = mine + [touch.on for touch in one.fixed]
        assert len(set(mine)) == len(mine)
        for begin in every:
            month = [day for day in every if begin <= day < begin + timedelta(days=30)]
            assert len(month) <= rules.cap or not set(month) & set(mine)
        for day in mine:
            others = [other for other in every if other != day] + ([one.last_touch] if one.last_touch else [])
            assert all(abs((day - other).days) >= rules.gap for other in others)


def hours_money_and_days_hold_wherever_the_calendar_adds_a_touch(some: list[Someone], rules: Limits, calendar: Calendar) -> None:
    alone = solve([dataclasses.replace(one, stopped=True) for one in some], MEDIA, rules, START, calendar.days)
    for month, before in zip(calendar.months, alone.months, strict=True):
        first = (month.start - START).days
        assert (month.minutes, month.yen) == cost(some, calendar, first, first + month.days)
        assert month.minutes <= month.most_minutes + 1e-6 or month.minutes == before.minutes
        assert month.most_yen is None or month.yen <= month.most_yen + 1e-6 or month.yen == before.yen
    if rules.day_minutes is not None:
        for number in {(touch.on - START).days for touch in calendar.assignments}:
            spent = cost(some, calendar, number, number + 1)[0]
            assert spent <= rules.day_minutes or spent == cost(some, alone, number, number + 1)[0]


def the_unkept_are_exactly_those_whose_interval_is_passed(some: list[Someone], rules: Limits, calendar: Calendar) -> None:
    assert {one.person for one in calendar.unkept} == {one.id for one in some if not one.stopped and passed(one, calendar, rules)}


def it_is_never_worse_than_by_hand(some: list[Someone], rules: Limits, calendar: Calendar) -> None:
    hand = solve(some, MEDIA, rules, START, calendar.days, by_hand=True)
    assert (len(calendar.unkept), calendar.deviation) <= (len(hand.unkept), hand.deviation)
    problem = Problem(some, MEDIA, rules, START, calendar.days)
    assert problem.value(greedy(problem)) == (len(hand.unkept), hand.deviation)


def every_touch_and_everybody_left_out_has_a_sentence(some: list[Someone], rules: Limits, calendar: Calendar) -> None:
    by_id = {way.id: way.name for way in MEDIA}
    for touch in calendar.assignments:
        assert touch.why.endswith("。") and by_id[touch.medium] in touch.why and f"{touch.on.month}月{touch.on.day}日" in touch.why
    assert all(one.why.endswith("。") and f"{one.passes_on.month}月{one.passes_on.day}日" in one.why for one in calendar.unkept)


@unhurried
@given(people(), limits(), lengths)
def test_whatever_the_people_and_the_limits_it_holds_what_it_promises(some: list[Someone], rules: Limits, length: int) -> None:
    calendar = solve(some, MEDIA, rules, START, length)
    nothing_is_placed_that_stop_list_refusals_and_days_off_forbid(some, rules, calendar)
    the_cap_holds_over_all_media_wherever_the_calendar_adds_a_touch(some, rules, calendar)
    hours_money_and_days_hold_wherever_the_calendar_adds_a_touch(some, rules, calendar)
    the_unkept_are_exactly_those_whose_interval_is_passed(some, rules, calendar)
    it_is_never_worse_than_by_hand(some, rules, calendar)
    every_touch_and_everybody_left_out_has_a_sentence(some, rules, calendar)


@settings(max_examples=8, deadline=None)
@given(people(), limits(), lengths)
def test_the_same_people_give_the_same_calendar(some: list[Someone], rules: Limits, length: int) -> None:
    assert solve(some, MEDIA, rules, START, length) == solve(some, MEDIA, rules, START, length)


def test_with_room_for_all_everybody_is_touched_on_the_ideal_day_by_what_she_likes_most() -> None:
    some = [someone(1), someone(2, last_touch=days(-29), media=("phone", "postcard"))]
    calendar = solve(some, MEDIA, ROOMY, START, 30)
    assert [(touch.person, touch.on, touch.medium) for touch in calendar.assignments] == [(2, days(1), "phone"), (1, days(20), "postcard")]
    assert calendar.unkept == () and calendar.status is Status.BEST and calendar.deviation == 0


def test_a_touch_says_why_this_day() -> None:
    calendar = solve([someone(last_touch=days(-25), ideal_days=34, worst_days=45)], MEDIA, ROOMY, START, 30)
    assert [touch.why for touch in calendar.assignments] == ["前回から34日。ちょうどよい間なので、はがきを12月10日に。"]
    no_tenth = dataclasses.replace(ROOMY, off=frozenset({days(9), days(8), days(10)}))
    calendar = solve([someone(last_touch=days(-25), ideal_days=34, worst_days=45)], MEDIA, no_tenth, START, 30)
    assert calendar.assignments[0].why == "前回から32日。ちょうどよい日はお休みなので、はがきを12月8日に。"
    calendar = solve([someone(last_touch=days(-50), ideal_days=34, worst_days=60)], MEDIA, ROOMY, START, 15)
    assert calendar.assignments[0].why == "前回から50日。いちばん間があいても60日なので、はがきを12月1日に。"


def test_where_hours_lack_the_most_people_are_kept_and_it_says_how_many_minutes_would_do() -> None:
    """By hand the two who need ten minutes twice come first and leave nobody else a minute."""
    often = [someone(number, last_touch=days(-10), ideal_days=11, worst_days=14, media=("postcard",)) for number in (1, 2)]
    seldom = [someone(number, last_touch=days(-30), ideal_days=40, worst_days=45) for number in (3, 4, 5, 6)]
    rules = Limits(minutes=40)
    hand, best = (solve(often + seldom, MEDIA, rules, START, 30, by_hand=by_hand) for by_hand in (True, False))
    assert len(hand.unkept) == 4 and {one.person for one in best.unkept} == {1, 2}
    assert {one.reason for one in best.unkept} == {Reason.HOURS}
    assert best.more_minutes is not None and 40 <= best.more_minutes <= 60
    enough = solve(often + seldom, MEDIA, Limits(minutes=40 + best.more_minutes), START, 30)
    assert enough.unkept == ()
    assert f"あと{best.more_minutes}分" in best.unkept[0].why


def test_one_letter_for_everybody_takes_its_minutes_once() -> None:
    some = [someone(number, last_touch=days(-30 - number % 5), ideal_days=40, media=("postcard", "line")) for number in range(30)]
    calendar = solve(some, MEDIA, Limits(minutes=30), START, 30)
    assert calendar.unkept == () and calendar.minutes <= 30
    assert Counter(touch.medium for touch in calendar.assignments)["line"] >= 28
    assert any("みなさんにLINEを届ける" in touch.why for touch in calendar.assignments)


def test_touches_the_owner_set_stay_and_count() -> None:
    one = someone(last_touch=days(-20), ideal_days=20, worst_days=30, fixed=(Fixed(days(8), "postcard"),))
    calendar = solve([one], MEDIA, Limits(minutes=20), START, 30)
    assert [touch.on for touch in calendar.assignments] == [days(28)] and calendar.unkept == () and calendar.minutes == 20
    assert solve([one], MEDIA, Limits(minutes=10), START, 30).assignments == ()


@pytest.mark.parametrize("by_hand", [True, False])
def test_touches_that_came_close_together_fill_the_cap_to_the_day(by_hand: bool) -> None:
    stands = tuple(Fixed(days(-ago)) for ago in (3, 2, 1))
    one = someone(last_touch=days(-1), ideal_days=15, fixed=stands)
    calendar = solve([one], MEDIA, dataclasses.replace(ROOMY, cap=2), START, 60, by_hand=by_hand)
    assert calendar.assignments[0].on == days(28), "two of the last three lie within thirty days until then"


def test_somebody_who_waited_too_long_comes_first_and_has_a_little_time() -> None:
    calendar = solve([someone(last_touch=days(-100))], MEDIA, Limits(minutes=60, grace=5), START, 30)
    assert calendar.late == (1,) and calendar.assignments[0].on == START and calendar.unkept == ()
    assert calendar.assignments[0].why == "前回から100日たちます。45日をこえているので、なるべく早く、はがきを12月1日に。"
    closed = Limits(minutes=60, grace=5, off=frozenset(days(number) for number in range(5)))
    assert [one.reason for one in solve([someone(last_touch=days(-100))], MEDIA, closed, START, 30).unkept] == [Reason.DAYS]


def test_somebody_whose_media_are_unknown_is_told_with_what_to_ask() -> None:
    (left,) = solve([someone(media=())], MEDIA, ROOMY, START, 60).unkept
    assert left.reason is Reason.MEDIUM and left.lighter == "line" and "たずねましょう" in left.why
    (left,) = solve([someone(media=(), refused=frozenset({"line", "newsletter"}))], MEDIA, ROOMY, START, 60).unkept
    assert left.lighter == "phone"


def test_the_load_is_even_where_it_costs_nothing() -> None:
    some = [someone(number, last_touch=None, ideal_days=20, worst_days=30) for number in range(20)]
    calendar = solve(some, MEDIA, ROOMY, START, 20)
    assert max(Counter(touch.on for touch in calendar.assignments).values(), default=0) <= 2


def test_without_the_solver_it_is_made_by_hand_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "highspy" else real(name, *more))
    calendar = solve([someone()], MEDIA, ROOMY, START, 60)
    assert calendar.status is Status.GREEDY and calendar.assignments


def test_a_time_limit_that_is_over_at_once_still_gives_a_valid_calendar() -> None:
    some = [someone(number, media=("postcard", "line")) for number in range(30)]
    calendar = solve(some, MEDIA, Limits(minutes=120), START, 60, seconds=0)
    hand = solve(some, MEDIA, Limits(minutes=120), START, 60, by_hand=True)
    assert (len(calendar.unkept), calendar.deviation) <= (len(hand.unkept), hand.deviation)
    assert all(month.minutes <= month.most_minutes for month in calendar.months)


@pytest.mark.parametrize(
    ("some", "rules", "length", "told"),
    [
        ([someone(ideal_days=50)], ROOMY, 30, "お客1の間の日数を直してください"),
        ([], ROOMY, 0, "カレンダーの長さ"),
        ([], ROOMY, 367, "カレンダーの長さ"),
        ([], Limits(minutes=-1), 30, "カレンダーの決まり"),
        ([], Limits(minutes=1, cap=0), 30, "カレンダーの決まり"),
    ],
)
def test_numbers_that_make_no_sense_are_told(some: list[Someone], rules: Limits, length: int, told: str) -> None:
    with pytest.raises(KizunaError, match=told):
        solve(some, MEDIA, rules, START, length)
