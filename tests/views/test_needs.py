"""The feelings on the page: read as they were said, heard anew by the owner, and on paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kizuna.process import Part, section
from kizuna.steps import needs
from kizuna.views import forms
from kizuna.views import plain as widgets
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from tests.views.desk import Desk

LONELY, LOST = "いっしょに話せる相手が<b>ほしい</b>", "迷わずに選べると安心です"


class Hearing(Desk):
    def __init__(self, path: Path) -> None:
        super().__init__(path, "02_followup_research")
        self.form = forms.needs(self.page)

    def inside(self, kind: type) -> list:
        def each(one: widgets.Widget) -> list:
            return [one] * isinstance(one, kind) + [found for child in getattr(one, "children", ()) for found in each(child)]

        return each(self.form)

    def tick(self, title: str) -> widgets.Widget:
        return next(one for one in self.inside(widgets.Checkbox) if one.description == title)

    @property
    def told(self) -> str:
        return str(self.form._told.value)


@pytest.fixture
def desk(tmp_path: Path) -> Hearing:
    made = Hearing(tmp_path / "own.kizuna")
    for name, text in (("ミナト", LONELY), ("はる", LOST)):
        hear(made.book, name, date(2026, 11, 26), [Said("どんな手助けがあるとうれしいですか。", Topic.FOLLOWUP, text)])
    made.page.changed()
    return made


def test_nothing_heard_says_what_comes_here(tmp_path: Path) -> None:
    assert "声を入れると" in Hearing(tmp_path / "own.kizuna").told


def test_voices_that_name_no_feeling_are_not_told_as_missing(tmp_path: Path) -> None:
    made = Hearing(tmp_path / "own.kizuna")
    hear(
        made.book, "アキ", date(2026, 11, 26), [Said("どんな手助けがあるとうれしいですか。", Topic.FOLLOWUP, "ベッドじゃなくて布団がいい")]
    )
    made.page.changed()
    assert "声を入れると" not in made.told and "自分の耳で聞き直す" in made.told


def test_each_feeling_stands_with_its_words_and_markup_stays_words(desk: Hearing) -> None:
    assert "安心していたい" in desk.told and LOST in desk.told
    assert "&lt;b&gt;ほしい&lt;/b&gt;" in desk.told and "<b>ほしい" not in desk.told
    assert "計画の一手：まだありません" in desk.told


def test_a_voice_is_heard_anew_and_what_is_ticked_is_in_the_file(desk: Hearing) -> None:
    assert desk.inside(widgets.Checkbox) == []
    desk.form._mend.turn()
    which = desk.inside(widgets.Dropdown)[0]
    card = next(one for one in needs.laid(desk.book, Part.FOLLOWUP) if one.text == LOST)
    assert desk.tick("安心していたい").disabled
    which.value = card.id
    assert desk.tick("安心していたい").value and not desk.tick("仲間でいたい").value
    desk.tick("仲間でいたい").value = True
    desk.tick("安心していたい").value = False
    assert "保存しました" in desk.said
    assert needs.heard_of(desk.book, Part.FOLLOWUP)[card.id] == {"belong"}
    assert (which.value, desk.tick("仲間でいたい").value) == (card.id, True)


def test_another_pages_hearing_is_shown(desk: Hearing) -> None:
    desk.form._mend.turn()
    card = needs.laid(desk.book, Part.FOLLOWUP)[1]
    desk.inside(widgets.Dropdown)[0].value = card.id
    needs.hear(desk.book, Part.FOLLOWUP, card.id, "grow", yes=True)
    desk.page.look()
    assert desk.tick("なりたい自分に近づきたい").value


def test_on_paper_the_words_stand_and_a_blank_has_room_for_each_feeling(desk: Hearing) -> None:
    blank, written = desk.form.paper(blank=True), desk.form.paper(blank=False)
    assert len(blank) == 1 and len(blank[0].lines) == 8 and not any(one.value for one in blank[0].lines)
    assert {card.text for one in written for card in one.quotes} == {LONELY, LOST}
    desk.page.section = section("03_followup_plan")
    assert desk.form.paper(blank=True) == desk.form.paper(blank=False) == []
