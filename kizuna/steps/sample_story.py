"""What ``datasets/bookshop/tribe.yaml`` tells: the second part of the worked example."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict


class _Model(BaseModel):
    model_config = ConfigDict(defer_build=True, extra="forbid")


class ExampleQuestion(_Model):
    """An idea of the owner's own for the place, that waits to be asked."""

    idea: str
    question: str


class ExampleIntroduction(_Model):
    """What somebody answered when she was asked whether she would like to be brought together with others."""

    person: str
    wish: str
    wording: str


class ExampleTie(_Model):
    """Two people who know each other, or were brought together."""

    one: str
    other: str
    note: str


class Begins(_Model):
    """A card, by the person and the words with which it begins."""

    person: str
    words: str


class ExampleValue(_Model):
    """What several fans say in their own words."""

    name: str
    words: list[Begins]


class ExampleChoice(_Model):
    """A choice about the place; ``words`` are the beginnings of the cards it rests on."""

    topic: str
    text: str
    often: str = ""
    minutes: int | None = None
    yen: int | None = None
    words: list[str]


class ExampleAllowed(_Model):
    """How somebody lets her wish stand on the members' page."""

    person: str
    name_style: str
    shown_name: str


class ExampleGathering(_Model):
    """The first gathering as an item of the plan."""

    theme: str
    relation: str
    title: str
    content: str
    medium: str
    minutes: int


class ExampleAsking(_Model):
    """To whom the gathering was offered, and who said no for once."""

    gain_them: str
    gain_me: str
    family_who: str
    family_reason: str
    when: str
    invited: list[str]
    others: list[str]
    declined: list[str]
    asked_days_ago: int


class ExampleMember(_Model):
    """Somebody who joined: by paper or LINE so many days ago, or else on the day she first came."""

    person: str
    role: str = ""
    often: str = ""
    listens: bool = False
    joined_days_ago: int | None = None


class ExampleMeeting(_Model):
    """Who came on a Thursday."""

    days_ago: int
    came: list[str]


class ExampleSubject(_Model):
    """A subject somebody opened, and who answered first."""

    by: str
    answered_by: str
    days_ago: int


class ExampleAnswer(_Model):
    """What one member answered about the gathering."""

    person: str
    good: str = ""
    bad: str = ""
    wish: str = ""


class ExampleMended(_Model):
    """What was changed because members said so."""

    title: str
    content: str
    words: list[str]
    decided_days_ago: int


class ExampleConsent(_Model):
    """What one member allows with what she said was good."""

    person: str
    scopes: list[str]
    name_style: str
    shown_name: str
    days_ago: int


class TribeExample(_Model):
    """Everything in ``datasets/bookshop/tribe.yaml``."""

    introductions: list[ExampleIntroduction]
    knows: list[ExampleTie]
    introduced: list[ExampleTie]
    values: list[ExampleValue]
    choices: list[ExampleChoice]
    allowed: list[ExampleAllowed]
    ask_next: list[ExampleQuestion]
    traits: list[str]
    action: ExampleGathering
    offer: ExampleAsking
    members: list[ExampleMember]
    owner_in_talk: str
    talk: list[tuple[int, int, str]]
    meetings: list[ExampleMeeting]
    subject: ExampleSubject
    feedback_days_ago: int
    feedback: list[ExampleAnswer]
    sorry: Begins
    improvement: ExampleMended
    consent: ExampleConsent
    answers: dict[str, bool | int | str]


def tribe_example(folder: Path) -> TribeExample:
    """The second part of the worked example as the file in ``folder`` tells it."""
    return TribeExample.model_validate(yaml.safe_load((folder / "tribe.yaml").read_text(encoding="utf-8")))
