"""STEP4: who was asked, what came back, and how each sentence of it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.feedback import Kind as Told
from kizuna.language.feedback import sentence_kinds
from kizuna.language.rules import Facts, check_facts
from kizuna.language.sentences import sentences
from kizuna.language.tokens import content_tokens, content_words, generic_words
from kizuna.process import Part, Step
from kizuna.steps import drafts
from kizuna.steps.cards import Card, cut, people, source
from kizuna.steps.drafts import DraftView
from kizuna.steps.memo import remembered
from kizuna.steps.research import Question, honest
from kizuna.workbook.answers import read_answer
from kizuna.workbook.intake import says_nothing
from kizuna.workbook.models import Closeness, FanMark, FeedbackMark, Person, Quote, Request, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook

CLOSE = 3  # from this closeness on (of 0 to 4) somebody counts as close
FEW = 5  # below this many people nothing is called a tendency (KZ-16)
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
    product: list[str]
    care: list[str]
    gratitude: list[str]
    request: dict[str, str]
    changed: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Passage:
    """One sentence of feedback: its words are a span of a stored voice; ``card.id`` is 0 until it was cut out as a quote.

    ``product``: about the product itself; ``marked``: read so by the owner.
    """

    voice_id: int
    start: int
    end: int
    card: Card
    topic: Topic
    kinds: tuple[Kind, ...]
    product: bool
    marked: bool

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
    """All that came back on a part, sentence by sentence; ``people`` answered, ``nothing`` answers had nothing in particular to say."""

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


@dataclass(frozen=True)
class Asked:
    """One note that feedback was asked for."""

    id: int
    person_id: int | None
    who: str
    count: int
    asked_on: date
    medium: str | None


def texts() -> FeedbackTexts:
    """The feedback form and its words as ``content/feedback_form.yaml`` tells them."""
    found: FeedbackTexts = load("feedback_form.yaml", FeedbackTexts)
    return found


def questions(part: Part) -> tuple[Question, ...]:
    """What the feedback form of a part asks."""
    return tuple(texts().forms[part])


def purpose(book: Workbook) -> str:
    """What the feedback is for, as the owner tells it: the line of this step, else the one of the interviews, else nothing yet."""
    return str(read_answer(book, "feedback.purpose") or read_answer(book, "research.purpose") or "")


def needed_purpose(book: Workbook) -> str:
    """The purpose line. Raises ``KizunaError`` while there is none (PI-07): nobody is asked before knowing what for."""
    line = purpose(book)
    if not line:
        raise KizunaError(
            "お願いする前に、何に使うかを書いてください。このページの「1. 何に使うかを、先に決めます」に書くと、用紙ができます。"
        )
    return line


def form_text(book: Workbook, part: Part) -> str:
    """The form as plain numbered text, to paste into a form service. Raises ``KizunaError`` while no purpose is written (PI-07)."""
    words = texts()
    lines = [words.title, "", words.lead, f"何に使うか：{needed_purpose(book)}", words.show, ""]
    asked = [*(one.text for one in questions(part)), words.name]
    lines += [f"{number}. {text}" for number, text in enumerate(asked, start=1)]
    return "\n".join([*lines, "", words.photo, words.thanks])


def request_words(book: Workbook) -> dict[str, str]:
    """The words of a first draft of the request, by the parts of the draft; without a purpose line its place is left to be written."""
    return {**texts().request, "use": purpose(book) or "（ここに、何に使うかを書きます）"}


def check_request(book: Workbook, one: DraftView) -> tuple[Finding, ...]:
    """What the rules say about a request for feedback; without the line that tells what for it cannot be finished (PI-07)."""
    told = any(piece.text for piece in one.of("use"))
    return (*drafts.check(book, one), *(check_facts(Facts(purpose_stated=told)) if one.pieces else ()))


def ask(book: Workbook, part: Part, asked_on: date, person_ids: Iterable[int] = (), count: int = 0, medium: str | None = None) -> int:
    """Note that feedback was asked for: of these people, and of ``count`` people whose names nobody noted; returns how many are new.

    Somebody noted on the same day already is not noted twice.
    """
    with book.act("感想をお願いした方を書いた") as session:
        same_day = select(Request.person_id).where(Request.part == part, Request.asked_on == asked_on)
        known = set(session.scalars(same_day))
        fresh = [one for one in dict.fromkeys(person_ids) if one not in known]
        session.add_all(Request(part=part, person_id=one, asked_on=asked_on, medium=medium) for one in fresh)
        if count > 0:
            session.add(Request(part=part, count=count, asked_on=asked_on, medium=medium))
    return len(fresh) + max(count, 0)


def unask(book: Workbook, request_id: int) -> None:
    """Take back the note that feedback was asked for."""
    with book.act("感想をお願いした方を消した") as session:
        row = session.get(Request, request_id)
        if row is not None:
            session.delete(row)


def asked(book: Workbook, part: Part) -> tuple[Asked, ...]:
    """Of whom feedback was asked for, the latest first."""
    rows = (
        select(Request, Person)
        .outerjoin(Person, Person.id == Request.person_id)
        .where(Request.part == part)
        .order_by(Request.asked_on.desc(), Request.id.desc())
    )
    with book.reading() as session:
        return tuple(
            Asked(row.id, row.person_id, person.called if person else "お名前を控えなかった方", row.count, row.asked_on, row.medium)
            for row, person in session.execute(rows)
        )


def asked_people(rows: Iterable[Asked]) -> int:
    """How many people were asked; somebody asked twice is one."""
    rows = list(rows)
    return len({one.person_id for one in rows if one.person_id}) + sum(one.count for one in rows if one.person_id is None)


def check_asked(book: Workbook, part: Part) -> tuple[Finding, ...]:
    """ST-10 where everybody who was asked is close to the owner, though the workbook knows others too."""
    rows = asked(book, part)
    ids = {one.person_id for one in rows}
    if not rows or None in ids:
        return ()
    with book.reading() as session:
        close = set(session.scalars(select(FanMark.person_id)))
        newest = select(func.max(Closeness.id)).group_by(Closeness.person_id)
        close |= set(session.scalars(select(Closeness.person_id).where(Closeness.id.in_(newest), Closeness.level >= CLOSE)))
        others = session.scalar(select(func.count(Person.id)).where(Person.name.is_not(None), Person.id.not_in(close)))
    return tuple(check_facts(Facts(only_happy_asked=ids <= close and bool(others))))


@remembered
def feedback(book: Workbook, part: Part) -> Feedback:
    """All that came back on a part, each sentence read by machine unless the owner reads it otherwise."""
    mine = own_words(book)
    with book.reading() as session:
        voices = session.scalars(select(Voice).where(Voice.part == part, Voice.step == Step.FEEDBACK).order_by(Voice.id)).all()
        quotes = _quotes(session, part)
        passages = [one for voice in voices for one in _passages(voice, quotes, mine)]
    return Feedback(tuple(passages), len({voice.person_id for voice in voices}), sum(says_nothing(voice.text) for voice in voices))


def mark(book: Workbook, part: Part, passage_id: int, **how: Kind | bool | None) -> None:
    """Let the owner read a sentence otherwise: its ``kind``, or whether it is about the ``product``; None leaves it to the machine again."""
    if unknown := set(how) - {"kind", "product"}:
        raise TypeError(f"not a mark: {sorted(unknown)}")
    one = feedback(book, part).find(passage_id)
    with book.act("感想の読み方を直した") as session:
        quote = cut(session, one.voice_id, one.start, one.end)
        row = session.scalars(select(FeedbackMark).where(FeedbackMark.quote_id == quote.id)).first()
        if row is None:
            row = FeedbackMark(quote_id=quote.id, kind=None, product=None)
            session.add(row)
        for key, value in how.items():
            setattr(row, key, value)
        session.flush()
        if row.kind is None and row.product is None:
            session.delete(row)


def marks(book: Workbook, part: Part) -> dict[int, tuple[str | None, bool | None]]:
    """What the owner decided on sentences herself, by the ids of the passages: kind and product."""
    with book.reading() as session:
        return {
            voice_id * _ROOM + start: (own.kind, own.product) for (voice_id, start, _), (_, own) in _quotes(session, part).items() if own
        }


def quote_of(session: Session, one: Passage) -> int:
    """The id of a sentence as a quote, cut out within an act unless it is one already."""
    return cut(session, one.voice_id, one.start, one.end).id


def cards_of(passages: Iterable[Passage]) -> tuple[Card, ...]:
    """The sentences as cards to show."""
    return tuple(one.card for one in passages)


def heard_from(passages: Iterable[Passage]) -> int:
    """How many different people said these sentences."""
    return people(cards_of(passages))


def in_short(found: Feedback, rows: Sequence[Asked]) -> tuple[str, ...]:
    """What can honestly be said about how much came back, a sentence each: of how many asked, and what so few people do not tell."""
    n, of = found.people, asked_people(rows)
    if not n:
        if not of:
            return ("まだ感想がありません。お一人のひとことから始められます。",)
        return (
            f"お願いした方は{of}人です。感想は、まだ届いていません。",
            "お忙しいだけかもしれません。次に会ったときに、ひとことだけ、じかにうかがってみましょう。",
        )
    said = [honest(n)]
    if of > n:
        said.append(f"お願いした{of}人のうち、まだお答えのない方の気持ちは、ここには入っていません。")
    elif not of:
        said.append("何人にお願いしたかを書いておくと、お答えの数と並べて読めます。")
    elif n > of:
        said.append(f"お願いした{of}人のほかにも、声を寄せてくださった方がいます。")
    good, bad = found.of(Kind.PRAISE), (*found.of(Kind.COMPLAINT), *found.product)
    if bad and not good:
        said.append("いまのところ、気になったことばかりです。言いにくいことを、わざわざ話してくださいました。まず、そのお礼からです。")
    elif good and not bad:
        said.append("気になったことは、まだ聞こえていません。ないのか、言いにくいのかは、これだけでは分かりません。")
    return tuple(said)


def own_words(book: Workbook) -> frozenset[str]:
    """What the owner sells, as nouns: a complaint in which one of them stands may be about the product itself."""
    sells = str(read_answer(book, "sells") or "")
    return frozenset(one.normal for one in content_tokens(sells) if one.pos.startswith("名詞")) - generic_words()


def _passages(voice: Voice, quotes: dict[tuple[int, int, int], tuple[int, FeedbackMark | None]], mine: frozenset[str]) -> list[Passage]:
    if voice.topic == Topic.MEDIA or says_nothing(voice.text):
        return []
    topic, where, found = Topic(voice.topic), source(voice), []
    for start, end, read, about in _read(voice.text, topic, mine):
        quote_id, own = quotes.get((voice.id, start, end), (0, None))
        kinds = (Kind(own.kind),) if own and own.kind else read
        product = own.product if own and own.product is not None else Kind.COMPLAINT in kinds and about
        wishes = Kind.REQUEST in kinds
        card = Card(quote_id, voice.text[start:end], voice.person_id, voice.person.called, voice.question, voice.heard_on, where, wishes)
        found.append(Passage(voice.id, start, end, card, topic, kinds, product, own is not None))
    return found


@lru_cache(maxsize=4096)
def _read(text: str, topic: Topic, mine: frozenset[str]) -> tuple[tuple[int, int, tuple[Kind, ...], bool], ...]:
    """The sentences of a voice as the machine reads them: where, which kinds, and whether a complaint there is about the product."""
    spans = [(start, end, _kinds(text[start:end], topic)) for start, end in sentences(text)]
    return tuple((start, end, kinds, about_product(text[start:end], mine)) for start, end, kinds in spans)


_ASKED_FOR = {Topic.GOOD: Kind.PRAISE, Topic.BAD: Kind.COMPLAINT, Topic.WISH: Kind.REQUEST}


def _kinds(text: str, topic: Topic) -> tuple[Kind, ...]:
    """How the machine reads a sentence; one word below a question (「駐車場」) is what the question asked for."""
    told = {Kind(one) for one in sentence_kinds(text)}
    if Kind.POLITE_ONLY in told:
        return (Kind.POLITE_ONLY,)
    if not told:
        return (_ASKED_FOR.get(topic, Kind.FACT),)
    return tuple(kind for kind in Kind if kind in told)


def about_product(text: str, mine: frozenset[str] = frozenset()) -> bool:
    """Whether a complaint is about the product itself rather than about how people were looked after."""
    product, care = _patterns()
    return not care.search(text) and bool(product.search(text) or (mine and mine & set(content_words(text))))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile("|".join(texts().product)), re.compile("|".join(texts().care))


def _quotes(session: Session, part: Part) -> dict[tuple[int, int, int], tuple[int, FeedbackMark | None]]:
    """The quotes cut out of a part's feedback, with the owner's marks, by voice, start and end."""
    rows = session.execute(
        select(Quote.id, Quote.voice_id, Quote.start, Quote.end, FeedbackMark)
        .join(Voice, Voice.id == Quote.voice_id)
        .outerjoin(FeedbackMark, FeedbackMark.quote_id == Quote.id)
        .where(Voice.part == part, Voice.step == Step.FEEDBACK)
    )
    return {(voice_id, start, end): (quote_id, own) for quote_id, voice_id, start, end, own in rows}
