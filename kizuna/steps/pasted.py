"""Pasted posts one by one: from Instagram, X, a talk of LINE, or a list, with the days that stand among them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import zip_longest

from kizuna.language.plain import plain
from kizuna.language.posts import post_words
from kizuna.language.sentences import ENDS
from kizuna.workbook.reading.dates import read_date

_TALK = re.compile(r"\d{1,2}:\d{2}\t[^\t]+\t(.*)")
_AGO = re.compile(r"(\d{1,3}) ?(分|時間|日|週間?|か月|ヶ月|カ月)前")
_DAYS = {"分": 0, "時間": 0, "日": 1, "週": 7, "週間": 7, "か月": 30, "ヶ月": 30, "カ月": 30}


def split(pasted: str, today: date | None = None) -> tuple[tuple[str, date | None], ...]:
    """Pasted posts one by one, each with its day where one stands there; from a talk of LINE, from Instagram, X or a list.

    Where days stand between the posts, they part them (before or after a post, as the first and the last line tell); else empty
    lines do – two of them, where there are such, so that paragraphs stay together.
    """
    now = today or date.today()
    lines = [one for line in _without_account(pasted.splitlines()) if (one := _line(line, now)) is not None]
    days = [at for at, one in enumerate(lines) if isinstance(one, date)]
    if any(isinstance(one, tuple) for one in lines):
        return tuple(_talk(lines))
    if len(days) >= 2 or (days and days[0] == 0):
        return tuple(_by_days(lines))
    return tuple(_by_gaps(lines))


@cache
def _noise() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in post_words().noise))


def _without_account(lines: Sequence[str]) -> Iterator[str]:
    """The lines without the name of the account that stands above every post."""
    seen = Counter(line.strip() for line in lines)
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        said = line.strip()
        short = said and len(said) <= 30 and said[-1] not in ENDS and not any(sign.isdigit() for sign in said)
        if not (short and (after.strip().startswith("@") or seen[said] > 1)):
            yield line


def _line(line: str, today: date) -> str | date | tuple[str] | None:
    """A pasted line: its day, one message of a talk, its words – or nothing, where it is a counter or a button."""
    words = line.strip()
    if found := _TALK.fullmatch(line.strip("\ufeff ")):
        return ("" if _noise().fullmatch(plain(found[1]).text) else found[1],)
    if not words:
        return ""
    flat = plain(words).text
    if ago := _AGO.fullmatch(flat):
        return today - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
    if re.search(r"[/.年月-]", flat) and any(sign.isdigit() for sign in flat):
        try:
            day = read_date(words, today)
        except ValueError:
            day = None
        if day is not None:
            return day.date() if isinstance(day, datetime) else day
    return None if _noise().fullmatch(flat) else words


def _talk(lines: Sequence[object]) -> Iterator[tuple[str, date | None]]:
    """The messages of a talk of LINE, each with the day that stands above it; lines that follow belong to the message."""
    day: date | None = None
    words: list[str] = []
    for one in (*lines, ("",)):
        if isinstance(one, tuple | date):
            if text := "\n".join(words).strip():
                yield text, day
            words = [one[0]] if isinstance(one, tuple) else []
            day = one if isinstance(one, date) else day
        elif words and isinstance(one, str):
            words.append(one)


def _by_days(lines: Sequence[object]) -> Iterator[tuple[str, date | None]]:
    """Posts that have a day above them (or below, where the last line is one and the first is not)."""
    said = [one for one in lines if one != ""]
    below = isinstance(said[-1], date) and not isinstance(said[0], date)
    day: date | None = None
    words: list[str] = []
    for one in (*lines, None):
        if isinstance(one, str):
            words.append(one)
            continue
        here = one if isinstance(one, date) else None
        if text := "\n".join(words).strip():
            yield text, here if below else day
        words, day = [], here


def _by_gaps(lines: Sequence[object]) -> Iterator[tuple[str, date | None]]:
    """Posts with empty lines between them."""
    text = "\n".join(one if isinstance(one, str) else "" for one in lines).strip()
    apart = r"\n{3,}" if re.search(r"\n{3,}", text) else r"\n{2,}"
    for part in re.split(apart, text):
        if part.strip():
            yield part.strip(), None
