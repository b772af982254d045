"""What an instructor is handed may be anything: each kind of it is refused in one sentence, and nothing of it runs."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.steps.sample import make_sample
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.models import Answer, Person, Voice
from kizuna.workbook.policy import CODE
from kizuna.workbook.store import MEMORY, open_workbook
from kizuna.workbook.submission import MOST_LETTERS, code, is_submission, open_submission, well_formed
from tests.sample_class import Raw, make_class

Break = Callable[[Path], object]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Raw:
    return make_class(tmp_path_factory.mktemp("class"), 1)[0]


@pytest.fixture
def handed_in(raw: Raw, tmp_path: Path) -> Path:
    path = tmp_path / "提出用.kizuna-teishutsu"
    path.write_bytes(raw.handin.read_bytes())
    return path


def sql(*statements: str) -> Break:
    """Change the file by SQL, checks off, as somebody might who means harm or knows no better."""

    def change(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            connection.execute("PRAGMA ignore_check_constraints=ON")
            for statement in statements:
                connection.execute(statement)

    return change


def refused(path: Path, with_names: bool = False) -> str:
    with pytest.raises(KizunaError) as error:
        open_submission(path, with_names)
    said = str(error.value)
    assert "\n" not in said and said.endswith("。") and len(said) < 260
    return said


def test_a_hand_in_opens_as_a_workbook_without_a_name(handed_in: Path, raw: Raw) -> None:
    book = open_submission(handed_in)
    assert code(book) == raw.code and book.path == MEMORY
    with book.reading() as session:
        people, voices = list(session.scalars(select(Person))), list(session.scalars(select(Voice)))
    assert [one.name for one in people] == [f"お客さま{one.id}" for one in people] and people[0].called == "お客さま1"
    assert voices and all(one.person.name for one in voices)


def test_it_cannot_be_written_and_the_file_stays_as_it_was(handed_in: Path) -> None:
    before = handed_in.read_bytes()
    book = open_submission(handed_in)
    with pytest.raises(KizunaError):
        save_answer(book, "shop", "別の店")
    with pytest.raises(KizunaError), book.aside() as session:
        session.add(Answer(key="x", value="y"))
    book.close()
    assert handed_in.read_bytes() == before and [one.name for one in handed_in.parent.iterdir()] == [handed_in.name]


def test_a_read_only_file_in_a_read_only_folder_opens(handed_in: Path) -> None:
    handed_in.chmod(0o400)
    handed_in.parent.chmod(0o500)
    try:
        open_submission(handed_in).close()
    finally:
        handed_in.parent.chmod(0o700)


def test_a_workbook_with_names_is_refused_with_the_reason_unless_it_is_meant(raw: Raw) -> None:
    assert "お名前" in refused(raw.workbook) and "--with-names" in refused(raw.workbook)
    book = open_submission(raw.workbook, with_names=True)
    assert code(book) == raw.code and read_answer(book, "shop")
    with book.reading() as session:
        assert all("お客さま" not in (one.name or "") for one in session.scalars(select(Person)))


def test_a_hand_in_is_taken_as_well_where_names_are_allowed(handed_in: Path, raw: Raw) -> None:
    assert code(open_submission(handed_in, with_names=True)) == raw.code


def fill(data: bytes) -> Break:
    return lambda path: path.write_bytes(data)


def cut(share: float) -> Break:
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def garble(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for at in range(4096 * 2, len(data) - 4096, 997):
        data[at] ^= 0xFF
    path.write_bytes(bytes(data))


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", b"0" * 1_000_000)


LONG = "あ" * (MOST_LETTERS + 1)
DEEP = "[" * 100_000 + "]" * 100_000
HARM: dict[str, tuple[Break, str]] = {
    "empty": (fill(b""), "0バイト"),
    "text": (fill("お客さまの声".encode()), "提出用ファイルではありません"),
    "zip": (zipped, "提出用ファイルではありません"),
    "only the header": (fill(b"SQLite format 3\0"), "途中で切れて"),
    "cut off in half": (cut(0.5), "途中で切れて"),
    "cut off at the end": (cut(0.97), "途中で切れて"),
    "another database": (sql("PRAGMA application_id=7"), "提出用ファイルではありません"),
    "garbled": (garble, "。"),
    "from the future": (sql("UPDATE alembic_version SET version_num='9999'"), "新しい kizuna"),
    "from the past": (sql("UPDATE alembic_version SET version_num='0001'"), "前の版"),
    "without a version": (sql("DELETE FROM alembic_version"), "前の版"),
    "a trigger": (sql("CREATE TRIGGER t AFTER INSERT ON answer BEGIN DELETE FROM voice; END"), "ひとりでに動く"),
    "a view": (sql("DROP TABLE vector", "CREATE VIEW vector AS SELECT * FROM answer"), "ひとりでに動く"),
    "a table missing": (sql("DROP TABLE evidence"), "こわれて"),
    "a column missing": (sql("ALTER TABLE theme DROP COLUMN note"), "こわれて"),
    "a text too long": (sql(f"UPDATE theme SET name='{LONG}'"), "ふつうではない長さ"),
    "a text far too long": (sql("UPDATE theme SET name=hex(zeroblob(5000000))"), "ふつうではない長さ"),
    "many long texts": (
        sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<150) "
            "INSERT INTO theme (part, name, named_by, note) SELECT 'followup', hex(zeroblob(99000)), 'person', '' FROM n"
        ),
        "ふつうではない長さ",
    ),
    "json too deep": (sql(f"UPDATE answer SET value='{DEEP}' WHERE key='shop'"), "こわれて"),
    "json of another shape": (sql("UPDATE consent SET scopes='{}'"), "こわれて"),
    "a blob for a text": (sql("UPDATE theme SET name=x'00ff'"), "こわれて"),
    "no utf-8": (sql("UPDATE theme SET name=CAST(x'ff41' AS TEXT)"), "こわれて"),
    "a text for a number": (sql("UPDATE action SET minutes='たくさん'"), "こわれて"),
    "a number far too large": (sql("UPDATE action SET minutes=9223372036854775807"), "こわれて"),
    "a day that is none": (sql("UPDATE plan SET starts_on='2026-99-99'"), "こわれて"),
    "a day far off": (sql("UPDATE plan SET starts_on='0001-01-01'"), "こわれて"),
    "nothing where something has to be": (
        sql(
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_master SET sql=replace(sql,'name VARCHAR NOT NULL','name VARCHAR') WHERE name='theme'",
            "PRAGMA writable_schema=RESET",
            "UPDATE theme SET name=NULL",
        ),
        "こわれて",
    ),
    "a row that hangs in the air": (sql("UPDATE quote SET voice_id=99999 WHERE id=1"), "こわれて"),
    "a stretch outside of the words": (sql('UPDATE quote SET "end"=100000'), "こわれて"),
    "words changed afterwards": (sql("UPDATE voice SET text='とてもよい店です' WHERE id=1"), "書きかえられて"),
    "a code that is a path": (sql(f"UPDATE answer SET value='\"../../x\"' WHERE key='{CODE}'"), "こわれて"),
    "a name that should have stayed": (sql("UPDATE person SET name='田中恵子' WHERE id=1"), "外に出ないはず"),
    "a memo that should have stayed": (sql("UPDATE person SET note='甘いもの' WHERE id=1"), "外に出ないはず"),
    "a field that should have stayed": (sql("INSERT INTO answer (key, value, saved_at) VALUES ('sender.name', '\"浜田\"', '2026-01-01 00:00:00')"), "外に出ないはず"),
    "a history that should have stayed": (sql("INSERT INTO act (label, at, state) VALUES ('田中さん', '2026-01-01 00:00:00', 'done')"), "外に出ないはず"),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARM)
def test_what_is_broken_or_meant_to_harm_is_refused_in_one_sentence(harm: str, handed_in: Path) -> None:
    change, reason = HARM[harm]
    change(handed_in)
    assert reason in refused(handed_in)


def test_a_workbook_that_only_says_it_is_a_hand_in_is_refused(raw: Raw, tmp_path: Path) -> None:
    path = tmp_path / "x.kizuna-teishutsu"
    path.write_bytes(raw.workbook.read_bytes())
    sql(f"PRAGMA application_id={0x6B697A74}")(path)
    assert "外に出ないはず" in refused(path)


def test_a_folder_a_missing_file_and_a_pipe_are_no_hand_ins(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "nothing"):
        assert "ファイルではありません" in refused(tmp_path / name)
    assert "ファイルではありません" in refused(tmp_path)


def test_a_large_file_is_refused_before_it_is_read_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(b"SQLite format 3\0")
        file.truncate(3 * 1024**3)  # sparse
    assert "大きすぎます" in refused(path)


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a\nb", "; rm -rf ~", "x" * 240, "\x1b[31m赤"])
def test_a_hostile_name_does_no_harm_in_the_sentence(name: str, tmp_path: Path) -> None:
    path = tmp_path / name.replace("/", "_")
    path.write_bytes(b"")
    said = refused(path)
    assert not set(said) & set("<>;\x1b\n") and len(said) < 200


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 300_000), st.integers(0, 255)), min_size=1, max_size=40), end=st.integers(0, 300_000))
def test_whatever_bytes_are_changed_it_opens_or_is_refused(changes: list[tuple[int, int]], end: int, raw: Raw, tmp_path: Path) -> None:
    data = bytearray(raw.handin.read_bytes())
    for at, byte in changes:
        data[at % len(data)] = byte
    path = tmp_path / "changed"
    path.write_bytes(bytes(data[: end or None] if end % 5 == 0 else data))
    try:
        open_submission(path).close()
    except KizunaError as error:
        assert str(error).endswith("。")


def test_the_code_is_made_once_and_no_undo_takes_it_away(tmp_path: Path) -> None:
    book = open_workbook(tmp_path / "own.kizuna")
    save_answer(book, "shop", "店")
    first = code(book)
    assert well_formed(first) and code(book) == first
    while book.undo():
        pass
    assert code(book) == first
    book.close()
    assert code(open_workbook(tmp_path / "own.kizuna")) == first


def test_two_workbooks_have_two_codes() -> None:
    assert len({code(open_workbook(MEMORY)) for _ in range(20)}) == 20


def test_a_workbook_without_a_code_gets_the_same_one_each_time_it_is_submitted(tmp_path: Path) -> None:
    make_sample(tmp_path / "sample.kizuna", later=False).close()
    codes = {code(open_submission(tmp_path / "sample.kizuna", with_names=True)) for _ in range(2)}
    assert len(codes) == 1 and well_formed(codes.pop())


def test_a_hand_in_is_told_by_what_it_says_of_itself(raw: Raw, tmp_path: Path) -> None:
    assert is_submission(raw.handin)
    assert not is_submission(raw.workbook) and not is_submission(tmp_path / "nothing") and not is_submission(tmp_path)


def test_the_pages_do_not_take_a_hand_in_for_a_workbook(handed_in: Path) -> None:
    with pytest.raises(KizunaError):
        open_workbook(handed_in)


def test_the_bytes_hold_nothing_but_the_rows(raw: Raw) -> None:
    """No free page, no old row, no history: what a file's reader does not show must not be in its bytes either."""
    data = raw.handin.read_bytes()
    assert int.from_bytes(data[36:40], "big") == 0  # free pages
    text = data.decode("utf-8", "replace")
    assert [secret for secret in raw.secrets if secret in text] == []
    assert "の声.csv" in raw.workbook.read_bytes().decode("utf-8", "replace") and "の声.csv" not in text
