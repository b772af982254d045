"""Lines with marks, as in ``benchmarks/data/``: 【P:name】 in the personal sets, 【words】 or 【WAR:words】 in the wording sets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

WORDING = ("WAR", "SELL", "KNEEL", "LOOKDOWN", "ABSOLUTE", "EFFECT", "LEADING", "DISCLAIMER", "PERK_FOR_PRAISE", "PERK_PUBLIC_REVIEW")
KINDS = {"P": "PERSON", "T": "PHONE", "M": "EMAIL", "A": "ADDRESS", "Z": "POSTAL", "C": "COMPANY", "S": "SNS", "U": "URL", "D": "BIRTHDATE",
         "G": "SCHOOL", **{one: one for one in WORDING}}  # fmt: skip


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Line:
    text: str
    spans: tuple[Span, ...]


def parse(line: str) -> Line:
    """The line without its marks, and the spans that were marked."""
    spans: list[Span] = []
    text = ""
    for part in re.split(r"(【[^】]*】)", line):
        if part.startswith("【"):
            kind, colon, inner = part[1:-1].partition(":")
            if not (colon and kind in KINDS):
                kind, inner = "", part[1:-1]
            spans.append(Span(len(text), len(text) + len(inner), KINDS.get(kind, "")))
            part = inner
        text += part
    return Line(text, tuple(spans))


def read(path: Path) -> list[Line]:
    """The lines of a file, empty ones left out."""
    return [parse(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
