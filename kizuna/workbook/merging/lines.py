"""What became of each row since two workbooks parted, told by their histories; values are JSON's, as the history keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from kizuna.workbook.history import plain
from kizuna.workbook.merging.kin import ACTS, KEPT, MERGED, Told, alone, forked
from kizuna.workbook.models import Act, Base, Change, Erasure, Vector

Row = dict[str, Any]
Key = tuple[str, int]
_BESIDE = {Act.__tablename__, Change.__tablename__, Erasure.__tablename__, Vector.__tablename__}  # what merging leaves alone
TABLES: tuple[Table, ...] = tuple(one for one in Base.metadata.sorted_tables if one.name not in _BESIDE)


@dataclass
class Line:
    """One row: how it stood when the workbooks parted, and after each act since (None: it was not there)."""

    base: Row | None
    versions: list[Row | None] = field(default_factory=list)
    act: int = 0  # the act that touched it last
    seen: list[Row] = field(default_factory=list)  # those that came from another workbook: what was made of them since was made knowingly

    @property
    def now(self) -> Row | None:
        """How it stands."""
        return self.versions[-1]


@dataclass(frozen=True)
class Side:
    """One of two workbooks: its rows by table and key, what became of those it touched since the act ``fork``, and what stands only in it."""

    fork: int
    rows: dict[str, dict[int, Row]]
    lines: dict[Key, Line]
    acts: list[Told]

    @property
    def undone_elsewhere(self) -> tuple[str, ...]:
        """What both did before they parted and the other has undone since."""
        return tuple(one.label for one in self.acts if one.id <= self.fork)

    def before(self, line: Line) -> bool:
        """Whether a row was touched last before the two parted, by an act that the other has undone since."""
        return line.act <= self.fork


def sides(ours: Session, theirs: Session) -> tuple[Side, Side] | None:
    """Both workbooks since they parted; None where they have no beginning in common."""
    acts = _acts(ours), _acts(theirs)
    fork = forked(*acts)
    while fork and not _alike(_changes(ours, [fork]), _changes(theirs, [fork])):  # two acts of one second at one machine
        fork = max((number for number in acts[0].keys() & acts[1].keys() if number < fork), default=0)
    if not fork:
        return None
    here, there = alone(acts[0], acts[1], fork), alone(acts[1], acts[0], fork)
    return _side(ours, here, fork), _side(theirs, there, fork)


def _acts(session: Session) -> dict[int, Told]:
    return {row[0]: Told(*row) for row in session.connection().exec_driver_sql(ACTS)}


def _side(session: Session, acts: list[Told], fork: int) -> Side:
    rows = {table.name: {row["id"]: row for row in map(_row, session.execute(select(table)).mappings())} for table in TABLES}
    lines: dict[Key, Line] = {}
    changes = _changes(session, [one.id for one in acts])
    known = {one.act_id for one in changes if one.table == "answer" and one.after and one.after["key"].startswith(MERGED)}
    known |= {one.id for one in acts if one.label == KEPT}
    for change in changes:
        if change.table not in rows:
            continue
        line = lines.setdefault((change.table, change.row_id), Line(change.before))
        line.versions.append(change.after)
        line.act = change.act_id
        if change.after is not None and change.act_id in known:
            line.seen.append(change.after)
    for (table, number), line in lines.items():
        whole = rows[table].get(number) or _defaults(table)
        line.base = _filled(line.base, whole)
        line.versions = [_filled(one, whole) for one in line.versions]
        line.seen = [one for version in line.seen if (one := _filled(version, whole))]
    return Side(fork, rows, lines, acts)


def _changes(session: Session, acts: list[int]) -> list[Change]:
    found: list[Change] = []
    for first in range(0, len(acts), 500):
        found += session.scalars(select(Change).where(Change.act_id.in_(acts[first : first + 500])))
    return sorted(found, key=lambda one: one.id)


def _alike(one: Iterable[Change], other: Iterable[Change]) -> bool:
    """Whether two acts changed the same; of one of them that may have been erased since."""
    first, second = ([(change.table, change.row_id, change.before, change.after) for change in side] for side in (one, other))
    return first == second or not first or not second


def _row(values: Mapping[Any, Any]) -> Row:
    return {name: plain(value) for name, value in values.items()}


def _filled(version: Row | None, whole: Row) -> Row | None:
    """With the columns that came in with a later version of kizuna, and without those that went."""
    return None if version is None else {name: version.get(name, value) for name, value in whole.items()}


def _defaults(table: str) -> Row:
    defaults = {one.name: one.default for one in Base.metadata.tables[table].columns}
    return {name: one.arg if isinstance(one, ScalarElementColumnDefault) else None for name, one in defaults.items()}
