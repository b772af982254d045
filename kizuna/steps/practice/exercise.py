"""The exercises of the course: one for each section, or why there is none."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from pydantic import Field, model_validator

from kizuna.content import Entry, load
from kizuna.process import Section, course
from kizuna.steps.practice.tasks import Task


class Work(StrEnum):
    """What there is to do beside a section."""

    BEFORE = "事前課題"
    PRACTICE = "練習"
    NONE = "課題なし"


class Exercise(Entry):
    """What is practised beside one section: on which shops, in how many minutes, and the tasks; or ``reason``, why nothing."""

    kind: Work
    minutes: int = 0
    reason: str = ""
    tasks: list[Task] = Field(default=[], max_length=6)

    @model_validator(mode="after")
    def _whole(self) -> Exercise:
        if self.kind is Work.NONE:
            if self.tasks or not self.reason:
                raise ValueError("no tasks need a reason")
        elif len(self.tasks) < 3 or not self.minutes or len({one.key for one in self.tasks}) < len(self.tasks):
            raise ValueError("three to six tasks, each with a key of its own, and the minutes they take")
        return self

    @property
    def shops(self) -> tuple[str, ...]:
        """The shops whose voices lie on the table."""
        return tuple(dict.fromkeys(voice.shop for task in self.tasks for voice in task.voices))


class PracticeWords(Entry):
    """Everything in ``practice.yaml``: what all exercises say alike."""

    labels: dict[str, str]
    unfinished: str
    twice: str
    not_a_quote: str
    shops: dict[str, str]
    links: dict[Work, str]
    guess: dict[str, str]


@cache
def words() -> PracticeWords:
    """What all exercises say alike."""
    return load("practice.yaml", PracticeWords)


def exercise(section: Section) -> Exercise:
    """The exercise beside a section."""
    found: Exercise = load(f"practice/{section.file}.yaml", Exercise)
    return found


def exercises() -> dict[Section, Exercise]:
    """The exercise beside every open section, in the order of the course."""
    return {section: exercise(section) for section in course().sections if section.open and not section.apart}
