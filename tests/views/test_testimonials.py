"""STEP5 on the page, driven as a shopkeeper would: then look into the workbook, or at what the form says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import ipywidgets as widgets
import pytest
from sqlalchemy import update

from kizuna.process import Part
from kizuna.steps import consents, drafts, erasing, proofs, testimonials
from kizuna.steps.allowed import spoken
from kizuna.steps.cards import cut
from kizuna.steps.consents import State
from kizuna.steps.drafts import Kind
from kizuna.steps.feedback import Kind as Reads
from kizuna.steps.feedback import feedback, mark
from kizuna.steps.withdrawals import withdraw
from kizuna.views import forms
from kizuna.views.files import Papers
from kizuna.views.head import Head
from kizuna.views.page import Page
from kizuna.views.paper import page_html
from kizuna.workbook.models import Consent, ConsentVoice, Draft
from kizuna.workbook.store import MEMORY, open_workbook
from tests.notebook import page_of
from tests.steps.testifying import GLAD, LONG, PART, SORRY, a_book, allow, begin, finish, tell

FILE = "06_followup_testimonials"
TODAY = date.today()


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def press(widget: Any, label: str) -> None:
    one = next(each for each in inside(widget) if isinstance(each, widgets.Button) and each.description.startswith(label))
    one.click()


def said(form: Any) -> str:
    return str(form.mark.value)


def shown(form: Any) -> str:
    return "\n".join(one.value for one in inside(form) if isinstance(one, widgets.HTML))


def sheet(form: Any, key: str) -> list[Any]:
    """What the browser gets when it asks a form for one of its sheets."""
    papers = next(one for one in inside(form) if isinstance(one, Papers) and key in {each["key"] for each in one.papers})
    sent: list[Any] = []
    papers.send = lambda content, buffers=None: sent.append((content, buffers))
    papers._handle_custom_msg({"paper": key}, [])
    return sent


def consenting(*people: tuple[str, str]) -> tuple[Page, Any]:
    page = Page(FILE, a_book(*people))
    return page, forms.consents(page)


def fill(form: Any, scopes: tuple[str, ...] = ("shop", "web"), **chosen: Any) -> None:
    """Tick and choose as the paper says."""
    for tick in form._voices.values():
        tick.value = True
    for key in scopes:
        form._scopes[key].value = True
    wanted = {
        "style": "initial",
        "name": "M",
        "edit": "shorten",
        "method": "paper",
        "expiry": "one_year",
        "perk": "none",
        "relation": "customer",
    }
    for key, value in (wanted | chosen).items():
        getattr(form, f"_{key}").value = value


def test_nothing_is_ticked_or_chosen_beforehand() -> None:
    _, form = consenting(("ミナト", GLAD))
    assert not any(one.value for one in inside(form) if isinstance(one, widgets.Checkbox))
    assert all(one.value is None for one in (form._style, form._edit, form._method, form._expiry, form._perk, form._relation))


def test_a_consent_is_written_down_with_todays_day() -> None:
    page, form = consenting(("ミナト", GLAD))
    fill(form, perk="voice", perk_what="手ぬぐい", perk_value="300円")
    press(form, "お許しを書きとめる")
    assert "お許しを書きとめました" in said(form)
    (one,) = consents.consents(page.book)
    assert (one.obtained_on, one.scopes, one.shown, one.perk, one.state) == (TODAY, ("shop", "web"), "Mさん", "voice", State.VALID)
    assert not any(tick.value for tick in form._scopes.values())
    assert "ご紹介してよい方は<b>1人</b>" in shown(form)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [({"style": None}, "「お名前の出し方」が、まだ選ばれていません"), ({"scopes": ()}, "どこに出してよいか"), ({"name": ""}, "どのお名前で出すか"),
     ({"perk_value": "たくさん"}, "数字として読めません")],
)  # fmt: skip
def test_what_is_missing_is_told_and_nothing_is_kept(chosen: dict[str, Any], told: str) -> None:
    page, form = consenting(("ミナト", GLAD))
    fill(form, **chosen)
    press(form, "お許しを書きとめる")
    assert told in said(form)
    assert consents.consents(page.book) == ()


def test_the_sheet_to_sign_needs_words_and_the_blank_one_does_not() -> None:
    _, form = consenting(("ミナト", GLAD))
    assert sheet(form, "sheet")[0][0] == {"failed": True}
    assert "どの言葉か、まだ印がついていません" in said(form)
    form._voices[1].value = True
    assert GLAD in sheet(form, "sheet")[0][1][0].decode()
    assert GLAD not in sheet(form, "blank")[0][1][0].decode()


def test_withdrawing_tells_what_is_to_be_taken_down_and_undo_brings_it_back() -> None:
    page, form = consenting(("ミナト", GLAD))
    allow(page.book, today=TODAY)
    finish(page.book, begin(page.book, today=TODAY), TODAY)
    proofs.put_up(page.book, 1, "レジの横")
    hung, head = forms.hung(page), Head(page)
    form.refresh()
    press(form, "取り下げのご連絡を受けた")
    assert "下書き1つから言葉を外し" in said(form) and "レジの横の店内の掲示（POP）" in said(form)
    assert "外しましょう" in shown(hung)
    press(hung, "外しました")
    assert proofs.papers(page.book)[0].taken_down_on == TODAY
    press(head, "ひとつ前に戻す")
    press(head, "ひとつ前に戻す")
    assert drafts.drafts(page.book)[0].finished_on == TODAY
    assert "外しましょう" not in shown(hung)


def test_only_words_that_may_go_there_are_offered_and_a_draft_is_made_of_them() -> None:
    page = Page(FILE, a_book(("ミナト", LONG), ("ソラ", GLAD), ("テツ", SORRY)))
    allow(page.book, 1, scopes=("shop",), today=TODAY)
    form = forms.show_voices(page)
    assert list(form._ticks) == [1]
    assert SORRY in shown(form) and "ご紹介には使わない声（1件）" in shown(form)
    form._form.value = "web"
    assert list(form._ticks) == []
    assert "ここに出してよい声が、まだありません" in shown(form)
    form._form.value = "pop"
    press(form, "この声で下書きを作る")
    assert "まだ選ばれていません" in said(form)
    form._ticks[1].value = True
    press(form, "この声で下書きを作る")
    (one,) = drafts.drafts(page.book, PART, Kind.TESTIMONIAL)
    assert [group[0].card.text for group in one.groups] == [GLAD]
    assert "Mさん" in shown(form)


def test_a_draft_is_finished_printed_and_stopped_when_the_consent_has_ended() -> None:
    page = Page(FILE, a_book(("ミナト", LONG)))
    allow(page.book, today=TODAY)
    begin(page.book, today=TODAY)
    form = forms.show_voices(page)
    press(form, "ひらく")
    press(form, "仕上げる")
    assert drafts.drafts(page.book)[0].finished_on == TODAY
    assert GLAD in sheet(form, "print")[0][1][0].decode()
    _consent(page, expires_on=TODAY - timedelta(1))
    assert sheet(form, "print")[0][0] == {"failed": True}
    assert "同意がないか、期限切れ" in said(form)
    page.changed()
    assert "お許しの終わった言葉が入っています" in shown(form)
    press(form, "お許しのない言葉を、下書きから外す")
    assert drafts.drafts(page.book)[0].voices == ()


def withdrawn_elsewhere(page: Page) -> None:
    """On another page: the words come back into the draft, which says that it is finished."""
    withdraw(page.book, 1)
    one = drafts.drafts(page.book)[0]
    with page.book.act("言葉が残った") as session:
        quote = cut(session, 1, 0, len(GLAD)).id
    drafts.put(page.book, one.id, "use", quote)
    _finished(page)


def _finished(page: Page) -> None:
    with page.book.act("仕上げたことになった") as session:
        session.get_one(Draft, 1).finished_on = TODAY


def _consent(page: Page, **values: Any) -> None:
    with page.book.act("お許しが変わった") as session:
        session.execute(update(Consent).values(**values))


def another_gone(page: Page) -> None:
    """The consent is somebody else's, as if a record had been mixed up."""
    other = tell(page.book, "ソラ", GLAD)
    with page.book.act("ほかの方のお許しになった") as session:
        session.execute(update(ConsentVoice).values(voice_id=other))


