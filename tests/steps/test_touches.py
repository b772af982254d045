"""Touches: every one begins the interval anew, nobody who wants quiet is proposed, and the longest forgotten stands first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.language.wording import check_wording
from kizuna.process import Part
from kizuna.steps import people, roster, touches
from kizuna.steps.people import words
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import PlannedTouch, Touch
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 2)
WISH = "入荷したら知らせてほしい"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


def known(book: Workbook, name: str, days: int | None, ideal: int = 30, worst: int = 60) -> int:
    """Somebody on the list, last touched so many days ago."""
    one = roster.add(book, name, ideal_days=ideal, worst_days=worst)
    if days is not None:
        touches.log(book, one, "told", ago(days), today=TODAY)
    return one


def forgotten(book: Workbook) -> list[int]:
    return [one.person.id for one in touches.forgotten(book, TODAY)]


# ---- writing down


def test_a_touch_is_written_down_in_one_call(book: Workbook) -> None:
    one = roster.add(book, "ミナト")
    touches.log(book, one, "visit", today=TODAY, medium="facetoface", note=" 孫の絵本の話 ")
    (touch,) = touches.touches(book)
    assert (touch.person, touch.on, touch.kind.key, touch.kind.direction, touch.medium, touch.note) == (
        "ミナトさん", TODAY, "visit", "come", "facetoface", "孫の絵本の話",
    )  # fmt: skip
    assert "来てくださった" in str(book.undo_label())
    book.undo()
    assert touches.touches(book) == ()


@pytest.mark.parametrize(
    "wrong", [{"kind": "?"}, {"kind": "interview"}, {"kind": "told", "on": TODAY + timedelta(days=1)}, {"kind": "told", "medium": "?"}]
)
def test_what_cannot_be_is_refused(book: Workbook, wrong: dict[str, object]) -> None:
    one = roster.add(book, "ミナト")
    with pytest.raises(KizunaError):
        touches.log(book, one, today=TODAY, **wrong)  # type: ignore[arg-type]
    with pytest.raises(KizunaError, match="外されました"):
        touches.log(book, 999, "told", today=TODAY)
    assert touches.touches(book) == ()


def test_a_touch_can_be_mended_and_taken_away_and_another_pages_words_are_told(book: Workbook) -> None:
    one = known(book, "ミナト", 40)
    touch = touches.touches(book)[0].id or 0
    assert touches.edit(book, touch, seen={"on": ago(40)}, on=ago(10), today=TODAY) == {}
    assert touches.edit(book, touch, seen={"on": ago(40)}, on=ago(5), today=TODAY) == {"on": ago(10)}
    assert people.person(book, one).days_since(TODAY) == 5
    with book.act("予定") as session:
        session.add(PlannedTouch(person_id=one, on=TODAY, medium="line", touch_id=touch))
    touches.remove(book, touch)
    assert people.person(book, one).last_touch_on is None
    with book.reading() as session:
        assert session.scalars(select(PlannedTouch)).one().touch_id is None
    for act in (lambda: touches.remove(book, touch), lambda: touches.edit(book, touch, note="x")):
        with pytest.raises(KizunaError, match="ほかの画面で消されました"):
            act()


def test_an_interview_is_a_touch_without_being_stored_twice(book: Workbook) -> None:
    said = [Said("一", Topic.FOLLOWUP, WISH), Said("二", Topic.SCENE, "静かで好き")]
    hear(book, "ミナト", ago(20), said)
    hear(book, "波", None, said)  # nobody noted the day
    (touch,) = touches.touches(book)
    assert (touch.id, touch.person, touch.on, touch.kind.key) == (None, "ミナトさん", ago(20), "interview")
    with book.reading() as session:
        assert session.scalars(select(Touch)).all() == []
    assert [one.last_touch_on for one in people.everyone(book)] == [ago(20), None]
    assert [one.called for one in touches.outlook(book, TODAY).unrecorded] == ["波さん"]


def test_feedback_is_a_touch_too_and_no_wish_to_go_back_to(book: Workbook) -> None:
    hear(book, "ミナト", ago(100), [Said("いかがでしたか", Topic.FOLLOWUP, "はがきがうれしかったです")], Part.FOLLOWUP)
    (touch,) = touches.touches(book)
    assert (touch.id, touch.on, touch.kind.key) == (None, ago(100), "opinion")
    hear(book, "波", ago(200), [Said("一", Topic.FOLLOWUP, WISH)])
    cards = {one.person.called: one.next.card for one in touches.outlook(book, TODAY).waiting}
    assert cards["ミナトさん"] is None and cards["波さん"] is not None


def test_what_was_given_asked_and_came_is_counted_for_each(book: Workbook) -> None:
    one, other = roster.add(book, "ミナト"), roster.add(book, "波")
    for kind in ("told", "helped", "thanked", "opinion", "visit", "referred"):
        touches.log(book, one, kind, TODAY, today=TODAY)
    assert touches.balance(book, one) == touches.Balance(given=3, asked=1, come=2)
    assert touches.balance(book, other) == touches.Balance()
    assert touches.balances(book) == {one: touches.Balance(3, 1, 2)}


# ---- who may feel forgotten


def test_it_begins_the_day_after_the_most_that_may_pass_and_every_touch_begins_anew(book: Workbook) -> None:
    one, other = known(book, "ミナト", 61), known(book, "波", 60)
    assert forgotten(book) == [one]
    assert [(view.person.id, view.over, view.days) for view in touches.outlook(book, TODAY).waiting] == [
        (one, True, 61),
        (other, False, 60),
    ]
    touches.log(book, one, "visit", TODAY, today=TODAY)
    assert forgotten(book) == []


def test_the_longest_overdue_by_her_own_measure_stands_first(book: Workbook) -> None:
    slow, quick = known(book, "ゆっくりの方", 130, 60, 120), known(book, "よく会う方", 40, 10, 20)
    assert forgotten(book) == [quick, slow]


def test_who_wants_quiet_who_belongs_to_the_shop_and_who_cannot_be_reached_are_never_proposed(book: Workbook) -> None:
    stopped, staff = known(book, "波", 500), known(book, "店の人", 500)
    roster.stop(book, stopped, ago(400))
    roster.edit(book, staff, relation="staff")
    hear(book, "", ago(500), [Said("一", Topic.FOLLOWUP, WISH)])
    nobody = known(book, "会いたくない方", 500)
    roster.set_contact(book, nobody, "facetoface", wish="no")
    view = touches.outlook(book, TODAY)
    assert (view.waiting, view.thanks, view.unrecorded) == ((), (), ())
    assert len(view.everyone) == 4
    roster.stop(book, stopped, yes=False)
    assert forgotten(book) == [stopped]


def test_the_next_act_is_the_lightest_that_she_wants_and_goes_back_to_her_own_words(book: Workbook) -> None:
    hear(book, "ミナト", ago(400), [Said("一", Topic.FOLLOWUP, WISH), Said("二", Topic.SCENE, "静かで好き")])
    one = people.everyone(book)[0].id
    (waiting,) = touches.forgotten(book, TODAY)
    assert (waiting.next.medium.id, waiting.next.kind, waiting.next.reason) == ("facetoface", "told", words().reasons["wish"])
    assert waiting.next.card is not None and waiting.next.card.text == WISH
    roster.set_contact(book, one, "postcard", wish="yes")
    roster.set_contact(book, one, "phone", wish="no")
    assert touches.forgotten(book, TODAY)[0].next.medium.id == "postcard"
    roster.set_contact(book, one, "line", wish="yes")
    assert touches.forgotten(book, TODAY)[0].next.medium.id == "line"


def test_without_words_of_hers_the_next_act_is_a_greeting(book: Workbook) -> None:
    known(book, "ミナト", 100)
    act = touches.forgotten(book, TODAY)[0].next
    assert (act.card, act.reason) == (None, words().reasons["hello"])


def test_every_reason_is_one_sentence_that_sells_nothing() -> None:
    for sentence in words().reasons.values():
        assert sentence.count("。") == 1 and sentence.endswith("。")
        assert check_wording(sentence) == []
    assert check_wording("今だけ限定、先着10名様") != []


# ---- thanks


@pytest.mark.parametrize("kind", ["referred", "kindness"])
def test_a_kindness_waits_for_thanks_until_they_are_said(book: Workbook, kind: str) -> None:
    one = roster.add(book, "ミナト")
    touches.log(book, one, "thanked", ago(9), today=TODAY)
    touches.log(book, one, kind, ago(3), today=TODAY)
    assert [owed.person.id for owed in touches.outlook(book, TODAY).thanks] == [one]
    touches.log(book, one, "thanked", ago(3), today=TODAY)
    assert touches.outlook(book, TODAY).thanks == ()


def test_thanks_to_one_are_none_to_another(book: Workbook) -> None:
    one, other = roster.add(book, "ミナト"), roster.add(book, "波")
    for who in (one, other):
        touches.log(book, who, "kindness", ago(3), today=TODAY)
    touches.log(book, other, "thanked", ago(1), today=TODAY)
    assert [owed.person.id for owed in touches.outlook(book, TODAY).thanks] == [one]


def test_thanks_that_are_owed_say_for_what_and_since_when(book: Workbook) -> None:
    one = roster.add(book, "ミナト")
    for kind, days in (("kindness", 6), ("thanked", 5), ("visit", 4), ("referred", 3), ("told", 2), ("kindness", 1)):
        touches.log(book, one, kind, ago(days), today=TODAY)
    (owed,) = touches.outlook(book, TODAY).thanks
    assert (owed.touch.kind.key, owed.touch.on) == ("kindness", ago(1))
    assert owed.reason.startswith(f"{ago(1).month}月{ago(1).day}日に{owed.touch.kind.label}こと")
    touches.log(book, one, "thanked", ago(2), today=TODAY)
    assert [each.touch.on for each in touches.outlook(book, TODAY).thanks] == [ago(1)], "said before it, not for it"
    touches.log(book, one, "thanked", TODAY, today=TODAY)
    assert touches.outlook(book, TODAY).thanks == ()


def test_an_interview_waits_for_thanks_but_not_for_ever(book: Workbook) -> None:
    hear(book, "ミナト", TODAY, [Said("一", Topic.FOLLOWUP, WISH)])
    last = TODAY + timedelta(days=words().thanks_days)
    assert len(touches.outlook(book, last).thanks) == 1
    assert touches.outlook(book, last + timedelta(days=1)).thanks == ()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(1, 90), st.integers(1, 90), st.sampled_from(["", "stop", "staff"])),
        min_size=1,
        max_size=6,
    )
)
def test_the_list_holds_exactly_those_over_their_limit_and_a_touch_takes_anyone_off(people_: list[tuple[int, int, int, str]]) -> None:
    book = open_workbook(MEMORY)
    expected = set()
    for number, (days, one, other, how) in enumerate(people_):
        made = known(book, f"人{number}", days, min(one, other), max(one, other))
        if how == "stop":
            roster.stop(book, made, TODAY)
        elif how == "staff":
            roster.edit(book, made, relation="staff")
        elif days > max(one, other):
            expected.add(made)
    found = touches.forgotten(book, TODAY)
    assert {one.person.id for one in found} == expected
    ratios = [one.days / one.person.worst_days for one in found]
    assert ratios == sorted(ratios, reverse=True)
    for one in found:
        touches.log(book, one.person.id, one.next.kind, medium=one.next.medium.id, today=TODAY)
    assert touches.forgotten(book, TODAY) == ()
    book.close()
