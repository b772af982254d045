"""Touches: what passes between a person and us, who may feel forgotten, and which small thing could be done next."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language.media import Medium, media
from kizuna.process import Part, Step
from kizuna.steps.cards import Card, card, heard_in
from kizuna.steps.people import GONE, NO, PersonView, TouchKind, everyone, words
from kizuna.workbook.models import Person, PlannedTouch, Quote, Touch, Voice
from kizuna.workbook.reading import Topic, clean
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

INTERVIEW, OPINION, THANKED, TOLD, ASKED_TO_USE = "interview", "opinion", "thanked", "told", "purchase"
IN_PERSON = "facetoface"
_EDITABLE = {"on", "kind", "medium", "note"}


@dataclass(frozen=True)
class TouchView:
    """One touch; ``id`` is None where it is known from voices (an interview) and not written down itself."""

    id: int | None
    person_id: int
    person: str
    on: date
    kind: TouchKind
    medium: str | None
    note: str


@dataclass(frozen=True)
class Balance:
    """おかげさま帳: how often we gave, how often we asked, how often something came from her."""

    given: int = 0
    asked: int = 0
    come: int = 0


@dataclass(frozen=True)
class NextAct:
    """What could be done next for a person: how, why (one sentence), and the words of hers that it goes back to."""

    medium: Medium
    kind: str
    reason: str
    card: Card | None = None


@dataclass(frozen=True)
class Waiting:
    """Somebody whom we have not touched for longer than meant: ``over`` the most that may pass, or soon to be."""

    person: PersonView
    days: int
    over: bool
    next: NextAct


@dataclass(frozen=True)
class Owed:
    """Thanks that were not said yet: to whom, and for what."""

    person: PersonView
    touch: TouchView

    @property
    def reason(self) -> str:
        """What they are for and since when, in one sentence."""
        on = self.touch.on
        return words().reasons["thanks"].format(day=f"{on.month}月{on.day}日", what=self.touch.kind.label)


@dataclass(frozen=True)
class Outlook:
    """Everybody, and among them who waits for a word from us, who for thanks, and of whom nothing can be said (no touch is noted).

    ``waiting``: first those whose most days have passed, then those whose ideal interval has (そろそろ), each the longest overdue first.
    ``thanks``: they lately did us a kindness, sent somebody or gave us their time, and we have not thanked them on that day or since.
    """

    everyone: tuple[PersonView, ...]
    waiting: tuple[Waiting, ...]
    thanks: tuple[Owed, ...]
    unrecorded: tuple[PersonView, ...]


def kinds() -> dict[str, TouchKind]:
    """The kinds of touches by key, in the order of the content file."""
    return {one.key: one for one in words().touches}


def touches(book: Workbook, person_id: int | None = None) -> tuple[TouchView, ...]:
    """All touches, or those of one person, the latest first; a day on which somebody's words were heard is one, without being stored twice."""
    with book.reading() as session:
        return _touches(session, None if person_id is None else [person_id])


def log(
    book: Workbook,
    person_id: int,
    kind: str,
    on: date | None = None,
    medium: str | None = None,
    note: str = "",
    today: date | None = None,
) -> int:
    """Write down a touch; from here her interval begins anew. Returns its id."""
    values = _checked({"on": on or today or date.today(), "kind": kind, "medium": medium, "note": note}, today)
    with book.act(f"「{kinds()[kind].label}」を書いた") as session:
        return _written(session, person_id, values)


def start(
    session: Session, person_id: int, kind: str, on: date, medium: str | None = None, note: str = "", today: date | None = None
) -> int:
    """The same within an act."""
    return _written(session, person_id, _checked({"on": on, "kind": kind, "medium": medium, "note": note}, today))


