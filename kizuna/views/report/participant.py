"""The letter to a participant: what was made in the course, out of whose words, and what may come next."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from kizuna.process import Part, Step, course
from kizuna.steps.cards import Card
from kizuna.steps.plan import spell_minutes
from kizuna.steps.report import letter as letters
from kizuna.steps.report.letter import Letter
from kizuna.steps.report.notes import Note, read_notes, to
from kizuna.steps.report.words import words
from kizuna.steps.review import LONG, Then
from kizuna.steps.sample import make_sample
from kizuna.steps.themes import ThemeView
from kizuna.views.report.pieces import Piece, made, style
from kizuna.workbook.store import MEMORY
from kizuna.workbook.submission import open_submission

_THEMES = 8  # of a part that are shown
_WELL = 3  # of them with two voices, the others with one
_LOOSE = 6  # voices shown while there are no themes


@dataclass(frozen=True)
class Beside:
    """What the owner wrote then and now, and where she stood on a scale."""

    title: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    scale: tuple[int | None, int | None] | None = None
    said: str = ""


class LetterPage:
    """The letter, piece by piece."""

    def __init__(self, one: Letter, notes: Sequence[Note] = (), names: bool = False, *, sample: bool = False, raw: bool = False) -> None:
        self.one, self.notes, self.names, self.sample, self.raw = one, notes, names, sample, raw
        self._texts = words()

    def opening(self) -> Piece:
        """To whom, and in a few sentences what there is."""
        texts, shown = self._texts.letter, self.names and self.one.name
        to = texts["to"].format(name=self.one.name) if shown else texts["nobody"]
        shown_code = "" if self.sample else self.one.code
        return made(
            "letter", "opening", "お便り", style=style(), texts=texts, one=self.one, to=to, shown_code=shown_code,
            sentences=list(self._sentences()), sample=self.sample,
        )  # fmt: skip

    def road(self) -> Piece:
        """Both parts step by step with what was made in each."""
        boxes = {part: [self.one.boxes[part, step] for step in Step] for part in Part}
        return made("letter", "road", "歩いてきた道", texts=self._texts.pieces, parts=course().parts, steps=course().steps, boxes=boxes)

    def wishes(self) -> Piece:
        """What was wished for, the most heard first, with customers' words."""
        parts = {part: [view for view in self.one.themes if self.one.part_of[view.id] is part] for part in Part}
        groups = [
            (
                course().parts[part].title,
                [(view, _few(view, rank), view.id in self.one.answered) for rank, view in enumerate(views[:_THEMES])],
            )
            for part, views in parts.items()
            if views
        ]
        longest = max((view.people for view in self.one.themes), default=1)
        more = sum(max(0, len(views) - _THEMES) for views in parts.values())
        loose = _short_first(self.one.loose)[:_LOOSE]
        return made(
            "letter",
            "wishes",
            "聞こえてきた望み",
            texts=self._texts.pieces,
            groups=groups,
            longest=longest,
            more=_many(more) if more else "",
            loose=loose,
        )

    def plan(self) -> Piece:
        """What was decided, each from the words it rests on to what came of it; the place in a table."""
        chains = [one for one in self.one.chains if not one.decided.about]
        about = [one.decided for one in self.one.chains if one.decided.about]
        place = [
            (topic, [(one.title.removeprefix(f"{topic}："), one.people) for one in rows])
            for topic, rows in groupby(about, key=lambda one: one.about)
        ]
        minutes, texts = self.one.plan.minutes, self._texts.pieces
        time = spell_minutes(minutes) if minutes else ""
        return made("letter", "plan", "計画", texts=texts, chains=chains, place=place, time=time, fits=self._fits())

    def then(self) -> Piece:
        """The owner's own words and numbers, then and now."""
        return made("letter", "then", "はじめと、いま", texts=self._texts.pieces, pairs=[self._beside(one) for one in self.one.then])

    def ahead(self) -> Piece:
        """What is decided and still to come, and what she declared."""
        found, texts = self.one.ahead, self._texts.pieces
        named = [(texts[f"days_{key}"], getattr(found, key)) for key in ("past", "month", "quarter", "later", "undated")]
        groups = [(title, rows) for title, rows in named if rows]
        return made("letter", "ahead", "これから", texts=texts, groups=groups, declared=self.one.declaration)

    def questions(self) -> Piece:
        """What may be worth asking next time."""
        return made("letter", "questions", "次に聞くこと", texts=self._texts.questions, rows=self.one.questions)

    def closing(self) -> Piece:
        """The instructor's own words, or room for them; what ● and the numbers of customers mean."""
        texts = self._texts
        rows = to(self.notes, self.one.code)
        return made("letter", "notes", "講師から", texts=texts.pieces, rows=rows, foot=texts.letter["named" if self.raw else "covered"])

    def _sentences(self) -> Iterator[str]:
        """What there is, in sentences: only of what there is."""
        texts, counts = self._texts.letter, self.one.counts
        if not counts["people"]:
            yield texts["start"]
            return
        yield texts["heard"].format(people=counts["people"])
        if self.one.themes and self.one.themes[0].people > 1:
            yield texts["most"].format(theme=self.one.themes[0].name)
        if counts["decided"]:
            yield texts["decided"].format(count=_many(counts["decided"]))
        if counts["back"]:
            yield texts["answered"].format(people=counts["back"])
        if counts["mended"]:
            yield texts["mended"].format(count=_many(counts["mended"]))
        if counts["members"] > 1:
            yield texts["members"].format(people=counts["members"])
        if self.one.declaration.begun:
            yield texts["declared"]

    def _fits(self) -> str:
        plan, texts = self.one.plan, self._texts.pieces
        if plan.hours is None or not plan.minutes:
            return ""
        return texts["plan_fits" if plan.minutes <= plan.hours * 60 * plan.days / 30 else "plan_over"].format(hours=f"{plan.hours:g}")

    def _beside(self, one: Then) -> Beside:
        key = next((key for key, title in self._texts.scales.items() if title == one.title), "")
        if not key:
            return Beside(one.title, one.before, one.now)
        before, after = self.one.scales[key]
        return Beside(one.title, _reasons(one.before), _reasons(one.now), (before, after), self._said(before, after))

    def _said(self, before: int | None, after: int | None) -> str:
        if before is None or after is None:
            return ""
        key = "scale_up" if after > before else "scale_same" if after == before else "scale_down"
        return self._texts.pieces[key].format(before=before, after=after)


