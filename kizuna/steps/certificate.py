"""The certificate (修了証): what really stands in the workbook, each with its number, and never that somebody was there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kizuna.content import Entry, load
from kizuna.language.counting import counted
from kizuna.process import Part
from kizuna.steps import drafts, review
from kizuna.workbook.answers import read_answers
from kizuna.workbook.store import Workbook

NAME = "certificate.name"
_PRACTICE = "practice."  # what the answers to practice begin with


class CountLine(Entry):
    """One line: a number of the look back (``review.numbers``) in one part, and how it is called."""

    part: Part
    number: str
    label: str


class Counted(Entry):
    """How something else is counted."""

    label: str
    unit: str


class CertificateWords(Entry):
    """Everything in ``certificate.yaml``; up to ``few`` lines are told ``kind_few``."""

    title: str
    lead: str
    lines: list[CountLine]
    shown: Counted
    practised: Counted
    declared: Counted
    few: int
    kind: str
    kind_few: str
    foot: str
    nothing: str


@dataclass(frozen=True)
class Made:
    """One thing that was made, and how many: 「3人」."""

    label: str
    said: str


@dataclass(frozen=True)
class Certificate:
    """To whom it is given, of which shop, what was made, and a kind word."""

    name: str
    shop: str
    made: tuple[Made, ...]
    kind: str


def words() -> CertificateWords:
    """The words of the certificate as ``content/certificate.yaml`` tells them."""
    return load("certificate.yaml", CertificateWords)


def certificate(book: Workbook) -> Certificate:
    """The certificate as of now; what is not there yet has no line."""
    answers = read_answers(book)
    made = tuple(_made(book, answers))
    told = words()
    name = str(answers.get(NAME) or answers.get("declare.name") or "").strip()
    return Certificate(name, str(answers.get("shop") or "").strip(), made, told.kind_few if len(made) <= told.few else told.kind)


def _made(book: Workbook, answers: dict[str, object]) -> Iterator[Made]:
    told, numbers = words(), dict(zip(review.words().numbers, review.numbers(book), strict=True))
    for line in told.lines:
        if count := numbers[line.number].counts.get(line.part, 0):
            yield Made(line.label, counted(count, numbers[line.number].label.unit))
    shown = drafts.drafts(book, kind=drafts.Kind.TESTIMONIAL)
    others = (
        (told.shown, sum(one.finished_on is not None for one in shown)),
        (told.practised, sum(key.startswith(_PRACTICE) and value not in (None, "", []) for key, value in answers.items())),
        (told.declared, int(review.declaration(book).begun)),
    )
    for one, count in others:
        if count:
            yield Made(one.label, counted(count, one.unit))
