"""Improvements: decided by the owner, and never decided while nobody's feedback asks for them."""

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
from kizuna.steps import askers, drafts, feedback, improvements, plan, research
from kizuna.steps.progress import course_boxes
from kizuna.steps.proposals import Verdict, proposals
from kizuna.workbook.models import Improvement, ImprovementEvidence, Voice
from kizuna.workbook.store import Workbook
from tests.steps.answering import DAY, PART, a_plan, decided, passages, person


def test_an_improvement_nobody_asked_for_cannot_be_decided_and_waits_as_a_question() -> None:
    book = a_plan()
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
    book = a_plan()
    one = decided(book, "お知らせは夜に送ってほしい")
    with pytest.raises(KizunaError, match="望んだ方の声があります"):
        improvements.wait_as_question(book, one, "夜は、どう過ごされますか。")


def test_without_a_name_it_cannot_be_decided_and_losing_the_name_opens_it_again() -> None:
    book = a_plan()
    one = improvements.begin(book, PART, Verdict.CHANGE, passages=[passages(book)["お知らせは夜に送ってほしい"]])
    with pytest.raises(KizunaError, match="何をするか"):
        improvements.decide(book, one)
    improvements.edit(book, one, title="夜にLINEで知らせる")
    improvements.decide(book, one)
    improvements.edit(book, one, title="")
    assert not improvements.improvement(book, one).decided


def test_losing_the_last_words_takes_the_decision_back_and_undo_brings_it_again() -> None:
    book = a_plan()
    one = decided(book, "お知らせは夜に送ってほしい")
    improvements.finish(book, one, today=DAY)
    improvements.tie(book, one, passages(book)["お知らせは夜に送ってほしい"], False)
    assert improvements.improvement(book, one).decided_on is None and improvements.improvement(book, one).done_on is None
    with pytest.raises(KizunaError, match="やると決める"):
        improvements.finish(book, one)
    book.undo()
    assert improvements.improvement(book, one).done


def test_an_item_of_the_plan_can_go_while_an_improvement_speaks_of_it() -> None:
    book = a_plan()
    one = improvements.take_up(book, PART, proposals(book, PART)[0], Verdict.CHANGE)
    plan.remove(book, plan.plan(book, PART).actions[0].id)
    assert improvements.improvement(book, one).action_id is None


def test_another_pages_words_are_told() -> None:
    book = a_plan()
    one = improvements.begin(book, PART, Verdict.CHANGE, title="はじめ")
    improvements.edit(book, one, title="ほか")
    assert improvements.edit(book, one, seen={"title": "はじめ"}, title="いま") == {"title": "ほか"}
    with pytest.raises(TypeError):
        improvements.edit(book, one, decided_on=DAY)


def test_the_map_counts_people_and_decided_improvements() -> None:
    book = a_plan()
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
    "note": lambda book, one, at: askers.write_note(book, one, person(book, "シロ")),
    "undo": lambda book, one, at: book.undo(),
    "redo": lambda book, one, at: book.redo(),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 3), st.integers(0, 4)), max_size=20))
@settings(max_examples=15, deadline=None)
def test_whatever_is_done_nothing_is_decided_that_nobody_asked_for(acts: list[tuple[str, int, int]]) -> None:
    book = a_plan()
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
