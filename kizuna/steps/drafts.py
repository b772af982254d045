"""Drafts: what goes out is made of customers' words, as spans of stored voices, and of the owner's words around them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.rules import check_text
from kizuna.language.rules.looks import thankless
from kizuna.language.sentences import sentences
from kizuna.process import Part
from kizuna.steps import allowed
from kizuna.steps.allowed import spoken
from kizuna.steps.cards import Card, card, cut
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Draft, PaperCopy, Person, Piece, Quote
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook

GONE = "この下書きは、ほかの画面で消されました。画面を新しくしてください。"
CUT_ANEW = "この言葉は、ほかの画面で切り直されました。画面を新しくして、もう一度選んでください。"
ELLIPSIS = "…"
_QUOTED = re.compile(r"「[^」]*」?")
_ROOM = re.compile(r"（ここに[^）]*）")  # what a template leaves for the owner to write


class Kind(StrEnum):
    """What a draft is for."""

    INVITATION = "invitation"
    REQUEST = "request"
    CHANGE = "change"
    TESTIMONIAL = "testimonial"


class Role(Entry):
    """One part of a draft, from the top; only where ``quotes`` is true may customers' words stand; ``purpose`` where it has one of its own."""

    key: str
    label: str
    quotes: bool = False
    purpose: str = ""


class KindText(Entry):
    """What a kind of draft is called, for which purpose its rules are asked, and its parts."""

    name: str
    purpose: str
    roles: list[Role]


class FormText(Entry):
    """One form a draft can have; ``scope`` is the consent that a customer's words need to stand in it (none: it reaches only herself)."""

    key: str
    kinds: list[Kind]
    name: str
    channel: str
    scope: str | None = None


class DraftTexts(Entry):
    """Everything in ``drafts.yaml``."""

    forms: list[FormText]
    kinds: dict[Kind, KindText]


@dataclass(frozen=True)
class PieceView:
    """A stretch of a draft: the owner's ``text``, or a customer's words (``card``); ``joined`` to the words before by 「…」."""

    id: int
    role: str
    text: str
    card: Card | None
    voice_id: int | None
    start: int
    joined: bool


@dataclass(frozen=True)
class DraftView:
    """A draft as it stands."""

    id: int
    part: Part
    kind: Kind
    form: FormText
    title: str
    person_id: int | None
    person: str
    offer_id: int | None
    improvement_id: int | None
    pieces: tuple[PieceView, ...]
    ticked: frozenset[str]
    finished_on: date | None

    @property
    def words(self) -> KindText:
        """How its kind is called, and its parts."""
        return texts().kinds[self.kind]

    @property
    def voices(self) -> tuple[int, ...]:
        """The ids of the voices whose words stand in it, each once."""
        return tuple(dict.fromkeys(one.voice_id for one in self.pieces if one.voice_id is not None))

    @property
    def groups(self) -> tuple[tuple[PieceView, ...], ...]:
        """The customers' words, those together that stand within one pair of 「」."""
        found: list[tuple[PieceView, ...]] = []
        for role in self.words.roles:
            here: list[tuple[PieceView, ...]] = []
            for one in self.of(role.key):
                if one.card and one.joined and here:
                    here[-1] = (*here[-1], one)
                elif one.card:
                    here.append((one,))
            found += here
        return tuple(found)

    def of(self, role: str) -> tuple[PieceView, ...]:
        """The pieces of one part."""
        return tuple(one for one in self.pieces if one.role == role)

    def paragraphs(self) -> Iterator[tuple[Role, str, tuple[tuple[int, int], ...]]]:
        """Each part that has words: its role, its text, and where in the text a customer's words stand, with their 「」."""
        for role in self.words.roles:
            text, spans = _spelled(self.of(role.key))
            if text:
                yield role, text, spans

    @property
    def text(self) -> str:
        """All of it, a part a paragraph."""
        return "\n".join(text for _, text, _ in self.paragraphs())


def texts() -> DraftTexts:
    """The forms and parts of drafts as ``content/drafts.yaml`` tells them."""
    found: DraftTexts = load("drafts.yaml", DraftTexts)
    return found


def forms(kind: Kind) -> tuple[FormText, ...]:
    """The forms a kind of draft can have."""
    return tuple(one for one in texts().forms if kind in one.kinds)


def drafts(
    book: Workbook, part: Part | None = None, kind: Kind | None = None, offer_id: int | None = None, improvement_id: int | None = None
) -> tuple[DraftView, ...]:
    """The drafts of a part, of a kind, of an offer or of an improvement, in the order in which they were begun."""
    wanted = select(Draft).order_by(Draft.id)
    for column, value in (
        (Draft.part, part), (Draft.kind, kind), (Draft.offer_id, offer_id), (Draft.improvement_id, improvement_id)
    ):  # fmt: skip
        wanted = wanted if value is None else wanted.where(column == value)
    with book.reading() as session:
        return tuple(view(session, row) for row in session.scalars(wanted))


