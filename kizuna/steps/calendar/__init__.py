"""A calendar that a person can keep: who is touched when and by what, within the hours, without anybody waiting too long.

``solve`` is the pure core; ``people`` and ``settings`` read what it needs from a workbook, ``book`` keeps what it made there, and ``dates`` is
the owner's own hand on it.
"""

from kizuna.steps.calendar.book import CalendarView, Left, PlannedView, calendar, check_calendar, draft_calendar, plan_minutes
from kizuna.steps.calendar.compare import Compared, Gathered, compare_media, gather
from kizuna.steps.calendar.dates import add, change, done, move, remove, undo_done
from kizuna.steps.calendar.model import Assignment, Calendar, Fixed, Limits, Month, Reason, Someone, Status, Unkept, Way
from kizuna.steps.calendar.people import people
from kizuna.steps.calendar.settings import WaySetting, cap, check_setting, length, limits, set_way, ways, words
from kizuna.steps.calendar.solve import solve

__all__ = [
    "Assignment", "Calendar", "CalendarView", "Compared", "Fixed", "Gathered", "Left", "Limits", "Month", "PlannedView", "Reason", "Someone", "Status",
    "Unkept", "Way", "WaySetting", "add", "calendar", "cap", "change", "check_calendar", "check_setting", "compare_media", "done", "draft_calendar", "gather",
    "length", "limits", "move", "people", "plan_minutes", "remove", "set_way", "solve", "undo_done", "ways", "words",
]  # fmt: skip
