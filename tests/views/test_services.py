"""What is done for nothing, on the page: the sum follows what is written."""

from __future__ import annotations

from pathlib import Path

from kizuna.steps import services
from kizuna.views import forms
from kizuna.workbook.answers import read_answer, save_answer
from tests.views.desk import Desk


class Services(Desk):
    def __init__(self, path: Path) -> None:
        super().__init__(path, "03_followup_plan")
        self.form = forms.free_services(self.page)

    @property
    def told(self) -> str:
        return str(self.form._told.value)


def test_the_sum_follows_what_is_written(tmp_path: Path) -> None:
    desk = Services(tmp_path / "own.kizuna")
    assert desk.told == ""
    desk.form._field.place.value = "包み　1時間30分\n<b>電話</b>"
    assert read_answer(desk.book, services.FIELD) == "包み　1時間30分\n<b>電話</b>" and "保存しました" in desk.said
    assert "<b>1時間30分</b>" in desk.told and "&lt;b&gt;電話&lt;/b&gt;" in desk.told
    save_answer(desk.book, "hours", 1.0)
    desk.page.changed()
    assert "決めた時間は1時間です" in desk.told
    assert desk.form.paper(blank=False)[0].lines[0].value == "包み　1時間30分\n<b>電話</b>"
    assert desk.form.paper(blank=True)[0].lines[0].value == ""


def test_another_pages_words_are_told(tmp_path: Path) -> None:
    desk = Services(tmp_path / "own.kizuna")
    save_answer(desk.book, services.FIELD, "見送り　1時間")
    desk.form._field.place.value = "包み　2時間"
    assert "見送り　1時間" in desk.said
