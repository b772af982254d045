"""What was made already: a number for each submission and a receipt for each report, so that a run goes on where another was ended."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from itertools import count

from kizuna.batch.folder import Folder, digest, digest_of
from kizuna.batch.job import Job, Receipt, receipt_name
from kizuna.loading import PACKAGE, package_files
from kizuna.steps.report.notes import Note, to

_NUMBERS = ".kizuna/numbers.json"
_OURS = re.compile(r"reports/\d{3,}-[0-9A-Za-z]{8}\.(html|pdf)|facts/[0-9A-Za-z]{8}\.json")


class Record:
    """The record kept in a folder of reports."""

    def __init__(self, out: Folder) -> None:
        self._out = out

    def numbers(self, sources: Iterable[str]) -> dict[str, int]:
        """A number for each submission: the one it had before, or the next; written down before anything is made with it."""
        before = self._numbers()
        named = list(sources)
        fresh = [name for name in named if name not in before]
        given = before | dict(zip(fresh, count(max(before.values(), default=0) + 1), strict=False))
        now = {name: given[name] for name in named}
        if now != before:
            self._out.write(_NUMBERS, json.dumps(now).encode())
        return now

    def gone(self, sources: Iterable[str]) -> list[Job]:
        """The jobs of submissions that were here and are not any more."""
        still = set(sources)
        return [Job(number, "", "") for name, number in self._numbers().items() if name not in still]

    def receipt(self, job: Job) -> Receipt | None:
        """What came of the job in this run or an earlier one; None where it left nothing that can be read."""
        content = self._out.read(receipt_name(job))
        try:
            return Receipt(**json.loads(content)) if content else None
        except (ValueError, TypeError):
            return None

    def fitting(self, job: Job, seen: str | None) -> Receipt | None:
        """The receipt of what the job would make now from a submission with the digest ``seen``, or None; the files themselves may be gone."""
        found = self.receipt(job)
        if found is None or found.error or (found.source, found.settings) != (job.source, job.settings) or found.digest != (seen or ""):
            return None
        return found

    def whole(self, job: Job, seen: str | None) -> bool:
        """Whether the job's report is there as it would be made now from a submission with the digest ``seen``."""
        found = self.fitting(job, seen)
        return found is not None and self.holds(job, found)

    def holds(self, job: Job, receipt: Receipt) -> bool:
        """Whether all files are there that the receipt tells of and the job asks for."""
        if job.pdf and not any(name.endswith(".pdf") for name in receipt.files):
            return False
        return all(digest_of(self._out, name) == seen for name, seen in receipt.files.items())

    def forget(self, job: Job) -> None:
        """Remove the receipt: what the job leaves from now on is told by a new one."""
        self._out.remove(receipt_name(job))

    def tidy(self, keep: Iterable[str]) -> None:
        """Remove reports and facts that are not among those to keep, such as a participant's who took her hand-in back."""
        kept = set(keep)
        for name in self._out.names():
            if _OURS.fullmatch(name) and name not in kept:
                self._out.remove(name)

    def _numbers(self) -> dict[str, int]:
        try:
            found = json.loads(self._out.read(_NUMBERS) or b"{}")
            return {str(name): int(number) for name, number in found.items()}
        except (ValueError, TypeError, AttributeError):
            return {}


def digest_of_notes(notes: Iterable[Note], code: str) -> str:
    """The digest of the notes to one participant, or "" where there are none."""
    found = to(notes, code)
    return digest(repr(found).encode()) if found else ""


def state_of_package() -> str:
    """What tells whether the package was changed: an instructor may mend words between two runs."""
    state = hashlib.sha256()
    for path in sorted(package_files()):
        stat = path.stat()
        state.update(f"{path.relative_to(PACKAGE)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return state.hexdigest()
