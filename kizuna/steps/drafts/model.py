"""Drafts as they stand: their forms and parts, the pieces they are made of, and how these spell a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.language.rules.costs import LEAD as COST
from kizuna.process import Part
from kizuna.steps.cards import Card, card
from kizuna.workbook.models import Draft, Person, Piece
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

GONE = "この下書きは、ほかの画面で消されました。画面を新しくしてください。"
ELLIPSIS = "…"


class Kind(StrEnum):
    """What a draft is for."""

    INVITATION = "invitation"
    REQUEST = "request"
    CHANGE = "change"
    TESTIMONIAL = "testimonial"


class Role(Entry):
    """One part of a draft, from the top; only where ``quotes`` is true may customers' words stand; ``purpose`` where it has one of its own.

    ``inside`` true: only in what is said among members; false: only outside. ``cost``: for nothing but what a gathering costs.
    """

    key: str
    label: str
    tribe: str = ""  # its label in the second part, where that is another
    quotes: bool = False
    purpose: str = ""
    inside: bool | None = None
    cost: bool = False


class KindText(Entry):
    """What a kind of draft is called (``tribe``: in the second part), for which purpose its rules are asked, and its parts."""

    name: str
    tribe: str = ""
    purpose: str
    roles: list[Role]


class FormText(Entry):
    """One form a draft can have; ``scope`` is the consent that a customer's words need to stand in it (none: it reaches only herself).

    ``inside``: it is for members only; there is none of it in the first part.
    """

    key: str
    kinds: list[Kind]
    name: str
    channel: str
    scope: str | None = None
    inside: bool = False


class DraftTexts(Entry):
    """Everything in ``drafts.yaml``."""

    forms: list[FormText]
    kinds: dict[Kind, KindText]


@dataclass(frozen=True)
class PieceView:
    """A stretch of a draft: the owner's ``text``, or a customer's words (``card``); ``joined`` to the words before by 「…」."""

    id: int
    role: str
    text: str
    card: Card | None
    voice_id: int | None
    start: int
    joined: bool


@dataclass(frozen=True)
class DraftView:
    """A draft as it stands."""

    id: int
    part: Part
    kind: Kind
    form: FormText
    title: str
    person_id: int | None
    person: str
    offer_id: int | None
    improvement_id: int | None
    pieces: tuple[PieceView, ...]
    ticked: frozenset[str]
    finished_on: date | None

    @property
    def inside(self) -> bool:
        """Whether it is said among members, where nothing is sold."""
        return said_inside(self.part, self.form)

    @property
    def words(self) -> KindText:
        """How its kind is called, and its parts."""
        return kind_text(self.kind, self.part, self.form)

    @property
    def voices(self) -> tuple[int, ...]:
        """The ids of the voices whose words stand in it, each once."""
        return tuple(dict.fromkeys(one.voice_id for one in self.pieces if one.voice_id is not None))

    @property
    def groups(self) -> tuple[tuple[PieceView, ...], ...]:
        """The customers' words, those together that stand within one pair of 「」."""
        return tuple(group for role in self.words.roles for group in self.groups_of(role.key))

    def groups_of(self, role: str) -> tuple[tuple[PieceView, ...], ...]:
        """The same of one part."""
        found: list[tuple[PieceView, ...]] = []
        for one in self.of(role):
            if one.card and one.joined and found:
                found[-1] = (*found[-1], one)
            elif one.card:
                found.append((one,))
        return tuple(found)

    def of(self, role: str) -> tuple[PieceView, ...]:
        """The pieces of one part."""
        return tuple(one for one in self.pieces if one.role == role)

    def paragraphs(self) -> Iterator[tuple[Role, str, tuple[tuple[int, int], ...]]]:
        """Each part that has words: its role, its text, and where in the text a customer's words stand, with their 「」."""
        for role in self.words.roles:
            text, spans = _spelled(self.of(role.key))
            if text and role.cost and not text.startswith("実費"):
                text = f"{COST}{text}"
            if text:
                yield role, text, spans

    @property
    def text(self) -> str:
        """All of it, a part a paragraph."""
        return "\n".join(text for _, text, _ in self.paragraphs())


