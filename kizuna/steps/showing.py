"""Customers' words made ready to be shown: drafts within what each person allowed, and what of them may go out today."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.personal import find_personal
from kizuna.language.sentences import sentences
from kizuna.process import Part, Step
from kizuna.steps import consents, drafts
from kizuna.steps.allowed import spoken
from kizuna.steps.cards import Card, card, cut
from kizuna.steps.consents import NAMED
from kizuna.steps.feedback import Passage as Read
from kizuna.steps.testimonials import best, honest, status, words
from kizuna.steps.testimonials import passages as passages_of
from kizuna.workbook.answers import read_answer
from kizuna.workbook.models import Consent, Draft, Piece, Quote, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Said:
    """A customer's words as they go out: what stands between 「」, and the name she agreed to."""

    voice_id: int
    words: str
    name: str


@dataclass(frozen=True)
class Passage:
    """One part of what goes out: customers' words, then the owner's."""

    role: str
    said: tuple[Said, ...]
    text: str

    def beside(self, said: Said) -> list[str]:
        """The owner's lines that stand beside one person's words: those that begin with her name."""
        mark = f"{said.name}{NAMED}"
        first = next((one for one in self.said if one.name == said.name), said)
        return [line.removeprefix(mark) for line in self.text.splitlines() if line.startswith(mark)] if said is first else []

    @property
    def rest(self) -> str:
        """The owner's other lines."""
        marks = tuple(f"{one.name}{NAMED}" for one in self.said)
        return "\n".join(line for line in self.text.splitlines() if not line.startswith(marks))


@dataclass(frozen=True)
class Showing:
    """A finished draft as it may go out today."""

    id: int
    form: str
    form_name: str
    title: str
    passages: tuple[Passage, ...]
    finished_on: date

    def of(self, role: str) -> Passage:
        """One part of it, empty where there is nothing."""
        return next((one for one in self.passages if one.role == role), Passage(role, (), ""))

    @property
    def said(self) -> tuple[Said, ...]:
        """All customers' words in it, from the top."""
        return tuple(said for one in self.passages for said in one.said)

    @property
    def text(self) -> str:
        """All of it as plain text, each voice with its name."""
        return plain(self.passages)


def draft(book: Workbook, part: Part, form: str, voice_ids: Sequence[int], today: date | None = None) -> int:
    """Begin a draft of that form with these voices, each by its best sentence (or whole, where nothing may be left out); returns its id.

    What has to stand beside the words and how many were asked is written in. Raises ``KizunaError`` where a voice may not go there,
    or where there are too many for the form.
    """
    day = today or date.today()
    told = words().forms.get(form)
    if told is None:
        raise KizunaError("どの形で紹介するかを、一覧の中から選んでください。")
    if not voice_ids:
        raise KizunaError("紹介する声が、まだ選ばれていません。一つ以上選んでください。")
    if len(voice_ids) > told.most:
        raise KizunaError(f"この形に入る声は{told.most}つまでです。読みやすいように、いくつか外してください。")
    note, read = _note(book, part, day), passages_of(book, part)
    with book.act(f"「{drafts.texts().kinds[drafts.Kind.TESTIMONIAL].name}」の下書きを作った") as session:
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


def check_goal(book: Workbook, one: drafts.DraftView, today: date | None = None) -> tuple[Finding, ...]:
    """What the owner promised herself, held against a draft: an offer only once her threshold is reached, and numbers as they are now."""
    found: list[Finding] = []
    now = status(book, one.part, today)
    if one.of("offer") and now.reached is not True:
        told = "ご自分で決めた目安に、まだ届いていません" if now.goal else "商品のご案内を添える目安を、まだ決めていません"
        found.append(Finding("4-43", "THRESHOLD", Strength.CARE, f"{told}。声が集まってからのほうが、安心してご案内できます。"))
    note = "\n".join(piece.text for piece in one.of("note"))
    numbers = [int(number) for number in re.findall(r"([0-9]+)人の(?:うち|方)", note)]
    if numbers and not set(numbers) <= {now.answered, now.asked}:
        message = f"書いてある人数が、いまの記録とちがいます。いまは「{honest(now)}」です。書き直してから出しましょう。".replace(
            "「", "『"
        ).replace("」", "』")
        found.append(Finding("4-43", "NUMBERS", Strength.CARE, message))
    return tuple(found)


def check(book: Workbook, one: drafts.DraftView, today: date | None = None) -> tuple[Finding, ...]:
    """Everything there is to say about a testimonial: the rules and consents, and the owner's own threshold."""
    return (*drafts.check(book, one, today), *check_goal(book, one, today))


