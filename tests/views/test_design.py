"""The page of the place, driven as its owner would; and what goes out of it: only what was decided, only what may be shown."""

from __future__ import annotations

import html as entities
import io
import re
from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
import openpyxl
import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import plan, research, themes
from kizuna.steps.tribe import design as places
from kizuna.steps.tribe import topics, traits
from kizuna.views import forms, sheets
from kizuna.views.fields import FieldView
from kizuna.views.forms.design import ChoiceEditor, TopicEditor
from kizuna.views.head import Head
from kizuna.views.page import Page
from kizuna.views.plain import is_shown
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.store import Workbook
from tests.steps.tribe.placing import SAID, TODAY, a_shop, allow, chosen, quote, who

HOSTILE = "<script>alert(1)</script>と{{ shop }}</p>&\"'"


@pytest.fixture
def page() -> Page:
    return Page("08_tribe_plan", a_shop())


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def all_of(widget: Any, kind: type) -> list[Any]:
    return [one for one in inside(widget) if isinstance(one, kind)]


def press(widget: Any, label: str) -> None:
    next(one for one in all_of(widget, widgets.Button) if one.description.startswith(label)).click()


def labels(widget: Any) -> list[str]:
    return [one.description for one in all_of(widget, widgets.Button) if is_shown(one)]


def shown(widget: Any) -> str:
    return "\n".join(one.value for one in all_of(widget, widgets.HTML))


def topic(form: Any, key: str) -> TopicEditor:
    return next(one for one in form._topics if one.topic.key == key)


def opened(form: Any, key: str) -> TopicEditor:
    one = topic(form, key)
    press(one, "ひらく")
    return one


def field(widget: Any, key: str) -> Any:
    return next(view for view in all_of(widget, FieldView) if view.field.key == key).place


def tick(widget: Any, begins: str) -> widgets.Checkbox:
    """The tick beside the words that begin so."""
    for card in [one for one in inside(widget) if isinstance(one, widgets.VBox) and "kz-card" in one._dom_classes]:
        if begins in card.children[0].value:
            found: widgets.Checkbox = card.children[1]
            return found
    raise AssertionError(begins)


# ---- the questions


def test_a_question_is_answered_given_its_words_and_decided(page: Page) -> None:
    form = forms.design(page)
    one = opened(form, "where")
    assert SAID["ミナト"] in entities.unescape(shown(one))  # the near words lie beside the question before anything is written
    press(one, "この問いの答えを書く")
    field(one, "text").value = "店の奥の机"
    press(one, "案に入れる")
    assert "望んだ人の記録がありません" in form.mark.value and places.design(page.book).decided == ()
    tick(one, "かしこまった").value = True
    press(one, "案に入れる")
    assert "案に入れました" in form.mark.value
    [choice] = places.design(page.book).decided
    assert (choice.text, [card.text for card in choice.evidence]) == ("店の奥の机", [SAID["ミナト"]])
    assert "案に入った答えは<b>1つ</b>" in shown(form) and "in" in one._dom_classes
    tick(one, "かしこまった").value = False
    assert places.design(page.book).decided == () and "in" not in one._dom_classes


def test_what_sells_is_refused_and_what_begins_to_sell_leaves(page: Page) -> None:
    number = chosen(page.book, "where", "店の奥の机")
    form = forms.design(page)
    one = opened(form, "where")
    field(one, "text").value = "会場費として一人500円を集めます。"
    assert "いったん案から外しました" in form.mark.value and "仲間の場" in shown(one)
    press(one, "案に入れる")
    assert "仲間の場" in form.mark.value and places.design(page.book).decided == ()
    field(one, "text").value = "店の奥の机"
    press(one, "案に入れる")
    assert [each.id for each in places.design(page.book).decided] == [number]