def _care_came_up(page: Page) -> None:
    """A care came up after it was finished: somebody who is not in it."""
    drafts.write(page.book, 1, "note", "")
    tell(page.book, "ソラ", SORRY)
    _finished(page)


ENDED = {
    "withdrawn": withdrawn_elsewhere,
    "expired yesterday": lambda page: _consent(page, expires_on=TODAY - timedelta(1)),
    "begins tomorrow": lambda page: _consent(page, obtained_on=TODAY + timedelta(1)),
    "for another place": lambda page: _consent(page, scopes=["improve", "shop" if drafts.drafts(page.book)[0].form.key != "pop" else "web"]),
    "somebody else's": another_gone,
    "the whole was promised": lambda page: _consent(page, edit="none"),
    "her own name after all": lambda page: (drafts.write(page.book, 1, "thanks", "ミナトさん、ありがとうございます。"), _finished(page)),
    "her name in the title": lambda page: (drafts.rename(page.book, 1, "ミナトさんの声"), _finished(page)),
    "a care that came up": _care_came_up,
    "not finished": lambda page: drafts.reopen(page.book, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "ended"),
    [*(("pop", ended) for ended in ENDED), *((one.key, "withdrawn") for one in drafts.forms(Kind.TESTIMONIAL) if one.key != "pop")],
)
def test_by_no_way_out_go_words_that_may_not(kind: str, ended: str) -> None:
    page = Page(FILE, a_book(("ミナト", LONG)))
    allow(page.book, today=TODAY)
    begin(page.book, kind, today=TODAY)
    drafts.write(page.book, 1, "heading", "お客さまの声")
    drafts.write(page.book, 1, "thanks", "ありがとうございます。")
    finish(page.book, 1, TODAY)
    form, hung = forms.show_voices(page), forms.hung(page)
    press(form, "ひらく")
    for key in ("print", "copy", "text"):
        ((how, made),) = sheet(form, key)
        assert GLAD in made[0].decode() and "Mさん" in made[0].decode() and "ミナト" not in made[0].decode(), how
    ENDED[ended](page)  # behind the page's back, which still shows the buttons
    for key in ("print", "copy", "text"):
        assert sheet(form, key)[0][0] == {"failed": True}, key
    hung._place.value = "レジの横"
    press(hung, "貼った所を書きとめる")
    assert proofs.papers(page.book) == ()
    page.changed()
    assert "仕上がりました" not in "".join(line.value for block in form.paper(False) for line in block.lines)
    assert hung._which.options == (("", 0),)


