"""A text with its personal information covered, length and all other characters unchanged."""

from __future__ import annotations

from collections.abc import Iterable

from kizuna.language.personal.kinds import Personal

MASK = "●"


def mask(text: str, spans: Iterable[Personal]) -> str:
    """The text with one ``MASK`` for every code point of the spans; line breaks stay.

    The length stays the same, so that places found in the text (quotes, findings) are places in the masked text too and nothing
    needs a table to be found again. How long a name was can be seen; that is little beside what the sentence tells.

    >>> from kizuna.language.personal import find_personal
    >>> mask("連絡は090-1234-5678へ", find_personal("連絡は090-1234-5678へ"))
    '連絡は●●●●●●●●●●●●●へ'
    """
    letters = list(text)
    for span in spans:
        for at in range(max(span.start, 0), min(span.end, len(letters))):
            if letters[at] not in "\r\n":
                letters[at] = MASK
    return "".join(letters)
