"""The kernel that is ready for the next visitor is as a new one would be, and is let go where it is not."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from queue import Empty
from typing import Any

import psutil
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_client.restarter import KernelRestarter
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager

from kizuna.serve import ready
from kizuna.serve.client import PageClient
from kizuna.serve.forked import branch_kernels_off
from kizuna.serve.ready import ReadyKernels
from kizuna.serve.stem import Stem, can_branch

KINDS = ["plain", pytest.param("branched", marks=pytest.mark.skipif(not can_branch(), reason="kernels branch off on Linux only"))]


talks: list[Any] = []


@pytest.fixture(params=KINDS)
def play(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Callable[[ReadyKernels], Coroutine[Any, Any, None]]], None]]:
    """Run a test with kernels of either kind, in a loop of its own; afterwards no process may be left."""

    async def with_kernels(act: Callable[[ReadyKernels], Coroutine[Any, Any, None]]) -> None:
        (tmp_path / "connections").mkdir()
        (tmp_path / "other").mkdir()
        settings: dict[str, Any] = {"root_dir": str(tmp_path), "connection_dir": str(tmp_path / "connections")}
        kernels = ReadyKernels(**settings)
        before = set(psutil.Process().children())
        try:
            kernels.prepare()
            await act(kernels)
        finally:
            while talks:
                talks.pop().stop_channels()
            await kernels.shutdown_all()
        assert set(psutil.Process().children()) <= before

    with Stem() if request.param == "branched" else nullcontext() as stem:
        if stem:
            branch_kernels_off(stem)
        with ThreadPoolExecutor(1) as pool:
            yield lambda act: pool.submit(asyncio.run, with_kernels(act)).result()
    KernelProvisionerFactory.clear_instance()


async def visit(kernels: ReadyKernels, path: str = "", **added: str) -> tuple[str, Any]:
    """A visitor's kernel, and a way to ask it for the value of a line of Python."""
    kernel_id = await kernels.start_kernel(kernel_name="python3", path=path, env={**os.environ, **added})
    client = kernels.get_kernel(kernel_id).client()
    talks.append(client)
    client.start_channels()
    await client.wait_for_ready(timeout=60)

    async def says(line: str) -> Any:
        heard: list[str] = []
        told = f"print(__import__('json').dumps({line}))"
        await client.execute_interactive(told, timeout=60, output_hook=lambda said: heard.append(said["content"].get("text", "")))
        return json.loads("".join(heard))

    return kernel_id, says


async def made(kernels: ReadyKernels) -> str:
    """The number of the kernel that waits, once it does."""
    await kernels._waiting.loaded
    assert kernels.ready
    return kernels.ready


def test_a_visitor_gets_it_with_the_environment_of_the_visit_and_nothing_else_in_it(play):
    async def act(kernels: ReadyKernels) -> None:
        waiting = await made(kernels)
        taken, says = await visit(kernels, QUERY_STRING='token="春"')
        assert taken == waiting
        assert await says("len(In)") == 2, "this question and, at the front, always an empty one"
        assert await says("__import__('os').environ['QUERY_STRING']") == 'token="春"'
        assert await says("'kizuna.views.forms' in __import__('sys').modules")
        assert await says("[n for n in dir() if n[0] != '_' and n not in ('In', 'Out', 'exit', 'quit', 'get_ipython', 'open')]") == []

    play(act)


def test_a_visitor_who_comes_early_waits_for_it(play, monkeypatch):
    monkeypatch.setattr(ready, "PAUSE", 600)  # the next one is not made while this is looked at

    async def act(kernels: ReadyKernels) -> None:
        await asyncio.sleep(0)  # it has been begun
        taken, says = await visit(kernels)
        assert await says("1 + 1") == 2
        assert kernels.list_kernel_ids() == [taken]

    play(act)


def test_two_visitors_get_two_kernels(play):
    async def act(kernels: ReadyKernels) -> None:
        (one, says_one), (other, says_other) = await asyncio.gather(visit(kernels), visit(kernels))
        assert one != other
        pid = "__import__('os').getpid()"
        assert await says_one(pid) != await says_other(pid)

    play(act)


