"""A report that crashes, hangs, leaves or takes all memory ends alone, and none sees or spoils another's."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from kizuna.batch import fork
from kizuna.batch.fork import Forks, can_fork
from kizuna.batch.job import BROKE_OFF, TOO_LONG, Job
from kizuna.errors import KizunaError
from tests.batch.notebooks import notebook

pytestmark = pytest.mark.skipif(not can_fork(), reason="reports branch off on Linux only")


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    with Forks(2, {"IPYTHONDIR": str(tmp_path_factory.mktemp("ipython"))}) as one:
        yield one


class Desk:
    """Makes jobs without a submission and looks at what came of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "out"

    def job(self, number: int, *cells: str, seconds: int = 60) -> Job:
        path = notebook(self.folder / f"{number}.ipynb", cells, "names = False")
        return Job(number, str(path), str(self.out), page=f"p{number}", parameters={"names": True}, seconds=seconds)

    def receipt(self, number: int) -> dict[str, Any] | None:
        path = self.out / ".kizuna" / "receipts" / f"p{number}.json"
        return json.loads(path.read_text()) if path.exists() else None

    def page(self, number: int) -> str:
        return (self.out / f"p{number}.html").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


BAD = {
    "a crash": "import ctypes\nctypes.string_at(0)",
    "an abort": "import os\nos.abort()",
    "an exit": "import os\nos._exit(0)",
    "a kill": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_report_that_breaks_off_ends_alone_and_leaves_no_receipt(forks: Forks, desk: Desk, bad: str) -> None:
    list(forks.run([desk.job(9, "1")]))
    before = forks.pid
    jobs = [desk.job(number, bad if number == 2 else f"print('こちらは{number}')") for number in range(1, 6)]
    ended = {job.number: why for job, why in forks.run(jobs)}
    assert ended[2] == BROKE_OFF and desk.receipt(2) is None and not (desk.out / "p2.html").exists()
    assert all(f"こちらは{number}" in desk.page(number) for number in (1, 3, 4, 5))
    assert forks.pid == before


def test_what_cannot_go_on_says_why(forks: Forks, desk: Desk) -> None:
    error = "from kizuna.errors import KizunaError\nraise KizunaError('声がまだありません。\\n\\x1b[31m集めてください。')"
    bad = ["raise ValueError('だめ')", "bytearray(10**12)", error, "raise SystemExit(2)", "raise KeyboardInterrupt"]
    list(forks.run([desk.job(number, one) for number, one in enumerate(bad, 1)]))
    told = [desk.receipt(number)["error"] for number in range(1, 6)]
    assert told[0] == "レポートのノートブックの 3 番のセルで止まりました（ValueError：だめ）。"
    assert told[1] == "メモリーが足りませんでした。"
    assert told[2] == "声がまだありません。 [31m集めてください。"
    assert "SystemExit" in told[3] and "KeyboardInterrupt" in told[4]


def test_a_report_that_takes_more_and_more_memory_ends_alone(forks: Forks, desk: Desk) -> None:
    list(forks.run([desk.job(1, "held = []\nwhile True: held.append(bytearray(10**8))"), desk.job(2, "print('無事')")]))
    assert "メモリー" in desk.receipt(1)["error"] and "無事" in desk.page(2)


def test_a_report_that_hangs_is_ended_after_its_time_with_all_it_started(forks: Forks, desk: Desk) -> None:
    note = desk.folder / "started"
    hang = f"import subprocess\np = subprocess.Popen(['sleep', '600'])\nopen({str(note)!r}, 'w').write(str(p.pid))\nwhile True: pass"
    begun = time.monotonic()
    ended = {job.number: why for job, why in forks.run([desk.job(1, hang, seconds=3), desk.job(2, "print('無事')")])}
    assert ended == {1: TOO_LONG, 2: BROKE_OFF} and desk.receipt(1) is None and desk.receipt(2)["error"] == ""
    assert 3 <= time.monotonic() - begun < 30
    gone(int(note.read_text()))


def test_what_a_report_leaves_running_ends_with_it(forks: Forks, desk: Desk) -> None:
    note = desk.folder / "started"
    list(forks.run([desk.job(1, f"import subprocess\nopen({str(note)!r}, 'w').write(str(subprocess.Popen(['sleep', '600']).pid))")]))
    assert desk.receipt(1)["error"] == ""
    gone(int(note.read_text()))


def gone(pid: int) -> None:
    until = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.02)


