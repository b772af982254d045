"""The calendar in a real browser: made by one press, moved in its table, marked as done; and what the workbook holds afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from kizuna.steps.sample import make_sample
from kizuna.workbook import place
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Person, PlannedTouch, Touch
from kizuna.workbook.store import open_workbook
from tests.browser import journey

PLAN = "03_followup_plan.ipynb"
TODAY = date.today()


@pytest.fixture
def planned(server):
    """The dates as the file holds them now; the worked example's people were touched fifty days ago."""
    book = make_sample(server.home / place.OWN, later=False)
    with book.act("やりとり") as session:
        for person in session.scalars(select(Person)).all():
            person.ideal_days, person.worst_days = 60, 90
            session.add(Touch(person_id=person.id, on=TODAY - timedelta(days=50), kind="told"))
    save_answer(book, "hours", 20.0)
    book.close()

    def read():
        book = open_workbook(server.home / place.OWN)
        with book.reading() as session:
            found = list(session.scalars(select(PlannedTouch).order_by(PlannedTouch.on, PlannedTouch.id)))
        book.close()
        return found

    return read


@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_a_calendar_is_made_moved_and_done(request, open_page, planned, screen):
    page = request.getfixturevalue(screen)
    open_page(page, PLAN)
    form = journey.form(page, "続けられるカレンダー")
    form.get_by_role("button", name="カレンダーを作る").click()
    first = form.locator(".kg tbody tr", has_text="前回から").first
    first.wait_for()
    before = planned()
    assert before and all(row.by == "draft" for row in before)

    day = first.locator("[data-label='日にち'] input")
    day.fill((TODAY + timedelta(days=3)).isoformat())
    day.blur()
    expect(form.locator(".kz-saved", has_text="保存しました")).to_be_visible()
    moved = [row for row in planned() if row.by == "person"]
    assert [row.on for row in moved] == [TODAY + timedelta(days=3)] and moved[0].id == before[0].id

    form.locator("[data-label='しるし'] select").first.select_option("できた")
    expect(form.locator(".kz-saved", has_text="やりとりの記録にも残しました")).to_be_visible()
    assert len([row for row in planned() if row.touch_id is not None]) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
