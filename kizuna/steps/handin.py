"""The hand-in (提出用ファイル): what of a workbook leaves the machine, looked at first and then made."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, String, Table
from sqlalchemy.orm import Session

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.counting import counted
from kizuna.language.personal import MASK, Kind, Known, Personal, find_personal, mask
from kizuna.language.personal.structured import find_structured
from kizuna.language.plain import plain
from kizuna.steps.consents import texts
from kizuna.workbook.models import Base, fingerprint
from kizuna.workbook.policy import CODE, HIDE, MADE_ON, NUMBERED, POLICY, Way, answer_way
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook
from kizuna.workbook.submission import SUFFIX, code, decoded, is_submission, open_submission, pack

Row = dict[str, Any]

_KEY = re.compile(r"[A-Za-z_]{1,40}")
_TOPICS = frozenset(Topic)
_TELLS_NAME = re.compile(r"[かが]な|[カガ]ナ|ｶﾅ|ｶﾞﾅ|よみ|ヨミ|読み|名前|氏名|姓|ニックネーム|呼び名")
_AMONG_MEMBERS = "members"  # a scope that reaches beyond the shop, but not as far as an instructor
_LEAST = {Kind.EMAIL: 5, Kind.SNS: 5, Kind.ADDRESS: 6}  # letters of what is looked for in all texts once it stands in one


class Texts(Entry):
    """Texts that leave under one heading: by table and column, how each is called."""

    title: str
    columns: dict[str, str]


class Fact(Entry):
    """What besides texts leaves of a table."""

    table: str
    label: str
    unit: str
    what: str


class Stays(Entry):
    """What stays here: columns, whole tables, fields of the owner's."""

    label: str
    columns: list[str] = []
    tables: list[str] = []
    fields: list[str] = []


class HandInWords(Entry):
    """Everything in ``handin.yaml``."""

    lead: str
    masks: str
    look: str
    agree: str
    changed: str
    passing: str
    withheld: str
    nothing: str
    texts: list[Texts]
    facts: list[Fact]
    stays: list[Stays]
    answers: dict[str, str]


@dataclass(frozen=True)
class Leaving:
    """One text as it leaves: whose or what it is, and its words with all that is covered."""

    label: str
    text: str


@dataclass(frozen=True)
class Section:
    """Texts that leave under one heading."""

    title: str
    texts: tuple[Leaving, ...]


@dataclass(frozen=True)
class Count:
    """How many of something leave or stay; ``what`` says what of it."""

    label: str
    count: int
    unit: str = ""
    what: str = ""

    @property
    def said(self) -> str:
        """How many, in words."""
        return counted(self.count, self.unit)


@dataclass(frozen=True)
class HandIn:
    """All that would leave: ``sections`` its texts, ``facts`` what else, ``stays`` what does not; ``digest`` stands for the whole file."""

    code: str
    digest: str
    sections: tuple[Section, ...]
    facts: tuple[Count, ...]
    stays: tuple[Count, ...]
    covered: int
    withheld: int
    rows: Mapping[str, list[Row]] = field(repr=False)

    @property
    def texts(self) -> int:
        """How many texts leave."""
        return sum(len(section.texts) for section in self.sections)


def words() -> HandInWords:
    """The words of the page as ``content/handin.yaml`` tells them."""
    return load("handin.yaml", HandInWords)


def prepare(book: Workbook, today: date | None = None) -> HandIn:
    """All that would leave the machine, as it would leave; the same as long as the workbook and what people allow on that day are the same.

    Raises ``KizunaError`` where the workbook cannot be written (its code is kept in it), and where nothing is in it yet.
    """
    own_code = code(book)
    with book.reading() as session:
        raw = {table.name: _read(session, table) for table in Base.metadata.sorted_tables}
    if not raw["voice"] and len(raw["answer"]) < 2:
        raise KizunaError(words().nothing)
    cover, withheld = _Cover(raw), _withheld(raw, (today or date.today()).isoformat())
    rows = {table.name: _leaving(table, raw[table.name], cover, withheld) for table in Base.metadata.sorted_tables}
    return HandIn(
        own_code,
        hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest(),
        tuple(_sections(rows)),
        tuple(Count(one.label, count, one.unit, one.what) for one in words().facts if (count := _count(one.table, rows[one.table]))),
        tuple(_stays(raw)),
        cover.covered,
        len(withheld),
        rows,
    )


