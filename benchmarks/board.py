"""From an act on the card board to what is seen, and to what is saved, with 300 cards: ``python -m benchmarks.board``.

Needs Chromium. ``seen`` is from the key press to the next frame that shows the card in its new box; ``saved`` is until the workbook's
answer has arrived. Absolute times wander with the machine; compare within one run.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from kizuna.process import Part
from kizuna.steps import themes
from kizuna.workbook import place
from kizuna.workbook.intake import bring_in
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import open_workbook
from tests.browser import serving

CARDS, BOXES, ACTS = 300, 10, 60
MOVE = """
async () => {
  const board = document.querySelector(".kz-board"), card = board.querySelector(".kb-loose .kb-card");
  const press = (key) => card.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  card.focus();
  press("Enter"); press("ArrowRight");
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
  const begun = performance.now();
  press("Enter");
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
  if (!card.closest(".kb-box")) throw new Error("the card is not in its box");
  const seen = performance.now() - begun;
  while (!board.dataset.settled) await new Promise((next) => setTimeout(next, 1));
  return [seen, performance.now() - begun];
}
"""


def fill(path: Path) -> None:
    """A workbook of short voices, half of them in boxes."""
    book = open_workbook(path)
    lines = [f"お客{number},{number}番めのお願いです。椅子を{number}脚ほしい" for number in range(CARDS)]
    table = read_file("声.csv", "\n".join(["お名前,ご要望を聞かせてください", *lines]).encode())
    bring_in(book, table, guess_columns(table))
    cards = [one.id for one in themes.unplaced(book, Part.FOLLOWUP)]
    for number in range(BOXES):
        themes.make(book, Part.FOLLOWUP, f"まとまり{number}", cards[number * 15 : number * 15 + 15])
    book.close()


def measure(page: Page) -> list[tuple[float, float]]:
    """Milliseconds (seen, saved) of each act."""
    found = []
    for _ in range(ACTS):
        page.evaluate("document.querySelector('.kz-board').dataset.settled = ''")
        seen, saved = page.evaluate(MOVE)
        found.append((seen, saved))
        page.wait_for_timeout(400)  # a person looks before the next act; the other forms follow meanwhile
    return found


def main() -> None:
    """Print median, p95 and worst for both."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = serving.launch_chromium(playwright)
        with serving.serving(Path(folder)) as server:
            fill(server.home / place.OWN)
            for name, size in (("laptop", serving.LAPTOP), ("phone", serving.PHONE)):
                page = browser.new_page(viewport=size)
                serving.open_page(page, server, "02_followup_research.ipynb")
                page.locator(".kb-card").first.wait_for()
                for what, times in zip(("seen", "saved"), zip(*measure(page), strict=True), strict=True):
                    p95 = statistics.quantiles(times, n=20)[-1]
                    print(f"{name:>7} {what:>6}  median {statistics.median(times):6.1f}  p95 {p95:6.1f}  worst {max(times):6.1f} ms")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
