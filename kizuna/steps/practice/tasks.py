"""What a task of a practice asks, as the content files tell it; the kind of answer decides what stands beside the question."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kizuna.content import Entry
from kizuna.process import Part
from kizuna.steps.practice.voices import Spoken


class Option(Entry):
    """One thing to choose, and the sentence for whoever chooses it.

    ``fits`` is left out where it is a matter of opinion; ``missed`` is said where one that fits was left out of several.
    """

    key: str
    text: str
    reply: str = ""
    fits: bool | None = None
    missed: str = ""


class _Task(Entry):
    """What every task has: what lies on the table (``voices``, ``draft``: a paper of the shop's), the question, and what is said back."""

    key: str
    title: str
    lead: str = ""
    voices: list[Spoken] = []
    draft: str = ""
    draft_title: str = "店主の下書き"
    question: str
    hint: str = ""
    empty: str
    model: str


class One(_Task):
    """One of several; each has a reply of its own."""

    kind: Literal["one"]
    options: list[Option] = Field(min_length=2)

    @model_validator(mode="after")
    def _told(self) -> One:
        if not all(one.reply for one in self.options) or len({one.fits is None for one in self.options}) > 1:
            raise ValueError("each option has a reply, and all are a matter of opinion or none")
        return self


class Several(_Task):
    """All that fit: ``right`` is said when it is just these."""

    kind: Literal["several"]
    options: list[Option] = Field(min_length=3)
    right: str

    @model_validator(mode="after")
    def _complete(self) -> Several:
        if any(one.fits is None or not (one.missed if one.fits else one.reply) for one in self.options):
            raise ValueError("each option fits or does not; what is told where one that fits was left out, or another chosen, stands there")
        return self


class Order(_Task):
    """Three of the options in their order; ``turned`` is said where only the order is another, ``otherwise`` where others were chosen."""

    kind: Literal["order"]
    options: list[Option] = Field(min_length=3)
    order: list[str] = Field(min_length=3, max_length=3)
    right: str
    turned: str
    otherwise: str

    @model_validator(mode="after")
    def _told(self) -> Order:
        if not set(self.order) <= {one.key for one in self.options} or any(
            not one.reply for one in self.options if one.key not in self.order
        ):
            raise ValueError("the three are among the options, and each other option has a reply")
        return self


class Number(_Task):
    """A number, right from ``low`` to ``high``."""

    kind: Literal["number"]
    unit: str
    low: float
    high: float
    right: str
    below: str
    above: str


class Words(Entry):
    """What is said where one of these words stands in an answer, or where none of them does."""

    any: list[str]
    reply: str


class Writing(_Task):
    """A line or some lines in one's own words.

    ``checks`` are those of the project: its sentence is the reply. Then words are looked for that should rather not stand there (``better``) and
    that are ``missing``. Where all that is in order ``right`` is said. On an ``opinion`` there is no wrong answer: its ``better`` are thoughts.
    """

    kind: Literal["line", "lines"]
    checks: list[Literal["wording", "selling", "question", "quoted", "cost"]] = []
    least: int = 1
    short: str = ""
    better: list[Words] = []
    missing: list[Words] = []
    right: str
    opinion: bool = False


class Guess(_Task):
    """直感くらべ: three wishes of the bookshop's customers that one thinks most people have, then how many people really do."""

    kind: Literal["guess"]
    part: Part
    all_three: str
    some: str
    none: str


Task = Annotated[One | Several | Order | Number | Writing | Guess, Field(discriminator="kind")]
