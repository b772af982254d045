"""A draft being written, part by part: what every kind of draft (invitation, request, change, testimonial) shares on the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.finding import Finding, Strength
from kizuna.language.rules import dated, footer
from kizuna.steps import drafts
from kizuna.steps.cards import Card
from kizuna.steps.drafts import DraftView
from kizuna.views import plain as widgets
from kizuna.views.files import Paper, Papers
from kizuna.views.forms.draft_part import DraftPart
from kizuna.views.forms.editor import EditorForm
from kizuna.views.parts import button, day, empty, finding, findings, html, row, stack
from kizuna.views.plain import is_shown, show
from kizuna.views.sheets import draft_html
from kizuna.workbook.store import Workbook


def _nobody(_book: Workbook, _one: DraftView) -> Sequence[Card]:
    return ()


def _as_it_stands(_book: Workbook, one: DraftView) -> str:
    return one.text


@dataclass(frozen=True)
class Care:
    """How a kind of draft is looked after: its rules, the words that may be put in, and what goes out as text and on paper."""

    check: Callable[[Workbook, DraftView], Sequence[Finding]] = drafts.check
    quotes: Callable[[Workbook, DraftView], Sequence[Card]] = _nobody
    text: Callable[[Workbook, DraftView], str] = _as_it_stands
    html: Callable[[Workbook, DraftView], str] = draft_html
    tools: Sequence[tuple[str, Callable[[Workbook, int], Any], str]] = ()  # buttons of its own: label, act on the draft's id, what is said


class DraftEditor(widgets.VBox):
    """One draft: its parts from the top, what the rules say, and – once it is finished – the ways it goes out.

    ``form`` is refreshed after every act and calls ``show`` with the draft as the file holds it then. What stands inside is made when it
    is first opened, so that a page of many drafts stays quick.
    """

    def __init__(self, form: EditorForm, one: DraftView, care: Care | None = None, unfold: bool = False) -> None:
        self.form, self.draft, self.care = form, one, care or Care()
        self._title = html()
        self._fold = button("", self._turn, form.mark, "kz-quiet")
        self._inside: _Inside | None = None
        self._head = row(self._title, self._fold)
        super().__init__([self._head])
        self.add_class("kz-action")
        self._open(unfold)
        self.show(one)

    def show(self, one: DraftView) -> None:
        """Show the draft as the file holds it now."""
        self.draft = one
        done = one.finished_on
        state = f"{day(done)}に仕上げました" if done else ("書きかけです" if one.pieces else "これから書きます")
        self._title.value = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}・{}</div>').format(
            _name(one), one.form.name, state
        )
        (self.add_class if done else self.remove_class)("in")
        if self._inside is not None and is_shown(self._inside):
            self._inside.show(one)

    def act(self, what: Callable[[], Any], said: str) -> Any:
        """Do something with the draft, show everything anew and say that it is saved."""
        result = what()
        self.form.refresh()
        self.form.saved(said)
        return result

    @property
    def book(self) -> Workbook:
        """The workbook it is in."""
        return self.form.page.book

    def _turn(self) -> None:
        self._open(self._inside is None or not is_shown(self._inside))

    def _open(self, yes: bool) -> None:
        if yes and self._inside is None:
            self._inside = _Inside(self)
            self.children = [self._head, self._inside]
        if self._inside is not None:
            show(self._inside, yes)
        self._fold.description = "とじる" if yes else "ひらく"
        if yes and self._inside is not None:
            self._inside.show(self.draft)


class DraftList(widgets.VBox):
    """Several drafts below one another; those that are shown already keep their place and stay open."""

    def __init__(self, form: EditorForm, care: Care | None = None, nothing: tuple[str, str] = ("", "")) -> None:
        self._form, self._care, self._nothing = form, care, nothing
        self.editors: dict[int, DraftEditor] = {}
        self._empty = html()
        super().__init__([self._empty])
        self.add_class("kz-list")

    def show(self, views: Sequence[DraftView], unfold: int | None = None) -> None:
        """Show these drafts; ``unfold`` is the id of one that was just begun."""
        by_id = {one.id: one for one in views}
        for gone in set(self.editors) - set(by_id):
            self.editors.pop(gone).close()
        for one in views:
            if one.id in self.editors:
                self.editors[one.id].show(one)
            else:
                self.editors[one.id] = DraftEditor(self._form, one, self._care, unfold=one.id == unfold)
        self._empty.value = "" if views or not self._nothing[0] else empty(*self._nothing)
        self.children = [self._empty, *(self.editors[one.id] for one in views)]


class _Inside(widgets.VBox):
    """What is seen of a draft when it is open."""

    def __init__(self, editor: DraftEditor) -> None:
        self._editor = editor
        mark = editor.form.mark
        self._parts = [DraftPart(editor, role) for role in editor.draft.words.roles]
        self._found = _Found(editor)
        self._read = html()
        self._finish = button("仕上げる", self._finished, mark, "kz-main")
        self._reopen = button("もう一度、直す", self._again, mark)
        remove = button("この下書きを消す", self._remove, mark, "kz-quiet")
        self._papers = Papers(_sheets(editor), mark)
        self._tools = row(*(button(label, partial(self._use, act, said), mark) for label, act, said in editor.care.tools))
        show(self._tools, editor.care.tools)
        super().__init__([*self._parts, self._read, self._found, self._tools, self._papers, row(self._finish, self._reopen, remove)])
        self.add_class("kz-group")

    def show(self, one: DraftView) -> None:
        for part in self._parts:
            part.show(one)
        self._found.show(one)
        text = self._editor.care.text(self._editor.book, one) if one.pieces else ""
        read = Markup('<div class="kz-q">このように届きます</div><div class="kz-letter" tabindex="0">{}</div>').format(text)
        self._read.value = read if text else ""
        done = one.finished_on is not None
        show(self._finish, not done)
        for part in (self._reopen, self._papers):
            show(part, done)

    def _finished(self) -> None:
        editor = self._editor
        found = editor.care.check(editor.book, drafts.draft(editor.book, editor.draft.id))
        editor.act(
            lambda: drafts.finish(editor.book, editor.draft.id, found),
            "仕上げました。ひとりでに送られることはありません。印刷するか、文を写してお使いください",
        )

    def _use(self, act: Callable[[Workbook, int], Any], said: str) -> None:
        self._editor.act(lambda: act(self._editor.book, self._editor.draft.id), said)

    def _again(self) -> None:
        self._editor.act(lambda: drafts.reopen(self._editor.book, self._editor.draft.id), "もう一度、直せるようにしました")

    def _remove(self) -> None:
        editor = self._editor
        editor.act(lambda: drafts.remove(editor.book, editor.draft.id), "消しました。いちばん上の「ひとつ前に戻す」で戻せます")


class _Found(widgets.VBox):
    """What the rules say, the heaviest first, with a tick below each 注意."""

    def __init__(self, editor: DraftEditor) -> None:
        self._editor = editor
        self._heavy, self._light = html(), html()
        self._ticks: dict[str, tuple[widgets.HTML, widgets.Checkbox]] = {}
        self._cares = stack(kind="kz-list")
        self._filling = False
        super().__init__([self._heavy, self._cares, self._light])
        self.add_class("kz-field")

    def show(self, one: DraftView) -> None:
        found = self._editor.care.check(self._editor.book, one)
        self._heavy.value = findings(each for each in found if each.strength is Strength.STOP)
        foot = Markup('<p class="kz-key">{}{}</p>').format(dated(), footer())
        self._light.value = findings(each for each in found if each.strength is Strength.ADVICE) + foot
        cares: dict[str, dict[str, Finding]] = {}
        for each in found:
            if each.strength is Strength.CARE:
                cares.setdefault(each.rule, {})[each.message] = each
        for rule in [rule for rule in self._ticks if rule not in cares]:
            del self._ticks[rule]
        self._filling = True
        for rule, messages in cares.items():
            told, tick = self._ticks.get(rule) or self._tick(rule)
            told.value = Markup("").join(finding(each) for each in messages.values())
            tick.value = rule in one.ticked
        self._filling = False
        self._cares.children = [stack(*self._ticks[rule]) for rule in cares]

    def _tick(self, rule: str) -> tuple[widgets.HTML, widgets.Checkbox]:
        tick = widgets.Checkbox(description="確かめました", indent=False)
        tick.observe(partial(self._ticked, rule), names="value")
        self._ticks[rule] = (html(), tick)
        return self._ticks[rule]

    def _ticked(self, rule: str, change: dict[str, Any]) -> None:
        if self._filling:
            return
        editor, yes = self._editor, change["new"]
        said = "確かめた印をつけました" if yes else "確かめた印を外しました"
        editor.form.mark.guard(lambda: editor.act(lambda: drafts.tick(editor.book, editor.draft.id, rule, yes), said))


def goes_out(book: Workbook, draft_id: int, care: Care) -> DraftView:
    """The draft, if it may go out now. Raises ``KizunaError`` where it is not finished, or something stands in its way since."""
    one = drafts.draft(book, draft_id)
    if one.finished_on is None:
        raise KizunaError("この文は、まだ仕上げていません。「仕上げる」を押すと、印刷や、写して送ることができます。")
    drafts.let_pass(one, care.check(book, one))
    return one


def _sheets(editor: DraftEditor) -> list[Paper]:
    """What a finished draft can be handed out as; looked at once more when it is asked for, since people may have said no meanwhile."""

    def made(make: Callable[[Workbook, DraftView], str]) -> bytes:
        return make(editor.book, goes_out(editor.book, editor.draft.id, editor.care)).encode("utf-8", "replace")

    name = editor.draft.words.name
    return [
        Paper("print", "印刷する", f"{name}.html", "text/html", lambda: made(editor.care.html), open=True),
        Paper("copy", "文を写す（LINEやメールに貼りつけます）", f"{name}.txt", "text/plain", lambda: made(editor.care.text), copy=True),
        Paper("text", "文字だけのファイルで保存する", f"{name}.txt", "text/plain", lambda: made(editor.care.text)),
    ]


def _name(one: DraftView) -> str:
    return one.title or (f"{one.person}へ" if one.person else one.words.name)
