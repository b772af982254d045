"""STEP4 on the page: the improvements being written, each with the words that ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.process import Part
from kizuna.steps import feedback, improvements
from kizuna.steps.feedback import Kind, Passage
from kizuna.steps.improvements import ImprovementView
from kizuna.steps.proposals import Verdict, proposals
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import button, day, empty, findings, html, quote, row, stack
from kizuna.views.plain import show

EVIDENCE = "この改善を望んだ言葉（根拠）"
_FIRST, _AT_ONCE = 4, 20  # sentences shown at first, and more at each click
_BLANK = 2  # improvements on a blank sheet


class PartWords(Entry):
    """What is said otherwise in each part; ``examples`` are by the keys of the fields."""

    question: str
    places: str
    laid: str
    outside: str
    examples: dict[str, str] = {}


class ImprovementWords(Entry):
    """Everything in ``improvement.yaml``."""

    verdicts: dict[Verdict, str]
    fields: list[Field]
    ask: str
    parts: dict[Part, PartWords]


def fields(part: Part) -> list[Field]:
    """The fields of an improvement with the examples of a part."""
    told = words().parts[part].examples
    return [field.model_copy(update={"example": told.get(field.key, field.example)}) for field in words().fields]


def words() -> ImprovementWords:
    """The fields of an improvement as ``content/improvement.yaml`` tells them."""
    found: ImprovementWords = load("improvement.yaml", ImprovementWords)
    return found


class Improvements(PartForm):
    """Every improvement with its fields, its evidence, and what stands in its way."""

    def build(self) -> None:
        self._editors: dict[int, ImprovementEditor] = {}
        self._empty, self._list = html(), stack()
        new = button("思いついた改善を書く", self._begin, self.mark)
        self.lay(self._empty, self._list, row(new))

    def refresh(self) -> None:
        views = improvements.improvements(self.page.book, self.part)
        found = feedback.feedback(self.page.book, self.part)
        near = {
            (one.action_id, one.name): {each.id for each in one.passages} for one in proposals(self.page.book, self.part) if one.name
        } if views else {}  # fmt: skip
        self._empty.value = (
            "" if views else empty("まだ改善がありません", "上で「つづける」「変える」「やめる」を押すと、ここに書くところが出ます。")
        )
        for gone in set(self._editors) - {one.id for one in views}:
            self._editors.pop(gone).close()
        for one in views:
            beside = next((ids for (action, name), ids in near.items() if (one.action_id or 0) == action or one.title == name), set())
            if one.id not in self._editors:
                self._editors[one.id] = ImprovementEditor(self, unfold=not one.decided)
            self._editors[one.id].show(one, found.passages, beside)
        self._list.children = [self._editors[one.id] for one in views]

    def paper(self, blank: bool) -> list[Block]:
        told = "望んだ方の声がない改善は、決めずに「次に聞くこと」へ。番号は、改善ごとに1からです。"
        if blank:
            return [Block("改善を書く", told, fresh=True), *(_item(number, None, self.part) for number in range(1, _BLANK + 1))]
        views = improvements.improvements(self.page.book, self.part)
        if not views:
            return [Block("改善を書く", "改善は、まだありません。", fresh=True)]
        return [Block("改善を書く", told, fresh=True), *(_item(number, one, self.part) for number, one in enumerate(views, start=1))]

    def _begin(self) -> None:
        improvements.begin(self.page.book, self.part, Verdict.CHANGE)
        self.refresh()
        self.saved("書くところを作りました。望んだ方の声を、一つ以上選んでください")


class ImprovementEditor(widgets.VBox):
    """One improvement being written; what stands inside is made when it is first opened."""

    def __init__(self, form: Improvements, unfold: bool) -> None:
        self._form, self._unfold = form, unfold
        self._title, self._state = html(), html()
        self._fold = button("", self._turn, form.mark, "kz-quiet")
        self._inside: _Inside | None = None
        self._head = row(self._title, self._fold)
        super().__init__([self._head, self._state])
        self.add_class("kz-action")

    def show(self, view: ImprovementView, passages: Sequence[Passage], near: set[int]) -> None:
        """Show the improvement as the file holds it now, with the sentences it may rest on, those ``near`` to it first."""
        self._now = (view, passages, near)
        name = view.title or "これから名前をつける改善"
        about = f"『{view.action}』について・" if view.action else ""
        still = "" if view.decided else "・まだ決めていません。この枠のいちばん下の「やると決める」で決まります"
        self._title.value = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}・{}望んだ人 {}人{}</div>').format(
            name, words().verdicts[view.verdict], about, view.people, still
        )
        self._state.value = Markup('<div class="kz-saved">{}</div>').format(state) if (state := _state(view)) else ""
        (self.add_class if view.decided else self.remove_class)("in")
        self._open(self._unfold)

    def _turn(self) -> None:
        self._unfold = not self._unfold
        self._open(self._unfold)

    def _open(self, yes: bool) -> None:
        if yes and self._inside is None:
            self._inside = _Inside(self._form, self._now[0])
            self.children = [self._head, self._inside, self._state]
        if self._inside is not None:
            show(self._inside, yes)
            if yes:
                self._inside.show(*self._now)
        self._fold.description = "とじる" if yes else "ひらく"


class _Inside(widgets.VBox):
    """The fields of an improvement, its evidence, and its buttons."""

    def __init__(self, form: Improvements, view: ImprovementView) -> None:
        self._form, self._view, mark = form, view, form.mark
        names = [(name, str(verdict)) for verdict, name in words().verdicts.items()]
        self._fields = [
            FieldView(field, None, partial(self._save, field), mark, f"{number}.", names if field.key == "verdict" else None)
            for number, field in enumerate(fields(view.part), start=1)
        ]
        self._passages: list[Passage] = []
        self._ticks: dict[int, widgets.Checkbox] = {}
        self._limit, self._filling = _FIRST, False
        self._search = widgets.Text(placeholder="言葉でさがす（例：電話）", continuous_update=False)
        self._search.add_class("kz-middle")
        self._search.observe(lambda _: mark.guard(self._searched), names="value")
        self._lines: dict[int, widgets.Widget] = {}
        self._list = stack(kind="kz-list")
        self._more = button("", self._show_more, mark, "kz-quiet")
        told = Markup(
            '<div class="kz-q">{}</div><div class="kz-hint">印のついた言葉が根拠になります。一つもない改善は、決められません。</div>'
        ).format(EVIDENCE)
        self._found = html()
        self._question = widgets.Text(placeholder=words().parts[view.part].question)
        self._ask = stack(
            html(Markup('<div class="kz-q">{}</div>').format(words().ask)),
            self._question,
            row(button("「次に聞くこと」に入れる", self._wait, mark)),
        )
        self._decide = button("", self._toggle, mark)
        self._finish = button("", self._done, mark)
        remove = button("この改善を消す", self._remove, mark, "kz-quiet")
        super().__init__(
            [*self._fields, stack(html(told), self._search, self._list, self._more), self._found, self._ask, row(self._decide, self._finish, remove)]
        )  # fmt: skip
        self.add_class("kz-group")

    def show(self, view: ImprovementView, passages: Sequence[Passage], near: set[int]) -> None:
        self._view = view
        for field in self._fields:
            field.fill(_value(view, field.field.key))
        chosen = {card.id for card in view.evidence}
        wanted = {Kind.PRAISE} if view.verdict is Verdict.KEEP else {Kind.COMPLAINT, Kind.REQUEST}
        self._passages = sorted(
            passages, key=lambda one: (one.card.id not in chosen, one.id not in near, not wanted & {*one.kinds}, one.id)
        )
        self._deal()
        self._found.value = findings(improvements.check(view))
        show(self._ask, not view.evidence)
        self._decide.description = "決める前に戻す" if view.decided else "やると決める"
        (self._decide.remove_class if view.decided else self._decide.add_class)("kz-main")
        show(self._finish, view.decided)
        self._finish.description = "終える前に戻す" if view.done else "終えた"
        (self._finish.remove_class if view.done else self._finish.add_class)("kz-main")

    def _deal(self) -> None:
        """Lay out as many sentences as are to be shown now; a sentence that was shown keeps its widgets."""
        wanted = self._search.value.strip()
        fitting = [one for one in self._passages if wanted in one.text]
        chosen = {card.id for card in self._view.evidence}
        shown = fitting[: max(self._limit, sum(one.card.id in chosen for one in fitting))]
        self._filling = True
        for one in shown:
            if one.id not in self._lines:
                tick = widgets.Checkbox(description="根拠にする", indent=False)
                tick.observe(partial(self._ticked, one.id), names="value")
                self._ticks[one.id] = tick
                self._lines[one.id] = stack(html(quote(one.card)), tick, kind="kz-card")
            self._ticks[one.id].value = one.card.id in chosen
        self._filling = False
        self._list.children = [self._lines[one.id] for one in shown]
        left = len(fitting) - len(shown)
        self._more.description = f"ほかの言葉を見る（あと{left}）"
        show(self._more, left)

    def _searched(self) -> None:
        self._limit = _FIRST
        self._deal()

    def _show_more(self) -> None:
        self._limit += _AT_ONCE
        self._deal()

    def _ticked(self, passage_id: int, change: dict[str, Any]) -> None:
        if not self._filling:
            self._form.mark.guard(lambda: self._tie(passage_id, change["new"]))

    def _tie(self, passage_id: int, yes: bool) -> None:
        self._did(lambda: improvements.tie(self._form.page.book, self._view.id, passage_id, yes), "根拠を保存しました")

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        book, label = self._form.page.book, f"改善の「{field.question}」"
        others = improvements.edit(book, self._view.id, label, {field.key: seen}, **{field.key: value or ""})
        self._did(lambda: None, "保存しました")
        if field.key in others:
            view = next(one for one in self._fields if one.field.key == field.key)
            self._form.mark.tell(overwritten(view.spell(others[field.key])))

    def _toggle(self) -> None:
        yes = not self._view.decided
        said = "決めました。終えたら「終えた」を押してください" if yes else "決める前に戻しました"
        self._did(lambda: improvements.decide(self._form.page.book, self._view.id, yes), said)

    def _done(self) -> None:
        yes = not self._view.done
        said = "終えました。望んでくださった方に、下でお知らせを書けます" if yes else "終える前に戻しました"
        self._did(lambda: improvements.finish(self._form.page.book, self._view.id, yes), said)

    def _wait(self) -> None:
        asks = self._question.value
        self._did(lambda: improvements.wait_as_question(self._form.page.book, self._view.id, asks), "「次に聞くこと」に入れました")

    def _remove(self) -> None:
        self._did(lambda: improvements.remove(self._form.page.book, self._view.id), "消しました。いちばん上の「ひとつ前に戻す」で戻せます")

    def _did(self, act: Any, said: str) -> None:
        act()
        self._form.refresh()
        self._form.saved(said)


def _state(view: ImprovementView) -> str:
    if view.done:
        return f"{day(view.done_on)}に終えました"
    return f"{day(view.decided_on)}に決めました" if view.decided else ""


def _value(view: ImprovementView, key: str) -> Any:
    return str(view.verdict) if key == "verdict" else getattr(view, key)


def _item(number: int, view: ImprovementView | None, part: Part) -> Block:
    names = [(name, str(verdict)) for verdict, name in words().verdicts.items()]
    lines = tuple(
        line(field, f"{at}.", _value(view, field.key) if view else None, names if field.key == "verdict" else None)
        for at, field in enumerate(fields(part), start=1)
    )
    if view is None:
        return Block(f"改善 {number}", lines=(*lines, Line(EVIDENCE, kind="long")), inner=True)
    asked = () if view.evidence else (Line(words().ask),)
    return Block(
        f"改善 {number}", f"望んだ人 {view.people}人・{_state(view) or 'まだ決めていません'}", (*lines, *asked), view.evidence, inner=True
    )


def improve(page: Page) -> Improvements:
    """The improvements being written."""
    return Improvements(page, "改善を書く")
