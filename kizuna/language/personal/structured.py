"""Phone numbers, addresses and whatever else can be told by its form, as ``content/personal.yaml`` has the forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kizuna.content import Entry, load
from kizuna.language.examples import Examples
from kizuna.language.personal.kinds import Kind, Personal
from kizuna.language.plain import Plain


class Form(Entry):
    """One kind, the regular expressions that find it, and its examples."""

    kind: Kind
    reason: str
    patterns: list[str]
    examples: Examples


class Forms(Entry):
    """All kinds, earlier ones first where two want the same place, and the words that stand for ``{…}`` in their patterns."""

    kinds: list[Form]
    words: dict[str, str]


def forms() -> Forms:
    """The forms as the content file has them."""
    found: Forms = load("personal.yaml", Forms)
    return found


def find_structured(flat: Plain) -> Iterator[Personal]:
    """The places of one form each; places of the plain text."""
    taken: list[tuple[int, int]] = []
    for kind, reason, patterns in _compiled():
        for pattern in patterns:
            for match in pattern.finditer(flat.text):
                start, end = match.span("it" if "it" in pattern.groupindex else 0)
                if start < end and not any(start < last and first < end for first, last in taken):
                    taken.append((start, end))
                    yield Personal(start, end, kind, reason)


@cache
def _compiled() -> list[tuple[Kind, str, list[re.Pattern[str]]]]:
    words = forms().words

    def fill(pattern: str) -> str:
        return re.sub(r"\{([a-z_]+)\}", lambda found: f"(?:{words[found.group(1)]})", pattern)

    return [(form.kind, form.reason, [re.compile(fill(pattern)) for pattern in form.patterns]) for form in forms().kinds]
