"""STEP3 driven as a person would: an offer is written, people are chosen, a letter is finished, and what came of it is noted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.language.posts import Kind
from kizuna.steps import drafts, invited, offer, posts, recurring
from kizuna.steps.sample import example
from kizuna.views import forms
from kizuna.views.fields import FieldView
from kizuna.views.page import Page
from kizuna.views.paper import page_html
from kizuna.views.plain import is_shown
from kizuna.workbook.store import Workbook, open_workbook
from tests.steps.offering import PART, before_offers


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return before_offers(tmp_path_factory.mktemp("見本"))


@pytest.fixture
def page(sample: Path, tmp_path: Path) -> Iterator[Page]:
    one = Page("04_followup_offer", open_workbook(shutil.copy(sample, tmp_path)))
    yield one
    one.book.close()


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def all_of(widget: Any, kind: type) -> list[Any]:
    return [one for one in inside(widget) if isinstance(one, kind)]


def press(widget: Any, label: str) -> None:
    next(one for one in all_of(widget, widgets.Button) if one.description.startswith(label)).click()


def field(widget: Any, key: str) -> Any:
    return next(view for view in all_of(widget, FieldView) if view.field.key == key)


def shown(widget: Any) -> str:
    return "\n".join(one.value for one in all_of(widget, widgets.HTML))


def seen(widget: Any) -> bool:
    return is_shown(widget)


def write_offer(form: Any) -> None:
    press(form, "この一手へのお誘いを考えはじめる")
    for key, value in [
        ("gain_them", "土曜の朝は、お子さんが声を出してもだいじょうぶです。"),
        ("gain_me", "親子の名前を覚えられる。"),
        ("family_who", "妹のさとみ"),
        ("family_ok", True),
        ("family_reason", "妹もそう望んでいたから。"),
    ]:
        field(form, key).place.value = value
        assert "保存しました" in form.mark.value


def the_offer(book: Workbook) -> offer.OfferView:
    (one,) = offer.offers(book, PART)
    return one


def test_an_offer_is_written_field_by_field(page: Page) -> None:
    form = forms.offers(page)
    press(form, "この一手へのお誘いを考えはじめる")
    assert "まだお誘いできません" in shown(form) and "身内にも同じようにすすめられるか" in shown(form)
    press(form, "このお誘いを消す")
    write_offer(form)
    assert the_offer(page.book).family_ok is True and offer.check_offer(page.book, the_offer(page.book)) == ()
    assert "お互い様" in shown(form) and "・お誘いできます" in shown(form)


def test_the_fields_of_a_thank_you_come_with_one(page: Page) -> None:
    form = forms.offers(page)
    write_offer(form)
    assert not seen(field(form, "perk_value"))
    field(form, "perk").place.value = "positive"
    assert seen(field(form, "perk_value")) and "良い感想を条件にしたお礼はできません" in shown(form) and "お礼の早見表" in shown(form)
    field(form, "perk_value").place.value = "百円"
    assert "数字として読めません" in form.mark.value
    field(form, "perk_value").place.value = "1.5"
    assert "切りのよい数" in form.mark.value
    field(form, "perk_value").place.value = "１００円"
    assert the_offer(page.book).perk_value == 100


def test_from_the_people_to_the_letter_and_back(page: Page) -> None:
    form, ask = forms.offers(page), forms.invite(page)
    assert "お誘いが、まだありません" in shown(ask)
    write_offer(form)
    press(ask, "一人ずつ")
    assert "まだ選ばれていません" in ask.mark.value
    ticks = [one for one in all_of(ask, widgets.Checkbox) if "これを望んだ方" in one.description]
    assert len(ticks) == len({said.person_id for said in the_offer(page.book).evidence})
    for tick in ticks[:2]:
        tick.value = True
    press(ask, "一人ずつ")
    assert "2つの下書きを作りました" in ask.mark.value and len(drafts.drafts(page.book)) == 2
    assert not any(tick.value for tick in all_of(ask, widgets.Checkbox))
    press(ask, "ひらく")
    press(ask, "仕上げる")
    assert drafts.drafts(page.book)[0].finished_on == date.today()
    press(ask, "お誘いしました")
    press(ask, "使ってくださいました")
    counts = invited.counts(page.book, the_offer(page.book).id)
    assert (counts.asked, counts.used) == (1, 1) and counts.said in shown(ask)


def test_one_draft_for_several(page: Page) -> None:
    form, ask = forms.offers(page), forms.invite(page)
    write_offer(form)
    for tick in all_of(ask, widgets.Checkbox)[:3]:
        tick.value = True
    press(ask, "まとめて")
    (one,) = drafts.drafts(page.book)
    assert one.person_id is None and one.title == "3人の方へ" and len(invited.asked(page.book, the_offer(page.book).id)) == 3


def test_more_people_come_on_a_click(page: Page) -> None:
    form, ask = forms.offers(page), forms.invite(page)
    write_offer(form)
    first = len(all_of(ask, widgets.Checkbox))
    press(ask, "あと")
    assert len(all_of(ask, widgets.Checkbox)) == 16 > first


def test_what_is_done_gets_its_mark(page: Page) -> None:
    form = forms.promises(page)
    press(form, "できました")
    assert [one.done_on for one in offer.promises(page.book, PART)].count(date.today()) == 1
    press(form, "「できた」を取り消す")
    assert not any(one.done_on for one in offer.promises(page.book, PART))


def test_posts_are_read_and_corrected(page: Page) -> None:
    form, points = forms.posts(page), forms.five_points(page)
    (pasted,) = all_of(form, widgets.Textarea)
    press(form, "投稿を読み分ける")
    assert "読みとれませんでした" in form.mark.value
    pasted.value = "わたしは朝から失敗しました。\n\n本日限り20%オフ！"
    press(form, "投稿を読み分ける")
    assert "2件を読み分けました" in form.mark.value and pasted.value == ""
    assert "投稿2件のうち、商品のご案内が1件" in shown(form)
    before = shown(points)
    kinds = all_of(form, widgets.Dropdown)
    kinds[1].value = Kind.INVOLVING
    assert posts.posts(page.book)[1].by == "person" and "商品のご案内が0件" in shown(form) and shown(points) != before
    press(form, "消す")
    assert len(posts.posts(page.book)) == 1


def test_what_is_told_again_is_noted_and_rests(page: Page) -> None:
    form = forms.recurring(page)
    title, days = all_of(form, widgets.Text)
    days.value = "たくさん"
    title.value = "堤防の桜"
    press(form, "入れる")
    assert "数字として読めません" in form.mark.value and recurring.recurring(page.book) == ()
    days.value = "30"
    press(form, "入れる")
    press(form, "今日、話しました")
    assert "まで休ませています" in shown(form)
    assert not [one for one in all_of(form, widgets.Button) if one.description == "今日、話しました"]


def test_paper_holds_the_same_and_a_blank_nothing(page: Page) -> None:
    form = forms.offers(page)
    for make in (forms.invite, forms.promises, forms.posts, forms.recurring):
        make(page)
    write_offer(form)
    written, blank = page_html(page, blank=False), page_html(page, blank=True)
    assert "妹のさとみ" in written and "妹のさとみ" not in blank
    assert all(question in both for both in (written, blank) for question in ("自分の得", "同じようにすすめられますか"))
    assert all(name not in blank for name in [one.title for one in example().plan])
