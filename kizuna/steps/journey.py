"""STEP2: the way of a customer from knowing the shop to meeting again and again, with her feelings, and what of the plan reaches her when."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps.plan import PLACE, ActionView, plan
from kizuna.workbook.answers import Saved, read_answers, save_answer
from kizuna.workbook.store import Workbook

FEELING = "journey.feeling."  # the rest of the key is the stage's


class Stage(Entry):
    """One time on the way; ``ask`` is the question about her feelings then."""

    id: str
    title: str
    ask: str
    example: str


class JourneyWords(Entry):
    """Everything in ``journey.yaml``."""

    lead: str
    choose: str
    none: str
    closed: str
    wait: str
    full: str
    stages: list[Stage]


@dataclass(frozen=True)
class StageView:
    """One time on the way: what the owner wrote of the feelings then, and the item of the plan that reaches people then."""

    stage: Stage
    feeling: str
    action: ActionView | None


def words() -> JourneyWords:
    """The way as ``content/journey.yaml`` tells it."""
    found: JourneyWords = load("journey.yaml", JourneyWords)
    return found


def journey(book: Workbook) -> tuple[StageView, ...]:
    """Every time on the way in its order; only what stands in the plan, and so was asked for, can reach anybody."""
    answers, decided = read_answers(book), {one.id: one for one in plan(book, Part.FOLLOWUP).decided}
    return tuple(
        StageView(one, str(answers.get(FEELING + one.id) or ""), decided.get(answers.get(PLACE + one.id) or 0)) for one in words().stages
    )


def feel(book: Workbook, stage: Stage, text: str, seen: str | None = None) -> Saved:
    """Write what the feelings are at a time."""
    return save_answer(book, FEELING + stage.id, text, f"{stage.title}の気持ち", seen)


def reach(book: Workbook, stage: Stage, action_id: int | None) -> None:
    """Let an item of the plan be what reaches people at a time, or nothing. Raises ``KizunaError`` for one that is not in the plan."""
    if action_id is not None and action_id not in {one.id for one in plan(book, Part.FOLLOWUP).decided}:
        raise KizunaError("選べるのは、計画に入れた一手だけです。先に、上の「一手を書く」で計画に入れてください。")
    save_answer(book, PLACE + stage.id, action_id, f"{stage.title}の一手")


def unreached(found: tuple[StageView, ...]) -> tuple[Stage, ...]:
    """The times at which nothing of the plan reaches anybody."""
    return tuple(one.stage for one in found if one.action is None)
