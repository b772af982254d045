"""What the reports show: the letter to a participant, the class, the report on the course, and the instructor's own page."""

from __future__ import annotations

from kizuna.views.report.board import index_html, summary_csv
from kizuna.views.report.klass import camp, cohort
from kizuna.views.report.participant import letter

__all__ = ["camp", "cohort", "index_html", "letter", "summary_csv", "warm"]


def warm() -> None:
    """Make every piece of the letter once, so that every process branched off from here has words, templates and statements ready."""
    from kizuna.steps.report import facts
    from kizuna.steps.sample import make_sample
    from kizuna.workbook.store import MEMORY

    book = make_sample(MEMORY)
    facts(book)
    book.close()
    page = letter()
    for piece in (page.opening, page.road, page.wishes, page.plan, page.then, page.ahead, page.questions, page.closing):
        piece()
