"""A notebook in this process gives, cell by cell, what an ordinary kernel gives."""

from __future__ import annotations

import asyncio
import builtins
import os
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.getipython import get_ipython
from papermill.exceptions import PapermillExecutionError

from kizuna.batch import engine
from kizuna.batch.job import FORKED, KERNEL
from kizuna.batch.work import run_notebook
from tests.batch.notebooks import notebook

CELLS = [
    "#!# 見出し",
    "x = 1",
    "print('a'); x + 1",
    "import sys\nprint('err', file=sys.stderr)\nprint('b', end='')\nprint('😀 ｶﾅ')",
    "from IPython.display import HTML, Image, Markdown, clear_output, display\nhandle = display('one', display_id='z')\nHTML('<b>x</b>')",
    "handle.update('two')\nclear_output()\nprint(3)",
    "for i in range(3):\n    print(i)\n    clear_output(wait=True)",
    "display(display_id='later', *['先'])\nprint('間')\ndisplay(Markdown('**太字**'), metadata={'alt': '絵'})",
    "display({'text/plain': 'p', 'text/html': '<i>h</i>'}, raw=True)",
    "import asyncio\nawait asyncio.sleep(0)\nasyncio.get_running_loop().is_running()",
    "!echo hi",
    "%%html\n<i>ok</i>",
    "%%capture said\nprint('捕まえた')",
    "said.stdout",
    "__name__, get_ipython().__class__.__name__, 'IPKernelApp' in get_ipython().config",
    "x;",
    "_, Out[4], In[2]",
    "class Both:\n    def _repr_html_(self): return '<u>b</u>'\n    def __repr__(self): return 'b'\n[Both()][0]",
    "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__, error)",
    "try:\n    asyncio.run(None)\nexcept Exception as error:\n    print(type(error).__name__)",
    "import os\nos.environ['MPLBACKEND']",
    "b'\\x00', 1.5, {'あ': [1, 2]}, list(range(60))",
    "def after():\n    print('あと')\nget_ipython().events.register('post_execute', after)",
    "display('前')\nawait asyncio.sleep(0)",
    "get_ipython().events.unregister('post_execute', after)",
    "",
    "def deep(n):\n    return 1 / n if n < 1 else deep(n - 1)",
]

pytestmark = pytest.mark.filterwarnings("default")  # a kernel's process makes no errors of warnings


@pytest.fixture(autouse=True)
def own_ipython(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))


def seen(made: Any) -> list[Any]:
    """What is compared: outputs and counts of each cell; a kernel's temporary files are named by its process."""
    return [re.sub(r"ipykernel_\d+", "ipykernel", repr((cell.get("outputs"), cell.get("execution_count")))) for cell in made.cells]


def both_ways(path: Path) -> list[list[Any]]:
    return [seen(run_notebook(path, {"names": True}, how)) for how in (FORKED, KERNEL)]


def test_every_kind_of_output_is_the_ordinary_kernels(tmp_path: Path) -> None:
    ours, theirs = both_ways(notebook(tmp_path / "all.ipynb", CELLS))
    assert ours == theirs and len(ours) == len(CELLS) + 2  # with the parameters as they stand and as they were given


@pytest.mark.parametrize(
    "last",
    [
        "Unshown()",
        "deep(3)",
        "raise SystemExit(3)",
        "this is no Python",
        "%no_such_magic",
        "raise KeyError('あ')",
        "await nothing()",
        "import not_there",
    ],
)
def test_an_error_is_told_as_the_ordinary_kernel_tells_it_and_nothing_runs_after_it(tmp_path: Path, last: str) -> None:
    unshown = "class Unshown:\n    def _repr_html_(self): raise ValueError('no')"
    path = notebook(tmp_path / "fails.ipynb", ["def deep(n):\n    return 1 / n if n < 1 else deep(n - 1)", unshown, last, "print('後')"])
    errors = []
    for how in (FORKED, KERNEL):
        with pytest.raises(PapermillExecutionError) as caught:
            run_notebook(path, {"names": True}, how)
        errors.append((caught.value.ename, caught.value.evalue, caught.value.cell_index, caught.value.exec_count, caught.value.traceback))
    assert errors[0] == errors[1]


