"""The parts of an answer that may each hold a wish of its own."""

from __future__ import annotations

import re
from functools import cache

from kizuna.content import Entry, load
from kizuna.language.sentences import sentences

SHORT = 5  # a part with fewer letters is no wish of its own and stays with its neighbour


class Joints(Entry):
    """Where a second wish begins: patterns to cut before, and patterns to cut after."""

    before: list[str]
    after: list[str]


def clauses(text: str) -> list[str]:
    """The parts in order, without surrounding blanks; one part for an answer in one piece.

    >>> clauses("駐車場を広くしてほしい。あと、子どもの椅子もほしいです")
    ['駐車場を広くしてほしい。', 'あと、子どもの椅子もほしいです']
    """
    found: list[str] = []
    for start, end in sentences(text):
        cuts = sorted({place for match in _joints().finditer(text, start, end) for place in [_place(match)] if start < place < end})
        for first, last in zip([start, *cuts], [*cuts, end], strict=True):
            piece = text[first:last].strip()
            if len(piece) < SHORT and found:
                found[-1] += piece
            elif piece:
                found.append(piece)
    return found


def _place(match: re.Match[str]) -> int:
    return match.start() if match.lastgroup == "before" else match.end()


@cache
def _joints() -> re.Pattern[str]:
    joints = load("joints.yaml", Joints)
    return re.compile(f"(?P<before>{'|'.join(_bare(joints.before))})|(?P<after>{'|'.join(_bare(joints.after))})")


def _bare(patterns: list[str]) -> list[str]:
    """Groups must not be remembered, so that the name of the matched one tells on which side to cut."""
    return [re.sub(r"\((?!\?)", "(?:", pattern) for pattern in patterns]
