"""The look back on the page and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import plan, research, review
from kizuna.views import forms
from kizuna.views.page import Page
from kizuna.views.paper import page_html
from kizuna.views.plain import is_shown
from kizuna.views.sheets import declaration_html, review_html
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.examples import the_example
from tests.notebook import page_of
from tests.steps.tribe.placing import a_shop, chosen

FILE = "12_review"
ACT = "読み終えた方に、いかがでしたかとたずねます。"


@pytest.fixture(scope="module")
def sample() -> Workbook:
    """The worked example; the tests that have it only look."""
    return the_example()


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def shown(widget: Any) -> str:
    return "\n".join(one.value for one in inside(widget) if isinstance(one, widgets.HTML))


def test_the_page_reads_well_with_nothing() -> None:
    page = page_of(FILE, open_workbook(MEMORY))
    page.changed()
    told = "".join(shown(form) for form in page.forms)
    assert "まだ、できたものがありません" in told and "くらべる言葉が、まだありません" in told
    assert "決まっている予定は、まだありません" in told and "カードは、まだ白紙です" in told
    assert all(form.mark.value == "" for form in page.forms)
    assert "これからです" in review_html(page.book)
    assert "いつ、はじめますか" in page_html(page, blank=True) and page_html(page, blank=False)


def test_with_the_first_part_only_the_second_is_still_to_come() -> None:
    first = the_example(tribe=False)
    book = open_workbook(MEMORY)
    research.add_idea(book, Part.FOLLOWUP, "朗読会", "朗読を聞く夕べがあったら、いらしてみたいですか。")
    assert "朗読を聞く夕べ" in shown(forms.coming_days(Page(FILE, book)))
    told = shown(forms.review_boxes(Page(FILE, first)))
    assert plan.plan(first, Part.FOLLOWUP).decided[0].title in told and "これから" in told


def test_both_parts_stand_on_one_page_with_the_words_behind_them() -> None:
    book = a_shop()
    chosen(book, "regular", "木曜の夕方に。", often="月に一度")
    page = page_of(FILE, book)
    told = "".join(shown(form) for form in page.forms)
    for text in (told, review_html(book), page_html(page, blank=False)):
        assert "木曜の夕方に。" in text and "「かしこまった会は苦手。" in text and "月に一度" in text


def test_it_says_on_screen_and_on_paper_that_it_is_for_herself(sample: Workbook) -> None:
    private = review.words().private
    assert "ご自分のためのもの" in private and "お名前" in private
    assert private in shown(forms.review_boxes(Page(FILE, sample))) and private in review_html(sample)


def test_her_own_words_stand_without_the_brackets_that_are_customers(sample: Workbook) -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "purpose", "本の話をする相手に。")
    save_answer(book, "review.purpose", "読んだ人どうしが出会えるように。")
    told = shown(forms.then_and_now(Page(FILE, book)))
    for text in (told, review_html(book)):
        assert "本の話をする相手に。" in text and "読んだ人どうしが出会えるように。" in text and "「" not in text.split("</style>")[-1]


def test_the_signs_answered_on_the_overview_stand_beside_those_of_today_on_screen_and_on_paper() -> None:
    book = open_workbook(MEMORY)
    for page, sign, value in ((page_of("01_overview", book), "entry", True), (page_of(FILE, book), "review", False)):
        key = f"{sign}.sign.joyless"
        field = next(one for form in page.forms for one in inside(form) if getattr(getattr(one, "field", None), "key", "") == key)
        field.place.value = value
    told = shown(forms.then_and_now(Page(FILE, book)))
    for text in (told, review_html(book), page_html(page_of(FILE, book), blank=False)):
        assert "仕事が楽しくない：はい" in text and "仕事が楽しくない：いいえ" in text


def test_a_long_word_is_left_off_the_sheet_and_never_cut() -> None:
    long = "ああ、立ち話がいいです。" * 20
    book = a_shop(ソラ=long)
    chosen(book, "where", "店の奥で。", "ああ、立ち話")
    made = review_html(book)
    assert "店の奥で。" in made and "立ち話がいいです" not in made
    assert long in shown(forms.review_boxes(Page(FILE, book))).replace("<details><summary>", "").replace(
        "つづきを読む（全部で240文字）</summary>", ""
    )


def test_a_declaration_becomes_a_card_as_it_is_written_and_is_told_its_warlike_words() -> None:
    page = page_of(FILE, open_workbook(MEMORY))
    card = next(form for form in page.forms if type(form).__name__ == "Card")
    assert not is_shown(card._papers)
    with pytest.raises(KizunaError, match="まだ空いています"):
        declaration_html(page.book)
    field = next(one for form in page.forms for one in inside(form) if getattr(getattr(one, "field", None), "key", "") == "declare.act")
    field.place.value = f"{ACT}<b>&"
    assert f"{ACT}&lt;b&gt;&amp;" in shown(card) and is_shown(card._papers)
    field.place.value = "新しいお客さまを囲い込みます。"
    assert "kz-finding advice" in shown(card) and "kz-finding stop" not in shown(card)
    assert declaration_html(page.book), "advice stops nothing"


def test_three_cards_stand_on_a_sheet_and_one_on_a_postcard() -> None:
    book = open_workbook(MEMORY)
    for key, value in {"act": ACT, "when": "12月3日から", "who": "Mさん", "show": "妻", "name": "浜田"}.items():
        save_answer(book, f"declare.{key}", value)
    sheet, postcard = declaration_html(book), declaration_html(book, postcard=True)
    assert (sheet.count(ACT), postcard.count(ACT)) == (3, 1)
    assert "size: A4" in sheet.split(".card {")[0].split("@page")[-1] and "100mm 148mm" in postcard
    assert all(text in postcard for text in ("12月3日から", "Mさん", "妻", "浜田"))


def test_what_another_page_decides_is_seen_after_a_look() -> None:
    book = a_shop()
    page = page_of(FILE, book)
    chosen(book, "where", "店の奥で。")
    page.changed()
    assert "店の奥で。" in "".join(shown(form) for form in page.forms)


def test_a_stretch_without_anything_is_told_too(sample: Workbook) -> None:
    told = shown(forms.coming_days(Page(FILE, sample)))
    assert "そのあと、90日まで" in told and "まだ予定はありません" in told and "三回目の、しおかぜ立ち話" in told
