"""The list of people and the touches on the page: write, choose, press; then look at the workbook, or at what the form says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import ipywidgets as widgets
import pytest

from kizuna.process import Part
from kizuna.steps import people, roster, touches
from kizuna.steps.people import words
from kizuna.views import forms
from kizuna.views.fields import FieldView
from kizuna.views.grid import Grid
from kizuna.views.page import Form, Page
from kizuna.views.paper import page_html
from kizuna.workbook import backups
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Person, Touch
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date.today()
WISH = "入荷したら知らせてほしい"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    made = open_workbook(tmp_path / "店.kizuna")
    yield made
    made.close()


@pytest.fixture
def page(book: Workbook) -> Page:
    return Page("03_followup_plan", book)


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def all_of(widget: Any, kind: type) -> list[Any]:
    return [one for one in inside(widget) if isinstance(one, kind)]


def press(widget: Any, label: str, number: int = 0) -> None:
    found = [one for one in all_of(widget, widgets.Button) if one.description.startswith(label)]
    found[number].click()


def labels(widget: Any) -> list[str]:
    return [one.description for one in all_of(widget, widgets.Button)]


def shown(widget: Any) -> str:
    return "\n".join(one.value for one in all_of(widget, widgets.HTML))


def said(form: Form) -> str:
    return str(form.mark.value)


def field(widget: Any, key: str) -> Any:
    return next(view for view in all_of(widget, FieldView) if view.field.key == key).place


def act(grid: Grid, **content: Any) -> str:
    """What the browser's side of a table sends; returns why it was refused, if it was."""
    act.number = getattr(act, "number", 0) + 1  # type: ignore[attr-defined]
    with mock.patch.object(grid, "send") as answered:
        grid._handle_custom_msg({"from": "me", "seq": act.number, **content}, [])  # type: ignore[attr-defined]
    return str(answered.call_args.args[0]["why"]) if answered.called else ""


def edit(grid: Grid, row: int, key: str, value: str, seen: str = "") -> str:
    return act(grid, kind="edit", row=row, key=key, value=value, seen=seen)


def heard(book: Workbook, name: str, text: str = WISH, on: date | None = None) -> int:
    hear(book, name, on, [Said("何があるとうれしいですか", Topic.FOLLOWUP, text)])
    return max(one.id for one in people.everyone(book))


def many(count: int, touched: int = 0) -> Workbook:
    book = open_workbook(MEMORY)
    with book.act("入れる") as session:
        session.add_all(Person(key=f"name:人{number}", name=f"人{number}", about={}) for number in range(count))
        session.flush()
        session.add_all(
            Touch(person_id=number + 1, on=ago((at + 1) * (20 + number % 40)), kind="visit", note="")
            for number in range(count)
            for at in range(touched)
        )
    return book


# ---- the list


def test_an_empty_list_says_what_to_do_and_one_name_begins_it(page: Page) -> None:
    form = forms.people(page)
    assert "名簿は、まだ空です" in shown(form) and all_of(form, Grid) == []
    all_of(form, widgets.Text)[0].value = " ミナト "
    press(form, "名簿に加える")
    assert [one.called for one in people.everyone(page.book)] == ["ミナトさん"]
    assert "ミナトさんを名簿に加えました" in said(form) and "<b>1人</b>" in shown(form)
    press(form, "名簿に加える")
    assert "お名前か" in said(form) and len(people.everyone(page.book)) == 1


def test_the_table_is_built_when_it_is_opened_and_edits_the_workbook(page: Page) -> None:
    one, group = heard(page.book, "ミナト"), roster.add_group(page.book, "おなじみさん", 30, 60)
    form = forms.people(page)
    press(form, "名簿を表で見る")
    (grid,) = all_of(form, Grid)
    edit(grid, one, "group_id", str(group))
    edit(grid, one, "note", "釣りの人")
    edit(grid, one, "name", "港のミナト", "ミナト")
    view = people.person(page.book, one)
    assert (view.group, view.note, view.name) == ("おなじみさん", "釣りの人", "港のミナト")
    assert "おなじみさん</b>（1人）" in shown(form) and "港のミナトさん" in shown(form)
    roster.edit(page.book, one, note="船の人")
    edit(grid, one, "note", "海の人", "釣りの人")
    assert "船の人" in said(form) and people.person(page.book, one).note == "海の人"
    press(form, "名簿の表をとじる")
    assert all_of(form, Grid) == []


