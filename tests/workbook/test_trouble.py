"""What befalls files: replaced by another machine's, gone and back, in use, no room, a wrong clock. Afterwards all goes on by itself."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook import backups, history
from kizuna.workbook.answers import read_answer, read_answers, save_answer
from kizuna.workbook.engine import engine_of
from kizuna.workbook.models import Answer, base
from kizuna.workbook.store import Workbook, open_workbook
from tests.workbook.days import on_day


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "同期フォルダー" / "わたしのノート.kizuna"


def elsewhere(path: Path, **answers: object) -> Path:
    """A copy of the workbook as another machine went on with it, ready to be put in its place."""
    other = path.with_name("届いたばかり.tmp")
    shutil.copyfile(path, other)
    book = open_workbook(other)
    for key, value in answers.items():
        save_answer(book, key, value)
    book.close()
    return other


def beside(path: Path) -> list[Path]:
    return [one for one in path.parent.glob("*.kizuna") if one != path]


def test_a_file_that_was_replaced_is_told_and_what_only_the_former_held_is_laid_beside(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    other = elsewhere(path, hours="あちら")
    save_answer(book, "sells", "こちら")
    seen = book.version()
    other.replace(path)
    with pytest.raises(KizunaError, match=r"置きかわって.*まだ保存していません"):
        save_answer(book, "called", "書く前")
    assert book.version() != seen
    assert read_answers(book) == {"shop": "汐風書店", "hours": "あちら"}
    (former,) = beside(path)
    assert "置きかわる前" in former.name and read_answers(open_workbook(former)) == {"shop": "汐風書店", "sells": "こちら"}
    save_answer(book, "called", "書いた後")
    assert read_answers(open_workbook(path)) == {"shop": "汐風書店", "hours": "あちら", "called": "書いた後"}


def test_a_page_that_only_looks_sees_the_new_file(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    seen = book.version()
    elsewhere(path, shop="あちらの名前").replace(path)
    assert book.version() != seen and read_answer(book, "shop") == "あちらの名前"
    assert beside(path) == []  # the new file knows all that the former knew


def test_a_file_that_goes_on_from_the_former_is_written_into_without_a_word(path: Path) -> None:
    """Also where a file system gives one file another number now and then."""
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    elsewhere(path, hours="あちら").replace(path)
    save_answer(book, "sells", "こちら")
    assert read_answers(open_workbook(path)) == {"shop": "汐風書店", "hours": "あちら", "sells": "こちら"} and beside(path) == []


def test_as_many_acts_on_another_machine_are_another_version(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    other = elsewhere(path, hours="あちら")
    save_answer(book, "sells", "こちら")
    seen = book.version()
    path.write_bytes(other.read_bytes())  # written over in place, as some programs do
    assert book.version() != seen


def test_another_file_is_another_version_even_where_its_last_act_looks_the_same(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    other = elsewhere(path)
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("UPDATE answer SET value = '\"あちらの名前\"'")
        connection.commit()
    seen = book.version()
    other.replace(path)
    assert book.version() != seen and read_answer(book, "shop") == "あちらの名前"


def test_a_file_of_an_older_version_that_comes_in_anothers_place_is_brought_up_to_date(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    other = elsewhere(path, hours="あちら")
    with closing(sqlite3.connect(other)) as connection:
        connection.executescript("DROP TABLE erasure; ALTER TABLE act DROP COLUMN by; UPDATE alembic_version SET version_num = '0005'")
    other.replace(path)
    with pytest.raises(KizunaError, match="置きかわって"):
        save_answer(book, "sells", "こちら")
    save_answer(book, "sells", "こちら")
    assert read_answers(open_workbook(path)) == {"shop": "汐風書店", "hours": "あちら", "sells": "こちら"}


def test_how_a_file_stood_that_came_in_anothers_place_is_kept_that_day(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = path.with_name("届いたばかり.tmp")
    save_answer(open_workbook(other), "shop", "あちらの名前")
    on_day(monkeypatch, date(2026, 11, 26))
    book = open_workbook(path)
    save_answer(book, "shop", "きょう始めた名前")
    save_answer(book, "shop", "きょう始めた名前②")
    other.replace(path)
    assert read_answer(book, "shop") == "あちらの名前"
    save_answer(book, "shop", "書きかえた名前")
    assert [read_answer(open_workbook(one.path), "shop") for one in backups.copies(path)] == ["あちらの名前"]


def test_a_file_replaced_while_an_act_is_being_saved_loses_nothing(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    other = elsewhere(path, hours="あちら")
    with pytest.raises(KizunaError, match=r"保存しているあいだに.*横のファイル"), book.act("書いた") as session:
        session.add(Answer(key="sells", value="こちら"))
        session.flush()
        other.replace(path)
    (former,) = beside(path)
    assert read_answers(open_workbook(former)) == {"shop": "汐風書店", "sells": "こちら"}
    save_answer(book, "called", "続き")
    assert read_answers(open_workbook(path)) == {"shop": "汐風書店", "hours": "あちら", "called": "続き"}


def test_several_pages_lay_the_former_file_beside_once(path: Path) -> None:
    pages = [open_workbook(path) for _ in range(3)]
    save_answer(pages[0], "shop", "汐風書店")
    other = elsewhere(path, hours="あちら")
    save_answer(pages[0], "sells", "こちら")
    assert [read_answer(page, "sells") for page in pages] == ["こちら"] * 3
    other.replace(path)
    assert [read_answer(page, "sells") for page in pages] == [None] * 3
    assert len(beside(path)) == 1


def test_a_file_replaced_by_something_else_is_refused_and_the_former_is_kept(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    other = path.with_name("売上.tmp")
    other.write_bytes(b"PK\x03\x04 an excel file")
    other.replace(path)
    for _ in range(2):
        with pytest.raises(KizunaError, match="仕事ノートではない"):
            save_answer(book, "shop", "別の名前")
    assert path.read_bytes().startswith(b"PK")
    (former,) = beside(path)
    former.replace(path)
    save_answer(book, "shop", "別の名前")
    assert read_answer(open_workbook(path), "shop") == "別の名前"


def test_a_stick_pulled_out_is_told_and_put_in_again_all_goes_on(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    away = path.parent.rename(path.parent.with_name("はずした"))
    for act in (lambda: save_answer(book, "shop", "別の名前"), lambda: read_answers(book), book.undo, book.version):
        with pytest.raises(KizunaError, match="USBメモリー"):
            act()
    away.rename(path.parent)
    assert read_answer(book, "shop") == "汐風書店"
    save_answer(book, "shop", "別の名前")
    assert read_answer(open_workbook(path), "shop") == "別の名前"


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program that has the file for itself until its input ends."""
    save_answer(open_workbook(path), "shop", "汐風書店")
    code = (
        "import sqlite3, sys\nconnection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('BEGIN EXCLUSIVE')\nprint('held', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        yield other
        other.kill()


def test_a_file_another_program_has_is_told_and_let_go_all_goes_on(
    path: Path, holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("engine", "strangers"):
        monkeypatch.setattr(f"kizuna.workbook.{module}.WAIT", 0.2)
    book = Workbook(path, engine_of(path))
    for act in (lambda: save_answer(book, "shop", "別の名前"), lambda: read_answers(book), lambda: open_workbook(path)):
        with pytest.raises(KizunaError, match="ほかのプログラム"):
            act()
    holder.communicate("")
    assert read_answer(book, "shop") == "汐風書店"
    save_answer(book, "shop", "別の名前")
    assert read_answer(open_workbook(path), "shop") == "別の名前"


def test_a_clock_set_back_keeps_the_order_of_acts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_workbook(path)
    for year in (2026, 2001):

        class Clock(datetime):
            @classmethod
            def now(cls, zone: object = None) -> datetime:  # type: ignore[override]
                return datetime(year, 1, 1)  # noqa: B023

        monkeypatch.setattr(base, "datetime", Clock)
        save_answer(book, "shop", year, str(year))
    with book.reading() as session:
        assert [(one.label, one.at.year) for _, one in history.acts(session, 9)] == [("「2001」を書いた", 2001), ("「2026」を書いた", 2026)]
    assert book.undo() == "「2001」を書いた" and read_answer(book, "shop") == 2026


def test_a_clock_set_back_neither_overwrites_nor_loses_a_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, day in enumerate((date(2026, 11, 2), date(2026, 11, 3), date(2001, 1, 1), date(2026, 11, 3), date(2026, 11, 4))):
        on_day(monkeypatch, day)
        save_answer(open_workbook(path), "shop", number)
    kept = {one.on: read_answer(open_workbook(one.path), "shop") for one in backups.copies(path)}
    assert kept == {date(2026, 11, 3): 0, date(2001, 1, 1): 1, date(2026, 11, 4): 3}


def test_a_clock_that_runs_ahead_takes_no_copies_away(path: Path) -> None:
    save_answer(open_workbook(path), "shop", "汐風書店")
    days = {date(2026, month, day) for month in (9, 10, 11) for day in range(1, 29)}
    for day in sorted(days):
        backups.keep_for_today(path, day)
    backups.keep_for_today(path, date(2099, 1, 1))
    assert {one.on for one in backups.copies(path)} == days | {date(2099, 1, 1)}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    disk = tmp_path / "小さなディスク"
    disk.mkdir()
    mounted = (
        shutil.which("mount")
        and not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True).returncode
    )
    if not mounted:
        pytest.skip("only root may make a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_disk_that_is_really_full_is_told_and_with_room_again_all_goes_on(small_disk: Path) -> None:
    path = small_disk / "わたしのノート.kizuna"
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    filler = small_disk / "写真.jpg"
    with pytest.raises(OSError, match="No space"), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    for act in (lambda: save_answer(book, "long", "長い文" * 20_000), lambda: open_workbook(small_disk / "もう一冊.kizuna")):
        with pytest.raises(KizunaError, match="空き容量"):
            act()
    assert read_answers(book) == {"shop": "汐風書店"}
    filler.unlink()
    save_answer(book, "long", "長い文" * 20_000)
    assert set(read_answers(open_workbook(path))) == {"shop", "long"}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
