"""What leaves of every row of a workbook, column by column as ``workbook/policy.py`` decides."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import JSON, String, Table
from sqlalchemy.orm import Session

from kizuna.steps.consents import by_voice, outward
from kizuna.steps.handin.covering import Cover, wholly
from kizuna.workbook.models import Base, fingerprint
from kizuna.workbook.policy import CODE, NUMBERED, POLICY, Way, answer_way
from kizuna.workbook.reading import Topic
from kizuna.workbook.submission import Row, Rows, decoded

_KEY = re.compile(r"[A-Za-z_]{1,40}")
_TOPICS = frozenset(Topic)
_AMONG_MEMBERS = "members"  # a scope that reaches beyond the shop, but not as far as an instructor


def read(session: Session) -> Rows:
    """Every row as the file holds it, by table."""
    return {table.name: _read(session, table) for table in Base.metadata.sorted_tables}


def withheld(session: Session, today: date) -> frozenset[int]:
    """Voices about which somebody was asked and that no consent lets out of the shop on that day: withdrawn, expired, or for within the shop alone."""
    asked = {voice_id: [one for one in rows if one.withdrawn_on is None] for voice_id, rows in by_voice(session).items()}
    return frozenset(voice_id for voice_id, rows in asked.items() if not set(outward(rows, today)) - {_AMONG_MEMBERS})


def leaving(raw: Rows, cover: Cover, withheld: frozenset[int]) -> Rows:
    """What leaves of every table; the words of ``withheld`` voices covered from end to end."""
    return {table.name: _leaving(table, raw[table.name], cover, withheld) for table in Base.metadata.sorted_tables}


def _read(session: Session, table: Table) -> list[Row]:
    """The rows of a table as the file holds them."""
    listed = ", ".join(f'"{column.name}"' for column in table.columns)
    found = session.connection().exec_driver_sql(f'SELECT {listed} FROM "{table.name}" ORDER BY id')
    return [dict(row) for row in found.mappings()]


def _leaving(table: Table, rows: Iterable[Row], cover: Cover, withheld: frozenset[int]) -> list[Row]:
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
            new["text"] = wholly(new["text"]) if row["id"] in withheld else new["text"]
            new["sha256"] = fingerprint(new["text"])
        found.append(new)
    return found


def _value(table: Table, column: Any, way: Way, row: Row, cover: Cover) -> Any:
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


def _answer(key: str, value: str, cover: Cover) -> str:
    told = decoded(value)
    if key != CODE:
        told = cover.shop(told) if key == "shop" and isinstance(told, str) else _inside(told, cover)
    return json.dumps(told, ensure_ascii=False)


def _inside(value: Any, cover: Cover) -> Any:
    """A decoded value with every text in it covered."""
    if isinstance(value, str):
        return cover(value)
    if isinstance(value, list):
        return [_inside(one, cover) for one in value]
    if isinstance(value, dict):
        return {cover(str(key)): _inside(one, cover) for key, one in value.items()}
    return value
