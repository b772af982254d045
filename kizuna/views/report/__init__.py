"""What the reports show: the letter to a participant, the class, the report on the course, and the instructor's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kizuna.steps.cohort import Cohort
from kizuna.steps.report import Row


def warm() -> None:
    """Read templates and content once, so that every process branched off from here has them."""
    raise NotImplementedError


def index_html(rows: Sequence[Row], cohort: Cohort, *, names: bool = False, links: Mapping[str, str] | None = None) -> str:
    """The instructor's page: who is where and needs help, the reports, what could not be read, pairs; ``links`` are further pages by their title."""
    raise NotImplementedError


def summary_csv(rows: Sequence[Row], *, names: bool = False) -> bytes:
    """One line a hand-in, for Excel (UTF-8 with its mark)."""
    raise NotImplementedError
