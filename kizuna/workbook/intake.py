"""Voices come into the workbook here, and nowhere else: from a file that was read, from a paste, from an interview."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.content import load
from kizuna.errors import KizunaError
from kizuna.process import Part, Step
from kizuna.workbook.models import Person, Quote, Source, Voice, called, fingerprint
from kizuna.workbook.reading import Column, Heard, Problem, Role, Table, Topic, clean, take
from kizuna.workbook.reading.table import MOST_CHARACTERS
from kizuna.workbook.store import Workbook

_MANY = 3  # bare voices that no longer coincide by chance


@dataclass(frozen=True)
class Intake:
    """What came of bringing voices in: counts of voices and people, and the cells that could not be read."""

    voices: int
    people: int
    known: int
    nothing: int
    problems: tuple[Problem, ...] = ()
    media: int = 0  # of the voices: answers to what a person often looks at


@dataclass(frozen=True)
class Said:
    """One answer heard in an interview."""

    question: str
    topic: Topic
    text: str


def preview(book: Workbook, table: Table, columns: Sequence[Column], exclude: Collection[str] = ()) -> Intake:
    """What ``bring_in`` would do, without doing it."""
    taken = take(table, columns, exclude)
    with book.reading() as session:
        rows = _numbered(taken.heard, _lineage(session, taken.heard, table.sha256))
        stored = _stored(session, {identity for _, identity, _ in rows})
    fresh = [heard for heard, identity, _ in rows if identity not in stored]
    people = {who for heard, identity, who in rows if identity not in stored}
    nothing = sum(heard.topic != Topic.MEDIA and says_nothing(heard.text) for heard in fresh)
    media = sum(heard.topic == Topic.MEDIA for heard in fresh)
    return Intake(len(fresh), len(people), len(rows) - len(fresh), nothing, taken.problems, media)


def bring_in(
    book: Workbook, table: Table, columns: Sequence[Column], exclude: Collection[str] = (), feedback: Part | None = None
) -> Intake:
    """Store every voice of ``table`` that the workbook does not have yet, in one act; as feedback on the part ``feedback`` if one is named.

    The same file, or the same file grown by some rows, adds only what is new. Raises ``KizunaError`` where no column
    holds voices or the workbook cannot be written.
    """
    if not any(column.role in (Role.VOICE, Role.MEDIA) for column in columns):
        raise KizunaError(f"「{table.name}」のどの列がお客さまの声かが、まだ決まっていません。声の列を一つ以上選んでください。")
    taken = take(table, columns, exclude)
    if not taken.heard:
        raise KizunaError(f"「{table.name}」の選んだ列には、言葉が一つも入っていませんでした。声の列を選び直してください。")
    source = Source(
        name=table.name, kind=table.kind, sha256=table.sha256, columns=[[c.header, c.role.value, c.topic.value] for c in columns]
    )
    return _store(book, source, taken.heard, f"「{table.name}」から声を入れた", taken.problems, feedback)


def hear(book: Workbook, person: str, heard_on: date | None, answers: Iterable[Said], feedback: Part | None = None) -> Intake:
    """Store what one person said in an interview (or as ``feedback`` on a part), in one act; saving the same words of the same day again adds nothing.

    Raises ``KizunaError`` where nothing was said, or more than one answer holds (``MOST_CHARACTERS``).
    """
    said = [Said(one.question, one.topic, text) for one in answers if (text := clean(one.text))]
    if not said:
        raise KizunaError("まだ言葉が書かれていません。うかがったとおりの言葉を、一つ以上書いてください。")
    if (longest := max(len(one.text) for one in said)) > MOST_CHARACTERS:
        raise KizunaError(f"{longest:,}文字の言葉があります。一つの欄は{MOST_CHARACTERS:,}文字までなので、いくつかに分けて書いてください。")
    name = clean(person)
    day = heard_on.isoformat() if heard_on else ""
    heard = [
        Heard(
            person=name,
            row_key=fingerprint("\n".join(["interview", name or "", day, *(other.text for other in said if not name)])),
            question=one.question,
            topic=one.topic,
            role=Role.MEDIA if one.topic == Topic.MEDIA else Role.VOICE,
            text=one.text,
            heard_on=heard_on,
            heard_at=None,
            row=0,
            column=one.question,
            about=(),
        )
        for one in said
    ]
    who = called(name) if name else "お名前のない方"
    source = Source(name=f"{who}のお話", kind="interview", sha256=fingerprint(f"{name} {day}"))
    return _store(book, source, heard, f"{who}のお話を書きとめた", (), feedback)


def says_nothing(text: str) -> bool:
    """Whether an answer only says that there is nothing to say (「特にありません」), or has no letter in it at all."""
    bare = _bare(text)
    return bare in _nothing() or (not bare and not any(unicodedata.category(character) == "So" for character in text))


@cache
def _nothing() -> frozenset[str]:
    return frozenset(_bare(entry) for entry in load("nothing.yaml", list[str])) - {""}


def _bare(text: str) -> str:
    """The letters and digits of a text, without spaces and signs, in one spelling."""
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def _store(
    book: Workbook, source: Source, heard: Sequence[Heard], label: str, problems: tuple[Problem, ...], feedback: Part | None
) -> Intake:
    with book.act(label) as session:
        source.lineage = _lineage(session, heard, source.sha256)
        rows = _numbered(heard, source.lineage)
        stored = _stored(session, {identity for _, identity, _ in rows})
        fresh = [row for row in rows if row[1] not in stored]
        if not fresh:
            return Intake(0, 0, len(rows), 0, problems)
        session.add(source)
        known = {who: stored[identity] for _, identity, who in rows if identity in stored}
        known |= {person.key: person.id for person in session.scalars(select(Person))}
        added = {who: Person(key=who, name=one.person, about=dict(one.about)) for one, _, who in reversed(fresh) if who not in known}
        session.add_all(added[who] for who in dict.fromkeys(who for _, _, who in fresh) if who in added)
        session.flush()
        known |= {who: person.id for who, person in added.items()}
        voices = [_voice(one, identity, known[who], source.id, feedback) for one, identity, who in fresh]
        session.add_all(voices)
        session.flush()
        cards = [voice for voice in voices if voice.topic != Topic.MEDIA and not says_nothing(voice.text)]
        session.add_all(Quote(voice_id=voice.id, start=0, end=len(voice.text)) for voice in cards)
        media = sum(voice.topic == Topic.MEDIA for voice in voices)
        nothing = len(voices) - media - len(cards)
        return Intake(len(fresh), len({who for _, _, who in fresh}), len(rows) - len(fresh), nothing, problems, media)


def _voice(heard: Heard, identity: str, person_id: int, source_id: int, feedback: Part | None) -> Voice:
    return Voice(
        person_id=person_id,
        source_id=source_id,
        part=feedback or (Part.TRIBE if heard.topic == Topic.PLACE else Part.FOLLOWUP),
        step=Step.FEEDBACK if feedback else Step.RESEARCH,
        topic=heard.topic,
        question=heard.question,
        text=heard.text,
        sha256=fingerprint(heard.text),
        heard_on=heard.heard_on,
        row=heard.row or None,
        column=heard.column,
        identity=identity,
    )


def _lineage(session: Session, heard: Sequence[Heard], sha256: str) -> str:
    """The file that this one grew from, if it did: all bare voices of that file stand in this one (the same rows, if they are few).

    A bare voice (no name, no time: 「駐車場がほしい」) may be said by two different people in two files; so it is only known
    again within the files that grew from one another.
    """
    asked = {one.question for one in heard if one.role == Role.VOICE and _bare_row(one)}
    if not asked:
        return sha256
    for source in session.scalars(select(Source).where(Source.kind != "interview").order_by(Source.id.desc())):
        if source.sha256 == sha256:
            return source.lineage
        of_source = select(Voice).join(Voice.person).where(
            Voice.source_id == source.id, Voice.topic != Topic.MEDIA, Voice.question.in_(asked), Voice.heard_on.is_(None), Person.name.is_(None)
        )  # fmt: skip
        earlier = {voice.identity: voice.row for voice in session.scalars(of_source)}
        here = {identity: one.row for one, identity, _ in _numbered(heard, source.lineage)}
        same_rows = all(here.get(identity) == row for identity, row in earlier.items())
        if earlier and set(earlier) <= set(here) and (same_rows or len(earlier) >= _MANY):
            return source.lineage
    return sha256


def _bare_row(one: Heard) -> bool:
    return not one.person and one.heard_on is None


def _numbered(heard: Sequence[Heard], lineage: str) -> list[tuple[Heard, str, str]]:
    """Each voice with what identifies it and whose it is.

    A voice is the same voice when person, minute, question and words are the same, whatever else stands in its row and
    whichever columns were taken before; a second alike in one file is a second voice.
    """
    times: Counter[tuple[str, ...]] = Counter()
    rows = []
    for one in heard:
        when = one.heard_at or one.heard_on
        minute = when.isoformat(timespec="minutes") if isinstance(when, datetime) else str(when)
        key: tuple[str, ...] = (_name(one.person), minute, one.question, one.text)
        if not one.row and not one.person:
            key = (*key, one.row_key)  # an interview without a name: the whole talk tells one person from another
        times[key] += 1
        salt = lineage if one.row and _bare_row(one) else ""
        identity = fingerprint("\n".join([*key, str(times[key]), salt]))
        rows.append((one, identity, key_of(one.person) if one.person else f"row:{one.row_key}{salt}"))
    return rows


def key_of(name: str) -> str:
    """The key of the person whom voices of this name belong to."""
    return f"name:{_name(name)}"


def _name(person: str | None) -> str:
    return unicodedata.normalize("NFKC", person or "").strip()


def _stored(session: Session, identities: set[str]) -> dict[str, int]:
    """Which of these voices the workbook has already, and whose they are."""
    wanted = sorted(identities)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 5_000):
        rows = session.execute(select(Voice.identity, Voice.person_id).where(Voice.identity.in_(wanted[start : start + 5_000])))
        found.update((identity, person_id) for identity, person_id in rows)
    return found
