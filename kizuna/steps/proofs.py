"""Where every word that goes out comes from, what allows it, and on which walls it hangs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import consents, drafts
from kizuna.steps.allowed import spoken
from kizuna.steps.cards import voice_card
from kizuna.steps.showing import showing
from kizuna.steps.withdrawals import Hanging, hanging
from kizuna.workbook.models import Draft, PaperCopy, Voice, fingerprint
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Proof:
    """Where the words of one voice in one finished draft come from, what allows them, and where they hang."""

    draft_id: int
    title: str
    form: str
    words: str
    whole: str
    name: str
    heard_on: date | None
    question: str
    source: str
    column: str
    sha256: str
    untouched: bool
    consent_id: int | None
    obtained_on: date | None
    expires_on: date | None
    scopes: str
    papers: tuple[Hanging, ...]


def put_up(book: Workbook, draft_id: int, place: str, today: date | None = None) -> int:
    """Note that a print of a finished draft was put up somewhere, with the voices on it; returns the note's id.

    Raises ``KizunaError`` without a place, or where the draft may not go out.
    """
    if not place.strip():
        raise KizunaError("どこに貼ったか（置いたか）を書いてください。外すときに、すぐ見つかります。")
    out = showing(book, draft_id, today)
    with book.act(f"「{place.strip()}」に貼った") as session:
        voices = sorted({one.voice_id for one in out.said})
        row = PaperCopy(draft_id=draft_id, place=place.strip(), put_up_on=today or date.today(), voices=voices)
        session.add(row)
        session.flush()
        return row.id


def take_down(book: Workbook, copy_id: int, today: date | None = None) -> None:
    """Note that a paper was taken down."""
    with book.act("貼った紙を外した") as session:
        row = fetch(session, PaperCopy, copy_id, "この紙の記録は、ほかの画面で消されました。画面を新しくしてください。")
        row.taken_down_on = today or date.today()


def papers(book: Workbook, draft_id: int | None = None, part: Part | None = None) -> tuple[Hanging, ...]:
    """Every paper that was put up (of a draft, of a part), those that still hang first."""
    wanted = select(PaperCopy).join(Draft, Draft.id == PaperCopy.draft_id).order_by(PaperCopy.taken_down_on.is_not(None), PaperCopy.id)
    wanted = wanted if draft_id is None else wanted.where(PaperCopy.draft_id == draft_id)
    wanted = wanted if part is None else wanted.where(Draft.part == part)
    with book.reading() as session:
        rows = session.scalars(wanted)
        return tuple(hanging(session, row) for row in rows)


def proofs(book: Workbook, part: Part, today: date | None = None) -> tuple[Proof, ...]:
    """Where every customer's word in every finished draft comes from, and what allows it on that day."""
    day = today or date.today()
    found = []
    for one in drafts.drafts(book, part, drafts.Kind.TESTIMONIAL):
        if one.finished_on is None:
            continue
        hang = papers(book, one.id)
        with book.reading() as session:
            found += [_proof(session, one, group, hang, day) for group in one.groups]
    return tuple(found)


def _proof(session: Session, one: drafts.DraftView, group: Sequence[drafts.PieceView], hang: tuple[Hanging, ...], day: date) -> Proof:
    voice = session.get_one(Voice, group[0].voice_id)
    row = consents.covering(session, voice.id, one.form.scope or "", day)
    scopes = "・".join(scope.name for scope in consents.texts().scopes if row and scope.key in row.scopes)
    return Proof(
        one.id, one.title, one.form.name, spoken(group), voice.text, consents.shown(row) if row else "", voice.heard_on, voice.question,
        voice_card(voice).source, voice.column, voice.sha256, fingerprint(voice.text) == voice.sha256, row.id if row else None,
        row.obtained_on if row else None, row.expires_on if row else None, scopes,
        tuple(paper for paper in hang if voice.id in paper.voices),
    )  # fmt: skip
