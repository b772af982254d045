"""STEP2 of the tribe on the page: the questions about the place, and the choices that answer them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.steps.cards import Card
from kizuna.steps.plan import spell_minutes
from kizuna.steps.tribe import design as places
from kizuna.steps.tribe import topics
from kizuna.steps.tribe.design import ChoiceView, DesignView
from kizuna.steps.tribe.topics import Topic
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.forms.chooser import Chooser
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import button, empty, findings, html, quotes, row, say, stack
from kizuna.views.plain import show

EVIDENCE = "これを望んだ言葉（根拠）"
_HINT = "印のついた声が根拠になります。印が一つもない答えは、案に入れられません。"
_NEAR = 3  # words shown beside a question that nothing is written about


class Design(Form):
    """Every question about the place, folded; inside its choices, each with the words that asked for it."""

    def build(self) -> None:
        for topic in topics.words().topics:
            _fields(self.page, topic)  # the numbers are the page's, also before anything is written
        self._told = html()
        self._draft = button("望みの言葉を、問いのそばに並べる（下書き）", self._lay_out, self.mark, "kz-main")
        self._topics = [TopicEditor(self, topic) for topic in topics.words().topics]
        core = [one for one in self._topics if one.topic.core]
        more = Opening(
            ("ほかの問いも見る（答えなくてもかまいません）", "ほかの問いをとじる"),
            lambda: [stack(*(one for one in self._topics if not one.topic.core))],
            lambda: None,
            self.mark,
        )
        self.lay(self._told, row(self._draft), stack(*core), more)

    def refresh(self) -> None:
        view, near, said = places.design(self.page.book), places.near(self.page.book), places.wishes(self.page.book)
        have = {one.topic.key for one in view.choices}
        self._told.value = _told(view) if said else _nothing_heard()
        show(self._draft, any(near[one.key] and one.core and one.key not in have for one in topics.words().topics))
        for editor in self._topics:
            beside = near[editor.topic.key]
            ids = {one.id for one in beside}
            editor.show(view.of(editor.topic.key), beside, (*beside, *(one for one in said if one.id not in ids)))

    def paper(self, blank: bool) -> list[Block]:
        view = places.design(self.page.book)
        lead = "望んだ方の声がない答えは、案に入れずに「次に聞くこと」へ。すべてに答えなくてもかまいません。"
        head = Block("集まりの案を考える", lead)
        if blank:
            return [head, *(_item(self.page, topic, None) for topic in topics.words().topics)]
        return [head, *(_item(self.page, one.topic, one) for one in view.choices)]

    def did(self, act: Any, said: str = "保存しました") -> None:
        """Do ``act`` and say so."""
        act()
        self.refresh()
        self.saved(said)

    def _lay_out(self) -> None:
        count = places.draft(self.page.book)
        self.refresh()
        self.saved(f"{things(count)}の問いに、近い言葉を並べました。ひらいて、ご自分の言葉を書き足してください")


class TopicEditor(widgets.VBox):
    """One question about the place, folded."""

    def __init__(self, form: Design, topic: Topic) -> None:
        self.topic, self._form = topic, form
        self._choices: dict[int, ChoiceEditor] = {}
        self._title = html()
        self._inside = Opening(("ひらく", "とじる"), self._make, self._fill, form.mark, lead=self._title)
        super().__init__([self._inside])
        self.add_class("kz-action")

    def show(self, choices: Sequence[ChoiceView], near: Sequence[Card], cards: Sequence[Card]) -> None:
        """Show the question as the file holds it now; ``near`` are the words that belong beside it, ``cards`` all words, those first."""
        self._now = (choices, near, cards)
        written = Markup("<br>").join(one.text for one in choices if one.text)
        told = written or self.topic.question
        state = Markup('<div class="kz-saved">案に入っています</div>') if any(one.in_design for one in choices) else ""
        begun = "・書きかけです" if choices and not state else ""
        self._title.value = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}{}</div>{}').format(
            self.topic.title, told, begun, state
        )
        (self.add_class if any(one.in_design for one in choices) else self.remove_class)("in")
        self._inside.refresh()

    def _make(self) -> list[widgets.Widget]:
        self._lead, self._list = html(), stack()
        self._begin = button("", self._start, self._form.mark, "kz-main")
        return [stack(self._lead, self._list, row(self._begin), kind="kz-group")]

    def _fill(self) -> None:
        choices, near, cards = self._now
        self._lead.value = "" if choices else _asked(self.topic, near)
        for gone in set(self._choices) - {one.id for one in choices}:
            self._choices.pop(gone).close()
        for one in choices:
            if one.id not in self._choices:
                self._choices[one.id] = ChoiceEditor(self._form, one)
            self._choices[one.id].show(one, cards)
        self._list.children = [self._choices[one.id] for one in choices]
        self._begin.description = "もう一つ書く" if choices else "この問いの答えを書く"
        show(self._begin, self.topic.several or not choices)
        (self._begin.remove_class if choices else self._begin.add_class)("kz-main")

    def _start(self) -> None:
        self._form.did(lambda: places.begin(self._form.page.book, self.topic.key), "書くところを作りました。望んだ方の声も選んでください")


class ChoiceEditor(widgets.VBox):
    """One choice being written: its fields, the words it rests on, and what stands in its way."""

    def __init__(self, form: Design, one: ChoiceView) -> None:
        self._form, self._one, mark = form, one, form.mark
        self._views = [
            FieldView(field, getattr(one, field.key), partial(self._save, field), mark, number)
            for field, number in _fields(form.page, one.topic)
        ]
        self._evidence = Chooser(EVIDENCE, _HINT, self._tie, mark)
        self._found = html()
        self._question = widgets.Text(value=one.topic.ask)
        self._ask = stack(
            html(Markup('<div class="kz-q">{}</div>').format(topics.words().waiting)),
            self._question,
            row(button("「次に聞くこと」に入れる", self._wait, mark)),
        )
        self._decide = button("", self._toggle, mark)
        remove = button("この答えを消す", self._remove, mark, "kz-quiet")
        super().__init__([*self._views, self._evidence, self._found, self._ask, row(self._decide, remove)])
        self.add_class("kz-group")

    def show(self, one: ChoiceView, cards: Sequence[Card]) -> None:
        """Show the choice as the file holds it now; ``cards`` are all words it may rest on."""
        self._one = one
        for view in self._views:
            view.fill(getattr(one, view.field.key))
        self._evidence.show(one.evidence, cards)
        self._found.value = findings(places.check(self._form.page.book, one))
        show(self._ask, not one.evidence)
        self._decide.description = "案から外す" if one.decided else "案に入れる"
        (self._decide.remove_class if one.decided else self._decide.add_class)("kz-main")

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        was, book = self._one.decided, self._form.page.book
        if field.kind == "number":
            value = _whole(field, value)
        label = f"集まりの案の「{self._one.topic.title}」"
        others = places.edit(book, self._one.id, label, {field.key: seen}, **{field.key: value})
        self._form.did(lambda: None)
        if was and not self._one.decided:
            self._form.mark.tell("保存しました。直すところが出てきたので、いったん案から外しました。下の知らせを見てください。")
        elif field.key in others:
            view = next(one for one in self._views if one.field.key == field.key)
            self._form.mark.tell(overwritten(view.spell(others[field.key])))

    def _tie(self, quote_id: int, yes: bool) -> None:
        self._form.did(lambda: places.tie(self._form.page.book, self._one.id, quote_id, yes), "根拠を保存しました")

    def _toggle(self) -> None:
        yes = not self._one.decided
        self._form.did(lambda: places.decide(self._form.page.book, self._one.id, yes), "案に入れました" if yes else "案から外しました")

    def _wait(self) -> None:
        self._form.did(
            lambda: places.wait_as_question(self._form.page.book, self._one.id, self._question.value),
            "「次に聞くこと」に入れました。望む方がいたら、そのとき案に入れましょう",
        )

    def _remove(self) -> None:
        self._form.did(lambda: places.remove(self._form.page.book, self._one.id), "消しました。いちばん上の「ひとつ前に戻す」で戻せます")


def _told(view: DesignView) -> Markup:
    answered = len({one.topic.key for one in view.decided})
    told = (
        Markup("案に入った答えは<b>{}</b>です（{}の問いに）。").format(things(len(view.decided)), answered)
        if view.decided
        else "まず、いちばん言葉にしやすい問いを一つ、ひらいてみましょう。すべてに答えなくてもかまいません。"
    )
    return say(Markup("{}{}").format(told, _time(view))) + findings(places.check_design(view))


def _time(view: DesignView) -> str:
    """How much of the owner's month the place takes, with the plan of the first part, and whether it fits."""
    if not view.minutes:
        return ""
    alone = f"店主の時間は、準備や紙のやりとりも入れて、ひと月に{spell_minutes(view.minutes)}"
    if not view.hours:
        return f"{alone}です。"
    whole = view.minutes + view.followup
    fits = "に収まります" if whole <= 60 * view.hours else "をこえています"
    return f"{alone}、フォローアップの計画と合わせて{spell_minutes(whole)}です。決めた{view.hours:g}時間{fits}。"


