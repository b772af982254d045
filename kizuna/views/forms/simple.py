"""Forms that are nothing but questions: what they ask is in ``content/forms.yaml``."""

from __future__ import annotations

from functools import partial
from typing import Any

from kizuna.content import load
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, line
from kizuna.workbook.answers import read_answers, save_answer


class Fields(Form):
    """One of the simple forms; every field is saved when it is left."""

    def __init__(self, page: Page, name: str, title: str = "") -> None:
        self._fields = load("forms.yaml", dict[str, list[Field]])[name]
        self._heading = title
        super().__init__(page, title)

    def build(self) -> None:
        numbers = ["" if field.follows else self.page.number(field.key) for field in self._fields]
        self._views = [
            FieldView(field, None, partial(self._save, field), self.mark, number)
            for field, number in zip(self._fields, numbers, strict=True)
        ]
        self.lay(*self._views)

    def refresh(self) -> None:
        answers = read_answers(self.page.book)
        for view in self._views:
            view.fill(answers.get(view.field.key))

    def paper(self, blank: bool) -> list[Block]:
        answers = {} if blank else read_answers(self.page.book)
        return [Block(self._heading, lines=tuple(line(view.field, view.number, answers.get(view.field.key)) for view in self._views))]

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        told = save_answer(self.page.book, field.key, value, field.question, seen)
        self.saved()
        if told.overwritten is not None:
            view = next(one for one in self._views if one.field.key == field.key)
            self.mark.tell(overwritten(view.spell(told.overwritten)))


def fields(page: Page, name: str, title: str = "") -> Fields:
    """The simple form ``name`` on ``page``."""
    return Fields(page, name, title)
