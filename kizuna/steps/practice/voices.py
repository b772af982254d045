"""The voices that lie on the table in a task: named in the content, fetched letter for letter from the two fictional businesses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Literal

from pydantic import model_validator

from kizuna.content import Entry
from kizuna.errors import KizunaError
from kizuna.steps.cards import Card
from kizuna.steps.sample import DATASETS, example
from kizuna.steps.sample_story import tribe_example
from kizuna.workbook.reading import Table, read_file
from kizuna.workbook.reading.cell import Cell, text_of

_FEEDBACK = ("good", "bad", "wish")
_SHOPS = {"bookshop": "汐風書店（見本）", "inn": "湯宿 ことり（見本）"}
_NAMELESS = "お名前なしの方"

Said = tuple[str, str, date | None, str]  # who, to which question, when, what


class Spoken(Entry):
    """Where a customer's words stand: at the bookshop by who and to which question, at the inn by row of its answers or number of its notes.

    ``words`` is a stretch of them, letter for letter; without it all of them are meant. ``gathering`` is feedback on the bookshop's gathering.
    """

    person: str = ""
    question: Literal["found", "scene", "followup", "tribe", "media", "reason", "good", "bad", "wish", ""] = ""
    gathering: bool = False
    wish: int | None = None
    note: int | None = None
    words: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> Spoken:
        if [bool(self.person and self.question), self.wish is not None, self.note is not None].count(True) != 1:
            raise ValueError("a voice stands in one place")
        return self

    @property
    def shop(self) -> str:
        """Whose customer it is."""
        return "bookshop" if self.person else "inn"


def spoken(one: Spoken) -> Card:
    """The card of these words, as they stand in the data set.

    Raises ``KizunaError`` where nobody said them there.
    """
    place = _place(one)
    if place not in _all(one.shop):
        raise KizunaError(
            f"練習で使う声（{'・'.join(map(str, place[1:]))}）が、見本のデータに見つかりません。名前と番号を確かめてください。"
        )
    person, question, day, text = _all(one.shop)[place]
    if one.words not in text:
        raise KizunaError(
            f"練習で使う「{one.words}」は、{person}の言葉と一文字ずつ同じではありません。見本のデータから写し直してください。"
        )
    return Card(0, one.words or text, 0, person, question, day, _SHOPS[one.shop], False)


def _place(one: Spoken) -> tuple[object, ...]:
    if one.person:
        return ("gathering" if one.gathering else "voice", one.person, one.question)
    return ("wish", one.wish) if one.wish is not None else ("note", one.note)


@cache
def _all(shop: str) -> dict[tuple[object, ...], Said]:
    """Everything that was said to a shop, by the place where it stands."""
    return dict(_at_the_bookshop() if shop == "bookshop" else _at_the_inn())


def _at_the_bookshop() -> Iterator[tuple[tuple[object, ...], Said]]:
    told = example()
    table = _table("bookshop", "voices.csv")
    columns = {key: table.header.index(header) for key, header in told.questions.items()}
    for row in table.rows:
        person = text_of(row.cells[1])
        for key, column in columns.items():
            yield ("voice", person, key), (person, told.questions[key], _day(row.cells[0]), text_of(row.cells[column]))
    for kind, answers in (("voice", told.feedback), ("gathering", tribe_example(DATASETS / "bookshop").feedback)):
        for answer in answers:
            for key in _FEEDBACK:
                if text := getattr(answer, key):
                    yield (kind, answer.person, key), (answer.person, "感想", None, text)


def _at_the_inn() -> Iterator[tuple[tuple[object, ...], Said]]:
    for row in _table("inn", "inn_wishes.csv").rows:
        day, person, text, *_ = row.cells
        yield ("wish", row.number), (text_of(person) or _NAMELESS, "望み", _day(day), text_of(text))
    for row in _table("inn", "inn_reviews.xlsx").rows:
        number, day, person, text = row.cells
        yield ("note", int(text_of(number))), (text_of(person) or _NAMELESS, "感想", _day(day), text_of(text))


def _table(shop: str, name: str) -> Table:
    return read_file(name, (DATASETS / shop / name).read_bytes())


def _day(cell: Cell) -> date:
    """The day an answer came in (those of the data sets lie where their authors put them, whatever today is)."""
    return cell.date() if isinstance(cell, datetime) else datetime.strptime(text_of(cell).partition(" ")[0], "%Y/%m/%d").date()
