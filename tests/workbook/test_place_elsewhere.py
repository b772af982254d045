"""A workbook at a place the owner writes, such as a USB stick."""

from __future__ import annotations

from pathlib import Path

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook.place import path_elsewhere


def test_a_whole_path_is_taken_and_its_ending_added(tmp_path: Path) -> None:
    assert path_elsewhere(f' "{tmp_path / "春のノート"}" ') == tmp_path / "春のノート.kizuna"
    assert path_elsewhere(str(tmp_path / "ａ.kizuna")) == tmp_path / "ａ.kizuna"


@pytest.mark.parametrize("written", ["", "   ", "春のノート", "../x.kizuna"])
def test_half_a_path_is_refused(written: str) -> None:
    with pytest.raises(KizunaError, match="はじめから終わりまで"):
        path_elsewhere(written)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KizunaError, match="ない"):
        path_elsewhere(str(tmp_path / "ないフォルダー" / "a.kizuna"))
    with pytest.raises(KizunaError, match="名前まで"):
        path_elsewhere(str(tmp_path))