def draft(book: Workbook, draft_id: int) -> DraftView:
    """One draft as it stands. Raises ``KizunaError`` where it is gone."""
    with book.reading() as session:
        return view(session, _row(session, draft_id))


def begin(
    book: Workbook,
    part: Part,
    kind: Kind,
    form: str,
    *,
    title: str = "",
    person_id: int | None = None,
    offer_id: int | None = None,
    improvement_id: int | None = None,
    words: Mapping[str, str] | None = None,
    quotes: Mapping[str, Sequence[int]] | None = None,
) -> int:
    """Begin a draft with the owner's ``words`` and customers' ``quotes`` (ids) by part; returns its id.

    Raises ``KizunaError`` for a form this kind has not, a part that is not there, or a quote where none may stand.
    """
    with book.act(f"「{texts().kinds[kind].name}」の下書きを作った") as session:
        ids = {"person_id": person_id, "offer_id": offer_id, "improvement_id": improvement_id}
        return start(session, part, kind, form, title=title, words=words, quotes=quotes, **ids)


def start(
    session: Session,
    part: Part,
    kind: Kind,
    form: str,
    *,
    title: str = "",
    words: Mapping[str, str] | None = None,
    quotes: Mapping[str, Sequence[int]] | None = None,
    **ids: int | None,
) -> int:
    """Begin a draft within an act; ``ids`` are ``person_id``, ``offer_id`` and ``improvement_id``."""
    if form not in {one.key for one in forms(kind)}:
        raise KizunaError(f"「{texts().kinds[kind].name}」に、「{form}」という形はありません。")
    row = Draft(part=part, kind=kind, form=form, title=title, **ids)
    session.add(row)
    session.flush()
    for role in texts().kinds[kind].roles:
        for number, quote_id in enumerate((quotes or {}).get(role.key, ())):
            _may_quote(role)
            session.add(Piece(draft_id=row.id, position=number, role=role.key, quote_id=quote_id))
        if text := (words or {}).get(role.key, "").strip():
            session.add(Piece(draft_id=row.id, position=1000, role=role.key, text=text))
    return row.id


def write(book: Workbook, draft_id: int, role: str, text: str, seen: str | None = None) -> str | None:
    """Let the owner's words of one part be ``text``; returns what another page had written there meanwhile (compared with ``seen``)."""
    with book.act("下書きの言葉を書いた") as session:
        row = _row(session, draft_id)
        _role(row, role)
        piece = next((one for one in pieces_of(session, draft_id) if one.role == role and one.quote_id is None), None)
        before = piece.text if piece else ""
        if piece is None:
            session.add(Piece(draft_id=draft_id, position=1000, role=role, text=text.strip()))
        elif text.strip():
            piece.text = text.strip()
        else:
            session.delete(piece)
        _touched(row)
    return before if seen is not None and before not in (seen, text.strip()) else None


def put(book: Workbook, draft_id: int, role: str, quote_id: int, joined: bool = False) -> None:
    """Put a customer's words into one part, after those that stand there; ``joined`` to the last of them by 「…」.

    Raises ``KizunaError`` where no quote may stand, or where it cannot be joined: only later words of the same voice can.
    """
    with book.act("お客さまの言葉を入れた") as session:
        _put(session, _row(session, draft_id), role, quote_id, joined)


def put_sentences(book: Workbook, draft_id: int, role: str, quote_id: int, chosen: Collection[int]) -> None:
    """Put sentences of a card (numbered from 0 as ``sentences`` cuts it) into one part; what lies between them is left out by 「…」.

    Raises ``KizunaError`` where no sentence is chosen, or no quote may stand.
    """
    with book.act("お客さまの言葉を入れた") as session:
        row, quote = _row(session, draft_id), session.get(Quote, quote_id)
        if quote is None:
            raise KizunaError(CUT_ANEW)
        spans = sentences(quote.text)
        runs = _runs(sorted(number for number in chosen if 0 <= number < len(spans)))
        if not runs:
            raise KizunaError("入れる文に、印をつけてください。一つ以上えらぶと、入れられます。")
        for number, (first, last) in enumerate(runs):
            whole = (first, last) == (0, len(spans) - 1)
            start, end = quote.start + spans[first][0], quote.start + spans[last][1]
            stretch = quote if whole else cut(session, quote.voice_id, start, end)
            _put(session, row, role, stretch.id, joined=number > 0)


