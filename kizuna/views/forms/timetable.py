"""All items of a plan at once: when they begin and how long they take, held against the owner's hours."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kizuna.content import load
from kizuna.language.counting import things
from kizuna.steps import plan as plans
from kizuna.views.fields import overwritten
from kizuna.views.forms.editor import WHOLE, PlanWords, steps, whole
from kizuna.views.grid import Column, Grid
from kizuna.views.page import Page, PartForm
from kizuna.views.parts import empty, findings, html, say
from kizuna.views.plain import show


class Timetable(PartForm):
    """One row for each item: its day, its minutes, how often, for how many, and できる度."""

    def build(self) -> None:
        columns = (
            Column("name", "一手", read_only=True),
            Column("due_on", "始める日", "date", width="152px"),
            Column("minutes", "一回の時間", "number", width="114px", unit="分"),
            Column("times", "回数", "number", width="70px"),
            Column("people", "人数", "number", width="70px"),
            Column("doable", "できる度", "select", tuple(steps(load("plan.yaml", PlanWords).doable)), width="202px"),
        )
        self._columns = {one.key: one for one in columns}
        self._told = html()
        self._grid = Grid(columns, self._edit, self.mark)
        self.lay(self._told, self._grid)

    def refresh(self) -> None:
        view = plans.plan(self.page.book, self.part)
        show(self._grid, view.actions)
        self._told.value = _sum(view) if view.actions else empty("まだ一手がありません", "上で望みを選ぶと、ここに一行ずつ並びます。")
        self._grid.show([(one.id, _row(one)) for one in view.actions])

    def _edit(self, row: int, key: str, value: Any, seen: Any) -> None:
        column = self._columns[key]
        if key in WHOLE:
            value = whole(key, column.label, value)
        try:
            others = plans.edit(self.page.book, row, f"一手の「{column.label}」", {key: seen}, **{key: value})
        finally:
            self.refresh()
        self.saved()
        if key in others:
            self.mark.tell(overwritten(column.spell(others[key])))


def _row(action: plans.ActionView) -> dict[str, Any]:
    name = action.title or (f"名前のない一手（{action.theme}）" if action.theme else "名前のない一手")
    return {"name": name, **{key: getattr(action, key) for key in ("due_on", "minutes", "times", "people", "doable")}}


def _sum(view: plans.PlanView) -> Markup:
    hours = Markup("決めた時間は、ひと月<b>{:g}時間</b>です。").format(view.hours) if view.hours else "使える時間は、まだ決めていません。"
    if not view.decided:
        return say(Markup("計画に入れた一手は、まだありません。{}").format(hours))
    told = Markup("計画に入れた一手は<b>{}</b>、ぜんぶで<b>{}</b>かかります。{}")
    return say(told.format(things(len(view.decided)), plans.spell_minutes(view.minutes), hours)) + findings(plans.check_plan(view))


def timetable(page: Page) -> Timetable:
    """Days and hours of all items in one table."""
    return Timetable(page, "日にちと時間をまとめて直す")
