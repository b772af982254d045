"""Every form, driven as a person would: write, choose, press; then look at the workbook, or at what the form says."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part, course
from kizuna.steps import plan, research, themes
from kizuna.steps.sample import make_sample
from kizuna.views import forms
from kizuna.views.board import Board
from kizuna.views.fields import FieldView
from kizuna.views.files import FilePick, Papers
from kizuna.views.head import Head, open_page
from kizuna.views.page import Form, Page
from kizuna.views.plain import is_shown
from kizuna.views.way import next_link
from kizuna.workbook import place
from kizuna.workbook.answers import read_answer, read_answers, save_answer
from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import Person, Theme, Voice
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART = Part.FOLLOWUP
DATASETS = Path(__file__).parents[2] / "datasets"
TODAY = date(2026, 11, 2)
UNDO, REDO, DROP = "ひとつ前に戻す", "やり直す", "この質問をやめる"
TAKE_IN, SHOW_PASTED, SAVE_TALK = "この内容で", "貼りつけた声を見る", "この方のお話を保存する"
FROM_FILE, PASTED, ONE_BY_ONE = range(3)
START = import_module("kizuna.views.forms.start")  # the package's own name `start` is the function
FORMS: dict[str, Callable[[Page], Any]] = {
    "actions": forms.actions,
    "arrange": forms.arrange,
    "bring_feedback": forms.bring_feedback,
    "bring_talk": forms.bring_talk,
    "bring_voices": forms.bring_voices,
    "calendar": forms.calendar,
    "check_up": forms.check_up,
    "copies": forms.copies,
    "history": forms.history,
    "camp_days": forms.camp_days,
    "camp_notes": forms.camp_notes,
    "certificate": forms.certificate,
    "change_notes": forms.change_notes,
    "choose": forms.choose,
    "compare_media": forms.compare_media,
    "consents": forms.consents,
    "course_map": forms.course_map,
    "curve": forms.curve,
    "customer_words": forms.customer_words,
    "design": forms.design,
    "design_sheet": forms.design_sheet,
    "place_consents": forms.place_consents,
    "place_traits": forms.place_traits,
    "tribe_plan_review": lambda page: forms.fields(page, "tribe_plan_review"),
    "entry": lambda page: forms.fields(page, "entry", "題"),
    "forgotten": forms.forgotten,
    "free_services": forms.free_services,
    "free_services_fields": lambda page: forms.fields(page, "free_services"),
    "gate": forms.gate,
    "gathered": forms.gathered,
    "glossary": forms.glossary,
    "goal": forms.goal,
    "first_hour": forms.first_hour,
    "five_points": forms.five_points,
    "five_weeks": forms.five_weeks,
    "feedback_asked": forms.feedback_asked,
    "feedback_heard": forms.feedback_heard,
    "feedback_kit": forms.feedback_kit,
    "feedback_message": forms.feedback_message,
    "feedback_proposals": forms.feedback_proposals,
    "feedback_purpose": lambda page: forms.fields(page, "feedback_purpose"),
    "feedback_readings": forms.feedback_readings,
    "feedback_review": lambda page: forms.fields(page, "feedback_review"),
    "heard": forms.heard,
    "guess": forms.guess,
    "room_papers": forms.room_papers,
    "together": forms.together,
    "when_late": forms.when_late,
    "hand_in": forms.hand_in,
    "hung": forms.hung,
    "journey": forms.journey,
    "leaving": forms.leaving,
    "ideas": forms.ideas,
    "improve": forms.improve,
    "interview_kit": forms.interview_kit,
    "introductions": forms.introductions,
    "invite": forms.invite,
    "media_seen": forms.media_seen,
    "needs": forms.needs,
    "next_link": forms.next_link,
    "offers": forms.offers,
    "papers": forms.papers,
    "people": forms.people,
    "place_wishes": forms.place_wishes,
    "plan_review": lambda page: forms.fields(page, "plan_review"),
    "plan_sheet": forms.plan_sheet,
    "posts": forms.posts,
    "practice": forms.practice,
    "principles": forms.principles,
    "profile": lambda page: forms.fields(page, "profile"),
    "reading": forms.reading,
    "rehearsal": forms.rehearsal,
    "returning": forms.returning,
    "returning_now": lambda page: forms.fields(page, "returning_now"),
    "returning_then": lambda page: forms.fields(page, "returning_then"),
    "review_boxes": forms.review_boxes,
    "review_sheet": forms.review_sheet,
    "then_and_now": forms.then_and_now,
    "coming_days": forms.coming_days,
    "declaration": forms.declaration,
    "declaration_fields": lambda page: forms.fields(page, "declaration"),
    "review_now": lambda page: forms.fields(page, "review_now"),
    "ywt": lambda page: forms.fields(page, "ywt"),
    "share_sheet": forms.share_sheet,
    "shared_values": forms.shared_values,
    "show_voices": forms.show_voices,
    "promises": forms.promises,
    "recurring": forms.recurring,
    "start": forms.start,
    "talk_log": forms.talk_log,
    "thanks_box": forms.thanks_box,
    "ties": forms.ties,
    "timetable": forms.timetable,
    "touch_log": forms.touch_log,
    "tribe_feedback_purpose": lambda page: forms.fields(page, "tribe_feedback_purpose"),
    "tribe_feedback_review": lambda page: forms.fields(page, "tribe_feedback_review"),
    "tribe_health": forms.tribe_health,
    "tribe_members": forms.tribe_members,
    "word_of_day": forms.word_of_day,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Three workbooks as files, made once: empty, the worked example, and the inn with the machine's draft of its themes."""
    folder = tmp_path_factory.mktemp("made")
    paths = {name: folder / f"{name}.kizuna" for name in ("empty", "sample", "inn")}
    open_workbook(paths["empty"]).close()
    make_sample(paths["sample"], TODAY, later=False).close()
    inn = open_workbook(paths["inn"])
    table = read_file("inn_wishes.csv", (DATASETS / "inn" / "inn_wishes.csv").read_bytes())
    bring_in(inn, table, guess_columns(table))
    themes.draft(inn, PART)
    inn.close()
    return paths


