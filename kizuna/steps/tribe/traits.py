"""The nine traits for which people like SNS, held against the place."""

from __future__ import annotations

from dataclasses import dataclass

from kizuna.steps.tribe.design import ChoiceView, design
from kizuna.steps.tribe.topics import Trait, words
from kizuna.workbook.answers import read_answers
from kizuna.workbook.store import Workbook

TRAIT = "tribe.trait."  # before a trait's key: the field that holds whether the place has it


@dataclass(frozen=True)
class TraitView:
    """One of the nine traits: whether the owner finds it in the place (None: not said), and the choices in which it may show."""

    trait: Trait
    there: bool | None
    choices: tuple[ChoiceView, ...]


def traits(book: Workbook) -> tuple[TraitView, ...]:
    """The nine traits, held against the design."""
    view, answers = design(book), read_answers(book)
    return tuple(
        TraitView(one, answers.get(TRAIT + one.key), tuple(each for each in view.decided if each.topic.key in one.topics))
        for one in words().traits
    )
