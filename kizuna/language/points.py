"""The five points of SNS and the names of the kinds of posts, as the course tells them."""

from __future__ import annotations

from kizuna.content import Entry, load
from kizuna.language.posts import Kind


class Point(Entry):
    """One of the five points of SNS: in plain words, its name from the course, our explanation, and one suggestion."""

    key: str
    plain: str
    name: str
    ours: str
    suggestion: str


class Points(Entry):
    """Everything in ``points.yaml``."""

    purpose: str
    points: list[Point]
    kinds: dict[Kind, str]


def texts() -> Points:
    """The five points and the names of the kinds as ``content/points.yaml`` tells them."""
    return load("points.yaml", Points)
