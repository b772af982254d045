"""One part of a draft being written: the owner's words, and customers' words, which are chosen from their voices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.sentences import sentences
from kizuna.steps import drafts
from kizuna.steps.cards import Card
from kizuna.steps.drafts import DraftView, PieceView, Role
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.parts import apart, button, day, html, row, stack
from kizuna.views.plain import is_shown, show
from kizuna.workbook.reading.cell import shorten

if TYPE_CHECKING:
    from kizuna.views.forms.draft import DraftEditor

_SHORT = 46  # code points of a voice in the list to choose from


class DraftPart(widgets.VBox):
    """One part of a draft: customers' words in it, and the owner's."""

    def __init__(self, editor: DraftEditor, role: Role) -> None:
        self._editor, self._role = editor, role
        self._said = stack(kind="kz-list")
        self._pick = _Pick(editor, role)
        hint = "お客さまの言葉のあとに続けて、店の言葉を書けます。空いたままでもかまいません。" if role.quotes else ""
        field = Field(key=role.key, question=role.label, hint=hint, kind="long")
        self._words = FieldView(field, "", self._save, editor.form.mark)
        head, *rest = self._words.children
        self._words.children = [head, *((self._said, self._pick) if role.quotes else ()), *rest]
        super().__init__([self._words])
        self.add_class("kz-field")

    def show(self, one: DraftView) -> None:
        pieces = one.of(self._role.key)
        self._words.fill("".join(piece.text for piece in pieces if piece.card is None))
        if self._role.quotes:
            self._said.children = [self._quote(together) for together in one.groups_of(self._role.key)]
            self._pick.show(one)

    def _quote(self, together: Sequence[PieceView]) -> widgets.Widget:
        ids = [piece.id for piece in together]
        drop = button("この言葉を外す", partial(self._take, ids), self._editor.form.mark, "kz-quiet")
        return stack(html(_said(together)), drop, kind="kz-card")

    def _take(self, ids: Sequence[int]) -> None:
        editor = self._editor
        editor.act(lambda: drafts.take(editor.book, editor.draft.id, *ids), "外しました。もとの声は、そのまま残っています")

    def _save(self, value: str, seen: str) -> None:
        editor = self._editor
        other = editor.act(lambda: drafts.write(editor.book, editor.draft.id, self._role.key, value, seen or ""), "保存しました")
        if other is not None:
            editor.form.mark.tell(overwritten(other or "（空欄）"))


class _Pick(widgets.VBox):
    """Choosing a customer's words to put into a part: a voice, and which of its sentences."""

    def __init__(self, editor: DraftEditor, role: Role) -> None:
        self._editor, self._role = editor, role
        mark = editor.form.mark
        self._begin = button("お客さまの言葉を選んで入れる", lambda: self._turn(True), mark)
        self._which = widgets.Dropdown(options=[("", 0)])
        self._which.observe(lambda _: mark.guard(self._deal), names="value")
        self._list = stack(kind="kz-list")
        told = html(Markup('<div class="kz-hint">印のついた文が、そのまま入ります。間をとばした所は「…」になります。</div>'))
        buttons = row(button("この言葉を入れる", self._put, mark, "kz-main"), button("やめる", lambda: self._turn(False), mark, "kz-quiet"))
        self._open = stack(self._which, told, self._list, buttons)
        self._cards: dict[int, Card] = {}
        self._ticks: list[widgets.Checkbox] = []
        super().__init__([self._begin, self._open])
        self.add_class("kz-field")
        show(self._open, False)

    def show(self, one: DraftView) -> None:
        """Offer what may be put in and does not stand there yet."""
        here = {piece.card.id for piece in one.of(self._role.key) if piece.card}
        offered = {card.id: card for card in self._editor.care.quotes(self._editor.book, one) if card.id not in here}
        show(self._begin, offered and not is_shown(self._open))
        if offered == self._cards:
            return
        self._cards = offered
        self._which.options = [(f"{card.person}：{shorten(card.text, _SHORT)}", card.id) for card in offered.values()] or [("", 0)]
        if not offered:
            show(self._open, False)
        self._deal()

    def _turn(self, yes: bool) -> None:
        show(self._open, yes)
        show(self._begin, not yes)

    def _deal(self) -> None:
        card = self._cards.get(self._which.value)
        spans = sentences(card.text) if card else []
        self._ticks = [widgets.Checkbox(value=True, description=card.text[start:end], indent=False) for start, end in spans] if card else []
        self._list.children = self._ticks

    def _put(self) -> None:
        editor, chosen = self._editor, [number for number, tick in enumerate(self._ticks) if tick.value]
        quote_id = self._which.value
        if not quote_id:
            raise KizunaError("入れられる言葉が、まだありません。先に声を入れてください。")
        editor.act(lambda: drafts.put_sentences(editor.book, editor.draft.id, self._role.key, quote_id, chosen), "入れました")
        self._turn(False)
        self.show(editor.draft)


def _said(together: Sequence[PieceView]) -> Markup:
    cards = [piece.card for piece in together if piece.card]
    when = f"・{day(cards[0].heard_on)}" if cards[0].heard_on else ""
    words = drafts.ELLIPSIS.join(card.text for card in cards)
    return Markup('<div class="kz-quote"><blockquote>「{}」</blockquote><footer>{}{}・{}</footer></div>').format(
        apart(words), apart(cards[0].person), when, cards[0].source
    )