def test_the_cost_has_its_own_field_and_takes_whole_yen_only(page: Page) -> None:
    chosen(page.book, "cost", "お茶の分を、来た方で等分する。", "お茶")
    form = forms.design(page)
    one = opened(form, "cost")
    field(one, "yen").value = "２００円"
    assert places.design(page.book).choices[0].yen == 200
    for wrong in ("0", "12.5", "たくさん"):
        field(one, "yen").value = wrong
        assert "数" in form.mark.value and places.design(page.book).choices[0].yen == 200
    field(one, "yen").value = ""
    assert places.design(page.book).choices[0].yen is None


def test_nothing_stands_inside_a_question_until_it_is_opened(page: Page) -> None:
    places.draft(page.book)
    form = forms.design(page)
    assert all_of(form, FieldView) == []
    opened(form, "shy")
    assert len(all_of(form, ChoiceEditor)) == 1


def test_the_wishes_are_laid_out_once(page: Page) -> None:
    form = forms.design(page)
    lay_out = "望みの言葉を、問いのそばに並べる（下書き）"
    assert lay_out in labels(form)
    press(form, lay_out)
    assert "近い言葉を並べました" in form.mark.value and lay_out not in labels(form)
    assert tick(opened(form, "shy"), "顔を合わせる").value is True


def test_a_shut_gate_is_told_where_something_would_begin() -> None:
    page = Page("08_tribe_plan", a_shop(fans=1))
    form = forms.design(page)
    press(form, "望みの言葉を")
    assert "複数のファンがいります" in form.mark.value
    press(opened(form, "where"), "この問いの答えを書く")
    assert "複数のファンがいります" in form.mark.value and places.design(page.book).choices == ()


def test_a_thought_of_ones_own_goes_to_the_questions(page: Page) -> None:
    form, ideas = forms.design(page), forms.ideas(page)
    one = opened(form, "yearly")
    press(one, "この問いの答えを書く")
    field(one, "text").value = "夏の浜で会う"
    asks = next(each for each in all_of(one, widgets.Text) if each.value == topics.topic("yearly").ask)
    asks.value = "夏に、みなさんと会えたらどうですか。"
    page.changed()
    assert asks.value == "夏に、みなさんと会えたらどうですか。"  # what is being written stays
    press(one, "「次に聞くこと」に入れる")
    assert [each.text for each in research.ideas(page.book, Part.TRIBE)] == ["夏の浜で会う"]
    assert "夏に、みなさんと会えたらどうですか。" in shown(ideas) and places.design(page.book).choices == ()


def test_what_somebody_asked_for_offers_no_way_to_the_questions(page: Page) -> None:
    chosen(page.book, "yearly")
    one = opened(forms.design(page), "yearly")
    assert not [is_shown(each) for each in all_of(one, widgets.VBox) if topics.words().waiting in shown(each)][-1]


def test_undo_takes_an_answer_away_and_brings_it_back(page: Page) -> None:
    form, head = forms.design(page), Head(page)
    one = opened(form, "where")
    press(one, "この問いの答えを書く")
    assert len(all_of(one, ChoiceEditor)) == 1
    press(head, "ひとつ前に戻す")
    assert all_of(one, ChoiceEditor) == [] and "この問いの答えを書く" in labels(one)
    press(head, "やり直す")
    assert len(all_of(one, ChoiceEditor)) == 1


def test_a_question_of_several_answers_offers_one_more(page: Page) -> None:
    chosen(page.book, "where")
    chosen(page.book, "purpose")
    form = forms.design(page)
    assert "もう一つ書く" in labels(opened(form, "where")) and "もう一つ書く" not in labels(opened(form, "purpose"))


def test_what_another_page_wrote_is_told(page: Page) -> None:
    number = chosen(page.book, "where", "店の奥の机")
    form = forms.design(page)
    one = opened(form, "where")
    places.edit(page.book, number, text="店の前")
    field(one, "text").value = "縁台"
    assert "店の前" in form.mark.value and places.design(page.book).choices[0].text == "縁台"


