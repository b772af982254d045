"""STEP5: customers' words are shown to others, as they were said, where and how each of them allowed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.highlight import evidence
from kizuna.language.labels import unfit_suffixes
from kizuna.language.personal import find_personal
from kizuna.language.tokens import carries_meaning, generic_words, tokens
from kizuna.process import Part, Step
from kizuna.steps import consents
from kizuna.steps.asking import asked, asked_people
from kizuna.steps.cards import Card, voice_card
from kizuna.steps.consents import State
from kizuna.steps.feedback import Kind, Passage, feedback, heard_from
from kizuna.steps.tribe.talks import To
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import (
    Improvement,
    Request,
    Talk,
    Threshold,
    Touch,
    Voice,
)  # fmt: skip
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook

LATELY = 21  # days within which somebody was met lately
FEWEST_PEOPLE = 2  # who use a word before it is called one of customers' words
_LETTERS = re.compile(r"[一-龥]|[ぁ-んァ-ヶー一-龥々〆A-Za-z]{2,}")


class FormWords(Entry):
    """What a draft of one form begins with, and how many voices it holds at most."""

    heading: str
    thanks: str
    most: int


class PartWords(Entry):
    """What is said in one part: by form, about how many the voices are, above the consent sheet, and about the words people use themselves."""

    forms: dict[str, FormWords]
    note: dict[str, str]
    sheet: str
    called: str
    called_hint: str


class TestimonialWords(Entry):
    """Everything in ``testimonials.yaml``."""

    __test__ = False

    parts: dict[Part, PartWords]
    before: str
    after: str
    dull: list[str]


@dataclass(frozen=True)
class Goal:
    """From when on voices are to be shown, as the owner promised herself; ``before`` whether she did so before anything was asked or heard."""

    answers: int
    percent: int
    set_on: date
    before: bool


@dataclass(frozen=True)
class Status:
    """How the feedback on a part stands, each number with what it is a part of; ``asked`` None where nobody noted it (fully).

    Never the glad ones alone: beside them stand who complained (of the product itself apart, as no follow-up mends it), what was mended,
    how many came again and when people were last met.
    """

    goal: Goal | None
    asked: int | None
    answered: int
    glad: int
    complained: int
    about_product: int
    may_show: int
    improved: int
    came_again: int
    met_lately: int | None
    since: date | None
    until: date | None
    part: Part = Part.FOLLOWUP

    @property
    def reached(self) -> bool | None:
        """Whether the owner's own threshold is reached; None where she has set none."""
        if self.goal is None:
            return None
        return self.answered >= self.goal.answers and self.glad * 100 >= self.goal.percent * self.answered and self.answered > 0


@dataclass(frozen=True)
class Candidate:
    """A voice of feedback: its best sentence (``start`` to ``end``), how it reads, and how the consent for it stands."""

    voice_id: int
    card: Card
    start: int
    end: int
    kinds: tuple[Kind, ...]
    state: State
    scopes: tuple[str, ...]

    @property
    def best(self) -> str:
        """The sentence that tells most, character for character."""
        return self.card.text[self.start : self.end]

    @property
    def glad(self) -> bool:
        """Whether it holds something good to show."""
        return Kind.PRAISE in self.kinds


@dataclass(frozen=True)
class Month:
    """How many voices came in by the end of a month, and how many of them may be shown now."""

    year: int
    month: int
    voices: int
    may_show: int


@dataclass(frozen=True)
class Word:
    """A word in which customers themselves speak, and how many of them use it."""

    text: str
    people: int
    card: Card


def words() -> TestimonialWords:
    """The words drafts begin with, as ``content/testimonials.yaml`` tells them."""
    found: TestimonialWords = load("testimonials.yaml", TestimonialWords)
    return found


def set_threshold(book: Workbook, part: Part, answers: int, percent: int, today: date | None = None) -> None:
    """Note from when on voices are to be shown; the day is today's. Earlier ones stay in the file.

    Raises ``KizunaError`` for numbers that cannot be.
    """
    if not 1 <= answers <= 10_000:
        raise KizunaError("「答えてくださる人数」には、1以上の数を書いてください。")
    if not 1 <= percent <= 100:
        raise KizunaError("「喜んでくださる方の割合」には、1から100までの数を書いてください。")
    with book.act("声をご紹介する目安を決めた") as session:
        last = _last_threshold(session, part)
        if last is None or (last.answers, last.percent) != (answers, percent):
            session.add(Threshold(part=part, answers=answers, percent=percent, set_on=today or date.today()))