def edit(book: Workbook, touch_id: int, seen: dict[str, Any] | None = None, today: date | None = None, **fields: Any) -> dict[str, Any]:
    """Change a touch; returns what another page had written meanwhile in those fields (compared with ``seen``)."""
    only(fields, _EDITABLE)
    values = _checked(fields, today)
    with book.act("やりとりの記録を書き直した") as session:
        return overwrite(_touch(session, touch_id), values, seen)


def remove(book: Workbook, touch_id: int) -> None:
    """Take a touch away; where it stood for one of the calendar, that waits again."""
    with book.act("やりとりの記録を消した") as session:
        for planned in session.scalars(select(PlannedTouch).where(PlannedTouch.touch_id == touch_id)):
            planned.touch_id = None
        session.flush()
        session.delete(_touch(session, touch_id))


def balance(book: Workbook, person_id: int) -> Balance:
    """What was given, asked and came between one person and us."""
    return _balances(touches(book, person_id)).get(person_id, Balance())


def balances(book: Workbook) -> dict[int, Balance]:
    """The same for everybody with any touch, by the person's id."""
    return _balances(touches(book))


def recent(book: Workbook, count: int) -> tuple[TouchView, ...]:
    """The touches that were written down, the latest ``count`` of them."""
    with book.reading() as session:
        rows = session.execute(
            select(Touch, Person).join(Person, Person.id == Touch.person_id).order_by(Touch.on.desc(), Touch.id.desc()).limit(count)
        )
        return tuple(_view(row, person.called) for row, person in rows)


def outlook(book: Workbook, today: date | None = None) -> Outlook:
    """Who is to be thought of today.

    Left out are who wants to hear nothing from us, who belongs to the shop, and whom nothing is known to reach (nobody knows her name).
    """
    now = today or date.today()
    everyone_ = everyone(book)
    reached = {one.id: one for one in everyone_ if _reachable(one)}
    late = [(one, days) for one in reached.values() if (days := one.days_since(now)) is not None and days > one.ideal_days]
    late.sort(key=lambda pair: (pair[1] <= pair[0].worst_days, -pair[1] / pair[0].worst_days, pair[0].id))
    with book.reading() as session:
        wishes, unthanked = _wishes(session, [one.id for one, _ in late]), _unthanked(session, now)
    owed = {one.id: Owed(one, unthanked[one.id]) for one in reached.values() if one.id in unthanked}
    return Outlook(
        everyone_,
        tuple(Waiting(one, days, days > one.worst_days, _next(one, owed.get(one.id), wishes.get(one.id))) for one, days in late),
        tuple(owed.values()),
        tuple(one for one in reached.values() if one.last_touch_on is None),
    )


def forgotten(book: Workbook, today: date | None = None) -> tuple[Waiting, ...]:
    """Those who may feel forgotten: the most days that may pass between two touches have passed, the longest overdue first.

    That people go because they were forgotten is the view of the course's author, not a number that was measured.
    """
    return tuple(one for one in outlook(book, today).waiting if one.over)


def _balances(views: Iterable[TouchView]) -> dict[int, Balance]:
    found: dict[int, dict[str, int]] = {}
    for one in views:
        counts = found.setdefault(one.person_id, {})
        counts[one.kind.direction] = counts.get(one.kind.direction, 0) + 1
    return {person_id: Balance(**counts) for person_id, counts in found.items()}


def _reachable(one: PersonView) -> bool:
    """Whether we may and can turn to her: she has not stopped us, is no part of the shop, and has a name or an address."""
    return not one.stopped and not one.inside and (one.name is not None or bool(one.reach)) and _medium(one) is not None


def _medium(one: PersonView) -> Medium | None:
    """The lightest medium she wants; in person where nothing is known, unless she does not want that either."""
    wanted = [*one.reach, *([IN_PERSON] if one.contact(IN_PERSON).wish != NO else [])]
    return media()[wanted[0]] if wanted else None


