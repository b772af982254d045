"""STEP4: what came back, and how each sentence of it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.feedback import Kind as Told
from kizuna.language.feedback import sentence_kinds
from kizuna.language.plain import plain
from kizuna.language.rules import Rule, rule
from kizuna.language.rules.table import compiled
from kizuna.language.sentences import sentences
from kizuna.language.tokens import content_tokens, content_words, generic_words
from kizuna.process import Part, Step
from kizuna.steps.cards import Card, cut, people, source
from kizuna.steps.memo import remembered
from kizuna.steps.research import Question
from kizuna.workbook.answers import read_answer
from kizuna.workbook.intake import says_nothing
from kizuna.workbook.models import FeedbackMark, Quote, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.rows import only
from kizuna.workbook.store import Workbook

_MARKS = {"kind", "product", "elsewhere"}
_MINDED = ("PI-02", "PI-03")
_ROOM = 1_000_000  # more than a voice has code points
GONE = "この言葉は、ほかの画面で取り消されました。画面を新しくしてから、もう一度選んでください。"


class Kind(StrEnum):
    """How a sentence of feedback reads; ``FACT``: none of the others."""

    PRAISE = Told.PRAISE
    COMPLAINT = Told.COMPLAINT
    REQUEST = Told.REQUEST
    POLITE_ONLY = Told.POLITE_ONLY
    FACT = "FACT"


class FeedbackTexts(Entry):
    """Everything in ``feedback_form.yaml``."""

    title: str
    lead: str
    name: str
    photo: str
    show: str
    thanks: str
    polite: list[str]
    forms: dict[Part, list[Question]]
    labels: dict[Kind, str]
    product: dict[Part, list[str]]
    care: list[str]
    gratitude: list[str]
    request: dict[Part, dict[str, str]]
    everyone: dict[Part, str]
    apart: dict[Part, str]
    changed: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Passage:
    """One sentence of feedback: its words are a span of a stored voice; ``card.id`` is 0 until it was cut out as a quote.

    ``product``: about the product itself; ``marked``: read so by the owner; ``elsewhere``: she said that it belongs to no item it was laid beside.
    """

    voice_id: int
    start: int
    end: int
    card: Card
    topic: Topic
    kinds: tuple[Kind, ...]
    product: bool
    marked: bool
    elsewhere: bool = False

    @property
    def id(self) -> int:
        """What tells it from all others: its voice and where it begins."""
        return self.voice_id * _ROOM + self.start

    @property
    def text(self) -> str:
        """The customer's words."""
        return self.card.text


@dataclass(frozen=True)
class Feedback:
    """All that came back on a part, sentence by sentence; ``people`` answered, ``nothing`` answers had nothing in particular to say.

    People are counted here for every page: by ``people``, and by ``heard_from`` over the sentences of a kind, where somebody may be counted
    in two kinds.
    """

    passages: tuple[Passage, ...]
    people: int
    nothing: int

    def of(self, kind: Kind) -> tuple[Passage, ...]:
        """The sentences of one kind; complaints and requests without those about the product itself."""
        apart = kind in (Kind.COMPLAINT, Kind.REQUEST)
        return tuple(one for one in self.passages if kind in one.kinds and not (apart and one.product))

    @property
    def product(self) -> tuple[Passage, ...]:
        """Complaints and requests about the product itself: no follow-up mends them."""
        return tuple(one for one in self.passages if one.product and {Kind.COMPLAINT, Kind.REQUEST} & {*one.kinds})

    @property
    def polite(self) -> tuple[Passage, ...]:
        """The words of people who said nothing but polite formulas (KZ-11)."""
        more = {one.card.person_id for one in self.passages if one.kinds != (Kind.POLITE_ONLY,)}
        return tuple(one for one in self.passages if one.card.person_id not in more)

    def find(self, passage_id: int) -> Passage:
        """One sentence by its id. Raises ``KizunaError`` where it is gone."""
        found = next((one for one in self.passages if one.id == passage_id), None)
        if found is None:
            raise KizunaError(GONE)
        return found


def texts() -> FeedbackTexts:
    """The feedback form and its words as ``content/feedback_form.yaml`` tells them."""
    found: FeedbackTexts = load("feedback_form.yaml", FeedbackTexts)
    return found


@remembered
def feedback(book: Workbook, part: Part) -> Feedback:
    """All that came back on a part, each sentence read by machine unless the owner reads it otherwise."""
    mine = own_words(book, part)
    with book.reading() as session:
        voices = session.scalars(select(Voice).where(Voice.part == part, Voice.step == Step.FEEDBACK).order_by(Voice.id)).all()
        quotes = _quotes(session, part)
        passages = [one for voice in voices for one in _passages(voice, quotes, mine)]
    answers = [voice for voice in voices if voice.topic != Topic.MEDIA]
    return Feedback(tuple(passages), len({voice.person_id for voice in answers}), sum(says_nothing(voice.text) for voice in answers))


def mark(book: Workbook, part: Part, passage_id: int, **how: Kind | bool | None) -> None:
    """Let the owner read a sentence otherwise; None leaves it to the machine again.

    Its ``kind``, whether it is about the ``product``, or that it belongs to no item it was laid beside (``elsewhere``).
    """
    only(how, _MARKS)
    one = feedback(book, part).find(passage_id)
    with book.act("感想の読み方を直した") as session:
        quote = cut(session, one.voice_id, one.start, one.end)
        row = session.scalars(select(FeedbackMark).where(FeedbackMark.quote_id == quote.id)).first()
        if row is None:
            row = FeedbackMark(quote_id=quote.id)
            session.add(row)
        for key, value in how.items():
            setattr(row, key, value)
        session.flush()
        if all(getattr(row, key) is None for key in _MARKS):
            session.delete(row)


