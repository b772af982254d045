"""The nine traits for which people like SNS, asked of the place on the page."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.steps.tribe import topics, traits
from kizuna.steps.tribe.traits import TraitView
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, line
from kizuna.views.parts import html, say, stack
from kizuna.workbook.answers import save_answer

_THERE = [("あります", True), ("まだです", False)]


class Traits(Form):
    """The nine traits for which people like SNS, asked of the place, each with the choices in which it may show."""

    def build(self) -> None:
        self._told = html()
        self._shown = {one.key: html() for one in topics.words().traits}
        self._views = {
            one.key: FieldView(_trait(one), None, partial(self._save, one), self.mark, self.page.number(traits.TRAIT + one.key), _THERE)
            for one in topics.words().traits
        }
        self.lay(self._told, *(stack(self._views[key], self._shown[key], kind="kz-group") for key in self._views))

    def refresh(self) -> None:
        found = traits.traits(self.page.book)
        for one in found:
            self._views[one.trait.key].fill(one.there)
            self._shown[one.trait.key].value = _where(one)
        there = sum(one.there is True for one in found)
        self._told.value = say(
            Markup("九つのうち、<b>{}</b>に「あります」の印がついています。九つそろえなくてもかまいません。").format(things(there))
            if there
            else "SNSが好かれる九つのわけを、集まりに当てはめてみます。できるところから、印をつけてみましょう。"
        )

    def paper(self, blank: bool) -> list[Block]:
        found = traits.traits(self.page.book)
        lines = (
            line(self._views[one.trait.key].field, self._views[one.trait.key].number, None if blank else one.there, _THERE) for one in found
        )
        return [Block("九つのよいところで見直す", lines=tuple(lines))]

    def _save(self, one: topics.Trait, value: Any, seen: Any) -> None:
        told = save_answer(self.page.book, traits.TRAIT + one.key, value, one.name, seen)
        self.refresh()
        self.saved()
        if told.overwritten is not None:
            self.mark.tell(overwritten(self._views[one.key].spell(told.overwritten)))


def _where(one: TraitView) -> Markup:
    """In which choices a trait may show."""
    if one.choices:
        each = Markup("").join(Markup("<p><b>{}</b>　{}</p>").format(choice.topic.title, choice.text) for choice in one.choices)
        told = Markup('<details class="kz-example"><summary>いまの案では、{}の答えに表れそうです</summary>{}</details>')
        return told.format(things(len(one.choices)), each)
    titles = "』『".join(topics.topic(key).title for key in one.trait.topics)
    return Markup('<p class="kz-key">{}『{}』の問いを、もう一度ひらいてみましょう。</p>').format(
        "案には、まだ当てはまる答えがありません。" if one.there else "", titles
    )


def _trait(one: topics.Trait) -> Field:
    return Field(key=one.key, question=one.question, hint=f"{one.name}。{one.hint}", kind="scale")


def place_traits(page: Page) -> Traits:
    """The nine traits, asked of the place."""
    return Traits(page, "九つのよいところで見直す")
