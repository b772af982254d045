"""When the sentence vectors are missing, the page says so and goes on with what it has."""

from __future__ import annotations

import pytest

import kizuna
from kizuna.views.forms import research
from kizuna.views.page import Page
from kizuna.workbook.store import MEMORY


def test_missing_sentence_vectors_are_told_after_grouping(monkeypatch: pytest.MonkeyPatch) -> None:
    book = kizuna.open_workbook(MEMORY)
    kizuna.import_voices(book, kizuna.sample_answers("bookshop"))
    monkeypatch.setattr(research, "notice", lambda: "文の意味を読む部品がありません。")
    form = research.Heard(Page("02_followup_research", book), "聞こえてきたこと")
    form._draft.click()
    assert "文の意味を読む部品がありません。" in form._notice.value
    assert "下書きを作りました" in form.mark.value