def test_the_count_and_the_log_agree_where_nobody_has_a_name(page: Page) -> None:
    heard(page.book, "", "地図がほしい")
    assert "名簿には<b>1人</b>（お名前のない方が1人）。" in shown(forms.people(page))
    log = shown(forms.touch_log(page))
    assert "まだ、お名前の分かる方がいません" in log and "名簿にどなたもいません" not in log
    heard(page.book, "ミナト")
    assert "名簿には<b>2人</b>（お名前のない方が1人）。" in shown(forms.people(page))


def test_nothing_is_said_of_the_nameless_where_everybody_has_a_name(page: Page) -> None:
    heard(page.book, "ミナト")
    assert "名簿には<b>1人</b>。" in shown(forms.people(page))


def test_who_has_no_name_is_shown_on_demand_and_can_be_named(page: Page) -> None:
    heard(page.book, "ミナト")
    nameless = heard(page.book, "", "地図がほしい")
    form = forms.people(page)
    press(form, "名簿を表で見る")
    (grid,) = all_of(form, Grid)
    assert [row for row, _ in grid.table["rows"]] == [1]
    press(form, "お名前のない方（1人）も出す")
    assert [row for row, _ in grid.table["rows"]] == [1, nameless]
    edit(grid, nameless, "name", "波待ち", f"お名前のない方 {nameless}")
    assert people.person(page.book, nameless).name == "波待ち"
    assert "保存しました" in said(form)


def test_a_person_opens_and_all_her_fields_are_saved(page: Page) -> None:
    one = heard(page.book, "ミナト")
    form = forms.people(page)
    assert all_of(form, FieldView) == []
    form.choose(one)
    for key, value in [
        ("note", "釣りの人"),
        ("relation", "neighbour"),
        ("met", "friend"),
        ("met_note", "波さんから"),
        ("worst_days", "４５日"),
    ]:
        field(form, key).value = value
        assert "保存しました" in said(form), key
    view = people.person(page.book, one)
    assert (view.note, view.relation, view.met, view.met_note, view.own_worst) == ("釣りの人", "neighbour", "friend", "波さんから", 45)
    field(form, "met").value = "list"
    assert "本人の知らないところで手に入れた名簿" in said(form) and people.person(page.book, one).met == "friend"
    field(form, "ideal_days").value = "50"
    assert "同じか、それより長く" in said(form) and people.person(page.book, one).own_ideal is None


def test_a_group_that_is_not_there_yet_is_made_when_it_is_chosen(page: Page) -> None:
    one = heard(page.book, "ミナト")
    form = forms.people(page)
    form.choose(one)
    first = words().groups[0]
    field(form, "group_id").value = f"new:{first.name}"
    view = people.person(page.book, one)
    assert (view.group, view.ideal_days, view.worst_days) == (first.name, first.ideal_days, first.worst_days)
    assert field(form, "group_id").value == view.group_id
    field(form, "group_id").value = 0
    assert people.person(page.book, one).group == "" and len(people.groups(page.book)) == 1


def test_closeness_is_noted_with_its_reason_or_not_at_all(page: Page) -> None:
    one = heard(page.book, "ミナト")
    form = forms.people(page)
    form.choose(one)
    editor = form._editor
    assert editor is not None
    press(form, "近さを書く")
    assert "一覧の中から" in said(form)
    editor._level.value = 3
    press(form, "近さを書く")
    assert "わけを、一行" in said(form) and people.person(page.book, one).closeness == ()
    editor._evidence.value = "相談をしてくださった"
    press(form, "近さを書く")
    assert people.person(page.book, one).level == 3 and "相談をしてくださった" in shown(editor)


def test_a_fan_is_marked_with_her_own_words_and_unmarked(page: Page) -> None:
    one = heard(page.book, "ミナト", "この店が大好きです")
    heard(page.book, "波", "まあまあです")
    form = forms.people(page)
    form.choose(one)
    editor = form._editor
    assert editor is not None and [label for label, _ in editor._quote.options] == ["この店が大好きです"]
    press(form, "この言葉をしるしにする")
    assert [view.id for view in people.fans(page.book)] == [one] and "「この店が大好きです」" in shown(editor)
    press(form, "外す")
    assert people.fans(page.book) == ()


