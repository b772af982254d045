"""The forms of the place, driven as a person would: members, the record, a LINE talk, and how it fares."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.process import Part
from kizuna.steps import asking, improvements, roster
from kizuna.steps.feedback import feedback
from kizuna.steps.proposals import Verdict, proposals
from kizuna.steps.tribe import chat, health, members, talks
from kizuna.steps.tribe.gate import NOTE
from kizuna.steps.tribe.talks import To
from kizuna.views import forms
from kizuna.views.grid import Grid
from kizuna.views.page import Page
from kizuna.views.paper import page_html
from kizuna.views.parts import day
from kizuna.views.plain import is_shown
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Choice, ChoiceEvidence
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, open_workbook
from tests.steps.tribe.membership import invited
from tests.views.test_forms import all_of, buttons, inside, press

SECTION = "10_tribe_feedback"
TODAY = date.today()
TALK = """[LINE] 読書の会のトーク履歴
保存日時：2026/11/15 10:20

2026/11/10(火)
10:05\t店主\tおはようございます
10:06\t花\t[スタンプ]
10:07\tyuki\tはじめまして
"""


@pytest.fixture
def page() -> Iterator[Page]:
    book = open_workbook(MEMORY)
    save_answer(book, NOTE, "研修の練習のため")
    one = Page(SECTION, book)
    yield one
    book.close()


def joined(page: Page, *names: str) -> list[int]:
    ids = [roster.add(page.book, name) for name in names]
    for number in ids:
        members.join(page.book, number, TODAY - timedelta(days=100))
    return ids


def said(form: Any) -> str:
    return str(form.mark.value)


def shown(form: Any) -> str:
    return "".join(str(one.value) for one in inside(form) if isinstance(one, widgets.HTML) and one is not form.mark)


def grid(form: Any) -> Grid:
    return next(one for one in inside(form) if isinstance(one, Grid))


def edit(table: Grid, row: int, key: str, value: str, was: str = "") -> None:
    table._receive({"kind": "edit", "row": row, "key": key, "value": value, "seen": was, "seq": 1, "from": "me"})


# ---- members


def test_a_name_joins_and_the_owner_with_it(page: Page) -> None:
    form = forms.tribe_members(page)
    assert "まだ、仲間はいません" in shown(form)
    all_of(form, widgets.Combobox)[0].value = "ミナト"
    press(form, "仲間に加える")
    assert [one.called for one in members.members(page.book)] == ["わたし（店主）", "ミナトさん"]
    assert "ミナトさんを、仲間に加えました" in said(form) and "<b>2人</b>" in shown(form)
    assert all_of(form, widgets.Combobox)[0].value == ""


def test_while_the_gate_is_shut_the_form_says_so_and_keeps_the_name(page: Page) -> None:
    save_answer(page.book, NOTE, "")
    form = forms.tribe_members(page)
    all_of(form, widgets.Combobox)[0].value = "ミナト"
    press(form, "仲間に加える")
    assert "複数のファンがいります" in said(form)
    assert all_of(form, widgets.Combobox)[0].value == "ミナト" and members.members(page.book) == ()


def test_a_role_is_written_into_the_table(page: Page) -> None:
    joined(page, "ミナト")
    form = forms.tribe_members(page)
    one = members.members(page.book)[1]
    edit(grid(form), one.id, "role", "お茶の用意")
    edit(grid(form), one.id, "listens", "True", "False")
    now = members.members(page.book)[1]
    assert (now.role, now.listens) == ("お茶の用意", True)


def test_who_came_upon_an_invitation_is_offered_and_told_apart(page: Page) -> None:
    ids = joined(page, "ミナト")
    form = forms.tribe_members(page)
    (welcome,) = [one for one in all_of(form, widgets.Button) if one.description.startswith("招いて、来てくださった方")]
    assert not is_shown(welcome)
    invited(page.book, Part.TRIBE, TODAY, roster.add(page.book, "よし子"))
    page.changed()
    assert is_shown(welcome) and "（1人）" in welcome.description
    welcome.click()
    assert "よし子さんを、仲間に加えました" in said(form) and not is_shown(welcome)
    assert "お誘いして来てくださった方が1人" in shown(form) and "加わった方が1人です" in shown(form)
    members.leave(page.book, next(one.id for one in members.members(page.book) if one.person_id == ids[0]), TODAY)
    page.changed()
    assert "お誘いして来てくださった方が" not in shown(form)


def test_somebody_leaves_well(page: Page) -> None:
    joined(page, "ミナト", "よし子")
    form = forms.tribe_members(page)
    press(form, "離れる方がいらしたとき")
    press(form, "お礼を伝えて、見送った")
    assert "一覧から選んで" in said(form)
    goes = next(one for one in all_of(form, widgets.Dropdown))
    assert "わたし（店主）" not in [name for name, _ in goes.options]
    goes.value = members.members(page.book)[1].id
    press(form, "お礼を伝えて、見送った")
    assert [one.called for one in members.members(page.book)] == ["わたし（店主）", "よし子さん"]
    page.book.undo()
    assert len(members.members(page.book)) == 3


# ---- by hand


def test_two_clicks_write_down_who_spoke(page: Page) -> None:
    ids = joined(page, "ミナト", "よし子")
    form = forms.talk_log(page)
    press(form, "みんなに話した")
    assert "お一人を選んで" in said(form) and talks.recent(page.book, 9) == ()
    all_of(form, widgets.Dropdown)[0].value = ids[0]
    press(form, "話題をひらいた")
    one = talks.recent(page.book, 9)[0]
    assert (one.speaker_id, one.to, one.begins, one.on) == (ids[0], To.ALL, True, TODAY)
    edit(grid(form), one.id, "first", str(ids[1]), "-2")
    assert talks.recent(page.book, 9)[0].answer == "よし子さん"
    edit(grid(form), one.id, "first", "-1", str(ids[1]))
    assert talks.recent(page.book, 9)[0].answer == "わたし（店主）"
    edit(grid(form), one.id, "first", "-2", "-1")
    assert not talks.recent(page.book, 9)[0].answered


def test_the_owner_speaks_to_a_member_on_another_day(page: Page) -> None:
    ids = joined(page, "ミナト")
    form = forms.talk_log(page)
    all_of(form, widgets.Dropdown)[0].value = -1
    press(form, "今日でないとき")
    all_of(form, widgets.DatePicker)[0].value = TODAY - timedelta(days=2)
    all_of(form, widgets.Dropdown)[1].value = ids[0]
    press(form, "仲間に話しかけた")
    one = talks.recent(page.book, 9)[0]
    assert (one.speaker_id, one.to, one.listener, one.on) == (None, To.MEMBER, "ミナトさん", TODAY - timedelta(days=2))


def test_who_came_is_written_at_once(page: Page) -> None:
    joined(page, "ミナト", "よし子", "はるぱん")
    form = forms.talk_log(page)
    press(form, "集まった日に来た方を")
    press(form, "来てくださった方を書く")
    assert "しるしをつけます" in said(form)
    for tick in all_of(form, widgets.Checkbox)[:2]:
        tick.value = True
    press(form, "来てくださった方を書く")
    assert "2人を書きとめました" in said(form)
    assert [one.to for one in talks.recent(page.book, 9)] == [To.CAME, To.CAME]


def test_the_log_waits_for_members(page: Page) -> None:
    form = forms.talk_log(page)
    assert "まだ、仲間がいません" in shown(form)
    forms.tribe_members(page)
    joined(page, "ミナト")
    page.changed()
    assert "まだ、仲間がいません" not in shown(form)


# ---- from LINE


def take(form: Any, text: str = TALK) -> None:
    form._read("[LINE] 読書の会.txt", text.encode())


def test_a_talk_is_looked_at_first_and_who_is_who_is_asked(page: Page) -> None:
    ids = joined(page, "花")
    form = forms.bring_talk(page)
    take(form)
    choices = dict(zip(["店主", "花", "yuki"], all_of(form, widgets.Dropdown), strict=True))
    assert {name: one.value for name, one in choices.items()} == {"店主": "", "花": ids[0], "yuki": ""}
    press(form, "この内容で入れる")
    assert "どなたかを選んでください" in said(form) and chat.kept(page.book) == 0
    choices["店主"].value, choices["yuki"].value = ids[0], chat.NEW
    press(form, "この内容で入れる")
    assert "どれがあなた" in said(form)
    choices["店主"].value = chat.OWNER
    assert "<b>3回分</b>" in shown(form) and "新しく1人" in shown(form)
    press(form, "この内容で入れる")
    assert chat.kept(page.book) == 3 and "3回分、保存しました" in said(form) and not all_of(form, widgets.Dropdown)
    take(form)
    press(form, "この内容で入れる")
    assert chat.kept(page.book) == 3 and "もうすべて入っています" in said(form)
    press(form, "LINEから入れた記録を")
    assert chat.kept(page.book) == 0


def test_looking_at_a_talk_and_going_away_leaves_nothing(page: Page) -> None:
    form = forms.bring_talk(page)
    version = page.book.version()
    take(form)
    press(form, "やめる")
    assert page.book.version() == version and not all_of(form, widgets.Dropdown)


def test_what_is_chosen_stays_when_another_page_changes_the_list(page: Page) -> None:
    form = forms.bring_talk(page)
    take(form)
    all_of(form, widgets.Dropdown)[0].value = chat.OWNER
    new = roster.add(page.book, "yuki")
    page.changed()
    first, *_, last = all_of(form, widgets.Dropdown)
    assert first.value == chat.OWNER and new in [value for _, value in last.options]


# ---- how it fares


def test_nothing_yet_is_told_kindly(page: Page) -> None:
    assert "まだ、見えることがありません" in shown(forms.tribe_health(page))


def test_few_are_no_share(page: Page) -> None:
    ids = joined(page, "ミナト")
    for _ in range(3):
        talks.log(page.book, ids[0], To.ALL, TODAY)
    told = shown(forms.tribe_health(page))
    assert "まだ3回です" in told and "％" not in told.split("数え方")[0] and "半分をこえて" not in told


@pytest.mark.parametrize(("owner", "member", "much"), [(4, 2, True), (3, 3, False)])
def test_more_than_half_is_noticed(page: Page, owner: int, member: int, much: bool) -> None:
    ids = joined(page, "ミナト")
    for who, count in ((None, owner), (ids[0], member)):
        for _ in range(count):
            talks.log(page.book, who, To.ALL, TODAY)
    told = shown(forms.tribe_health(page))
    assert ("半分をこえて" in told) is much
    assert f"わたしが{owner}回" in told and 'aria-label="だれが話したか。' in told


def test_twenty_may_be_told_as_a_share(page: Page) -> None:
    ids = joined(page, "ミナト")
    for _ in range(15):
        talks.log(page.book, ids[0], To.ALL, TODAY)
    for _ in range(5):
        talks.log(page.book, None, To.ALL, TODAY)
    assert "わたしが5回（25％）" in shown(forms.tribe_health(page))


def test_levels_are_numbers_of_people_and_nobody_is_named(page: Page) -> None:
    ids = joined(page, "ミナト", "よし子")
    talks.log(page.book, ids[0], To.ALL, TODAY, begins=True)
    talks.log(page.book, ids[1], To.ALL, TODAY)
    told = shown(forms.tribe_health(page))
    assert "ミナト" not in told and "よし子" not in told
    assert "いま <b>1人</b>" in told


def test_the_silent_are_named_for_a_kind_word(page: Page) -> None:
    ids = joined(page, "ミナト", "よし子")
    talks.log(page.book, ids[0], To.ALL, TODAY)
    told = shown(forms.tribe_health(page))
    assert "よし子さん" in told and "ミナトさん" not in told and "たずねません" in told


def test_it_stands_on_paper_with_its_picture(page: Page) -> None:
    ids = joined(page, "ミナト")
    for _ in range(6):
        talks.log(page.book, ids[0], To.ALL, TODAY)
    for build in (forms.tribe_members, forms.talk_log, forms.bring_talk, forms.tribe_health):
        build(page)
    written, blank = page_html(page, blank=False), page_html(page, blank=True)
    assert "<svg" in written and "次の小さな一歩" in written and "ミナトさん" in written
    assert "<svg" not in blank and "ミナトさん" not in blank and "話の中身は書きません" in blank


def lines(form: Any, blank: bool) -> list[tuple[str, Any]]:
    return [(one.question, one.value) for block in form.paper(blank) for one in block.lines]


def test_on_paper_stand_the_members_who_are_here_with_what_they_look_after(page: Page) -> None:
    form = forms.tribe_members(page)
    assert "仲間は、まだいません" in page_html(page, blank=False)
    joined(page, "ミナト", "よし子")
    one, other = members.members(page.book)[1:]
    members.edit(page.book, one.id, role="お茶の用意", often="月に一度", listens=True)
    members.leave(page.book, other.id, TODAY)
    (_, me), (name, told) = lines(form, blank=False)
    assert name == "ミナトさん" and told.startswith("お茶の用意（月に一度）・") and "聞" in told and "聞" not in me
    assert "2人です" in page_html(page, blank=False) and "よし子" not in page_html(page, blank=False)
    assert {value for _, value in lines(form, blank=True)} == {""}


def test_on_paper_stands_who_did_what_on_which_day_and_who_answered_first(page: Page) -> None:
    ids = joined(page, "ミナト", "よし子")
    form = forms.talk_log(page)
    assert "記録は、まだありません" in page_html(page, blank=False)
    talks.answer(page.book, talks.log(page.book, ids[0], To.ALL, TODAY, begins=True), ids[1])
    talks.log(page.book, ids[1], To.MEMBER, TODAY - timedelta(days=1), ids[0])
    told = lines(form, blank=False)
    assert [day_and_name.split("・") for day_and_name, _ in told] == [
        [day(TODAY), "ミナトさん"],
        [day(TODAY - timedelta(days=1)), "よし子さん"],
    ]
    assert [value for _, value in told] == ["話題をひらいた（はじめに答えた方：よし子さん）", "ミナトさんに話しかけた"]
    assert "記録は、まだありません" not in page_html(page, blank=False)
    assert {value for _, value in lines(form, blank=True)} == {""} and len(lines(form, blank=True)) == 16


# ---- the forms of feedback in the second part


def test_the_form_asks_about_the_gathering_with_its_own_purpose(page: Page) -> None:
    save_answer(page.book, "feedback.purpose", "店のお知らせを直すために。")
    assert "店のお知らせ" not in shown(forms.feedback_kit(page))
    save_answer(page.book, "feedback.purpose.tribe", "次の集まりのために。")
    page.changed()
    told = shown(page.forms[0])
    assert "次の集まりのために。" in told and "いごこちのよくなかった" in told


def test_members_who_took_part_are_asked_at_once_and_nobody_twice(page: Page) -> None:
    """Who came, spoke or holds a role; nobody who wants no letters, and nobody who was never there."""
    ids = joined(page, "ミナト", "よし子", "はるぱん", "シロ", "文庫一冊")
    talks.note_meeting(page.book, [ids[0], ids[2]], TODAY)
    roster.stop(page.book, ids[2])
    by_paper = next(one for one in members.members(page.book) if one.person_id == ids[1])
    members.edit(page.book, by_paper.id, role="紙の回覧のあて名書き")
    form = forms.feedback_asked(page)
    (one,) = buttons(form, "来てくださった方と")
    assert "（2人）" in one.description
    one.click()
    assert {each.person_id for each in asking.asked(page.book, Part.TRIBE)} == set(ids[:2])
    assert asking.to_ask(page.book, Part.TRIBE) == () and asking.asked(page.book, Part.FOLLOWUP) == ()


def test_nobody_is_asked_and_nothing_improved_while_the_gate_is_shut(page: Page) -> None:
    talks.note_meeting(page.book, joined(page, "ミナト"), TODAY)
    save_answer(page.book, NOTE, "")
    form = forms.feedback_asked(page)
    buttons(form, "来てくださった方と")[0].click()
    assert "複数のファンがいります" in said(form) and asking.asked(page.book, Part.TRIBE) == ()
    form = forms.improve(page)
    press(form, "思いついた改善を書く")
    assert "複数のファンがいります" in said(form) and improvements.improvements(page.book, Part.TRIBE) == ()


def test_feedback_lies_beside_what_was_decided_about_the_place(page: Page) -> None:
    hear(page.book, "ミナト", TODAY, [Said("集まり", Topic.PLACE, "紙の回覧で加われたらうれしい")])
    with page.book.act("決めた") as session:
        choice = Choice(topic="shy", text="紙の回覧を用意する", decided=True)
        session.add(choice)
        session.flush()
        session.add(ChoiceEvidence(choice_id=choice.id, quote_id=1))
    hear(page.book, "ミナト", TODAY, [Said("よかった", Topic.GOOD, "回覧がよかったです。")], Part.TRIBE)
    (one,) = proposals(page.book, Part.TRIBE)
    assert (one.name, one.planned, one.leaning) == ("紙の回覧を用意する", True, (Verdict.KEEP,))
    form = forms.feedback_proposals(page)
    assert "集まりの案に入っていない" not in shown(form)
    press(form, "つづける")
    assert improvements.improvements(page.book, Part.TRIBE)[0].title == "紙の回覧を用意する"


def test_a_seat_is_the_gathering_and_no_product(page: Page) -> None:
    hear(page.book, "ミナト", TODAY, [Said("気になった", Topic.BAD, "席がせまくて困りました。")], Part.TRIBE)
    hear(page.book, "よし子", TODAY, [Said("気になった", Topic.BAD, "席がせまくて困りました。")], Part.FOLLOWUP)
    assert (len(feedback(page.book, Part.TRIBE).product), len(feedback(page.book, Part.FOLLOWUP).product)) == (0, 1)


def test_an_improvement_of_the_place_that_sells_is_stopped_also_after_it_was_decided(page: Page) -> None:
    hear(page.book, "ミナト", TODAY, [Said("あったら", Topic.WISH, "話のきっかけがほしい")], Part.TRIBE)
    ids = [one.id for one in feedback(page.book, Part.TRIBE).passages]
    number = improvements.begin(page.book, Part.TRIBE, Verdict.CHANGE, title="カードを置く", passages=ids)
    improvements.decide(page.book, number)
    improvements.edit(page.book, number, content="カードを置きます。春のクーポンを配布中です。")
    assert not improvements.improvement(page.book, number).decided
    form = forms.improve(page)
    press(form, "やると決める")
    assert "ここは仲間の場です" in said(form) and not improvements.improvement(page.book, number).decided
    improvements.edit(page.book, number, content="カードを置きます。")
    improvements.decide(page.book, number)
    assert improvements.improvement(page.book, number).decided


def test_a_health_that_did_not_change_is_not_drawn_again(page: Page) -> None:
    ids = joined(page, "ミナト")
    talks.log(page.book, ids[0], To.ALL, TODAY)
    form = forms.tribe_health(page)
    before = health.health(page.book)
    save_answer(page.book, "shop", "汐風書店")
    page.changed()
    assert health.health(page.book) == before == form._shown
