"""One person of the list: all that is written of her."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol

from markupsafe import Markup

from kizuna.content import load
from kizuna.language.media import media
from kizuna.steps import people as persons
from kizuna.steps import roster
from kizuna.steps.erasing import Traces
from kizuna.steps.people import PersonView, words
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.forms.erasing import Erasing
from kizuna.views.grid import Column, Grid
from kizuna.views.opening import Opening
from kizuna.views.page import Page
from kizuna.views.paper import Block, Choice, Line
from kizuna.views.parts import Mark, button, day, html, quote, row, stack
from kizuna.views.plain import show
from kizuna.workbook.erasing import Cleaned
from kizuna.workbook.models import Group
from kizuna.workbook.reading.cell import shorten

_NEAR, _EVIDENCE = "いま、どのくらい近い方ですか。", "そう思うわけ（実際にあったこと）"
NAME = "お名前（ふだんの呼び名）"
_ASKED_BELOW = ("person.near", "person.fan", "person.wish")  # the questions below the fields
_UNSAID = -1
_NEW = "new:"
_ON_PAPER = ("group_id", "note")  # the rest is asked where the person opens: a sheet for everybody stays short


class PersonForm(Protocol):
    """What the editor needs of the form it stands in."""

    page: Page
    mark: Mark

    def refresh(self) -> None:
        """Show everybody as the file holds them now."""

    def saved(self, what: str = ...) -> None:
        """Say that it is saved."""

    def erased(self, seen: Traces, cleaned: Cleaned) -> None:
        """Say that the person is gone with every trace of her, and what is left to do by hand."""


class PersonEditor(widgets.VBox):
    """All that is written of one person."""

    def __init__(self, form: PersonForm, view: PersonView, groups: Sequence[Group] = ()) -> None:
        self._form, self.person_id, self._view, self.groups = form, view.id, view, [(one.name, one.id) for one in groups]
        mark = form.mark
        self._title, self._near_told, self._fan_told, self._wish_told = (html() for _ in range(4))
        self._fields = [
            FieldView(field, None, partial(self._save, field), mark, number, _options(field, groups))
            for field, number in numbered(form.page)
        ]
        self._level = widgets.Dropdown(options=_levels())
        self._level.add_class("kz-middle")
        self._evidence = widgets.Text(placeholder="例：町で会ったとき、先に声をかけてくださった")
        self._quote = widgets.Dropdown(options=[("", 0)])
        self._mark = stack(self._quote, row(button("この言葉をしるしにする", self._mark_fan, mark)))
        self._marked = stack(kind="kz-list")
        self._contacts = Opening(("お便りのご希望を書く", "ご希望の表をとじる"), self._make_wishes, self._fill_wishes, mark)
        self._stop = button("", self._turn_stop, mark)
        self._erasing = Erasing(form.page, view.id, mark, form.erased)
        near, fan, wish = (form.page.number(key) for key in _ASKED_BELOW)
        super().__init__(
            [
                self._title,
                *self._fields,
                stack(
                    _question(near, _NEAR, "前に書いた近さも残ります。変わったら、新しく書き足しましょう。"),
                    self._near_told,
                    self._level,
                    stack(html(Markup('<div class="kz-q">{}</div>').format(_EVIDENCE)), self._evidence),
                    row(button("近さを書く", self._near, mark)),
                ),
                stack(
                    _question(
                        fan,
                        "ファンのしるしになる言葉はありますか。",
                        "大好き、また来たい、友だちに話した、というような、ご本人の言葉です。",
                    ),
                    self._fan_told,
                    self._marked,
                    self._mark,
                ),
                stack(
                    _question(
                        wish,
                        "お便りは、どこからがうれしいですか。",
                        "うかがったことだけを書きます。うかがっていないものは、そのままでかまいません。",
                    ),
                    self._wish_told,
                    self._contacts,
                ),
                row(self._stop, button("名簿から外す", self._remove, mark, "kz-quiet")),
                self._erasing,
            ]
        )
        self.add_class("kz-action")
        self._cards = {one.id: one for one in persons.quotes_of(form.page.book, view.id)}
        self.show(view)

    def show(self, view: PersonView) -> None:
        """Show the person as the file has her now."""
        self._view = view
        about = f"声 {view.voices}件・" if view.voices else ""
        rest = f"お声をかける間隔は、ふだん{view.ideal_days}日、長くても{view.worst_days}日"
        self._title.value = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}{}</div>').format(view.called, about, rest)
        for one in self._fields:
            one.fill(_value(view, one.field.key))
        self._near_told.value = _history(view)
        self._show_fan()
        self._show_wishes()
        self._stop.description = "またお便りする" if view.stopped else "もうお便りしない"
        self._erasing.refresh()

    # ---- fields

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        if isinstance(value, str) and field.key == "group_id":
            hint = next(one for one in words().groups if f"{_NEW}{one.name}" == value)
            value = roster.add_group(self._form.page.book, hint.name, hint.ideal_days, hint.worst_days)
        if field.key == "group_id":
            value, seen = value or None, seen or None
        others = self._write(field.question, {field.key: seen}, {field.key: value})
        if field.key in others:
            shown = next(one for one in self._fields if one.field.key == field.key)
            self._form.mark.tell(overwritten(shown.spell(others[field.key])))

    def _write(self, label: str, seen: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        others = roster.edit(self._form.page.book, self.person_id, f"{self._view.called}の「{label}」", seen, **values)
        self._done("保存しました")
        return others

    def _done(self, what: str) -> None:
        self._form.refresh()
        self._form.saved(what)

    # ---- closeness and fans

    def _near(self) -> None:
        roster.note_closeness(self._form.page.book, self.person_id, self._level.value, self._evidence.value)
        self._level.value, self._evidence.value = _UNSAID, ""
        self._done("近さを書きました")

    def _show_fan(self) -> None:
        marked = {one.card.id for one in self._view.fan}
        free = [one for number, one in self._cards.items() if number not in marked]
        self._quote.options = [(shorten(one.text, 40), one.id) for one in free] or [("", 0)]
        show(self._mark, free)
        none = "まだ、この方の言葉が入っていません。お話をうかがったら、「望みを聞く」のページで書きとめましょう。"
        self._fan_told.value = "" if self._cards else Markup('<div class="kz-hint">{}</div>').format(none)
        self._marked.children = [
            row(html(quote(one.card)), button("外す", partial(self._unmark, one.card.id), self._form.mark, "kz-quiet"))
            for one in self._view.fan
        ]

    def _mark_fan(self) -> None:
        roster.mark_fan(self._form.page.book, self.person_id, self._quote.value)
        self._done("ファンのしるしをつけました")

    def _unmark(self, quote_id: int) -> None:
        roster.unmark_fan(self._form.page.book, self.person_id, quote_id)
        self._done("しるしを外しました")

    # ---- wishes

    def _show_wishes(self) -> None:
        view = self._view
        yes = "、".join(media()[one].name for one in view.reach)
        no = "、".join(media()[one.medium].name for one in view.contacts if one.wish == persons.NO)
        if view.stopped:
            told = f"{day(view.stopped_on)}から、お便りを止めています。この方は、お便りする方の一覧に出ません。"
        else:
            told = f"ほしいとのこと：{yes}。" if yes else "まだ、うかがっていません。"
            told += f"いらないとのこと：{no}。" if no else ""
        self._wish_told.value = Markup('<div class="kz-hint">{}</div>').format(told)
        self._contacts.refresh()

    def _make_wishes(self) -> list[widgets.Widget]:
        self._wishes = Grid(_wish_columns(), self._edit_wish, self._form.mark)
        ask = Markup('<details class="kz-example"><summary>うかがうときの言葉（例）</summary><p>{}</p></details>').format(words().ask_mail)
        return [html(ask), self._wishes]

    def _fill_wishes(self) -> None:
        self._wishes.show([(number, _wish(self._view, medium)) for number, medium in enumerate(words().reach, start=1)])

    def _edit_wish(self, number: int, key: str, value: Any, seen: Any) -> None:
        medium = words().reach[number - 1]
        try:
            others = roster.set_contact(self._form.page.book, self.person_id, medium, {key: seen}, **{key: value})
        finally:
            self._form.refresh()
        self._form.saved()
        contact = self._view.contact(medium)
        if key in others:
            column = next(one for one in _wish_columns() if one.key == key)
            self._form.mark.tell(overwritten(column.spell(others[key])))
        elif contact.wish == persons.YES and not contact.allowed:
            self._form.mark.tell(f"{media()[medium].name}は、お許しをいただいた日も書いておきましょう。日にちがあると、お便りできます。")

    def _turn_stop(self) -> None:
        roster.stop(self._form.page.book, self.person_id, yes=not self._view.stopped)
        self._done("お便りを止めました" if self._view.stopped else "また、お便りできます")

    def _remove(self) -> None:
        roster.remove(self._form.page.book, self.person_id)
        self._done("名簿から外しました。いちばん上の「ひとつ前に戻す」で戻せます")


def _question(number: str, question: str, hint: str) -> widgets.HTML:
    return html(Markup('<div class="kz-q"><span class="no">{}</span>{}</div><div class="kz-hint">{}</div>').format(number, question, hint))


def numbered(page: Page) -> list[tuple[Field, str]]:
    """The fields of a person, each with the page's number of its question: the same for everybody."""
    return [(field, "" if field.follows else page.number(f"person.{field.key}")) for field in load("person.yaml", list[Field])]


