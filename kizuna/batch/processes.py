"""A process and an ordinary kernel for each report: slower by far, but possible everywhere, and what the fast way is held to."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed

from kizuna.batch.fork import Ended
from kizuna.batch.job import BROKE_OFF, TOO_LONG, Job

_BEGIN = "from kizuna.loading import leave_out; leave_out(); from kizuna.batch.work import main; main()"
_GRACE = 60  # seconds beyond a job's own, in which its kernel is given up and it can say so itself


class Processes:
    """Runs jobs in processes of their own, ``workers`` at once; the threads here do nothing but wait for them."""

    def __init__(self, workers: int, environment: Mapping[str, str] | None = None) -> None:
        self._workers = workers
        self._environment = {**os.environ, **(environment or {}), "PYTHONHASHSEED": "0"}
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = threading.Event()

    def run(self, jobs: Iterable[Job]) -> Iterator[Ended]:
        """Each job as it ends, with the sentence to tell where it left no receipt."""
        self._closed.clear()
        with ThreadPoolExecutor(self._workers) as pool:
            try:
                for ended in as_completed([pool.submit(self._one, job) for job in jobs]):
                    yield ended.result()
            finally:
                self.close()
                pool.shutdown(cancel_futures=True)

    def close(self) -> None:
        """End what is still running."""
        self._closed.set()
        for process in list(self._running):
            _kill(process)

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _one(self, job: Job) -> Ended:
        if self._closed.is_set():
            return job, BROKE_OFF
        process = subprocess.Popen(  # noqa: S603 - our own Python with our own module
            [sys.executable, "-P", "-c", _BEGIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self._environment,
            start_new_session=True,
        )
        self._running.add(process)
        try:
            process.communicate(job.to_line(), timeout=job.seconds + _GRACE)
        except subprocess.TimeoutExpired:
            return job, TOO_LONG
        finally:
            _kill(process)
            self._running.discard(process)
        return job, BROKE_OFF


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and, where the system knows groups, what it started."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
