"""STEP2 of the tribe on the page: the questions about the place, its nine traits, and the place on one page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.steps.cards import Card
from kizuna.steps.plan import spell_minutes
from kizuna.steps.testimonials import Candidate
from kizuna.steps.tribe import design as places
from kizuna.steps.tribe import onepage, topics, traits
from kizuna.steps.tribe.design import ChoiceView, DesignView
from kizuna.steps.tribe.topics import Topic
from kizuna.steps.tribe.traits import TraitView
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.files import Paper, Papers
from kizuna.views.forms.chooser import Chooser
from kizuna.views.forms.consents import Consents
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import button, empty, findings, html, quotes, row, say, stack
from kizuna.views.plain import show
from kizuna.views.sheets import design_excel, design_html
from kizuna.workbook.answers import save_answer

EVIDENCE = "これを望んだ言葉（根拠）"
_HINT = "印のついた声が根拠になります。印が一つもない答えは、案に入れられません。"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_THERE = [("あります", True), ("まだです", False)]
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


class Traits(Form):
    """The nine traits for which people like SNS, asked of the place, each with the choices in which it may show."""

    def build(self) -> None:
        self._told = html()
        self._shown = {one.key: html() for one in topics.words().traits}
        self._views = {
            one.key: FieldView(_trait(one), None, partial(self._save, one), self.mark, self.page.number(traits.TRAIT + one.key), _THERE)
            for one in topics.words().traits
        }
        self.lay(self._told, *(stack(self._views[key], self._shown[key], kind="kz-group") for key in self._views))

    def refresh(self) -> None:
        found = traits.traits(self.page.book)
        for one in found:
            self._views[one.trait.key].fill(one.there)
            self._shown[one.trait.key].value = _where(one)
        there = sum(one.there is True for one in found)
        self._told.value = say(
            Markup("九つのうち、<b>{}</b>に「あります」の印がついています。九つそろえなくてもかまいません。").format(things(there))
            if there
            else "SNSが好かれる九つのわけを、集まりに当てはめてみます。できるところから、印をつけてみましょう。"
        )

    def paper(self, blank: bool) -> list[Block]:
        found = traits.traits(self.page.book)
        lines = (
            line(self._views[one.trait.key].field, self._views[one.trait.key].number, None if blank else one.there, _THERE) for one in found
        )
        return [Block("九つのよいところで見直す", lines=tuple(lines))]

    def _save(self, one: topics.Trait, value: Any, seen: Any) -> None:
        told = save_answer(self.page.book, traits.TRAIT + one.key, value, one.name, seen)
        self.refresh()
        self.saved()
        if told.overwritten is not None:
            self.mark.tell(overwritten(self._views[one.key].spell(told.overwritten)))


class PlaceConsents(Consents):
    """The same for the words about the place: whose stand behind the design, and whether members may see them."""

    @property
    def about(self) -> str:
        """The words behind the design."""
        return "集まりの案の言葉は、"

    def found(self) -> Sequence[Candidate]:
        return onepage.to_ask(self.page.book)

    def refresh(self) -> None:
        super().refresh()
        found = self.found()
        allowed = {one.card.person_id for one in found if {*one.scopes} & {*onepage.SCOPES}}
        told = Markup("案のもとになった言葉の<b>{}人</b>のうち、紙にのせてよいと言ってくださった方は<b>{}人</b>です。")
        self._told.value = (
            say(told.format(len({one.card.person_id for one in found}), len(allowed)))
            if found
            else empty("案に入れた答えが、まだありません", "案のもとになった言葉の方に、ここでお許しをうかがえます。")
        )


class DesignSheet(Form):
    """The place on one page, as members will see it."""

    def build(self) -> None:
        self._shown = html()
        book = self.page
        self._papers = Papers(
            [
                Paper("print", "集まりの案を印刷する", "集まりの案.html", "text/html", lambda: self._print(), open=True),
                Paper("excel", "Excelで保存する（店の控え）", "集まりの案.xlsx", _EXCEL, lambda: design_excel(book.book)),
            ],
            self.mark,
        )
        self._who = html()
        look = Opening(("どなたの言葉が紙にのるかを見る", "とじる"), lambda: [self._who], self._look, self.mark)
        self._opening = look
        self.lay(self._shown, look, self._papers)

    def refresh(self) -> None:
        decided = places.design(self.page.book).decided
        for part in (self._opening, self._papers):
            show(part, decided)
        self._shown.value = _sheet(decided) if decided else empty(
            "案に入れた答えが、まだありません", "上の問いで「案に入れる」を押すと、ここに一枚の案ができます。"
        )  # fmt: skip
        self._opening.refresh()

    def _look(self) -> None:
        self._who.value = _words(self.page)

    def _print(self) -> bytes:
        self.mark.clear()
        return design_html(self.page.book).encode("utf-8")


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


def _where(one: TraitView) -> Markup:
    """In which choices a trait may show."""
    if one.choices:
        each = Markup("").join(Markup("<p><b>{}</b>　{}</p>").format(choice.topic.title, choice.text) for choice in one.choices)
        told = Markup('<details class="kz-example"><summary>いまの案では、{}の答えに表れそうです</summary>{}</details>')
        return told.format(things(len(one.choices)), each)
    titles = "』『".join(topics.topic(key).title for key in one.trait.topics)
    return Markup('<p class="kz-key">{}『{}』の問いを、もう一度ひらいてみましょう。</p>').format(
        "案には、まだ当てはまる答えがありません。" if one.there else "", titles
    )


def _sheet(decided: Sequence[ChoiceView]) -> Markup:
    told = say(Markup("<b>{}</b>の答えが、一枚の案になりました。集まる方に、そのままお見せできます。").format(things(len(decided))))
    parts = (
        Markup('<div class="kz-action in"><h4>{}</h4><p>{}</p>{}</div>').format(one.topic.title, one.text, _beside(one)) for one in decided
    )
    return told + Markup("").join(parts)


def _beside(one: ChoiceView) -> Markup:
    yen = f"実費　一人一回 {one.yen}円・" if one.yen is not None else ""
    often = f"{one.often}・" if one.often else ""
    return Markup('<p class="kz-key">{}{}望んだ方 {}人</p>').format(often, yen, one.people)


def _words(page: Page) -> Markup:
    """Whose words members will see, and how many are only counted."""
    try:
        each = onepage.for_members(page.book)
    except KizunaError as error:
        return empty("いまは印刷できません", str(error))
    said = dict.fromkeys(told for one in each for told in one.told)
    shown = Markup("").join(
        Markup('<div class="kz-quote"><blockquote>「{}」</blockquote><footer>{}</footer></div>').format(
            one.words, "・".join((one.name, *one.beside))
        )
        for one in said
    )
    some = f"紙にのるのは、お許しのある次の{len(said)}件です。" if said else "紙にのせるお許しのある言葉は、まだありません。"
    rest = "そのほかの方は、言葉もお名前も出さずに、望んだ方の人数だけをのせます。"
    return Markup('<div class="kz-hint">{}{}</div>{}').format(some, rest, shown)


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


def _trait(one: topics.Trait) -> Field:
    return Field(key=one.key, question=one.question, hint=f"{one.name}。{one.hint}", kind="scale")


def _whole(field: Field, value: float | None) -> int | None:
    if value is None:
        return None
    if value != int(value) or not 0 < value < 100_000:
        raise KizunaError(f"「{field.question}」には、1以上の切りのよい数を書いてください。かからないときは、空けておきます。")
    return int(value)


def design(page: Page) -> Design:
    """The questions about the place."""
    return Design(page, "集まりの案を考える")


def place_traits(page: Page) -> Traits:
    """The nine traits, asked of the place."""
    return Traits(page, "九つのよいところで見直す")


def place_consents(page: Page) -> PlaceConsents:
    """Asking those whose words the design rests on whether members may see them."""
    return PlaceConsents(page, "言葉をのせるお許しをうかがう")


def design_sheet(page: Page) -> DesignSheet:
    """The place on one page."""
    return DesignSheet(page, "一枚の集まりの案")
