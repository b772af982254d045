"""A running ``kizuna start``, and a browser that looks at it; for the tests and for the screenshots."""

from __future__ import annotations

import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Playwright

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine has an address: a page that asks for more fails, also where the tests run with a network.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


@dataclass
class Server:
    """A running server: its process, the address it printed, and the folder of workbooks its kernels use."""

    process: subprocess.Popen[str]
    address: str
    home: Path
    lines: queue.Queue[str]

    @property
    def origin(self) -> str:
        """Where it answers, such as ``http://127.0.0.1:8866``."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def token(self) -> str:
        """The secret word."""
        return parse_qs(urlsplit(self.address).query)["token"][0]

    def url(self, name: str) -> str:
        """The address of the notebook ``name``, the secret word included."""
        return f"{self.origin}/voila/render/{quote(name)}?token={self.token}"

    def said(self) -> list[str]:
        """The lines that it printed since this was last asked."""
        found = []
        with suppress(queue.Empty):
            while True:
                found.append(self.lines.get_nowait())
        return found

    def kernels(self) -> list[psutil.Process]:
        """The kernels that run now, one for each open page: those that branched off, and ordinary ones."""
        return self._children(lambda child: _is_kernel(child) and not _waits(child))

    def waiting(self) -> list[psutil.Process]:
        """The kernel that is ready for the next visitor, or will be in a moment."""
        return self._children(_waits)

    def stems(self) -> list[psutil.Process]:
        """The process from which kernels branch off, where there is one."""
        return self._children(lambda child: child.name() == "kizuna-stem")

    def _children(self, wanted: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if child.status() != psutil.STATUS_ZOMBIE and wanted(child):
                    found.append(child)
        return found

    def end_kernels(self) -> None:
        """End every kernel for good, the way the server itself does."""
        for file in self.home.parent.glob("tmp/voila_*/kernel-*.json"):
            asked = urllib.request.Request(f"{self.origin}/api/kernels/{file.stem.removeprefix('kernel-')}", method="DELETE")
            asked.add_header("Authorization", f"token {self.token}")
            with suppress(urllib.error.HTTPError):  # it is on its way out already
                urllib.request.urlopen(asked, timeout=20).close()

    def empty_home(self) -> None:
        """End what earlier pages left running and empty the folder of workbooks."""
        self.end_kernels()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)


def _is_kernel(process: psutil.Process) -> bool:
    return process.name() == "kizuna-kernel" or "ipykernel_launcher" in process.cmdline()


def _waits(process: psutil.Process) -> bool:
    begun_ahead = "ipykernel_launcher" in process.cmdline() and "KIZUNA_KERNEL_WAITS" in process.environ()
    return process.name() in ("kizuna-coming", "kizuna-ready") or (begun_ahead and process.name() != "kizuna-kernel")


def kill_kernels(server: Server) -> int:
    """Kill every kernel of ``server`` without a warning, as a crash would; returns how many there were.

    The server notices within three seconds and starts an empty kernel in the place of each.
    """
    kernels = server.kernels()
    for kernel in kernels:
        kernel.kill()
    return len(kernels)


@contextmanager
def serving(
    folder: Path,
    *,
    notebooks: Path | None = None,
    command: str = "start",
    options: tuple[str, ...] = (),
    port: int | None = 0,
    more: dict[str, str] | None = None,
) -> Iterator[Server]:
    """Run ``kizuna start --no-browser`` until the block ends; ``folder`` gets its home and its workbooks.

    ``more`` goes into its environment; ``port`` 0 is any free one: tests that run side by side shall not take over each other's. None lets kizuna choose.
    """
    if port is not None:
        options = (*options, "--port", str(port or free_port()))
    home = folder / "kizuna"
    home.mkdir(parents=True, exist_ok=True)
    left_out = ("KIZUNA_WORKBOOK", "KIZUNA_NOTEBOOKS", "DISPLAY", "WAYLAND_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in left_out and not name.startswith(("COV", "PYTEST"))}
    environment |= {"HOME": str(folder), "USERPROFILE": str(folder), "KIZUNA_HOME": str(home), "PYTHONUTF8": "1"}
    environment |= {"TMPDIR": str(folder / "tmp"), "TMP": str(folder / "tmp"), **(more or {})}
    (folder / "tmp").mkdir(exist_ok=True)
    if notebooks is not None:
        environment["KIZUNA_NOTEBOOKS"] = str(notebooks)
    process = subprocess.Popen(
        [sys.executable, "-m", "kizuna.cli", command, "--no-browser", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=environment,
    )
    lines: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    try:
        yield Server(process, _wait_for_address(lines), home, lines)
    finally:
        process.terminate()
        try:
            process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(process: subprocess.Popen[str], lines: queue.Queue[str]) -> None:
    try:
        for line in process.stdout or ():
            lines.put(line)
    except ValueError:  # the pipe was closed while it was read
        pass
    lines.put("")


def _wait_for_address(lines: queue.Queue[str]) -> str:
    said = ""
    while line := lines.get(timeout=60):
        said += line
        if found := re.search(r"https?://\S+(?<!\.\.\.)$", line):  # Voilà's log hides the secret word
            return found[0]
    raise RuntimeError(f"kizuna ended before it gave an address. It said:\n{said}")


def browser_path() -> str:
    """The Chromium or Chrome of this machine: ``KIZUNA_BROWSER``, else the first one in PATH."""
    found = os.environ.get("KIZUNA_BROWSER") or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if not found:
        raise RuntimeError("No Chromium found. Install it (`make test` does so on Debian), or set KIZUNA_BROWSER to its path.")
    return found


def launch_chromium(playwright: Playwright) -> Browser:
    """A Chromium without a window and with an empty profile."""
    return playwright.chromium.launch(executable_path=browser_path(), args=list(_FLAGS))


def open_page(page: Page, server: Server, name: str) -> None:
    """Open the notebook ``name`` and wait until its forms stand; raises when the page lost its kernel before."""
    try:
        page.goto(server.url(name))
        wait_until_ready(page)
    except Exception as wrong:
        wrong.add_note(f"The server said last:\n{''.join(server.said()[-80:])}")
        raise


# What the library puts in the place of a form it could not draw, or has not drawn yet.
_UNDRAWN = re.compile("Error displaying widget|Loading widget|Javascript Error")


def wait_until_ready(page: Page) -> None:
    """Wait until the page says that it is ready; raises where it lost its kernel or a form could not be drawn."""
    from playwright.sync_api import TimeoutError as TookTooLong

    try:
        page.wait_for_selector(
            'body:is([data-kizuna="ready"], .kizuna-plain), #kizuna-lost:not([hidden])', state="attached", timeout=90_000
        )
    except TookTooLong as late:
        late.add_note(
            f"It got as far as {page.evaluate('[document.readyState, document.body?.dataset.kizuna, document.body?.innerText.slice(0, 500)]')}"
        )
        raise
    if page.locator("body.kizuna-plain").count():
        raise RuntimeError(f"The server did not give the page: {page.inner_text('body')}")
    if page.locator("#kizuna-lost").is_visible():
        raise RuntimeError("The page lost its kernel before it was ready.")
    if unfinished := page.locator(".jp-OutputArea-output").filter(has_text=_UNDRAWN).count():
        raise RuntimeError(f"{unfinished} forms of the page were not drawn.")
