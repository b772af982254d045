"""The head of a page – where I am, which workbook is open, undo – and how a notebook opens its page."""

from __future__ import annotations

from pathlib import Path

import anywidget
from IPython.display import display
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import course
from kizuna.steps.principles import word_of_day
from kizuna.steps.progress import course_boxes
from kizuna.views import plain as widgets
from kizuna.views.coursemap import small_map
from kizuna.views.glossary import folded_words
from kizuna.views.page import Form, Page, Trouble
from kizuna.views.parts import button, html, row
from kizuna.views.plain import show
from kizuna.views.twins import Nearby, ahead
from kizuna.views.way import in_pages, to_practise
from kizuna.workbook import place
from kizuna.workbook.store import MEMORY, closed_workbook, open_workbook

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


class Watch(anywidget.AnyWidget):
    """Asks, whenever the person comes back to this page, whether another page changed the workbook; names fields for screen readers."""

    _esm = (Path(__file__).parent / "widgets" / "watch.js").read_text(encoding="utf-8")


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
    way = to_practise(page) if page.ready else Markup("")
    ready = Markup('<p class="kz-hint">はじめる前に：{}</p>').format(page.section.before) if page.section.before and here else ""
    return small_map(course_boxes(page.book), here, in_pages(), brand) + day + note + ready + way
