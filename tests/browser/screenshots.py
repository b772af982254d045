"""Pictures of every page, empty, half way and full, on a laptop, on a phone and on paper: ``python -m tests.browser.screenshots``."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kizuna.process import Part, course
from kizuna.steps.practice import Work, exercises
from kizuna.steps.sample import make_sample
from kizuna.views.paper import page_html, slips_html
from kizuna.views.sheets import interview_html, plan_html
from kizuna.views.way import practice_address
from kizuna.workbook.store import MEMORY, Workbook
from tests.browser import serving, states
from tests.notebook import page_of

OUT = Path("screenshots")
PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]
PAGES += [practice_address(section.file) for section, found in exercises().items() if found.kind is not Work.NONE]


def main() -> None:
    """Write all pictures into ``screenshots/`` and name them."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = serving.launch_chromium(playwright)
        with serving.serving(Path(folder)) as server:
            for state in states.STATES:
                for screen, size in (("laptop", serving.LAPTOP), ("phone", serving.PHONE)):
                    server.empty_home()
                    states.put(server.home, state)
                    page = browser.new_page(viewport=size, locale="ja-JP", is_mobile=screen == "phone")
                    for name in PAGES:
                        serving.open_page(page, server, name)
                        _picture(page, f"{Path(name).stem}-{state}-{screen}")
                        if screen == "laptop":
                            _print(page, f"{Path(name).stem}-{state}-print")
                    page.close()
        _papers(browser.new_page(viewport=serving.LAPTOP))
        browser.close()


def _papers(page: Page) -> None:
    """The sheets as they come out of the printer."""
    book = make_sample(MEMORY)
    for name, html in (
        ("interview", interview_html(book)),
        ("plan", plan_html(book, Part.FOLLOWUP)),
        ("plan-draft", plan_html(book, Part.FOLLOWUP, draft=True)),
        *_pages(book),
    ):
        page.set_content(html)
        _picture(page, name)
        _print(page, f"{name}-print")


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


def _print(page: Page, name: str) -> None:
    """The page on paper, without background colours as most printers are set; as pictures too where ``pdftoppm`` is at hand."""
    page.pdf(path=str(OUT / f"{name}.pdf"), format="A4", prefer_css_page_size=True, print_background=False)
    print(OUT / f"{name}.pdf")
    if shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-png", "-r", "70", str(OUT / f"{name}.pdf"), str(OUT / name)], check=True)


if __name__ == "__main__":
    main()
