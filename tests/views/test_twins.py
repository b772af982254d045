"""Two copies of one workbook on the first page: told, made one, and what both changed chosen one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from kizuna.content import load
from kizuna.steps.differences import MergingWords, words
from kizuna.views.forms.start import Start
from kizuna.views.head import Head
from kizuna.views.page import Page
from kizuna.workbook import backups, merging, place
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.merging.lines import TABLES
from kizuna.workbook.store import open_workbook
from tests.workbook.forks import Machines


class Sight:
    """The first page on the workbook here, as its owner sees it."""

    def __init__(self, path: Path) -> None:
        self.page = Page("00_start", open_workbook(path))
        self.head = Head(self.page)
        self.form = Start(self.page, "ノートを選ぶ")

    @property
    def text(self) -> str:
        return " ".join(one.value for one in walk(self.form._twins) if isinstance(one, ipywidgets.HTML))

    @property
    def line(self) -> bool:
        return "もう一つあり" in self.head._names.value

    def press(self, label: str) -> None:
        next(one for one in walk(self.form._twins) if isinstance(one, ipywidgets.Button) and one.description == label).click()


def walk(widget: Any) -> list[Any]:
    return [widget, *(inner for child in getattr(widget, "children", ()) for inner in walk(child))]


@pytest.fixture
def two(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    own_home.mkdir()
    made = Machines(own_home, monkeypatch)
    save_answer(made.here, "shop", "汐風書店", "お店やお仕事の名前は何ですか。")
    made.part()
    with made.away() as there:
        save_answer(there, "shop", "汐風書店 港店", "お店やお仕事の名前は何ですか。")
        save_answer(there, "sells", "<b>本</b>", "<b>品物</b>")
    return made


def test_nothing_is_told_where_there_is_no_copy_or_nothing_new_in_it(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_home.mkdir()
    made = Machines(own_home, monkeypatch)
    save_answer(made.here, "shop", "汐風書店")
    made.part()
    sight = Sight(own_home / place.OWN)
    assert not sight.line and sight.text == "" and sight.form._twins.layout.display == "none"


def test_a_copy_is_told_on_every_page_and_made_one_on_the_first(two: Machines) -> None:
    save_answer(two.here, "shop", "しおかぜ書店")
    sight = Sight(Path(two.here.path))
    assert sight.line and "同じノートが二つあります" in sight.text
    assert "「お店やお仕事の名前は何ですか。」を書いた" in sight.text and "さとみ・PC2" in sight.text
    assert "<b>品物" not in sight.text and "&lt;b&gt;品物" in sight.text
    sight.press("このノートに合わせる")
    assert "合わせました" in sight.form.mark.value and not sight.line
    assert (read_answer(two.here, "shop"), read_answer(two.here, "sells")) == ("しおかぜ書店", "<b>本</b>")
    assert "お店やお仕事の名前は何ですか。" in sight.text and "汐風書店 港店" in sight.text
    sight.press("もう一つのほうにする")
    assert read_answer(two.here, "shop") == "汐風書店 港店" and "港店" not in sight.text
    sight.press("控えにしまう")
    assert not two.path.exists() and sight.text == ""
    assert {one.why for one in backups.copies(Path(two.here.path)) if one.why} == {merging.AWAY, merging.BEFORE}


def test_what_was_merged_can_be_undone_from_the_head_and_is_told_again(two: Machines) -> None:
    sight = Sight(Path(two.here.path))
    sight.press("このノートに合わせる")
    sight.head._back.click()
    assert read_answer(two.here, "sells") is None and sight.line and "同じノートが二つあります" in sight.text


def test_a_copy_that_goes_on_later_is_told_without_opening_the_page_anew(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_home.mkdir()
    made = Machines(own_home, monkeypatch)
    save_answer(made.here, "shop", "汐風書店")
    made.part()
    sight = Sight(own_home / place.OWN)
    assert not sight.line, "it holds no more than this one"
    with made.away() as there:
        save_answer(there, "sells", "本")
    sight.page.changed()
    assert sight.line


def test_a_copy_that_arrives_later_is_told_without_opening_the_page_anew(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_home.mkdir()
    made = Machines(own_home, monkeypatch)
    save_answer(made.here, "shop", "汐風書店")
    sight = Sight(own_home / place.OWN)
    made.part()
    with made.away() as there:
        save_answer(there, "sells", "本")
    save_answer(made.here, "hours", 6)
    sight.page.look()
    assert sight.line and "同じノートが二つあります" in sight.text


def test_every_column_that_may_differ_has_a_name() -> None:
    told = load("merging.yaml", MergingWords).tables
    assert set(told) == {table.name for table in TABLES}
    for table in TABLES:
        assert set(told[table.name].columns) == {column.name for column in table.columns} - {"id"}, table.name
        assert told[table.name].told_by in {"", *told[table.name].columns}, table.name
    assert words().values["yes"] == "はい"
