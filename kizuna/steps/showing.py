"""What of customers' words may go out today, and how: the only way out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.process import Part
from kizuna.steps import consents, drafts
from kizuna.steps.allowed import spoken
from kizuna.steps.consents import NAMED
from kizuna.steps.testimonials import honest, status
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
