"""STEP3 on the page: what is offered, whom to ask with which words, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.language.rules import dated, footer, perk
from kizuna.process import Part
from kizuna.steps import drafts, invitations, invited
from kizuna.steps import offer as offers_
from kizuna.steps import plan as plans
from kizuna.steps.drafts import DraftView, Kind
from kizuna.steps.offer import OfferView
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import button, day, empty, findings, html, quotes, row, say, stack, table
from kizuna.views.sheets import draft_html
from kizuna.workbook.store import Workbook

_AT_FIRST = 8  # people shown at once to choose from
_ROWS = 6  # blank lines for people on paper


class OfferWords(Entry):
    """Everything in ``offer.yaml``."""

    fields: list[Field]
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
            FieldView(field, None, partial(self._save, field), form.mark, number, _words().options(field)) for number, field in _numbered()
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
            one.name or "これから名前をつけるお誘い", one.balance.value, len({said.person_id for said in one.evidence}), state
        )
        self._wished.value = Markup('<div class="kz-q">これを望んだ言葉</div>{}').format(quotes(one.evidence, 2)) if one.evidence else ""
        for view in self._views:
            view.fill(getattr(one, view.field.key))
            if view.field.key in ("destination", "perk_what", "perk_value", "price"):
                view.layout.display = "none" if one.perk == "none" else ""
        self._found.value = findings(found) + (_perks() if one.perk != "none" else "")
        (self.add_class if ready else self.remove_class)("in")

    def _turn(self) -> None:
        self._open(self._inside.layout.display == "none")

    def _open(self, yes: bool) -> None:
        self._inside.layout.display = "" if yes else "none"
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
        self._editors: dict[int, OfferEditor] = {}
        self._told = html()
        self._which = widgets.Dropdown(options=[("", 0)])
        self._which.add_class("kz-middle")
        begin = button("この一手へのお誘いを考えはじめる", self._begin, self.mark, "kz-main")
        self._one = stack(html(Markup('<div class="kz-q">どの一手を使っていただきますか。</div>')), row(self._which, begin))
        self._list = stack(kind="kz-list")
        self.lay(self._told, self._one, self._list)

    def refresh(self) -> None:
        book = self.page.book
        ready, waiting = offers_.readiness(book, self.part), offers_.open_actions(book, self.part)
        self._told.value = (
            say(ready.said)
            if ready.planned
            else empty("計画に入れた一手が、まだありません", "「計画して、やってみる」で一手を決めると、ここでお誘いを考えられます。")
        )
        self._which.options = [(f"{one.title or '名前のない一手'}（望んだ人 {one.wishers}人）", one.id) for one in waiting] or [("", 0)]
        self._one.layout.display = "" if waiting else "none"
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
        return [Block("お誘いを考える", lead, fresh=True), *(_on_paper(number, one) for number, one in enumerate(views, start=1))]

    def _begin(self) -> None:
        offers_.begin(self.page.book, self.part, self._which.value)
        self.refresh()
        self.saved("お誘いを一つ作りました。下の欄に、順に書いてください")


class Invitations(PartForm):
    """Whom to ask, the words for each, and what came of it."""

    def build(self) -> None:
        self._told = html()
        self._which = widgets.Dropdown(options=[("", 0)])
        self._which.add_class("kz-middle")
        self._which.observe(lambda _: self.mark.guard(self._show), names="value")
        self._all: tuple[invitations.Invitee, ...] = ()
        self._ticks: dict[int, widgets.Checkbox] = {}
        self._people = stack(kind="kz-list")
        self._shown = _AT_FIRST
        self._more = button("", self._show_more, self.mark, "kz-quiet")
        self._form = widgets.Dropdown(options=[(name, key) for key, name in invitations.titles().items()])
        self._form.add_class("kz-middle")
        each = button("一人ずつの下書きを作る", lambda: self._invite(False), self.mark, "kz-main")
        together = button("まとめて一つの下書きを作る", lambda: self._invite(True), self.mark)
        care = Care(invitations.check_invitation, invitations.own_words, invitations.sent_text, _letter)
        self._drafts = DraftList(self, care)
        self._friend = html(_friend(self.part))
        self._records = stack(kind="kz-list")
        self._counts = html()
        self._choose = stack(html(Markup('<div class="kz-q">どなたをお誘いしますか。</div>')), self._people, self._more)
        how = stack(html(Markup('<div class="kz-q">どうやって届けますか。</div>')), self._form, row(each, together))
        self._inside = stack(self._choose, how, self._friend, self._drafts, self._counts, self._records, kind="kz-group")
        self.lay(self._told, self._which, self._inside)

    def refresh(self) -> None:
        views = offers_.offers(self.page.book, self.part)
        self._told.value = "" if views else empty("お誘いが、まだありません", "上で一手を選ぶと、ここでお誘いする方を選べます。")
        options = [(one.name or "名前のないお誘い", one.id) for one in views]
        if list(self._which.options) != (options or [("", 0)]):
            self._which.options = options or [("", 0)]
        self._which.layout.display = "" if len(options) > 1 else "none"
        self._inside.layout.display = "" if views else "none"
        self._show()

    def paper(self, blank: bool) -> list[Block]:
        views = offers_.offers(self.page.book, self.part)
        if blank or not views:
            people = [Line("お名前", kind="brief", number=f"{number}.") for number in range(1, _ROWS + 1)] if blank else []
            return [
                Block(
                    "お誘いする方",
                    "お誘いした日と、お返事も書いておきましょう。" if blank else "お誘いした方は、まだありません。",
                    tuple(people),
                )
            ]
        lines = [
            Line(who.person, kind="short", value="・".join([one.name, *_state(who)]))
            for one in views
            for who in invited.asked(self.page.book, one.id)
        ]
        return [Block("お誘いする方", "" if lines else "お誘いした方は、まだありません。", tuple(lines))]

    def _show(self) -> None:
        offer_id = self._which.value
        if not offer_id:
            return
        book, one = self.page.book, offers_.offer(self.page.book, offer_id)
        self._all = invitations.invitees(book, one)
        self._deal()
        self._drafts.show(drafts.drafts(book, self.part, Kind.INVITATION, offer_id))
        noted = invited.asked(book, offer_id)
        self._counts.value = say(invited.counts(book, offer_id).said) if noted else ""
        self._records.children = [self._record(one, who) for who in noted]

    def _deal(self) -> None:
        """Lay out as many people as are to be shown now; those already there keep their tick."""
        shown = self._all[: self._shown]
        for who in shown:
            tick = self._ticks.setdefault(who.person_id, widgets.Checkbox(indent=False))
            tick.description = _who(who)
        self._people.children = [self._ticks[who.person_id] for who in shown] or [html("声を聞かせてくださった方が、まだいません。")]
        self._more.description = f"あと{len(self._all) - len(shown)}人を見る"
        self._more.layout.display = "" if len(self._all) > len(shown) else "none"

    def _show_more(self) -> None:
        self._shown += 4 * _AT_FIRST
        self._deal()

    def _invite(self, together: bool) -> None:
        chosen = [person_id for person_id, tick in self._ticks.items() if tick.value]
        begun = invitations.invite(self.page.book, self._which.value, chosen, self._form.value, together)
        for tick in self._ticks.values():
            tick.value = False
        self.refresh()
        if not begun:
            self.mark.tell("選んだ方には、この届け方の下書きがもうあります。下の下書きをひらいて、続きを書いてください。")
            return
        self.saved(f"{len(begun)}つの下書きを作りました。下でひらいて、ご自分の言葉に直してください")

    def _record(self, one: OfferView, who: invited.Asked) -> widgets.Widget:
        book = self.page.book
        told = html(
            Markup("<div><b>{}</b><div class='kz-hint'>{}</div></div>").format(who.person, "・".join(_state(who)) or "下書きの段階です")
        )

        def act(label: str, what: Callable[[], None], said: str, kind: str = "") -> widgets.Button:
            def press() -> None:
                what()
                self.refresh()
                self.saved(said)

            return button(label, press, self.mark, kind)

        if who.asked_on is None:
            return row(told, act("お誘いしました", lambda: invited.ask(book, who.id), "お誘いした日を書きました"))
        ways = []
        if who.used_on is None:
            ways.append(act("使ってくださいました", lambda: invited.use(book, who.id), "書きとめました。次は、感想をうかがいましょう"))
            if who.accepted is None:
                ways.append(act("使ってみるそうです", lambda: invited.answer(book, who.id, True), "お返事を書きました", "kz-quiet"))
                ways.append(
                    act(
                        "今回は見送りです",
                        lambda: invited.answer(book, who.id, False),
                        "お返事を書きました。ことわっていただけるのも、よい間がらのしるしです",
                        "kz-quiet",
                    )
                )
        if one.perk != "none" and who.perk_given_on is None and who.accepted:
            ways.append(act("お礼をお渡ししました", lambda: invited.give(book, who.id), "お礼をお渡しした日を書きました", "kz-quiet"))
        return row(told, *ways)


class Promises(PartForm):
    """「お互いの約束」: what the shop does and what it asked for, by when, and whether it is done."""

    def build(self) -> None:
        self._list = stack(kind="kz-list")
        self.lay(self._list)

    def refresh(self) -> None:
        found = offers_.promises(self.page.book, self.part)
        self._list.children = [self._line(one) for one in found] or [
            html(empty("約束は、まだありません", "一手を計画に入れると、店がすることと、お願いしたことが、ここに並びます。"))
        ]

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            lines = [one for _ in range(3) for one in (Line("店がすること・いつまでに"), Line("お客さまにお願いすること", follows=True))]
        else:
            lines = [Line(one.ours, value="・".join(_promised(one))) for one in offers_.promises(self.page.book, self.part)]
        return [Block("お互いの約束", lines=tuple(lines))]

    def _line(self, one: offers_.Promise) -> widgets.Widget:
        told = Markup("<div><b>{}</b><div class='kz-hint'>{}</div></div>").format(one.ours, "・".join(_promised(one)))
        label = "まだでした" if one.done_on else "できました"
        return row(html(told), button(label, partial(self._done, one), self.mark, "kz-quiet" if one.done_on else ""))

    def _done(self, one: offers_.Promise) -> None:
        plans.done(self.page.book, one.action_id, one.done_on is None)
        self.refresh()
        self.saved()


def _numbered() -> list[tuple[str, Field]]:
    """The fields of an offer with their numbers, alike on screen and on paper."""
    numbered, number = [], 0
    for field in _words().fields:
        number += not field.follows
        numbered.append(("" if field.follows else f"{number}.", field))
    return numbered


def _on_paper(number: int, one: OfferView | None) -> Block:
    lines = tuple(line(field, mark, getattr(one, field.key) if one else None, _words().options(field)) for mark, field in _numbered())
    return Block(f"お誘い {number}", "" if one is None else one.balance.value, lines, one.evidence if one else (), inner=True)


def _yen(field: Field, value: float | None) -> int | None:
    if value is None:
        return None
    if value != int(value) or not 0 <= value < 100_000_000:
        raise KizunaError(f"「{field.question}」には、0以上の切りのよい数を書いてください。")
    return int(value)


def _letter(book: Workbook, one: DraftView) -> str:
    return draft_html(book, one, invitations.below(book, one))


def _who(who: invitations.Invitee) -> str:
    told = ["これを望んだ方"] if who.wishes else []
    told += ["お誘いの下書きがあります"] if who.invited else []
    names = invitations.titles()
    told += [f"{'・'.join(names[form] for form in names if form in who.refused)}は望まない"] if who.refused else []
    return who.person + (f"（{'、'.join(told)}）" if told else "")


def _state(who: invited.Asked) -> list[str]:
    answer = {True: "使ってみるそうです", False: "今回は見送り", None: "お返事はこれから"}[who.accepted]
    told = [f"{day(who.asked_on)}にお誘い"] if who.asked_on else []
    told += [f"{day(who.used_on)}に使ってくださいました" if who.used_on else answer] if who.asked_on else []
    return told + ([f"{day(who.perk_given_on)}にお礼"] if who.perk_given_on else [])


def _promised(one: offers_.Promise) -> list[str]:
    told = [
        f"店は：{day(one.by)}まで" if one.by else "店は：日にちはこれから",
        f"{day(one.done_on)}にできました" if one.done_on else "まだです",
    ]
    return [
        *told,
        f"お客さまには：{one.theirs}（{one.asked}人にお願い・{one.used}人が使いました）" if one.asked else "お客さまへのお願いは、これから",
    ]


def _perks() -> Markup:
    """The whole table of perks, folded."""
    words, places = _words(), ("inside", "own", "reviews")
    rows = [(label, *(perk(condition, place).answer for place in places)) for condition, label in words.perk.items() if condition != "none"]
    header = ["お礼を渡す相手 ＼ 声の行き先", *(words.destination[place] for place in places)]
    return Markup('<details class="kz-numbers"><summary>お礼の早見表を見る</summary>{}<p class="kz-key">{}{}</p></details>').format(
        table(header, rows), dated(), footer()
    )


def _friend(part: Part) -> Markup:
    texts = invitations.words().get(part)
    asked = Markup("").join(Markup("<li>{}</li>").format(one) for one in texts.friend) if texts else ""
    return Markup('<div class="kz-q">出す前に、友達への手紙だと思って、三つだけ確かめましょう。</div><ul class="kz-friend">{}</ul>').format(
        asked
    )


def offers(page: Page, part: str = Part.FOLLOWUP) -> Offers:
    """The offers being written."""
    return Offers(page, Part(part), "お誘いを考える")


def invite(page: Page, part: str = Part.FOLLOWUP) -> Invitations:
    """Whom to ask, and with which words."""
    return Invitations(page, Part(part), "お誘いする方と、その言葉")


def promises(page: Page, part: str = Part.FOLLOWUP) -> Promises:
    """「お互いの約束」."""
    return Promises(page, Part(part), "お互いの約束")
