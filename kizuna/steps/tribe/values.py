"""Shared values: what two or more fans say in their own words. The machine lays such words side by side; the owner gives them a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.language.rules import check_text
from kizuna.process import Part
from kizuna.steps import people
from kizuna.steps.cards import Card, card
from kizuna.steps.themes import ThemeView, themes
from kizuna.steps.tribe.likes import ALIKE, likeness, tells
from kizuna.steps.tribe.spoken import GONE as NO_WORDS
from kizuna.steps.tribe.spoken import Sentence, quote_ids, spoken
from kizuna.workbook.models import Quote, SharedValue, SharedWords
from kizuna.workbook.rows import fetch, overwrite
from kizuna.workbook.store import Workbook

if TYPE_CHECKING:
    import numpy as np

LEAST = 2  # different fans, below which nothing is shared
GONE = "この「大切にしていること」は、ほかの画面で消されました。画面を新しくしてください。"
_BRACKETS = "「」『』｢｣"


@dataclass(frozen=True)
class Proposal:
    """Words of different fans that say much the same; a hint, until the owner names it. ``theme`` is the group in which she gathered them, if she did.

    What is to lie under a value is told by ``sentences`` and ``quotes``: the ids of the one or the other.
    """

    cards: tuple[Card, ...]
    theme: str = ""
    sentences: tuple[int, ...] = ()
    quotes: tuple[int, ...] = ()


@dataclass(frozen=True)
class ValueView:
    """A value under the owner's name for it, the words under it, and the fans who said them."""

    id: int
    name: str
    cards: tuple[Card, ...]
    fans: tuple[int, ...]

    @property
    def shared(self) -> bool:
        """Whether it counts: words of two different fans lie under it."""
        return len(self.fans) >= LEAST


def fans_said(book: Workbook) -> tuple[Sentence, ...]:
    """What the fans said, sentence by sentence."""
    return spoken(book, {one.id for one in people.fans(book)})


def proposals(book: Workbook, most: int = 6) -> tuple[Proposal, ...]:
    """What two or more fans say alike: first what the owner gathered into one theme, then what the machine finds, most alike first.

    Words that lie under a value already are not proposed again.
    """
    used = {(one.person_id, one.text) for value in values(book) for one in value.cards}
    fans = {one.id for one in people.fans(book)}
    gathered = [found for view in themes(book, Part.TRIBE) if (found := _of_theme(view, fans, used))]
    used |= {(one.person_id, one.text) for found in gathered for one in found.cards}
    chosen = [one for one in spoken(book, fans) if tells(one) and not _lies(one.card, used)]
    return (*gathered, *_found(book, chosen))[:most]


def values(book: Workbook) -> tuple[ValueView, ...]:
    """Every value the owner named, shared or not yet, in the order in which they were named."""
    fans = {one.id for one in people.fans(book)}
    with book.reading() as session:
        return tuple(_view(session, row, fans) for row in session.scalars(select(SharedValue).order_by(SharedValue.id)))


def shared(book: Workbook) -> tuple[ValueView, ...]:
    """The values that count: each with words of two different fans."""
    return tuple(one for one in values(book) if one.shared)


def make(book: Workbook, name: str, sentences: Iterable[int] = (), quotes: Iterable[int] = ()) -> int:
    """A value of the owner's naming, resting on sentences and quotes (by their ids); returns its id. Without words there is none."""
    clean = _named(name)
    with book.act(f"大切にしていることに名前をつけた：{clean}") as session:
        quotes = list(dict.fromkeys([*_there(session, quotes), *quote_ids(session, sentences)]))
        if not quotes:
            raise KizunaError("もとになる言葉を選んでください。ファンの方が話された言葉があって、はじめて名前がつけられます。")
        row = SharedValue(name=clean)
        session.add(row)
        session.flush()
        session.add_all(SharedWords(value_id=row.id, quote_id=one) for one in quotes)
        return row.id


def rename(book: Workbook, value_id: int, name: str, seen: str | None = None) -> str | None:
    """Give a value another name; returns what another page had written meanwhile."""
    clean = _named(name)
    with book.act(f"大切にしていることの名前を書いた：{clean}") as session:
        row = fetch(session, SharedValue, value_id, GONE)
        return overwrite(row, {"name": clean}, None if seen is None else {"name": seen}).get("name")


