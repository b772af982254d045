"""Touches on the page: writing one down in two clicks, and who may feel forgotten, with her weather and what could be done next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.process import Part
from kizuna.steps import people as persons
from kizuna.steps import rhythm as rhythms
from kizuna.steps import touches
from kizuna.steps.people import PersonView, words
from kizuna.steps.rhythm import Rhythm, Weather
from kizuna.steps.touches import Balance, Outlook, TouchView, Waiting
from kizuna.views import charts
from kizuna.views.fields import overwritten
from kizuna.views.forms.who import Who
from kizuna.views.grid import Column, Grid
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, day, empty, html, quote, row, say, stack, table

_RECENT, _LATEST, _AT_ONCE, _ROWS, _WEATHERS = 30, 3, 4, 8, 100
_CLOSE, _NAMES = 3, 10  # from this closeness on somebody is close; so many are named
_WHO, _WHEN, _WHAT, _HOW, _NOTE = (
    "どなたと",
    "いつ",
    "どんなこと",
    "どこで（書かなくてもかまいません）",
    "ひとことメモ（書かなくてもかまいません）",
)
_MORE = "今日でないとき・メモを添えるとき"
_MEND = "最近書いたものを直す・消す"
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


class TouchLog(Form):
    """Choose a person, press what it was; what was written lately stands below and can be mended."""

    def build(self) -> None:
        self._who = Who(_WHO, lambda: self.mark.guard(self._tell))
        self._default = date.today()
        self._day = widgets.DatePicker(value=self._default)
        self._day.add_class("kz-narrow")
        self._how = widgets.Dropdown(options=_media())
        self._how.add_class("kz-middle")
        self._note = widgets.Text(placeholder="例：お孫さんの絵本の話をした")
        self._told, self._balance, self._latest = html(), html(), html()
        self._grid: Grid | None = None
        self._turn = button(_MEND, self._open, self.mark, "kz-quiet")
        self._recent = stack(self._latest, row(self._turn))
        self._more = stack(stack(_ask(_WHEN), self._day), stack(_ask(_HOW), self._how), stack(_ask(_NOTE), self._note), kind="kz-group")
        self._more.layout.display = "none"
        self._add_more = button(_MORE, self._turn_more, self.mark, "kz-quiet")
        kinds = stack(_ask(f"{_WHAT}（押すと、すぐに書きとめます）"), *(self._kinds(key, name) for key, name in words().directions.items()))
        self._fields = stack(self._who, self._balance, row(self._add_more), self._more, kinds, kind="kz-group")
        self.lay(self._told, self._fields)
        self.children = [*self.children, self._recent]  # what the buttons say back stands right below them

    def refresh(self) -> None:
        everyone = [one for one in persons.everyone(self.page.book) if one.name is not None or one.reach]
        self._told.value = "" if everyone else empty("まだ、名簿にどなたもいません", "上の名簿にお名前を加えると、ここで書きとめられます。")
        self._fields.layout.display = "" if everyone else "none"
        self._who.offer(everyone)
        self._tell()
        if self._day.value == self._default:  # a page may stay open over night
            self._day.value = self._default = date.today()
        stored = touches.recent(self.page.book, _RECENT)
        self._recent.layout.display = "" if stored else "none"
        lines = Markup("").join(Markup("<li>{}</li>").format(_spell(one)) for one in stored[:_LATEST])
        self._latest.value = Markup('<div class="kz-q">最近書いたもの</div><ul>{}</ul>').format(lines)
        if self._grid is not None:
            rows = [(one.id, {"person": one.person, "on": one.on, "kind": one.kind.key, "note": one.note}) for one in stored]
            self._grid.show([(number, values) for number, values in rows if number is not None])

    def paper(self, blank: bool) -> list[Block]:
        title = "ふれあいの記録"
        kinds = "・".join(one.label for one in _buttons())
        if blank:
            lines = [one for _ in range(_ROWS) for one in (Line(f"{_WHEN}・{_WHO}", kind="brief"), Line(_WHAT, kind="brief"))]
            return [Block(title, f"こんなことを書きます：{kinds}", tuple(lines))]
        written = touches.touches(self.page.book)[:_RECENT]
        return [Block(title, "" if written else "ふれあいの記録は、まだありません。", tuple(_written(one) for one in written))]

    def choose(self, person_id: int) -> None:
        """Choose a person, as if by hand."""
        self._who.person = person_id

    def _turn_more(self) -> None:
        hidden = self._more.layout.display == "none"
        self._more.layout.display = "" if hidden else "none"
        self._add_more.description = "日にちとメモをとじる" if hidden else _MORE

    def _open(self) -> None:
        """Open the table in which what was written lately can be mended, or close it."""
        if self._grid is not None:
            self._recent.children = self._recent.children[:-1]
            self._grid.close()
            self._grid, self._turn.description = None, _MEND
            return
        columns = (
            Column("person", "お名前", read_only=True, width="22%"),
            Column("on", "日にち", "date", width="170px"),
            Column("kind", "どんなこと", "select", tuple((one.label, one.key) for one in _buttons()), width="28%"),
            Column("note", "ひとことメモ"),
        )
        self._grid = Grid(columns, self._edit, self.mark, remove=self._remove)
        self._recent.children = [*self._recent.children, self._grid]
        self._turn.description = "表をとじる"
        self.refresh()

    def _kinds(self, direction: str, name: str) -> widgets.Widget:
        buttons = [button(one.label, partial(self._log, one.key), self.mark) for one in _buttons() if one.direction == direction]
        return stack(html(Markup('<div class="kz-hint">{}</div>').format(name)), row(*buttons))

    def _tell(self) -> None:
        balance = touches.balance(self.page.book, self._who.person) if self._who.person else None
        self._balance.value = _spell_balance(balance) if balance else ""

    def _log(self, kind: str) -> None:
        if not self._who.person:
            raise KizunaError("はじめに「どなたと」で、お一人を選んでください。")
        person_id = self._who.person
        on = date.today() if self._day.value == self._default else self._day.value
        touches.log(self.page.book, person_id, kind, on, self._how.value or None, self._note.value)
        self._note.value, self._how.value, self._day.value = "", "", self._default
        self.refresh()
        view = persons.person(self.page.book, person_id)
        thank = "お礼も、早めにお伝えしましょう。" if kind in words().thank_for else ""
        self.saved(f"{view.called}とのふれあい「{touches.kinds()[kind].label}」を書きとめました。{thank}")

    def _edit(self, touch_id: int, key: str, value: Any, seen: Any) -> None:
        column = {"on": "日にち", "kind": "種類", "note": "メモ"}[key]
        try:
            others = touches.edit(self.page.book, touch_id, {key: seen}, **{key: value})
        finally:
            self.refresh()
        self.saved(f"{column}を直しました")
        if key in others:
            told = others[key] if key == "note" else day(others[key]) if key == "on" else touches.kinds()[others[key]].label
            self.mark.tell(overwritten(told))

    def _remove(self, touch_id: int) -> None:
        touches.remove(self.page.book, touch_id)
        self.refresh()
        self.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


class Forgotten(Form):
    """Who waits for thanks, who may feel forgotten, who will soon; each with her weather and one small next act."""

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
        rows: list[PersonView | Waiting] = [*(one for one in view.thanks if one.id not in late), *view.waiting]
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
        self._more.layout.display = "" if len(rows) > self._shown else "none"
        self._sky.value = _silence(view, today) + _sky(view.everyone, weather, today)

    def _act(self, person: PersonView, told: Markup, kind: str, medium: str | None) -> widgets.Widget:
        label = "お礼を伝えました" if kind == touches.THANKED else "伝えました"
        return stack(html(told), row(button(label, partial(self._done, person, kind, medium), self.mark)), kind="kz-action")

    def _done(self, person: PersonView, kind: str, medium: str | None) -> None:
        touches.log(self.page.book, person.id, kind, medium=medium)
        self.refresh()
        self.saved(f"{person.called}とのふれあいを書きとめました。ちがうときは、いちばん上の「ひとつ前に戻す」で戻せます")

    def _show_more(self) -> None:
        self._shown += 2 * _AT_ONCE
        self.refresh()


def _say(view: Outlook) -> Markup:
    if not view.everyone:
        return empty("まだ、名簿にどなたもいません", "名簿に加えて、ふれあいを書きとめると、ここに「そろそろ」の方が出ます。")
    over = sum(one.over for one in view.waiting)
    counts = [(len(view.thanks), "お礼がまだの方"), (over, "忘れられていそうな方"), (len(view.waiting) - over, "そろそろの方")]
    told = Markup("、").join(Markup("{}が<b>{}人</b>").format(name, number) for number, name in counts if number)
    rest = f"ふれあいの記録がまだない{len(view.unrecorded)}人のことは、わかりません。" if view.unrecorded else ""
    sentence = Markup("{}います。{}").format(told, rest) if told else Markup("いま、お待たせしている方はいません。{}").format(rest)
    return say(sentence) + Markup('<p class="kz-hint">{}</p>').format(words().forgotten)


def _line(one: PersonView | Waiting, weather: dict[int, Rhythm], today: date) -> tuple[PersonView, Markup, str, str | None]:
    """Whom a row is about, what it says, and what its button writes down."""
    if isinstance(one, PersonView):
        told = Markup('<div class="kz-title">{}</div><p>{}</p>').format(one.called, words().reasons["thanks"])
        return one, told, touches.THANKED, None
    person, act = one.person, one.next
    group = Markup('<span class="kz-badge">{}</span>').format(person.group) if person.group else ""
    fan = Markup('<span class="kz-badge">ファン</span>') if person.fan else ""
    limit = f"長くても{person.worst_days}日" if one.over else f"ふだんは{person.ideal_days}日"
    state = "忘れられていそう" if one.over else "そろそろ"
    told = Markup('<div class="kz-title">{}{}{}</div><p><b>{}</b>：前のふれあいから<b>{}日</b>（{}のところ）。</p>').format(
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
        '<details class="kz-numbers"><summary>みなさんのお天気を見る（{}人）</summary><p class="kz-hint">{}</p>{}{}</details>'
    ).format(len(known), told, table(["お名前", "お天気", "いつもの間隔"], rows), rest)


def _icon(weather: Weather) -> Markup:
    return Markup('<span class="kz-weather"><svg viewBox="0 0 24 24" aria-hidden="true" fill="none">{}</svg>{}</span>').format(
        _ICONS[weather], weather.value
    )


def _buttons() -> list[persons.TouchKind]:
    return [one for one in words().touches if one.button]


def _media() -> list[tuple[str, str]]:
    return [("（書かない）", ""), *((media()[one].name, one) for one in words().reach)]


def _ask(question: str) -> widgets.HTML:
    return html(Markup('<div class="kz-q">{}</div>').format(question))


def _spell_balance(balance: Balance) -> Markup:
    names = words().directions
    told = "・".join(f"{names[key]} {getattr(balance, key)}回" for key in names)
    return Markup('<div class="kz-hint">これまで：{}</div>').format(told)


def _what(one: TouchView) -> str:
    how = f"（{media()[one.medium].name}）" if one.medium in media() else ""
    return f"{one.kind.label}{how}{'：' if one.note else ''}{one.note}"


def _spell(one: TouchView) -> str:
    return f"{day(one.on)}・{one.person}・{_what(one)}"


def _written(one: TouchView) -> Line:
    return Line(f"{day(one.on)}・{one.person}", value=_what(one))


def touch_log(page: Page, part: str = Part.FOLLOWUP) -> TouchLog:
    """Touches as they happen."""
    return TouchLog(page, "ふれあいを書きとめる")


def forgotten(page: Page, part: str = Part.FOLLOWUP) -> Forgotten:
    """Who may feel forgotten, and what could be done next."""
    return Forgotten(page, "忘れられていそうな方")
