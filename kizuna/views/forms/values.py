"""The second part's values on the page: what fans say alike, under the owner's names for it; and wishes for the place by person."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.steps import people
from kizuna.steps.cards import Card
from kizuna.steps.tribe import values as steps
from kizuna.steps.tribe import wishes
from kizuna.steps.tribe.spoken import Sentence
from kizuna.steps.tribe.values import Proposal, ValueView
from kizuna.views import plain as widgets
from kizuna.views.fields import overwritten
from kizuna.views.forms.who import Who
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, empty, html, quote, quotes, row, say, stack
from kizuna.views.plain import show

_NAME = "あなたなら、これを何と呼びますか。"
_EXAMPLE = "例：読み終えた気持ちを、だれかと分け合う"
_FIRST = 8  # people whose wishes are shown at once


class Values(Form):
    """What fans hold dear together: named by the owner, shared only with words of two different fans under it."""

    def build(self) -> None:
        self._told, self._named = html(), stack(kind="kz-list")
        self._found = stack(kind="kz-list")
        self._shown: tuple[Proposal, ...] | None = None
        self._seen: tuple[ValueView, ...] | None = None
        self._names: dict[tuple[int, ...], widgets.Text] = {}
        self._search = Opening(
            ("ファンの方の似た言葉をさがす", "似た言葉をとじる"), lambda: [self._found], self._propose, self.mark, "kz-main"
        )
        self._pick = Picker(self)
        self._own = Opening(("自分で言葉を選ぶ", "自分で選ぶところをとじる"), lambda: [self._pick], self._pick.refresh, self.mark)
        self.lay(self._told, self._named, self._search, self._own)

    def refresh(self) -> None:
        found, fans = steps.values(self.page.book), people.fans(self.page.book)
        self._told.value = _told(found, len(fans))
        for one in (self._search, self._own):
            show(one, len(fans) >= steps.LEAST)
        if found != self._seen:
            self._seen = found
            self._named.children = [self._one(one) for one in found]
        self._search.refresh()
        self._own.refresh()

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            lines = (Line("大切にしていることの名前"), Line("お一人目の言葉", kind="long"), Line("お二人目の言葉", kind="long"))
            return [Block("お二人以上が大切にしていること", "お二人以上のファンの方の言葉があるものだけを書きます。", lines)]
        found = steps.shared(self.page.book)
        return [
            Block("お二人以上が大切にしていること", "" if found else "まだありません。"),
            *(Block(one.name, f"ファンの方{len(one.fans)}人の言葉から", quotes=one.cards, inner=True) for one in found),
        ]

    def _one(self, one: ValueView) -> widgets.Widget:
        state = (
            f"ファンの方{len(one.fans)}人の言葉から"
            if one.shared
            else "まだ、ファンの方お一人の言葉です。もうお一人から似た言葉が聞こえたら、お二人が大切にしていることになります。"
        )
        name = widgets.Text(value=one.name, continuous_update=False)
        name.observe(lambda change: self.mark.guard(lambda: self._rename(one.id, change["new"], one.name)), names="value")
        words = [
            stack(html(quote(card)), button("この言葉を外す", partial(self._take, one.id, card.id), self.mark, "kz-quiet"), kind="kz-card")
            for card in one.cards
        ]
        head = row(html(Markup('<div class="kz-title">{}</div><div class="kz-hint">{}</div>').format(one.name, state)))
        return stack(
            head, asked("名前", name), *words, row(button("消す", partial(self._remove, one.id), self.mark, "kz-quiet")), kind="kz-action"
        )

    def _propose(self) -> None:
        self.mark.clear()
        found = steps.proposals(self.page.book)
        if found == self._shown and self._found.children:
            return
        self._shown = found
        nothing = empty(
            "似た言葉は、まだ見つかりません", "声が増えると、ここに並びます。「自分で言葉を選ぶ」から、ご自分の目で選ぶこともできます。"
        )
        self._found.children = [self._proposal(one) for one in found] or [html(nothing)]

    def _proposal(self, one: Proposal) -> widgets.Widget:
        where = (
            f"あなたが分けた望みのまとまり（{one.theme}）から"
            if one.theme
            else "言葉の近さから、機械が並べました。ちがうと感じたら、そのままで。"
        )
        name = self._names.setdefault((*one.quotes, *one.sentences), widgets.Text(placeholder=_EXAMPLE, continuous_update=False))
        make = button("この名前にする", partial(self._make, one, name), self.mark)
        hint = html(Markup('<div class="kz-hint">{}</div>').format(where))
        return stack(hint, html(quotes(one.cards)), asked(_NAME, name), row(make), kind="kz-action")

    def _make(self, one: Proposal, name: widgets.Text) -> None:
        steps.make(self.page.book, name.value, one.sentences, one.quotes)
        name.value = ""
        self.refresh()
        self.saved("名前をつけました")

    def _rename(self, value_id: int, name: str, seen: str) -> None:
        other = steps.rename(self.page.book, value_id, name, seen)
        self.refresh()
        self.saved()
        if other is not None:
            self.mark.tell(overwritten(other))

    def _take(self, value_id: int, quote_id: int) -> None:
        steps.take_words(self.page.book, value_id, quote_id)
        self.refresh()
        self.saved("外しました。もとの声は、そのまま残っています")

    def _remove(self, value_id: int) -> None:
        steps.remove(self.page.book, value_id)
        self.refresh()
        self.saved("消しました。もとの声は、そのまま残っています")


class Picker(widgets.VBox):
    """Choosing words by hand: fan by fan, sentence by sentence, then a name for them or a value they go to."""

    def __init__(self, form: Values) -> None:
        self._form, self._chosen = form, dict[int, Sentence]()
        self._who = Who("どなたの言葉を見ますか。", lambda: form.mark.guard(self._open))
        self._said, self._basket = stack(kind="kz-list"), html()
        self._to = widgets.Dropdown(options=[("新しい名前をつける", 0)])
        self._to.add_class("kz-middle")
        self._to.observe(lambda _: self._turn(), names="value")
        self._name = widgets.Text(placeholder=_EXAMPLE, continuous_update=False)
        self._ask = asked(_NAME, self._name)
        self._end = stack(
            asked("選んだ言葉を、どこに入れますか。", self._to), self._ask, row(button("選んだ言葉を入れる", self._put, form.mark))
        )
        super().__init__([self._who, self._said, self._basket, self._end])
        self.add_class("kz-field")

    def refresh(self) -> None:
        """Offer the fans and the values there are now; what is chosen stays."""
        self._who.offer(people.fans(self._form.page.book))
        kept = self._to.value
        self._to.options = [("新しい名前をつける", 0), *((one.name, one.id) for one in steps.values(self._form.page.book))]
        self._to.value = kept if kept in [number for _, number in self._to.options] else 0
        self._show()

    def _open(self) -> None:
        said = [one for one in steps.fans_said(self._form.page.book) if one.person_id == self._who.person]
        self._said.children = [self._tick(one) for one in said]

    def _tick(self, one: Sentence) -> widgets.Widget:
        box = widgets.Checkbox(value=one.id in self._chosen, description="この言葉を選ぶ", indent=False)
        box.observe(lambda change: self._choose(one, change["new"]), names="value")
        return stack(html(quote(one.card)), box, kind="kz-card")

    def _choose(self, one: Sentence, yes: bool) -> None:
        if yes:
            self._chosen[one.id] = one
        else:
            self._chosen.pop(one.id, None)
        self._show()

    def _show(self) -> None:
        count = len({one.person_id for one in self._chosen.values()})
        told = f"{count}人の、{things(len(self._chosen))}の言葉を選んでいます。" + (
            "もうお一人の言葉があると、みなさんのものになります。" if count < steps.LEAST else ""
        )
        self._basket.value = say(told) if self._chosen else ""
        show(self._end, self._chosen)

    def _turn(self) -> None:
        show(self._ask, not self._to.value)

    def _put(self) -> None:
        book, chosen = self._form.page.book, list(self._chosen)
        if self._to.value:
            steps.add_words(book, self._to.value, chosen)
        else:
            steps.make(book, self._name.value, chosen)
        self._chosen.clear()
        self._name.value = ""
        self._open()
        self._form.refresh()
        self._form.saved("入れました")


class PlaceWishes(Form):
    """What each person would like of the place, in her own words, and who has not been asked yet."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found, rest = wishes.wished(self.page.book), wishes.not_asked(self.page.book)
        if not found:
            self._told.value = empty(
                "集まりの望みは、まだうかがっていません", "上の「声を入れる」から入れると、お一人ずつ、ここに並びます。"
            )
            return
        told = say(Markup("<b>{}人</b>の方が、集まりについて話してくださいました。").format(len(found)))
        first = Markup("").join(_person(one) for one in found[:_FIRST])
        more = Markup("").join(_person(one) for one in found[_FIRST:])
        fold = Markup("<details><summary>あと{}人の言葉を見る</summary>{}</details>").format(len(found) - _FIRST, more) if more else ""
        self._told.value = told + first + fold + _not_asked([one.called for one in rest])

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return []  # the sheet of each person is among what came in
        found = wishes.wished(self.page.book)
        cards: tuple[Card, ...] = tuple(card for one in found for card in one.cards)
        return [Block("お一人ずつの、集まりの望み", "" if cards else "まだ、うかがっていません。", quotes=cards)]


