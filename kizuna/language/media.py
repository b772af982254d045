"""The media a customer looks at: what they are, and which of them a text mentions."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

from kizuna.content import Entry, load


class Medium(Entry):
    """One medium: what one piece of it costs in minutes, per person or for all, and how people write its name."""

    id: str
    name: str
    kind: Literal["リアル", "オンライン"]
    minutes: int
    per_person: bool = False
    words: list[str]
    words_not: list[str] = []
    alone: list[str] = []


@cache
def media() -> dict[str, Medium]:
    """All media by id, in the order of the content file."""
    return {medium.id: medium for medium in load("media.yaml", list[Medium])}


def media_in(text: str) -> list[str]:
    """The ids of the media a text mentions, in order of first mention, each once.

    Of words that overlap the longer counts: オンライン is no LINE, and 折込チラシ is a newspaper's.

    >>> media_in("ｲﾝｽﾀとラインのラインナップ、オンライン")
    ['instagram', 'line']
    """
    found: list[str] = []
    for hit in _pattern().finditer(_plain(text)):
        found.extend(_meanings()[hit.group()])
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    """Half and full width, capitals and small letters made one."""
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _meanings() -> dict[str, list[str]]:
    """Each word, plainly written → the media it stands for; none for the words that only look like one."""
    found: dict[str, list[str]] = {}
    for medium in media().values():
        for word in medium.words_not:
            found.setdefault(_plain(word), [])
    for medium in media().values():
        for word in medium.words:
            found.setdefault(_plain(word), []).append(medium.id)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """Any of the words, longest first; Latin words only where no further Latin letter or digit follows or goes before."""
    alone = {_plain(word) for medium in media().values() for word in medium.alone}
    return re.compile("|".join(_one(word, word in alone) for word in sorted(_meanings(), key=lambda word: (-len(word), word))))


def _one(word: str, alone: bool) -> str:
    """The pattern of one word: a Latin word is no part of a longer one, a word that must stand alone touches no katakana either."""
    before = after = ""
    if re.match("[a-z]", word):
        before, after = r"(?<![a-z])", r"(?![a-z])"
    if alone:
        before, after = r"(?<![a-z0-9ァ-ヶー_/.@#+×%&-])", r"(?![a-z0-9ァ-ヶー_/.@+×%&'線脚軸染-])"
    return before + re.escape(word) + after
