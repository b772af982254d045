"""Practice on the page: each task with its voices, its place to answer, the reply right below, and a model answer folded."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.steps import practice as practising
from kizuna.steps.practice import Guess, Kind, Number, One, Order, Several, Task, Writing
from kizuna.views import plain as widgets
from kizuna.views.choices import InOrder, Ticks
from kizuna.views.fields import Field, FieldView, overwritten, spell
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Choice, Line, line
from kizuna.views.parts import Mark, html, quote, say, table

_FIELDS = {"line": "text", "lines": "long", "number": "number", "one": "choice"}


class TaskView(widgets.VBox):
    """One task: what lies on the table, the question, the place to answer, what is said back, and the model answer."""

    def __init__(self, form: Practice, task: Task, number: str) -> None:
        self.task, self.number = task, number
        self.mark = Mark()
        self._reply = html()
        self._reply.add_class("kz-told")
        save = partial(form.save, self)
        self.place: FieldView | Ticks | InOrder
        if isinstance(task, One | Number | Writing):
            self.place = FieldView(field(task), None, save, self.mark, number, offered(task))
            asked: list[widgets.Widget] = [self.place]
        else:
            self.place = (Ticks if isinstance(task, Several) else InOrder)(offered(task) or [], save, self.mark)
            asked = [html(_question(task, number)), self.place]
        super().__init__([html(_table(task)), *asked, self._reply, self.mark, html(_model(task))])
        self.add_class("kz-task")

    def fill(self, answer: Any) -> None:
        """Show the answer in the file, and the reply to it."""
        self.place.fill(answer)
        self._reply.value = _told(self.task, answer)


class Practice(Form):
    """The tasks beside a section; an answer is saved as soon as it is given."""

    def build(self) -> None:
        self._exercise = practising.exercise(self.page.section)
        self._done = html()
        self._views = [TaskView(self, task, self.page.number(task.key)) for task in self._exercise.tasks]
        shops = Markup("").join(
            Markup("<p class='kz-hint kz-end'>{}</p>").format(practising.words().shops[shop]) for shop in self._exercise.shops
        )
        self.lay(self._done, *self._views, html(shops))

    def refresh(self) -> None:
        given = practising.answers(self.page.book, self.page.section)
        for view in self._views:
            view.fill(given.get(view.task.key))
        self._count()

    def save(self, view: TaskView, answer: Any, seen: Any) -> None:
        """Save one answer, say so below it, and reply."""
        told = practising.save(self.page.book, self.page.section, view.task, answer, seen)
        view.fill(answer)
        self._count()
        view.mark.saved()
        self.page.changed(self)
        if told.overwritten is not None:
            view.mark.tell(overwritten(_spell(view.task, told.overwritten)))

    def paper(self, blank: bool) -> list[Block]:
        given = {} if blank else practising.answers(self.page.book, self.page.section)
        return [block for view in self._views for block in _blocks(view, given.get(view.task.key))]

    def _count(self) -> None:
        progress = practising.progress(self.page.book, self.page.section)
        told = f"{progress.of}問のうち、{progress.done}問に答えました。" if progress.done else f"全部で{progress.of}問あります。"
        self._done.value = say(told)


def field(task: One | Number | Writing) -> Field:
    """The task's place to answer as a field."""
    kind: Any = _FIELDS[task.kind]
    return Field(key=task.key, question=task.question, hint=task.hint, kind=kind, unit=task.unit if isinstance(task, Number) else "")


def offered(task: Task) -> list[tuple[str, str]] | None:
    """What can be chosen in a task, each by its words and as it is stored; None where it is answered in words or with a number."""
    if isinstance(task, Guess):
        return sorted((wish.name, wish.name) for wish in practising.wishes(task.part))
    return [(one.text, one.key) for one in task.options] if isinstance(task, One | Several | Order) else None


def _table(task: Task) -> Markup:
    """What lies on the table: the lead, the customers' words as cards, what the shop wrote."""
    lead = Markup("<p>{}</p>").format(task.lead) if task.lead else Markup("")
    cards = Markup("").join(quote(practising.spoken(one)) for one in task.voices)
    draft = Markup('<div class="kz-draft"><b>{}</b>{}</div>').format(task.draft_title, task.draft) if task.draft else Markup("")
    return Markup("<h4>{}</h4>{}{}{}").format(task.title, lead, cards, draft)


def _question(task: Task, number: str) -> Markup:
    hint = Markup('<div class="kz-hint">{}</div>').format(task.hint) if task.hint else ""
    return Markup('<div class="kz-q"><span class="no">{}</span>{}</div>{}').format(number, task.question, hint)


def _told(task: Task, answer: Any) -> Markup:
    reply = practising.reply(task, answer)
    words = Markup("").join(Markup("<p>{}</p>").format(sentence) for sentence in reply.sentences)
    said = Markup('<div class="kz-reply {}" role="status"><b>{}</b>{}</div>').format(
        reply.kind, practising.words().labels[reply.kind], words
    )
    return said + (_counted(task, answer) if isinstance(task, Guess) and reply.kind is Kind.THOUGHT else Markup(""))


def _counted(task: Guess, guessed: list[str]) -> Markup:
    """Every wish with its people, and beside it which guess it was."""
    rows = [
        (one.name, f"{one.people}人", InOrder.NAMES[guessed.index(one.name)] if one.name in guessed else "")
        for one in practising.wishes(task.part)
    ]
    return table(["望み", "望んだ人", "あなたの直感"], rows)


def _model(task: Task) -> Markup:
    return Markup('<details class="kz-example"><summary>考え方の例を見る</summary><p>{}</p></details>').format(task.model)


def _spell(task: Task, answer: Any) -> str:
    """An answer in words."""
    answers = [one for one in answer if one] if isinstance(answer, list) else [answer]
    return "、".join(spell(one, offered(task) or ()) for one in answers) or spell(None)


def _blocks(view: TaskView, answer: Any) -> list[Block]:
    """One task on paper: its voices, then room for the answer, or what was answered."""
    task, lines = view.task, _lines(view.task, view.number, answer)
    lead = "\n".join(part for part in (task.lead, f"{task.draft_title}：{task.draft}" if task.draft else "") if part)
    if not task.voices:
        return [Block(task.title, lead, lines)]
    return [Block(task.title, lead, quotes=tuple(practising.spoken(one) for one in task.voices)), Block("", lines=lines)]


def _lines(task: Task, number: str, answer: Any) -> tuple[Line, ...]:
    if isinstance(task, One | Number | Writing):
        return (line(field(task), number, answer, offered(task)),)
    options = offered(task) or []
    if isinstance(task, Several):
        return (
            Line(task.question, number, task.hint, "choice", choices=tuple(Choice(label, key in (answer or [])) for label, key in options)),
        )
    labels = {key: label for label, key in options}
    chosen = [labels.get(one, "") for one in (answer or [])] + [""] * 3
    listed = f"この中から：{'／'.join(labels.values())}"
    first, *others = (
        Line(
            f"{task.question}　{name}" if at == 0 else name,
            number if at == 0 else "",
            listed if at == 0 else "",
            value=value,
            follows=at > 0,
        )
        for at, (name, value) in enumerate(zip(InOrder.NAMES, chosen, strict=False))
    )
    return (first, *others)


def practice(page: Page) -> Practice:
    """The tasks beside the section of ``page``."""
    return Practice(page, "よそのお店で、ためしてみる")
