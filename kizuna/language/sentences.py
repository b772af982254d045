"""Where the sentences of a Japanese text begin and end."""

from __future__ import annotations

import re

ENDS = "。｡！？!?．"
SOFT_ENDS = "♪♫♬♡♥☆★❤"
OPENERS, CLOSERS = "「『（(【｢〈《［[", "」』）)】｣〉》］]"

_SOFT = re.compile(rf"[{SOFT_ENDS}\u2600-\u27bf\ufe0f\u200d\U0001F300-\U0001FAFF]")
_KANA = re.compile(r"[ぁ-ゖー。｡！？!?]")
_BEFORE_DOT = re.compile(r"[\dA-Za-zＡ-Ｚａ-ｚ]")  # ３．５ and Ｎｏ．１ go on
_CARRIES_ON = re.compile(r"[ぁ-ゖ、，,]")


def sentences(text: str) -> list[tuple[int, int]]:
    """The spans ``(start, end)`` of the sentences, in order, without surrounding blanks; counted in code points of ``text``.

    What stands in brackets is not cut, so a customer's 「また来ます。ありがとう。」 stays one piece.

    >>> [text[a:b] for text in ["駅から近い。「静か。」と聞いた！ よかった"] for a, b in sentences(text)]
    ['駅から近い。', '「静か。」と聞いた！', 'よかった']
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in re.finditer(r"[^\r\n\u2028\u2029\x0b\x0c\x85]+", text):
        start = line.start()
        for cut in _cuts(text, line.start(), line.end()):
            _add(spans, text, start, cut)
            start = cut
        _add(spans, text, start, line.end())
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Append the span trimmed of blanks; a piece of mere closing marks joins the sentence before it."""
    piece = text[start:end]
    inner = piece.strip()
    if inner:
        first = start + len(piece) - len(piece.lstrip())
        spans.append((first, first + len(inner)))


def _cuts(text: str, start: int, end: int) -> list[int]:
    """The places inside one line where a sentence has just ended."""
    closed = _closed_brackets(text, start, end)
    cuts, depth, at = [], 0, start
    while at < end:
        mark = text[at]
        if at in closed:
            depth += 1 if mark in OPENERS else -1
            at += 1
            quote_ended = depth == 0 and mark in CLOSERS and text[at - 2] in ENDS and at < end
            if quote_ended and not _CARRIES_ON.match(text, at):
                at = _run(text, at, end)
                cuts.append(at)
        elif depth == 0 and _is_end(text, start, at, end):
            at = _run(text, at + 1, end)
            cuts.append(at)
        else:
            at += 1
    return cuts


def _is_end(text: str, start: int, at: int, end: int) -> bool:
    """Whether the mark at ``at`` ends a sentence there."""
    mark = text[at]
    following = text[at + 1 : at + 2] if at + 1 < end else ""
    if mark == "．":
        return not (following.isdigit() and at > start and _BEFORE_DOT.match(text, at - 1))
    if mark in ENDS:
        return True
    if mark in "…‥":
        return not following or following.isspace()
    return bool(_SOFT.match(mark)) and at > start and bool(_KANA.match(text[at - 1]))


def _run(text: str, at: int, end: int) -> int:
    """Past further end marks, hearts and stray closing brackets that still belong to the sentence."""
    while at < end and (text[at] in ENDS or text[at] in "…‥" or text[at] in CLOSERS or _SOFT.match(text[at])):
        at += 1
    return at


def _closed_brackets(text: str, start: int, end: int) -> set[int]:
    """The places of brackets that have their partner on the same line."""
    waiting: list[int] = []
    found: set[int] = set()
    for at in range(start, end):
        if text[at] in OPENERS:
            waiting.append(at)
        elif text[at] in CLOSERS and waiting:
            partner = OPENERS[CLOSERS.index(text[at])]
            if text[waiting[-1]] == partner:
                found |= {waiting.pop(), at}
    return found
