"""The facts of one workbook: numbers and keys of our own content, of which the class's pages are made."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from kizuna.content import Entry
from kizuna.errors import KizunaError
from kizuna.language.rules.context import Industry
from kizuna.process import Part, Step
from kizuna.steps import research, review
from kizuna.steps.cards import Card
from kizuna.steps.plan import plan
from kizuna.steps.progress import course_boxes
from kizuna.steps.report.words import words
from kizuna.steps.research import Question
from kizuna.steps.themes import ThemeView, themes
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Voice
from kizuna.workbook.store import Workbook
from kizuna.workbook.submission import code

SCALES = ("relation", "product")  # asked at the beginning and at the end, from 0 to 10
_LONGEST_NAME = 40
_MOST_KINDS = 2  # that one theme is counted in


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
        name=own_name(answers) if names else "",
        industry=trade.label if (trade := Industry.kept(answers.get("industry"))) else "",
        made=[f"{part}.{step}" for (part, step), box in course_boxes(book).items() if box.made],
        numbers={key: dict(one.counts) for key, one in zip(review.words().numbers, review.numbers(book, decided), strict=True)},
        scales=scales(answers),
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


def own_name(answers: Mapping[str, Any]) -> str:
    """What the participant calls herself: her shop's name."""
    return str(answers.get("shop") or "").strip()[:_LONGEST_NAME]


def scales(answers: Mapping[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    """Where she stood on each scale at the beginning and at the end."""
    return {key: (_scale(answers.get(f"entry.{key}")), _scale(answers.get(f"review.{key}"))) for key in SCALES}


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


def _scale(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10 else None