def number_all(page: Page) -> None:
    """Keep the numbers of a person's questions, before anybody is opened."""
    numbered(page)
    for key in _ASKED_BELOW:
        page.number(key)


def _options(field: Field, groups: Sequence[Group] = ()) -> list[tuple[str, Any]] | None:
    if field.key == "group_id":
        there = {one.name for one in groups}
        hints = [(f"{one.name}（新しく作る）", f"{_NEW}{one.name}") for one in words().groups if one.name not in there]
        return [("（なし）", 0), *((one.name, one.id) for one in groups), *hints]
    if field.key == "relation":
        return [(one.label, one.key) for one in words().relations]
    if field.key == "met":
        return [("（まだ書かない）", ""), *((one.label, one.key) for one in words().met)]
    return None


def _value(view: PersonView, key: str) -> Any:
    named = {"ideal_days": view.own_ideal, "worst_days": view.own_worst, "met": view.met or "", "group_id": view.group_id or 0}
    return named[key] if key in named else getattr(view, key)


def _levels() -> list[tuple[str, int]]:
    return [("選んでください", _UNSAID), *((f"{level} {told}", level) for level, told in words().closeness.items())]


def _history(view: PersonView) -> Markup:
    lines = [
        Markup("<li>{}：<b>{} {}</b>　{}</li>").format(day(one.noted_on), one.level, words().closeness.get(one.level, ""), one.evidence)
        for one in reversed(view.closeness)
    ]
    return Markup("<ul>{}</ul>").format(Markup("").join(lines)) if lines else Markup("")


