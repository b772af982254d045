"""Pictures of every page, empty and full, on a laptop, on a phone and on paper: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kizuna.process import Part, course
from kizuna.steps.sample import make_sample
from kizuna.views.paper import page_html, slips_html
from kizuna.views.sheets import interview_html, plan_html
from kizuna.workbook.store import Workbook
from tests.browser import serving
from tests.notebook import page_of

OUT = Path("screenshots")
PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]


def main() -> None:
    """Write all pictures into ``screenshots/`` and name them."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = serving.launch_chromium(playwright)
        with serving.serving(Path(folder)) as server:
            for state in ("empty", "sample"):
                for screen, size in (("laptop", serving.LAPTOP), ("phone", serving.PHONE)):
                    page = browser.new_page(viewport=size, locale="ja-JP", is_mobile=screen == "phone")
                    if state == "sample":
                        serving.open_page(page, server, PAGES[0])
                        if (button := page.get_by_role("button", name="見本を見る")).is_visible():
                            button.click()
                            page.get_by_text("見本を開きました").wait_for()
                    for name in PAGES:
                        serving.open_page(page, server, name)
                        _picture(page, f"{Path(name).stem}-{state}-{screen}")
                    page.close()
        _papers(browser.new_page(viewport=serving.LAPTOP), Path(folder))
        browser.close()


def _papers(page: Page, folder: Path) -> None:
    """The sheets as they come out of the printer."""
    book = make_sample(folder / "sample.kizuna")
    for name, html in (
        ("interview", interview_html(book)),
        ("plan", plan_html(book, Part.FOLLOWUP)),
        ("plan-draft", plan_html(book, Part.FOLLOWUP, draft=True)),
        *_pages(book),
    ):
        page.set_content(html)
        page.pdf(path=str(OUT / f"{name}.pdf"), prefer_css_page_size=True)
        _picture(page, name)


def _pages(book: Workbook) -> Iterator[tuple[str, str]]:
    for section in course().sections:
        if section.open:
            built = page_of(section.file, book)
            yield f"{section.file}-blank", page_html(built, blank=True)
            yield f"{section.file}-written", page_html(built, blank=False)
            if any(form.slips() for form in built.forms):
                yield f"{section.file}-cards", slips_html(built)


def _picture(page: Page, name: str) -> None:
    page.screenshot(path=str(OUT / f"{name}.png"), full_page=True)
    print(OUT / f"{name}.png")


if __name__ == "__main__":
    main()