def _next(one: PersonView, owed: Owed | None, wish: Card | None) -> NextAct:
    medium = _medium(one)
    if medium is None:
        raise ValueError(f"nothing reaches person {one.id}")
    if owed:
        return NextAct(medium, THANKED, owed.reason)
    return NextAct(medium, TOLD, words().reasons["wish" if wish else "hello"], wish)


def _wishes(session: Session, person_ids: Collection[int]) -> dict[int, Card]:
    """The latest answer of each to what she would like afterwards."""
    wanted = (*heard_in(Part.FOLLOWUP), Voice.topic == Topic.FOLLOWUP, Voice.person_id.in_(person_ids))
    query = select(Quote).join(Quote.voice).where(*wanted).order_by(Quote.id)
    return {quote.voice.person_id: card(quote) for quote in session.scalars(query)}


def _unthanked(session: Session, today: date) -> dict[int, TouchView]:
    """Whom we owe thanks for something of the last days, and the latest thing that they are for."""
    owed: dict[int, TouchView] = {}
    thanked: dict[int, date] = {}
    for one in reversed(_touches(session, None, today - timedelta(days=words().thanks_days))):
        if one.on > today:
            continue
        if one.kind.key in words().thank_for:
            owed[one.person_id] = one
        elif one.kind.key == THANKED:
            thanked[one.person_id] = one.on
    return {person_id: one for person_id, one in owed.items() if thanked.get(person_id, date.min) < one.on}


def _touches(session: Session, person_ids: Collection[int] | None, since: date = date.min) -> tuple[TouchView, ...]:
    stored, heard = (
        select(Touch).where(Touch.on >= since),
        select(Voice.person_id, Voice.heard_on, Voice.step).where(Voice.heard_on >= since).distinct(),
    )
    if person_ids is not None:
        stored, heard = stored.where(Touch.person_id.in_(person_ids)), heard.where(Voice.person_id.in_(person_ids))
    rows, days = session.scalars(stored).all(), session.execute(heard).all()
    ids = {row.person_id for row in rows} | {who for who, *_ in days}
    people = {row.id: row.called for row in session.scalars(select(Person)) if row.id in ids}
    views = [_view(row, people[row.person_id]) for row in rows]
    views += [
        TouchView(None, who, people[who], day, kinds()[OPINION if step == Step.FEEDBACK else INTERVIEW], None, "")
        for who, day, step in days
        if day
    ]
    return tuple(sorted(views, key=lambda one: (one.on, one.id or 0), reverse=True))


def _view(row: Touch, person: str) -> TouchView:
    return TouchView(row.id, row.person_id, person, row.on, kinds().get(row.kind) or _lost(row.kind), row.medium, row.note)


def _lost(key: str) -> TouchKind:
    """A kind that an instructor took out of the content file."""
    return TouchKind(key=key, label=key, direction="given", button=False)


def _written(session: Session, person_id: int, values: dict[str, Any]) -> int:
    row = Touch(person_id=fetch(session, Person, person_id, GONE).id, **values)
    session.add(row)
    session.flush()
    return row.id


def _checked(fields: dict[str, Any], today: date | None) -> dict[str, Any]:
    values = {key: clean(value) or "" if key == "note" else value for key, value in fields.items()}
    if "kind" in values and not (values["kind"] in kinds() and kinds()[values["kind"]].button):
        raise KizunaError("やりとりの種類は、一覧の中から選んでください。")
    if "medium" in values:
        values["medium"] = values["medium"] or None
        if values["medium"] is not None and values["medium"] not in media():
            raise KizunaError("届け方は、一覧の中から選んでください。")
    if "on" in values:
        if not isinstance(values["on"], date):
            raise KizunaError("日にちを選んでください。")
        if values["on"] > (today or date.today()):
            raise KizunaError("まだ来ていない日です。その日が来てから書いてください。これからの予定は、予定表に入れられます。")
    return values


def _touch(session: Session, touch_id: int) -> Touch:
    return fetch(session, Touch, touch_id, "このやりとりの記録は、ほかの画面で消されました。画面を新しくしてください。")
