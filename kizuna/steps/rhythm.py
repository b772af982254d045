"""How often somebody comes, as a rough guide with a range, and what weather it is with her today.

The model is the gamma–gamma one of repeat buying: the days between two visits of a person are gamma distributed with a shape that the whole
shop shares (how regularly its people come; shape 1 is the exponential of the NBD) and a rate of her own, which is gamma distributed over the
shop's people. Chatfield & Goodhardt, "A consumer purchasing model with Erlang inter-purchase times", JASA 68 (1973) 828-835; Morrison &
Schmittlein, "Generalizing the NBD model for customer purchases", JBES 6 (1988) 145-159. The prior weighs as much as one interval: with the
shop's mean m, a person with n intervals of x days together has the posterior mean (m + Σx) / (n + 1), and the next interval is a scaled beta
prime, whose distribution is a finite sum for a whole shape. So even one visit has a (wide) range, and no one is said to have gone for good.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from itertools import pairwise

from sqlalchemy import select

from kizuna.workbook.models import Touch
from kizuna.workbook.store import Workbook

VISIT = "visit"
_LOW, _HIGH, _MUCH = 0.1, 0.9, 0.975  # the range (80 %), and from where on it is much later than usual
_USUAL_DAYS, _USUAL_SHAPE = 45.0, 2.0  # of a shop of which nothing is known yet …
_WEIGHT = 3.0  # … which weigh as much as so many people's intervals
_SHAPES = range(1, 10)


class Weather(StrEnum):
    """How long it has been, held against her own rhythm."""

    SUN = "晴れ"
    CLOUD = "くもり"
    RAIN = "雨"


@dataclass(frozen=True)
class Shop:
    """What holds for the whole shop: mean days between two visits, how regular they are (1: not at all), and on how many intervals it rests."""

    mean: float
    shape: int
    intervals: int


@dataclass(frozen=True)
class Rhythm:
    """A person's rhythm: days between two visits, the middle one and the range of four in five; later than ``much`` is much later than usual."""

    visits: int
    last_on: date
    median: int
    low: int
    high: int
    much: int
    shop_known: bool

    def days(self, today: date) -> int:
        """Days since the last visit."""
        return max(0, (today - self.last_on).days)

    def weather(self, today: date) -> Weather:
        """晴れ within her rhythm, くもり later than usual, 雨 much later."""
        days = self.days(today)
        return Weather.SUN if days <= self.high else Weather.CLOUD if days <= self.much else Weather.RAIN

    def sentence(self, today: date) -> str:
        """What the weather rests on, in words."""
        days = self.days(today)
        since = f"前に来てくださってから、今日で{days}日めです。" if days else "今日、来てくださいました。"
        if self.visits > 2:
            return f"いつもは{self.low}〜{self.high}日ごと。{since}"
        if self.visits == 2:
            return f"まだ二度の記録からの、大まかなめやすで{self.low}〜{self.high}日ごと。{since}"
        whose = "みなさんの様子から、ごく大まかに" if self.shop_known else "お店の記録もこれからなので、ごくごく大まかに"
        return f"来てくださった記録は、まだ一度です。{whose}{self.low}〜{self.high}日ごとと見ておきます。{since}"


def shop(visits: Iterable[Collection[date]]) -> Shop:
    """The shop's own mean and regularity from the visits of its people; a weak usual one where they tell little."""
    gaps = [found for days in visits if (found := intervals(days))]
    means = [sum(found) / len(found) for found in gaps]
    mean = (_WEIGHT * _USUAL_DAYS + sum(means)) / (_WEIGHT + len(means))
    return Shop(mean, _shape([found for found in gaps if len(found) > 1]), sum(map(len, gaps)))


def rhythm(visits: Collection[date], of: Shop) -> Rhythm | None:
    """The rhythm of somebody with these visits (two on one day are one), None without any."""
    if not visits:
        return None
    gaps = intervals(visits)
    weight, scale = of.shape + 1 + len(gaps) * of.shape, of.mean + sum(gaps)
    low, median, high, much = (_quantile(part, of.shape, weight) * scale for part in (_LOW, 0.5, _HIGH, _MUCH))
    return Rhythm(
        len(gaps) + 1, max(visits), max(1, round(median)), max(1, math.floor(low)), math.ceil(high), math.ceil(much), of.intervals > 0
    )


def rhythms(book: Workbook, today: date | None = None) -> dict[int, Rhythm]:
    """The rhythm of everybody of whom a visit is noted, by the person's id."""
    visits: dict[int, list[date]] = {}
    with book.reading() as session:
        for who, day in session.execute(select(Touch.person_id, Touch.on).where(Touch.kind == VISIT)):
            if day <= (today or date.today()):
                visits.setdefault(who, []).append(day)
    all_together = shop(visits.values())
    return {who: found for who, days in visits.items() if (found := rhythm(days, all_together)) is not None}


def intervals(visits: Collection[date]) -> list[int]:
    """Days between one visit and the next; two on one day are one visit."""
    return [(later - earlier).days for earlier, later in pairwise(sorted(set(visits)))]


def _shape(gaps: Collection[list[int]]) -> int:
    """How regular the visits are: n intervals of shape k have on average the squared coefficient of variation n / (nk + 1)."""
    weights = [len(found) - 1 for found in gaps]
    seen = sum(weight * _variation(found) for weight, found in zip(weights, gaps, strict=True)) + _WEIGHT / _USUAL_SHAPE

    def expected(shape: int) -> float:
        of_people = sum(weight * len(found) / (len(found) * shape + 1) for weight, found in zip(weights, gaps, strict=True))
        return of_people + _WEIGHT / shape

    return min(_SHAPES, key=lambda shape: abs(expected(shape) - seen))


def _variation(gaps: list[int]) -> float:
    """The squared coefficient of variation."""
    mean = sum(gaps) / len(gaps)
    return sum((gap - mean) * (gap - mean) for gap in gaps) / (len(gaps) - 1) / (mean * mean)


@cache
def _quantile(part: float, shape: int, weight: float) -> float:
    """Where the beta prime distribution of these two parameters reaches ``part``, by halving."""
    low, high = 0.0, 1.0
    while _below(high, shape, weight) < part:
        low, high = high, high * 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _below(middle, shape, weight) < part else (low, middle)
    return high


def _below(value: float, shape: int, weight: float) -> float:
    """The beta prime distribution function for a whole ``shape``: what is left over is a finite sum of negative binomial terms."""
    odds = value / (1 + value)
    term = total = math.pow(1 - odds, weight)
    for step in range(1, shape):
        term *= odds * (weight + step - 1) / step
        total += term
    return 1 - total
