"""What the tests of the place begin with: an open gate, members, and a talk as LINE saves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from kizuna.process import Part
from kizuna.steps import roster
from kizuna.steps.tribe import members
from kizuna.steps.tribe.gate import NOTE
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Invitation, Offer
from kizuna.workbook.reading import Spoken, read_talk_times
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 20)
NAMES = ("ミナト", "よし子", "はるぱん")


def a_place(*names: str, on: date = TODAY - timedelta(days=20)) -> tuple[Workbook, dict[str, int]]:
    """A workbook whose gate is open and whose members have these names, with their ids as persons."""
    book = open_workbook(MEMORY)
    save_answer(book, NOTE, "研修の練習のため")
    ids = {name: roster.add(book, name) for name in names or NAMES}
    for number in ids.values():
        members.join(book, number, on)
    return book, ids


def invited(book: Workbook, part: Part, used_on: date | None, *ids: int) -> None:
    """These were invited to something of that part, and came on that day (None: did not come)."""
    with book.act("招いた") as session:
        offer = Offer(part=part)
        session.add(offer)
        session.flush()
        session.add_all(Invitation(offer_id=offer.id, person_id=number, medium="letter", used_on=used_on) for number in ids)


def saved(messages: Sequence[tuple[datetime, str, str]], name: str = "読書の会.txt") -> Spoken:
    """Messages as the phone's LINE saves them, read again."""
    lines = ["[LINE] 読書の会のトーク履歴", "保存日時：2026/11/20 10:20"]
    day = None
    for at, who, words in messages:
        if at.date() != day:
            day = at.date()
            lines += ["", f"{day:%Y/%m/%d}({'月火水木金土日'[day.weekday()]})"]
        lines.append(f"{at:%H:%M}\t{who}\t{words}")
    return read_talk_times(name, ("\n".join(lines) + "\n").encode())


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment in November 2026."""
    return datetime(2026, 11, day, hour, minute)
