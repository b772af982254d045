"""Vectors are kept under the text's hash and the model's name; history does not know them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from kizuna.errors import KizunaError
from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import Vector
from kizuna.workbook.reading import guess_columns, read_pasted
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from kizuna.workbook.vectors import quoted, store_vectors, stored_vectors


def count(book: Workbook) -> int:
    with book.reading() as session:
        return session.scalar(select(func.count(Vector.id))) or 0


def test_what_was_kept_comes_back_for_the_same_model_only() -> None:
    book = open_workbook(MEMORY)
    texts = [f"声{number}🎉" for number in range(1200)]
    store_vectors(book, "m1", {text: text.encode() for text in texts}, texts)
    store_vectors(book, "m2", {texts[0]: b"other"}, texts)
    assert stored_vectors(book, "m1", texts) == {text: text.encode() for text in texts}
    assert stored_vectors(book, "m2", [*texts, "新しい"]) == {texts[0]: b"other"}


def test_what_is_kept_once_is_not_written_again() -> None:
    book = open_workbook(MEMORY)
    store_vectors(book, "m", {"声": b"1"}, ["声"])
    store_vectors(book, "m", {"声": b"2"}, ["声"])
    assert stored_vectors(book, "m", ["声"]) == {"声": b"1"}


def test_the_rows_of_withdrawn_words_go() -> None:
    book = open_workbook(MEMORY)
    store_vectors(book, "m", {"残る": b"1", "消える": b"2"}, ["残る", "消える"])
    store_vectors(book, "m", {"よそのもの": b"3"}, ["残る"])
    assert stored_vectors(book, "m", ["残る", "消える", "よそのもの"]) == {"残る": b"1"}


def test_history_and_undo_do_not_know_them() -> None:
    book = open_workbook(MEMORY)
    bring_in(book, table := read_pasted("駐車場がほしい\n席がほしい"), guess_columns(table))
    version = book.version()
    store_vectors(book, "m", dict.fromkeys(quoted(book), b"1"), quoted(book))
    assert (book.version(), count(book)) == (version, 2)
    book.undo()
    assert (quoted(book), count(book)) == ([], 2)
    book.redo()
    assert sorted(quoted(book)) == ["席がほしい", "駐車場がほしい"]


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    book = open_workbook(tmp_path / "ノート.kizuna")
    book.close()
    (tmp_path / "ノート.kizuna").unlink()
    with pytest.raises(KizunaError, match="見つかりません"):
        store_vectors(book, "m", {"声": b"1"}, ["声"])
