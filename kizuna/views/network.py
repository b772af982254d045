"""Who knows whom, as one small picture: a dot a person, a line a tie; the same people and ties always give the same picture.

The dots stand on an oval, in rows of equal height, so that no name ever lies on another and every name reads from left to right; those who
are tied stand near each other (networkx orders them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from kizuna.views.parts import table

_ROW, _HIGHEST, _SMALL = 30, 64, 240  # height of a row: at least, at most, and of all rows of a small picture together
_NEAR, _PER_ROW, _FAR = 70, 18, 190  # from the middle to the farthest dot: grows with the rows
_SIZE, _LETTERS, _EDGE = 15, 9, 22  # of letters, the most of a name, and the room above and below
_BOW, _BEND, _SMALLEST = 0.42, 0.2, 0.75  # how far lines leave their side and lean to the middle; the picture never gets smaller than this
_LINES = {
    "knows": ("知り合い", Markup('stroke="#1f5c5b" stroke-width="2.5"')),
    "met": ("お引き合わせした方", Markup('stroke="#a86a12" stroke-width="6"')),
    "may": ("気が合いそうな方", Markup('stroke="#57514a" stroke-width="2" stroke-dasharray="7 6"')),
}


@dataclass(frozen=True)
class Link:
    """A line between two people: they know each other, we brought them together, or they may enjoy one another."""

    first: int
    second: int
    kind: Literal["knows", "met", "may"]


def network(names: Mapping[int, str], links: Sequence[Link]) -> Markup:
    """The picture of these people (by id) and the lines between them, with its key and the same in words."""
    if not names:
        return Markup("")
    room = 20 + _SIZE * max(len(_short(name)) for name in names.values())
    places, width, height = _places(_order(list(names), links), room)
    lines = Markup("").join(_line(one, names, places, width / 2, height / 2) for one in links)
    dots = Markup("").join(_dot(names[number], *place, width / 2) for number, place in places.items())
    drawn = Markup(
        '<div class="kz-scroll" tabindex="0" role="region" aria-label="つながりの図">'
        '<svg class="kz-network" viewBox="0 0 {w} {h}" style="max-width:{w}px;min-width:{least}px" role="img" aria-label="{label}" font-size="{size}">{lines}{dots}</svg></div>'
    ).format(w=width, h=height, least=round(width * _SMALLEST), size=_SIZE, label=summary(names, links), lines=lines, dots=dots)
    header = ["お名前", *(label for label, _ in _LINES.values())]
    words = table(header, ((name, *(said or "—" for said in others)) for name, others in in_words(names, links)))
    return (
        Markup('<p class="kz-scroll-note">図は横に動かせます。</p>')
        + drawn
        + _key(links)
        + Markup('<details class="kz-numbers"><summary>つながりを言葉で読む</summary>{}</details>').format(words)
    )


def summary(names: Mapping[int, str], links: Iterable[Link]) -> str:
    """The picture in one sentence."""
    kinds = [one.kind for one in links]
    counts = "、".join(f"{label}が{kinds.count(kind)}組" for kind, (label, _) in _LINES.items() if kind in kinds)
    return f"{len(names)}人のつながりの図です。{counts or '線は、まだありません'}。"


def in_words(names: Mapping[int, str], links: Sequence[Link]) -> list[tuple[str, tuple[str, ...]]]:
    """For each person her name, and the names of those she knows, was brought together with, and may enjoy."""

    def others(number: int, kind: str) -> str:
        ends = [one.second if one.first == number else one.first for one in links if one.kind == kind and number in (one.first, one.second)]
        return "、".join(names[one] for one in ends)

    return [(name, tuple(others(number, kind) for kind in _LINES)) for number, name in names.items()]


def _order(people: list[int], links: Sequence[Link]) -> list[int]:
    """The people along the oval: tied ones near each other, larger circles first, those without a line last."""
    import networkx as nx
    from networkx.utils import reverse_cuthill_mckee_ordering

    graph = nx.Graph()
    graph.add_nodes_from(people)
    graph.add_edges_from(sorted((one.first, one.second) for one in links))
    parts = sorted(nx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    return [one for part in parts for one in reverse_cuthill_mckee_ordering(_sorted(graph.subgraph(part)))]


def _sorted(graph: Any) -> Any:
    """The same graph with its people in the order of their numbers, since networkx goes by the order in which they came."""
    made = type(graph)()
    made.add_nodes_from(sorted(graph))
    made.add_edges_from(sorted(tuple(sorted(edge)) for edge in graph.edges))
    return made


def _places(order: Sequence[int], room: int) -> tuple[dict[int, tuple[float, float]], int, int]:
    """Where each dot stands, and the picture's width and height: down the right side and up the left, with ``room`` for a name beside it."""
    right = (len(order) + 1) // 2
    step = max(_ROW, min(_HIGHEST, _SMALL // right))
    across = min(_FAR, _NEAR + _PER_ROW * right)
    width, height = 2 * (across + room), right * step + 2 * _EDGE
    middle, reach = height / 2, right * step / 2 + step / 2
    found = {}
    for place, one in enumerate(order):
        row = place if place < right else len(order) - 1 - place
        down = _EDGE + (row + 0.5) * step
        out = across * (1 - ((down - middle) / reach) ** 2) ** 0.5
        found[one] = (width / 2 + (out if place < right else -out), down)
    return found, width, height


def _line(one: Link, names: Mapping[int, str], places: Mapping[int, tuple[float, float]], middle: float, centre: float) -> Markup:
    (x1, y1), (x2, y2) = places[one.first], places[one.second]
    label, stroke = _LINES[one.kind]
    if (x1 - middle) * (x2 - middle) > 0:  # on one side: a bow, the wider the farther apart
        bow = _BOW * abs(y1 - y2) + 14
        turn = (x1 + x2) / 2 + (bow if x1 < middle else -bow), (y1 + y2) / 2
    else:
        turn = (x1 + x2) / 2, (y1 + y2) / 2 + _BEND * (centre - (y1 + y2) / 2)
    return Markup('<path d="M{:.1f},{:.1f}Q{:.1f},{:.1f} {:.1f},{:.1f}" fill="none" {}><title>{}</title></path>').format(
        x1, y1, *turn, x2, y2, stroke, f"{names[one.first]}と{names[one.second]}：{label}"
    )


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS + 1 else f"{name[:_LETTERS]}…"


def _dot(name: str, x: float, y: float, middle: float) -> Markup:
    side, anchor = (1, "start") if x >= middle else (-1, "end")
    return Markup(
        '<g><title>{}</title><circle cx="{:.1f}" cy="{:.1f}" r="7" fill="#1f5c5b" stroke="#fff" stroke-width="2"/>'
        '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" fill="#2d2a26">{}</text></g>'
    ).format(name, x, y, x + side * 13, y + 5, anchor, _short(name))


def _key(links: Sequence[Link]) -> Markup:
    kinds = {one.kind for one in links}
    shown = [
        Markup('<span><svg width="44" height="12" aria-hidden="true"><line x1="2" y1="6" x2="42" y2="6" {}/></svg>{}</span>').format(
            stroke, label
        )
        for kind, (label, stroke) in _LINES.items()
        if kind in kinds
    ]
    return Markup('<p class="kz-key kz-network-key">{}</p>').format(Markup("").join(shown)) if shown else Markup("")
