"""The notes to those who asked: exactly to them, in their own words, and not to those who want to hear nothing."""

from __future__ import annotations

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import askers, drafts, improvements
from kizuna.steps.invitations import MEDIUM
from kizuna.workbook.models import Contact, Person
from tests.steps.answering import DAY, PART, a_plan, decided, passages, person, rules


def test_exactly_those_who_asked_are_told_in_their_own_words() -> None:
    book = a_plan()
    one = decided(book, "お知らせの電話に、仕事中は出られませんでした。", "お知らせは夜に送ってほしい")
    with pytest.raises(KizunaError, match="終えてから"):
        askers.write_note(book, one, person(book, "シロ"))
    improvements.edit(book, one, content="夜に、LINEでお知らせするようにしました。")
    improvements.finish(book, one, today=DAY)
    assert [asker.person for asker in askers.askers(book, one)] == ["シロさん"]
    with pytest.raises(KizunaError, match="望んだ方ではありません"):
        askers.write_note(book, one, person(book, "ミナト"))
    note = askers.write_note(book, one, person(book, "シロ"), "line")
    assert askers.write_note(book, one, person(book, "シロ")) == note
    draft = drafts.draft(book, note)
    assert "「お知らせの電話に、仕事中は出られませんでした。」\n「お知らせは夜に送ってほしい」" in draft.text
    assert "夜に、LINEでお知らせするようにしました。" in draft.text
    found = askers.check_note(book, draft)
    assert [each for each in found if each.strength != "助言"] == []
    drafts.finish(book, note, found, DAY)
    assert askers.askers(book, one)[0].finished


def test_a_note_stops_when_its_reason_is_gone() -> None:
    book = a_plan()
    one = decided(book, "お知らせは夜に送ってほしい", "LINEのお知らせが早くて助かりました。")
    improvements.edit(book, one, content="夜に、LINEでお知らせするようにしました。")
    improvements.finish(book, one, today=DAY)
    note = askers.write_note(book, one, person(book, "シロ"))
    assert "4-33" not in rules(askers.check_note(book, drafts.draft(book, note)))
    improvements.tie(book, one, passages(book)["お知らせは夜に送ってほしい"], False)
    assert "4-33" in rules(askers.check_note(book, drafts.draft(book, note)))
    book.undo()
    improvements.finish(book, one, False)
    assert "4-33" in rules(askers.check_note(book, drafts.draft(book, note)))


def test_another_persons_words_do_not_go_into_a_note() -> None:
    book = a_plan()
    one = decided(book, "お知らせは夜に送ってほしい", "LINEのお知らせが早くて助かりました。")
    improvements.finish(book, one, today=DAY)
    note = askers.write_note(book, one, person(book, "シロ"))
    assert "4-23" in rules(askers.check_note(book, drafts.draft(book, note)))  # what was done is still to be written
    other = next(card for card in improvements.improvement(book, one).evidence if card.person == "ミナトさん")
    drafts.put(book, note, "wish", other.id)
    assert "4-33" in rules(askers.check_note(book, drafts.draft(book, note)))


def test_who_wants_to_hear_nothing_is_left_in_peace() -> None:
    book = a_plan()
    one = decided(book, "お知らせは夜に送ってほしい")
    improvements.finish(book, one, today=DAY)
    with book.act("お知らせを望まない") as session:
        session.get_one(Person, person(book, "シロ")).stopped_on = DAY
    assert askers.askers(book, one)[0].stopped
    with pytest.raises(KizunaError, match="お望みではありません"):
        askers.write_note(book, one, person(book, "シロ"))


def test_no_note_goes_out_in_a_way_its_reader_does_not_want() -> None:
    book = a_plan()
    one, shiro = decided(book, "お知らせは夜に送ってほしい"), person(book, "シロ")
    improvements.finish(book, one, today=DAY)
    with book.act("手紙は望まない") as session:
        session.add(Contact(person_id=shiro, medium=MEDIUM["letter"], wish="no"))
    with pytest.raises(KizunaError, match="この届け方をお望みではありません"):
        askers.write_note(book, one, shiro, "letter")
    note = askers.write_note(book, one, shiro, "line")
    fine = rules(askers.check_note(book, drafts.draft(book, note)))
    with book.act("LINEも望まない") as session:
        session.add(Contact(person_id=shiro, medium=MEDIUM["line"], wish="no"))
    assert rules(askers.check_note(book, drafts.draft(book, note))) > fine
    book.undo()
    assert rules(askers.check_note(book, drafts.draft(book, note))) == fine
    with book.act("何も望まない") as session:
        session.get_one(Person, shiro).stopped_on = DAY
    assert rules(askers.check_note(book, drafts.draft(book, note))) > fine


def test_an_improvement_goes_with_its_notes_and_comes_back_with_them() -> None:
    book = a_plan()
    one = decided(book, "お知らせは夜に送ってほしい")
    improvements.finish(book, one, today=DAY)
    note = askers.write_note(book, one, person(book, "シロ"))
    text = drafts.draft(book, note).text
    improvements.remove(book, one)
    assert improvements.improvements(book, PART) == () and drafts.drafts(book, PART) == ()
    book.undo()
    assert improvements.improvement(book, one).done and drafts.draft(book, note).text == text
