"""A small model (CRF) that has read where persons and organisations stand in sentences of an encyclopaedia."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from kizuna.language.sentences import sentences
from kizuna.language.tokens import Token

MODEL = Path(__file__).parents[1] / "data" / "names.crfsuite"
LABELS = {"P": "PERSON", "C": "COMPANY"}

_one_at_a_time = Lock()  # the tagger keeps the sentence it looks at


def features(words: list[Token]) -> list[list[str]]:
    """What the model sees of each word: its form, kind of letters, part of speech, and the same of its neighbours."""
    plain = [_seen(word) for word in words]
    found = []
    for at, own in enumerate(plain):
        line = ["b", *own]
        for step in (-2, -1, 1, 2):
            near = plain[at + step] if 0 <= at + step < len(plain) else ["w=", "p=", "s="]
            line += [f"{step}{one}" for one in near[:3]]
        found.append(line)
    return found


def tag(text: str, words: list[Token], least: float) -> Iterator[tuple[int, int, str]]:
    """The places ``(start, end, "P" or "C")`` whose words the model holds for a name with at least this probability."""
    at = 0
    for _, last in sentences(text):
        run: list[Token] = []
        while at < len(words) and words[at].start < last:
            run.append(words[at])
            at += 1
        yield from _tag(run, least) if run else ()


def _tag(run: list[Token], least: float) -> Iterator[tuple[int, int, str]]:
    with _one_at_a_time:
        tagger = _tagger()
        tagger.set(features(run))
        labels = tagger.tag()
        sure = [tagger.marginal(label, at) if label != "O" else 0.0 for at, label in enumerate(labels)]
    at = 0
    while at < len(run):
        label, first = labels[at], at
        at += 1
        if label == "O":
            continue
        while at < len(run) and labels[at] == f"I-{label[2:]}":
            at += 1
        if min(sure[first:at]) >= least:
            yield run[first].start, run[at - 1].end, label[2:]


@cache
def _tagger() -> Any:
    import pycrfsuite

    tagger = pycrfsuite.Tagger()
    tagger.open(str(MODEL))
    return tagger


_SHAPES = [(re.compile(pattern), name) for pattern, name in [(r"[ぁ-ゖー]+", "h"), (r"[ァ-ヶー・]+", "k"), (r"[一-龥々]+", "j"),
                                                             (r"[A-Za-z]+", "a"), (r"[0-9]+", "0")]]  # fmt: skip


def _seen(word: Token) -> list[str]:
    shape = next((name for pattern, name in _SHAPES if pattern.fullmatch(word.surface)), "x")
    short = min(len(word.surface), 5)
    surface = word.surface.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")  # the model's library takes neither
    return [f"w={surface}", f"p={word.pos}", f"s={shape}{short}", f"e={surface[-1]}", f"f={surface[0]}"]
