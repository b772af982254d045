"""The progress board: red only for those who need a hand, and nothing of what anybody wrote."""

from __future__ import annotations

from kizuna.steps.report.facts import Facts, places
from kizuna.steps.report.standing import Need, standings


def came(*boxes: int) -> list[Facts]:
    return [Facts(code=f"C{number:07}", made=places()[:count]) for number, count in enumerate(boxes)]


def needs(*boxes: int) -> list[Need | None]:
    return [one.need for one in standings(came(*boxes))]


def test_nobody_is_red_where_all_go_about_as_fast() -> None:
    assert needs(3, 4, 4, 4, 5) == [None] * 5
    assert needs(10, 10, 10) == [None] * 3
    assert standings([]) == ()


def test_whoever_has_heard_nobody_needs_a_hand_even_if_all_are_so() -> None:
    assert needs(0, 0, 0) == [Need.EMPTY] * 3


def test_whoever_is_two_boxes_behind_the_middle_needs_a_hand_and_how_far_is_told() -> None:
    found = standings(came(2, 3, 4, 4, 5))
    assert [one.need for one in found] == [Need.BEHIND, None, None, None, None]
    assert found[0].behind == 2


def test_voices_without_a_plan_where_the_others_have_gone_on_is_being_stuck() -> None:
    assert needs(1, 3, 3, 3) == [Need.STUCK, None, None, None]
    assert needs(1, 2, 2, 2) == [None] * 4  # the others have only just made theirs


def test_words_about_the_place_alone_are_no_work_on_the_second_part() -> None:
    first, sixth = places()[0], places()[5]
    heard, worked = Facts(code="A", made=[first, sixth]), Facts(code="B", made=[first, sixth], numbers={"themes": {"tribe": 2}})
    assert (heard.furthest, worked.furthest) == (1, 6)


def test_the_board_holds_boxes_and_nothing_else() -> None:
    (one,) = standings([Facts(code="A", name="店", made=[places()[0]], heard=["news"])])
    assert set(one.made) == set(places()) and set(one.made.values()) == {True, False}
