"""The instructor's own page and table: everybody in the class, with names only where they are wished for."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kizuna.process import Part, course
from kizuna.steps import review
from kizuna.steps.report.cohort import Cohort, Pair
from kizuna.steps.report.facts import SCALES, Facts, read
from kizuna.steps.report.standing import Standing, standings
from kizuna.steps.report.words import words
from kizuna.views.report.classroom import box_name, part_name
from kizuna.views.report.pieces import style
from kizuna.views.sheets import render

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Row:
    """One hand-in on the instructor's page: its facts and where its report lies, or in one sentence why there is none.

    ``report`` and ``pdf`` are addresses relative to the index page.
    """

    number: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    report: str = ""
    pdf: str = ""
    error: str = ""


def index_html(rows: Sequence[Row], cohort: Cohort, *, names: bool = False, links: Mapping[str, str] | None = None) -> str:
    """The instructor's page: who is where and needs help, the reports, what could not be read, pairs; ``links`` are further pages by their title."""
    made = [(row, read(row.facts)) for row in rows if not row.error]
    standing = standings(one for _, one in made)
    twice = {name for name, count in Counter(one.name for _, one in made).items() if count > 1}
    called = {one.code: _called(one, names) + (f"（{one.code}）" if names and one.name in twice else "") for _, one in made}
    return render(
        "report/instructor.html.j2",
        style=style(),
        texts=words().board,
        today=date.today(),
        parts={part: part_name(part) for part in Part},
        titles={part: one.title for part, one in course().parts.items()},
        steps=course().steps,
        all=len(rows),
        lines=[(row, called[one.facts.code], one, _help(one)) for (row, _), one in zip(made, standing, strict=True)],
        needing=sum(one.need is not None for one in standing),
        broken=[row for row in rows if row.error],
        pairs=[_pair(one, called) for one in cohort.pairs],
        links=links or {},
    )


def summary_csv(rows: Sequence[Row], *, names: bool = False) -> bytes:
    """One line a hand-in, for Excel (UTF-8 with its mark); what begins like a formula is a text."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(_header(names))
    standing = iter(standings(read(row.facts) for row in rows if not row.error))
    for row in rows:
        table.writerow([_cell(one) for one in (_line(row, next(standing), names) if not row.error else _broken(row, names))])
    return out.getvalue().encode("utf-8-sig", "replace")


def _header(names: bool) -> list[str]:
    texts = words().board
    numbers = (f"{part_name(part)} {one.label}（{one.unit}）" for one in review.words().numbers.values() for part in Part)
    scales = (f"{title} {when}" for title in words().scales.values() for when in ("はじめ", "いま"))
    names_column = [texts["who"]] if names else []
    return [
        texts["number"],
        "コード",
        *names_column,
        "お仕事の種類",
        texts["where"],
        texts["help"],
        *numbers,
        *scales,
        texts["report"],
        texts["not_made"],
    ]


def _line(row: Row, one: Standing, names: bool) -> Iterator[object]:
    facts = one.facts
    yield from (row.number, facts.code, *([facts.name] if names else []), facts.industry, box_name(facts.furthest), _help(one))
    yield from (facts.numbers.get(key, {}).get(part, "") for key in review.words().numbers for part in Part)
    yield from ("" if value is None else value for key in SCALES for value in facts.scales.get(key, (None, None)))
    yield from (row.report, "")


def _broken(row: Row, names: bool) -> list[object]:
    return [row.number, *[""] * (len(_header(names)) - 2), row.error]


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _called(one: Facts, names: bool) -> str:
    return one.name if names and one.name else words().board["participant"].format(code=one.code or words().board["unknown"])


def _help(one: Standing) -> str:
    """Whether a hand is wanted and how, in a sentence; nothing where none is."""
    return words().board[one.need].format(steps=one.behind) if one.need else ""


def _pair(one: Pair, called: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The names of a pair, and what each can be asked about."""
    texts = words().board
    names = [called.get(code, code) for code in one.codes]
    told = [texts["pair_new"].format(name=name, kinds="、".join(kinds)) for name, kinds in zip(names, one.alone, strict=True) if kinds]
    return names, told or [texts["pair_same"]]
