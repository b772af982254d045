"""What the owner decided for her calendars: how long, how often at most, days off, and what each way takes; kept as answers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.steps.calendar.model import EVERY_DAY, Limits, Way
from kizuna.workbook.answers import read_answer, read_answers, save_answer
from kizuna.workbook.store import Workbook

WAYS = "calendar.ways"
_WEEKDAYS = "月火水木金土日"
_DAY = r"(?:(\d{4})[年/-])?(\d{1,2})(?:月|/|-)(\d{1,2})日?"
_SPAN = re.compile(rf"{_DAY}(?:\s*[~〜～―-]\s*(?:{_DAY}|(\d{{1,2}})日?))?")
_LONGEST_HOLIDAY = 120  # days


class WayEntry(Entry):
    """A way in ``calendar.yaml``: one of the media that reach a single person."""

    id: str
    use: bool = False
    ask: bool = False
    minutes_each: int = 0


class Question(Entry):
    """One setting as the content file asks it; the page makes a field of it."""

    key: str
    question: str
    hint: str = ""
    example: str = ""
    kind: str = "text"
    unit: str = ""
    choices: list[str] = []


class Usual(Entry):
    """What holds until the owner says otherwise."""

    days: str
    cap: int
    gap: int


class CalendarWords(Entry):
    """Everything in ``calendar.yaml``."""

    ways: list[WayEntry]
    fields: list[Question]
    usual: Usual


@dataclass(frozen=True)
class WaySetting:
    """A way as the owner has it: whether she uses it, its minutes, and its yen for each person (None: not written yet)."""

    id: str
    name: str
    use: bool
    ask: bool
    per_person: bool
    minutes: int
    yen: int | None

    @property
    def way(self) -> Way:
        """The same as the solver takes it: what goes out to everybody still costs its stamp for each."""
        if self.per_person:
            return Way(self.id, self.name, self.minutes, self.yen or 0)
        each = next(one.minutes_each for one in words().ways if one.id == self.id)
        return Way(self.id, self.name, self.minutes, 0, False, each, self.yen or 0)


def words() -> CalendarWords:
    """The content of calendars."""
    return load("calendar.yaml", CalendarWords)


def ways(book: Workbook) -> tuple[WaySetting, ...]:
    """Every way that can be chosen, in the order of the content file, with the owner's numbers."""
    own = read_answer(book, WAYS, {})
    found = []
    for one in words().ways:
        medium, mine = media()[one.id], own.get(one.id, {})
        minutes = mine.get("minutes", medium.minutes)
        found.append(WaySetting(one.id, medium.name, mine.get("use", one.use), one.ask, medium.per_person, int(minutes), mine.get("yen")))
    return tuple(found)


def set_way(book: Workbook, way_id: str, key: str, value: Any) -> None:
    """Change one number of a way (use, minutes, yen).

    Raises ``KizunaError`` for a number that is none, is below 0 or has a fraction.
    """
    if key not in ("use", "minutes", "yen"):
        raise TypeError(f"not editable: {key}")
    if key != "use" and value is not None and not (value == int(value) and 0 <= value < 1_000_000):
        raise KizunaError("分と円には、0以上の切りのよい数を書いてください。")
    own = {name: dict(mine) for name, mine in read_answer(book, WAYS, {}).items()}
    mine = own.setdefault(way_id, {})
    if value is None:
        mine.pop(key, None)
    else:
        mine[key] = value if key == "use" else int(value)
    save_answer(book, WAYS, own, "届け方にかかる時間と費用")


def length(book: Workbook) -> int:
    """How many days a calendar has."""
    return int(str(read_answer(book, "calendar.days") or words().usual.days).removesuffix("日"))


def cap(book: Workbook) -> int:
    """How often at most we may turn to one person in thirty days, in calendars and invitations alike."""
    own = read_answer(book, "calendar.cap")
    return words().usual.cap if own is None else int(own)


def limits(book: Workbook, minutes: float, start: date) -> Limits:
    """The limits as the owner set them, with so many minutes in thirty days.

    Raises ``KizunaError`` where a setting cannot be read.
    """
    answers, usual = read_answers(book), words().usual
    return Limits(
        minutes,
        cap=cap(book),
        gap=usual.gap,
        weekdays=EVERY_DAY - read_weekdays(answers.get("calendar.closed") or ""),
        off=read_days(answers.get("calendar.off") or "", start),
        day_minutes=answers.get("calendar.day_minutes"),
        yen=answers.get("calendar.yen"),
    )


def check_setting(key: str, value: Any, today: date) -> None:
    """Raise ``KizunaError`` where a setting cannot be read or is no sensible number."""
    if key == "calendar.closed":
        read_weekdays(value or "")
    elif key == "calendar.off":
        read_days(value or "", today)
    elif key == "calendar.cap" and value is not None and not (value == int(value) and 1 <= value <= 30):
        raise KizunaError("お一人への回数は、1から30までの切りのよい数で書いてください。")


def read_weekdays(text: str) -> frozenset[int]:
    """The weekdays (Monday 0) that a text such as 「水・日」 or 「水曜日と日曜日」 names.

    >>> sorted(read_weekdays("水曜日・日"))
    [2, 6]
    """
    left = re.sub(r"曜日?|定休|毎週|お休み|休み|なし|[と、,・ /\s]", "", unicodedata.normalize("NFKC", text))
    if any(sign not in _WEEKDAYS for sign in left):
        raise KizunaError(f"お休みの曜日「{text[:20]}」が読めません。「水・日」のように、曜日の字を並べて書いてください。")
    return frozenset(_WEEKDAYS.index(sign) for sign in left)


def read_days(text: str, start: date) -> frozenset[date]:
    """The days that a text such as 「12/31〜1/4、2月11日」 names; without a year the next such day from ``start`` on.

    >>> sorted(day.isoformat() for day in read_days("12/31〜1/2", date(2026, 12, 1)))
    ['2026-12-31', '2027-01-01', '2027-01-02']
    """
    flat = unicodedata.normalize("NFKC", text)
    flat = re.sub(r"\([月火水木金土日]\)", "", flat)
    wrong = KizunaError(f"お休みの日「{text[:30]}」が読めません。「12/31〜1/4、2月11日」のように書いてください。")
    found: set[date] = set()
    if re.sub(r"なし|[、,と\s。]", "", _SPAN.sub("", flat)):
        raise wrong
    for year, month, day, last_year, last_month, last_day, same in _SPAN.findall(flat):
        try:
            first = _day(year, month, day, start)
            last = first.replace(day=int(same)) if same else _day(last_year, last_month, last_day, first) if last_month else first
        except ValueError as error:
            raise wrong from error
        if not 0 <= (last - first).days <= _LONGEST_HOLIDAY:
            raise wrong
        found |= {first + timedelta(days=number) for number in range((last - first).days + 1)}
    return frozenset(found)


def _day(year: str, month: str, day: str, start: date) -> date:
    if year:
        return date(int(year), int(month), int(day))
    this = date(start.year, int(month), int(day))
    return this if this >= start else this.replace(year=start.year + 1)
