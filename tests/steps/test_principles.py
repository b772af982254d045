"""The word of the day is one of the thoughts of the course, kept in the workbook."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.steps.principles import after, choose_word, principles, word_of_day
from kizuna.workbook.answers import save_answer
from kizuna.workbook.policy import WORD_OF_DAY
from kizuna.workbook.store import MEMORY, open_workbook

KEYS = [one.key for one in principles()]


def test_none_is_chosen_at_first_and_every_thought_has_its_own_key() -> None:
    assert word_of_day(open_workbook(MEMORY)) is None
    assert len(set(KEYS)) == len(KEYS) == 6, "the page says that they are six"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*KEYS, None]), min_size=1, max_size=6))
def test_the_last_choice_stands_and_undo_brings_back_the_one_before(chosen: list[str | None]) -> None:
    book = open_workbook(MEMORY)
    for key in chosen:
        choose_word(book, key)
    found = word_of_day(book)
    assert (found.key if found else None) == chosen[-1]
    if len(chosen) > 1 and chosen[-1] != chosen[-2]:
        book.undo()
        found = word_of_day(book)
        assert (found.key if found else None) == chosen[-2]


def test_going_on_and_on_meets_each_thought_once_in_their_order() -> None:
    met = [after(None)]
    while len(met) < len(KEYS):
        met.append(after(met[-1]))
    assert [one.key for one in met] == KEYS and after(met[-1]) == met[0]


def test_a_thought_that_an_instructor_has_taken_out_is_no_word_of_the_day() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, WORD_OF_DAY, "gone")
    assert word_of_day(book) is None
