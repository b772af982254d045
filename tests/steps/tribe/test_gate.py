"""The gate: fans by their own words, not by ours; shut below the number, opened by an instructor's note."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.steps import people, roster
from kizuna.steps.tribe.gate import NOTE, NUMBER, gate, near_fans, pass_through, set_number, to_ask, write_note
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Person
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


def fan(book: Workbook, name: str) -> int:
    """A person on the list whose own words mark her a fan; returns her id."""
    hear(book, name, date(2026, 11, 2), [Said("なぜ当店ですか", Topic.REASON, f"{name}はここの選ぶ本が大好きです。")])
    with book.reading() as session:
        number = session.scalars(select(Person.id).where(Person.name == name)).one()
    roster.mark_fan(book, number, people.quotes_of(book, number)[0].id)
    return number


@pytest.mark.parametrize(("fans", "opens"), [(0, False), (1, False), (2, True), (4, True)])
def test_two_fans_open_it(book: Workbook, fans: int, opens: bool) -> None:
    for number in range(fans):
        fan(book, f"ファン{number}")
    assert (gate(book).open, gate(book).missing) == (opens, max(0, 2 - fans))
    if opens:
        pass_through(book)
    else:
        with pytest.raises(KizunaError, match="複数のファンがいります"):
            pass_through(book)


def test_another_number_may_be_asked_for(book: Workbook) -> None:
    fan(book, "ミナト")
    fan(book, "よし子")
    save_answer(book, NUMBER, 3)
    assert not gate(book).open
    fan(book, "はるぱん")
    assert gate(book).open


def test_a_note_opens_it_and_a_blank_one_does_not(book: Workbook) -> None:
    save_answer(book, NOTE, "　")
    assert not gate(book).open
    save_answer(book, NOTE, "研修の練習のため")
    assert gate(book).open
    assert gate(book).missing == 2


def test_who_belongs_to_the_shop_is_no_fan_of_it(book: Workbook) -> None:
    fan(book, "ミナト")
    roster.edit(book, fan(book, "となりの店員"), relation="staff")
    assert [one.name for one in gate(book).fans] == ["ミナト"]
    assert not gate(book).open


def test_whose_words_come_close_is_shown_and_never_marked(book: Workbook) -> None:
    fan(book, "ミナト")
    hear(book, "ともちん", date(2026, 11, 2), [Said("なぜ", Topic.REASON, "近いのと、プレゼントはここってきめてます")])
    hear(book, "ﾀｹｼ", date(2026, 11, 2), [Said("なぜ", Topic.REASON, "駅まで行かんでも買えるので。")])
    (near,) = near_fans(book)
    assert (near.person.called, near.sentence.text) == ("ともちんさん", "近いのと、プレゼントはここってきめてます")
    assert [one.called for one in to_ask(book)] == ["ﾀｹｼさん"]
    assert len(gate(book).fans) == 1


@pytest.mark.parametrize("how", ["stop", "staff"])
def test_neither_the_stopped_nor_the_shops_own_are_suggested(book: Workbook, how: str) -> None:
    for name, text in (("ともちん", "プレゼントはここってきめてます"), ("ﾀｹｼ", "駅まで行かんでも買えるので。")):
        hear(book, name, date(2026, 11, 2), [Said("なぜ", Topic.REASON, text)])
    assert len(near_fans(book)) == len(to_ask(book)) == 1
    for one in people.everyone(book):
        roster.stop(book, one.id) if how == "stop" else roster.edit(book, one.id, relation="staff")
    assert near_fans(book) == () and to_ask(book) == ()


def test_those_we_know_best_are_asked_first(book: Workbook) -> None:
    for name in ("ﾀｹｼ", "ミナト"):
        hear(book, name, date(2026, 11, 2), [Said("なぜ", Topic.REASON, "駅まで行かんでも買えるので。")])
    roster.note_closeness(book, people.everyone(book)[1].id, 3, "名前で呼び合う")
    assert [one.name for one in to_ask(book)] == ["ミナト", "ﾀｹｼ"]
    assert len(to_ask(book, 1)) == 1


@pytest.mark.parametrize("number", [0, 1, 2.5, 51, -3])
def test_a_number_that_makes_no_gathering_is_refused(book: Workbook, number: float) -> None:
    with pytest.raises(KizunaError, match="2から50"):
        set_number(book, number)
    assert gate(book).least == 2


def test_the_number_and_the_note_are_written_and_undone(book: Workbook) -> None:
    set_number(book, 5)
    assert gate(book).least == 5
    write_note(book, " 研修のため ")
    assert gate(book).open and gate(book).note == "研修のため"
    write_note(book, "", "研修のため")
    assert not gate(book).open
    book.undo()
    assert gate(book).open
    set_number(book, None, 5)
    assert gate(book).least == 2