def test_the_next_one_is_made_after_a_visit(play, monkeypatch):
    monkeypatch.setattr(ready, "PAUSE", 0)

    async def act(kernels: ReadyKernels) -> None:
        taken, _ = await visit(kernels)
        while kernels._waiting is None:
            await asyncio.sleep(0.01)
        assert await made(kernels) != taken

    play(act)


@pytest.mark.parametrize("difference", ["files", "folder", "environment"])
def test_it_is_let_go_where_a_new_one_would_be_another(play, monkeypatch, difference):
    async def act(kernels: ReadyKernels) -> None:
        waiting = await made(kernels)
        pid = kernels.get_kernel(waiting).provisioner.pid
        if difference == "files":
            monkeypatch.setattr(ready, "state_of_files", lambda: (0, 0))
        folder = "other" if difference == "folder" else ""
        added = {"PATH": os.environ["PATH"] + os.pathsep + "/more"} if difference == "environment" else {}
        taken, says = await visit(kernels, folder, **added)
        assert taken != waiting
        assert Path(await says("__import__('os').getcwd()")).name == (folder or Path(kernels.root_dir).name)
        assert (await says("__import__('os').environ['PATH']")).endswith("/more") == (difference == "environment")
        while psutil.pid_exists(pid):
            await asyncio.sleep(0.01)

    play(act)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="Windows knows no such signals")
@pytest.mark.parametrize("way", ["SIGKILL", "SIGSTOP"])
def test_when_it_broke_or_does_not_answer_the_visitor_gets_another(play, monkeypatch, way):
    monkeypatch.setattr(ready, "_SECONDS_TO_TAKE", 0.5)

    async def act(kernels: ReadyKernels) -> None:
        waiting = await made(kernels)
        kernel = kernels.get_kernel(waiting)
        broken = psutil.Process(kernel.provisioner.pid)
        broken.send_signal(getattr(signal, way))
        while way == "SIGKILL" and await kernel.is_alive():
            await asyncio.sleep(0.01)
        taken, says = await visit(kernels)
        assert taken == waiting, "its page has been told of this number"
        assert await says("__import__('os').getpid()") != broken.pid
        assert not broken.is_running()

    play(act)


def test_one_that_breaks_while_it_waits_does_not_start_anew_and_a_visitors_does(play, monkeypatch):
    monkeypatch.setattr(KernelRestarter, "time_to_dead", 0.3)  # seconds between two looks at a kernel

    async def act(kernels: ReadyKernels) -> None:
        await made(kernels)
        taken = kernels.get_kernel((await visit(kernels))[0])
        kernels.prepare()
        waiting = kernels.get_kernel(await made(kernels))
        waiting.provisioner.process.kill()
        for _ in range(2):  # the second time it has been looked at since
            before = taken.provisioner.pid
            taken.provisioner.process.kill()
            async with asyncio.timeout(30):
                while taken.provisioner.pid in (before, None) or not taken.has_kernel:
                    await asyncio.sleep(0.01)
        assert not await waiting.is_alive()
        await taken.ready

    play(act)


def test_the_watch_for_idle_kernels_hears_what_a_kernel_does_and_nothing_of_its_widgets(play):
    async def act(kernels: ReadyKernels) -> None:
        kernel_id, says = await visit(kernels)
        kernel = kernels.get_kernel(kernel_id)
        before, heard = kernel.last_activity, []
        async with asyncio.timeout(30):
            while kernel.last_activity == before or kernel.execution_state != "idle":
                assert await says("1 + 1") == 2  # the watch may not be connected at the first
        kernel._activity_stream.on_recv(lambda parts: heard.append(parts[0]))
        await says("len(__import__('ipywidgets').HTML().comm.comm_id)")
        async with asyncio.timeout(30):
            while sum(topic.endswith(b"status") for topic in heard) < 2:
                await asyncio.sleep(0.01)
        assert all(topic.startswith(b"kernel.") for topic in heard)

    play(act)


