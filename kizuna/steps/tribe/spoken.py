"""What people said, sentence by sentence: what the second part looks at when it asks who has something in common."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language.sentences import sentences
from kizuna.steps.cards import Card, cut, span_card
from kizuna.workbook.intake import says_nothing
from kizuna.workbook.models import Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook

_ROOM = 1_000_000  # more code points than a voice has
_TELLING = frozenset({Topic.PLACE, Topic.SCENE, Topic.REASON, Topic.GOOD})  # a wish to the shop tells little of what people share
GONE = "この言葉は、ほかの画面で取り消されました。画面を新しくしてから、もう一度選んでください。"


@dataclass(frozen=True)
class Sentence:
    """One sentence of a voice, as a span of it; ``card`` is what a page shows of it."""

    voice_id: int
    start: int
    end: int
    topic: Topic
    card: Card

    @property
    def id(self) -> int:
        """What tells it from all others: its voice and where it begins."""
        return self.voice_id * _ROOM + self.start

    @property
    def person_id(self) -> int:
        """Who said it."""
        return self.card.person_id

    @property
    def text(self) -> str:
        """Her words."""
        return self.card.text


def spoken(book: Workbook, people: Collection[int] | None = None, also: Collection[Topic] = ()) -> tuple[Sentence, ...]:
    """What people (or only these) said of scenes, reasons, gatherings and what was good, in the order in which it came in; 「特になし」 is left out.

    ``also`` takes in further topics.
    """
    with book.reading() as session:
        voices = session.scalars(select(Voice).where(Voice.topic.in_({*_TELLING, *also})).order_by(Voice.id))
        return tuple(one for voice in voices if people is None or voice.person_id in people for one in _sentences(voice))


def quote_ids(session: Session, chosen: Iterable[int]) -> list[int]:
    """The quotes of sentences, by the sentences' ids, cut out within an act; each once."""
    return list(dict.fromkeys(_quote(session, one) for one in chosen))


def _quote(session: Session, sentence_id: int) -> int:
    voice = session.get(Voice, sentence_id // _ROOM)
    found = next((one for one in _sentences(voice) if one.id == sentence_id), None) if voice else None
    if found is None:
        raise KizunaError(GONE)
    return cut(session, found.voice_id, found.start, found.end).id


def _sentences(voice: Voice) -> list[Sentence]:
    if says_nothing(voice.text):
        return []
    return [Sentence(voice.id, start, end, Topic(voice.topic), span_card(voice, start, end)) for start, end in sentences(voice.text)]
