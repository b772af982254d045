"""The map of the course: two parts by five steps, and the sections (notebooks) that lead through it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from kizuna.content import Entry, load
from kizuna.errors import KizunaError


class Part(StrEnum):
    """The two bonds of the process; the way of working is the same in both."""

    FOLLOWUP = "followup"
    TRIBE = "tribe"


class Step(StrEnum):
    """The five steps, alike in both parts."""

    RESEARCH = "research"
    PLAN = "plan"
    OFFER = "offer"
    FEEDBACK = "feedback"
    TESTIMONIAL = "testimonial"


class Section(Entry):
    """One notebook of the course; ``before`` is what to have ready (nothing: no pre-work); ``open`` is false while it is still being written.

    ``apart`` is true where nobody comes on the way through the course (one goes there from the map), ``instructor`` where participants need not go at all;
    ``farewell`` is what stands at the end of such a page.
    """

    file: str
    title: str
    short: str
    part: Part | None = None
    step: Step | None = None
    before: str = ""
    open: bool = True
    apart: bool = False
    instructor: bool = False
    farewell: str = ""


class PartText(Entry):
    """How a part is named on the page, between whom it is, and what comes out of it."""

    title: str
    between: str
    result: str


class StepText(Entry):
    """How a step is named on the page, by part, and how it is done."""

    number: int
    title: dict[Part, str]
    how: str


class Course(Entry):
    """Everything in ``process.yaml``."""

    parts: dict[Part, PartText]
    steps: dict[Step, StepText]
    sections: list[Section]


@dataclass(frozen=True)
class Neighbours:
    """The section before and after one section, or None at the ends."""

    before: Section | None
    after: Section | None


@cache
def course() -> Course:
    """The course as ``content/process.yaml`` tells it."""
    return load("process.yaml", Course)


def section(file: str) -> Section:
    """The section whose notebook is ``file`` (name without folder, with or without its ending)."""
    stem = file.removesuffix(".ipynb")
    found = next((one for one in course().sections if one.file == stem), None)
    if found is None:
        raise KizunaError(f"「{stem}」というページはありません。名前を確かめてください（例：00_start）。")
    return found


def neighbours(file: str) -> Neighbours:
    """The open sections right before and right after ``file`` on the way through the course; a section that stands apart is not on it."""
    here = section(file)
    if here.apart:
        return Neighbours(None, None)
    sections = [one for one in course().sections if one.open and not one.apart]
    place = sections.index(here)
    return Neighbours(
        before=sections[place - 1] if place else None,
        after=sections[place + 1] if place + 1 < len(sections) else None,
    )
