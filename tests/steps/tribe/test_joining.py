"""Members: joining through the gate, the owner as one of them, roles, listening, and leaving well."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import people, roster
from kizuna.steps.tribe import members
from kizuna.steps.tribe.gate import NOTE
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, open_workbook
from tests.steps.tribe.membership import TODAY, a_place, invited


def test_nobody_joins_while_the_gate_is_shut() -> None:
    book = open_workbook(MEMORY)
    number = roster.add(book, "ミナト")
    for join in (lambda: members.join(book, number), lambda: members.join_named(book, "はるぱん")):
        with pytest.raises(KizunaError, match="複数のファンがいります"):
            join()
    assert members.members(book) == () and len(people.everyone(book)) == 1


def test_the_owner_is_one_member_and_the_first() -> None:
    book, _ = a_place("ミナト", "よし子")
    assert [(one.person_id is None, one.called) for one in members.members(book)] == [
        (True, "わたし（店主）"),
        (False, "ミナトさん"),
        (False, "よし子さん"),
    ]


def test_staff_and_neighbours_may_be_members() -> None:
    book, ids = a_place("ミナト")
    roster.edit(book, ids["ミナト"], relation="staff")
    assert members.members(book)[1].inside


def test_a_name_joins_once_and_comes_onto_the_list_in_one_act() -> None:
    book, _ = a_place("ミナト")
    members.join_named(book, " すみれ堂の　おばちゃん ")
    assert people.everyone(book)[-1].name == "すみれ堂の おばちゃん"
    members.join_named(book, "ミナトさん")
    assert len(members.members(book)) == 3 and len(people.everyone(book)) == 2
    book.undo()
    assert len(members.members(book)) == 2 and len(people.everyone(book)) == 1
    members.join_named(book, "ﾐﾅﾄ")
    assert len(members.members(book)) == 2 and len(people.everyone(book)) == 1


@pytest.mark.parametrize("name", ["", "　"])
def test_a_name_is_needed(name: str) -> None:
    book, _ = a_place("ミナト")
    with pytest.raises(KizunaError, match="お名前か、ふだんの呼び名"):
        members.join_named(book, name)


def test_who_leaves_lays_down_her_role_and_may_come_back() -> None:
    book, ids = a_place("ミナト")
    one = members.members(book)[1]
    members.edit(book, one.id, role="お茶の用意", often="月に一度")
    members.leave(book, one.id, TODAY)
    assert len(members.members(book)) == 1
    gone = members.members(book, left=True)[1]
    assert (gone.here, gone.left_on, gone.role, gone.often) == (False, TODAY, "", "")
    members.join(book, ids["ミナト"], TODAY)
    back = members.members(book)[1]
    assert (back.id, back.joined_on, back.here) == (one.id, one.joined_on, True)


def test_the_owner_does_not_leave() -> None:
    book, _ = a_place("ミナト")
    with pytest.raises(KizunaError, match="仲間の一人です"):
        members.leave(book, members.members(book)[0].id)


def test_nobody_joins_or_leaves_tomorrow() -> None:
    book, ids = a_place("ミナト")
    tomorrow = date.today() + timedelta(days=1)
    one = members.members(book)[1]
    for act in (lambda: members.join(book, ids["ミナト"], tomorrow), lambda: members.leave(book, one.id, tomorrow)):
        with pytest.raises(KizunaError, match="まだ来ていない日"):
            act()


def test_what_another_page_wrote_is_told() -> None:
    book, _ = a_place("ミナト")
    one = members.members(book)[1]
    members.edit(book, one.id, role="回覧")
    assert members.edit(book, one.id, {"role": ""}, role="お茶") == {"role": "回覧"}
    assert members.members(book)[1].role == "お茶"


def test_that_she_likes_to_listen_can_be_noted() -> None:
    book, _ = a_place("ミナト")
    members.edit(book, members.members(book)[1].id, listens=True)
    assert [one.listens for one in members.members(book)] == [False, True]


def test_only_what_may_be_written_is_written() -> None:
    book, _ = a_place("ミナト")
    with pytest.raises(TypeError):
        members.edit(book, members.members(book)[1].id, person_id=9)


def test_nobody_left_before_she_joined() -> None:
    book, _ = a_place("ミナト")
    one = members.members(book)[1]
    members.leave(book, one.id, one.joined_on - timedelta(days=3))
    assert members.members(book, left=True)[1].left_on == one.joined_on


def test_the_day_of_joining_is_a_day_that_came_and_not_after_she_left() -> None:
    book, _ = a_place("ミナト")
    one = members.members(book)[1]
    with pytest.raises(KizunaError, match="まだ来ていない日"):
        members.edit(book, one.id, joined_on=date.today() + timedelta(days=1))
    left = TODAY - timedelta(days=1)
    members.leave(book, one.id, left)
    for day, told in ((None, "加わった日を選んで"), (TODAY, "離れた日よりあと")):
        with pytest.raises(KizunaError, match=told):
            members.edit(book, one.id, joined_on=day)
    members.edit(book, one.id, joined_on=left)
    assert members.members(book, left=True)[1].joined_on == left


def test_those_whom_an_invitation_to_the_place_brought_join_in_one_act() -> None:
    book, ids = a_place("ミナト", "去った")
    ids |= {name: roster.add(book, name) for name in ("来た", "来なかった", "品物を使った")}
    members.leave(book, members.members(book)[2].id, TODAY)
    for _ in range(2):
        invited(book, Part.TRIBE, TODAY, ids["来た"], ids["ミナト"], ids["去った"])
    invited(book, Part.TRIBE, None, ids["来なかった"])
    invited(book, Part.FOLLOWUP, TODAY, ids["品物を使った"])
    assert members.to_welcome(book) == ((ids["来た"], "来たさん"),)
    assert members.by_invitation(book) == {ids["来た"], ids["ミナト"], ids["去った"]}
    assert members.welcome(book, TODAY) == 1
    assert [one.called for one in members.members(book)] == ["わたし（店主）", "ミナトさん", "来たさん"]
    assert members.to_welcome(book) == () and members.welcome(book, TODAY) == 0
    book.undo()
    book.undo()
    assert len(members.members(book)) == 2


def test_the_invited_wait_while_the_gate_is_shut() -> None:
    book, ids = a_place("ミナト")
    invited(book, Part.TRIBE, TODAY, roster.add(book, "来た"))
    save_answer(book, NOTE, "")
    for act in (members.welcome, lambda book: members.join_named(book, "来た"), lambda book: members.join(book, ids["ミナト"])):
        with pytest.raises(KizunaError):
            act(book)
    assert len(members.members(book)) == 2


def test_the_owner_stands_first_whenever_the_others_joined() -> None:
    book, _ = a_place("ミナト", "よし子")
    _, one, other = members.members(book)
    members.edit(book, one.id, joined_on=TODAY - timedelta(days=30))
    members.edit(book, other.id, joined_on=TODAY - timedelta(days=40))
    assert [each.called for each in members.members(book)] == ["わたし（店主）", "よし子さん", "ミナトさん"]
