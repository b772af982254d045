"""What is done for nothing, on the page: the sum follows what is written above it."""

from __future__ import annotations

from pathlib import Path

from kizuna.views import forms
from kizuna.views.fields import FieldView
from kizuna.workbook.answers import save_answer
from tests.views.desk import Desk


class Services(Desk):
    def __init__(self, path: Path) -> None:
        super().__init__(path, "03_followup_plan")
        self.form = forms.free_services(self.page)
        self.field = next(one for one in forms.fields(self.page, "free_services").children if isinstance(one, FieldView))

    @property
    def told(self) -> str:
        return str(self.form._told.value)


def test_the_sum_follows_what_is_written(tmp_path: Path) -> None:
    desk = Services(tmp_path / "own.kizuna")
    assert "まだ何も書いてありません" in desk.told
    desk.field.place.value = "包み　1時間30分\n<b>電話</b>"
    assert "<b>1時間30分</b>" in desk.told and "&lt;b&gt;電話&lt;/b&gt;" in desk.told and "決めた時間" not in desk.told
    save_answer(desk.book, "hours", 1.0)
    desk.page.changed()
    assert "決めた時間は1時間です" in desk.told


def test_without_any_time_there_is_no_sum(tmp_path: Path) -> None:
    desk = Services(tmp_path / "own.kizuna")
    desk.field.place.value = "電話"
    assert "合わせて" not in desk.told and "まだ書かれていません：電話" in desk.told
