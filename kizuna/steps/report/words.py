"""The words of the reports."""

from __future__ import annotations

from kizuna.content import Entry, load


class WishKind(Entry):
    """A kind of wishes that many shops hear: its ``words`` tell it, its ``label`` is all that is shown of it."""

    key: str
    label: str
    words: list[str]


class CampField(Entry):
    """One field of the report on the course, with the room to write where nothing is known."""

    key: str
    title: str
    lines: int


class CampWords(Entry):
    """The report on the course."""

    title: str
    how: str
    fields: list[CampField]
    people: str
    people_more: str
    outline: str
    kinds: str
    declared: str
    next: str
    next_none: str
    small: str


class NoteWords(Entry):
    """How the columns of the instructor's notes may be headed, and which headings belong into which field of the report on the course."""

    code: list[str]
    section: list[str]
    memo: list[str]
    camp: dict[str, list[str]]


class ReportWords(Entry):
    """Everything in ``report.yaml``."""

    letter: dict[str, str]
    pieces: dict[str, str]
    questions: dict[str, str]
    cohort: dict[str, str]
    scales: dict[str, str]
    kinds: list[WishKind]
    numbers: list[str]
    board: dict[str, str]
    camp: CampWords
    notes: NoteWords


def words() -> ReportWords:
    """The words of the reports as ``content/report.yaml`` tells them."""
    return load("report.yaml", ReportWords)