@pytest.fixture
def page(made: dict[str, Path], tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """A page on a copy of one of the three workbooks; a second call with the same name opens the same copy again."""
    pages: list[Page] = []

    def open_copy(name: str = "empty", section: str = "02_followup_research") -> Page:
        path = tmp_path / f"{name}.kizuna"
        if not path.exists():
            shutil.copy(made[name], path)
        pages.append(Page(section, open_workbook(path)))
        return pages[-1]

    yield open_copy
    for one in pages:
        one.book.close()


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def all_of(widget: Any, kind: type) -> list[Any]:
    return [one for one in inside(widget) if isinstance(one, kind)]


def buttons(widget: Any, label: str) -> list[widgets.Button]:
    """The buttons whose words begin with ``label``."""
    return [one for one in all_of(widget, widgets.Button) if one.description.startswith(label)]


def press(widget: Any, label: str) -> None:
    one, *_ = buttons(widget, label)
    assert not one.disabled
    one.click()


def field(widget: Any, key: str) -> Any:
    return next(view for view in all_of(widget, FieldView) if view.field.key == key).place


def shown(widget: Any) -> str:
    """All the HTML that stands in a form."""
    return "\n".join(one.value for one in all_of(widget, widgets.HTML))


def said(form: Form) -> str:
    return str(form.mark.value)


def seen(widget: Any) -> bool:
    return is_shown(widget)


def voices(book: Workbook) -> list[str]:
    with book.reading() as session:
        return [voice.text for voice in session.scalars(select(Voice).order_by(Voice.id))]


def send(widget: Any, content: Any, *buffers: bytes) -> None:
    """What the browser's side of a widget sends."""
    widget._handle_custom_msg(content, list(buffers))


@contextlib.contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:

        def full(*_: Any, **__: Any) -> Any:
            raise KizunaError("パソコンの空き容量が足りないため、保存できませんでした。")

        patch.setattr(Workbook, "act", full)
        yield


# ---- every form on every workbook


@pytest.mark.parametrize("book", ["empty", "sample", "inn"])
@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_built_and_says_nothing_wrong(page: Callable[..., Page], name: str, book: str) -> None:
    one = page(book)
    form = FORMS[name](one)
    head = Head(one)
    one.changed()
    for made in (form, head):
        assert "思いがけない" not in shown(made)
        assert not isinstance(made, Form) or made.mark.value == ""
    assert one.book.redo_label() is None


@pytest.mark.parametrize("name", [name for name in FORMS if name != "interview_kit"])
def test_looking_at_a_form_changes_nothing(page: Callable[..., Page], name: str) -> None:
    one = page("sample")
    version = one.book.version()
    FORMS[name](one)
    one.changed()
    assert one.book.version() == version


def test_the_public_forms_are_all_tried_here() -> None:
    assert set(forms.__all__) - {"fields"} <= set(FORMS)


# ---- simple fields


def test_a_field_is_saved_when_it_is_left_and_filled_again_when_the_form_is_rebuilt(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.fields(one, "profile")
    for key, value in [("shop", "汐風書店"), ("purpose", "一行め\n二行め"), ("stance", "仲間"), ("hours", "６時間")]:
        field(form, key).value = value
        assert "保存しました" in said(form)
    assert read_answers(one.book) == {"shop": "汐風書店", "purpose": "一行め\n二行め", "stance": "仲間", "hours": 6.0}
    again = forms.fields(page(), "profile")
    assert [field(again, key).value for key in ("shop", "purpose", "stance", "hours", "sells")] == [
        "汐風書店",
        "一行め\n二行め",
        "仲間",
        "6",
        "",
    ]


def test_a_field_that_is_emptied_is_empty_in_the_file(page: Callable[..., Page]) -> None:
    one = page("sample")
    form = forms.fields(one, "profile")
    field(form, "shop").value, field(form, "hours").value = " ", ""
    assert (read_answer(one.book, "shop"), read_answer(one.book, "hours")) == ("", None)


def test_a_scale_and_a_choice_are_saved(page: Callable[..., Page]) -> None:
    one = page()
    field(forms.fields(one, "entry"), "entry.product").value = 0
    field(forms.fields(one, "plan_review"), "plan.open").value = "直したい所がある"
    assert (read_answer(one.book, "entry.product"), read_answer(one.book, "plan.open")) == (0, "直したい所がある")


def test_whatever_a_customer_is_to_the_owner_nothing_is_wrong_with_it(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.fields(one, "profile")
    choices = [choice for _, choice in field(form, "stance").options]
    assert {"友人", "仲間", "同志", "家族", "神様"} < set(choices)
    for choice in choices:
        field(form, "stance").value = choice
        assert read_answer(one.book, "stance") == choice
        assert not [kind for kind in ("stop", "care") if f"kz-finding {kind}" in shown(form)]
        assert "保存しました" in said(form) and "。" not in said(form)


def test_one_field_in_two_forms_of_a_page_is_the_same_field(page: Callable[..., Page]) -> None:
    one = page()
    profile, time = forms.fields(one, "profile"), forms.fields(one, "plan_time")
    field(time, "hours").value = "4"
    assert field(profile, "hours").value == "4"


def test_what_cannot_be_read_is_told_in_the_form_and_nothing_is_saved(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.fields(one, "plan_time")
    field(form, "hours").value = "たくさん"
    assert "「たくさん」は数字として読めません" in said(form)
    assert read_answers(one.book) == {}


def test_a_full_disk_is_told_in_the_form_and_not_raised(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    one = page()
    form = forms.fields(one, "profile")
    with full_disk(monkeypatch):
        field(form, "shop").value = "汐風書店"
    assert "空き容量が足りない" in said(form)
    assert field(form, "shop").value == "汐風書店"
    field(form, "shop").value = "汐風書店。"
    assert read_answer(one.book, "shop") == "汐風書店。"


# ---- two pages on one file


def test_an_edit_in_one_page_is_shown_in_the_other_when_it_looks(page: Callable[..., Page]) -> None:
    here, there = page("sample"), page("sample")
    mine, theirs, head = forms.fields(here, "profile"), forms.fields(there, "profile"), Head(there)
    field(mine, "shop").value = "新しい名前"
    assert field(theirs, "shop").value == "汐風書店"
    there.look()
    assert field(theirs, "shop").value == "新しい名前"
    assert "お店やお仕事の名前" in buttons(head, UNDO)[0].description


def test_a_page_that_comes_back_to_the_front_looks_by_itself(page: Callable[..., Page]) -> None:
    here, there = page(), page()
    theirs, head = forms.fields(there, "profile"), Head(there)
    field(forms.fields(here, "profile"), "shop").value = "新しい名前"
    watch = next(one for one in inside(head) if type(one).__name__ == "Watch")
    send(watch, "look")
    assert field(theirs, "shop").value == "新しい名前"


def test_looking_where_nothing_changed_touches_no_form(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    one = page("sample")
    form = forms.fields(one, "profile")
    monkeypatch.setattr(form, "refresh", lambda: pytest.fail("refreshed"))
    one.look()
    assert form.mark.value == ""


def test_words_that_another_page_had_written_are_told_and_can_be_brought_back(page: Callable[..., Page]) -> None:
    here, there = page("sample"), page("sample")
    mine, theirs, head = forms.fields(here, "profile"), forms.fields(there, "profile"), Head(here)
    field(theirs, "shop").value = "あちらの名前"
    field(mine, "shop").value = "こちらの名前"
    assert "ほかの画面で「あちらの名前」と書かれていました" in said(mine)
    here.changed()
    press(head, UNDO)
    assert field(mine, "shop").value == read_answer(there.book, "shop") == "あちらの名前"


# ---- the head


def test_undo_in_the_head_takes_back_and_does_again_for_every_form(page: Callable[..., Page]) -> None:
    one = page()
    form, head = forms.fields(one, "profile"), Head(one)
    field(form, "shop").value = "汐風書店"
    assert "お店やお仕事の名前" in buttons(head, UNDO)[0].description
    press(head, UNDO)
    assert (field(form, "shop").value, read_answers(one.book)) == ("", {})
    assert "お店やお仕事の名前" in said(head)
    assert "お店やお仕事の名前" in buttons(head, REDO)[0].description
    press(head, REDO)
    assert (field(form, "shop").value, read_answer(one.book, "shop")) == ("汐風書店", "汐風書店")


def test_the_head_names_the_place_and_the_workbook(page: Callable[..., Page]) -> None:
    head = Head(page("sample", "03_followup_plan"))
    assert 'aria-current="page"><i class="made"' in shown(head)
    assert "sample" in shown(head)
    assert shown(head).count("<li") == len([one for one in course().sections if one.open or one.part])
    assert shown(head).count('<li class="aside">') == len([one for one in course().sections if one.apart])


def test_what_to_have_ready_stands_at_the_top_and_nothing_where_there_is_no_pre_work(page: Callable[..., Page]) -> None:
    for one in course().sections:
        head = shown(Head(page("empty", one.file)))
        assert head.count("はじめる前に：") == bool(one.before) and one.before in head
    assert 0 < sum(bool(one.before) for one in course().sections) < len(course().sections)


def test_undo_is_off_when_there_is_nothing_left_to_undo(page: Callable[..., Page]) -> None:
    one = page()
    form, head = forms.fields(one, "profile"), Head(one)
    field(form, "shop").value = "汐風書店"
    press(head, UNDO)
    assert buttons(head, UNDO)[0].disabled


# ---- bringing voices in


def upload(form: Any, name: str, data: bytes) -> None:
    (pick,) = all_of(form, FilePick)
    send(pick, {"name": name}, data)


def test_a_file_is_shown_first_and_stored_when_the_person_says_so(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    upload(form, "inn_wishes.csv", (DATASETS / "inn" / "inn_wishes.csv").read_bytes())
    assert "200人の声が480件" in shown(form) and "うち240件は「ふだんよく見るもの」の答えです" in shown(form)
    assert voices(one.book) == []
    press(form, TAKE_IN)
    assert len(voices(one.book)) == 480
    assert "200人の声を480件、保存しました" in said(form)
    assert all_of(form, FilePick) and not [b for b in all_of(form, widgets.Button) if b.description.startswith(TAKE_IN)]


def test_the_same_file_again_says_that_all_is_there(page: Callable[..., Page]) -> None:
    one = page("inn")
    form = forms.bring_voices(one)
    upload(form, "inn_wishes.csv", (DATASETS / "inn" / "inn_wishes.csv").read_bytes())
    assert "もう入っているもの 480件" in shown(form)
    press(form, TAKE_IN)
    assert "もうすべて入っています" in said(form) and len(voices(one.book)) == 480


def test_changing_the_use_of_a_column_changes_the_preview_and_the_import(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    upload(form, "inn_wishes.csv", (DATASETS / "inn" / "inn_wishes.csv").read_bytes())
    media = next(one for one in all_of(form, widgets.Dropdown) if one.value == "ふだんよく見るもの")
    media.value = "使わない"
    assert "200人の声が240件" in shown(form)
    press(form, TAKE_IN)
    assert len(voices(one.book)) == 240


def test_without_a_voice_column_the_form_says_what_to_do(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    upload(form, "声.csv", "お名前,ご要望を聞かせてください\nミナト,椅子がほしい\n波,夜も開けてほしい\n".encode())
    for choice in all_of(form, widgets.Dropdown):
        choice.value = "使わない"
    press(form, TAKE_IN)
    assert "声の列を一つ以上選んでください" in said(form)
    assert voices(one.book) == []


def test_stopping_stores_nothing(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    upload(form, "inn_wishes.csv", (DATASETS / "inn" / "inn_wishes.csv").read_bytes())
    press(form, "やめる")
    assert not all_of(form, widgets.Dropdown) and voices(one.book) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [("写真.png", b"\x89PNG\r\n\x1a\n" + b"x" * 50), ("空.csv", b""), ("古い.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600)],
)
def test_a_wrong_file_is_told_by_its_name(page: Callable[..., Page], name: str, data: bytes) -> None:
    form = forms.bring_voices(page())
    upload(form, f"C:\\お客さま\\{name}", data)
    assert f"「{name}」" in said(form) and "思いがけない" not in said(form)


def choose_way(form: Any, way: int) -> None:
    (ways,) = [one for one in form.children if isinstance(one, widgets.ToggleButtons)]
    ways.value = ways.options[way]


def test_pasted_lines_become_voices(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    choose_way(form, PASTED)
    area = all_of(form, widgets.Textarea)[0]
    area.value = "駐車場がほしい\n<b>朝も</b>開けてほしい"
    press(form, SHOW_PASTED)
    assert "2人の声が2件" in shown(form) and "<b>朝も" not in shown(form)
    press(form, TAKE_IN)
    assert voices(one.book) == ["駐車場がほしい", "<b>朝も</b>開けてほしい"]
    assert area.value == ""


def test_pasting_nothing_is_told(page: Callable[..., Page]) -> None:
    form = forms.bring_voices(page())
    choose_way(form, PASTED)
    press(form, SHOW_PASTED)
    assert "文字が入っていません" in said(form)


def test_ticking_the_shops_own_people_leaves_their_words_out(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    talk = "[LINE] ミナトとのトーク履歴\n保存日時：2026/11/03 10:00\n\n2026/11/01(日)\n10:00\t汐風書店\t本が届きました\n10:05\tミナト\t取り置きがあると助かります\n"
    upload(form, "トーク.txt", talk.encode())
    next(box for box in all_of(form, widgets.Checkbox) if box.description == "汐風書店").value = True
    assert "1人の声が1件" in shown(form)
    press(form, TAKE_IN)
    assert voices(one.book) == ["取り置きがあると助かります"]


def test_a_talk_does_not_come_in_before_somebody_says_who_is_the_shop(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    upload(form, "トーク.txt", "[LINE] ミナトとのトーク履歴\n\n2026/11/01(日)\n10:05\tミナト\t助かります\n".encode())
    press(form, TAKE_IN)
    assert "お店の側の人に印" in said(form) and voices(one.book) == []
    next(box for box in all_of(form, widgets.Checkbox) if "いません" in box.description).value = True
    press(form, TAKE_IN)
    assert voices(one.book) == ["助かります"]


def test_an_interview_is_saved_question_by_question(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    choose_way(form, ONE_BY_ONE)
    (who,) = all_of(form, widgets.Combobox)
    (day,) = all_of(form, widgets.DatePicker)
    who.value, day.value = "ミナト", TODAY
    field(form, "followup").value = "入荷したら\n知らせてほしい"
    field(form, "media").value = "LINE"
    press(form, SAVE_TALK)
    assert "ミナトさんの声を2件、保存しました" in said(form)
    assert set(voices(one.book)) == {"入荷したら\n知らせてほしい", "LINE"}
    assert (who.value, field(form, "followup").value) == ("", "")
    with one.book.reading() as session:
        assert {(voice.heard_on, voice.person.name) for voice in session.scalars(select(Voice))} == {(TODAY, "ミナト")}
    assert "ミナト" in who.options or (one.changed() or "ミナト" in who.options)


def test_an_interview_without_words_is_told_and_nothing_typed_is_lost(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.bring_voices(one)
    choose_way(form, ONE_BY_ONE)
    (who,) = all_of(form, widgets.Combobox)
    who.value = "ミナト"
    press(form, SAVE_TALK)
    assert "まだ言葉が書かれていません" in said(form) and who.value == "ミナト"


def test_an_interview_that_cannot_be_saved_stays_in_the_fields(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    one = page()
    form = forms.bring_voices(one)
    choose_way(form, ONE_BY_ONE)
    field(form, "followup").value = "知らせてほしい"
    with full_disk(monkeypatch):
        press(form, SAVE_TALK)
    assert "空き容量" in said(form) and field(form, "followup").value == "知らせてほしい"


def test_a_name_that_ends_in_san_is_not_called_san_twice(page: Callable[..., Page]) -> None:
    form = forms.bring_voices(page())
    choose_way(form, ONE_BY_ONE)
    (who,) = all_of(form, widgets.Combobox)
    who.value = "ミナトさん"
    field(form, "followup").value = "知らせてほしい"
    press(form, SAVE_TALK)
    assert "ミナトさんの声を1件" in said(form)


def test_an_own_question_appears_among_the_interviews_and_what_is_typed_stays(page: Callable[..., Page]) -> None:
    one = page()
    form, kit = forms.bring_voices(one), forms.interview_kit(one)
    choose_way(form, ONE_BY_ONE)
    field(form, "followup").value = "書きかけ"
    all_of(kit, widgets.Text)[0].value = "読み終えた本は、そのあとどうしていますか。"
    press(kit, "質問に加える")
    assert any(view.field.question.startswith("読み終えた本") for view in all_of(form, FieldView))
    assert field(form, "followup").value == "書きかけ"


# ---- the interview sheet


def test_a_leading_question_is_told_and_an_open_one_is_praised(page: Callable[..., Page]) -> None:
    kit = forms.interview_kit(page())
    (text,) = all_of(kit, widgets.Text)
    text.value = "使ってみてよかったですよね"
    assert "聞いてみましょう" in shown(kit)
    text.value = "それは、どんな場面でしたか"
    assert "だいじょうぶそうです" in shown(kit) and "聞いてみましょう" not in shown(kit)


def test_a_question_is_added_once_and_can_be_dropped(page: Callable[..., Page]) -> None:
    one = page()
    kit = forms.interview_kit(one)
    (text,) = all_of(kit, widgets.Text)
    text.value = "どんな場面でしたか"
    press(kit, "質問に加える")
    assert ([idea.question for idea in research.ideas(one.book, PART)], text.value) == (["どんな場面でしたか"], "")
    press(kit, "質問に加える")
    assert "一文で書いてください" in said(kit) and len(research.ideas(one.book, PART)) == 1
    press(kit, DROP)
    assert research.ideas(one.book, PART) == ()


def test_the_sheet_to_print_is_made_when_it_is_asked_for(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    one = page("sample")
    (papers,) = all_of(forms.interview_kit(one), Papers)
    sent: list[tuple[Any, Any]] = []
    monkeypatch.setattr(papers, "send", lambda content, buffers=None: sent.append((content, buffers)))
    save_answer(one.book, "shop", "あとから変えた名前")
    send(papers, {"paper": "sheet"})
    ((content, buffers),) = sent
    assert content == {"type": "text/html", "name": "面談シート.html", "open": True}
    assert "あとから変えた名前" in buffers[0].decode("utf-8")


# ---- what was heard, and the person's own grouping


def test_the_first_draft_is_made_from_the_form_and_all_follow(page: Callable[..., Page]) -> None:
    one = page()
    bring, heard, arrange = forms.bring_voices(one), forms.heard(one), forms.arrange(one)
    assert "まだお客さまの声がありません" in shown(heard)
    upload(bring, "voices.csv", (DATASETS / "bookshop" / "voices.csv").read_bytes())
    press(bring, TAKE_IN)
    assert "16人の声です" in shown(heard)
    press(heard, "声をまとめる")
    count = len(themes.themes(one.book, PART))
    assert f"{count}つのまとまりの下書きを作りました" in said(heard)
    assert shown(heard).count('<span class="count"') == count
    (board,) = all_of(arrange, Board)
    assert len(board.arrangement["boxes"]) == count


def test_with_few_voices_they_are_shown_and_not_grouped(page: Callable[..., Page]) -> None:
    one = page()
    table = read_file("声.csv", "お名前,ご要望を聞かせてください\nミナト,椅子がほしい\n波,夜も開けてほしい\n".encode())
    bring_in(one.book, table, guess_columns(table))
    heard = forms.heard(one)
    assert "まだ2件です" in shown(heard) and "「椅子がほしい」" in shown(heard)
    assert not any(seen(button) for button in all_of(heard, widgets.Button))


def test_media_and_curve_say_what_they_show(page: Callable[..., Page]) -> None:
    one = page("sample")
    best = research.media_seen(one.book)[0]
    told = shown(forms.media_seen(one))
    assert f"{best.people}人です" in told and f"<b>{best.name}</b>" in told
    assert "さいごの5人から" in shown(forms.curve(one))


# ---- the plan


def test_three_drafts_are_made_by_one_press_and_can_be_written_below(page: Callable[..., Page]) -> None:
    one = page("inn", "03_followup_plan")
    chosen, written = forms.choose(one), forms.actions(one)
    press(chosen, "望んだ人の多い順に")
    assert len(plan.plan(one.book, PART).actions) == 3
    assert "3つの下書きを作りました" in said(chosen)
    assert len(buttons(written, "計画に入れる")) == 1, "the first is open"
    for one_closed in buttons(written, "ひらく"):
        one_closed.click()
    assert len(buttons(written, "計画に入れる")) == 3


def test_one_item_is_begun_from_the_chosen_wish(page: Callable[..., Page]) -> None:
    one = page("inn", "03_followup_plan")
    form = forms.choose(one)
    (which,) = all_of(form, widgets.Dropdown)
    which.value = wanted = which.options[-1][1]
    press(form, "この望みから一手を作る")
    assert [action.theme_id for action in plan.plan(one.book, PART).actions] == [wanted]
    assert wanted not in {value for _, value in which.options}


def test_without_a_theme_nothing_is_called_answered_even_if_an_item_is_left(page: Callable[..., Page]) -> None:
    one = page("inn", "03_followup_plan")
    plan.begin(one.book, PART, plan.candidates(one.book, PART)[0].id, TODAY)
    for view in themes.themes(one.book, PART):
        themes.remove(one.book, view.id)
    assert plan.plan(one.book, PART).actions
    assert "まだ望みのまとまりがありません" in shown(forms.choose(one))


def writing(page: Callable[..., Page]) -> tuple[Page, Any, int]:
    """The items form with one item begun from the inn's most wished-for theme."""
    one = page("inn", "03_followup_plan")
    action = plan.begin(one.book, PART, plan.candidates(one.book, PART)[0].id, TODAY)
    return one, forms.actions(one), action


def action_of(one: Page, action: int) -> plan.ActionView:
    return next(view for view in plan.plan(one.book, PART).actions if view.id == action)


def test_every_field_of_an_item_is_saved(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    values = {
        "relation": "泊まる人から、帰ってくる人になる", "title": "朝の一筆", "content": "手書きで\n三行", "medium": "postcard", "due_on": TODAY, "minutes": "15分",
        "times": "4回", "people": "3人", "doable": 5, "fun_me": 0, "fun_them": 3,
    }  # fmt: skip
    for key, value in values.items():
        field(form, key).value = value
        assert "保存しました" in said(form), key
    view = action_of(one, action)
    assert (view.relation, view.title, view.content) == (values["relation"], values["title"], values["content"])
    assert (view.medium.id if view.medium else None, view.due_on, view.minutes, view.times, view.people) == ("postcard", TODAY, 15, 4, 3)
    assert (view.doable, view.fun_me, view.fun_them) == (5, 0, 3)
    again = forms.actions(page("inn"))
    assert [field(again, key).value for key in ("title", "medium", "minutes", "doable")] == ["朝の一筆", "postcard", "15", 5]


@pytest.mark.parametrize(("key", "written"), [("minutes", "0"), ("times", "1.5"), ("people", "100000"), ("minutes", "たくさん")])
def test_a_number_that_cannot_be_is_told(page: Callable[..., Page], key: str, written: str) -> None:
    one, form, action = writing(page)
    before = action_of(one, action)
    field(form, key).value = written
    assert 'role="alert"' in said(form) and "思いがけない" not in said(form)
    assert action_of(one, action) == before


def test_the_sentence_about_whole_numbers_is_true(page: Callable[..., Page]) -> None:
    _, form, _ = writing(page)
    field(form, "times").value = "0"
    assert "1より大きい" not in said(form)


def test_emptying_a_number_and_writing_it_again_is_no_other_pages_doing(page: Callable[..., Page]) -> None:
    _, form, _ = writing(page)
    field(form, "times").value = "4"
    field(form, "times").value = ""
    field(form, "times").value = "3"
    assert "ほかの画面" not in said(form)


def test_an_item_is_decided_once_the_relation_is_written(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    press(form, "計画に入れる")
    assert "間がらがどう変わるか" in said(form) and not action_of(one, action).decided
    field(form, "relation").value = "泊まる人から、帰ってくる人になる"
    press(form, "計画に入れる")
    assert action_of(one, action).in_plan and "計画に入れました" in said(form)
    press(form, "計画から外す")
    assert not action_of(one, action).decided


def test_without_a_tick_an_item_leaves_the_plan_and_says_why(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    field(form, "relation").value = "泊まる人から、帰ってくる人になる"
    press(form, "計画に入れる")
    for _ in range(500):
        ticked = [box for box in all_of(form, widgets.Checkbox) if box.value]
        if not ticked:
            break
        ticked[0].value = False
        if len(action_of(one, action).evidence) > 3:  # the many others are taken off at once
            plan.rest_on(one.book, action, [card.id for card in action_of(one, action).evidence[:3]])
            one.changed()
    view = action_of(one, action)
    assert (view.evidence, view.decided) == ((), False)
    assert "望んだ人の記録がありません" in shown(form)
    press(form, "計画に入れる")
    assert "望んだ人の記録がありません" in said(form) and not action_of(one, action).decided


def test_ticking_a_voice_again_makes_it_evidence_again(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    first, second, *_ = (card.id for card in action_of(one, action).evidence)
    plan.rest_on(one.book, action, [first, second])
    one.changed()
    all_of(form, widgets.Checkbox)[0].value = False
    assert [card.id for card in action_of(one, action).evidence] == [second]
    assert "根拠を保存しました" in said(form)
    next(box for box in all_of(form, widgets.Checkbox) if not box.value).value = True
    assert {card.id for card in action_of(one, action).evidence} > {second}


def test_a_voice_that_was_unticked_is_still_offered_among_many(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    assert len(action_of(one, action).evidence) > 30
    all_of(form, widgets.Checkbox)[0].value = False
    assert not all(box.value for box in all_of(form, widgets.Checkbox))


def test_evidence_beyond_the_cards_that_are_shown_is_not_lost(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    evidence = {card.id for card in action_of(one, action).evidence}
    assert len(evidence) > len(all_of(form, widgets.Checkbox))
    all_of(form, widgets.Checkbox)[0].value = False
    now = {card.id for card in action_of(one, action).evidence}
    assert now < evidence and len(now) == len(evidence) - 1


def test_a_voice_that_was_unticked_is_still_offered_where_the_theme_is_gone(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    plan.rest_on(one.book, action, [action_of(one, action).evidence[0].id])
    themes.remove(one.book, action_of(one, action).theme_id or 0)
    one.changed()
    (box,) = [box for box in all_of(form, widgets.Checkbox) if box.value]
    box.value = False
    assert box in all_of(form, widgets.Checkbox)


def test_further_voices_open_a_few_at_a_time_and_stay_open_while_they_are_ticked(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    assert len(all_of(form, widgets.Checkbox)) == 4
    more = next(button for button in all_of(form, widgets.Button) if button.description.startswith("あと"))
    assert "も根拠です" in more.description
    more.click()
    boxes = all_of(form, widgets.Checkbox)
    assert len(boxes) == 24
    boxes[-1].value = False
    assert all_of(form, widgets.Checkbox) == boxes
    assert len(action_of(one, action).evidence) > 24


def test_an_item_is_taken_away_and_brought_back(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    head, before = Head(one), action_of(one, action)
    press(form, "この一手を消す")
    assert plan.plan(one.book, PART).actions == () and "まだ一手がありません" in shown(form)
    press(head, UNDO)
    assert action_of(one, action) == before
    assert field(form, "medium").value


def test_an_items_words_written_by_another_page_are_told(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    plan.edit(page("inn").book, action, title="あちらの名前")
    field(form, "title").value = "こちらの名前"
    assert "ほかの画面で「あちらの名前」と書かれていました" in said(form)
    assert action_of(one, action).title == "こちらの名前"


def test_a_zero_written_by_another_page_is_told_too(page: Callable[..., Page]) -> None:
    _, form, action = writing(page)
    plan.edit(page("inn").book, action, fun_me=0)
    field(form, "fun_me").value = 3
    assert "ほかの画面" in said(form)


def test_a_medium_written_by_another_page_is_told_by_its_name(page: Callable[..., Page]) -> None:
    _, form, action = writing(page)
    plan.edit(page("inn").book, action, medium="postcard")
    field(form, "medium").value = "phone"
    assert "はがき・手紙" in said(form)


def test_a_tick_in_one_page_does_not_undo_a_tick_in_the_other(page: Callable[..., Page]) -> None:
    one, form, action = writing(page)
    first, _, *rest = (card.id for card in action_of(one, action).evidence)
    plan.rest_on(page("inn").book, action, [first, *rest])  # the other page took the second away
    all_of(form, widgets.Checkbox)[0].value = False
    assert {card.id for card in action_of(one, action).evidence} == set(rest)


def test_an_item_that_another_page_took_away_is_told(page: Callable[..., Page]) -> None:
    _, form, action = writing(page)
    plan.remove(page("inn").book, action)
    field(form, "title").value = "新しい名前"
    assert "ほかの画面で消されました" in said(form)


def test_the_plan_stands_on_one_page_and_hands_out_its_papers(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    form = forms.plan_sheet(page("sample", "03_followup_plan"))
    assert shown(form).count('class="kz-action in"') == 3
    (papers,) = all_of(form, Papers)
    sent: list[tuple[Any, Any]] = []
    monkeypatch.setattr(papers, "send", lambda content, buffers=None: sent.append((content, buffers)))
    for paper in ("print", "excel", "calendar"):
        send(papers, {"paper": paper})
    begins = [b"<!DOCTYPE html>", b"PK\x03\x04", b"BEGIN:VCALENDAR"]
    assert [buffers[0].startswith(begin) for (_, buffers), begin in zip(sent, begins, strict=True)] == [True] * 3
    assert [content["name"] for content, _ in sent] == ["計画書.html", "計画書.xlsx", "計画.ics"]


def test_a_paper_that_fails_says_so_instead_of_waiting(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    one = page("sample", "03_followup_plan")
    form = forms.plan_sheet(one)
    (papers,) = all_of(form, Papers)
    sent: list[Any] = []
    monkeypatch.setattr(papers, "send", lambda content, buffers=None: sent.append(content))
    monkeypatch.setattr("kizuna.views.forms.plan.plan_html", lambda *_: (_ for _ in ()).throw(KizunaError("読めませんでした。")))
    send(papers, {"paper": "print"})
    assert sent == [{"failed": True}] and "読めませんでした。" in said(form)


def test_a_new_plan_is_begun_from_the_page(page: Callable[..., Page]) -> None:
    one = page("sample", "03_followup_plan")
    form, old = forms.plan_sheet(one), plan.plan(one.book, PART).id
    press(form, "計画を組み直す")
    now = plan.plan(one.book, PART)
    assert now.id != old and len(now.decided) == 3 and now.starts_on == date.today()


def test_an_idea_waits_as_a_question_on_the_interview_sheet(page: Callable[..., Page]) -> None:
    one = page("empty", "03_followup_plan")
    form = forms.ideas(one)
    text, question = all_of(form, widgets.Text)
    text.value = "渡せる棚"
    press(form, "「次に聞くこと」に入れる")
    assert "一文で書いてください" in said(form) and text.value == "渡せる棚"
    question.value = "そのあとどうしていますか"
    press(form, "「次に聞くこと」に入れる")
    assert research.questions(one.book, PART)[-1].text == "そのあとどうしていますか"
    assert (text.value, question.value) == ("", "")
    press(form, DROP)
    assert research.ideas(one.book, PART) == ()


# ---- the first page


def first_page() -> tuple[Page, Any]:
    one = Page("00_start", open_workbook(MEMORY))
    return one, forms.start(one)


def test_the_very_first_visit_makes_nothing_before_the_person_chooses(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = open_page("00_start")
    form = forms.start(one)
    assert not one.ready and not own_home.exists()
    assert "どちらでもかまいません" in shown(form)
    assert "これから作ります" in shown(Head(one))


def test_every_other_page_begins_the_owners_own_workbook(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = open_page("02_followup_research")
    assert one.book.path == own_home / place.OWN and one.ready
    one.book.close()


def test_the_sample_opens_whole_and_is_made_only_once(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, form = first_page()
    head = Head(one)
    press(form, "見本を見る")
    assert one.sample and len(plan.plan(one.book, PART).decided) == 3
    assert place.current() == own_home / place.SAMPLE
    assert "見本を開きました" in said(form) and "見本のノートです" in shown(head)
    assert [path.name for path in own_home.glob("*") if path.suffix not in (".kizuna", ".json")] == []
    press(form, "自分のノートを作る")
    monkeypatch.setattr(START, "make_sample", lambda _: pytest.fail("made again"))
    press(form, "見本を見る")
    assert one.sample
    one.book.close()


def test_a_sample_that_could_not_be_made_leaves_nothing_behind(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, form = first_page()

    def half(path: Path) -> Any:
        open_workbook(path)
        raise KizunaError("パソコンの空き容量が足りないため、保存できませんでした。")

    monkeypatch.setattr(START, "make_sample", half)
    press(form, "見本を見る")
    assert "空き容量" in said(form) and not one.ready
    assert list(own_home.glob("*.kizuna")) == []


def test_the_own_workbook_is_made_and_found_again(own_home: Path) -> None:
    one, form = first_page()
    profile = forms.fields(one, "profile")
    press(form, "自分のノートを作る")
    assert one.book.path == own_home / place.OWN and place.current() == own_home / place.OWN
    field(profile, "shop").value = "汐風書店"
    assert read_answer(open_workbook(own_home / place.OWN), "shop") == "汐風書店"
    one.book.close()


def test_a_second_workbook_gets_its_own_name_and_can_be_left(own_home: Path) -> None:
    one, form = first_page()
    profile = forms.fields(one, "profile")
    press(form, "自分のノートを作る")
    field(profile, "shop").value = "本店"
    name = next(text for text in all_of(form, widgets.Text) if text.placeholder == "例：春のノート")
    name.value = " 春のノート "
    press(form, "もう一冊作る")
    assert one.book.path == own_home / "春のノート.kizuna" and name.value == ""
    assert field(profile, "shop").value == ""
    press(form, "自分のノートにもどる")
    assert field(profile, "shop").value == "本店"
    one.book.close()


@pytest.mark.parametrize(
    ("name", "said_then"), [("", "一文字以上"), ("a/b", "使わず"), ("わたしのノート", "もうあります"), ("..", "一文字以上")]
)
def test_a_name_that_cannot_be_is_refused_and_the_open_workbook_stays(own_home: Path, name: str, said_then: str) -> None:
    one, form = first_page()
    press(form, "自分のノートを作る")
    next(text for text in all_of(form, widgets.Text) if text.placeholder == "例：春のノート").value = name
    press(form, "もう一冊作る")
    assert said_then in said(form)
    assert one.book.path == own_home / place.OWN and len(list(own_home.glob("*.kizuna"))) == 1
    one.book.close()


def test_a_name_too_long_for_the_disk_is_told_in_a_sentence(own_home: Path) -> None:
    one, form = first_page()
    press(form, "自分のノートを作る")
    next(text for text in all_of(form, widgets.Text) if text.placeholder == "例：春のノート").value = "🌊" * 80
    press(form, "もう一冊作る")
    one.book.close()
    assert "思いがけない" not in said(form)


def test_a_second_workbook_can_be_opened_again(own_home: Path) -> None:
    one, form = first_page()
    press(form, "自分のノートを作る")
    next(text for text in all_of(form, widgets.Text) if text.placeholder == "例：春のノート").value = "春のノート"
    press(form, "もう一冊作る")
    press(form, "自分のノートにもどる")
    one.book.close()
    (others,) = [
        child for child in form.children if any(button.description == "このノートを開く" for button in all_of(child, widgets.Button))
    ]
    assert seen(others)


def test_one_of_several_workbooks_is_picked(own_home: Path) -> None:
    for name in ("春のノート", "秋のノート", "わたしのノート"):
        open_workbook(own_home / f"{name}.kizuna").close()
    one, form = first_page()
    (pick,) = all_of(form, widgets.Dropdown)
    pick.value = dict(pick.options)["秋のノート"]
    press(form, "このノートを開く")
    assert one.book.name == "秋のノート" and place.current().stem == "秋のノート"
    one.book.close()


def test_a_picked_workbook_that_is_gone_is_told_and_not_made_anew(own_home: Path) -> None:
    for name in ("春のノート", "秋のノート", "わたしのノート"):
        open_workbook(own_home / f"{name}.kizuna").close()
    one, form = first_page()
    (pick,) = all_of(form, widgets.Dropdown)
    pick.value = dict(pick.options)["秋のノート"]
    (own_home / "秋のノート.kizuna").unlink()
    press(form, "このノートを開く")
    one.book.close()
    assert not (own_home / "秋のノート.kizuna").exists()


def test_a_workbook_that_cannot_be_opened_is_told_and_the_open_one_stays(own_home: Path) -> None:
    open_workbook(own_home / place.OWN).close()
    one = Page("00_start", open_workbook(own_home / place.OWN))
    form = forms.start(one)
    (own_home / place.SAMPLE).write_bytes(b"x" * 5_000)
    press(form, "見本を見る")
    assert "仕事ノートではない" in said(form)
    assert one.book.path == own_home / place.OWN and read_answers(one.book) == {}
    one.book.close()


def test_with_a_prescribed_workbook_there_is_nothing_to_choose(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIZUNA_WORKBOOK", str(tmp_path / "宿題.kizuna"))
    one = Page("00_start", open_workbook(place.current()))
    form = forms.start(one)
    offered = [button.description for child in form.children if seen(child) for button in all_of(child, widgets.Button) if seen(button)]
    assert offered == []
    one.book.close()


# ---- the overview, and the way on


def test_the_map_shows_what_was_really_made(page: Callable[..., Page]) -> None:
    counted = shown(forms.course_map(page("sample", "00_start")))
    assert "16人の声・7つの望み" in counted and "一手3つ" in counted
    closed = [one for one in course().sections if one.part and not one.open]
    assert counted.count('class="closed"') == len(closed) and counted.count("<i>") == 10
    begun = shown(forms.course_map(page("empty", "00_start")))
    assert "の声・" not in begun and begun.count("次はここ") == 1 and begun.count('class="open"') == 9 - len(closed)


def test_the_map_says_where_one_is_and_where_to_go_on(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    one = page("inn", "00_start")
    assert '<a href="03_followup_plan.ipynb">つづきから：計画して、やってみる</a>' in shown(forms.course_map(one))
    assert "つづきから" not in shown(forms.course_map(page("inn", "03_followup_plan")))
    assert "つづきから" not in shown(forms.course_map(page("empty", "00_start")))
    assert "いま、ここ" in shown(forms.course_map(page("inn", "03_followup_plan")))


def test_the_small_map_names_every_step_and_what_was_made(page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    small = shown(Head(page("sample", "03_followup_plan")))
    assert all(one.short in small for one in course().sections if one.part)
    assert "（16人の声・7つの望み）" in small and small.count("（このあと開きます）") == len(
        [one for one in course().sections if one.part and not one.open]
    )
    assert all(
        (f'href="{one.file}.ipynb"' in small) is one.open for one in course().sections if one.part and one.file != "03_followup_plan"
    )


def test_worked_examples_are_hidden_on_every_page_until_they_are_wanted_again(page: Callable[..., Page]) -> None:
    head = Head(page("empty"))
    press(head, "記入例をかくす")
    assert not place.examples_shown()
    other = Head(page("empty"))
    assert "kz-no-examples" in other._dom_classes
    press(other, "記入例を出す")
    assert place.examples_shown() and "kz-no-examples" not in other._dom_classes


def test_the_link_leads_to_the_next_open_section() -> None:
    book = open_workbook(MEMORY)
    opened = [one for one in course().sections if one.open and not one.apart]
    for now, after in zip(opened, opened[1:], strict=False):  # noqa: RUF007
        assert f"{after.file}.ipynb" in next_link(Page(now.file, book)).value
    assert "ipynb" not in next_link(Page(opened[-1].file, book)).value
    aside = [one for one in course().sections if one.apart]
    assert aside and all("ipynb" not in next_link(Page(one.file, book)).value for one in aside)


def test_behind_the_pages_the_links_are_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    book = open_workbook(MEMORY)
    assert '<a href="01_overview.ipynb">' in next_link(Page("00_start", book)).value
    assert '<a href="02_followup_research.ipynb">' in shown(Head(Page("00_start", book)))


def test_customers_markup_stays_words_in_every_form(page: Callable[..., Page]) -> None:
    one = page()
    hostile = "<img src=x onerror=alert(1)>がほしい"
    lines = [
        "お名前,ご要望を聞かせてください,ふだんよく見るもの",
        *(f"{hostile}{number},{hostile}{number},LINE{hostile}" for number in range(9)),
    ]
    table = read_file("声.csv", "\n".join(lines).encode())
    bring_in(one.book, table, guess_columns(table))
    made = themes.make(one.book, PART, hostile, [card.id for card in themes.unplaced(one.book, PART)])
    action = plan.begin(one.book, PART, made)
    plan.edit(one.book, action, title=hostile, relation=hostile, content=hostile)
    plan.decide(one.book, action)
    research.add_idea(one.book, PART, hostile, hostile)
    for key in ("shop", "purpose"):
        save_answer(one.book, key, hostile)
    for name, build in FORMS.items():
        assert "<img" not in shown(build(one)), name
    assert "<img" not in shown(Head(one))
    with one.book.reading() as session:
        assert len(session.scalars(select(Person)).all()) == 9 and session.scalars(select(Theme.name)).one() == hostile
