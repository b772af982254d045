"""What a report tells of one workbook: the letter to the participant, and the facts that the class's pages are made of."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from sqlalchemy import func, select

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.rules.context import Industry
from kizuna.process import Part, Step
from kizuna.steps import research, review
from kizuna.steps.cards import Card
from kizuna.steps.improvements import ImprovementView, improvements
from kizuna.steps.plan import ActionView, PlanView, plan
from kizuna.steps.progress import Box, course_boxes
from kizuna.steps.research import Question
from kizuna.steps.review import Ahead, Decided, Declaration, Then
from kizuna.steps.themes import ThemeView, laid, themes
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Invitation, Offer, Voice
from kizuna.workbook.store import Workbook
from kizuna.workbook.submission import code

Place = tuple[Part, Step]
SCALES = ("relation", "product")  # asked at the beginning and at the end, from 0 to 10
_LONGEST_NAME = 40
_MOST_KINDS = 2  # that one theme is counted in
_OPEN = 3  # wishes without an item that become questions
_ASK = 5  # questions in a letter


class WishKind(Entry):
    """A kind of wishes that many shops hear: its ``words`` tell it, its ``label`` is all that is shown of it."""

    key: str
    label: str
    words: list[str]


class CampField(Entry):
    """One field of the report on the course, with the room to write where nothing is known."""

    key: str
    title: str
    lines: int


class CampWords(Entry):
    """The report on the course."""

    title: str
    how: str
    fields: list[CampField]
    people: str
    people_more: str
    outline: str
    kinds: str
    declared: str
    next: str
    next_none: str
    small: str


class NoteWords(Entry):
    """How the columns of the instructor's notes may be headed, and which headings belong into which field of the report on the course."""

    code: list[str]
    section: list[str]
    memo: list[str]
    camp: dict[str, list[str]]


class ReportWords(Entry):
    """Everything in ``report.yaml``."""

    letter: dict[str, str]
    pieces: dict[str, str]
    questions: dict[str, str]
    cohort: dict[str, str]
    scales: dict[str, str]
    kinds: list[WishKind]
    numbers: list[str]
    board: dict[str, str]
    camp: CampWords
    notes: NoteWords


class Facts(Entry):
    """The numbers of one workbook; of its words at most what the participant calls herself.

    ``made`` are the boxes of the course that hold something, ``asked`` the questions somebody answered; ``heard``, ``answered`` and ``waiting`` are
    kinds of wishes: those that were heard, that an item answers, and that an idea of the owner's asks about.
    """

    code: str
    name: str = ""
    industry: str = ""
    made: list[str] = []
    numbers: dict[str, dict[Part, int]] = {}
    scales: dict[str, tuple[int | None, int | None]] = {}
    asked: list[str] = []
    heard: list[str] = []
    answered: list[str] = []
    waiting: list[str] = []
    declared: bool = False

    @property
    def furthest(self) -> int:
        """How many boxes of the course lie before the end of the last one that was worked on; 0 while nothing is begun.

        The first interview asks for both parts, so that words about the place alone are no work on the second part.
        """
        heard_only = set() if self.numbers.get("themes", {}).get(Part.TRIBE) else {f"{Part.TRIBE}.{Step.RESEARCH}"}
        return max((number for number, place in enumerate(places(), start=1) if place in self.made and place not in heard_only), default=0)


@dataclass(frozen=True)
class Row:
    """One hand-in on the instructor's page: its facts and where its report lies, or in one sentence why there is none.

    ``report`` and ``pdf`` are addresses relative to the index page.
    """

    number: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    report: str = ""
    pdf: str = ""
    error: str = ""


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
    boxes: Mapping[Place, Box]
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


def words() -> ReportWords:
    """The words of the reports as ``content/report.yaml`` tells them."""
    return load("report.yaml", ReportWords)


def places() -> list[str]:
    """The boxes of the course in their order, as ``Facts.made`` names them."""
    return [f"{part}.{step}" for part in Part for step in Step]


