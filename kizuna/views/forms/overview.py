"""The overview: the map of the course with what was really made, and the thoughts it rests on."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kizuna.steps.principles import Principle, after, choose_word, word_of_day
from kizuna.steps.principles import principles as every_principle
from kizuna.steps.progress import course_boxes
from kizuna.views.coursemap import large_map
from kizuna.views.files import Papers, printed
from kizuna.views.glossary import folded_words
from kizuna.views.page import Form, Page
from kizuna.views.parts import button, html, row
from kizuna.views.plain import show
from kizuna.views.sheets import word_html
from kizuna.views.way import in_pages


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


def principles(page: Page) -> Any:
    """The thoughts the course rests on, as cards."""
    return html(Markup('<div class="kz-cards">{}</div>').format(Markup("").join(_card(one) for one in every_principle())), "kz")


class WordOfDay(Form):
    """One of these thoughts at a time; the one that is chosen stands at the top of every page, and on a card to print."""

    def build(self) -> None:
        self.add_class("kz-off-paper")  # it has a card of its own
        self._offered: Principle | None = None  # what is looked at; the chosen one, or the first, until another is asked for
        self._card = html()
        self._choose = button("今日の一言にする", lambda: self._keep(self._shown.key), self.mark, "kz-main")
        self._drop = button("選ぶのをやめる", lambda: self._keep(None), self.mark, "kz-quiet")
        self._papers = Papers([printed("word", "カードに印刷する", "今日の一言", lambda: word_html(self.page.book))], self.mark)
        self.lay(self._card, row(self._choose, button("ほかの言葉を見る", self._turn, self.mark), self._drop), self._papers)

    def refresh(self) -> None:
        chosen = word_of_day(self.page.book)
        self._shown = self._offered or chosen or after(None)
        self._card.value = Markup('<div class="kz-cards">{}</div>').format(_card(self._shown, chosen=self._shown == chosen))
        show(self._choose, self._shown != chosen)
        show(self._drop, chosen)
        show(self._papers, chosen)

    def _turn(self) -> None:
        self._offered = after(self._shown)
        self.mark.clear()
        self.refresh()

    def _keep(self, key: str | None) -> None:
        choose_word(self.page.book, key)
        self._offered = None
        self.refresh()
        self.saved()


def word_of_day_form(page: Page) -> WordOfDay:
    """The word of the day, chosen from the thoughts of the course."""
    return WordOfDay(page, "今日の一言")


def glossary(page: Page) -> Any:
    """Every word of the course with its meaning, folded."""
    return html(folded_words(), "kz")


def _card(one: Principle, chosen: bool = False) -> Markup:
    return Markup("<div{}>{}<h4>{}</h4><p>{}</p>{}</div>").format(
        Markup(' class="chosen"') if chosen else "",
        Markup('<div class="kz-hint">いま選んでいる言葉</div>') if chosen else "",
        one.title,
        one.text,
        Markup('<div class="kz-hint">（これは一つの意見で、確かめられた事実ではありません）</div>') if one.opinion else "",
    )
