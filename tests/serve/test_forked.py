"""Kernels that branch off the stem are kernels like any other, and know nothing of one another."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory

from kizuna import loading
from kizuna.serve import stem as stems
from kizuna.serve.forked import branch_kernels_off
from kizuna.serve.stem import WAITS, Branch, Stem, can_branch

pytestmark = pytest.mark.skipif(not can_branch(), reason="kernels branch off on Linux only")


@pytest.fixture
def stem() -> Iterator[Stem]:
    with Stem() as one:
        branch_kernels_off(one)
        yield one
    KernelProvisionerFactory.clear_instance()


def in_a_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` in a loop of its own, also where a browser test of this process has one going."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


class Kernel:
    """A kernel, and its answer to a line of Python."""

    def __init__(self, **environment: str) -> None:
        self.manager = AsyncKernelManager(client_class="kizuna.serve.client.PageClient")
        self.environment = {**os.environ, **environment}

    async def __aenter__(self) -> Kernel:
        await self.manager.start_kernel(env=self.environment)
        await self.listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.client.stop_channels()
        await self.manager.shutdown_kernel(now=True)

    async def listen(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=60)

    async def says(self, line: str) -> str:
        heard: list[str] = []
        reply = await self.client.execute_interactive(
            f"print({line})", timeout=60, output_hook=lambda said: heard.append(said["content"].get("text", ""))
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(heard).strip()

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    @property
    def branched(self) -> bool:
        return isinstance(self.manager.provisioner.process, Branch)


def test_a_kernel_is_a_child_of_the_server_and_has_all_it_needs_loaded(stem):
    async def act() -> None:
        async with Kernel() as kernel:
            assert kernel.branched
            assert await kernel.says("__import__('os').getppid()") == str(os.getpid())
            assert await kernel.says("'kizuna.views.forms' in __import__('sys').modules") == "True"
            assert await kernel.says("__import__('os').getsid(0)") == str(kernel.pid)
            assert await kernel.says("__name__") == "__main__"

    in_a_loop(act())


def test_each_has_its_own_environment_and_chance(stem):
    async def act() -> None:
        async with Kernel(KIZUNA_HOME="/a", ONLY_ONE="1") as one, Kernel(KIZUNA_HOME="/b") as other:
            home = "__import__('kizuna.workbook.place', fromlist=['x']).home()"
            assert (await one.says(home), await other.says(home)) == ("/a", "/b")
            assert await other.says("'ONLY_ONE' in __import__('os').environ") == "False"
            chance = "__import__('random').random()"
            assert await one.says(chance) != await other.says(chance)

    in_a_loop(act())


def test_nothing_of_one_page_reaches_another_or_the_stem(stem):
    async def act() -> None:
        async with Kernel() as one:
            await one.says("setattr(__import__('kizuna.process', fromlist=['x']), 'left_behind', 1)")
            await one.says("__import__('os').environ.update(LEFT='1')")
            async with Kernel() as other:
                assert await other.says("hasattr(__import__('kizuna.process', fromlist=['x']), 'left_behind')") == "False"
                assert await other.says("'LEFT' in __import__('os').environ") == "False"

    in_a_loop(act())


def test_the_stem_has_one_thread_and_no_workbook_open(stem):
    async def act() -> None:
        async with Kernel() as kernel:
            process = psutil.Process(stem.pid)
            assert process.num_threads() == 1
            assert not [file.path for file in process.open_files() if file.path.endswith((".kizuna", ".sqlite"))]
            # The line to the server is the stem's alone.
            assert not [one for one in psutil.Process(kernel.pid).net_connections("unix") if one.raddr]

    in_a_loop(act())


def test_the_stem_does_once_what_a_page_does_first_before_a_kernel_that_nobody_waits_for(stem):
    tried = "'kizuna.serve.trial' in __import__('sys').modules"

    async def act() -> None:
        for waits, expected in (("1", "False"), ("", "False"), ("1", "True"), ("", "True")):
            async with Kernel(**({WAITS: waits} if waits else {})) as kernel:
                assert kernel.branched
                assert await kernel.says(tried) == expected
                assert await kernel.says("len(__import__('ipywidgets.widgets.widget', fromlist=['x'])._instances)") == "0"
        assert psutil.Process(stem.pid).num_threads() == 1

    in_a_loop(act())


def test_a_killed_kernel_is_heard_of_and_another_can_take_its_place(stem):
    async def act() -> None:
        async with Kernel() as kernel:
            first = kernel.pid
            os.kill(first, signal.SIGKILL)
            until = time.monotonic() + 10
            while await kernel.manager.is_alive():
                assert time.monotonic() < until
                await asyncio.sleep(0.02)
            assert kernel.manager.provisioner.process.returncode == -signal.SIGKILL
            kernel.client.stop_channels()
            await kernel.manager.restart_kernel(now=True)
            await kernel.listen()
            assert kernel.branched and kernel.pid != first
            assert await kernel.says("1 + 1") == "2"
            assert not psutil.pid_exists(first)

    in_a_loop(act())


def test_a_kernel_can_be_interrupted_and_asked_to_end(stem):
    async def act() -> None:
        async with Kernel() as kernel:
            asked = kernel.client.execute("import time; time.sleep(60)")
            await asyncio.sleep(0.3)
            await kernel.manager.interrupt_kernel()
            reply = await kernel.client.get_shell_msg(timeout=20)
            while reply["parent_header"].get("msg_id") != asked:
                reply = await kernel.client.get_shell_msg(timeout=20)
            assert reply["content"]["ename"] == "KeyboardInterrupt"
            await kernel.manager.shutdown_kernel()
            assert not psutil.pid_exists(kernel.pid)

    in_a_loop(act())


def test_without_its_stem_a_page_lives_on_and_the_next_ones_start_all_the_same(stem):
    async def act() -> None:
        async with Kernel() as before:
            broken = stem.pid
            os.kill(broken, signal.SIGKILL)
            async with Kernel() as plain:
                assert not plain.branched
                assert await plain.says("1 + 1") == "2"
            assert await before.says("1 + 1") == "2"
            assert stem.pid not in (None, broken)
            async with Kernel() as after:
                assert after.branched

    in_a_loop(act())


def test_a_changed_file_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "PACKAGE", tmp_path)
    (tmp_path / "words.yaml").write_text("one: 1")
    before = stems.state_of_files()
    assert stems.state_of_files() == before
    os.utime(tmp_path / "words.yaml", (1, 1))
    assert stems.state_of_files() != before


def test_a_stem_with_old_words_is_put_up_anew(stem):
    first = stem.pid
    stem._line.close()
    stem._line, its = socket.socketpair()
    its.sendall(b'{"pid": null}\n')
    assert stem.branch([], None, {}) is None
    assert stem.pid not in (None, first)
    its.close()


def test_a_closed_stem_leaves_no_process(stem):
    process = psutil.Process(stem.pid)
    stem.close()
    assert not process.is_running()
    assert stem.branch([], None, {}) is None


def test_the_stem_ends_with_its_server():
    code = "from kizuna.serve.stem import WAITS, Stem; s = Stem(); print(s.pid, flush=True); import os; os.kill(os.getpid(), 9)"
    told = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False).stdout
    until = time.monotonic() + 30
    while psutil.pid_exists(int(told)) and psutil.Process(int(told)).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_it_can_be_switched_off(monkeypatch):
    monkeypatch.setenv("KIZUNA_KERNEL", "plain")
    with Stem() as one:
        assert one.pid is None
        assert one.branch([], None, {}) is None


def test_elsewhere_than_on_linux_nothing_branches_off(monkeypatch):
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    with Stem() as one:
        assert one.pid is None
