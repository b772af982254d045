"""The record by hand: who spoke to whom, who came, who answered first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import roster
from kizuna.steps.tribe import talks
from kizuna.steps.tribe.talks import To
from tests.steps.tribe.membership import TODAY, a_place


def test_a_subject_and_who_answered_it_first() -> None:
    book, ids = a_place()
    opened = talks.log(book, ids["ミナト"], To.ALL, TODAY, begins=True)
    one = talks.recent(book, 9)[0]
    assert (one.speaker, one.on, one.to, one.begins, one.answered) == ("ミナトさん", TODAY, To.ALL, True, False)
    talks.answer(book, opened, ids["よし子"])
    assert talks.recent(book, 9)[0].answer == "よし子さん"
    talks.answer(book, opened, None)
    one, *more = talks.recent(book, 9)
    assert (one.answered, one.answer_id, one.answer) == (True, None, "わたし（店主）") and not more
    talks.unanswer(book, opened)
    assert not talks.recent(book, 9)[0].answered


def test_an_answer_goes_with_its_subject_and_comes_back_with_it() -> None:
    book, ids = a_place()
    opened = talks.log(book, None, To.ALL, TODAY, begins=True)
    talks.answer(book, opened, ids["よし子"])
    talks.remove(book, opened)
    assert talks.recent(book, 9) == ()
    book.undo()
    assert talks.recent(book, 9)[0].answer == "よし子さん"


def test_the_listener_is_kept_where_a_member_is_spoken_to() -> None:
    book, ids = a_place()
    talks.log(book, ids["ミナト"], To.MEMBER, TODAY, ids["よし子"])
    talks.log(book, ids["ミナト"], To.ALL, TODAY, ids["よし子"])
    assert [one.listener for one in talks.recent(book, 9)] == ["", "よし子さん"]


def test_who_came_is_noted_once_a_day() -> None:
    book, ids = a_place()
    assert talks.note_meeting(book, [ids["ミナト"], ids["よし子"], ids["ミナト"]], TODAY) == 2
    assert talks.note_meeting(book, [ids["よし子"], ids["はるぱん"]], TODAY) == 1
    assert talks.note_meeting(book, [ids["よし子"]], TODAY - timedelta(days=1)) == 1
    assert {one.to for one in talks.recent(book, 9)} == {To.CAME}


def test_only_members_speak_in_the_place() -> None:
    book, ids = a_place("ミナト")
    stranger = roster.add(book, "シロ")
    for act in (
        lambda: talks.log(book, stranger, To.ALL, TODAY),
        lambda: talks.log(book, ids["ミナト"], To.MEMBER, TODAY, stranger),
        lambda: talks.note_meeting(book, [stranger], TODAY),
    ):
        with pytest.raises(KizunaError, match="まだ仲間に入っていない"):
            act()
    assert talks.recent(book, 9) == ()


def test_nobody_speaks_to_herself_or_tomorrow() -> None:
    book, ids = a_place()
    with pytest.raises(KizunaError, match="同じです"):
        talks.log(book, ids["ミナト"], To.MEMBER, TODAY, ids["ミナト"])
    with pytest.raises(KizunaError, match="あなた（店主）になっています"):
        talks.log(book, None, To.OWNER, TODAY)
    with pytest.raises(KizunaError, match="まだ来ていない日"):
        talks.log(book, ids["ミナト"], To.ALL, date.today() + timedelta(days=1))
    opened = talks.log(book, ids["ミナト"], To.ALL, TODAY, begins=True)
    with pytest.raises(KizunaError, match="話題をひらいた方と同じ"):
        talks.answer(book, opened, ids["ミナト"])


def test_only_a_subject_is_answered_first() -> None:
    book, ids = a_place()
    spoken = talks.log(book, ids["ミナト"], To.ALL, TODAY)
    with pytest.raises(KizunaError, match="話題をひらいた"):
        talks.answer(book, spoken, ids["よし子"])
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        talks.answer(book, 99, ids["よし子"])
