"""What the reports show: the letter to a participant, the class, the report on the course, and the instructor's own page."""

from __future__ import annotations

from kizuna.views.report.classroom import camp, cohort
from kizuna.views.report.instructor import Row, index_html, summary_csv
from kizuna.views.report.participant import letter

__all__ = ["Row", "camp", "cohort", "index_html", "letter", "summary_csv", "warm"]


def warm() -> None:
    """Make every piece of the letter once, so that every process branched off from here has words, templates and statements ready.

    The worked example up to its plan will do: all of it takes seconds to build, and every statement is put into words also where it finds nothing.
    """
    import tempfile
    from pathlib import Path

    from kizuna.steps import consents
    from kizuna.steps.report import letter as letters
    from kizuna.steps.report.facts import facts
    from kizuna.steps.sample import make_sample
    from kizuna.views.report.participant import LetterPage
    from kizuna.workbook.store import MEMORY
    from kizuna.workbook.submission import open_submission, pack

    book = make_sample(MEMORY, later=False)
    facts(book)
    page = LetterPage(letters.letter(book))
    book.close()
    for piece in (page.opening, page.road, page.wishes, page.plan, page.then, page.ahead, page.questions, page.closing):
        piece()
    consents.texts()
    with tempfile.TemporaryDirectory(prefix="kizuna-") as folder:
        empty = Path(folder) / "empty"
        empty.write_bytes(pack({}))
        open_submission(empty).close()
