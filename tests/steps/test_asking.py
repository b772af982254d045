"""Asking for feedback: with which form and words, of whom, and what may honestly be said about how many answered."""

from __future__ import annotations

from datetime import date

import pytest

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part
from kizuna.steps import asking, drafts, feedback, plan
from kizuna.steps.drafts import Kind as DraftKind
from kizuna.steps.sample import make_sample
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Closeness, Invitation, Offer, Person
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, open_workbook
from tests.steps.answering import DAY, PART, a_book, person, rules


def test_the_form_is_not_made_before_it_says_what_for() -> None:
    book = open_workbook(MEMORY)
    with pytest.raises(KizunaError, match="何に使うか"):
        asking.form_text(book, PART)
    save_answer(book, "research.purpose", "店をよくするために使います。")
    assert "何に使うか：店をよくするために使います。" in asking.form_text(book, PART)
    save_answer(book, "feedback.purpose", "お知らせを直すために使います。")
    text = asking.form_text(book, PART)
    assert "お知らせを直すために使います。" in text and "店をよくする" not in text
    assert [line[:2] for line in text.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3.", "4."]


def test_a_request_cannot_be_finished_without_the_purpose_nor_with_words_to_copy() -> None:
    book = open_workbook(MEMORY)
    words = asking.request_words(book, PART)
    one = drafts.begin(book, PART, DraftKind.REQUEST, "line", words=words)
    assert "4-23" in rules(asking.check_request(book, drafts.draft(book, one)))
    drafts.write(book, one, "use", "")
    assert "PI-07" in rules(asking.check_request(book, drafts.draft(book, one)))
    drafts.write(book, one, "use", "店をよくするために使います。")
    drafts.write(book, one, "ask", "例文のように書いてください。")
    assert "ST-09" in rules(asking.check_request(book, drafts.draft(book, one)))


def test_our_own_request_can_be_finished_as_it_stands() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "feedback.purpose", "店をよくするために使います。")
    one = drafts.begin(book, PART, DraftKind.REQUEST, "line", words=asking.request_words(book, PART))
    found = asking.check_request(book, drafts.draft(book, one))
    assert [each for each in found if each.strength is not Strength.ADVICE] == []
    drafts.finish(book, one, found, DAY)


def test_somebody_asked_twice_is_one_and_sheets_count_as_handed_out() -> None:
    book = a_book(("ミナト", Topic.GOOD, "よい紙でした"))
    minato = person(book, "ミナト")
    assert asking.ask(book, PART, DAY, [minato]) == 1
    assert asking.ask(book, PART, DAY, [minato]) == 0
    assert asking.ask(book, PART, date(2026, 11, 25), [minato], count=12) == 13
    rows = asking.asked(book, PART)
    assert asking.asked_people(rows) == 13
    asking.unask(book, next(one.id for one in rows if one.person_id is None))
    assert asking.asked_people(asking.asked(book, PART)) == 1
    assert asking.asked(book, Part.TRIBE) == ()


def test_asking_only_those_who_are_close_is_told_once_the_book_knows_others() -> None:
    book = a_book(("ミナト", Topic.GOOD, "よい紙でした"))
    minato = person(book, "ミナト")
    with book.act("近さ") as session:
        session.add(Closeness(person_id=minato, level=asking.CLOSE, evidence="毎週いらっしゃる", noted_on=DAY))
    asking.ask(book, PART, DAY, [minato])
    assert asking.check_asked(book, PART) == ()
    hear(book, "シロ", DAY, [Said("q", Topic.FOLLOWUP, "椅子がほしい")])
    assert rules(asking.check_asked(book, PART)) == {"ST-10"}
    asking.ask(book, PART, DAY, count=5)
    assert asking.check_asked(book, PART) == ()


def test_a_person_who_is_not_close_any_more_does_not_count_as_close() -> None:
    book = a_book(("ミナト", Topic.GOOD, "よい紙でした"), ("シロ", Topic.GOOD, "よい紙でした"))
    with book.act("近さ") as session:
        for level in (4, asking.CLOSE - 1):
            session.add(Closeness(person_id=person(book, "ミナト"), level=level, evidence="…", noted_on=DAY))
    asking.ask(book, PART, DAY, [person(book, "ミナト")])
    assert asking.check_asked(book, PART) == ()


def test_next_are_those_who_used_an_offer_and_those_who_wished_for_what_is_planned() -> None:
    book = make_sample(MEMORY, DAY, later=False)
    wished = {one.person_id for action in plan.plan(book, PART).decided for one in action.evidence}
    assert set(asking.to_ask(book, PART)) == wished
    hear(book, "凪", DAY, [Said("q", Topic.OTHER, "こんにちは")])
    nagi = person(book, "凪")
    with book.act("使った") as session:
        offer = Offer(part=PART)
        session.add(offer)
        session.flush()
        session.add(Invitation(offer_id=offer.id, person_id=nagi, used_on=DAY))
        session.get_one(Person, min(wished)).stopped_on = DAY
    first, *rest = asking.to_ask(book, PART)
    assert first == nagi and set(rest) == wished - {min(wished)}
    asking.ask(book, PART, DAY, [first])
    assert first not in asking.to_ask(book, PART)


# ---- what may be said


@pytest.mark.parametrize(
    ("people", "asked", "words"),
    [
        (0, 0, "まだ感想がありません"),
        (0, 9, "まだ届いていません"),
        (1, 0, "何人にお願いしたか"),
        (3, 9, "まだ3人です"),
        (3, 9, "お願いした9人のうち、まだお答えのない方"),
        (6, 4, "お願いした4人のほかにも"),
    ],
)
def test_few_answers_are_told_as_few(people: int, asked: int, words: str) -> None:
    book = a_book(*((f"客{number}", Topic.GOOD, "知らせが早くて助かりました") for number in range(people)))
    if asked:
        asking.ask(book, PART, DAY, count=asked)
    said = "".join(asking.in_short(feedback.feedback(book, PART), asking.asked(book, PART)))
    assert words in said
    assert "傾向" not in said or "「傾向」とは言わず" in said


def test_nothing_but_complaints_reads_as_help() -> None:
    book = a_book(("ミナト", Topic.BAD, "連絡が遅くて困りました"))
    said = "".join(asking.in_short(feedback.feedback(book, PART), ()))
    assert "まず、そのお礼から" in said
    hear(book, "シロ", DAY, [Said("よかった", Topic.GOOD, "紙が美しい")], PART)
    assert "気になったことばかり" not in "".join(asking.in_short(feedback.feedback(book, PART), ()))
