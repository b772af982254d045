"""Dates as people in Japan write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.workbook.reading import read_date

TODAY = date(2026, 11, 23)
DAY = date(2026, 11, 3)
MOMENT = datetime(2026, 11, 3, 15, 5, 12)


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-03", "2026/11/3", "2026.11.3", "2026年11月3日", "2026年11月3日(火)", "2026年11月3日（火・祝）", "2026年11月3日火曜日",
        "令和8年11月3日", "令和 8年 11月 3日", "R8.11.3", "r8/11/3", "Ｒ８／１１／３", "11月3日", "１１月３日（火）", "20261103",
        "11/3/2026",
        "46329",
        "2026.11.03 火曜日", "　2026/11/03　", 46329, 46329.0, 20261103,
    ],
)  # fmt: skip
def test_one_day_in_every_style(written: str | float) -> None:
    found = read_date(written, TODAY)
    assert found == DAY
    assert not isinstance(found, datetime)


@pytest.mark.parametrize(
    "written",
    [
        "2026/11/03 15:05:12", "2026/11/03 3:05:12 午後 GMT+9", "2026/11/03 午後 3:05:12", "2026/11/03 午後3:05:12", "2026-11-03T15:05:12",
        "2026-11-03T06:05:12Z", "2026-11-03T06:05:12.345Z", "2026-11-03T15:05:12+09:00", "2026-11-03T01:05:12-0500",
        "2026年11月3日(火) 15時5分12秒", "11/3/2026 3:05:12 PM", "２０２６／１１／０３　１５：０５：１２", "20261103150512",
    ],
)  # fmt: skip
def test_one_moment_in_every_style(written: str) -> None:
    assert read_date(written, TODAY) == MOMENT


def test_an_early_hour_in_utc_is_the_next_day_in_japan() -> None:
    assert read_date("2026-11-02T18:00:00Z", TODAY) == datetime(2026, 11, 3, 3)
    assert read_date(datetime(2026, 11, 2, 18, tzinfo=UTC), TODAY) == datetime(2026, 11, 3, 3)


def test_noon_and_midnight() -> None:
    assert read_date("2026/11/3 午後12:05", TODAY) == datetime(2026, 11, 3, 12, 5)
    assert read_date("2026/11/3 午前12:05", TODAY) == datetime(2026, 11, 3, 0, 5)
    assert read_date("2026/11/3 午後0:05", TODAY) == datetime(2026, 11, 3, 12, 5)


def test_eras() -> None:
    assert read_date("令和元年5月1日", TODAY) == date(2019, 5, 1)
    assert read_date("Ｈ３１／４／３０", TODAY) == date(2019, 4, 30)
    assert read_date("昭和60年1月2日", TODAY) == date(1985, 1, 2)


def test_a_date_without_year_is_the_last_such_day() -> None:
    assert read_date("12月3日", TODAY) == date(2025, 12, 3)
    assert read_date("11月23日", TODAY) == TODAY
    assert read_date("11月24日", TODAY) == date(2025, 11, 24)
    assert read_date("2月29日", TODAY) == date(2024, 2, 29)


def test_serial_with_time() -> None:
    assert read_date(46329.5, TODAY) == datetime(2026, 11, 3, 12)


def test_blank_is_no_date() -> None:
    assert read_date(None, TODAY) is None
    assert read_date("　", TODAY) is None


@pytest.mark.parametrize(
    "written",
    [
        "2026/13/45", "2026/11/03 25:00", "2026/2/29", "令和0年1月1日", "令和8年13月1日", "1900/1/1", "2026/11/26", "2030/1/1", "きのう",
        "2026", "5", 5, -1, 1e300, float("nan"), float("inf"), "午後3:05", "2026/11/3 午前13:00", "2026/11/031", "R8", "9" * 5000,
        "9999-12-31T23:59:59-12:00", datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))), 99999999,
    ],
)  # fmt: skip
def test_what_is_no_sensible_date_is_refused(written: str | float) -> None:
    with pytest.raises(ValueError, match="日付"):
        read_date(written, TODAY)


def test_two_days_ahead_are_allowed_for_other_time_zones() -> None:
    assert read_date("2026/11/25", TODAY) == date(2026, 11, 25)


DATEISH = st.text(alphabet="0123456789０１９/.-年月日時分:：午前後令和元平成昭RHSTZ+() 火", max_size=30)


@given(st.one_of(st.text(), DATEISH, st.integers(), st.floats(), st.datetimes(timezones=st.none() | st.timezones()), st.dates()))
def test_nothing_but_value_error(value: str | float) -> None:
    try:
        found = read_date(value, TODAY)
    except ValueError:
        return
    assert found is None or (found.year >= 1950 and str(found)[:10] <= "2026-11-25")


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2026, 11, 23)))
def test_written_and_read_again(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    half = "午前" if whole.hour < 12 else "午後"
    assert read_date(whole.isoformat(), TODAY) == whole
    assert read_date(f"{whole:%Y/%m/%d} {whole.hour % 12}:{whole:%M:%S} {half} GMT+9", TODAY) == whole
    assert read_date(f"{whole.year}年{whole.month}月{whole.day}日", TODAY) == whole.date()
