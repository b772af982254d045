"""A workbook with two fans and wishes for a place, as the tests of the tribe's design need it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from kizuna.steps import consents, people, roster
from kizuna.steps.consents import Agreed
from kizuna.steps.tribe import design, onepage
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Person, Quote
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 26)
HEARD = date(2026, 11, 2)
SAID = {
    "ミナト": "かしこまった会は苦手。立ち話くらいがいい。",
    "よし子": "お茶を飲みながら、昔読んだ本の話をするくらいがええねえ。",
    "くじら": "顔を合わせるのが苦手な人は、紙に書いて参加できるといいな。",
}


def a_shop(*, fans: int = 2, **said: str) -> Workbook:
    """A shop whose customers said what place they would like, of whom ``fans`` are fans."""
    book = open_workbook(MEMORY)
    for name, words in (SAID | said).items():
        reason = Said("なぜ当店ですか", Topic.REASON, f"{name}はここの選ぶ本が大好きです。")
        hear(book, name, HEARD, [Said("どんな場があったら", Topic.PLACE, words), reason])
    for name in list(SAID)[:fans]:
        number = who(book, name)
        roster.mark_fan(book, number, next(one.id for one in people.quotes_of(book, number) if "大好き" in one.text))
    return book


def who(book: Workbook, name: str) -> int:
    """The id of somebody by her name."""
    with book.reading() as session:
        return session.scalars(select(Person.id).where(Person.name == name)).one()


def quote(book: Workbook, begins: str) -> int:
    """The id of the card whose words begin so."""
    with book.reading() as session:
        return next(one.id for one in session.scalars(select(Quote)) if one.text.startswith(begins))


def chosen(book: Workbook, topic: str, text: str = "木曜の夕方に、店の奥で。", *begins: str, **fields: Any) -> int:
    """A choice that is decided, resting on the words that begin so (ミナト's, without any); returns its id."""
    one = design.begin(book, topic, [quote(book, each) for each in begins or ("かしこまった",)])
    design.edit(book, one, text=text, **fields)
    design.decide(book, one)
    return one


def allow(book: Workbook, name: str, today: date = TODAY, **agreed: Any) -> int:
    """A consent of this person for her words about the place: on flyers, as 「M」, shortened, unless it is said otherwise; returns its id."""
    with book.reading() as session:
        voice = session.get_one(Quote, quote(book, SAID[name][:5])).voice_id
    wanted = {"scopes": onepage.SCOPES[:1], "name_style": "initial", "shown_name": "M", "edit": "shorten"} | agreed
    return consents.record(book, who(book, name), [voice], Agreed(**wanted), today)
