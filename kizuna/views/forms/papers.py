"""The page on paper: a blank sheet to write on, and what was written."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.views.files import Paper, Papers, printed
from kizuna.views.page import Form, Page
from kizuna.views.paper import page_html, slips_html
from kizuna.views.parts import html


class OneSheet(Form):
    """One sheet to print, made when it is asked for, and a line about it."""

    def __init__(self, page: Page, title: str, hint: str, sheet: Paper) -> None:
        self._hint, self._sheet = hint, sheet
        super().__init__(page, title)

    def build(self) -> None:
        self.add_class("kz-off-paper")
        self.lay(html(Markup('<p class="kz-hint">{}</p>').format(self._hint)), Papers([self._sheet], self.mark))


class OnPaper(Form):
    """The ways this page goes onto paper; made when asked for, so that they are never old."""

    def build(self) -> None:
        page = self.page
        sheets = [
            self._sheet("blank", "書きこみ用紙を印刷する（白紙）", "書きこみ用紙", lambda: page_html(page, blank=True)),
            self._sheet("written", "書いたものを印刷する", "書いたもの", lambda: page_html(page, blank=False)),
        ]
        if any(form.cuts for form in page.forms):
            sheets.append(self._sheet("cards", "声をカードにして印刷する（切って使います）", "声のカード", self._cards))
        self.add_class("kz-off-paper")
        self.lay(Papers(sheets, self.mark))

    def _sheet(self, key: str, label: str, name: str, make: Callable[[], str]) -> Paper:
        def made() -> str:
            self.mark.clear()
            return make()

        return printed(key, label, f"{self.page.title}_{name}", made)

    def _cards(self) -> str:
        if not any(form.slips() for form in self.page.forms):
            raise KizunaError("声がまだありません。声を入れると、カードにして印刷できます。白いカードは「書きこみ用紙」に入っています。")
        return slips_html(self.page)


def papers(page: Page) -> OnPaper:
    """``page`` on paper: blank, and as it is written."""
    return OnPaper(page, "紙で使う")
