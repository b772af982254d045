"""The people around the shop: how we met, how close we are and by what it shows, and how each wants to hear from us."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.rules import Facts, check_facts
from kizuna.steps.cards import Card, card
from kizuna.workbook.intake import key_of
from kizuna.workbook.models import Closeness, Contact, FanMark, Group, Person, Quote, Touch, Voice, called
from kizuna.workbook.store import Workbook

CUSTOMER = "customer"
YES, NO, UNSAID = "yes", "no", "unsaid"
GONE = "この方は、ほかの画面で名簿から外されました。画面を新しくしてください。"


class Choice(Entry):
    """Something to choose; ``bought``: refused, the person knows nothing of it; ``inside``: she belongs to the shop."""

    key: str
    label: str
    bought: bool = False
    inside: bool = False


class TouchKind(Entry):
    """A kind of touch; ``button``: the owner writes it down herself."""

    key: str
    label: str
    direction: Literal["given", "asked", "come"]
    button: bool = True


class GroupHint(Entry):
    """A group one may begin with."""

    name: str
    ideal_days: int
    worst_days: int


class PeopleWords(Entry):
    """Everything in ``people.yaml``."""

    met: list[Choice]
    ways: list[Choice]
    relations: list[Choice]
    closeness: dict[int, str]
    wishes: dict[str, str]
    reach: list[str]
    mail: list[str]
    ask_mail: str
    touches: list[TouchKind]
    directions: dict[str, str]
    thank_for: list[str]
    thanks_days: int
    groups: list[GroupHint]
    ideal_days: int
    worst_days: int
    forgotten: str
    thanked: str
    reasons: dict[str, str]


@dataclass(frozen=True)
class ClosenessView:
    """How close a person was on a day, and what showed it."""

    level: int
    evidence: str
    noted_on: date


@dataclass(frozen=True)
class FanView:
    """Her own words that show her a fan, and since when they are marked."""

    card: Card
    marked_on: date


@dataclass(frozen=True)
class ContactView:
    """Whether she wants to hear from us through a medium, and how we know."""

    medium: str
    wish: str = UNSAID
    asked_on: date | None = None
    method: str = ""
    wording: str = ""

    @property
    def allowed(self) -> bool:
        """Whether she said yes; for mail and SMS the day on which she was asked has to stand with it."""
        return self.wish == YES and (self.asked_on is not None or self.medium not in words().mail)


@dataclass(frozen=True)
class PersonView:
    """One person with all that the list knows; ``ideal_days`` and ``worst_days`` are what holds for her, ``own_…`` what is hers alone."""

    id: int
    name: str | None
    called: str
    group_id: int | None
    group: str
    relation: str
    met: str | None
    met_note: str
    note: str
    closeness: tuple[ClosenessView, ...]
    fan: tuple[FanView, ...]
    contacts: tuple[ContactView, ...]
    stopped_on: date | None
    own_ideal: int | None
    own_worst: int | None
    ideal_days: int
    worst_days: int
    last_touch_on: date | None
    voices: int

    @property
    def level(self) -> int | None:
        """How close she is now, None while nobody has said."""
        return self.closeness[-1].level if self.closeness else None

    @property
    def stopped(self) -> bool:
        """Whether she wants to hear nothing from us."""
        return self.stopped_on is not None

    @property
    def inside(self) -> bool:
        """Whether she belongs to the shop (family, staff, partners) rather than to its customers."""
        return any(one.inside for one in words().relations if one.key == self.relation)

    def days_since(self, today: date) -> int | None:
        """Days since the last touch, None where there is none."""
        return None if self.last_touch_on is None else (today - self.last_touch_on).days

    def contact(self, medium: str) -> ContactView:
        """What is known of her wish for a medium."""
        return next((one for one in self.contacts if one.medium == medium), ContactView(medium))

    @property
    def reach(self) -> tuple[str, ...]:
        """The media through which she wants to hear from us, the lightest first; none when she wants nothing."""
        return () if self.stopped else tuple(medium for medium in words().reach if self.contact(medium).allowed)


def words() -> PeopleWords:
    """The choices and labels as ``content/people.yaml`` tells them."""
    return load("people.yaml", PeopleWords)


def everyone(book: Workbook) -> tuple[PersonView, ...]:
    """Everybody on the list: those with a name first, then in the order in which they came."""
    with book.reading() as session:
        return _views(session, None)


def person(book: Workbook, person_id: int) -> PersonView:
    """One person of the list."""
    with book.reading() as session:
        found = _views(session, person_id)
    if not found:
        raise KizunaError(GONE)
    return found[0]


def named(book: Workbook, name: str) -> int:
    """The id of the person of that name, with or without さん, or as the page calls her. Raises ``KizunaError`` where there is none."""
    wanted = {key_of(name), key_of(called(name.strip()))}
    found = next((one.id for one in everyone(book) if key_of(one.called) in wanted), None)
    if found is None:
        raise KizunaError(f"「{name}」という方は、名簿にいらっしゃいません。名簿にあるとおりのお名前を書いてください。")
    return found


def fans(book: Workbook) -> tuple[PersonView, ...]:
    """Those whose own words show that they are fans."""
    return tuple(one for one in everyone(book) if one.fan and not one.inside)


def groups(book: Workbook) -> tuple[Group, ...]:
    """The groups in the order in which they were made."""
    with book.reading() as session:
        return tuple(session.scalars(select(Group).order_by(Group.id)))


def quotes_of(book: Workbook, person_id: int) -> tuple[Card, ...]:
    """All cards with a person's own words, the latest first."""
    with book.reading() as session:
        rows = session.scalars(select(Quote).join(Quote.voice).where(Voice.person_id == person_id, Quote.laid).order_by(Quote.id.desc()))
        return tuple(card(quote) for quote in rows)


