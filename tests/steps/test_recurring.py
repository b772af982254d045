"""What is told again needs words, a point and days, and rests once it was told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import recurring
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 26)


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


def test_what_was_told_rests(book: Workbook) -> None:
    one = recurring.add_recurring(book, "堤防の桜", "information", 30)
    other = recurring.add_recurring(book, "店の失敗談", "person", 10)
    recurring.tell(book, one, TODAY)
    assert [view.id for view in recurring.recurring(book, TODAY)] == [other, one]
    with pytest.raises(KizunaError, match="12月26日まで休ませています"):
        recurring.tell(book, one, TODAY + timedelta(days=29))
    recurring.tell(book, one, TODAY + timedelta(days=30))
    assert recurring.recurring(book, TODAY)[1].last_on == TODAY + timedelta(days=30)
    recurring.drop_recurring(book, one)
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        recurring.tell(book, one, TODAY)


@pytest.mark.parametrize(
    ("title", "point", "days", "told"),
    [(" ", "person", 30, "ひとことで"), ("桜", "", 30, "一つ選んで"), ("桜", "person", 0, "1から3650")],
)
def test_what_is_told_again_needs_words_a_point_and_days(book: Workbook, title: str, point: str, days: int, told: str) -> None:
    with pytest.raises(KizunaError, match=told):
        recurring.add_recurring(book, title, point, days)
