"""What was worked out from a workbook is kept until the workbook changes: several forms of one page ask for the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from kizuna.process import Part
from kizuna.workbook.store import Workbook

T = TypeVar("T")


def remembered(make: Callable[[Workbook, Part], T]) -> Callable[[Workbook, Part], T]:
    """``make(book, part)``, worked out anew only where the workbook has changed since, on whatever page."""
    kept: WeakKeyDictionary[Workbook, dict[Part, tuple[int, Any]]] = WeakKeyDictionary()

    @wraps(make)
    def ask(book: Workbook, part: Part) -> T:
        version, of_book = book.version(), kept.setdefault(book, {})
        if part not in of_book or of_book[part][0] != version:
            of_book[part] = (version, make(book, part))
        found: T = of_book[part][1]
        return found

    return ask
