"""Who came again is counted by person, of how many came at all, and with few people no share is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import roster, touches
from kizuna.steps.returning import Compared, Returning, counted, noted
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 26)


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


def came(book: Workbook, name: str, *days: int, relation: str = "customer") -> None:
    who = roster.add(book, name, relation=relation)
    for one in days:
        touches.log(book, who, "visit", TODAY - timedelta(days=one))


def test_what_the_owner_counted_stands_side_by_side(book: Workbook) -> None:
    assert counted(book) == Compared(None, None)
    for key, value in (("entry.came", 84.0), ("entry.again", 21.0), ("review.came", 90.0)):
        save_answer(book, key, value)
    assert counted(book) == Compared(Returning(84, 21), None)
    save_answer(book, "review.again", 0.0)
    assert counted(book).now == Returning(90, 0)
    save_answer(book, "review.again", 90.0)
    assert counted(book).now == Returning(90, 90), "everybody may have come again"


@pytest.mark.parametrize(("when", "called"), [("entry", "はじめ"), ("review", "いま")])
def test_more_again_than_came_is_told(book: Workbook, when: str, called: str) -> None:
    save_answer(book, f"{when}.came", 3.0)
    save_answer(book, f"{when}.again", 4.0)
    with pytest.raises(KizunaError, match=f"「{called}」の数を見直してください"):
        counted(book)


def test_visits_that_were_noted_are_counted_by_person_and_stretch(book: Workbook) -> None:
    came(book, "ミナト", 0, 89)
    came(book, "はる", 5, 5, 120)
    came(book, "波", 90, 179)
    came(book, "シロ", 180)
    came(book, "妹", 1, 2, relation="family")
    assert noted(book, TODAY) == Compared(Returning(2, 1), Returning(2, 1))


def test_other_touches_are_no_visits(book: Workbook) -> None:
    who = roster.add(book, "ミナト")
    touches.log(book, who, "told", TODAY)
    assert noted(book, TODAY) == Compared(None, None)


@pytest.mark.parametrize(
    ("one", "tenths"), [(Returning(19, 19), None), (Returning(20, 5), 3), (Returning(84, 21), 3), (Returning(90, 38), 4)]
)
def test_of_few_people_no_share_is_told(one: Returning, tenths: int | None) -> None:
    assert one.tenths == tenths