def take(book: Workbook, draft_id: int, *piece_ids: int) -> None:
    """Take customers' words out of a draft (those that were joined to them then begin anew)."""
    with book.act("お客さまの言葉を外した") as session:
        row = _row(session, draft_id)
        drop(session, row, [one for one in pieces_of(session, draft_id) if one.id in piece_ids])


def drop(session: Session, row: Draft, pieces: Iterable[Piece]) -> None:
    """Take pieces out of a draft within an act, so that no 「…」 is left over and the draft is open again."""
    gone = {one.id for one in pieces}
    here = pieces_of(session, row.id)
    for before, after in pairwise(here):
        if before.id in gone and after.joined and after.id not in gone:
            after.joined = False
    for one in here:
        if one.id in gone:
            session.delete(one)
    _touched(row)


def rename(book: Workbook, draft_id: int, title: str) -> None:
    """Give a draft a title, by which its owner finds it again."""
    with book.act("下書きに名前をつけた") as session:
        _row(session, draft_id).title = title.strip()


def remove(book: Workbook, draft_id: int) -> None:
    """Take a draft away (undo brings it back). Raises ``KizunaError`` where papers of it are noted: they must be found again."""
    with book.act("下書きを消した") as session:
        row = _row(session, draft_id)
        if session.scalar(select(PaperCopy.id).where(PaperCopy.draft_id == draft_id)) is not None:
            raise KizunaError("この下書きから刷って貼った紙の記録があるので、消せません。使わなくなったら、そのまま残しておいてください。")
        for one in pieces_of(session, draft_id):
            session.delete(one)
        session.flush()
        session.delete(row)


def tick(book: Workbook, draft_id: int, rule: str, yes: bool = True) -> None:
    """Note that the owner has looked at what a rule says (「確かめました」)."""
    with book.act("確かめた印をつけた" if yes else "確かめた印を外した") as session:
        row = _row(session, draft_id)
        row.ticked = sorted({*row.ticked, rule} if yes else {*row.ticked} - {rule})
        if not yes:
            row.finished_on = None


def check(book: Workbook, one: DraftView, today: date | None = None) -> tuple[Finding, ...]:
    """What the rules say about a draft on that day; places count code points of ``one.text``."""
    found: list[Finding] = []
    industry, shop = read_answer(book, "industry"), read_answer(book, "shop")
    own = (shop,) if shop else ()
    if not one.pieces:
        found.append(Finding("4-44", "EMPTY", Strength.STOP, "まだ何も書かれていません。言葉を入れると、仕上げられます。"))
    elif one.form.scope and not one.groups:
        found.append(
            Finding("4-44", "EMPTY", Strength.STOP, "お客さまの言葉が、一つも入っていません。お許しのある声を入れると、仕上げられます。")
        )
    at = 0
    for role, text, spans in one.paragraphs():
        told = check_text(text, "owner", one.form.channel, role.purpose or one.words.purpose, industry, spans, own)
        found += [_moved(finding, at) for finding in (*told, *_foreign(text, spans), *_rooms(text, spans))]
        at += len(text) + 1
    for group in one.groups:
        if group[0].card and one.form.scope:
            said = check_text(spoken(group), "customer", one.form.channel, one.words.purpose, industry, (), own)
            found += [_in_voice(finding, group[0].card) for finding in said]
    return (*_one_thanks(found, one.text), *allowed.check(book, one, today or date.today()))


def finish(book: Workbook, draft_id: int, also: Iterable[Finding] = (), today: date | None = None) -> None:
    """Mark a draft as finished, if the rules let it pass as it is at this moment; ``also`` is what its kind's own rules found.

    Raises ``KizunaError`` with the first reason why it cannot be: a 止める, or a 注意 that the owner has not ticked.
    """
    one = draft(book, draft_id)
    let_pass(one, (*check(book, one, today), *also))
    with book.act(f"「{one.words.name}」を仕上げた") as session:
        _row(session, draft_id).finished_on = today or date.today()


def let_pass(one: DraftView, found: Sequence[Finding]) -> None:
    """Raise ``KizunaError`` with the first reason why a draft may not go out: a 止める, or a 注意 that the owner has not ticked."""
    for finding in found:
        if finding.strength is Strength.STOP:
            raise KizunaError(finding.message)
    for finding in found:
        if finding.strength is Strength.CARE and finding.rule not in one.ticked:
            raise KizunaError(f"「確かめました」の印が、まだついていない所があります：{finding.message}")


def reopen(book: Workbook, draft_id: int) -> None:
    """Let a finished draft be mended again."""
    with book.act("仕上げた文を、もう一度ひらいた") as session:
        _row(session, draft_id).finished_on = None


