"""On the way of a customer stands only what is in the plan, and so was asked for by somebody."""

from __future__ import annotations

from datetime import date

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import journey, plan
from kizuna.steps.journey import StageView
from kizuna.steps.sample import make_sample
from kizuna.workbook.store import MEMORY, Workbook

PART, TODAY = Part.FOLLOWUP, date(2026, 11, 26)
STAGES = {one.id: one for one in journey.words().stages}


@pytest.fixture
def book() -> Workbook:
    return make_sample(MEMORY, TODAY, later=False)


def at(book: Workbook, key: str) -> StageView:
    return next(one for one in journey.journey(book) if one.stage.id == key)


def test_the_way_leads_from_knowing_by_the_time_after_use_to_meeting_again() -> None:
    assert list(STAGES) == ["know", "meet", "day", "week", "month", "quarter", "again"]


def test_feelings_and_items_stand_at_their_times(book: Workbook) -> None:
    first = plan.plan(book, PART).decided[0]
    journey.feel(book, STAGES["week"], "だれかに話したい。")
    journey.reach(book, STAGES["week"], first.id)
    found = at(book, "week")
    assert found.feeling == "だれかに話したい。" and found.action and found.action.id == first.id
    journey.reach(book, STAGES["week"], None)
    assert at(book, "week").action is None
    book.undo()
    assert at(book, "week").action


def test_feelings_from_another_page_are_told_of(book: Workbook) -> None:
    before = at(book, "week").feeling
    journey.feel(book, STAGES["week"], "あちらの言葉", before)
    assert journey.feel(book, STAGES["week"], "つづき", "あちらの言葉").overwritten is None
    assert journey.feel(book, STAGES["week"], "こちらの言葉", before).overwritten == "つづき"


def test_only_what_was_asked_for_reaches_anybody(book: Workbook) -> None:
    first = plan.plan(book, PART).decided[0]
    journey.reach(book, STAGES["day"], first.id)
    plan.rest_on(book, first.id, [])
    assert at(book, "day").action is None
    with pytest.raises(KizunaError, match="計画に入れた一手だけ"):
        journey.reach(book, STAGES["day"], first.id)


def test_times_that_nothing_reaches_are_told(book: Workbook) -> None:
    for key in ("day", "week"):
        journey.reach(book, STAGES[key], plan.plan(book, PART).decided[0].id)
    assert [one.id for one in journey.unreached(journey.journey(book))] == ["know", "meet", "month", "quarter", "again"]


def test_a_new_plan_keeps_what_reaches_whom(book: Workbook) -> None:
    first, second = plan.plan(book, PART).decided[:2]
    journey.reach(book, STAGES["day"], first.id)
    journey.reach(book, STAGES["week"], second.id)
    plan.done(book, second.id, today=TODAY)
    plan.renew(book, PART, TODAY)
    kept = at(book, "day").action
    assert kept and kept.title == first.title and kept.id != first.id
    assert at(book, "week").action is None


def test_an_item_that_is_taken_away_leaves_the_way(book: Workbook) -> None:
    first = plan.plan(book, PART).decided[0]
    journey.reach(book, STAGES["day"], first.id)
    plan.remove(book, first.id)
    assert at(book, "day").action is None
