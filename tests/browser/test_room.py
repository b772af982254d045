"""The sheets of a course on paper: each on as many pages as it should be, also with everything on it."""

from __future__ import annotations

import re

import pytest

from kizuna.steps import camp, certificate
from kizuna.steps.certificate import Certificate, Made
from kizuna.steps.self_study import weeks
from kizuna.views import room
from kizuna.views.sheets import certificate_html
from kizuna.workbook.store import MEMORY, open_workbook


def pages(page, sheet: str) -> int:
    """How many pages of A4 a sheet takes, printed as most printers are set."""
    page.set_content(sheet)
    paper = page.pdf(prefer_css_page_size=True, print_background=False)
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def test_what_hangs_on_the_wall_is_one_page_each(laptop):
    assert [pages(laptop, sheet) for sheet in (room.rules_html(), room.votes_html(), room.weeks_html(weeks()))] == [1, 1, 1]
    for table in camp.words().tables:
        camp.choose_table(table.key)
        assert pages(laptop, room.wall_timetable_html(camp.days())) == len(table.days)


@pytest.mark.parametrize("many", [1, 9, 10, None])
def test_a_certificate_is_one_page_with_however_many_lines(laptop, monkeypatch, many):
    words = certificate.words()
    labels = [one.label for one in (*words.lines, words.shown, words.practised, words.declared)][:many]
    one = Certificate(
        "港の古本　ひとやすみ　店主　山の上 さくら子",
        "汐見市港町　古本と珈琲の店",
        tuple(Made(label, "1,234人") for label in labels),
        words.kind,
    )
    monkeypatch.setattr(certificate, "certificate", lambda book: one)
    assert pages(laptop, certificate_html(open_workbook(MEMORY), sample=True)) == 1