def hand_in(book: Workbook, path: Path, approved: str, today: date | None = None) -> Path:
    """Make the file; ``approved`` is the digest of what was looked at. Returns its path, with the ending that hand-ins have.

    Raises ``KizunaError`` where the workbook has changed since, where another kind of file is there, or where it cannot be written.
    """
    made = prepare(book, today)
    if made.digest != approved:
        raise KizunaError(words().changed)
    out = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
    if out.exists() and not is_submission(out):
        raise KizunaError(f"「{out.name}」は別のファイルです。上書きしないように、ほかの名前を選んでください。")
    day = {"key": MADE_ON, "value": json.dumps((today or date.today()).isoformat())}
    last = max(made.rows["answer"], key=lambda row: int(row["id"]))
    rows = {**made.rows, "answer": [*made.rows["answer"], {**last, **day, "id": last["id"] + 1}]}
    _write(out, pack(rows))
    return out


def listed(one: HandIn) -> Iterator[str]:
    """Everything that would leave and what would not, line by line, for a terminal."""
    for section in one.sections:
        yield f"■ {section.title}（{len(section.texts)}）"
        yield from (f"  {each.label}：{each.text}" for each in section.texts)
    yield "■ 文のほかに、外に出るもの"
    yield from (f"  {each.label} {each.said}（{each.what}）" for each in one.facts)
    yield "■ 外に出ないもの"
    yield from (f"  {each.label}" for each in one.stays)


def file_name(handed_in: HandIn) -> str:
    """What a hand-in is called: by the code, not by a name."""
    return f"提出用_{handed_in.code}{SUFFIX}"


