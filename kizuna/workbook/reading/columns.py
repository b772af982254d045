"""What each column of a table is most likely for, from its header and from what stands below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from kizuna.workbook.reading.cell import ERROR_CELLS, Cell, text_of
from kizuna.workbook.reading.dates import read_date
from kizuna.workbook.reading.hints import RoleHint, hints, is_answer, is_question, plain, topic_of, word_in
from kizuna.workbook.reading.role import Role, Topic
from kizuna.workbook.reading.table import Table

LOOK_AT = 300
SAMPLES = 3
SHORT = 25
VERY_SHORT = 8
LONG_ANSWER = 15

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?:\+81|0)[\d()（）ー−-]{9,13}|〒?\d{3}-\d{4}.*")
_LINK = re.compile(r"(?:https?://\S+[,\s]*)+")
_UNCLEAR_DATE = re.compile(r"\d{1,2}/\d{1,2}|\d{5}(?:\.\d+)?")


@dataclass(frozen=True)
class Column:
    """One column: place, header, guessed role and topic, up to three samples, how many cells are filled, why it was guessed so."""

    index: int
    header: str
    role: Role
    topic: Topic
    samples: tuple[str, ...]
    filled: int
    why: str


@dataclass(frozen=True)
class _Look:
    """How the filled cells of one column look, each as a share of them."""

    count: int
    mean: float
    distinct: int
    dates: float
    maybe_dates: float
    numbers: float
    contacts: float
    links: float
    answers: float
    media: float

    @property
    def short(self) -> bool:
        return self.mean <= SHORT and (self.answers < 0.5 or self.mean <= VERY_SHORT)

    @property
    def choices(self) -> bool:
        return (self.distinct <= 3 and self.mean <= 40) or (self.distinct <= 6 and self.distinct * 2 <= self.count and self.mean <= 20)

    def fits(self, answers: str) -> bool:
        """Whether the cells look as a role in ``columns.yaml`` asks of its answers."""
        if answers == "日付":
            return self.dates + self.maybe_dates >= 0.3
        return {"短い": self.short, "選択肢": self.choices}.get(answers, True)


def guess_columns(table: Table, today: date | None = None) -> tuple[Column, ...]:
    """One ``Column`` for each column of ``table``; at least one of them is a voice when any holds text."""
    today = today or date.today()
    columns = [_guess(table, at, today) for at in range(len(table.header))]
    columns = _only_one(columns, Role.WHEN, "日時の列はほかにあるため")
    columns = _only_one(columns, Role.PERSON, "お名前の列はほかにあるため")
    if not any(column.role in (Role.VOICE, Role.MEDIA) for column in columns):
        texts = {
            column.index: _mean(table, column.index) for column in columns if column.role is Role.ABOUT and column.topic is Topic.OTHER
        }
        longest = max(texts, key=lambda at: texts[at], default=None)
        columns = [replace(one, role=Role.VOICE, why="ほかに声らしい列がないため") if one.index == longest else one for one in columns]
    return tuple(columns)


def _guess(table: Table, at: int, today: date) -> Column:
    header = table.header[at]
    cells = [row.cells[at] for row in table.rows if row.cells[at] is not None]
    role, topic, why = _role(table, header, _look([cell for cell in cells[:LOOK_AT] if cell not in ERROR_CELLS], today))
    return Column(at, header, role, topic, tuple(text_of(cell) for cell in cells[:SAMPLES]), len(cells), why)


def _role(table: Table, header: str, look: _Look) -> tuple[Role, Topic, str]:
    topic, word, strong = topic_of(header)
    if table.kind == "line":
        return {"日時": Role.WHEN, "お名前": Role.PERSON}.get(header, Role.VOICE), Topic.OTHER, "LINE のトークのため"
    if len(table.header) == 1 and look.count:
        return Role.VOICE, topic, "列が一つだけのため"
    if not look.count:
        return Role.SKIP, topic, "中身が空のため"
    if look.contacts >= 0.5:
        return Role.SKIP, topic, "連絡先は取り込みません"
    if look.links >= 0.5:
        return Role.SKIP, topic, "リンク（URL）は取り込みません"
    hint, named = _hint(header, look)
    if hint is None or hint.role in (Role.VOICE, Role.ABOUT):
        if look.dates >= 0.6 and (hint is None or hint.role is Role.VOICE):
            return Role.WHEN, topic, "日付が入っているため"
        if look.numbers >= 0.8:
            return Role.ABOUT, topic, "数字が入っているため"
        if strong and not (hint is not None and hint.role is Role.ABOUT and look.choices):
            return Role.VOICE, topic, f"見出しに「{word}」とあるため"
        if look.media >= 0.6 and look.mean <= SHORT * 2 and word is None:
            return Role.MEDIA, Topic.MEDIA, "メディアの名前が入っているため"
    if hint is not None:
        return hint.role, Topic.MEDIA if hint.role is Role.MEDIA else topic, hint.why or f"見出しに「{named}」とあるため"
    if word is not None:
        return Role.VOICE, topic, f"見出しに「{word}」とあるため"
    if look.mean >= LONG_ANSWER or look.answers >= 0.3:
        return Role.VOICE, topic, "文章が入っているため"
    return Role.ABOUT, topic, "短い答えが入っているため"


def _hint(header: str, look: _Look) -> tuple[RoleHint | None, str | None]:
    """The first role whose words stand in ``header`` and whose answers look as they should, with the word that told."""
    for hint in hints().roles:
        word = word_in(header, hint.words, hint.exact)
        if word is not None and look.fits(hint.answers):
            return hint, word
    return None, None


def _look(cells: Sequence[Cell], today: date) -> _Look:
    texts = [text_of(cell) for cell in cells]
    count = len(texts) or 1
    media = tuple(map(plain, hints().media))
    return _Look(
        count=len(texts),
        mean=sum(map(len, texts)) / count,
        distinct=len(set(texts)),
        dates=sum(_is_date(cell, today) for cell in cells) / count,
        maybe_dates=sum(_may_be_date(cell, today) for cell in cells) / count,
        numbers=sum(isinstance(cell, (int, float)) or _is_number(text) for cell, text in zip(cells, texts, strict=True)) / count,
        contacts=sum(bool(_CONTACT.fullmatch(text)) for text in texts) / count,
        links=sum(bool(_LINK.fullmatch(text)) for text in texts) / count,
        answers=sum(is_answer(text) or (is_question(text) and len(text) > LONG_ANSWER) for text in texts) / count,
        media=sum(len(text) <= 80 and any(name in plain(text) for name in media) for text in texts) / count,
    )


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[-+]?\d{1,12}(?:\.\d+)?", text))


def _is_date(cell: Cell, today: date) -> bool:
    """Whether ``cell`` is a date beyond doubt: no plain number, no "4/5"."""
    if isinstance(cell, (int, float)) or (isinstance(cell, str) and _UNCLEAR_DATE.fullmatch(cell)):
        return False
    try:
        return read_date(cell, today) is not None
    except ValueError:
        return False


def _may_be_date(cell: Cell, today: date) -> bool:
    """Whether ``cell`` is a date only because the header says so: a serial number, "4/5", or a slip like 2026/13/45."""
    if _is_date(cell, today):
        return False
    if isinstance(cell, str) and re.match(r"\D{0,3}\d{1,4}\D\d{1,2}\D", cell + " "):
        return True
    try:
        return read_date(cell, today) is not None
    except ValueError:
        return False


def _only_one(columns: list[Column], role: Role, why: str) -> list[Column]:
    """``columns`` with ``role`` left to one of them, whose header word stands first in ``columns.yaml``, or to 姓 and 名 together."""
    having = [column for column in columns if column.role is role]
    if role is Role.PERSON and {plain(column.header)[-2:].strip("()") for column in having} == {"姓", "名"}:
        return columns
    words = [word for hint in hints().roles if hint.role is role for word in (*hint.words, *hint.exact)]
    ranks = {
        column.index: next((at for at, word in enumerate(words) if plain(word) in plain(column.header)), len(words)) for column in having
    }
    keep = min(ranks, key=lambda at: ranks[at], default=None)
    return [replace(one, role=Role.ABOUT, why=why) if one.role is role and one.index != keep else one for one in columns]


def _mean(table: Table, at: int) -> float:
    texts = [text_of(row.cells[at]) for row in table.rows if isinstance(row.cells[at], str)]
    return sum(map(len, texts)) / len(texts) if texts else -1.0
