"""STEP3 on the page: whom to ask, with which words, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.steps import drafts, invitations, invited
from kizuna.steps import offer as offers_
from kizuna.steps.drafts import DraftView, Kind
from kizuna.steps.offer import OfferView
from kizuna.views import plain as widgets
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, day, empty, html, quotes, row, say, stack
from kizuna.views.plain import show
from kizuna.views.sheets import draft_html
from kizuna.workbook.store import Workbook

_AT_FIRST = 8  # people shown at once to choose from
_ALSO = "ほかにいらっしゃる方のお名前を、書きますか。"
_AGREED = "ここに並ぶのは、「ほかの方に引き合わせてよい」と言ってくださった方だけです。書かなくてもかまいません。"
_ROWS = 6  # blank lines for people on paper
_BY_HAND = "作られるのは下書きです。ひとりでに送られることはありません。仕上げた文は、印刷するか写すかして、ご自分の手で届けます。"


class Invitations(PartForm):
    """Whom to ask, the words for each, and what came of it."""

    def build(self) -> None:
        self._words = invitations.words()[self.part]
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
        self._others: dict[int, widgets.Checkbox] = {}
        self._named = stack(kind="kz-list")
        named = html(Markup('<div class="kz-q">{}</div><div class="kz-hint">{}</div>').format(_ALSO, _AGREED))
        self._companions = stack(named, self._named)
        self._friend = html(_friend(self._words))
        self._records = stack(kind="kz-list")
        self._counts = html()
        came = html(Markup('<div class="kz-q">どうなりましたか。</div><div class="kz-hint">{}</div>').format(self._words.came))
        self._came = stack(came, self._counts, self._records)
        self._choose = stack(html(Markup('<div class="kz-q">どなたをお誘いしますか。</div>')), self._people, self._more)
        show(together, not self._words.alone)
        how = stack(
            html(Markup('<div class="kz-q">どうやって届けますか。</div><div class="kz-hint">{}</div>').format(_BY_HAND)),
            self._form,
            row(each, together),
        )
        self._inside = stack(self._choose, self._companions, how, self._friend, self._drafts, self._came, kind="kz-group")
        self.lay(self._told, self._which, self._inside)

    def refresh(self) -> None:
        views = offers_.offers(self.page.book, self.part)
        self._told.value = "" if views else empty(*self._words.nothing)
        options = [(one.name or "名前のないお誘い", one.id) for one in views]
        if list(self._which.options) != (options or [("", 0)]):
            self._which.options = options or [("", 0)]
        show(self._which, len(options) > 1)
        show(self._inside, views)
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
            Line(who.person, kind="short", value="・".join([one.name, *_state(who, self._words)]))
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
        self._deal_companions()
        self._drafts.show(drafts.drafts(book, self.part, Kind.INVITATION, offer_id))
        noted = invited.asked(book, offer_id)
        show(self._came, noted)
        self._counts.value = say(invited.counts(book, offer_id).said)
        self._records.children = [self._record(one, who) for who in noted]

    def _deal(self) -> None:
        """Lay out as many people as are to be shown now; those already there keep their tick."""
        shown = self._all[: self._shown]
        for who in shown:
            tick = self._ticks.setdefault(who.person_id, widgets.Checkbox(indent=False))
            tick.description = _who(who, self._words.wished)
        self._people.children = [self._beside(who) for who in shown] or [html("声を聞かせてくださった方が、まだいません。")]
        self._more.description = f"あと{len(self._all) - len(shown)}人を見る"
        show(self._more, len(self._all) > len(shown))

    def _beside(self, who: invitations.Invitee) -> widgets.Widget:
        """Her tick; to a gathering with what she wished for below it, so that nobody who would rather write is asked to come and talk."""
        tick = self._ticks[who.person_id]
        return stack(tick, html(quotes(who.wishes))) if self._words.alone and who.wishes else tick

    def _deal_companions(self) -> None:
        """Those who may be named as coming too, each to tick."""
        allowed = invitations.companions(self.page.book, self.part)
        self._others = {who.id: self._others.get(who.id) or widgets.Checkbox(indent=False) for who in allowed}
        for who in allowed:
            self._others[who.id].description = who.called
        nobody = "引き合わせてよいとうかがった方は、まだいません。お名前を書かずにお誘いしましょう。"
        self._named.children = list(self._others.values()) or [html(say(nobody))]
        show(self._companions, self._words.others)

    def _show_more(self) -> None:
        self._shown += 4 * _AT_FIRST
        self._deal()

    def _invite(self, together: bool) -> None:
        chosen = [person_id for person_id, tick in self._ticks.items() if tick.value]
        others = [person_id for person_id, tick in self._others.items() if tick.value]
        begun = invitations.invite(self.page.book, self._which.value, chosen, self._form.value, together, others)
        for tick in (*self._ticks.values(), *self._others.values()):
            tick.value = False
        self.refresh()
        if not begun:
            self.mark.tell("選んだ方には、この届け方の下書きがもうあります。下の下書きをひらいて、続きを書いてください。")
            return
        self.saved(f"{things(len(begun))}の下書きを作りました。まだ送られてはいません。下でひらいて、ご自分の言葉に直してください")

    def _record(self, one: OfferView, who: invited.Asked) -> widgets.Widget:
        book = self.page.book
        told = html(
            Markup("<div><b>{}</b><div class='kz-hint'>{}</div></div>").format(
                who.person, "・".join(_state(who, self._words)) or "まだお届けしていません"
            )
        )

        def act(label: str, what: Callable[[], None], said: str, kind: str = "") -> widgets.Button:
            def press() -> None:
                what()
                self.refresh()
                self.saved(said)

            return button(label, press, self.mark, kind)

        if who.asked_on is None:
            return stack(told, row(act("お誘いしました", lambda: invited.ask(book, who.id), "お誘いした日を書きました")), kind="kz-column")
        ways = []
        if who.used_on is None:
            ways.append(act(self._words.did, lambda: invited.use(book, who.id), "書きとめました。次は、感想をうかがいましょう"))
            if who.accepted is None:
                ways.append(
                    act(f"{self._words.will}そうです", lambda: invited.answer(book, who.id, True), "お返事を書きました", "kz-quiet")
                )
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
        return stack(told, row(*ways), kind="kz-column")


def _letter(book: Workbook, one: DraftView) -> str:
    return draft_html(book, one, invitations.below(book, one))


def _who(who: invitations.Invitee, wished: str) -> str:
    told = [wished] if who.wishes else []
    told += ["お誘いの下書きがあります"] if who.invited else []
    names = invitations.titles()
    told += [f"{'・'.join(names[form] for form in names if form in who.refused)}は望まない"] if who.refused else []
    return who.person + (f"（{'、'.join(told)}）" if told else "")


def _state(who: invited.Asked, words: invitations.PartWords) -> list[str]:
    answer = {True: f"{words.will}そうです", False: "今回は見送り", None: "お返事はこれから"}[who.accepted]
    told = [f"{day(who.asked_on)}にお誘い"] if who.asked_on else []
    told += [f"{day(who.used_on)}に{words.did}" if who.used_on else answer] if who.asked_on else []
    return told + ([f"{day(who.perk_given_on)}にお礼"] if who.perk_given_on else [])


def _friend(words: invitations.PartWords) -> Markup:
    asked = Markup("").join(Markup("<li>{}</li>").format(one) for one in words.friend)
    return Markup('<div class="kz-q">出す前に、友達への手紙だと思って、三つだけ確かめましょう。</div><ul class="kz-friend">{}</ul>').format(
        asked
    )


def invite(page: Page) -> Invitations:
    """Whom to ask, and with which words."""
    return Invitations(page, "お誘いする方と、その言葉")
