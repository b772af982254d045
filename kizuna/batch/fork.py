"""One process for each report, branched off one that has loaded everything: full isolation without the cost of a start.

The process they branch off has one thread and does nothing but branch off, wait and look at the clock: starting processes from several threads gives
wrong exit codes on CPython 3.11. It opens no submission, so there is nothing in it that one report could hand on to another. A report that crashes,
hangs or takes all memory ends alone, and what came of it is told by its receipt, never by how its process ended.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import platform
import random
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kizuna.batch.job import BROKE_OFF, TOO_LONG, Job
from kizuna.errors import KizunaError
from kizuna.loading import alone, call_oneself, load

_LOADED = (
    "comm",
    "kizuna.batch.work",
    "kizuna.views.report",
    "kizuna.workbook.submission",
    "nbclient.exceptions",
    "papermill",
    "resource",
)
_TRIES = 2  # processes that may break while they load
_MEMORY = 2 * 2**30  # bytes of address space one report may have
_DESCRIPTORS = 4096  # more are not open
_FOREVER = 10**6  # seconds
_DEATHSIG = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>

Ended = tuple[Job, str]  # a job and the sentence to tell where it left no receipt


def can_fork() -> bool:
    """Whether reports may branch off here: on Linux. (A fork is unsafe with the libraries of macOS and missing on Windows.)"""
    return platform.system() == "Linux" and hasattr(os, "fork") and hasattr(os, "pidfd_open")


class Forks:
    """Runs jobs in processes that branch off a loaded one, ``workers`` at once; it is loaded when the first job comes."""

    def __init__(self, workers: int, environment: Mapping[str, str] | None = None) -> None:
        self._workers = workers
        self._environment = {**os.environ, **(environment or {}), "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._got = b""
        self._loaded = False
        self._left = _TRIES

    @property
    def pid(self) -> int | None:
        """The number of the process the reports branch off from, or None where it does not stand."""
        return self._process.pid if self._process else None

    def run(self, jobs: Iterable[Job]) -> Iterator[Ended]:
        """Each job as it ends, with the sentence to tell where it left no receipt.

        Raises ``KizunaError`` where no loaded process can be kept up.
        """
        waiting = list(reversed(list(jobs)))
        suspects: list[Job] = []  # were going when the loaded process broke: each has a go alone, and the one at fault is known
        going: dict[int, Job] = {}
        if waiting and self._process is None:
            self._put_up()
        while waiting or suspects or going:
            try:
                self._hand_out(suspects or waiting, going, 1 if suspects else self._workers)
                number, why = self._hear()
            except OSError:
                lost, going = list(going.values()), {}
                loaded = self._loaded
                self._put_up_again()
                if not loaded:
                    waiting += lost
                elif len(lost) == 1:
                    yield lost[0], BROKE_OFF
                else:
                    suspects += lost
            else:
                yield going.pop(number), why

    def _hand_out(self, waiting: list[Job], going: dict[int, Job], most: int) -> None:
        while waiting and len(going) < most:
            job = waiting.pop()
            going[job.number] = job
            self._send(job)

    def _put_up_again(self) -> None:
        if not self._loaded:
            self._left -= 1
        self.close()
        if self._left <= 0:
            raise KizunaError("レポートを作る仕組みが、この機械では動きませんでした。「--engine kernel」を付けて、もう一度始めてください。")
        self._put_up()

    def close(self) -> None:
        """End the loaded process, and with it whatever is still running."""
        if self._line:
            self._line.close()
        if self._process:
            with contextlib.suppress(subprocess.TimeoutExpired):  # it ends what is still running, unless it is still loading
                self._process.wait(timeout=10 if self._loaded else 0)
            self._process.kill()
            self._process.wait()
        self._line = self._process = None
        self._got, self._loaded = b"", False

    def __enter__(self) -> Forks:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _put_up(self) -> None:
        self._line, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(  # noqa: S603 - our own Python with our own module
                [sys.executable, "-P", "-m", "kizuna.batch.fork", str(its.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
                env=self._environment,
                start_new_session=True,  # Ctrl+C is for whoever runs the batch, who then closes the line
            )

    def _send(self, job: Job) -> None:
        if self._line is None:
            raise ConnectionResetError("there is no process to branch off from")
        self._line.sendall(job.to_line())

    def _hear(self) -> tuple[int, str]:
        while b"\n" not in self._got:
            more = self._line.recv(1 << 16) if self._line else b""
            if not more:
                raise ConnectionResetError("the process that reports branch off from is gone")
            self._got += more
        line, self._got = self._got.split(b"\n", 1)
        number, why = json.loads(line)
        if number is None:  # it is loaded
            self._loaded = True
            return self._hear()
        return int(number), str(why)


# ---- the loaded process's own side


@dataclass
class _Going:
    """A report that is being made."""

    number: int
    pid: int
    until: float
    why: str = BROKE_OFF


def main() -> None:
    """Load everything, then branch off a process for each job until the line is closed."""
    call_oneself("kizuna-reports")
    load(_LOADED)
    _warm()
    if not alone():
        sys.exit("kizuna: something started a thread before a report could branch off")
    with socket.socket(fileno=int(sys.argv[1])) as line, contextlib.suppress(ConnectionError):
        _serve(line)


def _warm() -> None:
    """Make once what would be made for each report: templates, the shell, content; nothing of it depends on a submission."""
    from kizuna.batch import engine, work
    from kizuna.views.report import warm

    warm()
    work.rehearse()
    engine.make_ready()
    gc.collect()
    gc.freeze()
    gc.enable()


def _serve(line: socket.socket) -> None:
    got = b""
    going: dict[int, _Going] = {}  # by the descriptor that becomes readable when it ends
    with selectors.DefaultSelector() as watch:
        watch.register(line, selectors.EVENT_READ)
        line.sendall(b'[null, ""]\n')
        try:
            while True:
                soonest = min((one.until for one in going.values()), default=None)
                for key, _ in watch.select(None if soonest is None else max(0.0, soonest - time.monotonic())):
                    if key.fileobj is line:
                        more = line.recv(1 << 16)
                        if not more:
                            return
                        *lines, got = (got + more).split(b"\n")
                        for text in lines:
                            _begin(Job.from_line(text), going, watch, line)
                    else:
                        _end(going.pop(key.fd), key.fd, watch, line)
                for one in going.values():
                    if time.monotonic() >= one.until:
                        one.why, one.until = TOO_LONG, one.until + _FOREVER
                        _kill(one.pid)
        finally:
            for one in going.values():
                _kill(one.pid)


def _begin(job: Job, going: dict[int, _Going], watch: selectors.BaseSelector, line: socket.socket) -> None:
    pid = os.fork()
    if pid == 0:
        _become_job(job, line)
    descriptor = os.pidfd_open(pid)
    going[descriptor] = _Going(job.number, pid, time.monotonic() + job.seconds)
    watch.register(descriptor, selectors.EVENT_READ)


def _end(one: _Going, descriptor: int, watch: selectors.BaseSelector, line: socket.socket) -> None:
    watch.unregister(descriptor)
    os.close(descriptor)
    _kill(one.pid)  # what it may have started; before it is waited for, so that its number is still its own
    os.waitpid(one.pid, 0)
    line.sendall(json.dumps([one.number, one.why]).encode() + b"\n")


def _kill(pid: int) -> None:
    """End a report's process and all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _become_job(job: Job, line: socket.socket) -> None:
    """What a new process does from here to its end, which is no way back into the code it was branched off in."""
    try:
        os.setsid()
        line.close()
        _end_with_parent()
        _limit()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        os.closerange(3, _DESCRIPTORS)  # nothing of the others
        call_oneself("kizuna-report")
        random.seed()
        from kizuna.batch.work import do

        do(job)
    finally:
        os._exit(0)


def _end_with_parent() -> None:
    """A report does not outlive the process it branched off from."""
    prctl: Any = ctypes.CDLL(None).prctl
    prctl(_DEATHSIG, signal.SIGKILL, 0, 0, 0)


def _limit() -> None:
    """A report cannot take the machine's memory, and one that crashes leaves no copy of it on the disk."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most), most))


if __name__ == "__main__":
    main()
