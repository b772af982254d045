"""What is done for nothing, on the page: a line each with its time, and what all of it takes."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kizuna.content import load
from kizuna.steps import services as services_
from kizuna.steps.plan import spell_minutes
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, line
from kizuna.views.parts import findings, html, say
from kizuna.workbook.answers import read_answer, save_answer


class FreeServices(Form):
    """One field, read line by line."""

    def build(self) -> None:
        field = load("forms.yaml", dict[str, list[Field]])["free_services"][0]
        self._field = FieldView(field, None, self._save, self.mark, self.page.number(field.key))
        self._told = html()
        self.lay(self._field, self._told)

    def refresh(self) -> None:
        self._field.fill(read_answer(self.page.book, services_.FIELD))
        found = services_.services(self.page.book)
        sum_ = Markup("無料でしていることは、合わせてひと月に<b>{}</b>です。").format(spell_minutes(found.minutes))
        self._told.value = (say(sum_) if found.minutes else Markup("")) + findings(services_.check(found))

    def paper(self, blank: bool) -> list[Block]:
        value = None if blank else read_answer(self.page.book, services_.FIELD)
        return [Block("無料でしていること", lines=(line(self._field.field, self._field.number, value),))]

    def _save(self, value: Any, seen: Any) -> None:
        told = save_answer(self.page.book, services_.FIELD, value, self._field.field.question, seen)
        self.refresh()
        self.saved()
        if told.overwritten is not None:
            self.mark.tell(overwritten(self._field.spell(told.overwritten)))


def free_services(page: Page) -> FreeServices:
    """What is done for nothing, and what all of it takes."""
    return FreeServices(page, "無料でしていること")
