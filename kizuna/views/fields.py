"""One question with its place to answer, saved as soon as it is left; what kind of place is data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Literal

from markupsafe import Markup

from kizuna.content import Entry
from kizuna.errors import KizunaError
from kizuna.views import plain as widgets
from kizuna.views.parts import Mark, day, html, row
from kizuna.workbook.reading.cell import shorten

_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，、", "0123456789.,,")


class Field(Entry):
    """A question of a form as the content files tell it."""

    key: str
    question: str
    hint: str = ""
    example: str = ""
    kind: Literal["text", "long", "number", "date", "choice", "scale", "yesno", "select"] = "text"
    unit: str = ""
    follows: bool = False
    choices: list[str] = []
    notes: dict[str, str] = {}
    low: int = 0
    high: int = 10


Save = Callable[[Any, Any], Any]  # what stands there now, and what was shown before


class Saving(widgets.VBox):
    """Some places that make up one answer.

    ``save`` is called with (new value, value shown before) when a place is left or a choice is made; what it raises is told in ``mark``.
    """

    def __init__(self, places: Sequence[Any], children: Sequence[widgets.Widget], save: Save, mark: Mark) -> None:
        self.places = tuple(places)
        super().__init__(children)
        self.add_class("kz-field")
        self.seen: Any = None
        self._save, self._mark, self._filling = save, mark, False
        for place in self.places:
            place.observe(self._changed, names="value")

    @property
    def value(self) -> Any:
        """The answer as it is stored, or None."""
        raise NotImplementedError

    def fill(self, value: Any) -> None:
        """Show ``value`` (from the file) without saving it again."""
        self._filling = True
        try:
            self.seen = value
            self._show(value)
        finally:
            self._filling = False

    def _show(self, value: Any) -> None:
        raise NotImplementedError

    def _changed(self, _: Any) -> None:
        if not self._filling:
            self._mark.guard(self._commit)

    def _commit(self) -> None:
        before, value = self.seen, self.value
        if value == before:
            return
        self.seen = value
        try:
            self._save(value, before)
        except Exception:
            self.seen = before
            raise


class FieldView(Saving):
    """A field on the page: question above, place to answer, hint, worked example folded below."""

    def __init__(
        self,
        field: Field,
        value: Any,
        save: Save,
        mark: Mark,
        number: str = "",
        options: list[tuple[str, Any]] | None = None,
    ) -> None:
        self.field = field
        self.number = number
        self.place = _place(field, options)
        self._note = html() if field.notes else None
        super().__init__([self.place], self._children(), save, mark)
        self.fill(value)

    @property
    def value(self) -> Any:
        return _stored(self.field, self.place.value)

    def spell(self, value: Any) -> str:
        """A stored value in the words of this field: a choice by its label, a date as people write it."""
        options = [option if isinstance(option, tuple) else (option, option) for option in getattr(self.place, "options", ())]
        return spell(value, options)

    def _show(self, value: Any) -> None:
        self.place.value = _shown(self.field, value, self.place)
        self._tell()

    def _changed(self, change: Any) -> None:
        if not self._filling:
            self._tell()
        super()._changed(change)

    def _tell(self) -> None:
        """Say below the field what belongs to the choice that stands in it."""
        if self._note is not None:
            note = self.field.notes.get(self.place.value)
            self._note.value = Markup('<div class="kz-finding advice" role="status">{}</div>').format(note) if note else Markup("")

    def _children(self) -> list[widgets.Widget]:
        mark = Markup('<span class="no">{}</span>').format(self.number) if self.number else ""
        children = [html(Markup('<div class="kz-q">{}{}</div>').format(mark, self.field.question))]
        if self.field.hint:
            children.append(html(Markup('<div class="kz-hint">{}</div>').format(self.field.hint)))
        children.append(row(self.place, html(self.field.unit)) if self.field.unit else self.place)
        if self._note is not None:
            children.append(self._note)
        if self.field.example:
            children.append(
                html(
                    Markup('<details class="kz-example kz-worked"><summary>記入例を見る</summary><p>{}</p></details>').format(
                        self.field.example
                    )
                )
            )
        return children


def offered(field: Field, options: list[tuple[str, Any]] | None = None) -> list[tuple[str, Any]]:
    """What can be chosen in a field, each by its label and as it is stored; nothing where it is written in words."""
    if field.kind in ("choice", "select"):
        return options or [(choice, choice) for choice in field.choices]
    if field.kind == "yesno":
        return [("○ はい", True), ("× いいえ", False)]
    if field.kind == "scale":
        return options or [(str(step), step) for step in range(field.low, field.high + 1)]
    return []


def _place(field: Field, options: list[tuple[str, Any]] | None) -> Any:
    made: Any
    if field.kind == "long":
        made = widgets.Textarea(continuous_update=False, rows=4)
    elif field.kind == "date":
        made = widgets.DatePicker()
        made.add_class("kz-narrow")
    elif field.kind == "choice":
        made = widgets.RadioButtons(options=offered(field, options), value=None)
    elif field.kind == "select":
        made = widgets.Dropdown(options=offered(field, options), value=None)
        made.add_class("kz-middle")
    elif field.kind in ("yesno", "scale"):
        made = widgets.ToggleButtons(options=offered(field, options), value=None)
    else:
        made = widgets.Text(continuous_update=False)
        if field.kind == "number":
            made.add_class("kz-narrow")
    return made


def _shown(field: Field, value: Any, place: Any) -> Any:
    if field.kind in ("text", "long"):
        return "" if value is None else str(value)
    if field.kind == "number":
        return spell_number(value)
    if field.kind in ("choice", "select", "scale", "yesno"):
        allowed = [option[1] if isinstance(option, tuple) else option for option in place.options]
        return value if value in allowed else None
    return value


def _stored(field: Field, value: Any) -> Any:
    if field.kind == "number":
        return read_number(value)
    return value.strip() if isinstance(value, str) else value


def spell(value: Any, options: Iterable[tuple[str, Any]] = ()) -> str:
    """A stored value in words: a choice by its label, a date as people write it, 「（空欄）」 for nothing."""
    if isinstance(value, date):
        return day(value)
    label = next((str(label) for label, stored in options if stored == value), None)
    number = spell_number(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    return label or (str(number) if number not in (None, "") else "（空欄）")


def spell_number(value: float | None) -> str:
    """A number as ``read_number`` reads it: no exponent, no zeros at its end; nothing for None."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def overwritten(words: str) -> str:
    """What to say when another page had written into the same field meanwhile."""
    return f"ほかの画面で「{words}」と書かれていました。いま書いたほうを保存しました。前のほうがよければ、いちばん上の「ひとつ前に戻す」を押してください。"


def read_number(text: str) -> float | None:
    """The number that a person wrote (「８時間」, 「1,000」, 「三」 is not one), or None for an empty field.

    Raises ``KizunaError`` where no number can be read.
    """
    plain = text.translate(_HALF_WIDTH).replace(",", "").strip()
    if not plain:
        return None
    found = re.fullmatch(r"約?([0-9]{1,9}(?:\.[0-9]{1,4})?)\s*(?:時間|分|回|人|名|円|日|[%％])?(?:くらい|ぐらい|ほど)?", plain)
    if found is None:
        raise KizunaError(f"「{shorten(text)}」は数字として読めません。「8」のように数字だけを書いてください。")
    return float(found[1])
