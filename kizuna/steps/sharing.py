"""The sheet to share in the group (共有シート): words that were given and what was noticed, nobody recognisable."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from kizuna.content import Entry, load
from kizuna.language.personal import MASK
from kizuna.process import Part
from kizuna.steps.handin import prepare
from kizuna.steps.themes import laid
from kizuna.workbook.answers import read_answers
from kizuna.workbook.store import Workbook, from_bytes
from kizuna.workbook.submission import pack

MOST_THEMES, MOST_OF_ONE, MOST_NOTICED = 6, 2, 5  # so that it stays one page
LONG = 110  # code points; of a longer voice the themes' next is taken


class Noticed(Entry):
    """Something the owner may have noticed: the field it was written into, and how the sheet calls it."""

    field: str
    title: str


class SharingWords(Entry):
    """Everything in ``sharing.yaml``."""

    title: str
    given: str
    noticed: str
    from_peers: str
    masks: str
    promise: str
    fields: list[Noticed]


@dataclass(frozen=True)
class Shared:
    """One wish with words of customers, as they may be shown to others who learn."""

    theme: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One person's sheet: what customers said, and what she noticed herself."""

    shop: str
    given: tuple[Shared, ...]
    noticed: tuple[tuple[str, str], ...]


def words() -> SharingWords:
    """The words of the sheet as ``content/sharing.yaml`` tells them."""
    return load("sharing.yaml", SharingWords)


def sheet(book: Workbook) -> Sheet:
    """The sheet, made of what would leave in a hand-in and of nothing else.

    Raises ``KizunaError`` where nothing is in the workbook yet.
    """
    with contextlib.closing(from_bytes(pack(prepare(book).rows))) as covered:
        answers = read_answers(covered)
        noticed = [(one.title, str(answers[one.field])) for one in words().fields if answers.get(one.field)]
        return Sheet(str(answers.get("shop") or ""), tuple(_given(covered))[:MOST_THEMES], tuple(noticed[:MOST_NOTICED]))


def _given(covered: Workbook) -> Iterator[Shared]:
    for part in Part:
        found = laid(covered, part)
        for theme in found.themes:
            if shown := _shown([card.text for card in theme.cards]):
                yield Shared(theme.name, shown)
        if not found.themes and (shown := _shown([card.text for card in found.loose])):
            yield Shared("", shown)


def _shown(texts: list[str]) -> tuple[str, ...]:
    """A few of the words, short ones first; none that are wholly covered."""
    fit = [text for text in texts if set(text) - {MASK, "\n", "\r"}]
    return tuple(sorted(fit, key=lambda text: len(text) > LONG)[:MOST_OF_ONE])
