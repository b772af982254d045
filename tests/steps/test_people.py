"""The list of people: nobody from a bought list, no closeness without a reason, no fan without her own words, and no one loses a voice."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.language.rules import rule
from kizuna.process import Part
from kizuna.steps import people, plan, roster, themes, touches
from kizuna.steps.people import words
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Closeness, Contact, Person, PlannedTouch
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 2)


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


def heard(book: Workbook, name: str, text: str = "入荷したら知らせてほしい", on: date | None = TODAY) -> int:
    hear(book, name, on, [Said("何があるとうれしいですか", Topic.FOLLOWUP, text)])
    with book.reading() as session:
        return session.scalars(select(Person.id).order_by(Person.id.desc())).first() or 0


# ---- on the list


def test_who_gave_her_voice_is_on_the_list_already(book: Workbook) -> None:
    ids = [heard(book, "ミナト"), heard(book, "")]
    listed = people.everyone(book)
    assert [one.id for one in listed] == ids
    assert [(one.called, one.voices, one.relation, one.last_touch_on) for one in listed] == [
        ("ミナトさん", 1, "customer", TODAY),
        (f"お名前のない方 {ids[1]}", 1, "customer", TODAY),
    ]


def test_a_voice_that_comes_later_is_hers_who_was_put_on_the_list_by_hand(book: Workbook) -> None:
    added = roster.add(book, " ミナト ")
    heard(book, "ミナト")
    assert [(one.id, one.voices) for one in people.everyone(book)] == [(added, 1)]


def test_who_was_renamed_keeps_getting_the_voices_of_the_name_in_the_files(book: Workbook) -> None:
    added = heard(book, "みなと")
    roster.edit(book, added, name="ミナト（港の）")
    heard(book, "みなと", "はがきがほしい")
    assert [(one.called, one.voices) for one in people.everyone(book)] == [("ミナト（港の）さん", 2)]
    other = roster.add(book, "みなと")  # another one: her key is her own
    assert other != added and len(people.everyone(book)) == 2


def test_who_gets_a_name_later_gets_the_voices_of_that_name(book: Workbook) -> None:
    nameless = heard(book, "")
    roster.edit(book, nameless, name="波待ち")
    heard(book, "波待ち", "地図がほしい")
    assert [(one.id, one.voices) for one in people.everyone(book)] == [(nameless, 2)]


@pytest.mark.parametrize("name", ["ミナト", "ミナトさん", "ﾐﾅﾄ", "ミナト "])
def test_two_who_would_be_called_alike_are_refused(book: Workbook, name: str) -> None:
    roster.add(book, "ミナト")
    other = roster.add(book, "波")
    for act in (lambda: roster.add(book, name), lambda: roster.edit(book, other, name=name)):
        with pytest.raises(KizunaError, match="もう名簿にいらっしゃいます"):
            act()
    assert [one.name for one in people.everyone(book)] == ["ミナト", "波"]


@pytest.mark.parametrize("name", ["", "　", "\u200b"])
def test_nobody_is_put_on_the_list_without_a_name(book: Workbook, name: str) -> None:
    with pytest.raises(KizunaError, match="お名前か"):
        roster.add(book, name)
    assert (people.everyone(book), book.undo_label()) == ((), None)


def test_a_bought_list_is_refused_with_the_rules_reason_in_both_places(book: Workbook) -> None:
    reason = rule("PI-09").message
    for key in [one.key for one in words().met if one.bought]:
        with pytest.raises(KizunaError, match=reason):
            roster.add(book, "だれか", met=key)
    assert people.everyone(book) == ()
    added = roster.add(book, "ミナト")
    ways = [one.key for one in words().ways if one.bought]
    assert len(ways) == 2
    for way in ways:
        with pytest.raises(KizunaError, match=reason):
            roster.set_contact(book, added, "mail", wish="yes", method=way)
    assert people.person(book, added).contacts == ()


def test_fields_are_kept_as_written_and_another_pages_words_are_told(book: Workbook) -> None:
    one = roster.add(book, "ミナト", met="friend", note=" 釣りの人 ")
    assert (people.person(book, one).met, people.person(book, one).note) == ("friend", "釣りの人")
    assert roster.edit(book, one, seen={"note": "釣りの人"}, note="海の人") == {}
    assert roster.edit(book, one, seen={"note": "釣りの人"}, note="船の人") == {"note": "海の人"}
    assert roster.edit(book, one, seen={"relation": "customer", "met_note": ""}, relation="staff", met_note="港で") == {}
    view = people.person(book, one)
    assert (view.note, view.relation, view.inside, view.met_note) == ("船の人", "staff", True, "港で")
    roster.edit(book, one, relation="customer", note="")
    assert (people.person(book, one).relation, people.person(book, one).note) == ("customer", "")


def test_what_is_no_field_or_no_choice_is_refused(book: Workbook) -> None:
    one = roster.add(book, "ミナト")
    with pytest.raises(TypeError):
        roster.edit(book, one, key="name:x")
    for fields in ({"met": "?"}, {"relation": "?"}, {"ideal_days": 0}, {"worst_days": 1.5}, {"ideal_days": 9_999}):
        with pytest.raises(KizunaError):
            roster.edit(book, one, **fields)
    with pytest.raises(KizunaError, match="外されました"):
        roster.edit(book, 999, note="x")


# ---- taking somebody off


def test_who_has_said_something_stays_and_who_has_not_goes_with_all_that_was_noted(book: Workbook) -> None:
    kept, gone = heard(book, "ミナト"), roster.add(book, "波")
    roster.note_closeness(book, gone, 2, "名前で呼び合った", TODAY)
    roster.set_contact(book, gone, "line", wish="yes")
    touch = touches.log(book, gone, "visit", TODAY)
    with book.act("予定") as session:
        session.add(PlannedTouch(person_id=gone, on=TODAY, medium="line", touch_id=touch))
    with pytest.raises(KizunaError, match="名簿から外せません"):
        roster.remove(book, kept)
    roster.remove(book, gone)
    assert [one.id for one in people.everyone(book)] == [kept]
    book.undo()
    assert [(one.id, one.level, one.reach, one.last_touch_on) for one in people.everyone(book)] == [
        (kept, None, (), TODAY),
        (gone, 2, ("line",), TODAY),
    ]


def test_every_act_can_be_taken_back(book: Workbook) -> None:
    one = heard(book, "ミナト")
    group = roster.add_group(book, "おなじみさん", 30, 60)
    before = people.everyone(book)
    quote = people.quotes_of(book, one)[0].id
    for act in (
        lambda: roster.edit(book, one, group_id=group),
        lambda: roster.note_closeness(book, one, 1, "お顔を覚えた", TODAY),
        lambda: roster.mark_fan(book, one, quote, TODAY),
        lambda: roster.set_contact(book, one, "mail", wish="yes", asked_on=TODAY),
        lambda: roster.stop(book, one, TODAY),
    ):
        act()
        assert people.everyone(book) != before
        assert book.undo()
        assert people.everyone(book) == before


# ---- groups and intervals


def test_the_interval_is_her_own_else_her_groups_else_the_usual_one(book: Workbook) -> None:
    group = roster.add_group(book, "おなじみさん", 20, 50)
    one = roster.add(book, "ミナト")

    def days() -> tuple[int, int]:
        return people.person(book, one).ideal_days, people.person(book, one).worst_days

    assert days() == (words().ideal_days, words().worst_days)
    roster.edit(book, one, group_id=group)
    assert days() == (20, 50)
    roster.edit(book, one, worst_days=10.0)
    assert days() == (10, 10)  # the ideal is never longer than the most that may pass
    roster.edit(book, one, worst_days=None, ideal_days=7)
    assert days() == (7, 50)


def test_ideal_days_beyond_the_worst_are_refused_for_a_person_and_a_group(book: Workbook) -> None:
    one, group = roster.add(book, "ミナト", ideal_days=30, worst_days=40), roster.add_group(book, "友", 30, 40)
    for act in (lambda: roster.edit(book, one, ideal_days=41), lambda: roster.edit_group(book, group, worst_days=29)):
        with pytest.raises(KizunaError, match="同じか、それより長く"):
            act()
    assert (people.person(book, one).ideal_days, people.groups(book)[0].worst_days) == (30, 40)


def test_a_group_that_goes_leaves_its_people(book: Workbook) -> None:
    group = roster.add_group(book, "おなじみさん")
    one = roster.add(book, "ミナト", group_id=group)
    with pytest.raises(KizunaError, match="もうあります"):
        roster.add_group(book, " おなじみさん ")
    roster.remove_group(book, group)
    assert (people.person(book, one).group, people.groups(book)) == ("", ())


# ---- closeness and fans


def test_closeness_needs_a_line_that_shows_it_and_keeps_its_history(book: Workbook) -> None:
    one = roster.add(book, "ミナト")
    for level, line in ((2, " "), (2, ""), (5, "わけ"), (-1, "わけ")):
        with pytest.raises(KizunaError):
            roster.note_closeness(book, one, level, line)
    assert people.person(book, one).level is None
    roster.note_closeness(book, one, 3, "相談をしてくださった", TODAY)
    roster.note_closeness(book, one, 1, "お顔を覚えた", TODAY - timedelta(days=90))
    view = people.person(book, one)
    assert view.level == 3 and [at.level for at in view.closeness] == [1, 3]
    with book.reading() as session:
        assert len(session.scalars(select(Closeness)).all()) == 2


def test_a_fan_is_marked_by_her_own_words_only(book: Workbook) -> None:
    one, other = heard(book, "ミナト", "この店が大好きです"), heard(book, "波", "まあまあです")
    mine, others = people.quotes_of(book, one)[0], people.quotes_of(book, other)[0]
    for quote in (others.id, 999):
        with pytest.raises(KizunaError, match="ご自身の言葉"):
            roster.mark_fan(book, one, quote)
    assert people.fans(book) == ()
    roster.mark_fan(book, one, mine.id, TODAY)
    roster.mark_fan(book, one, mine.id, TODAY)  # once is enough
    assert [(view.id, [mark.card.text for mark in view.fan]) for view in people.fans(book)] == [(one, ["この店が大好きです"])]
    roster.unmark_fan(book, one, mine.id)
    assert people.fans(book) == ()


# ---- how she wants to hear from us


def test_she_is_reached_only_through_what_she_wants_the_lightest_first(book: Workbook) -> None:
    one = roster.add(book, "ミナト")
    for medium, wish in (("postcard", "yes"), ("line", "yes"), ("phone", "no")):
        roster.set_contact(book, one, medium, wish=wish)
    assert people.person(book, one).reach == ("line", "postcard")
    assert [view.id for view in people.who_wants(book, "line")] == [one] and people.who_wants(book, "phone") == ()
    roster.stop(book, one, TODAY)
    assert (people.person(book, one).reach, people.who_wants(book, "line")) == ((), ())
    roster.stop(book, one, yes=False)
    assert people.person(book, one).reach == ("line", "postcard")


@pytest.mark.parametrize("medium", words().mail)
def test_mail_needs_the_day_on_which_she_allowed_it(book: Workbook, medium: str) -> None:
    one = roster.add(book, "ミナト")
    roster.set_contact(book, one, medium, wish="yes", wording="いいですよ")
    assert people.person(book, one).reach == ()
    assert [found.rule for found in people.check_contact(people.person(book, one), medium, advert=True)] == ["ML-01"]
    roster.set_contact(book, one, medium, asked_on=TODAY)
    assert people.person(book, one).reach == (medium,)
    assert people.check_contact(people.person(book, one), medium, advert=True) == []


def test_who_said_no_is_on_the_stop_list_for_that_medium(book: Workbook) -> None:
    one = roster.add(book, "ミナト")
    roster.set_contact(book, one, "line", wish="no")
    view = people.person(book, one)
    assert [found.rule for found in people.check_contact(view, "line")] == ["ML-03"]
    assert people.check_contact(view, "postcard") == []
    roster.stop(book, one)
    assert [found.rule for found in people.check_contact(people.person(book, one), "postcard")] == ["ML-03"]


def test_another_pages_wish_is_told_and_an_empty_one_leaves_no_row(book: Workbook) -> None:
    one = roster.add(book, "ミナト")
    assert roster.set_contact(book, one, "line", seen={"wish": "unsaid"}, wish="unsaid") == {}
    with book.reading() as session:
        assert session.scalars(select(Contact)).all() == []
    assert roster.set_contact(book, one, "line", seen={"wish": "unsaid"}, wish="yes") == {}
    assert roster.set_contact(book, one, "line", seen={"wish": "unsaid"}, wish="no") == {"wish": "yes"}
    for fields in ({"wish": "?"}, {"method": "?"}):
        with pytest.raises(KizunaError):
            roster.set_contact(book, one, "line", **fields)
    with pytest.raises(KizunaError):
        roster.set_contact(book, one, "broadcast", wish="yes")


# ---- the content


def test_the_content_is_of_one_piece() -> None:
    told = words()
    assert set(told.reach) <= set(media()) and set(told.mail) <= set(told.reach)
    assert list(told.closeness) == [0, 1, 2, 3, 4]
    assert {one.direction for one in told.touches} == set(told.directions)
    assert set(told.thank_for) <= {one.key for one in told.touches}
    assert all(one.ideal_days <= one.worst_days for one in told.groups) and told.ideal_days <= told.worst_days
    for choices in (told.met, told.ways, told.relations, told.touches):
        assert len({one.key for one in choices}) == len(choices)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), max_size=6))
def test_whatever_names_are_given_everybody_on_the_list_can_be_told_apart(names: list[str]) -> None:
    book = open_workbook(MEMORY)
    for name in names:
        try:
            roster.add(book, name)
        except KizunaError:
            continue
    called = [unicodedata.normalize("NFKC", one.called) for one in people.everyone(book)]
    assert len(set(called)) == len(called)
    book.close()


def test_what_a_plan_rests_on_is_no_hindrance_to_the_list(book: Workbook) -> None:
    one = heard(book, "ミナト")
    themes.make(book, Part.FOLLOWUP, "知らせ", [people.quotes_of(book, one)[0].id])
    assert plan.draft(book, Part.FOLLOWUP, today=TODAY) == 1
    with pytest.raises(KizunaError, match="外せません"):
        roster.remove(book, one)
