"""The batch on a Dask cluster: the same reports, also where a worker is lost in the middle."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kizuna.batch.dask import Cluster
from kizuna.batch.fork import can_fork
from kizuna.batch.report import Wish, make_reports
from kizuna.errors import KizunaError
from tests.batch.notebooks import notebook
from tests.sample_class import make_class

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.skipif(not can_fork(), reason="these tests would take very long with kernels"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as one:
        yield one


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("class"), 12, seed=4)[0].handin.parent


def pages(out: Path) -> dict[str, bytes]:
    return {
        path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file() and ".kizuna" not in path.parts
    }


def test_a_cluster_makes_the_same_reports_also_by_an_address(cluster: Any, folder: Path, tmp_path: Path) -> None:
    broken = folder.parent / "more"
    shutil.copytree(folder, broken)
    (broken / "x.kizuna-teishutsu").write_bytes(b"")
    here = make_reports(Wish(str(broken), str(tmp_path / "here"), 2))
    made = make_reports(Wish(str(broken), str(tmp_path / "cluster"), dask=cluster.scheduler_address))
    assert (made.reports, made.broken) == (here.reports, here.broken) and len(made.broken) == 1
    assert pages(tmp_path / "cluster") == pages(tmp_path / "here")
    wish = Wish(f"file://{broken}", f"file://{tmp_path / 'address'}", dask=cluster.scheduler_address)
    assert make_reports(wish).reports == 12
    assert pages(tmp_path / "address") == pages(tmp_path / "here")
    again = make_reports(wish)
    assert again.kept == 12


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(cluster: Any, folder: Path, tmp_path: Path) -> None:
    slow = notebook(
        tmp_path / "slow.ipynb", ["import time\ntime.sleep(0.4)\nfrom pathlib import Path\nprint(Path(submission).stat().st_size, 'よし')"]
    )
    out, killed = tmp_path / "out", []

    def kill_one() -> None:
        until = time.monotonic() + 100
        while len(list((out / ".kizuna" / "receipts").glob("*.json"))) < 2 and time.monotonic() < until:
            time.sleep(0.02)
        victim = next(iter(cluster.workers.values()))
        killed.append(victim.pid)
        os.kill(victim.pid, signal.SIGKILL)

    thread = threading.Thread(target=kill_one)
    thread.start()
    made = make_reports(Wish(str(folder), str(out), template=str(slow), dask=cluster.scheduler_address))
    thread.join()
    assert killed and (made.reports, made.broken) == (12, ())
    one_go = make_reports(Wish(str(folder), str(tmp_path / "here"), 2, template=str(slow)))
    assert one_go.reports == 12 and pages(out) == pages(tmp_path / "here")


def test_where_no_cluster_answers_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kizuna.batch.dask._SECONDS", 1)
    with pytest.raises(KizunaError, match=r"tcp://127\.0\.0\.1:9"):
        Cluster("tcp://127.0.0.1:9")
