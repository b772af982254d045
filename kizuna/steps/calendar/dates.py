"""The owner's own hand on the dates of a calendar: moving, changing, adding, taking away, and noting that one was kept."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.language.rules import Facts, check_facts
from kizuna.steps.calendar import words as told
from kizuna.steps.calendar.people import OWNER
from kizuna.steps.people import GONE, NO
from kizuna.workbook.models import Contact, Person, PlannedTouch, Touch
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

TOUCHED = "told"  # the kind of touch that a kept date becomes


def move(book: Workbook, planned_id: int, on: date) -> None:
    """Put a date on another day; it is the owner's from now on."""
    if not isinstance(on, date):
        raise KizunaError("日にちを選んでください。")
    with book.act("カレンダーの日にちを動かした") as session:
        row = _open_row(session, planned_id)
        row.on, row.by, row.reason = on, OWNER, f"ご自分で{told.on(on)}に決めました。"


def change(book: Workbook, planned_id: int, medium: str) -> None:
    """Let a date be kept by another medium; it is the owner's from now on. Raises ``KizunaError`` where she wants nothing by it."""
    _known(medium)
    with book.act("カレンダーの届け方を変えた") as session:
        row = _open_row(session, planned_id)
        _refuse_unwanted(session, session.get_one(Person, row.person_id), medium)
        row.medium, row.by, row.reason = medium, OWNER, f"ご自分で{media()[medium].name}に決めました。"


def add(book: Workbook, person_id: int, on: date, medium: str, reason: str = "自分で入れました。") -> int:
    """Add a date of the owner's own; returns its id. Raises ``KizunaError`` for somebody who wants to hear nothing, or not by this medium."""
    _known(medium)
    if not isinstance(on, date):
        raise KizunaError("日にちを選んでください。")
    with book.act("カレンダーに日にちを入れた") as session:
        person = fetch(session, Person, person_id, GONE)
        _refuse_unwanted(session, person, medium)
        row = PlannedTouch(person_id=person_id, on=on, medium=medium, reason=reason, by=OWNER)
        session.add(row)
        session.flush()
        return row.id


def remove(book: Workbook, planned_id: int) -> None:
    """Take a date off the calendar (undo brings it back)."""
    with book.act("カレンダーから日にちを外した") as session:
        session.delete(_row(session, planned_id))


def done(book: Workbook, planned_id: int, today: date | None = None) -> int:
    """Note that a date was kept: a touch stands behind it from now on, on its day or today if that is still to come; returns the touch's id."""
    with book.act("「できた」と書いた") as session:
        row = _row(session, planned_id)
        if row.touch_id is not None:
            return row.touch_id
        touch = Touch(person_id=row.person_id, on=min(row.on, today or date.today()), kind=TOUCHED, medium=row.medium)
        session.add(touch)
        session.flush()
        row.touch_id = touch.id
        return touch.id


def undo_done(book: Workbook, planned_id: int) -> None:
    """Take back that a date was kept; the touch that stood behind it goes."""
    with book.act("「できた」を取り消した") as session:
        row = _row(session, planned_id)
        touch = session.get(Touch, row.touch_id or 0)
        row.touch_id = None
        session.flush()
        if touch is not None:
            session.delete(touch)


def _row(session: Session, planned_id: int) -> PlannedTouch:
    return fetch(session, PlannedTouch, planned_id, "この日にちは、ほかの画面で外されました。画面を新しくしてください。")


def _open_row(session: Session, planned_id: int) -> PlannedTouch:
    row = _row(session, planned_id)
    if row.touch_id is not None:
        raise KizunaError("「できた」としるしたものは、動かせません。先に「これから」に戻してください。")
    return row


def _refuse_unwanted(session: Session, person: Person, medium: str) -> None:
    no = select(Contact.id).where(Contact.person_id == person.id, Contact.medium == medium, Contact.wish == NO)
    if person.stopped_on is not None or session.scalar(no) is not None:
        raise KizunaError(f"{person.called}：{check_facts(Facts(stopped=True))[0].message}。")


def _known(medium: str) -> None:
    if medium not in media():
        raise KizunaError("届け方は、一覧の中から選んでください。")
