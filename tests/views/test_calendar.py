"""The calendar's form, pressed and written in as a person would; then the workbook, or what goes out on paper, is looked at."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import ipywidgets as widgets
import pytest
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.steps import calendar as calendars
from kizuna.views import forms
from kizuna.views.fields import FieldView
from kizuna.views.files import Papers
from kizuna.views.grid import Grid
from kizuna.views.paper import page_html
from kizuna.views.wall import wall_csv, wall_html, wall_ics
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.models import Contact, Person, PlannedTouch, Touch
from kizuna.workbook.store import Workbook
from tests.views.desk import Desk

TODAY = date.today()
HOSTILE = "<img src=x onerror=alert(1)>"


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


class CalendarDesk(Desk):
    """The plan's page with the calendar on it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "03_followup_plan")
        self.form = forms.calendar(self.page)

    @property
    def dates(self) -> Grid:
        return self.form._dates

    def press(self, label: str) -> None:
        press(self.form, label)

    def writes(self, grid: Grid, number: int, key: str, value: str) -> None:
        row = grid.table["rows"][number][0]
        grid._handle_custom_msg({"kind": "edit", "from": "me", "seq": 1, "row": row, "key": key, "value": value, "seen": ""}, [])

    @property
    def told(self) -> str:
        return str(self.form._told.value) + str(self.form._left.value)


def walk(widget: Any) -> list[Any]:
    return [widget, *(found for child in getattr(widget, "children", ()) for found in walk(child))]


def press(widget: Any, label: str) -> None:
    found = [one for one in walk(widget) if isinstance(one, widgets.Button) and one.description.startswith(label)]
    assert len(found) == 1, label
    found[0].click()


def people(book: Workbook, *names: str, ago: int = 20, **fields: Any) -> list[int]:
    ids = []
    with book.act("名簿") as session:
        for name in names:
            row = Person(key=name, name=name, **({"ideal_days": 30, "worst_days": 45} | fields))
            session.add(row)
            session.flush()
            session.add(Touch(person_id=row.id, on=days(-ago), kind="told"))
            ids.append(row.id)
    return ids


def rows(book: Workbook) -> list[PlannedTouch]:
    with book.reading() as session:
        return list(session.scalars(select(PlannedTouch).order_by(PlannedTouch.on, PlannedTouch.id)))


@pytest.fixture
def desk(tmp_path: Path) -> CalendarDesk:
    made = CalendarDesk(tmp_path / "book.kizuna")
    save_answer(made.book, "hours", 1.0)
    people(made.book, "ミナト", "サト", HOSTILE)
    made.form.refresh()
    return made


def test_before_the_first_calendar_it_says_how_to_get_one(desk: CalendarDesk) -> None:
    assert "カレンダーは、まだありません" in desk.told
    assert [one for one in walk(desk.form) if isinstance(one, Grid | Papers)] == []


