"""The five points of SNS, over all that is written: the plan's items, the posts, and what is told again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kizuna.language.media import media
from kizuna.language.points import Point, texts
from kizuna.language.posts import Kind, touched
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps.posts import posts
from kizuna.steps.recurring import recurring
from kizuna.workbook.reading.cell import shorten
from kizuna.workbook.store import Workbook


@dataclass(frozen=True)
class Balance:
    """One of the five points with how many written things touch it, by their first words."""

    point: Point
    items: tuple[str, ...]


def balance(book: Workbook, part: Part) -> tuple[Balance, ...]:
    """The five points over all that is written: the plan's items, the posts, and what is told again."""
    found: dict[str, list[str]] = {point.key: [] for point in texts().points}
    for title, keys in (*_of_actions(book, part), *_of_posts(book), *_of_recurring(book)):
        for key in keys & found.keys():
            found[key].append(title)
    return tuple(Balance(point, tuple(found[point.key])) for point in texts().points)


def counted(book: Workbook, part: Part) -> str:
    """One sentence on what the five points are counted over."""
    told = (("計画の一手", plans.plan(book, part).decided), ("投稿", posts(book)), ("くり返すもの", recurring(book)))
    return f"数えたのは、{'・'.join(f'{name}{len(found)}件' for name, found in told)}です。一つが、二つ以上に当てはまることもあります。"


def lowest(shares: Sequence[Balance]) -> Point:
    """The point that fewest things touch; of equals the first."""
    return min(shares, key=lambda one: len(one.items)).point


def _of_actions(book: Workbook, part: Part) -> Iterator[tuple[str, set[str]]]:
    """Each item of the plan that is decided, with the points it touches."""
    for one in plans.plan(book, part).decided:
        keys = touched(f"{one.title}。{one.content}")
        keys |= {"contact"} if one.times > 1 else set()
        keys |= {"choose"} if one.medium and media()[one.medium.id].per_person else set()
        yield f"計画：{one.title or '名前のない一手'}", keys


def _of_posts(book: Workbook) -> Iterator[tuple[str, set[str]]]:
    """Each post with the points it touches; the first of a week keeps contact."""
    weeks: set[tuple[int, int]] = set()
    for one in posts(book):
        keys = {one.kind.value} & {"information", "person", "involving"}
        keys |= {"choose"} if one.kind is Kind.THANKS else set()
        if one.posted_on and (week := one.posted_on.isocalendar()[:2]) not in weeks:
            weeks.add(week)
            keys.add("contact")
        yield f"投稿：{shorten(one.text)}", keys


def _of_recurring(book: Workbook) -> Iterator[tuple[str, set[str]]]:
    for one in recurring(book):
        yield f"くり返すもの：{one.title}", {one.point, "contact"}
