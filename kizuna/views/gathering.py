"""The picture of a rehearsed gathering: its weeks as lines, and below them who talks with whom at the end."""

from __future__ import annotations

import math

from markupsafe import Markup

from kizuna.steps.tribe.rehearsal import WEEKS, Rehearsal
from kizuna.views.parts import table

_WIDTH, _LEFT, _RIGHT, _TOP, _FOOT = 440, 46, 22, 54, 214  # of the lines
_MIDDLE, _CENTRE, _RADIUS, _HEIGHT = 220, 472, 118, 632  # of the ring
_BETWEEN, _OWNER = "#1f5c5b", "#8a5a00"
_PLAIN, _DASHED = Markup('stroke="{}"').format(_BETWEEN), Markup('stroke="{}" stroke-dasharray="6 4"').format(_OWNER)
_FAN, _OTHER = Markup('fill="{}"').format(_BETWEEN), Markup('fill="#fff" stroke="{}" stroke-width="1.8"').format(_BETWEEN)
_GONE, _SHE = (
    Markup('fill="#fff" stroke="#8f877b" stroke-dasharray="3 2"'),
    Markup('fill="#fdf3e1" stroke="{}" stroke-width="2.5"').format(_OWNER),
)

KEY = Markup(
    '<p class="kz-key kz-gathering-key"><span><svg viewBox="0 0 34 12"><path d="M0 6H34" stroke="{b}" stroke-width="3"/></svg>仲間どうしが言葉をかわした回数</span>'
    '<span><svg viewBox="0 0 34 12"><path d="M0 6H34" stroke="{o}" stroke-width="3" stroke-dasharray="7 5"/></svg>店主が話した回数</span>'
    '<span><svg viewBox="0 0 34 12"><rect width="34" height="12" fill="#d6e6e3"/></svg>にぎわった週</span>'
    '<span><svg viewBox="0 0 12 12"><circle cx="6" cy="6" r="5" fill="{b}"/></svg>ファンの方</span>'
    '<span><svg viewBox="0 0 12 12"><circle cx="6" cy="6" r="5" fill="#fff" stroke="{b}" stroke-width="1.5"/></svg>そのほかの仲間</span>'
    '<span><svg viewBox="0 0 12 12"><circle cx="6" cy="6" r="5" fill="#fdf3e1" stroke="{o}" stroke-width="2"/></svg>店主</span>'
    '<span><svg viewBox="0 0 12 12"><circle cx="6" cy="6" r="5" fill="#fff" stroke="#8f877b" stroke-dasharray="2 2"/></svg>来なくなった方</span></p>'
).format(b=_BETWEEN, o=_OWNER)


def said(one: Rehearsal) -> str:
    """What the picture shows, in one sentence."""
    return (
        f"{WEEKS}週のうち{one.alive}週がにぎわい、{WEEKS}週めに来ている仲間は{one.settings.members}人のうち{one.weeks[-1].coming}人です。"
    )


def most(one: Rehearsal) -> int:
    """The highest number on the lines of a gathering."""
    return max(max(week.between, week.owner) for week in one.weeks)


def picture(one: Rehearsal, top: int) -> Markup:
    """The gathering as one picture; ``top`` is the height of its lines, so that two pictures beside each other can be compared."""
    drawn = Markup(
        '<svg class="kz-gathering" viewBox="0 0 {w} {h}" role="img" aria-label="まねごとの絵。{told}" font-size="15" fill="#57514a">'
        '<text x="{w}" y="16" text-anchor="end" class="kz-play">まねごと</text>{lines}{ring}</svg>'
    )
    return drawn.format(w=_WIDTH, h=_HEIGHT, told=said(one), lines=_lines(one, max(top, 1)), ring=_ring(one))


def numbers(one: Rehearsal) -> Markup:
    """The same as a table."""
    rows = [(f"{w.number}週め", w.between, w.owner, f"{w.talkers}人", f"{w.coming}人", "あり" if w.sale else "") for w in one.weeks]
    return table(["週", "仲間どうし（回）", "店主（回）", "言葉をかわした仲間", "来ている仲間", "商品の案内"], rows)