def test_leaving_without_an_error_is_no_error_and_a_tag_lets_one_be(tmp_path: Path) -> None:
    made = run_notebook(notebook(tmp_path / "left.ipynb", ["raise SystemExit"]), {"names": True})
    assert made.cells[-1].outputs[0].ename == "SystemExit"


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, WORDS)
def test_what_is_printed_and_what_is_shown_stand_as_they_were_said(tmp_path: Path, printed: str, shown: str) -> None:
    path = notebook(tmp_path / "words.ipynb", [f"print({printed!r}, end='')\n{shown!r}"])
    outputs = run_notebook(path, {"names": True}).cells[-1].outputs
    assert "".join(one.text for one in outputs if one.output_type == "stream") == printed
    assert outputs[-1].data["text/plain"] == repr(shown)


def state() -> tuple[Any, ...]:
    streams = (sys.stdout, sys.stderr, sys.displayhook, sys.excepthook)
    return (*streams, sys.modules["__main__"], builtins.input, dict(os.environ), list(sys.path), get_ipython(), threading.active_count())


def test_the_process_is_as_before_when_the_notebook_has_run_or_failed(tmp_path: Path) -> None:
    before = state()
    run_notebook(notebook(tmp_path / "a.ipynb", ["import os, sys\nos.environ['LEFT'] = '1'\nsys.path.append('left')"]), {"names": True})
    assert state() == before
    with pytest.raises(PapermillExecutionError):
        run_notebook(notebook(tmp_path / "b.ipynb", ["1 / 0"]), {"names": True})
    assert state() == before


def test_a_notebook_finds_no_names_of_the_one_before(tmp_path: Path) -> None:
    run_notebook(notebook(tmp_path / "one.ipynb", ["mine = 1"]), {"names": True})
    made = run_notebook(notebook(tmp_path / "two.ipynb", ["'mine' in globals(), len(Out)"]), {"names": True})
    assert made.cells[-1].outputs[0].data["text/plain"] == "(False, 0)"


def test_exit_is_the_end_as_it_is_with_a_kernel(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="Kernel died"):
        run_notebook(notebook(tmp_path / "a.ipynb", ["exit()", "1"]), {"names": True})


def test_it_works_beside_a_loop_of_the_process(tmp_path: Path) -> None:
    async def act() -> Any:
        return await asyncio.to_thread(
            run_notebook, notebook(tmp_path / "a.ipynb", ["await __import__('asyncio').sleep(0)\n1"]), {"names": True}
        )

    assert asyncio.run(act()).cells[-1].outputs[0].data["text/plain"] == "1"


def test_papermill_finds_it_by_its_entry_point(tmp_path: Path) -> None:
    source, made = (
        notebook(tmp_path / "a.ipynb", ["__import__('os').getpid() == __import__('os').getppid()", "names"]),
        tmp_path / "b.ipynb",
    )
    command = [
        sys.executable,
        "-m",
        "papermill",
        str(source),
        str(made),
        "--engine",
        engine.NAME,
        "--no-progress-bar",
        "-p",
        "names",
        "True",
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert nbformat.read(made, as_version=4).cells[-1].outputs[0].data["text/plain"] == "True"


@pytest.mark.parametrize("first", ["papermill", "kizuna.batch.engine"])
def test_either_may_be_loaded_first(first: str) -> None:
    code = f"import {first}; from kizuna.batch import engine; from papermill.engines import papermill_engines as known; known.get_engine('kizuna')"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_the_shell_of_a_report_starts_no_thread() -> None:
    code = (
        "from kizuna.batch import engine, work; import os; work.rehearse(); engine.make_ready(); print(len(os.listdir('/proc/self/task')))"
    )
    if not Path("/proc/self/task").exists():
        pytest.skip("threads are counted on Linux")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()[-1] == "1"
