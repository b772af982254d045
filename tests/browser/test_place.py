"""The place on one page, as it is printed and shown to members."""

from __future__ import annotations

import re

from kizuna.steps.sample import DATASETS
from kizuna.steps.sample_story import tribe_example
from kizuna.views.sheets import design_html
from tests.examples import the_example


def test_the_bookshops_place_fits_on_one_page_of_paper(laptop):
    """All that was decided, with the voices that may be shown: one A4 page to hand out was what was promised."""
    told = tribe_example(DATASETS / "bookshop")
    page = design_html(the_example())
    assert all(one.text in page for one in told.choices) and page.count('class="quote"') == len(told.allowed)
    laptop.set_content(page)
    paper = laptop.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
