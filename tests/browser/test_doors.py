"""Both servers answer on this machine only, and only to who knows the secret word, comes under our name, and from our own pages."""

from __future__ import annotations

import http.client
import re
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from tests.browser import serving
from tests.browser.serving import Server

PAGE = "/voila/render/00_start.ipynb"


@pytest.fixture(scope="module", params=["start", "lab"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Server]]:
    with serving.serving(tmp_path_factory.mktemp("served"), command=request.param) as server:
        yield request.param, server


def ask(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(server.origin.removeprefix("http://"), timeout=60)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    said = answer.read(20_000).decode("utf-8", "replace") if answer.status != 101 else ""
    connection.close()
    return answer.status, dict(answer.headers), said


def talk(server: Server, path: str, **headers: str) -> int:
    """The status of an attempt to open a web socket; 101 is an open door."""
    wish = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    return ask(server, path, **(wish | headers))[0]


def a_kernel(command: str, server: Server) -> str:
    """A kernel that runs: its id, as its page knows it."""
    if command == "lab":
        wish = urllib.request.Request(f"{server.origin}/api/kernels", b"{}", {"Authorization": f"token {server.token}"})
        with urllib.request.urlopen(wish, timeout=60) as answer:
            return re.search(r'"id": ?"([^"]+)"', answer.read().decode())[1]  # type: ignore[index]
    with urllib.request.urlopen(server.url("00_start.ipynb"), timeout=60) as answer:
        return re.search(r'"kernelId": ?"([^"]+)"|kernel_id = "([^"]+)"', answer.read().decode())[1]  # type: ignore[index]


def test_it_listens_on_this_machine_only(served: tuple[str, Server]) -> None:
    command, server = served
    a_kernel(command, server)
    processes = [psutil.Process(server.process.pid), *psutil.Process(server.process.pid).children(recursive=True)]
    listening = {one.laddr.ip for process in processes for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN}
    away = [one.raddr for process in processes for one in process.net_connections("inet") if one.raddr and one.raddr.ip != "127.0.0.1"]
    assert listening == {"127.0.0.1"}
    assert away == []


@pytest.mark.parametrize("wrong", [{}, {"Authorization": "token wrong"}, {"Cookie": "_xsrf=x; username-127-0-0-1-8866=x"}])
def test_without_the_secret_word_nothing_is_told(served: tuple[str, Server], wrong: dict[str, str]) -> None:
    command, server = served
    kernel = a_kernel(command, server)
    paths = [f"/api/kernels/{kernel}", "/api/kernels", f"/files/{kernel}"]
    paths += [PAGE, "/voila/files/00_start.ipynb"] if command == "start" else ["/lab", "/api/contents", "/api/sessions", "/api/terminals"]
    for path in paths:
        status, _, said = ask(server, path, **wrong)
        assert status in (302, 403, 404, 405), path
        assert kernel not in said and "ipynb_checkpoints" not in said, path
    assert talk(server, f"/api/kernels/{kernel}/channels", **wrong) in (302, 403)


def test_a_page_from_elsewhere_cannot_talk_through_the_visitors_browser(served: tuple[str, Server]) -> None:
    """The browser sends its cookie along whoever asks; so the web socket opens for our own pages alone."""
    command, server = served
    channels = f"/api/kernels/{a_kernel(command, server)}/channels"
    with urllib.request.urlopen(f"{server.origin}{PAGE if command == 'start' else '/lab'}?token={server.token}", timeout=60) as answer:
        cookie = "; ".join(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie"))
    assert talk(server, channels, Origin=server.origin, Cookie=cookie) == 101
    lookalike = server.origin.replace("127.0.0.1", "127.0.0.1.outside.invalid")
    for origin in ("http://outside.invalid", "https://outside.invalid:8866", "null", lookalike, "http://127.0.0.1:1"):
        assert talk(server, channels, Origin=origin, Cookie=cookie) == 403, origin


def test_another_name_that_points_here_is_refused(served: tuple[str, Server]) -> None:
    _, server = served
    port = server.origin.rpartition(":")[2]
    for host in (f"outside.invalid:{port}", "outside.invalid", f"127.0.0.1.outside.invalid:{port}", f"192.0.2.1:{port}"):
        assert ask(server, f"{PAGE}?token={server.token}", Host=host)[0] == 403, host
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        assert ask(server, f"/?token={server.token}", Host=host)[0] < 400, host
