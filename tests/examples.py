"""The worked example for tests: made once in a process, which takes seconds, then copied."""

from __future__ import annotations

import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from kizuna.steps.sample import make_sample
from kizuna.workbook.store import Workbook, from_bytes


@cache
def example_bytes(today: date | None = None, tribe: bool = True) -> bytes:
    """The file of the whole worked example, as of ``today``; without its second part if not ``tribe``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example.kizuna"
        make_sample(path, today, tribe=tribe).close()
        return path.read_bytes()


def the_example(today: date | None = None, tribe: bool = True) -> Workbook:
    """A copy of it in memory."""
    return from_bytes(example_bytes(today, tribe))
