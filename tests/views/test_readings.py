"""What may be read beside the work: every thought of the course has its place, and says whose it is."""

from __future__ import annotations

import re

import ipywidgets as widgets
import pytest

from kizuna.content import load
from kizuna.process import course
from kizuna.steps.calendar import compare
from kizuna.views import forms
from kizuna.views.forms.readings import Paragraph, Reading, readings
from kizuna.views.page import Page
from kizuna.workbook.store import MEMORY, open_workbook

# Every thought the course grew from; each has its place in a reading, and none has two.
THOUGHTS = {
    "age-of-bonds", "known-person", "neighbours", "equal-voice", "own-way", "product-first", "feelings", "stance", "over-service",
    "no-looking-down", "war-words", "companions", "ask-scenes", "five-abilities", "four-obstacles", "no-perfection", "rough-plan",
    "intuition", "forgetting", "satisfaction-is-not-enough", "reach-sums", "every-day", "family-test", "not-everyone", "no-strain",
    "sns-is-no-shop", "five-points", "on-and-off", "feedback-in-return", "perks", "okagesama", "otagaisama", "thanks-words",
    "only-what-is-asked", "nothing-hidden", "threshold-first", "word-of-mouth", "to-be-found", "members-among-themselves",
    "shared-values", "order-of-parts", "people-around", "needs-behind-sns", "owner-as-member", "no-sales-in-the-place",
    "no-push-needed", "one-by-one", "no-bought-lists", "talk-among-members", "more-fun", "real-voices", "not-overnight",
    "work-is-no-war", "purpose", "own-happiness",
}  # fmt: skip
ALL = load("readings.yaml", dict[str, list[Reading]])
EACH = [one for pieces in ALL.values() for one in pieces]


def test_every_thought_of_the_course_has_its_one_place() -> None:
    found = [thought for one in EACH for thought in one.thoughts]
    assert sorted(found) == sorted(THOUGHTS)


def test_every_section_to_the_look_back_has_one_to_three_pieces() -> None:
    assert list(ALL) == [one.file for one in course().sections if one.file <= "12_review"]
    assert all(1 <= len(pieces) <= 3 for pieces in ALL.values())
    assert len({one.key for one in EACH}) == len(EACH)


@pytest.mark.parametrize("one", EACH, ids=lambda one: one.key)
def test_a_piece_is_short_says_whose_thought_it_is_and_ends_with_one_question(one: Reading) -> None:
    said = [sentence for part in one.parts for sentence in re.split(r"(?<=[。？])", part.text) if sentence]
    assert 3 <= len(said) <= 8
    assert [part.by for part in one.parts] == ["author", "course"], "an opinion first, and then what the course makes of it"
    assert "書き手" in one.parts[0].text and "書き手" not in one.parts[1].text
    assert one.question.endswith("か。") and one.question.count("か。") == 1
    assert not re.search(r"事実|証明|研究によると", one.parts[0].text)


def test_the_sums_of_the_example_are_right_and_those_of_the_course() -> None:
    content = compare.words()
    told = next(one for one in EACH if one.key == "many-people").parts
    audiences = content.gathered
    sums = compare.gather(audiences, content.overlap / 100, content.reach_often / 100)
    first, second = (re.findall(r"[\d,]{5,}", part.text) for part in told)
    facebook = sum(one.people for one in audiences if one.medium == "facebook")
    assert [f"{number:,}" for number in (*(one.people for one in audiences[:2]), facebook, audiences[2].people, sums.added)] == first
    assert [f"{number:,}" for number in (facebook, sums.different, sums.reached)] == second


def test_a_page_shows_its_pieces_folded_in_one_widget() -> None:
    page = Page("03_followup_plan", open_workbook(MEMORY))
    shown = forms.reading(page)
    assert isinstance(shown, widgets.HTML) and page.forms == ()
    pieces = readings("03_followup_plan")
    assert shown.value.count("<details>") == len(pieces) == 3 and "open" not in shown.value
    for one in pieces:
        assert one.title in shown.value and one.question in shown.value and all(part.text in shown.value for part in one.parts)
    assert shown.value.count("ある書き手の意見") == shown.value.count("この講座の考え") == 3


def test_the_line_ends_of_the_file_leave_no_blanks_between_japanese_signs() -> None:
    assert Paragraph(by="course", text="はい。 いいえ。 X です。 OK go").text == "はい。いいえ。Xです。OK go"
    assert not any(" " in part.text for one in EACH for part in one.parts)
