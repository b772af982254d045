"""What is kept, changed or stopped because of feedback: decided only while somebody's words ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.rules import Channel, Facts, check_facts, check_text
from kizuna.language.wording import check_wording
from kizuna.process import Part, Step
from kizuna.steps import research
from kizuna.steps.cards import Card, card, people
from kizuna.steps.feedback import feedback, quote_of
from kizuna.steps.proposals import Proposal, Verdict
from kizuna.steps.tribe.gate import may_begin
from kizuna.workbook.models import Action, Draft, Improvement, ImprovementEvidence, Piece, Quote
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import Workbook

AWAY = "この改善は、ほかの画面で消されました。画面を新しくしてください。"
_EDITABLE = {"title", "content", "verdict", "action_id"}


@dataclass(frozen=True)
class ImprovementView:
    """An improvement with the words that asked for it."""

    id: int
    part: Part
    verdict: Verdict
    title: str
    content: str
    action_id: int | None
    action: str
    decided_on: date | None
    done_on: date | None
    evidence: tuple[Card, ...]

    @property
    def people(self) -> int:
        """How many different people asked for it."""
        return people(self.evidence)

    @property
    def decided(self) -> bool:
        """Whether it is decided: so said, and asked for."""
        return self.decided_on is not None and bool(self.evidence)

    @property
    def done(self) -> bool:
        """Whether it is decided and done."""
        return self.decided and self.done_on is not None


def improvements(book: Workbook, part: Part) -> tuple[ImprovementView, ...]:
    """The improvements of a part: those not done first, then in the order in which they were begun."""
    with book.reading() as session:
        rows = session.scalars(select(Improvement).where(Improvement.part == part).order_by(Improvement.id)).all()
        views = [_view(session, row) for row in rows]
    return tuple(sorted(views, key=lambda view: view.done))


def improvement(book: Workbook, improvement_id: int) -> ImprovementView:
    """One improvement. Raises ``KizunaError`` where it is gone."""
    with book.reading() as session:
        return _view(session, _row(session, improvement_id))


def begin(
    book: Workbook, part: Part, verdict: Verdict, *, title: str = "", action_id: int | None = None, passages: Iterable[int] = ()
) -> int:
    """Begin an improvement that rests on these sentences of feedback (ids of passages); returns its id.

    Raises ``KizunaError`` while the gate of the second part is shut.
    """
    may_begin(book, part)
    found = feedback(book, part)
    heard = [found.find(one) for one in passages]
    with book.act("改善を書きはじめた") as session:
        row = Improvement(part=part, verdict=verdict, title=title.strip(), action_id=action_id)
        session.add(row)
        session.flush()
        ids = dict.fromkeys(quote_of(session, one) for one in heard)
        session.add_all(ImprovementEvidence(improvement_id=row.id, quote_id=one) for one in ids)
        return row.id


def take_up(book: Workbook, part: Part, proposal: Proposal, verdict: Verdict) -> int:
    """Begin an improvement from what came back on an item or a theme; nothing is decided by that. Returns its id."""
    ids = [one.id for one in proposal.evidence(verdict)]
    return begin(book, part, verdict, title=proposal.name, action_id=proposal.action_id, passages=ids)


def edit(book: Workbook, improvement_id: int, label: str = "改善", seen: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Change fields; returns what another page had written meanwhile in those fields (compared with ``seen``)."""
    only(fields, _EDITABLE)
    with book.act(f"{label}を書いた") as session:
        row = _row(session, improvement_id)
        others = overwrite(row, fields, seen)
        if row.decided_on is not None and any(one.strength is Strength.STOP for one in check(_view(session, row))):
            _open_again(row)
    return others


def tie(book: Workbook, improvement_id: int, passage_id: int, yes: bool = True) -> None:
    """Let an improvement rest on one more sentence of feedback, or no longer on it; without any it is decided no more."""
    part = improvement(book, improvement_id).part
    one = feedback(book, part).find(passage_id)
    with book.act("改善の根拠の声を選び直した") as session:
        row = _row(session, improvement_id)
        quote_id = quote_of(session, one)
        rows = {tied.quote_id: tied for tied in _ties(session, improvement_id)}
        if yes and quote_id not in rows:
            session.add(ImprovementEvidence(improvement_id=improvement_id, quote_id=quote_id))
        elif not yes and quote_id in rows:
            session.delete(rows.pop(quote_id))
            if not rows:
                _open_again(row)


