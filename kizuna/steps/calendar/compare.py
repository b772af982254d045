"""What it takes to reach the same people by different media: minutes, yen and how many really see it, by the owner's own assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.steps.calendar.model import MONTH, Way
from kizuna.steps.calendar.settings import Question, ways
from kizuna.steps.people import everyone
from kizuna.workbook.answers import read_answers
from kizuna.workbook.store import Workbook

_MOST = 10_000_000


class Often(Entry):
    """A frequency that may be chosen."""

    label: str
    times: int


class Audience(Entry):
    """People whom one account reaches, and how often a day something is posted there."""

    medium: str
    label: str
    people: int
    daily: int


class CompareWords(Entry):
    """Everything in ``media_compare.yaml``."""

    people_least: int
    people_offered: list[int]
    times: int
    reach_often: int
    reach_each: int
    overlap: int
    often: list[str]
    media: list[str]
    times_offered: list[Often]
    gathered: list[Audience]
    fields: list[Question]


@dataclass(frozen=True)
class Compared:
    """One medium for so many people so many times a month: minutes and yen in a month, and how many people really see it."""

    way: Way
    minutes: int
    yen: int | None  # None: no price is written
    reached: int


@dataclass(frozen=True)
class Gathered:
    """Several audiences together: simply added up, without those who are counted twice, really reached; minutes of posting in a month."""

    added: int
    different: int
    reached: int
    minutes: int


def words() -> CompareWords:
    """The content of comparisons."""
    return load("media_compare.yaml", CompareWords)


def compare_media(
    people: int = 1000,
    times: int = 1,
    ways: Sequence[Way] = (),
    reach: Mapping[str, float] | None = None,
    overlap: float = 0.0,
) -> tuple[tuple[Compared, ...], int]:
    """What each way takes for the same people, ``times`` a month, the lightest first; and how many see at least one of all ways.

    ``reach`` (by way) and ``overlap`` are shares from 0 to 1: who sees it at all, and of those of a further way who were reached already.
    Raises ``KizunaError`` for numbers outside of what they can be.
    """
    _check(people, times, *(reach or {}).values(), overlap)
    found = []
    for way in ways:
        minutes, yen = (once * times + each * people * times for once, each in zip(way.once, way.each, strict=True))
        found.append(Compared(way, minutes, yen if way.yen or way.yen_each else None, round(people * (reach or {}).get(way.id, 1.0))))
    seen = sorted((one.reached for one in found), reverse=True)
    together = min(people, round(seen[0] + (1 - overlap) * sum(seen[1:]))) if seen else 0
    return tuple(sorted(found, key=lambda one: (one.minutes, one.way.id))), together


def gather(audiences: Sequence[Audience], overlap: float, reach: float) -> Gathered:
    """Several audiences together; ``overlap`` of each but the largest are people who are counted already, ``reach`` of them all see it."""
    _check(0, 0, overlap, reach)
    sizes = sorted((one.people for one in audiences), reverse=True)
    different = round(sizes[0] + (1 - overlap) * sum(sizes[1:])) if sizes else 0
    minutes = sum(media()[one.medium].minutes * one.daily * MONTH for one in audiences)
    return Gathered(sum(sizes), different, round(different * reach), minutes)


@dataclass(frozen=True)
class CompareView:
    """The comparison with the owner's assumptions (the content's where she wrote none), by the keys under which they are kept in ``assumed``."""

    people: int
    times: int
    reach_each: float
    reach_often: float
    overlap: float
    lines: tuple[Compared, ...]
    together: int
    gathered: Gathered
    audiences: tuple[Audience, ...]
    assumed: Mapping[str, float]


def listed(book: Workbook) -> int:
    """As many people as stand on the list by name, but never so few that media could not be told apart."""
    named = sum(one.name is not None and not one.inside for one in everyone(book))
    return max(words().people_least, named)


def comparison(book: Workbook) -> CompareView:
    """The comparison as the workbook has its numbers."""
    content, answers, own = words(), read_answers(book), {one.id: one for one in ways(book)}
    assumed: dict[str, float] = {}
    for one in content.fields:
        value = answers.get(one.key)
        name = one.key.removeprefix("compare.")
        assumed[one.key] = float(value if value is not None else listed(book) if name == "people" else getattr(content, name))
    people, times = int(assumed["compare.people"]), int(assumed["compare.times"])
    each, often, overlap = (assumed[f"compare.{name}"] / 100 for name in ("reach_each", "reach_often", "overlap"))
    chosen = [
        own[one].way if one in own else Way(one, media()[one].name, media()[one].minutes, 0, media()[one].per_person)
        for one in content.media
    ]
    reach = {one.id: often if one.id in content.often else each for one in chosen}
    lines, together = compare_media(people, times, chosen, reach, overlap)
    return CompareView(
        people, times, each, often, overlap, lines, together, gather(content.gathered, overlap, often), tuple(content.gathered), assumed
    )


def check_number(key: str, value: float | None) -> None:
    """Raise ``KizunaError`` where a number of the comparison is outside of what it can be."""
    if value is None:
        return
    if key.startswith(("compare.reach", "compare.overlap")):
        if not 0 <= value <= 100:
            raise KizunaError("割合は、0から100までの数で書いてください。10人のうち9人なら90です。")
    elif value != int(value) or not 0 <= value <= _MOST:
        raise KizunaError("人数と回数は、0以上の切りのよい数で書いてください。")


def _check(people: int, times: int, *shares: float) -> None:
    if not (0 <= people <= _MOST and 0 <= times <= _MOST) or not all(0 <= share <= 1 for share in shares):
        raise KizunaError("人数と回数は0以上の数、割合は0から100までの数で書いてください。")
