"""Nothing is read twice: what was read once is in the workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from kizuna.errors import KizunaError
from kizuna.language import vectors
from kizuna.process import Part
from kizuna.steps import reading, themes
from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import Vector
from kizuna.workbook.reading import guess_columns, read_pasted
from kizuna.workbook.store import Workbook, open_workbook

WISHES = [
    *("駐車場を広くしてほしい", "車を停める場所が足りません", "駐車場がせまい", "駐車場の台数をふやしてほしい"),
    *("焼きたてのパンの時間を知りたい", "食パンを薄く切ってほしい", "夕方にもパンがほしい", "やわらかい食パンを焼いてほしい"),
]


@pytest.fixture
def book(tmp_path: Path) -> Workbook:
    book = open_workbook(tmp_path / "ノート.kizuna")
    bring(book, *WISHES)
    return book


def bring(book: Workbook, *texts: str) -> None:
    bring_in(book, table := read_pasted("\n".join(texts)), guess_columns(table))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the encoder reads from here on, in a process that knows nothing yet."""
    vectors._kept.clear()
    seen: list[str] = []
    real = vectors._encode

    def watched(texts: list[str]) -> Any:
        seen.extend(texts)
        return real(texts)

    monkeypatch.setattr(vectors, "_encode", watched)
    return seen


def grouping(book: Workbook) -> list[tuple[int, ...]]:
    return [tuple(card.id for card in view.cards) for view in themes.themes(book, Part.FOLLOWUP)]


def count(book: Workbook) -> int:
    with book.reading() as session:
        return session.scalar(select(func.count(Vector.id))) or 0


def test_another_process_reads_only_the_new_voice_and_finds_the_same(book: Workbook, read: list[str]) -> None:
    themes.draft(book, Part.FOLLOWUP)
    first = grouping(book)
    assert len(read) == count(book) == len(WISHES)
    read.clear()
    vectors._kept.clear()
    themes.draft(book, Part.FOLLOWUP, again=True)
    assert (grouping(book), read) == (first, [])
    bring(book, "雨の日に入れる屋根がほしい")
    vectors._kept.clear()
    themes.suggest(book, Part.FOLLOWUP, len(WISHES) + 1)
    assert len(read) == 1 and count(book) == len(WISHES) + 1


def test_losing_the_vectors_changes_nothing(book: Workbook, read: list[str]) -> None:
    themes.draft(book, Part.FOLLOWUP)
    first = grouping(book)
    with book.aside() as session:
        session.execute(delete(Vector))
    vectors._kept.clear()
    themes.draft(book, Part.FOLLOWUP, again=True)
    assert (grouping(book), count(book)) == (first, len(WISHES))


def test_vectors_made_without_the_encoder_are_kept_apart(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    themes.draft(book, Part.FOLLOWUP)
    monkeypatch.setattr(vectors, "_encoder", lambda: None)
    vectors._kept.clear()
    themes.draft(book, Part.FOLLOWUP, again=True)
    assert count(book) == 2 * len(WISHES)


def test_a_workbook_that_cannot_be_written_is_read_all_the_same(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise KizunaError("書けません")

    monkeypatch.setattr(reading, "store_vectors", refuse)
    vectors._kept.clear()
    reading.read(book, WISHES)
    assert vectors.unread(WISHES) == [] and count(book) == 0


def test_what_another_workbook_taught_the_process_is_kept_here_too(book: Workbook) -> None:
    reading.read(book, WISHES)
    assert vectors.unread(WISHES) == []
    other = open_workbook(":memory:")
    bring(other, *WISHES)
    reading.read(other, WISHES)
    assert count(other) == len(WISHES)
