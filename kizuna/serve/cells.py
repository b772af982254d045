"""Runs the cells of a page in one go, on the kernel's side; the server fetches what they show with one question (see renderer.py).

Cell by cell and widget by widget a page is a few hundred messages, with which kernel and server were longer busy than with the page itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.utils.capture import capture_output

from kizuna.views.telling import nobody_listens


class Shown:
    """What cells showed, each as a notebook would hold it; IPython shows it as ``application/json``."""

    def __init__(self, cells: list[list[dict[str, Any]]]) -> None:
        self.cells = cells

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"application/json": self.cells}


async def run(sources: Sequence[str]) -> Shown:
    """Run these cells as a notebook would, up to the first that fails: its outputs are the last."""
    shell: Any = get_ipython()
    cells: list[list[dict[str, Any]]] = []
    with nobody_listens():
        for source in sources:
            shell._last_traceback = None
            with capture_output(stderr=False) as got:
                ended = await _run(shell, source)
            shown: list[dict[str, Any]] = [{"output_type": "stream", "name": "stdout", "text": got.stdout}] if got.stdout else []
            shown += [{"output_type": "display_data", "data": one.data, "metadata": one.metadata or {}} for one in got.outputs]
            cells.append(shown)
            if not ended.success or shell._last_traceback:  # also where what a cell gives cannot be shown
                error = ended.error_before_exec or ended.error_in_exec
                told = {"ename": type(error).__name__, "evalue": str(error or ""), "traceback": list(shell._last_traceback or [])}
                shown.append({"output_type": "error", **told})
                break
    return Shown(cells)


async def _run(shell: Any, source: str) -> Any:
    """As a kernel runs a cell: its own waiting is waited for."""
    ready = shell.transform_cell(source)
    if shell.should_run_async(source, transformed_cell=ready):
        return await shell.run_cell_async(source, transformed_cell=ready)
    return shell.run_cell(source)
