"""Proposals: feedback lies beside what its person wished for, used or names, and nowhere rather than beside the wrong thing."""

from __future__ import annotations

from datetime import date

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import feedback, improvements, plan, themes
from kizuna.steps.cards import cards
from kizuna.steps.proposals import Verdict, proposals
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Invitation, Offer
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.answering import DAY, PART, a_plan, answer, passages, person


def second_item(book: Workbook, who: str = "凪", wish: str = "席のそばに灯りがほしい", title: str = "灯りを席に置く") -> int:
    """One more item in the plan, wished for by somebody else; returns its id."""
    hear(book, who, DAY, [Said("望み", Topic.FOLLOWUP, wish)])
    with book.reading() as session:
        ids = [one.id for one in cards(session, PART) if one.text == wish]
    action = plan.begin(book, PART, themes.make(book, PART, f"{wish}こと", ids), DAY)
    plan.edit(book, action, title=title)
    return action


def invited(book: Workbook, name: str, action_id: int, used_on: date | None) -> None:
    """Note that somebody was offered an item, and whether she used it."""
    who = person(book, name)
    with book.act("使った") as session:
        offer = Offer(part=PART, action_id=action_id)
        session.add(offer)
        session.flush()
        session.add(Invitation(offer_id=offer.id, person_id=who, used_on=used_on))


def beside(book: Workbook, text: str) -> str:
    """The name of what a sentence lies beside; empty where it fits nowhere."""
    return next(one.name for one in proposals(book, PART) if text in [each.text for each in one.passages])


def test_feedback_lies_beside_the_item_it_speaks_of_and_what_is_about_the_product_beside_none() -> None:
    found = proposals(a_plan(), PART)
    assert [one.name for one in found] == ["届いた日に、お知らせを送る", ""]
    assert {one.text for one in found[0].passages} == {
        "LINEのお知らせが早くて助かりました。",
        "お知らせの電話に、仕事中は出られませんでした。",
        "お知らせは夜に送ってほしい",
    }
    assert (found[0].praised, found[0].troubled, found[0].leaning) == (1, 1, (Verdict.KEEP, Verdict.CHANGE))
    assert [one.text for one in found[1].passages] == ["紙の色もすてきでした。"]


def test_without_plan_and_feedback_nothing_is_proposed() -> None:
    assert proposals(open_workbook(MEMORY), PART) == ()


def test_looking_at_the_proposals_decides_nothing() -> None:
    book = a_plan()
    version = book.version()
    proposals(book, PART)
    assert book.version() == version and improvements.improvements(book, PART) == ()


def test_what_is_taken_up_rests_on_the_fitting_words_and_is_not_decided() -> None:
    book = a_plan()
    first = proposals(book, PART)[0]
    one = improvements.improvement(book, improvements.take_up(book, PART, first, Verdict.CHANGE))
    assert not one.decided and one.action == one.title == first.name
    assert [card.text for card in one.evidence] == ["お知らせの電話に、仕事中は出られませんでした。", "お知らせは夜に送ってほしい"]


# ---- what the person wished for or used


def test_words_somebody_else_said_do_not_draw_a_wishers_sentence_to_another_item() -> None:
    book = a_plan()
    second_item(book, wish="子どもが集まる絵本の会がほしい", title="灯りを置く")
    answer(book, ("ミナト", Topic.BAD, "絵本の会で子どもが眠くて困りました"), ("渚", Topic.BAD, "絵本の会で子どもが飽きて困りました"))
    assert beside(book, "絵本の会で子どもが眠くて困りました") == ""
    assert beside(book, "絵本の会で子どもが飽きて困りました") == "灯りを置く"


def test_who_wished_for_one_thing_and_names_another_speaks_of_the_other() -> None:
    book = a_plan()
    second_item(book)
    answer(book, ("ミナト", Topic.GOOD, "席の灯りが明るくて助かりました"))
    assert beside(book, "席の灯りが明るくて助かりました") == "灯りを席に置く"


def test_one_word_is_enough_from_who_wished_for_the_item_and_not_from_anybody() -> None:
    book = a_plan()
    answer(book, ("ミナト", Topic.GOOD, "LINEで安心しました"), ("渚", Topic.GOOD, "LINEで安心できました"))
    assert beside(book, "LINEで安心しました") == "届いた日に、お知らせを送る"
    assert beside(book, "LINEで安心できました") == ""


def test_a_sentence_that_names_nothing_is_about_the_one_thing_its_person_wished_for() -> None:
    book = a_plan()
    answer(book, ("ミナト", Topic.GOOD, "とても助かりました"), ("渚", Topic.GOOD, "ほんとうに助かりました"))
    assert beside(book, "とても助かりました") == "届いた日に、お知らせを送る"
    assert beside(book, "ほんとうに助かりました") == ""


def test_what_somebody_used_draws_all_but_her_wishes_and_two_things_draw_nothing() -> None:
    book = a_plan()
    lamp = second_item(book)
    answer(book, ("渚", Topic.GOOD, "本の角まで見えました。うれしいです"), ("渚", Topic.WISH, "駐車場"))
    invited(book, "渚", lamp, None)
    assert beside(book, "本の角まで見えました。") == ""
    invited(book, "渚", lamp, DAY)
    assert beside(book, "本の角まで見えました。") == "灯りを席に置く"
    assert beside(book, "駐車場") == ""
    invited(book, "渚", next(one.id for one in plan.plan(book, PART).actions if one.id != lamp), DAY)
    assert beside(book, "本の角まで見えました。") == ""


# ---- not here


def test_what_the_owner_takes_away_fits_nowhere_until_she_brings_it_back() -> None:
    book = a_plan()
    text = "LINEのお知らせが早くて助かりました。"
    one = passages(book)[text]
    feedback.mark(book, PART, one, elsewhere=True)
    assert beside(book, text) == "" and not feedback.feedback(book, PART).find(one).marked
    assert text not in [each.text for each in proposals(book, PART)[0].evidence(Verdict.KEEP)]
    feedback.mark(book, PART, one, kind=feedback.Kind.PRAISE)
    feedback.mark(book, PART, one, kind=None)
    assert beside(book, text) == ""
    feedback.mark(book, PART, one, elsewhere=None)
    assert beside(book, text) == "届いた日に、お知らせを送る"
    book.undo()
    assert beside(book, text) == ""


def test_only_what_a_mark_may_say_is_written() -> None:
    book = a_plan()
    with pytest.raises(TypeError, match="text"):
        feedback.mark(book, PART, next(iter(passages(book).values())), text=True)
    with pytest.raises(KizunaError):
        feedback.mark(book, Part.TRIBE, next(iter(passages(book).values())), elsewhere=True)
