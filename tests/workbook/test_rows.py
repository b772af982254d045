"""A row that another page took away or changed meanwhile is told, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook.models import Offer
from kizuna.workbook.rows import fetch, only, overwrite
from kizuna.workbook.store import MEMORY, open_workbook


def test_a_row_that_is_gone_is_told_in_the_sentence_given() -> None:
    book = open_workbook(MEMORY)
    with book.act("加えた") as session:
        session.add(Offer(part="followup"))
    with book.reading() as session:
        assert fetch(session, Offer, 1, "もうありません。").part == "followup"
        for row_id in (2, None):
            with pytest.raises(KizunaError, match="もうありません。"):
                fetch(session, Offer, row_id, "もうありません。")


@pytest.mark.parametrize(
    ("there", "seen", "meant", "told"),
    [
        ("朝", "朝", "夜", False),  # nobody else wrote
        ("昼", "朝", "夜", True),
        ("夜", "朝", "夜", False),  # another page wrote the same
        ("", None, "夜", False),  # nothing written and an empty text are the same
        (None, "", "夜", False),
        (False, None, True, True),  # a "no" is an answer
        (0, None, 3, True),
    ],
)
def test_what_another_page_wrote_meanwhile_is_told(there: Any, seen: Any, meant: Any, told: bool) -> None:
    row = Offer(name=there)
    assert overwrite(row, {"name": meant}, {"name": seen}) == ({"name": there} if told else {})
    assert row.name == meant


def test_without_what_was_seen_nothing_is_told_and_texts_lose_their_blanks() -> None:
    row = Offer(name="朝")
    assert overwrite(row, {"name": " 夜　"}) == {}
    assert row.name == "夜"


def test_a_field_that_may_not_be_written_is_a_mistake_of_the_caller() -> None:
    only({"name"}, {"name", "part"})
    with pytest.raises(TypeError, match="id"):
        only({"id"}, {"name"})
