"""Learning alone: five weeks, page by page, with the time customers are met beside them."""

from __future__ import annotations

from kizuna.content import Entry, load


class Piece(Entry):
    """A page, or some of it, with what is done there."""

    section: str
    what: str
    minutes: int


class Week(Entry):
    """One week: what is done on the pages, and whom to meet meanwhile."""

    title: str
    do: list[Piece]
    meet: str

    @property
    def minutes(self) -> int:
        """The minutes on the pages."""
        return sum(one.minutes for one in self.do)


class SelfStudy(Entry):
    """Everything in ``self_study.yaml``; ``after`` is what comes once the weeks are over."""

    lead: str
    weeks: list[Week]
    after: Week


def weeks() -> SelfStudy:
    """The weeks as ``content/self_study.yaml`` tells them."""
    return load("self_study.yaml", SelfStudy)
