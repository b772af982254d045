"""The rehearsal on the page: sliders, its pictures, and the words that say what it is."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.steps.tribe.rehearsal import WEEKS, Settings, rehearse, words
from kizuna.views import forms
from kizuna.views.forms.rehearsal import RehearsalForm
from kizuna.views.gathering import most, picture
from kizuna.views.page import Page
from kizuna.views.plain import is_shown
from kizuna.workbook.store import MEMORY, open_workbook
from tests.steps.tribe.test_gate import fan


@pytest.fixture
def form() -> RehearsalForm:
    """The rehearsal, opened, beside three fans in the workbook."""
    book = open_workbook(MEMORY)
    for name in ("ミナト", "よし子", "はるぱん"):
        fan(book, name)
    made = forms.rehearsal(Page("07_tribe_research", book))
    press(made, "まねごとをひらく")
    return made


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def press(widget: Any, label: str) -> None:
    next(one for one in inside(widget) if isinstance(one, widgets.Button) and one.description.startswith(label)).click()


def shown(widget: Any) -> str:
    return "\n".join(one.value for one in inside(widget) if isinstance(one, widgets.HTML))


def sliders(form: RehearsalForm, side: int) -> list[widgets.IntSlider]:
    return [one for one in inside(form._sides[side]) if isinstance(one, widgets.IntSlider)]


def test_it_costs_nothing_until_it_is_opened() -> None:
    form = forms.rehearsal(Page("07_tribe_research", open_workbook(MEMORY)))
    assert not [one for one in inside(form) if isinstance(one, widgets.IntSlider)]
    assert "作りごと" in shown(form)


def test_it_says_what_it_is_and_rests_on_with_its_numbers(form: RehearsalForm) -> None:
    told = shown(form)
    assert told.count(">まねごと</text>") == 2
    assert words().notice in told and all(one in told for one in words().told)
    assert "どれも作った数です" in told


def test_a_slider_is_heard_only_when_it_is_let_go(form: RehearsalForm) -> None:
    assert all(not one.continuous_update for side in (0, 1) for one in sliders(form, side))


def test_moving_a_slider_draws_that_side_anew_and_leaves_the_workbook_alone(form: RehearsalForm) -> None:
    version, before = form.page.book.version(), shown(form._sides[1])
    sliders(form, 0)[0].value = 20
    assert "20人のうち" in shown(form._sides[0])
    assert re.findall("<p .*?</p>", shown(form._sides[1])) == re.findall("<p .*?</p>", before)
    assert form.page.book.version() == version and form.mark.value == ""


def test_there_are_never_more_fans_than_members(form: RehearsalForm) -> None:
    members, fans, *_ = sliders(form, 1)
    fans.value = 12
    members.value = 4
    assert (fans.value, fans.max) == (4, 4)
    assert form._sides[1].settings.fans == 4
    assert "4人のうち" in shown(form._sides[1])


def test_the_weeks_of_sales_posts_are_asked_for_as_many_as_there_are(form: RehearsalForm) -> None:
    side = form._sides[0]
    *_, sales, first, second, third = sliders(form, 0)
    assert [is_shown(one) for one in side._when] == [False, False, False]
    sales.value = 2
    assert [is_shown(one) for one in side._when] == [True, True, False]
    second.value = first.value
    assert side.settings.sales == (first.value,), "two in one week are one"
    third.value = 2
    assert 2 not in side.settings.sales


@pytest.mark.parametrize("number", range(len(words().presets)))
def test_a_comparison_sets_both_sides_and_says_why(form: RehearsalForm, number: int) -> None:
    one = words().presets[number]
    press(form, one.name)
    assert tuple(side.settings for side in form._sides) == one.sides
    assert one.why in shown(form)
    sliders(form, 0)[0].value = 30
    assert one.why not in shown(form), "what is said of the comparison holds for it alone"


def test_ones_own_number_of_fans_may_be_tried(form: RehearsalForm) -> None:
    press(form, "ひとつめを、いまのファンの方の人数（3人）")
    assert form._sides[0].settings.fans == 3
    sliders(form, 0)[0].value = 2
    press(form, "ひとつめを、いまのファンの方の人数（3人）")
    assert (form._sides[0].settings.fans, form._sides[0].settings.members) == (3, 3)


def test_without_fans_ones_own_number_is_not_offered() -> None:
    form = forms.rehearsal(Page("07_tribe_research", open_workbook(MEMORY)))
    assert not is_shown(form._mine)


def test_another_twelve_weeks_are_other_weeks_of_the_same_gathering(form: RehearsalForm) -> None:
    before = shown(form._sides[1])
    press(form, "ちがう12週間をためす")
    assert shown(form._sides[1]) != before
    press(form, words().presets[0].name)
    assert shown(form._sides[1]) != before


@pytest.mark.parametrize(("members", "fans"), [(2, 0), (2, 2), (4, 2), (12, 5), (60, 20), (60, 60)])
def test_everybody_stands_in_the_picture_once_and_nobody_on_another(members: int, fans: int) -> None:
    one = rehearse(Settings(members=members, fans=fans, share=30, sales=(3, 6)), 1)
    drawn = ET.fromstring(str(picture(one, most(one))))
    dots = [(float(dot.get("cx", 0)), float(dot.get("cy", 0)), float(dot.get("r", 0))) for dot in drawn.iter("circle")]
    assert len(dots) == members + 1, "the owner is one among them"
    assert len({r for *_, r in dots}) == 1, "and no larger than anybody"
    for at, (x, y, r) in enumerate(dots):
        assert r >= 3.5
        assert all((x - a) ** 2 + (y - b) ** 2 >= (2 * r) ** 2 for a, b, _ in dots[at + 1 :])
    _, _, width, height = map(float, drawn.get("viewBox", "").split())
    assert all(r <= x <= width - r and r <= y <= height - r for x, y, r in dots)
    assert len([line for line in drawn.iter("line") if line.get("stroke-opacity")]) == len(one.pairs) + len(one.owner_pairs)
    assert [text.text for text in drawn.iter("text")].count("案内") == 2


def test_two_pictures_beside_each_other_have_one_scale(form: RehearsalForm) -> None:
    press(form, words().presets[1].name)
    tops = re.findall(r'text-anchor="end">(\d+)</text>', shown(form))
    assert tops[0] == tops[2] and tops[1] == tops[3] == "0"
    assert int(tops[0]) == max(most(rehearse(side, 1)) for side in words().presets[1].sides)


def test_the_numbers_stand_in_a_table_too(form: RehearsalForm) -> None:
    assert all(f"<td>{week}週め</td>" in shown(form._sides[0]) for week in range(1, WEEKS + 1))
