"""Makes a page: runs the cells of a course page in one go, and lets Voilà do the rest."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import AsyncIterator
from itertools import zip_longest
from typing import Any

from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_output
from voila import handler
from voila.notebook_renderer import NotebookRenderer

from kizuna.serve.ready import ReadyKernels

_RUN = "await __import__('kizuna.serve.cells', fromlist=['*']).run({!r})"


class PageRenderer(NotebookRenderer):
    """Voilà's renderer; cells that use nothing but kizuna are run in one go, others one by one as Voilà does."""

    async def _jinja_kernel_start(self, nb: Any, kernel_id: str, kernel_future: Any) -> str:
        """The number of the page's kernel, which may still be coming: meanwhile what stands above the first form goes out, and the app begins."""
        self._coming = kernel_future
        return kernel_id

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncIterator[Any]:
        kinds = [cell.cell_type for cell in nb.cells]
        above = kinds.index("code") if "code" in kinds else len(kinds)
        for cell in nb.cells[:above]:
            yield cell
        nb.cells = nb.cells[above:]
        codes = [cell for cell in nb.cells if cell.cell_type == "code"]
        try:
            await super()._jinja_kernel_start(nb, kernel_id, self._coming)
            in_one_go = all(is_plain(cell.source) for cell in codes)
            shown = await self.executor.kc.value(_RUN.format([cell.source for cell in codes])) if in_one_go else []
        except Exception as error:
            self.log.exception("a page has no kernel, or lost it")
            yield new_code_cell(outputs=[new_output("error", ename=type(error).__name__)])
            return
        if not in_one_go:
            async for cell in super()._jinja_cell_generator(nb, kernel_id):
                yield cell
            return
        for cell, outputs in zip_longest(codes, shown):
            cell.outputs = outputs and [from_dict(output) for output in outputs]
            for failed in (output for output in outputs or () if output["output_type"] == "error"):
                self.log.error("a cell failed: %s", "\n".join(failed["traceback"]))
        for cell in nb.cells:
            if cell.cell_type == "code" and cell.outputs is None:  # one above it failed
                break
            yield cell
        await self._cleanup_resources()


class Prompt:
    """The kernels as the maker of a page sees them: it hears a number at once, and gets the kernel when it is there."""

    def __init__(self, kernels: ReadyKernels) -> None:
        self._kernels = kernels
        self._coming: dict[str, Any] = {}

    async def start_kernel(self, **how: Any) -> str:
        """The number of a kernel that is coming."""
        kernel_id, coming = self._kernels.begin_visit(**how)
        self._coming[kernel_id] = coming
        return kernel_id

    def get_kernel(self, kernel_id: str) -> Any:
        """That kernel; to be waited for. Who waits no longer does not hinder it."""
        return asyncio.shield(self._coming[kernel_id])


def is_plain(source: str) -> bool:
    """Whether a cell is nothing but Python, imports nothing but kizuna, and shows what its last line gives (a semicolon after that would hide it)."""
    if ";" in source:
        return False
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return False
    names = [one.name for node in nodes if isinstance(node, ast.Import) for one in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return all(name.split(".")[0] == "kizuna" for name in names)


def use_page_renderer() -> None:
    """From now on Voilà makes its pages with ours; it has no setting for that."""
    handler.NotebookRenderer = PageRenderer
