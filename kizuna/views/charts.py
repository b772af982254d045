"""Few, large pictures as HTML and SVG: sharp on every screen, the same on paper, and open to the words behind each number."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kizuna.steps.research import MediumView, Point
from kizuna.steps.themes import ThemeView
from kizuna.views.parts import quotes


def theme_bars(views: Sequence[ThemeView], total: int) -> Markup:
    """Who wants what: a bar a theme, dark for those who wish, light for those who speak of it; ``total`` people is the full width."""
    bars = []
    for view in views:
        draft = Markup('<span class="kz-badge">名前は仮</span>') if view.drafted else ""
        track = _track((view.people, ""), (view.wishers, "wish"), total=total)
        note = Markup('<p class="kz-say">{}</p>').format(view.note) if view.note else ""
        bars.append(_bar(Markup("{}{}").format(view.name, draft), track, view.people, note + quotes(view.cards)))
    key = Markup('<p class="kz-key">棒を押すと、もとの言葉が開きます。<i></i>話した人<i class="wish"></i>そのうち、望みを話した人</p>')
    return Markup('<div class="kz-bars">{}</div>{}').format(Markup("").join(bars), key)


def media_bars(views: Sequence[MediumView], total: int) -> Markup:
    """Which media people really look at: a bar a medium."""
    bars = [
        _bar(Markup("{}").format(view.name), _track((view.people, "wish"), total=total), view.people, quotes(view.cards)) for view in views
    ]
    return Markup('<div class="kz-bars">{}</div><p class="kz-key">棒を押すと、もとの言葉が開きます。</p>').format(Markup("").join(bars))


def curve(points: Sequence[Point]) -> Markup:
    """How many different themes had been heard after each person, as a stepped line with both ends named."""
    if not points:
        return Markup("")
    width, height, left, bottom, top, right = 560, 240, 44, 44, 20, 24
    most, last = max(points[-1].themes, 1), len(points)

    def x(people: int) -> float:
        return left + (width - left - right) * people / last

    def y(count: int) -> float:
        return height - bottom - (height - bottom - top) * count / most

    steps = (Markup("H{:.1f}V{:.1f}").format(x(point.people), y(point.themes)) for point in points)
    path = Markup("M{:.1f},{:.1f}{}").format(x(0), y(0), Markup("").join(steps))
    label = f"{last}人の声から、{points[-1].themes}のまとまりが聞こえました。"
    return Markup(
        '<svg class="kz-curve" viewBox="0 0 {w} {h}" role="img" aria-label="{label}" font-size="15" fill="#635c53">'
        '<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y0}" stroke="#8f877b"/><line x1="{x0}" y1="{y0}" x2="{x0}" y2="{top}" stroke="#8f877b"/>'
        '<path d="{path}" fill="none" stroke="#1f5c5b" stroke-width="3"/>'
        '<text x="{x0}" y="{foot}">1人目</text><text x="{x1}" y="{foot}" text-anchor="end">{last}人目</text>'
        '<text x="{side}" y="{ytop}" text-anchor="end">{most}</text><text x="{side}" y="{y0}" text-anchor="end">0</text>'
        '<text x="{x0b}" y="14">聞こえたまとまりの数</text></svg>'
    ).format(
        w=width, h=height, label=label, x0=left, x1=width - right, y0=height - bottom, top=top, path=path, foot=height - bottom + 24,
        last=last, side=left - 8, ytop=y(most) + 5, most=points[-1].themes, x0b=left,
    )  # fmt: skip


def _bar(name: Markup, track: Markup, people: int, inside: Markup) -> Markup:
    return Markup(
        '<details><summary><span class="name">{}</span><span class="track">{}</span><span class="count">{}人</span></summary><div class="inside">{}</div></details>'
    ).format(name, track, people, inside)


def _track(*parts: tuple[int, str], total: int) -> Markup:
    return Markup("").join(
        Markup('<i class="{}" style="width:{:.1f}%"></i>').format(kind, 100 * count / max(total, 1)) for count, kind in parts
    )
