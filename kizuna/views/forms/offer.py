"""STEP3 on the page: what is offered, and what stands in its way."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.language.rules import dated, footer, perk
from kizuna.process import Part
from kizuna.steps import offer as offers_
from kizuna.steps.offer import OfferView
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, line
from kizuna.views.parts import button, empty, findings, html, quotes, row, say, stack, table
from kizuna.views.plain import is_shown, show
from kizuna.workbook.reading.cell import shorten

_TITLE = 60  # code points of a name shown as a heading


class OfferWords(Entry):
    """Everything in ``offer.yaml``."""

    fields: dict[Part, list[Field]]
    perk: dict[str, str]
    destination: dict[str, str]

    def options(self, field: Field) -> list[tuple[str, Any]] | None:
        """What can be chosen in a field."""
        named = {"perk": self.perk, "destination": self.destination}.get(field.key)
        return [(label, key) for key, label in named.items()] if named else None


def _words() -> OfferWords:
    return load("offer.yaml", OfferWords)


class OfferEditor(widgets.VBox):
    """One offer being written, with what stands in its way."""

    def __init__(self, form: Offers, one: OfferView, unfold: bool) -> None:
        self._form, self._one = form, one
        self._title = html()
        self._fold = button("", self._turn, form.mark, "kz-quiet")
        self._views = [
            FieldView(field, None, partial(self._save, field), form.mark, number, _words().options(field))
            for number, field in _numbered(one.part)
        ]
        self._wished, self._found = html(), html()
        remove = button("このお誘いを消す", self._remove, form.mark, "kz-quiet")
        self._inside = stack(self._wished, *self._views, self._found, row(remove), kind="kz-group")
        super().__init__([row(self._title, self._fold), self._inside])
        self.add_class("kz-action")
        self._open(unfold)
        self.show(one)

    def show(self, one: OfferView) -> None:
        """Show the offer as the file holds it now."""
        self._one = one
        found = offers_.check_offer(self._form.page.book, one)
        ready = not any(each.strength is Strength.STOP for each in found)
        state = "お誘いできます" if ready else "まだお誘いできません"
        self._title.value = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}・望んだ人 {}人・{}</div>').format(
            shorten(one.name, _TITLE) or "これから名前をつけるお誘い",
            one.balance.value,
            len({said.person_id for said in one.evidence}),
            state,
        )
        self._wished.value = Markup('<div class="kz-q">これを望んだ言葉</div>{}').format(quotes(one.evidence, 2)) if one.evidence else ""
        for view in self._views:
            view.fill(getattr(one, view.field.key))
            if view.field.key in ("destination", "perk_what", "perk_value", "price"):
                show(view, one.perk != "none")
        self._found.value = findings(found) + (_perks() if one.perk != "none" else "")
        (self.add_class if ready else self.remove_class)("in")

    def _turn(self) -> None:
        self._open(not is_shown(self._inside))

    def _open(self, yes: bool) -> None:
        show(self._inside, yes)
        self._fold.description = "とじる" if yes else "ひらく"

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        if field.kind == "number":
            value = _yen(field, value)
        view = next(one for one in self._views if one.field.key == field.key)
        others = offers_.edit(self._form.page.book, self._one.id, f"お誘いの「{field.question}」", {field.key: seen}, **{field.key: value})
        self._form.refresh()
        self._form.saved()
        if field.key in others:
            self._form.mark.tell(overwritten(view.spell(others[field.key])))

    def _remove(self) -> None:
        offers_.remove(self._form.page.book, self._one.id)
        self._form.refresh()
        self._form.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


class Offers(PartForm):
    """From an item of the plan to an offer, and every offer with its fields."""

    def build(self) -> None:
        self._words = offers_.words()[self.part]
        self._editors: dict[int, OfferEditor] = {}
        self._told = html()
        self._which = widgets.Dropdown(options=[("", 0)])
        self._which.add_class("kz-middle")
        begin = button(self._words.begin, self._begin, self.mark, "kz-main")
        self._one = stack(html(Markup('<div class="kz-q">{}</div>').format(self._words.which)), row(self._which, begin))
        self._list = stack(kind="kz-list")
        self.lay(self._told, self._one, self._list)

    def refresh(self) -> None:
        book = self.page.book
        ready, waiting = offers_.readiness(book, self.part), offers_.grounds(book, self.part)
        self._told.value = say(ready.said) if ready.planned else empty(*self._words.nothing)
        self._which.options = [(_ground(one), one.action_id) for one in waiting] or [("", 0)]
        show(self._one, waiting)
        views = offers_.offers(book, self.part)
        for gone in set(self._editors) - {one.id for one in views}:
            self._editors.pop(gone).close()
        for one in views:
            if one.id in self._editors:
                self._editors[one.id].show(one)
            else:
                self._editors[one.id] = OfferEditor(self, one, unfold=one.family_ok is None)
        self._list.children = [self._editors[one.id] for one in views]

    def paper(self, blank: bool) -> list[Block]:
        views = [None] if blank else list(offers_.offers(self.page.book, self.part))
        lead = "番号は、お誘い一つごとに1からです。" if views else "お誘いは、まだありません。"
        return [
            Block("お誘いを考える", lead, fresh=True),
            *(_on_paper(number, one, self.part) for number, one in enumerate(views, start=1)),
        ]

    def _begin(self) -> None:
        offers_.begin(self.page.book, self.part, self._which.value)
        self.refresh()
        self.saved(self._words.begun)


def _ground(one: offers_.Ground) -> str:
    nameless = "名前のない一手" if one.action_id else "集まりの案"
    return f"{one.title or nameless}（望んだ人 {one.wishers}人）"


def _numbered(part: Part) -> list[tuple[str, Field]]:
    """The fields of an offer with their numbers, alike on screen and on paper."""
    numbered, number = [], 0
    for field in _words().fields[part]:
        number += not field.follows
        numbered.append(("" if field.follows else f"{number}.", field))
    return numbered


def _on_paper(number: int, one: OfferView | None, part: Part) -> Block:
    lines = tuple(line(field, mark, getattr(one, field.key) if one else None, _words().options(field)) for mark, field in _numbered(part))
    return Block(f"お誘い {number}", "" if one is None else one.balance.value, lines, one.evidence if one else (), inner=True)


def _yen(field: Field, value: float | None) -> int | None:
    if value is None:
        return None
    if value != int(value) or not 0 <= value < 100_000_000:
        raise KizunaError(f"「{field.question}」には、0以上の切りのよい数を書いてください。")
    return int(value)


def _perks() -> Markup:
    """The whole table of perks, folded."""
    words, places = _words(), ("inside", "own", "reviews")
    rows = [(label, *(perk(condition, place).answer for place in places)) for condition, label in words.perk.items() if condition != "none"]
    header = ["お礼を渡す相手 ＼ 声の行き先", *(words.destination[place] for place in places)]
    return Markup('<details class="kz-numbers"><summary>お礼の早見表を見る</summary>{}<p class="kz-key">{}{}</p></details>').format(
        table(header, rows), dated(), footer()
    )


def offers(page: Page) -> Offers:
    """The offers being written."""
    return Offers(page, "お誘いを考える")
