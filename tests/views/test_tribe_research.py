"""Page 07 as a shopkeeper uses it: the forms by their effect on the workbook, and kind where there is nothing yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.process import Part
from kizuna.steps import people, research, roster
from kizuna.steps.tribe import gate, ties, values
from kizuna.steps.tribe.ties import Bond
from kizuna.views import forms
from kizuna.views.forms.gate import GateForm
from kizuna.views.grid import Grid
from kizuna.views.page import Form, Page
from kizuna.views.plain import is_shown
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook
from tests.steps.tribe.circle import ASKED, around, fan, say, yes
from tests.views.desk import Desk

STAY, TIED = "この町に本屋が残ってほしいからです。", "あの町の本屋とつながっていられる気がするので。"
NAME = "町の本屋を、いっしょに残す"


class Table(Desk):
    """Page 07 with one form on it."""

    def __init__(self, folder: Path, build: Callable[[Page], Form], fill: Callable[[Workbook], object] = around) -> None:
        super().__init__(folder / "ノート.kizuna", "07_tribe_research")
        fill(self.book)
        self.form = build(self.page)


def every(root: widgets.Widget) -> list[widgets.Widget]:
    return [root, *(one for child in getattr(root, "children", ()) for one in every(child))]


def shown(root: widgets.Widget) -> str:
    return "\n".join(one.value for one in every(root) if isinstance(one, widgets.HTML) and is_shown(one))


def press(root: widgets.Widget, label: str) -> None:
    next(one for one in every(root) if isinstance(one, widgets.Button) and one.description.startswith(label)).click()


def texts(root: widgets.Widget) -> list[Any]:
    return [one for one in every(root) if isinstance(one, widgets.Text | widgets.Textarea)]


def two_fans(book: Workbook) -> None:
    around(book)
    fan(book, "シロ", STAY)
    fan(book, "ほしの", TIED)


# ---- the gate


def test_one_fan_meets_the_gate_with_whose_words_come_close(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        fan(book, "シロ", STAY)
        say(book, "ともちん", "プレゼントはここってきめてます")

    table = Table(tmp_path, forms.gate, fill)
    told = shown(table.form)
    assert "あと1人" in told.replace("<b>", "").replace("</b>", "")
    assert f"「{STAY}」" in told and "「プレゼントはここってきめてます」" in told and "計画して、やってみる" in told
    assert len(people.fans(table.book)) == 1
    roster.mark_fan(table.book, 2, people.quotes_of(table.book, 2)[0].id)
    table.page.look()
    assert "いっしょに考え始められます" in shown(table.form) and "あと" not in shown(table.form)


def test_what_can_be_done_before_the_gate_opens_is_named_with_its_page(tmp_path: Path) -> None:
    """The parts 「聞くこと」 and 「声を入れる」 are on page 07 only; elsewhere the page is named."""
    table = Table(tmp_path, forms.gate, lambda book: fan(book, "シロ", STAY))
    assert "下の「聞くこと」" in shown(table.form)
    elsewhere = shown(forms.gate(Page("10_tribe_feedback", table.book)))
    assert "下の「聞くこと」" not in elsewhere and "あったらうれしい集まりを聞く" in elsewhere
    assert all("品物だけでなく" in told and "計画して、やってみる" in told for told in (shown(table.form), elsewhere))


def test_an_instructor_sets_a_number_and_opens_it_with_a_note(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.gate)
    press(table.form, "講師の方だけ")
    number, note = texts(table.form)
    number.value = "１"
    assert "2から50" in table.said and gate.gate(table.book).least == 2
    number.value = "４人"
    assert gate.gate(table.book).least == 4 and "保存しました" in table.said
    note.value = "研修のため"
    assert gate.gate(table.book).open and "研修のため" in shown(table.form)
    table.book.undo()
    table.page.changed()
    assert not gate.gate(table.book).open and note.value == ""


def test_the_next_kind_step_is_shown_only_while_the_gate_is_shut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_fan(book: Workbook) -> None:
        around(book)
        fan(book, "シロ", STAY)

    table = Table(tmp_path, forms.gate, one_fan)
    assert "もう一度うかがってみる" in shown(table.form)
    fan(table.book, "ほしの", TIED)
    monkeypatch.setattr(gate, "ADVISED", (3, 5))
    table.page.changed()
    assert "もう一度うかがってみる" not in shown(table.form) and "3人から5人になると" in shown(table.form)
    monkeypatch.setattr(gate, "ADVISED", (2, 5))
    table.form.refresh()
    assert "人になると" not in shown(table.form)


def test_a_note_written_on_another_page_is_told(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.gate)
    press(table.form, "講師の方だけ")
    gate.write_note(table.book, "ほかの画面で")
    texts(table.form)[1].value = "研修のため"
    assert "ほかの画面で" in table.said and gate.gate(table.book).note == "研修のため"


def test_the_blank_sheet_has_room_for_as_many_fans_as_it_takes(tmp_path: Path) -> None:
    fans, own = Table(tmp_path, forms.gate).form.paper(blank=True)
    assert len(fans.lines) == gate.LEAST and not fans.inner and own.inner


# ---- values


def test_a_proposal_is_named_and_stands_with_the_words_of_both(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.shared_values, two_fans)
    press(table.form, "ファンの方の似た言葉をさがす")
    texts(table.form)[0].value = NAME
    press(table.form, "この名前にする")
    (one,) = values.shared(table.book)
    assert one.name == NAME and {card.text for card in one.cards} == {STAY, TIED}
    assert f"「{STAY}」" in shown(table.form) and "名前をつけました" in table.said
    press(table.form, "この言葉を外す")
    assert values.shared(table.book) == () and "お一人の言葉です" in shown(table.form)
    table.book.undo()
    table.page.changed()
    assert values.shared(table.book) == (one,)


def test_a_proposal_without_a_name_is_told_and_nothing_is_stored(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.shared_values, two_fans)
    press(table.form, "ファンの方の似た言葉をさがす")
    press(table.form, "この名前にする")
    assert "一文字以上" in table.said and values.values(table.book) == ()


def test_what_is_typed_stays_when_another_page_changes_something(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.shared_values, two_fans)
    press(table.form, "ファンの方の似た言葉をさがす")
    field = texts(table.form)[0]
    field.value = NAME
    say(table.book, "あとの人", "はじめて来ました。窓が大きくて気持ちがよいです。")
    table.page.look()
    assert field in every(table.form) and field.value == NAME


def test_words_chosen_by_hand_of_two_fans(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.shared_values, two_fans)
    press(table.form, "自分で言葉を選ぶ")
    who = next(one for one in every(table.form) if isinstance(one, widgets.Dropdown) and "選んでください" in str(one.options))
    for view in people.fans(table.book):
        who.value = view.id
        next(one for one in every(table.form) if isinstance(one, widgets.Checkbox)).value = True
    assert "2人の、2つの言葉" in shown(table.form)
    next(one for one in texts(table.form) if one.placeholder.startswith("例：読み終えた")).value = NAME
    press(table.form, "選んだ言葉を入れる")
    (one,) = values.shared(table.book)
    assert len(one.fans) == 2


def test_below_two_fans_it_says_kindly_when_it_comes(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.shared_values, lambda book: fan(book, "シロ", STAY))
    assert "もう少し先で使います" in shown(table.form)
    openings = [one for one in table.form.children if getattr(one, "is_open", None) is False]
    assert len(openings) == 2 and all(not is_shown(one) for one in openings)


# ---- wishes, introductions, ties


def test_wishes_stand_by_person_and_who_was_not_asked_is_named(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        say(book, "ミナト", "立ち話くらいがいい。", Topic.PLACE)
        say(book, "ﾀｹｼ", "駅まで行かんでも買えるので。")
        roster.stop(book, say(book, "シロ", STAY))

    told = shown(Table(tmp_path, forms.place_wishes, fill).form)
    assert "「立ち話くらいがいい。」" in told and "うかがっていない方：ﾀｹｼさん<" in told


def test_a_yes_without_its_day_is_kept_and_asks_for_the_day(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.introductions, lambda book: say(book, "ミナト", STAY))
    press(table.form, "お返事を書く")
    grid = next(one for one in every(table.form) if isinstance(one, Grid))
    grid._receive({"kind": "edit", "row": 1, "key": "wish", "value": "yes", "seen": "unsaid"})
    assert "うかがった日も" in table.said and not ties.introductions(table.book)[1].yes
    grid._receive({"kind": "edit", "row": 1, "key": "asked_on", "value": ASKED.isoformat(), "seen": ""})
    assert ties.introductions(table.book)[1].yes and "<b>1人</b>" in shown(table.form)
    roster.stop(table.book, 1)
    table.page.look()
    assert grid.table["rows"] == []


def matching(book: Workbook) -> None:
    one, two = say(book, "すみれ堂", "場所なら貸すよ。", Topic.PLACE), say(book, "りく父", "話せる場があれば参加したいです。", Topic.PLACE)
    yes(book, one, two)


def test_who_might_enjoy_whom_is_dashed_and_goes_with_a_yes_taken_back(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.ties, matching)
    assert "stroke-dasharray" not in shown(table.form)
    press(table.form, "気が合いそうな方どうしを見る")
    told = shown(table.form)
    assert "stroke-dasharray" in told and "「場所なら貸すよ。」" in told and "「話せる場があれば参加したいです。」" in told
    for opened in (True, False):
        ties.set_introduction(table.book, 2, wish="no")
        table.page.look()
        assert "stroke-dasharray" not in shown(table.form) and "「場所なら貸すよ。」" not in shown(table.form)
        ties.set_introduction(table.book, 2, wish="yes")
        table.page.look()
        assert "stroke-dasharray" in shown(table.form)
        if opened:
            press(table.form, "気が合いそうな方をとじる")


@pytest.mark.parametrize(
    ("label", "bond"), [("お引き合わせした", Bond.MET), ("もう知り合いだった", Bond.KNOWS), ("この案は出さない", Bond.APART)]
)
def test_each_answer_to_a_proposal_is_one_act(tmp_path: Path, label: str, bond: Bond) -> None:
    table = Table(tmp_path, forms.ties, matching)
    press(table.form, "気が合いそうな方どうしを見る")
    press(table.form, label)
    assert [one.bond for one in ties.ties(table.book)] == [bond]
    assert "「場所なら貸すよ。」" not in shown(table.form)
    assert ("<svg" in shown(table.form)) == (bond is not Bond.APART)
    table.book.undo()
    table.page.changed()
    assert ties.ties(table.book) == () and "「場所なら貸すよ。」" in shown(table.form)


def test_two_who_know_each_other_are_written_down_and_drawn(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.ties, lambda book: [say(book, name, STAY) for name in ("ミナト", "<b>よし子")])
    press(table.form, "知り合いどうしと書きとめる")
    assert "お二人を選んで" in table.said
    first, second = (one for one in every(table.form) if isinstance(one, widgets.Dropdown))
    first.value, second.value = 1, 2
    texts(table.form)[-1].value = "お向かい"
    press(table.form, "知り合いどうしと書きとめる")
    assert [(one.first.id, one.second.id, one.note) for one in ties.ties(table.book)] == [(1, 2, "お向かい")]
    assert "知り合いが1組" in shown(table.form) and "<b>よし子" not in shown(table.form)
    press(table.form, "書きとめたつながりを見る")
    press(table.form, "消す")
    assert ties.ties(table.book) == () and "まだ書かれていません" in shown(table.form)


# ---- what serves both parts


def test_the_kit_asks_of_the_gathering_and_keeps_own_questions_in_this_part(tmp_path: Path) -> None:
    table = Table(tmp_path, forms.interview_kit)
    told = shown(table.form)
    assert "どんな集まりや場所があったら" in told and "持ちよっても" in told and "こまったな" not in told
    texts(table.form)[0].value = "どのくらいの人数だと、話しやすいですか。"
    press(table.form, "質問に加える")
    assert [one.question for one in research.ideas(table.book, Part.TRIBE)] == ["どのくらいの人数だと、話しやすいですか。"]
    assert research.ideas(table.book, Part.FOLLOWUP) == ()


def test_the_first_parts_interview_stays_as_it_was(tmp_path: Path) -> None:
    book = Table(tmp_path, forms.gate).book
    keys = [one.key for one in research.asked(book)]
    assert keys == ["scene", "trouble", "followup", "reason", "media", "place"]
    assert [one.key for one in research.asked(book, Part.TRIBE)] == ["place", "ease", "bring", "value"]


@pytest.mark.parametrize("build", [forms.gate, forms.shared_values, forms.place_wishes, forms.introductions, forms.ties])
def test_on_paper_stands_what_is_in_the_file(tmp_path: Path, build: Callable[[Page], Form]) -> None:
    def fill(book: Workbook) -> None:
        two_fans(book)
        matching(book)
        values.make(book, NAME, [one.id for one in values.fans_said(book)])
        ties.know(book, 9, 10)
        gate.write_note(book, "研修のため")

    form = Table(tmp_path, build, fill).form
    words = repr(form.paper(blank=False))
    asked = repr(form.paper(blank=True))
    expected = {"GateForm": STAY, "Values": NAME, "PlaceWishes": "場所なら貸すよ。", "Introductions": "すみれ堂さん", "Ties": "シロさん"}
    assert expected[type(form).__name__] in words and expected[type(form).__name__] not in asked
    assert ("研修のため" in words) == isinstance(form, GateForm) and "研修のため" not in asked


def test_a_value_is_named_anew_and_brackets_are_told(tmp_path: Path) -> None:
    def fill(book: Workbook) -> None:
        two_fans(book)
        values.make(book, NAME, [one.id for one in values.fans_said(book)])

    table = Table(tmp_path, forms.shared_values, fill)
    field = texts(table.form)[0]
    assert field.value == NAME
    field.value = "「本屋」を残す"
    assert "かぎかっこ" in table.said and values.values(table.book)[0].name == NAME
    field.value = "灯りのある町"
    assert values.values(table.book)[0].name == "灯りのある町" and "保存しました" in table.said
