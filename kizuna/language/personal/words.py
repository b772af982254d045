"""The words around names, and what the dictionary knows of a word as a name."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from kizuna.content import Entry, load
from kizuna.language.tokens import senses

KANA = re.compile(r"[ぁ-ゖー]+|[ァ-ヺー・]+")
KANJI = re.compile(r"[一-龥々ヶ]+")
NAME_LETTERS = re.compile(r"[一-龥々ヶぁ-ゖァ-ヺー・]+")
FAMILY, GIVEN, ANY = "名詞-固有名詞-人名-姓", "名詞-固有名詞-人名-名", "名詞-固有名詞-人名"

RARE = str.maketrans(
    "﨑髙𠮷濵濱邉邊齋齊栁澤嶋瀨德眞槇", "崎高吉浜浜辺辺斎斉柳沢島瀬徳真槙"
)  # forms that only names have, letter for letter

_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") - 1)}
_ROWS = {"": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ", "m": "まみむめも",
         "y": "や ゆ よ", "r": "らりるれろ", "w": "わ   を", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
         "p": "ぱぴぷぺぽ"}  # fmt: skip
_SPECIAL = {"shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ", "ji": "じ", "ja": "じゃ", "ju": "じゅ", "jo": "じょ",
            "sha": "しゃ", "shu": "しゅ", "sho": "しょ", "cha": "ちゃ", "chu": "ちゅ", "cho": "ちょ"}  # fmt: skip


class Names(Entry):
    """The words around names, as ``content/names.yaml`` has them."""

    honorifics: list[str]
    titles: list[str]
    before: list[str]
    not_names: list[str]
    plain: list[str]
    given: list[str]
    latin_given: list[str]
    latin_not_names: list[str]
    legal: str
    heads: list[str]
    tails: list[str]
    schools: list[str]
    generic: list[str]
    workplaces: list[str]
    things: list[str]


def names() -> Names:
    """The words around names."""
    found: Names = load("names.yaml", Names)
    return found


@cache
def listed(field: str) -> frozenset[str]:
    """One list of the content file as a set."""
    return frozenset(getattr(names(), field))


@lru_cache(maxsize=4096)
def as_name(word: str) -> frozenset[str]:
    """Whether the word can be a family or a given name: the dictionary's name senses, katakana looked up as hiragana too."""
    found = {sense for sense in senses(word) if sense.startswith(ANY)}
    hiragana = word.translate(_KATAKANA)
    if hiragana != word:
        found |= {sense for sense in senses(hiragana) if sense.startswith(ANY)}
    if word in listed("given") or hiragana in listed("given"):
        found.add(GIVEN)
    return frozenset(found)


@lru_cache(maxsize=1024)
def only_name(word: str) -> bool:
    """Whether the dictionary knows the word as a person's name and as nothing else."""
    found = senses(word)
    return bool(found) and all(sense.startswith(ANY) for sense in found)


@lru_cache(maxsize=1024)
def more_than_name(word: str) -> bool:
    """Whether the dictionary has the word in a sense that is no person's name."""
    return any("人名" not in sense for sense in senses(word))


@lru_cache(maxsize=1024)
def full_name(word: str) -> bool:
    """Whether the letters are a family and a given name written together."""
    return 2 <= len(word) <= 8 and any(FAMILY in as_name(word[:cut]) and as_name(word[cut:]) for cut in range(1, len(word)))


@lru_cache(maxsize=1024)
def romaji(word: str) -> str:
    """The hiragana of a word in Roman letters, nothing when it cannot be read so.

    >>> romaji("Tanaka"), romaji("Junichi"), romaji("Happy")
    ('たなか', 'じゅにち', '')
    """
    left, found = re.sub(r"(oh|ou|oo|ō)(?=[^aeiou]|$)", "ou", word.lower()), ""
    while left:
        match = re.match(r"(shi|chi|tsu|fu|ji|j[auo]|sh[auo]|ch[auo])", left)
        if match:
            found, left = found + _SPECIAL[match.group()], left[match.end() :]
        elif match := re.match(r"([kgsztdnhbpmr])y([auo])", left):
            found += _ROWS[match[1]][1] + {"a": "ゃ", "u": "ゅ", "o": "ょ"}[match[2]]
            left = left[3:]
        elif (match := re.match(r"([kgsztdnhbpmyrw]?)([aiueo])", left)) and _ROWS[match[1]]["aiueo".index(match[2])].strip():
            found, left = found + _ROWS[match[1]]["aiueo".index(match[2])], left[match.end() :]
        elif re.match(r"[nm](?![aiueoy])", left):
            found, left = found + "ん", left[1:]
        elif re.match(r"([kstpcg])\1|tc", left):
            found, left = found + "っ", left[1:]
        else:
            return ""
    return found
