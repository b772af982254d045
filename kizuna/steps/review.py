"""The look back over both parts: what was made, then and now, what comes next, and the owner's declaration. Only read, never decided here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kizuna.content import Entry, load
from kizuna.finding import Finding, Strength
from kizuna.language.counting import counted
from kizuna.language.wording import check_wording
from kizuna.process import Part, Step
from kizuna.steps import asking, improvements, invited, people, research, testimonials
from kizuna.steps.cards import Card
from kizuna.steps.cards import people as people_of
from kizuna.steps.plan import plan
from kizuna.steps.progress import Box, course_boxes
from kizuna.steps.themes import themes
from kizuna.steps.tribe.design import design
from kizuna.steps.tribe.members import members
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Idea
from kizuna.workbook.store import Workbook

MONTH, QUARTER = 30, 90  # days ahead
LONG = 90  # code points: longer words do not stand on the one page, and are shown only where there are no others
_CARD = ("act", "when", "who", "show", "name")
WHOLES = {"done": "decided", "used": "asked", "answered": "requested", "mended": "improved", "shown": "answered"}


class Pair(Entry):
    """One thing the owner wrote at the beginning and now: the fields of her words then, and of her words today.

    ``signs`` are the names of what she answered by yes or no, field by field.
    """

    title: str
    before: list[str]
    now: list[str]
    signs: list[str] = []


class Label(Entry):
    """How a number is called; ``of`` says what it is a part of."""

    label: str
    unit: str
    of: str = ""


class ReviewWords(Entry):
    """Everything in ``review.yaml``."""

    private: str
    words: list[Pair]
    numbers: dict[str, Label]


@dataclass(frozen=True)
class Decided:
    """Something the owner decided that somebody asked for: ``words`` are one of those who did, ``people`` how many they are.

    ``about`` is what a choice about the place is about; its title begins with it.
    """

    part: Part
    step: Step
    title: str
    words: Card
    people: int
    on: date | None = None
    often: str = ""
    done_on: date | None = None
    about: str = ""


@dataclass(frozen=True)
class Made:
    """One box of the course with what was made in it, and what was decided there."""

    box: Box
    decided: tuple[Decided, ...]

    @property
    def begun(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.box.made or self.decided)


@dataclass(frozen=True)
class Then:
    """The owner's own words at the beginning and today, each line by line; nothing where she has not written."""

    title: str
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """One count by part, and of how many it is where it is a part of something."""

    label: Label
    counts: Mapping[Part, int]
    of: Mapping[Part, int]

    def said(self, part: Part, brief: bool = False) -> str:
        """The count in words: 「3つ（決めた5つのうち）」, ``brief`` 「3つ（5つのうち）」; a dash where the part has no such thing."""
        if part not in self.counts:
            return "―"
        whole = f"（{'' if brief else self.label.of}{self._spell(self.of[part])}のうち）" if self.of.get(part) else ""
        return f"{self._spell(self.counts[part])}{whole}"

    def _spell(self, count: int) -> str:
        return counted(count, self.label.unit)


@dataclass(frozen=True)
class Ahead:
    """What is decided, asked for and not done: by its day, or without one; and the ideas that wait as questions."""

    today: date
    past: tuple[Decided, ...]
    month: tuple[Decided, ...]
    quarter: tuple[Decided, ...]
    later: tuple[Decided, ...]
    undated: tuple[Decided, ...]
    ideas: tuple[Idea, ...]

    @property
    def last_days(self) -> dict[str, date]:
        """The last day of the month and of the quarter that begin today."""
        return {"month": self.today + timedelta(days=MONTH), "quarter": self.today + timedelta(days=QUARTER)}


@dataclass(frozen=True)
class Declaration:
    """The owner's declaration: one act, when, for whom first, to whom she shows it, and her name."""

    act: str = ""
    when: str = ""
    who: str = ""
    show: str = ""
    name: str = ""

    @property
    def begun(self) -> bool:
        """Whether there is an act to declare."""
        return bool(self.act)


def words() -> ReviewWords:
    """The words of the page as ``content/review.yaml`` tells them."""
    return load("review.yaml", ReviewWords)


def made(book: Workbook) -> tuple[Made, ...]:
    """Every box of the course in its order, with what was decided in it."""
    decided = everything_decided(book)
    return tuple(Made(box, tuple(one for one in decided if (one.part, one.step) == place)) for place, box in course_boxes(book).items())


def everything_decided(book: Workbook) -> tuple[Decided, ...]:
    """What was decided in both parts and is asked for: items of the plans, choices about the place, improvements."""
    found: list[Decided] = []
    for part in Part:
        for action in plan(book, part).decided:
            title = action.title or "名前のない一手"
            found.append(_decided(part, Step.PLAN, title, action.evidence, on=action.due_on, done_on=action.done_on))
        for mended in improvements.improvements(book, part):
            if mended.decided:
                found.append(_decided(part, Step.FEEDBACK, mended.title, mended.evidence, done_on=mended.done_on))
    return (*found, *_choices(book))


def then_and_now(book: Workbook) -> tuple[Then, ...]:
    """The owner's own words side by side; a pair of which nothing is written is left out."""
    answers = read_answers(book)

    def said(keys: Sequence[str], signs: Sequence[str]) -> tuple[str, ...]:
        named = zip(keys, signs or [""] * len(keys), strict=True)
        return tuple(_spelled(answers[key], sign) for key, sign in named if answers.get(key) not in (None, ""))

    pairs = (Then(one.title, said(one.before, one.signs), said(one.now, one.signs)) for one in words().words)
    return tuple(one for one in pairs if one.before or one.now)