SPOIL = """
import builtins, os, sys, random, kizuna.errors, nbformat, IPython
builtins.spoiled = kizuna.errors.spoiled = nbformat.spoiled = IPython.spoiled = 1
os.environ['SPOILED'] = '1'
os.chdir('/')
sys.path.insert(0, '/spoiled')
get_ipython().user_ns['spoiled'] = 1
from kizuna.batch import export
export._exporter().environment.globals['style'] = 'spoiled'
random.seed(1)
"""
LOOK = """
import builtins, os, sys, random, kizuna.errors, nbformat, IPython
print([hasattr(one, 'spoiled') for one in (builtins, kizuna.errors, nbformat, IPython)])
print('SPOILED' in os.environ, os.getcwd() == '/', '/spoiled' in sys.path, 'spoiled' in globals(), len(get_ipython().user_ns['In']))
print('chance', random.random())
"""


def test_no_report_sees_or_spoils_anothers(forks: Forks, desk: Desk) -> None:
    jobs = [desk.job(number, SPOIL if number % 2 else LOOK) for number in range(1, 9)]
    list(forks.run(jobs))
    looked = [desk.page(number) for number in (2, 4, 6, 8)]
    for page in looked:
        assert "[False, False, False, False]" in page and "False False False False 4" in page and "spoiled" not in page
    assert len({page.partition("chance ")[2].partition("<")[0] for page in looked}) == 4


def test_a_report_finds_no_descriptor_of_another_and_no_way_to_the_batch(forks: Forks, desk: Desk) -> None:
    look = (
        "import os\nprint([os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if os.path.islink(f'/proc/self/fd/{n}')])"
    )
    list(forks.run([desk.job(1, "import time\ntime.sleep(0.3)"), desk.job(2, look)]))
    page = desk.page(2)
    assert "pidfd" not in page and page.count("socket:") == 2  # its own loop's
    assert page.count("/dev/null") >= 3


def test_many_reports_all_leave_their_files(forks: Forks, desk: Desk) -> None:
    path = notebook(desk.folder / "n.ipynb", ["print('番号', number)"], "number = 0")
    jobs = [Job(number, str(path), str(desk.out), page=f"p{number}", parameters={"number": number}) for number in range(1, 61)]
    assert sorted(job.number for job, _ in forks.run(jobs)) == list(range(1, 61))
    assert all(f"番号 {number}\n" in desk.page(number) and desk.receipt(number)["error"] == "" for number in range(1, 61))


def test_the_loaded_process_has_one_thread_and_grows_by_no_report(forks: Forks, desk: Desk) -> None:
    list(forks.run([desk.job(1, "x = bytearray(10**8)")]))
    process = psutil.Process(forks.pid)
    assert process.num_threads() == 1 and not process.children()
    before = process.memory_info().rss
    list(forks.run([desk.job(number, "x = bytearray(10**8)") for number in range(1, 31)]))
    assert process.memory_info().rss - before < 2 * 2**20
    assert len(list(Path(f"/proc/{forks.pid}/fd").iterdir())) < 12


def test_a_loaded_process_that_is_lost_is_put_up_anew_and_only_the_one_at_fault_is_lost(desk: Desk) -> None:
    guilty = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(60)"
    with Forks(2) as forks:
        list(forks.run([desk.job(9, "1")]))
        before = forks.pid
        jobs = [desk.job(number, guilty if number == 3 else f"import time\ntime.sleep(0.1)\nprint({number})") for number in range(1, 7)]
        ended = [(job.number, why) for job, why in forks.run(jobs)]
        assert forks.pid != before
    assert sorted(number for number, _ in ended) == [1, 2, 3, 4, 5, 6]
    assert desk.receipt(3) is None and all(desk.receipt(number)["error"] == "" for number in (1, 2, 4, 5, 6))


def test_where_nothing_can_be_loaded_it_is_said(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "papermill.py").write_text("raise ImportError")
    with (
        Forks(2, {"PYTHONPATH": f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}) as forks,
        pytest.raises(KizunaError, match="--engine kernel"),
    ):
        list(forks.run([desk.job(1, "1")]))


def test_reports_end_with_the_batch_even_if_it_is_killed(desk: Desk) -> None:
    job = desk.job(1, f"import os, time\nprint(os.getpid(), os.getppid(), file=open({str(desk.folder / 'pid')!r}, 'w'))\ntime.sleep(600)")
    code = f"""
from kizuna.batch.fork import Forks
from kizuna.batch.job import Job
list(Forks(1).run([Job.from_line({job.to_line()!r})]))
"""
    note = desk.folder / "pid"
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        until = time.monotonic() + 60
        while not (note.exists() and note.read_text().endswith("\n")):
            assert time.monotonic() < until
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    for pid in note.read_text().split():
        gone(int(pid))


def test_elsewhere_than_on_linux_nothing_branches_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    assert not fork.can_fork()
