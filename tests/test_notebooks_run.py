"""Every notebook works from a workbook that is full (the worked example) and from a large one (the inn's 240 answers).

Cell by cell in this process; that each runs in a kernel of its own, from nothing, is nbval's part of ``make test``.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

import kizuna
from kizuna.views import head
from tests.examples import example_bytes

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted([*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "exercises").glob("[0-9]*.ipynb")])
PANDAS = sorted((ROOT / "exercises").glob("pandas_*.ipynb"))


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("ノート")
    paths = {name: folder / f"{name}.kizuna" for name in ("sample", "inn")}
    paths["sample"].write_bytes(example_bytes())
    inn = kizuna.open_workbook(paths["inn"])
    kizuna.import_voices(inn, kizuna.sample_answers("inn"))
    kizuna.draft_themes(inn)
    kizuna.draft_plan(inn)
    inn.close()
    return paths


def run(cell: str, names: dict[str, Any]) -> Any:
    """What the cell's last expression gives, or None."""
    tree = ast.parse(cell)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


@pytest.mark.parametrize("name", ["sample", "inn"])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_notebook_runs_whatever_the_workbook_holds(
    notebook: Path, name: str, workbooks: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(head, "display", lambda *what: shown.extend(what))
    monkeypatch.setenv("KIZUNA_WORKBOOK", str(workbooks[name]))
    names: dict[str, Any] = {}
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            shown.append(run("".join(cell["source"]), names))
    assert [one for one in shown if one is not None]
    assert tuple(capfd.readouterr()) == ("", "")
    names["page"].book.close()


@pytest.mark.parametrize("notebook", PANDAS, ids=lambda path: path.stem)
def test_an_exercise_in_code_runs_from_top_to_bottom(notebook: Path) -> None:
    names: dict[str, Any] = {}
    shown = [
        run("".join(cell["source"]), names)
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    assert any(one is not None for one in shown)
    names["book"].close()
