"""The overview: the map of the course with what was really made, and the thoughts it rests on."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.steps.progress import course_boxes
from kizuna.views.coursemap import large_map
from kizuna.views.page import Form, Page, in_pages
from kizuna.views.parts import html


class Principle(Entry):
    """One thought of the course; ``opinion`` marks an author's view."""

    title: str
    text: str
    opinion: bool = False


class CourseMap(Form):
    """Two parts by five steps, with what stands in the workbook by now."""

    def build(self) -> None:
        self._map = html()
        self.lay(self._map)

    def refresh(self) -> None:
        self._map.value = large_map(course_boxes(self.page.book), self.page.section, in_pages())


def course_map(page: Page) -> CourseMap:
    """The map of the course on ``page``."""
    return CourseMap(page, "いまの場所")


def principles(page: Page) -> object:
    """The thoughts the course rests on, as cards."""
    cards = Markup("").join(
        Markup("<div><h4>{}</h4><p>{}</p>{}</div>").format(
            one.title,
            one.text,
            Markup('<div class="kz-hint">（これは一つの意見で、確かめられた事実ではありません）</div>') if one.opinion else "",
        )
        for one in load("principles.yaml", list[Principle])
    )
    return html(Markup('<div class="kz-cards">{}</div>').format(cards), "kz")
