"""Shared values: at least two different fans, their words as they said them, the owner's name for it – and nothing else counts."""

from __future__ import annotations

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import people, roster, themes
from kizuna.steps.tribe import values
from kizuna.workbook.models import Placement, Theme
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.tribe.circle import around, fan, say

STAY, TIED = "この町に本屋が残ってほしいからです。", "あの町の本屋とつながっていられる気がするので。"
NAME = "町の本屋を、いっしょに残す"


@pytest.fixture
def book() -> Workbook:
    made = open_workbook(MEMORY)
    around(made)
    return made


def sentence(book: Workbook, number: int) -> int:
    return next(one.id for one in values.fans_said(book) if one.person_id == number)


def two(book: Workbook) -> tuple[int, int]:
    return fan(book, "シロ", STAY), fan(book, "ほしの", TIED)


def test_what_two_fans_say_alike_is_proposed_with_both_their_words(book: Workbook) -> None:
    two(book)
    (found,) = values.proposals(book)
    assert {(one.person, one.text) for one in found.cards} == {("シロさん", STAY), ("ほしのさん", TIED)}


def test_two_sentences_of_one_fan_are_never_proposed(book: Workbook) -> None:
    fan(book, "シロ", f"{STAY}{TIED}")
    fan(book, "ミナト", "雨の日に傘を貸してもらいました。")
    assert values.proposals(book) == ()


def test_words_of_somebody_who_is_no_fan_are_not_proposed(book: Workbook) -> None:
    fan(book, "シロ", STAY)
    say(book, "ほしの", TIED)
    fan(book, "ミナト", "雨の日に傘を貸してもらいました。")
    assert values.proposals(book) == ()


def test_what_the_owner_gathered_is_proposed_first_and_only_its_fans(book: Workbook) -> None:
    numbers = [
        fan(book, "ミナト", "波を見ながら立ち話がいい。", Topic.PLACE),
        fan(book, "よし子", "縁側でお茶がええねえ。", Topic.PLACE),
        say(book, "波待ち", "浜でコーヒーなら行く。", Topic.PLACE),
    ]
    themes.make(book, Part.TRIBE, "気楽に話したい", [one.id for one in themes.unplaced(book, Part.TRIBE)])
    found = values.proposals(book)[0]
    assert (found.theme, [one.person_id for one in found.cards]) == ("気楽に話したい", numbers[:2])
    roster.unmark_fan(book, numbers[0], people.quotes_of(book, numbers[0])[0].id)
    assert not any(one.theme for one in values.proposals(book))


def test_a_draft_of_the_machine_is_no_gathering_of_the_owners(book: Workbook) -> None:
    numbers = [fan(book, "ミナト", "波を見ながら立ち話がいい。", Topic.PLACE), fan(book, "よし子", "縁側でお茶がええねえ。", Topic.PLACE)]
    quotes = [one.id for number in numbers for one in people.quotes_of(book, number)]
    with book.act("下書き") as session:
        session.add(row := Theme(part=Part.TRIBE, name="お茶", named_by=themes.DRAFT))
        session.flush()
        session.add_all(Placement(quote_id=one, theme_id=row.id, by=themes.DRAFT) for one in quotes)
    assert not any(one.theme for one in values.proposals(book))


def test_a_value_counts_only_with_words_of_two_different_fans(book: Workbook) -> None:
    one, other = two(book)
    number = values.make(book, NAME, [sentence(book, one)])
    assert values.shared(book) == () and not values.values(book)[0].shared
    values.add_words(book, number, [sentence(book, other)])
    (found,) = values.shared(book)
    assert (found.name, [card.text for card in found.cards], found.fans) == (NAME, [STAY, TIED], (one, other))


def test_words_of_somebody_who_is_no_fan_do_not_make_it_shared(book: Workbook) -> None:
    one, other = two(book)
    values.make(book, NAME, [sentence(book, one), sentence(book, other)])
    roster.unmark_fan(book, other, people.quotes_of(book, other)[0].id)
    assert values.shared(book) == ()


def test_two_sentences_of_one_fan_do_not_make_it_shared(book: Workbook) -> None:
    number = fan(book, "シロ", f"{STAY}{TIED}")
    values.make(book, NAME, [one.id for one in values.fans_said(book) if one.person_id == number])
    assert len(values.values(book)[0].cards) == 2 and values.shared(book) == ()


def test_named_words_are_not_proposed_again_until_the_value_goes(book: Workbook) -> None:
    two(book)
    (found,) = values.proposals(book)
    number = values.make(book, NAME, found.sentences)
    assert values.proposals(book) == ()
    values.remove(book, number)
    assert values.proposals(book) == (found,)


def test_taking_the_last_words_takes_the_value_and_undo_brings_it_back(book: Workbook) -> None:
    one, other = two(book)
    number = values.make(book, NAME, [sentence(book, one), sentence(book, other)])
    before = values.values(book)
    for card in before[0].cards:
        values.take_words(book, number, card.id)
    assert values.values(book) == ()
    book.undo()
    book.undo()
    assert values.values(book) == before
    book.undo()
    assert values.values(book) == ()


@pytest.mark.parametrize("name", ["", "　", "「町の本屋」を残す", "『本屋』", "新刊が三割引になるセール"])
def test_a_name_is_the_owners_own_and_sells_nothing(book: Workbook, name: str) -> None:
    one, _ = two(book)
    chosen = [sentence(book, one)]
    version = book.version()
    with pytest.raises(KizunaError):
        values.make(book, name, chosen)
    number = values.make(book, NAME, chosen)
    with pytest.raises(KizunaError):
        values.rename(book, number, name)
    assert values.values(book)[0].name == NAME and book.version() != version


def test_without_words_there_is_no_value(book: Workbook) -> None:
    with pytest.raises(KizunaError, match="もとになる言葉"):
        values.make(book, NAME)
    assert values.values(book) == ()


def test_words_that_are_not_there_any_more_are_told(book: Workbook) -> None:
    one, _ = two(book)
    with pytest.raises(KizunaError, match="取り消されました"):
        values.make(book, NAME, [sentence(book, one) + 1])
    with pytest.raises(KizunaError, match="取り消されました"):
        values.make(book, NAME, quotes=[999])
    assert values.values(book) == ()


def test_a_name_written_on_another_page_is_told(book: Workbook) -> None:
    one, _ = two(book)
    number = values.make(book, NAME, [sentence(book, one)])
    values.rename(book, number, "町の灯り", NAME)
    assert values.rename(book, number, "本屋のある町", NAME) == "町の灯り"
    assert values.rename(book, number, "本屋のある町", "本屋のある町") is None


def test_against_a_handful_of_voices_the_machine_says_nothing() -> None:
    few = open_workbook(MEMORY)
    two(few)
    assert values.proposals(few) == ()


def test_the_same_voices_give_the_same_proposals(book: Workbook) -> None:
    two(book)
    fan(book, "よし子", "町に本屋があると、ほっとするんよ。")
    assert values.proposals(book) == values.proposals(book)
