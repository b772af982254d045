"""The way of a customer on the page: written, chosen, told, and on paper."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kizuna.process import Part
from kizuna.steps import journey
from kizuna.steps.plan import plan
from kizuna.steps.sample import make_sample
from kizuna.views import forms
from kizuna.views import plain as widgets
from kizuna.workbook.answers import read_answer
from tests.views.desk import Desk


class Way(Desk):
    def __init__(self, path: Path) -> None:
        super().__init__(path, "03_followup_plan")
        self.form = forms.journey(self.page)

    def inside(self, kind: type) -> list[Any]:
        def each(one: Any) -> list[Any]:
            return [one] * isinstance(one, kind) + [found for child in getattr(one, "children", ()) for found in each(child)]

        return each(self.form)

    @property
    def told(self) -> str:
        return str(self.form._told.value)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "sample.kizuna"
    make_sample(path, date(2026, 11, 26), later=False).close()
    return path


@pytest.fixture
def way(made: Path, tmp_path: Path) -> Way:
    return Way(Path(shutil.copy(made, tmp_path / "own.kizuna")))


def test_it_costs_nothing_until_it_is_opened_and_says_nothing_is_missing(way: Way) -> None:
    assert way.inside(widgets.Text) == [] and "三か月のころ" in way.told
    assert journey.words().closed not in way.told


def test_an_item_is_chosen_for_a_time_and_the_rest_is_told(way: Way) -> None:
    first = plan(way.book, Part.FOLLOWUP).decided[0]
    way.form._opening.turn()
    way.inside(widgets.Dropdown)[2].value = first.id
    assert "保存しました" in way.said
    assert read_answer(way.book, "journey.action.day") == first.id
    assert f"<b>ご利用の当日</b>　<span>{first.title}</span>" in way.told
    assert "まだ一手のない時期：<b>知ってくださる、つながる、一週間のころ、一か月のころ、三か月のころ、くり返し会う</b>" in way.told
    way.inside(widgets.Dropdown)[2].value = 0
    assert read_answer(way.book, "journey.action.day") is None


def test_a_feeling_is_saved_and_stands_on_the_way_as_words(way: Way) -> None:
    way.form._opening.turn()
    way.inside(widgets.Text)[3].value = "話したい<b>"
    assert journey.journey(way.book)[3].feeling == "話したい<b>"
    way.page.changed()
    assert "話したい&lt;b&gt;" in way.told


def test_another_page_is_followed(way: Way) -> None:
    first = plan(way.book, Part.FOLLOWUP).decided[0]
    way.form._opening.turn()
    journey.reach(way.book, journey.words().stages[0], first.id)
    way.page.look()
    assert way.inside(widgets.Dropdown)[0].value == first.id


def test_on_paper_stands_what_was_written_and_a_blank_has_room(way: Way) -> None:
    journey.feel(way.book, journey.words().stages[0], "迷っている。")
    blank, written = way.form.paper(blank=True)[0], way.form.paper(blank=False)[0]
    assert len(blank.lines) == len(written.lines) == 14 and not any(one.value for one in blank.lines)
    assert [one.value for one in written.lines[:2]] == ["迷っている。", "まだありません"]
