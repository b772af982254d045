"""The declaration card on the page: as it will look, what might be said more gently, and the ways to print it."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.steps import review
from kizuna.steps.review import Declaration
from kizuna.views.files import Paper, Papers, printed
from kizuna.views.page import Form, Page
from kizuna.views.parts import empty, findings, html
from kizuna.views.plain import show
from kizuna.views.sheets import declaration_html


class Card(Form):
    """The owner's declaration as a card."""

    def build(self) -> None:
        self._card, self._found = html(), html()
        self._papers = Papers(
            [self._paper("a4", "A4に3枚印刷する", False), self._paper("postcard", "はがきの大きさで印刷する", True)], self.mark
        )
        self.lay(self._card, self._found, self._papers)

    def refresh(self) -> None:
        one = review.declaration(self.page.book)
        show(self._papers, one.begun)
        self._card.value = (
            _card(one)
            if one.begun
            else empty("カードは、まだ白紙です", "上の「これから、何をしますか」に一つ書くと、ここにカードが出ます。")
        )
        self._found.value = findings(review.check_declaration(one))

    def _paper(self, key: str, label: str, postcard: bool) -> Paper:
        page = self.page
        return printed(key, label, "宣言カード", lambda: declaration_html(page.book, postcard))


def _card(one: Declaration) -> Markup:
    told = Markup("").join(
        Markup('<div class="kz-beside"><span>{}</span><div>{}</div></div>').format(title, text)
        for title, text in (("いつから", one.when), ("はじめは", one.who), ("見てもらう人", one.show))
        if text
    )
    sign = Markup('<p class="sign">{}</p>').format(one.name) if one.name else Markup("")
    return Markup('<div class="kz-declaration"><b>宣言カード</b><p class="act">{}</p>{}{}</div>').format(one.act, told, sign)


def declaration(page: Page) -> Card:
    """The owner's declaration card."""
    return Card(page, "宣言カード")
