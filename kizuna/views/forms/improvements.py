"""STEP4 on the page: keep, change, stop – proposed by counts, decided by the owner – then the notes to those who asked, and the thanks box."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from kizuna.content import Entry, load
from kizuna.process import Part
from kizuna.steps import drafts, feedback, improvements, thanks
from kizuna.steps.feedback import Kind, Passage
from kizuna.steps.improvements import ImprovementView
from kizuna.steps.proposals import Proposal, Verdict, proposals
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.files import Paper, Papers
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import button, day, empty, findings, html, quote, quotes, row, say, stack
from kizuna.views.sheets import thanks_html

EVIDENCE = "この改善を望んだ言葉（根拠）"
_FIRST, _AT_ONCE = 4, 20  # sentences shown at first, and more at each click
_BLANK = 2  # improvements on a blank sheet


class ImprovementWords(Entry):
    """Everything in ``improvement.yaml``."""

    verdicts: dict[Verdict, str]
    fields: list[Field]
    ask: str


def words() -> ImprovementWords:
    """The fields of an improvement as ``content/improvement.yaml`` tells them."""
    found: ImprovementWords = load("improvement.yaml", ImprovementWords)
    return found


class Proposals(PartForm):
    """What came back on each item of the plan and on each theme, with the three ways to go on."""

    def build(self) -> None:
        self._told, self._list = html(), stack()
        self._shown: object = None
        self.lay(self._told, self._list)

    def refresh(self) -> None:
        found = proposals(self.page.book, self.part)
        have = {(one.action_id, one.title) for one in improvements.improvements(self.page.book, self.part)}
        if (found, have) == self._shown:
            return
        self._shown = (found, have)
        if not found:
            self._told.value = empty("まだ並べるものがありません", "感想を入れると、計画の一手や望みのまとまりごとに、ここに並びます。")
        else:
            self._told.value = say(
                "同じ言葉が出てくる感想を、計画の一手や望みのまとまりの横に並べました。数は手がかりです。どうするかは、言葉を読んで決めてください。"
            )
        self._list.children = [self._one(one, bool(one.name) and (one.action_id, one.name) in have) for one in found]

    def _one(self, one: Proposal, taken: bool) -> widgets.Widget:
        head = html(_proposal(one))
        if taken:
            return stack(head, html(Markup('<div class="kz-hint">下の「改善を書く」に入っています。</div>')), kind="kz-action")
        names = words().verdicts
        ways = [
            button(names[verdict], partial(self._take, one, verdict), self.mark, "kz-main" if one.leaning == (verdict,) else "")
            for verdict in Verdict
            if one.evidence(verdict) and one.name
        ]
        return stack(head, row(*ways), kind="kz-action")

    def _take(self, one: Proposal, verdict: Verdict) -> None:
        improvements.take_up(self.page.book, self.part, one, verdict)
        self.refresh()
        self.saved("下の「改善を書く」に入れました。まだ決めてはいません")


def _proposal(one: Proposal) -> Markup:
    labels, names = feedback.texts().labels, words().verdicts
    counts = "・".join(
        f"{labels[kind]} {feedback.heard_from(one.of(kind))}人" for kind in (Kind.PRAISE, Kind.COMPLAINT, Kind.REQUEST) if one.of(kind)
    )
    title = one.name or "どれにも結びつかない感想"
    where = "" if one.action_id or not one.name else "（計画に入っていない望み）"
    leaning = "か、".join(f"「{names[verdict]}」" for verdict in one.leaning) if one.name else ""
    lean = f"数だけを見ると、{leaning}を考えるところです。" if leaning else "改善にするときは、下の「改善を書く」で、この言葉を選べます。"
    told = Markup('<div class="kz-title">{}{}</div><div class="kz-hint">{}。{}</div>').format(title, where, counts, lean)
    return told + quotes(feedback.cards_of(one.passages), 2)


class Improvements(PartForm):
    """Every improvement with its fields, its evidence, and what stands in its way."""

    def build(self) -> None:
        self._editors: dict[int, ImprovementEditor] = {}
        self._empty, self._list = html(), stack()
        new = button("思いついた改善を書く", self._begin, self.mark)
        self.lay(self._empty, self._list, row(new))

    def refresh(self) -> None:
        views = improvements.improvements(self.page.book, self.part)
        found = feedback.feedback(self.page.book, self.part)
        near = {
            (one.action_id, one.name): {each.id for each in one.passages} for one in proposals(self.page.book, self.part) if one.name
        } if views else {}  # fmt: skip
        self._empty.value = (
            "" if views else empty("まだ改善がありません", "上で「つづける」「変える」「やめる」を押すと、ここに書くところが出ます。")
        )
        for gone in set(self._editors) - {one.id for one in views}:
            self._editors.pop(gone).close()
        for one in views:
            beside = next((ids for (action, name), ids in near.items() if (one.action_id or 0) == action or one.title == name), set())
            if one.id not in self._editors:
                self._editors[one.id] = ImprovementEditor(self, unfold=not one.decided)
            self._editors[one.id].show(one, found.passages, beside)
        self._list.children = [self._editors[one.id] for one in views]

    def paper(self, blank: bool) -> list[Block]:
        told = "望んだ方の声がない改善は、決めずに「次に聞くこと」へ。番号は、改善ごとに1からです。"
        if blank:
            return [Block("改善を書く", told, fresh=True), *(_item(number, None) for number in range(1, _BLANK + 1))]
        views = improvements.improvements(self.page.book, self.part)
        if not views:
            return [Block("改善を書く", "改善は、まだありません。", fresh=True)]
        return [Block("改善を書く", told, fresh=True), *(_item(number, one) for number, one in enumerate(views, start=1))]

    def _begin(self) -> None:
        improvements.begin(self.page.book, self.part, Verdict.CHANGE)
        self.refresh()
        self.saved("書くところを作りました。望んだ方の声を、一つ以上選んでください")


class ImprovementEditor(widgets.VBox):
    """One improvement being written; what stands inside is made when it is first opened."""

    def __init__(self, form: Improvements, unfold: bool) -> None:
        self._form, self._unfold = form, unfold
        self._title, self._state = html(), html()
        self._fold = button("", self._turn, form.mark, "kz-quiet")
        self._inside: _Inside | None = None
        self._head = row(self._title, self._fold)
        super().__init__([self._head, self._state])
        self.add_class("kz-action")

    def show(self, view: ImprovementView, passages: Sequence[Passage], near: set[int]) -> None:
        """Show the improvement as the file holds it now, with the sentences it may rest on, those ``near`` to it first."""
        self._now = (view, passages, near)
        name = view.title or "これから名前をつける改善"
        about = f"『{view.action}』について・" if view.action else ""
        self._title.value = Markup('<div class="kz-title">{}</div><div class="kz-hint">{}・{}望んだ人 {}人</div>').format(
            name, words().verdicts[view.verdict], about, view.people
        )
        self._state.value = Markup('<div class="kz-saved">{}</div>').format(state) if (state := _state(view)) else ""
        (self.add_class if view.decided else self.remove_class)("in")
        self._open(self._unfold)

    def _turn(self) -> None:
        self._unfold = not self._unfold
        self._open(self._unfold)

    def _open(self, yes: bool) -> None:
        if yes and self._inside is None:
            self._inside = _Inside(self._form, self._now[0])
            self.children = [self._head, self._inside, self._state]
        if self._inside is not None:
            self._inside.layout.display = "" if yes else "none"
            if yes:
                self._inside.show(*self._now)
        self._fold.description = "とじる" if yes else "ひらく"


class _Inside(widgets.VBox):
    """The fields of an improvement, its evidence, and its buttons."""

    def __init__(self, form: Improvements, view: ImprovementView) -> None:
        self._form, self._view, mark = form, view, form.mark
        names = [(name, str(verdict)) for verdict, name in words().verdicts.items()]
        self._fields = [
            FieldView(field, None, partial(self._save, field), mark, f"{number}.", names if field.key == "verdict" else None)
            for number, field in enumerate(words().fields, start=1)
        ]
        self._passages: list[Passage] = []
        self._ticks: dict[int, widgets.Checkbox] = {}
        self._limit, self._filling = _FIRST, False
        self._search = widgets.Text(placeholder="言葉でさがす（例：電話）", continuous_update=False)
        self._search.add_class("kz-middle")
        self._search.observe(lambda _: mark.guard(self._searched), names="value")
        self._lines: dict[int, widgets.Widget] = {}
        self._list = stack(kind="kz-list")
        self._more = button("", self._show_more, mark, "kz-quiet")
        told = Markup(
            '<div class="kz-q">{}</div><div class="kz-hint">印のついた言葉が根拠になります。一つもない改善は、決められません。</div>'
        ).format(EVIDENCE)
        self._found = html()
        self._question = widgets.Text(placeholder="例：本が届いたお知らせは、いつ、どんなふうに届くと受け取りやすいですか。")
        self._ask = stack(
            html(Markup('<div class="kz-q">{}</div>').format(words().ask)),
            self._question,
            row(button("「次に聞くこと」に入れる", self._wait, mark)),
        )
        self._decide = button("", self._toggle, mark)
        self._finish = button("", self._done, mark)
        remove = button("この改善を消す", self._remove, mark, "kz-quiet")
        super().__init__(
            [*self._fields, stack(html(told), self._search, self._list, self._more), self._found, self._ask, row(self._decide, self._finish, remove)]
        )  # fmt: skip
        self.add_class("kz-group")

    def show(self, view: ImprovementView, passages: Sequence[Passage], near: set[int]) -> None:
        self._view = view
        for field in self._fields:
            field.fill(_value(view, field.field.key))
        chosen = {card.id for card in view.evidence}
        wanted = {Kind.PRAISE} if view.verdict is Verdict.KEEP else {Kind.COMPLAINT, Kind.REQUEST}
        self._passages = sorted(
            passages, key=lambda one: (one.card.id not in chosen, one.id not in near, not wanted & {*one.kinds}, one.id)
        )
        self._deal()
        self._found.value = findings(improvements.check(view))
        self._ask.layout.display = "none" if view.evidence else ""
        self._decide.description = "決める前に戻す" if view.decided else "やると決める"
        (self._decide.remove_class if view.decided else self._decide.add_class)("kz-main")
        self._finish.layout.display = "" if view.decided else "none"
        self._finish.description = "終える前に戻す" if view.done else "終えた"
        (self._finish.remove_class if view.done else self._finish.add_class)("kz-main")

    def _deal(self) -> None:
        """Lay out as many sentences as are to be shown now; a sentence that was shown keeps its widgets."""
        wanted = self._search.value.strip()
        fitting = [one for one in self._passages if wanted in one.text]
        chosen = {card.id for card in self._view.evidence}
        shown = fitting[: max(self._limit, sum(one.card.id in chosen for one in fitting))]
        self._filling = True
        for one in shown:
            if one.id not in self._lines:
                tick = widgets.Checkbox(description="根拠にする", indent=False)
                tick.observe(partial(self._ticked, one.id), names="value")
                self._ticks[one.id] = tick
                self._lines[one.id] = stack(html(quote(one.card)), tick, kind="kz-card")
            self._ticks[one.id].value = one.card.id in chosen
        self._filling = False
        self._list.children = [self._lines[one.id] for one in shown]
        left = len(fitting) - len(shown)
        self._more.description = f"ほかの言葉を見る（あと{left}）"
        self._more.layout.display = "" if left else "none"

    def _searched(self) -> None:
        self._limit = _FIRST
        self._deal()

    def _show_more(self) -> None:
        self._limit += _AT_ONCE
        self._deal()

    def _ticked(self, passage_id: int, change: dict[str, Any]) -> None:
        if not self._filling:
            self._form.mark.guard(lambda: self._tie(passage_id, change["new"]))

    def _tie(self, passage_id: int, yes: bool) -> None:
        self._did(lambda: improvements.tie(self._form.page.book, self._view.id, passage_id, yes), "根拠を保存しました")

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        book, label = self._form.page.book, f"改善の「{field.question}」"
        others = improvements.edit(book, self._view.id, label, {field.key: seen}, **{field.key: value or ""})
        self._did(lambda: None, "保存しました")
        if field.key in others:
            view = next(one for one in self._fields if one.field.key == field.key)
            self._form.mark.tell(overwritten(view.spell(others[field.key])))

    def _toggle(self) -> None:
        yes = not self._view.decided
        said = "決めました。終えたら「終えた」を押してください" if yes else "決める前に戻しました"
        self._did(lambda: improvements.decide(self._form.page.book, self._view.id, yes), said)

    def _done(self) -> None:
        yes = not self._view.done
        said = "終えました。望んでくださった方に、下でお知らせを書けます" if yes else "終える前に戻しました"
        self._did(lambda: improvements.finish(self._form.page.book, self._view.id, yes), said)

    def _wait(self) -> None:
        asks = self._question.value
        self._did(lambda: improvements.wait_as_question(self._form.page.book, self._view.id, asks), "「次に聞くこと」に入れました")

    def _remove(self) -> None:
        self._did(lambda: improvements.remove(self._form.page.book, self._view.id), "消しました。いちばん上の「ひとつ前に戻す」で戻せます")

    def _did(self, act: Any, said: str) -> None:
        act()
        self._form.refresh()
        self._form.saved(said)


class Notes(PartForm):
    """「あなたの声をもとに変えました」: a note to each of those who asked, with her own words in it."""

    def build(self) -> None:
        self._told = stack(kind="kz-list")
        self._shown: object = None
        self._how = widgets.Dropdown(options=[(one.name, one.key) for one in drafts.forms(drafts.Kind.CHANGE)])
        self._how.add_class("kz-middle")
        self._ways = stack(html(Markup('<div class="kz-q">何でお知らせしますか。</div>')), self._how)
        self._drafts = DraftList(self, Care(improvements.check_note, improvements.note_cards))
        self.lay(self._ways, self._told, self._drafts)

    def refresh(self) -> None:
        book = self.page.book
        done = [one for one in improvements.improvements(book, self.part) if one.done]
        waiting = [(one, improvements.askers(book, one.id)) for one in done]
        self._ways.layout.display = "" if done else "none"
        self._drafts.show(drafts.drafts(book, self.part, drafts.Kind.CHANGE))
        if waiting == self._shown and self._told.children:
            return
        self._shown = waiting
        nothing = empty(
            "お知らせする改善は、まだありません", "改善を「終えた」にすると、望んでくださった方へのお知らせを、ここで書けます。"
        )
        self._told.children = [self._one(*each) for each in waiting] or [html(nothing)]

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            roles = drafts.texts().kinds[drafts.Kind.CHANGE].roles
            return [Block(drafts.texts().kinds[drafts.Kind.CHANGE].name, lines=tuple(Line(role.label, kind="long") for role in roles))]
        written = drafts.drafts(self.page.book, self.part, drafts.Kind.CHANGE)
        name = drafts.texts().kinds[drafts.Kind.CHANGE].name
        return [
            Block(name, f"{one.person}へ", tuple(Line(role.label, value=text) for role, text, _ in one.paragraphs())) for one in written
        ]

    def _one(self, view: ImprovementView, found: Sequence[improvements.Asker]) -> widgets.Widget:
        open_to = [one for one in found if one.draft_id is None and not one.stopped]
        told = Markup('<div class="kz-title">{}</div><div class="kz-hint">望んでくださった方：{}</div>').format(
            view.title, "、".join(_asker(one) for one in found)
        )
        write = button(f"お知らせを下書きする（{len(open_to)}人）", partial(self._write, view.id), self.mark, "kz-main")
        return stack(html(told), *([row(write)] if open_to else []), kind="kz-action")

    def _write(self, improvement_id: int) -> None:
        book, form = self.page.book, self._how.value
        open_to = [one for one in improvements.askers(book, improvement_id) if one.draft_id is None and not one.stopped]
        fitting = [one for one in open_to if form not in one.refused]
        for one in fitting:
            improvements.write_note(book, improvement_id, one.person_id, form)
        self.refresh()
        if fitting:
            self.saved(f"{len(fitting)}人分の下書きを作りました。お一人ずつ、ひらいて仕上げてください")
        if others := [one.person for one in open_to if form in one.refused]:
            self.mark.tell(f"{'、'.join(others)}は、この届け方をお望みではありません。ほかの届け方を選んで、もう一度押してください。")


class ThanksBox(PartForm):
    """Thanks to keep for hard days: what may be put in, and what lies in the box."""

    def build(self) -> None:
        self._limit = _FIRST
        self._told, self._list, self._kept = html(), stack(kind="kz-list"), stack(kind="kz-list")
        self._more = button("", self._show_more, self.mark, "kz-quiet")
        book, part = self.page, self.part
        sheet = Paper(
            "print",
            "感謝箱を印刷する",
            "感謝箱.html",
            "text/html",
            lambda: thanks_html(book.book, part).encode("utf-8", "replace"),
            open=True,
        )
        self._papers = Papers([sheet], self.mark)
        self._shown: object = None
        self._inside = stack(html(Markup('<div class="kz-q">感謝箱の中</div>')), self._kept, self._papers)
        self._choose = stack(html(Markup('<div class="kz-q">箱に入れる言葉を選ぶ</div>')), self._list, self._more)
        self.lay(self._told, self._inside, self._choose)

    def refresh(self) -> None:
        kept, offered = thanks.box(self.page.book, self.part), thanks.candidates(self.page.book, self.part)
        if (kept, offered, self._limit) == self._shown:
            return
        self._shown = (kept, offered, self._limit)
        if not kept and not offered:
            self._told.value = empty(
                "まだ「ありがとう」が届いていません", "お客さまの「ありがとう」や「あなたが」という言葉が入ると、ここに出ます。"
            )
        else:
            self._told.value = say(
                Markup("感謝箱に<b>{}つ</b>の言葉が入っています。元気のない日に、読み返してください。").format(len(kept))
            )
        shown = offered[: self._limit]
        self._list.children = [
            stack(html(quote(one.card)), button("感謝箱に入れる", partial(self._keep, one.id), self.mark, "kz-quiet"), kind="kz-card")
            for one in shown
        ]
        self._more.description = f"ほかの言葉を見る（あと{len(offered) - len(shown)}）"
        self._more.layout.display = "" if len(offered) > len(shown) else "none"
        self._kept.children = [self._lying(one) for one in kept]
        self._inside.layout.display = "" if kept else "none"
        self._choose.layout.display = "" if offered else "none"

    def paper(self, blank: bool) -> list[Block]:
        kept = () if blank else thanks.box(self.page.book, self.part)
        return [Block("感謝箱", quotes=tuple(one.card for one in kept))] if kept else []

    def _show_more(self) -> None:
        self._limit += _AT_ONCE
        self.refresh()

    def _lying(self, one: thanks.Kept) -> widgets.Widget:
        note = widgets.Text(value=one.note, placeholder="例：開店五年目の冬に", continuous_update=False)
        note.observe(lambda change: self.mark.guard(lambda: self._write(one.id, change["new"])), names="value")
        beside = stack(html(Markup('<div class="kz-hint">ひとことそえる</div>')), note)
        return stack(
            html(quote(one.card)), beside, button("箱から出す", partial(self._unkeep, one.id), self.mark, "kz-quiet"), kind="kz-card"
        )

    def _write(self, kept_id: int, note: str) -> None:
        thanks.write_note(self.page.book, kept_id, note)
        self.refresh()
        self.saved()

    def _keep(self, passage_id: int) -> None:
        thanks.keep(self.page.book, self.part, passage_id)
        self.refresh()
        self.saved("感謝箱に入れました")

    def _unkeep(self, kept_id: int) -> None:
        thanks.unkeep(self.page.book, kept_id)
        self.refresh()
        self.saved("箱から出しました。もとの声は、そのまま残っています")


def _state(view: ImprovementView) -> str:
    if view.done:
        return f"{day(view.done_on)}に終えました"
    return f"{day(view.decided_on)}に決めました" if view.decided else ""


def _asker(one: improvements.Asker) -> str:
    if one.stopped:
        return f"{one.person}（お知らせをお望みではありません）"
    if one.draft_id is None:
        return one.person
    return f"{one.person}（{'仕上げました' if one.finished else '書きかけです'}）"


def _value(view: ImprovementView, key: str) -> Any:
    return str(view.verdict) if key == "verdict" else getattr(view, key)


def _item(number: int, view: ImprovementView | None) -> Block:
    names = [(name, str(verdict)) for verdict, name in words().verdicts.items()]
    lines = tuple(
        line(field, f"{at}.", _value(view, field.key) if view else None, names if field.key == "verdict" else None)
        for at, field in enumerate(words().fields, start=1)
    )
    if view is None:
        return Block(f"改善 {number}", lines=(*lines, Line(EVIDENCE, kind="long")), inner=True)
    asked = () if view.evidence else (Line(words().ask),)
    return Block(
        f"改善 {number}", f"望んだ人 {view.people}人・{_state(view) or 'まだ決めていません'}", (*lines, *asked), view.evidence, inner=True
    )


def feedback_proposals(page: Page, part: str = Part.FOLLOWUP) -> Proposals:
    """Keep, change, stop: what the counts propose."""
    return Proposals(page, Part(part), "つづける・変える・やめる")


def improve(page: Page, part: str = Part.FOLLOWUP) -> Improvements:
    """The improvements being written."""
    return Improvements(page, Part(part), "改善を書く")


def change_notes(page: Page, part: str = Part.FOLLOWUP) -> Notes:
    """The notes to those who asked."""
    return Notes(page, Part(part), "あなたの声をもとに変えました")


def thanks_box(page: Page, part: str = Part.FOLLOWUP) -> ThanksBox:
    """The thanks box."""
    return ThanksBox(page, Part(part), "感謝箱")
