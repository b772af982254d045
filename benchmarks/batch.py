"""Reports for a whole class: the batch against the shell loop everybody uses, in one run: ``python -m benchmarks.batch``.

The loop is ``papermill`` and ``jupyter nbconvert`` for each participant, as many at once as the batch has workers (``xargs -P``). The floor makes the
same facts, tables and charts by plain functions in one process, one after the other, without a notebook and without isolation. Each way is told by
the clock and by the processors' time of all its processes (which other work on the machine disturbs less), start included, and by its peak memory
(proportional share of all its processes, looked at every fifth of a second). Libraries are imported from bytecode, as on an instructor's machine.

``--broken`` also puts that many submissions in that are broken in twenty ways.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from kizuna.batch.notebook import NOTEBOOKS
from kizuna.workbook.policy import CODE
from tests.batch.broken import BROKEN, SUFFIX
from tests.sample_class import make_class

DIFFERENT = 20  # workbooks; the others are copies with codes of their own
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Cost:
    """What a number of reports cost."""

    way: str
    reports: int
    seconds: float
    processor: float
    megabytes: float

    def line(self) -> str:
        each, busy = 1000 * self.seconds / self.reports, 1000 * self.processor / self.reports
        return (
            f"{self.way:<28}{self.reports:>8}{self.seconds:>10.1f}{each:>12.0f}{self.processor:>12.1f}{busy:>16.0f}{self.megabytes:>10.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100, help="submissions for the batch and the floor")
    parser.add_argument("--loop", type=int, default=10, help="submissions for the shell loop")
    parser.add_argument("--kernel", type=int, default=0, help="submissions for the batch with ordinary kernels")
    parser.add_argument("--broken", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kizuna-bench-") as name:
        place = Path(name)
        os.environ |= {"PYTHONPYCACHEPREFIX": str(place / "bytecode"), "IPYTHONDIR": str(place / "ipython")}
        handed_in = submissions(place, max(wish.count, wish.loop, wish.kernel))
        floor(handed_in[:1])
        batch(handed_in[:1], place / "first", 1)  # makes the bytecode
        loop(handed_in[:1], place / "first-loop", 1)
        costs = [measured("batch", wish.count, lambda: batch(handed_in[: wish.count], place / "batch", wish.workers, wish.broken))]
        if wish.kernel:
            how = ("--engine", "kernel")
            costs.append(
                measured(
                    "batch, ordinary kernels", wish.kernel, lambda: batch(handed_in[: wish.kernel], place / "kernel", wish.workers, 0, *how)
                )
            )
        if wish.loop:
            costs.append(
                measured(
                    f"shell loop, xargs -P{wish.workers}", wish.loop, lambda: loop(handed_in[: wish.loop], place / "loop", wish.workers)
                )
            )
        costs.append(
            measured("floor: plain functions", wish.count, lambda: subprocess.run(floor_command(handed_in[: wish.count]), check=True))
        )
        print(f"{'way':<28}{'reports':>8}{'seconds':>10}{'ms a report':>12}{'processor s':>12}{'ms of processor':>16}{'peak MB':>10}")
        for cost in costs:
            print(cost.line())
        if wish.loop:
            ours, theirs = costs[0], next(cost for cost in costs if cost.way.startswith("shell"))
            by_clock = theirs.seconds / theirs.reports / (ours.seconds / ours.reports)
            by_processor = theirs.processor / theirs.reports / (ours.processor / ours.reports)
            print(f"the batch is {by_clock:.1f} times faster by the clock, {by_processor:.1f} times by the processors")


def submissions(place: Path, count: int) -> list[Path]:
    """``count`` hand-ins with codes of their own."""
    different = [raw.handin for raw in make_class(place / "class", min(count, DIFFERENT))]
    folder = place / "handed in"
    folder.mkdir()
    made = []
    for number in range(count):
        path = folder / f"{number:04}{SUFFIX}"
        shutil.copy(different[number % len(different)], path)
        code = "".join("ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[number // 32**at % 32] for at in range(8))
        with contextlib.closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE answer SET value = ? WHERE key = ?", (f'"{code}"', CODE))
        made.append(path)
    return made


def batch(handed_in: list[Path], place: Path, workers: int, broken: int = 0, *more: str) -> None:
    folder = place / "in"
    folder.mkdir(parents=True)
    for path in handed_in:
        (folder / path.name).hardlink_to(path)
    for number, change in zip(range(broken), list(BROKEN.values()) * (broken // len(BROKEN) + 1), strict=False):
        path = folder / f"broken{number:04}{SUFFIX}"
        shutil.copy(handed_in[number % len(handed_in)], path)
        change(path)
    command = [sys.executable, "-m", "kizuna.cli", "report", str(folder), "--out", str(place / "out"), "--workers", str(workers), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    made, told = len(list((place / "out" / "reports").glob("*.html"))), done.stderr.count("注意：")
    assert (done.returncode, made, told) == (3 if broken else 0, len(handed_in), broken), (done.returncode, made, told, done.stderr)


def loop(handed_in: list[Path], place: Path, workers: int) -> None:
    place.mkdir()
    notebook = NOTEBOOKS / "participant.ipynb"
    one = (
        f'"{BIN}/papermill" --no-progress-bar "{notebook}" "{place}/$(basename "$1").ipynb" -p submission "$1" &&'
        f' "{BIN}/jupyter" nbconvert --log-level ERROR --to html --no-input "{place}/$(basename "$1").ipynb"'
    )
    names = "\n".join(str(path) for path in handed_in)
    command = ["xargs", "-d", "\\n", "-P", str(workers), "-I", "{}", "sh", "-c", one, "sh", "{}"]
    subprocess.run(command, input=names, text=True, check=True, capture_output=True)
    assert len(list(place.glob("*.html"))) == len(handed_in)


def floor_command(handed_in: list[Path]) -> list[str]:
    code = "import sys; from pathlib import Path; from benchmarks.batch import floor; floor(sorted(Path(sys.argv[1]).iterdir())[: int(sys.argv[2])])"
    return [sys.executable, "-c", code, str(handed_in[0].parent), str(len(handed_in))]


def floor(handed_in: list[Path]) -> None:
    """What a report tells, by plain functions."""
    from kizuna.steps.report.facts import facts
    from kizuna.steps.report.letter import letter
    from kizuna.views.report.participant import LetterPage
    from kizuna.workbook.submission import open_submission

    for path in handed_in:
        book = open_submission(path)
        facts(book)
        page = LetterPage(letter(book))
        book.close()
        pieces = (page.opening, page.road, page.wishes, page.plan, page.then, page.ahead, page.questions, page.closing)
        assert "".join(piece()._repr_html_() for piece in pieces)


def measured(way: str, reports: int, do: Callable[[], object]) -> Cost:
    before, begun = _processor(), time.perf_counter()
    with _peak() as peak:
        do()
    return Cost(way, reports, time.perf_counter() - begun, _processor() - before, peak[0] / 2**20)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextlib.contextmanager
def _peak() -> Iterator[list[float]]:
    """The most memory that the processes below this one had together."""
    most, ended = [0.0], threading.Event()

    def look() -> None:
        me = psutil.Process()
        while not ended.wait(0.2):
            total = 0
            for child in me.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    total += child.memory_full_info().pss
            most[0] = max(most[0], total)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    main()
