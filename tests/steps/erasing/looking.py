"""What the tests of taking somebody out look at: the bytes of files, and everything in a workbook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kizuna.language.tokens import telling_words
from kizuna.steps.erasing.hers import LONG, TELLING
from kizuna.workbook.models import Base, fingerprint
from kizuna.workbook.store import Workbook

SAME = 6
Dump = dict[str, dict[int, dict[str, Any]]]


def dump(book: Workbook) -> Dump:
    """Every row of every table."""
    with book.reading() as session:
        return {
            table.name: {row["id"]: dict(row) for row in session.execute(select(table)).mappings()} for table in Base.metadata.sorted_tables
        }


def grams(text: str) -> set[str]:
    return {text[at : at + SAME] for at in range(len(text) - SAME + 1)}


def hers_alone(before: Dump, person_id: int) -> set[str]:
    """Six letters in a row that she said and nobody else; what the owner says in passing (shorter than what is covered) is hers too."""
    mine = {row["text"] for row in before["voice"].values() if row["person_id"] == person_id}
    others = {row["text"] for row in before["voice"].values() if row["person_id"] != person_id}
    asked = {row["question"] for row in before["voice"].values()}
    found = {gram for text in mine for gram in grams(text)} - {gram for text in others | asked for gram in grams(text)}
    return found - {gram for text in owners(before) for gram in in_passing(text, found)}


def owners(before: Dump) -> set[str]:
    """Every text but what customers said."""
    rows = (row for table, found in before.items() if table not in ("voice", "change") for row in found.values())
    return {text for row in rows for value in row.values() for text in strings(value)}


def in_passing(text: str, found: set[str]) -> set[str]:
    said: set[str] = set()
    at = 0
    while at + SAME <= len(text):
        end = at
        while text[end : end + SAME] in found:
            end += 1
        length = end - at + SAME - 1
        short = length < LONG or len(set(telling_words(text[at : at + length]))) < TELLING
        if end > at and short and not ("「" in text[:at] and "」" in text[end:]):
            said |= grams(text[at : at + length])
        at = max(end, at + 1)
    return said


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def files(workbook: Path) -> list[Path]:
    """The workbook and all that lies beside it or below."""
    return sorted(one for one in workbook.parent.rglob("*") if one.is_file())


def standing(workbook: Path, needles: Iterable[str]) -> dict[str, list[str]]:
    """Which of these texts stand in the bytes of any file, in UTF-8, as JSON writes them, or as the fingerprint of a text."""
    data = {path.name: path.read_bytes() for path in files(workbook)}
    spelled = {one: {one.encode(), json.dumps(one)[1:-1].encode(), json.dumps(one)[1:-1].upper().encode()} for one in needles if one}
    return {
        name: sorted(there) for name, whole in data.items() if (there := [one for one, ways in spelled.items() if any(way in whole for way in ways)])
    }  # fmt: skip


def prints(before: Dump, person_id: int) -> set[str]:
    """The fingerprints of her words, and what was made from her name."""
    rows = before["voice"].values()
    mine = {row["text"] for row in rows if row["person_id"] == person_id} - {row["text"] for row in rows if row["person_id"] != person_id}
    return {fingerprint(one) for one in mine} | {row["identity"] for row in rows if row["person_id"] == person_id}
