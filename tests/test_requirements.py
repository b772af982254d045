"""The table from requirement to place (``docs/requirements.ja.md``): every row has its line, and no line leads nowhere."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from kizuna.content import FOLDER

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "requirements.ja.md"
EVERYWHERE = "すべてのページ"
STATES = ("まだ", "一部", "準備中")  # with nothing before it a line is done
COUNTS = {"0": 36, "1": 29, "2": 64, "3": 43, "4": 47}  # rows of each source, numbered from 01
_WEIGHTY = {
    "0": [4, 5, 7, 11, 12, 15, 16, 19, 22, 23, 24, 26, 27, 32, 34, 35],
    "1": [1, 2, 6, 9, 14, 15, 18, 21, 25, 26],
    "2": [2, 13, 14, 18, 19, 20, 21, 22, 23, 24, 25, 30, 32, 40, 42, 43, 49, 50, 51, 52, 53, 59, 61, 63],
    "3": [2, 3, 5, 6, 7, 8, 9, 10, 12, 14, 15, 17, 19, 20, 30, 31, 37, 40, 43],
    "4": [1, 3, 8, 10, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31, 32, 33, 35, 37, 38, 40, 41, 43, 44, 45, 47],
}  # fmt: skip
MUST = [f"{source}-{number:02}" for source, numbers in _WEIGHTY.items() for number in numbers]


class Row(NamedTuple):
    """One line of the table: the row's number, what one can do, where, and what is behind it."""

    number: str
    does: str
    place: str
    code: str
    tests: str

    @property
    def state(self) -> str:
        """``まだ`` and the like, or nothing where it is done."""
        found = re.match(r"\*\*(\w+)\*\*", self.place)
        return found[1] if found else ""

    @property
    def places(self) -> list[tuple[str, str]]:
        """Each notebook (by its number) with the heading in it."""
        return re.findall(r"(\d\d)『([^』]+)』", self.place)

    @property
    def references(self) -> list[str]:
        """What stands in the column of code, each without its marks."""
        return re.findall(r"`([^`]+)`", self.code)

    @property
    def nodes(self) -> list[str]:
        """The tests, as pytest names them."""
        return re.findall(r"`([^`]+)`", self.tests)


def rows(text: str) -> list[Row]:
    """The lines of the table in the order in which they stand."""
    cells = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if re.match(r"\| \d", line))
    return [Row(*each) for each in cells]


def waiting(text: str) -> list[str]:
    """The numbers in the list of what is not done (of lesser weight)."""
    return re.findall(r"^- (\d\S*) ", text, re.MULTILINE)


@cache
def headings(notebook: Path) -> tuple[str, ...]:
    """The second headings of a notebook, without their numbers."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    lines = (line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines())
    return tuple(re.sub(r"^## (\d+\. )?", "", line) for line in lines if line.startswith("## "))


@cache
def names_of_tests(path: Path) -> tuple[str, ...]:
    """The tests of a file, by its syntax alone."""
    return tuple(node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef))


@cache
def content(name: str) -> Any:
    return yaml.load((FOLDER / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


def wrong_place(number: str, heading: str) -> str | None:
    found = sorted((ROOT / "notebooks").glob(f"{number}_*.ipynb"))
    if len(found) != 1:
        return f"no notebook {number}"
    return None if heading in headings(found[0]) else f"no heading {heading} in {found[0].name}"


def wrong_reference(text: str) -> str | None:
    return wrong_content(text) if ".yaml" in text else wrong_path(text)


def wrong_path(path: str) -> str | None:
    """Why a dotted path of ours does not lead to something: the longest module in it is imported, the rest looked up there."""
    if not path.startswith("kizuna."):
        return f"{path} is none of ours"
    names = path.split(".")
    length = next(number for number in range(len(names), 0, -1) if _is_module(".".join(names[:number])))
    at: Any = importlib.import_module(".".join(names[:length]))
    for name in names[length:]:
        if not hasattr(at, name):
            return f"no {name} in {path}"
        at = getattr(at, name)
    return None


@cache
def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # what stands before the last dot is no package
        return False


def wrong_content(reference: str) -> str | None:
    """Why ``file.yaml#a/b`` (or the file alone) leads to no entry; an entry of a list goes by its key, id, name, title, label or file."""
    name, _, way = reference.partition("#")
    if not (FOLDER / name).is_file():
        return f"no file {name}"
    at = content(name)
    for step in filter(None, way.split("/")):
        entries = at if isinstance(at, list) else []
        at = at.get(step) if isinstance(at, dict) else next((one for one in entries if step in map(one.get, _NAMED)), None)
        if at is None:
            return f"no {step} in {reference}"
    return None


