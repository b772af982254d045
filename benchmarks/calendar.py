"""Calendars by hand and by the solver: ``python -m benchmarks.calendar``.

Made-up people: a third are regulars (14/30 days), a third friends of the shop (30/60), a third are seen seldom (60/90); hours are set so
that they last for about ``share`` of what touching everybody by her most liked medium at the ideal interval would take.
"""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

from kizuna.steps.calendar import Calendar, Limits, Someone, Way, solve

START = date(2026, 12, 1)
DAYS = 90
RHYTHMS = ((14, 30), (30, 60), (60, 90))
MEDIA = (
    Way("postcard", "はがき", 10, 85),
    Way("phone", "電話", 10),
    Way("line", "LINE", 15, per_person=False),
    Way("newsletter", "ニュースレター", 180, per_person=False, minutes_each=1, yen_each=100),
)


def people(count: int, seed: int = 1) -> list[Someone]:
    dice = random.Random(seed)
    made = []
    for number in range(count):
        ideal, worst = RHYTHMS[number % 3]
        liked = tuple(dice.sample([way.id for way in MEDIA], dice.choice((1, 1, 2, 3))))
        made.append(Someone(number, f"お客{number}", START - timedelta(days=dice.randrange(1, worst + 5)), ideal, worst, liked))
    return made


def limits(some: list[Someone], share: float) -> Limits:
    each = {way.id: way.each[0] or 1 for way in MEDIA}
    wanted = sum(each[one.media[0]] * 30 / one.ideal_days for one in some)
    return Limits(share * wanted + 180, cap=4, gap=7, weekdays=frozenset({0, 1, 3, 4, 5}), day_minutes=None)


def line(calendar: Calendar, seconds: float) -> str:
    return f"{len(calendar.unkept):6d} {calendar.deviation:10d} {calendar.minutes:8d} {seconds:7.1f} s"


def main() -> None:
    print("people share |    unkept deviation  minutes  (by hand) |  (solved) | status, more minutes a month")
    for count in (10, 50, 200, 500, 1000):
        for share in (0.3, 0.6, 1.0):
            some = people(count)
            rules = limits(some, share)
            begun = time.perf_counter()
            hand = solve(some, MEDIA, rules, START, DAYS, by_hand=True)
            middle = time.perf_counter()
            best = solve(some, MEDIA, rules, START, DAYS)
            ended = time.perf_counter()
            print(
                f"{count:6d} {share:5.1f} | {line(hand, middle - begun)} | {line(best, ended - middle)} | {best.status} {best.more_minutes}",
                flush=True,
            )


if __name__ == "__main__":
    main()
