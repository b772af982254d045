"""Learning alone on the page: five weeks, folded until somebody wants them."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.steps.self_study import Week, weeks
from kizuna.views import plain as widgets
from kizuna.views.files import Papers, printed
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.parts import html, say
from kizuna.views.room import spell_section, weeks_html
from kizuna.views.way import in_pages


class FiveWeeks(Form):
    """What to do in each week, with the ways there."""

    def build(self) -> None:
        self._told = html()
        self._fold = Opening(("五週間のめやすを見る", "とじる"), self._make, self._fill, self.mark, kind="")
        self.lay(html(say("お一人で学ぶ方へ。五週間で進めるときの、週ごとのめやすです。")), self._fold)

    def _make(self) -> list[widgets.Widget]:
        sheet = printed("print", "五週間のめやすを印刷する", "五週間のめやす", lambda: weeks_html(weeks()))
        return [self._told, Papers([sheet], self.mark)]

    def _fill(self) -> None:
        study = weeks()
        self._told.value = say(study.lead) + Markup("").join(_week(one) for one in (*study.weeks, study.after))


def _week(one: Week) -> Markup:
    rows = Markup("").join(Markup("<li>{}　{}（{}分）</li>").format(way(each.section), each.what, each.minutes) for each in one.do)
    return Markup('<div class="kz-week"><h4>{}<span>画面で{}分くらい</span></h4><ul>{}<li>お客さまと　{}</li></ul></div>').format(
        one.title, one.minutes, rows, one.meet
    )


def way(file: str) -> Markup:
    """The page as a link; JupyterLab opens notebooks from its own list."""
    if in_pages():
        return Markup('<a class="kz-link" href="{}.ipynb">{}</a>').format(file, spell_section(file))
    return Markup("<b>{}</b>").format(spell_section(file))


def five_weeks(page: Page) -> FiveWeeks:
    """The five weeks of learning alone."""
    return FiveWeeks(page, "一人で学ぶときのめやす")