_NAMED = ("key", "id", "name", "title", "label", "file")


def wrong_test(node: str) -> str | None:
    path, _, name = node.partition("::")
    if not (path.startswith("tests/") and (ROOT / path).is_file()):
        return f"no file {path}"
    return None if name.startswith("test_") and name in names_of_tests(ROOT / path) else f"no test {name} in {path}"


def wrong(text: str) -> Iterator[str]:
    """All that is wrong with a table, a sentence each."""
    found = rows(text)
    numbers = [*(row.number for row in found), *waiting(text)]
    everything = {f"{source}-{number:02}" for source, count in COUNTS.items() for number in range(1, count + 1)}
    yield from (f"{number} is no row" for number in numbers if number not in everything)
    yield from (f"{number} stands twice" for number in sorted({one for one in numbers if numbers.count(one) > 1}))
    yield from (f"{number} is missing" for number in sorted(everything - set(numbers)))
    yield from (f"{number} must stand in the table" for number in MUST if number not in {row.number for row in found})
    if [row.number for row in found] != sorted(row.number for row in found):
        yield "the lines do not stand in the order of their numbers"
    checks: tuple[Callable[[Row], Iterator[str | None]], ...] = (
        lambda row: (wrong_place(*place) for place in row.places),
        lambda row: (wrong_reference(one) for one in row.references),
        lambda row: (wrong_test(one) for one in row.nodes),
        lambda row: (_incomplete(row),),
    )
    yield from (f"{row.number}: {told}" for row in found for check in checks for told in check(row) if told)


def _incomplete(row: Row) -> str | None:
    if row.state and row.state not in STATES:
        return f"{row.state} is no state"
    if not row.does:
        return "says nothing"
    if row.state in ("まだ", "準備中"):
        return None if not row.references and not row.nodes else "is not done and leads somewhere"
    if not (row.places or EVERYWHERE in row.place):
        return "has no place"
    return None if row.references and row.nodes else "has nothing behind it"


def test_every_row_has_its_line_and_no_line_leads_nowhere() -> None:
    assert list(wrong(TABLE.read_text(encoding="utf-8"))) == []


def test_what_is_said_there_is_ours_and_short() -> None:
    """No quotation marks of speech around somebody else's sentence, and nothing that does not fit its cell."""
    for row in rows(TABLE.read_text(encoding="utf-8")):
        assert len(row.does) <= 80, row.number


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("03『一手を書きます』", "03『一手を消します』", "no heading 一手を消します in 03_followup_plan.ipynb"),
        ("07『", "77『", "no notebook 77"),
        ("kizuna.steps.plan.renew", "kizuna.steps.plan.renewed", "no renewed in kizuna.steps.plan.renewed"),
        ("kizuna.steps.points.lowest", "kizuna.steps.dots.lowest", "no dots in kizuna.steps.dots.lowest"),
        ("kizuna.steps.offer.promises", "os.path.join", "os.path.join is none of ours"),
        ("plan.yaml#fields/relation", "plan.yaml#fields/relations", "no relations in plan.yaml#fields/relations"),
        ("people.yaml#closeness", "peoples.yaml#closeness", "no file peoples.yaml"),
        ("::test_two_fans_open_it", "::test_three_fans_open_it", "no test test_three_fans_open_it in tests/steps/tribe/test_gate.py"),
        ("tests/views/test_showcase.py", "tests/views/test_shows.py", "no file tests/views/test_shows.py"),
        ("| 1-15 |", "| 1-16 |", "1-16 stands twice"),
        ("| 1-15 |", "| 1-16 |", "1-15 must stand in the table"),
        ("| 4-46 |", "| 4-64 |", "4-64 is no row"),
        ("| 4-46 |", "| 4-64 |", "4-46 is missing"),
        ("| 2-14 |", "| 2-1 |", "2-1 is no row"),
        ("06『ご紹介を始める目安を決めます』", "", "has no place"),
    ],
)  # fmt: skip
def test_a_dead_link_is_seen(old: str, new: str, told: str) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert old in text
    assert any(told in one for one in wrong(text.replace(old, new)))
