"""STEP4 on the page: the notes to those who asked for an improvement."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from kizuna.steps import askers, drafts, improvements
from kizuna.steps.askers import Asker
from kizuna.steps.improvements import ImprovementView
from kizuna.views import plain as widgets
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, empty, html, row, stack
from kizuna.views.plain import show


class Notes(PartForm):
    """「あなたの声をもとに変えました」: a note to each of those who asked, with her own words in it."""

    def build(self) -> None:
        self._told = stack(kind="kz-list")
        self._shown: object = None
        self._how = widgets.Dropdown(options=[(one.name, one.key) for one in drafts.forms(drafts.Kind.CHANGE)])
        self._how.add_class("kz-middle")
        self._ways = stack(html(Markup('<div class="kz-q">何でお知らせしますか。</div>')), self._how)
        self._drafts = DraftList(self, Care(askers.check_note, askers.note_cards))
        self.lay(self._ways, self._told, self._drafts)

    def refresh(self) -> None:
        book = self.page.book
        done = [one for one in improvements.improvements(book, self.part) if one.done]
        waiting = [(one, askers.askers(book, one.id)) for one in done]
        show(self._ways, done)
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

    def _one(self, view: ImprovementView, found: Sequence[Asker]) -> widgets.Widget:
        open_to = [one for one in found if one.draft_id is None and not one.stopped]
        told = Markup('<div class="kz-title">{}</div><div class="kz-hint">望んでくださった方：{}</div>').format(
            view.title, "、".join(_asker(one) for one in found)
        )
        write = button(f"お知らせを下書きする（{len(open_to)}人）", partial(self._write, view.id), self.mark, "kz-main")
        return stack(html(told), *([row(write)] if open_to else []), kind="kz-action")

    def _write(self, improvement_id: int) -> None:
        book, form = self.page.book, self._how.value
        open_to = [one for one in askers.askers(book, improvement_id) if one.draft_id is None and not one.stopped]
        fitting = [one for one in open_to if form not in one.refused]
        for one in fitting:
            askers.write_note(book, improvement_id, one.person_id, form)
        self.refresh()
        if fitting:
            self.saved(f"{len(fitting)}人分の下書きを作りました。お一人ずつ、ひらいて仕上げてください")
        if others := [one.person for one in open_to if form in one.refused]:
            self.mark.tell(f"{'、'.join(others)}は、この届け方をお望みではありません。ほかの届け方を選んで、もう一度押してください。")


def _asker(one: Asker) -> str:
    if one.stopped:
        return f"{one.person}（お知らせをお望みではありません）"
    if one.draft_id is None:
        return one.person
    return f"{one.person}（{'仕上げました' if one.finished else '書きかけです'}）"


def change_notes(page: Page) -> Notes:
    """The notes to those who asked."""
    return Notes(page, "あなたの声をもとに変えました")
