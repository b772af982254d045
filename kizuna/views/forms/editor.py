"""One item of the plan being written: its fields, the words it rests on, and what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps import research
from kizuna.steps.themes import ThemeView
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.forms.chooser import Chooser
from kizuna.views.opening import Opening
from kizuna.views.page import Page
from kizuna.views.paper import Line, line
from kizuna.views.parts import Mark, button, findings, html, row, stack

EVIDENCE = "この一手を望んだ言葉（根拠）"
WHOLE = {"minutes", "times", "people"}


class EditorForm(Protocol):
    """What an editor needs of the form it stands in."""

    page: Page
    part: Part
    mark: Mark

    def refresh(self) -> None:
        """Show every item as the file holds it now."""

    def saved(self, what: str = ...) -> None:
        """Say that it is saved."""


class PlanWords(Entry):
    """Everything in ``plan.yaml``; ``parts`` are fields that a part asks in words of its own."""

    fields: list[Field]
    parts: dict[Part, list[Field]]
    doable: dict[int, str]
    fun: dict[int, str]

    def of(self, part: Part) -> list[Field]:
        """The fields of an item in the words of a part."""
        own = {one.key: one for one in self.parts.get(part, ())}
        return [own.get(one.key, one) for one in self.fields]


class Editor(widgets.VBox):
    """One item being written."""

    def __init__(self, form: EditorForm, action: plans.ActionView, theme: ThemeView | None, unfold: bool) -> None:
        self._form, self._action = form, action
        self._theme = theme
        self._title, self._state = html(), html()
        self._inside = Opening(("ひらく", "とじる"), self._make, self._fill, form.mark, lead=self._title)
        super().__init__([self._inside, self._state])
        self.add_class("kz-action")
        self.show(action, theme)
        if unfold:
            self._inside.turn()

    def _make(self) -> list[widgets.Widget]:
        words, mark = load("plan.yaml", PlanWords), self._form.mark
        seen = {one.id: one.people for one in research.media_seen(self._form.page.book)}
        self._views = [self._field(field, number, _options(field, words, seen)) for field, number in numbered(self._form.page)]
        self._found = html()
        self._decide = button("計画に入れる", self._toggle, mark, "kz-main")
        remove = button("この一手を消す", self._remove, mark, "kz-quiet")
        hint = "印のついた声が、計画書に残ります。印が一つもない一手は、計画に入れられません。"
        self._evidence = Chooser(EVIDENCE, hint, self._tie, mark)
        return [stack(*self._views, self._evidence, self._found, row(self._decide, remove), kind="kz-group")]

    def show(self, action: plans.ActionView, theme: ThemeView | None) -> None:
        """Show the item as the file holds it now, with the theme it answers."""
        self._action, self._theme = action, theme
        name = action.title or "これから名前をつける一手"
        wish = Markup("望み：{}<br>").format(action.theme) if action.theme else ""
        self._title.value = Markup(
            '<div class="kz-title">{}</div><div class="kz-hint">{}望んだ人 {}人・できる度 {}／5・楽しさ {}／6</div>'
        ).format(name, wish, action.wishers, action.doable, action.fun)
        self._inside.refresh()
        self._state.value = Markup('<div class="kz-saved">計画に入っています</div>') if action.in_plan else ""
        (self.add_class if action.in_plan else self.remove_class)("in")

    def _fill(self) -> None:
        for view in self._views:
            view.fill(_value(self._action, view.field.key))
        self._evidence.show(self._action.evidence, self._theme.cards if self._theme else ())
        self._found.value = findings(plans.check(self._action))
        self._decide.description = "計画から外す" if self._action.decided else "計画に入れる"
        (self._decide.remove_class if self._action.decided else self._decide.add_class)("kz-main")

    def _field(self, field: Field, number: str, options: list[tuple[str, Any]] | None) -> FieldView:
        return FieldView(field, _value(self._action, field.key), partial(self._save, field), self._form.mark, number, options)

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        if field.key in WHOLE:
            value = whole(field.key, field.question, value)
        elif field.key == "medium":
            value, seen = value or None, seen or None
        view = next(one for one in self._views if one.field.key == field.key)
        others = plans.edit(self._form.page.book, self._action.id, f"一手の「{field.question}」", {field.key: seen}, **{field.key: value})
        self._form.refresh()
        self._form.saved()
        if field.key in others:
            self._form.mark.tell(overwritten(view.spell(others[field.key])))

    def _tie(self, quote_id: int, yes: bool) -> None:
        plans.tie(self._form.page.book, self._action.id, quote_id, yes)
        self._form.refresh()
        self._form.saved("根拠を保存しました")

    def _toggle(self) -> None:
        plans.decide(self._form.page.book, self._action.id, not self._action.decided)
        self._form.refresh()
        self._form.saved("計画に入れました" if self._action.decided else "計画から外しました")

    def _remove(self) -> None:
        plans.remove(self._form.page.book, self._action.id)
        self._form.refresh()
        self._form.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


def numbered(page: Page) -> list[tuple[Field, str]]:
    """The fields of an item, each with the page's number of its question: the same in every item."""
    return [(field, page.number(f"item.{field.key}")) for field in load("plan.yaml", PlanWords).of(page.part)]


def item_lines(page: Page, action: plans.ActionView | None) -> tuple[Line, ...]:
    """The fields of an item on paper, numbered as on screen; ``None`` leaves them blank."""
    words = load("plan.yaml", PlanWords)
    return tuple(
        line(field, number, _value(action, field.key) if action else None, _options(field, words, {})) for field, number in numbered(page)
    )


def _options(field: Field, words: PlanWords, seen: Mapping[str, int]) -> list[tuple[str, Any]] | None:
    """What can be chosen in a field whose choices are no fixed words; media by how many people look at them (``seen``)."""
    if field.key == "medium":
        ranked = sorted(media().values(), key=lambda one: -seen.get(one.id, 0))
        named = [(f"{one.name}（{seen[one.id]}人が見ている）" if seen.get(one.id) else one.name, one.id) for one in ranked]
        return [("まだ決めていない", ""), *named]
    if field.key == "doable":
        return steps(words.doable)
    if field.key in ("fun_me", "fun_them"):
        return steps(words.fun)
    return None


def _value(action: plans.ActionView, key: str) -> Any:
    if key == "medium":
        return action.medium.id if action.medium else ""
    return getattr(action, key)


def steps(words: dict[int, str]) -> list[tuple[str, Any]]:
    """The steps of a scale as options, each with its number before its words."""
    return [(f"{step} {word}", step) for step, word in words.items()]


def whole(key: str, question: str, value: float | None) -> int | None:
    """What is stored for one of ``WHOLE``: an empty field is no minutes yet, and once, or one person.

    Raises ``KizunaError`` where the number is not a whole one from 1 on.
    """
    if value is None:
        return None if key == "minutes" else 1
    if value != int(value) or not 0 < value < 100_000:
        raise KizunaError(f"「{question}」には、1以上の切りのよい数を書いてください。")
    return int(value)