def add_words(book: Workbook, value_id: int, sentences: Iterable[int]) -> None:
    """Lay more words under a value."""
    with book.act("大切にしていることに言葉を加えた") as session:
        fetch(session, SharedValue, value_id, GONE)
        there = set(session.scalars(select(SharedWords.quote_id).where(SharedWords.value_id == value_id)))
        session.add_all(SharedWords(value_id=value_id, quote_id=one) for one in quote_ids(session, sentences) if one not in there)


def take_words(book: Workbook, value_id: int, quote_id: int) -> None:
    """Take words away from a value; the words themselves stay. A value without any goes."""
    with book.act("大切にしていることから言葉を外した") as session:
        row = fetch(session, SharedValue, value_id, GONE)
        rows = session.scalars(select(SharedWords).where(SharedWords.value_id == value_id)).all()
        for one in rows:
            if one.quote_id == quote_id:
                session.delete(one)
        session.flush()
        if all(one.quote_id == quote_id for one in rows):
            session.delete(row)


def remove(book: Workbook, value_id: int) -> None:
    """Take a value away; the words under it stay where they were said."""
    with book.act("大切にしていることを消した") as session:
        row = fetch(session, SharedValue, value_id, GONE)
        for one in session.scalars(select(SharedWords).where(SharedWords.value_id == value_id)):
            session.delete(one)
        session.flush()
        session.delete(row)


def _there(session: Session, quotes: Iterable[int]) -> list[int]:
    return [fetch(session, Quote, one, NO_WORDS).id for one in quotes]


def _lies(one: Card, used: set[tuple[int, str]]) -> bool:
    """Whether these words, or a stretch around or within them, are used by this person already."""
    return any(who == one.person_id and (text in one.text or one.text in text) for who, text in used)


def _of_theme(view: ThemeView, fans: set[int], used: set[tuple[int, str]]) -> Proposal | None:
    cards = tuple(one for one in view.cards if one.person_id in fans and not _lies(one, used))
    enough = not view.drafted and len({one.person_id for one in cards}) >= LEAST
    return Proposal(cards, view.name, quotes=tuple(one.id for one in cards)) if enough else None


def _found(book: Workbook, chosen: Sequence[Sentence]) -> list[Proposal]:
    if len({one.person_id for one in chosen}) < LEAST:
        return []
    alike = likeness(book, chosen, [one for one in spoken(book) if tells(one)])
    found = [[chosen[i] for i in sorted(group)] for group in _groups(alike, chosen)]
    return [Proposal(tuple(one.card for one in group), sentences=tuple(one.id for one in group)) for group in found]


def _view(session: Session, row: SharedValue, fans: set[int]) -> ValueView:
    quotes = session.scalars(
        select(Quote).join(SharedWords, SharedWords.quote_id == Quote.id).where(SharedWords.value_id == row.id).order_by(SharedWords.id)
    )
    cards = tuple(card(one) for one in quotes)
    return ValueView(row.id, row.name, cards, tuple(dict.fromkeys(one.person_id for one in cards if one.person_id in fans)))


def _named(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        raise KizunaError(
            "名前を一文字以上書いてください。「読み終えた気持ちを分け合う」のように、みなさんと口に出せる言葉がよい名前です。"
        )
    if any(sign in clean for sign in _BRACKETS):
        raise KizunaError("かぎかっこは、お客さまの言葉のしるしです。名前は、かぎかっこを使わずに、ご自分の言葉で書いてください。")
    for one in check_text(clean, channel="tribe"):
        if one.strength is Strength.STOP:
            raise KizunaError(f"{one.message}。")
    return clean


def _groups(alike: np.ndarray, chosen: Sequence[Sentence]) -> list[list[int]]:
    """Sentences that are all alike, each of another person and each in one group only: grown from the most alike pair on."""
    pairs = sorted((-float(alike[i, j]), i, j) for i in range(len(chosen)) for j in range(i) if alike[i, j] >= ALIKE)
    taken: set[int] = set()
    found = []
    for _, i, j in pairs:
        if taken & {i, j}:
            continue
        group = [j, i]
        while (more := _next(alike, chosen, group, taken)) is not None:
            group.append(more)
        taken |= set(group)
        found.append(group)
    return found


def _next(alike: np.ndarray, chosen: Sequence[Sentence], group: list[int], taken: set[int]) -> int | None:
    """The sentence that fits a group best: of somebody else, and alike to all that are in it."""
    heard = {chosen[i].person_id for i in group}
    fits = [
        (-float(alike[i, group].mean().round(4)), i)
        for i in range(len(chosen))
        if i not in taken and chosen[i].person_id not in heard and alike[i, group].min() >= ALIKE
    ]
    return min(fits)[1] if fits else None
