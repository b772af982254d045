"""Loading what many processes need before they branch off one another, as quickly as it goes, and which files that is made of."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_KINDS = frozenset((".py", ".yaml", ".css", ".js", ".j2", ".csv", ".npz"))


def load(names: Iterable[str]) -> None:
    """Import these modules; the collector of garbage rests from here on, and whoever calls this wakes it (``gc.freeze``, ``gc.enable``)."""
    gc.disable()
    leave_out()
    for name in names:
        import_module(name)


def leave_out() -> None:
    """Do without a grammar that jsonschema makes at every start for a check nobody asks for: it takes longer than all the rest."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type] # importing it now fails, which jsonschema expects


def package_files() -> Iterator[Path]:
    """The files that shape what the package does; an instructor may mend words while it runs or between two runs."""
    return (path for path in PACKAGE.rglob("*") if path.suffix in _KINDS)


def alone() -> bool:
    """Whether this process has one thread, so that a branch finds no lock held by another."""
    return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - only how many


def call_oneself(name: str) -> None:
    """The name that ``ps`` and ``top`` show."""
    with contextlib.suppress(OSError):
        Path("/proc/self/comm").write_text(name, encoding="ascii")
