"""A served course and two screens to look at it: ``laptop`` and ``phone``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import serving
from tests.browser.serving import LAPTOP, PHONE, Server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each page gets an empty profile of its own."""
    with sync_playwright() as playwright:
        browser = serving.launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def notebooks() -> Path | None:
    """The notebooks to serve; None means the course's own. A test module may give its own fixture of this name."""
    return None


@pytest.fixture(scope="module")
def running_server(notebooks: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One ``kizuna start`` for each test module."""
    with serving.serving(tmp_path_factory.mktemp("served"), notebooks=notebooks, options=("--debug",)) as server:
        yield server


@pytest.fixture
def server(running_server: Server) -> Iterator[Server]:
    """The module's server, for this test with an empty folder of workbooks (``server.home``) and no kernel running."""
    running_server.empty_home()
    yield running_server
    running_server.end_kernels()


@pytest.fixture
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start a server of one's own: ``start_server(notebooks=…, command="lab", port=8900)``."""
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(serving.serving(tmp_path_factory.mktemp("served"), **how))


@pytest.fixture
def open_page(server: Server) -> Callable[[Page, str], Page]:
    """``open_page(laptop, "00_start.ipynb")`` opens that notebook, waits until it is ready, and returns the page."""

    def opened(page: Page, name: str) -> Page:
        serving.open_page(page, server, name)
        return page

    return opened


@pytest.fixture
def laptop(chromium: Browser) -> Iterator[Page]:
    """A page on a small laptop (1366 × 768)."""
    yield from _screen(chromium, viewport=LAPTOP)


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A page on a phone (390 × 844)."""
    yield from _screen(chromium, viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2)


def _screen(chromium: Browser, **look: Any) -> Iterator[Page]:
    """A page that fails its test when it asked for anything beyond this machine, or when its scripts raised an error."""
    context = chromium.new_context(locale="ja-JP", timezone_id="Asia/Tokyo", **look)
    page = context.new_page()
    asked: list[str] = []
    raised: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    context.on("weberror", lambda error: raised.append(str(error.error)))
    yield page
    context.close()
    here = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:", "about:", "file:")
    assert [url for url in asked if not url.startswith(here)] == [], "a page asked for something beyond this machine"
    assert raised == [], "a script on the page raised an error"
