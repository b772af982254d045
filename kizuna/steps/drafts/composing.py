"""Composing a draft: its parts are written, customers' words put in and taken out; every change opens a finished draft again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language.sentences import sentences
from kizuna.process import Part
from kizuna.steps.cards import cut
from kizuna.steps.drafts.model import Kind, Role, form_text, forms, kind_text, pieces_of, row_of
from kizuna.workbook.models import Draft, PaperCopy, Piece, Quote
from kizuna.workbook.store import Workbook

CUT_ANEW = "この言葉は、ほかの画面で切り直されました。画面を新しくして、もう一度選んでください。"


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
    with book.act(f"「{kind_text(kind, part).name}」の下書きを作った") as session:
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
    shape = next((one for one in forms(kind, part) if one.key == form), None)
    told = kind_text(kind, part, shape)
    if shape is None:
        raise KizunaError(f"「{told.name}」に、「{form}」という形はありません。")
    row = Draft(part=part, kind=kind, form=form, title=title, **ids)
    session.add(row)
    session.flush()
    for role in told.roles:
        for number, quote_id in enumerate((quotes or {}).get(role.key, ())):
            _may_quote(role)
            session.add(Piece(draft_id=row.id, position=number, role=role.key, quote_id=quote_id))
        if text := (words or {}).get(role.key, "").strip():
            session.add(Piece(draft_id=row.id, position=1000, role=role.key, text=text))
    return row.id


def write(book: Workbook, draft_id: int, role: str, text: str, seen: str | None = None) -> str | None:
    """Let the owner's words of one part be ``text``; returns what another page had written there meanwhile (compared with ``seen``)."""
    with book.act("下書きの言葉を書いた") as session:
        row = row_of(session, draft_id)
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
        _put(session, row_of(session, draft_id), role, quote_id, joined)


def put_sentences(book: Workbook, draft_id: int, role: str, quote_id: int, chosen: Collection[int]) -> None:
    """Put sentences of a card (numbered from 0 as ``sentences`` cuts it) into one part; what lies between them is left out by 「…」.

    Raises ``KizunaError`` where no sentence is chosen, or no quote may stand.
    """
    with book.act("お客さまの言葉を入れた") as session:
        row, quote = row_of(session, draft_id), session.get(Quote, quote_id)
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
        row = row_of(session, draft_id)
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
        row_of(session, draft_id).title = title.strip()


def remove(book: Workbook, draft_id: int) -> None:
    """Take a draft away (undo brings it back). Raises ``KizunaError`` where papers of it are noted: they must be found again."""
    with book.act("下書きを消した") as session:
        row = row_of(session, draft_id)
        if session.scalar(select(PaperCopy.id).where(PaperCopy.draft_id == draft_id)) is not None:
            raise KizunaError("この下書きから刷って貼った紙の記録があるので、消せません。使わなくなったら、そのまま残しておいてください。")
        for one in pieces_of(session, draft_id):
            session.delete(one)
        session.flush()
        session.delete(row)


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
    found = next((one for one in kind_text(Kind(row.kind), Part(row.part), form_text(row.form)).roles if one.key == key), None)
    if found is None:
        raise KizunaError(f"この文に、「{key}」という部分はありません。")
    return found


def _touched(row: Draft) -> None:
    """What was finished is open again as soon as its words change, and what was looked at is to be looked at again."""
    row.finished_on, row.ticked = None, []
