"""The calendar on the wall, in other calendars, and as a table: HTML to print, iCalendar, CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kizuna.errors import KizunaError
from kizuna.steps import calendar as calendars
from kizuna.views.sheets import owner, render
from kizuna.workbook.store import Workbook

_IN_A_CELL = 6  # touches that stand in one day's cell; more are counted, and stand on the list below
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """One day on the wall; ``day`` is None beside the month."""

    day: date | None
    works: bool
    touches: tuple[calendars.PlannedView, ...]

    @property
    def shown(self) -> tuple[calendars.PlannedView, ...]:
        """The touches that have room in the cell."""
        return self.touches[:_IN_A_CELL]


def wall_html(book: Workbook, today: date | None = None) -> str:
    """The calendar as month sheets of A4 to hang up, and the list of dates with their reasons.

    Raises ``KizunaError`` while there is no date.
    """
    view = _view(book, today)
    touches = view.touches
    first = min([touches[0].on, *([view.start] if view.start else [])])
    last = max(touches[-1].on, (view.start or first) + timedelta(days=view.days - 1))
    rules = calendars.limits(book, 0, view.start or first)
    months = []
    month = first.replace(day=1)
    while month <= last:
        after = (month + timedelta(days=32)).replace(day=1)
        months.append((month, _weeks(month, after, touches, rules)))
        month = after
    return render("wall.html.j2", **owner(book), months=months, touches=touches, left=view.left)


def wall_ics(book: Workbook, stamp: datetime | None = None, today: date | None = None) -> bytes:
    """The dates that are still to be kept as a calendar file (RFC 5545), a whole day each."""
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//kizuna//calendar//JA")
    made.add("version", "2.0")
    for touch in _view(book, today).open:
        event = Event()
        event.add("uid", f"touch-{touch.id}@kizuna.invalid")
        event.add("dtstamp", stamp or datetime.now(UTC))
        event.add("summary", f"{touch.person}へ（{touch.medium_name}）")
        event.add("dtstart", touch.on)
        event.add("dtend", touch.on + timedelta(days=1))
        event.add("description", touch.reason)
        made.add_component(event)
    return bytes(made.to_ical())


def wall_csv(book: Workbook, today: date | None = None) -> bytes:
    """The dates as a table that Excel opens; a text that begins like a formula stays a text."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["日にち", "お名前", "届け方", "なぜこの日", "しるし"])
    for touch in _view(book, today).touches:
        cells = [touch.on.isoformat(), touch.person, touch.medium_name, touch.reason, "できた" if touch.done else "これから"]
        table.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig", "replace")


def _view(book: Workbook, today: date | None) -> calendars.CalendarView:
    view = calendars.calendar(book, today)
    if not view.touches:
        raise KizunaError("カレンダーに、まだ日にちがありません。先に「カレンダーを作る」を押してください。")
    return view


def _weeks(month: date, after: date, touches: tuple[calendars.PlannedView, ...], rules: calendars.Limits) -> list[list[Cell]]:
    """The weeks of a month, Sunday first as Japanese calendars have them."""
    begins = month - timedelta(days=(month.weekday() + 1) % 7)
    count = -(-(after - begins).days // 7) * 7
    days = [begins + timedelta(days=number) for number in range(count)]
    cells = [
        Cell(day, rules.works(day), tuple(touch for touch in touches if touch.on == day)) if month <= day < after else Cell(None, False, ())
        for day in days
    ]
    return [cells[at : at + 7] for at in range(0, count, 7)]
