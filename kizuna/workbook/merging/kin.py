"""Other workbooks in the folder that grew from the same beginning: told by their histories, whatever their names."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kizuna.workbook.backups import copies
from kizuna.workbook.models import fingerprint
from kizuna.workbook.place import SUFFIX

MERGED = "merged."  # the rest of this answer's key is the tip of a history that was merged in; undo takes it back with the rest
KEPT = "こちらの内容のままにした"  # the act that decides a conflict for ours: theirs then stands in the history
ACTS = "SELECT id, at, by, label, state FROM act ORDER BY id"


@dataclass(frozen=True)
class Told:
    """One act as its row tells it."""

    id: int
    at: str
    by: str | None
    label: str
    state: str

    @property
    def done(self) -> bool:
        """Whether it stands."""
        return self.state == "done"

    def same(self, other: Told) -> bool:
        """Whether it is that act; its label may have been blanked since, its state may have changed."""
        return (self.id, self.at, self.by) == (other.id, other.at, other.by) and (
            self.label == other.label or "" in (self.label, other.label)
        )


@dataclass(frozen=True)
class Relative:
    """Another file of the same workbook: the labels of what was done only here and only there, and when and by whom there last."""

    path: Path
    here: tuple[str, ...]
    there: tuple[str, ...]
    last_at: datetime
    last_by: str
    merged: bool  # all that is there was merged in

    @property
    def ahead(self) -> bool:
        """Whether something is there that is not here."""
        return bool(self.there) and not self.merged


def relatives(path: Path) -> tuple[Relative, ...]:
    """The other files of the workbook at ``path`` in its folder (not its copies), the one written last first; none is written to."""
    others = _beside(path)
    if not others:
        return ()
    ours, merged = _read(path)
    found = [_relative(ours, merged, other) for other in others]
    return tuple(sorted((one for one in found if one), key=lambda one: one.last_at, reverse=True))


def forked(ours: Mapping[int, Told], theirs: Mapping[int, Told]) -> int:
    """The last act that both histories begin with, or 0 where they have none in common.

    An act that only one of them still knows (a history may have been cut, or acts been erased) does not end the common beginning.
    """
    last = 0
    for number in sorted(ours.keys() & theirs.keys()):
        if not ours[number].same(theirs[number]):
            break
        last = number
    return last


def alone(one: Mapping[int, Told], other: Mapping[int, Told], fork: int) -> list[Told]:
    """The acts that stand in ``one`` and do not in ``other``: those since ``fork``, and those that were undone there."""
    return [act for number, act in one.items() if act.done and (number > fork or (number in other and not other[number].done))]


def tip(acts: Mapping[int, Told]) -> str:
    """What tells one state of a history from every other."""
    last = acts[max(acts)]
    return fingerprint(f"{last.id} {last.at} {last.by} {last.label} {sum(one.done for one in acts.values())}")[:24]


def acts_of(connection: sqlite3.Connection) -> dict[int, Told]:
    """The acts of a workbook by their keys; one of an older version does not know by whom."""
    columns = {row[1] for row in connection.execute("PRAGMA table_info(act)")}
    asked = ACTS if "by" in columns else ACTS.replace("by,", "NULL,", 1)
    return {row[0]: Told(*row) for row in connection.execute(asked)}


def _beside(path: Path) -> list[Path]:
    copied = {one.path for one in copies(path)}
    return [other for other in sorted(path.parent.glob(f"*{SUFFIX}")) if other.name != path.name and other not in copied]


def _relative(ours: dict[int, Told], merged: set[str], other: Path) -> Relative | None:
    theirs, _ = _read(other, like=ours)
    fork = forked(ours, theirs)
    if not fork:
        return None
    there, last = alone(theirs, ours, fork), theirs[max(theirs)]
    return Relative(
        other,
        tuple(one.label for one in alone(ours, theirs, fork)),
        tuple(one.label for one in there),
        datetime.fromisoformat(last.at),
        last.by or "",
        tip(theirs) in merged,
    )


def _read(path: Path, like: Mapping[int, Told] | None = None) -> tuple[dict[int, Told], set[str]]:
    """The acts of the workbook at ``path`` and the tips merged into it; nothing for another workbook than ``like``, or for what is none."""
    with contextlib.suppress(sqlite3.Error), _reading(path) as connection:
        if like is not None and not _begins_like(connection, like):
            return {}, set()
        keys = connection.execute("SELECT key FROM answer WHERE key LIKE ?", (f"{MERGED}%",))
        return acts_of(connection), {key.removeprefix(MERGED) for (key,) in keys}
    return {}, set()


def _begins_like(connection: sqlite3.Connection, ours: Mapping[int, Told]) -> bool:
    """A glance, so that a folder full of other workbooks costs next to nothing."""
    first = connection.execute("SELECT id, at FROM act WHERE id >= ? ORDER BY id LIMIT 1", (min(ours, default=1),)).fetchone()
    return first is not None and (first[0] not in ours or ours[first[0]].at == first[1])


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as connection:
        yield connection
