"""Draft names for themes, made of the words that set one theme apart from the others."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from kizuna.content import load
from kizuna.language.tokens import Token, carries_meaning, generic_words, tokens
from kizuna.language.words import known_word

LONGEST = 8  # a joined word such as 露天風呂付き客室 beyond this many letters is no name any more
NEAR, ECHO, MOST_ECHO = 0.2, 0.25, 1.0  # words from this cosine on count for one another a little: said once each, the middle one wins
OWN = 0.5  # how much a word must be this theme's own
NOUNS, SUFFIX, PREFIX = "名詞-", "接尾辞-名詞的", "接頭辞"
WEIGHT_OF = {"名詞": 1.0, "形状詞": 0.8, "形容詞": 0.7, "動詞": 0.5}


def label(words: Sequence[str]) -> str:
    """A draft name for a theme from its label words; the person will change it.

    >>> label(("駐車場", "送迎"))
    '駐車場・送迎'
    """
    return "・".join(word for word in words[:3] if word)


def label_words(texts: Sequence[str], groups: Sequence[Sequence[int]]) -> list[tuple[str, ...]]:
    """For each group (places in ``texts``) up to three words that are frequent in it and rare in the others, as people wrote them."""
    units = [_units(text) for text in texts]
    counts = [Counter(normal for member in members for normal in units[member]) for members in groups]
    heard = [_heard(count) for count in counts]
    everywhere: Counter[str] = Counter()
    for count in counts:
        everywhere.update(count)
    size = sum(everywhere.values()) / max(1, len(groups))
    return [
        _choose(count, loud, everywhere, size, [units[member] for member in members])
        for count, loud, members in zip(counts, heard, groups, strict=True)
    ]


def _heard(count: Counter[str]) -> dict[str, float]:
    """How often each word is heard, words of like meaning counting in part: of many words that are each said once the middle one wins."""
    import numpy as np

    words = list(count)
    heard = {word: float(n) for word, n in count.items()}
    known = [(word, row) for word in words if (row := known_word(word)) is not None]
    if known:
        rows = np.stack([row for _, row in known])
        alike = np.clip((rows @ rows.T - NEAR) / (1 - NEAR), 0, 1)
        np.fill_diagonal(alike, 0)
        for (word, _), more in zip(known, (alike @ np.array([count[word] for word, _ in known])).round(3).tolist(), strict=True):
            heard[word] += min(ECHO * more, MOST_ECHO)
    return heard


def _choose(
    count: Counter[str], heard: dict[str, float], everywhere: Counter[str], size: float, members: list[dict[str, tuple[str, float]]]
) -> tuple[str, ...]:
    """The three best words by c-TF-IDF, none inside another."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    weight: dict[str, float] = {}
    for units in members:
        for normal, (surface, kind) in units.items():
            written[normal][surface] += 1
            weight[normal] = kind
    score = {
        word: weight[word] * heard[word] * math.log(1 + size / everywhere[word]) * (n / everywhere[word]) ** OWN
        for word, n in count.items()
    }
    chosen: list[str] = []
    for word in sorted(score, key=lambda word: (-score[word], word)):
        whole = next((w for w in count if word in w and w != word and count[w] >= 0.6 * count[word]), None)
        if whole is None and not any(word in other or other in word for other in chosen):
            chosen.append(word)
        if len(chosen) == 3:
            break
    surfaces = [min(written[word].items(), key=lambda item: (-item[1], item[0]))[0] for word in chosen]
    return tuple(dict.fromkeys(surfaces))


def unfit_suffixes() -> list[str]:
    """Words that only stand behind others and say nothing alone (日, 回, 本)."""
    found: list[str] = load("stopwords.yaml", dict[str, list[str]])["suffixes"]
    return found


def _units(text: str) -> dict[str, tuple[str, float]]:
    """The words of a text that may name a theme: normal form → (as written, weight); nouns also joined, as in 駐車場."""
    found: dict[str, tuple[str, float]] = {}
    run: list[Token] = []
    for word in [*tokens(text), Token("", "", "", 0, 0)]:
        if (word.pos.startswith(NOUNS) and "数詞" not in word.pos) or (run and word.pos.startswith(SUFFIX)):
            run.append(word)
            continue
        found |= _joined(run)
        run = []
        if word.pos == PREFIX and word.surface not in ("お", "ご", "御"):
            run = [word]
        elif carries_meaning(word) and word.normal not in generic_words():
            found[word.normal] = (word.base, WEIGHT_OF[word.pos.partition("-")[0]])
    return found


def _joined(run: Iterable[Token]) -> dict[str, tuple[str, float]]:
    """The whole run of nouns, when short enough, and each noun that may stand alone."""
    words = list(run)
    while words and words[-1].pos.startswith(SUFFIX) and words[-1].normal in unfit_suffixes():
        words.pop()
    found = {
        word.normal: (word.surface, 1.0)
        for word in words
        if word.pos.startswith(NOUNS) and carries_meaning(word) and word.normal not in generic_words()
    }
    whole = "".join(word.surface for word in words)
    parts = [word for word in words if word.pos.startswith(NOUNS)]
    plain = all(carries_meaning(word) for word in parts)
    telling = any(word.normal not in generic_words() for word in parts)
    if len(words) > 1 and plain and telling and len(whole) <= LONGEST:
        found["".join(word.normal for word in words)] = (whole, 1.1)
    return found
