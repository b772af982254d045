"""Who belongs to the place: joining, looking after something, liking to listen, and leaving well; the owner is one member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import roster
from kizuna.steps.people import GONE as NOBODY
from kizuna.steps.people import words as people_words
from kizuna.steps.tribe.gate import pass_through
from kizuna.steps.tribe.words import words
from kizuna.workbook.intake import key_of
from kizuna.workbook.models import Invitation, Member, Offer, Person, called
from kizuna.workbook.reading import clean
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

GONE = "この仲間の記録は、ほかの画面で消されました。画面を新しくしてください。"
_EDITABLE = {"role", "often", "listens", "joined_on"}


@dataclass(frozen=True)
class MemberView:
    """One member; without a person it is the owner. ``inside``: she belongs to the shop; ``stopped``: she wants no letters from us."""

    id: int
    person_id: int | None
    called: str
    joined_on: date
    left_on: date | None
    role: str
    often: str
    listens: bool
    inside: bool = False
    stopped: bool = False

    @property
    def here(self) -> bool:
        """Whether she belongs to the place now."""
        return self.left_on is None


def members(book: Workbook, left: bool = False) -> tuple[MemberView, ...]:
    """The members in the order in which they joined, the owner first; with ``left`` those who left, too."""
    with book.reading() as session:
        rows = session.execute(select(Member, Person).outerjoin(Person, Person.id == Member.person_id)).all()
    views = [_view(row, person) for row, person in rows if left or row.left_on is None]
    return tuple(sorted(views, key=lambda one: (one.person_id is not None, one.joined_on, one.id)))


def join(book: Workbook, person_id: int, on: date | None = None) -> int:
    """Let a person of the list join, or come back; the owner becomes a member with the first. Returns the member's id.

    Raises ``KizunaError`` while the gate is shut (KZ-13).
    """
    pass_through(book)
    with book.act("仲間に加わった") as session:
        return admit(session, person_id, on or date.today()).id


def join_named(book: Workbook, name: str, on: date | None = None) -> int:
    """The same by a name; who is not on the list is put on it in the same act."""
    pass_through(book)
    plain = " ".join((clean(name or "") or "").split())
    with book.act(f"{called(plain)}が仲間に加わった" if plain else "仲間に加わった") as session:
        return admit(session, person_of(session, plain) or roster.enter(session, plain).id, on or date.today()).id


def welcome(book: Workbook, on: date | None = None) -> int:
    """Let all of ``to_welcome`` join, in one act; returns how many."""
    pass_through(book)
    ids = [number for number, _ in to_welcome(book)]
    with book.act("招いて、来てくださった方が仲間に加わった") as session:
        for number in ids:
            admit(session, number, on or date.today())
    return len(ids)


def admit(session: Session, person_id: int, on: date) -> Member:
    """The same within an act; who is a member already stays as she is."""
    fetch(session, Person, person_id, NOBODY)
    _refuse_ahead(on)
    if _of(session, None) is None:
        session.add(Member(person_id=None, joined_on=on))
    row = _of(session, person_id)
    if row is None:
        row = Member(person_id=person_id, joined_on=on)
        session.add(row)
    elif row.left_on is not None:
        row.left_on = None
    session.flush()
    return row


def leave(book: Workbook, member_id: int, on: date | None = None) -> None:
    """Let a member leave; what she did in the place stays, and she may come back at any time."""
    with book.act("仲間から離れた") as session:
        row = fetch(session, Member, member_id, GONE)
        if row.person_id is None:
            raise KizunaError("店主のあなたも、仲間の一人です。集まりがつづくあいだは、ここに入っています。")
        day = on or date.today()
        _refuse_ahead(day)
        row.left_on = max(day, row.joined_on)
        row.role = row.often = ""


def edit(book: Workbook, member_id: int, seen: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Change what a member looks after, how often, whether she likes to listen, or since when she belongs; returns what another page wrote."""
    only(fields, _EDITABLE)
    values = {key: (clean(value) or "") if isinstance(value, str) else value for key, value in fields.items()}
    with book.act("仲間のことを書いた") as session:
        row = fetch(session, Member, member_id, GONE)
        if "joined_on" in values:
            if not isinstance(values["joined_on"], date):
                raise KizunaError("加わった日を選んでください。")
            _refuse_ahead(values["joined_on"])
            if row.left_on is not None and values["joined_on"] > row.left_on:
                raise KizunaError("加わった日が、離れた日よりあとになっています。日にちを確かめてください。")
        return overwrite(row, values, seen)


def to_welcome(book: Workbook) -> tuple[tuple[int, str], ...]:
    """Whom an invitation to the place brought, and who is no member yet (nor left): ids with how they are called."""
    with book.reading() as session:
        known = set(session.scalars(select(Member.person_id)))
        return tuple((one.id, one.called) for one in dict.fromkeys(session.scalars(_came())) if one.id not in known)


def by_invitation(book: Workbook) -> frozenset[int]:
    """Whom an invitation to the place brought: their ids."""
    with book.reading() as session:
        return frozenset(one.id for one in session.scalars(_came()))


def person_of(session: Session, name: str) -> int | None:
    """The person on the list who goes by a name, 「さん」 or not."""
    same = key_of(called(name)) if name else ""
    rows = session.execute(select(Person.id, Person.name).where(Person.name.is_not(None)).order_by(Person.id))
    return next((number for number, known in rows if known and key_of(called(known)) == same), None)


def _came() -> Select[tuple[Person]]:
    return (
        select(Person)
        .join(Invitation, Invitation.person_id == Person.id)
        .join(Offer, Offer.id == Invitation.offer_id)
        .where(Offer.part == Part.TRIBE, Invitation.used_on.is_not(None))
        .order_by(Invitation.id)
    )


def _of(session: Session, person_id: int | None) -> Member | None:
    same = Member.person_id.is_(None) if person_id is None else Member.person_id == person_id
    return session.scalars(select(Member).where(same)).first()


def _refuse_ahead(on: date) -> None:
    if on > date.today():
        raise KizunaError("まだ来ていない日です。その日が来てから書いてください。")


def _view(row: Member, person: Person | None) -> MemberView:
    inside = {one.key for one in people_words().relations if one.inside}
    return MemberView(
        row.id, row.person_id, person.called if person else words().owner, row.joined_on, row.left_on, row.role, row.often, row.listens,
        person is not None and person.relation in inside, person is not None and person.stopped_on is not None,
    )  # fmt: skip
