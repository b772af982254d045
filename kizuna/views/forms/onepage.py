"""The place on one page: whose words may stand there, and the sheet that members see."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.steps.testimonials import Candidate
from kizuna.steps.tribe import design as places
from kizuna.steps.tribe import onepage
from kizuna.steps.tribe.design import ChoiceView
from kizuna.views.files import Paper, Papers, printed
from kizuna.views.forms.consents import Consents
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.parts import apart, empty, html, say
from kizuna.views.plain import show
from kizuna.views.sheets import design_excel, design_html

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PlaceConsents(Consents):
    """The same for the words about the place: whose stand behind the design, and whether members may see them."""

    @property
    def about(self) -> str:
        """The words behind the design."""
        return "集まりの案の言葉は、"

    def found(self) -> Sequence[Candidate]:
        return onepage.to_ask(self.page.book)

    def refresh(self) -> None:
        super().refresh()
        found = self.found()
        allowed = {one.card.person_id for one in found if {*one.scopes} & {*onepage.SCOPES}}
        told = Markup("案のもとになった言葉の<b>{}人</b>のうち、紙にのせてよいと言ってくださった方は<b>{}人</b>です。")
        self._told.value = (
            say(told.format(len({one.card.person_id for one in found}), len(allowed)))
            if found
            else empty("案に入れた答えが、まだありません", "案のもとになった言葉の方に、ここでお許しをうかがえます。")
        )


class DesignSheet(Form):
    """The place on one page, as members will see it."""

    def build(self) -> None:
        self._shown = html()
        book = self.page
        self._papers = Papers(
            [
                printed("print", "集まりの案を印刷する", "集まりの案", lambda: self._print()),
                Paper("excel", "Excelで保存する（店の控え）", "集まりの案.xlsx", _EXCEL, lambda: design_excel(book.book)),
            ],
            self.mark,
        )
        self._who = html()
        look = Opening(("どなたの言葉が紙にのるかを見る", "とじる"), lambda: [self._who], self._look, self.mark)
        self._opening = look
        self.lay(self._shown, look, self._papers)

    def refresh(self) -> None:
        decided = places.design(self.page.book).decided
        for part in (self._opening, self._papers):
            show(part, decided)
        self._shown.value = _sheet(decided) if decided else empty(
            "案に入れた答えが、まだありません", "上の問いで「案に入れる」を押すと、ここに一枚の案ができます。"
        )  # fmt: skip
        self._opening.refresh()

    def _look(self) -> None:
        self._who.value = _words(self.page)

    def _print(self) -> str:
        self.mark.clear()
        return design_html(self.page.book)


def _sheet(decided: Sequence[ChoiceView]) -> Markup:
    told = say(Markup("<b>{}</b>の答えが、一枚の案になりました。集まる方に、そのままお見せできます。").format(things(len(decided))))
    parts = (
        Markup('<div class="kz-action in"><h4>{}</h4><p>{}</p>{}</div>').format(one.topic.title, one.text, _beside(one)) for one in decided
    )
    return told + Markup("").join(parts)


def _beside(one: ChoiceView) -> Markup:
    yen = f"実費　一人一回 {one.yen}円・" if one.yen is not None else ""
    often = f"{one.often}・" if one.often else ""
    return Markup('<p class="kz-key">{}{}望んだ方 {}人</p>').format(often, yen, one.people)


def _words(page: Page) -> Markup:
    """Whose words members will see, and how many are only counted."""
    try:
        each = onepage.for_members(page.book)
    except KizunaError as error:
        return empty("いまは印刷できません", str(error))
    said = dict.fromkeys(told for one in each for told in one.told)
    shown = Markup("").join(
        Markup('<div class="kz-quote"><blockquote>「{}」</blockquote><footer>{}</footer></div>').format(
            apart(one.words), "・".join((one.name, *one.beside))
        )
        for one in said
    )
    some = f"紙にのるのは、お許しのある次の{len(said)}件です。" if said else "紙にのせるお許しのある言葉は、まだありません。"
    rest = "そのほかの方は、言葉もお名前も出さずに、望んだ方の人数だけをのせます。"
    return Markup('<div class="kz-hint">{}{}</div>{}').format(some, rest, shown)


def design_sheet(page: Page) -> DesignSheet:
    """The place on one page."""
    return DesignSheet(page, "一枚の集まりの案")


def place_consents(page: Page) -> PlaceConsents:
    """Asking those whose words the design rests on whether members may see them."""
    return PlaceConsents(page, "言葉をのせるお許しをうかがう")
