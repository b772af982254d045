"""The words of the hand-in's page, and what each of the owner's fields asks."""

from __future__ import annotations

from functools import cache
from typing import Any

from kizuna.content import Entry, load


class Texts(Entry):
    """Texts that leave under one heading: by table and column, how each is called."""

    title: str
    columns: dict[str, str]


class Fact(Entry):
    """What besides texts leaves of a table."""

    table: str
    label: str
    unit: str
    what: str


class Stays(Entry):
    """What stays here: columns, whole tables, fields of the owner's, and fields whose keys begin alike."""

    label: str
    columns: list[str] = []
    tables: list[str] = []
    fields: list[str] = []
    begins: list[str] = []


class HandInWords(Entry):
    """Everything in ``handin.yaml``."""

    lead: str
    masks: str
    look: str
    agree: str
    changed: str
    passing: str
    withheld: str
    nothing: str
    texts: list[Texts]
    facts: list[Fact]
    stays: list[Stays]
    answers: dict[str, str]


def words() -> HandInWords:
    """The words of the page as ``content/handin.yaml`` tells them."""
    return load("handin.yaml", HandInWords)


@cache
def questions() -> dict[str, str]:
    """What each of the owner's fields asks."""
    forms = load("forms.yaml", dict[str, list[dict[str, Any]]])
    return {one["key"]: one["question"] for fields in forms.values() for one in fields} | words().answers
