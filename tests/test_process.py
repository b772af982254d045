"""The map of the course: two parts by five steps, and the way from section to section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kizuna.process import Neighbours, Part, Section, Step, course, neighbours, section

OPEN = [one for one in course().sections if one.open]
WAY = [one for one in OPEN if not one.instructor]


def test_every_part_and_every_step_has_its_words() -> None:
    assert set(course().parts) == set(Part)
    assert set(course().steps) == set(Step)
    assert all(set(text.title) == set(Part) for text in course().steps.values())


def test_the_steps_are_counted_from_one_to_five_in_their_order() -> None:
    assert list(course().steps) == list(Step)
    assert [text.number for text in course().steps.values()] == [1, 2, 3, 4, 5]


def test_each_box_of_the_table_has_exactly_one_section() -> None:
    boxes = [(one.part, one.step) for one in course().sections if one.part]
    assert sorted(boxes) == sorted((part, step) for part in Part for step in Step)
    assert all((one.part is None) == (one.step is None) for one in course().sections)


def test_sections_are_numbered_by_their_files_in_order() -> None:
    assert [one.file[:3] for one in course().sections] == [f"{number:02}_" for number in range(len(course().sections))]
    assert all(re.fullmatch(r"\d\d_[a-z_]+", one.file) for one in course().sections)


def test_a_section_of_the_table_is_called_as_its_box_is() -> None:
    for one in course().sections:
        if one.part and one.step:
            assert one.title == course().steps[one.step].title[one.part]


def test_the_first_sections_are_open_without_a_gap() -> None:
    opened = [one.open for one in course().sections]
    assert opened == sorted(opened, reverse=True)
    assert OPEN


def test_short_names_are_short_and_different() -> None:
    shorts = [one.short for one in course().sections]
    assert len(set(shorts)) == len(shorts)
    assert max(map(len, shorts)) <= 8


@pytest.mark.parametrize("name", ["00_start", "00_start.ipynb"])
def test_a_section_is_found_with_or_without_its_ending(name: str) -> None:
    assert section(name).title == "はじめに"


def test_going_on_and_on_leads_through_all_open_sections_of_participants_and_back() -> None:
    forth = [WAY[0]]
    while after := neighbours(forth[-1].file).after:
        forth.append(after)
    assert forth == WAY
    back = [WAY[-1]]
    while before := neighbours(back[-1].file).before:
        back.append(before)
    assert back == WAY[::-1]


def test_an_instructors_section_stands_behind_the_way_and_belongs_to_no_part() -> None:
    aside = [one for one in OPEN if one.instructor]
    assert aside and WAY + aside == OPEN
    assert all(one.part is None and neighbours(one.file) == Neighbours(None, None) for one in aside)


def test_the_course_does_not_change() -> None:
    assert course() is course()
    with pytest.raises(ValueError, match="frozen"):
        course().sections[0].title = "別の名前"


def test_a_section_says_in_code_what_its_file_says() -> None:
    assert section("02_followup_research") == Section(
        file="02_followup_research", title="望みを聞く", short="望みを聞く", part=Part.FOLLOWUP, step=Step.RESEARCH, open=True
    )


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[1] / "kizuna" / "steps").glob("*.py")), ids=lambda path: path.stem)
def test_no_step_is_written_twice_for_two_parts(path: Path) -> None:
    """One module a step; the part is an argument, never a part of a file's name."""
    assert not set(Part) & set(path.stem.split("_"))
