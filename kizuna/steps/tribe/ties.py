"""Who knows whom, who would like to be brought together with others, and who might enjoy whom: only among those who said yes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, combinations
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language.complements import Complement, complements
from kizuna.process import Part
from kizuna.steps import people
from kizuna.steps.cards import Card
from kizuna.steps.people import GONE, NO, UNSAID, YES, PersonView, words
from kizuna.steps.themes import themes
from kizuna.steps.tribe.likes import ALIKE, likeness, tells
from kizuna.steps.tribe.spoken import Sentence, spoken
from kizuna.workbook.models import Introduction, Person, Tie
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

ALIKE_WHY = "似たことを話されたお二人です。"
TOGETHER_WHY = "同じ望みのまとまり（{}）に、声が入っているお二人です。"
EACH = 3  # of one person, so that nobody is proposed to everybody
_EDITABLE = {"wish", "asked_on", "method", "wording"}
_WISHES = (YES, NO, UNSAID)
_Pair = tuple[Card, Card, str]  # the words of two people, and why they go together


class Bond(StrEnum):
    """What holds between two people, as it is stored."""

    KNOWS = "knows"
    MET = "met"
    APART = "apart"


@dataclass(frozen=True)
class IntroductionView:
    """Whether somebody would like to be brought together with others, and how we know."""

    wish: str = UNSAID
    asked_on: date | None = None
    method: str = ""
    wording: str = ""

    @property
    def yes(self) -> bool:
        """Whether she said yes, with the day on which she was asked: her name and words go to somebody else."""
        return self.wish == YES and self.asked_on is not None


@dataclass(frozen=True)
class TieView:
    """A tie between two people, as the owner noted it."""

    id: int
    first: PersonView
    second: PersonView
    bond: Bond
    noted_on: date
    note: str


@dataclass(frozen=True)
class Match:
    """Two people who might enjoy one another, ``why`` in one sentence, and the words of each that show it, in the order of the two."""

    first: PersonView
    second: PersonView
    why: str
    cards: tuple[Card, Card]


def introductions(book: Workbook) -> dict[int, IntroductionView]:
    """What each was asked and said about being brought together with others, by person."""
    with book.reading() as session:
        return {
            row.person_id: IntroductionView(row.wish, row.asked_on, row.method, row.wording)
            for row in session.scalars(select(Introduction))
        }


def welcome(book: Workbook) -> tuple[PersonView, ...]:
    """Those who said yes to being brought together with others, and who want to hear from us at all."""
    said = introductions(book)
    return tuple(one for one in people.everyone(book) if one.id in said and said[one.id].yes and not one.stopped)


def set_introduction(book: Workbook, person_id: int, seen: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Write down what somebody said (``wish``, ``asked_on``, ``method``, ``wording``); returns what another page had written meanwhile."""
    only(fields, _EDITABLE)
    if fields.get("wish", UNSAID) not in _WISHES or fields.get("method", "") not in (
        "",
        *(one.key for one in words().ways if not one.bought),
    ):
        raise KizunaError("一覧の中から選んでください。")
    if fields.get("asked_on") and fields["asked_on"] > date.today():
        raise KizunaError("うかがった日は、今日か、それより前の日にしてください。")
    with book.act("引き合わせのご希望を書いた") as session:
        fetch(session, Person, person_id, GONE)
        row = session.scalars(select(Introduction).where(Introduction.person_id == person_id)).first()
        if row is None:
            row = Introduction(person_id=person_id, wish=UNSAID, asked_on=None, method="", wording="")
            others = overwrite(row, fields, seen)
            if any(getattr(row, key) not in (None, "", UNSAID) for key in _EDITABLE):
                session.add(row)
            return others
        return overwrite(row, fields, seen)


def ties(book: Workbook) -> tuple[TieView, ...]:
    """Every tie the owner noted, in the order in which they were noted."""
    everyone = {one.id: one for one in people.everyone(book)}
    with book.reading() as session:
        rows = session.scalars(select(Tie).order_by(Tie.id))
        return tuple(
            TieView(row.id, everyone[row.first_id], everyone[row.second_id], Bond(row.kind), row.noted_on, row.note) for row in rows
        )


def know(book: Workbook, one_id: int, other_id: int, note: str = "", noted_on: date | None = None) -> int:
    """Note that two people know each other; returns the tie's id."""
    with book.act("知り合いどうしと書きとめた") as session:
        return _tie(session, one_id, other_id, Bond.KNOWS, note, noted_on)


