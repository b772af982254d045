"""A calendar that a person can keep: who is touched when and by what, within the hours, without anybody waiting too long."""

from kizuna.steps.calendar.model import Assignment, Calendar, Fixed, Limits, Month, Reason, Someone, Status, Unkept, Way
from kizuna.steps.calendar.solve import solve

__all__ = ["Assignment", "Calendar", "Fixed", "Limits", "Month", "Reason", "Someone", "Status", "Unkept", "Way", "solve"]