def finish(book: Workbook, draft_id: int, today: date | None = None) -> None:
    """Mark a testimonial as finished; raises ``KizunaError`` with what stands in its way."""
    drafts.finish(book, draft_id, check(book, drafts.draft(book, draft_id), today), today)


def showing(book: Workbook, draft_id: int, today: date | None = None) -> Showing:
    """A finished draft as it goes out; everything is looked at again on that day.

    Raises ``KizunaError`` where it is not finished, or where something has come up since (a consent that ended, a voice grown old).
    """
    day = today or date.today()
    one = drafts.draft(book, draft_id)
    if one.form.scope is None:
        raise KizunaError("これはご本人へのお便りなので、ここからは印刷できません。お便りのページから印刷してください。")
    if one.finished_on is None:
        raise KizunaError("まだ仕上がっていないので、外に出せません。下書きの「仕上げる」を押してからにしてください。")
    try:
        drafts.let_pass(one, check(book, one, day))
    except KizunaError as error:
        raise KizunaError(f"仕上げたあとに、確かめることが出てきました。下書きを開いて直してください：{error}") from error
    spelled = passages(book, one, day)
    if any(not said.name for passage in spelled for said in passage.said):  # withdrawn on another page at this very moment
        raise KizunaError("お許しのない言葉が入っているので、外に出せません。下書きを開いて外してください。")
    return Showing(one.id, one.form.key, one.form.name, one.title, spelled, one.finished_on)


def passages(book: Workbook, one: drafts.DraftView, today: date | None = None) -> tuple[Passage, ...]:
    """A draft part by part, each customer's words with the name she agreed to (none where nothing covers them on that day)."""
    day = today or date.today()
    with book.reading() as session:
        rows = {voice_id: consents.covering(session, voice_id, one.form.scope or "", day) for voice_id in one.voices}
    names = {voice_id: consents.shown(row) if row else "" for voice_id, row in rows.items()}
    found = []
    for role in one.words.roles:
        groups = [group for group in one.groups if group[0].role == role.key]
        said = tuple(Said(group[0].voice_id or 0, spoken(group), names[group[0].voice_id or 0]) for group in groups)
        text = "\n".join(piece.text for piece in one.of(role.key) if piece.card is None)
        if said or text:
            found.append(Passage(role.key, said, text))
    return tuple(found)


def plain(spelled: Sequence[Passage]) -> str:
    """What goes out as plain text, each voice with its name."""
    lines = []
    for one in spelled:
        for said in one.said:
            beside = "".join(f"\n　{line}" for line in one.beside(said))
            lines.append(f"「{said.words}」\n　{said.name or 'お許しをうかがっていません'}{beside}")
        lines += [one.rest] if one.rest else []
    return "\n\n".join(lines)


def may_go_out(book: Workbook, part: Part, today: date | None = None) -> tuple[tuple[drafts.DraftView, str], ...]:
    """The testimonials of a part, each with why it may not go out today (nothing where it may)."""
    found = []
    for one in drafts.drafts(book, part, drafts.Kind.TESTIMONIAL):
        try:
            showing(book, one.id, today)
            found.append((one, ""))
        except KizunaError as error:
            found.append((one, str(error)))
    return tuple(found)


def _laid(
    session: Session, form: str, voice_ids: Sequence[int], read: Mapping[int, Sequence[Read]], day: date
) -> tuple[dict[str, list[int]], dict[str, list[str]]]:
    """The quotes of a new draft by part, and what has to stand beside them."""
    scope = next(one.scope for one in drafts.texts().forms if one.key == form) or ""
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


def _span(voice: Voice, read: Mapping[int, Sequence[Read]]) -> tuple[int, int]:
    """The best sentence; where nothing is praised, all of it: also a complaint may be shown, and whole it is honest."""
    return best(read.get(voice.id, ())) or (0, len(voice.text))


def _story(session: Session, voice: Voice, scope: str, most: tuple[int, int], day: date) -> list[tuple[str, int, tuple[int, int]]]:
    """Before, use and now: sentences of the voice, and of what the same person said earlier where she allows that too."""
    mine = select(Voice).where(Voice.person_id == voice.person_id, Voice.id != voice.id, Voice.topic != Topic.MEDIA).order_by(Voice.id)
    others = [one for one in session.scalars(mine) if consents.covers(session, one.id, scope, day)]
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
    row.finished_on = None
    session.flush()
    return len(secret)


def _note(book: Workbook, part: Part, day: date) -> str:
    return f"{honest(status(book, part, day))}{words().note['excerpt']}"


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
