"""A page is made from its cells in one go where they use kizuna alone, and its head does not wait for its kernel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from voila.notebook_renderer import NotebookRenderer

from kizuna.serve.renderer import PageRenderer, Prompt, is_plain

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("from kizuna import forms, open_page\n\npage = open_page('00_start')", True),
        ("import kizuna\nkizuna.frame()", True),
        ("from kizuna.steps.sample import make_sample", True),
        ("forms.reading(page)", True),
        ("import pandas", False),
        ("import kizuna, ipywidgets", False),
        ("def later():\n    from ipywidgets import interact", False),
        ("import kizunami", False),
        ("from . import forms", False),
        ("%matplotlib inline", False),
        ("forms.reading(page);", False),
    ],
)
def test_what_uses_kizuna_alone_is_plain(source: str, plain: bool) -> None:
    assert is_plain(source) == plain


@pytest.mark.parametrize("path", sorted(ROOT.glob("notebooks/*.ipynb")), ids=lambda path: path.stem)
def test_every_page_of_the_course_is_made_in_one_go(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(is_plain("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")


CELLS = [
    new_markdown_cell("春"),
    new_code_cell("forms.one(page)", outputs=[{"output_type": "stream", "name": "stdout", "text": "きのう"}]),
    new_markdown_cell("夏"),
    new_code_cell("forms.two(page)"),
    new_markdown_cell("秋"),
]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Any]]:
    """The sources of the cells that a page shows, and its outputs' kinds; its kernel gives ``answer``, or raises it."""

    def make(answer: Any, cells: list[Any] = CELLS) -> list[Any]:
        async def value(expression: str) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        async def meet(self: Any, nb: Any, kernel_id: str, kernel_future: Any) -> str:
            self.executor = SimpleNamespace(kc=SimpleNamespace(value=value, stop_channels=lambda: None))
            await kernel_future
            return kernel_id

        async def one_by_one(self: Any, nb: Any, kernel_id: str) -> Any:
            for cell in nb.cells:
                yield {"cell_type": cell.cell_type, "source": cell.source + " – 一つずつ", "outputs": []}

        monkeypatch.setattr(NotebookRenderer, "_jinja_kernel_start", meet)
        monkeypatch.setattr(NotebookRenderer, "_jinja_cell_generator", one_by_one)

        async def collect() -> list[Any]:
            page = PageRenderer(voila_configuration=SimpleNamespace(prelaunch_hook=None))
            coming: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            assert await page._jinja_kernel_start(None, "number", coming) == "number"
            pieces = page._jinja_cell_generator(new_notebook(cells=deepcopy(cells)), "number")
            shown = [await anext(pieces)] if cells[0].cell_type == "markdown" else []
            if isinstance(answer, ConnectionError):
                coming.set_exception(answer)
            else:
                coming.set_result(None)
            shown += [piece async for piece in pieces]
            return [(one["source"], [output["output_type"] for output in one.get("outputs", [])]) for one in shown]

        return asyncio.run(collect())

    return make


SHOWN = {"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {}}
FAILED = {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": ["…"]}


def test_what_stands_above_the_first_form_goes_out_before_there_is_a_kernel(made) -> None:
    assert made([[SHOWN], []]) == [
        ("春", []),
        ("forms.one(page)", ["display_data"]),
        ("夏", []),
        ("forms.two(page)", []),
        ("秋", []),
    ]


def test_after_a_cell_that_failed_nothing_more_is_shown(made) -> None:
    assert made([[SHOWN, FAILED]]) == [("春", []), ("forms.one(page)", ["display_data", "error"]), ("夏", [])]


@pytest.mark.parametrize("trouble", [RuntimeError("the kernel died"), ConnectionError("there is no kernel")])
def test_a_page_without_a_kernel_says_so_where_its_first_form_would_stand(made, trouble) -> None:
    assert made(trouble) == [("春", []), ("", ["error"])]


def test_cells_that_use_more_are_run_one_by_one(made) -> None:
    more = [new_markdown_cell("春"), new_markdown_cell("夏"), new_code_cell("import pandas"), new_markdown_cell("秋")]
    assert made([], more) == [("春", []), ("夏", []), ("import pandas – 一つずつ", []), ("秋 – 一つずつ", [])]


def test_a_page_of_words_alone_comes_whole(made) -> None:
    assert made([], [new_markdown_cell("春"), new_markdown_cell("夏")]) == [("春", []), ("夏", [])]


def test_the_number_of_a_kernel_is_there_before_the_kernel() -> None:
    class Kernels:
        def begin_visit(self, **how: Any) -> tuple[str, Awaitable[str]]:
            return how["kernel_name"], asyncio.sleep(0, "the kernel")  # shielding makes a task of it

    async def visit() -> None:
        kernels: Any = Prompt(Kernels())  # type: ignore[arg-type]
        number = await kernels.start_kernel(kernel_name="python3", path="", env={})
        assert number == "python3"
        assert await kernels.get_kernel(number) == "the kernel"

    asyncio.run(visit())
