"""Touches on the page: writing one down in two clicks, and mending what was written lately."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.steps import people as persons
from kizuna.steps import touches
from kizuna.steps.people import words
from kizuna.steps.touches import Balance, TouchView
from kizuna.views import plain as widgets
from kizuna.views.fields import overwritten
from kizuna.views.forms.who import Who
from kizuna.views.grid import Column, Grid
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, day, empty, fold, html, row, stack
from kizuna.views.plain import show

_RECENT, _LATEST, _ROWS, _LONG = 30, 3, 8, 80
_WHO, _WHEN, _WHAT, _HOW, _NOTE = (
    "どなたと",
    "いつ",
    "どんなことがありましたか",
    "どこで（書かなくてもかまいません）",
    "ひとことメモ（書かなくてもかまいません）",
)
_MORE = "今日でないとき・メモを添えるとき"
_MEND = "最近書いたものを直す・消す"
_FIRST = "お一人を選ぶと、どんなことがあったかを書きとめるボタンが出ます。"


class TouchLog(Form):
    """Choose a person, press what it was; what was written lately stands below and can be mended."""

    def build(self) -> None:
        self._who = Who(_WHO, lambda: self.mark.guard(self._tell))
        self._told, self._balance, self._latest = html(), html(), html()
        self._kinds = stack(kind="kz-group")
        self._more = Opening((_MORE, "日にちとメモをとじる"), self._make_more, self._fill_more, self.mark)
        self._mend = Opening((_MEND, "表をとじる"), self._make_grid, self._fill_grid, self.mark)
        self._recent = stack(self._latest, self._mend)
        self._fields = stack(self._who, self._balance, self._kinds, kind="kz-group")
        self.lay(self._told, self._fields)
        self.children = [*self.children, self._recent]  # what the buttons say back stands right below them

    def refresh(self) -> None:
        everyone = [one for one in persons.everyone(self.page.book) if one.name is not None or one.reach]
        self._told.value = (
            "" if everyone else empty("まだ、お名前の分かる方がいません", "上の名簿にお名前を加えると、ここで書きとめられます。")
        )
        show(self._fields, everyone)
        self._who.offer(everyone)
        self._tell()
        self._stored = touches.recent(self.page.book, _RECENT)
        show(self._recent, self._stored)
        lines = Markup("").join(Markup("<li>{}</li>").format(_spell(one)) for one in self._stored[:_LATEST])
        self._latest.value = Markup('<div class="kz-q">最近書いたもの</div><ul>{}</ul>').format(lines)
        self._more.refresh()
        self._mend.refresh()

    def paper(self, blank: bool) -> list[Block]:
        title = "やりとりの記録"
        kinds = "・".join(one.label for one in _buttons())
        if blank:
            lines = [one for _ in range(_ROWS) for one in (Line(f"{_WHEN}・{_WHO}", kind="brief"), Line(_WHAT, kind="brief"))]
            return [Block(title, f"こんなことを書きます：{kinds}", tuple(lines))]
        written = touches.touches(self.page.book)[:_RECENT]
        return [Block(title, "" if written else "やりとりの記録は、まだありません。", tuple(_written(one) for one in written))]

    def choose(self, person_id: int) -> None:
        """Choose a person, as if by hand."""
        self._who.person = person_id

    def _make_more(self) -> list[widgets.Widget]:
        self._default = date.today()
        self._day = widgets.DatePicker(value=self._default)
        self._day.add_class("kz-narrow")
        self._how = widgets.Dropdown(options=_media())
        self._how.add_class("kz-middle")
        self._note = widgets.Text(placeholder="例：お孫さんの絵本の話をした")
        return [stack(asked(_WHEN, self._day), asked(_HOW, self._how), asked(_NOTE, self._note), kind="kz-group")]

    def _fill_more(self) -> None:
        if self._day.value == self._default:  # a page may stay open over night
            self._day.value = self._default = date.today()

    def _make_grid(self) -> list[widgets.Widget]:
        columns = (
            Column("person", "お名前", read_only=True, width="22%"),
            Column("on", "日にち", "date", width="170px"),
            Column("kind", "どんなこと", "select", tuple((one.label, one.key) for one in _buttons()), width="28%"),
            Column("note", "ひとことメモ"),
        )
        self._grid = Grid(columns, self._edit, self.mark, remove=self._remove)
        return [self._grid]

    def _fill_grid(self) -> None:
        rows = [(one.id, {"person": one.person, "on": one.on, "kind": one.kind.key, "note": one.note}) for one in self._stored]
        self._grid.show([(number, values) for number, values in rows if number is not None])

    def _tell(self) -> None:
        """What passed between the person who is chosen and us, and the buttons; they are made once somebody is chosen."""
        if self._who.person and not self._kinds.children:
            hint = f"押すと、その場で書きとめます。押しまちがえても、下の「{_MEND}」で、いつでも直せます。"
            by_direction = [self._of(key, name) for key, name in words().directions.items()]
            self._kinds.children = [self._more, asked(_WHAT, stack(*by_direction), hint)]
        show(self._kinds, self._who.person)
        balance = touches.balance(self.page.book, self._who.person) if self._who.person else None
        self._balance.value = _spell_balance(balance) if balance else Markup('<div class="kz-hint">{}</div>').format(_FIRST)

    def _of(self, direction: str, name: str) -> widgets.Widget:
        buttons = [button(one.label, partial(self._log, one.key), self.mark) for one in _buttons() if one.direction == direction]
        return stack(html(Markup('<div class="kz-hint">{}</div>').format(name)), row(*buttons))

    def _log(self, kind: str) -> None:
        if not self._who.person:
            raise KizunaError("はじめに「どなたと」で、お一人を選んでください。")
        person_id = self._who.person
        on, how, note = date.today(), None, ""
        if self._more.is_open:
            on, how, note = self._day.value if self._day.value != self._default else on, self._how.value or None, self._note.value
        touches.log(self.page.book, person_id, kind, on, how, note)
        if self._more.is_open:
            self._note.value, self._how.value, self._day.value = "", "", self._default
        self.refresh()
        view = persons.person(self.page.book, person_id)
        thank = "お礼も、早めにお伝えしましょう。" if kind in words().thank_for else ""
        self.saved(f"{view.called}との「{touches.kinds()[kind].label}」を書きとめました。{thank}")

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


def _buttons() -> list[persons.TouchKind]:
    return [one for one in words().touches if one.button]


def _media() -> list[tuple[str, str]]:
    return [("（書かない）", ""), *((media()[one].name, one) for one in words().reach)]


def _spell_balance(balance: Balance) -> Markup:
    names = words().directions
    told = "・".join(f"{names[key]} {getattr(balance, key)}回" for key in names)
    return Markup('<div class="kz-hint">これまで：{}</div>').format(told)


def _what(one: TouchView) -> str:
    how = f"（{media()[one.medium].name}）" if one.medium in media() else ""
    return f"{one.kind.label}{how}{'：' if one.note else ''}{one.note}"


def _spell(one: TouchView) -> str:
    told, rest = fold(_what(one), _LONG)
    return f"{day(one.on)}・{one.person}・{told}{'…' if rest else ''}"


def _written(one: TouchView) -> Line:
    return Line(f"{day(one.on)}・{one.person}", value=_what(one))


def touch_log(page: Page) -> TouchLog:
    """Touches as they happen."""
    return TouchLog(page, "やりとりを書きとめる")
