"""What the tests of STEP4 begin with: customers' answers in a workbook, and who said them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from kizuna.process import Part
from kizuna.steps import feedback, improvements, plan, themes
from kizuna.steps.cards import cards
from kizuna.steps.proposals import Verdict
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Person
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART = Part.FOLLOWUP
DAY = date(2026, 11, 20)
SAID = [
    ("ミナト", Topic.GOOD, "LINEのお知らせが早くて助かりました。紙の色もすてきでした。"),
    ("シロ", Topic.BAD, "お知らせの電話に、仕事中は出られませんでした。"),
    ("シロ", Topic.WISH, "お知らせは夜に送ってほしい"),
    ("波", Topic.BAD, "カバーが破れていました"),
]


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


def a_plan() -> Workbook:
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
    """The ids of the sentences that came back, by their words."""
    return {one.text: one.id for one in feedback.feedback(book, PART).passages}


def decided(book: Workbook, *texts: str) -> int:
    """The id of an improvement decided for these sentences."""
    ids = passages(book)
    one = improvements.begin(book, PART, Verdict.CHANGE, title="夜にLINEで知らせる", passages=[ids[text] for text in texts])
    improvements.decide(book, one, today=DAY)
    return one