def test_wishes_are_written_in_a_table_and_mail_asks_for_the_day(page: Page) -> None:
    one = heard(page.book, "ミナト")
    form = forms.people(page)
    form.choose(one)
    press(form, "お便りのご希望を書く")
    assert words().ask_mail in shown(form) and "やめ" in words().ask_mail
    (grid,) = all_of(form, Grid)
    mail = words().reach.index("mail") + 1
    edit(grid, mail, "wish", "yes", "unsaid")
    assert "お許しをいただいた日" in said(form) and people.person(page.book, one).reach == ()
    edit(grid, mail, "asked_on", TODAY.isoformat())
    assert people.person(page.book, one).reach == ("mail",) and "ほしいとのこと：メール" in shown(form)
    assert "本人の知らないところ" in edit(grid, mail, "method", "list")
    assert people.person(page.book, one).contact("mail").method == ""
    press(form, "もうお便りしない")
    assert people.person(page.book, one).stopped and "お便りを止めています" in shown(form)
    press(form, "またお便りする")
    assert people.person(page.book, one).reach == ("mail",)


def test_taking_somebody_off_is_refused_where_her_voice_stays_and_closes_her_otherwise(page: Page) -> None:
    heard(page.book, "ミナト")
    roster.add(page.book, "波")
    form = forms.people(page)
    form.choose(1)
    press(form, "名簿から外す")
    assert "名簿から外せません" in said(form) and len(people.everyone(page.book)) == 2
    form.choose(2)
    press(form, "名簿から外す")
    assert [one.called for one in people.everyone(page.book)] == ["ミナトさん"] and form._editor is None


def test_groups_are_made_from_hints_and_edited(page: Page) -> None:
    form = forms.people(page)
    press(form, "グループと、お声をかける間隔")
    (grid,) = all_of(form, Grid)
    for _ in range(len(words().groups) + 1):
        act(grid, kind="add")
    names = [one.name for one in people.groups(page.book)]
    assert names == [*(one.name for one in words().groups), "新しいグループ1"]
    assert "同じか、それより長く" in edit(grid, 1, "worst_days", "10", "60")
    assert edit(grid, 1, "worst_days", "90", "60") == ""
    assert people.groups(page.book)[0].worst_days == 90
    act(grid, kind="remove", row=4)
    assert len(people.groups(page.book)) == 3


# ---- touches


def test_two_clicks_write_a_touch_down(page: Page) -> None:
    one = heard(page.book, "ミナト")
    form = forms.touch_log(page)
    assert [label for label in labels(form) if "来て" in label] == [] and "お一人を選ぶと" in shown(form)
    form.choose(one)
    press(form, "来てくださった")
    (touch,) = touches.touches(page.book)
    assert (touch.person_id, touch.kind.key, touch.on) == (one, "visit", TODAY)
    assert "書きとめました" in said(form) and "その方から 1回" in shown(form)
    assert form.children.index(form.mark) < len(form.children) - 1  # right below the buttons


def test_another_day_a_medium_and_a_note_go_with_it_once(page: Page) -> None:
    one = roster.add(page.book, "ミナト")
    form = forms.touch_log(page)
    form.choose(one)
    press(form, "今日でないとき")
    form._day.value, form._how.value, form._note.value = ago(3), "postcard", "お礼の一枚"
    press(form, "お礼を伝えた")
    press(form, "お知らせした")
    last, first = touches.touches(page.book)
    assert (first.on, first.medium, first.note, first.kind.key) == (ago(3), "postcard", "お礼の一枚", "thanked")
    assert (last.on, last.medium, last.note) == (TODAY, None, "")
    form._note.value = "消さずにとじた"
    press(form, "日にちとメモをとじる")
    press(form, "お知らせした")
    assert touches.touches(page.book)[0].note == "" and len(touches.touches(page.book)) == 3, "closed is not written"
    press(form, "今日でないとき")
    assert form._note.value == "消さずにとじた"
    form._note.value = ""
    form._day.value = TODAY + timedelta(days=1)
    press(form, "お知らせした")
    assert "まだ来ていない日" in said(form) and len(touches.touches(page.book)) == 3