def _wish_columns() -> tuple[Column, ...]:
    return (
        Column("medium", "届け方", read_only=True, width="20%"),
        Column("wish", "ご希望", "select", tuple((label, key) for key, label in words().wishes.items()), width="20%"),
        Column("asked_on", "うかがった日", "date", width="170px"),
        Column("method", "どうやって", "select", (("（まだ書かない）", ""), *((one.label, one.key) for one in words().ways)), width="22%"),
        Column("wording", "ご本人の言い方など"),
    )


def _wish(view: PersonView, medium: str) -> dict[str, Any]:
    one = view.contact(medium)
    return {"medium": media()[medium].name, "wish": one.wish, "asked_on": one.asked_on, "method": one.method, "wording": one.wording}


def _on_paper(view: PersonView | None, key: str) -> str:
    return "" if view is None else view.group if key == "group_id" else view.note


def sheet(page: Page, view: PersonView | None) -> Block:
    """One person on paper."""
    level = view.level if view else None
    levels = tuple(Choice(f"{number} {told}", number == level) for number, told in words().closeness.items())
    lines = (
        Line(NAME, kind="brief", value=view.called if view else ""),
        *(
            Line(field.question, number, kind="brief" if field.key == "group_id" else "short", value=_on_paper(view, field.key))
            for field, number in numbered(page)
            if field.key in _ON_PAPER
        ),
        Line(_NEAR, page.number(_ASKED_BELOW[0]), kind="choice", choices=levels),
        Line(_EVIDENCE, value=view.closeness[-1].evidence if view and view.closeness else "", follows=True),
    )
    return Block(view.called if view else "お一人分", lines=lines, quotes=tuple(one.card for one in view.fan) if view else (), inner=True)
