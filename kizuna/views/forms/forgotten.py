"""Who may feel forgotten, on the page: whom to thank and whom to turn to, with her weather and what could be done next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from markupsafe import Markup

from kizuna.steps import rhythm as rhythms
from kizuna.steps import touches
from kizuna.steps.gladness import GLAD, JOY, gladness
from kizuna.steps.people import PersonView, words
from kizuna.steps.rhythm import Rhythm, Weather
from kizuna.steps.touches import Outlook, Owed, Waiting
from kizuna.views import charts
from kizuna.views import plain as widgets
from kizuna.views.page import Form, Page
from kizuna.views.parts import button, empty, html, quote, row, say, stack, table
from kizuna.views.plain import show

_AT_ONCE, _WEATHERS = 4, 100
_CLOSE, _NAMES = 3, 10  # from this closeness on somebody is close; so many are named
_ICONS = {  # our own drawings
    Weather.SUN: Markup(
        '<circle cx="12" cy="12" r="5" fill="#e0a23c" stroke="#7a5200"/>'
        '<path d="M12 1v3M12 20v3M1 12h3M20 12h3M4.2 4.2l2.1 2.1M17.7 17.7l2.1 2.1M4.2 19.8l2.1-2.1M17.7 6.3l2.1-2.1" stroke="#7a5200" stroke-width="2"/>'
    ),
    Weather.CLOUD: Markup(
        '<path d="M7 19a5 5 0 0 1-.4-10A6 6 0 0 1 18 10a4.5 4.5 0 0 1-.5 9z" fill="#d9d5cd" stroke="#57514a" stroke-width="1.5"/>'
    ),
    Weather.RAIN: Markup(
        '<path d="M7 15a5 5 0 0 1-.4-10A6 6 0 0 1 18 6a4.5 4.5 0 0 1-.5 9z" fill="#b9c7cf" stroke="#33505e" stroke-width="1.5"/>'
        '<path d="M8 18l-1.5 4M13 18l-1.5 4M18 18l-1.5 4" stroke="#33505e" stroke-width="2"/>'
    ),
}


class Forgotten(Form):
    """Who waits for thanks, whom we left alone for too long, whom we soon will have; each with her weather and one small next act."""

    def build(self) -> None:
        self._shown = _AT_ONCE
        self._told, self._sky = html(), html()
        self._list = stack(kind="kz-list")
        self._lines: dict[tuple[int, str], widgets.Widget] = {}
        self._more = button("", self._show_more, self.mark, "kz-quiet")
        self.lay(self._told, self._list, row(self._more), self._sky)

    def refresh(self) -> None:
        today = date.today()
        view, weather = touches.outlook(self.page.book, today), rhythms.rhythms(self.page.book, today)
        late = {one.person.id for one in view.waiting}
        rows: list[Owed | Waiting] = [*(one for one in view.thanks if one.person.id not in late), *view.waiting]
        self._told.value = _say(view)
        old, self._lines = self._lines, {}
        for one in rows[: self._shown]:
            person, told, kind, medium = _line(one, weather, today)
            made = old.pop((person.id, str(told)), None)
            self._lines[person.id, str(told)] = made or self._act(person, told, kind, medium)
        self._list.children = list(self._lines.values())
        for gone in old.values():
            gone.close()
        self._more.description = f"あと{len(rows) - self._shown}人を見る"
        show(self._more, len(rows) > self._shown)
        self._sky.value = _silence(view, today) + _gladness(view, gladness(self.page.book), today) + _sky(view.everyone, weather, today)

    def _act(self, person: PersonView, told: Markup, kind: str, medium: str | None) -> widgets.Widget:
        label = "お礼を伝えました" if kind == touches.THANKED else "伝えました"
        return stack(html(told), row(button(label, partial(self._done, person, kind, medium), self.mark)), kind="kz-action")

    def _done(self, person: PersonView, kind: str, medium: str | None) -> None:
        touches.log(self.page.book, person.id, kind, medium=medium)
        self.refresh()
        self.saved(f"{person.called}とのやりとりを書きとめました。ちがうときは、いちばん上の「ひとつ前に戻す」で戻せます")

    def _show_more(self) -> None:
        self._shown += 2 * _AT_ONCE
        self.refresh()


def _say(view: Outlook) -> Markup:
    if not view.everyone:
        return empty("まだ、名簿にどなたもいません", "名簿に加えて、やりとりを書きとめると、ここに「そろそろ」の方が出ます。")
    over = sum(one.over for one in view.waiting)
    counts = [(len(view.thanks), "お礼がまだの方"), (over, "ごぶさたの方"), (len(view.waiting) - over, "そろそろの方")]
    told = Markup("、").join(Markup("{}が<b>{}人</b>").format(name, number) for number, name in counts if number)
    rest = f"やりとりの記録がまだない{len(view.unrecorded)}人のことは、わかりません。" if view.unrecorded else ""
    sentence = Markup("{}います。{}").format(told, rest) if told else Markup("いま、お待たせしている方はいません。{}").format(rest)
    hints = [words().thanked] if view.thanks else []
    return say(sentence) + Markup("").join(Markup('<p class="kz-hint">{}</p>').format(hint) for hint in (*hints, words().forgotten))


def _line(one: Owed | Waiting, weather: dict[int, Rhythm], today: date) -> tuple[PersonView, Markup, str, str | None]:
    """Whom a row is about, what it says, and what its button writes down."""
    if isinstance(one, Owed):
        told = Markup('<div class="kz-title">{}</div><p><b>お礼がまだ</b>：{}</p>').format(one.person.called, one.reason)
        return one.person, told, touches.THANKED, None
    person, act = one.person, one.next
    group = Markup('<span class="kz-badge">{}</span>').format(person.group) if person.group else ""
    fan = Markup('<span class="kz-badge">ファン</span>') if person.fan else ""
    limit = f"長くても{person.worst_days}日" if one.over else f"ふだんは{person.ideal_days}日"
    state = "ごぶさた" if one.over else "そろそろ"
    told = Markup('<div class="kz-title">{}{}{}</div><p><b>{}</b>：前のやりとりから<b>{}日</b>（{}のところ）。</p>').format(
        person.called, group, fan, state, one.days, limit
    )
    if found := weather.get(person.id):
        told += Markup('<p class="kz-sky">{}{}</p>').format(_icon(found.weather(today)), found.sentence(today))
    told += Markup('<p class="kz-next-act"><b>次の一手</b>（{}）：{}</p>').format(act.medium.name, act.reason)
    if not person.reach:
        told += Markup('<p class="kz-hint">{}</p>').format(
            "どこからのお便りがうれしいかを、まだうかがっていません。会えたときに聞いてみましょう。"
        )
    return person, told + (quote(act.card) if act.card else ""), act.kind, act.medium.id


def _silence(view: Outlook, today: date) -> Markup:
    """Closeness against silence, and by name those who are close and were left alone for too long."""
    drawn = charts.silence([one for one in view.everyone if not one.stopped and not one.inside], today)
    if not drawn:
        return Markup("")
    close = [one for one in view.waiting if one.over and (one.person.level or 0) >= _CLOSE]
    names = "、".join(f"{one.person.called}（{one.days}日）" for one in close[:_NAMES])
    told = Markup('<p class="kz-say">近しい間がらなのに、ごぶさたの方：<b>{}</b></p>').format(names) if close else Markup("")
    key = "点はお一人ずつ。赤いふちの点は、「長くても」の日数をこえた方です。"
    return told + Markup(
        '<details class="kz-numbers"><summary>近さと、ごぶさたの日数を見る</summary><p class="kz-hint">{}</p>{}</details>'
    ).format(key, drawn)


def _gladness(view: Outlook, glad: Mapping[int, int], today: date) -> Markup:
    """What people said of us against silence, and by name those who were glad and were left alone for too long."""
    drawn = charts.gladness([one for one in view.everyone if not one.stopped and not one.inside], glad, today)
    if not drawn:
        return Markup("")
    joy = [one for one in view.waiting if one.over and glad.get(one.person.id) == JOY]
    names = "、".join(f"{one.person.called}（{one.days}日）" for one in joy[:_NAMES])
    told = Markup('<p class="kz-say">喜んでくださったのに、ごぶさたの方：<b>{}</b></p>').format(names) if joy else Markup("")
    levels = "、".join(f"{level}は{name}" for level, name in GLAD.items())
    key = f"感想の言葉から読んだめやすで、{levels}です。点はお一人ずつ。赤いふちの点は、「長くても」の日数をこえた方です。"
    return told + Markup(
        '<details class="kz-numbers"><summary>感想と、ごぶさたの日数を見る</summary><p class="kz-hint">{}</p>{}</details>'
    ).format(key, drawn)


def _sky(everyone: Sequence[PersonView], weather: dict[int, Rhythm], today: date) -> Markup:
    """The weather with everybody of whom visits are noted, the rainiest first."""
    names = {one.id: one.called for one in everyone if one.id in weather and not one.inside}
    order = list(Weather)
    known = sorted(names, key=lambda number: (-order.index(weather[number].weather(today)), -weather[number].days(today), number))
    if not known:
        return Markup("")
    rows = [(names[one], _icon(weather[one].weather(today)), weather[one].sentence(today)) for one in known[:_WEATHERS]]
    rest = Markup('<p class="kz-hint">ほかに{}人います。</p>').format(len(known) - _WEATHERS) if len(known) > _WEATHERS else ""
    told = "お天気は、来てくださった日の記録からのめやすです。晴れは、いつもの間隔のうち。くもりは、いつもよりおそめ。雨は、ずっとおそめ。当たりはずれがあります。"
    return Markup(
        '<details class="kz-numbers"><summary>来てくださった日を書いた{}人の、お天気を見る</summary><p class="kz-hint">{}</p>{}{}</details>'
    ).format(len(known), told, table(["お名前", "お天気", "いつもの間隔"], rows), rest)


def _icon(weather: Weather) -> Markup:
    return Markup('<span class="kz-weather"><svg viewBox="0 0 24 24" aria-hidden="true" fill="none">{}</svg>{}</span>').format(
        _ICONS[weather], weather.value
    )


def forgotten(page: Page) -> Forgotten:
    """Who may feel forgotten, and what could be done next."""
    return Forgotten(page, "お声をかけたい方")