def spoken_and_allowed(book: Workbook, part: Part, today: date | None = None) -> tuple[int, int]:
    """How many people gave feedback on a part, and whose words of it may be shown on that day, as ``status`` counts them; nothing is read for it."""
    with book.reading() as session:
        people, allowed = _people(session, _feedback(session, part), today or date.today())
    return len(people), len(allowed)


def status(book: Workbook, part: Part, today: date | None = None) -> Status:
    """How the feedback on a part stands on that day."""
    day = today or date.today()
    came = feedback(book, part)
    asked_of = asked_people(asked(book, part))
    with book.reading() as session:
        heard = _feedback(session, part)
        people, allowed = _people(session, heard, day)
        asked_on = list(session.scalars(select(Request.asked_on).where(Request.part == part)))
        days = sorted([*asked_on, *(one.heard_on for one in heard if one.heard_on)])
        mended = select(func.count(Improvement.id)).where(Improvement.part == part, Improvement.done_on.is_not(None))
        visits = Counter(session.scalars(select(Touch.person_id).where(Touch.kind == "visit", Touch.person_id.in_(people))))
        met = _met(session, part, people, day)
        return Status(
            _goal(session, part, days[0] if days else None),
            asked_of if asked_of >= max(len(people), 1) else None,
            len(people),
            heard_from(came.of(Kind.PRAISE)),
            heard_from(came.of(Kind.COMPLAINT)),
            heard_from(came.product),
            len(allowed),
            session.scalar(mended) or 0,
            sum(count > 1 for count in visits.values()),
            sum((day - last).days <= LATELY for last in met.values()) if met else None,
            days[0] if days else None,
            days[-1] if days else None,
            part,
        )


def _met(session: Session, part: Part, people: set[int], day: date) -> dict[int, date]:
    """When each of these people was last met up to that day; of the place, those who came to a gathering were met there, too."""
    met = list(session.execute(select(Touch.person_id, Touch.on).where(Touch.person_id.in_(people))).tuples())
    if part is Part.TRIBE:
        came = session.execute(select(Talk.speaker_id, Talk.at).where(Talk.to == To.CAME, Talk.speaker_id.in_(people))).tuples()
        met += [(who, at.date()) for who, at in came if who is not None]
    last: dict[int, date] = {}
    for who, on in met:
        if on <= day:
            last[who] = max(on, last.get(who, on))
    return last


def honest(found: Status) -> str:
    """The sentence that tells of how many the voices are, without a share; nothing while nobody answered."""
    if not found.answered:
        return ""
    note = words().parts[found.part].note
    since, until = (f"{day.year}年{day.month}月" for day in (found.since or date.today(), found.until or date.today()))
    which = ("same" if since == until else "") + ("" if found.asked else "_unknown")
    key = {"": "asked", "_unknown": "unknown"}.get(which, which)
    return note[key].format(since=since, until=until, asked=found.asked, answered=found.answered)


def candidates(book: Workbook, part: Part, today: date | None = None) -> tuple[Candidate, ...]:
    """Every voice of feedback on a part: those that may be shown first, then those whose owners could be asked, then the rest."""
    day = today or date.today()
    read = passages(book, part)
    with book.reading() as session:
        found, given = [], consents.by_voice(session)
        for voice in _feedback(session, part):
            start, end = best(read[voice.id]) or (0, 0)
            rows = given.get(voice.id, ())
            how = consents.standing(rows, day), consents.outward(rows, day)
            found.append(Candidate(voice.id, voice_card(voice), start, end, _kinds(read[voice.id]), *how))
    return tuple(sorted(found, key=lambda one: (not one.glad, not one.scopes, one.voice_id)))


def best(passages: Sequence[Passage]) -> tuple[int, int] | None:
    """Where the sentence of a voice stands that tells most of what was good, as it is read; None where there is none."""
    most = max((one for one in passages if Kind.PRAISE in one.kinds), key=_tells, default=None)
    return (most.start, most.end) if most else None


def _tells(one: Passage) -> float:
    """How much a sentence of praise tells: what the owner marked most; also one that is praise only as an answer to what was good counts."""
    return 2.0 if one.marked else evidence(one.text)


