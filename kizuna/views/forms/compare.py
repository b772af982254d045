"""What different media take for the same people, on the page."""

from __future__ import annotations

from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.steps.calendar import compare
from kizuna.steps.plan import spell_minutes
from kizuna.views import charts
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, line
from kizuna.views.parts import button, html, row, say, stack, table
from kizuna.workbook.answers import read_answers, save_answer

_PEOPLE, _TIMES = "compare.people", "compare.times"


class Compare(Form):
    """The same people by different media: minutes, yen, and who really sees it; all made when it is opened."""

    def build(self) -> None:
        self._fields = [(one, self.page.number(one.key)) for one in (Field(**each.model_dump()) for each in compare.words().fields)]
        self._opening = Opening(("くらべてみる", "くらべるのをとじる"), self._make, self._fill, self.mark)
        self.lay(self._opening)

    def refresh(self) -> None:
        self._opening.refresh()

    def paper(self, blank: bool) -> list[Block]:
        answers = {} if blank else read_answers(self.page.book)
        lines = tuple(line(field, number, answers.get(field.key)) for field, number in self._fields)
        return [Block("届け方をくらべる", lines=lines)]

    def _make(self) -> list[widgets.Widget]:
        self._views = [FieldView(field, None, partial(self._save, field), self.mark, number) for field, number in self._fields]
        people, times, *shares = self._views
        content = compare.words()
        self._listed = button("", lambda: self._put(_PEOPLE, compare.listed(self.page.book)), self.mark)
        many = [button(f"{count:,}人", partial(self._put, _PEOPLE, count), self.mark) for count in content.people_offered]
        often = [button(one.label, partial(self._put, _TIMES, one.times), self.mark) for one in content.times_offered]
        self._chart, self._story = html(), html()
        closer = Opening(("くわしく計算したい方へ", "割合をとじる"), lambda: [stack(*shares, kind="kz-group")], lambda: None, self.mark)
        return [stack(people, row(self._listed, *many), times, row(*often), self._chart, closer, self._story, kind="kz-group")]

    def _fill(self) -> None:
        found = compare.comparison(self.page.book)
        for view in self._views:
            view.fill(found.assumed[view.field.key])
        self._listed.description = f"名簿の人数くらい（{compare.listed(self.page.book)}人）"
        self._chart.value = _compared(found)
        self._story.value = _story(found)

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        compare.check_number(field.key, value)
        save_answer(self.page.book, field.key, value, field.question, seen)
        self.refresh()
        self.saved()

    def _put(self, key: str, value: int) -> None:
        """Save a number that is offered."""
        field = next(field for field, _ in self._fields if field.key == key)
        self._save(field, float(value), None)


def _compared(found: compare.CompareView) -> Markup:
    head = say(
        Markup("同じ<b>{:,}人</b>に、ひと月<b>{}回</b>。どれで届けるかで、かかる時間はこれだけちがいます。").format(
            found.people, found.times
        )
    )
    amounts = [(one.way.name, one.minutes, spell_minutes(one.minutes), _how(one, found)) for one in found.lines]
    lines = [
        (one.way.name, spell_minutes(one.minutes), "まだ書いていません" if one.yen is None else f"{one.yen:,}円", f"{one.reached:,}人")
        for one in found.lines
    ]
    numbers = table(["届け方", "ひと月の時間", "ひと月の費用", "目にとまる人（仮の割合で）"], lines)
    note = f"全部で届けると、重なりを引いて、およそ{found.together:,}人の目にとまる計算です。割合は、仮に置いた数です。「くわしく計算したい方へ」で変えられます。"
    return head + charts.amount_bars(amounts, numbers) + Markup('<p class="kz-hint">{}</p>').format(note)


def _how(one: compare.Compared, found: compare.CompareView) -> str:
    way = one.way
    if way.per_person:
        return f"お一人{way.minutes}分 × {found.people:,}人 × {found.times}回"
    each = f"（お一人ごとに、あと{way.minutes_each}分 × {found.people:,}人）" if way.minutes_each else ""
    return f"一回{way.minutes}分{each} × {found.times}回。何人に届けても、作る手間は一回分です。"


def _story(found: compare.CompareView) -> Markup:
    """The course's own example, added up plainly first, then with what the plain sum leaves out."""
    parts = "＋".join(f"{one.people:,}" for one in found.audiences)
    lines = [(one.label, f"{one.people:,}人", f"一日{one.daily}回" if one.daily else "同じ投稿を見ます") for one in found.audiences]
    total = found.gathered
    told = Markup(
        "<p>この講座のもとになった話では、{}で<b>{:,}人</b>とつながっています。同じ方の重なりを{:g}％と置くと、およそ<b>{:,}人</b>。"
        "そのうち投稿が目にとまるのは、{:g}％と置いて、およそ<b>{:,}人</b>です。</p><p>投稿の手間は、めやすの分数で数えると、ひと月に<b>{}</b>。"
        "決めた時間の中で、ご自分に合う回数を選びましょう。</p>"
    ).format(parts, total.added, found.overlap * 100, total.different, found.reach_often * 100, total.reached, spell_minutes(total.minutes))
    return Markup('<details class="kz-numbers"><summary>足し算の例を見る</summary>{}{}</details>').format(
        table(["見ている人", "人数", "投稿"], lines), told
    )


def compare_media(page: Page) -> Compare:
    """What the media take for the same people."""
    return Compare(page, "届け方をくらべる")
