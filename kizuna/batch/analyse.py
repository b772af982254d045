"""One file of texts → what kizuna reads in each of them, as JSON lines for those who script."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from kizuna.batch.files import write_lines
from kizuna.errors import KizunaError
from kizuna.language.feedback import kinds
from kizuna.language.highlight import highlight
from kizuna.language.personal import find_personal
from kizuna.language.rules import check_text
from kizuna.language.themes import suggest, themes_of
from kizuna.workbook.reading import read_cells

Who = Literal["customer", "owner"]
Line = dict[str, Any]


def analyse_file(
    file: Path | str,
    column: str,
    out: Path | str,
    who: Who = "customer",
    channel_column: str | None = None,
    purpose_column: str | None = None,
    group_column: str | None = None,
    own: Sequence[str] = (),
) -> int:
    """Analyse the texts in ``column`` of ``file`` into ``out``, one JSON object a row; returns the number of rows.

    Raises ``KizunaError`` where the file or a column cannot be read or ``out`` not be written; then nothing is written.
    """
    asked = [column, *(one for one in (channel_column, purpose_column, group_column) if one)]
    rows = _rows(file, asked)
    texts = [cells[column] for _, cells in rows]
    groups = [cells[group_column] if group_column else "" for _, cells in rows]
    themes = _themes(texts, groups) if who == "customer" else [(None, None)] * len(texts)
    lines = []
    for (number, cells), theme in zip(rows, themes, strict=True):
        channel = cells[channel_column] if channel_column else None
        purpose = cells[purpose_column] if purpose_column else None
        lines.append(_line(number, cells[column], theme, who, channel or None, purpose or None, own))
    write_lines(Path(out), lines)
    return len(lines)


def suggest_file(file: Path | str, column: str, placed_column: str, out: Path | str) -> int:
    """For each row of ``file`` without a theme the three likeliest of the themes in ``placed_column``, best first, into ``out``.

    Returns the number of rows; raises as ``analyse_file``, and where no row has a theme yet.
    """
    rows = _rows(file, [column, placed_column])
    texts = [cells[column] for _, cells in rows]
    placed = [cells[placed_column].strip() or None for _, cells in rows]
    if not any(placed):
        raise KizunaError(f"「{placed_column}」の列がすべて空です。少なくとも一行に、まとまりの名前を書いてください。")
    filled = [at for at, text in enumerate(texts) if text.strip()]
    names: dict[Hashable, str] = {name: name for name in placed if name}
    found = suggest([texts[at] for at in filled], [placed[at] for at in filled], names=names, count=3)
    by_row = dict(zip(filled, found, strict=True))
    lines = [
        {"row": number, "text": text, "suggestions": list(by_row.get(at, ()))}
        for at, ((number, _), text, theme) in enumerate(zip(rows, texts, placed, strict=True))
        if theme is None
    ]
    write_lines(Path(out), lines)
    return len(lines)


def _line(
    row: int, text: str, theme: tuple[str | None, str | None], who: Who, channel: str | None, purpose: str | None, own: Sequence[str]
) -> Line:
    span = highlight(text) if who == "customer" else None
    findings = check_text(text, kind=who, channel=channel, purpose=purpose) if text.strip() else []
    return {
        "row": row,
        "text": text,
        "theme": theme[0],
        "theme2": theme[1],
        "personal": [{"kind": str(one.kind), "start": one.start, "end": one.end} for one in find_personal(text, own=tuple(own))],
        "findings": [
            {"rule": one.rule, "category": one.category, "start": one.start, "end": one.end, "strength": one.strength.name}
            for one in findings
        ],
        "feedback": [str(kind) for kind in kinds(text)] if who == "customer" else [],
        "highlight": None if span is None else {"start": span[0], "end": span[1]},
    }


def _themes(texts: Sequence[str], groups: Iterable[str]) -> list[tuple[str | None, str | None]]:
    """Themes within each group; empty texts have none."""
    found: list[tuple[str | None, str | None]] = [(None, None)] * len(texts)
    members: dict[str, list[int]] = {}
    for at, group in enumerate(groups):
        if texts[at].strip():
            members.setdefault(group, []).append(at)
    for places in members.values():
        for at, themes in zip(places, themes_of([texts[at] for at in places]), strict=True):
            found[at] = themes
    return found


def _rows(file: Path | str, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    path = Path(file)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise KizunaError(f"「{path}」を開けませんでした。ファイルの場所と名前を確かめてください。") from error
    return [(number, dict(zip(columns, cells, strict=True))) for number, cells in read_cells(path.name, data, columns).rows]
