"""A date as people and programs in Japan write it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from kizuna.workbook.reading.cell import Cell

OLDEST_YEAR = 1950
DAYS_AHEAD = 2
LONGEST = 60
ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
JAPAN = timedelta(hours=9)
EXCEL_EPOCH = datetime(1899, 12, 30)

NOT_A_DATE = "日付として読めません"

_HALF = r"午前|午後|[AP]\.?M\.?"
_WEEKDAY = r"\s*(?:\([^()]{1,8}\)|[月火水木金土日]曜日?)?"
_CLOCK = rf"""
    (?: (?:\s+|T|,\s*|(?<=[日)])|(?=午)) (?P<before>{_HALF})?
        \s* (?P<hour>\d{{1,2}}) (?: [:時]\s*(?P<minute>\d{{1,2}})分? (?: :?(?P<second>\d{{1,2}})(?:[.,]\d{{1,9}})?秒? )? | 時 )
        (?:頃|ごろ)? \s* (?P<after>{_HALF})?
        \s* (?P<zone>Z|JST|(?:GMT|UTC)?(?:[+-]\d{{1,2}}(?::?\d{{2}})?)?)
    )? \s*
"""
_DAYS = (
    r"(?P<year>\d{4})\s*(?:[-/.]|年\s*)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*日?",
    r"(?P<era>令和|平成|昭和|[RHS])\.?\s*(?P<eraYear>元|\d{1,2})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?",
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",
    r"(?P<month>\d{1,2})(?:/|月\s*)(?P<day>\d{1,2})\s*日?",
)
_SHAPES = tuple(re.compile(f"(?:{day}){_WEEKDAY}{_CLOCK}", re.VERBOSE | re.IGNORECASE) for day in _DAYS)
_PACKED = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d{1,12})?")


def read_date(value: Cell, today: date | None = None) -> datetime | date | None:
    """The day (``date``) or moment (``datetime``, Japan time, no zone) that ``value`` means; ``None`` for an empty cell.

    A date without a year is the most recent such day up to ``today``. Raises ``ValueError``, its text the end of a Japanese sentence
    (日付として読めません), when ``value`` is no date, lies before 1950, or more than two days ahead of ``today``.
    """
    today = today or date.today()
    if isinstance(value, str):
        found = _from_text(value, today)
    elif isinstance(value, datetime):
        found = _in_japan(value)
    elif isinstance(value, (int, float)):
        found = _from_number(value)
    else:
        found = value
    if found is None:
        return None
    day = found.date() if isinstance(found, datetime) else found
    if day.year < OLDEST_YEAR:
        raise ValueError(f"{OLDEST_YEAR}年より前の日付です")
    if day > today + timedelta(days=DAYS_AHEAD):
        raise ValueError("まだ来ていない日付です")
    return found


def _from_text(text: str, today: date) -> datetime | date | None:
    if len(text) > LONGEST:
        raise ValueError(NOT_A_DATE)
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    if _SERIAL.fullmatch(plain):
        return _from_number(float(plain))
    match = next((found for shape in (*_SHAPES, _PACKED) if (found := shape.fullmatch(plain))), None)
    if match is None:
        raise ValueError(NOT_A_DATE)
    parts = match.groupdict()
    try:
        day = _day(parts, today)
        return _moment(day, parts) if parts.get("hour") else day
    except (ValueError, OverflowError) as error:
        raise ValueError(NOT_A_DATE) from error


def _day(parts: dict[str, str | None], today: date) -> date:
    month, day = int(parts["month"] or 0), int(parts["day"] or 0)
    era = parts.get("era")
    if era:
        since = 1 if parts["eraYear"] == "元" else int(parts["eraYear"] or 0)
        if since < 1:
            raise ValueError(NOT_A_DATE)
        return date(ERAS[era.upper()] + since, month, day)
    if parts.get("year"):
        return date(int(parts["year"] or 0), month, day)
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError(NOT_A_DATE)


def _moment(day: date, parts: dict[str, str | None]) -> datetime:
    hour = int(parts["hour"] or 0)
    half = (parts.get("before") or parts.get("after") or "").upper().replace(".", "")
    if half in ("午前", "AM"):
        if hour > 12:
            raise ValueError(NOT_A_DATE)
        hour %= 12
    elif half in ("午後", "PM") and hour < 12:
        hour += 12
    moment = datetime(day.year, day.month, day.day, hour, int(parts.get("minute") or 0), int(parts.get("second") or 0))
    zone = (parts.get("zone") or "").upper()
    if not zone or zone == "JST":
        return moment
    shift = re.search(r"([+-])(\d{1,2}):?(\d{2})?", zone)
    away = timedelta(hours=int(shift[2]), minutes=int(shift[3] or 0)) if shift else timedelta()
    return moment + JAPAN + (away if shift and shift[1] == "-" else -away)


def _from_number(number: float) -> datetime | date:
    """The day or moment of an Excel serial number, or of a number like 20261103."""
    if 19_000_101 <= number <= 99_991_231:
        packed = str(int(number))
        try:
            return date(int(packed[:4]), int(packed[4:6]), int(packed[6:]))
        except ValueError as error:
            raise ValueError(NOT_A_DATE) from error
    if not 10_000 <= number < 100_000:
        raise ValueError(NOT_A_DATE)
    moment = EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
    return moment.date() if number == number // 1 else moment


def _in_japan(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment
    try:
        return (moment - (moment.utcoffset() or timedelta()) + JAPAN).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(NOT_A_DATE) from error
