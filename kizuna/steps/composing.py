"""Customers' words laid into drafts, within what each person allowed: by their best sentence, and with what has to stand beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.language.personal import find_personal
from kizuna.language.sentences import sentences
from kizuna.process import Part, Step
from kizuna.steps import consents, drafts
from kizuna.steps.cards import Card, card, cut
from kizuna.steps.feedback import Passage
from kizuna.steps.testimonials import best, honest, passages, status, words
from kizuna.steps.tribe.gate import may_begin
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Consent, Draft, Piece, Quote, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook


def draft(book: Workbook, part: Part, form: str, voice_ids: Sequence[int], today: date | None = None) -> int:
    """Begin a draft of that form with these voices, each by its best sentence (or whole, where nothing may be left out); returns its id.

    What has to stand beside the words and how many were asked is written in. Raises ``KizunaError`` where a voice may not go there,
    or where there are too many for the form.
    """
    may_begin(book, part)
    day = today or date.today()
    told = words().parts[part].forms.get(form)
    if told is None:
        raise KizunaError("どの形で紹介するかを、一覧の中から選んでください。")
    if not voice_ids:
        raise KizunaError("紹介する声が、まだ選ばれていません。一つ以上選んでください。")
    if len(voice_ids) > told.most:
        raise KizunaError(f"この形に入る声は{things(told.most)}までです。読みやすいように、いくつか外してください。")
    note, read = _note(book, part, day), passages(book, part)
    with book.act(f"「{drafts.kind_text(drafts.Kind.TESTIMONIAL, part).name}」の下書きを作った") as session:
        quotes, beside = _laid(session, form, voice_ids, read, day)
        owner = {"heading": told.heading, "thanks": told.thanks, "note": note}
        owner |= {role: "\n".join(dict.fromkeys(lines)) for role, lines in beside.items()}
        return drafts.start(session, part, drafts.Kind.TESTIMONIAL, form, words=owner, quotes=quotes)


def complete(book: Workbook, draft_id: int, today: date | None = None) -> None:
    """Write in what has to stand beside the words and is missing: thank-yous, relations, and that these are excerpts of so many."""
    day = today or date.today()
    one = drafts.draft(book, draft_id)
    wanted: dict[str, list[str]] = defaultdict(list)
    with book.reading() as session:
        for group in one.groups:
            row = consents.covering(session, group[0].voice_id or 0, one.form.scope or "", day)
            wanted[group[0].role] += consents.disclosures(row) if row else []
    wanted["note"] = [_note(book, one.part, day)]
    for role, lines in wanted.items():
        before = next((piece.text for piece in one.of(role) if piece.card is None), "")
        missing = [line for line in dict.fromkeys(lines) if line and line not in before]
        if role == "note" and missing:
            drafts.write(book, draft_id, role, missing[0])
        elif missing:
            drafts.write(book, draft_id, role, "\n".join([*([before] if before else []), *missing]))


def mask(book: Workbook, draft_id: int, piece_id: int | None = None) -> int:
    """Leave out of a customer's words (of all of the draft's, without ``piece_id``) what tells who somebody is, with 「…」 in its place.

    Returns how many stretches went. Raises ``KizunaError`` where nothing of the words would be left.
    """
    own = [str(read_answer(book, "shop") or "")]
    with book.act("個人のことが分かる所を「…」で外した") as session:
        row = fetch(session, Draft, draft_id, drafts.GONE)
        pieces = [one for one in drafts.pieces_of(session, draft_id) if one.quote and piece_id in (None, one.id)]
        return sum(_mask(session, row, piece, own) for piece in pieces)


def may_stand(book: Workbook, one: drafts.DraftView, today: date | None = None) -> list[Card]:
    """The cards that may stand in a draft, the newest first: those whose consents go as far as the draft does."""
    with book.reading() as session:
        found = session.scalars(select(Quote).join(Quote.voice).where(Voice.part == one.part, Quote.laid).order_by(Quote.id.desc()))
        return [card(each) for each in found if consents.covers(session, each.voice_id, one.form.scope or "", today or date.today())]


def _laid(
    session: Session, form: str, voice_ids: Sequence[int], read: Mapping[int, Sequence[Passage]], day: date
) -> tuple[dict[str, list[int]], dict[str, list[str]]]:
    """The quotes of a new draft by part, and what has to stand beside them."""
    scope = drafts.form_text(form).scope or ""
    quotes: dict[str, list[int]] = defaultdict(list)
    beside: dict[str, list[str]] = defaultdict(list)
    for voice_id in dict.fromkeys(voice_ids):
        voice = session.get(Voice, voice_id)
        row = consents.covering(session, voice_id, scope, day)
        if voice is None or row is None:
            who = f"{voice.person.called}の声" if voice else "選んだ声"
            raise KizunaError(f"{who}は、ここに出すお許しがありません。お許しをいただいてから、もう一度選んでください。")
        laid = (
            _story(session, voice, scope, _span(voice, read), day)
            if form == "story" and row.edit == "shorten"
            else _best(voice, row, _span(voice, read))
        )
        for role, of, (start, end) in laid:
            quotes[role].append(cut(session, of, start, end).id)
            beside[role] += consents.disclosures(row)
    return quotes, beside


def _best(voice: Voice, row: Consent, span: tuple[int, int]) -> list[tuple[str, int, tuple[int, int]]]:
    return [("use", voice.id, span if row.edit == "shorten" else (0, len(voice.text)))]


def _span(voice: Voice, read: Mapping[int, Sequence[Passage]]) -> tuple[int, int]:
    """The best sentence; where nothing is praised, all of it: also a complaint may be shown, and whole it is honest."""
    return best(read.get(voice.id, ())) or (0, len(voice.text))


def _story(session: Session, voice: Voice, scope: str, most: tuple[int, int], day: date) -> list[tuple[str, int, tuple[int, int]]]:
    """Before, use and now: sentences of the voice, and of what the same person said earlier where she allows that too."""
    mine = (Voice.person_id == voice.person_id, Voice.part == voice.part, Voice.id != voice.id, Voice.topic != Topic.MEDIA)
    others = [one for one in session.scalars(select(Voice).where(*mine).order_by(Voice.id)) if consents.covers(session, one.id, scope, day)]
    here = [(voice, span) for span in sentences(voice.text)]
    earlier = [one for one in here if one[1] < most] + _sentences(one for one in others if one.step == Step.RESEARCH)
    later = [one for one in here if one[1] > most] + _sentences(one for one in others if one.step == Step.FEEDBACK)
    before = next((one for one in earlier if _says(words().before, one)), None)
    after = next((one for one in later if _says(words().after, one)), None)
    found = [("before", before[0].id, before[1])] if before else []
    found.append(("use", voice.id, most))
    return found + ([("after", after[0].id, after[1])] if after else [])


def _sentences(voices: Iterable[Voice]) -> list[tuple[Voice, tuple[int, int]]]:
    return [(one, span) for one in voices for span in sentences(one.text)]


def _says(pattern: str, one: tuple[Voice, tuple[int, int]]) -> bool:
    return re.search(pattern, one[0].text[slice(*one[1])]) is not None


def _mask(session: Session, row: Draft, piece: Piece, own: Sequence[str]) -> int:
    quote = piece.quote
    secret = find_personal(quote.text, own) if quote else []
    if quote is None or not secret:
        return 0
    spans = _around(quote.text, [(one.start, one.end) for one in secret])
    if not spans:
        raise KizunaError("外すと、言葉が残りません。この声は使わずに、ほかの声を選んでください。")
    for later in drafts.pieces_of(session, row.id):
        if later.role == piece.role and later.quote is not None and later.position > piece.position:
            later.position += len(spans) - 1
    position, joined = piece.position, piece.joined
    session.delete(piece)
    session.flush()
    for number, (start, end) in enumerate(spans):
        made = cut(session, quote.voice_id, quote.start + start, quote.start + end)
        session.add(Piece(draft_id=row.id, position=position + number, role=piece.role, quote_id=made.id, joined=joined or number > 0))
    row.finished_on, row.ticked = None, []
    session.flush()
    return len(secret)


def _note(book: Workbook, part: Part, day: date) -> str:
    return f"{honest(status(book, part, day))}{words().parts[part].note['excerpt']}"


def _around(text: str, secret: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches of a text that are left, blanks and lone signs at their ends not counted."""
    found, at = [], 0
    for start, end in [*secret, (len(text), len(text))]:
        piece = text[at:start]
        first = at + len(piece) - len(piece.lstrip(" 　、,"))
        last = at + len(piece.rstrip(" 　"))
        if re.search(r"\w", text[first:last]):
            found.append((first, last))
        at = end
    return found
