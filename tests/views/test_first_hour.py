"""The first hour, folded on the first page: an hour at the most, in the order of the course, the same as in its document."""

from __future__ import annotations

import re
from pathlib import Path

from kizuna.process import course
from kizuna.views import forms
from kizuna.views import plain as widgets
from kizuna.views.forms.first_hour import told
from kizuna.views.page import Page
from kizuna.workbook.store import MEMORY, open_workbook

DOCUMENT = Path(__file__).parents[2] / "docs" / "first-hour.ja.md"


def test_it_is_an_hour_at_the_most_in_the_order_of_the_course() -> None:
    order = [one.file for one in course().sections if one.open]
    visited = [order.index(one.section) for one in told().steps]
    assert visited == sorted(visited) and visited[0] == 0
    assert sum(one.minutes for one in told().steps) <= 60


def test_its_document_takes_the_same_steps_in_the_same_time() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert re.findall(r"^## \d\. .+（(\d+)分）$", text, re.MULTILINE) == [str(one.minutes) for one in told().steps]
    left = [line.rstrip("。") for line in re.findall(r"^今日は飛ばします：(.+)$", text, re.MULTILINE)]
    assert left == [one.leave for one in told().steps]


def test_the_page_shows_it_folded_and_keeps_nothing_of_it() -> None:
    page = Page("00_start", open_workbook(MEMORY))
    shown = forms.first_hour(page)
    assert isinstance(shown, widgets.HTML) and page.forms == ()
    assert shown.value.count("<details>") == 1 and "open" not in shown.value
    assert all(one.what in shown.value and one.leave in shown.value for one in told().steps)