def introduce(book: Workbook, one_id: int, other_id: int, note: str = "", noted_on: date | None = None) -> int:
    """Note that we brought two people together; raises ``KizunaError`` unless both said yes to that."""
    ready = {one.id for one in welcome(book)}
    with book.act("お引き合わせしたと書きとめた") as session:
        for person_id in (one_id, other_id):
            who = fetch(session, Person, person_id, GONE)
            if person_id not in ready:
                raise KizunaError(f"{who.called}には、まだ引き合わせのお返事をいただいていません。先に、ご本人にうかがいましょう。")
        return _tie(session, one_id, other_id, Bond.MET, note, noted_on)


def keep_apart(book: Workbook, one_id: int, other_id: int, note: str = "", noted_on: date | None = None) -> int:
    """Note that we will not bring two people together: they are not proposed again."""
    with book.act("この二人は引き合わせないと決めた") as session:
        return _tie(session, one_id, other_id, Bond.APART, note, noted_on)


def untie(book: Workbook, tie_id: int) -> None:
    """Take back what was noted between two people."""
    with book.act("つながりを消した") as session:
        session.delete(fetch(session, Tie, tie_id, "このつながりは、ほかの画面で消されました。画面を新しくしてください。"))


def matches(book: Workbook, most: int = 30) -> tuple[Match, ...]:
    """Who might enjoy whom, among those who said yes and are not tied yet: of nobody more than ``EACH``.

    First whose words complete one another, then whom the owner gathered into one theme, then whose words are alike.
    """
    ready = {one.id: one for one in welcome(book)}
    if len(ready) < 2:
        return ()
    tied = {(one.first.id, one.second.id) for one in ties(book)}
    said = spoken(book, ready)
    found: list[Match] = []
    count = dict.fromkeys(ready, 0)
    for one, other, why in chain(_completing(said), _gathered(book, ready), _alike(book, said)):
        pair = (min(one.person_id, other.person_id), max(one.person_id, other.person_id))
        if pair in tied or any(count[number] >= EACH for number in pair):
            continue
        tied.add(pair)
        for number in pair:
            count[number] += 1
        found.append(Match(ready[one.person_id], ready[other.person_id], why, (one, other)))
    return tuple(found[:most])


def _completing(said: Sequence[Sentence]) -> Iterator[_Pair]:
    """Who offers something, who would like it, and how these two go together."""
    for each in complements():
        wanting = [one for one in said if each.want.found_in(one.text)]
        for give in (one for one in said if each.give.found_in(one.text)):
            for want in _first_words(wanting, give, each):
                yield give.card, want.card, each.why


def _gathered(book: Workbook, ready: Collection[int]) -> Iterator[_Pair]:
    """Who lies together in a theme of the owner's naming."""
    for view in themes(book, Part.TRIBE):
        if not view.drafted:
            for one, other in combinations([card for card in view.cards if card.person_id in ready], 2):
                if one.person_id != other.person_id:
                    yield one, other, TOGETHER_WHY.format(view.name)


def _first_words(wanting: Sequence[Sentence], give: Sentence, each: Complement) -> list[Sentence]:
    """The first words of each other person that want what is given; somebody who gives the same herself does not wait for it."""
    first: dict[int, Sentence] = {}
    for one in wanting:
        if one.person_id != give.person_id and not each.give.found_in(one.text):
            first.setdefault(one.person_id, one)
    return list(first.values())


def _alike(book: Workbook, said: Sequence[Sentence]) -> Iterator[_Pair]:
    """Pairs of sentences of two people that say the same, the most alike first."""
    telling = [one for one in said if tells(one)]
    if len(telling) < 2:
        return
    alike = likeness(book, telling, [one for one in spoken(book) if tells(one)])
    near = [(-float(alike[i, j]), i, j) for i, j in combinations(range(len(telling)), 2) if alike[i, j] >= ALIKE]
    for _, i, j in sorted(near):
        yield telling[i].card, telling[j].card, ALIKE_WHY


def _tie(session: Session, one_id: int, other_id: int, bond: Bond, note: str, noted_on: date | None) -> int:
    if one_id == other_id:
        raise KizunaError("ちがうお二人を選んでください。")
    first, second = (fetch(session, Person, number, GONE) for number in sorted((one_id, other_id)))
    there = session.scalars(select(Tie).where(Tie.first_id == first.id, Tie.second_id == second.id)).first()
    if there is not None:
        raise KizunaError(
            f"{first.called}と{second.called}のことは、もう書きとめてあります。書き直すときは、先に下の一覧から消してください。"
        )
    row = Tie(first_id=first.id, second_id=second.id, kind=bond, noted_on=noted_on or date.today(), note=note.strip())
    session.add(row)
    session.flush()
    return row.id
