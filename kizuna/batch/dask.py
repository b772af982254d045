"""The same batch on a Dask cluster that is there already: each of its workers makes a few reports at a time, in processes of their own.

Submissions and reports lie where all machines reach them: in a shared folder or at an address of fsspec. A worker that is lost loses nothing: Dask
gives its jobs to another, and a report that was written already is written once more with the same content.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Iterator
from typing import Any

from kizuna.batch.fork import Ended, Forks, can_fork
from kizuna.batch.job import BROKE_OFF, FORKED, SOCKETS, Job
from kizuna.batch.processes import Processes
from kizuna.errors import KizunaError

_AT_ONCE = 4  # jobs of one task: few enough that little is done again when a worker is lost
_SECONDS = 30  # until an address that does not answer is given up
_own = threading.local()


class Cluster:
    """Runs jobs on the cluster whose scheduler listens at ``address``."""

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise KizunaError("--dask には Dask が要ります。「pip install 'kizuna[dask]'」で入れてください。") from error
        try:
            self._client: Any = Client(address, timeout=_SECONDS, set_as_default=False)
            self._client.wait_for_workers(1, timeout=_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise KizunaError(f"Dask のスケジューラー（{address}）につながらないか、働く機械がまだありません。") from error

    def run(self, jobs: Iterable[Job]) -> Iterator[Ended]:
        """Each job as it ends, with the sentence to tell where it left no receipt."""
        from distributed import as_completed

        waiting = list(jobs)
        parts = [waiting[at : at + _AT_ONCE] for at in range(0, len(waiting), _AT_ONCE)]
        futures = {self._client.submit(work, [job.to_line() for job in part], pure=False): part for part in parts}
        for future in as_completed(futures, loop=self._client.loop):
            why = dict(future.result()) if future.status == "finished" else {}
            yield from ((job, why.get(job.number, BROKE_OFF)) for job in futures[future])

    def close(self) -> None:
        """Let go of the cluster, which goes on without us."""
        self._client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def work(lines: list[bytes]) -> list[tuple[int, str]]:
    """Do these jobs here, on a worker of the cluster, one after the other and each in a process of its own."""
    jobs = [Job.from_line(line) for line in lines]
    if jobs and jobs[0].engine == FORKED and can_fork():
        if not hasattr(_own, "forks"):  # a worker keeps it; it ends with the worker
            _own.place = tempfile.TemporaryDirectory(prefix="kizuna-")
            _own.forks = Forks(1, {"IPYTHONDIR": _own.place.name, SOCKETS: _own.place.name})
        return [(job.number, why) for job, why in _own.forks.run(jobs)]
    with Processes(1) as processes:
        return [(job.number, why) for job, why in processes.run(jobs)]
