"""What the tests of STEP4 begin with: customers' answers in a workbook, and who said them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from kizuna.process import Part
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Person
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART = Part.FOLLOWUP
DAY = date(2026, 11, 20)


def a_book(*said: tuple[str, Topic, str]) -> Workbook:
    """A workbook with these answers and nothing else."""
    book = open_workbook(MEMORY)
    answer(book, *said)
    return book


def answer(book: Workbook, *said: tuple[str, Topic, str]) -> None:
    """Hear feedback: who, on which question, with which words."""
    for who, topic, text in said:
        hear(book, who, DAY, [Said(str(topic), topic, text)], PART)


def person(book: Workbook, name: str) -> int:
    """The id of somebody by her name."""
    with book.reading() as session:
        return session.scalars(select(Person.id).where(Person.name == name)).one()


def rules(found: Any) -> set[str]:
    """The rules that findings come from."""
    return {one.rule for one in found}