def texts() -> DraftTexts:
    """The forms and parts of drafts as ``content/drafts.yaml`` tells them."""
    found: DraftTexts = load("drafts.yaml", DraftTexts)
    return found


def forms(kind: Kind, part: Part = Part.FOLLOWUP) -> tuple[FormText, ...]:
    """The forms a kind of draft can have in a part."""
    return tuple(one for one in texts().forms if kind in one.kinds and (part is Part.TRIBE or not one.inside))


def form_text(key: str) -> FormText:
    """The form of that key."""
    return next(one for one in texts().forms if one.key == key)


def said_inside(part: Part, form: FormText | None = None) -> bool:
    """Whether what has this form is said among members: in the second part all but what is shown outside."""
    return part is Part.TRIBE and (form is None or form.scope is None or form.inside)


def kind_text(kind: Kind, part: Part, form: FormText | None = None) -> KindText:
    """How a kind of draft is called in a part, and the parts it has in this form."""
    return _kind_text(kind, part, said_inside(part, form))


@cache
def _kind_text(kind: Kind, part: Part, inside: bool) -> KindText:
    told = texts().kinds[kind]
    here = [one for one in told.roles if one.inside in (None, inside)]
    if part is Part.FOLLOWUP:
        return told.model_copy(update={"roles": here})
    named = [one.model_copy(update={"label": one.tribe or one.label}) for one in here]
    return told.model_copy(update={"name": told.tribe or told.name, "roles": named})


def drafts(
    book: Workbook, part: Part | None = None, kind: Kind | None = None, offer_id: int | None = None, improvement_id: int | None = None
) -> tuple[DraftView, ...]:
    """The drafts of a part, of a kind, of an offer or of an improvement, in the order in which they were begun."""
    wanted = select(Draft).order_by(Draft.id)
    for column, value in (
        (Draft.part, part), (Draft.kind, kind), (Draft.offer_id, offer_id), (Draft.improvement_id, improvement_id)
    ):  # fmt: skip
        wanted = wanted if value is None else wanted.where(column == value)
    with book.reading() as session:
        return tuple(view(session, row) for row in session.scalars(wanted))


def draft(book: Workbook, draft_id: int) -> DraftView:
    """One draft as it stands. Raises ``KizunaError`` where it is gone."""
    with book.reading() as session:
        return view(session, row_of(session, draft_id))


def view(session: Session, row: Draft) -> DraftView:
    """A draft as it stands, within a session."""
    form = form_text(row.form)
    person = session.get(Person, row.person_id) if row.person_id else None
    pieces = tuple(_piece(one) for one in pieces_of(session, row.id))
    return DraftView(
        row.id, Part(row.part), Kind(row.kind), form, row.title, row.person_id, person.called if person else "", row.offer_id,
        row.improvement_id, pieces, frozenset(row.ticked), row.finished_on,
    )  # fmt: skip


def _piece(row: Piece) -> PieceView:
    quote = row.quote
    return PieceView(
        row.id, row.role, row.text, card(quote) if quote else None, quote.voice_id if quote else None, quote.start if quote else 0, row.joined
    )  # fmt: skip


def _spelled(pieces: Sequence[PieceView]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The pieces of one part as one text, and where in it customers' words stand, with their 「」."""
    text = ""
    spans: list[tuple[int, int]] = []
    for one in pieces:
        if one.card is None:
            text += f"\n{one.text}" if text else one.text
        elif one.joined and spans:
            text = f"{text[:-1]}{ELLIPSIS}{one.card.text}」"
            spans[-1] = (spans[-1][0], len(text))
        else:
            text += "\n" if text else ""
            spans.append((len(text), len(text) + len(one.card.text) + 2))
            text += f"「{one.card.text}」"
    return text, tuple(spans)


def row_of(session: Session, draft_id: int) -> Draft:
    """The row of a draft. Raises ``KizunaError`` where it is gone."""
    return fetch(session, Draft, draft_id, GONE)


def pieces_of(session: Session, draft_id: int) -> list[Piece]:
    """A draft's pieces in their order: part by part as they were begun, quotes before the owner's words."""
    return list(session.scalars(select(Piece).where(Piece.draft_id == draft_id).order_by(Piece.role, Piece.position, Piece.id)))