def test_without_voices_the_page_says_where_they_come_in() -> None:
    from kizuna.workbook.store import MEMORY, open_workbook

    assert "あったらうれしい集まりを聞く" in shown(forms.design(Page("08_tribe_plan", open_workbook(MEMORY))))


# ---- the nine traits


def test_a_trait_is_noted_and_shows_where_it_may_be(page: Page) -> None:
    chosen(page.book, "shy", "ふせんに丸を一つ。", "顔を")
    form = forms.place_traits(page)
    field(form, "one_button").value = True
    assert read_answer(page.book, f"{traits.TRAIT}one_button") is True and "<b>1つ</b>" in shown(form)
    assert "ふせんに丸を一つ。" in shown(form)
    assert [line.choices[0].ticked for line in form.paper(blank=False)[0].lines].count(True) == 1
    assert not any(choice.ticked for line in form.paper(blank=True)[0].lines for choice in line.choices)


# ---- the first gathering is an item of the plan, in the words of its part


def test_the_first_gathering_is_asked_about_in_the_words_of_its_part(page: Page) -> None:
    themes.make(page.book, Part.TRIBE, "気楽に話したい", [quote(page.book, "かしこまった")])
    plan.draft(page.book, Part.TRIBE)
    asked = {view.field.key: view.field.question for view in all_of(forms.actions(page), FieldView)}
    assert "お客さまどうしの間がら" in asked["relation"]
    first = {one.key: one.question for one in _fields_of(Part.FOLLOWUP)}
    assert "お客さまとの間がら" in first["relation"] and set(first) == set(asked)
    assert [key for key in first if first[key] != asked[key]] == ["relation", "minutes", "fun_them"]


def _fields_of(part: Part) -> list[Any]:
    from kizuna.content import load
    from kizuna.views.forms.editor import PlanWords

    return load("plan.yaml", PlanWords).of(part)


# ---- one page for members


def said(sheet: str) -> list[str]:
    return [entities.unescape(one) for one in re.findall(r'<div class="quote"><p>「(.*?)」</p>', sheet, re.DOTALL)]


def body(sheet: str) -> str:
    return entities.unescape(re.sub(r"<[^>]+>", "", sheet.split("<body>")[1]))


def test_members_see_only_the_words_and_names_that_were_allowed(page: Page) -> None:
    chosen(page.book, "where", "店の奥の机", "かしこまった", "お茶", "顔を")
    allow(page.book, "よし子", shown_name="Y", name_style="initial")
    sheet = sheets.design_html(page.book, TODAY)
    assert said(sheet) == [SAID["よし子"]] and "Yさん" in sheet and "望んだ方 3人" in body(sheet)
    for name in SAID:
        assert name not in body(sheet)
    assert SAID["ミナト"] not in body(sheet) and SAID["くじら"] not in body(sheet)


def test_the_same_words_stand_once_on_the_page(page: Page) -> None:
    chosen(page.book, "where", "店の奥の机")
    chosen(page.book, "rules", "かしこまらない")
    allow(page.book, "ミナト")
    assert said(sheets.design_html(page.book, TODAY)) == [SAID["ミナト"]]


def test_the_page_holds_what_was_decided_and_only_our_own_tags() -> None:
    book = a_shop(ミナト=f"かしこまった会は苦手。{HOSTILE}")
    save_answer(book, "shop", HOSTILE)
    chosen(book, "where", HOSTILE)
    chosen(book, "purpose", "出会えるように")
    chosen(book, "name", "しおかぜ立ち話")
    chosen(book, "cost", "お茶の分", yen=300)
    places.begin(book, "roles", [quote(book, "お茶")])
    allow(book, "ミナト")
    sheet = sheets.design_html(book, TODAY)
    assert set(re.findall(r"<\s*([a-zA-Z][a-zA-Z0-9]*)", sheet)) <= {
        "html", "head", "meta", "title", "style", "body", "p", "button", "div", "h1", "h2", "footer",
    }  # fmt: skip
    told = body(sheet)
    assert HOSTILE in told and "出会えるように" in told and "一人一回 300円" in told and "役割" not in told
    assert "<h1>しおかぜ立ち話</h1>" in sheet and "店主も、仲間の一人です。" in told
    assert "None" not in told


