"""A table whose cells are edited in place: many rows as one widget; Python reads what is written, the workbook decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import anywidget
import traitlets

from kizuna.errors import KizunaError
from kizuna.views.acts import Answered, script
from kizuna.views.fields import read_number, spell, spell_number
from kizuna.views.parts import Mark
from kizuna.workbook.reading.cell import shorten

_LONGEST = 20_000  # code points a cell may hold
_DAY = re.compile(r"(19|20|21)\d\d-\d\d-\d\d")
_STALE = "ページを開き直して、もう一度ためしてください。"


@dataclass(frozen=True)
class Column:
    """One column: the key of its values, its head, and what kind of values they are. ``options`` are (label, value), as in ipywidgets."""

    key: str
    label: str
    kind: Literal["text", "long", "number", "date", "select"] = "text"
    options: tuple[tuple[str, Any], ...] = ()
    width: str = ""
    read_only: bool = False
    unit: str = ""

    def spell(self, value: Any) -> str:
        """A stored value in words."""
        return spell(value, self.options)

    def read(self, words: str) -> Any:
        """The value to store for what a person wrote or chose: str, float, date, an option's value, or None.

        Raises ``KizunaError`` where it is none of this column.
        """
        plain = words.strip()
        if len(plain) > _LONGEST:
            raise KizunaError(f"「{self.label}」が長すぎます。{_LONGEST:,}字までにしてください。")
        if self.kind == "number":
            return read_number(plain)
        if self.kind == "date":
            return _read_day(plain)
        if self.kind == "select":
            return self._chosen(plain)
        return plain if self.kind == "long" else " ".join(plain.split())

    def show(self, value: Any) -> str:
        """A stored value as the browser gets it; ``read`` of it gives the value again."""
        if value is None:
            return ""
        if self.kind == "number":
            return spell_number(value)
        return value.isoformat() if isinstance(value, date) else str(value)

    def _chosen(self, words: str) -> Any:
        for _, value in self.options:
            if self.show(value) == words:
                return value
        raise KizunaError(f"「{self.label}」は、一覧の中から選んでください。")


class Grid(anywidget.AnyWidget):
    """Rows of people, touches, media … with a field in each cell; the first column names its row.

    ``edit(row, key, value, seen)`` is called with stored values when a field is left (``seen`` is what stood there before);
    what it raises is told at the field, which keeps the words, and what has no field in ``mark``. ``add()`` and ``remove(row)`` give the table
    its buttons. After each of them the form calls ``show``.
    """

    _esm = script("dom.js", "grid.js")
    columns: Any = traitlets.List().tag(sync=True)
    can: Any = traitlets.Dict().tag(sync=True)
    table: Any = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        columns: Sequence[Column],
        edit: Callable[[int, str, Any, Any], Any],
        mark: Mark,
        add: Callable[[], Any] | None = None,
        remove: Callable[[int], Any] | None = None,
    ) -> None:
        self._columns = {one.key: one for one in columns}
        self._shown: dict[int, Mapping[str, Any]] = {}
        self._answered = Answered()
        self._edit, self._add, self._remove, self._mark = edit, add, remove, mark
        super().__init__(
            columns=[_head(one) for one in columns],
            can={"add": add is not None, "remove": remove is not None},
            table={"rows": [], "done": {}},
        )
        self.on_msg(lambda _, content, __: self._receive(content) if isinstance(content, dict) else None)

    def show(self, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Show these rows, values as stored; fields in which somebody is writing keep their words."""
        self._shown = dict(rows)
        self._show_again()

    def _show_again(self) -> None:
        rows = [[row, [one.show(values.get(one.key)) for one in self._columns.values()]] for row, values in self._shown.items()]
        self.table = {"rows": rows, "done": self._answered.upto}

    def _receive(self, content: dict[str, Any]) -> None:
        """One act from the page: do it, and answer, whatever came of it."""
        why = "保存できませんでした。もう一度ためしてください。"
        at_field = content.get("kind") == "edit" and "from" in content

        def act() -> bool:
            nonlocal why
            try:
                self._do(content)
            except KizunaError as error:
                why = str(error)
                if not at_field:
                    raise
                return False
            return True

        self._mark.clear()
        well = self._mark.guard(act)
        if self._answered.note(content) and not well:
            self.send({"kind": "refused", "from": content["from"], "seq": content["seq"], "why": why})
        self._show_again()

    def _do(self, content: dict[str, Any]) -> None:
        kind = content.get("kind")
        if kind == "edit":
            row, column, words = self._row(content), self._column(content), content.get("value")
            if not isinstance(words, str):
                raise KizunaError(f"書いた言葉を受け取れませんでした。{_STALE}")
            self._edit(row, column.key, column.read(words), self._seen(row, column, content.get("seen")))
        elif kind == "add" and self._add:
            self._add()
        elif kind == "remove" and self._remove:
            self._remove(self._row(content))
        else:
            raise KizunaError(f"この操作は分かりませんでした。{_STALE}")

    def _row(self, content: dict[str, Any]) -> int:
        row = content.get("row")
        if not isinstance(row, int) or isinstance(row, bool) or row not in self._shown:
            raise KizunaError(f"その行は、ほかの画面で消されました。書いた言葉が要るときは写し取ってから、{_STALE}")
        return row

    def _column(self, content: dict[str, Any]) -> Column:
        key = content.get("key")
        column = self._columns.get(key) if isinstance(key, str) else None
        if column is None or column.read_only:
            raise KizunaError(f"そこは、この表では書きかえられません。{_STALE}")
        return column

    def _seen(self, row: int, column: Column, words: Any) -> Any:
        """What the person saw before writing; words that no cell could hold count as what was shown last."""
        try:
            return column.read(words)
        except (AttributeError, KizunaError):
            return self._shown[row].get(column.key)


def _head(column: Column) -> dict[str, Any]:
    return {
        "label": column.label,
        "key": column.key,
        "kind": column.kind,
        "options": [[column.show(value), label] for label, value in column.options],
        "width": column.width,
        "fixed": column.read_only,
        "unit": column.unit,
    }


def _read_day(words: str) -> date | None:
    if not words:
        return None
    try:
        if _DAY.fullmatch(words):
            return date.fromisoformat(words)
    except ValueError:  # the 31st of a month of thirty days
        pass
    raise KizunaError(f"「{shorten(words)}」は日にちとして読めません。年・月・日の順に、たとえば「2026-11-23」のように書いてください。")
