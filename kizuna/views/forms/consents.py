"""STEP5 on the page: asking whether words may be shown, writing down what each person allows, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.process import Part, Step, course
from kizuna.steps import consents as kept
from kizuna.steps.consents import Agreed, ConsentView, State
from kizuna.steps.testimonials import Candidate, candidates
from kizuna.steps.withdrawals import Withdrawal, withdraw
from kizuna.views import plain as widgets
from kizuna.views.fields import read_number
from kizuna.views.files import Papers, printed
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Choice, Line
from kizuna.views.parts import asked, button, day, empty, html, quote, row, say, stack
from kizuna.views.plain import show
from kizuna.views.showcase import consent_html

_PLACE, _TOLD = "集まりの案にのせる言葉", "感想のご紹介"  # what a consent of the second part is for


class Consents(PartForm):
    """Whose words they are, what she ticked on the sheet, and every consent so far."""

    def build(self) -> None:
        words = kept.texts()
        self._told = html()
        self._who = widgets.Dropdown(options=[("", 0)])
        self._who.add_class("kz-middle")
        self._who.observe(lambda _: self.mark.guard(self._deal), names="value")
        self._voices: dict[int, widgets.Checkbox] = {}
        self._said = stack(kind="kz-list")
        self._people: dict[int, list[Candidate]] = {}
        self._papers = Papers(
            [
                printed("sheet", "この方のお許しの紙を印刷する", "お許しの紙", self._sheet),
                printed("blank", "お名前の入っていない紙を印刷する", "お許しの紙_記入前", self._blank),
            ],
            self.mark,
        )
        self._scopes = {one.key: widgets.Checkbox(description=_described(one.name, one.note), indent=False) for one in words.scopes}
        self._style = _radio([(_described(one.name, one.note), one.key) for one in words.name_styles])
        self._name = widgets.Text(placeholder="例：K.M.　／　海辺のミナト")
        self._edit = _radio([(_described(one.name, one.note), one.key) for one in words.edits])
        self._method = _radio([(one.name, one.key) for one in words.methods])
        self._expiry = _radio([(one.name, one.key) for one in words.expiries])
        self._perk = widgets.Dropdown(options=[(one.name, one.key) for one in words.perks], value=None)
        self._perk_what = widgets.Text(placeholder="例：手ぬぐい")
        self._perk_value = widgets.Text(placeholder="例：300円")
        self._relation = widgets.Dropdown(options=[(one.name, one.key) for one in words.relations], value=None)
        self._child = widgets.Checkbox(description="お子さん（18歳になっていない方）の声です", indent=False)
        self._guardian = widgets.Text(placeholder="お子さんのときだけ、保護者の方のお名前")
        self._ask = stack(
            asked("どなたのお許しですか", self._who),
            asked("どの言葉ですか", self._said, "印をつけた言葉が、お許しの紙に入ります。"),
            self._papers,
            kind="kz-group",
        )
        answer = stack(
            html(say("紙が返ってきたら、書かれたとおりに写します。はじめは、どこにも印がついていません。")),
            asked("どこに出してよいと、しるしがありましたか", stack(*self._scopes.values(), kind="kz-list")),
            asked("お名前の出し方", self._style),
            asked("出してよいお名前・頭文字・呼び名", self._name, "名前を出さないときは、空いたままにします。"),
            asked("短くしてもよいですか", self._edit),
            asked("いつまでですか", self._expiry),
            asked("どうやってうかがいましたか", self._method),
            asked("お礼をしましたか", stack(self._perk, row(self._perk_what, self._perk_value))),
            asked("間がら", self._relation),
            asked("お子さんの声のとき", stack(self._child, self._guardian)),
            row(button("お許しを書きとめる（日にちは今日になります）", self._record, self.mark, "kz-main")),
            kind="kz-group",
        )
        self._answer = widgets.Accordion(children=[answer], titles=["返ってきたお許しを書きとめる"], selected_index=None)
        self._list = stack(kind="kz-list")
        self.lay(self._told, self._ask, self._answer, self._list)

    @property
    def about(self) -> str:
        """Which words are meant where it is not plain."""
        return "" if self.part is Part.FOLLOWUP else "集まりの感想の言葉は、"

    def refresh(self) -> None:
        found = self.found()
        self._people = {}
        for one in found:
            self._people.setdefault(one.card.person_id, []).append(one)
        have = kept.consents(self.page.book, part=self.part)
        self._told.value = _summary(found, have, course().steps[Step.FEEDBACK].title[self.part])
        for part in (self._ask, self._answer):
            show(part, found)
        chosen = self._who.value
        options = [(_person(each, self.about), person_id) for person_id, each in self._people.items()] or [("", 0)]
        if tuple(self._who.options) != tuple(options):
            self._who.options = options
            self._who.value = chosen if chosen in self._people else options[0][1]
        self._deal()
        self._list.children = [self._consent(one) for one in reversed(have)]

    def found(self) -> Sequence[Candidate]:
        """The voices whose consent may be asked here."""
        return candidates(self.page.book, self.part)

    def paper(self, blank: bool) -> list[Block]:
        words = kept.texts()
        if blank:
            ticks = tuple(Choice(one.name, False) for one in words.scopes)
            lines = (
                Line("お名前"),
                Line("出してよい所", kind="choice", choices=ticks),
                Line("出してよいお名前"),
                Line("うかがった日", kind="brief"),
            )
            return [Block("お許しの控え", "お許しの紙が返ってきたら、ここにも控えておきます。", lines)]
        have = kept.consents(self.page.book, part=self.part)
        written = tuple(Line(one.person, value=f"{one.state}・{one.scope_names}・{_until(one)}") for one in have)
        return [Block("お許しの控え", "" if have else "お許しは、まだありません。", written)]

    def _deal(self) -> None:
        """Show the words of the person chosen, each to tick."""
        mine = self._people.get(self._who.value, [])
        if list(self._voices) == [one.voice_id for one in mine]:
            return
        self._voices = {one.voice_id: widgets.Checkbox(value=False, description="この言葉のお許し", indent=False) for one in mine}
        self._said.children = [stack(html(quote(one.card)), self._voices[one.voice_id], kind="kz-card") for one in mine]

    def _chosen(self) -> list[int]:
        chosen = [voice_id for voice_id, tick in self._voices.items() if tick.value]
        if not chosen:
            raise KizunaError("どの言葉か、まだ印がついていません。紹介したい言葉に印をつけてください。")
        return chosen

    def _sheet(self) -> str:
        self.mark.clear()
        return consent_html(self.page.book, self._chosen(), self.part)

    def _blank(self) -> str:
        self.mark.clear()
        return consent_html(self.page.book, part=self.part)

    def _record(self) -> None:
        value = read_number(self._perk_value.value)
        agreed = Agreed(
            scopes=tuple(key for key, tick in self._scopes.items() if tick.value),
            name_style=_need(self._style, "お名前の出し方"),
            shown_name=self._name.value,
            edit=_need(self._edit, "短くしてもよいですか"),
            method=_need(self._method, "どうやってうかがいましたか"),
            expiry=_need(self._expiry, "いつまでですか"),
            perk=_need(self._perk, "お礼をしましたか"),
            perk_what=self._perk_what.value,
            perk_value=None if value is None else round(value),
            relation=_need(self._relation, "間がら"),
            child=self._child.value,
            guardian=self._guardian.value,
        )
        kept.record(self.page.book, self._who.value, self._chosen(), agreed)
        self._clear()
        self.refresh()
        self.saved("お許しを書きとめました。紙は、日にちの順にしまっておきましょう")

    def _clear(self) -> None:
        for tick in (*self._scopes.values(), *self._voices.values(), self._child):
            tick.value = False
        for choice in (self._style, self._edit, self._method, self._expiry, self._perk, self._relation):
            choice.value = None
        for text in (self._name, self._perk_what, self._perk_value, self._guardian):
            text.value = ""

    def _consent(self, one: ConsentView) -> widgets.Widget:
        head = Markup(
            '<div class="kz-title">{}</div><div class="kz-hint">{}{}・{}</div><div>紙に書くお名前：{}</div><div>出してよい所：{}</div>'
        ).format(one.person, self._what(one) + ("・" if self._what(one) else ""), one.state, _until(one), one.shown, one.scope_names)
        text = Markup('<details class="kz-example"><summary>お許しの文を見る</summary><p style="white-space: pre-wrap">{}</p></details>')
        parts: list[widgets.Widget] = [html(head), html(text.format(one.text))]
        if one.state is not State.WITHDRAWN:
            parts.append(row(button("取り下げのご連絡を受けた", partial(self._withdraw, one), self.mark, "kz-quiet")))
        made = stack(*parts, kind="kz-action")
        if one.state is State.VALID:
            made.add_class("in")
        return made

    def _what(self, one: ConsentView) -> str:
        """What the consent is for: in the second part there are two kinds of it."""
        return "" if self.part is Part.FOLLOWUP else _PLACE if one.step is Step.RESEARCH else _TOLD

    def _withdraw(self, one: ConsentView) -> None:
        told = withdraw(self.page.book, one.id)
        self.refresh()
        self.saved(withdrawn(one.person, told))


def withdrawn(person: str, told: Withdrawal) -> str:
    """What a withdrawal has brought with it, and what is still to be done by hand."""
    said = f"{person}のお許しを取り下げました。"
    said += (
        f"下書き{things(len(told.drafts))}から言葉を外し、もう一度直せるようにしました。"
        if told.drafts
        else "この方の言葉を使った下書きはありません。"
    )
    if told.papers:
        places = "・".join(f"{one.place}の{one.form}" for one in told.papers)
        said += f"貼ってある紙が{len(told.papers)}枚あります（{places}）。今日のうちに外しましょう。"
    return said


def _summary(found: Sequence[Candidate], have: Sequence[ConsentView], before: str) -> Markup:
    if not found:
        return empty("感想の声が、まだありません", f"「{before}」のページで声を入れると、ここでお許しをうかがえます。")
    allowed = {one.card.person_id for one in found if one.scopes}
    askable = {one.card.person_id for one in found if one.glad} - {one.person_id for one in have if one.step is Step.FEEDBACK}
    place = {one.person_id for one in have if one.step is Step.RESEARCH and one.state is State.VALID}
    what = "感想をご紹介してよい方" if place else "ご紹介してよい方"
    told = Markup("{}は<b>{}人</b>です。").format(what, len(allowed))
    told += f"集まりの案に言葉をのせてよい方は、別に{len(place)}人います。" if place else ""
    more = f"まだうかがっていない、うれしい声の方が{len(askable)}人います。" if askable else ""
    return say(told + more) + Markup('<div class="kz-hint">{} {}</div>').format(kept.texts().now.free, kept.texts().now.withdraw)


def _person(each: Sequence[Candidate], about: str) -> str:
    """Her name, and how the consent for these words of hers stands; ``about`` says which words, where there are several kinds."""
    states = {one.state for one in each}
    state = next(one for one in (State.VALID, State.EXPIRED, State.WITHDRAWN, State.NONE) if one in states)
    return f"{each[0].card.person}（{about if state is State.NONE else ''}{state}）"


def _until(one: ConsentView) -> str:
    if one.withdrawn_on:
        return f"{day(one.withdrawn_on)}に取り下げ"
    until = f"{one.expires_on.year}年{day(one.expires_on)}まで" if one.expires_on else "取り下げるまで"
    return f"{one.obtained_on.year}年{day(one.obtained_on)}から{until}"


def _described(name: str, note: str) -> str:
    return f"{name}（{note}）" if note else name


def _radio(options: Sequence[tuple[str, str]]) -> widgets.RadioButtons:
    return widgets.RadioButtons(options=options, value=None)


def _need(choice: Any, question: str) -> str:
    if choice.value is None:
        raise KizunaError(f"「{question}」が、まだ選ばれていません。紙に書かれたとおりに選んでください。")
    return str(choice.value)


def consents(page: Page) -> Consents:
    """Asking for consent, and what each person allowed."""
    return Consents(page, "お許しをうかがう")
