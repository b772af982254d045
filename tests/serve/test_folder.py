"""Which notebooks are served, and which of them first."""

from __future__ import annotations

from pathlib import Path

import pytest

from kizuna.errors import KizunaError
from kizuna.serve.folder import first_notebook, notebooks_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("01_next.ipynb", "00_start.ipynb"):
        (tmp_path / name).touch()
    return tmp_path


def test_a_folder_asked_for_comes_before_the_environments(folder, monkeypatch, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "05_other.ipynb").touch()
    monkeypatch.setenv("KIZUNA_NOTEBOOKS", str(other))
    assert notebooks_folder() == other
    assert notebooks_folder(folder) == folder


def test_the_courses_own_notebooks_are_the_default():
    assert notebooks_folder() == Path(__file__).parents[2] / "notebooks"


def test_a_folder_without_notebooks_is_named_in_the_error(tmp_path):
    with pytest.raises(KizunaError, match="ノートブックが見つかりません") as told:
        notebooks_folder(tmp_path)
    assert str(tmp_path) in str(told.value)


def test_the_start_page_comes_first_and_else_the_first_by_name(folder):
    assert first_notebook(folder) == "00_start.ipynb"
    (folder / "00_start.ipynb").unlink()
    assert first_notebook(folder) == "01_next.ipynb"
