"""Reading a LINE group's talk in: who spoke when is kept, never the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.steps import roster
from kizuna.steps.tribe.gate import pass_through
from kizuna.steps.tribe.members import admit, person_of
from kizuna.steps.tribe.words import number
from kizuna.workbook.models import Member, Source, Talk
from kizuna.workbook.reading import Spoken
from kizuna.workbook.store import Workbook

KIND = "talk"
OWNER, NEW, NOBODY = "owner", "new", "nobody"  # who a sender is, where she is nobody on the list: nobody is not counted
Who = int | str


@dataclass(frozen=True)
class Taken:
    """What came of reading a talk in, or would come: how often somebody spoke that is new and that is known, and how many would join."""

    new: int
    known: int
    joining: int
    first: date
    last: date


def suggest(book: Workbook, spoken: Spoken) -> dict[str, Who | None]:
    """Who each sender may be: as it was said of an earlier talk, else who goes by this name; None where nobody does."""
    with book.reading() as session:
        said: dict[str, Who] = {}
        for source in session.scalars(select(Source).where(Source.kind == KIND).order_by(Source.id)):
            said |= dict(source.columns)
        return {name: said.get(name) or person_of(session, name) for name in spoken.people}


def preview(book: Workbook, spoken: Spoken, who: Mapping[str, Who | None]) -> Taken:
    """What ``take_in`` would do, without doing it."""
    with book.reading() as session:
        people = {name: _known(session, name, one) for name, one in who.items()}
        times = _times(spoken, {name: one for name, one in people.items() if one is not None})
        fresh, known = _fresh(session, times)
        members = set(session.scalars(select(Member.person_id)))
    ids = {one for _, one in times if isinstance(one, str) or one not in members} - {OWNER}
    return _taken(spoken, len(fresh), known, len(ids))


def take_in(book: Workbook, spoken: Spoken, who: Mapping[str, Who | None], without_owner: bool = False) -> Taken:
    """Keep who spoke when, in one act; who is no member yet joins on the day on which she first spoke.

    The same talk again adds nothing, a grown one only what is new. Raises ``KizunaError`` where it is not said who a sender is, or which one is the
    owner (``without_owner``: none), and while the gate is shut for somebody who would join.
    """
    open_ = [name for name in spoken.people if who.get(name) is None]
    if open_:
        raise KizunaError(f"「{'」「'.join(open_[:3])}」がどなたかを選んでください。数に入れない方は「数えない」を選びます。")
    if OWNER not in who.values() and not without_owner:
        raise KizunaError(
            "どれがあなた（店主）かを選んでください。このトークであなたが一度も話していないときは「わたしは話していません」に印をつけます。"
        )
    planned = preview(book, spoken, who)
    if not planned.new:
        return planned
    if planned.joining:
        pass_through(book)
    with book.act(f"「{spoken.name}」から、だれがいつ話したかを入れた") as session:
        people = {name: _placed(session, name, who[name]) for name in spoken.people}
        times = _times(spoken, {name: one for name, one in people.items() if one is not None})
        days: dict[Who, date] = {}
        for at, one in times:
            days.setdefault(one, at.date())
        for one, day in days.items():
            if isinstance(one, int) and _is_new(session, one):
                admit(session, one, day)
        fresh, _ = _fresh(session, times)
        columns = [[name, one] for name, one in people.items()]
        source = Source(
            name=spoken.name, kind=KIND, sha256=spoken.sha256, lineage=spoken.sha256, columns=[[n, o or NOBODY] for n, o in columns]
        )
        session.add(source)
        session.flush()
        session.add_all(Talk(at=at, speaker_id=one if isinstance(one, int) else None, source_id=source.id) for at, one in fresh)
    return planned


def forget(book: Workbook) -> int:
    """Take all that was read from talks out of the workbook again; who joined stays. Returns how often somebody had spoken."""
    with book.act("LINEから入れた記録を消した") as session:
        rows = session.scalars(select(Talk).where(Talk.source_id.is_not(None))).all()
        for row in rows:
            session.delete(row)
        session.flush()
        for source in session.scalars(select(Source).where(Source.kind == KIND)):
            session.delete(source)
    return len(rows)


def kept(book: Workbook) -> int:
    """How often somebody spoke in the talks that were read in."""
    with book.reading() as session:
        return session.scalar(select(func.count()).select_from(Talk).where(Talk.source_id.is_not(None))) or 0


def _known(session: Session, name: str, who: Who | None) -> Who | None:
    """Who a sender is before anything is written: somebody new goes by her name, unless she is on the list."""
    if who == NEW:
        return person_of(session, name) or f"{NEW}:{name}"
    return None if who == NOBODY else who


def _placed(session: Session, name: str, who: Who | None) -> Who | None:
    if who == NEW:
        return person_of(session, name) or roster.enter(session, name).id
    return None if who == NOBODY else who


def _is_new(session: Session, person_id: int) -> bool:
    return session.scalars(select(Member.id).where(Member.person_id == person_id)).first() is None


def _times(spoken: Spoken, people: Mapping[str, Who]) -> list[tuple[datetime, Who]]:
    """When each spoke, in the order of the file, of the last days that are kept; who is not counted is left out."""
    since = max(at for at, _ in spoken.times) - timedelta(days=number("taken_days"))
    return [(at, people[name]) for at, name in spoken.times if name in people and at >= since]


def _fresh(session: Session, times: list[tuple[datetime, Who]]) -> tuple[list[tuple[datetime, Who]], int]:
    """What the workbook does not have yet, and how much it has: in each minute somebody spoke as often as the fullest talk says."""
    if not times:
        return [], 0
    rows = session.execute(select(Talk.at, Talk.speaker_id).where(Talk.source_id.is_not(None), Talk.at >= min(at for at, _ in times)))
    there: Counter[tuple[datetime, Who]] = Counter((at, OWNER if one is None else one) for at, one in rows)
    fresh = []
    for at, one in times:
        if there[at, one] > 0:
            there[at, one] -= 1
        else:
            fresh.append((at, one))
    return fresh, len(times) - len(fresh)


def _taken(spoken: Spoken, new: int, known: int, joining: int) -> Taken:
    days = [at.date() for at, _ in spoken.times]
    return Taken(new, known, joining, min(days), max(days))