def check_contact(one: PersonView, medium: str, advert: bool = False) -> list[Finding]:
    """What stands against writing to a person through a medium: the stop list (ML-03), and for mail the missing record (ML-01)."""
    contact = one.contact(medium)
    mail = advert and medium in words().mail
    return check_facts(Facts(stopped=one.stopped or contact.wish == NO, advert_mail=mail, mail_consent=contact.allowed))


def who_wants(book: Workbook, medium: str) -> tuple[PersonView, ...]:
    """Those who want to hear from us through a medium."""
    return tuple(one for one in everyone(book) if medium in one.reach)


def contact_days(session: Session, ours: bool = False) -> dict[int, list[date]]:
    """The days, in their order, on which each person and we had to do with one another; ``ours``: without those on which she came to us."""
    found: dict[int, list[date]] = {}
    days = _contacts(ours)
    for who, day in session.execute(select(days.c.person_id, days.c.on).order_by(days.c.on)):
        found.setdefault(who, []).append(day)
    return found


def _views(session: Session, only: int | None) -> tuple[PersonView, ...]:
    def of(model: Any) -> dict[int, list[Any]]:
        query = select(model) if only is None else select(model).where(model.person_id == only)
        found: dict[int, list[Any]] = {}
        for row in session.scalars(query.order_by(model.id)):
            found.setdefault(row.person_id, []).append(row)
        return found

    closeness, marks, contacts = of(Closeness), of(FanMark), of(Contact)
    quoted = [mark.quote_id for rows in marks.values() for mark in rows]
    cards = {quote.id: card(quote) for quote in session.scalars(select(Quote).where(Quote.id.in_(quoted)))} if quoted else {}
    names = {group.id: group for group in session.scalars(select(Group))}
    last = _last_days(session, only)
    heard: dict[int, int] = {who: count for who, count in session.execute(select(Voice.person_id, func.count()).group_by(Voice.person_id))}  # noqa: C416 - rows are no pairs to mypy
    query = select(Person) if only is None else select(Person).where(Person.id == only)
    views = [
        _view(
            row,
            names.get(row.group_id or 0),
            tuple(ClosenessView(one.level, one.evidence, one.noted_on) for one in _by_day(closeness.get(row.id, []))),
            tuple(FanView(cards[one.quote_id], one.marked_on) for one in marks.get(row.id, [])),
            tuple(ContactView(one.medium, one.wish, one.asked_on, one.method, one.wording) for one in contacts.get(row.id, [])),
            last.get(row.id),
            heard.get(row.id, 0),
        )
        for row in session.scalars(query.order_by(Person.id))
    ]
    return tuple(sorted(views, key=lambda view: (view.name is None, view.id)))


def _by_day(rows: Sequence[Closeness]) -> list[Closeness]:
    return sorted(rows, key=lambda row: (row.noted_on, row.id))


def _view(
    row: Person,
    group: Group | None,
    closeness: tuple[ClosenessView, ...],
    fan: tuple[FanView, ...],
    contacts: tuple[ContactView, ...],
    last: date | None,
    voices: int,
) -> PersonView:
    worst = row.worst_days or (group.worst_days if group else None) or words().worst_days
    ideal = row.ideal_days or (group.ideal_days if group else None) or words().ideal_days
    return PersonView(
        id=row.id,
        name=row.name,
        called=row.called,
        group_id=row.group_id,
        group=group.name if group else "",
        relation=row.relation or CUSTOMER,
        met=row.met,
        met_note=row.met_note or "",
        note=row.note or "",
        closeness=closeness,
        fan=fan,
        contacts=contacts,
        stopped_on=row.stopped_on,
        own_ideal=row.ideal_days,
        own_worst=row.worst_days,
        ideal_days=min(ideal, worst),
        worst_days=worst,
        last_touch_on=last,
        voices=voices,
    )


def _last_days(session: Session, only: int | None) -> dict[int, date]:
    """The last of these days for each."""
    days = _contacts()
    query = select(days.c.person_id, func.max(days.c.on)).group_by(days.c.person_id)
    rows = session.execute(query if only is None else query.where(days.c.person_id == only))
    return {who: last for who, last in rows}  # noqa: C416 - rows are no pairs to mypy


def _contacts(ours: bool = False) -> Subquery:
    """Persons and days: a touch that was written down, or words that she gave us."""
    came = [one.key for one in words().touches if one.direction == "come"] if ours else []
    touched = select(Touch.person_id, Touch.on).where(Touch.kind.not_in(came))
    heard = select(Voice.person_id, Voice.heard_on).where(Voice.heard_on.is_not(None))
    return touched.union(heard).subquery()
