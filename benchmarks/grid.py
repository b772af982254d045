"""A table of 500 rows and six columns in the browser: ``python -m benchmarks.grid``.

Needs Chromium. ``built`` is from the table's first line of script to the next frame, ``seen`` from leaving a field to the next frame,
``filter`` and ``sort`` likewise; ``saved`` is until the answer of the kernel has been drawn. Absolute times wander with the machine.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from kizuna.views.acts import script
from kizuna.views.page import Page
from kizuna.workbook.store import MEMORY, open_workbook
from tests.browser import serving, tables

ROWS, TIMES = 500, 20
FRAME = "const frame = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));"
BUILD = f"""
async ([source, columns, table]) => {{
  {FRAME}
  const {{ default: widget }} = await import(URL.createObjectURL(new Blob([source], {{ type: "text/javascript" }})));
  const traits = {{ columns, table, can: {{ add: true, remove: true }} }};
  const model = {{ get: (name) => traits[name], on() {{}}, off() {{}}, send() {{}} }};
  const el = document.querySelector(".kz-form").appendChild(document.createElement("div"));
  await frame();
  const begun = performance.now();
  const end = widget.render({{ model, el }});
  await frame();
  const took = performance.now() - begun;
  end();
  el.remove();
  return took;
}}
"""
EDIT = f"""
async (number) => {{
  {FRAME}
  const grid = document.querySelector(".kg"), field = grid.querySelectorAll("[data-label='来た回数'] input")[number];
  field.focus();
  field.value = String(1000 + number);
  await frame();
  const begun = performance.now();
  field.blur();
  await frame();
  const seen = performance.now() - begun;
  while (!grid.dataset.settled) await new Promise((next) => setTimeout(next, 1));
  await frame();
  return [seen, performance.now() - begun];
}}
"""
PRESS = f"""
async (what) => {{
  {FRAME}
  const begun = performance.now();
  if (what === "sort") document.querySelector(".kg thead button").click();
  else {{
    const field = document.querySelector(".kg input[type=search]");
    field.value = field.value ? "" : "お客4";
    field.dispatchEvent(new InputEvent("input"));
  }}
  await frame();
  return performance.now() - begun;
}}
"""


def say(screen: str, what: str, times: list[float]) -> None:
    """One line: median, p95, worst."""
    p95 = statistics.quantiles(times, n=20)[-1]
    print(f"{screen:>7} {what:>6}  median {statistics.median(times):6.1f}  p95 {p95:6.1f}  worst {max(times):6.1f} ms")


def traits() -> list[Any]:
    """What the browser gets of the served table, made by the same code without a kernel."""
    names: dict[str, Any] = {"page": Page("03_followup_plan", open_workbook(MEMORY))}
    exec(f"ROWS = {ROWS}\n{tables.TABLE}", names)
    grid = names["people"].grid
    return [script("dom.js", "grid.js"), grid.columns, grid.table]


def measure(browser: Browser, server: serving.Server, screen: str, size: dict[str, int]) -> None:
    """Print every line of one screen."""
    page = browser.new_page(viewport=size)
    serving.open_page(page, server, tables.NAME)
    page.locator(".kg tbody tr").first.wait_for()
    given = traits()
    say(screen, "built", [page.evaluate(BUILD, given) for _ in range(TIMES)])
    seen, saved = zip(*(page.evaluate(EDIT, number) for number in range(TIMES)), strict=True)
    say(screen, "seen", list(seen))
    say(screen, "saved", list(saved))
    for what in ("filter", "sort"):
        say(screen, what, [page.evaluate(PRESS, what) for _ in range(TIMES)])
    page.close()


def main() -> None:
    """Print median, p95 and worst of each, on a laptop's screen and on a phone's."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = serving.launch_chromium(playwright)
        with serving.serving(Path(folder), notebooks=tables.write(Path(folder) / "notebooks", ROWS)) as server:
            measure(browser, server, "laptop", serving.LAPTOP)
            measure(browser, server, "phone", serving.PHONE)
        browser.close()


if __name__ == "__main__":
    main()
