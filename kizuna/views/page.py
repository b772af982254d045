"""One notebook as a page: which workbook it shows, its head, and how its forms hear of each other's changes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
from IPython.display import display
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import Part, Section, course, neighbours, section
from kizuna.steps.practice import Work, exercise, progress
from kizuna.steps.practice import words as practice_words
from kizuna.steps.principles import word_of_day
from kizuna.steps.progress import course_boxes
from kizuna.views import plain as widgets
from kizuna.views.coursemap import small_map
from kizuna.views.glossary import folded_words
from kizuna.views.parts import Mark, button, html, row
from kizuna.views.plain import show
from kizuna.views.twins import Nearby, ahead
from kizuna.workbook import place
from kizuna.workbook.store import MEMORY, Workbook, closed_workbook, open_workbook

if TYPE_CHECKING:
    from kizuna.views.paper import Block

PRACTICE_PAGE = "practice_"  # how the address of an exercise begins
STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


class Watch(anywidget.AnyWidget):
    """Asks, whenever the person comes back to this page, whether another page changed the workbook; names fields for screen readers."""

    _esm = (Path(__file__).parent / "widgets" / "watch.js").read_text(encoding="utf-8")


class Form(widgets.VBox):
    """A piece of a page that shows the workbook and writes into it; ``refresh`` shows the file as it is now."""

    cuts = False  # whether it has cards to cut out

    def __init__(self, page: Page, title: str = "") -> None:
        self.page = page
        self.mark = Mark()
        self.title = html(Markup("<h3>{}</h3>").format(title)) if title else None
        super().__init__([])
        self.add_class("kz")
        self.add_class("kz-form")
        self.build()
        page.join(self)
        self.refresh()

    def build(self) -> None:
        """Make the form's parts once; a subclass sets ``self.children`` by ``lay``."""

    def refresh(self) -> None:
        """Show what the file holds now, without losing what is being written."""

    def paper(self, blank: bool) -> list[Block]:
        """What of this form stands on paper: ``blank`` to write on, else as the file holds it now."""
        return []

    def slips(self) -> list[Block]:
        """The cards of this form to cut out."""
        return []

    def lay(self, *children: widgets.Widget) -> None:
        """Put these parts into the form, under its title and above what it says back."""
        self.children = [*([self.title] if self.title else []), *children, self.mark]

    def saved(self, what: str = "保存しました") -> None:
        """Say that it is saved, and let the other forms of the page follow."""
        self.page.settle()
        self.mark.saved(what)
        self.page.changed(self)


class PartForm(Form):
    """A form that serves either part: that of its page."""

    def __init__(self, page: Page, title: str = "") -> None:
        self.part = page.part
        super().__init__(page, title)


@dataclass(frozen=True)
class Trouble:
    """That the workbook at ``path`` cannot be opened, and why."""

    path: Path
    why: KizunaError


