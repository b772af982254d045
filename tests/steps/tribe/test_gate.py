"""The gate: fans by their own words, not by ours; shut below the number, opened by an instructor's note."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.steps import people, roster
from kizuna.steps.tribe.gate import NOTE, NUMBER, gate, pass_through
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
