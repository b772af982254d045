"""The rehearsal on the page (まねごと): two made-up gatherings beside each other, to feel what the gate and the quiet owner are for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from markupsafe import Markup

from kizuna.steps.tribe.gate import gate
from kizuna.steps.tribe.rehearsal import MEMBERS, MOST_SALES, RUNS, SHARE, WEEKS, Preset, Rehearsal, Settings, lasting, rehearse, words
from kizuna.views import plain as widgets
from kizuna.views.gathering import KEY, most, numbers, picture, said
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.parts import asked, button, html, row, stack
from kizuna.views.plain import show

_USUAL_WEEKS = (5, 8, 10)
_NAMES = ("ひとつめの集まり", "ふたつめの集まり")


class Side(widgets.VBox):
    """One of the two gatherings: its sliders, and its picture below them; ``moved`` is called when a slider was let go."""

    def __init__(self, name: str, settings: Settings, moved: Callable[[], object]) -> None:
        self._moved, self._filling = moved, False
        self._members, self._fans = _slider(*MEMBERS), _slider(0, settings.members)
        self._share = _slider(*SHARE, step=10)
        self._sales = _slider(0, MOST_SALES)
        self._weeks = [_slider(1, WEEKS, week) for week in _USUAL_WEEKS]
        self._when = [asked(f"{number}回めは、何週めに入りますか", one) for number, one in enumerate(self._weeks, start=1)]
        self._shown = html()
        super().__init__(
            [
                html(Markup("<h4>{}</h4>").format(name)),
                asked("仲間の人数（店主のほかに）", self._members),
                asked("そのうち、ファンの方", self._fans),
                asked("店主が先に話す割合（％）", self._share),
                asked("商品の案内が入る回数", self._sales),
                *self._when,
                self._shown,
            ]
        )
        self.add_class("kz-side")
        self.fill(settings)
        for one in (self._members, self._fans, self._share, self._sales, *self._weeks):
            one.observe(self._let_go, names="value")

    @property
    def settings(self) -> Settings:
        """The gathering as the sliders stand; two posts in one week are one."""
        sales = sorted({one.value for one in self._weeks[: self._sales.value]})
        return Settings(members=self._members.value, fans=self._fans.value, share=self._share.value, sales=tuple(sales))

    def fill(self, settings: Settings) -> None:
        """Let the sliders stand as ``settings`` tell."""
        self._filling = True
        try:
            self._members.value, self._fans.max = settings.members, settings.members
            self._fans.value, self._share.value, self._sales.value = settings.fans, settings.share, len(settings.sales)
            for slider, week in zip(self._weeks, settings.sales, strict=False):
                slider.value = week
        finally:
            self._filling = False
        self._fit()

    def fans(self, count: int) -> None:
        """Let so many of the members be fans; where there are fewer members, as many members."""
        now = self.settings
        self.fill(now.model_copy(update={"fans": count, "members": max(now.members, count)}))

    def draw(self, one: Rehearsal, top: int, lasts: int) -> None:
        """Show what became of this gathering."""
        told = Markup(
            "<p class='kz-say'>{}</p><p class='kz-hint'>運もあります。同じ条件で{}回ためすと、{}週めもにぎわっていたのは<b>{}回</b>でした。</p>"
        )
        table = Markup('<details class="kz-numbers"><summary>数字の表で見る</summary>{}</details>').format(numbers(one))
        self._shown.value = told.format(said(one), RUNS, WEEKS, lasts) + picture(one, top) + table

    def _let_go(self, _: object) -> None:
        if not self._filling:
            self._fit()
            self._moved()

    def _fit(self) -> None:
        """No more fans than members, and a question about a week only where something comes in it."""
        self._filling = True
        self._fans.max = self._members.value
        self._filling = False
        for number, one in enumerate(self._when):
            show(one, number < self._sales.value)


class RehearsalForm(Form):
    """Two gatherings to rehearse; nothing of it is kept, since nothing of it is true."""

    def build(self) -> None:
        self._seed = 1
        self._sides: tuple[Side, ...] = ()
        self._why, self._told = html(), html()
        self._mine = button("", self._as_mine, self.mark, "kz-quiet")
        self._opening = Opening(("まねごとをひらく", "まねごとをとじる"), self._make, self._draw, self.mark, "kz-main")
        self.lay(html(Markup('<p class="kz-sample">{}</p>').format(words().notice)), self._opening)

    def refresh(self) -> None:
        fans = min(len(gate(self.page.book).fans), MEMBERS[1])
        self._mine.description = f"ひとつめを、いまのファンの方の人数（{fans}人）でためす"
        show(self._mine, fans)

    def _make(self) -> tuple[widgets.Widget, ...]:
        told = words()
        self._sides = tuple(
            Side(name, settings, partial(self.mark.guard, self._draw)) for name, settings in zip(_NAMES, told.presets[0].sides, strict=True)
        )
        both = row(*self._sides)
        both.add_class("kz-sides")
        choices = [button(one.name, partial(self._take, one), self.mark) for one in told.presets]
        again = button("ちがう12週間をためす", self._again, self.mark, "kz-quiet")
        rules = Markup("").join(Markup("<li>{}</li>").format(one) for one in told.told)
        assumed = Markup('<div class="kz-q">このまねごとの決めごと（どれも作った数です）</div><ul class="kz-assumed">{}</ul>').format(rules)
        choose = stack(html(Markup('<div class="kz-q">くらべてみる</div>')), row(*choices))
        return (stack(choose, self._why, both, html(KEY), row(again, self._mine), html(assumed), kind="kz-group"),)

    def _draw(self) -> None:
        shown = [rehearse(one.settings, self._seed) for one in self._sides]
        top = max(most(one) for one in shown)
        for side, one in zip(self._sides, shown, strict=True):
            side.draw(one, top, lasting(one.settings, self._seed))
        now = tuple(one.settings for one in self._sides)
        why = next((one.why for one in words().presets if one.sides == now), "")
        self._why.value = Markup('<p class="kz-say">{}</p>').format(why) if why else Markup("")

    def _take(self, preset: Preset) -> None:
        for side, settings in zip(self._sides, preset.sides, strict=True):
            side.fill(settings)
        self._draw()

    def _as_mine(self) -> None:
        self._sides[0].fans(min(len(gate(self.page.book).fans), MEMBERS[1]))
        self._draw()

    def _again(self) -> None:
        self._seed += 1
        self._draw()


def _slider(low: int, high: int, value: int | None = None, step: int = 1) -> widgets.IntSlider:
    """A slider that is heard when it is let go, not on its way."""
    return widgets.IntSlider(value=low if value is None else value, min=low, max=high, step=step, continuous_update=False)


def rehearsal(page: Page) -> RehearsalForm:
    """The rehearsal of a gathering, made up."""
    return RehearsalForm(page, "画面の中で、集まりを12週分ためしてみます")
