"""STEP3: what came of an invitation – who was asked when, what she answered, whether she used it, and her thank-you."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import touches
from kizuna.steps.invitations import MEDIUM, may_reach, words
from kizuna.workbook.models import Invitation, Offer, Person
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Asked:
    """What is noted about one person's invitation."""

    id: int
    offer_id: int
    person_id: int
    person: str
    medium: str | None
    asked_on: date | None
    accepted: bool | None
    used_on: date | None
    perk_given_on: date | None


@dataclass(frozen=True)
class Counts:
    """How many were asked, said yes or no, and used it."""

    asked: int = 0
    accepted: int = 0
    declined: int = 0
    used: int = 0
    part: Part = Part.FOLLOWUP

    @property
    def said(self) -> str:
        """The counts in one sentence."""
        if not self.asked:
            return "まだ、どなたもお誘いしていません。"
        told_by = words()[self.part]
        waiting = self.asked - self.accepted - self.declined
        parts = ((f"{told_by.will}とおっしゃった方", self.accepted), ("今回は見送った方", self.declined), ("お返事がこれからの方", waiting))
        told = "、".join(f"{what}が{count}人" for what, count in parts if count)
        return f"お誘いした方は{self.asked}人です。{told}。{told_by.used}方は{self.used}人です。"


def asked(book: Workbook, offer_id: int) -> tuple[Asked, ...]:
    """What is noted about the people of an offer, in the order in which they were chosen."""
    with book.reading() as session:
        rows = session.execute(
            select(Invitation, Person)
            .join(Person, Person.id == Invitation.person_id)
            .where(Invitation.offer_id == offer_id)
            .order_by(Invitation.id)
        )
        return tuple(
            Asked(
                row.id, row.offer_id, row.person_id, person.called, row.medium, row.asked_on, row.accepted, row.used_on, row.perk_given_on
            )
            for row, person in rows
        )


def ask(book: Workbook, invitation_id: int, today: date | None = None) -> None:
    """Note that the person has been asked, as a contact with her, too. Raises ``KizunaError`` where she wants to hear nothing from us."""
    with book.act("お誘いしたことを書いた") as session:
        row = _invitation(session, invitation_id)
        person = session.get_one(Person, row.person_id)
        form = next((form for form, medium in MEDIUM.items() if medium == row.medium), "face")
        may_reach(session, person, form, Part(session.get_one(Offer, row.offer_id).part))
        if row.asked_on is None:
            row.asked_on = today or date.today()
            touches.start(session, person.id, touches.ASKED_TO_USE, row.asked_on, row.medium, "お誘い", today)


def answer(book: Workbook, invitation_id: int, accepted: bool | None, today: date | None = None) -> None:
    """Note what the person answered (None: nothing yet). Raises ``KizunaError`` where she was not asked."""
    with book.act("お返事を書いた") as session:
        row = _asked_row(session, invitation_id)
        row.accepted = accepted
        row.answered_on = None if accepted is None else today or date.today()
        if not accepted:
            row.used_on = row.perk_given_on = None


def use(book: Workbook, invitation_id: int, yes: bool = True, today: date | None = None) -> None:
    """Note that the person has used it, or not yet. Raises ``KizunaError`` where she was not asked."""
    with book.reading() as session:
        used = words()[Part(session.get_one(Offer, _invitation(session, invitation_id).offer_id).part)].used
    with book.act(f"{used}ことを書いた" if yes else f"{used}印を外した") as session:
        row = _asked_row(session, invitation_id)
        now = today or date.today()
        row.used_on = now if yes else None
        if yes and not row.accepted:
            row.accepted, row.answered_on = True, now


def give(book: Workbook, invitation_id: int, yes: bool = True, today: date | None = None) -> None:
    """Note that the thank-you has been given, or not yet. Raises ``KizunaError`` where there is none that may be given."""
    with book.act("お礼をお渡ししたことを書いた" if yes else "お礼の印を外した") as session:
        row = _asked_row(session, invitation_id)
        if yes and session.get_one(Offer, row.offer_id).perk == "none":
            raise KizunaError("このお誘いには、お礼を決めていません。お渡しするときは、先に「お礼」の欄に書いてください。")
        row.perk_given_on = (today or date.today()) if yes else None


def counts(book: Workbook, offer_id: int | None = None, part: Part | None = None) -> Counts:
    """How it stands with one offer, or with all of a part; somebody with two offers is one person, and has said yes where she did so once."""
    wanted = select(Invitation).join(Offer, Offer.id == Invitation.offer_id).where(Invitation.asked_on.is_not(None))
    wanted = wanted if offer_id is None else wanted.where(Offer.id == offer_id)
    wanted = wanted if part is None else wanted.where(Offer.part == part)
    with book.reading() as session:
        rows = session.scalars(wanted).all()
        of = part or Part(session.scalar(select(Offer.part).where(Offer.id == offer_id)) or Part.FOLLOWUP)
    yes, no = ({row.person_id for row in rows if row.accepted is answer} for answer in (True, False))
    used = {row.person_id for row in rows if row.used_on}
    return Counts(len({row.person_id for row in rows}), len(yes), len(no - yes), len(used), of)


def _invitation(session: Session, invitation_id: int) -> Invitation:
    return fetch(session, Invitation, invitation_id, "このお誘いの記録は、ほかの画面で消されました。画面を新しくしてください。")


def _asked_row(session: Session, invitation_id: int) -> Invitation:
    row = _invitation(session, invitation_id)
    if row.asked_on is None:
        raise KizunaError("まだお誘いした記録がありません。先に「お誘いしました」を押してください。")
    return row