def _told(found: Sequence[ValueView], fans: int) -> Markup:
    if fans < steps.LEAST:
        return empty("もう少し先で使います", "ファンの方がお二人そろうと、お二人以上から聞こえた言葉を、ここで並べて読めます。")
    shared = [one for one in found if one.shared]
    if not shared:
        return say(
            "お二人以上のファンの方が、ご自分の言葉で話された似たことをさがして、名前をつけます。名前はあなたのもの、言葉は話されたままです。"
        )
    names = Markup("").join(Markup("<li><b>{}</b>（ファンの方{}人の言葉から）</li>").format(one.name, len(one.fans)) for one in shared)
    return say("お二人以上が大切にしていることが、見えてきました。") + Markup('<ul class="kz-friend">{}</ul>').format(names)


def _person(one: wishes.Wished) -> Markup:
    return quotes(one.cards, 4)


def _not_asked(names: Sequence[str]) -> Markup:
    if not names:
        return Markup("")
    shown = "、".join(names[:_FIRST]) + (f"、ほか{len(names) - _FIRST}人" if len(names) > _FIRST else "")
    return Markup('<div class="kz-hint">まだ、うかがっていない方：{}</div>').format(shown)


def shared_values(page: Page) -> Values:
    """What fans hold dear together."""
    return Values(page, "お二人以上が大切にしていること")


def place_wishes(page: Page) -> PlaceWishes:
    """Wishes for the place, person by person."""
    return PlaceWishes(page, "お一人ずつの、集まりの望み")
