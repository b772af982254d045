"""The clock of a course in one room: the works of a page, one by one, who works with whom, and the minutes that are left."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from kizuna.steps import camp
from kizuna.views.acts import script


class Clock(anywidget.AnyWidget):
    """The works of one page with a clock each; where it stands is kept by the browser, so that it goes on when the page is opened anew."""

    _esm = script("dom.js", "clock.js")
    page = traitlets.Unicode("").tag(sync=True)
    works: Any = traitlets.List().tag(sync=True)


def clock(file: str) -> Clock:
    """The clock of the page ``file``; without works it shows nothing."""
    modes = camp.words().modes
    works = [
        {
            "key": one.key,
            "title": one.title,
            "where": "・".join(f"{number}番" for number in one.work.headings) if one.work else "",
            "turns": [{"mode": mode, "words": modes[mode], "minutes": minutes} for mode, minutes in one.turns],
        }
        for one in camp.of_section(file)
    ]
    return Clock(page=file, works=works)
