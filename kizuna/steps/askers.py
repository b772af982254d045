"""Telling those who asked for an improvement what was done: exactly them, in their own words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.rules import Facts, check_facts
from kizuna.steps import drafts
from kizuna.steps.cards import Card
from kizuna.steps.feedback import texts
from kizuna.steps.improvements import improvement
from kizuna.steps.invitations import MEDIUM
from kizuna.workbook.models import Contact, Person
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Asker:
    """Somebody who asked for an improvement, her words, and the note to her where one is begun.

    ``stopped``: she wants to hear nothing; ``refused``: nothing in these forms.
    """

    person_id: int
    person: str
    cards: tuple[Card, ...]
    draft_id: int | None
    finished: bool
    stopped: bool
    refused: frozenset[str]


def askers(book: Workbook, improvement_id: int) -> tuple[Asker, ...]:
    """Exactly those people whose words an improvement rests on, each with her note where one is begun."""
    view = improvement(book, improvement_id)
    notes = {one.person_id: one for one in drafts.drafts(book, view.part, drafts.Kind.CHANGE, improvement_id=improvement_id)}
    by_person: dict[int, list[Card]] = {}
    for one in view.evidence:
        by_person.setdefault(one.person_id, []).append(one)
    with book.reading() as session:
        stopped = set(session.scalars(select(Person.id).where(Person.stopped_on.is_not(None))))
        refused = {person_id: _refused(session, person_id) for person_id in by_person}
    found = []
    for person_id, said in by_person.items():
        note = notes.get(person_id)
        finished = note is not None and note.finished_on is not None
        found.append(
            Asker(
                person_id, said[0].person, tuple(said), note.id if note else None, finished, person_id in stopped, refused[person_id]
            )
        )  # fmt: skip
    return tuple(found)


def write_note(book: Workbook, improvement_id: int, person_id: int, form: str = "letter") -> int:
    """Begin the note that tells one asker what was done, with her own words in it; returns the draft's id (the one there is, if any).

    Raises ``KizunaError`` where it is not done yet, where she did not ask for it, or where she wants to hear nothing.
    """
    view = improvement(book, improvement_id)
    if not view.done:
        raise KizunaError("お知らせは、終えてから書きます。変え終えたら「終えた」を押してください。")
    one = next((asker for asker in askers(book, improvement_id) if asker.person_id == person_id), None)
    if one is None:
        raise KizunaError("この方は、この改善を望んだ方ではありません。お知らせは、望んでくださった方にだけ届けます。")
    if one.stopped:
        raise KizunaError(f"{one.person}は、お知らせをお望みではありません。そっとしておきましょう。")
    if form in one.refused:
        raise KizunaError(f"{one.person}は、この届け方をお望みではありません。ほかの届け方を選んでください。")
    if one.draft_id is not None:
        return one.draft_id
    words = dict(texts().changed[view.verdict])
    if view.content:
        words["news"] = view.content
    return drafts.begin(
        book, view.part, drafts.Kind.CHANGE, form, title=f"{one.person}へ：{view.title}", person_id=person_id,
        improvement_id=improvement_id, words=words, quotes={"wish": [card.id for card in one.cards]},
    )  # fmt: skip


def note_cards(book: Workbook, one: drafts.DraftView) -> tuple[Card, ...]:
    """The words that may stand in a note: those in which its reader asked for the improvement."""
    found = askers(book, one.improvement_id) if one.improvement_id else ()
    return next((asker.cards for asker in found if asker.person_id == one.person_id), ())


def check_note(book: Workbook, one: drafts.DraftView) -> tuple[Finding, ...]:
    """What the rules say about a note; that it goes to somebody who asked, about something done, with her own words only."""
    found = list(drafts.check(book, one))
    mine = {card.id for card in note_cards(book, one)}
    if one.improvement_id is None or not improvement(book, one.improvement_id).done:
        found.append(Finding("4-33", "CHANGE", Strength.STOP, "この改善は、まだ終えていません。終えてから、お知らせします。"))
    elif not mine:
        found.append(
            Finding("4-33", "CHANGE", Strength.STOP, "この方は、この改善を望んだ方ではなくなりました。お知らせは、望んだ方にだけ届けます。")
        )
    elif any(piece.card and piece.card.id not in mine for piece in one.pieces):
        found.append(Finding("4-33", "CHANGE", Strength.STOP, "この改善を望んだ言葉ではないものが入っています。その言葉を外してください。"))
    with book.reading() as session:
        person = session.get(Person, one.person_id) if one.person_id else None
        if person is not None:
            unwanted = person.stopped_on is not None or one.form.key in _refused(session, person.id)
            found += check_facts(Facts(stopped=unwanted))
    return tuple(found)


def _refused(session: Session, person_id: int) -> frozenset[str]:
    """The forms in which a person wants to hear nothing from us."""
    no = set(session.scalars(select(Contact.medium).where(Contact.person_id == person_id, Contact.wish == "no")))
    return frozenset(form for form, medium in MEDIUM.items() if medium in no)
