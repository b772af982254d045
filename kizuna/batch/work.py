"""Makes one report: a submission → facts, a notebook that is run, HTML, and a receipt that says what was made or why not.

Whatever starts it – a fork, a process, a worker of Dask – believes the receipt only.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kizuna.batch import engine, export
from kizuna.batch.folder import Folder, digest, folder_at
from kizuna.batch.job import BROKE_OFF, FORKED, KERNEL, SOCKETS, TOO_LONG, Job, Receipt, one_line, receipt_name
from kizuna.errors import KizunaError

_ENGINES = {FORKED: engine.NAME, KERNEL: "nbclient"}
_NO_MEMORY = "メモリーが足りませんでした。"


def do(job: Job) -> None:
    """Make the report and write its receipt, whatever happens short of the end of the process."""
    out = folder_at(job.out)
    failed = Receipt(job.number, source=job.source, settings=job.settings)
    try:
        receipt = _made(job, out)
    except KizunaError as error:
        receipt = dataclasses.replace(failed, error=one_line(str(error)))
    except MemoryError:
        receipt = dataclasses.replace(failed, error=_NO_MEMORY)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one submission, the others are made
        receipt = dataclasses.replace(failed, error=_told(error))
    out.write(receipt_name(job), json.dumps(dataclasses.asdict(receipt), ensure_ascii=True).encode())


def rehearse() -> None:
    """Run and export a small notebook here, so that a process that is forked from here afterwards finds all of it loaded."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    code = new_code_cell("rehearsal = True", metadata={"tags": ["parameters"]})
    shown = new_code_cell("from IPython.display import HTML\nprint(1)\nHTML('<p>1</p>')")
    with tempfile.TemporaryDirectory(prefix="kizuna-") as folder:
        path = Path(folder) / "rehearsal.ipynb"
        nbformat.write(new_notebook(cells=[new_markdown_cell("# 1\n\n- 2"), code, shown]), path)
        export.to_html(run_notebook(path, {"rehearsal": False}))


def run_notebook(notebook: str | Path, parameters: Mapping[str, Any], how: str = FORKED, seconds: int = 120) -> Any:
    """The notebook as papermill ran it with these parameters, in this process or with a kernel."""
    from papermill import execute_notebook

    engine.register()
    settings: dict[str, Any] = {}
    if how == KERNEL:
        settings = {"execution_timeout": seconds, "store_widget_state": False, "shutdown_kernel": "immediate", **_channels()}
    return execute_notebook(
        notebook,
        None,
        parameters=dict(parameters),
        engine_name=_ENGINES[how],
        kernel_name="python3",
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        autosave_cell_every=0,
        **settings,
    )


def _made(job: Job, out: Folder) -> Receipt:
    if not job.source:
        files = _write(job, out, job.page, run_notebook(job.notebook, job.parameters, job.engine, job.seconds))
        return Receipt(job.number, settings=job.settings, files=files)
    from kizuna.batch.record import digest_of_notes
    from kizuna.steps.report.facts import facts
    from kizuna.steps.report.notes import read_notes
    from kizuna.workbook.answers import read_answer
    from kizuna.workbook.policy import MADE_ON
    from kizuna.workbook.submission import code, open_submission, well_formed

    folder = folder_at(job.folder)
    with folder.local(job.source) as path, _notes(job, folder) as notes:
        seen = digest(path.read_bytes())
        book = open_submission(path, job.with_names)
        try:
            who, found = code(book), facts(book, bool(job.parameters.get("names")))
            made_on = read_answer(book, MADE_ON)
        finally:
            book.close()
        if not well_formed(who):
            raise KizunaError("参加者の番号が読めません。提出用ファイルを作り直してもらってください。")
        noted = digest_of_notes(read_notes(Path(notes)), who) if notes and job.by_code else ""
        notebook = run_notebook(job.notebook, {**job.parameters, "submission": str(path), "notes": notes}, job.engine, job.seconds)
    files = _write(job, out, f"reports/{job.number:03}-{who}", notebook)
    return Receipt(job.number, job.source, seen, job.settings, who, noted, str(made_on or ""), files, found)


def _write(job: Job, out: Folder, name: str, notebook: Any) -> dict[str, str]:
    html = export.to_html(notebook).encode()
    made = {f"{name}.html": html}
    if job.pdf:
        with tempfile.TemporaryDirectory(prefix="kizuna-") as place:
            page = Path(place) / "page.html"
            page.write_bytes(html)
            export.to_pdf(page, page.with_suffix(".pdf"))
            made[f"{name}.pdf"] = page.with_suffix(".pdf").read_bytes()
    for file, content in made.items():
        out.write(file, content)
    return {file: digest(content) for file, content in made.items()}


@contextlib.contextmanager
def _notes(job: Job, folder: Folder) -> Iterator[str]:
    """The path of the instructor's notes, or "" where there are none."""
    if not job.notes:
        yield ""
        return
    with folder.local(job.notes) as path:
        yield str(path)


def _channels() -> dict[str, Any]:
    """Let the kernel talk through sockets in a folder where that is possible: two that start at once now and then choose the same port."""
    from traitlets.config import Config

    place = os.environ.get(SOCKETS)
    if sys.platform == "win32" or not place:
        return {}
    return {"config": Config(KernelManager={"transport": "ipc", "ip": f"{place}/{os.getpid()}"})}


def _told(error: Exception) -> str:
    """One sentence for an error that is no person's to mend by itself."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    if isinstance(error, PapermillExecutionError):
        if error.ename == "KizunaError":
            return one_line(str(error.evalue))
        if error.ename == "MemoryError":
            return _NO_MEMORY
        return one_line(f"レポートのノートブックの {error.exec_count} 番のセルで止まりました（{error.ename}：{error.evalue}）。")
    if isinstance(error, CellTimeoutError):
        return TOO_LONG
    if isinstance(error, DeadKernelError):
        return BROKE_OFF
    return one_line(f"レポートを作る途中で止まりました（{type(error).__name__}：{error}）。")


def main() -> None:
    """Do the one job that comes on standard input: what a process for one report runs."""
    do(Job.from_line(sys.stdin.read()))
