"""Every notebook has one and the same shape, and is committed without anything that a run left behind."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kizuna.process import course, section
from kizuna.steps.practice import Work, exercise, exercises

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("[0-9]*.ipynb"))
PANDAS = sorted((ROOT / "exercises").glob("pandas_*.ipynb"))  # for those who write code: they are held to less
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS + EXERCISES, ids=lambda path: f"{path.parent.name}-{path.stem}")
each_file = pytest.mark.parametrize("path", NOTEBOOKS + EXERCISES + PANDAS, ids=lambda path: f"{path.parent.name}-{path.stem}")


def cells(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8"))["cells"])


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def markdown(path: Path) -> list[str]:
    return [source(cell) for cell in cells(path) if cell["cell_type"] == "markdown"]


def code(path: Path) -> list[str]:
    return [source(cell) for cell in cells(path) if cell["cell_type"] == "code"]


def about(path: Path, heading: str) -> str:
    """The one markdown cell that begins with ``## heading``."""
    found = [text for text in markdown(path) if text.splitlines()[0] == f"## {heading}"]
    assert len(found) == 1, f"{path.name}: ## {heading}"
    return found[0]


def bullets(text: str) -> list[str]:
    return re.findall(r"^- (.+)$", text, re.MULTILINE)


def headings(path: Path) -> list[str]:
    return [line for text in markdown(path) for line in text.splitlines() if line.startswith("#")]


