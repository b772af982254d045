"""Ties on the page: who would like to be brought together, who knows whom, who might enjoy whom, and all of it as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.steps import people as persons
from kizuna.steps.people import NO, YES, PersonView
from kizuna.steps.tribe import ties as steps
from kizuna.steps.tribe.ties import Bond, IntroductionView, Match, TieView
from kizuna.views import plain as widgets
from kizuna.views.fields import overwritten
from kizuna.views.forms.gate import words
from kizuna.views.forms.who import Who, named
from kizuna.views.grid import Column, Grid
from kizuna.views.network import Link, in_words, network
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, day, empty, html, quote, row, say, stack
from kizuna.views.plain import show

_BONDS = {Bond.KNOWS: "知り合い", Bond.MET: "お引き合わせした", Bond.APART: "引き合わせない"}
_AT_ONCE = 4  # pairs shown at first
_NOBODY = ("つながりは、まだ書かれていません", "上の「知り合いの方どうし」から、一組ずつ書いてみてください。図になります。")


class Introductions(Form):
    """Who said that she likes to be brought together with others: asked first, written down as said."""

    def build(self) -> None:
        self._told = html()
        ask = Markup('<details class="kz-example"><summary>うかがうときの言葉（例）</summary><p>{}</p></details>').format(words().ask)
        self._table = Grid(_columns(), self._edit, self.mark)
        self._list = Opening(("お返事を書く", "お返事の表をとじる"), lambda: [self._table], self._fill, self.mark)
        self.lay(self._told, html(ask), self._list)

    def refresh(self) -> None:
        everyone = _on_list(self.page.book)
        self._told.value = _answers(everyone, steps.introductions(self.page.book))
        show(self._list, everyone)
        self._list.refresh()

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return [Block("引き合わせのお返事", words().ask, (Line("お名前と、お返事と、うかがった日", kind="long"),))]
        said = steps.introductions(self.page.book)
        lines = tuple(
            Line(one.called, value=f"{words().wishes[said[one.id].wish]}・{day(said[one.id].asked_on)}　{said[one.id].wording}".strip())
            for one in _on_list(self.page.book)
            if one.id in said
        )
        return [Block("引き合わせのお返事", "" if lines else "まだ、うかがっていません。", lines)]

    def _fill(self) -> None:
        everyone, said = _on_list(self.page.book), steps.introductions(self.page.book)
        names = named(everyone)
        self._table.show([(one.id, _row(names[one.id], said.get(one.id, IntroductionView()))) for one in everyone])

    def _edit(self, person_id: int, key: str, value: Any, seen: Any) -> None:
        try:
            others = steps.set_introduction(
                self.page.book, person_id, {key: seen}, **{key: "" if value is None and key == "method" else value}
            )
        finally:
            self.refresh()
        self.saved()
        one = steps.introductions(self.page.book).get(person_id, IntroductionView())
        if key in others:
            self.mark.tell(overwritten(next(column for column in _columns() if column.key == key).spell(others[key])))
        elif one.wish == YES and not one.yes:
            self.mark.tell("うかがった日も書いておきましょう。日にちがあると、お引き合わせの案に入ります。")


class Ties(Form):
    """Who knows whom and who might enjoy whom, with the words that show it, and the picture of it all."""

    def build(self) -> None:
        self._first, self._second = (Who(question, lambda: None) for question in ("お一人目", "お二人目"))
        self._note = widgets.Text(placeholder="例：同じ町内で、朝の散歩でよく会う", continuous_update=False)
        self._know = stack(
            html(Markup('<div class="kz-q">知り合いの方どうしを書きとめます。</div>')),
            self._first,
            self._second,
            asked("どんなお知り合いですか。（書かなくてもかまいません）", self._note),
            row(button("知り合いどうしと書きとめる", self._write, self.mark)),
        )
        self._noted = stack(kind="kz-list")
        self._ties = Opening(("", "一覧をとじる"), lambda: [self._noted], self._fill, self.mark)
        self._found = stack(kind="kz-list")
        self._matches: tuple[Match, ...] | None = None  # not looked for yet
        self._listed: object = None
        self._limit = _AT_ONCE
        self._search = Opening(
            ("気が合いそうな方どうしを見る", "気が合いそうな方をとじる"), lambda: [self._found], self._look, self.mark, "kz-main"
        )
        self._picture = html()
        self._shown: object = None
        self.lay(self._know, self._ties, self._picture, self._search)

    def refresh(self) -> None:
        everyone, found = _on_list(self.page.book), steps.ties(self.page.book)
        for who in (self._first, self._second):
            who.offer(everyone)
        show(self._know, len(everyone) > 1)
        show(self._ties, found)
        self._ties.rename(f"書きとめたつながりを見る・消す（{len(found)}組）")
        self._ties.refresh()
        if self._matches is not None:  # also while they are closed: who took her yes back is drawn no more
            self._matches = steps.matches(self.page.book)
        self._search.refresh()
        self._draw(found)

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            lines = tuple(Line("お名前と、お知り合いの方のお名前") for _ in range(3))
            return [Block("知り合いの方どうし", lines=lines)]
        names, links = self._drawn(steps.ties(self.page.book))
        parts = ("知り合い：", "お引き合わせした方：", "気が合いそうな方：")
        told = (
            (name, "　".join(part + said for part, said in zip(parts, others, strict=True) if said))
            for name, others in in_words(names, links)
        )
        lines = tuple(Line(name, value=said) for name, said in told if said)
        return [Block("つながり", "" if lines else f"{_NOBODY[0]}。", lines)]

    def _draw(self, found: Sequence[TieView]) -> None:
        names, links = self._drawn(found)
        if (names, links) == self._shown:
            return
        self._shown = (names, links)
        dashed = "点線は、気が合いそうな方どうしです。" if any(one.kind == "may" for one in links) else ""
        told = say(f"線のある方どうしが、つながっています。{dashed}店主はどなたとも知り合いなので、図には入れていません。")
        self._picture.value = told + network(names, links) if links else empty(*_NOBODY)

    def _drawn(self, found: Sequence[TieView]) -> tuple[dict[int, str], list[Link]]:
        """The people of the picture by name, and its lines; whom we keep apart is not drawn."""
        links = [
            Link(one.first.id, one.second.id, "met" if one.bond is Bond.MET else "knows") for one in found if one.bond is not Bond.APART
        ]
        links += [Link(one.first.id, one.second.id, "may") for one in self._matches or ()]
        drawn = {number for one in links for number in (one.first, one.second)} | {one.id for one in steps.welcome(self.page.book)}
        names = named(persons.everyone(self.page.book))
        return {number: name for number, name in names.items() if number in drawn}, links

    def _fill(self) -> None:
        names = named(persons.everyone(self.page.book))
        self._noted.children = [self._tie(one, names) for one in steps.ties(self.page.book)]

    def _tie(self, one: TieView, names: Mapping[int, str]) -> widgets.Widget:
        told = Markup("<div><b>{}</b>と<b>{}</b>：{}（{}）</div><div class='kz-hint'>{}</div>").format(
            names[one.first.id], names[one.second.id], _BONDS[one.bond], day(one.noted_on), one.note
        )
        return row(html(told), button("消す", partial(self._untie, one.id), self.mark, "kz-quiet"))

    def _look(self) -> None:
        found = steps.matches(self.page.book) if self._matches is None else self._matches
        if (found, len(steps.welcome(self.page.book)) > 1) != self._listed:
            self._listed = (found, len(steps.welcome(self.page.book)) > 1)
            self._limit = _AT_ONCE
            self._list(found)
        if self._matches is None:
            self._matches = found
            self._draw(steps.ties(self.page.book))

    def _list(self, found: Sequence[Match]) -> None:
        rest = len(found) - self._limit
        more = [button(f"ほかの方どうしを見る（あと{rest}組）", self._show_more, self.mark, "kz-quiet")] if rest > 0 else []
        self._found.children = [*(self._match(one) for one in found[: self._limit]), *more] or [html(self._no_match())]

    def _show_more(self) -> None:
        self._limit += 3 * _AT_ONCE
        self._list(self._matches or ())

    def _no_match(self) -> Markup:
        if len(steps.welcome(self.page.book)) < 2:
            return empty(
                "まだ案を出せません",
                "「引き合わせてもよい」とおっしゃった方がお二人になると、ここに案が出ます。先に、ご本人にうかがいましょう。",
            )
        return empty("いまのところ、案はありません", "声が増えたり、お返事が増えたりすると、ここに出ます。")

    def _match(self, one: Match) -> widgets.Widget:
        ids = (one.first.id, one.second.id)
        names = named((one.first, one.second))
        title = Markup('<div class="kz-title">{}と{}</div><div class="kz-hint">{}</div>').format(
            *(names[number] for number in ids), one.why
        )
        return stack(
            html(title),
            *(html(quote(card)) for card in one.cards),
            row(
                button("お引き合わせした", partial(self._introduce, ids), self.mark),
                button("もう知り合いだった", partial(self._knew, ids), self.mark, "kz-quiet"),
                button("この案は出さない", partial(self._apart, ids), self.mark, "kz-quiet"),
            ),
            kind="kz-action",
        )

    def _write(self) -> None:
        if not (self._first.person and self._second.person):
            self.mark.tell("お二人を選んでください。")
            return
        steps.know(self.page.book, self._first.person, self._second.person, self._note.value)
        self._second.person, self._note.value = 0, ""
        self._done("書きとめました")

    def _introduce(self, ids: tuple[int, int]) -> None:
        steps.introduce(self.page.book, *ids)
        self._done("お引き合わせしたと書きとめました")

    def _knew(self, ids: tuple[int, int]) -> None:
        steps.know(self.page.book, *ids)
        self._done("知り合いどうしと書きとめました")

    def _apart(self, ids: tuple[int, int]) -> None:
        steps.keep_apart(self.page.book, *ids)
        self._done("この案は、もう出しません。「書きとめたつながり」から消すと、もとに戻ります")

    def _untie(self, tie_id: int) -> None:
        steps.untie(self.page.book, tie_id)
        self._done("消しました")

    def _done(self, what: str) -> None:
        self.refresh()
        self.saved(what)


def _on_list(book: Any) -> tuple[PersonView, ...]:
    """Those with a name who want to hear from us at all."""
    return tuple(one for one in persons.everyone(book) if one.name and not one.stopped)


def _answers(everyone: Sequence[PersonView], said: Mapping[int, IntroductionView]) -> Markup:
    if not everyone:
        return empty("まだ、どなたも名簿にいらっしゃいません", "声を入れると、お名前のある方が、ここに並びます。")
    yes = sum(one.id in said and said[one.id].yes for one in everyone)
    no = sum(one.id in said and said[one.id].wish == NO for one in everyone)
    told = Markup(
        "「引き合わせてもよい」という方が<b>{}人</b>、「いいえ」の方が{}人、まだの方が{}人です。お返事のない方は、引き合わせの案に出しません。"
    )
    return say(told.format(yes, no, len(everyone) - yes - no))


def _columns() -> tuple[Column, ...]:
    ways = tuple((one.label, one.key) for one in persons.words().ways if not one.bought)
    return (
        Column("name", "お名前", read_only=True, width="20%"),
        Column("wish", "お返事", "select", tuple((label, key) for key, label in words().wishes.items()), width="16%"),
        Column("asked_on", "うかがった日", "date", width="170px"),
        Column("method", "どうやって", "select", (("（まだ書かない）", ""), *ways), width="24%"),
        Column("wording", "ご本人の言い方など"),
    )


def _row(name: str, one: IntroductionView) -> dict[str, Any]:
    asked_on: date | None = one.asked_on
    return {"name": name, "wish": one.wish, "asked_on": asked_on, "method": one.method, "wording": one.wording}


def introductions(page: Page) -> Introductions:
    """Who would like to be brought together with others."""
    return Introductions(page, "引き合わせてもよいか、うかがう")


def ties(page: Page) -> Ties:
    """Who knows whom, and who might enjoy whom."""
    return Ties(page, "つながりの図")
