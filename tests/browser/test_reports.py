"""The reports as a browser shows them, from a file and without a network: on a phone, on a laptop, and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kizuna.steps.report.cohort import cohort
from kizuna.steps.report.letter import letter
from kizuna.steps.report.notes import Note
from kizuna.views.report import Row, index_html
from kizuna.views.report.classroom import CampPage, ClassPage
from kizuna.views.report.example import example_class
from kizuna.views.report.participant import LetterPage
from kizuna.workbook.answers import save_answer
from tests.browser import serving
from tests.browser.test_each_page import look, shut_out
from tests.examples import the_example
from tests.views.test_report import CLASS, LETTER, whole

HOSTILE = '<script>document.title = "ran"</script><img src="http://example.com/x" onerror="document.title = \'ran\'">'


def page_of(title: str, inside: str) -> str:
    """Around the pieces, as little as a page needs."""
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    return f'<!DOCTYPE html><html lang="ja"><head>{head}</head><body><main><section><h1>{title}</h1></section>{inside}</main></body></html>'


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    book = the_example()
    for key in ("shop", "purpose", "declare.act"):
        save_answer(book, key, HOSTILE)
    one = letter(book)
    book.close()
    class_ = example_class(23)
    class_[3] |= {"name": HOSTILE, "made": []}
    rows = [*(Row(number, each, f"reports/{number}.html") for number, each in enumerate(class_, 1)), Row(24, error=HOSTILE)]
    made = {
        "letter": page_of("お便り", whole(LetterPage(one, [Note(one.code, HOSTILE, HOSTILE)], names=True), LETTER)),
        "cohort": page_of("まとめ", whole(ClassPage(cohort(class_)), CLASS)),
        "camp": page_of("報告書", CampPage(cohort(class_), [Note("", "日時", HOSTILE)]).sheet()._repr_html_()),
        "index": index_html(rows, cohort(class_), names=True, links={"クラスのまとめ": "class.html"}),
    }
    for name, html in made.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("name", ["letter", "cohort", "camp", "index"])
def test_a_report_is_well_on_a_phone_and_a_laptop_shuts_nobody_out_and_runs_nothing(phone, pages, name):
    phone.goto(pages[name].as_uri())
    assert phone.title() != "ran" and phone.locator("script").count() == 0
    for size in (serving.PHONE, serving.LAPTOP):
        look(phone, size)
        width, screen = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= screen, size
        assert shut_out(phone) == []


@pytest.mark.parametrize(("name", "most"), [("letter", 7), ("cohort", 2), ("camp", 1)])
def test_a_report_goes_on_few_sheets_and_nothing_on_them_is_cut_off(laptop, pages, name, most):
    laptop.goto(pages[name].as_uri())
    sheets = re.findall(rb"/Type\s*/Page\b", laptop.pdf(format="A4", prefer_css_page_size=True, margin={"top": "14mm", "bottom": "14mm"}))
    assert 1 <= len(sheets) <= most


def test_the_instructor_writes_into_the_report_on_the_course(laptop, pages):
    laptop.goto(pages["camp"].as_uri())
    mine = laptop.locator('[aria-label="講師所感"]')
    mine.click()
    laptop.keyboard.type("静かな熱気のある三日間でした。")
    assert mine.inner_text().strip() == "静かな熱気のある三日間でした。"
