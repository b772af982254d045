"""The course in one room: works and timetables that hold together, and a day that is late shrinks as it should."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.process import course
from kizuna.steps import camp
from kizuna.steps.camp import DayPlan, Mode, Planned, Work, day_plan, late, read_time, share, spell_time
from kizuna.workbook import place

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
DAYS = [(one, number) for one in camp.words().tables for number in range(len(one.days))]
each_day = pytest.mark.parametrize(("table", "number"), DAYS, ids=lambda one: getattr(one, "key", str(one)))


def plan_of(table: camp.Table, number: int) -> DayPlan:
    return day_plan(table, number, read_time(table.days[number].start))


def work(key: str, minutes: int, shortest: int) -> Work:
    return Work(key=key, title=f"すること{key}", turns={Mode.ALONE: minutes}, shortest=shortest, needed=[], watch="")


@st.composite
def late_days(draw: st.DrawFn) -> tuple[DayPlan, int, int]:
    """A day of works and pauses, a line of it, and a time at which that is to begin."""
    lines: list[Planned] = []
    for number in range(draw(st.integers(1, 12))):
        minutes, begins = draw(st.integers(1, 60)), lines[-1].ends if lines else 540
        if draw(st.booleans()):
            lines.append(Planned("休憩", begins, minutes))
        else:
            lines.append(
                Planned(str(number), begins, minutes, work(str(number), minutes + draw(st.integers(0, 9)), draw(st.integers(1, minutes))))
            )
    leave_out = draw(st.permutations([one.key for one in lines if one.work and draw(st.booleans())]))
    return DayPlan("当日", tuple(lines), tuple(leave_out)), draw(st.integers(0, len(lines) - 1)), draw(st.integers(500, 1500))


@given(late_days())
def test_a_late_day_keeps_its_promises(case: tuple[DayPlan, int, int]) -> None:
    plan, at, now = case
    found = late(plan, at, now)
    before, rest = found.day.lines[:at], found.day.lines[at:]
    assert before == plan.lines[:at]
    if now <= plan.lines[at].begins:
        assert (found.day, found.left_out, found.missing) == (plan, (), 0)
        return
    kept = [one for one in plan.lines[at:] if one not in found.left_out]
    assert [(one.title, one.work) for one in rest] == [(one.title, one.work) for one in kept]
    for one, planned in zip(rest, kept, strict=True):
        assert (one.work.shortest if one.work else planned.minutes) <= one.minutes <= planned.minutes
    assert all(one.ends == other.begins for one, other in pairwise(rest))
    if rest:
        assert rest[0].begins == now and rest[-1].ends == now + sum(one.minutes for one in rest) <= plan.ends + found.missing
        assert not found.missing or rest[-1].ends == plan.ends + found.missing
    assert not found.missing or all(one.room == 0 for one in rest)


@given(late_days())
def test_works_are_left_out_in_their_order_and_only_where_shortening_would_not_do(case: tuple[DayPlan, int, int]) -> None:
    plan, at, now = case
    found = late(plan, at, now)
    could = [key for key in plan.leave_out if key in {one.key for one in plan.lines[at:]}]
    assert [one.key for one in found.left_out] == could[: len(found.left_out)]
    if found.left_out:
        kept_last = [one for one in plan.lines[at:] if one not in found.left_out[:-1]]
        fewest = sum(one.minutes - one.room for one in kept_last)
        assert now + fewest > plan.ends
    assert not found.missing or len(found.left_out) == len(could)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12), st.integers(0, 400))
def test_a_share_is_whole_fair_and_complete(weights: list[int], wanted: int) -> None:
    total = min(wanted, sum(weights))
    parts = share(total, weights)
    assert sum(parts) == total and len(parts) == len(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = total * weight / sum(weights) if sum(weights) else 0
        assert 0 <= part <= weight and abs(part - exact) < 1


@pytest.mark.parametrize("one", camp.words().works, ids=lambda one: one.key)
def test_the_modes_of_a_work_share_any_of_its_lengths(one: Work) -> None:
    assert one.shared(one.minutes) == tuple(one.turns.items())
    for minutes in range(one.shortest, one.minutes + 1):
        shared = one.shared(minutes)
        assert [mode for mode, _ in shared] == list(one.turns)
        assert sum(part for _, part in shared) == minutes and min(part for _, part in shared) >= 1


def test_the_modes_of_a_work_go_from_one_to_all() -> None:
    for one in camp.words().works:
        assert list(one.turns) == sorted(one.turns, key=list(Mode).index), one.key


def test_every_page_of_a_work_has_the_headings_it_names() -> None:
    sections = {one.file for one in course().sections if one.open and not one.apart}
    for one in camp.words().works:
        if not one.section:
            assert not one.headings, one.key
            continue
        assert one.section in sections and one.headings, one.key
        cells = json.loads((NOTEBOOKS / f"{one.section}.ipynb").read_text(encoding="utf-8"))["cells"]
        numbers = [int(found[1]) for cell in cells if (found := re.match(r"## (\d+)\. ", "".join(cell["source"])))]
        assert set(one.headings) <= set(numbers), one.key


def test_no_work_has_the_key_or_the_title_of_another() -> None:
    works = camp.words().works
    assert len({one.key for one in works}) == len({one.title for one in works}) == len(works)


def test_every_work_stands_in_a_timetable_and_in_one_only_once() -> None:
    placed = [[slot.work for day in one.days for slot in day.slots if slot.work] for one in camp.words().tables]
    assert all(len(set(keys)) == len(keys) for keys in placed)
    assert {key for keys in placed for key in keys} == {one.key for one in camp.words().works}


@each_day
def test_a_day_has_pauses_and_none_right_behind_another_whatever_is_left_out(table: camp.Table, number: int) -> None:
    plan = plan_of(table, number)
    pauses = [one for one in plan.lines if not one.work]
    assert sum(one.title == "昼ごはん" and one.minutes >= 45 for one in pauses) == 1
    assert max(sum(one.minutes for one in stretch) for stretch in _stretches(plan)) <= 120
    kept = [one for one in plan.lines if one.key not in table.leave_out]
    assert all(one.work or other.work for one, other in pairwise(kept))
    assert kept[0].work and kept[-1].work


def _stretches(plan: DayPlan) -> list[list[Planned]]:
    found: list[list[Planned]] = [[]]
    for one in plan.lines:
        if one.work:
            found[-1].append(one)
        else:
            found.append([])
    return found


@pytest.mark.parametrize("table", camp.words().tables, ids=lambda one: one.key)
def test_every_timetable_asks_the_same_at_its_beginning_and_its_end_and_never_leaves_it_out(table: camp.Table) -> None:
    """Check-in and ground rules first; 0 to 10 before and after; the declaration and the last word stay."""
    keys = [slot.work for day in table.days for slot in day.slots if slot.work]
    assert keys[:2] == ["welcome", "rules"] and keys[-1] == "farewell"
    for file, form, question in (("01_overview", "entry", "entry.relation"), ("12_review", "review_now", "review.relation")):
        of_it = [camp.works()[key] for key in keys if camp.works()[key].section == file]
        asked = [one for one in of_it if _heading_of(file, form) in one.headings]
        assert len(asked) == 1 and asked[0].key not in table.leave_out, question
    assert not set(table.leave_out) & {"welcome", "rules", "now", "made", "declare", "farewell"}


def _heading_of(file: str, form: str) -> int:
    """The numbered heading under which a notebook shows this form."""
    number = 0
    for cell in json.loads((NOTEBOOKS / f"{file}.ipynb").read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        number = int(found[1]) if (found := re.match(r"## (\d+)\. ", text)) else number
        if f'forms.fields(page, "{form}"' in text:
            return number
    raise AssertionError(form)


@each_day
def test_half_an_hour_late_after_lunch_is_made_up_for_without_leaving_much_out(table: camp.Table, number: int) -> None:
    plan = plan_of(table, number)
    at = next(place for place, one in enumerate(plan.lines) if one.title == "昼ごはん") + 1
    found = late(plan, at, plan.lines[at].begins + 30)
    assert (found.day.ends, found.left_out, found.missing) == (plan.ends, (), 0)


def test_what_cannot_be_made_up_for_is_told_in_minutes() -> None:
    one = work("1", 20, 15)
    plan = DayPlan("当日", (Planned("する", 540, 20, one), Planned("休憩", 560, 10)), ())
    found = late(plan, 0, 560)
    assert (found.missing, found.day.ends, [line.minutes for line in found.day.lines]) == (15, 585, [15, 10])


def test_each_work_gives_in_proportion_to_what_it_can_spare() -> None:
    lines = (
        Planned("一", 540, 30, work("1", 30, 15)),
        Planned("二", 570, 30, work("2", 30, 25)),
        Planned("三", 600, 20, work("3", 20, 10)),
    )
    assert [one.minutes for one in late(DayPlan("当日", lines), 0, 552).day.lines] == [24, 28, 16]


def test_nothing_is_left_out_while_shortening_would_just_do() -> None:
    lines = (Planned("一", 540, 20, work("1", 20, 15)), Planned("二", 560, 10, work("2", 10, 5)))
    plan = DayPlan("当日", lines, ("2",))
    assert [one.minutes for one in late(plan, 0, 550).day.lines] == [15, 5] and late(plan, 0, 550).left_out == ()
    assert late(plan, 0, 551).left_out == lines[1:]


def test_every_section_has_notes_and_nothing_else_has() -> None:
    told = camp.notes().sections
    assert list(told) == [one.file for one in course().sections if one.open and not one.apart]
    assert all(one.stuck and one.ask and one.avoid for one in told.values())
    assert all(text.endswith(("か。", "しょう。")) for one in told.values() for text in one.ask), "what is asked is a question"
    assert any("最後に話" in one.title for one in camp.notes().always)


# ---- times as people write them


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("9:30", 570),
        ("９：３０", 570),
        (" 9時半 ", 570),
        ("9時30分", 570),
        ("14時", 840),
        ("午後2時", 840),
        ("午後12時5分", 725),
        ("0:00", 0),
        ("23:59", 1439),
    ],
)
def test_a_time_is_read_in_many_spellings(written: str, time: int) -> None:
    assert read_time(written) == time


@pytest.mark.parametrize("written", ["", "9", "24:00", "9:60", "9:5", "朝", "9.30", "九時", "-1:00", "9:30から"])
def test_what_is_no_time_is_told(written: str) -> None:
    with pytest.raises(KizunaError, match="時刻として読めません"):
        read_time(written)


@given(st.integers(0, 1439))
def test_a_time_that_is_spelled_is_read_again(minutes: int) -> None:
    assert read_time(spell_time(minutes)) == minutes


# ---- what was chosen on this machine


def test_before_anything_is_chosen_the_first_timetable_begins_at_its_usual_time(own_home: Path) -> None:
    chosen = camp.setting()
    assert (chosen.table, chosen.starts, chosen.delay) == (camp.words().tables[0], (570,), None)
    assert not own_home.exists()


def test_what_was_chosen_is_kept_and_another_timetable_begins_anew() -> None:
    camp.choose_table("two_days")
    camp.choose_start(1, "8:45")
    camp.choose_delay(1, 3, "10:20")
    assert camp.setting().starts == (570, 525) and camp.days()[1].lines[0].begins == 525
    assert camp.setting().delay == camp.Delay(1, 3, 620) and camp.delayed() is not None
    camp.choose_table("two_days")
    assert camp.setting().delay is not None, "choosing the same again changes nothing"
    camp.forget_delay()
    assert (camp.setting().delay, camp.setting().starts) == (None, (570, 525))
    camp.choose_table("one_day")
    assert camp.setting().starts == (570,)


def test_a_time_that_cannot_be_read_changes_nothing() -> None:
    camp.choose_start(0, "10:00")
    for wrong in (lambda: camp.choose_start(0, "朝"), lambda: camp.choose_delay(0, 1, "昼")):
        with pytest.raises(KizunaError):
            wrong()
    assert (camp.setting().starts, camp.setting().delay) == ((600,), None)


@pytest.mark.parametrize(
    "kept",
    [
        {"table": "gone"}, {"table": 5, "starts": [1, 2]}, {"table": "one_day", "starts": "9:30"}, {"table": "one_day", "starts": [570, 540]},
        {"table": "one_day", "starts": [True]}, {"table": "one_day", "starts": [-5]}, {"starts": [600]}, {"table": "one_day", "delay": {"day": 1, "at": 0, "now": 600}},
        {"table": "one_day", "delay": {"day": 0, "at": 99, "now": 600}}, {"table": "one_day", "delay": [1]}, {"table": "one_day", "delay": {"day": 0, "at": 1, "now": 1e9}},
    ],
)  # fmt: skip
def test_what_no_longer_fits_is_as_if_it_had_not_been_chosen(kept: dict[str, Any]) -> None:
    place.keep_course_setting(kept)
    assert camp.setting() == camp.Setting(camp.words().tables[0], (570,), None)


def test_a_pages_works_have_the_minutes_of_the_chosen_timetable_or_their_usual_ones() -> None:
    def minutes() -> dict[str, int]:
        return {one.key: one.minutes for one in camp.of_section("02_followup_research")}

    assert minutes() == {"ask": 10, "listen": 20, "voices": 15, "themes": 30, "media": 10}
    camp.choose_table("two_days")
    assert minutes() == {"ask": 15, "listen": 20, "voices": 20, "themes": 35, "media": 10}
    assert camp.of_section("14_camp") == ()


def test_where_the_day_was_planned_anew_the_clock_of_that_machine_has_the_new_minutes() -> None:
    camp.choose_delay(0, 8, "11:30")
    anew = {one.key: one.minutes for one in camp.delayed()[1].day.lines}
    found = {one.key: one.minutes for one in camp.of_section("02_followup_research")}
    assert anew["themes"] < 30 and found == {"media": 10} | {key: anew[key] for key in ("ask", "listen", "voices", "themes")}
