"""STEP4 on the page: keep, change, stop – what came back beside each item, with the ways to go on."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from kizuna.process import Part
from kizuna.steps import feedback, improvements
from kizuna.steps.feedback import Kind, Passage
from kizuna.steps.proposals import Proposal, Verdict, proposals
from kizuna.views import plain as widgets
from kizuna.views.forms.improvements import words
from kizuna.views.page import Page, PartForm
from kizuna.views.parts import button, empty, html, quote, quotes, row, say, stack

_AT_ONCE = 20  # sentences to sort out at first, and more at each click


class Proposals(PartForm):
    """What came back on each item of the plan and on each theme, with the three ways to go on; what lies there by mistake is taken away."""

    def build(self) -> None:
        self._told, self._list = html(), stack()
        self._shown: object = None
        self._sorted: dict[tuple[int | None, str], int] = {}  # the items whose words are being sorted out, and how many are shown
        self.lay(self._told, self._list)

    def refresh(self) -> None:
        found = proposals(self.page.book, self.part)
        have = {(one.action_id, one.title) for one in improvements.improvements(self.page.book, self.part)}
        if (found, have, self._sorted) == self._shown:
            return
        self._shown = (found, have, dict(self._sorted))
        places = words().parts[self.part].places
        if not found:
            self._told.value = empty("まだ並べるものがありません", f"感想を入れると、{places}ごとに、ここに並びます。")
        elif not any(one.name for one in found):
            self._told.value = say(f"{places}と結びつく感想は、まだありません。まず、言葉を読んでみましょう。")
        else:
            laid = words().parts[self.part].laid
            self._told.value = say(f"{laid}数は手がかりです。どうするかは、言葉を読んで決めてください。")
        self._list.children = [self._one(one, bool(one.name) and (one.action_id, one.name) in have) for one in found]

    def _one(self, one: Proposal, taken: bool) -> widgets.Widget:
        key = (one.action_id, one.name)
        loose = tuple(
            each for each in one.passages if each.elsewhere or one.name
        )  # of what fits nowhere, only what was taken away can go back
        limit = self._sorted.get(key, 0) if loose else 0
        ways = [] if taken or not one.name else self._ways(one)
        if loose:
            sort = "ここではない声を外す" if one.name else "外した声を、もとに戻す"
            ways.append(button("選びおえる" if limit else sort, partial(self._sort, key, 0 if limit else _AT_ONCE), self.mark, "kz-quiet"))
        beside = (
            [*(self._line(each) for each in loose[:limit]), *self._more(key, len(loose) - limit)]
            if limit
            else [html(quotes(feedback.cards_of(one.passages), 2))]
        )
        told = [html(Markup('<div class="kz-hint">下の「改善を書く」に入っています。</div>'))] if taken else []
        return stack(html(_head(one, self.part)), *beside, *told, row(*ways), kind="kz-action")

    def _ways(self, one: Proposal) -> list[widgets.Widget]:
        names = words().verdicts
        return [
            button(names[verdict], partial(self._take, one, verdict), self.mark, "kz-main" if one.leaning == (verdict,) else "")
            for verdict in Verdict
            if one.evidence(verdict)
        ]

    def _line(self, one: Passage) -> widgets.Widget:
        """A sentence with the way to take it away, or to bring it back."""
        name = "もとに戻す" if one.elsewhere else "この声はここではない"
        return stack(
            html(quote(one.card)), button(name, partial(self._move, one, not one.elsewhere), self.mark, "kz-quiet"), kind="kz-card"
        )

    def _more(self, key: tuple[int | None, str], left: int) -> list[widgets.Widget]:
        more = partial(self._sort, key, self._sorted[key] + _AT_ONCE)
        return [button(f"ほかの言葉を見る（あと{left}）", more, self.mark, "kz-quiet")] if left > 0 else []

    def _sort(self, key: tuple[int | None, str], limit: int) -> None:
        """Open an item's words for sorting out, ``limit`` of them; 0 closes them again."""
        self._sorted[key] = limit
        self.refresh()

    def _move(self, one: Passage, away: bool) -> None:
        feedback.mark(self.page.book, self.part, one.id, elsewhere=away or None)
        self.refresh()
        self.saved("外して、いちばん下の「どれにも結びつかない感想」に移しました" if away else "もとに戻しました")

    def _take(self, one: Proposal, verdict: Verdict) -> None:
        improvements.take_up(self.page.book, self.part, one, verdict)
        self.refresh()
        self.saved("下の「改善を書く」に入れました。まだ決めてはいません。そこで「やると決める」を押すと、決まります")


def _head(one: Proposal, part: Part) -> Markup:
    labels, names = feedback.texts().labels, words().verdicts
    counts = "・".join(
        f"{labels[kind]} {feedback.heard_from(one.of(kind))}人" for kind in (Kind.PRAISE, Kind.COMPLAINT, Kind.REQUEST) if one.of(kind)
    )
    title = one.name or "どれにも結びつかない感想"
    where = "" if one.planned or not one.name else f"（{words().parts[part].outside}）"
    leaning = "か、".join(f"「{names[verdict]}」" for verdict in one.leaning) if one.name else ""
    lean = f"数だけを見ると、{leaning}を考えるところです。" if leaning else "改善にするときは、下の「改善を書く」で、この言葉を選べます。"
    return Markup('<div class="kz-title">{}{}</div><div class="kz-hint">{}。{}</div>').format(title, where, counts, lean)


def feedback_proposals(page: Page) -> Proposals:
    """Keep, change, stop: what the counts propose."""
    return Proposals(page, "つづける・変える・やめる")
