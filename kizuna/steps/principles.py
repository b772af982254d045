"""The thoughts the course rests on, and the one the owner has chosen as her word of the day."""

from __future__ import annotations

from kizuna.content import Entry, load
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.policy import WORD_OF_DAY
from kizuna.workbook.store import Workbook


class Principle(Entry):
    """One thought of the course; ``opinion`` marks an author's view."""

    key: str
    title: str
    text: str
    opinion: bool = False


def principles() -> list[Principle]:
    """Every thought, in the order of ``principles.yaml``."""
    return load("principles.yaml", list[Principle])


def word_of_day(book: Workbook) -> Principle | None:
    """The word of the day, or None where none is chosen (or it is no longer among the thoughts)."""
    return _of(read_answer(book, WORD_OF_DAY))


def choose_word(book: Workbook, key: str | None) -> None:
    """From now on ``key`` is the word of the day; None takes it away."""
    save_answer(book, WORD_OF_DAY, key, "今日の一言")


def after(one: Principle | None) -> Principle:
    """The thought that comes next in the order of the content, the first after the last."""
    every = principles()
    return every[(every.index(one) + 1) % len(every)] if one in every else every[0]


def _of(key: object) -> Principle | None:
    return next((one for one in principles() if one.key == key), None)
