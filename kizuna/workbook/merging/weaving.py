"""Two workbooks made into one, in memory: what either side added stays, what one side changed is taken, what both changed is asked."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table

from kizuna.workbook.merging.lines import TABLES, Key, Line, Row, Side
from kizuna.workbook.merging.same import BY, REFUSED, WHENEVER, keys, settled, unique
from kizuna.workbook.models import fingerprint
from kizuna.workbook.relations import LISTED, SENDERS, UNDECIDED, points, sender

_TABLE = {table.name: table for table in TABLES}
_LETTERS = ("draft", "piece", "paper_copy")
_ORDER = [one for one in TABLES if one.name not in _LETTERS] + [_TABLE[name] for name in _LETTERS]
_LISTS = {table: {column: to for (of, column), to in LISTED.items() if of == table} for table in _TABLE}


class Gone(Exception):  # noqa: N818
    """What a row points at was erased here for good; the row then stays there."""


@dataclass(frozen=True)
class Conflict:
    """One value that both sides wrote differently: ours stands, theirs waits for the owner's word."""

    table: str
    row_id: int
    column: str
    here: Any
    there: Any


@dataclass
class Woven:
    """What the workbook would hold, what the owner is asked, and what she is told."""

    rows: dict[str, dict[int, Row]]
    became: dict[Key, int] = field(default_factory=dict)  # the keys of their rows here, where they are others
    conflicts: list[Conflict] = field(default_factory=list)
    back: list[Key] = field(default_factory=list)  # what one side took away and the other went on with: it stays
    twice: list[int] = field(default_factory=list)  # drafts that both sides rewrote: both are kept
    undone: tuple[str, ...] = ()  # what one side had undone and the other not: it stays done, but nothing is taken away by it
    lost: Counter[str] = field(default_factory=Counter)  # not taken, since whom it is about was erased here


def weave(ours: Side, theirs: Side, next_keys: dict[str, int]) -> Woven:
    """``theirs`` woven into ``ours``; new rows get keys from ``next_keys`` on."""
    return _Weaving(ours, theirs, next_keys).run()


