"""How the place fares: shares, first replies, silence, roles, and levels that fall slowly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.process import Part
from kizuna.steps import roster, touches
from kizuna.steps.tribe import chat, health, members, talks
from kizuna.steps.tribe.health import Firsts, Level, Share, firsts, held, next_steps, span
from kizuna.steps.tribe.talks import To
from kizuna.steps.tribe.turns import Line, Record, Subject, read, told
from kizuna.steps.tribe.words import number, words
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.reading import Topic
from tests.steps.tribe.membership import TODAY, a_place, at, saved

LEVELS = st.lists(st.sampled_from(list(Level)), max_size=12)
TIMES = st.lists(
    st.tuples(st.integers(0, 70 * 24).map(lambda hour: datetime(2026, 9, 12) + timedelta(hours=hour)), st.sampled_from([None, 1, 2, 3])),
    max_size=60,
).map(lambda times: sorted(times, key=lambda one: one[0]))


def test_messages_sent_one_after_another_are_one_turn() -> None:
    turns, subjects = told([(at(10), 1), (at(10, 10, 1), 1), (at(10, 10, 5), 2), (at(10, 10, 6), None), (at(10, 10, 7), 2)])
    assert [(one.speaker_id, one.to) for one in turns] == [(1, To.ALL), (2, To.MEMBER), (None, To.MEMBER), (2, To.OWNER)]
    assert [one.line for one in turns] == [Line.AMONG, Line.AMONG, Line.OWNER, Line.TO_OWNER]
    assert subjects == [Subject(at(10), 1, at(10, 10, 5), 2, timedelta(minutes=5))]


@pytest.mark.parametrize(("hours", "subjects"), [(5, 1), (6, 2)])
def test_after_hours_of_quiet_somebody_opens_a_new_subject(hours: int, subjects: int) -> None:
    times = [(at(10), 1), (at(10, 11), 2), (at(10, 11) + timedelta(hours=hours), 3)]
    assert len(told(times)[1]) == subjects


@pytest.mark.parametrize(("who", "hours", "answered"), [(2, 47, True), (2, 48, False), (1, 6, False), (None, 30, True)])
def test_a_subject_nobody_has_answered_waits_longer_for_the_others(who: int | None, hours: int, answered: bool) -> None:
    _, subjects = told([(at(10), 1), (at(10) + timedelta(hours=hours), who)])
    assert (subjects[0].answered_at is not None, len(subjects)) == (answered, 1 if answered else 2)


def test_first_replies_by_whom_how_long_and_those_that_wait() -> None:
    subjects = [
        Subject(at(1), 1, at(1, 12), 2, timedelta(hours=2)),
        Subject(at(2), 1, at(2, 11), None, timedelta(hours=1)),
        Subject(at(3), 2, at(4, 10), 1, timedelta(hours=24)),
        Subject(at(5), None),
        Subject(at(19, 9), 2),
    ]
    assert firsts(subjects, TODAY) == Firsts(2, 1, 1, 1, timedelta(hours=2))


def test_by_hand_as_from_line() -> None:
    book, ids = a_place()
    opened = talks.log(book, ids["ミナト"], To.ALL, TODAY, begins=True)
    talks.answer(book, opened, ids["よし子"])
    talks.log(book, None, To.ALL, TODAY)
    talks.log(book, ids["はるぱん"], To.OWNER, TODAY)
    talks.note_meeting(book, [ids["はるぱん"]], TODAY)
    now = health.health(book, TODAY).now
    assert now.share == Share(1, 1, 2)
    assert (now.firsts.by_member, now.firsts.opened, now.firsts.usual, now.speakers) == (1, 1, timedelta(hours=12), 3)


def test_this_period_and_the_one_before_are_told_apart_to_the_day() -> None:
    book, ids = a_place(on=date(2026, 9, 1))
    for days in (0, 29, 30, 59, 60):
        talks.log(book, ids["ミナト"], To.ALL, TODAY - timedelta(days=days))
    found = health.health(book, TODAY)
    assert (found.now.share.total, found.before.share.total) == (2, 2)
    assert (found.now.last, found.now.first, found.before.last) == (TODAY, TODAY - timedelta(days=29), TODAY - timedelta(days=30))


@pytest.mark.parametrize(
    ("share", "much", "enough"),
    [(Share(3, 0, 2), True, True), (Share(3, 1, 2), False, True), (Share(4, 0, 0), False, False), (Share(0, 0, 0), False, False)],
)
def test_more_than_half_is_told_once_there_is_enough(share: Share, much: bool, enough: bool) -> None:
    assert (share.owner_much, share.enough) == (much, enough)


# ---- silence


def test_who_is_quiet_for_long_in_the_order_of_joining() -> None:
    book, ids = a_place("ミナト", "よし子", "はるぱん", "凪", on=TODAY - timedelta(days=100))
    talks.log(book, ids["よし子"], To.ALL, TODAY - timedelta(days=61))
    talks.note_meeting(book, [ids["はるぱん"]], TODAY - timedelta(days=60))
    touches.log(book, ids["ミナト"], "visit", TODAY - timedelta(days=5), today=TODAY)
    found = health.health(book, TODAY).silent
    assert [(one.member.called, (TODAY - one.since).days, one.spoke) for one in found] == [
        ("ミナトさん", 100, False),
        ("よし子さん", 61, True),
        ("凪さん", 100, False),
    ]
    assert [one.elsewhere for one in found] == [TODAY - timedelta(days=5), None, None]


def test_who_likes_to_listen_who_stopped_us_who_left_and_the_owner_are_not_silent() -> None:
    book, ids = a_place("ミナト", "よし子", "はるぱん", "凪", on=TODAY - timedelta(days=100))
    of = {one.called: one.id for one in members.members(book)}
    members.edit(book, of["ミナトさん"], listens=True)
    roster.stop(book, ids["よし子"])
    members.leave(book, of["はるぱんさん"], TODAY - timedelta(days=70))
    found = health.health(book, TODAY)
    assert [one.member.called for one in found.silent] == ["凪さん"]
    assert found.listening == 1


# ---- levels


@given(LEVELS, st.sampled_from(list(Level)))
def test_a_level_never_falls_in_the_first_quiet_period(shown: list[Level], next_: Level) -> None:
    before = held(shown, 2)
    assert held([*shown, before, next_], 2) >= before


@given(LEVELS, st.sampled_from(list(Level)))
def test_a_level_rises_at_once(shown: list[Level], next_: Level) -> None:
    assert held([*shown, next_], 2) >= next_


@pytest.mark.parametrize(
    ("shown", "level"),
    [
        ([], 1),
        ([3], 3),
        ([3, 1], 3),
        ([3, 1, 2], 2),
        ([3, 1, 3, 1], 3),
        ([3, 2, 1, 1], 2),
        ([3, 2, 1, 1, 1], 1),
        ([1, 3], 3),
    ],
)
def test_a_level_falls_after_two_quiet_periods_to_the_better_of_them(shown: list[int], level: int) -> None:
    assert held([Level(one) for one in shown], 2) == level


def test_levels_by_what_somebody_does() -> None:
    book, ids = a_place("ミナト", "よし子", "はるぱん", "凪", "波")
    opened = talks.log(book, ids["ミナト"], To.ALL, TODAY, begins=True)
    talks.answer(book, opened, ids["よし子"])
    talks.log(book, ids["はるぱん"], To.ALL, TODAY)
    talks.note_meeting(book, [ids["凪"]], TODAY)
    members.edit(book, next(one.id for one in members.members(book) if one.called == "波さん"), role="お茶の用意")
    found = health.levels(read(book), members.members(book), TODAY)
    assert found == {
        ids["ミナト"]: Level.GIVES,
        ids["よし子"]: Level.GIVES,
        ids["はるぱん"]: Level.SPEAKS,
        ids["凪"]: Level.LOOKS,
        ids["波"]: Level.CARRIES,
    }
    assert health.count(found) == {Level.LOOKS: 1, Level.SPEAKS: 1, Level.GIVES: 2, Level.CARRIES: 1}


@pytest.mark.parametrize(("days", "level"), [(0, 3), (29, 3), (59, 3), (89, 3), (90, 1)])
def test_a_member_keeps_her_level_until_two_whole_periods_were_quiet(days: int, level: int) -> None:
    joined = date(2026, 6, 1)
    book, ids = a_place("ミナト", on=joined)
    talks.log(book, ids["ミナト"], To.ALL, joined, begins=True)
    found = health.levels(read(book), members.members(book), joined + timedelta(days=days))
    assert found == {ids["ミナト"]: level}


# ---- sums


@given(TIMES)
def test_the_sums_add_up(times: Sequence[tuple[datetime, int | None]]) -> None:
    turns, subjects = told(times)
    assert all(one.speaker_id != two.speaker_id or two.to is To.ALL for one, two in zip(turns, turns[1:], strict=False))  # noqa: RUF007
    found = Record(tuple(turns), tuple(subjects), ())
    now, before = span(found, TODAY), span(found, TODAY - timedelta(days=30), TODAY)
    for one in (now, before):
        of_period = [turn for turn in turns if one.first <= turn.at.date() <= one.last]
        assert one.share.total == len(of_period)
        assert one.share.owner == sum(turn.speaker_id is None for turn in of_period)
        assert one.firsts.opened == sum(one.first <= each.at.date() <= one.last for each in subjects)
        assert min(one.firsts.by_member, one.firsts.by_owner, one.firsts.unanswered, one.firsts.waiting) >= 0
        assert one.speakers <= 3
    assert sum(turn.to is To.ALL for turn in turns) == len(subjects)
    assert all(one.answered_at is None or (one.answered_by != one.speaker_id and one.after == one.answered_at - one.at) for one in subjects)


# ---- the next kind step


def test_an_empty_place_has_kind_next_steps_too() -> None:
    book, _ = a_place()
    found = health.health(book, TODAY)
    assert not found.recorded
    assert next_steps(found).keys() == type(words().measures).model_fields.keys()


def test_where_the_owner_speaks_most_the_next_step_is_to_ask_first() -> None:
    book, ids = a_place()
    messages = [(at(10 + day, 10, minute), who, "言葉") for day in range(3) for minute, who in enumerate(["店主", "ミナト", "店主"])]
    chat.take_in(book, saved(messages), {"店主": chat.OWNER, "ミナト": ids["ミナト"]})
    found = health.health(book, TODAY)
    assert found.now.share == Share(6, 3, 0)
    assert next_steps(found)["share"] == words().next["share_owner"]
    assert "どなたかにたずねてみましょう" in next_steps(found)["share"]


def test_an_unanswered_subject_comes_before_all_else() -> None:
    book, ids = a_place()
    for day in (5, 6, 7):
        talks.answer(book, talks.log(book, ids["ミナト"], To.ALL, at(day).date(), begins=True), ids["よし子"])
    assert next_steps(health.health(book, TODAY))["firsts"] == words().next["firsts_good"]
    talks.log(book, ids["ミナト"], To.ALL, at(8).date(), begins=True)
    assert next_steps(health.health(book, TODAY))["firsts"] == words().next["firsts_unanswered"]


def test_every_step_of_the_content_file_can_come() -> None:
    book, _ = a_place("ミナト", on=TODAY - timedelta(days=100))
    quiet = health.health(book, TODAY)
    one = members.members(book)[1]
    shares = [Share(0, 0, 0), Share(6, 0, 4), Share(3, 2, 2), Share(2, 0, 4)]
    answered = [Firsts(0, 0, 1, 0, None), Firsts(0, 2, 0, 0, None), Firsts(1, 0, 0, 0, None), Firsts(0, 0, 0, 0, None)]
    each = [{level: int(level is most) for level in Level} for most in Level]
    steps = set()
    for share, first, counted, roles in zip(shares, answered, each, [(), (one,), (one, one), (one,)], strict=True):
        now = replace(quiet.now, share=share, firsts=first)
        for silent in (quiet.silent, ()):
            steps |= set(next_steps(replace(quiet, now=now, levels=counted, roles=roles, silent=silent)).values())
    good = replace(quiet.now, share=shares[-1])
    steps.add(next_steps(replace(quiet, now=good, worried=True))["share"])
    assert steps == set(words().next.values())


def test_numbers_never_say_that_all_is_well_where_somebody_was_troubled() -> None:
    book, ids = a_place()
    for day in (5, 6, 7):
        talks.answer(book, talks.log(book, ids["ミナト"], To.ALL, at(day).date(), begins=True), ids["よし子"])
    assert next_steps(health.health(book, TODAY))["share"] == words().next["share_good"]
    said = Said("q", Topic.BAD, "店主さんが話し続けているように見えました。")
    hear(book, "よし子", TODAY - timedelta(days=40), [said], Part.TRIBE)
    assert not health.health(book, TODAY).worried  # long ago
    hear(book, "よし子", TODAY, [said], Part.TRIBE)
    assert not health.health(book, TODAY - timedelta(days=1)).worried  # not yet
    step = next_steps(health.health(book, TODAY))["share"]
    assert step == words().next["share_worried"] and "このまま" not in step


def test_every_constant_has_its_reason() -> None:
    assert all(one.why and number(key) == one.value > 0 for key, one in words().numbers)
