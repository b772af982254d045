"""The overview: the process as a table with what was really made, and the thoughts it rests on."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.process import Part, Step, course
from kizuna.steps import plan, research
from kizuna.steps.themes import themes
from kizuna.views.page import Form, Page, in_pages
from kizuna.views.parts import html, table
from kizuna.workbook.store import Workbook


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
        told = course()
        header = ["順", *(f"{told.parts[part].title}（{told.parts[part].between}）" for part in Part), "どうやって"]
        rows = [[str(text.number), *(self._cell(part, step) for part in Part), text.how] for step, text in told.steps.items()]
        self._map.value = table(header, rows)

    def _cell(self, part: Part, step: Step) -> Markup:
        told = course()
        title = told.steps[step].title[part]
        section = next((one for one in told.sections if one.part == part and one.step == step), None)
        if section is None or not section.open:
            return Markup('{}<div class="kz-hint">このあとの講座で開きます</div>').format(title)
        name = Markup('<a href="{}.ipynb">{}</a>').format(section.file, title) if in_pages() else Markup("<b>{}</b>").format(title)
        return Markup('{}<div class="kz-hint">{}</div>').format(name, made(self.page.book, part, step))


def made(book: Workbook, part: Part, step: Step) -> str:
    """What was really made in one box of the table, in a few words."""
    if step is Step.RESEARCH:
        heard = research.heard(book, part)
        groups = sum(bool(view.cards) for view in themes(book, part))
        return f"{heard.people}人の声・{groups}つの望み" if heard.people else "これから始めます"
    if step is Step.PLAN:
        count = len(plan.plan(book, part).decided)
        return f"一手{count}つ" if count else "これから始めます"
    return "これから始めます"


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
