"""People around a shop for the tests of the second part: each with her own words, fans among them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from kizuna.steps import people, roster
from kizuna.steps.tribe import ties
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Person
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook

ASKED = date(2026, 11, 2)


OTHERS = (
    "雨の日に傘を貸してもらいました。", "包み紙の色がきれいで取ってあります。", "駅まで行かずに買えるので助かっています。", "図鑑を毎晩十回読まされています。",
    "眼鏡を変えたら文庫がまた読めました。", "夜勤明けのエッセイで声を出して笑いました。", "棚の前で立ち止まってしまうことがあります。", "船を待つあいだの短編がよかったです。",
)  # fmt: skip


def around(book: Workbook) -> None:
    """Let others speak of other things, so that likeness has something to be seen against."""
    for number, text in enumerate(OTHERS):
        say(book, f"ほかの人{number}", text, Topic.SCENE)


def say(book: Workbook, name: str, text: str, topic: Topic = Topic.REASON) -> int:
    """Let somebody say something; returns her id."""
    hear(book, name, ASKED, [Said(f"{topic.value}の質問", topic, text)])
    with book.reading() as session:
        return session.scalars(select(Person.id).where(Person.name == name)).one()


def fan(book: Workbook, name: str, text: str = "", topic: Topic = Topic.REASON) -> int:
    """A person on the list whose own words mark her a fan; returns her id."""
    number = say(book, name, text or f"{name}はここの選ぶ本が大好きです。", topic)
    roster.mark_fan(book, number, people.quotes_of(book, number)[0].id)
    return number


def yes(book: Workbook, *numbers: int) -> None:
    """Let these people say yes to being brought together with others."""
    for number in numbers:
        ties.set_introduction(book, number, wish="yes", asked_on=ASKED)
