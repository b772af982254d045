"""A folder of hand-ins → a report for each participant, the class as a whole, and the instructor's page, in one go."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kizuna.batch import notebook as notebooks
from kizuna.batch.folder import Folder, digest, digest_of, folder_at
from kizuna.batch.fork import Ended, Forks, can_fork
from kizuna.batch.job import FORKED, KERNEL, Job, Receipt, one_line
from kizuna.batch.processes import Processes
from kizuna.batch.record import Record, digest_of_notes, state_of_package
from kizuna.batch.workplace import workplace
from kizuna.errors import KizunaError
from kizuna.steps.report.notes import Note, read_notes

INDEX, SUMMARY = "index.html", "summary.csv"
_CLASS = {"class": ("cohort", "クラスのまとめ"), "camp": ("camp", "研修実施報告書（下書き）")}  # the page: its notebook and title
_TAKEN = (".kizuna-teishutsu", ".kizuna")
_NOTES = ("notes.csv", "notes.xlsx")

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Wish:
    """What an instructor asks for."""

    folder: str
    out: str
    workers: int = 0  # as many as the machine has processors
    engine: str = FORKED
    template: str = ""
    with_names: bool = False
    names: bool = False
    k: int = 5
    pdf: bool = False
    dask: str = ""
    seconds: int = 120


@dataclass(frozen=True)
class Made:
    """What came of it: reports in all and those of them that were there before; a sentence for each submission that broke or was not needed."""

    reports: int
    kept: int
    broken: tuple[str, ...]
    left_out: tuple[str, ...]
    index: str


class Runner(Protocol):
    """What runs jobs: forks, processes, a cluster."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Ended]:
        """Each job as it ends, with the sentence to tell where it left no receipt."""

    def __enter__(self) -> Runner: ...

    def __exit__(self, *_: object) -> None: ...


def make_reports(wish: Wish, tell: Tell = lambda done, of: None) -> Made:
    """Make what is missing or out of date of the reports on ``wish.folder`` in ``wish.out``; ``tell`` hears how many of how many are done.

    Raises ``KizunaError`` where nothing can be made: no submission, a notebook that does not fit, a folder that cannot be written.
    """
    wish = dataclasses.replace(wish, engine=wish.engine if can_fork() else KERNEL)
    folder, out = folder_at(wish.folder), folder_at(wish.out)
    sources = _sources(folder, out)
    with ExitStack() as stack:
        environment = stack.enter_context(workplace(out))
        local = stack.enter_context(_runner(wish, environment))
        notebook = notebooks.choose(wish.template, {"submission", "notes", *_asked(wish)})
        if wish.pdf:
            from kizuna.batch.export import find_browser

            find_browser()
        runner = stack.enter_context(_cluster(wish.dask)) if wish.dask else local
        batch = _Batch(wish, folder, out, notebook)
        jobs = batch.jobs(sources)
        done = batch.run(runner, jobs, tell)
        batch.write_facts(jobs)
        if not batch.reports:
            raise KizunaError("\n".join([*batch.broken.values(), "レポートは一つもできませんでした。"]))
        pages = batch.write_class(local)
        batch.write_index(jobs)
    kept = len(batch.reports.keys() - done)
    return Made(len(batch.reports), kept, (*batch.broken.values(), *pages), tuple(batch.left_out.values()), f"{out.address}/{INDEX}")


