"""What the owner does for nothing, with its time in a month, held against the hours she set: too much of it lasts for nobody."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kizuna.finding import Finding, Strength
from kizuna.process import Part
from kizuna.steps.plan import HOURS, plan, spell_minutes
from kizuna.workbook.answers import read_answers
from kizuna.workbook.store import Workbook

FIELD = "free.services"
_TIME = re.compile(
    r"(?:(?:月に|ひと月に?|毎月|約|合わせて)\s*)*(?:(\d+(?:\.\d+)?)\s*時間(半)?)?\s*(?:と)?\s*(?:(\d+)\s*分)?(?:くらい|ぐらい|ほど)?\s*[。)]?$"
)


@dataclass(frozen=True)
class Service:
    """One thing that is done for nothing; ``minutes`` in a month, None where they are not written."""

    name: str
    minutes: int | None


@dataclass(frozen=True)
class Services:
    """All that is done for nothing, beside the owner's hours a month and the minutes of her plan."""

    each: tuple[Service, ...]
    hours: float | None
    planned: int

    @property
    def minutes(self) -> int:
        """What all of it takes in a month, as far as it is written."""
        return sum(one.minutes or 0 for one in self.each)


def services(book: Workbook) -> Services:
    """What the owner wrote, a line each."""
    answers = read_answers(book)
    lines = (read(line) for line in str(answers.get(FIELD) or "").splitlines() if line.strip())
    return Services(tuple(lines), answers.get(HOURS), plan(book, Part.FOLLOWUP).minutes)


def read(line: str) -> Service:
    """A line with the time at its end: 「贈りものの包み　1時間30分」.

    >>> read("贈りものの包み　１時間30分"), read("包み 2時間半"), read("お子さんの見守り")
    (Service(name='贈りものの包み', minutes=90), Service(name='包み', minutes=150), Service(name='お子さんの見守り', minutes=None))
    """
    flat = unicodedata.normalize("NFKC", line).strip()
    found = next(match for match in _TIME.finditer(flat))
    hours, half, minutes = found.groups()
    if hours is None and minutes is None:
        return Service(flat, None)
    name = flat[: found.start()].rstrip(" 、,:・(-―…")
    return Service(name, round(60 * float(hours or 0)) + (30 if half else 0) + int(minutes or 0))


def check(found: Services) -> tuple[Finding, ...]:
    """What to look at once more: times that are missing, and more than the owner's hours."""
    told = []
    if missing := [one.name for one in found.each if one.minutes is None]:
        sentence = f"ひと月にかかる時間が、まだ書かれていません：{'、'.join(missing)}"
        told.append(Finding("2-30", "SERVICES", Strength.ADVICE, sentence))
    if found.hours is None or not found.minutes:
        return tuple(told)
    have = round(found.hours * 60)
    if found.minutes > have:
        what = f"無料でしていることだけで、ひと月に{spell_minutes(found.minutes)}です。決めた時間は{spell_minutes(have)}です"
    elif found.minutes + found.planned > have:
        both = spell_minutes(found.minutes + found.planned)
        what = f"無料でしていることと計画を合わせると、{both}です。決めた時間は{spell_minutes(have)}です"
    else:
        return tuple(told)
    return (*told, Finding("KZ-14", "SERVICES", Strength.CARE, f"{what}。がんばりすぎていないか、一つずつ見直してみましょう。"))
