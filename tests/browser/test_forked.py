"""Pages whose kernels branch off the stem: apart from one another, and gone when they should be."""

from __future__ import annotations

import sys
import time

import psutil
import pytest

from tests.browser import journey, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels branch off on Linux only")


def names(server) -> list[str]:
    return [kernel.name() for kernel in server.kernels()]


def wait_for_a_waiting_kernel(server) -> psutil.Process:
    until = time.monotonic() + 20
    while [one.name() for one in server.waiting()] != ["kizuna-ready"]:
        assert time.monotonic() < until, "no kernel was made ready"
        time.sleep(0.05)
    return server.waiting()[0]


@pytest.mark.parametrize("kind", ["", "plain"])
def test_a_kernel_waits_for_the_next_visitor_and_has_touched_nothing(start_server, laptop, kind):
    server = start_server(more={"KIZUNA_KERNEL": kind})
    waiting = wait_for_a_waiting_kernel(server)
    assert server.kernels() == []
    assert not list(server.home.iterdir())
    assert not [file.path for file in waiting.open_files() if "kizuna/" in file.path]
    serving.open_page(laptop, server, "00_start.ipynb")
    assert server.kernels() == [waiting]
    assert wait_for_a_waiting_kernel(server) != waiting


def test_an_exercise_takes_over_the_kernel_that_waits_as_its_section_does(server, laptop, open_page):
    open_page(laptop, "02_followup_research.ipynb")
    waiting = wait_for_a_waiting_kernel(server)
    open_page(laptop, "practice_02_followup_research.ipynb")
    assert waiting in server.kernels()


def test_a_page_does_not_suffer_when_the_waiting_kernel_breaks(start_server, laptop, phone):
    server = start_server()
    serving.open_page(laptop, server, "00_start.ipynb")
    wait_for_a_waiting_kernel(server).kill()
    serving.open_page(phone, server, "00_start.ipynb")
    journey.begin_own_workbook(laptop, "となりの書店")
    assert not laptop.get_by_text("つながりが切れました。").is_visible()
    until = time.monotonic() + 20
    while (running := names(server)) != ["kizuna-kernel"] * 2:
        assert time.monotonic() < until, f"two pages have these kernels: {running}"
        time.sleep(0.05)


def test_two_pages_are_two_processes(server, laptop, phone, open_page):
    for page in (laptop, phone):
        open_page(page, "00_start.ipynb")
    assert names(server) == ["kizuna-kernel"] * 2
    (stem,) = server.stems()
    assert [kernel.ppid() for kernel in server.kernels()] == [server.process.pid] * 2
    assert stem.num_threads() == 1
    assert not stem.children()


def test_the_other_page_lives_on_when_one_kernel_is_killed(server, laptop, phone, open_page):
    open_page(laptop, "00_start.ipynb")
    (first,) = server.kernels()
    open_page(phone, "00_start.ipynb")
    first.kill()
    laptop.get_by_text("つながりが切れました。").wait_for(timeout=40_000)
    journey.begin_own_workbook(phone, "となりの書店")
    assert not phone.get_by_text("つながりが切れました。").is_visible()


def test_without_its_stem_the_server_makes_pages_all_the_same(start_server, laptop):
    server = start_server()
    serving.open_page(laptop, server, "00_start.ipynb")
    wait_for_a_waiting_kernel(server)
    (stem,) = server.stems()
    stem.kill()
    for name in ("01_overview.ipynb", "00_start.ipynb"):  # with the kernel that branched off before, and with an ordinary one
        serving.open_page(laptop, server, name)
        waiting = wait_for_a_waiting_kernel(server)
    assert "ipykernel_launcher" not in waiting.cmdline(), "kernels branch off the new stem"
    assert server.stems() not in ([], [stem])


def test_it_can_be_switched_off(start_server, laptop):
    server = start_server(more={"KIZUNA_KERNEL": "plain"})
    serving.open_page(laptop, server, "00_start.ipynb")
    assert server.stems() == []
    (kernel,) = server.kernels()
    assert "ipykernel_launcher" in kernel.cmdline()


@pytest.mark.parametrize("ending", ["terminate", "kill"])
def test_nobody_is_left_when_the_server_ends(start_server, laptop, ending):
    server = start_server()
    serving.open_page(laptop, server, "00_start.ipynb")
    wait_for_a_waiting_kernel(server)
    left = [*server.kernels(), *server.waiting(), *server.stems()]
    assert len(left) == 3
    getattr(server.process, ending)()
    assert psutil.wait_procs(left, timeout=30)[1] == []


def test_an_idle_page_that_nobody_looks_at_is_ended(start_server, laptop):
    server = start_server()
    serving.open_page(laptop, server, "00_start.ipynb")
    kernels = server.kernels()
    laptop.goto("about:blank")
    assert psutil.wait_procs(kernels, timeout=90)[1] == []
    until = time.monotonic() + 10
    while any(child.status() == psutil.STATUS_ZOMBIE for child in psutil.Process(server.process.pid).children()):
        assert time.monotonic() < until, "an ended kernel was not laid to rest"
        time.sleep(0.1)
