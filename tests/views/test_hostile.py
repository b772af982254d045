"""Hostile texts in every field: every sheet, table and calendar file shows them as words, and nothing in any of them acts."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlalchemy import select

from kizuna.process import Part, course
from kizuna.steps import handin
from kizuna.steps.calendar import draft_calendar
from kizuna.views import sheets
from kizuna.views.paper import page_html, slips_html
from kizuna.views.showcase import consent_html, proof_html
from kizuna.views.wall import wall_csv, wall_html, wall_ics
from kizuna.workbook.models import Action, Voice
from kizuna.workbook.store import Workbook, open_workbook
from tests.hostile import HOSTILE, OUTSIDE, hostile_workbook
from tests.notebook import page_of

BREAK = "朝市\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTACH:http://outside.invalid/x;:,\\"
PAGES = [section.file for section in course().sections if section.open]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    book = open_workbook(hostile_workbook(tmp_path_factory.mktemp("hostile") / "ノート.kizuna"))
    draft_calendar(book)
    with book.act("x") as session:
        for action in session.scalars(select(Action)):
            action.title = BREAK
    return book


class Look(HTMLParser):
    """What in a page could act, and all that a reader reads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.acts: list[str] = []
        self.read = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "link", "base", "form", "img"):
            self.acts.append(tag)
        for name, value in attrs:
            if (name.startswith("on") and value != "window.print()") or OUTSIDE in (value or "") or "javascript:" in (value or ""):
                self.acts.append(f"{tag} {name}")

    def handle_data(self, data: str) -> None:
        self.read += data


SHEETS: dict[str, Callable[[Workbook], str]] = {
    **{f"interview {part}": lambda book, part=part: sheets.interview_html(book, part) for part in Part},
    **{f"feedback {part}": lambda book, part=part: sheets.feedback_html(book, part) for part in Part},
    "thanks": lambda book: sheets.thanks_html(book, Part.FOLLOWUP),
    **{f"plan {part}": lambda book, part=part: sheets.plan_html(book, part, draft=True) for part in Part},
    **{f"proof {part}": lambda book, part=part: proof_html(book, part) for part in Part},
    "consent": lambda book: consent_html(book, _voices(book)),
    "review": sheets.review_html,
    "handin": lambda book: sheets.handin_html(handin.prepare(book)),
    "sharing": sheets.sharing_html,
    "declaration": sheets.declaration_html,
    "certificate": sheets.certificate_html,
    "wall": wall_html,
    **{f"written {file}": lambda book, file=file: page_html(page_of(file, book), blank=False) for file in PAGES},
    "slips": lambda book: slips_html(page_of("02_followup_research", book)),
}


def _voices(book: Workbook) -> list[int]:
    with book.reading() as session:
        return list(session.scalars(select(Voice.id).limit(2)))


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_on_a_sheet_acts_and_a_policy_forbids_it_besides(book: Workbook, name: str) -> None:
    page = SHEETS[name](book)
    look = Look(page)
    assert look.acts == []
    assert "default-src 'none'" in page.partition("<style>")[0]


def test_hostile_words_are_read_on_paper_as_they_were_said(book: Workbook) -> None:
    with book.reading() as session:
        said = session.scalars(select(Voice).order_by(Voice.id)).first()
    assert said is not None and HOSTILE in said.text
    assert HOSTILE in Look(sheets.plan_html(book, Part.FOLLOWUP)).read


@pytest.mark.parametrize("made", [lambda book: sheets.plan_excel(book, Part.FOLLOWUP, True), sheets.design_excel])
def test_no_excel_file_holds_anything_but_texts_numbers_and_dates(book: Workbook, made: Callable[[Workbook], bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(made(book))) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    assert not any(word in name for name in parts for word in ("vba", "externalLink", "embeddings", "hyperlink", "connections"))
    assert not any(sign in text for text in parts.values() for sign in (b"<f>", b"<f ", b"<hyperlink", b'TargetMode="External"'))
    assert b"document.documentElement" in b"".join(parts.values())


def test_no_line_of_a_table_begins_like_a_formula(book: Workbook) -> None:
    rows = list(csv.reader(io.StringIO(wall_csv(book).decode("utf-8-sig"))))
    assert len(rows) > 5 and {len(row) for row in rows} == {5}
    assert any(cell.startswith(("'=", "'+", "'-", "'@")) for row in rows for cell in row), "none was tried"
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


@pytest.mark.parametrize("made", [lambda book: sheets.plan_calendar(book, Part.FOLLOWUP), wall_ics])
def test_no_text_begins_a_new_line_of_a_calendar_file(book: Workbook, made: Callable[[Workbook], bytes]) -> None:
    from icalendar import Calendar

    data = made(book)
    lines = data.decode().replace("\r\n ", "").split("\r\n")
    assert not any("\n" in line or "\r" in line for line in lines)
    assert {line for line in lines if line.startswith("BEGIN:")} == {"BEGIN:VCALENDAR", "BEGIN:VEVENT"}
    names = {line.partition(":")[0].partition(";")[0] for line in lines if line}
    assert names <= {"BEGIN", "END", "PRODID", "VERSION", "UID", "DTSTAMP", "SUMMARY", "DTSTART", "DTEND", "DESCRIPTION"}
    assert len(list(Calendar.from_ical(data).walk("VEVENT"))) > 0


def test_a_file_is_never_named_by_a_text(book: Workbook, tmp_path: Path) -> None:
    """Sheets go out under names of ours: see ``views/forms``; a workbook's name that would leave its folder is refused."""
    from kizuna.errors import KizunaError
    from kizuna.workbook import place

    for name in ("../x", "..\\x", "/etc/x", "C:x", "a/../../x", "..", ".", "x\0", "con", "a\nb"):
        try:
            assert place.path_for(name).parent == place.home(), name
        except KizunaError as error:
            assert "\n" not in str(error)
