"""The workbook file: whole after every act, kind to what it cannot open."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from kizuna.errors import KizunaError
from kizuna.workbook import backups, engine, store
from kizuna.workbook.answers import read_answer, read_answers, save_answer
from kizuna.workbook.models import Answer, Theme
from kizuna.workbook.store import open_workbook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "お客さま　ノート（本店）" / "わたしのノート①.kizuna"


def test_a_new_workbook_is_made_in_a_japanese_folder_and_read_again(path: Path) -> None:
    save_answer(open_workbook(path), "shop", "汐風書店🌊")
    assert read_answer(open_workbook(path), "shop") == "汐風書店🌊"


def test_the_file_is_as_safe_as_sqlite_can_make_it(path: Path) -> None:
    with open_workbook(path).reading() as session:
        pragmas = {
            name: session.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "foreign_keys", "journal_mode", "trusted_schema")
        }
    assert pragmas == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "delete", "trusted_schema": 0}


def test_an_act_that_fails_leaves_nothing_half_written(path: Path) -> None:
    book = open_workbook(path)
    with pytest.raises(RuntimeError), book.act("二つ書いた") as session:
        session.add(Answer(key="one", value=1))
        session.flush()
        raise RuntimeError
    assert read_answers(book) == {}
    assert book.undo_label() is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 an excel file", "仕事ノートではない"),
        (b"x" * 5_000, "仕事ノートではない"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_and_left_alone(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "売上.kizuna"
    path.write_bytes(content)
    with pytest.raises(KizunaError, match=said) as error:
        open_workbook(path)
    assert "売上.kizuna" in str(error.value)
    assert path.read_bytes() == content


def test_another_programs_sqlite_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.kizuna"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(KizunaError, match="仕事ノートではない"):
        open_workbook(path)


def test_a_truncated_workbook_is_refused_in_one_sentence(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "x" * 100_000)
    book.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(KizunaError, match="こわれて"):
        read_answers(open_workbook(path))


def test_a_workbook_with_a_trigger_is_not_opened(path: Path) -> None:
    open_workbook(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON answer BEGIN DELETE FROM voice; END")
    with pytest.raises(KizunaError, match="しかけ"):
        open_workbook(path)


def test_a_file_that_would_fill_the_memory_is_refused_before_it_is_read(path: Path) -> None:
    open_workbook(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", ("0" * 2_000_000,))
        connection.commit()
    with pytest.raises(KizunaError, match="仕事ノートではないか"):
        open_workbook(path)


def test_a_workbook_from_the_future_is_refused_kindly_and_unchanged(path: Path) -> None:
    open_workbook(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(KizunaError, match="もっと新しい kizuna"):
        open_workbook(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.geteuid() == 0 and shutil.which("setpriv") is None, reason="root may write anywhere")
def test_a_read_only_folder_gives_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "読み取り専用"
    folder.mkdir()
    folder.chmod(0o555)
    code = (
        "import sys\nfrom kizuna.errors import KizunaError\nfrom kizuna.workbook.store import open_workbook\n"
        "try:\n    open_workbook(sys.argv[1])\nexcept KizunaError as error:\n    print(error)"
    )
    tmp_path.chmod(0o755)
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    python = os.path.realpath(sys.executable)
    if as_nobody and subprocess.run([*as_nobody, python, "-c", ""], capture_output=True).returncode:
        pytest.skip("nobody cannot run this Python")
    paths = ":".join(one for one in sys.path if one)
    run = subprocess.run(
        [*as_nobody, python, "-c", code, str(folder / "a.kizuna")], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": paths}
    )
    if "Permission denied" in run.stderr and str(Path(store.__file__).parent) in run.stderr:
        pytest.skip("nobody cannot read the project")
    assert "書き込めない" in run.stdout, run.stderr


def test_a_workbook_that_cannot_be_written_says_so_and_can_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_answer(open_workbook(path), "shop", "汐風書店")
    book = open_workbook(path)
    monkeypatch.setattr(book, "_engine", _read_only_engine(path))
    assert read_answer(book, "shop") == "汐風書店"
    with pytest.raises(KizunaError, match="書き込めない"):
        save_answer(book, "shop", "別の名前")
    assert read_answer(open_workbook(path), "shop") == "汐風書店"


def _read_only_engine(path: Path) -> Any:
    made = engine.engine_of(path)

    @event.listens_for(made, "connect")
    def read_only(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA query_only=ON")

    return made


def test_a_full_disk_says_so_and_keeps_what_was_there(path: Path) -> None:
    book = open_workbook(path)
    save_answer(book, "shop", "汐風書店")
    with book.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))

    @event.listens_for(book._engine, "connect")
    def small_disk(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    book._engine.dispose()
    with pytest.raises(KizunaError, match="空き容量"):
        save_answer(book, "long", "長い文" * 100_000)
    assert read_answers(open_workbook(path)) == {"shop": "汐風書店"}


def test_a_workbook_that_went_away_is_not_silently_made_anew(path: Path) -> None:
    book = open_workbook(path)
    path.unlink()
    with pytest.raises(KizunaError, match="見つかりません"):
        save_answer(book, "shop", "汐風書店")
    assert not path.exists()


def test_a_file_in_use_for_long_is_told_and_nothing_is_lost(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = open_workbook(path)
    error = OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))

    def locked(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(store.history, "begin_act", locked)
    with pytest.raises(KizunaError, match="ほかのプログラム"):
        save_answer(book, "shop", "汐風書店")
    assert read_answers(book) == {}


def _write_many(path: str, who: str, count: int) -> None:
    book = open_workbook(path)
    for number in range(count):
        save_answer(book, f"{who}-{number}", number)


def test_two_notebooks_writing_at_once_lose_nothing(path: Path) -> None:
    open_workbook(path).close()
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(str(path), who, 40)) for who in ("左", "右")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(read_answers(open_workbook(path))) == 80


def test_an_edit_of_the_same_field_in_two_pages_is_noticed(path: Path) -> None:
    here, there = open_workbook(path), open_workbook(path)
    save_answer(here, "shop", "はじめ")
    save_answer(there, "shop", "あちらの名前", seen="はじめ")
    told = save_answer(here, "shop", "こちらの名前", seen="はじめ")
    assert told.overwritten == "あちらの名前"
    here.undo()
    assert read_answer(here, "shop") == "あちらの名前"


def test_killed_right_after_it_said_saved_everything_is_there(path: Path) -> None:
    code = (
        "import sys\nfrom kizuna.workbook.answers import save_answer\nfrom kizuna.workbook.store import open_workbook\n"
        "book = open_workbook(sys.argv[1])\n"
        "for number in range(10_000):\n    save_answer(book, f'k{number}', number)\n    print(number, flush=True)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    said = [int(writer.stdout.readline()) for _ in range(25)]
    writer.send_signal(signal.SIGKILL)
    said += [int(line) for line in writer.stdout.read().splitlines() if line.strip().isdigit()]
    writer.stdout.close()
    writer.wait()
    answers = read_answers(open_workbook(path))
    assert {f"k{number}" for number in said} <= set(answers)
    with open_workbook(path).reading() as session:
        assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        assert session.scalars(select(Answer)).all()


def test_a_memory_workbook_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = open_workbook(store.MEMORY)
    save_answer(book, "shop", "汐風書店")
    assert read_answer(book, "shop") == "汐風書店"
    assert list(tmp_path.iterdir()) == []


def test_a_statement_is_put_into_words_once_for_all_workbooks_and_each_reads_its_own(tmp_path: Path) -> None:
    books = [open_workbook(tmp_path / f"{name}.kizuna") for name in ("一", "二")]
    for number, book in enumerate(books):
        save_answer(book, "shop", number)
    assert [read_answer(book, "shop") for book in books] == [0, 1]
    known = set(engine._STATEMENTS)
    third = open_workbook(tmp_path / "三.kizuna")
    save_answer(third, "shop", 2)
    assert read_answer(third, "shop") == 2 and set(engine._STATEMENTS) == known


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps the home folder closed by its own means")
def test_nobody_else_on_a_shared_machine_may_open_a_workbook_or_its_copies(tmp_path: Path) -> None:
    path = tmp_path / "kizuna" / "ノート.kizuna"
    before = os.umask(0o000)
    try:
        with contextlib.closing(open_workbook(path)) as book:
            save_answer(book, "shop", "汐風書店")
        backups.keep_before(path, backups.UPDATING)
    finally:
        os.umask(before)
    files = [one for one in path.parent.rglob("*") if one.is_file()]
    assert len(files) == 2
    assert {one.stat().st_mode & 0o077 for one in [*files, path.parent]} == {0}


@pytest.mark.parametrize("value", ["汐風\ud83d書店", ["a", {"b": "\udc4d"}]])
def test_half_a_sign_is_refused_in_one_sentence_and_nothing_is_saved(path: Path, value: Any) -> None:
    with contextlib.closing(open_workbook(path)) as book:
        save_answer(book, "shop", "汐風書店🌊")
        with pytest.raises(KizunaError, match="半分だけ"):
            save_answer(book, "shop", value)
        with pytest.raises(KizunaError, match="半分だけ"), book.act("x") as session:
            session.add(Theme(part="followup", name=str(value) + "\ud83d", named_by="person"))
        assert read_answer(book, "shop") == "汐風書店🌊"