def passages(book: Workbook, part: Part) -> dict[int, list[Passage]]:
    """The sentences of each voice of feedback, as they are read, by the voice's id."""
    found: dict[int, list[Passage]] = defaultdict(list)
    for one in feedback(book, part).passages:
        found[one.voice_id].append(one)
    return found


def months(book: Workbook, part: Part, today: date | None = None) -> tuple[Month, ...]:
    """Month by month how many voices there were, and how many of them may be shown now; voices without a day count from when they came in."""
    day = today or date.today()
    with book.reading() as session:
        given = consents.by_voice(session)
        came = Counter[tuple[int, int]]()
        may = Counter[tuple[int, int]]()
        for voice in _feedback(session, part):
            on = voice.heard_on or voice.source.taken_at.date()
            came[on.year, on.month] += 1
            may[on.year, on.month] += bool(consents.outward(given.get(voice.id, ()), day))
    voices = shown = 0
    found = []
    for year, month in sorted(came):
        voices, shown = voices + came[year, month], shown + may[year, month]
        found.append(Month(year, month, voices, shown))
    return tuple(found)


def customer_words(book: Workbook, part: Part, most: int = 24) -> tuple[Word, ...]:
    """The words customers themselves use, by how many of them; nobody's name among them."""
    own = [str(read_answer(book, "shop") or "")]
    users: dict[str, set[int]] = defaultdict(set)
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, Card] = {}
    with book.reading() as session:
        for voice in session.scalars(select(Voice).where(Voice.part == part, Voice.topic != Topic.MEDIA).order_by(Voice.id)):
            secret = find_personal(voice.text, own)
            for normal, written, start, end in _telling(voice.text):
                if not any(at.start < end and start < at.end for at in secret):
                    users[normal].add(voice.person_id)
                    spellings[normal][written] += 1
                    first.setdefault(normal, voice_card(voice))
    often = sorted((one for one in users if len(users[one]) >= FEWEST_PEOPLE), key=lambda one: (-len(users[one]), one))
    return tuple(Word(spellings[one].most_common(1)[0][0], len(users[one]), first[one]) for one in often[:most])


def _telling(text: str) -> Iterator[tuple[str, str, int, int]]:
    """The nouns and adjectives that say something alone, each with what is hung on to it (駐車場): normal form, as written, start and end."""
    dull = generic_words() | {*unfit_suffixes(), *words().dull}
    found = tokens(text)
    for word, after in zip_longest(found, found[1:]):
        if not (word.pos.startswith(("名詞", "形容詞", "形状詞")) and carries_meaning(word) and _LETTERS.fullmatch(word.surface)):
            continue
        hung = after and after.start == word.end and after.pos.startswith("接尾辞-名詞的") and after.normal not in unfit_suffixes()
        if after and hung:
            yield word.normal + after.normal, word.surface + after.surface, word.start, after.end
        elif word.normal not in dull:
            noun = word.pos.startswith("名詞")
            yield word.normal, word.surface if noun else word.base or word.surface, word.start, word.end


def _last_threshold(session: Session, part: Part) -> Threshold | None:
    return session.scalars(select(Threshold).where(Threshold.part == part).order_by(Threshold.id.desc()).limit(1)).first()


def _goal(session: Session, part: Part, first: date | None) -> Goal | None:
    row = _last_threshold(session, part)
    return Goal(row.answers, row.percent, row.set_on, first is None or row.set_on <= first) if row else None


def _people(session: Session, heard: Sequence[Voice], day: date) -> tuple[set[int], set[int]]:
    """Who gave this feedback, and who of them allowed some of it to be shown on that day."""
    given = consents.by_voice(session)
    return {one.person_id for one in heard}, {one.person_id for one in heard if consents.outward(given.get(one.id, ()), day)}


def _feedback(session: Session, part: Part) -> list[Voice]:
    wanted = select(Voice).where(Voice.part == part, Voice.step == Step.FEEDBACK, Voice.topic != Topic.MEDIA)
    return list(session.scalars(wanted.order_by(Voice.id)))


def _kinds(passages: Sequence[Passage]) -> tuple[Kind, ...]:
    return tuple(dict.fromkeys(kind for one in passages for kind in one.kinds))
