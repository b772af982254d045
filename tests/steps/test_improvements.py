"""Improvements: proposed by counts, decided by the owner, and never decided while nobody's feedback asks for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Step
from kizuna.steps import drafts, feedback, improvements, plan, research, themes
from kizuna.steps.cards import cards
from kizuna.steps.progress import course_boxes
from kizuna.steps.proposals import Verdict, proposals
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Improvement, ImprovementEvidence, Person, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.answering import DAY, PART, answer, person, rules

SAID = [
    ("ミナト", Topic.GOOD, "LINEのお知らせが早くて助かりました。紙の色もすてきでした。"),
    ("シロ", Topic.BAD, "お知らせの電話に、仕事中は出られませんでした。"),
    ("シロ", Topic.WISH, "お知らせは夜に送ってほしい"),
    ("波", Topic.BAD, "カバーが破れていました"),
]


def a_book() -> Workbook:
    """A workbook with one item of a plan (知らせ) and feedback on it, on the product, and on nothing that was planned."""
    book = open_workbook(MEMORY)
    hear(book, "ミナト", DAY, [Said("望み", Topic.FOLLOWUP, "本が届いたらLINEで知らせてほしい")])
    with book.reading() as session:
        ids = [one.id for one in cards(session, PART)]
    theme = themes.make(book, PART, "届いたら知らせてほしい", ids)
    action = plan.begin(book, PART, theme, DAY)
    plan.edit(book, action, title="届いた日に、お知らせを送る")
    answer(book, *SAID)
    book.begin_history_here()
    return book


def passages(book: Workbook) -> dict[str, int]:
    return {one.text: one.id for one in feedback.feedback(book, PART).passages}


def decided(book: Workbook, *texts: str) -> int:
    ids = passages(book)
    one = improvements.begin(book, PART, Verdict.CHANGE, title="夜にLINEで知らせる", passages=[ids[text] for text in texts])
    improvements.decide(book, one, today=DAY)
    return one


# ---- proposals


def test_feedback_lies_beside_the_item_it_speaks_of_and_what_is_about_the_product_beside_none() -> None:
    found = proposals(a_book(), PART)
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
    book = a_book()
    version = book.version()
    proposals(book, PART)
    assert book.version() == version and improvements.improvements(book, PART) == ()


def test_what_is_taken_up_rests_on_the_fitting_words_and_is_not_decided() -> None:
    book = a_book()
    first = proposals(book, PART)[0]
    one = improvements.improvement(book, improvements.take_up(book, PART, first, Verdict.CHANGE))
    assert not one.decided and one.action == one.title == first.name
    assert [card.text for card in one.evidence] == ["お知らせの電話に、仕事中は出られませんでした。", "お知らせは夜に送ってほしい"]


# ---- deciding


def test_an_improvement_nobody_asked_for_cannot_be_decided_and_waits_as_a_question() -> None:
    book = a_book()
    one = improvements.begin(book, PART, Verdict.CHANGE, title="夜も店を開ける")
    with pytest.raises(KizunaError, match="望んだ人の記録がありません"):
        improvements.decide(book, one)
    with pytest.raises(KizunaError, match="どうたずねるか"):
        improvements.wait_as_question(book, one, " ")
    assert improvements.improvement(book, one).title == "夜も店を開ける"
    improvements.wait_as_question(book, one, "夜は、どんなふうに過ごされますか。")
    assert improvements.improvements(book, PART) == ()
    assert [(idea.text, idea.question) for idea in research.ideas(book, PART)] == [("夜も店を開ける", "夜は、どんなふうに過ごされますか。")]


def test_what_somebody_asked_for_does_not_go_back_among_the_questions() -> None:
    book = a_book()
    one = decided(book, "お知らせは夜に送ってほしい")
    with pytest.raises(KizunaError, match="望んだ方の声があります"):
        improvements.wait_as_question(book, one, "夜は、どう過ごされますか。")


def test_without_a_name_it_cannot_be_decided_and_losing_the_name_opens_it_again() -> None:
    book = a_book()
    one = improvements.begin(book, PART, Verdict.CHANGE, passages=[passages(book)["お知らせは夜に送ってほしい"]])
    with pytest.raises(KizunaError, match="何をするか"):
        improvements.decide(book, one)
    improvements.edit(book, one, title="夜にLINEで知らせる")
    improvements.decide(book, one)
    improvements.edit(book, one, title="")
    assert not improvements.improvement(book, one).decided


def test_losing_the_last_words_takes_the_decision_back_and_undo_brings_it_again() -> None:
    book = a_book()
    one = decided(book, "お知らせは夜に送ってほしい")
    improvements.finish(book, one, today=DAY)
    improvements.tie(book, one, passages(book)["お知らせは夜に送ってほしい"], False)
    assert improvements.improvement(book, one).decided_on is None and improvements.improvement(book, one).done_on is None
    with pytest.raises(KizunaError, match="やると決める"):
        improvements.finish(book, one)
    book.undo()
    assert improvements.improvement(book, one).done


def test_an_item_of_the_plan_can_go_while_an_improvement_speaks_of_it() -> None:
    book = a_book()
    one = improvements.take_up(book, PART, proposals(book, PART)[0], Verdict.CHANGE)
    plan.remove(book, plan.plan(book, PART).actions[0].id)
    assert improvements.improvement(book, one).action_id is None


def test_another_pages_words_are_told() -> None:
    book = a_book()
    one = improvements.begin(book, PART, Verdict.CHANGE, title="はじめ")
    improvements.edit(book, one, title="ほか")
    assert improvements.edit(book, one, seen={"title": "はじめ"}, title="いま") == {"title": "ほか"}
    with pytest.raises(TypeError):
        improvements.edit(book, one, decided_on=DAY)


def test_the_map_counts_people_and_decided_improvements() -> None:
    book = a_book()
    assert course_boxes(book)[PART, Step.FEEDBACK].made == "感想3人"
    decided(book, "お知らせは夜に送ってほしい")
    improvements.begin(book, PART, Verdict.CHANGE, title="思いつき")
    assert course_boxes(book)[PART, Step.FEEDBACK].made == "感想3人・改善1つ"


ACTS: dict[str, Callable[[Workbook, int, int], Any]] = {
    "begin": lambda book, one, at: improvements.begin(book, PART, Verdict.CHANGE, title="夜に知らせる", passages=[at] * (at % 2)),
    "tie": lambda book, one, at: improvements.tie(book, one, at),
    "untie": lambda book, one, at: improvements.tie(book, one, at, False),
    "decide": lambda book, one, at: improvements.decide(book, one),
    "undecide": lambda book, one, at: improvements.decide(book, one, False),
    "finish": lambda book, one, at: improvements.finish(book, one),
    "rename": lambda book, one, at: improvements.edit(book, one, title="夜に" if at % 2 else ""),
    "verdict": lambda book, one, at: improvements.edit(book, one, verdict=str(Verdict.KEEP)),
    "remove": lambda book, one, at: improvements.remove(book, one),
    "wait": lambda book, one, at: improvements.wait_as_question(book, one, "夜は、どう過ごされますか。"),
    "mark": lambda book, one, at: feedback.mark(book, PART, at, kind=feedback.Kind.FACT),
    "note": lambda book, one, at: improvements.write_note(book, one, person(book, "シロ")),
    "undo": lambda book, one, at: book.undo(),
    "redo": lambda book, one, at: book.redo(),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 3), st.integers(0, 4)), max_size=20))
@settings(max_examples=30, deadline=None)
def test_whatever_is_done_nothing_is_decided_that_nobody_asked_for(acts: list[tuple[str, int, int]]) -> None:
    book = a_book()
    ids = sorted(passages(book).values())
    for name, which, at in acts:
        here = [one.id for one in improvements.improvements(book, PART)] or [99]
        try:
            ACTS[name](book, here[which % len(here)], ids[at % len(ids)])
        except KizunaError:
            pass
        except IndexError:
            continue
        ids = sorted(passages(book).values()) or ids
        with book.reading() as session:
            rows = session.scalars(select(Improvement)).all()
            tied = set(session.scalars(select(ImprovementEvidence.improvement_id)))
            said = [voice.text for voice in session.scalars(select(Voice))]
        assert all(row.id in tied for row in rows if row.decided_on is not None)
        assert all(row.decided_on is not None for row in rows if row.done_on is not None)
        for one in drafts.drafts(book, PART):
            assert all(any(quoted in text for text in said) for quoted in re.findall(r"「([^」]*)」", one.text))


# ---- telling those who asked


def test_exactly_those_who_asked_are_told_in_their_own_words() -> None:
    book = a_book()
    one = decided(book, "お知らせの電話に、仕事中は出られませんでした。", "お知らせは夜に送ってほしい")
    with pytest.raises(KizunaError, match="終えてから"):
        improvements.write_note(book, one, person(book, "シロ"))
    improvements.edit(book, one, content="夜に、LINEでお知らせするようにしました。")
    improvements.finish(book, one, today=DAY)
    assert [asker.person for asker in improvements.askers(book, one)] == ["シロさん"]
    with pytest.raises(KizunaError, match="望んだ方ではありません"):
        improvements.write_note(book, one, person(book, "ミナト"))
    note = improvements.write_note(book, one, person(book, "シロ"), "line")
    assert improvements.write_note(book, one, person(book, "シロ")) == note
    draft = drafts.draft(book, note)
    assert "「お知らせの電話に、仕事中は出られませんでした。」\n「お知らせは夜に送ってほしい」" in draft.text
    assert "夜に、LINEでお知らせするようにしました。" in draft.text
    found = improvements.check_note(book, draft)
    assert [each for each in found if each.strength != "助言"] == []
    drafts.finish(book, note, found, DAY)
    assert improvements.askers(book, one)[0].finished


def test_a_note_stops_when_its_reason_is_gone() -> None:
    book = a_book()
    one = decided(book, "お知らせは夜に送ってほしい", "LINEのお知らせが早くて助かりました。")
    improvements.edit(book, one, content="夜に、LINEでお知らせするようにしました。")
    improvements.finish(book, one, today=DAY)
    note = improvements.write_note(book, one, person(book, "シロ"))
    assert "4-33" not in rules(improvements.check_note(book, drafts.draft(book, note)))
    improvements.tie(book, one, passages(book)["お知らせは夜に送ってほしい"], False)
    assert "4-33" in rules(improvements.check_note(book, drafts.draft(book, note)))
    book.undo()
    improvements.finish(book, one, False)
    assert "4-33" in rules(improvements.check_note(book, drafts.draft(book, note)))


def test_another_persons_words_do_not_go_into_a_note() -> None:
    book = a_book()
    one = decided(book, "お知らせは夜に送ってほしい", "LINEのお知らせが早くて助かりました。")
    improvements.finish(book, one, today=DAY)
    note = improvements.write_note(book, one, person(book, "シロ"))
    assert "4-23" in rules(improvements.check_note(book, drafts.draft(book, note)))  # what was done is still to be written
    other = next(card for card in improvements.improvement(book, one).evidence if card.person == "ミナトさん")
    drafts.put(book, note, "wish", other.id)
    assert "4-33" in rules(improvements.check_note(book, drafts.draft(book, note)))


def test_who_wants_to_hear_nothing_is_left_in_peace() -> None:
    book = a_book()
    one = decided(book, "お知らせは夜に送ってほしい")
    improvements.finish(book, one, today=DAY)
    with book.act("お知らせを望まない") as session:
        session.get_one(Person, person(book, "シロ")).stopped_on = DAY
    assert improvements.askers(book, one)[0].stopped
    with pytest.raises(KizunaError, match="お望みではありません"):
        improvements.write_note(book, one, person(book, "シロ"))


def test_an_improvement_goes_with_its_notes_and_comes_back_with_them() -> None:
    book = a_book()
    one = decided(book, "お知らせは夜に送ってほしい")
    improvements.finish(book, one, today=DAY)
    note = improvements.write_note(book, one, person(book, "シロ"))
    text = drafts.draft(book, note).text
    improvements.remove(book, one)
    assert improvements.improvements(book, PART) == () and drafts.drafts(book, PART) == ()
    book.undo()
    assert improvements.improvement(book, one).done and drafts.draft(book, note).text == text
