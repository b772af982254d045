"""A notebook that was run → one HTML file that needs nothing else, and on request the same as PDF."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from jinja2 import Environment
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode

from kizuna.batch.job import SOCKETS
from kizuna.errors import KizunaError

_TEMPLATES = Path(__file__).resolve().parent / "templates"
# What comes from a submission is escaped where it is shown; should that ever be missing, no browser runs a script or fetches anything all the same.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
_ELSEWHERE = {
    "Darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ),
    "Windows": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    ),
}
_SECONDS = 60  # for one PDF


class ReportExporter(HTMLExporter):
    """nbconvert's exporter with our template, which has its pictures' words itself: the pass that looks for them afterwards is left out."""

    def from_notebook_node(  # type: ignore[override] # as the library's own
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        self.register_filter("filter_data_type", _shown)
        html, found = TemplateExporter.from_notebook_node(self, nb, resources, **kw)
        return str(html), found

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.globals |= {"policy": _POLICY, "style": (_TEMPLATES / "page" / "page.css").read_text(encoding="utf-8")}
        return environment


def to_html(notebook: NotebookNode) -> str:
    """The notebook as one HTML page: words and results, no code, no script, nothing from elsewhere."""
    html, _ = _exporter().from_notebook_node(notebook, {"heading": _heading(notebook)})
    return html


def to_pdf(page: Path, file: Path) -> None:
    """Print the HTML in ``page`` into ``file``. Raises ``KizunaError`` where no browser is installed or it does not manage."""
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="kizuna-pdf-", ignore_cleanup_errors=True) as profile:
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-extensions",
            "--disable-background-networking",
            "--no-first-run",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={profile}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={file}",
            page.resolve().as_uri(),
        ]
        if getattr(os, "geteuid", lambda: 1)() == 0:
            command.insert(1, "--no-sandbox")  # Chromium asks for it where it is started by root
        _lift_limit()
        environment = {**os.environ, "TMPDIR": os.environ.get(SOCKETS) or tempfile.gettempdir()}
        try:
            subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - found above
        except (OSError, subprocess.TimeoutExpired):
            file.unlink(missing_ok=True)
    if not file.exists() or not file.read_bytes().startswith(b"%PDF"):
        raise KizunaError(f"ブラウザー（{browser}）で PDF にできませんでした。HTML を開いて、印刷から PDF に保存してください。")


def find_browser() -> str:
    """The program that prints: ``KIZUNA_BROWSER``, else Chromium, Chrome or Edge. Raises ``KizunaError`` where none is installed."""
    named = os.environ.get("KIZUNA_BROWSER")
    found = named if named and Path(named).exists() else next(filter(None, map(shutil.which, _BROWSERS)), None)
    found = found or next((one for one in _ELSEWHERE.get(platform.system(), ()) if Path(one).exists()), None)
    if found is None:
        raise KizunaError("PDF にするには Chromium・Chrome・Edge のどれかが要ります。入れるか、--pdf を付けずに始めてください。")
    return found


def _heading(notebook: NotebookNode) -> str:
    """The first heading of the notebook, which names the page."""
    lines = (line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines())
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), "レポート")


def _lift_limit() -> None:
    """Give the browser the address space it wants, which a report may not have (``fork``); the notebook has been run by now."""
    with contextlib.suppress(ImportError):  # on Windows there is no such limit
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


@functools.cache
def _exporter() -> ReportExporter:
    """One for all: its templates are translated once."""
    return ReportExporter(
        template_name="page",
        extra_template_basedirs=[str(_TEMPLATES)],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )


def _shown(data: dict[str, Any]) -> list[str]:
    """The one form of an output that is shown: the richest that needs no script."""
    kinds = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/latex", "text/plain")
    return [next(kind for kind in kinds if kind in data)] if any(kind in data for kind in kinds) else []
