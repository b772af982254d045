"""What the owner likes to tell again, and from when on it may be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.language.points import texts
from kizuna.workbook.models import Recurring
from kizuna.workbook.rows import fetch
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class RecurringView:
    """Something the owner likes to tell again, and from when on it may be told."""

    id: int
    title: str
    point: str
    rest_days: int
    last_on: date | None

    @property
    def free_from(self) -> date | None:
        """The day from which it may be told again (none: it never was told)."""
        return self.last_on + timedelta(days=self.rest_days) if self.last_on else None

    def rests(self, today: date) -> bool:
        """Whether it is too early to tell it again."""
        return self.free_from is not None and today < self.free_from


def recurring(book: Workbook, today: date | None = None) -> tuple[RecurringView, ...]:
    """What may be told again: first what is free, then what rests, the soonest first."""
    now = today or date.today()
    with book.reading() as session:
        rows = session.scalars(select(Recurring).order_by(Recurring.id)).all()
    views = [RecurringView(row.id, row.title, row.point, row.rest_days, row.last_on) for row in rows]
    return tuple(sorted(views, key=lambda one: (one.rests(now), one.free_from or date.min, one.id)))


def add_recurring(book: Workbook, title: str, point: str, rest_days: int) -> int:
    """Note something the owner likes to tell again; returns its id. Raises ``KizunaError`` for one without words, point or days."""
    if not title.strip():
        raise KizunaError("何をくり返すかを、ひとことで書いてください。")
    if point not in {one.key for one in texts().points}:
        raise KizunaError("五つの目のつけどころから、近いものを一つ選んでください。")
    if not 1 <= rest_days <= 3650:
        raise KizunaError("間をあける日数は、1から3650までの数で書いてください。")
    with book.act("くり返すものを入れた") as session:
        row = Recurring(title=title.strip(), point=point, rest_days=rest_days)
        session.add(row)
        session.flush()
        return row.id


def tell(book: Workbook, recurring_id: int, today: date | None = None) -> None:
    """Note that it was told today; it then rests. Raises ``KizunaError`` while it still rests."""
    now = today or date.today()
    with book.act("くり返すものを使った") as session:
        row = fetch(session, Recurring, recurring_id, "これは、ほかの画面で消されました。画面を新しくしてください。")
        view = RecurringView(row.id, row.title, row.point, row.rest_days, row.last_on)
        if view.rests(now) and view.free_from:
            raise KizunaError(
                f"「{row.title}」は、{view.free_from.month}月{view.free_from.day}日まで休ませています。ほかのものを選びましょう。"
            )
        row.last_on = now


def drop_recurring(book: Workbook, recurring_id: int) -> None:
    """Take away what is told again no more (undo brings it back)."""
    with book.act("くり返すものを消した") as session:
        row = session.get(Recurring, recurring_id)
        if row is not None:
            session.delete(row)