def facts(book: Workbook, names: bool = False) -> dict[str, Any]:
    """The numbers of one workbook as JSON can hold them; of its words none, or with ``names`` only what the participant calls herself."""
    answers = read_answers(book)
    views = [(part, view) for part in Part for view in themes(book, part) if view.cards]
    taken = {action.theme_id for part in Part for action in plan(book, part).decided}
    decided = review.everything_decided(book)
    ideas = [one for part in Part for one in research.ideas(book, part)]
    found = Facts(
        code=code(book),
        name=_name(answers) if names else "",
        industry=_industry(answers),
        made=[f"{part}.{step}" for (part, step), box in course_boxes(book).items() if box.made],
        numbers={key: dict(one.counts) for key, one in zip(review.words().numbers, review.numbers(book, decided), strict=True)},
        scales=_scales(answers),
        asked=sorted(asked(book)),
        heard=_kinds_of(views),
        answered=_kinds_of((part, view) for part, view in views if view.id in taken),
        waiting=sorted({key for idea in ideas for key in kinds_in(f"{idea.text} {idea.question}")}),
        declared=review.declaration(book).begun,
    )
    return found.model_dump(mode="json")


def read(found: Mapping[str, Any]) -> Facts:
    """Facts as they came out of JSON. Raises ``KizunaError`` where they are none."""
    try:
        return Facts.model_validate(found)
    except ValidationError as error:
        raise KizunaError("まとめのもとになる数が読めません。お便りを作り直すと、新しくなります。") from error


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
        _name(answers),
        boxes,
        counts,
        views,
        () if views else lying[Part.FOLLOWUP].loose or lying[Part.TRIBE].loose,
        {view.id: part for part, each in by_part.items() for view in each},
        taken,
        plans[Part.FOLLOWUP],
        tuple(_chains(decided, actions, mended, _used(book))),
        review.then_and_now(book),
        _scales(answers),
        review.ahead(book, decided=decided),
        review.declaration(book),
        tuple(_questions(book, views, taken, counts))[:_ASK],
    )


def kinds_in(text: str) -> list[str]:
    """The kinds of wishes whose words stand in a text, by their keys in the order of the content."""
    flat = unicodedata.normalize("NFKC", text)
    return [one.key for one in words().kinds if any(word in flat for word in one.words)]


def asked(book: Workbook) -> set[str]:
    """The questions of the interview that somebody answered, by their keys.

    A column of a file is known by what kind of question stands above it; of several of one kind it counts for the first.
    """
    heard = select(Voice.part, Voice.topic, Voice.question).where(Voice.step == Step.RESEARCH).distinct()
    with book.reading() as session:
        rows = session.execute(heard).all()
    by_text = {one.text: one.key for one in _interview()}
    first = {one.topic: one.key for one in reversed(_interview())}
    return {found for _, topic, question in rows if (found := by_text.get(question) or first.get(topic))}


def interview() -> Mapping[str, Question]:
    """The questions of the interview in both parts by their keys, in their order."""
    return {one.key: one for one in _interview()}


def _interview() -> list[Question]:
    told = research.sheets()
    return [*told.sheets[Part.FOLLOWUP], *told.sheets[Part.TRIBE], *told.about_the_place]


def _kinds_of(views: Iterable[tuple[Part, ThemeView]]) -> list[str]:
    """The kinds of these themes: by their names, else by the words that most of their cards have; those of the second part are gatherings too."""
    found: set[str] = set()
    for part, view in views:
        named = kinds_in(view.name) or _commonest(view.cards)
        found.update(named[:_MOST_KINDS], ["gather"] if part is Part.TRIBE else [])
    return [one.key for one in words().kinds if one.key in found]


def _commonest(cards: Iterable[Card]) -> list[str]:
    counted = Counter(key for one in cards for key in kinds_in(one.text))
    return [key for key, count in counted.most_common(1) if count > 1]


def _name(answers: Mapping[str, Any]) -> str:
    """What the participant calls herself: her shop's name."""
    return str(answers.get("shop") or "").strip()[:_LONGEST_NAME]


def _industry(answers: Mapping[str, Any]) -> str:
    """The trade by its name; one that nobody could have chosen is none."""
    said = answers.get("industry")
    return next((one.label for one in Industry if said in (one.value, one.label)), "")


def _scales(answers: Mapping[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    return {key: (_scale(answers.get(f"entry.{key}")), _scale(answers.get(f"review.{key}"))) for key in SCALES}


def _scale(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10 else None


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