def _lines(one: Rehearsal, top: int) -> Markup:
    step = (_WIDTH - _LEFT - _RIGHT) / (WEEKS - 1)

    def x(week: int) -> float:
        return _LEFT + step * (week - 1)

    def y(count: int) -> float:
        return _FOOT - (_FOOT - _TOP) * count / top

    def line(counts: list[int], how: Markup) -> Markup:
        path = " ".join(f"{'M' if not at else 'L'}{x(at + 1):.1f} {y(count):.1f}" for at, count in enumerate(counts))
        return Markup('<path d="{}" fill="none" stroke-width="3" stroke-linejoin="round" {}/>').format(path, how)

    half = step / 2
    shades = (
        Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" fill="#d6e6e3"/>').format(
            max(x(week.number) - half, _LEFT), _TOP, step if 1 < week.number < WEEKS else half, _FOOT - _TOP
        )
        for week in one.weeks
        if week.talkers >= one.least
    )
    sales = (
        Markup(
            '<line x1="{x:.1f}" x2="{x:.1f}" y1="{}" y2="{}" stroke="#a32a1f" stroke-width="2"/><text x="{x:.1f}" y="{}" text-anchor="middle" fill="#a32a1f">案内</text>'
        ).format(_TOP, _FOOT, _TOP - 6, x=x(week.number))
        for week in one.weeks
        if week.sale
    )
    coming = (
        Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(x(week.number), _FOOT + 72, week.coming)
        for week in one.weeks
        if week.number % 2 == 0
    )
    return Markup(
        '{shades}<path d="M{l} {t}V{f}H{r}" fill="none" stroke="#8f877b"/><text x="{s}" y="{ty}" text-anchor="end">{top}</text>'
        '<text x="{s}" y="{f}" text-anchor="end">0</text><text x="{l}" y="{wy}" text-anchor="middle">1週め</text>'
        '<text x="{r}" y="{wy}" text-anchor="end">{weeks}週め</text>{sales}{owner}{between}<text x="0" y="{cy}">来ている仲間の数</text>{coming}'
    ).format(
        shades=Markup("").join(shades), l=_LEFT, t=_TOP, f=_FOOT, r=_WIDTH - _RIGHT, s=_LEFT - 8, ty=_TOP + 8, top=top, wy=_FOOT + 22, weeks=WEEKS,
        sales=Markup("").join(sales), owner=line([week.owner for week in one.weeks], _DASHED),
        between=line([week.between for week in one.weeks], _PLAIN), cy=_FOOT + 50, coming=Markup("").join(coming),
    )  # fmt: skip


def _ring(one: Rehearsal) -> Markup:
    """Everybody on one ring, the owner as one among them; a line for every two who exchanged words in the last weeks, thicker the more."""
    count = one.settings.members
    size = min(max(math.pi * _RADIUS / (count + 1) * 0.62, 4), 15)
    places = dict(enumerate(_places(count + 1)))
    seats = {member: places[at] for at, member in enumerate(_seated(one), start=1)}
    thin = 0.75 if count <= 24 else 0.4  # many lines cross, so they are lighter
    lines = [
        *(_tie(places[0], seats[member], times, _DASHED, thin) for member, times in one.owner_pairs.items()),
        *(_tie(seats[a], seats[b], times, _PLAIN, thin) for (a, b), times in one.pairs.items()),
    ]
    dots = [_dot(seats[member], size, _look(one, member)) for member in range(count)]
    owner = _dot(places[0], size, _SHE)
    return Markup(
        '<text x="0" y="{y}">おわりの四週に、だれとだれが話したか</text>{lines}{dots}{owner}<text x="{x:.1f}" y="{oy:.1f}" text-anchor="middle">店主</text>'
    ).format(
        y=_FOOT + 110, lines=Markup("").join(lines), dots=Markup("").join(dots), owner=owner, x=_outside(places[0], size)[0],
        oy=_outside(places[0], size)[1],
    )  # fmt: skip


def _outside(place: tuple[float, float], size: float) -> tuple[float, float]:
    """Where the owner's name stands: below her circle, which is the lowest of the ring."""
    return place[0], place[1] + size + 18


def _places(count: int) -> list[tuple[float, float]]:
    """So many places on the ring, from the lowest on."""
    turns = [math.pi / 2 + 2 * math.pi * at / count for at in range(count)]
    return [(_MIDDLE + _RADIUS * math.cos(turn), _CENTRE + _RADIUS * math.sin(turn)) for turn in turns]


def _seated(one: Rehearsal) -> list[int]:
    """The members in the order of their seats: the fans spread evenly among the others."""
    fans, count = one.settings.fans, one.settings.members

    def seat(member: int) -> float:
        return (member + 0.5) / fans if member < fans else (member - fans + 0.5) / (count - fans)

    return sorted(range(count), key=lambda member: (seat(member), member))


def _look(one: Rehearsal, member: int) -> Markup:
    if member in one.gone:
        return _GONE
    return _FAN if member < one.settings.fans else _OTHER


def _dot(place: tuple[float, float], size: float, how: Markup) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:.1f}" {}/>').format(*place, size, how)


def _tie(a: tuple[float, float], b: tuple[float, float], times: int, how: Markup, thin: float) -> Markup:
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke-width="{:.1f}" stroke-opacity="{}" {}/>').format(
        *a, *b, min(0.8 + 0.8 * times, 5) * thin, thin, how
    )