def test_pressing_the_button_makes_dates_with_their_reasons(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    assert "3人の方に、3回の日にちを組みました" in desk.said and len(rows(desk.book)) == 3
    assert "どなたも、「いちばん間があいても」の日数をこえません" in desk.told
    names = {cells[0] for _, cells in desk.dates.table["rows"]}
    assert names == {"ミナトさん", "サトさん", f"{HOSTILE}さん"}
    assert all(cells[4].startswith("前回から") for _, cells in desk.dates.table["rows"])
    assert "<img" not in desk.told


def test_a_calendar_without_dates_says_so_and_praises_nothing(tmp_path: Path) -> None:
    desk = CalendarDesk(tmp_path / "book.kizuna")
    save_answer(desk.book, "hours", 1.0)
    people(desk.book, "ミナト", ago=0, ideal_days=60, worst_days=90)
    desk.press("カレンダーを作る")
    assert "新しく組む日にちは、ありませんでした" in desk.said
    assert "これからお便りする日にちはありません" in desk.told and "0人" not in desk.told and "組み方" not in desk.told


def test_without_hours_the_button_says_what_lacks(tmp_path: Path) -> None:
    desk = CalendarDesk(tmp_path / "book.kizuna")
    people(desk.book, "ミナト")
    desk.press("カレンダーを作る")
    assert "ひと月に使える時間が、まだ書かれていません" in desk.said and rows(desk.book) == []


def test_a_date_is_moved_done_and_taken_away(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    first = rows(desk.book)[0].id
    desk.writes(desk.dates, 0, "on", days(3).isoformat())
    assert {row.id: row.on for row in rows(desk.book)}[first] == days(3)
    number = next(at for at, (row, _) in enumerate(desk.dates.table["rows"]) if row == first)
    desk.writes(desk.dates, number, "state", "done")
    assert "やりとりの記録にも残しました" in desk.said
    with desk.book.reading() as session:
        assert session.scalars(select(Touch.kind).where(Touch.on == TODAY)).all() == ["told"]
    number = next(at for at, (row, _) in enumerate(desk.dates.table["rows"]) if row == first)
    desk.writes(desk.dates, number, "state", "open")
    with desk.book.reading() as session:
        assert session.scalars(select(Touch.kind).where(Touch.on == TODAY)).all() == []
    desk.dates._handle_custom_msg({"kind": "remove", "from": "me", "seq": 2, "row": first}, [])
    assert first not in [row.id for row in rows(desk.book)]
    assert "この組み方では、<b>1人</b>の方の間があきすぎます" in desk.told


def test_a_refused_medium_is_not_taken(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    with desk.book.act("いらない") as session:
        session.add_all(Contact(person_id=row.person_id, medium="phone", wish="no") for row in rows(desk.book))
    refused: list[dict[str, Any]] = []
    desk.dates.send = lambda content, buffers=None: refused.append(content)
    desk.writes(desk.dates, 0, "medium", "phone")
    assert "送らないで" in refused[0]["why"] and {row.medium for row in rows(desk.book)} == {"postcard"}


def test_a_date_of_ones_own_is_added_and_stays(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    desk.form._when.value, desk.form._by.value = days(2), "postcard"
    desk.press("この日を加える")
    mine = [row for row in rows(desk.book) if row.by == "person"]
    assert [row.on for row in mine] == [days(2)]
    desk.press("カレンダーを作り直す")
    assert mine[0].id in [row.id for row in rows(desk.book)]
    desk.press("この日を加える")
    assert "日にちを選んでください" in desk.said


def test_settings_are_saved_and_what_cannot_be_read_is_told(desk: CalendarDesk) -> None:
    desk.press("決まりを見る・変える")
    places = {one.field.key: one for one in walk(desk.form) if isinstance(one, FieldView)}
    places["calendar.closed"].place.value = "水・日"
    places["calendar.cap"].place.value = "3"
    assert (read_answer(desk.book, "calendar.closed"), read_answer(desk.book, "calendar.cap")) == ("水・日", 3.0)
    places["calendar.off"].place.value = "正月"
    assert "お休みの日「正月」が読めません" in desk.said and read_answer(desk.book, "calendar.off") is None
    places["calendar.cap"].place.value = "0"
    assert "1から30まで" in desk.said and read_answer(desk.book, "calendar.cap") == 3.0
    save_answer(desk.book, "calendar.closed", "月")
    desk.page.changed()
    assert places["calendar.closed"].place.value == "月"
    ways = desk.form._ways
    desk.writes(ways, 2, "yen", "85")
    assert calendars.ways(desk.book)[2].yen == 85
    desk.writes(ways, 2, "yen", "-1")
    assert calendars.ways(desk.book)[2].yen == 85


def test_findings_stand_above_the_dates(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    save_answer(desk.book, "hours", 0.25)
    desk.form.refresh()
    assert "決めた時間をこえています" in desk.told


def test_the_wall_has_every_date_in_its_month_and_names_as_text(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    html = wall_html(desk.book)
    assert "<img" not in html and f"{rows(desk.book)[0].on.year}年{rows(desk.book)[0].on.month}月" in html
    cells = re.findall(r'<span class="day">(\d+)</span>(.*?)</td>', html, re.S)
    filled = {int(day) for day, inside in cells if 'class="who"' in inside}
    assert filled == {row.on.day for row in rows(desk.book)}
    assert html.count('class="who"') == len(rows(desk.book))


def test_the_calendar_file_and_the_table_hold_the_dates(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    events = icalendar.Calendar.from_ical(wall_ics(desk.book, datetime(2026, 12, 1, tzinfo=UTC))).walk("VEVENT")
    assert sorted(event["dtstart"].dt for event in events) == [row.on for row in rows(desk.book)]
    assert "ミナトさんへ（はがき・手紙）" in {str(event["summary"]) for event in events}
    raw = wall_csv(desk.book)
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert lines[0] == ["日にち", "お名前", "届け方", "なぜこの日", "しるし"] and len(lines) == 4


def test_a_name_that_looks_like_a_formula_stays_a_text_in_the_table(desk: CalendarDesk) -> None:
    people(desk.book, "=1+1")
    desk.press("カレンダーを作る")
    assert "'=1+1さん" in wall_csv(desk.book).decode("utf-8-sig")


def test_without_dates_nothing_is_handed_out(desk: CalendarDesk) -> None:
    for make in (wall_html, wall_ics, wall_csv):
        with pytest.raises(KizunaError, match="まだ日にちがありません"):
            make(desk.book)


def test_a_thousand_people_do_not_make_a_thousand_widgets(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    before = len(walk(desk.form))
    people(desk.book, *(f"客{number}" for number in range(300)), ago=28)
    save_answer(desk.book, "hours", 100.0)
    desk.press("カレンダーを作り直す")
    assert len(rows(desk.book)) > 250 and len(walk(desk.form)) == before


def test_on_paper_the_settings_stand_with_their_numbers(desk: CalendarDesk) -> None:
    save_answer(desk.book, "calendar.closed", "水曜")
    assert "水曜" in page_html(desk.page, blank=False) and "水曜" not in page_html(desk.page, blank=True)


# ---- media side by side


class CompareDesk(Desk):
    def __init__(self, path: Path) -> None:
        super().__init__(path, "03_followup_plan")
        self.form = forms.compare_media(self.page)


def test_the_comparison_is_made_when_it_is_opened_and_begins_with_as_many_as_the_list_has(tmp_path: Path) -> None:
    desk = CompareDesk(tmp_path / "book.kizuna")
    assert [one for one in walk(desk.form) if isinstance(one, FieldView)] == []
    press(desk.form, "くらべてみる")
    assert "<b>30人</b>" in desk.form._chart.value and read_answer(desk.book, "compare.people") is None
    people(desk.book, *(f"客{number}" for number in range(45)))
    desk.page.changed()
    assert "<b>45人</b>" in desk.form._chart.value
    press(desk.form, "100人")
    assert "<b>100人</b>" in desk.form._chart.value
    press(desk.form, "名簿の人数くらい（45人）")
    assert read_answer(desk.book, "compare.people") == 45
    press(desk.form, "くらべるのをとじる")
    assert [one for one in walk(desk.form) if isinstance(one, FieldView)] == []


def test_the_comparison_follows_what_is_written(tmp_path: Path) -> None:
    desk = CompareDesk(tmp_path / "book.kizuna")
    press(desk.form, "くらべてみる")
    press(desk.form, "くわしく計算したい方へ")
    press(desk.form, "1,000人")
    places = {one.field.key: one for one in walk(desk.form) if isinstance(one, FieldView)}
    assert "666時間40分" in desk.form._chart.value and "47,000人" in desk.form._story.value and "43,600人" in desk.form._story.value
    places["compare.people"].place.value = "60"
    places["compare.overlap"].place.value = "0"
    assert "40時間" in desk.form._chart.value and read_answer(desk.book, "compare.people") == 60
    assert desk.form._story.value.count("47,000人") == 2
    places["compare.overlap"].place.value = "120"
    assert "0から100まで" in desk.said and read_answer(desk.book, "compare.overlap") == 0
    press(desk.form, "毎日")
    assert read_answer(desk.book, "compare.times") == 30 and places["compare.times"].place.value == "30"
    assert "<b>30回</b>" in desk.form._chart.value


def test_the_sheets_of_the_form_are_three(desk: CalendarDesk) -> None:
    desk.press("カレンダーを作る")
    (sheets,) = [one for one in walk(desk.form) if isinstance(one, Papers)]
    assert [one["key"] for one in sheets.papers] == ["wall", "ics", "csv"]