class Page:
    """A notebook's page on the workbook that is open; with ``practice`` that of the exercise beside a section."""

    def __init__(self, file: str, book: Workbook, practice: bool = False, trouble: Trouble | None = None) -> None:
        self.section: Section = section(file)
        self.book = book
        self.practice = practice
        self.trouble = trouble
        self.waits = False  # for the person to choose a workbook, on the very first visit
        self._forms: list[Form] = []
        self._numbers: dict[str, int] = {}
        self._version = book.version()

    @property
    def part(self) -> Part:
        """The part this page belongs to; a page that belongs to none shows the first."""
        return self.section.part or Part.FOLLOWUP

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"{exercise(self.section).kind}：{self.section.title}" if self.practice else self.section.title

    def join(self, form: Form) -> None:
        """From now on ``form`` is refreshed when something changes."""
        self._forms.append(form)

    @property
    def forms(self) -> tuple[Form, ...]:
        """The page's forms in their order."""
        return tuple(self._forms)

    def number(self, key: str) -> str:
        """The number of the field ``key`` on screen and on paper: one, two, three over the whole page."""
        return f"{self._numbers.setdefault(key, len(self._numbers) + 1)}."

    def changed(self, by: Form | None = None) -> None:
        """Let every form but ``by`` show the file as it is now."""
        self._version = self.book.version()
        for form in self._forms:
            if form is not by:
                form.mark.guard(form.refresh)

    def look(self) -> None:
        """Refresh everything if another page has changed the workbook meanwhile."""
        if self.book.version() != self._version:
            self.changed()

    def use(self, path: Path) -> None:
        """Open another workbook, here and on every page opened from now on."""
        book = open_workbook(path)
        place.choose(path)
        self.book.close()
        self.book, self.trouble, self.waits = book, None, False
        self.changed()

    def settle(self) -> None:
        """What was written before any workbook was chosen goes into one of the owner's own: it is told as saved."""
        if self.waits and self.book.undo_label() is not None:
            path = place.free()
            self.book.write_to(path)
            self.use(path)

    @property
    def sample(self) -> bool:
        """Whether the workbook on this page is the worked example."""
        return isinstance(self.book.path, Path) and self.book.path.name == place.SAMPLE

    @property
    def ready(self) -> bool:
        """Whether there is a workbook to write into (on the very first visit there is none yet)."""
        return self.book.path != MEMORY


class Head(Form):
    """The top of every page: where I am, which workbook is open, and undo."""

    def build(self) -> None:
        self.remove_class("kz-form")
        self.add_class("kz-head")
        self._nearby = Nearby()
        self._names = html()
        self._back = button("ひとつ前に戻す", self._undo, self.mark, "kz-quiet")
        self._again = button("やり直す", self._redo, self.mark, "kz-quiet")
        self._examples = button("", self._turn_examples, self.mark, "kz-quiet kz-turn")
        self._bar = row(self._back, self._again, html(folded_words()), self._examples)
        self._clock: widgets.Widget | None = None
        self._watch = Watch()
        self._watch.on_msg(lambda *_: self.mark.guard(self.page.look))
        self.lay(self._names, self._bar, self._watch)

    def refresh(self) -> None:
        self._names.value = _head(self.page) + ahead(self._nearby.of(self.page.book))
        undo, redo = (self.page.book.undo_label(), self.page.book.redo_label()) if self.page.ready else (None, None)
        self._back.description = f"ひとつ前に戻す（{undo}）" if undo else "ひとつ前に戻す"
        self._back.disabled = undo is None
        self._again.description = f"やり直す：{redo}" if redo else "やり直す"
        show(self._again, redo)
        show(self._back, undo or redo)
        shown = place.examples_shown()
        self._examples.description = "記入例をかくす" if shown else "記入例を出す"
        (self.remove_class if shown else self.add_class)("kz-no-examples")
        self._keep_time(place.together())

    def _keep_time(self, yes: bool) -> None:
        """Show the clock of a course in one room, which is made only once it is wanted, or hide it."""
        if yes and self._clock is None:
            from kizuna.views.clock import clock

            self._clock = clock(self.page.section.file)
            self.lay(self._names, self._clock, self._bar, self._watch)
        if self._clock is not None:
            show(self._clock, yes)

    def _turn_examples(self) -> None:
        place.show_examples(not place.examples_shown())
        self.refresh()

    def _undo(self) -> None:
        label = self.page.book.undo()
        self.page.changed()
        self.mark.saved(f"取り消しました：{label}" if label else "取り消すことはありません")

    def _redo(self) -> None:
        label = self.page.book.redo()
        self.page.changed()
        self.mark.saved(f"やり直しました：{label}" if label else "やり直すことはありません")


def open_page(file: str, practice: bool = False) -> Page:
    """Show the head of the page ``file`` (or of its exercise) and give the page, on the workbook that is open now.

    On the very first visit there is no workbook: the first page then waits for the person's choice (or first words), every other page
    begins the owner's own. Where the workbook cannot be opened, the page says so, takes no words, and shows the ways out.
    """
    path = place.current()
    first = file == course().sections[0].file and not path.exists() and place.fixed() is None
    try:
        page = Page(file, open_workbook(MEMORY if first else path), practice)
    except KizunaError as error:
        page = Page(file, closed_workbook(error), practice, Trouble(path, error))
    page.waits = first
    display(widgets.HTML(f"<style>{STYLE}</style>"), Head(page), *([rescue(page)] if page.trouble else []))
    return page


