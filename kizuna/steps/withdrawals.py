"""A consent ends: every draft that holds the words lets go of them, and every paper on a wall is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps.consents import GONE, NAMED, covers, shown
from kizuna.steps.drafts import drop, pieces_of, texts
from kizuna.workbook.models import Consent, ConsentVoice, Draft, PaperCopy, Piece, Voice
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class TakenOut:
    """A draft out of which words were taken, and whether it had been finished."""

    draft_id: int
    title: str
    form: str
    pieces: int
    was_finished: bool


@dataclass(frozen=True)
class Hanging:
    """A paper that is up somewhere: the draft it was printed from, where it is, since when, and the voices on it."""

    id: int
    draft_id: int
    title: str
    form: str
    place: str
    put_up_on: date
    taken_down_on: date | None
    voices: tuple[int, ...]


@dataclass(frozen=True)
class Withdrawal:
    """What an ended consent brings with it: drafts that were mended, and papers that are still to be taken down."""

    drafts: tuple[TakenOut, ...]
    papers: tuple[Hanging, ...]


def withdraw(book: Workbook, consent_id: int, today: date | None = None) -> Withdrawal:
    """End a consent, in one act that undo takes back: words that no other consent covers leave every draft, which is open again.

    Raises ``KizunaError`` where the consent is gone or was withdrawn before.
    """
    day = today or date.today()
    with book.act("お許しの取り下げを受けた") as session:
        row = fetch(session, Consent, consent_id, GONE)
        if row.withdrawn_on is not None:
            raise KizunaError("このお許しは、もう取り下げられています。")
        row.withdrawn_on = day
        session.flush()
        voices = set(session.scalars(select(ConsentVoice.voice_id).where(ConsentVoice.consent_id == consent_id)))
        return _let_go(session, voices, day)


def lapsed(book: Workbook, today: date | None = None, part: Part | None = None) -> Withdrawal:
    """What is no longer covered on that day, such as after a consent's end: the drafts (of a part) that hold it, and the papers that show it."""
    with book.reading() as session:
        return _uncovered(session, None, today or date.today(), part)


def let_go(book: Workbook, today: date | None = None, part: Part | None = None) -> Withdrawal:
    """Take everything out of the drafts (of a part) that is no longer covered, in one act."""
    with book.act("お許しのない言葉を、下書きから外した") as session:
        return _let_go(session, None, today or date.today(), part)


def hanging(session: Session, row: PaperCopy) -> Hanging:
    """A paper as it is noted, within a session."""
    draft = session.get(Draft, row.draft_id)
    title, form = (draft.title, _form(draft)) if draft else ("", "")
    return Hanging(row.id, row.draft_id, title, form, row.place, row.put_up_on, row.taken_down_on, tuple(row.voices))


def _let_go(session: Session, voices: Collection[int] | None, day: date, part: Part | None = None) -> Withdrawal:
    told = _uncovered(session, voices, day, part)
    for one in told.drafts:
        draft = session.get_one(Draft, one.draft_id)
        strays = _strays(session, draft, voices, day)
        gone = {piece.quote.voice.person_id for piece in strays if piece.quote}
        drop(session, draft, strays)
        session.flush()
        _unsay(session, draft, gone)
    return told


def _unsay(session: Session, draft: Draft, people: Collection[int]) -> None:
    """Take out the lines that stood beside the words of people who are no longer in the draft (「Mさん：お礼を…」)."""
    here = pieces_of(session, draft.id)
    people = set(people) - {one.quote.voice.person_id for one in here if one.quote}
    marks = tuple(f"{shown(row)}{NAMED}" for row in session.scalars(select(Consent).where(Consent.person_id.in_(people))))
    for one in here:
        kept = "\n".join(line for line in one.text.splitlines() if not line.startswith(marks))
        if one.quote is None and kept != one.text and kept.strip():
            one.text = kept
        elif one.quote is None and kept != one.text:
            session.delete(one)


def _uncovered(session: Session, voices: Collection[int] | None, day: date, part: Part | None = None) -> Withdrawal:
    """Drafts and hanging papers (of a part) with words (of ``voices``, or any) that nothing covers there on that day."""
    drafts = []
    here = () if part is None else (Draft.part == part,)
    for draft in session.scalars(select(Draft).where(*here).order_by(Draft.id)):
        if stray := _strays(session, draft, voices, day):
            drafts.append(TakenOut(draft.id, draft.title, _form(draft), len(stray), draft.finished_on is not None))
    papers = []
    hangs = select(PaperCopy).join(Draft, Draft.id == PaperCopy.draft_id).where(PaperCopy.taken_down_on.is_(None), *here)
    for copy in session.scalars(hangs.order_by(PaperCopy.id)):
        scope = _scope(session.get_one(Draft, copy.draft_id))
        there = [one for one in copy.voices if voices is None or one in voices]
        if scope and any(not covers(session, one, scope, day) for one in there):
            papers.append(hanging(session, copy))
    return Withdrawal(tuple(drafts), tuple(papers))


def _strays(session: Session, draft: Draft, voices: Collection[int] | None, day: date) -> list[Piece]:
    """The pieces with words (of ``voices``, or any) that may not stand in the draft on that day.

    A letter needs no consent; but who withdraws hers shall find her words in no letter to somebody else either.
    """
    scope = _scope(draft)
    if scope is None and voices is None:
        return []
    return [
        one for one in pieces_of(session, draft.id)
        if one.quote and (voices is None or one.quote.voice_id in voices) and _stray(session, draft, one.quote.voice, scope, day)
    ]  # fmt: skip


def _stray(session: Session, draft: Draft, voice: Voice, scope: str | None, day: date) -> bool:
    return draft.person_id != voice.person_id if scope is None else not covers(session, voice.id, scope, day)


def _scope(draft: Draft) -> str | None:
    return next(one.scope for one in texts().forms if one.key == draft.form)


def _form(draft: Draft) -> str:
    return next(one.name for one in texts().forms if one.key == draft.form)
