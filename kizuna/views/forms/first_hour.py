"""The first hour of somebody who begins: what to do on which page and what to leave for another day, folded."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.views.forms.self_study import way
from kizuna.views.page import Page
from kizuna.views.parts import html


class Stop(Entry):
    """What is done on one page, what is left for another day, and how long it takes."""

    section: str
    what: str
    leave: str
    minutes: int


class FirstHour(Entry):
    """The way from an empty workbook to a printed plan."""

    title: str
    lead: str
    steps: list[Stop]
    after: str


def told() -> FirstHour:
    """The first hour as the content tells it."""
    return load("first_hour.yaml", FirstHour)


def first_hour(page: Page) -> Any:
    """The first hour, folded; one widget, and nothing of it is kept."""
    hour = told()
    steps = Markup("").join(
        Markup("<li>{}（{}分）<br>{}<br><small>今日は飛ばします：{}</small></li>").format(
            way(one.section), one.minutes, one.what, one.leave
        )
        for one in hour.steps
    )
    piece = Markup("<details><summary>{}</summary><div><p>{}</p><ol>{}</ol><p>{}</p></div></details>")
    return html(Markup('<div class="kz-readings">{}</div>').format(piece.format(hour.title, hour.lead, steps, hour.after)), "kz")