def rescue(page: Page) -> Form:
    """The way out where a workbook cannot be opened."""
    from kizuna.views.rescue import Rescue  # hardly ever needed

    return Rescue(page)


def in_pages() -> bool:
    """Whether this runs behind a page without code (Voilà) rather than in JupyterLab."""
    return "voila" in os.environ.get("SERVER_SOFTWARE", "")


def next_link(page: Page) -> Any:
    """Where to go on from here; from an exercise back to its section."""
    if page.practice:
        return _way_back(page.section)
    after = neighbours(page.section.file).after
    if page.section.apart:
        return html(Markup('<p class="kz-say">{}</p>').format(page.section.farewell), "kz")
    if after is None:
        return html(Markup('<p class="kz-say">今日はここまでです。おつかれさまでした。</p>'), "kz")
    if in_pages():
        return html(Markup('<p class="kz-next"><a href="{}.ipynb">次へ：{}</a></p>').format(after.file, after.title), "kz")
    return html(Markup("<p>次は、左の一覧から <b>{}.ipynb</b>（{}）を開いてください。</p>").format(after.file, after.title), "kz")


def _way_back(one: Section) -> Any:
    if in_pages():
        return html(Markup('<p class="kz-next"><a href="{}.ipynb">自分のお店にもどる：{}</a></p>').format(one.file, one.title), "kz")
    told = Markup("<p>自分のお店の「{}」は、左の一覧の <b>notebooks/{}.ipynb</b> です。</p>")
    return html(told.format(one.title, one.file), "kz")


def _to_practise(page: Page) -> Markup:
    """The way to the exercise beside a section and how far it has come, or why there is none; from an exercise the way back."""
    if page.section.apart:
        return Markup("")
    if page.practice:
        back = Markup('<a href="{}.ipynb">{}</a>').format(page.section.file, f"自分のお店の「{page.section.title}」へ")
        return Markup('<p class="kz-practice">{}</p>').format(back) if in_pages() else Markup("")
    found = exercise(page.section)
    if found.kind is Work.NONE:
        return Markup('<p class="kz-practice">{}</p>').format(found.reason)
    words = practice_words().links[found.kind].format(minutes=found.minutes)
    done = progress(page.book, page.section)
    told = f"　{done.of}問のうち{done.done}問に答えました" if done.done else ""
    way = Markup('<a href="{}">{}</a>').format(practice_address(page.section.file), words)
    if not in_pages():
        way = Markup("{}：左の一覧の <b>exercises/{}.ipynb</b>").format(words, page.section.file)
    return Markup('<p class="kz-practice">{}{}</p>').format(way, told)


def practice_address(file: str) -> str:
    """Where the exercise beside the section ``file`` is served: beside its page, so that one kernel that waits fits both."""
    return f"{PRACTICE_PAGE}{file}.ipynb"


def _head(page: Page) -> Markup:
    shop = page.book.name if page.ready else "開けません" if page.trouble else "これから作ります"
    brand = Markup('<div class="kz-brand"><strong>絆 kizuna</strong><span>開いているノート：{}</span></div>').format(shop)
    note = (
        Markup('<div class="kz-sample">見本のノートです。架空の本屋さんの声が入っています。自由にさわってかまいません。</div>')
        if page.sample
        else ""
    )
    word = word_of_day(page.book)
    day = Markup('<p class="kz-day">今日の一言<b>{}</b></p>').format(word.title) if word else ""
    here = None if page.practice else page.section
    way = _to_practise(page) if page.ready else Markup("")
    ready = Markup('<p class="kz-hint">はじめる前に：{}</p>').format(page.section.before) if page.section.before and here else ""
    return small_map(course_boxes(page.book), here, in_pages(), brand) + day + note + ready + way