def test_a_page_that_stays_open_over_night_offers_the_new_day(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return TODAY + timedelta(days=1)

    one = roster.add(page.book, "ミナト")
    form = forms.touch_log(page)
    form.choose(one)
    press(form, "今日でないとき")
    chosen = form._day
    monkeypatch.setattr("kizuna.views.forms.touches.date", Tomorrow)
    page.changed()
    assert chosen.value == TODAY + timedelta(days=1)
    chosen.value = ago(3)
    page.changed()
    assert chosen.value == ago(3), "a day of her own stays"


def test_a_long_note_is_shortened_where_the_latest_stand_and_whole_in_the_table(page: Page) -> None:
    note = "孫の絵本の話。👨‍👩‍👧" * 30
    touches.log(page.book, roster.add(page.book, "ミナト"), "visit", note=note)
    form = forms.touch_log(page)
    assert note not in shown(form) and f"：{note[:40]}" in shown(form) and "…</li>" in shown(form)
    press(form, "最近書いたものを直す")
    assert all_of(form, Grid)[0].table["rows"][0][1][-1] == note


def test_what_was_written_lately_can_be_mended_and_taken_away(page: Page) -> None:
    one = roster.add(page.book, "ミナト")
    touch = touches.log(page.book, one, "visit", ago(4))
    form = forms.touch_log(page)
    press(form, "最近書いたものを直す")
    (grid,) = all_of(form, Grid)
    edit(grid, touch, "on", ago(2).isoformat(), ago(4).isoformat())
    edit(grid, touch, "kind", "helped", "visit")
    (found,) = touches.touches(page.book)
    assert (found.on, found.kind.key) == (ago(2), "helped")
    touches.edit(page.book, touch, kind="thanked")
    edit(grid, touch, "kind", "told", "helped")
    assert "お礼を伝えた" in said(form)
    act(grid, kind="remove", row=touch)
    assert touches.touches(page.book) == ()


# ---- who may feel forgotten


def test_the_list_shows_days_weather_and_next_act_and_one_press_takes_her_off(page: Page) -> None:
    one = heard(page.book, "ミナト", on=ago(200))
    for days in (180, 150, 130):
        touches.log(page.book, one, "visit", ago(days))
    form = forms.forgotten(page)
    told = shown(form)
    assert "ごぶさたの方が<b>1人</b>" in told and "<b>130日</b>" in told and f"「{WISH}」" in told
    assert "</svg>雨</span>" in told and "日ごと" in told
    assert words().forgotten in told  # the author's view, no number that was measured
    press(form, "伝えました")
    assert touches.touches(page.book)[0].kind.key == "told" and touches.touches(page.book)[0].medium == "facetoface"
    assert "お待たせしている方はいません" in shown(form)
    page.book.undo()
    page.changed()
    assert "<b>1人</b>" in shown(form)


def test_thanks_that_are_due_stand_first_and_are_written_down_as_thanks(page: Page) -> None:
    one = roster.add(page.book, "ミナト")
    touches.log(page.book, one, "referred", ago(1))
    form = forms.forgotten(page)
    day = ago(1)
    assert "お礼がまだの方が<b>1人</b>" in shown(form)
    assert f"{day.month}月{day.day}日に{touches.kinds()['referred'].label}ことへのお礼を" in shown(form)
    press(form, "お礼を伝えました")
    assert touches.touches(page.book)[0].kind.key == "thanked" and "お礼がまだ" not in shown(form)


def test_who_wants_quiet_has_no_button(page: Page) -> None:
    one = heard(page.book, "ミナト", on=ago(300))
    form = forms.forgotten(page)
    assert [one.description for one in all_of(form, widgets.Button)][:1] == ["伝えました"]
    roster.stop(page.book, one)
    page.changed()
    assert "伝えました" not in [one.description for one in all_of(form, widgets.Button)]


def test_who_is_close_and_was_left_alone_is_called_by_name(page: Page) -> None:
    for number, (name, level, days) in enumerate([("ミナト", 4, 90), ("波", 1, 90), ("シロ", 4, 10)], start=1):
        roster.add(page.book, name, ideal_days=30, worst_days=60)
        touches.log(page.book, number, "visit", ago(days))
        roster.note_closeness(page.book, number, level, "町で話した")
    form = forms.forgotten(page)
    assert "ごぶさたの方：<b>ミナトさん（90日）</b>" in shown(form)
    assert shown(form).count("<circle") - shown(form).count('r="5"') == 3 and shown(form).count('stroke="#a32a1f"') == 2
    roster.stop(page.book, 1)
    page.changed()
    assert "ごぶさたの方：" not in shown(form) and "ミナトさん・" not in shown(form)


def test_who_was_glad_and_was_left_alone_is_called_by_name(page: Page) -> None:
    said = (
        ("ミナト", Topic.GOOD, "お知らせが早くて助かりました。", 90),
        ("シロ", Topic.BAD, "電話に出られませんでした。", 90),
        ("波", Topic.GOOD, "うれしかった。", 9),
    )
    for name, topic, text, days in said:
        hear(page.book, name, ago(days), [Said(str(topic), topic, text)], Part.FOLLOWUP)
    form = forms.forgotten(page)
    assert "喜んでくださったのに" not in shown(form)
    for number in (1, 2, 3):
        roster.edit(page.book, number, "間隔", ideal_days=30, worst_days=60)
    page.changed()
    assert "喜んでくださったのに、ごぶさたの方：<b>ミナトさん（90日）</b>" in shown(form)
    drawn = shown(form).split("感想と、ごぶさたの日数を見る")[1].split("</svg>")[0]
    assert drawn.count("<circle") == 3 and drawn.count('stroke="#a32a1f"') == 2
    touches.log(page.book, 1, "told", TODAY)
    page.changed()
    assert "喜んでくださったのに" not in shown(form)


def test_the_other_forms_follow(page: Page) -> None:
    roster.add(page.book, "ミナト")
    log, late, listed = forms.touch_log(page), forms.forgotten(page), forms.people(page)
    assert "記録がまだない1人" in shown(late)
    log.choose(1)
    press(log, "来てくださった")
    assert "記録がまだない" not in shown(late)
    press(listed, "名簿を表で見る")
    assert all_of(listed, Grid)[0].table["rows"][0][1][-1] == "今日"


# ---- any number of people


@pytest.mark.parametrize("count", [0, 1, 3, 500])
def test_any_number_of_people_needs_few_widgets(count: int) -> None:
    book = many(count, touched=3)
    page = Page("03_followup_plan", book)
    made = [forms.people(page), forms.touch_log(page), forms.forgotten(page)]
    assert all(form.mark.value == "" for form in made)
    assert sum(len(list(inside(form))) for form in made) < 120
    press(made[0], "名簿を表で見る") if count else None
    started = time.perf_counter()
    page.changed()
    assert time.perf_counter() - started < 5  # a fifth of a second on an idle machine
    book.close()


def test_from_many_the_choice_is_narrowed_by_a_part_of_the_name() -> None:
    book = many(40)
    form = forms.touch_log(Page("03_followup_plan", book))
    form.choose(40)
    form._who._filter.value = "人1"
    names = [label for label, _ in form._who._list.options]
    assert "人39さん" in names and "人10さん" in names and "人20さん" not in names  # who is chosen stays
    press(form, "来てくださった")
    assert touches.touches(book)[0].person_id == 40
    book.close()


# ---- paper


def test_paper_holds_what_was_noted_of_each_and_every_touch(page: Page) -> None:
    one = heard(page.book, "ミナト", "この店が大好きです")
    roster.mark_fan(page.book, one, people.quotes_of(page.book, one)[0].id)
    roster.note_closeness(page.book, one, 4, "町で話しこんだ")
    roster.edit(page.book, one, note="釣りの人")
    touches.log(page.book, one, "visit", ago(1), note="雨の日に")
    forms.people(page), forms.touch_log(page)
    sheet = page_html(page, blank=False)
    for told in (
        "ミナトさん",
        "町で話しこんだ",
        "■ 4 町で会っても、話がはずむ",
        "「この店が大好きです」",
        "釣りの人",
        "来てくださった：雨の日に",
    ):
        assert told in sheet
    blank = page_html(page, blank=True)
    assert "ミナト" not in blank and "釣り" not in blank and blank.count("どんなこと") == 8


def test_markup_in_names_and_notes_stays_words(page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    one = roster.add(page.book, hostile, note=hostile, worst_days=10)
    roster.note_closeness(page.book, one, 1, hostile)
    roster.edit_group(page.book, roster.add_group(page.book, "友"), name=hostile)
    touches.log(page.book, one, "visit", ago(90), note=hostile)
    made: list[Callable[[Page], Any]] = [forms.people, forms.touch_log, forms.forgotten]
    built = [build(page) for build in made]
    built[0].choose(one)
    for form in built:
        assert "<img" not in shown(form)
    assert "<img" not in page_html(page, blank=False)


# ---- taking somebody out


def the_fold(form: Form) -> Any:
    form.choose(people.named(form.page.book, "ミナト"))
    press(form, "この方の記録をすべて消す")
    return form


def written(form: Form) -> str:
    return "".join(one.value for one in all_of(form, widgets.HTML))


def test_what_goes_is_read_and_her_name_written_before_she_is_taken_out(page: Page) -> None:
    hear(page.book, "ミナト", TODAY, [Said("望み", Topic.FOLLOWUP, WISH)])
    hear(page.book, "シロ", TODAY, [Said("望み", Topic.FOLLOWUP, "夜に知らせてほしい")])
    save_answer(page.book, "memo", "ミナトさんの席")
    form = the_fold(forms.people(page))
    assert "いただいた声　1件" in written(form) and "<mark>ミナト</mark>さんの席" in written(form)
    press(form, "すべて消す")
    assert "お名前が違うようです" in form.mark.value and people.named(page.book, "ミナト")
    all_of(form, widgets.Text)[-1].value = " ミナトさん "
    press(form, "すべて消す")
    assert [one.called for one in people.everyone(page.book)] == ["シロさん"]
    assert "記録を消しました" in form.mark.value and "ご自分の手で" in written(form)
    assert read_answer(page.book, "memo") == "●●●さんの席"


@pytest.mark.parametrize(("name", "written_so"), [("ミナトさん", "ミナト"), ("ﾀｹｼ", "タケシ"), ("浜田先生", "浜田先生")])
def test_her_name_may_be_written_with_or_without_a_title(page: Page, name: str, written_so: str) -> None:
    who = roster.add(page.book, name)
    form = forms.people(page)
    form.choose(who)
    press(form, "この方の記録をすべて消す")
    all_of(form, widgets.Text)[-1].value = written_so
    press(form, "すべて消す")
    assert people.everyone(page.book) == ()


def test_a_text_whose_tick_she_takes_away_stays(page: Page) -> None:
    roster.add(page.book, "ミナト")
    save_answer(page.book, "memo", "ミナト港の店")
    form = the_fold(forms.people(page))
    next(one for one in all_of(form, widgets.Checkbox) if one.description.startswith("この所を")).value = False
    all_of(form, widgets.Text)[-1].value = "ミナト"
    press(form, "すべて消す")
    assert read_answer(page.book, "memo") == "ミナト港の店" and people.everyone(page.book) == ()


def test_what_changed_meanwhile_is_shown_before_anything_is_done(page: Page) -> None:
    roster.add(page.book, "ミナト")
    form = the_fold(forms.people(page))
    all_of(form, widgets.Text)[-1].value = "ミナト"
    other = open_workbook(page.book.path)
    save_answer(other, "memo", "ミナトさんの席")
    press(form, "すべて消す")
    assert "もう一度開いて" in form.mark.value and "<mark>ミナト</mark>さんの席" in written(form)
    assert people.named(page.book, "ミナト")


def test_a_copy_that_cannot_be_opened_waits_for_her_tick(page: Page) -> None:
    roster.add(page.book, "ミナト")
    assert isinstance(page.book.path, Path)
    copy = backups.keep_before(page.book.path, backups.UPDATING)
    copy.write_bytes(copy.read_bytes()[:2000])
    form = the_fold(forms.people(page))
    all_of(form, widgets.Text)[-1].value = "ミナト"
    press(form, "すべて消す")
    assert "開けない" in form.mark.value and people.named(page.book, "ミナト")
    next(one for one in all_of(form, widgets.Checkbox) if one.description.startswith("開けない控え")).value = True
    press(form, "すべて消す")
    assert people.everyone(page.book) == () and not copy.exists()