def calls(path: Path) -> Iterator[ast.Call]:
    for text in code(path):
        yield from (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def title(path: Path) -> str:
    found = section(path.name)
    return f"{exercise(found).kind}：{found.title}" if path in EXERCISES else found.title


def test_every_section_has_its_exercise_or_a_reason_why_there_is_none() -> None:
    assert [path.stem for path in EXERCISES] == [one.file for one, found in exercises().items() if found.kind is not Work.NONE]
    assert [one.file for one, found in exercises().items() if found.kind is Work.NONE] == ["13_handin"]
    assert len(PANDAS) >= 2 and {*EXERCISES, *PANDAS} == set((ROOT / "exercises").glob("*.ipynb"))


@pytest.mark.parametrize("path", EXERCISES, ids=lambda path: path.stem)
def test_an_exercise_says_how_long_it_takes_as_its_content_does(path: Path) -> None:
    assert f"**所要時間**　{exercise(section(path.name)).minutes}分くらい" in about(path, "ねらい")
    assert "forms.practice(page)" in code(path)


def test_every_open_section_has_its_notebook_and_every_notebook_its_open_section() -> None:
    assert [path.stem for path in NOTEBOOKS] == [one.file for one in course().sections if one.open]


@each_file
def test_it_is_a_valid_notebook_for_python(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert {cell.cell_type for cell in notebook.cells} == {"markdown", "code"}


@each_file
def test_nothing_of_a_run_is_left_in_it(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert "widgets" not in notebook["metadata"]
    assert set(notebook["metadata"]["language_info"]) == {"name"}
    for cell in cells(path):
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
        assert "execution" not in cell["metadata"] and "attachments" not in cell


@each_file
def test_every_cell_has_an_id_of_its_own(path: Path) -> None:
    ids = [cell["id"] for cell in cells(path)]
    assert len(set(ids)) == len(ids) and all(ids)


@each_file
def test_no_cell_is_empty(path: Path) -> None:
    assert all(source(cell).strip() == source(cell) != "" for cell in cells(path))


@each_notebook
def test_it_begins_with_its_title_which_is_the_sections(path: Path) -> None:
    assert markdown(path)[0] == source(cells(path)[0]) == f"# {title(path)}"
    assert sum(line.startswith("# ") for line in headings(path)) == 1


@each_notebook
def test_its_headings_stand_in_the_one_order(path: Path) -> None:
    second = [line.removeprefix("## ") for line in headings(path) if line.startswith("## ")]
    assert second[:2] == ["学ぶ理由", "ねらい"] and second[-2:] == ["ふりかえり", "まとめ"]
    steps = second[2:-2]
    assert steps and [step.split(". ")[0] for step in steps] == [str(number) for number in range(1, len(steps) + 1)]
    assert not [line for line in headings(path) if re.match(r"#{3,}", line)]


@each_notebook
def test_its_aims_are_two_or_three_with_the_time_they_take(path: Path) -> None:
    aims = about(path, "ねらい")
    assert 2 <= len(bullets(aims)) <= 3
    assert re.search(r"\*\*所要時間\*\*　\d+分くらい", aims)
    assert len(about(path, "学ぶ理由")) > 60


@each_notebook
def test_its_end_answers_every_aim(path: Path) -> None:
    assert len(bullets(about(path, "まとめ"))) == len(bullets(about(path, "ねらい")))


@each_notebook
def test_its_first_code_is_one_import_and_one_open_by_its_own_name(path: Path) -> None:
    practice = ", practice=True" if path in EXERCISES else ""
    assert code(path)[0] == f'from kizuna import forms, open_page\n\npage = open_page("{path.stem}"{practice})'
    assert [cell["cell_type"] for cell in cells(path)[:5]] == ["markdown", "markdown", "markdown", "markdown", "code"]


@each_notebook
def test_its_set_up_shows_where_to_press(path: Path) -> None:
    told, picture = re.search(r"!\[(.+)\]\((.+)\)", markdown(path)[3]).groups()
    assert "▶▶" in told and "再起動" in told
    assert (path.parent / picture).read_text(encoding="utf-8").startswith("<svg ")


@each_notebook
def test_every_code_cell_is_short_and_stands_right_below_words(path: Path) -> None:
    all_cells = cells(path)
    for before, cell in zip(all_cells, all_cells[1:], strict=False):  # noqa: RUF007
        if cell["cell_type"] == "code":
            assert len(source(cell).splitlines()) <= 5
            assert before["cell_type"] == "markdown"
            assert "#" not in source(cell)
            assert cell["metadata"].get("jupyter", {}).get("source_hidden") is True
    lengths = sorted(len([line for line in text.splitlines() if line]) for text in code(path))
    assert lengths[len(lengths) // 2] <= 2


@each_notebook
def test_there_is_no_logic_in_it(path: Path) -> None:
    for number, text in enumerate(code(path)):
        kinds = {type(node) for node in ast.walk(ast.parse(text))}
        assert not kinds & {ast.For, ast.While, ast.If, ast.FunctionDef, ast.Lambda, ast.ListComp, ast.With, ast.Try}
        assert number == 0 or not kinds & {ast.Import, ast.ImportFrom, ast.Assign}


@each_notebook
def test_it_calls_only_what_the_package_offers(path: Path) -> None:
    from kizuna.views import forms

    for call in calls(path):
        if isinstance(call.func, ast.Attribute):
            assert isinstance(call.func.value, ast.Name) and call.func.value.id == "forms"
            assert call.func.attr in forms.__all__
        else:
            assert isinstance(call.func, ast.Name) and call.func.id == "open_page"


@each_notebook
def test_it_ends_with_the_way_on(path: Path) -> None:
    last = cells(path)[-1]
    assert (last["cell_type"], source(last)) == ("code", "forms.next_link(page)")


@each_notebook
def test_no_step_of_the_map_is_said_in_a_notebook_of_another_part(path: Path) -> None:
    part = section(path.name).part
    for call in calls(path):
        named = [keyword.value.value for keyword in call.keywords if keyword.arg == "part" and isinstance(keyword.value, ast.Constant)]
        assert all(one == part for one in named)


def test_every_form_that_is_asked_for_by_name_is_in_the_content() -> None:
    from kizuna.content import load
    from kizuna.views.fields import Field

    names = [
        call.args[1] for path in NOTEBOOKS for call in calls(path) if isinstance(call.func, ast.Attribute) and call.func.attr == "fields"
    ]
    asked = [one.value for one in names if isinstance(one, ast.Constant)]
    assert sorted(asked) == sorted(load("forms.yaml", dict[str, list[Field]]))


def test_every_form_of_the_package_stands_in_a_notebook() -> None:
    from kizuna.views import forms

    used = {call.func.attr for path in NOTEBOOKS + EXERCISES for call in calls(path) if isinstance(call.func, ast.Attribute)}
    assert used == set(forms.__all__)
