"""What passed in the place, written down by hand: who spoke to whom on which day, who came, and who answered first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from kizuna.errors import KizunaError
from kizuna.steps.tribe.words import words
from kizuna.workbook.models import Member, Person, Talk
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

GONE = "この記録は、ほかの画面で消されました。画面を新しくしてください。"
_NOON = time(12)  # by hand only the day is known


class To(StrEnum):
    """To whom somebody spoke; ``CAME``: she was there and need not have spoken."""

    ALL = "all"
    OWNER = "owner"
    MEMBER = "member"
    CAME = "came"


@dataclass(frozen=True)
class TalkView:
    """One line of the record; people are None for the owner. ``answered``: somebody answered it first, ``answer`` who."""

    id: int
    on: date
    speaker_id: int | None
    speaker: str
    to: To
    listener: str
    begins: bool
    answered: bool
    answer_id: int | None
    answer: str


def log(
    book: Workbook, speaker_id: int | None, to: To, on: date | None = None, listener_id: int | None = None, begins: bool = False
) -> int:
    """Write down that a member (None: the owner) spoke, or came; returns the id. Raises ``KizunaError`` for who is no member."""
    day = on or date.today()
    _refuse_ahead(day)
    with book.act("集まりのことを書きとめた") as session:
        _refuse_strangers(session, [speaker_id, *([listener_id] if listener_id else [])])
        if to is To.OWNER and speaker_id is None:
            raise KizunaError("話した方が、あなた（店主）になっています。話しかけた相手を選び直してください。")
        if listener_id is not None and listener_id == speaker_id:
            raise KizunaError("話した方と、聞いた方が同じです。どちらかを選び直してください。")
        row = Talk(
            at=datetime.combine(day, _NOON), speaker_id=speaker_id, to=to, listener_id=listener_id if to is To.MEMBER else None,
            begins=begins and to is To.ALL,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def note_meeting(book: Workbook, person_ids: Iterable[int], on: date | None = None) -> int:
    """Write down who came on a day, in one act; returns how many are new. Who is noted for that day already is not noted twice."""
    day = on or date.today()
    _refuse_ahead(day)
    at = datetime.combine(day, _NOON)
    with book.act("来てくださった方を書きとめた") as session:
        ids = list(dict.fromkeys(person_ids))
        _refuse_strangers(session, ids)
        noted = set(session.scalars(select(Talk.speaker_id).where(Talk.at == at, Talk.to == To.CAME)))
        fresh = [one for one in ids if one not in noted]
        session.add_all(Talk(at=at, speaker_id=one, to=To.CAME) for one in fresh)
    return len(fresh)


def answer(book: Workbook, talk_id: int, by: int | None, on: date | None = None) -> None:
    """Note who answered a subject first (None: the owner), in place of what was noted before."""
    with book.act("はじめに答えた方を書きとめた") as session:
        row = _opened(session, talk_id)
        _refuse_strangers(session, [by])
        if by == row.speaker_id:
            raise KizunaError("話題をひらいた方と同じ方です。ほかの方を選んでください。")
        day = max(on or row.at.date(), row.at.date())
        _refuse_ahead(day)
        _drop_answers(session, talk_id)
        to = To.OWNER if row.speaker_id is None else To.MEMBER
        session.add(Talk(at=datetime.combine(day, _NOON), speaker_id=by, to=to, listener_id=row.speaker_id, answer_to=talk_id))


def unanswer(book: Workbook, talk_id: int) -> None:
    """Note that nobody has answered a subject yet."""
    with book.act("まだお返事がないことにした") as session:
        _opened(session, talk_id)
        _drop_answers(session, talk_id)


def remove(book: Workbook, talk_id: int) -> None:
    """Take a line of the record away, with what was noted as its answer."""
    with book.act("集まりの記録を消した") as session:
        row = _row(session, talk_id)
        _drop_answers(session, talk_id)
        session.delete(row)


def recent(book: Workbook, count: int) -> tuple[TalkView, ...]:
    """The latest lines that were written by hand, without those that are only an answer."""
    reply, speaker, listener, by = aliased(Talk), aliased(Person), aliased(Person), aliased(Person)
    rows = (
        select(Talk, speaker, listener, reply, by)
        .outerjoin(speaker, speaker.id == Talk.speaker_id)
        .outerjoin(listener, listener.id == Talk.listener_id)
        .outerjoin(reply, reply.answer_to == Talk.id)
        .outerjoin(by, by.id == reply.speaker_id)
        .where(Talk.source_id.is_(None), Talk.answer_to.is_(None))
        .order_by(Talk.at.desc(), Talk.id.desc())
        .limit(count)
    )
    with book.reading() as session:
        return tuple(
            TalkView(
                row.id, row.at.date(), row.speaker_id, _called(who), To(row.to), heard.called if heard else "", row.begins,
                first is not None, first.speaker_id if first else None, _called(answerer) if first else "",
            )
            for row, who, heard, first, answerer in session.execute(rows)
        )  # fmt: skip


def _called(person: Person | None) -> str:
    return person.called if person else words().owner


def _refuse_strangers(session: Session, ids: Iterable[int | None]) -> None:
    known = set(session.scalars(select(Member.person_id)))
    if any(one not in known for one in ids):
        raise KizunaError("まだ仲間に入っていない方です。先に、上の「仲間」に加えてください。")


def _refuse_ahead(day: date) -> None:
    if day > date.today():
        raise KizunaError("まだ来ていない日です。その日が来てから書いてください。")


def _opened(session: Session, talk_id: int) -> Talk:
    row = _row(session, talk_id)
    if not row.begins:
        raise KizunaError("はじめに答えた方を書けるのは、「話題をひらいた」の行だけです。")
    return row


def _drop_answers(session: Session, talk_id: int) -> None:
    for one in session.scalars(select(Talk).where(Talk.answer_to == talk_id)):
        session.delete(one)
    session.flush()


def _row(session: Session, talk_id: int) -> Talk:
    return fetch(session, Talk, talk_id, GONE)
