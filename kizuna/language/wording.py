"""War, selling, kneeling and looking-down words in what the owner writes, with softer ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal

from pydantic import Field

from kizuna.content import Entry, load
from kizuna.finding import Finding, Strength
from kizuna.language.examples import Examples
from kizuna.language.plain import Plain, plain
from kizuna.language.sentences import sentences
from kizuna.language.tokens import Token, tokens

NEAR = 16  # so many letters around a word tell whether it is fine there

Purpose = Literal["relation", "selling", "tribe"]

STRENGTHS = {"KZ-02": Strength.CARE, "KZ-03": Strength.STOP, "KH-02": Strength.CARE}  # all other rules are advice


class Word(Entry):
    """One kind of word to be careful with: how to find it, where it is fine, why, and what to say instead."""

    id: str
    rule: Literal["KZ-01", "KZ-02", "KZ-04", "KZ-05", "KZ-12", "KH-02"]
    category: Literal["WAR", "SELL", "ABSOLUTE", "KNEEL", "LOOKDOWN", "POLITE"]
    words: list[str] = []
    patterns: list[str] = []
    needs: str = ""
    fine: list[str] = []
    why: str
    softer: list[str] = Field(min_length=2, max_length=3)
    examples: Examples


class Lexicon(Entry):
    """All words to be careful with; ``words`` is what ``{biz}`` and the like stand for in ``needs`` and ``fine``."""

    words: dict[str, str]
    entries: list[Word]


def lexicon() -> Lexicon:
    """The lexicon as the content file has it."""
    found: Lexicon = load("wording.yaml", Lexicon)
    return found


def check_wording(text: str, purpose: Purpose = "relation", skip: Sequence[tuple[int, int]] = ()) -> list[Finding]:
    """Findings on the owner's own words, in order of place; those that touch a ``skip`` span (a customer's quote) are left out.

    Selling words pass in a message whose purpose is ``selling``, and are stopped in a ``tribe``.

    >>> [found.softer[0] for found in check_wording("春の販売戦略です")]
    ['計画']
    """
    hits = sorted(_hits(text), key=lambda hit: (hit[1] - hit[0], -hit[0]), reverse=True)
    chosen: list[tuple[int, int, Word]] = []
    for start, end, word in hits:  # the longer first: of words that overlap only one is told
        taken = any(start < last and first < end for first, last in [*((first, last) for first, last, _ in chosen), *skip])
        if not taken and not (word.category == "SELL" and purpose == "selling"):
            chosen.append((start, end, word))
    return [_finding(text, start, end, word, purpose) for start, end, word in sorted(chosen, key=lambda hit: hit[0])]


def _finding(text: str, start: int, end: int, word: Word, purpose: Purpose) -> Finding:
    rule = "KZ-03" if word.category == "SELL" and purpose == "tribe" else word.rule
    if rule == "KZ-03":
        message = f"ここは仲間の場です。「{text[start:end]}」のような売り込みの言葉は使わず、別のお便りにしましょう。"
    else:
        softer = "や".join(f"「{other}」" for other in word.softer[:2])
        message = f"「{text[start:end]}」は、{word.why}。{softer}ではどうでしょう。"
    return Finding(rule, word.category, STRENGTHS.get(rule, Strength.ADVICE), message, start, end, tuple(word.softer))


def _hits(text: str) -> Iterator[tuple[int, int, Word]]:
    """Every place of every word of the lexicon, sentence by sentence, where nothing near makes it fine."""
    for first, last in sentences(text):
        for start, end, word in _in_sentence(text[first:last]):
            yield first + start, first + end, word


@lru_cache(maxsize=4096)  # the same sentence is asked about in every form that shows it
def _in_sentence(sentence: str) -> tuple[tuple[int, int, Word], ...]:
    flat, words = plain(sentence), tokens(sentence)
    found = []
    for word in lexicon().entries:
        if word.needs and not _compiled(word.needs).search(flat.text):
            continue
        places = [*_phrases(words, word.id), *_as_written(sentence, words, word), *_matches(flat, word)]
        fine = list(_fine(flat, word)) if places else []
        for start, end in places:
            if not any(start - NEAR < last and begin < end + NEAR for begin, last in fine):
                found.append((start, end, word))
    return tuple(found)


def _fine(flat: Plain, word: Word) -> Iterator[tuple[int, int]]:
    """The places of the words around which the entry's words are fine."""
    for pattern in word.fine:
        for match in _compiled(pattern).finditer(flat.text):
            if match.end() > match.start():
                yield flat.span(match.start(), match.end())


def _phrases(words: list[Token], entry: str) -> Iterator[tuple[int, int]]:
    """The places where a run of words has the normal forms of one of the entry's words."""
    wanted = _normal_forms()[entry]
    for at, word in enumerate(words):
        for phrase in wanted.get(word.normal, ()):
            if tuple(other.normal for other in words[at : at + len(phrase)]) == phrase:
                yield word.start, words[at + len(phrase) - 1].end


def _as_written(sentence: str, words: list[Token], word: Word) -> Iterator[tuple[int, int]]:
    """The places where one of the entry's words stands letter for letter from the edge of a word to the edge of a word.

    Sudachi may cut the same letters differently in a sentence and alone, so that the normal forms differ.
    """
    starts, ends = {other.start for other in words}, {other.end for other in words}
    for wanted in word.words:
        at = sentence.find(wanted)
        while at >= 0:
            if at in starts and at + len(wanted) in ends:
                yield at, at + len(wanted)
            at = sentence.find(wanted, at + 1)


def _matches(flat: Plain, word: Word) -> Iterator[tuple[int, int]]:
    for pattern in word.patterns:
        for match in _compiled(pattern).finditer(flat.text):
            if match.end() > match.start():
                yield flat.span(match.start(), match.end())


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    for name, words in lexicon().words.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    return re.compile(pattern)


@cache
def _normal_forms() -> dict[str, dict[str, list[tuple[str, ...]]]]:
    """For each entry its words as runs of normal forms, by the first of them."""
    found: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for entry in lexicon().entries:
        runs = found.setdefault(entry.id, {})
        for word in entry.words:
            run = tuple(token.normal for token in tokens(word))
            runs.setdefault(run[0], []).append(run)
    return found