def _nothing_heard() -> Markup:
    return empty("集まりについての声が、まだありません", "「あったらうれしい集まりを聞く」のページで声を入れると、問いのそばに並びます。")


def _asked(topic: Topic, near: Sequence[Card]) -> Markup:
    """A question nothing is written about: why it is asked, an example, and the words that belong beside it."""
    told = Markup('<div class="kz-q">{}</div><div class="kz-hint">{}</div>').format(topic.question, topic.why)
    example = Markup('<details class="kz-example kz-worked"><summary>記入例を見る</summary><p>{}</p></details>').format(topic.example)
    beside = Markup('<div class="kz-hint">近い言葉が聞こえています。</div>') + quotes(near, _NEAR) if near else Markup("")
    return told + example + beside


def _item(page: Page, topic: Topic, one: ChoiceView | None) -> Block:
    lines = tuple(line(field, number, getattr(one, field.key) if one else None) for field, number in _fields(page, topic))
    if one is None:
        return Block(topic.title, lines=(*lines, Line(EVIDENCE, kind="long")), inner=True)
    state = "案に入っています" if one.in_design else "まだ案に入れていません"
    return Block(topic.title, f"望んだ人 {one.people}人・{state}", lines, one.evidence, inner=True)


def _fields(page: Page, topic: Topic) -> list[tuple[Field, str]]:
    """What is written about a topic, with the page's number of its question."""
    return [(field, "" if field.follows else page.number(f"design.{topic.key}")) for field in _of(topic.key)]


@cache
def _of(key: str) -> tuple[Field, ...]:
    topic, more = topics.topic(key), topics.words().fields
    first = Field(key="text", question=topic.question, hint=topic.why, kind="long", example=topic.example)
    return (first, *(Field.model_validate({**more[name], "follows": True}) for name in topic.fields))


def _whole(field: Field, value: float | None) -> int | None:
    if value is None:
        return None
    if value != int(value) or not 0 < value < 100_000:
        raise KizunaError(f"「{field.question}」には、1以上の切りのよい数を書いてください。かからないときは、空けておきます。")
    return int(value)


def design(page: Page) -> Design:
    """The questions about the place."""
    return Design(page, "集まりの案を考える")
