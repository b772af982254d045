"""Small notebooks for the batch's tests, written on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = 'submission = ""\nnotes = ""\nnames = False'
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook(path: Path, cells: Sequence[str], parameters: str = PARAMETERS) -> Path:
    """A notebook in ``path`` with a cell of parameters and these cells; a cell that begins with ``#!`` is Markdown."""
    made = [new_markdown_cell(one[2:]) if one.startswith("#!") else new_code_cell(one) for one in cells]
    first = new_code_cell(parameters, metadata={"tags": ["parameters"]})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[first, *made], metadata={"kernelspec": KERNEL}), path)
    return path