def _write(out: Path, data: bytes) -> None:
    """Whole or not at all; what was written is opened once as the instructor will open it."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        open_submission(draft).close()
        draft.replace(out)
    except OSError as error:
        raise KizunaError(f"「{out.parent}」に書き込めませんでした。フォルダーがあるか、空きがあるかを確かめてください。") from error
    finally:
        draft.unlink(missing_ok=True)


def _read(session: Session, table: Table) -> list[Row]:
    """The rows of a table as the file holds them."""
    listed = ", ".join(f'"{column.name}"' for column in table.columns)
    found = session.connection().exec_driver_sql(f'SELECT {listed} FROM "{table.name}" ORDER BY id')
    return [dict(row) for row in found.mappings()]


def _withheld(raw: Mapping[str, list[Row]], today: str) -> frozenset[int]:
    """Voices about which somebody was asked and that no consent lets out of the shop today: withdrawn, expired, or for within the shop alone."""
    outward = {row["id"] for row in raw["consent"] if _outward(row, today)}
    asked = {row["voice_id"] for row in raw["consent_voice"]}
    return frozenset(asked - {row["voice_id"] for row in raw["consent_voice"] if row["consent_id"] in outward})


def _outward(row: Row, today: str) -> bool:
    if row["withdrawn_on"] is not None or (row["expires_on"] or today) < today:
        return False
    inside = {one.key for one in texts().scopes if not one.outward} | {_AMONG_MEMBERS}
    return bool(set(decoded(row["scopes"])) - inside)


def _leaving(table: Table, rows: Iterable[Row], cover: _Cover, withheld: frozenset[int]) -> list[Row]:
    """What leaves of a table: every column by its policy, and nothing of a column that has none."""
    ways = {column: POLICY[table.name][column.name] for column in table.columns}
    if Way.OUT in ways.values():
        return []
    found = []
    for row in rows:
        if table.name == "answer" and answer_way(row["key"]) is Way.OUT:
            continue
        new = {column.name: _value(table, column, way, row, cover) for column, way in ways.items()}
        if table.name == "voice":
            new["text"] = _all_covered(new["text"]) if row["id"] in withheld else new["text"]
            new["sha256"] = fingerprint(new["text"])
        found.append(new)
    return found


def _value(table: Table, column: Any, way: Way, row: Row, cover: _Cover) -> Any:
    value = row[column.name]
    if value is None:
        return None
    if way is Way.BLANK:
        return None if column.nullable else "[]" if column.name == "columns" else "{}" if isinstance(column.type, JSON) else ""
    if way in (Way.PSEUDONYM, Way.ANEW):
        return NUMBERED[table.name, column.name].format(id=row["id"]) if (table.name, column.name) in NUMBERED else ""
    if table.name == "answer" and column.name == "value":
        return _answer(row["key"], value, cover)
    if way is Way.MASK:
        return cover(value)
    if isinstance(column.type, JSON):
        return json.dumps([one for one in decoded(value) if isinstance(one, int) or re.fullmatch(r"[\w-]{1,40}", str(one), re.ASCII)])
    return value if not isinstance(column.type, String) or _is_key(table.name, column.name, value) else cover(value)


def _is_key(table: str, column: str, value: str) -> bool:
    """Whether a kept text is a key of the content, and not words."""
    return bool(_KEY.fullmatch(value)) or value in _TOPICS or (table, column) in (("answer", "key"), ("consent", "version"))


def _answer(key: str, value: str, cover: _Cover) -> str:
    told = decoded(value)
    if key != CODE:
        told = cover.shop(told) if key == "shop" and isinstance(told, str) else _inside(told, cover)
    return json.dumps(told, ensure_ascii=False)


def _inside(value: Any, cover: _Cover) -> Any:
    """A decoded value with every text in it covered."""
    if isinstance(value, str):
        return cover(value)
    if isinstance(value, list):
        return [_inside(one, cover) for one in value]
    if isinstance(value, dict):
        return {cover(str(key)): _inside(one, cover) for key, one in value.items()}
    return value


def _all_covered(text: str) -> str:
    return mask(text, [Personal(0, len(text), Kind.PERSON, "")])


class _Cover:
    """Covers what tells who somebody is: what the recogniser finds, and what is known from anywhere in the workbook."""

    def __init__(self, raw: Mapping[str, list[Row]]) -> None:
        answers = {row["key"]: decoded(row["value"]) for row in raw["answer"]}
        found = list(_everywhere(raw))
        terms = [term for kind, term in found if len(term) >= _LEAST.get(kind, 1_000)]
        terms += [line for line in str(answers.get(HIDE) or "").splitlines() if line.strip()]
        phones = [term for kind, term in found if kind is Kind.PHONE]
        names = list(_names(raw))
        shop = str(answers.get("shop") or "")
        own = [*(str(answers.get(key) or "") for key in ("sender.name", "declare.name"))]
        parts = [part for part in re.split(r"[\s（）()「」]+", shop) if len(part) > 2]
        self._people = Known(names, terms, phones)
        self._known = Known([*names, *own], [*terms, *parts], phones)
        called = str(answers.get("called") or "")
        self._own = (called, re.sub(r"(さん|さま|様)$", "", called)) if called else ()
        self._texts: dict[str, str] = {}
        self.covered = 0

    def __call__(self, text: str) -> str:
        if text not in self._texts:
            self._texts[text] = self._all(text)
        self.covered += len(re.findall(f"{MASK}+", self._texts[text])) if MASK not in text else 0
        return self._texts[text]

    def shop(self, text: str) -> str:
        """The shop's own name, with what tells of its customers or where to reach it covered."""
        flat = plain(text)
        spans = [Personal(*flat.span(one.start, one.end), one.kind, one.reason) for one in find_structured(flat)]
        return _until_none(text, self._people, spans)

    def _all(self, text: str) -> str:
        return _until_none(text, self._known, _recognised(text, self._own))


