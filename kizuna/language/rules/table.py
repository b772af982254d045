"""The table of rules, as ``content/rules.yaml`` has it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from pydantic import Field

from kizuna.content import Entry, load
from kizuna.finding import Finding, Strength
from kizuna.language.rules.context import Channel, Industry, Kind, Purpose


class Example(Entry):
    """A text (or facts) with its surroundings."""

    text: str = ""
    kind: Literal["owner", "customer"] = "owner"
    channel: str | None = None
    purpose: str | None = None
    industry: str | None = None
    facts: dict[str, bool | int | str] = {}


class Examples(Entry):
    """What a rule must tell, and what it must let pass; a bare text is the owner's."""

    flag: list[str | Example] = Field(min_length=1)
    passes: list[str | Example] = Field(alias="pass", min_length=1)


class Rule(Entry):
    """One rule: how it is looked for, where it holds, what it says, and where it comes from."""

    id: str
    strength: Strength
    category: str
    how: Literal["words", "question", "personal", "details", "polite", "thanks", "text", "facts", "person"]
    message: str
    softer: list[str] = Field(min_length=2, max_length=3)
    source: str
    unsure: str = ""
    kinds: list[Kind] = []
    channels: list[Channel] = []
    industries: list[Industry] = []
    purposes: list[Purpose] = []
    weaker: Strength | None = None
    patterns: list[str] = []
    fine: list[str] = []
    when: dict[str, bool | int | str] = {}
    examples: Examples

    def weight(self, kind: str, channel: str | None, purpose: str | None, industry: str | None) -> Strength | None:
        """How much the rule weighs there, none where it does not hold."""
        if (self.kinds and kind not in self.kinds) or (self.channels and channel not in self.channels):
            return None
        if self.purposes and purpose not in self.purposes:
            return None
        return self.strength if not self.industries or industry in self.industries else self.weaker

    def finding(self, strength: Strength, start: int = 0, end: int = 0, said: str = "") -> Finding:
        """The finding at that place; ``said`` are the words themselves."""
        message = f"「{said}」：{self.message}" if said else self.message
        return Finding(
            self.id, self.category, strength, f"{message}。{self.unsure + '。' if self.unsure else ''}", start, end, tuple(self.softer)
        )


class PerkCell(Entry):
    """One cell of the table of perks."""

    condition: Literal["use", "voice", "positive", "consent"]
    destination: Literal["inside", "own", "reviews"]
    answer: Literal["○", "注意", "止める", "—"]
    note: str


class Table(Entry):
    """All rules, the table of perks, when they were looked up, and what stands below every result."""

    checked_on: str
    footer: str
    dated: str
    perks: list[PerkCell]
    words: dict[str, str]
    rules: list[Rule]


def table() -> Table:
    """The table as the content file has it."""
    found: Table = load("rules.yaml", Table)
    return found


def rules() -> list[Rule]:
    """All rules in the order of the content file."""
    return table().rules


def rule(number: str) -> Rule:
    """The rule of that number, such as ``KZ-01``."""
    return _by_number()[number]


def footer() -> str:
    """The sentences that stand below every result: this is no judgement of law."""
    return table().footer


def dated() -> str:
    """The sentence that tells when the rules were looked up."""
    return table().dated.format(checked_on=table().checked_on)


@cache
def _by_number() -> dict[str, Rule]:
    return {one.id: one for one in rules()}


@cache
def compiled() -> dict[str, tuple[list[re.Pattern[str]], list[re.Pattern[str]]]]:
    """The patterns of every rule that is looked for in the text, and those where it is fine."""

    def fill(pattern: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{([a-z_]+)\}", lambda found: table().words[found.group(1)], pattern))

    def filled(patterns: list[str]) -> list[Any]:
        return [fill(pattern) for pattern in patterns]

    return {one.id: (filled(one.patterns), filled(one.fine)) for one in rules()}
