"""What taking a person out would take with it, told beforehand; and the deed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.language.counting import counted, things
from kizuna.steps.erasing.hers import Hers
from kizuna.steps.erasing.words import words
from kizuna.steps.people import GONE
from kizuna.steps.withdrawals import Hanging, hanging
from kizuna.workbook import backups, erasing
from kizuna.workbook.erasing import Cleaned, Cover, Covered, Found, Images, Whose
from kizuna.workbook.history import Done
from kizuna.workbook.intake import key_of
from kizuna.workbook.models import PaperCopy, called
from kizuna.workbook.store import Workbook

_PLAN = ("action", "improvement", "choice")


@dataclass(frozen=True)
class Mention:
    """A text of the owner's that tells of the person: where it stands, as it is, and with what tells of her covered."""

    places: tuple[str, ...]
    text: str
    covered: str


@dataclass(frozen=True)
class Traces:
    """All that would go, and what the owner decides or does besides."""

    person_id: int
    name: str
    called: str
    counts: tuple[str, ...]
    loosened: tuple[str, ...]
    mentions: tuple[Mention, ...]
    papers: tuple[Hanging, ...]
    quoted: int
    copies: int
    unreadable: tuple[Path, ...]
    elsewhere: tuple[str, ...]
    version: int = field(compare=False)

    def lines(self) -> Iterator[str]:
        """All of it line by line, for a terminal."""
        told = words()
        yield f"■ {told.going}"
        yield from (f"  {one}" for one in self.counts or (told.nothing,))
        yield from (f"  {one}" for one in self.loosened)
        if self.copies:
            yield f"  {told.copies.format(count=self.copies)}"
        if self.mentions:
            yield f"■ {told.mentions.format(count=things(len(self.mentions)))}"
            yield from (f"  {'、'.join(one.places)}：{one.covered}" for one in self.mentions)
        yield from (f"■ {one}" for one in self.besides())

    def besides(self) -> Iterator[str]:
        """What cannot be done here."""
        if self.quoted:
            yield words().quoted.format(count=self.quoted)
        if self.elsewhere:
            yield words().elsewhere.format(names="、".join(f"「{one}」" for one in self.elsewhere))

    def by_hand(self) -> Iterator[str]:
        """What is left to do by hand, the papers first."""
        yield from (words().papers.format(place=one.place, called=self.called) for one in self.papers)
        yield from (words().elsewhere.format(names=f"「{one}」") for one in self.elsewhere)
        yield from words().left


def traces(book: Workbook, person_id: int) -> Traces:
    """What is there of a person, in the workbook, in its copies and beside them. Raises ``KizunaError`` where she is gone."""
    version = book.version()
    with book.reading() as session:
        images, who = _looked_up(Images(session), person_id)
        hers = _hers(images, who)
        found = erasing.find(images, who, hers)
        papers = tuple(hanging(session, session.get_one(PaperCopy, number)) for number in found.papers)
    row = images.now["person"][person_id]
    voices = (row for number, row in images.now["voice"].items() if number not in found.gone.get("voice", ()))
    path = book.path if isinstance(book.path, Path) else None
    unreadable = erasing.unreadable(path) if path else ()
    return Traces(
        person_id,
        row["name"] or f"お名前のない方 {person_id}",
        called(row["name"]) if row["name"] else f"お名前のない方 {person_id}",
        tuple(_counts(images, found)),
        tuple(_loosened(found)),
        tuple(_mentions(found.covered)),
        papers,
        sum(bool(hers.named(row["text"]) or hers.named(row["question"])) for row in voices),
        len(backups.copies(path)) - len(unreadable) if path else 0,
        unreadable,
        tuple(str(one.relative_to(path.parent).with_suffix("")) for one in erasing.elsewhere(path, who)) if path else (),
        version,
    )


def said(cleaned: Cleaned) -> str:
    """That it is done, or what is still to be done."""
    if not cleaned.finished:
        return words().unfinished
    return words().done + (words().done_copies.format(count=cleaned.copies) if cleaned.copies else "")


def records(book: Workbook) -> list[Done]:
    """What was taken out so far, the newest first, as the page about the history tells it: when, by whom and how much, and nothing of whom."""
    return [
        Done(words().record.format(rows=sum(one.rows.values()), copies=one.copies), one.at, one.by or "", one.state)
        for one in erasing.records(book)
    ]


def to_take_down(book: Workbook) -> frozenset[int]:
    """The papers that hang and were printed with the words of somebody who was taken out since."""
    shown = {number for one in erasing.records(book) for number in one.papers}
    with book.reading() as session:
        up = select(PaperCopy.id).where(PaperCopy.id.in_(shown), PaperCopy.taken_down_on.is_(None))
        return frozenset(session.scalars(up)) if shown else frozenset()


def is_named(one: Traces, written: str) -> bool:
    """Whether what was written is the person's name, as the list or as the page has it, with or without さん."""
    return {key_of(written), key_of(called(written.strip()))} & {key_of(one.name), key_of(one.called)} != set()


def erase(book: Workbook, person_id: int, kept: Collection[str] = (), give_up: Collection[Path] = ()) -> Cleaned:
    """Take a person out with every trace of her: out of the workbook, its history and its copies. It cannot be undone.

    ``kept`` are texts of the owner's that stay as they are; copies that cannot be opened are deleted, if they are named in ``give_up``. Raises
    ``KizunaError`` where she is gone, where such a copy is not named, or where something cannot be written: then all is as it was.
    """
    with book.reading() as session:
        images, who = _looked_up(Images(session), person_id)
        names = _hers(images, who).names

    def covering(other: Images) -> Cover:
        return Hers(other, other.people(who), names, kept)

    return erasing.erase(book, who, covering, give_up)


def _looked_up(images: Images, person_id: int) -> tuple[Images, Whose]:
    if person_id not in images.now["person"]:
        raise KizunaError(GONE)
    return images, erasing.whose(images, person_id)


def _hers(images: Images, who: Whose) -> Hers:
    return Hers(images, images.people(who), who.names)


def _counts(images: Images, found: Found) -> Iterator[str]:
    pieces = images.now["piece"]
    drafts = found.gone.get("draft", frozenset())
    going = {number for number in found.gone.get("piece", ()) if number in pieces and pieces[number]["draft_id"] not in drafts}
    counts: Mapping[str, int] = {**found.counts, "pieces": len(going)}
    for one in words().counts:
        if count := sum(counts.get(table, 0) for table in one.tables):
            yield f"{one.label}　{counted(count, one.unit)}"


def _loosened(found: Found) -> Iterator[str]:
    told = words().loosened
    for (table, _), row in found.loosened.items():
        if table in _PLAN:
            yield told[table].format(title=(row["title"] if table != "choice" else row["text"]) or "名前はこれから")
    if drafts := sum(table == "draft" and row["finished_on"] is not None for (table, _), row in found.loosened.items()):
        yield told["draft"].format(count=drafts)


def _mentions(covered: Collection[Covered]) -> Iterator[Mention]:
    """The same text at several places is one to decide about."""
    places = words().places
    by_text: dict[tuple[str, str], list[str]] = {}
    for one in covered:
        by_text.setdefault((one.before, one.after), []).append(places[f"{one.table}.{one.column}"])
    for (before, after), there in by_text.items():
        said = {place: there.count(place) for place in there}
        yield Mention(tuple(f"{place}（{count}か所）" if count > 1 else place for place, count in said.items()), before, after)
