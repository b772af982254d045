"""Pages 09 and 11 driven as a person would: a gathering is offered to one person, and members' voices are shown inside and outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets as widgets
import pytest
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part, Step
from kizuna.steps import consents, drafts, invited, offer, showing
from kizuna.steps.drafts import Kind
from kizuna.steps.progress import course_boxes
from kizuna.views import forms
from kizuna.views.fields import FieldView
from kizuna.views.forms.draft import DraftEditor, _sheets
from kizuna.views.forms.testimonials import CARE
from kizuna.views.page import Page
from kizuna.views.paper import page_html
from kizuna.views.plain import is_shown
from kizuna.workbook.models import Draft, Voice
from kizuna.workbook.store import Workbook
from tests.steps.tribe.inviting import TRIBE, WHOLE, a_place, agree, an_offer, who
from tests.steps.tribe.members import LINE, a_gathering


def page(file: str, book: Workbook) -> Page:
    one = Page(file, book)
    return one


@pytest.fixture
def inviting() -> Iterator[Page]:
    one = page("09_tribe_offer", a_place())
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


def tick(widget: Any, label: str) -> None:
    next(one for one in all_of(widget, widgets.Checkbox) if one.description.startswith(label)).value = True


def test_the_gathering_is_offered_without_a_thank_you_or_a_price(inviting: Page) -> None:
    form = forms.offers(inviting)
    press(form, "この集まりへのお誘いを考えはじめる")
    keys = [view.field.key for view in all_of(form, FieldView)]
    assert keys == ["name", "gain_them", "gain_me", "family_who", "family_ok", "family_reason"]
    for key in keys[1:]:
        field(form, key).place.value = WHOLE[key]
    assert "・お誘いできます" in shown(form) and offer.offers(inviting.book, TRIBE)[0].family_ok is True
    assert "しおかぜ立ち話" in page_html(inviting, blank=False)


def test_a_letter_from_the_person_to_the_answer(inviting: Page) -> None:
    an_offer(inviting.book)
    agree(inviting.book, "灯台のよし子")
    form = forms.invite(inviting)
    together = next(one for one in all_of(form, widgets.Button) if one.description.startswith("まとめて"))
    assert not is_shown(together) and "集まりを望んだ方" in "".join(one.description for one in all_of(form, widgets.Checkbox))
    tick(form, "ミナトさん")
    next(one for one in all_of(form, widgets.Checkbox) if one.description == "灯台のよし子さん").value = True
    press(form, "一人ずつ")
    (one,) = drafts.drafts(inviting.book, TRIBE)
    assert "灯台のよし子さんもお誘いしています。" in one.text
    press(form._drafts, "ひらく")
    field(form._drafts, "news").place.value = "次の木曜の夕方、店の奥の机で。新作の手さげを販売します。"
    press(form._drafts, "仕上げる")
    assert "ここは仲間の場です" in form.mark.value and drafts.draft(inviting.book, one.id).finished_on is None
    field(form._drafts, "news").place.value = "次の木曜の夕方、店の奥の机で。"
    field(form._drafts, "cost").place.value = "会場代とお茶代 300円"
    press(form._drafts, "仕上げる")
    assert drafts.draft(inviting.book, one.id).finished_on is not None
    press(form, "お誘いしました")
    press(form, "来てくださいました")
    assert invited.counts(inviting.book, part=TRIBE).used == 1 and "来てくださった方は1人" in shown(form)
    assert "使って" not in shown(form._came)


def test_nobody_may_be_named_yet_is_said_kindly(inviting: Page) -> None:
    an_offer(inviting.book)
    assert "引き合わせてよいとうかがった方は、まだいません" in shown(forms.invite(inviting))


def finished_by_force(book: Workbook, one: int) -> None:
    """As if a draft had been finished before its words became what they are."""
    with book.act("仕上げた") as session:
        session.get_one(Draft, one).finished_on = LINE


@pytest.mark.parametrize("shape", ["invitation", "request", "change", "inside"])
@pytest.mark.parametrize("way", ["print", "copy", "text"])
def test_by_no_way_out_goes_what_sells(shape: str, way: str) -> None:
    if shape == "inside":
        book, one = a_gathering("inside")
        drafts.write(book, one, "thanks", "ありがとうございます。帰りに手さげの割引券をお渡しします。")
        form = forms.show_voices(page("11_tribe_testimonials", book))
        care = CARE
    else:
        book = a_place()
        words = {"greeting": "いつもありがとうございます。", "close": "手さげの割引券をお渡しします。"}
        kind = Kind(shape)
        one = drafts.begin(book, TRIBE, kind, "letter", words=words, person_id=who(book, "ミナト"))
        form, care = forms.invite(page("09_tribe_offer", book)), None
    finished_by_force(book, one)
    sheet = next(sheet for sheet in _sheets(DraftEditor(form, drafts.draft(book, one), care)) if sheet.key == way)
    with pytest.raises(KizunaError, match="仲間の場"):
        sheet.make()


def test_members_voices_are_shown_inside_without_and_outside_with_an_offer() -> None:
    book, one = a_gathering("inside")
    form = forms.show_voices(page("11_tribe_testimonials", book))
    press(form._drafts, "ひらく")
    assert "集まりに来てみて" in shown(form) and not [view for view in all_of(form, FieldView) if view.field.key == "offer"]
    showing.finish(book, one)
    assert "仲間の声" in showing.showing(book, one).text
    book, one = a_gathering("pop")
    form = forms.show_voices(page("11_tribe_testimonials", book))
    press(form._drafts, "ひらく")
    assert [view for view in all_of(form, FieldView) if view.field.key == "offer"]


@pytest.mark.parametrize("build", [forms.offers, forms.invite])
def test_page_09_is_kind_while_there_is_nothing(build: Callable[[Page], Any]) -> None:
    book = a_place()
    with book.act("外した") as session:
        session.query(Draft).delete()
    form = build(page("09_tribe_offer", book))
    assert (
        form.mark.value == ""
        and "一手" not in shown(form)
        and "使って" not in "\n".join(one.value for one in all_of(form, widgets.HTML) if is_shown(one))
    )


@pytest.mark.parametrize("build", [forms.goal, forms.gathered, forms.consents, forms.show_voices, forms.hung, forms.customer_words])
def test_page_11_names_the_page_of_its_own_part(build: Callable[[Page], Any]) -> None:
    form = build(page("11_tribe_testimonials", a_place()))
    assert form.mark.value == "" and "「感想をもらう」" not in shown(form) and "お客さまの言葉" not in str(getattr(form.title, "value", ""))


def test_the_consents_of_one_part_are_not_counted_in_the_other() -> None:
    book, _ = a_gathering("pop")
    here, there = page("11_tribe_testimonials", book), page("06_followup_testimonials", book)
    assert "ご紹介してよい方は<b>1人</b>" in shown(forms.consents(here))
    other = forms.consents(there)
    assert "ご紹介してよい方は<b>" not in shown(other) and other._list.children == ()
    assert there.part is Part.FOLLOWUP and "下書きは、まだありません" in shown(forms.show_voices(there))


def test_beside_each_name_stands_what_she_wished_for(inviting: Page) -> None:
    """Who would rather not come is not asked to come by mistake."""
    an_offer(inviting.book)
    asked = shown(forms.invite(inviting)._choose)
    assert "「かしこまった会は苦手。立ち話くらいがいい。」" in asked and "父親どうし" not in asked


def test_consents_of_the_two_kinds_are_told_apart() -> None:
    """Words for the design and words of feedback are asked for and counted apart, on the page and on the map."""
    book, _ = a_gathering("pop")
    person = who(book, "ミナト")
    with book.reading() as session:
        voice = session.scalars(select(Voice.id).where(Voice.step == Step.RESEARCH, Voice.person_id == person)).one()
    before = course_boxes(book)[TRIBE, Step.TESTIMONIAL].made
    consents.record(book, person, [voice], consents.Agreed(("members",), "nickname", "ミナト", edit="shorten"))
    told = shown(forms.consents(page("11_tribe_testimonials", book)))
    assert "感想をご紹介してよい方は<b>1人</b>です。集まりの案に言葉をのせてよい方は、別に1人います。" in told
    assert "集まりの案にのせる言葉・お許しあり" in told and "感想のご紹介・お許しあり" in told and "紙に書くお名前：ミナトさん" in told
    assert course_boxes(book)[TRIBE, Step.TESTIMONIAL].made == before
