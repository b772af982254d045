"""Japanese text cut into words, with one normal form for all spellings of a word (Sudachi)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from kizuna.content import load
from kizuna.language.sentences import sentences

PIECE = 8_000  # Sudachi refuses texts above 49,149 bytes; four bytes a code point at the most leaves room

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_one_at_a_time = Lock()  # a Sudachi tokenizer may not be used by two threads, and widgets' messages may come on several


@dataclass(frozen=True, slots=True)
class Token:
    """One word: as written (``surface`` is ``text[start:end]``), its ``normal`` form, part of speech and dictionary form."""

    surface: str
    normal: str
    pos: str
    start: int
    end: int
    base: str = ""


def tokens(text: str) -> list[Token]:
    """The words of ``text`` in order, nothing left out; ``start`` and ``end`` count code points of the text as given.

    ``pos`` reads from general to particular: ``名詞-固有名詞-人名-姓``.

    >>> [word.normal for word in tokens("問合せはｺﾁﾗ")]
    ['問い合わせ', 'は', '此方']
    """
    return list(_tokens(text))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[Token, ...]:
    found = []
    for start, end in _pieces(text):
        piece = text[start:end]
        with _one_at_a_time:
            for word in _tokenizer().tokenize(_LONE_SURROGATE.sub("\ufffd", piece)):
                if word.end() > word.begin():
                    first, last = start + word.begin(), start + word.end()
                    pos = "-".join(part for part in word.part_of_speech()[:4] if part != "*")
                    found.append(Token(text[first:last], word.normalized_form(), pos, first, last, word.dictionary_form()))
    return tuple(found)


def content_words(text: str) -> list[str]:
    """The normal forms of the nouns, verbs and adjectives that carry meaning, in order, stop words left out.

    >>> content_words("駐車場が広いと嬉しいです")
    ['駐車', '広い']
    """
    return [word.normal for word in content_tokens(text)]


def content_tokens(text: str) -> list[Token]:
    """The words behind ``content_words``, with their places."""
    return [word for word in tokens(text) if carries_meaning(word)]


def telling_words(text: str) -> list[str]:
    """The content words without those that could stand in any wish (店, 部屋, 多い), all of them when nothing else is left."""
    words = content_words(text)
    return [word for word in words if word not in generic_words()] or words


@cache
def generic_words() -> frozenset[str]:
    """The normal forms of words that count but name no theme."""
    return frozenset(load("stopwords.yaml", dict[str, list[str]])["labels"])


def carries_meaning(word: Token) -> bool:
    """Whether a word tells what a text is about: a noun, verb or adjective outside the stop list."""
    kind, _, rest = word.pos.partition("-")
    if kind not in ("名詞", "動詞", "形容詞", "形状詞") or rest.startswith(("数詞", "助動詞語幹")):
        return False
    return word.normal not in _stop_words() and not _MARKS_ONLY.fullmatch(word.surface)


_MARKS_ONLY = re.compile(r"[\W\d_●○]+|[ぁ-ん]")


def _pieces(text: str) -> list[tuple[int, int]]:
    """The text in pieces that Sudachi takes, cut where a sentence begins if there is such a place."""
    if len(text) <= PIECE:
        return [(0, len(text))] if text else []
    begins = [start for start, _ in sentences(text)] or [0]
    cuts, last = [0], 0
    for start, following in zip(begins, begins[1:] + [len(text)], strict=True):
        if following - last > PIECE and start > last:
            cuts.append(start)
            last = start
        while following - last > PIECE:
            last += PIECE
            cuts.append(last)
    return list(zip(cuts, cuts[1:] + [len(text)], strict=True))


@lru_cache(maxsize=4096)
def senses(word: str) -> frozenset[str]:
    """The parts of speech under which the dictionary has exactly this word; none when it is not in there.

    >>> sorted(senses("さくら") & {"名詞-固有名詞-人名-名", "名詞-普通名詞-一般"})
    ['名詞-固有名詞-人名-名', '名詞-普通名詞-一般']
    """
    with _one_at_a_time:
        found = _dictionary().lookup(_LONE_SURROGATE.sub("\ufffd", word))
        return frozenset("-".join(part for part in one.part_of_speech()[:4] if part != "*") for one in found)


@lru_cache(maxsize=4096)
def readings(word: str, kind: str) -> frozenset[str]:
    """How the dictionary reads exactly this word in katakana, where its part of speech begins with ``kind``.

    >>> sorted(readings("田中", "名詞-固有名詞-人名-姓"))
    ['タナカ']
    """
    with _one_at_a_time:
        found = _dictionary().lookup(_LONE_SURROGATE.sub("\ufffd", word))
        return frozenset(one.reading_form() for one in found if "-".join(one.part_of_speech()[:4]).startswith(kind))


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small")


@cache
def _tokenizer() -> Any:
    from sudachipy import SplitMode

    return _dictionary().create(mode=SplitMode.C)


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(word for word in load("stopwords.yaml", dict[str, list[str]])["everywhere"])