def numbers(book: Workbook, decided: Sequence[Decided] | None = None) -> tuple[Number, ...]:
    """The counts of both parts, each from where the other pages have it; a count has no part that knows no such thing.

    ``decided`` saves looking for what was decided once more.
    """
    decided = everything_decided(book) if decided is None else decided
    of_part = {part: _counts(book, part, [one for one in decided if one.part is part]) for part in Part}

    def counted(key: str) -> dict[Part, int]:
        return {part: counts[key] for part, counts in of_part.items() if key in counts}

    def whole(key: str) -> dict[Part, int]:
        """Of how many it is; not told where fewer were noted than came."""
        return {part: count for part, count in counted(WHOLES.get(key, "")).items() if count >= counted(key).get(part, 0)}

    return tuple(Number(label, counted(key), whole(key)) for key, label in words().numbers.items())


def ahead(book: Workbook, today: date | None = None, decided: Sequence[Decided] | None = None) -> Ahead:
    """What is to come, by its day; what has no words behind it is not here but among the questions. ``decided`` as in ``numbers``."""
    now = today or date.today()
    waiting = [one for one in (everything_decided(book) if decided is None else decided) if one.done_on is None and _to_do(one)]
    dated = sorted(((one.on, one) for one in waiting if one.on), key=lambda pair: (pair[0], pair[1].title))

    def between(first: int, last: int | None) -> tuple[Decided, ...]:
        """Those of so many to so many days from now."""
        return tuple(one for on, one in dated if first <= (on - now).days and (last is None or (on - now).days <= last))

    past = tuple(one for on, one in dated if on < now)
    undated = tuple(one for one in waiting if one.on is None)
    ideas = tuple(idea for part in Part for idea in research.ideas(book, part))
    return Ahead(now, past, between(0, MONTH), between(MONTH + 1, QUARTER), between(QUARTER + 1, None), undated, ideas)


def declaration(book: Workbook) -> Declaration:
    """The declaration as the owner wrote it."""
    answers = read_answers(book)
    return Declaration(**{key: str(answers.get(f"declare.{key}") or "").strip() for key in _CARD})


def check_declaration(one: Declaration) -> tuple[Finding, ...]:
    """Words of war or of kneeling in it, brackets that are customers', a missing day: advice only, since these are her own words to herself."""
    found = [
        Finding(told.rule, told.category, Strength.ADVICE, told.message, told.start, told.end, told.softer)
        for text in (one.act, one.when, one.who, one.show)
        for told in check_wording(text)
    ]
    if "「" in one.act:
        found.append(Finding("KZ-06", "QUOTE", Strength.ADVICE, "かぎかっこの中は、お客さまが話されたままの言葉だけにしておきましょう。"))
    if one.begun and not one.when:
        found.append(Finding("D11", "DATE", Strength.ADVICE, "いつはじめるかを書くと、忘れずにはじめられます。"))
    return tuple(found)


def _spelled(value: object, sign: str) -> str:
    """An answer as a line of its own; yes or no behind the name of what was asked."""
    return f"{sign}：{'はい' if value else 'いいえ'}" if sign else str(value)


def _to_do(one: Decided) -> bool:
    """Whether it is something to do; a choice about the place is only where it says how often."""
    return one.step is not Step.PLAN or one.part is Part.FOLLOWUP or one.on is not None or bool(one.often)


def _counts(book: Workbook, part: Part, decided: Sequence[Decided]) -> dict[str, int]:
    items, mended = ([one for one in decided if one.step is step] for step in (Step.PLAN, Step.FEEDBACK))
    offered = invited.counts(book, part=part)
    answered, shown = testimonials.spoken_and_allowed(book, part)
    alone = (
        {"done": sum(one.done_on is not None for one in items), "fans": len(people.fans(book))}
        if part is Part.FOLLOWUP
        else {"members": len(members(book))}  # a place is lived in, it is never done
    )
    return alone | {
        "heard": research.heard(book, part).people,
        "themes": sum(bool(view.cards) for view in themes(book, part)),
        "decided": len(items),
        "asked": offered.asked,
        "used": offered.used,
        "requested": asking.asked_people(asking.asked(book, part)),
        "answered": answered,
        "improved": len(mended),
        "mended": sum(one.done_on is not None for one in mended),
        "shown": shown,
    }


def _decided(part: Part, step: Step, title: str, evidence: Iterable[Card], **more: object) -> Decided:
    """One decision with the first of the words it rests on; wishes before others, and short ones before long ones."""
    rows = list(evidence)
    first = min(rows, key=lambda one: (len(one.text) > LONG, not one.wishes))
    return Decided(part, step, title, first, people_of(rows), **more)  # type: ignore[arg-type]


def _choices(book: Workbook) -> tuple[Decided, ...]:
    """The choices about the place that stand in the design, each under what it is about."""
    chosen = design(book).decided
    return tuple(
        _decided(Part.TRIBE, Step.PLAN, f"{one.topic.title}：{one.text}", one.evidence, often=one.often, about=one.topic.title)
        for one in chosen
    )
