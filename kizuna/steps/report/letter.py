"""The letter to a participant: all that it tells of her workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from kizuna.process import Part, Step
from kizuna.steps import research, review
from kizuna.steps.cards import Card
from kizuna.steps.improvements import ImprovementView, improvements
from kizuna.steps.plan import ActionView, PlanView, plan
from kizuna.steps.progress import Box, course_boxes
from kizuna.steps.report.facts import asked, interview, own_name, scales
from kizuna.steps.report.words import words
from kizuna.steps.review import Ahead, Decided, Declaration, Then
from kizuna.steps.themes import ThemeView, laid
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Invitation, Offer, Voice
from kizuna.workbook.store import Workbook
from kizuna.workbook.submission import code

_OPEN = 3  # wishes without an item that become questions
_ASK = 5  # questions in a letter


@dataclass(frozen=True)
class Chain:
    """From the words to what came of them: something decided (an item of a plan as ``action``), how many used it, and what was mended then."""

    decided: Decided
    action: ActionView | None = None
    used: int = 0
    mended: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """A question for next time, and why it is worth asking."""

    text: str
    why: str


@dataclass(frozen=True)
class Letter:
    """All that the report to a participant tells."""

    code: str
    name: str
    boxes: Mapping[tuple[Part, Step], Box]
    counts: Mapping[str, int]
    themes: tuple[ThemeView, ...]
    loose: tuple[Card, ...]  # what lies in no theme yet, where there is no theme at all
    part_of: Mapping[int, Part]  # each theme's, by its id
    answered: frozenset[int]
    plan: PlanView
    chains: tuple[Chain, ...]
    then: tuple[Then, ...]
    scales: Mapping[str, tuple[int | None, int | None]]
    ahead: Ahead
    declaration: Declaration
    questions: tuple[Ask, ...]


def letter(book: Workbook) -> Letter:
    """All that the report to a participant tells."""
    answers = read_answers(book)
    decided = review.everything_decided(book)
    boxes = course_boxes(book)
    lying = {part: laid(book, part) for part in Part}
    by_part = {part: [view for view in one.themes if view.cards] for part, one in lying.items()}
    views = tuple(view for each in by_part.values() for view in each)
    plans = {part: plan(book, part) for part in Part}
    actions = tuple(action for one in plans.values() for action in one.decided)
    taken = frozenset(action.theme_id for action in actions if action.theme_id)
    mended = [one for part in Part for one in improvements(book, part) if one.decided]
    counts = _counts(book, decided)
    return Letter(
        code(book),
        own_name(answers),
        boxes,
        counts,
        views,
        () if views else lying[Part.FOLLOWUP].loose or lying[Part.TRIBE].loose,
        {view.id: part for part, each in by_part.items() for view in each},
        taken,
        plans[Part.FOLLOWUP],
        tuple(_chains(decided, actions, mended, _used(book))),
        review.then_and_now(book),
        scales(answers),
        review.ahead(book, decided=decided),
        review.declaration(book),
        tuple(_questions(book, views, taken, counts))[:_ASK],
    )


def _counts(book: Workbook, decided: Sequence[Decided]) -> dict[str, int]:
    """The numbers of both parts together; somebody who spoke in both is one person."""
    told = zip(review.words().numbers, review.numbers(book, decided), strict=True)
    with book.reading() as session:
        spoken = session.execute(select(Voice.step, func.count(func.distinct(Voice.person_id))).group_by(Voice.step))
        people = {str(step): int(count) for step, count in spoken}
    return {key: sum(one.counts.values()) for key, one in told} | {
        "people": people.get(Step.RESEARCH, 0),
        "back": people.get(Step.FEEDBACK, 0),
    }


def _used(book: Workbook) -> dict[int, int]:
    """How many different people used what each action offers, by the action's id."""
    used = (
        select(Offer.action_id, func.count(func.distinct(Invitation.person_id)))
        .join(Invitation, Invitation.offer_id == Offer.id)
        .where(Offer.action_id.is_not(None), Invitation.used_on.is_not(None))
        .group_by(Offer.action_id)
    )
    with book.reading() as session:
        return {action_id: count for action_id, count in session.execute(used) if action_id is not None}


def _chains(
    decided: Iterable[Decided], actions: Iterable[ActionView], mended: Sequence[ImprovementView], used: Mapping[int, int]
) -> Iterator[Chain]:
    """What was decided, each with what came of it; an improvement of an action stands with that action and not once more."""
    waiting = list(actions)
    shown = {one.title for one in mended if one.action_id is not None}
    for one in decided:
        action = next((each for each in waiting if one.step is Step.PLAN and (each.part, each.title) == (one.part, one.title)), None)
        if action is not None:
            waiting.remove(action)
            back = tuple(each.title for each in mended if each.action_id == action.id)
            yield Chain(one, action, used.get(action.id, 0), back)
        elif one.step is Step.PLAN or one.title not in shown:
            yield Chain(one)


def _questions(book: Workbook, views: Iterable[ThemeView], taken: Collection[int], counts: Mapping[str, int]) -> Iterator[Ask]:
    """What is worth asking next: the owner's own questions first, then what came of what was tried, wishes without an item, what was never asked."""
    told = words().questions
    yield from (Ask(one.question, told["idea"]) for part in Part for one in research.ideas(book, part))
    if counts["used"] and not counts["answered"]:
        yield Ask(told["used"], told["used_why"].format(people=counts["used"]))
    if counts["mended"]:
        yield Ask(told["mended"], told["mended_why"])
    waiting = sorted((one for one in views if one.wishers and one.id not in taken), key=lambda one: -one.wishers)
    yield from (Ask(told["wish"].format(theme=one.name, people=one.wishers), told["wish_why"]) for one in waiting[:_OPEN])
    heard = asked(book)
    yield from (Ask(one.text, one.why) for key, one in interview().items() if key not in heard)
