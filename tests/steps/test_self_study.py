"""The five weeks of learning alone go through every page once, in the order of the course, and take as long as the pages say."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

from kizuna.process import Part, course, section
from kizuna.steps.self_study import weeks

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
ALL = [one for week in (*weeks().weeks, weeks().after) for one in week.do]


def minutes_of(file: str) -> int:
    cells = json.loads((NOTEBOOKS / f"{file}.ipynb").read_text(encoding="utf-8"))["cells"]
    return int(re.search(r"\*\*所要時間\*\*　(\d+)分", "".join("".join(cell["source"]) for cell in cells))[1])


def test_there_are_five_weeks_each_with_somebody_to_meet() -> None:
    assert len(weeks().weeks) == 5
    assert all(week.do and week.meet.endswith("。") for week in (*weeks().weeks, weeks().after))


def test_every_page_but_those_for_and_of_the_instructor_has_its_place() -> None:
    expected = {one.file for one in course().sections if one.open and not one.apart} - {"13_handin"}
    assert {one.section for one in ALL} == expected


def test_each_page_takes_as_long_as_it_says_itself() -> None:
    told: Counter[str] = Counter()
    for one in ALL:
        told[one.section] += one.minutes
    assert told == {file: minutes_of(file) for file in told}


def test_no_week_takes_more_than_two_hours_and_a_half() -> None:
    assert max(week.minutes for week in weeks().weeks) <= 150


def test_pages_come_in_their_order_and_the_second_part_after_the_weeks() -> None:
    files = [one.section for week in weeks().weeks for one in week.do]
    assert files == sorted(files)
    assert all(section(file).part is not Part.TRIBE for file in files)
    assert all(section(one.section).part is Part.TRIBE for one in weeks().after.do)
