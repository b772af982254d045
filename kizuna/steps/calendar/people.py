"""The people of a workbook as the solver takes them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from sqlalchemy import select

from kizuna.steps import people as persons
from kizuna.steps.calendar.model import MONTH, Fixed, Someone
from kizuna.steps.calendar.settings import ways
from kizuna.workbook.models import PlannedTouch
from kizuna.workbook.store import Workbook

DRAFT, OWNER = "draft", "person"  # who set a date


def people(book: Workbook, today: date) -> list[Someone]:
    """Those with a name who are no part of the shop; touches of the last thirty days and the owner's own dates stand."""
    used = [one for one in ways(book) if one.use]
    with book.reading() as session:
        touched = persons.contact_days(session)
        planned: defaultdict[int, list[Fixed]] = defaultdict(list)
        own = select(PlannedTouch.person_id, PlannedTouch.on, PlannedTouch.medium)
        kept = (PlannedTouch.by == OWNER, PlannedTouch.touch_id.is_(None), PlannedTouch.on >= today)
        for who, on, medium in session.execute(own.where(*kept)):
            planned[who].append(Fixed(on, medium))
    found = []
    for one in persons.everyone(book):
        if one.name is None or one.inside:
            continue
        days = touched.get(one.id, [])
        last = max((day for day in days if day <= today), default=None)
        wanted = [contact.medium for contact in one.contacts if contact.allowed and contact.medium in {way.id for way in used}]
        refused = frozenset(contact.medium for contact in one.contacts if contact.wish == persons.NO)
        free = [way.id for way in used if not way.ask and way.id not in refused]
        recent = [Fixed(day) for day in days if day > today - timedelta(days=MONTH)]
        stands = (*recent, *planned[one.id])
        found.append(Someone(one.id, one.called, last, one.ideal_days, one.worst_days, tuple(wanted or free), one.stopped, stands, refused))
    return found