def test_the_book_of_sources_says_when_the_consent_has_ended_since() -> None:
    page = Page(FILE, a_book(("ミナト", LONG)))
    allow(page.book, today=TODAY)
    finish(page.book, begin(page.book, today=TODAY), TODAY)
    hung = forms.hung(page)
    assert "使うのをやめてください" not in sheet(hung, "proof")[0][1][0].decode()
    _consent(page, scopes=["improve", "web"])
    made = sheet(hung, "proof")[0][1][0].decode()
    assert "お許しがありません。使うのをやめてください" in made and "Mさん" not in made


def test_the_button_asks_the_owners_own_threshold_too() -> None:
    page = Page(FILE, a_book(("ミナト", GLAD)))
    allow(page.book, today=TODAY)
    begin(page.book, today=TODAY)
    drafts.write(page.book, 1, "offer", "取り寄せ本の予約を、お電話でうけたまわります。")
    form = forms.show_voices(page)
    press(form, "ひらく")
    press(form, "仕上げる")
    assert "目安を、まだ決めていません" in said(form)
    assert drafts.drafts(page.book)[0].finished_on is None


def test_a_telephone_number_is_left_out_at_a_press() -> None:
    page = Page(FILE, a_book(("ミナト", "090-1234-5678に電話をくださって、とても助かりました。")))
    allow(page.book, today=TODAY)
    begin(page.book, today=TODAY)
    form = forms.show_voices(page)
    press(form, "ひらく")
    assert "電話番号や住所" in shown(form)
    press(form, "個人のことが分かる所を")
    assert spoken(drafts.drafts(page.book)[0].groups[0]) == "に電話をくださって、とても助かりました。"
    assert "電話番号や住所" not in shown(form)


