"""The answers of a practice: in the workbook like everything else, but never out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kizuna.process import Section
from kizuna.steps.practice.exercise import exercise
from kizuna.steps.practice.replies import answered
from kizuna.steps.practice.tasks import Task
from kizuna.workbook.answers import Saved, read_answers, save_answer
from kizuna.workbook.policy import PRACTICE
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Progress:
    """How many of a section's tasks are answered."""

    done: int
    of: int


def answers(book: Workbook, section: Section) -> dict[str, Any]:
    """Every answer to a section's tasks, by the task's key."""
    begin = _key(section, "")
    return {key.removeprefix(begin): value for key, value in read_answers(book).items() if key.startswith(begin)}


def save(book: Workbook, section: Section, task: Task, answer: Any, seen: Any = None) -> Saved:
    """Save the answer to one task; ``seen`` is what was shown before, so that an answer from another page is noticed."""
    return save_answer(book, _key(section, task.key), answer, f"練習：{task.title}", seen)


def progress(book: Workbook, section: Section) -> Progress:
    """How many of a section's tasks are answered by now."""
    tasks, given = exercise(section).tasks, answers(book, section)
    return Progress(sum(answered(task, given.get(task.key)) for task in tasks), len(tasks))


def _key(section: Section, task: str) -> str:
    return f"{PRACTICE}{section.file}.{task}"