def decide(book: Workbook, improvement_id: int, yes: bool = True, today: date | None = None) -> None:
    """Decide on an improvement, or take that back.

    Raises ``KizunaError`` where nobody's feedback asks for it (KZ-07) or where it has no name yet.
    """
    with book.act("改善を決めた" if yes else "改善を決める前に戻した") as session:
        row = _row(session, improvement_id)
        for finding in check(_view(session, row)) if yes else ():
            if finding.strength is Strength.STOP:
                raise KizunaError(finding.message)
        if yes:
            row.decided_on = today or date.today()
        else:
            _open_again(row)


def finish(book: Workbook, improvement_id: int, yes: bool = True, today: date | None = None) -> None:
    """Note that a decided improvement is done, or that it is not. Raises ``KizunaError`` where it is not decided."""
    with book.act("改善を終えた" if yes else "改善を終える前に戻した") as session:
        row = _row(session, improvement_id)
        if yes and not _view(session, row).decided:
            raise KizunaError("先に「やると決める」を押してください。決めるには、望んだ方の声が一つ以上いります。")
        row.done_on = (today or date.today()) if yes else None


def remove(book: Workbook, improvement_id: int) -> None:
    """Take an improvement away, its notes with it (undo brings them back)."""
    with book.act("改善を消した") as session:
        _remove(session, improvement_id)


def wait_as_question(book: Workbook, improvement_id: int, question: str) -> None:
    """Put an improvement nobody asked for into 「次に聞くこと」, as the question that will tell; it is no improvement any more."""
    view = improvement(book, improvement_id)
    if view.evidence:
        raise KizunaError("この改善には、望んだ方の声があります。そのまま「やると決める」を押せます。")
    research.add_idea(book, view.part, view.title, question)
    remove(book, improvement_id)


def check(view: ImprovementView) -> tuple[Finding, ...]:
    """What stands in the way of an improvement, and what to look at once more."""
    found = check_facts(Facts(evidence=len(view.evidence)))
    if not view.title:
        found.append(Finding("4-40", "EMPTY", Strength.STOP, "何をするかが、まだ空いています。ひとことで書いてください。"))
    for text in (view.title, view.content):
        found.extend(check_text(text, channel=Channel.TRIBE) if view.part is Part.TRIBE else check_wording(text))
    return tuple(found)


def _open_again(row: Improvement) -> None:
    row.decided_on = row.done_on = None


def _view(session: Session, row: Improvement) -> ImprovementView:
    quotes = session.scalars(
        select(Quote)
        .join(ImprovementEvidence, ImprovementEvidence.quote_id == Quote.id)
        .where(ImprovementEvidence.improvement_id == row.id)
        .order_by(ImprovementEvidence.id)
    )
    action = session.get(Action, row.action_id) if row.action_id else None
    evidence = tuple(card(quote) for quote in quotes if quote.voice.step == Step.FEEDBACK)
    return ImprovementView(
        row.id, Part(row.part), Verdict(row.verdict), row.title, row.content, row.action_id, action.title if action else "",
        row.decided_on, row.done_on, evidence,
    )  # fmt: skip


def _remove(session: Session, improvement_id: int) -> None:
    row = _row(session, improvement_id)
    for note in session.scalars(select(Draft).where(Draft.improvement_id == improvement_id)):
        for piece in session.scalars(select(Piece).where(Piece.draft_id == note.id)):
            session.delete(piece)
        session.flush()
        session.delete(note)
    for tied in _ties(session, improvement_id):
        session.delete(tied)
    session.flush()
    session.delete(row)


def _ties(session: Session, improvement_id: int) -> list[ImprovementEvidence]:
    return list(session.scalars(select(ImprovementEvidence).where(ImprovementEvidence.improvement_id == improvement_id)))


def _row(session: Session, improvement_id: int) -> Improvement:
    return fetch(session, Improvement, improvement_id, AWAY)
