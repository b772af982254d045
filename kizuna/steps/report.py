"""What a report tells of one workbook in numbers: made once for each hand-in, and all that the class's pages are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Row:
    """One hand-in on the instructor's page: its facts and where its report lies, or in one sentence why there is none.

    ``report`` and ``pdf`` are addresses relative to the index page.
    """

    number: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    report: str = ""
    pdf: str = ""
    error: str = ""


def facts(book: Workbook) -> dict[str, Any]:
    """The numbers of one workbook as JSON can hold them; of its words none but what the participant is called."""
    raise NotImplementedError
