"""The gate before the second part: a place where fans meet needs several of them (rule KZ-13)."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.rules import Facts, check_facts
from kizuna.steps import people
from kizuna.workbook.answers import read_answer
from kizuna.workbook.store import Workbook

LEAST = 2  # fans, each by her own words
ADVISED = (3, 5)
NUMBER = "tribe_gate"  # the field that sets another number
NOTE = "tribe_gate_note"  # the field in which an instructor says why it is open all the same


@dataclass(frozen=True)
class Gate:
    """The fans there are, how many it takes, and the note that opens the gate before."""

    fans: tuple[people.PersonView, ...]
    least: int
    note: str

    @property
    def missing(self) -> int:
        """How many fans are still to come."""
        return max(0, self.least - len(self.fans))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What stands in the way; nothing where a note opens it."""
        return () if self.note else tuple(check_facts(Facts(fans=len(self.fans), gate=self.least)))

    @property
    def open(self) -> bool:
        """Whether a place may be planned."""
        return not self.findings


def gate(book: Workbook) -> Gate:
    """The gate as it stands now; those who belong to the shop are no fans of it."""
    return Gate(people.fans(book), max(1, int(read_answer(book, NUMBER) or LEAST)), str(read_answer(book, NOTE) or "").strip())


def pass_through(book: Workbook) -> None:
    """Raise ``KizunaError`` in the words of the rule while the gate is shut."""
    for finding in gate(book).findings:
        raise KizunaError(finding.message)
