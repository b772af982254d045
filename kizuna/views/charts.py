"""Few, large pictures as HTML and SVG: sharp on every screen, the same on paper, and open to the words behind each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.steps.cards import Card, people
from kizuna.steps.gladness import GLAD
from kizuna.steps.needs import NeedView
from kizuna.steps.people import PersonView, words
from kizuna.steps.research import MediumView, Point
from kizuna.steps.themes import ThemeView
from kizuna.views.parts import quotes, table

_PLAIN = Markup('fill="#1f5c5b" fill-opacity=".55"')
_RINGED = Markup('fill="#fdf2d8" stroke="#a32a1f" stroke-width="3"')
_MOST = 100  # rows of a table


def theme_bars(views: Sequence[ThemeView]) -> Markup:
    """Who wants what: a bar a theme, dark for those who wish, light for those who speak of it."""
    longest = max((view.people for view in views), default=0)
    bars = []
    for view in views:
        draft = Markup('<span class="kz-badge">名前は仮</span>') if view.drafted else ""
        note = Markup('<p class="kz-say">{}</p>').format(view.note) if view.note else ""
        shades = ((view.people, ""), (view.wishers, "wish"))
        bars.append(_bar(Markup("{}{}").format(view.name, draft), shades, view.people, longest, note + quotes(view.cards)))
    both = any(view.wishers < view.people for view in views)
    key = Markup('<i></i>話した人<i class="wish"></i>そのうち、望みを話した人') if both else ""
    return _chart(
        bars, table(["まとまり", "話した人", "そのうち望みを話した人"], [(v.name, f"{v.people}人", f"{v.wishers}人") for v in views]), key
    )


def wish_bars(views: Sequence[ThemeView]) -> Markup:
    """What is wished for and has no item yet: a bar a theme, as long as many people wish, open onto their wishes."""
    longest = max((view.wishers for view in views), default=0)
    bars = []
    for view in views:
        wishes = [card for card in view.cards if card.wishes]
        bars.append(_bar(Markup("{}").format(view.name), [(view.wishers, "wish")], view.wishers, longest, quotes(wishes)))
    return _chart(bars, table(["望み", "望んだ人"], [(view.name, f"{view.wishers}人") for view in views]))


def kind_bars(kinds: Sequence[tuple[str, Sequence[Card]]]) -> Markup:
    """What kind of feedback came from how many people: a bar a kind, open onto the words."""
    counted = [(name, cards, people(cards)) for name, cards in kinds]
    longest = max((count for _, _, count in counted), default=0)
    bars = [_bar(Markup("{}").format(name), [(count, "wish")], count, longest, quotes(cards)) for name, cards, count in counted]
    return _chart(bars, table(["感想", "話した人"], [(name, f"{count}人") for name, _, count in counted]))


def need_bars(groups: Mapping[str, Sequence[NeedView]]) -> Markup:
    """Which feelings are heard, group by group: a bar a feeling, with what of the plan answers it, open onto the words."""
    views = [view for group in groups.values() for view in group]
    longest = max((view.people for view in views), default=0)

    def bar(view: NeedView) -> Markup:
        answered = "".join(f"『{title}』" for title in view.actions) or "まだありません"
        told = Markup('<p class="kz-say">{}</p><p class="kz-hint">計画の一手：{}</p>').format(view.need.told, answered)
        return _bar(Markup("{}").format(view.need.title), [(view.people, "wish")], view.people, longest, told + quotes(view.cards, 3))

    bars = [one for title, group in groups.items() for one in (Markup('<div class="kz-q">{}</div>').format(title), *map(bar, group))]
    rows = [(view.need.title, f"{view.people}人", things(len(view.actions)) if view.actions else "まだ") for view in views]
    return _chart(bars, table(["気持ち", "話した人", "計画の一手"], rows))


def media_bars(views: Sequence[MediumView]) -> Markup:
    """Which media people really look at: a bar a medium."""
    longest = max((view.people for view in views), default=0)
    bars = [_bar(Markup("{}").format(view.name), [(view.people, "wish")], view.people, longest, quotes(view.cards)) for view in views]
    return _chart(bars, table(["見ているもの", "見ている人"], [(view.name, f"{view.people}人") for view in views]))


def share_bars(rows: Sequence[tuple[str, Sequence[str]]], header: str, unit: str = "件") -> Markup:
    """How many things there are of each kind: a bar a kind, open onto the first words of each."""
    longest = max((len(items) for _, items in rows), default=0)
    bars = []
    for name, items in rows:
        inside = (
            Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(item) for item in items)) if items else Markup("")
        )
        bars.append(_bar(Markup("{}").format(name), [(len(items), "wish")], len(items), longest, inside, unit))
    return _chart(bars, table([header, "数"], [(name, f"{len(items)}{unit}") for name, items in rows]), opens="もとの文")


def amount_bars(amounts: Sequence[tuple[str, int, str, str]], numbers: Markup) -> Markup:
    """Amounts side by side, each (name, amount, the amount in words, how it is reckoned): a bar opens onto its reckoning."""
    longest = max((amount for _, amount, _, _ in amounts), default=0)
    bars = [
        _bar(Markup("{}").format(name), [(amount, "wish")], amount, round(longest * 1.25), Markup("<p>{}</p>").format(how), words=words)
        for name, amount, words, how in amounts
    ]
    return _chart(bars, numbers, opens="計算のしかた")


def _chart(bars: Sequence[Markup], numbers: Markup, key: Markup | str = "", opens: str = "もとの言葉") -> Markup:
    """Bars with their key, and the numbers behind them for those who want a table."""
    told = Markup('<p class="kz-key"><span class="kz-press">名前を押すと、{}が読めます。</span>{}</p>').format(opens, key)
    return Markup('<div class="kz-bars">{}</div>{}').format(Markup("").join(bars), told) + _numbers(numbers)


def _numbers(numbers: Markup) -> Markup:
    return Markup('<details class="kz-numbers"><summary>数字の表で見る</summary>{}</details>').format(numbers)


def curve(points: Sequence[Point]) -> Markup:
    """How many different themes had been heard after each person, as a stepped line with both ends named."""
    if not points:
        return Markup("")
    width, height, left, bottom, top, right = 560, 264, 44, 44, 44, 24
    most, last = max(points[-1].themes, 1), len(points)

    def x(people: int) -> float:
        return left + (width - left - right) * people / last

    def y(count: int) -> float:
        return height - bottom - (height - bottom - top) * count / most

    steps = (Markup("H{:.1f}V{:.1f}").format(x(point.people), y(point.themes)) for point in points)
    path = Markup("M{:.1f},{:.1f}{}").format(x(0), y(0), Markup("").join(steps))
    label = f"{last}人の声から、{points[-1].themes}のまとまりが聞こえました。"
    numbers = table(["うかがった人", "それまでに聞こえたまとまり"], [(f"{one.people}人目", f"{one.themes}") for one in points])
    drawn = Markup(
        '<svg class="kz-curve" viewBox="0 0 {w} {h}" role="img" aria-label="{label}" font-size="15" fill="#635c53">'
        '<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y0}" stroke="#8f877b"/><line x1="{x0}" y1="{y0}" x2="{x0}" y2="{top}" stroke="#8f877b"/>'
        '<path d="{path}" fill="none" stroke="#1f5c5b" stroke-width="3"/>'
        '<text x="{x0}" y="{foot}">1人目</text><text x="{x1}" y="{foot}" text-anchor="end">{last}人目</text>'
        '<text x="{side}" y="{ytop}" text-anchor="end">{most}</text><text x="{side}" y="{y0}" text-anchor="end">0</text>'
        '<text x="{x0b}" y="20">聞こえたまとまりの数</text></svg>'
    ).format(
        w=width, h=height, label=label, x0=left, x1=width - right, y0=height - bottom, top=top, path=path, foot=height - bottom + 24,
        last=last, side=left - 8, ytop=y(most) + 5, most=points[-1].themes, x0b=left,
    )  # fmt: skip
    return drawn + _numbers(numbers)


def silence(views: Sequence[PersonView], today: date) -> Markup:
    """How close each is, and for how many days we have not touched her: a dot a person, ringed where more days have passed than may."""
    return _silence(views, {one.id: one.level for one in views if one.level is not None}, words().closeness, "近さ", today)


def gladness(views: Sequence[PersonView], glad: Mapping[int, int], today: date) -> Markup:
    """How glad each was in her feedback, against the days for which we have not touched her."""
    return _silence(views, glad, GLAD, "感想", today)


def _silence(views: Sequence[PersonView], heights: Mapping[int, int], levels: Mapping[int, str], name: str, today: date) -> Markup:
    """Something about each person (``heights``, of these ``levels``) against the days of silence; nothing where nothing is known."""
    known = [(one, heights[one.id], days) for one in views if one.id in heights and (days := one.days_since(today)) is not None]
    if not known:
        return Markup("")
    width, height, left, bottom, top, right = 560, 260, 44, 44, 26, 24
    most, highest = max(max(days for _, _, days in known), 1), max(levels)

    def y(level: int) -> float:
        return height - bottom - (height - bottom - top) * level / highest

    dots = Markup("").join(
        Markup('<circle cx="{:.1f}" cy="{:.1f}" r="7" {}><title>{}</title></circle>').format(
            left + (width - left - right) * days / most,
            y(level),
            _RINGED if days > one.worst_days else _PLAIN,
            f"{one.called}・{days}日",
        )
        for one, level, days in known
    )
    ticks = Markup("").join(
        Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(left - 12, y(level) + 5, level) for level in levels
    )
    drawn = Markup(
        '<svg class="kz-curve" viewBox="0 0 {w} {h}" role="img" aria-label="{name}と、ごぶさたの日数" font-size="15" fill="#57514a">'
        '<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y0}" stroke="#8f877b"/><line x1="{x0}" y1="{y0}" x2="{x0}" y2="{top}" stroke="#8f877b"/>'
        '{ticks}{dots}<text x="{x0}" y="14">{name}</text><text x="{x0}" y="{foot}">今日</text>'
        '<text x="{x1}" y="{foot}" text-anchor="end">{most}日ごぶさた</text></svg>'
    ).format(
        w=width, h=height, x0=left, x1=width - right, y0=height - bottom, top=top, ticks=ticks, dots=dots, foot=height - bottom + 28, most=most,
        name=name,
    )  # fmt: skip
    rows = [(one.called, f"{level} {levels.get(level, '')}", f"{days}日") for one, level, days in sorted(known, key=_far)]
    return drawn + table(["お名前", name, "前のやりとりから"], rows[:_MOST])


def _far(point: tuple[PersonView, int, int]) -> tuple[int, int, int]:
    """The closest (or gladdest) first, and of those whom we have left alone the longest."""
    one, level, days = point
    return -level, -days, one.id


def _bar(
    name: Markup, shades: Sequence[tuple[int, str]], people: int, longest: int, inside: Markup, unit: str = "人", words: str = ""
) -> Markup:
    """One bar that opens onto what is behind it; the number stands at its end, in ``words`` where they are given."""
    bars = Markup("").join(
        Markup('<i class="{}" style="width:{:.1f}%"></i>').format(kind, _width(count, longest)) for count, kind in shades
    )
    count = Markup('<span class="count" style="left:{:.1f}%">{}</span>').format(_width(people, longest), words or f"{people}{unit}")
    return Markup(
        '<details><summary><span class="name">{}</span><span class="track">{}{}</span></summary><div class="inside">{}</div></details>'
    ).format(name, bars, count, inside)


def _width(count: int, longest: int) -> float:
    """A bar's length in percent; the longest leaves room for its number."""
    return 85 * count / max(longest, 1)
