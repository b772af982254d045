"""The place on one page, as it is printed and shown to members."""

from __future__ import annotations

import re
from datetime import date

from kizuna.steps.sample import make_sample
from kizuna.views.sheets import design_html
from kizuna.workbook.store import MEMORY
from tests.steps.tribe.bookshop import ALLOWED, CHOICES, furnish


def test_the_bookshops_place_fits_on_one_page_of_paper(laptop):
    """All that was decided, with the voices that may be shown: one A4 page to hand out was what was promised."""
    book = make_sample(MEMORY)
    furnish(book, date.today())
    page = design_html(book)
    assert all(text in page for _, text, _, _ in CHOICES) and page.count('class="quote"') == len(ALLOWED)
    laptop.set_content(page)
    paper = laptop.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
