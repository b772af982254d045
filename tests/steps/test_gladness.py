"""How glad people were is read from all they said, and is nothing where they said neither."""

from __future__ import annotations

from kizuna.process import Part
from kizuna.steps import feedback
from kizuna.steps.feedback import Kind
from kizuna.steps.gladness import BOTH, JOY, SORRY, gladness
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from tests.steps.answering import DAY, SAID, a_book, person


def test_how_glad_each_was_is_read_from_all_she_said() -> None:
    book = a_book(
        *SAID,
        ("ミナト", Topic.BAD, "字が小さくて読みにくかったです。"),
        ("ソラ", Topic.GOOD, "うれしかったです。"),
        ("ヨウ", Topic.WISH, "夜に送ってほしい"),
    )
    found = gladness(book)
    assert found == {person(book, "ミナト"): BOTH, person(book, "シロ"): SORRY, person(book, "波"): SORRY, person(book, "ソラ"): JOY}


def test_what_was_said_of_the_place_counts_too() -> None:
    book = a_book(("ソラ", Topic.GOOD, "うれしかったです。"))
    hear(book, "ソラ", DAY, [Said("気になったこと", Topic.BAD, "席がせまくて、つらかったです。")], Part.TRIBE)
    assert gladness(book) == {person(book, "ソラ"): BOTH}


def test_the_owners_reading_counts() -> None:
    book = a_book(("ソラ", Topic.GOOD, "うれしかったです。"))
    one = feedback.feedback(book, Part.FOLLOWUP).passages[0]
    feedback.mark(book, Part.FOLLOWUP, one.id, kind=Kind.COMPLAINT)
    assert gladness(book) == {person(book, "ソラ"): SORRY}
