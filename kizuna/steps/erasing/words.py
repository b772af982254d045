"""The words of taking a person out, and how what goes is called."""

from __future__ import annotations

from kizuna.content import Entry, load


class Counted(Entry):
    """What goes, counted over tables; ``pieces`` is what stands in drafts to others."""

    tables: list[str]
    label: str
    unit: str


class ErasingWords(Entry):
    """Everything in ``erasing.yaml``."""

    ask: str
    close: str
    lead: str
    final: str
    nothing: str
    going: str
    copies: str
    mentions: str
    mentions_hint: str
    hide: str
    quoted: str
    unreadable: str
    give_up: str
    elsewhere: str
    confirm: str
    confirm_hint: str
    button: str
    other: str
    changed: str
    working: str
    done: str
    done_copies: str
    unfinished: str
    by_hand: str
    record: str
    papers: str
    counts: list[Counted]
    places: dict[str, str]
    loosened: dict[str, str]
    left: list[str]


def words() -> ErasingWords:
    """The words as ``content/erasing.yaml`` tells them."""
    return load("erasing.yaml", ErasingWords)
