"""The feelings behind what was heard are a hint; the owner hears for herself, and the plan shows what it answers."""

from __future__ import annotations

from datetime import date

import pytest

from kizuna.process import Part
from kizuna.steps import needs, plan, themes
from kizuna.steps.needs import NeedView
from kizuna.steps.sample import make_sample
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART, TODAY = Part.FOLLOWUP, date(2026, 11, 26)
LONELY, LOST = "いっしょに話せる相手がほしい", "何から読めばいいか分からなくて不安です"


@pytest.fixture
def book() -> Workbook:
    made = open_workbook(MEMORY)
    for name, text in (("ミナト", LONELY), ("はる", LOST), ("ソラ", "駅から近い")):
        hear(made, name, TODAY, [Said("どんな手助けがあるとうれしいですか。", Topic.FOLLOWUP, text)])
    return made


def of(book: Workbook, key: str) -> NeedView:
    return next(one for one in needs.needs(book, PART) if one.need.id == key)


def test_each_feeling_has_the_words_it_is_heard_in_as_they_were_said(book: Workbook) -> None:
    assert [one.text for one in of(book, "company").cards] == [LONELY]
    assert [one.text for one in of(book, "safe").cards] == [LOST]
    assert of(book, "safe").people == 1 and of(book, "grow").cards == ()


def test_the_owner_has_the_last_word_and_undo_takes_it_back(book: Workbook) -> None:
    card = next(one for one in needs.laid(book, PART) if one.text == LOST)
    before = needs.heard_of(book, PART)
    needs.hear(book, PART, card.id, "safe", yes=False)
    needs.hear(book, PART, card.id, "grow", yes=True)
    assert needs.heard_of(book, PART) == {**before, card.id: before[card.id] - {"safe"} | {"grow"}}
    assert of(book, "safe").cards == () and [one.text for one in of(book, "grow").cards] == [LOST]
    book.undo(), book.undo()
    assert needs.heard_of(book, PART) == before


def test_each_card_is_heard_by_itself_and_keeps_what_the_owner_heard(book: Workbook) -> None:
    lost, lonely = (next(one.id for one in needs.laid(book, PART) if one.text == text) for text in (LOST, LONELY))
    needs.hear(book, PART, lost, "grow", yes=True)
    needs.hear(book, PART, lonely, "grow", yes=True)
    assert {one.id for one in of(book, "grow").cards} == {lost, lonely}
    assert "safe" in needs.heard_of(book, PART)[lost] and "company" in needs.heard_of(book, PART)[lonely]


def test_what_the_plan_answers_is_told_by_the_words_it_rests_on(book: Workbook) -> None:
    theme = themes.make(book, PART, "話す相手", [one.id for one in needs.laid(book, PART) if one.text == LONELY])
    action = plan.begin(book, PART, theme, TODAY)
    plan.edit(book, action, title="木曜の席", relation="すれちがう間がらから、話せる間がらになる。")
    assert of(book, "company").actions == ()
    plan.decide(book, action)
    assert of(book, "company").actions == ("木曜の席",)
    assert of(book, "safe").actions == ()


def test_the_parts_are_heard_apart(book: Workbook) -> None:
    hear(book, "うみ", TODAY, [Said("どんな集まりがうれしいですか。", Topic.PLACE, "みんなで会いたい")])
    assert [one.text for one in of(book, "company").cards] == [LONELY]
    card = needs.laid(book, Part.TRIBE)[0]
    needs.hear(book, Part.TRIBE, card.id, "company", yes=False)
    assert [one.text for one in of(book, "company").cards] == [LONELY]


def test_in_the_worked_example_most_feelings_are_heard_and_some_are_answered() -> None:
    found = needs.needs(make_sample(MEMORY, TODAY, later=False), PART)
    assert sum(bool(one.cards) for one in found) >= 6
    assert any(one.actions for one in found)
