"""Ties: nobody is proposed or brought together without her yes, nobody on the stop list, and always with the words of both."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import roster, themes
from kizuna.steps.tribe import ties
from kizuna.steps.tribe.ties import Bond
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.tribe.circle import ASKED, around, say, yes

ROOM, PLACE = "場所なら貸すよ。", "親どうしで話せる場があれば参加したいです。"


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


def pair(book: Workbook) -> tuple[int, int]:
    return say(book, "すみれ堂", ROOM, Topic.PLACE), say(book, "りく父", PLACE, Topic.PLACE)


def proposed(book: Workbook) -> list[tuple[int, int]]:
    return [(one.first.id, one.second.id) for one in ties.matches(book)]


def test_who_offers_a_room_and_who_wants_a_place_are_proposed_with_the_words_of_both(book: Workbook) -> None:
    yes(book, *pair(book))
    (found,) = ties.matches(book)
    assert found.why == "場所を使ってもよいという方と、集まれる場を望む方です。"
    assert [(one.person_id, one.text) for one in found.cards] == [(found.first.id, ROOM), (found.second.id, PLACE)]


@pytest.mark.parametrize("other", [{}, {"wish": "no", "asked_on": ASKED}, {"wish": "unsaid", "asked_on": ASKED}, {"wish": "yes"}])
def test_nobody_is_proposed_without_a_yes_of_a_day(book: Workbook, other: dict[str, object]) -> None:
    one, two = pair(book)
    yes(book, one)
    if other:
        ties.set_introduction(book, two, **other)
    assert proposed(book) == []


def test_a_yes_taken_back_takes_the_proposals_away_and_undo_brings_them_back(book: Workbook) -> None:
    one, two = pair(book)
    yes(book, one, two)
    ties.set_introduction(book, two, wish="no")
    assert proposed(book) == []
    book.undo()
    assert proposed(book) == [(one, two)]


def test_who_wants_to_hear_nothing_is_proposed_to_nobody(book: Workbook) -> None:
    one, two = pair(book)
    yes(book, one, two)
    roster.stop(book, one)
    assert proposed(book) == []
    roster.stop(book, one, yes=False)
    assert proposed(book) == [(one, two)]


def test_nobody_is_brought_together_without_a_yes_of_both(book: Workbook) -> None:
    one, two = pair(book)
    yes(book, one)
    with pytest.raises(KizunaError, match="りく父さんには、まだ"):
        ties.introduce(book, one, two)
    yes(book, two)
    roster.stop(book, one)
    with pytest.raises(KizunaError, match="すみれ堂さんには、まだ"):
        ties.introduce(book, one, two)
    assert ties.ties(book) == ()
    roster.stop(book, one, yes=False)
    ties.introduce(book, two, one, noted_on=ASKED)
    (found,) = ties.ties(book)
    assert (found.first.id, found.second.id, found.bond, found.noted_on) == (one, two, Bond.MET, ASKED)


@pytest.mark.parametrize("note", [ties.know, ties.introduce, ties.keep_apart])
def test_who_is_tied_already_is_not_proposed_until_it_is_taken_back(book: Workbook, note: object) -> None:
    one, two = pair(book)
    yes(book, one, two)
    number = note(book, one, two)  # type: ignore[operator]
    assert proposed(book) == []
    ties.untie(book, number)
    assert proposed(book) == [(one, two)]
    book.undo()
    assert [tie.id for tie in ties.ties(book)] == [number]


def test_a_pair_has_one_tie_whichever_way_round(book: Workbook) -> None:
    one, two = pair(book)
    ties.know(book, two, one, " お向かい ")
    with pytest.raises(KizunaError, match="もう書きとめて"):
        ties.know(book, one, two)
    with pytest.raises(KizunaError, match="ちがうお二人"):
        ties.know(book, one, one)
    assert [(tie.first.id, tie.second.id, tie.note) for tie in ties.ties(book)] == [(one, two, "お向かい")]


def test_those_whom_the_owner_gathered_into_one_theme_are_proposed(book: Workbook) -> None:
    one, two = say(book, "まめ子", "ふせんを貼りたい。", Topic.PLACE), say(book, "文庫一冊", "文通のようなものなら。", Topic.PLACE)
    yes(book, one, two)
    assert proposed(book) == []
    themes.make(book, Part.TRIBE, "顔を合わせずに", [card.id for card in themes.unplaced(book, Part.TRIBE)])
    (found,) = ties.matches(book)
    assert (found.first.id, found.second.id) == (one, two) and "顔を合わせずに" in found.why


def test_similar_words_are_proposed_and_words_that_say_nothing_are_not(book: Workbook) -> None:
    around(book)
    numbers = [
        say(book, "シロ", "この町に本屋が残ってほしいからです。"),
        say(book, "ほしの", "あの町の本屋とつながっていられる気がするので。"),
        say(book, "あおい", "ほんとにそうでした。"),
        say(book, "けん", "ほんとにそうです。"),
    ]
    yes(book, *numbers)
    (found,) = ties.matches(book)
    assert ({found.first.id, found.second.id}, found.why) == (set(numbers[:2]), ties.ALIKE_WHY)


def test_nobody_is_proposed_to_everybody(book: Workbook) -> None:
    giver = say(book, "すみれ堂", ROOM, Topic.PLACE)
    yes(book, giver, *(say(book, f"親{number}", PLACE, Topic.PLACE) for number in range(6)))
    found = proposed(book)
    count = {number: sum(number in one for one in found) for one in found for number in one}
    assert count[giver] == ties.EACH and max(count.values()) == ties.EACH
    assert len(set(map(frozenset, found))) == len(found)


def test_the_day_of_asking_is_never_to_come_and_choices_are_from_the_list(book: Workbook) -> None:
    one, _ = pair(book)
    for wrong in ({"asked_on": date.today() + timedelta(days=1)}, {"wish": "maybe"}, {"method": "cards"}):
        with pytest.raises(KizunaError):
            ties.set_introduction(book, one, **wrong)
    with pytest.raises(TypeError):
        ties.set_introduction(book, one, person_id=2)
    assert ties.introductions(book) == {}


def test_what_another_page_wrote_meanwhile_is_told(book: Workbook) -> None:
    one, _ = pair(book)
    ties.set_introduction(book, one, {"wish": "unsaid"}, wish="yes")
    assert ties.set_introduction(book, one, {"wish": "unsaid"}, wish="no") == {"wish": "yes"}


def test_who_is_taken_off_the_list_takes_her_ties_along(book: Workbook) -> None:
    one, two, new = *pair(book), roster.add(book, "新しい人")
    for number in (one, two):
        ties.know(book, number, new)
    yes(book, new)
    roster.remove(book, new)
    assert ties.ties(book) == () and ties.introductions(book) == {}
    book.undo()
    assert len(ties.ties(book)) == 2 and new in ties.introductions(book)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["yes", "no", "unsaid"]), st.booleans(), st.booleans()), min_size=2, max_size=5))
def test_whoever_is_proposed_said_yes_and_is_not_stopped(said: list[tuple[str, bool, bool]]) -> None:
    book = open_workbook(MEMORY)
    numbers = [say(book, f"人{number}", ROOM if number % 2 else PLACE, Topic.PLACE) for number in range(len(said))]
    for number, (wish, dated, stopped) in zip(numbers, said, strict=True):
        ties.set_introduction(book, number, wish=wish, asked_on=ASKED if dated else None)
        if stopped:
            roster.stop(book, number)
    fine = {number for number, (wish, dated, stopped) in zip(numbers, said, strict=True) if wish == "yes" and dated and not stopped}
    found = {frozenset(one) for one in proposed(book)}
    assert found <= {frozenset(one) for one in combinations(sorted(fine), 2)}
    givers = {number for place, number in enumerate(numbers) if place % 2 and number in fine}
    assert bool(found) == bool(givers and fine - givers)
    book.close()
