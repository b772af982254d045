"""The way of a customer on the page: times in their order, her feelings then, and which item of the plan reaches her."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.process import Part
from kizuna.steps import journey as journeys
from kizuna.steps.journey import Stage, StageView, words
from kizuna.steps.plan import ActionView, plan
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import html, say, stack

_NOTHING = 0


class Journey(Form):
    """The way as a whole, and below it, once opened, what is written of each time."""

    def build(self) -> None:
        self._fields = [
            (stage, Field(key=journeys.FEELING + stage.id, question=stage.ask, example=stage.example)) for stage in words().stages
        ]
        self._numbers = [self.page.number(field.key) for _, field in self._fields]
        self._told = html()
        self._opening = Opening(("道のりを書いてみる", "書くのをとじる"), self._make, self._fill, self.mark)
        self.lay(self._told, self._opening)

    def refresh(self) -> None:
        found = journeys.journey(self.page.book)
        self._told.value = say(words().lead) + _way(found) + _gaps(found)
        self._opening.refresh()

    def paper(self, blank: bool) -> list[Block]:
        found = journeys.journey(self.page.book)
        lines = [
            one
            for (_, field), number, each in zip(self._fields, self._numbers, found, strict=True)
            for one in (
                line(field, number, "" if blank else each.feeling),
                Line(
                    words().choose, kind="brief", value="" if blank else (_name(each.action) if each.action else words().none), follows=True
                ),
            )
        ]
        return [Block("お客さまとの道のり", words().lead, tuple(lines))]

    def _make(self) -> list[widgets.Widget]:
        self._filling = False
        self._feelings, self._choices = [], []
        groups = []
        for (stage, field), number in zip(self._fields, self._numbers, strict=True):
            feeling = FieldView(field, None, partial(self._feel, stage), self.mark, number)
            choice = widgets.Dropdown(options=[(words().none, _NOTHING)])
            choice.add_class("kz-middle")
            choice.observe(partial(self._chosen, stage), names="value")
            title = html(Markup('<div class="kz-title">{}</div>').format(stage.title))
            ask = html(Markup('<div class="kz-q">{}</div>').format(words().choose))
            groups.append(stack(title, feeling, ask, choice, kind="kz-action"))
            self._feelings.append(feeling)
            self._choices.append(choice)
        return groups

    def _fill(self) -> None:
        decided = plan(self.page.book, Part.FOLLOWUP).decided
        options = [(words().none, _NOTHING), *((_name(one), one.id) for one in decided)]
        self._filling = True
        for one, feeling, choice in zip(journeys.journey(self.page.book), self._feelings, self._choices, strict=True):
            feeling.fill(one.feeling)
            choice.options = options
            choice.value = one.action.id if one.action else _NOTHING
        self._filling = False

    def _feel(self, stage: Stage, value: str, seen: Any) -> None:
        told = journeys.feel(self.page.book, stage, value, seen)
        self.saved()
        if told.overwritten is not None:
            self.mark.tell(overwritten(told.overwritten))

    def _chosen(self, stage: Stage, change: dict[str, Any]) -> None:
        if not self._filling:
            self.mark.guard(lambda: self._reach(stage, change["new"]))

    def _reach(self, stage: Stage, action_id: int) -> None:
        journeys.reach(self.page.book, stage, action_id or None)
        self.refresh()
        self.saved()


def _way(found: Sequence[StageView]) -> Markup:
    each = Markup("").join(
        Markup("<li><b>{}</b>　{}{}</li>").format(
            one.stage.title,
            Markup("<span>{}</span>").format(_name(one.action))
            if one.action
            else Markup('<span class="kz-hint">{}</span>').format(words().none),
            Markup('<div class="kz-hint">{}</div>').format(one.feeling) if one.feeling else "",
        )
        for one in found
    )
    return Markup('<ol class="kz-coming">{}</ol>').format(each)


def _gaps(found: tuple[StageView, ...]) -> Markup:
    """Which times nothing reaches; before anything is chosen there is nothing to say."""
    missing = journeys.unreached(found)
    if len(missing) == len(found):
        return Markup("")
    if not missing:
        return say(words().full)
    names = "、".join(one.title for one in missing)
    return say(Markup("{}<b>{}</b>").format(words().closed, names)) + Markup('<p class="kz-hint">{}</p>').format(words().wait)


def _name(action: ActionView) -> str:
    return action.title or "名前のない一手"


def journey(page: Page) -> Journey:
    """The way of a customer, and what of the plan reaches her when."""
    return Journey(page, "お客さまとの道のり")
