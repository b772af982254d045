"""The person's own grouping: one theme at a time, until the card board takes over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import ipywidgets as widgets
from markupsafe import Markup

from kizuna.process import Part
from kizuna.steps import themes
from kizuna.steps.cards import Card
from kizuna.views.page import Page, PartForm
from kizuna.views.parts import button, empty, html, quote, row, stack

_NEW, _ASIDE = -1, -2  # choices besides the themes when a card is moved
_AT_ONCE = 15


class Arrange(PartForm):
    """One theme at a time: rename it, write about it, move its cards, join it to another, dissolve it."""

    def build(self) -> None:
        self._page = 0
        self._boxes: dict[int, widgets.Checkbox] = {}
        self._empty = html()
        self._which = widgets.Dropdown(options=[("", 0)])
        self._which.observe(lambda _: self.mark.guard(self._turn), names="value")
        self._name = widgets.Text(continuous_update=False)
        self._name.observe(self._renamed, names="value")
        self._note = widgets.Textarea(
            continuous_update=False, rows=2, placeholder="この望みについて、気づいたことを自分の言葉で書いておけます。"
        )
        self._note.observe(self._noted, names="value")
        self._cards = stack(kind="kz-list")
        self._pages = stack()
        self._target = widgets.Dropdown(options=[("", 0)])
        self._target.add_class("kz-middle")
        self._fresh = widgets.Text(placeholder="新しいまとまりの名前")
        self._fresh.add_class("kz-middle")
        self._target.observe(lambda _: self._ask_name(), names="value")
        self._into = widgets.Dropdown(options=[("", 0)])
        self._into.add_class("kz-middle")
        self._filling = False
        move = stack(
            html(Markup('<div class="kz-q">印をつけた声を、ほかへ移す</div>')),
            row(self._target, self._fresh),
            row(button("移す", self._move, self.mark, "kz-main")),
        )
        self._merging = stack(
            html(Markup('<div class="kz-q">このまとまりを、ほかのまとまりと合わせる</div>')), row(self._into, button("合わせる", self._merge, self.mark))
        )  # fmt: skip
        self._joining = stack(
            self._merging,
            row(button("このまとまりをやめる（声は消えません）", self._dissolve, self.mark, "kz-quiet")),
        )  # fmt: skip
        self._naming = stack(
            html(Markup('<div class="kz-q">まとまりの名前</div><div class="kz-hint">お客さまの言葉を借りると、よい名前になります。</div>')), self._name
        )  # fmt: skip
        self._noting = stack(html(Markup('<div class="kz-q">気づいたこと</div>')), self._note)
        self._all = stack(
            stack(html(Markup('<div class="kz-q">どのまとまりを見ますか</div>')), self._which),
            self._naming, self._noting, self._cards, self._pages, move, self._joining,
            kind="kz-group",
        )  # fmt: skip
        self.lay(self._empty, self._all)

    def refresh(self) -> None:
        views = themes.themes(self.page.book, self.part)
        loose, aside = themes.unplaced(self.page.book, self.part), themes.aside(self.page.book, self.part)
        self._views = {view.id: view for view in views}
        shown = bool(views or loose or aside)
        self._all.layout.display = "" if shown else "none"
        self._empty.value = "" if shown else empty("まだ声がありません", "声を入れると、ここでまとまりに分けたり、名前をつけたりできます。")
        self._groups: dict[int, tuple[Card, ...]] = {view.id: view.cards for view in views} | {0: loose, _ASIDE: aside}
        options = [(f"{view.name}（{len(view.cards)}件）", view.id) for view in views]
        options += [(f"まだ分けていない声（{len(loose)}件）", 0)] if loose else []
        options += [(f"わきに置いた声（{len(aside)}件）", _ASIDE)] if aside else []
        self._fill(self._which, options)
        self._fill_theme()

    def _fill(self, choice: widgets.Dropdown, options: list[tuple[str, int]]) -> None:
        kept = choice.value if len(choice.options) > 1 and choice.value != _NEW else None
        self._filling = True
        choice.options = options or [("", 0)]
        values = [value for _, value in choice.options]
        choice.value = kept if kept in values else values[0]
        self._filling = False

    def _turn(self) -> None:
        if not self._filling:
            self._page = 0
            self.mark.clear()
            self._fill_theme()

    def _fill_theme(self) -> None:
        current = self._which.value
        view = self._views.get(current)
        others = [(one.name, one.id) for one in self._views.values() if one.id != current]
        self._fill(self._target, [*others, ("新しいまとまりを作る", _NEW), ("わきに置く", _ASIDE)])
        self._fill(self._into, [(name, value) for name, value in others])
        self._filling = True
        self._name.value, self._note.value = (view.name, view.note) if view else ("", "")
        for part in (self._naming, self._noting, self._joining):
            part.layout.display = "none" if view is None else ""
        self._merging.layout.display = "" if others else "none"
        self._filling = False
        self._ask_name()
        self._deal()

    def _deal(self) -> None:
        cards = self._groups.get(self._which.value or 0, ())
        last = max((len(cards) - 1) // _AT_ONCE, 0)
        self._page = min(self._page, last)
        shown = cards[self._page * _AT_ONCE : (self._page + 1) * _AT_ONCE]
        self._boxes = {card.id: widgets.Checkbox(value=False, description="この声に印をつける", indent=False) for card in shown}
        self._cards.children = [stack(html(quote(card)), self._boxes[card.id], kind="kz-card") for card in shown]
        told = html(
            Markup('<div class="kz-hint">{}件のうち {}〜{}件め</div>').format(
                len(cards), self._page * _AT_ONCE + 1, self._page * _AT_ONCE + len(shown)
            )
        )
        steps = [button("前の声", partial(self._step, -1), self.mark)] if self._page else []
        steps += [button("つづきの声", partial(self._step, 1), self.mark)] if self._page < last else []
        self._pages.children = [told, row(*steps)] if last else []

    def _step(self, by: int) -> None:
        self._page += by
        self._deal()

    def _ask_name(self) -> None:
        self._fresh.layout.display = "" if self._target.value == _NEW else "none"

    def _renamed(self, change: dict[str, str]) -> None:
        if not self._filling and self._which.value in self._views:
            self.mark.guard(
                lambda: self._after(lambda: themes.rename(self.page.book, self._which.value, change["new"]), "名前を保存しました")
            )

    def _noted(self, change: dict[str, str]) -> None:
        if not self._filling and self._which.value in self._views:
            self.mark.guard(
                lambda: self._after(lambda: themes.write_note(self.page.book, self._which.value, change["new"]), "保存しました")
            )

    def _move(self) -> None:
        chosen = [quote_id for quote_id, box in self._boxes.items() if box.value]
        if not chosen:
            self.mark.tell("移したい声に、まず印をつけてください。")
        elif self._target.value == _NEW:
            name, self._fresh.value = self._fresh.value, ""
            self._after(lambda: themes.make(self.page.book, self.part, name, chosen), f"{len(chosen)}件を新しいまとまりに移しました")
        else:
            target = None if self._target.value == _ASIDE else self._target.value
            self._after(lambda: themes.move(self.page.book, chosen, target), f"{len(chosen)}件を移しました")

    def _merge(self) -> None:
        gone, into = self._which.value, self._into.value
        if gone in self._views and into in self._views:
            themes.merge(self.page.book, gone, into)
            self.refresh()
            self._which.value = into
            self.saved("一つにしました")

    def _dissolve(self) -> None:
        if self._which.value in self._views:
            self._after(
                lambda: themes.remove(self.page.book, self._which.value), "まとまりをやめました。声は「まだ分けていない声」に残っています"
            )

    def _after(self, act: Callable[[], object], what: str) -> None:
        act()
        self.refresh()
        self.saved(what)


def arrange(page: Page, part: str = Part.FOLLOWUP) -> Arrange:
    """The person's own grouping."""
    return Arrange(page, Part(part), "まとまりを直す")