def test_what_a_kernel_is_asked_for_fails_where_it_fails_and_where_it_dies(play):
    async def act(kernels: ReadyKernels) -> None:
        client: PageClient = kernels.get_kernel((await visit(kernels))[0]).client()
        talks.append(client)
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        assert await client.value("__import__('IPython').display.JSON({'春': [1]})") == {"春": [1]}
        with pytest.raises(RuntimeError, match="ZeroDivisionError"):
            await client.value("1 / 0")
        async with asyncio.timeout(30):
            with pytest.raises(RuntimeError, match="died"):
                await client.value("__import__('os')._exit(1)")

    play(act)


def test_when_it_was_ended_the_visitor_gets_another(play):
    async def act(kernels: ReadyKernels) -> None:
        waiting = await made(kernels)
        await kernels.shutdown_kernel(waiting)
        _, says = await visit(kernels)
        assert await says("1 + 1") == 2

    play(act)


def test_when_it_was_ended_while_it_was_made_the_visitor_gets_another(play, monkeypatch):
    start = AsyncMappingKernelManager.start_kernel

    async def start_and_end(self: Any, **how: Any) -> str:
        kernel_id = await start(self, **how)
        await self.shutdown_kernel(kernel_id, now=True)
        return kernel_id

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", start_and_end)

    async def act(kernels: ReadyKernels) -> None:
        await asyncio.wait({kernels._waiting.made})
        monkeypatch.undo()
        _, says = await visit(kernels)
        assert await says("1 + 1") == 2

    play(act)


def test_one_that_is_still_being_made_ends_with_the_others(play):
    async def act(kernels: ReadyKernels) -> None:
        await asyncio.sleep(0)  # and then everything ends; `play` looks whether a process is left

    play(act)


@pytest.mark.parametrize("wait", [0, 0.2])
def test_one_whose_visitor_still_waits_for_it_ends_with_the_others(play, wait):
    async def act(kernels: ReadyKernels) -> None:
        _, coming = kernels.begin_visit()
        await asyncio.wait({coming}, timeout=wait)
        assert not coming.done()

    play(act)


def test_server_and_kernel_talk_without_ports_where_they_can(play):
    async def act(kernels: ReadyKernels) -> None:
        taken, says = await visit(kernels)
        kernel = kernels.get_kernel(taken)
        listening = [at for at in psutil.Process(kernel.provisioner.pid).net_connections("tcp") if at.status == psutil.CONN_LISTEN]
        assert kernel.transport == "ipc"
        assert not {at.laddr.port for at in listening} & set(kernel.ports)
        assert await says("1 + 1") == 2

    play(act)


@pytest.mark.parametrize(("system", "length", "transport"), [("Linux", 40, "ipc"), ("Linux", 120, "tcp"), ("Windows", 40, "tcp")])
def test_ports_are_used_where_a_path_would_be_too_long(monkeypatch, system, length, transport):
    monkeypatch.setattr(ready.platform, "system", lambda: system)
    kernel = ready.PageKernel(connection_file=f"/{'a' * length}/kernel-0a1b2c3d-4e5f-6789-abcd-0123456789ab.json")
    assert kernel.transport == transport
    assert kernel.ip == (f"/{'a' * length}/0a1b2c3d4e" if transport == "ipc" else "127.0.0.1")


def test_a_kernel_that_is_another_now_is_not_waited_for(monkeypatch):
    """The other has new ports or keys; a page that waited for the first one would wait its whole minute."""

    class Born:
        pid = 1

    async def wait() -> None:
        client = PageClient(parent=ready.PageKernel())
        client.parent.provisioner = Born()
        monkeypatch.setattr(client, "kernel_info", lambda: "question")

        async def nothing(*_: Any) -> Any:
            client.parent.provisioner.pid += 1
            raise Empty

        async def lives() -> bool:
            return True

        monkeypatch.setattr(client, "_heard", nothing)
        monkeypatch.setattr(client, "_async_is_alive", lives)
        await client.answered(timeout=60)

    monkeypatch.setattr(PageClient, "shell_channel", None)
    monkeypatch.setattr(PageClient, "iopub_channel", None)
    with pytest.raises(RuntimeError, match="died"):
        asyncio.run(wait())
