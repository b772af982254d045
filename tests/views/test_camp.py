"""A course in one room on the page: the clock, the check-in, the timetable, what is printed; each by what it leaves behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.errors import KizunaError
from kizuna.process import course, section
from kizuna.steps import camp, handin
from kizuna.steps.self_study import weeks
from kizuna.views import forms, room
from kizuna.views.clock import Clock, clock
from kizuna.views.fields import FieldView
from kizuna.views.files import Papers
from kizuna.views.head import Head
from kizuna.views.page import Page
from kizuna.views.paper import page_html
from kizuna.views.plain import is_shown
from kizuna.views.sheets import certificate_html
from kizuna.workbook import place
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.examples import the_example
from tests.notebook import page_of

MOOD = "少しどきどきしています。<b>&"


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def shown(widget: Any) -> str:
    return "\n".join(one.value for one in inside(widget) if isinstance(one, widgets.HTML))


def press(widget: Any, words: str) -> None:
    (found,) = [one for one in inside(widget) if isinstance(one, widgets.Button) and words in one.description]
    found.click()


def field(widget: Any, key: str) -> Any:
    return next(one for one in inside(widget) if isinstance(one, FieldView) and one.field.key == key)


def clocks(widget: Any) -> list[Clock]:
    return [one for one in inside(widget) if isinstance(one, Clock)]


# ---- the clock at the top of each page


def test_no_clock_is_made_until_the_room_works_together(book: Workbook) -> None:
    page = Page("02_followup_research", book)
    head = Head(page)
    assert clocks(head) == []
    place.work_together(True)
    page.changed()
    (made,) = clocks(head)
    assert is_shown(made) and [one["key"] for one in made.works] == ["ask", "listen", "voices", "themes", "media"]
    assert made.works[0]["where"] == "1番・2番"
    assert [(one["mode"], one["words"]) for one in made.works[0]["turns"]] == [("alone", "一人で"), ("pair", "ペアで")]
    assert sum(one["minutes"] for one in made.works[0]["turns"]) == 10
    place.work_together(False)
    page.changed()
    assert not is_shown(made) and len(clocks(head)) == 1
    place.work_together(True)
    page.changed()
    assert is_shown(made) and len(clocks(Head(page))) == 1


@pytest.mark.parametrize("file", [one.file for one in course().sections if one.open])
def test_every_page_has_a_clock_for_its_works(file: str) -> None:
    assert bool(clock(file).works) is not section(file).apart


def test_hiding_examples_and_working_together_do_not_forget_each_other() -> None:
    place.work_together(True)
    place.show_examples(False)
    assert (place.together(), place.examples_shown()) == (True, False)
    place.work_together(False)
    assert (place.together(), place.examples_shown()) == (False, False)


@pytest.mark.parametrize("broken", ["", "[]", '{"together": 1}', '{"together": "yes"}'])
def test_a_broken_setting_means_that_one_learns_alone(own_home: Any, broken: str) -> None:
    own_home.mkdir()
    (own_home / "画面の設定.json").write_text(broken, encoding="utf-8")
    assert not place.together()


# ---- the check-in


def test_whoever_learns_alone_sees_neither_rules_nor_a_question(book: Workbook) -> None:
    form = forms.together(Page("00_start", book))
    assert not [one for one in inside(form) if isinstance(one, FieldView)] and camp.words().rules[0] not in shown(form)
    assert form.paper(blank=True) == []


def test_in_the_room_the_rules_are_read_and_the_mood_is_kept_here_alone(book: Workbook) -> None:
    page = Page("00_start", book)
    head, form = Head(page), forms.together(page)
    press(form, "みんなで進める画面にする")
    assert place.together() and clocks(head) and all(rule in shown(form) for rule in camp.words().rules)
    field(form, "camp.mood").place.value = MOOD
    assert read_answer(book, "camp.mood") == MOOD and "保存しました" in form.mark.value
    again = forms.together(Page("00_start", book))
    assert field(again, "camp.mood").value == MOOD
    assert "少しどきどきしています。&lt;b&gt;&amp;" in page_html(page, blank=False) and "少しどきどき" not in page_html(page, blank=True)
    save_answer(book, "purpose", "本の話をする相手に。")
    assert "どきどき" not in str(handin.prepare(book).rows) and "本の話をする相手に" in str(handin.prepare(book).rows)
    press(form, "一人で進める画面にもどす")
    assert not place.together() and not is_shown(form._inside) and read_answer(book, "camp.mood") == MOOD


def test_which_timetable_is_followed_changes_the_minutes_of_the_clock(book: Workbook) -> None:
    place.work_together(True)
    form = forms.together(Page("00_start", book))
    field(form, "table").place.value = "two_days"
    assert camp.setting().table.key == "two_days"
    assert sum(one["minutes"] for one in clock("02_followup_research").works[0]["turns"]) == 15


def test_an_instructor_turns_the_pages_without_being_asked_for_a_mood(book: Workbook) -> None:
    form = forms.together(Page("14_camp", book))
    press(form, "みんなで進める画面にする")
    assert place.together() and not [one for one in inside(form) if isinstance(one, FieldView)]


# ---- the timetable, and when it is late


def test_the_timetable_that_is_chosen_is_the_one_shown_printed_and_kept(book: Workbook) -> None:
    page = page_of("14_camp", book)
    days = page.forms[0]
    assert "当日　9:30から16:35まで" in shown(days) and not is_shown(days._starts[1])
    field(days, "table").place.value = "two_days"
    field(days, "start1").place.value = "１０時半"
    assert "二日目　10:30から18:30まで" in shown(days) and is_shown(days._starts[1])
    assert field(days, "start1").place.value == "10:30"
    again = page_of("14_camp", open_workbook(MEMORY)).forms[0]
    assert "二日目　10:30から18:30まで" in shown(again)
    assert "10:30から18:30まで" in room.timetable_html(camp.days()) and "10:30から18:30まで" in room.wall_timetable_html(camp.days())


def test_a_time_that_cannot_be_read_is_told_and_changes_nothing(book: Workbook) -> None:
    days = forms.camp_days(Page("14_camp", book))
    field(days, "start0").place.value = "朝いちばん"
    assert "「朝いちばん」は時刻として読めません" in days.mark.value and camp.setting().starts == (570,)
    days.refresh()
    assert field(days, "start0").place.value == "9:30"


def test_a_late_day_is_planned_anew_beside_what_was_planned_and_goes_back(book: Workbook) -> None:
    page = page_of("14_camp", book)
    late = next(form for form in page.forms if hasattr(form, "_next"))
    assert shown(late._told) == "" and not is_shown(late._papers) and not is_shown(late._back)
    late._next.value = (0, 13)
    late._now.value = "13:35"
    press(late, "残りの時間割を組み直す")
    told = shown(late._told)
    assert "終わりの<b>16:35</b>は、変わりません" in told and "13:05" in told and "13:35" in told
    assert is_shown(late._papers) and is_shown(late._back)
    other = forms.when_late(Page("14_camp", book))
    assert other._next.value == (0, 13) and other._now.value == "13:35" and shown(other._told) == told
    late._next.value, late._now.value = (0, 23), "16:20"
    press(late, "残りの時間割を組み直す")
    assert "足りません" in shown(late._told)
    press(late, "もとの時間割にもどす")
    assert shown(late._told) == "" and camp.delayed() is None


def test_every_line_of_the_rest_stands_beside_what_becomes_of_it(book: Workbook) -> None:
    camp.choose_delay(0, 13, "15:00")
    found = camp.delayed()[1]
    late = forms.when_late(Page("14_camp", book))
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>", shown(late._told))
    assert [title for title, _, _ in rows] == [one.title for one in camp.days()[0].lines[13:]]
    assert [title for title, _, anew in rows if anew == "省きます"] == [one.title for one in camp.days()[0].lines if one in found.left_out]
    times = [re.sub(r"<[^>]+>", "", anew) for _, _, anew in rows if anew != "省きます"]
    assert times == [f"{camp.spell_time(one.begins)} （{one.minutes}分）" for one in found.day.lines[13:]] and found.left_out


def test_whoever_is_not_late_is_told_so(book: Workbook) -> None:
    late = forms.when_late(Page("14_camp", book))
    late._next.value, late._now.value = (0, 13), "13:00"
    press(late, "残りの時間割を組み直す")
    assert "まだ遅れていません" in shown(late._told)


def test_the_hour_may_be_taken_from_the_clock_and_a_wrong_one_is_told(book: Workbook) -> None:
    late = forms.when_late(Page("14_camp", book))
    assert late._next.value == (0, 0), "what is shown as chosen is chosen"
    press(late, "いまの時刻を入れる")
    assert camp.read_time(late._now.value) >= 0
    late._now.value = "おひる"
    press(late, "残りの時間割を組み直す")
    assert "時刻として読めません" in late.mark.value and camp.delayed() is None


# ---- on paper


def test_the_instructors_sheet_has_times_notes_and_what_is_needed_and_the_wall_has_none_of_the_notes() -> None:
    sheet, wall = room.timetable_html(camp.days()), room.wall_timetable_html(camp.days())
    for one in camp.days()[0].lines:
        assert one.title in sheet and one.title in wall and camp.spell_time(one.begins) in wall
        assert one.work is None or (one.work.watch in sheet and one.work.watch not in wall)
        assert all(thing in sheet for thing in (one.work.needed if one.work else ()))
    assert camp.notes().sections["04_followup_offer"].stuck[0] in sheet and camp.notes().always[0].title in sheet
    assert camp.notes().sections["10_tribe_feedback"].stuck[0] not in sheet, "that page is not in the one day"
    assert "言わないでおくこと" not in wall


def test_rules_and_slips_are_printed_as_they_are_written() -> None:
    assert all(rule in room.rules_html() for rule in camp.words().rules)
    assert room.votes_html().count(camp.words().vote.told) == room.SLIPS


def test_the_five_weeks_are_made_only_when_somebody_wants_them(book: Workbook) -> None:
    form = forms.five_weeks(Page("01_overview", book))
    assert not [one for one in inside(form) if isinstance(one, Papers)] and weeks().weeks[0].title not in shown(form)
    press(form, "五週間のめやすを見る")
    for text in (shown(form), room.weeks_html(weeks())):
        assert all(week.title in text and week.meet in text for week in (*weeks().weeks, weeks().after))


def test_behind_the_pages_the_weeks_lead_to_their_pages(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")
    form = forms.five_weeks(Page("01_overview", book))
    press(form, "五週間のめやすを見る")
    assert 'href="03_followup_plan.ipynb"' in shown(form)


# ---- the certificate


def test_the_certificate_follows_the_workbook_and_bears_the_name_that_is_wanted(book: Workbook) -> None:
    page = Page("12_review", book)
    form = forms.certificate(page)
    assert "まだ白紙です" in shown(form) and not is_shown(form._papers)
    with pytest.raises(KizunaError, match="まだ、数えられるものがありません"):
        certificate_html(book)
    save_answer(book, "declare.act", "席を一つ用意します。")
    page.changed()
    assert "<span>宣言カード</span><b>1枚</b>" in shown(form) and is_shown(form._papers)
    field(form, "certificate.name").place.value = "<i>浜田"
    assert read_answer(book, "certificate.name") == "<i>浜田"
    for text in (shown(form), certificate_html(book)):
        assert "&lt;i&gt;浜田" in text and "<i>浜田" not in text and "参加した時間ではなく" in text
    field(form, "certificate.name").place.value = "\u202e浜田"
    assert "<bdi>\u202e浜田</bdi>　さま" in shown(form), "a sign in the name turns nothing beside it"


def test_the_certificate_of_the_example_says_that_it_is_one() -> None:
    sample = the_example()
    assert "見本のノート" in certificate_html(sample, sample=True) and "見本のノート" not in certificate_html(sample)
    assert "お話をうかがった方" in certificate_html(sample) and "さま" in certificate_html(sample)