class _Weaving:
    def __init__(self, ours: Side, theirs: Side, next_keys: dict[str, int]) -> None:
        self.ours, self.theirs, self.next_keys = ours, theirs, dict(next_keys)
        self.woven = Woven({name: dict(rows) for name, rows in ours.rows.items()}, undone=ours.undone_elsewhere + theirs.undone_elsewhere)
        self.rows = self.woven.rows
        self.index: dict[str, dict[tuple[Any, ...], int]] = {name: {} for name in _TABLE}
        for name, rows in self.rows.items():
            for number, row in rows.items():
                self._note(name, number, row)
        self.known = self.woven.became
        self.away: set[Key] = set()  # their rows that are not taken
        self.taken = {  # what they took away
            key for key, line in theirs.lines.items() if line.base is not None and line.now is None and not theirs.before(line)
        }
        self.claimed: set[Key] = set()
        self.added: dict[str, dict[str, list[int]]] = {}
        self.busy: set[Key] = set()
        self.fresh: set[Key] = set()

    def run(self) -> Woven:
        for (name, number), line in self.ours.lines.items():
            row = self.theirs.rows[name].get(number)
            if line.base is not None and line.now is None and self.ours.before(line) and row and (name, number) not in self.theirs.lines:
                self._restore(name, number)
        for table in _ORDER:
            if table.name == "draft":
                self._letters()
            found = [(number, line) for (name, number), line in self.theirs.lines.items() if name == table.name and line.now is not None]
            for number, line in sorted(found, key=lambda one: one[0]):
                try:
                    self._take(table, number, line)
                except Gone:
                    self.away.add((table.name, number))
                    self.woven.lost[table.name] += 1
        self._remove()
        self._prune()
        self._promise()
        return self.woven

    def _restore(self, name: str, number: int) -> None:
        """A row that we took away before the two parted, and whose taking away they have undone."""
        if number not in self.rows[name]:
            with contextlib.suppress(Gone):
                self._bring_back((name, number), self._mapped(name, self.theirs.rows[name][number]))

    # ---- one row of theirs

    def _take(self, table: Table, number: int, line: Line) -> None:
        name, key = table.name, (table.name, number)
        if key in self.known or key in self.away:
            return
        if key in self.busy or line.now is None:
            raise Gone
        self.busy.add(key)
        row = self._mapped(name, line.now)
        if line.base is None:
            self._add(name, number, row)
        elif number in self.rows[name]:
            self._join(name, number, line.base, row)
        elif self._is_deleted(key):
            self._bring_back(key, row)
        else:
            raise Gone

    def _add(self, name: str, number: int, row: Row) -> None:
        key = (name, number)
        there = self._same_key(name, row)
        if there is not None:
            self.known[key] = there
            base = self.theirs.lines[name, there].base if (name, there) in self.taken else None
            self.taken.discard((name, there))
            self._join(name, there, base, row)
            return
        there = self._same_content(name, row)
        self.known[key] = self._new(name, row) if there is None else there

    def _new(self, name: str, row: Row) -> int:
        number = self.next_keys[name]
        self.next_keys[name] += 1
        self._put(name, number, row)
        self.fresh.add((name, number))
        return number

    def _join(self, name: str, number: int, base: Row | None, row: Row) -> None:
        """Three ways: the row as both sides found it, as it stands here, and as it stands there."""
        here = self.rows[name][number]
        if name == "voice":
            if row["text"] != here["text"]:  # two texts under one identity: neither is changed
                self._apart(row)
            return
        line = self.ours.lines.get((name, number))
        mine = self._decided(name, here, row, base)
        if mine is True and name in REFUSED:
            return
        changed = dict(here)
        for column, there in row.items():
            if column == "id" or there == here[column] or (base is not None and there == base[column]):
                continue
            if mine is False or (base is not None and here[column] == base[column]):
                changed[column] = there
            elif mine is True or (line and any(one[column] == there for one in line.seen)):
                continue  # a draft gives way, and what was here before was changed knowingly
            else:
                done, value = settled(name, column, here[column], there)
                if done:
                    changed[column] = value
                else:
                    self.woven.conflicts.append(Conflict(name, number, column, here[column], there))
        self._put_if_unique(name, number, here, changed)

    def _put_if_unique(self, name: str, number: int, here: Row, changed: Row) -> None:
        if self._same_key(name, changed, but=number) is not None:
            for column in [one for one in changed if unique(name, one) and changed[one] != here[one]]:
                self.woven.conflicts.append(Conflict(name, number, column, here[column], changed[column]))
                changed[column] = here[column]
        self._put(name, number, changed)

    def _decided(self, name: str, here: Row, row: Row, base: Row | None) -> bool | None:
        """Whether ours stands over theirs (or theirs over ours: False), because only one of the two was a person's; None where that tells nothing."""
        if wish := REFUSED.get(name):
            refused = (here[wish] == "no", row[wish] == "no")
            return None if refused[0] == refused[1] else refused[0]
        by = BY.get(name)
        if by is None or (base is not None and (here == base or row == base)):
            return None
        persons = (here[by] == "person", row[by] == "person")
        return None if persons == (True, True) else persons[0] or not persons[1]

    def _apart(self, row: Row) -> None:
        row = row | {"identity": fingerprint(f"{row['identity']}\n{row['text']}")}
        if self._same_key("voice", row) is None:
            self._new("voice", row)

    # ---- what a row points at

    def _mapped(self, name: str, row: Row) -> Row:
        made = dict(row)
        for column, to in points(name).items():
            if made[column] is not None:
                made[column] = self._point(to, made[column])
        for column, to in _LISTS[name].items():
            made[column] = [self._point(to, one) for one in made[column] if not self._erased(to, one)]
        if name == SENDERS[0]:
            made[SENDERS[1]] = list(self._senders(made[SENDERS[1]]))
        if name == "tie" and made["first_id"] > made["second_id"]:
            made["first_id"], made["second_id"] = made["second_id"], made["first_id"]
        return made

    def _senders(self, columns: list[Any]) -> Iterator[Any]:
        for one in columns:
            person = sender(one)
            if person is None:
                yield one
            elif not self._erased("person", person):
                yield [one[0], self._point("person", person)]

    def _point(self, table: str, number: int) -> int:
        key = (table, number)
        if key in self.known:
            return self.known[key]
        line = self.theirs.lines.get(key)
        if key in self.away:
            raise Gone
        if line and line.base is None:
            self._take(_TABLE[table], number, line)
            return self.known[key]
        if number not in self.rows[table]:
            if not self._is_deleted(key):
                raise Gone
            now = (line and line.now) or self.ours.lines[key].base or {}
            self._bring_back(key, self._mapped(table, now))
        return self.known.get(key, number)

    def _erased(self, table: str, number: int) -> bool:
        try:
            self._point(table, number)
        except Gone:
            return True
        return False

    def _is_deleted(self, key: Key) -> bool:
        line = self.ours.lines.get(key)
        return line is not None and line.base is not None and line.now is None

    def _bring_back(self, key: Key, row: Row) -> None:
        """What we took away and they went on with stays; and with it what we took away that hung on it."""
        name, number = key
        there = self._same_key(name, row)
        if there is not None:
            self.known[key] = there
            self._join(name, there, None, row)
            return
        self._put(name, number, row)
        self.woven.back.append(key)
        for child, line in self.ours.lines.items():
            gone = line.base is not None and line.now is None and child[1] not in self.rows[child[0]] and child not in self.known
            if gone and child not in self.taken and key in _parents(child[0], line.base or {}, line.act == self.ours.lines[key].act):
                there_line = self.theirs.lines.get(child)
                with contextlib.suppress(Gone):
                    self._bring_back(child, self._mapped(child[0], (there_line and there_line.now) or line.base or {}))

    # ---- which of our rows is theirs

    def _same_key(self, name: str, row: Row, but: int | None = None) -> int | None:
        found = (self.index[name].get(key) for key in keys(name, row))
        return next((number for number in found if number is not None and number != but), None)

    def _same_content(self, name: str, row: Row) -> int | None:
        """A row that was added here too and stands just like it, or that came from there and was changed here since."""
        if any(keys(name, row)):
            return None
        if name not in self.added:
            self.added[name] = _added(name, self.ours)
        free = [one for one in self.added[name].get(_told(name, row), []) if one in self.rows[name] and (name, one) not in self.claimed]
        if not free:
            return None
        self.claimed.add((name, free[0]))
        return free[0]

    # ---- letters are taken whole: half of one and half of another would be nobody's letter

    def _letters(self) -> None:
        mine, theirs = _letters(self.ours), _letters(self.theirs)
        self.claimed |= {("draft", number) for number in self.rows["draft"].keys() & self.theirs.rows["draft"].keys() - mine - theirs}
        for number in sorted(theirs):
            row = self.theirs.rows["draft"].get(number)
            line = self.theirs.lines.get(("draft", number))
            added = line is not None and line.base is None
            if row is None or (not added and number in self.rows["draft"] and number not in mine):
                continue
            pieces = _pieces(self.theirs.rows, number)
            try:
                self._letter(number, row, pieces, added)
            except Gone:
                self.woven.lost["draft"] += 1
                self.away |= {("draft", number), *(("piece", one["id"]) for one in pieces)}
            self.taken -= {key for key in self.taken if key[0] == "piece" and self._was_in(key, number)}

    def _letter(self, number: int, row: Row, pieces: list[Row], added: bool) -> None:
        key = ("draft", number)
        if not added and number not in self.rows["draft"] and not self._is_deleted(key):
            raise Gone
        letter = self._mapped("draft", row)
        mapped = [self._mapped("piece", one | {"draft_id": None}) for one in pieces]
        asked = (_told("draft", letter), *(_told("piece", one) for one in mapped))
        for there in sorted(self.rows["draft"]):
            own = _pieces(self.rows, there)
            if ("draft", there) not in self.claimed and asked == (
                _told("draft", self.rows["draft"][there]),
                *(_told("piece", one | {"draft_id": None}) for one in own),
            ):
                self.claimed.add(("draft", there))
                self.known |= {key: there, **{("piece", one["id"]): mine["id"] for one, mine in zip(pieces, own, strict=True)}}
                return
        new = self.known[key] = self._new("draft", letter)
        self.claimed.add(("draft", new))  # two letters that stand alike there are two here as well
        for one, made in zip(pieces, mapped, strict=True):
            self.known["piece", one["id"]] = self._new("piece", made | {"draft_id": new})
        if not added:
            self.woven.twice.append(new)

    def _was_in(self, piece: Key, draft: int) -> bool:
        base = self.theirs.lines[piece].base
        return base is not None and base["draft_id"] == draft

    # ---- what they took away

    def _remove(self) -> None:
        """What they took away goes, unless something here was changed in it or stands on it."""
        wanted = {key for key in self.taken if key[1] in self.rows[key[0]]}
        stays = {key for key in wanted if key in self.ours.lines}
        while True:
            more = {key for key in wanted - stays if any(parent in stays for parent in self._over(key))}
            standing = wanted - stays - more
            used = {
                parent
                for name, rows in self.rows.items()
                for number, row in rows.items()
                if (name, number) not in standing
                for parent in _parents(name, row)
            }
            more |= standing & used
            if not more:
                break
            stays |= more
        for name, number in wanted - stays:
            self._drop(name, number)
        self.woven.back += sorted(stays)

    def _over(self, key: Key) -> Iterator[Key]:
        """What a row they took away hangs on, or was taken away with."""
        act, row = self.theirs.lines[key].act, self.rows[key[0]][key[1]]
        for parent in _parents(key[0], row):
            line = self.theirs.lines.get(parent)
            if parent in _parents(key[0], row, every=False) or (line and line.act == act):
                yield parent

    def _prune(self) -> None:
        """A box that the machine drafted there, and in which nothing lies here, is no news."""
        used = {row["theme_id"] for name in ("placement", "action") for row in self.rows[name].values()}
        for name, number in sorted(self.fresh):
            if name == "theme" and number not in used and self.rows[name][number]["named_by"] == "draft":
                self._drop(name, number)

    def _promise(self) -> None:
        """Nothing is decided that nobody's words ask for any more."""
        for (evidence, column), undecided in UNDECIDED.items():
            name = points(evidence)[column]
            asked = {row[column] for row in self.rows[evidence].values()}
            before = {row[column] for row in self.ours.rows[evidence].values()}
            for number, row in list(self.rows[name].items()):
                if number not in asked and (number in before or row != self.ours.rows[name].get(number)):
                    self._put(name, number, row | undecided)

    # ---- the rows in memory

    def _put(self, name: str, number: int, row: Row) -> None:
        self._drop(name, number)
        self.rows[name][number] = row | {"id": number}
        self._note(name, number, row)

    def _drop(self, name: str, number: int) -> None:
        if row := self.rows[name].pop(number, None):
            for key in keys(name, row):
                if self.index[name].get(key) == number:
                    del self.index[name][key]

    def _note(self, name: str, number: int, row: Row) -> None:
        for key in keys(name, row):
            self.index[name].setdefault(key, number)


