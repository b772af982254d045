"""Which row is the header, and the rows below it cut to the columns it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kizuna.errors import KizunaError
from kizuna.workbook.reading.cell import Cell, shorten, text_of
from kizuna.workbook.reading.dates import read_date
from kizuna.workbook.reading.hints import is_answer, is_label, is_question, is_title
from kizuna.workbook.reading.table import Problem, Row

LOOK_AT = 10
ENOUGH = 0.25
SURE = 1.75
MOST_COLUMNS = 500
UNKNOWN_WORDS = 0.5
ONE_COLUMN = "声"

TOO_WIDE = "見出しより列が多く、どの欄か決められません。この行は取り込みません。"


@dataclass(frozen=True)
class Headed:
    """Header and rows, notes, the line of the header (0: none), the columns kept as numbered in the file, rows that do not fit."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    line: int
    columns: tuple[int, ...]
    problems: tuple[Problem, ...] = ()


def split_header(name: str, rows: Sequence[Row], ragged: bool) -> Headed:
    """``rows`` (none blank) as header and body; with ``ragged`` a row wider than the header is a problem, else the header grows.

    Raises ``KizunaError`` naming the file when there is no answer below the header.
    """
    if not rows:
        raise nothing_in(name)
    used = sorted({at for row in rows for at, cell in enumerate(row.cells) if cell is not None})
    at = _one_column_header(rows) if len(used) == 1 else _header_at(rows, used, ragged)
    if at is None:
        header: dict[int, str] = {}
        body, notes = rows, [f"見出しの行がないようなので、{rows[0].number}行目から回答として読みました。"]
    else:
        header, body, notes = _names(rows, at), rows[at + 1 :], [f"{rows[at].number}行目を見出しとして読みました。"]
        if at:
            notes.append(f"見出しより上の {at} 行は、題名などとみて使いませんでした。")
    if not body:
        raise KizunaError(f"「{name}」には見出しだけがあり、その下に回答がありません。回答の入ったファイルを選んでください。")
    problems: list[Problem] = []
    if ragged and len(used) > 1:
        width = len(rows[at].cells) if at is not None else Counter(len(row.cells) for row in rows).most_common(1)[0][0]
        wide = {row.number for row in body if any(cell is not None for cell in row.cells[width:])}
        problems = [Problem(row.number, "", shorten(",".join(map(text_of, row.cells))), TOO_WIDE) for row in body if row.number in wide]
        body = [row for row in body if row.number not in wide]
        if not body:
            raise KizunaError(f"「{name}」は、どの行も見出しより列が多くて読めません。Excel で開いて列をそろえ、保存し直してください。")
    kept = sorted({at for row in body for at, cell in enumerate(row.cells) if cell is not None} | set(header))
    if len(kept) > MOST_COLUMNS:
        raise KizunaError(f"「{name}」には {len(kept):,} 列あり、多すぎて読めません。回答の列だけを残して、保存し直してください。")
    titles = tuple(header.get(column) or (ONE_COLUMN if len(used) == 1 else f"{_letters(column)}列") for column in kept)
    cut = tuple(Row(row.number, tuple(row.cells[column] if column < len(row.cells) else None for column in kept)) for row in body)
    return Headed(titles, cut, tuple(notes), rows[at].number if at is not None else 0, tuple(kept), tuple(problems))


def nothing_in(name: str) -> KizunaError:
    """The error for a file that holds no words at all."""
    return KizunaError(f"「{name}」には文字が入っていません。回答の入ったファイルかどうか、確かめてください。")


def _one_column_header(rows: Sequence[Row]) -> int | None:
    """0 or 1 when the first or, below a title, the second row is a question or a label; ``None`` when answers begin at once."""
    first, *rest = [next((text_of(cell) for cell in row.cells if cell is not None), "") for row in rows[:3]]
    if not (is_question(first) or is_title(first)):
        return None
    return 1 if not is_question(first) and len(rest) > 1 and is_question(rest[0]) and is_label(rest[0]) else 0


def _header_at(rows: Sequence[Row], used: Sequence[int], ragged: bool) -> int | None:
    """The place of the row that looks most like a header among the first ten; ``None`` when none does."""
    columns = Counter(sum(cell is not None for cell in row.cells) for row in rows[:200]).most_common(1)[0][0] if ragged else len(used)
    best, most, fullest, plain_above = None, ENOUGH, 0, True
    for at, row in enumerate(rows[:LOOK_AT]):
        score = _score(row, min(columns, len(used)))
        filled = sum(cell is not None for cell in row.cells)
        if score > most and (filled > fullest or score >= SURE or (plain_above and filled == fullest)):
            best, most = at, score
        fullest, plain_above = max(fullest, filled), plain_above and score > 0
    if best is None or most > UNKNOWN_WORDS:
        return best
    below = [_score(row, min(columns, len(used))) for row in rows[best + 1 : best + LOOK_AT]]
    return None if below and sum(score >= most for score in below) * 2 >= len(below) else best


def _score(row: Row, columns: int) -> float:
    """How much ``row`` looks like the header of a table with ``columns`` columns: 2 for nothing but labels, below 0 for answers."""
    filled = [cell for cell in row.cells if cell is not None]
    if len(filled) < 2 or len(filled) * 2 < columns or len({text_of(cell) for cell in filled}) * 4 < len(filled) * 3:
        return -1
    return sum(_header_like(cell) for cell in filled) / max(len(filled), columns)


def _header_like(cell: Cell) -> float:
    if not isinstance(cell, str):
        return -1
    if is_label(cell):
        return 2
    if is_question(cell):
        return 1.5
    try:
        read_date(cell)
        return -1
    except ValueError:
        return -1 if is_answer(cell) or len(cell) > 40 or cell.replace(".", "").isdigit() else UNKNOWN_WORDS


def _names(rows: Sequence[Row], at: int) -> dict[int, str]:
    """Column → name from row ``at``; a cell that was merged with the row above takes its name from there."""
    names = {column: text_of(cell) for column, cell in enumerate(rows[at].cells) if cell is not None}
    if at and rows[at - 1].number == rows[at].number - 1:
        below = {column for row in rows[at + 1 :] for column, cell in enumerate(row.cells) if cell is not None}
        above = {column: text_of(cell) for column, cell in enumerate(rows[at - 1].cells) if isinstance(cell, str)}
        names = {column: above[column] for column in above if column in below and is_label(above[column])} | names
    return names


def _letters(column: int) -> str:
    """The letters Excel writes above column ``column`` (from 0)."""
    letters = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(65 + left) + letters
    return letters
