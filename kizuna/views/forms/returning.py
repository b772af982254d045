"""Who came again, on the page: at the beginning and now, always with how many came at all."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.steps import returning as returning_
from kizuna.steps.returning import DAYS, Compared, Returning
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import empty, html, say, table

_WITH_CARE = "ふえたり、へったりしたわけは、季節や天気など、ほかにもあるかもしれません。数は、ふりかえりのきっかけとして見ましょう。"
_WHEN = f"ご自分で数えた人数は、{DAYS}日ごとの数です。書きとめた日からの数は、この{DAYS}日と、その前の{DAYS}日です。"
_ROWS = (("ご自分で数えた人数", returning_.counted), ("書きとめた日からの人数", returning_.noted))


class Comes(Form):
    """Two counts side by side: the owner's own, and that of the visits she noted."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        try:
            found = [(name, count(self.page.book)) for name, count in _ROWS]
        except KizunaError as error:
            self._told.value = say(str(error))
            return
        rows = [(name, _said(one.before), _said(one.now)) for name, one in found if one.before or one.now]
        if not rows:
            self._told.value = empty("くらべる数が、まだありません", "上と「見取り図」のページに人数を書くと、はじめといまが並びます。")
            return
        shown = Markup('<div class="kz-both">{}</div>').format(table(["", "はじめ", "いま"], rows))
        self._told.value = _first(found[0][1]) + shown + Markup('<p class="kz-hint">{}{}</p>').format(_WHEN, _WITH_CARE)

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return []
        try:
            found = [(name, count(self.page.book)) for name, count in _ROWS]
        except KizunaError:
            return []
        lines = tuple(
            Line(name, kind="brief", value=f"はじめ：{_said(one.before)}・いま：{_said(one.now)}")
            for name, one in found
            if one.before or one.now
        )
        return [Block("また来てくださった方", lines=lines)] if lines else []


def _first(found: Compared) -> Markup:
    """What the owner's own counts tell in one sentence; nothing where one of them is missing or tells too little."""
    before, now = (one.tenths if one else None for one in (found.before, found.now))
    if before is None or now is None:
        return Markup("")
    if before == now:
        return say(Markup("また来てくださった方は、はじめもいまも、<b>10人に{}人</b>くらいです。").format(now))
    return say(Markup("また来てくださった方は、はじめは10人に{}人、いまは<b>10人に{}人</b>くらいです。").format(before, now))


def _said(one: Returning | None) -> str:
    return f"{one.came}人のうち{one.again}人" if one else "まだ数がありません"


def returning(page: Page) -> Comes:
    """Who came again, at the beginning and now."""
    return Comes(page, "また来てくださった方")