def _parents(name: str, row: Row, every: bool = True) -> set[Key]:
    """The rows a row points at; without ``every`` only those it cannot be without."""
    columns = _TABLE[name].columns
    return {(to, row[one]) for one, to in points(name).items() if row.get(one) is not None and (every or not columns[one].nullable)}


def _told(name: str, row: Row) -> str:
    """All that a row says but its key."""
    beside = ("id", WHENEVER.get(name))
    return json.dumps({column: value for column, value in row.items() if column not in beside}, ensure_ascii=False, sort_keys=True)


def _added(name: str, side: Side) -> dict[str, list[int]]:
    """The rows added on this side by what they say, and by what they said when they came from elsewhere."""
    found: dict[str, list[int]] = {}
    for (of, number), line in sorted(side.lines.items(), key=lambda one: one[0]):
        if of == name and line.base is None:
            for told in dict.fromkeys(_told(name, one) for one in (line.now, *line.seen) if one):
                found.setdefault(told, []).append(number)
    return found


def _letters(side: Side) -> set[int]:
    """The drafts that were touched on this side, they or their pieces."""
    found = {number for name, number in side.lines if name == "draft"}
    versions = (row for (name, _), line in side.lines.items() if name == "piece" for row in (line.base, *line.versions))
    return found | {row["draft_id"] for row in versions if row}


def _pieces(rows: dict[str, dict[int, Row]], draft: int) -> list[Row]:
    return sorted((one for one in rows["piece"].values() if one["draft_id"] == draft), key=lambda one: (one["position"], one["id"]))
