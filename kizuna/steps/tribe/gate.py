"""The gate before the second part: a place where fans meet needs several of them (rule KZ-13); while it is shut, the next kind step."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.errors import KizunaError
from kizuna.finding import Finding
from kizuna.language.fans import sounds_like_a_fan
from kizuna.language.rules import Facts, check_facts
from kizuna.process import Part
from kizuna.steps import people
from kizuna.steps.tribe.spoken import Sentence, spoken
from kizuna.workbook.answers import Saved, read_answer, save_answer
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook

LEAST = 2  # fans, each by her own words
ADVISED = (3, 5)
MOST = 50
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


@dataclass(frozen=True)
class Near:
    """Somebody whose own words sound like a fan's; only the owner can mark her."""

    person: people.PersonView
    sentence: Sentence


def gate(book: Workbook) -> Gate:
    """The gate as it stands now; those who belong to the shop are no fans of it."""
    return Gate(people.fans(book), max(1, int(read_answer(book, NUMBER) or LEAST)), str(read_answer(book, NOTE) or "").strip())


def pass_through(book: Workbook) -> None:
    """Raise ``KizunaError`` in the words of the rule while the gate is shut."""
    for finding in gate(book).findings:
        raise KizunaError(finding.message)


def may_begin(book: Workbook, part: Part) -> None:
    """Raise ``KizunaError`` where something of the second part would be begun while its gate is shut."""
    if part is Part.TRIBE:
        pass_through(book)


def set_number(book: Workbook, number: float | None, seen: float | None = None) -> Saved:
    """Ask for another number of fans (None: the usual one). Raises ``KizunaError`` for a number that makes no gathering."""
    if number is not None and not (number == int(number) and LEAST <= number <= MOST):
        raise KizunaError(
            f"人数は、{LEAST}から{MOST}までの切りのよい数で書いてください。{LEAST}人に足りないうちに開くときは、下にわけを書きます。"
        )
    return save_answer(book, NUMBER, None if number is None else int(number), "集まりを考え始める人数", seen)


def write_note(book: Workbook, note: str, seen: str | None = None) -> Saved:
    """Open the gate before its time, with the reason; an empty note shuts it again."""
    return save_answer(book, NOTE, note.strip(), "人数がそろう前に開くわけ", seen)


def near_fans(book: Workbook, most: int = 5) -> tuple[Near, ...]:
    """Customers who are no fans yet but have said words like a fan's, each with the first of them, in the order in which they came."""
    waiting = {one.id: one for one in _customers(book) if not one.fan}
    found: dict[int, Near] = {}
    for one in spoken(book, waiting, also=(Topic.FOLLOWUP, Topic.WISH)):
        if len(found) < most and one.person_id not in found and sounds_like_a_fan(one.text):
            found[one.person_id] = Near(waiting[one.person_id], one)
    return tuple(found.values())


def to_ask(book: Workbook, most: int = 3) -> tuple[people.PersonView, ...]:
    """Customers with a name whom it would be kind to ask once more what they like here: those we know best, without words like a fan's yet."""
    near = {one.person.id for one in near_fans(book, MOST)}
    waiting = [one for one in _customers(book) if one.name and not one.fan and one.id not in near]
    return tuple(sorted(waiting, key=lambda one: (-(one.level or 0), one.id))[:most])


def _customers(book: Workbook) -> list[people.PersonView]:
    """Everybody around the shop to whom we may speak."""
    return [one for one in people.everyone(book) if not one.inside and not one.stopped]
