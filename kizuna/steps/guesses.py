"""直感くらべ on the owner's own voices: three wishes guessed before they are counted, later beside those that most people have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date

from sqlalchemy import select

from kizuna.process import Part
from kizuna.steps.themes import ThemeView, themes
from kizuna.workbook.models import Answer
from kizuna.workbook.policy import GUESS
from kizuna.workbook.store import Workbook

COUNT = 3


@dataclass(frozen=True)
class Guessed:
    """What the owner guessed, line by line (empty where nothing stands), and on which day a line was written last."""

    lines: tuple[str, ...]
    on: date | None

    def __bool__(self) -> bool:
        return any(self.lines)


@dataclass(frozen=True)
class Compared:
    """A guess beside the three themes heard from most people (none until there are themes).

    ``tied`` others were heard from as many people as the last of them.
    """

    guessed: Guessed
    heard: tuple[ThemeView, ...]
    tied: int = 0


def guess_key(part: Part, number: int) -> str:
    """The field of the ``number``-th guess (from 1)."""
    return f"{GUESS}{part}.{number}"


def guessed(book: Workbook, part: Part) -> Guessed:
    """The owner's guess on a part."""
    keys = [guess_key(part, number) for number in range(1, COUNT + 1)]
    with book.reading() as session:
        found = {one.key: one for one in session.scalars(select(Answer).where(Answer.key.in_(keys)))}
    written = [one for one in found.values() if one.value]
    on = max((one.saved_at.replace(tzinfo=UTC).astimezone().date() for one in written), default=None)
    return Guessed(tuple(str(found[key].value or "") if key in found else "" for key in keys), on)


def compared(book: Workbook, part: Part) -> Compared:
    """The guess beside the themes that most people have."""
    views = [view for view in themes(book, part) if view.people]
    most, others = views[:COUNT], views[COUNT:]
    return Compared(guessed(book, part), tuple(most), sum(view.people == most[-1].people for view in others))
