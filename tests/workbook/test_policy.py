"""Every column of the workbook has been decided about; one that has not stops the hand-in."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from sqlalchemy import String

from kizuna.content import FOLDER, load
from kizuna.steps.calendar.settings import WAYS
from kizuna.steps.consents import CONTACT
from kizuna.steps.handin import questions, words
from kizuna.steps.invitations import SENDER
from kizuna.steps.tribe import gate, traits
from kizuna.views.fields import Field
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Base
from kizuna.workbook.policy import ANSWERS, CODE, GUESS, MADE_ON, NUMBERED, POLICY, PRACTICE, STAYING, TRAIT, Way, answer_way, sound
from tests.examples import the_example

COLUMNS = {(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns}
KEYS = {
    "source.kind", "voice.part", "voice.step", "voice.topic", "theme.part", "theme.named_by", "placement.by", "plan.part",
    "action.medium", "idea.part", "answer.key", "person.relation", "person.met", "contact.medium", "contact.wish", "contact.method",
    "touch.kind", "touch.medium", "planned_touch.medium", "planned_touch.by", "post.kind", "post.by", "threshold.part",
    "consent.version", "consent.name_style", "consent.edit", "consent.method", "consent.perk", "consent.relation", "request.part",
    "request.medium", "feedback_mark.kind", "improvement.part", "improvement.verdict", "offer.part", "offer.perk",
    "offer.destination", "invitation.medium", "draft.part", "draft.kind", "draft.form", "piece.role", "introduction.wish",
    "introduction.method", "tie.kind", "choice.topic", "talk.to",
}  # fmt: skip
KEPT = {  # numbers and choices among the owner's answers
    CODE, MADE_ON, "hours", "entry.product", "entry.relation", "testimonial.us", "review.relation", "review.product", "tribe_gate",
    "calendar.days", "calendar.cap", "calendar.day_minutes", "calendar.yen",
    "compare.people", "compare.times", "compare.reach_each", "compare.reach_often", "compare.overlap",
}  # fmt: skip
DECIDED = {(table, column): way for table, columns in POLICY.items() for column, way in columns.items()}


def test_every_column_of_every_table_has_been_decided_about() -> None:
    assert set(DECIDED) == COLUMNS


def test_a_table_stays_whole_or_leaves_whole() -> None:
    for table, columns in POLICY.items():
        assert len({way is Way.STAY for way in columns.values()}) == 1, table


def test_what_was_made_from_words_is_never_kept() -> None:
    made = {(table, column) for table, column in COLUMNS if column in ("sha256", "identity", "key", "lineage")} - {("answer", "key")}
    assert {DECIDED[one] for one in made} <= {Way.ANEW, Way.STAY}


def test_every_pseudonym_has_its_shape_and_every_shape_its_column() -> None:
    assert {one for one, way in DECIDED.items() if way in (Way.PSEUDONYM, Way.ANEW)} - {("voice", "sha256")} == set(NUMBERED)


def test_free_text_is_kept_nowhere() -> None:
    """What is kept as a string is a key of the content; the hand-in covers it all the same where it does not look like one."""
    kept = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) and DECIDED[table.name, column.name] is Way.KEEP
    }
    assert kept == KEYS


def test_no_answer_in_words_leaves_uncovered() -> None:
    assert {key for key, way in ANSWERS.items() if way is Way.KEEP} == KEPT
    texts = {
        field.key for fields in load("forms.yaml", dict[str, list[Field]]).values() for field in fields if field.kind in ("text", "long")
    }
    assert len(texts) > 20 and not texts & KEPT
    assert set(ANSWERS.values()) == {Way.KEEP, Way.MASK, Way.STAY}


def test_every_field_of_the_forms_has_been_decided_about() -> None:
    keys: set[str] = {CONTACT, WAYS, gate.NUMBER, gate.NOTE, *SENDER}
    for name in ("forms.yaml", "calendar.yaml", "media_compare.yaml"):
        keys |= {key for key in _keys(yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))) if name == "forms.yaml" or "." in key}
    assert keys - set(ANSWERS) == set()
    assert all(answer_way(key) is Way.KEEP for key in (f"{traits.TRAIT}easy",)) and TRAIT == traits.TRAIT


def test_every_answer_of_the_worked_example_has_been_decided_about() -> None:
    answers = read_answers(the_example())
    assert {key for key in answers if not key.startswith(TRAIT)} <= set(ANSWERS)


def test_a_field_that_nobody_decided_about_stays_here() -> None:
    assert answer_way("somebody.new") is Way.STAY


@pytest.mark.parametrize("key", [f"{PRACTICE}02_followup_research.people", f"{GUESS}followup.1", PRACTICE, GUESS])
def test_what_was_practised_and_what_was_guessed_stay_here(key: str) -> None:
    assert answer_way(key) is Way.STAY and not sound("answer", {"id": 1, "key": key, "value": '"x"', "saved_at": "2026-11-02"})


def test_the_list_names_every_text_that_leaves_and_everything_that_stays() -> None:
    told = {name for one in words().texts for name in one.columns}
    assert told == {f"{table}.{column}" for (table, column), way in DECIDED.items() if way is Way.MASK}
    stays = {name for one in words().stays for name in one.columns}
    assert stays == {f"{table}.{column}" for (table, column), way in DECIDED.items() if way is Way.BLANK} | {"person.name", "group.name"}
    assert {table for one in words().stays for table in one.tables} == {table for (table, _), way in DECIDED.items() if way is Way.STAY}
    assert [begin for one in words().stays for begin in one.begins] == list(STAYING)
    assert {key for one in words().stays for key in one.fields} == {key for key, way in ANSWERS.items() if way is Way.STAY}


def test_every_table_that_leaves_is_told_of_in_the_list() -> None:
    """But those that only tie rows together, or hold nothing besides what is told of elsewhere."""
    told = {one.table for one in words().facts} | {name.split(".")[0] for one in words().texts for name in one.columns}
    ties = {"quote", "placement", "evidence", "improvement_evidence", "choice_evidence", "shared_words", "consent_voice", "feedback_mark"}
    inner = {"source", "plan", "group", "piece", "paper_copy", "recurring", "threshold"}
    assert {table for (table, _), way in DECIDED.items() if way is not Way.STAY} - told == ties | inner


def test_every_text_answer_is_called_by_its_question() -> None:
    assert {key for key, way in ANSWERS.items() if way is Way.MASK} <= set(questions())


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("person", {"name": "田中"}),
        ("person", {"name": "お客さま2"}),
        ("person", {"key": "name:田中"}),
        ("person", {"note": "甘いものが好き"}),
        ("person", {"about": '{"年代": "50代"}'}),
        ("source", {"name": "お客さま名簿.csv"}),
        ("voice", {"identity": "0" * 64}),
        ("answer", {"key": "consent.contact"}),
        ("answer", {"key": "somebody.new"}),
        ("act", {}),
    ],
)
def test_a_row_that_should_have_stayed_is_not_sound(table: str, row: dict[str, Any]) -> None:
    empty: dict[str, Any] = dict.fromkeys(POLICY[table], "") | {"id": 1}
    good = (
        empty
        | {column: shape.format(id=1) for (of, column), shape in NUMBERED.items() if of == table}
        | ({"key": "shop"} if table == "answer" else {})
    )
    assert sound(table, good) is (table != "act")
    assert not sound(table, good | row)


def _keys(found: Any) -> set[str]:
    if isinstance(found, dict):
        own = {found["key"]} if isinstance(found.get("key"), str) else set()
        return own | {key for value in found.values() for key in _keys(value)}
    return {key for one in found for key in _keys(one)} if isinstance(found, list) else set()