def letter(submission: str = "", notes: str = "", names: bool = False, with_names: bool = False) -> LetterPage:
    """The letter to the participant who handed in ``submission`` (none: to the worked example), with the instructor's ``notes``.

    ``names`` shows what the participant is called, ``with_names`` also takes a workbook in which customers' names stand. Raises ``KizunaError``
    where a file cannot be read.
    """
    said = read_notes(Path(notes)) if notes else ()
    book = open_submission(Path(submission), with_names=with_names) if submission else make_sample(MEMORY)
    try:
        return LetterPage(letters.letter(book), said, names, sample=not submission, raw=with_names)
    finally:
        book.close()


def _many(count: int) -> str:
    """A count of things as people say it: 「3つ」, and from ten on only the number."""
    return f"{count}つ" if count < 10 else f"{count}"


def _few(view: ThemeView, rank: int) -> list[Card]:
    """The voices of a theme to show: of different people, wishes before others, short ones before long ones, else the most typical first."""
    ordered = _short_first(view.cards)
    by_person = {one.person_id: one for one in reversed(ordered)}
    return [one for one in ordered if by_person[one.person_id] is one][: 2 if rank < _WELL else 1]


def _short_first(cards: Iterable[Card]) -> list[Card]:
    return sorted(cards, key=lambda one: (len(one.text) > LONG, not one.wishes))


def _reasons(lines: Iterable[str]) -> tuple[str, ...]:
    """What was written beside a number of the scale, without the number."""
    return tuple(line for line in lines if not set(line) <= set(string.digits))
