"""Every change is kept with its row before and after, so that every act can be undone and done again."""

from __future__ import annotations

import getpass
import platform
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, DateTime, Table, delete, event, insert, inspect, select, update
from sqlalchemy.orm import Session

from kizuna.workbook.models import Act, Base, Change

_UNLOGGED = {Act.__tablename__, Change.__tablename__}


def begin_act(session: Session, label: str) -> None:
    """From here on, all that ``session`` flushes belongs to one act called ``label`` (kept only if anything changes)."""
    session.info["label"] = label
    event.listen(session, "before_flush", _note_before)
    event.listen(session, "after_flush", _note_after)


@cache
def writer() -> str:
    """Whose account this is at which computer, as far as the system tells."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return "・".join(one for one in (user, platform.node()) if one)


@dataclass(frozen=True)
class Done:
    """One act as the page about the history tells it; ``at`` is in UTC, without zone."""

    label: str
    at: datetime
    by: str
    state: str


def acts(session: Session, most: int, before: int | None = None) -> list[tuple[int, Done]]:
    """The latest acts by their keys, the newest first; ``before`` gives those older than that key."""
    query = select(Act).order_by(Act.id.desc()).limit(most)
    found = session.scalars(query if before is None else query.where(Act.id < before))
    return [(one.id, Done(one.label, one.at, one.by or "", one.state)) for one in found]


def last_act(session: Session) -> Act | None:
    """The act that undo would take back, or None."""
    return session.scalars(select(Act).where(Act.state == "done").order_by(Act.id.desc()).limit(1)).first()


def next_redo(session: Session) -> Act | None:
    """The act that redo would do again: the one undone last, if nothing else was done since."""
    return session.scalars(select(Act).where(Act.state == "undone").order_by(Act.id).limit(1)).first()


def revert(session: Session, act: Act) -> None:
    """Take ``act`` back: every row as it was before it."""
    for change in _changes(session, act, newest_first=True):
        _write(session, change.table, change.row_id, change.before)
    act.state = "undone"


def reapply(session: Session, act: Act) -> None:
    """Do ``act`` again: every row as it was after it."""
    for change in _changes(session, act, newest_first=False):
        _write(session, change.table, change.row_id, change.after)
    act.state = "done"


def _changes(session: Session, act: Act, newest_first: bool) -> list[Change]:
    order = Change.id.desc() if newest_first else Change.id
    return list(session.scalars(select(Change).where(Change.act_id == act.id).order_by(order)))


def _note_before(session: Session, *_: Any) -> None:
    """Remember rows that are about to change or go, as they stood in the file."""
    before = session.info.setdefault("before", {})
    for row in [*session.dirty, *session.deleted]:
        if row.__tablename__ not in _UNLOGGED and (row in session.deleted or session.is_modified(row)):
            before.setdefault(row, _loaded(row))


def _note_after(session: Session, *_: Any) -> None:
    """Write the changes of this flush; ``insertmany`` keeps 500 voices quick."""
    before = session.info.get("before", {})
    entries: list[dict[str, Any]] = []
    for row in session.new:
        if row.__tablename__ not in _UNLOGGED:
            entries.append({"table": row.__tablename__, "row_id": row.id, "before": None, "after": _current(row)})
    for row in session.dirty:
        if row in before and (old := before.pop(row)) != (new := _current(row)):
            entries.append({"table": row.__tablename__, "row_id": row.id, "before": old, "after": new})
    for row in session.deleted:
        if row in before:
            entries.append({"table": row.__tablename__, "row_id": row.id, "before": before.pop(row), "after": None})
    if not entries:
        return
    if "act" not in session.info:
        session.execute(update(Act).where(Act.state == "undone").values(state="dropped"))
        session.info["act"] = session.execute(insert(Act).values(label=session.info["label"], by=writer()).returning(Act.id)).scalar_one()
    session.execute(insert(Change), [entry | {"act_id": session.info["act"]} for entry in entries])


def _write(session: Session, table_name: str, row_id: int, values: dict[str, Any] | None) -> None:
    table: Table = Base.metadata.tables[table_name]
    if values is None:
        session.execute(delete(table).where(table.c.id == row_id))
        return
    row = {column.name: revive(column.type, values[column.name]) for column in table.columns if column.name in values}
    done = session.execute(update(table).where(table.c.id == row_id).values(**row))
    if not done.rowcount:  # type: ignore[attr-defined]
        session.execute(insert(table).values(**row))


def _loaded(row: Any) -> dict[str, Any]:
    """The row as it was loaded, in JSON's types."""
    state = inspect(row)
    values = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        values[attribute.key] = plain(history.deleted[0] if history.deleted else getattr(row, attribute.key))
    return values


def _current(row: Any) -> dict[str, Any]:
    """The row as it stands, in JSON's types."""
    return {attribute.key: plain(getattr(row, attribute.key)) for attribute in inspect(row).mapper.column_attrs}


def plain(value: Any) -> Any:
    """A column's value in JSON's types."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def revive(kind: Any, value: Any) -> Any:
    """A column's value of ``kind`` from JSON's types."""
    if isinstance(value, str) and isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value
