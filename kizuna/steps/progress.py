"""How far the course has come: what was really made in each box of its map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Select, func, or_, select

from kizuna.process import Part, Section, Step, course
from kizuna.workbook.models import (
    Action,
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
    told: dict[tuple[Part, Step], str] = {}
    placed = select(Placement.theme_id).where(Placement.theme_id == Theme.id).exists()
    asked_for = select(Evidence.id).where(Evidence.action_id == Action.id).exists()
    may_show = _may_show()
    spoken_for = select(ImprovementEvidence.id).where(ImprovementEvidence.improvement_id == Improvement.id).exists()
    with book.reading() as session:
        for part in Part:
            people = session.scalar(
                select(func.count(func.distinct(Voice.person_id))).where(Voice.part == part, Voice.step == Step.RESEARCH)
            )
            themes = session.scalar(select(func.count(Theme.id)).where(Theme.part == part, placed))
            items = session.scalar(
                select(func.count(Action.id))
                .join(Plan, Plan.id == Action.plan_id)
                .where(Plan.part == part, Plan.closed.is_(False), Action.decided.is_(True), asked_for)
            )
            asked = select(func.count(func.distinct(Invitation.person_id))).join(Offer, Offer.id == Invitation.offer_id)
            asked = asked.where(Offer.part == part, Invitation.asked_on.is_not(None))
            invited, used = session.scalar(asked), session.scalar(asked.where(Invitation.used_on.is_not(None)))
            answered = session.scalar(
                select(func.count(func.distinct(Voice.person_id))).where(Voice.part == part, Voice.step == Step.FEEDBACK)
            )
            mended = session.scalar(
                select(func.count(Improvement.id)).where(Improvement.part == part, Improvement.decided_on.is_not(None), spoken_for)
            )
            if answered:
                told[part, Step.FEEDBACK] = f"感想{answered}人" + (f"・改善{mended}つ" if mended else "")
            if people:
                told[part, Step.RESEARCH] = f"{people}人の声" + (f"・{themes}つの望み" if themes else "")
            if items:
                told[part, Step.PLAN] = f"一手{items}つ"
            allowed = session.scalar(may_show.where(Voice.part == part)) or 0
            shown = session.scalar(
                select(func.count(Draft.id)).where(Draft.part == part, Draft.kind == "testimonial", Draft.finished_on.is_not(None))
            )
            if allowed or shown:
                told[part, Step.TESTIMONIAL] = "・".join(
                    ([f"お許し{allowed}件"] if allowed else []) + ([f"できた声{shown}つ"] if shown else [])
                )
            if invited:
                told[part, Step.OFFER] = f"お誘い{invited}人" + (f"・使った方{used}人" if used else "")
    return told


def _may_show() -> Select[tuple[int]]:
    """How many consents hold today; to be narrowed down to a part."""
    today = date.today()
    return (
        select(func.count(func.distinct(Consent.id)))
        .join(ConsentVoice, ConsentVoice.consent_id == Consent.id)
        .join(Voice, Voice.id == ConsentVoice.voice_id)
        .where(Consent.withdrawn_on.is_(None), or_(Consent.expires_on.is_(None), Consent.expires_on >= today))
    )
