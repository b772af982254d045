"""The class as it may be told, and the draft of the report on the course (研修実施報告書)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from kizuna.language.counting import counted
from kizuna.process import Part, Step, course
from kizuna.steps.report import cohort as cohorts
from kizuna.steps.report.cohort import Cohort, Group, Scale, Stage, Telling, Total
from kizuna.steps.report.notes import Note, on_course, read_notes
from kizuna.steps.report.words import words
from kizuna.views.report.example import example_class
from kizuna.views.report.pieces import Piece, made, style

_BARS = 8  # kinds of wishes in the report on the course


class ClassPage:
    """The class summary, piece by piece: it may be handed to everybody in the class."""

    def __init__(self, one: Cohort, *, sample: bool = False) -> None:
        self.one, self.sample = one, sample
        self._texts = words().cohort

    def opening(self) -> Piece:
        """How many there are, and what is not told."""
        one = self.one
        return made("cohort", "opening", "クラス", style=style(), texts=self._texts, people=one.people, k=one.k, told=one.told, sample=self.sample, today=date.today())  # fmt: skip

    def stages(self) -> Piece:
        """How far the class came, and its trades."""
        stages = self.one.stages if len(self.one.stages) > 1 else ()
        rows = [(stage_name(one), one.people, f"{one.people}人") for one in stages]
        trades = [(name, count, f"{count}人") for name, count in self.one.industries]
        longest = max([1, *(count for _, count, _ in [*rows, *trades])])
        return made("cohort", "stages", "歩み", texts=self._texts, rows=rows, longest=longest, industries=trades)

    def totals(self) -> Piece:
        """The numbers of the class together."""
        parts = [part for part in Part if any(one.parts[part].telling is Telling.EXACT for one in self.one.totals if part in one.parts)]
        rows = [(one.label, [self._amount(one, part) for part in parts]) for one in self.one.totals]
        return made("cohort", "totals", "数", texts=self._texts, parts=[part_name(part) for part in parts], rows=rows)

    def kinds(self) -> Piece:
        """What kinds of wishes were heard, by how many participants."""
        rows = [one for one in self.one.kinds if one.telling in (Telling.MOST, Telling.EXACT)]
        return self._bars("kinds", "望み", rows, self._texts["kinds_none"])

    def questions(self) -> Piece:
        """What the class has hardly asked yet."""
        rows = [one for one in self.one.questions if one.telling is Telling.HIDDEN]
        waiting = [one.label for one in self.one.waiting if one.telling in (Telling.MOST, Telling.EXACT)]
        if self.one.people < 2 * self.one.k:
            return made("cohort", "kinds", "まだ聞けていない問い", texts=self._texts, rows=(), longest=1, missing=self._texts["hidden_small"].format(people=2 * self.one.k))  # fmt: skip
        return made("cohort", "questions", "まだ聞けていない問い", texts=self._texts, k=self.one.k, rows=rows, waiting=waiting)

    def scales(self) -> Piece:
        """The class at the beginning and at the end."""
        rows = [(one, self._mean(one), self._moved(one)) for one in self.one.scales]
        texts = {"missing": self._texts["scales_none"].format(k=self.one.k)}
        return made("cohort", "scales", "はじめと、いま", texts=texts, rows=rows)

    def said(self, one: Group, unit: str = "人") -> str:
        """How a group is told."""
        return said(one, self.one, unit)

    def _bars(self, name: str, title: str, groups: Sequence[Group], missing: str) -> Piece:
        """Bars; of a group that is not told exactly only how it is told."""
        rows = [(one.label, one.people, self.said(one)) for one in groups]
        longest = max([1, *(one.people for one in groups if one.people)])
        if self.one.people < 2 * self.one.k:
            missing = self._texts["hidden_small"].format(people=2 * self.one.k)
        return made("cohort", name, title, texts=self._texts, rows=rows, longest=longest, missing=missing)

    def _amount(self, one: Total, part: Part) -> str:
        if part not in one.parts:
            return "―"
        group = one.parts[part]
        if group.telling is Telling.EXACT:
            return counted(group.people or 0, one.unit)
        return self._texts["sum_most" if group.telling is Telling.MOST else "sum_hidden"]

    def _mean(self, one: Scale) -> str:
        return self._texts["mean"].format(before=one.before, after=one.after, people=self.said(one.both))

    def _moved(self, one: Scale) -> str:
        told = (group for group in (one.up, one.down) if group.telling in (Telling.EXACT, Telling.MOST))
        return "　".join(f"{group.label}方 {self.said(group)}" for group in told)


class CampPage:
    """The draft of the report on the course."""

    def __init__(self, one: Cohort, notes: Sequence[Note] = (), *, sample: bool = False) -> None:
        self.one, self.notes, self.sample = one, notes, sample

    def sheet(self) -> Piece:
        """Its fields, filled in as far as numbers and notes go."""
        told, notes = words(), on_course(self.notes)
        known = self._known()
        rows = [(field, [*notes.get(field.key, ()), *known.get(field.key, ())]) for field in told.camp.fields]
        sample = told.cohort["sample"] if self.sample else ""
        return made("camp", "sheet", told.camp.title, style=style(), texts=told.camp, rows=rows, sample=sample)

    def _known(self) -> Mapping[str, Sequence[str]]:
        told, one = words().camp, self.one
        handed_in = [told.people.format(people=one.people), told.people_more]
        if not one.told:
            return {"people": handed_in, "outline": [told.outline], "output": [told.small.format(k=one.k)], "next": [told.next_none]}
        unasked = [f"・{each.label}" for each in one.questions if each.telling is Telling.HIDDEN and one.people >= 2 * one.k]
        ahead = [told.next_none, *([told.next, *unasked] if unasked else [])]
        return {"people": handed_in, "outline": [told.outline, *self._outcome()], "output": list(self._output()), "next": ahead}

    def _outcome(self) -> Iterable[str]:
        """What came of it: how the scales moved, what was wished for."""
        page = ClassPage(self.one)
        yield from (f"{one.title}　{page._mean(one)}" for one in self.one.scales)
        kinds = [each.label for each in self.one.kinds if each.telling in (Telling.MOST, Telling.EXACT)][:_BARS]
        if kinds:
            yield words().camp.kinds.format(kinds="、".join(kinds))

    def _output(self) -> Iterable[str]:
        page, told = ClassPage(self.one), words().camp
        for total in self.one.totals:
            parts = [part for part, one in total.parts.items() if one.telling is Telling.EXACT]
            yield f"{total.label}　{'・'.join(f'{part_name(part)} {page._amount(total, part)}' for part in parts)}"
        if self.one.declared and self.one.declared.telling in (Telling.EXACT, Telling.MOST):
            yield told.declared.format(count=page.said(self.one.declared))


def said(one: Group, of: Cohort, unit: str = "人") -> str:
    """How a group of a class is told in words."""
    texts = words().cohort
    if one.telling is Telling.EXACT:
        return counted(one.people or 0, unit)
    return texts[one.telling].format(k=of.k, least=of.people - of.k + 1)


def stage_name(one: Stage) -> str:
    """A stretch of the course: 「第1部 2 計画する まで」, 「第1部 3 使ってもらう～4 感想をもらう」."""
    texts = words().cohort
    if one.first == one.last:
        return box_name(one.first)
    if one.first == 0:
        return texts["until"].format(last=box_name(one.last))
    if one.last == len(Part) * len(Step):
        return texts["onward"].format(first=box_name(one.first))
    first, last = box_name(one.first), box_name(one.last)
    part = first.split()[0]
    return texts["between"].format(first=first, last=last.removeprefix(f"{part} "))


def box_name(number: int) -> str:
    """The box of the course that somebody reached, counted from 1: 「第1部 2 計画する」; 「これから」 while nothing is begun."""
    if number == 0:
        return words().cohort["not_begun"]
    part, step = [(part, step) for part in Part for step in Step][number - 1]
    short = next(one.short for one in course().sections if (one.part, one.step) == (part, step))
    return f"{part_name(part)} {course().steps[step].number} {short}"


def part_name(part: Part) -> str:
    """A part of the course as short as it goes: 「第1部」."""
    return course().parts[part].title.split()[0]


def cohort(facts: str = "", notes: str = "", k: int = cohorts.K, names: bool = False) -> ClassPage:
    """The class summary of the facts in a folder (none: of an imaginary class). Neither notes nor names come into it.

    Raises ``KizunaError`` for facts that cannot be read, and for a ``k`` below 3.
    """
    return ClassPage(_cohort(facts, k), sample=not facts)


def camp(facts: str = "", notes: str = "", k: int = cohorts.K, names: bool = False) -> CampPage:
    """The draft of the report on the course, with the instructor's notes on the whole of it; nobody's name comes into it."""
    return CampPage(_cohort(facts, k), read_notes(Path(notes)) if notes else (), sample=not facts)


def _cohort(facts: str, k: int) -> Cohort:
    return cohorts.cohort(cohorts.read_facts(Path(facts)) if facts else example_class(), k, pairs=False)