def view(session: Session, row: Draft) -> DraftView:
    """A draft as it stands, within a session."""
    form = next(one for one in texts().forms if one.key == row.form)
    person = session.get(Person, row.person_id) if row.person_id else None
    pieces = tuple(_piece(one) for one in pieces_of(session, row.id))
    return DraftView(
        row.id, Part(row.part), Kind(row.kind), form, row.title, row.person_id, person.called if person else "", row.offer_id,
        row.improvement_id, pieces, frozenset(row.ticked), row.finished_on,
    )  # fmt: skip


def _piece(row: Piece) -> PieceView:
    quote = row.quote
    return PieceView(
        row.id, row.role, row.text, card(quote) if quote else None, quote.voice_id if quote else None, quote.start if quote else 0, row.joined
    )  # fmt: skip


def _spelled(pieces: Sequence[PieceView]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The pieces of one part as one text, and where in it customers' words stand, with their 「」."""
    text = ""
    spans: list[tuple[int, int]] = []
    for one in pieces:
        if one.card is None:
            text += f"\n{one.text}" if text else one.text
        elif one.joined and spans:
            text = f"{text[:-1]}{ELLIPSIS}{one.card.text}」"
            spans[-1] = (spans[-1][0], len(text))
        else:
            text += "\n" if text else ""
            spans.append((len(text), len(text) + len(one.card.text) + 2))
            text += f"「{one.card.text}」"
    return text, tuple(spans)


def _one_thanks(found: Iterable[Finding], text: str) -> Iterator[Finding]:
    """One thanks is enough for a whole message (KZ-15), in whichever part it stands."""
    thanked = not thankless(text)
    for one in found:
        if one.rule != "KZ-15" or not thanked:
            yield one
        thanked = thanked or one.rule == "KZ-15"


def _foreign(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """KZ-06: 「」 in the owner's own words; a customer's words come from her voice, and titles have 『』."""
    for match in _QUOTED.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in spans):
            yield Finding(
                "KZ-06",
                "QUOTE",
                Strength.STOP,
                f"{match[0]}は、記録から選んだお客さまの言葉ではありません。お客さまの言葉は声から選んで入れ、題名などには『 』を使ってください。",
                match.start(),
                match.end(),
            )


def _rooms(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    for match in _ROOM.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in spans):
            yield Finding("4-23", "EMPTY", Strength.STOP, f"まだ書いていない所があります：{match[0]}", match.start(), match.end())


def _moved(finding: Finding, by: int) -> Finding:
    return Finding(
        finding.rule, finding.category, finding.strength, finding.message, finding.start + by, finding.end + by, finding.softer
    )  # fmt: skip


def _in_voice(finding: Finding, said: Card) -> Finding:
    """A finding on a customer's words: what to do is to leave them out, never to mend them."""
    message = f"{said.person}の言葉について：{finding.message}"
    return Finding(finding.rule, finding.category, finding.strength, message, 0, 0, ())


def _put(session: Session, row: Draft, role: str, quote_id: int, joined: bool) -> None:
    _may_quote(_role(row, role))
    here = [one for one in pieces_of(session, row.id) if one.role == role and one.quote_id is not None]
    quote = session.get(Quote, quote_id)
    if quote is None:
        raise KizunaError(CUT_ANEW)
    if any(one.quote_id == quote_id for one in here):
        return
    if joined and not (here and here[-1].quote and _follows(here[-1].quote, quote)):
        raise KizunaError("「…」でつなげるのは、同じ声の、あとに続く言葉だけです。別の声は、別のかぎかっこに入れてください。")
    position = max((one.position for one in here), default=-1) + 1
    session.add(Piece(draft_id=row.id, position=position, role=role, quote_id=quote_id, joined=joined))
    session.flush()
    _touched(row)


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """The first and the last of each run of numbers that follow one another."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _follows(before: Quote, after: Quote) -> bool:
    return before.voice_id == after.voice_id and before.end <= after.start


def _may_quote(role: Role) -> None:
    if not role.quotes:
        raise KizunaError(f"「{role.label}」には、お客さまの言葉は入れられません。ほかの部分に入れてください。")


def _role(row: Draft, key: str) -> Role:
    found = next((one for one in texts().kinds[Kind(row.kind)].roles if one.key == key), None)
    if found is None:
        raise KizunaError(f"この文に、「{key}」という部分はありません。")
    return found


def _touched(row: Draft) -> None:
    """What was finished is open again as soon as its words change, and what was looked at is to be looked at again."""
    row.finished_on, row.ticked = None, []


def _row(session: Session, draft_id: int) -> Draft:
    return fetch(session, Draft, draft_id, GONE)


def pieces_of(session: Session, draft_id: int) -> list[Piece]:
    """A draft's pieces in their order: part by part as they were begun, quotes before the owner's words."""
    return list(session.scalars(select(Piece).where(Piece.draft_id == draft_id).order_by(Piece.role, Piece.position, Piece.id)))