def _until_none(text: str, known: Known, found: Iterable[Personal]) -> str:
    """The text with all that was found and all that is known covered, both told by the whole text: half a name would not be known again.

    What is covered may show a word that was no word before, so it is asked until nothing is left.
    """
    before, text = text, mask(text, [*found, *known.find(text)])
    while text != before:
        before, text = text, mask(text, known.find(text))
    return text


@lru_cache(maxsize=16_384)
def _recognised(text: str, own: tuple[str, ...]) -> tuple[Personal, ...]:
    return tuple(find_personal(text, own))


def _names(raw: Mapping[str, list[Row]]) -> Iterator[str]:
    """Every name in the workbook."""
    for row in raw["person"]:
        yield row["name"] or ""
        yield from (str(value) for header, value in decoded(row["about"] or "{}").items() if _TELLS_NAME.search(header))
    for row in raw["consent"]:
        yield from (row["shown_name"], row["guardian"])


def _everywhere(raw: Mapping[str, list[Row]]) -> Iterator[tuple[Kind, str]]:
    """Numbers and addresses that stand in any text of the workbook, those that stay here among them."""
    for table, rows in raw.items():
        if Way.OUT in POLICY[table].values():
            continue
        for row in rows:
            for value in {value for value in row.values() if isinstance(value, str)}:
                yield from _structured(value)


@lru_cache(maxsize=16_384)
def _structured(text: str) -> tuple[tuple[Kind, str], ...]:
    flat = plain(text)
    return tuple((one.kind, flat.text[one.start : one.end]) for one in find_structured(flat))


def _sections(rows: Mapping[str, list[Row]]) -> Iterator[Section]:
    """Every text that leaves, under its heading."""
    called = {row["id"]: row["name"] or f"お名前のない方 {row['id']}" for row in rows["person"]}
    for one in words().texts:
        leaving = [
            Leaving(_label(table, label, row, called), text)
            for table, columns in _by_table(one.columns).items()
            for row in sorted(rows[table], key=lambda row: (row.get("person_id") or 0, row["id"]))
            for column, label in columns.items()
            if (table, column) != ("voice", "question")  # stands beside its answer
            if (text := _text(table, row[column]))
        ]
        if leaving:
            yield Section(one.title, tuple(leaving))


def _by_table(columns: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, label in columns.items():
        table, column = name.split(".")
        found.setdefault(table, {})[column] = label
    return found


def _label(table: str, label: str, row: Row, called: Mapping[int, str]) -> str:
    if table == "voice":
        return f"{called[row['person_id']]}・{row['question']}"
    return _questions().get(row["key"], label) if table == "answer" else label


def _text(table: str, value: Any) -> str:
    if table != "answer":
        return str(value or "")
    told = decoded(value)
    return told if isinstance(told, str) else ""


@cache
def _questions() -> dict[str, str]:
    """What each of the owner's fields asks."""
    forms = load("forms.yaml", dict[str, list[dict[str, Any]]])
    return {one["key"]: one["question"] for fields in forms.values() for one in fields} | words().answers


def _count(table: str, rows: list[Row]) -> int:
    """How many rows of a table leave; of the owner's answers those that are no text."""
    return sum(table != "answer" or not isinstance(decoded(row["value"]), str) for row in rows)


def _stays(raw: Mapping[str, list[Row]]) -> Iterator[Count]:
    for one in words().stays:
        count = sum(len(raw[table]) for table in one.tables)
        count += sum(
            row[column] not in (None, "", "[]", "{}") for name in one.columns for table, column in [name.split(".")] for row in raw[table]
        )
        count += sum(row["key"] in one.fields and decoded(row["value"]) not in (None, "") for row in raw["answer"])
        if count:
            yield Count(one.label, count)
