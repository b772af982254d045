"""How far the course has come: what was really made in each box of its map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from kizuna.language.counting import things
from kizuna.process import Part, Section, Step, course
from kizuna.workbook.models import (
    Action,
    Choice,
    ChoiceEvidence,
    Consent,
    ConsentVoice,
    Draft,
    Evidence,
    Improvement,
    ImprovementEvidence,
    Invitation,
    Offer,
    Placement,
    Plan,
    Theme,
    Voice,
)
from kizuna.workbook.store import Workbook


class State(StrEnum):
    """How a box stands, in the words of the page."""

    MADE = "できたもの"
    NEXT = "次はここ"
    OPEN = "これから"
    CLOSED = "このあと開きます"


@dataclass(frozen=True)
class Box:
    """One box of the map; ``section`` is its notebook (None where there is none), ``made`` what stands in the workbook, in a few words."""

    part: Part
    step: Step
    section: Section | None
    state: State
    made: str


def course_boxes(book: Workbook) -> dict[tuple[Part, Step], Box]:
    """The boxes of the course's map by part and step; at most one of them is next."""
    made = _made(book)
    found: dict[tuple[Part, Step], Box] = {}
    for part in Part:
        for step in Step:
            section = next((one for one in course().sections if (one.part, one.step) == (part, step)), None)
            told = made.get((part, step), "")
            found[part, step] = Box(part, step, section, _state(section, told, found), told)
    return found


def _state(section: Section | None, made: str, before: Mapping[tuple[Part, Step], Box]) -> State:
    if section is None or not section.open:
        return State.CLOSED
    if made:
        return State.MADE
    return State.OPEN if any(one.state is State.NEXT for one in before.values()) else State.NEXT


def _made(book: Workbook) -> dict[tuple[Part, Step], str]:
    """What was made, by part and step; counted by the file itself, since every page asks after every act."""
    with book.reading() as session:
        told = {(part, step): count(session, part) for part in Part for step, count in _COUNTS.items()}
    return {box: words for box, words in told.items() if words}


def _research(session: Session, part: Part) -> str:
    placed = select(Placement.theme_id).where(Placement.theme_id == Theme.id).exists()
    themes = session.scalar(select(func.count(Theme.id)).where(Theme.part == part, placed))
    return _spell((_speakers(session, part, Step.RESEARCH), "{}人の声"), (themes, "{things}の望み"))


def _plan(session: Session, part: Part) -> str:
    asked_for = select(Evidence.id).where(Evidence.action_id == Action.id).exists()
    open_items = select(func.count(Action.id)).join(Plan, Plan.id == Action.plan_id).where(Plan.part == part, Plan.closed.is_(False))
    items = session.scalar(open_items.where(Action.decided.is_(True), asked_for))
    return _spell(
        (_choices(session) if part is Part.TRIBE else 0, "決めたこと{things}"),
        (items, "一手{things}" if part is Part.FOLLOWUP else "集まりの予定{things}"),
    )


def _choices(session: Session) -> int | None:
    """How many choices stand in the design of the place."""
    asked_for = select(ChoiceEvidence.id).where(ChoiceEvidence.choice_id == Choice.id).exists()
    return session.scalar(select(func.count(Choice.id)).where(Choice.decided.is_(True), asked_for))


def _offer(session: Session, part: Part) -> str:
    asked = select(func.count(func.distinct(Invitation.person_id))).join(Offer, Offer.id == Invitation.offer_id)
    asked = asked.where(Offer.part == part, Invitation.asked_on.is_not(None))
    return _spell((session.scalar(asked), "お誘い{}人"), (session.scalar(asked.where(Invitation.used_on.is_not(None))), _USED[part]))


def _feedback(session: Session, part: Part) -> str:
    spoken_for = select(ImprovementEvidence.id).where(ImprovementEvidence.improvement_id == Improvement.id).exists()
    decided = select(func.count(Improvement.id)).where(Improvement.part == part, Improvement.decided_on.is_not(None), spoken_for)
    return _spell((_speakers(session, part, Step.FEEDBACK), "感想{}人"), (session.scalar(decided), "改善{things}"))


def _testimonial(session: Session, part: Part) -> str:
    allowed = (
        select(func.count(func.distinct(Consent.id)))
        .join(ConsentVoice, ConsentVoice.consent_id == Consent.id)
        .join(Voice, Voice.id == ConsentVoice.voice_id)
        .where(
            Voice.part == part,
            Voice.step == Step.FEEDBACK,
            Consent.withdrawn_on.is_(None),
            or_(Consent.expires_on.is_(None), Consent.expires_on >= date.today()),
        )
    )
    made = select(func.count(Draft.id)).where(Draft.part == part, Draft.kind == "testimonial", Draft.finished_on.is_not(None))
    return _spell((session.scalar(allowed), "お許し{}件"), (session.scalar(made), "できた声{things}"))


_USED = {Part.FOLLOWUP: "使った方{}人", Part.TRIBE: "来た方{}人"}
_COUNTS: dict[Step, Callable[[Session, Part], str]] = {
    Step.RESEARCH: _research, Step.PLAN: _plan, Step.OFFER: _offer, Step.FEEDBACK: _feedback, Step.TESTIMONIAL: _testimonial,
}  # fmt: skip


def _speakers(session: Session, part: Part, step: Step) -> int | None:
    return session.scalar(select(func.count(func.distinct(Voice.person_id))).where(Voice.part == part, Voice.step == step))


def _spell(*counts: tuple[int | None, str]) -> str:
    """The counts that are not zero, each in its words."""
    return "・".join(words.format(count, things=things(count)) for count, words in counts if count)
