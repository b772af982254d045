"""How long a page takes to open, plain kernels against forked ones in one run: ``python -m benchmarks.pages``.

Counted from the call of the address to the moment when the page says that it is ready (a mark the page itself sets). *Cold*: the first page of a
fresh server in a fresh browser profile, asked for as soon as the address is there; *warm*: every later one, after as long as a person looks at a
page at the very least (``--pause``). Libraries are imported from bytecode, as on a participant's machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from kizuna.process import course
from tests.browser import serving

PAGES = [section.file for section in course().sections if section.open]

# Where a page's time goes, each in seconds since the address was called.
STAGES = {
    "first byte": "performance.getEntriesByType('navigation')[0].responseStart",
    "first paint": "performance.getEntriesByName('first-contentful-paint')[0].startTime",
    "kernel done": "performance.getEntriesByType('navigation')[0].responseEnd",
    "app there": "Math.max(...performance.getEntriesByType('resource').map((one) => one.responseEnd))",
    "ready": "performance.getEntriesByName('kizuna-ready')[0].startTime",
}


def visit(browser_page: Any, server: serving.Server, name: str) -> dict[str, float]:
    serving.open_page(browser_page, server, f"{name}.ipynb")
    return {stage: browser_page.evaluate(script) / 1000 for stage, script in STAGES.items()}


def measure(browser: Browser, kernel: str, rounds: int, pause: float, folder: Path) -> None:
    cold: list[dict[str, float]] = []
    warm: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
    memory: list[float] = []
    started: list[float] = []
    more = {"KIZUNA_KERNEL": kernel, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    for number in range(rounds + 1):
        begun = time.perf_counter()
        with serving.serving(folder / f"{kernel}{number}", more=more) as server:
            address = time.perf_counter() - begun
            context = browser.new_context(viewport=serving.LAPTOP, locale="ja-JP")
            page = context.new_page()
            first = visit(page, server, PAGES[0])
            if number == 0:  # only to make the bytecode
                context.close()
                continue
            cold.append(first)
            started.append(address)
            for name in PAGES:
                page.wait_for_timeout(1000 * pause)
                warm[name].append(visit(page, server, name))
            memory += [one.memory_full_info().pss / 2**20 for one in server.kernels()]
            context.close()
    print(f"{kernel}: the address is there after {statistics.median(started):.2f} s")
    show(f"{kernel}, cold", cold)
    for name in PAGES:
        show(f"{kernel}, warm, {name}", warm[name])
    print(f"{kernel}: {statistics.median(memory):.0f} MB a page (proportional share)\n")


def show(what: str, times: list[dict[str, float]]) -> None:
    stages = "  ".join(f"{stage} {statistics.median(one[stage] for one in times):.2f}" for stage in STAGES)
    print(f"{what:40} {stages}  (n = {len(times)})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pause", type=float, default=3.0, help="seconds a person looks at a page before the next one (default: 3)")
    parser.add_argument("--kernel", choices=("plain", "forked"), action="append", help="only these (default: both)")
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = serving.launch_chromium(playwright)
        for kernel in asked.kernel or ("plain", "forked"):
            measure(browser, kernel, asked.rounds, asked.pause, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
