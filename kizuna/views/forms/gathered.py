"""STEP5 on the page: the owner's own threshold, what came together, and the words in which customers themselves speak."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.process import Part, Step, course
from kizuna.steps import testimonials as voices
from kizuna.steps.testimonials import Month, Status
from kizuna.views import plain as widgets
from kizuna.views.fields import read_number, spell_number
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, day, empty, html, quote, row, say

_ANSWERS, _PERCENT = "何人の方が答えてくださったら、ご紹介を始めますか", "そのうち、何％の方が喜んでくださっていたら、始めますか"


class Threshold(PartForm):
    """From when on voices are to be shown: decided before anything is collected, and never quietly changed."""

    def build(self) -> None:
        self._told = html()
        self._answers = widgets.Text(placeholder="例：10")
        self._percent = widgets.Text(placeholder="例：70")
        for one in (self._answers, self._percent):
            one.add_class("kz-narrow")
        self._decide = button("この目安に決める", self._set, self.mark, "kz-main")
        self.lay(
            asked(_ANSWERS, row(self._answers, html("人"))),
            asked(_PERCENT, row(self._percent, html("％"))),
            row(self._decide),
            self._told,
        )

    def refresh(self) -> None:
        found = voices.status(self.page.book, self.part)
        goal = found.goal
        self._decide.description = "目安を決め直す（今日の日にちになります）" if goal else "この目安に決める"
        if goal is None:
            self._told.value = (
                say("声はもう集まりはじめています。目安をいま決めて、決めた日もいっしょに残しましょう。") if found.answered else Markup("")
            )
            return
        self._answers.value, self._percent.value = spell_number(goal.answers), spell_number(goal.percent)
        when = f"{goal.set_on.year}年{day(goal.set_on)}"
        after = "" if goal.before else "声を集めはじめたあとに決めた目安なので、そのことも正直に残しておきます。"
        self._told.value = say(f"{when}に決めました。{after or '声を集めはじめる前に決めた目安です。'}")

    def paper(self, blank: bool) -> list[Block]:
        goal = None if blank else voices.status(self.page.book, self.part).goal
        values = (spell_number(goal.answers), spell_number(goal.percent)) if goal else ("", "")
        lines = (Line(_ANSWERS, kind="brief", unit="人", value=values[0]), Line(_PERCENT, kind="brief", unit="％", value=values[1]))
        return [Block("ご紹介を始める目安", lines=lines)]

    def _set(self) -> None:
        answers, percent = (
            _whole(self._answers.value, _ANSWERS),
            _whole(re.sub("(%|％|パーセント)$", "", self._percent.value.strip()), _PERCENT),
        )
        voices.set_threshold(self.page.book, self.part, answers, percent)
        self.refresh()
        self.saved("目安を決めました")


class Gathered(PartForm):
    """What came together, every number with what it is a part of; the sorry words beside the glad ones."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        book = self.page.book
        found = voices.status(book, self.part)
        if not found.answered:
            self._told.value = empty("感想の声が、まだありません", f"「{_before(self.part)}」のページで声が入ると、ここに人数が出ます。")
            return
        self._told.value = _standing(found) + _funnel(found, _before(self.part)) + _beside(found) + _grown(voices.months(book, self.part))


class Words(PartForm):
    """The words in which customers themselves speak: for the shop's page and for posts."""

    def build(self) -> None:
        self._told = html()
        self.lay(self._told)

    def refresh(self) -> None:
        found = voices.customer_words(self.page.book, self.part)
        if not found:
            self._told.value = empty("まだ言葉の一覧が作れません", "お二人以上が同じ言葉を使うと、ここに並びます。")
            return
        lines = Markup("").join(
            Markup(
                '<details><summary><span class="name">{}</span><span>{}人</span></summary><div class="inside">{}</div></details>'
            ).format(one.text, one.people, quote(one.card))
            for one in found
        )
        self._told.value = say("お二人以上が、ご自分の言葉として使ったものです。") + Markup('<div class="kz-bars">{}</div>').format(lines)
        self._told.value += Markup('<p class="kz-key">{}</p>').format(voices.words().parts[self.part].called_hint)


def _standing(found: Status) -> Markup:
    if found.goal is None:
        return say("ご紹介を始める目安は、まだ決めていません。")
    wanted = f"{found.goal.answers}人の方の答えと、{found.goal.percent}％の喜び"
    if found.reached:
        return say(Markup("ご自分で決めた目安（{}）に<b>届いています</b>。").format(wanted))
    return say(Markup("ご自分で決めた目安（{}）には、まだ届いていません。いただいた声を大切にしながら、続けましょう。").format(wanted))


def _before(part: Part) -> str:
    """The name of the page on which feedback comes in."""
    return course().steps[Step.FEEDBACK].title[part]


def _funnel(found: Status, before: str) -> Markup:
    asked = f"{found.asked}人" if found.asked else "記録なし"
    of_all = f"答えてくださった{found.answered}人のうち"
    return _counts(
        [
            ("感想をおたずねした方", asked, "" if found.asked else f"「{before}」のページで書きとめると、ここに出ます"),
            ("答えてくださった方", f"{found.answered}人", f"おたずねした{found.asked}人のうち" if found.asked else ""),
            ("喜んでくださった方", f"{found.glad}人", of_all),
            ("困ったことを教えてくださった方", f"{found.complained}人", of_all),
            *([("商品やサービスそのもののことを教えてくださった方", f"{found.about_product}人", of_all)] if found.about_product else []),
            ("ご紹介してよいとお許しくださった方", f"{found.may_show}人", of_all),
            ("声をもとに直したこと", things(found.improved) if found.improved else "これから", ""),
        ]
    )


def _grown(months: Sequence[Month]) -> Markup:
    rows = [(f"{one.year}年{one.month}月まで", f"{one.voices}件", f"うち、ご紹介してよい声 {one.may_show}件") for one in months]
    return say("いただいた声は、このように増えてきました。") + _counts(rows)


def _counts(rows: Sequence[tuple[str, str, str]]) -> Markup:
    """What was counted, how much it is, and of what: narrow enough for a phone."""
    line = Markup("<li><div>{}</div><div><b>{}</b>{}</div></li>")
    each = (line.format(name, count, Markup("<span>{}</span>").format(of) if of else "") for name, count, of in rows)
    return Markup('<ul class="kz-counts">{}</ul>').format(Markup("").join(each))


def _beside(found: Status) -> Markup:
    """Joy alone does not bring anybody back: beside it stand when people were last met, and how many came again."""
    last = (
        f"感想をくださった{found.answered}人のうち{found.met_lately}人と、この三週間にお会いしています（お便りもふくみます）"
        if found.met_lately is not None
        else "最後にお会いした日の記録は、まだありません"
    )
    again = f"二回以上お越しの記録がある方は{found.came_again}人です"
    return Markup('<p class="kz-hint">喜んでいただけたことと、またお会いできることは別です。{}。{}。</p>').format(last, again)


def _whole(text: str, question: str) -> int:
    value = read_number(text)
    if value is None or value != int(value):
        raise KizunaError(f"「{question}」に、「10」のような、小数のつかない数を書いてください。")
    return int(value)


def goal(page: Page) -> Threshold:
    """The owner's own threshold."""
    return Threshold(page, "ご紹介を始める目安")


def gathered(page: Page) -> Gathered:
    """What came together."""
    return Gathered(page, "集まった声")


def customer_words(page: Page) -> Words:
    """Customers' own words."""
    return Words(page, voices.words().parts[page.part].called)
