"""Names in a talk where only a space stands between name and words, and names may hold spaces too."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

LONGEST_NAME = 20

_WORDS = re.compile(
    r"[。、！？!?…「」\[\]（）()]|(?:です|ます|ました|ません|ございます|ください)$|こんにちは|こんばんは|ありがとう|おはよう|はい$|了解|☎|http"
)


def find_speakers(rests: Sequence[str], partner: Sequence[str] = ()) -> tuple[str, ...]:
    """The speakers' names, longest first, found in ``rests`` (each "name words …"); ``partner`` are names known beforehand."""
    known = [name for name in partner if any(rest == name or rest.startswith(name + " ") for rest in rests)]
    groups: dict[str, list[list[str]]] = defaultdict(list)
    for rest in rests:
        if not any(rest == name or rest.startswith(name + " ") for name in known):
            first, *others = rest.split(" ")
            groups[first].append(others)
    names = list(known)
    for first, spoken in groups.items():
        names += _names(first, spoken)
    return tuple(sorted({name for name in names if name}, key=len, reverse=True))


def _names(first: str, others: Sequence[Sequence[str]]) -> list[str]:
    """``first`` alone, or with a second part when every line that begins with it goes on with a part that comes again and again."""
    seconds = Counter(rest[0] for rest in others if len(rest) > 1)
    again = sum(seconds.values()) == len(others) and all(
        count > 1 and second and len(first) + len(second) < LONGEST_NAME and not _WORDS.search(second) for second, count in seconds.items()
    )
    if not others or not again:
        return [first]
    return [f"{first} {second}" for second in seconds]
