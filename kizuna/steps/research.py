"""STEP1: what was asked, what was heard, and what can honestly be said about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.language.media import media, media_in
from kizuna.process import Part, Step
from kizuna.steps.cards import Card, cards, placements, voice_card
from kizuna.workbook.intake import says_nothing
from kizuna.workbook.models import Idea, Person, Quote, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook


class Question(Entry):
    """One question of the interview sheet, why it is asked, and how to go on."""

    key: str
    topic: Topic
    text: str
    why: str
    more: str = ""
    idea: int | None = None  # a question of the owner's own: the id of what waits in 「次に聞くこと」


class Sheets(Entry):
    """Everything in ``questions.yaml``."""

    purpose_example: str
    invitation: dict[Part, str]
    own_example: dict[Part, str]
    nothing_heard: dict[Part, str]
    thanks: str
    sheets: dict[Part, list[Question]]
    about_the_place: list[Question]


@dataclass(frozen=True)
class Heard:
    """How much was heard so far: ``people`` answered, ``cards`` are laid out, ``nothing`` said only 「特になし」."""

    people: int
    voices: int
    cards: int
    nothing: int


@dataclass(frozen=True)
class Told:
    """All that one person said: question, words and day of each voice."""

    person: str
    voices: tuple[tuple[str, str, date | None], ...]


@dataclass(frozen=True)
class MediumView:
    """How many different people look at a medium, with the words in which they say so."""

    id: str
    name: str
    cards: tuple[Card, ...]

    @property
    def people(self) -> int:
        """How many different people named it."""
        return len({one.person_id for one in self.cards})


@dataclass(frozen=True)
class Point:
    """After the ``people``-th person, ``themes`` different themes had been heard."""

    people: int
    themes: int


def sheets() -> Sheets:
    """The interview sheets of both parts as ``content/questions.yaml`` tells them."""
    return load("questions.yaml", Sheets)


def questions(book: Workbook, part: Part) -> tuple[Question, ...]:
    """The questions to ask: the fixed ones, then those the owner put into 「次に聞くこと」."""
    with book.reading() as session:
        own = session.scalars(select(Idea).where(Idea.part == part, Idea.asked.is_(False)).order_by(Idea.id)).all()
    topic = Topic.PLACE if part == Part.TRIBE else Topic.FOLLOWUP
    return (
        *sheets().sheets[part],
        *(
            Question(key=f"idea-{idea.id}", topic=topic, text=idea.question, why="「次に聞くこと」に入れておいた質問です。", idea=idea.id)
            for idea in own
        ),
    )


def asked(book: Workbook, part: Part = Part.FOLLOWUP) -> tuple[Question, ...]:
    """The questions of the interview sheet in its order: a question of the owner's own comes last, so that the others keep their numbers.

    The first part's interview serves both parts; that of the second asks of the gathering alone, and more of it.
    """
    both = questions(book, Part.TRIBE)
    both = (*both, *sheets().about_the_place) if part == Part.TRIBE else (*questions(book, Part.FOLLOWUP), *both)
    return tuple(sorted(both, key=lambda one: one.idea is not None))


def told(book: Workbook, feedback: Part | None = None) -> tuple[Told, ...]:
    """Everything that everybody said when asked for wishes (or as ``feedback`` on a part), by person, in the order in which it came in."""
    by_person: dict[int, list[Voice]] = {}
    here = (Voice.step == Step.FEEDBACK, Voice.part == feedback) if feedback else (Voice.step == Step.RESEARCH,)
    with book.reading() as session:
        for voice in session.scalars(select(Voice).where(*here).order_by(Voice.id)):
            by_person.setdefault(voice.person_id, []).append(voice)
        return tuple(
            Told(voices[0].person.called, tuple((voice.question, voice.text, voice.heard_on) for voice in voices))
            for voices in by_person.values()
        )


def heard(book: Workbook, part: Part) -> Heard:
    """Counts of what came in for a part."""
    here = (Voice.part == part, Voice.step == Step.RESEARCH)
    with book.reading() as session:
        texts = session.scalars(select(Voice.text).where(*here, Voice.topic != Topic.MEDIA)).all()
        laid = session.scalar(select(func.count(Quote.id)).join(Quote.voice).where(*here, Quote.laid)) or 0
        who = session.scalar(select(func.count(func.distinct(Voice.person_id))).where(*here)) or 0
    return Heard(who, len(texts), laid, sum(says_nothing(text) for text in texts))


def media_seen(book: Workbook) -> tuple[MediumView, ...]:
    """The media that people say they look at, the one most people look at first (both parts together: it is the same people)."""
    found: dict[str, list[Card]] = {}
    with book.reading() as session:
        for voice in session.scalars(select(Voice).where(Voice.topic == Topic.MEDIA).order_by(Voice.id)):
            one = voice_card(voice)
            for medium_id in media_in(voice.text):
                found.setdefault(medium_id, []).append(one)
    views = [MediumView(one.id, one.name, tuple(found[one.id])) for one in media().values() if one.id in found]
    return tuple(sorted(views, key=lambda view: -view.people))


def curve(book: Workbook, part: Part) -> tuple[Point, ...]:
    """How the number of different themes grew from person to person, in the order in which they were heard."""
    with book.reading() as session:
        placed = placements(session)
        days = {
            voice_id: (day, voice_id)
            for voice_id, day in session.execute(select(Voice.person_id, func.min(Voice.heard_on)).group_by(Voice.person_id))
        }
        by_person: dict[int, set[int]] = {}
        for one in cards(session, part):
            placement = placed.get(one.id)
            by_person.setdefault(one.person_id, set()).update({placement.theme_id} if placement and placement.theme_id else set())
    order = sorted(by_person, key=lambda person: (days[person][0] is None, days[person][0] or 0, person))
    known: set[int] = set()
    points = []
    for number, person in enumerate(order, start=1):
        known |= by_person[person]
        points.append(Point(number, len(known)))
    return tuple(points)


def still_new(points: tuple[Point, ...], last: int = 5) -> str:
    """One sentence on whether new wishes still turn up, for the people heard last."""
    if len(points) <= last:
        return f"まだ{len(points)}人です。お一人増えるごとに、新しい望みが聞こえてくる時期です。"
    fresh = points[-1].themes - points[-1 - last].themes
    if fresh:
        return f"さいごの{last}人から、新しい望みのまとまりが{things(fresh)}聞こえました。もう少し聞くと、また新しい望みに出会えそうです。"
    return f"さいごの{last}人からは、新しいまとまりは出ませんでした。そろそろ計画に進んでも、だいじょうぶそうです。"


def honest(people: int) -> str:
    """What may be said of this many people: a tendency, what was heard, or not yet anything."""
    if people == 0:
        return "まだお客さまの声がありません。お一人の声から始められます。"
    if people < 5:
        return f"まだ{people}人です。「傾向」とは言わず、「聞こえてきたこと」として大切に読みましょう。"
    if people < 20:
        return f"{people}人の声です。人数が少ないので、割合ではなく、何人が話してくださったかで見ます。"
    return f"{people}人の声です。同じ方が何度話しても、一人として数えています。"


def add_idea(book: Workbook, part: Part, text: str, question: str) -> None:
    """Put the owner's own idea into 「次に聞くこと」, with the question that will tell whether anybody wants it."""
    with book.act("「次に聞くこと」に入れた") as session:
        ask_next(session, part, text, question)


