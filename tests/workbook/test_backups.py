"""Copies that make themselves: one a day, whole, never in the way of saving, and a way back to each."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook import backups
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.engine import HEAD
from kizuna.workbook.store import Workbook, open_workbook
from tests.workbook.days import on_day


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "お客さま　ノート" / "わたしのノート①.kizuna"


def said(copy: Path) -> str | None:
    return read_answer(open_workbook(copy), "shop")  # type: ignore[no-any-return]


def test_every_day_begins_with_a_copy_of_how_it_was_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for day, words in enumerate(("月曜", "火曜", "火曜の夕方", "水曜")):
        on_day(monkeypatch, date(2026, 11, 2) + timedelta(days=(0, 1, 1, 2)[day]))
        save_answer(open_workbook(path), "shop", words)
    found = backups.copies(path)
    assert [(one.on.day, said(one.path)) for one in found] == [(4, "火曜の夕方"), (3, "月曜")]


def test_a_page_left_open_over_night_keeps_the_next_days_copy_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_workbook(path)
    for day in (2, 3, 4):
        on_day(monkeypatch, date(2026, 11, day))
        save_answer(book, "shop", f"{day}日")
    assert [said(one.path) for one in backups.copies(path)] == ["3日", "2日"]


def test_a_new_workbook_has_nothing_to_keep(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    save_answer(book, "shop", "汐風書店②")
    assert backups.copies(path) == []


def test_undo_is_an_act_that_is_kept_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(path), "shop", "汐風書店")
    on_day(monkeypatch, date(2026, 12, 1))
    open_workbook(path).undo()
    assert [said(one.path) for one in backups.copies(path)] == ["汐風書店"]


def test_no_copy_can_be_made_and_yet_it_is_saved(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(path), "shop", "前")
    backups.folder(path).parent.write_text("a file where the folder should be")
    on_day(monkeypatch, date(2026, 12, 1))
    save_answer(open_workbook(path), "shop", "後")
    assert said(path) == "後"


def test_a_copy_is_there_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(path), "shop", "前")

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.os, "fsync", fails)
    assert backups.keep_for_today(path, date(2026, 12, 1)) is None
    assert list(backups.folder(path).iterdir()) == []


def test_going_back_brings_the_day_and_keeps_today(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(path), "shop", "月曜")
    on_day(monkeypatch, date(2026, 12, 1))
    book = open_workbook(path)
    save_answer(book, "shop", "火曜")
    other = open_workbook(path)  # another page
    seen = other.version()
    (monday,) = backups.copies(path)
    book.go_back_to(monday.path)
    assert read_answer(other, "shop") == read_answer(book, "shop") == "月曜"
    assert other.version() != seen
    kept = next(one for one in backups.copies(path) if one.why == backups.RESTORING)
    book.go_back_to(kept.path)
    assert read_answer(book, "shop") == "火曜"
    save_answer(book, "shop", "水曜")
    assert read_answer(other, "shop") == "水曜"


def test_a_damaged_copy_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(path), "shop", "月曜")
    on_day(monkeypatch, date(2026, 12, 1))
    book = open_workbook(path)
    save_answer(book, "shop", "火曜")
    (monday,) = backups.copies(path)
    monday.path.write_bytes(b"x" * 5000)
    with pytest.raises(KizunaError, match="こわれ"):
        book.go_back_to(monday.path)
    assert read_answer(book, "shop") == "火曜"
    assert [one.why for one in backups.copies(path)] == [""]


def test_without_room_for_a_copy_of_today_nothing_is_put_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = yesterdays(path, monkeypatch)
    (monday,) = backups.copies(path)

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.os, "fsync", fails)
    with pytest.raises(KizunaError, match="空き容量"):
        book.go_back_to(monday.path)
    assert read_answer(book, "shop") == "火曜"


def test_a_copy_of_an_older_version_is_brought_up_to_date_on_its_way(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = yesterdays(path, monkeypatch)
    (monday,) = backups.copies(path)
    with sqlite3.connect(monday.path) as connection:
        connection.execute("DROP TABLE erasure")
        connection.execute("ALTER TABLE act DROP COLUMN by")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    book.go_back_to(monday.path)
    assert read_answer(book, "shop") == "月曜"
    save_answer(book, "shop", "水曜")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


def test_days_long_past_are_thinned_to_the_first_of_each_month_and_what_was_kept_before_something_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_answer(open_workbook(path), "shop", "汐風書店")
    today = date(2026, 12, 31)
    days = [today - timedelta(days=back) for back in range(200)]
    with monkeypatch.context() as then:
        on_day(then, date(2026, 7, 8))
        before = [backups.keep_before(path, why) for why in (backups.RESTORING, backups.RESTORING, backups.UPDATING)]
    for day in sorted(days):
        backups.keep_for_today(path, day)
    kept = {one.on for one in backups.copies(path) if not one.why}
    recent = {day for day in days if (today - day).days <= 90}
    assert kept - recent == {date(2026, 6, 15), *(date(2026, month, 1) for month in (7, 8, 9, 10))}
    assert kept >= recent
    assert {one.path for one in backups.copies(path) if one.why} == {*before} and len({*before}) == 3


def test_what_cannot_be_opened_is_set_aside_with_all_that_belongs_to_it_however_often(path: Path) -> None:
    save_answer(open_workbook(path), "shop", "汐風書店")
    copy = backups.keep_before(path, backups.RESTORING)
    endings = ("", "-journal", "-wal", "-shm")
    for torn in (b"once", b"again"):
        for ending in endings:
            path.with_name(path.name + ending).write_bytes(torn + ending.encode())
        aside = backups.put_in_place_of(path, copy)
        assert [aside.with_name(aside.name + ending).read_bytes() for ending in endings] == [torn + ending.encode() for ending in endings]
        assert [one.name for one in path.parent.iterdir() if one.is_file()] == [path.name] and said(path) == "汐風書店"
    assert len(backups.set_aside(path)) == 2 * len(endings)


def test_other_files_and_other_workbooks_are_no_copies(path: Path) -> None:
    save_answer(open_workbook(path), "shop", "汐風書店")
    backups.keep_for_today(path, date(2026, 12, 1))
    (backups.folder(path) / "2026-13-45.kizuna").write_bytes(b"")
    (backups.folder(path) / "メモ.txt").write_bytes(b"")
    path.with_name("わたしのノート②（控え 2026-12-01）.kizuna").write_bytes(b"")
    path.with_name("わたしのノート①（控え 2026-11-01）.kizuna").write_bytes(b"")
    assert [(one.on, one.why) for one in backups.copies(path)] == [(date(2026, 12, 1), ""), (date(2026, 11, 1), backups.UPDATING)]
    with pytest.raises(KizunaError, match="見つかりません"):
        backups.one_of(path, path.with_name("2026-12-02.kizuna"))


def yesterdays(path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbook:
    """A workbook with words of today, and a copy from the day before."""
    save_answer(open_workbook(path), "shop", "月曜")
    on_day(monkeypatch, date(2026, 12, 1))
    book = open_workbook(path)
    save_answer(book, "shop", "火曜")
    return book