def test_nothing_decided_or_something_that_sells_is_not_printed(page: Page) -> None:
    with pytest.raises(KizunaError, match="まだありません"):
        sheets.design_html(page.book)
    form = forms.design_sheet(page)
    assert not is_shown(form._papers)
    chosen(page.book, "where", "店の奥の机")
    page.changed()
    assert is_shown(form._papers) and "店の奥の机" in shown(form)
    with page.book.act("外から") as session:
        session.get_one(places.Choice, 1).text = "年会費を集めます。"
    press(form, "どなたの言葉が")
    assert "いまは印刷できません" in shown(form)


def test_whose_words_will_stand_there_can_be_looked_at(page: Page) -> None:
    chosen(page.book, "where", "店の奥の机", "かしこまった", "お茶")
    form, asking = forms.design_sheet(page), forms.place_consents(page)
    press(form, "どなたの言葉が")
    assert "お許しのある言葉は、まだありません" in shown(form)
    assert [label for label, _ in asking._who.options] == [
        f"{name}さん（集まりの案の言葉は、まだうかがっていません）" for name in ("ミナト", "よし子")
    ]
    assert "<b>2人</b>のうち、紙にのせてよいと言ってくださった方は<b>0人</b>" in shown(asking)
    allow(page.book, "ミナト")
    page.changed()
    assert "お許しのある次の1件" in shown(form) and "<b>1人</b>です" in shown(asking)


def test_excel_is_for_the_shop_and_holds_all_choices_with_all_words(page: Page) -> None:
    chosen(page.book, "where", "=1+1", "かしこまった", "お茶")
    places.begin(page.book, "roles")
    book = openpyxl.load_workbook(io.BytesIO(sheets.design_excel(page.book)))
    rows = [list(row) for row in book["集まりの案"].iter_rows(min_row=2)]
    assert [(row[0].value, row[1].value, row[6].value) for row in rows] == [("役割", None, "まだ"), ("どこで", "=1+1", "案に入れた")]
    assert all(cell.data_type != "f" for row in rows for cell in row)
    assert [row[2].value for row in book["望んだ言葉"].iter_rows(min_row=2)] == [SAID["ミナト"], SAID["よし子"]]


def test_on_paper_stand_the_answers_with_their_words_and_a_blank_holds_every_question(page: Page) -> None:
    chosen(page.book, "where", "店の奥の机", "お茶")
    form = forms.design(page)
    written, blank = form.paper(blank=False), form.paper(blank=True)
    assert [block.title for block in written] == ["集まりの案を考える", "どこで"]
    assert written[1].lines[0].value == "店の奥の机" and [card.text for card in written[1].quotes] == [SAID["よし子"]]
    assert [block.title for block in blank[1:]] == [one.title for one in topics.words().topics]
    assert not any(line.value or block.quotes for block in blank for line in block.lines)


def test_the_consent_of_somebody_on_this_page_counts_for_members(page: Page) -> None:
    book: Workbook = page.book
    chosen(book, "where", "店の奥の机")
    form = forms.place_consents(page)
    form._who.value = who(book, "ミナト")
    next(iter(form._voices.values())).value = True
    form._scopes["members"].value = True
    form._style.value, form._edit.value, form._method.value, form._expiry.value = "anonymous", "none", "paper", "one_year"
    form._perk.value, form._relation.value = "none", "customer"
    press(form, "お許しを書きとめる")
    assert "お許しを書きとめました" in form.mark.value
    assert said(sheets.design_html(book)) == [SAID["ミナト"]]
