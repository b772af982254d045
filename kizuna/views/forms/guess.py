"""直感くらべ on the page: three guesses before anything is counted, then what was heard beside them; no score."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.steps import guesses
from kizuna.steps.practice import words
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, line
from kizuna.views.parts import day, html, say
from kizuna.workbook.answers import save_answer

_EACH = ("一つめ", "二つめ", "三つめ")


class Guess(PartForm):
    """Three lines guessed, and once there are themes those of most people."""

    def build(self) -> None:
        self._told = html(Markup('<p class="kz-hint">{}</p>').format(words().guess["lead"]))
        self._fields = [
            Field(key=guesses.guess_key(self.part, number), question=words().guess[f"question{number}"], follows=number > 1)
            for number in range(1, guesses.COUNT + 1)
        ]
        number = self.page.number(self._fields[0].key)
        self._views = [
            FieldView(field, None, partial(self._save, field), self.mark, "" if field.follows else number) for field in self._fields
        ]
        self._beside = html()
        self.lay(self._told, *self._views, self._beside)

    def refresh(self) -> None:
        found = guesses.compared(self.page.book, self.part)
        for view, text in zip(self._views, found.guessed.lines, strict=True):
            view.fill(text)
        self._beside.value = _beside(found)

    def paper(self, blank: bool) -> list[Block]:
        lines = ("",) * guesses.COUNT if blank else guesses.guessed(self.page.book, self.part).lines
        written = tuple(line(view.field, view.number, text) for view, text in zip(self._views, lines, strict=True))
        return [Block("直感くらべ", words().guess["lead"], written)]

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        told = save_answer(self.page.book, field.key, value, f"直感くらべの{_EACH[self._fields.index(field)]}", seen)
        self.refresh()
        self.saved()
        if told.overwritten:
            self.mark.tell(overwritten(told.overwritten))


def _beside(found: guesses.Compared) -> Markup:
    """The guess and what was heard, side by side, and one kind sentence."""
    if not found.guessed:
        return Markup('<p class="kz-hint">{}</p>').format(words().guess["first"])
    on = f"（{day(found.guessed.on)}に書いたもの）" if found.guessed.on else ""
    mine = Markup("").join(Markup("<li>{}</li>").format(one) for one in found.guessed.lines if one)
    if not found.heard:
        return Markup('<p class="kz-hint">{}</p>').format(words().guess["waiting"])
    heard = Markup("").join(Markup("<li>{}（{}人）</li>").format(view.name, view.people) for view in found.heard)
    columns = Markup(
        '<div class="kz-then kz-guess"><div><h4>直感{}</h4><ul>{}</ul></div><div><h4>聞こえてきたこと</h4><ul>{}</ul></div></div>'
    )
    tied = words().guess["tied"].format(people=found.heard[-1].people, things=things(found.tied)) if found.tied else ""
    note = Markup('<p class="kz-hint">{}</p>').format(tied) if tied else Markup("")
    return columns.format(on, mine, heard) + note + say(words().guess["met"])


def guess(page: Page) -> Guess:
    """直感くらべ on the owner's own voices."""
    return Guess(page, "直感くらべ")
