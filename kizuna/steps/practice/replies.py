"""What is said back to an answer: a sentence written for it, never only right or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch
from typing import Any

from kizuna.language.questions import check_question
from kizuna.language.rules import check_cost
from kizuna.language.wording import check_wording
from kizuna.process import Part
from kizuna.steps.practice.exercise import words
from kizuna.steps.practice.tasks import Guess, Number, One, Option, Order, Several, Task, Writing
from kizuna.steps.practice.voices import spoken
from kizuna.steps.sample import example

_PARTS = {Part.FOLLOWUP: "フォローアップ", Part.TRIBE: "トライブ"}
_QUOTED = re.compile(r"「([^」]*)」")


class Kind(StrEnum):
    """What an answer deserves: praise, a second look, a thought on an opinion, or an invitation to begin."""

    WELL = "well"
    LOOK = "look"
    THOUGHT = "thought"
    EMPTY = "empty"


@dataclass(frozen=True)
class Reply:
    """What is said back, sentence by sentence."""

    kind: Kind
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """A wish heard at the bookshop, and from how many people."""

    name: str
    people: int


def wishes(part: Part) -> tuple[Wish, ...]:
    """The wishes of the bookshop's customers, that of most people first; who said it twice is one person."""
    found = [Wish(one.name, len({voice.person for voice in one.voices})) for one in example().themes if one.part == _PARTS[part]]
    return tuple(sorted(found, key=lambda wish: -wish.people))


def answered(task: Task, answer: Any) -> bool:
    """Whether ``answer`` is one: something is written or chosen, and of three all three."""
    if answer in (None, "", []):
        return False
    if isinstance(task, One):
        return any(one.key == answer for one in task.options)  # else the content was changed since
    return not isinstance(task, Order | Guess) or len([one for one in answer if one]) == 3


def reply(task: Task, answer: Any) -> Reply:
    """The reply to ``answer`` as it is stored (a key, keys, a number or words); nothing yet answered is invited to begin."""
    if answered(task, answer):
        return _reply(task, answer)
    begun = answer if isinstance(task, Order | Guess) and answer else []
    left = 3 - len([one for one in begun if one])
    return Reply(Kind.EMPTY, (words().unfinished.format(left=left) if left < 3 else task.empty,))


@singledispatch
def _reply(task: Task, answer: Any) -> Reply:
    raise NotImplementedError(type(task))


@_reply.register
def _(task: One, answer: Any) -> Reply:
    chosen = next(one for one in task.options if one.key == answer)
    return Reply(Kind.THOUGHT if chosen.fits is None else Kind.WELL if chosen.fits else Kind.LOOK, (chosen.reply,))


@_reply.register
def _(task: Several, answer: Any) -> Reply:
    wrong = [one for one in task.options if one.key in answer and not one.fits]
    missed = [one for one in task.options if one.key not in answer and one.fits]
    if not wrong and not missed:
        return Reply(Kind.WELL, (task.right,))
    return Reply(Kind.LOOK, (*(one.reply for one in wrong), *(one.missed for one in missed)))


@_reply.register
def _(task: Order, answer: Any) -> Reply:
    if len(set(answer)) < 3:
        return Reply(Kind.LOOK, (words().twice,))
    if list(answer) == task.order:
        return Reply(Kind.WELL, (task.right,))
    if set(answer) == set(task.order):
        return Reply(Kind.LOOK, (task.turned,))
    others = [one.reply for one in _chosen(task.options, answer) if one.key not in task.order]
    return Reply(Kind.LOOK, (*others, task.otherwise))


@_reply.register
def _(task: Number, answer: Any) -> Reply:
    if task.low <= answer <= task.high:
        return Reply(Kind.WELL, (task.right,))
    return Reply(Kind.LOOK, (task.below if answer < task.low else task.above,))


@_reply.register
def _(task: Writing, answer: Any) -> Reply:
    if task.short and len(answer) < task.least:
        return Reply(Kind.LOOK, (task.short,))
    if told := tuple(dict.fromkeys(_found(task, answer))):
        return Reply(Kind.LOOK, told[:2])  # two things at a time are enough to mend
    mended = [one.reply for one in task.better if any(word in answer for word in one.any)]
    missing = [one.reply for one in task.missing if not any(word in answer for word in one.any)]
    if said := (mended + missing)[:1]:
        return Reply(Kind.THOUGHT if task.opinion else Kind.LOOK, tuple(said))
    return Reply(Kind.THOUGHT if task.opinion else Kind.WELL, (task.right,))


@_reply.register
def _(task: Guess, answer: Any) -> Reply:
    if len(set(answer)) < 3:
        return Reply(Kind.LOOK, (words().twice,))
    counted = {wish.name: wish.people for wish in wishes(task.part)}
    most = [name for name, people in counted.items() if people == max(counted.values())]
    told = "、".join(f"「{name}」は{counted[name]}人" for name in answer if name in counted)
    hits = sum(name in most for name in answer)
    return Reply(Kind.THOUGHT, (f"{told}でした。", task.all_three if hits == min(3, len(most)) else task.some if hits else task.none))


def _chosen(options: Sequence[Option], answer: Sequence[str]) -> list[Option]:
    return [one for one in options if one.key in answer]


def _found(task: Writing, answer: str) -> Iterator[str]:
    """What the project's own checks say about an answer."""
    if "wording" in task.checks or "selling" in task.checks:
        spans = [match.span() for match in _QUOTED.finditer(answer)] if task.voices else []
        found = check_wording(answer, skip=spans)
        yield from (one.message for one in found if one.category == "SELL" or "wording" in task.checks)
    if "question" in task.checks:
        yield from (one.message for one in check_question(answer))
    if "cost" in task.checks:
        yield from (one.message for one in check_cost(answer))
    if "quoted" in task.checks:
        heard = [spoken(voice).text for voice in task.voices]
        for words_ in _QUOTED.findall(answer):
            if not any(words_ in one for one in heard):
                yield words().not_a_quote.format(words=words_)
