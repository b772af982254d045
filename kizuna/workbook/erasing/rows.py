"""What of a file tells of one person, row by row, and the file without it: the rows, and their history as if she had never been there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from kizuna.workbook.erasing.decisions import DECISIONS, LOOSENED, OPENED, After, decided, pointing
from kizuna.workbook.intake import key_of
from kizuna.workbook.models import Act, Base, Change, Quote, Vector, Voice, called, fingerprint
from kizuna.workbook.relations import points, sender

Row = Mapping[str, Any]
Cover = Callable[[str, str, str], str]  # table, column and text → the text without what tells of her

_AT_ONCE = 500  # SQLite takes a limited number of values in one question


@dataclass(frozen=True)
class Whose:
    """A person as every file that grew from a workbook knows her: keys, names and voices of hers; ``others`` are the keys of everybody else.

    A file that was gone back to may have given her number to somebody else, so numbers tell nothing.
    """

    keys: frozenset[str]
    names: frozenset[str]
    identities: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True)
class Covered:
    """A text of the owner's that tells of the person, before and after."""

    table: str
    column: str
    row_id: int
    before: str
    after: str


@dataclass
class Found:
    """All that has to be done to a file: rows that go, by table; those that change; what of the history goes or changes."""

    gone: dict[str, frozenset[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    changed: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    loosened: dict[tuple[str, int], Row] = field(default_factory=dict)
    covered: list[Covered] = field(default_factory=list)
    papers: list[int] = field(default_factory=list)
    changes: dict[int, tuple[Any, Any] | None] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    acts: frozenset[int] = frozenset()


class Images:
    """Every row of a file as it stands (``now``), and as it ever stood in its history."""

    def __init__(self, session: Session) -> None:
        self.now: dict[str, dict[int, Row]] = {}
        for table in Base.metadata.sorted_tables:
            if table.name not in ("change", "vector"):
                self.now[table.name] = {row["id"]: dict(row) for row in session.execute(select(table)).mappings()}
        self.changes = list(session.execute(select(Change.id, Change.act_id, Change.table, Change.row_id, Change.before, Change.after)))

    @cached_property
    def ever(self) -> dict[str, list[tuple[int, Row]]]:
        """By table every row that stands there or once stood there."""
        found: dict[str, list[tuple[int, Row]]] = defaultdict(list)
        for table, rows in self.now.items():
            found[table].extend(rows.items())
        for one in self.changes:
            found[one.table].extend((one.row_id, row) for row in (one.before, one.after) if row)
        return found

    def people(self, who: Whose) -> frozenset[int]:
        """Her number in this file; each she ever had, if she was taken off the list and came again."""
        said = {row.get("person_id") for _, row in self.ever["voice"] if row.get("identity") in who.identities}
        named = {number for number, row in self.ever["person"] if row.get("key") in who.keys}
        called = {number for number, row in self.ever["person"] if row.get("name") in who.names}
        return frozenset(number for number in said | named | called if number is not None and not self._other(number, who))

    def _other(self, number: int, who: Whose) -> bool:
        row = self.now["person"].get(number)
        return row is not None and row["key"] in who.others


def whose(images: Images, person_id: int) -> Whose:
    """What this file knows a person by."""
    hers = [row for number, row in images.ever["person"] if number == person_id]
    names = frozenset(row["name"] for row in hers if row.get("name"))
    voices = [row for _, row in images.ever["voice"] if row.get("person_id") == person_id]
    others = frozenset(row["key"] for number, row in images.now["person"].items() if number != person_id)
    return Whose(
        frozenset({*(row["key"] for row in hers), *(key_of(one) for name in names for one in (name, called(name)))}) - others,
        names,
        frozenset(row["identity"] for row in voices),
        others,
    )


def find(images: Images, who: Whose, cover: Cover) -> Found:
    """All that has to be done to a file so that nothing in it tells of her."""
    found = Found(gone=_gone(images, images.people(who)))
    gone = found.gone
    found.counts = {table: count for table, rows in gone.items() if (count := len(rows & images.now.get(table, {}).keys()))}
    loose = _loosened(images, gone)
    for table, rows in images.now.items():
        for number, row in rows.items():
            if number not in gone.get(table, ()):
                _note(found, table, number, row, _without(table, row, gone, cover))
    once = {(table, number): values for (table, number), (values, _) in loose.items()}
    once |= {
        ("draft", images.now["piece"][number]["draft_id"]): LOOSENED[OPENED] for table, number in list(found.changed) if table == "piece"
    }
    now = {one for one, (_, at_once) in loose.items() if at_once} | {one for one in once if one not in loose}
    for one in now:
        there = images.now[one[0]].get(one[1])
        if there and (values := {key: value for key, value in once[one].items() if there[key] != value}):
            found.changed[one] = found.changed.get(one, {}) | values
            found.loosened[one] = there
    _rewrite(found, images, once, cover)
    return found


def _note(found: Found, table: str, number: int, row: Row, new: Row) -> None:
    values = {key: value for key, value in new.items() if value != row[key]}
    if not values:
        return
    if table == "act":
        found.labels[number] = values["label"]
        return
    found.changed[table, number] = values
    if table == "paper_copy" and "voices" in values and row["taken_down_on"] is None:
        found.papers.append(number)
    for key in values:
        if DECISIONS[table][key] is After.TEXT:
            pairs = zip(_texts(row[key]), _texts(new[key]), strict=True)
            found.covered += [Covered(table, key, number, before, after) for before, after in pairs if before != after]


def apply(session: Session, found: Found) -> None:
    """Do it, within a session that writes; what was there is overwritten in the file, not only let go."""
    connection = session.connection()
    connection.exec_driver_sql("PRAGMA secure_delete=ON")
    connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")  # rows go in any order; what holds at the end counts
    connection.exec_driver_sql("PRAGMA cache_spill=OFF")  # nobody waits to read before it is all done
    tables = Base.metadata.tables
    for table, rows in found.gone.items():
        for some in _parts(rows):
            session.execute(delete(tables[table]).where(tables[table].c.id.in_(some)))
    for (table, number), values in found.changed.items():
        session.execute(update(tables[table]).where(tables[table].c.id == number).values(**values))
    for some in _parts(number for number, new in found.changes.items() if new is None):
        session.execute(delete(Change).where(Change.id.in_(some)))
    for number, new in found.changes.items():
        if new is not None:
            session.execute(update(Change.__table__).where(Change.id == number).values(before=new[0], after=new[1]))  # type: ignore[arg-type]
    for some in _parts(found.acts):
        session.execute(delete(Act).where(Act.id.in_(some)))
    for number, label in found.labels.items():
        session.execute(update(Act.__table__).where(Act.id == number).values(label=label))  # type: ignore[arg-type]
    _let_vectors_go(session)


def _gone(images: Images, people: Collection[int]) -> dict[str, frozenset[int]]:
    """The rows that go, those that are only in the history among them: hers, what points at them, and what only they pointed at."""
    gone: dict[str, set[int]] = defaultdict(set)
    gone["person"] |= set(people)
    size = -1
    while size != (size := sum(map(len, gone.values()))):
        for table, rows in images.ever.items():
            pointers = pointing(table, After.GO)
            gone[table].update(number for number, row in rows if any(row.get(column) in gone[target] for column, target in pointers))
        for target, number in _left_alone(images, gone):
            gone[target].add(number)
    return {table: frozenset(rows) for table, rows in gone.items() if rows}


def _left_alone(images: Images, gone: Mapping[str, Collection[int]]) -> Iterator[tuple[str, int]]:
    pointed: dict[tuple[str, int], list[bool]] = defaultdict(list)
    for table, rows in images.ever.items():
        for column, target in pointing(table, After.LAST):
            for number, row in rows:
                if row.get(column) is not None:
                    pointed[target, row[column]].append(number in gone[table])
    return (one for one, all_gone in pointed.items() if all(all_gone))


def _without(table: str, row: Row, gone: Mapping[str, Collection[int]], cover: Cover) -> dict[str, Any]:
    """A row that stays, as it is without her."""
    new = dict(row)
    for column, target in pointing(table, After.LOSE):
        if row.get(column) in gone.get(target, ()):
            new[column] = None
    for column in decided(table, After.TEXT):
        if row.get(column):
            new[column] = _each_text(row[column], lambda text, column=column: cover(table, column, text))  # type: ignore[misc]
    for column in decided(table, After.VOICES):
        new[column] = [one for one in row.get(column) or [] if one not in gone.get("voice", ())]
    for column in decided(table, After.SENDERS):
        new[column] = _senders(row.get(column) or [], gone, cover)
    if table == "group" and new["name"] != row["name"]:
        new["name"] += f"（{row['id']}）"  # names of groups differ
    return new


def _senders(columns: Iterable[Any], gone: Mapping[str, Collection[int]], cover: Cover) -> list[Any]:
    here = (one for one in columns if sender(one) not in gone.get("person", ()))
    return [[_each_text(part, lambda text: cover("source", "columns", text)) for part in one] for one in here]


def _each_text(value: Any, cover: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return cover(value)
    if isinstance(value, list):
        return [_each_text(one, cover) for one in value]
    if isinstance(value, dict):
        return {key: _each_text(one, cover) for key, one in value.items()}
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _loosened(images: Images, gone: Mapping[str, Collection[int]]) -> dict[tuple[str, int], tuple[Row, bool]]:
    """What is no longer decided or finished, with the values it then has; and whether that holds as it stands, or only in its history."""
    found: dict[tuple[str, int], tuple[Row, bool]] = {}
    for (table, column), values in LOOSENED.items():
        target = points(table)[column]
        here, going = images.now[table], gone.get(table, frozenset())
        left = {row[column] for number, row in here.items() if number not in going}
        for number, row in images.ever[table]:
            one = (target, row[column])
            if number in going and row[column] not in gone.get(target, ()) and ((table, column) == OPENED or row[column] not in left):
                found[one] = (values, number in here or (one in found and found[one][1]))
    return found


def _rewrite(found: Found, images: Images, loose: Mapping[tuple[str, int], Row], cover: Cover) -> None:
    """The history without her: changes of rows that go, and such as change nothing any more, go, and with them acts of which nothing is left."""
    left: dict[int, bool] = {}
    for one in images.changes:
        before, after = (
            None if row is None or one.row_id in found.gone.get(one.table, ())
            else {**_without(one.table, row, found.gone, cover), **loose.get((one.table, one.row_id), {})}
            for row in (one.before, one.after)
        )  # fmt: skip
        if before == after:
            found.changes[one.id] = None
        elif (before, after) != (one.before, one.after):
            found.changes[one.id] = (before, after)
        left[one.act_id] = left.get(one.act_id, False) or before != after
    found.acts = frozenset(number for number, stays in left.items() if not stays)


def _let_vectors_go(session: Session) -> None:
    """The numbers of words that are gone."""
    said = session.execute(select(Voice.text, Quote.start, Quote.end).join(Quote, Quote.voice_id == Voice.id))
    living = {fingerprint(text[start:end]) for text, start, end in said}
    for some in _parts(number for number, key in session.execute(select(Vector.id, Vector.sha256)) if key not in living):
        session.execute(delete(Vector).where(Vector.id.in_(some)))


def _parts(numbers: Iterable[int]) -> Iterator[list[int]]:
    whole = sorted(numbers)
    return (whole[start : start + _AT_ONCE] for start in range(0, len(whole), _AT_ONCE))