class _Batch:
    """One run of the batch, from the submissions to the index page."""

    def __init__(self, wish: Wish, folder: Folder, out: Folder, notebook: Path) -> None:
        self._wish = wish
        self._folder = folder
        self._out = out
        self._notebook = notebook
        self._record = Record(out)
        self._notes = next((name for name in _NOTES if folder.read(name) is not None), "")
        self._state = state_of_package()
        self.reports: dict[int, Receipt] = {}  # one for each participant, by the submission's number
        self.broken: dict[int, str] = {}  # … and a sentence for each submission without one
        self.left_out: dict[int, str] = {}  # … or whose participant has a later one
        self._pages: dict[str, str] = {}  # the class's pages by their titles

    def jobs(self, sources: list[str]) -> list[Job]:
        """A job for each submission."""
        for job in self._record.gone(sources):
            self._record.forget(job)
        numbers = self._record.numbers(sources)
        common = Job(
            number=0,
            notebook=str(self._notebook),
            out=self._out.address,
            folder=self._folder.address,
            notes=self._notes,
            parameters=_asked(self._wish),
            engine=self._wish.engine,
            with_names=self._wish.with_names,
            pdf=self._wish.pdf,
            seconds=self._wish.seconds,
            by_code=not self._wish.template,
            settings=self._settings(self._notebook, self._wish.names, self._wish.with_names, *self._notes_for_all()),
        )
        return [dataclasses.replace(common, number=numbers[source], source=source) for source in sources]

    def run(self, runner: Runner, jobs: list[Job], tell: Tell) -> set[int]:
        """Do the jobs whose reports are not there yet as they would be made now; returns their numbers."""
        todo = self._missing(jobs)
        done = len(jobs) - len(todo)
        tell(done, len(jobs))
        for job, why in self._do(runner, todo):
            receipt = self._record.receipt(job)
            if receipt is None or receipt.error:
                self.broken[job.number] = _sentence(job, receipt.error if receipt else why)
            done += 1
            tell(done, len(jobs))
        self.broken = dict(sorted(self.broken.items()))
        return {job.number for job in todo}

    def write_facts(self, jobs: list[Job]) -> None:
        """Choose one report for each participant, lay its facts ready for the class's pages, and remove what is of no use any more."""
        receipts = {job.number: self._record.receipt(job) for job in jobs if job.number not in self.broken}
        found = {number: receipt for number, receipt in receipts.items() if receipt}
        latest = _latest(found)
        for job in jobs:
            receipt = found.get(job.number)
            if receipt and latest[receipt.code] == job.number:
                self.reports[job.number] = receipt
                self._out.write(f"facts/{receipt.code}.json", json.dumps(receipt.facts, ensure_ascii=False).encode())
            elif receipt:
                self.left_out[job.number] = _sentence(job, "同じ参加者の、もう一つの提出用ファイルを使いました。")
        files = (name for receipt in self.reports.values() for name in receipt.files)
        self._record.tidy([*files, *(f"facts/{receipt.code}.json" for receipt in self.reports.values())])

    def write_class(self, runner: Runner) -> list[str]:
        """Make the pages of the class; returns a sentence for each that could not be made."""
        with self._here() as (place, notes):
            seen = digest(json.dumps([self.reports[number].facts for number in sorted(self.reports)], sort_keys=True).encode())
            jobs = [self._class_job(page, name, place, notes, seen) for page, (name, _) in _CLASS.items()]
            here = Record(folder_at(place))
            todo = [job for job in jobs if not here.whole(job, None)]
            why = {job.page: why for job, why in self._do(runner, todo, here)}
            broken = []
            for job in jobs:
                title = _CLASS[job.page][1]
                receipt = here.receipt(job)
                if receipt is None or receipt.error:
                    broken.append(f"{title}：{receipt.error if receipt else why[job.page]}")
                    self._out.remove(f"{job.page}.html")
                else:
                    self._pages[title] = f"{job.page}.html"
            self._carry(place)
        return broken

    def write_index(self, jobs: list[Job]) -> None:
        """Write the instructor's page and the table."""
        from kizuna.steps.report.cohort import cohort
        from kizuna.views.report import Row, index_html, summary_csv

        rows = []
        for job in sorted(jobs, key=lambda job: job.number):
            receipt = self.reports.get(job.number)
            if receipt:
                html, pdf = (next((name for name in receipt.files if name.endswith(ending)), "") for ending in (".html", ".pdf"))
                rows.append(Row(job.number, receipt.facts, html, pdf if self._wish.pdf else ""))
            elif job.number in self.broken:
                rows.append(Row(job.number, error=self.broken[job.number]))
        whole = cohort([one.facts for one in self.reports.values()], self._wish.k)
        links = {**self._pages, "表（Excel で開けます）": SUMMARY}
        self._out.write(SUMMARY, summary_csv(rows, names=self._wish.names))
        self._out.write(INDEX, index_html(rows, whole, names=self._wish.names, links=links).encode())

    def _notes_for_all(self) -> list[str | None]:
        """What of the notes shapes every report: all of them in an instructor's own notebook, in ours only those to the participant (``by_code``)."""
        return [digest_of(self._folder, self._notes or "-")] if self._wish.template else []

    def _read_notes(self) -> tuple[Note, ...]:
        """The notes, where a report is shaped by those to its participant. Raises ``KizunaError`` where they cannot be read."""
        if self._wish.template or not self._notes:
            return ()
        with self._folder.local(self._notes) as path:
            return read_notes(path)

    def _missing(self, jobs: list[Job]) -> list[Job]:
        """The jobs whose reports are not there as they would be made now; whose participant has a later one there needs none."""
        by_number = {job.number: self._record.fitting(job, digest_of(self._folder, job.source)) for job in jobs}
        notes = self._read_notes()
        found = {number: one for number, one in by_number.items() if one and one.notes == digest_of_notes(notes, one.code)}
        there = {job.number for job in jobs if job.number in found and self._record.holds(job, found[job.number])}
        latest = _latest(found)
        return [job for job in jobs if job.number not in found or there.isdisjoint({job.number, latest[found[job.number].code]})]

    def _do(self, runner: Runner, jobs: list[Job], record: Record | None = None) -> Iterator[Ended]:
        for job in jobs:
            (record or self._record).forget(job)
        yield from runner.run(jobs)

    def _class_job(self, page: str, name: str, place: str, notes: str, seen: str) -> Job:
        notebook = notebooks.choose("", {"facts", "notes", "k", "names"}, name)
        parameters = {"facts": f"{place}/facts", "notes": notes, "k": self._wish.k, "names": self._wish.names}
        settings = self._settings(notebook, self._wish.k, self._wish.names, digest_of(self._folder, self._notes or "-"), seen)
        return Job(
            0 if name == "cohort" else -1,
            str(notebook),
            place,
            settings,
            parameters,
            page=page,
            engine=self._wish.engine,
            pdf=self._wish.pdf,
            seconds=self._wish.seconds,
        )

    def _settings(self, notebook: Path, *others: object) -> str:
        """The digest of all that shapes a report beside its submission."""
        return digest(json.dumps([self._state, digest(notebook.read_bytes()), *others]).encode())

    @contextlib.contextmanager
    def _here(self) -> Iterator[tuple[str, str]]:
        """The folder of reports on this machine, with the facts in it, and the path of the notes."""
        with ExitStack() as stack:
            notes = str(stack.enter_context(self._folder.local(self._notes))) if self._notes else ""
            if "://" not in self._out.address:
                yield self._out.address, notes
                return
            place = stack.enter_context(tempfile.TemporaryDirectory(prefix="kizuna-"))
            for receipt in self.reports.values():
                folder_at(place).write(f"facts/{receipt.code}.json", json.dumps(receipt.facts, ensure_ascii=False).encode())
            yield place, notes

    def _carry(self, place: str) -> None:
        """Bring the class's pages to where the reports are, if they were made elsewhere."""
        if place == self._out.address:
            return
        made = folder_at(place)
        for name in made.names():
            if "/" not in name and (content := made.read(name)) is not None:
                self._out.write(name, content)