def marks(book: Workbook, part: Part) -> dict[int, tuple[str | None, bool | None]]:
    """What the owner decided on sentences herself, by the ids of the passages: kind and product."""
    with book.reading() as session:
        return {
            voice_id * _ROOM + start: (own.kind, own.product) for (voice_id, start, _), (_, own) in _quotes(session, part).items() if own
        }


def minded(found: Feedback) -> tuple[tuple[Rule, tuple[Passage, ...]], ...]:
    """The sentences that tell of illness, belief … (PI-02) or of children (PI-03), by rule: not to be noted further or shown without asking."""
    told = [(rule(number), tuple(one for one in found.passages if number in _minds(one.text))) for number in _MINDED]
    return tuple((one, said) for one, said in told if said)


def quote_of(session: Session, one: Passage) -> int:
    """The id of a sentence as a quote, cut out within an act unless it is one already."""
    return cut(session, one.voice_id, one.start, one.end).id


def cards_of(passages: Iterable[Passage]) -> tuple[Card, ...]:
    """The sentences as cards to show."""
    return tuple(one.card for one in passages)


def heard_from(passages: Iterable[Passage]) -> int:
    """How many different people said these sentences."""
    return people(cards_of(passages))


def own_words(book: Workbook, part: Part = Part.FOLLOWUP) -> frozenset[str]:
    """What the owner sells, as nouns: a complaint in which one of them stands may be about the product itself.

    In a place where those meet who like it everybody speaks of it, so there they tell nothing.
    """
    if part is Part.TRIBE:
        return frozenset()
    sells = str(read_answer(book, "sells") or "")
    return frozenset(one.normal for one in content_tokens(sells) if one.pos.startswith("名詞")) - generic_words()


def _passages(voice: Voice, quotes: dict[tuple[int, int, int], tuple[int, FeedbackMark | None]], mine: frozenset[str]) -> list[Passage]:
    if voice.topic == Topic.MEDIA or says_nothing(voice.text):
        return []
    topic, where, found = Topic(voice.topic), source(voice), []
    for start, end, read, about in _read(voice.text, topic, mine, Part(voice.part)):
        quote_id, own = quotes.get((voice.id, start, end), (0, None))
        kinds = (Kind(own.kind),) if own and own.kind else read
        product = own.product if own and own.product is not None else Kind.COMPLAINT in kinds and about
        wishes = Kind.REQUEST in kinds
        card = Card(quote_id, voice.text[start:end], voice.person_id, voice.person.called, voice.question, voice.heard_on, where, wishes)
        marked = own is not None and (own.kind, own.product) != (None, None)
        found.append(Passage(voice.id, start, end, card, topic, kinds, product, marked, bool(own and own.elsewhere)))
    return found


@lru_cache(maxsize=4096)
def _read(text: str, topic: Topic, mine: frozenset[str], part: Part) -> tuple[tuple[int, int, tuple[Kind, ...], bool], ...]:
    """The sentences of a voice as the machine reads them: where, which kinds, and whether a complaint there is about the product."""
    spans = [(start, end, _kinds(text[start:end], topic)) for start, end in sentences(text)]
    return tuple((start, end, kinds, about_product(text[start:end], mine, part)) for start, end, kinds in spans)


@lru_cache(maxsize=4096)
def _minds(text: str) -> frozenset[str]:
    flat = plain(text).text
    found = {number: compiled()[number] for number in _MINDED}
    return frozenset(
        number
        for number, (patterns, fine) in found.items()
        if any(one.search(flat) for one in patterns) and not any(one.search(flat) for one in fine)
    )


_ASKED_FOR = {Topic.GOOD: Told.PRAISE, Topic.BAD: Told.COMPLAINT, Topic.WISH: Told.REQUEST}


def _kinds(text: str, topic: Topic) -> tuple[Kind, ...]:
    """How the machine reads a sentence; one word below a question (「駐車場」) is what the question asked for."""
    asked = _ASKED_FOR.get(topic)
    told = {Kind(one) for one in sentence_kinds(text, asked)}
    if Kind.POLITE_ONLY in told:
        return (Kind.POLITE_ONLY,)
    if not told:
        return (Kind(asked) if asked else Kind.FACT,)
    return tuple(kind for kind in Kind if kind in told)


def about_product(text: str, mine: frozenset[str] = frozenset(), part: Part = Part.FOLLOWUP) -> bool:
    """Whether a complaint is about the product itself rather than about how people were looked after, or about the place they met in."""
    product, care = _patterns(part)
    return not care.search(text) and bool(product.search(text) or (mine and mine & set(content_words(text))))


@cache
def _patterns(part: Part) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile("|".join(texts().product[part])), re.compile("|".join(texts().care))


def _quotes(session: Session, part: Part) -> dict[tuple[int, int, int], tuple[int, FeedbackMark | None]]:
    """The quotes cut out of a part's feedback, with the owner's marks, by voice, start and end."""
    rows = session.execute(
        select(Quote.id, Quote.voice_id, Quote.start, Quote.end, FeedbackMark)
        .join(Voice, Voice.id == Quote.voice_id)
        .outerjoin(FeedbackMark, FeedbackMark.quote_id == Quote.id)
        .where(Voice.part == part, Voice.step == Step.FEEDBACK)
    )
    return {(voice_id, start, end): (quote_id, own) for quote_id, voice_id, start, end, own in rows}
