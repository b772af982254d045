"""The word of the day on the page: chosen by a press, seen at the top of every page, and printed as a card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.errors import KizunaError
from kizuna.steps.principles import choose_word, principles, word_of_day
from kizuna.views import forms
from kizuna.views.head import Head
from kizuna.views.page import Page
from kizuna.views.plain import is_shown
from kizuna.views.sheets import word_html
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

FILE = "01_overview"


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def press(form: Any, label: str) -> None:
    next(one for one in inside(form) if isinstance(one, widgets.Button) and one.description == label).click()


def shown(form: Any) -> str:
    return "\n".join(one.value for one in inside(form) if isinstance(one, widgets.HTML))


def head(book: Workbook, file: str = "05_followup_feedback") -> str:
    return shown(Head(Page(file, book)))


def test_what_is_pressed_is_kept_and_stands_at_the_top_of_every_page() -> None:
    book = open_workbook(MEMORY)
    form = forms.word_of_day(Page(FILE, book))
    first, second, *_ = principles()
    assert first.title in shown(form) and "kz-day" not in head(book)
    press(form, "ほかの言葉を見る")
    assert second.title in shown(form) and word_of_day(book) is None, "looking at one chooses nothing"
    press(form, "今日の一言にする")
    assert word_of_day(book) == second and "保存しました" in form.mark.value
    assert f"<b>{second.title}</b>" in head(book) and f"<b>{second.title}</b>" in head(book, "00_start")
    press(form, "選ぶのをやめる")
    assert word_of_day(book) is None and "kz-day" not in head(book)


def test_the_chosen_one_is_shown_first_and_its_card_can_be_printed() -> None:
    book = open_workbook(MEMORY)
    with pytest.raises(KizunaError, match="まだ選ばれていません"):
        word_html(book)
    assert not is_shown(forms.word_of_day(Page(FILE, book))._papers)
    opinion = next(one for one in principles() if one.opinion)
    choose_word(book, opinion.key)
    form = forms.word_of_day(Page(FILE, book))
    assert opinion.title in shown(form) and "いま選んでいる言葉" in shown(form) and is_shown(form._papers)
    assert not is_shown(form._choose)
    assert word_html(book).count(opinion.title) == word_html(book).count("一つの意見で") == 4


def test_what_another_page_chooses_is_seen_after_a_look() -> None:
    book = open_workbook(MEMORY)
    page = Page(FILE, book)
    form = forms.word_of_day(page)
    choose_word(book, principles()[-1].key)
    page.changed()
    assert principles()[-1].title in shown(form)
