"""The certificate on the page: what would stand on it, the name on it, and the way to print it."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from kizuna.steps import certificate as certificates
from kizuna.steps.certificate import Certificate
from kizuna.views.fields import FieldView, overwritten
from kizuna.views.files import Papers, printed
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, line
from kizuna.views.parts import apart, empty, html
from kizuna.views.plain import show
from kizuna.views.room import camp_fields
from kizuna.views.sheets import certificate_html
from kizuna.workbook.answers import read_answer, save_answer


class CertificateForm(Form):
    """What really stands in the workbook, as a certificate."""

    def build(self) -> None:
        field = camp_fields()["name"]
        self._name = FieldView(field, None, self._save, self.mark, self.page.number(field.key))
        self._told = html()
        page = self.page
        self._papers = Papers([printed("print", "修了証を印刷する", "修了証", lambda: certificate_html(page.book, page.sample))], self.mark)
        self.lay(self._told, self._name, self._papers)

    def refresh(self) -> None:
        one = certificates.certificate(self.page.book)
        self._name.fill(read_answer(self.page.book, certificates.NAME))
        self._told.value = _certificate(one) if one.made else empty("修了証は、まだ白紙です", certificates.words().nothing)
        show(self._papers, one.made)

    def paper(self, blank: bool) -> list[Block]:
        value = None if blank else read_answer(self.page.book, certificates.NAME)
        return [Block("修了証", lines=(line(self._name.field, self._name.number, value),))]

    def _save(self, value: Any, seen: Any) -> None:
        told = save_answer(self.page.book, certificates.NAME, value, self._name.field.question, seen)
        self.refresh()
        self.saved()
        if told.overwritten is not None:
            self.mark.tell(overwritten(self._name.spell(told.overwritten)))


def _certificate(one: Certificate) -> Markup:
    words = certificates.words()
    made = Markup("").join(Markup("<li><span>{}</span><b>{}</b></li>").format(each.label, each.said) for each in one.made)
    name = Markup('<p class="to">{}　さま</p>').format(apart(one.name)) if one.name else Markup("")
    return Markup('<div class="kz-certificate"><h4>{}</h4>{}<p>{}</p><ul>{}</ul><p>{}</p><p class="kz-hint">{}</p></div>').format(
        words.title, name, words.lead, made, one.kind, words.foot
    )


def certificate(page: Page) -> CertificateForm:
    """The certificate of what was really made."""
    return CertificateForm(page, "修了証")
