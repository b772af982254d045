"""A report to make, and the receipt that says what came of it: all that the two sides of a process tell one another."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FORKED, KERNEL = "forked", "kernel"
RECEIPTS = ".kizuna/receipts"
SOCKETS = "KIZUNA_SOCKETS"  # the environment's name for a folder with a short path: that of a socket may have about a hundred signs
BROKE_OFF = "レポートを作る途中で、プログラムが終わってしまいました。"
TOO_LONG = "時間がかかりすぎるので、途中でやめました。"
_LONGEST = 200  # signs of another program's sentence that are told


@dataclass(frozen=True)
class Job:
    """One report to make. Every address is reached from where the work is done; ``out`` is the only place that is written to."""

    number: int
    notebook: str
    out: str
    settings: str = ""  # the digest of all that shapes the report beside the submission
    parameters: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""
    source: str = ""  # the submission's name in `folder`; none for the pages of the class
    notes: str = ""  # the name of the instructor's notes in `folder`
    by_code: bool = False  # whether of these only those to a participant shape her report
    page: str = ""  # the name of the page, without its ending; a submission's is made of its number and code
    engine: str = FORKED
    with_names: bool = False
    pdf: bool = False
    seconds: int = 120

    def to_line(self) -> bytes:
        """The job as a line of JSON."""
        return json.dumps(dataclasses.asdict(self)).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes | str) -> Job:
        """The job of a line."""
        return cls(**json.loads(line))


@dataclass(frozen=True)
class Receipt:
    """What came of a job: the files in ``out`` by their digests, or in one sentence why there are none."""

    number: int
    source: str = ""
    digest: str = ""  # of the submission as it was read
    settings: str = ""
    code: str = ""
    notes: str = ""  # the digest of the notes to her, where only those shape her report
    made_on: str = ""  # the day of the hand-in, as far as it says so
    files: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""


def receipt_name(job: Job) -> str:
    """Where in the folder of reports the receipt of a job lies."""
    return f"{RECEIPTS}/{job.page or f'{job.number:05}'}.json"


def one_line(text: str) -> str:
    """The text on one line, without signs that move the cursor or turn the writing round."""
    clean = "".join(" " if one.isspace() else one for one in text if one.isspace() or unicodedata.category(one)[0] != "C")
    clean = " ".join(clean.split())
    return clean if len(clean) <= _LONGEST else f"{clean[:_LONGEST]}…"
