"""Members: joining through the gate, the owner as one of them, roles, listening, and leaving well."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import people, roster
from kizuna.steps.tribe import members
from kizuna.workbook.store import MEMORY, open_workbook
from tests.steps.tribe.membership import TODAY, a_place


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
