"""Which folder, which workbook is open, and what a workbook may be called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook import place
from kizuna.workbook.store import open_workbook


def test_the_folder_is_what_kizuna_home_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIZUNA_HOME", str(tmp_path / "お店の ノート"))
    assert place.home() == tmp_path / "お店の ノート"


@pytest.mark.parametrize("unset", [None, ""])
def test_without_kizuna_home_it_is_kizuna_in_the_home_folder(unset: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIZUNA_HOME")
    if unset is not None:
        monkeypatch.setenv("KIZUNA_HOME", unset)
    assert place.home() == Path.home() / "kizuna"


def test_a_tilde_means_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIZUNA_HOME", "~/notes")
    monkeypatch.setenv("KIZUNA_WORKBOOK", "~/a.kizuna")
    assert (place.home(), place.fixed()) == (Path.home() / "notes", Path.home() / "a.kizuna")


def test_a_folder_given_without_its_beginning_becomes_a_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIZUNA_HOME", "notes")
    assert place.home() == tmp_path / "notes"


def test_looking_makes_no_folder(own_home: Path) -> None:
    assert (place.current(), place.chosen(), place.workbooks()) == (own_home / place.OWN, None, [])
    assert not own_home.exists()


def test_the_workbook_chosen_last_is_opened_next(own_home: Path) -> None:
    for name in ("春のノート.kizuna", "秋のノート.kizuna"):
        open_workbook(own_home / name).close()
        place.choose(own_home / name)
        assert place.current() == own_home / name
    assert [path.name for path in own_home.iterdir() if path.suffix != ".kizuna"] == ["いま開いているノート.json"]


def test_where_the_chosen_one_is_gone_the_own_is_opened(own_home: Path) -> None:
    open_workbook(own_home / "春のノート.kizuna").close()
    place.choose(own_home / "春のノート.kizuna")
    (own_home / "春のノート.kizuna").unlink()
    assert (place.chosen(), place.current()) == (None, own_home / place.OWN)


@pytest.mark.parametrize("broken", ["", "{", "null", "[]", '{"path": 5}', '{"path": null}', '{"other": "x"}', '"x"'])
def test_a_broken_pointer_is_no_pointer(own_home: Path, broken: str) -> None:
    own_home.mkdir()
    (own_home / "いま開いているノート.json").write_text(broken, encoding="utf-8")
    assert place.chosen() is None


def test_a_pointer_in_another_encoding_is_no_pointer(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "いま開いているノート.json").write_bytes('{"path": "春"}'.encode("cp932"))
    assert place.chosen() is None


def test_a_prescribed_workbook_goes_before_the_chosen_one(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_workbook(own_home / "春のノート.kizuna").close()
    place.choose(own_home / "春のノート.kizuna")
    monkeypatch.setenv("KIZUNA_WORKBOOK", str(tmp_path / "宿題.kizuna"))
    assert place.current() == tmp_path / "宿題.kizuna"


def test_workbooks_are_told_the_one_changed_last_first(own_home: Path) -> None:
    for number, name in enumerate(["古い", "新しい", "中くらい"]):
        open_workbook(own_home / f"{name}.kizuna").close()
        moment = 1_000_000_000 + {0: 0, 1: 20, 2: 10}[number]
        os.utime(own_home / f"{name}.kizuna", (moment, moment))
    (own_home / "メモ.txt").write_text("x", encoding="utf-8")
    assert [path.stem for path in place.workbooks()] == ["新しい", "中くらい", "古い"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("春のノート", "春のノート.kizuna"),
        ("  春の ノート　", "春の ノート.kizuna"),
        ("春のノート.kizuna", "春のノート.kizuna"),
        ("春のノート...", "春のノート.kizuna"),
        ("か\u3099く\u3099", "がぐ.kizuna"),
        ("①本店（2026）", "①本店（2026）.kizuna"),
        ("あ" * 80, "あ" * 80 + ".kizuna"),
    ],
)
def test_a_name_becomes_a_file_in_the_folder(own_home: Path, name: str, file: str) -> None:
    assert place.path_for(name) == own_home / file
    open_workbook(place.path_for(name)).close()
    assert (own_home / file).exists()


@pytest.mark.parametrize("name", ["", " ", "\u3000", ".kizuna", ".", "..", " . . "])
def test_a_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(KizunaError, match="一文字以上"):
        place.path_for(name)


@pytest.mark.parametrize(
    "name", ["a/b", "a\\b", "../外", "時刻 10:00", "なに?", "*", "<b>", "a|b", 'いわゆる"本"', ".隠し", "一行\n二行", "a\0b", "あ" * 81]
)
def test_a_name_that_cannot_be_a_file_everywhere_is_refused(name: str) -> None:
    with pytest.raises(KizunaError, match="使わず"):
        place.path_for(name)


@pytest.mark.parametrize("name", ["CON", "nul", "Com1", "LPT9", "aux.春", "PRN"])
def test_a_name_that_windows_keeps_for_itself_is_refused(name: str) -> None:
    with pytest.raises(KizunaError):
        place.path_for(name)
