"""直感くらべ: three lines guessed, kept with their day, and later beside the themes of most people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from sqlalchemy import select

from kizuna.process import Part
from kizuna.steps import guesses, needs, themes
from kizuna.steps.sample import make_sample
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Answer
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook


@pytest.fixture
def book() -> Iterator[Workbook]:
    opened = open_workbook(MEMORY)
    yield opened
    opened.close()


def guess(book: Workbook, *lines: str, part: Part = Part.FOLLOWUP) -> None:
    for number, text in enumerate(lines, start=1):
        save_answer(book, guesses.guess_key(part, number), text)


def test_nothing_guessed_is_nothing_to_compare(book: Workbook) -> None:
    found = guesses.compared(book, Part.FOLLOWUP)
    assert not found.guessed and found.guessed == guesses.Guessed(("", "", ""), None) and found.heard == ()


def test_lines_keep_their_places_and_the_day_they_were_written(book: Workbook) -> None:
    guess(book, "新刊の案内", "", "値引き")
    with book.act("日にちを変える") as session:
        for number, one in enumerate(session.scalars(select(Answer).order_by(Answer.id)), start=1):
            one.saved_at = datetime(2026, 10, number, 3, 0)
    found = guesses.guessed(book, Part.FOLLOWUP)
    assert found.lines == ("新刊の案内", "", "値引き")
    assert found.on is not None and (found.on.month, found.on.day) == (10, 2)
    assert not guesses.guessed(book, Part.TRIBE)


def test_a_line_taken_away_again_gives_no_day(book: Workbook) -> None:
    guess(book, "新刊の案内")
    guess(book, "")
    assert guesses.guessed(book, Part.FOLLOWUP) == guesses.Guessed(("", "", ""), None)


def test_what_most_people_said_stands_beside_it_and_those_as_many_said_are_counted() -> None:
    book = make_sample(MEMORY, later=False)
    guess(book, "新刊の案内", "値引き", "早い取り寄せ")
    found = guesses.compared(book, Part.FOLLOWUP)
    assert [view.people for view in found.heard] == [4, 4, 3] and found.tied == 4
    assert found.guessed.lines[0] == "新刊の案内"
    assert len(guesses.compared(book, Part.TRIBE).heard) == 3 and guesses.compared(book, Part.TRIBE).tied == 0
    book.close()


def test_only_as_many_people_as_the_last_of_the_three_are_tied(book: Workbook) -> None:
    for theme, people in enumerate((4, 3, 2, 2, 1)):
        text = f"{theme}番のお願い"
        for number in range(people):
            hear(book, f"お客{theme}{number}", date(2026, 11, 26), [Said("何があるとうれしいですか。", Topic.FOLLOWUP, text)])
        themes.make(book, Part.FOLLOWUP, text, [one.id for one in needs.laid(book, Part.FOLLOWUP) if one.text == text])
    found = guesses.compared(book, Part.FOLLOWUP)
    assert [view.people for view in found.heard] == [4, 3, 2] and found.tied == 1


def test_a_theme_without_words_is_not_heard_from_anybody(book: Workbook) -> None:
    themes.make(book, Part.FOLLOWUP, "まだ声のないまとまり", [])
    assert guesses.compared(book, Part.FOLLOWUP).heard == ()
