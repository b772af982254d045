"""Two small bars, this period beside the one before, with the number in each piece; never a share of too few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH, _HIGH, _STEP, _TOP = 400, 34, 78, 4
_INK = "#2d2a26"
_SHADES = {
    "among": (Markup('fill="#1f5c5b"'), "#ffffff"),
    "to_owner": (Markup('fill="#cfe3e0" stroke="#1f5c5b"'), _INK),
    "owner": (Markup('fill="#fdf3e1" stroke="#8a5a00" stroke-width="2"'), _INK),
    "open": (Markup('fill="#ffffff" stroke="#8f877b" stroke-dasharray="4 3"'), _INK),
}


@dataclass(frozen=True)
class Piece:
    """One piece of a bar: what it counts, how many, and how it is shaded."""

    name: str
    count: int
    shade: str


@dataclass(frozen=True)
class Bar:
    """One period; with ``few`` it is no bar but that sentence."""

    name: str
    pieces: Sequence[Piece]
    few: str = ""


def two_bars(label: str, bars: Sequence[Bar], half: str = "") -> Markup:
    """Bars of equal length below each other; ``half`` names a line in their middle."""
    drawn = [_bar(one, _TOP + at * _STEP) for at, one in enumerate(bars)]
    height = _TOP + len(bars) * _STEP + (10 if half else 0)
    line = _half(half, [at for at, one in enumerate(bars) if not one.few], height) if half else Markup("")
    told = label + "".join(f" {one.name}：{one.few or '、'.join(f'{each.name}{each.count}' for each in one.pieces)}。" for one in bars)
    return Markup(
        '<svg class="kz-periods" viewBox="0 0 {w} {h}" role="img" aria-label="{told}" font-size="15" fill="#57514a">{bars}{line}</svg>{key}'
    ).format(w=_WIDTH, h=height, told=told, bars=Markup("").join(drawn), line=line, key=_key(bars))


def _half(name: str, places: Sequence[int], height: int) -> Markup:
    """A mark in the middle of each bar, named below the last."""
    if not places:
        return Markup("")
    mark = Markup('<line x1="200" y1="{}" x2="200" y2="{}" stroke="#2d2a26" stroke-width="2" stroke-dasharray="3 3"/>')
    tops = (_TOP + at * _STEP + 17 for at in places)
    lines = Markup("").join(mark.format(top, top + _HIGH + 10) for top in tops)
    return lines + Markup('<text x="200" y="{}" text-anchor="middle">{}</text>').format(height - 4, name)


def _bar(one: Bar, top: int) -> Markup:
    name = Markup('<text x="1" y="{}" font-weight="600" fill="#2d2a26">{}</text>').format(top + 14, one.name)
    total = sum(each.count for each in one.pieces)
    place = top + 22
    if one.few or not total:
        frame = Markup('<rect x="1" y="{}" width="{}" height="{}" {}/>').format(place, _WIDTH - 2, _HIGH, _SHADES["open"][0])
        return name + frame + Markup('<text x="12" y="{}">{}</text>').format(place + 22, one.few)
    pieces, left = [], 1.0
    for each in one.pieces:
        if each.count:
            wide = (_WIDTH - 2) * each.count / total
            pieces.append(_piece(each, left, place, wide))
            left += wide
    return name + Markup("").join(pieces)


def _piece(one: Piece, left: float, top: int, wide: float) -> Markup:
    look, ink = _SHADES[one.shade]
    return Markup(
        '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" {}/><text x="{:.1f}" y="{}" text-anchor="middle" font-weight="600" fill="{}">{}</text>'
    ).format(left, top, wide, _HIGH, look, left + wide / 2, top + 22, ink, one.count if wide >= 18 else "")


def _key(bars: Sequence[Bar]) -> Markup:
    shades = {each.name: each.shade for one in bars if not one.few for each in one.pieces}
    if not shades:
        return Markup("")
    each = (
        Markup('<span><svg viewBox="0 0 34 14"><rect x="1" y="1" width="32" height="12" {}/></svg>{}</span>').format(
            _SHADES[shade][0], name
        )
        for name, shade in shades.items()
    )
    return Markup('<p class="kz-key kz-periods-key">{}</p>').format(Markup("").join(each))
