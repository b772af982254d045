"""Every notebook works from a workbook that is empty, full (the worked example), and large (the inn's 240 answers)."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import kizuna
from kizuna.steps.sample import make_sample

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("ノート")
    paths = {name: folder / f"{name}.kizuna" for name in ("empty", "sample", "inn")}
    kizuna.open_workbook(paths["empty"]).close()
    make_sample(paths["sample"]).close()
    inn = kizuna.open_workbook(paths["inn"])
    kizuna.import_voices(inn, kizuna.sample_answers("inn"))
    kizuna.draft_themes(inn)
    kizuna.draft_plan(inn)
    inn.close()
    return paths


@pytest.mark.parametrize("name", ["empty", "sample", "inn"])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_notebook_runs_whatever_the_workbook_holds(
    notebook: Path, name: str, workbooks: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIZUNA_WORKBOOK", str(workbooks[name]))
    read = nbformat.read(notebook, as_version=4)
    NotebookClient(read, timeout=60, resources={"metadata": {"path": str(notebook.parent)}}).execute()
    outputs = [output for cell in read.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
