"""The calendar in the workbook: what it reads, what it keeps, what it leaves alone, and what the owner may change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import calendar as calendars
from kizuna.steps import people as persons
from kizuna.steps import roster, touches
from kizuna.steps.calendar.compare import Audience, check_number, compare_media, comparison, gather
from kizuna.steps.calendar.settings import read_days, read_weekdays
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Action, Contact, Evidence, Group, Person, Plan, PlannedTouch, Quote, Touch
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 12, 1)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


@pytest.fixture
def book() -> Workbook:
    made = open_workbook(MEMORY)
    save_answer(made, "hours", 2.0)
    return made


def person(
    book: Workbook, name: str | None = "ミナト", touched: int | None = -20, wishes: dict[str, str] | None = None, **fields: Any
) -> int:
    with book.act("名簿") as session:
        row = Person(
            key=f"k{name}{len(session.scalars(select(Person)).all())}", name=name, **({"ideal_days": 30, "worst_days": 45} | fields)
        )
        session.add(row)
        session.flush()
        if touched is not None:
            session.add(Touch(person_id=row.id, on=days(touched), kind="told"))
        session.add_all(Contact(person_id=row.id, medium=medium, wish=wish) for medium, wish in (wishes or {}).items())
        return row.id


def someone(book: Workbook, person_id: int) -> calendars.Someone:
    return next(one for one in calendars.people(book, TODAY) if one.id == person_id)


def planned(book: Workbook) -> list[PlannedTouch]:
    with book.reading() as session:
        return list(session.scalars(select(PlannedTouch).order_by(PlannedTouch.on, PlannedTouch.id)))


def test_a_calendar_is_kept_as_drafts_with_their_reasons(book: Workbook) -> None:
    who = person(book)
    made = calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    (row,) = planned(book)
    assert (row.person_id, row.on, row.medium, row.by, row.touch_id) == (who, days(10), "postcard", "draft", None)
    assert row.reason == made.assignments[0].why == "前回から30日。ちょうどよい間なので、はがき・手紙を12月11日に。"
    assert book.undo() == "カレンダーを作った" and planned(book) == [] and calendars.calendar(book, TODAY).start is None


def test_drafting_again_takes_drafts_away_and_keeps_what_the_owner_set_and_did(book: Workbook) -> None:
    for name in ("ア", "イ", "ウ"):
        person(book, name)
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    mine, kept, _ = planned(book)
    calendars.move(book, mine.id, days(5))
    calendars.done(book, kept.id, TODAY)
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    rows = {row.id: row for row in planned(book)}
    assert rows[mine.id].on == days(5) and rows[mine.id].by == "person" and rows[kept.id].touch_id is not None
    assert len([row for row in rows.values() if row.by == "draft" and row.touch_id is None]) == 1  # ウ; the others are seen to


def test_her_interval_is_her_own_or_her_groups_or_the_usual(book: Workbook) -> None:
    with book.act("組") as session:
        group = Group(name="おなじみさん", ideal_days=14, worst_days=30)
        session.add(group)
        session.flush()
        group_id = group.id
    own = person(book, "ア", group_id=group_id, ideal_days=7, worst_days=10)
    grouped = person(book, "イ", group_id=group_id, ideal_days=None, worst_days=None)
    usual = person(book, "ウ", ideal_days=None, worst_days=None)
    odd = person(book, "エ", ideal_days=90, worst_days=20)
    intervals = {one.id: (one.ideal_days, one.worst_days) for one in calendars.people(book, TODAY)}
    assert intervals == {own: (7, 10), grouped: (14, 30), usual: (60, 120), odd: (20, 20)}


def test_the_last_touch_is_the_latest_of_touches_interviews_and_feedback_as_on_the_list(book: Workbook) -> None:
    hear(book, "サト", days(-9), [Said("問い", Topic.FOLLOWUP, "お便りがほしいです")])
    hear(book, "サト", days(-3), [Said("いかがでしたか", Topic.FOLLOWUP, "はがきがうれしかったです")], Part.FOLLOWUP)
    with book.reading() as session:
        who = session.scalars(select(Person.id)).one()
    assert someone(book, who).last_touch == days(-3)
    with book.act("会った") as session:
        session.add(Touch(person_id=who, on=days(-1), kind="visit"))
    assert someone(book, who).last_touch == days(-1) == persons.person(book, who).last_touch_on
    assert [touch.on for touch in someone(book, who).fixed] == [days(-9), days(-3), days(-1)]


def test_only_media_she_does_not_refuse_are_used_and_some_only_where_she_said_yes(book: Workbook) -> None:
    unsaid, wants, refuses = person(book, "ア"), person(book, "イ", wishes={"line": "yes"}), person(book, "ウ", wishes={"postcard": "no"})
    assert [someone(book, one).media for one in (unsaid, wants, refuses)] == [("postcard",), ("line",), ()]
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    assert {(row.person_id, row.medium) for row in planned(book)} == {(unsaid, "postcard"), (wants, "line")}


def test_mail_is_planned_only_where_the_day_of_her_yes_is_noted(book: Workbook) -> None:
    who = person(book, wishes={"mail": "yes"})
    assert someone(book, who).media == ("postcard",)
    roster.set_contact(book, who, "mail", asked_on=days(-3))
    assert someone(book, who).media == ("mail",)


def test_nothing_is_planned_for_those_who_want_nothing_have_no_name_or_belong_to_the_shop(book: Workbook) -> None:
    here = person(book, "ア")
    person(book, "イ", stopped_on=days(-9))
    person(book, None)
    person(book, "エ", relation="staff")
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    view = calendars.calendar(book, TODAY)
    assert {row.person_id for row in planned(book)} == {here} and view.stopped == ("イさん",) and view.without_name == 1


def test_without_hours_or_people_it_says_what_lacks(book: Workbook) -> None:
    with pytest.raises(KizunaError, match="お名前の分かる方"):
        calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    bare = open_workbook(MEMORY)
    person(bare)
    with pytest.raises(KizunaError, match="ひと月に使える時間"):
        calendars.draft_calendar(bare, Part.FOLLOWUP, TODAY)


def test_the_plans_items_take_their_part_of_the_hours_first(book: Workbook) -> None:
    hear(book, "サト", days(-3), [Said("問い", Topic.FOLLOWUP, "お便りがほしいです")])
    with book.act("計画") as session:
        plan = Plan(part=Part.FOLLOWUP, starts_on=TODAY, days=30)
        session.add(plan)
        session.flush()
        action = Action(plan_id=plan.id, title="一手", relation="変わる", minutes=50, times=2, decided=True)
        session.add(action)
        session.flush()
        session.add(Evidence(action_id=action.id, quote_id=session.scalars(select(Quote.id)).first() or 0))
    for name in "アイウエ":
        person(book, name)
    made = calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    assert made.months[0].most_minutes == 20 and made.minutes == 20 and len(made.unkept) == 2
    assert calendars.calendar(book, TODAY).plan_minutes == 100


def test_whom_it_leaves_out_is_counted_anew_after_every_change(book: Workbook) -> None:
    who = person(book)
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    assert calendars.calendar(book, TODAY).left == ()
    (row,) = planned(book)
    calendars.remove(book, row.id)
    (left,) = calendars.calendar(book, TODAY).left
    assert left.person_id == who and left.why == "12月27日に、前回から45日をこえます。日にちを足すか、動かしてみてください。"
    calendars.add(book, who, days(20), "postcard")
    assert calendars.calendar(book, TODAY).left == ()
    assert calendars.calendar(book, days(22)).left != ()  # its day went by and nothing was done


def test_a_date_that_was_kept_becomes_a_touch_on_its_day_and_goes_back(book: Workbook) -> None:
    person(book)
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    (row,) = planned(book)
    touch_id = calendars.done(book, row.id, days(12))
    with book.reading() as session:
        touch = session.get_one(Touch, touch_id)
        assert (touch.person_id, touch.on, touch.medium, touch.kind) == (row.person_id, days(10), "postcard", "told")
    assert calendars.done(book, row.id, days(12)) == touch_id
    (view,) = calendars.calendar(book, days(12)).touches
    assert view.done and calendars.calendar(book, days(12)).left == ()
    with pytest.raises(KizunaError, match="動かせません"):
        calendars.move(book, row.id, days(15))
    calendars.undo_done(book, row.id)
    with book.reading() as session:
        assert session.get(Touch, touch_id) is None


def test_a_date_kept_early_stands_on_the_day_on_which_it_was(book: Workbook) -> None:
    person(book)
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    calendars.done(book, planned(book)[0].id, days(2))
    assert [touch.on for touch in calendars.calendar(book, days(2)).touches] == [days(2)]


def test_the_owner_may_add_and_change_but_not_against_a_wish(book: Workbook) -> None:
    who, quiet = person(book, wishes={"phone": "no"}), person(book, "イ", stopped_on=TODAY)
    row = calendars.add(book, who, days(3), "postcard")
    calendars.change(book, row, "line")
    assert planned(book)[0].medium == "line" and planned(book)[0].by == "person"
    for act in (
        lambda: calendars.add(book, who, days(4), "phone"),
        lambda: calendars.change(book, row, "phone"),
        lambda: calendars.add(book, quiet, days(3), "line"),
    ):
        with pytest.raises(KizunaError, match="送らないで"):
            act()
    for wrong in (
        lambda: calendars.move(book, row, None),
        lambda: calendars.add(book, who, None, "line"),
        lambda: calendars.add(book, who, days(1), "鳩"),
    ):  # type: ignore[arg-type]
        with pytest.raises(KizunaError):
            wrong()
    for gone in (calendars.remove, calendars.done):
        with pytest.raises(KizunaError, match="ほかの画面で外されました"):
            gone(book, 999)


def test_checks_tell_too_often_too_long_and_against_a_wish(book: Workbook) -> None:
    often, quiet = person(book, "ア", touched=-3), person(book, "イ")
    for number in (2, 4, 6):
        calendars.add(book, often, days(number), "postcard")
    calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    rules = {(one.rule, one.message.partition("：")[0]) for one in calendars.check_calendar(book, TODAY)}
    assert rules == {("KZ-09", "アさん")}
    with book.act("やめる") as session:
        session.get_one(Person, quiet).stopped_on = TODAY
    save_answer(book, "hours", 0.5)
    assert {one.rule for one in calendars.check_calendar(book, TODAY)} == {"KZ-09", "KZ-14", "ML-03"}


def test_days_on_which_she_came_are_none_on_which_we_wrote_too_often(book: Workbook) -> None:
    who = person(book, touched=-3)
    calendars.add(book, who, days(2), "postcard")
    with book.act("来店") as session:
        session.add_all(Touch(person_id=who, on=days(-day), kind="visit") for day in (1, 5, 9))
    assert calendars.check_calendar(book, TODAY) == ()
    touches.log(book, who, "helped", days(-1), today=TODAY)
    assert {one.rule for one in calendars.check_calendar(book, TODAY)} == {"KZ-09"}


def test_a_calendar_of_the_solver_needs_no_finding(book: Workbook) -> None:
    for number in range(12):
        person(book, f"客{number}", touched=-number * 3, ideal_days=20, worst_days=30)
    save_answer(book, "calendar.days", "90日")
    made = calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    assert made.days == 90 and calendars.check_calendar(book, TODAY) == ()
    assert {one.person_id for one in calendars.calendar(book, TODAY).left} == {one.person for one in made.unkept}


def test_settings_reach_the_solver(book: Workbook) -> None:
    person(book)
    save_answer(book, "calendar.closed", "金")
    save_answer(book, "calendar.off", "12/12〜12/20")
    calendars.set_way(book, "postcard", "minutes", 25.0)
    calendars.set_way(book, "postcard", "yen", 85.0)
    made = calendars.draft_calendar(book, Part.FOLLOWUP, TODAY)
    assert [touch.on for touch in made.assignments] == [days(9)]  # the 10th day is a Friday
    assert (made.minutes, made.yen) == (25, 85)
    calendars.set_way(book, "postcard", "use", False)
    assert calendars.draft_calendar(book, Part.FOLLOWUP, TODAY).assignments == ()
    for key, value in (("minutes", -1.0), ("yen", 0.5)):
        with pytest.raises(KizunaError, match="切りのよい数"):
            calendars.set_way(book, "postcard", key, value)


@pytest.mark.parametrize(
    ("text", "found"), [("水・日", {2, 6}), ("毎週水曜日と日曜日", {2, 6}), ("", set()), ("なし", set()), ("月火", {0, 1})]
)
def test_weekdays_are_read_as_people_write_them(text: str, found: set[int]) -> None:
    assert read_weekdays(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12/31〜1/2", ["2026-12-31", "2027-01-01", "2027-01-02"]),
        ("１２月５日、2027年2月11日", ["2026-12-05", "2027-02-11"]),
        ("12月29日（火）～31日", ["2026-12-29", "2026-12-30", "2026-12-31"]),
        ("11/3", ["2027-11-03"]),
        ("", []),
    ],
)  # fmt: skip
def test_days_off_are_read_as_people_write_them(text: str, found: list[str]) -> None:
    assert sorted(day.isoformat() for day in read_days(text, TODAY)) == found


@pytest.mark.parametrize("text", ["正月", "13/1", "2/30", "12/31〜12/1 のあと", "8/1〜7/1"])
def test_days_off_that_cannot_be_read_are_told(text: str) -> None:
    with pytest.raises(KizunaError, match="お休みの日"):
        read_days(text, TODAY)
    with pytest.raises(KizunaError, match="お休みの曜日"):
        read_weekdays(text)


# ---- media side by side


def test_a_letter_to_each_takes_a_thousand_times_what_one_post_takes() -> None:
    ways = (
        calendars.Way("postcard", "はがき", 10, 85),
        calendars.Way("newsletter", "ニュースレター", 180, 0, False, 1, 100),
        calendars.Way("x", "X", 10, 0, False),
    )
    lines, together = compare_media(1000, 4, ways, {"x": 0.3, "postcard": 0.9, "newsletter": 0.9}, overlap=1.0)
    assert [(one.way.id, one.minutes, one.yen, one.reached) for one in lines] == [
        ("x", 40, None, 300), ("newsletter", 4720, 400_000, 900), ("postcard", 40_000, 340_000, 900),
    ]  # fmt: skip
    assert together == 900


def test_the_courses_sum_is_shown_plainly_and_then_with_what_it_leaves_out() -> None:
    three = [Audience(medium="facebook", label="友", people=5000, daily=2), Audience(medium="facebook", label="フ", people=12_000, daily=0)]
    assert gather(three, 0, 1).added == 17_000
    three.append(Audience(medium="x", label="X", people=30_000, daily=10))
    plain, honest = gather(three, 0, 1), gather(three, 0.2, 0.3)
    assert (plain.added, plain.different, plain.reached) == (47_000, 47_000, 47_000)
    assert (honest.added, honest.different, honest.reached) == (47_000, 43_600, 13_080)
    assert plain.minutes == 30 * (2 * 20 + 10 * 10)


@given(st.integers(0, 10**6), st.integers(0, 99), st.floats(0, 1), st.floats(0, 1))
def test_never_more_are_reached_than_there_are(people: int, times: int, share: float, overlap: float) -> None:
    ways = tuple(calendars.Way(name, name, 1) for name in "abc")
    lines, together = compare_media(people, times, ways, dict.fromkeys("abc", share), overlap)
    assert max(one.reached for one in lines) <= together <= people


def test_the_owners_assumptions_and_prices_stand_in_the_comparison(book: Workbook) -> None:
    assert (comparison(book).people, comparison(book).times) == (30, 4) and all(one.yen is None for one in comparison(book).lines)
    calendars.set_way(book, "postcard", "yen", 85.0)
    save_answer(book, "compare.people", 10.0)
    save_answer(book, "compare.reach_each", 50.0)
    (card,) = [one for one in comparison(book).lines if one.way.id == "postcard"]
    assert (card.yen, card.reached, card.minutes) == (3400, 5, 400)


def test_until_a_number_is_written_as_many_are_counted_as_stand_on_the_list_by_name(book: Workbook) -> None:
    for number in range(31):
        person(book, f"客{number}")
    person(book, None)
    person(book, "スタッフ", relation="staff")
    assert comparison(book).people == 31
    save_answer(book, "compare.people", 10.0)
    assert comparison(book).people == 10


@pytest.mark.parametrize(("key", "value"), [("compare.reach_often", 101.0), ("compare.overlap", -1.0), ("compare.people", 0.5)])
def test_numbers_that_cannot_be_are_told(key: str, value: float) -> None:
    with pytest.raises(KizunaError):
        check_number(key, value)
