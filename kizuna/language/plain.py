"""Text with half and full width made one (NFKC), and the way back to the text as given."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_CLUSTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)  # a letter with the marks that NFKC may melt into it


@dataclass(frozen=True)
class Plain:
    """The NFKC form of a text; ``starts`` and ``ends`` tell for each of its letters where it stood in the text as given."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text as given that ``start``..``end`` (not empty) of the plain text came from."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str) -> Plain:
    """The text in NFKC, with places.

    >>> found = plain("ﾀｰｹﾞｯﾄ!")
    >>> found.text, found.span(0, 5)
    ('ターゲット!', (0, 6))
    """
    letters, starts, ends = [], [], []
    for cluster in _CLUSTER.finditer(text):
        for letter in unicodedata.normalize("NFKC", cluster.group()):
            letters.append(letter)
            starts.append(cluster.start())
            ends.append(cluster.end())
    return Plain("".join(letters), tuple(starts), tuple(ends))