def ask_next(session: Session, part: Part, text: str, question: str) -> None:
    """The same within an act."""
    if not question.strip():
        raise KizunaError("お客さまにどうたずねるかを、一文で書いてください。聞いてみて、望む方がいたら計画に入れられます。")
    session.add(Idea(part=part, text=text.strip(), question=question.strip()))


def ideas(book: Workbook, part: Part) -> tuple[Idea, ...]:
    """The owner's own ideas that wait to be asked."""
    with book.reading() as session:
        return tuple(session.scalars(select(Idea).where(Idea.part == part, Idea.asked.is_(False)).order_by(Idea.id)))


def drop_idea(book: Workbook, idea_id: int) -> None:
    """Take an idea off 「次に聞くこと」."""
    with book.act("「次に聞くこと」から外した") as session:
        idea = session.get(Idea, idea_id)
        if idea is not None:
            idea.asked = True


def known_names(book: Workbook) -> tuple[str, ...]:
    """The names of the people the workbook knows."""
    with book.reading() as session:
        return tuple(name for name in session.scalars(select(Person.name).where(Person.name.is_not(None)).order_by(Person.name)) if name)


def find_person(book: Workbook, name: str) -> int | None:
    """The id of the person who goes by this name, or None."""
    with book.reading() as session:
        return session.scalars(select(Person.id).where(Person.name == name.strip()).order_by(Person.id)).first()
