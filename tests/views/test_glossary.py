"""No term is used before it is explained: the pages are read in their order, as somebody reads them who has written nothing yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.process import course, section
from kizuna.views import forms
from kizuna.views.glossary import Word, folded_words, words
from kizuna.views.head import Head
from kizuna.views.page import Page
from kizuna.workbook.store import MEMORY, open_workbook
from tests.notebook import NOTEBOOKS, page_of

EVERY = words()
each_word = pytest.mark.parametrize("one", EVERY, ids=lambda one: one.word)


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def seen(widget: Any) -> str:
    """All that stands in a form: texts, labels and choices."""
    told = [getattr(one, name, "") for one in inside(widget) for name in ("value", "description", "placeholder")]
    choices = [option[0] if isinstance(option, tuple) else option for one in inside(widget) for option in getattr(one, "options", ())]
    return "\n".join(re.sub(r"<[^>]+>", "\n", one) for one in (*told, *choices) if isinstance(one, str))


def as_read() -> Iterator[tuple[str, str, str]]:
    """Every cell of the course in its order: its section, its kind, and what a person sees there in an empty workbook."""
    for one in course().sections:
        page = Page(one.file, open_workbook(MEMORY))
        for cell in json.loads((NOTEBOOKS / f"{one.file}.ipynb").read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                yield one.file, "markdown", source
            elif source.startswith("forms.") and source != "forms.glossary(page)":
                yield one.file, "code", seen(eval(source, {"forms": forms, "page": page}))


@pytest.fixture(scope="module")
def cells() -> list[tuple[str, str, str]]:
    return list(as_read())


@each_word
def test_a_word_is_explained_in_bold_where_it_first_stands(one: Word, cells: list[tuple[str, str, str]]) -> None:
    explained = f"**{one.word}**"
    if one.everyday:
        assert any(file == one.section and explained in text for file, kind, text in cells if kind == "markdown")
        return
    file, kind, text = next(cell for cell in cells if one.word in cell[2])
    assert (file, kind) == (one.section, "markdown"), text[:200]
    place = text.index(one.word)
    assert text[place - 2 : place + len(one.word) + 2] == explained, text


@each_word
def test_a_meaning_is_one_or_two_plain_sentences_without_terms_of_later_pages(one: Word) -> None:
    assert 1 <= one.text.count("。") <= 2 and one.text.endswith("。") and len(one.text) <= 60
    order = [each.file for each in course().sections]
    later = {each.word for each in EVERY if not each.everyday and order.index(each.section) > order.index(one.section)}
    assert not [word for word in later if word in one.text]


def test_the_words_stand_in_the_order_of_the_course_and_are_read_in_kana() -> None:
    order = [each.file for each in course().sections]
    assert [order.index(one.section) for one in EVERY] == sorted(order.index(one.section) for one in EVERY)
    assert all(section(one.section) for one in EVERY) and len({one.word for one in EVERY}) == len(EVERY) > 20
    assert all(re.fullmatch(r"[ぁ-ゖァ-ヺー]+", one.yomi) for one in EVERY)


def test_the_fold_has_every_word_by_its_reading() -> None:
    told = str(folded_words())
    places = [told.index(f"<dt>{one.word}<") for one in sorted(EVERY, key=lambda one: one.yomi.translate(_HIRAGANA))]
    assert places == sorted(places) and told.count("<dt>") == len(EVERY) and "open" not in told
    assert "<dt>ファン</dt>" in told and "（きずな）" in told


_HIRAGANA = {sign: sign - 0x60 for sign in range(ord("ァ"), ord("ヶ") + 1)}


@pytest.mark.parametrize("file", [one.file for one in course().sections])
def test_the_words_are_at_the_top_of_every_page_and_stay_as_the_reader_left_them(file: str) -> None:
    page = Page(file, open_workbook(MEMORY))
    head = Head(page)
    (fold,) = [one for one in inside(head) if isinstance(one, widgets.HTML) and "kz-words" in one.value]
    assert fold.value == folded_words()
    changes: list[Any] = []
    fold.observe(changes.append)
    page.changed()
    assert changes == [], "what is open in the browser stays open when the head is drawn again"


def test_the_first_page_after_the_start_shows_them_too() -> None:
    told = forms.glossary(page_of("01_overview", open_workbook(MEMORY)))
    assert told.value == folded_words()