def _latest(found: Mapping[int, Receipt]) -> dict[str, int]:
    """The number of each participant's latest submission, by her code."""
    return {receipt.code: number for number, receipt in sorted(found.items(), key=lambda one: (one[1].made_on, one[0]))}


def _asked(wish: Wish) -> dict[str, bool]:
    """What a participant's notebook is told of names; only where hand-ins are opened as they are need it know of that."""
    return {"names": wish.names, **({"with_names": True} if wish.with_names else {})}


def _sentence(job: Job, said: str) -> str:
    """What is told of a submission, with its name before it."""
    name = one_line(job.source)
    return said if f"「{name.rpartition('/')[2]}」" in said else f"「{name}」：{said}"


def _sources(folder: Folder, out: Folder) -> list[str]:
    """The names of the submissions. Raises ``KizunaError`` where there is none."""
    if "://" not in folder.address and not Path(folder.address).is_dir():
        raise KizunaError(f"フォルダー「{folder.address}」が見つかりません。場所と名前を確かめてください。")
    inside = f"{out.address.removeprefix(folder.address).strip('/')}/" if out.address.startswith(f"{folder.address}/") else None
    names = [name for name in folder.names() if name.endswith(_TAKEN) and not (inside and name.startswith(inside))]
    if not names:
        raise KizunaError(f"フォルダー「{folder.address}」に、提出用ファイル（{_TAKEN[0]}）が見つかりません。")
    return names


def _runner(wish: Wish, environment: Mapping[str, str]) -> Runner:
    workers = wish.workers or os.cpu_count() or 1
    if wish.engine == FORKED and can_fork():
        return Forks(workers, environment)
    return Processes(workers, environment)


def _cluster(address: str) -> Runner:
    from kizuna.batch.dask import Cluster

    return Cluster(address)
