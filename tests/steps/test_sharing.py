"""The sheet to share: made of what would leave in a hand-in, so nobody is recognised on it, and it fits one page."""

from __future__ import annotations

from pathlib import Path

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import sharing, themes
from kizuna.views.sheets import sharing_html
from kizuna.workbook.answers import save_answer
from kizuna.workbook.policy import ANSWERS, HIDE, Way
from kizuna.workbook.store import MEMORY, open_workbook
from tests.sample_class import make_class
from tests.steps.test_handin import heard


def test_nobody_of_a_class_is_recognised_on_any_sheet(tmp_path: Path) -> None:
    for raw in make_class(tmp_path, 3, seed=3):
        book = open_workbook(raw.workbook)
        page = sharing_html(book)
        assert [secret for secret in raw.secrets if secret in page] == []
        assert "もらった言葉" in page and "気づき" in page
        book.close()


def test_each_wish_brings_a_few_words_and_what_is_hidden_is_hidden_here_too() -> None:
    book = open_workbook(MEMORY)
    heard(book, "田中恵子", "田中です。早く知らせてください。", "ミーちゃんのことも、よろしく。", "着いたら、電話をください。")
    themes.make(book, Part.FOLLOWUP, "知らせがほしい", [one.id for one in themes.unplaced(book, Part.FOLLOWUP)])
    save_answer(book, HIDE, "電話")
    save_answer(book, "ywt.found", "田中さんの言葉で気づいた。")
    found = sharing.sheet(book)
    assert [one.theme for one in found.given] == ["知らせがほしい"] and len(found.given[0].words) == sharing.MOST_OF_ONE
    assert "田中" not in str(found) and "電話" not in str(found) and ("わかったこと", "●●さんの言葉で気づいた。") in found.noticed


def test_what_customers_said_is_escaped() -> None:
    book = open_workbook(MEMORY)
    heard(book, "ミナトさん", "<script>alert(1)</script>がほしい")
    assert "<script>alert" not in sharing_html(book) and "&lt;script&gt;" in sharing_html(book)


def test_an_empty_workbook_has_nothing_to_share() -> None:
    with pytest.raises(KizunaError):
        sharing.sheet(open_workbook(MEMORY))


def test_only_fields_that_leave_stand_on_it() -> None:
    assert {ANSWERS[one.field] for one in sharing.words().fields} == {Way.MASK}
