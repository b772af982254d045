"""Who came again is never shown without how many came, and what does not fit is told in the form."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from kizuna.steps import roster, touches
from kizuna.views import forms
from kizuna.workbook.answers import save_answer
from tests.views.desk import Desk


class Look(Desk):
    def __init__(self, path: Path) -> None:
        super().__init__(path, "12_review")
        self.form = forms.returning(self.page)

    def write(self, **answers: float | None) -> None:
        for key, value in answers.items():
            save_answer(self.book, key.replace("_", "."), value)
        self.page.changed()

    @property
    def told(self) -> str:
        return str(self.form._told.value)


@pytest.fixture
def desk(tmp_path: Path) -> Look:
    return Look(tmp_path / "own.kizuna")


def test_nothing_written_says_where_to_write(desk: Look) -> None:
    assert "くらべる数が、まだありません" in desk.told and "<td>" not in desk.told
    assert desk.form.paper(blank=False) == []


def test_the_counts_stand_with_how_many_came(desk: Look) -> None:
    desk.write(entry_came=84, entry_again=21, review_came=90, review_again=38)
    assert "<td>84人のうち21人</td><td>90人のうち38人</td>" in desk.told
    assert "はじめは10人に3人、いまは<b>10人に4人</b>" in desk.told and "ほかにもあるかもしれません" in desk.told
    assert desk.form.paper(blank=False)[0].lines[0].value == "はじめ：84人のうち21人・いま：90人のうち38人"


def test_few_people_get_no_sentence_and_one_count_alone_says_so(desk: Look) -> None:
    desk.write(entry_came=8, entry_again=2, review_came=9, review_again=4)
    assert "8人のうち2人" in desk.told and "10人に" not in desk.told
    desk.write(review_again=None)
    assert "<td>8人のうち2人</td><td>まだ数がありません</td>" in desk.told


def test_what_does_not_fit_is_told_and_mended(desk: Look) -> None:
    desk.write(entry_came=3, entry_again=4)
    assert "見直してください" in desk.told and "<td>" not in desk.told and desk.form.paper(blank=False) == []
    desk.write(entry_came=5)
    assert "5人のうち4人" in desk.told


def test_visits_that_were_noted_stand_below(desk: Look) -> None:
    who = roster.add(desk.book, "ミナト")
    for days in (1, 20):
        touches.log(desk.book, who, "visit", date.today() - timedelta(days=days))
    desk.page.changed()
    assert "<td>まだ数がありません</td><td>1人のうち1人</td>" in desk.told
