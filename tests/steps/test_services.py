"""What is done for nothing is read as people write it, and held against the owner's hours and her plan."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.finding import Strength
from kizuna.process import Part
from kizuna.steps import plan, services
from kizuna.steps.sample import make_sample
from kizuna.steps.services import Service, Services, check, read
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, open_workbook


@pytest.mark.parametrize(
    ("line", "name", "minutes"),
    [
        ("贈りものの包み　1時間30分", "贈りものの包み", 90),
        ("本の相談：２時間", "本の相談", 120),
        ("取り寄せの電話、月に45分くらい", "取り寄せの電話", 45),
        ("配達（約1.5時間）", "配達", 90),
        ("見送り 2時間半", "見送り", 150),
        ("お子さんの見守り", "お子さんの見守り", None),
        ("24時間いつでもお電話", "24時間いつでもお電話", None),
        ("30分の体験", "30分の体験", None),
    ],
)
def test_a_line_is_read_with_the_time_at_its_end(line: str, name: str, minutes: int | None) -> None:
    assert read(line) == Service(name, minutes)


@given(st.text(min_size=1).filter(str.strip))
def test_any_line_is_read(line: str) -> None:
    found = read(line)
    assert found.minutes is None or found.minutes >= 0


def test_what_is_done_for_nothing_is_held_against_the_hours() -> None:
    book = make_sample(MEMORY, date(2026, 11, 26), later=False)
    save_answer(book, "hours", 6.0)
    save_answer(book, services.FIELD, "包み　1時間\n\n電話")
    found = services.services(book)
    planned = plan.plan(book, Part.FOLLOWUP).minutes
    assert found == Services((Service("包み", 60), Service("電話", None)), 6.0, planned)
    assert next(one.message for one in check(found)) == "ひと月にかかる時間が、まだ書かれていません：電話"


@pytest.mark.parametrize(
    ("minutes", "planned", "hours", "told"),
    [
        (361, 0, 6.0, "無料でしていることだけで、ひと月に6時間1分です"),
        (300, 61, 6.0, "無料でしていることと計画を合わせると、6時間1分です"),
        (300, 60, 6.0, None),
        (360, 0, 6.0, None),
        (999, 0, None, None),
        (0, 999, 6.0, None),
    ],
)
def test_more_than_the_hours_is_told_kindly(minutes: int, planned: int, hours: float | None, told: str | None) -> None:
    found = check(Services((Service("包み", minutes),), hours, planned))
    assert [one.strength for one in found] == ([Strength.CARE] if told else [])
    assert not told or found[0].message.startswith(told)


def test_nothing_written_is_nothing() -> None:
    found = services.services(open_workbook(MEMORY))
    assert (found.each, found.minutes, check(found)) == ((), 0, ())