def test_the_owners_threshold_is_kept_with_its_day() -> None:
    page = Page(FILE, a_book(("ミナト", GLAD)))
    form, gathered = forms.goal(page), forms.gathered(page)
    form._answers.value, form._percent.value = "１人", "７０％"
    press(form, "この目安に決める")
    goal = testimonials.status(page.book, PART).goal
    assert goal is not None and (goal.answers, goal.percent, goal.set_on, goal.before) == (1, 70, TODAY, False)
    assert "集めはじめたあとに決めた" in shown(form)
    assert "届いています" in shown(gathered)
    form._answers.value = "1.5"
    press(form, "目安を決め直す（今日の日にちになります）")
    assert "小数のつかない数" in said(form) and testimonials.status(page.book, PART).goal == goal
    form._answers.value, form._percent.value = "1", "七割"
    press(form, "目安を決め直す（今日の日にちになります）")
    assert "数字として読めません" in said(form)


def test_joy_is_never_shown_alone() -> None:
    page = Page(FILE, a_book(("ミナト", GLAD), ("ソラ", SORRY)))
    told = shown(forms.gathered(page))
    assert "答えてくださった2人のうち" in told and "困ったことを教えてくださった方" in told
    assert "最後にお会いした" in told and "二回以上お越し" in told


def test_what_is_said_of_the_product_itself_stands_apart_and_only_where_there_is_something() -> None:
    page = Page(FILE, a_book(("ミナト", GLAD), ("ソラ", SORRY)))
    form = forms.gathered(page)
    assert "商品やサービスそのもの" not in shown(form)
    mark(page.book, PART, feedback(page.book, PART).of(Reads.COMPLAINT)[0].id, product=True)
    page.changed()
    assert "商品やサービスそのもののことを教えてくださった方</div><div><b>1人" in shown(form)
    assert "困ったことを教えてくださった方</div><div><b>0人" in shown(form)


def test_it_is_told_of_what_glad_voices_are_counted() -> None:
    page = Page(FILE, a_book(("ミナト", GLAD), ("ミナト", LONG)))
    assert "うれしい声は<b>2件</b>" in shown(forms.show_voices(page)) and "お答え一つを、一件" in shown(forms.show_voices(page))
    assert "喜んでくださった方</div><div><b>1人" in shown(forms.gathered(page))


@pytest.mark.parametrize("people", [(), (("ミナト", SORRY),), (("ミナト", GLAD), ("ソラ", SORRY), ("テツ", "よかったです。"))])
def test_every_page_reads_well_with_nobody_one_and_three(people: tuple[tuple[str, str], ...]) -> None:
    page = page_of(FILE, a_book(*people))
    page.changed()
    for form in page.forms:
        assert "思いがけない" not in shown(form) and form.mark.value == ""
    for blank in (True, False):
        assert "ご紹介を始める目安" in page_html(page, blank)


def test_the_map_counts_consents_and_finished_voices() -> None:
    from kizuna.process import Step
    from kizuna.steps.progress import course_boxes

    book = a_book(("ミナト", GLAD))
    allow(book, today=TODAY)
    finish(book, begin(book, today=TODAY), TODAY)
    assert course_boxes(book)[Part.FOLLOWUP, Step.TESTIMONIAL].made == "お許し1件・できた声1つ"
    assert course_boxes(open_workbook(MEMORY))[Part.FOLLOWUP, Step.TESTIMONIAL].made == ""


def test_a_paper_with_the_words_of_somebody_whose_records_are_gone_is_to_be_taken_down() -> None:
    book = a_book(("ミナト", LONG))
    allow(book, 1)
    finish(book, begin(book, "pop", 1))
    proofs.put_up(book, 1, "レジの横")
    form = forms.hung(Page(FILE, book))
    assert "外しましょう" not in shown(form)
    erasing.erase(book, 1)
    form.refresh()
    assert "記録を消した方の言葉がのっています" in shown(form) and "レジの横" in shown(form)
    press(form, "外しました")
    assert "外しましょう" not in shown(form)
