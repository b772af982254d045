"""Forms that are nothing but questions: what they ask is in ``content/forms.yaml``."""

from __future__ import annotations

from functools import partial
from typing import Any

from kizuna.content import load
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.page import Form, Page
from kizuna.workbook.answers import read_answers, save_answer


class Fields(Form):
    """One of the simple forms; every field is saved when it is left."""

    def __init__(self, page: Page, name: str, title: str = "") -> None:
        self._fields = load("forms.yaml", dict[str, list[Field]])[name]
        super().__init__(page, title)

    def build(self) -> None:
        own = [field for field in self._fields if not field.follows]
        numbers = {field.key: f"{number}." for number, field in enumerate(own, start=1)} if len(own) > 1 else {}
        self._views = [FieldView(field, None, partial(self._save, field), self.mark, numbers.get(field.key, "")) for field in self._fields]
        self.lay(*self._views)

    def refresh(self) -> None:
        answers = read_answers(self.page.book)
        for view in self._views:
            view.fill(answers.get(view.field.key))

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        told = save_answer(self.page.book, field.key, value, field.question, seen)
        self.saved()
        if told.overwritten is not None:
            view = next(one for one in self._views if one.field.key == field.key)
            self.mark.tell(overwritten(view.spell(told.overwritten)))


def fields(page: Page, name: str, title: str = "") -> Fields:
    """The simple form ``name`` on ``page``."""
    return Fields(page, name, title)
