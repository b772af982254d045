"""What the owner publishes, on the page: the last posts and their kinds, the five points, and what may be told again."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.points import texts
from kizuna.language.posts import Kind
from kizuna.steps import posts as posts_
from kizuna.steps import recurring as recurring_
from kizuna.steps.points import balance, counted, lowest
from kizuna.steps.posts import PostView
from kizuna.views import charts
from kizuna.views import plain as widgets
from kizuna.views.fields import read_number
from kizuna.views.page import Form, Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, day, empty, html, row, say, stack
from kizuna.views.plain import show
from kizuna.workbook.reading.cell import shorten

_AT_FIRST = 5  # posts shown at once to be corrected
_REST = 90


class Posts(Form):
    """The last posts pasted in, read as five kinds that the owner can correct, and how they are shared out."""

    def build(self) -> None:
        self._pasted = widgets.Textarea(rows=8, placeholder="投稿を、ここに貼りつけます。一つずつのあいだに、空いた行を入れてください。")
        told = Markup('<div class="kz-q">さいきんの投稿を、{}件まで貼りつけます。</div><div class="kz-hint">{}</div>').format(
            posts_.LAST,
            "Instagram・X・LINE・ブログ・お便り、どれでもかまいません。日付がいっしょに入っていると、間があいた日数も分かります。",
        )
        self._told, self._chart = html(), html()
        self._lines: dict[int, _Line] = {}
        self._list = stack(kind="kz-list")
        self._shown = _AT_FIRST
        self._more = button("", self._show_more, self.mark, "kz-quiet")
        self.lay(
            stack(html(told), self._pasted, row(button("投稿を読み分ける", self._add, self.mark, "kz-main"))),
            self._told, self._chart, self._list, self._more,
        )  # fmt: skip

    def refresh(self) -> None:
        views = posts_.posts(self.page.book)
        names = texts().kinds
        (self.remove_class if views else self.add_class)("kz-off-paper")
        if views:
            silence = posts_.gap(views)
            self._told.value = say(posts_.ratio(views)) + (Markup('<p class="kz-hint">{}</p>').format(silence) if silence else "")
            shares = [(name, [shorten(one.text, 60) for one in views if one.kind is kind]) for kind, name in names.items()]
            self._chart.value = charts.share_bars(shares, "種類")
        else:
            self._told.value, self._chart.value = "", ""
        self._deal(views)

    def paper(self, blank: bool) -> list[Block]:
        views = () if blank else posts_.posts(self.page.book)
        lines = tuple(
            Line(name, kind="brief", unit="件", value=str(sum(one.kind is kind for one in views)) if views else "")
            for kind, name in texts().kinds.items()
        )
        return [Block("投稿をふりかえる", posts_.ratio(views) if views else "さいきんの二十件を見て、種類ごとに数えましょう。", lines)]

    def _deal(self, views: tuple[PostView, ...]) -> None:
        shown = views[: self._shown]
        for gone in set(self._lines) - {one.id for one in shown}:
            self._lines.pop(gone).close()
        for one in shown:
            if one.id in self._lines:
                self._lines[one.id].show(one)
            else:
                self._lines[one.id] = _Line(self, one)
        self._list.children = [self._lines[one.id] for one in shown]
        self._more.description = f"あと{len(views) - len(shown)}件を見る"
        show(self._more, len(views) > len(shown))

    def _show_more(self) -> None:
        self._shown = posts_.LAST
        self._deal(posts_.posts(self.page.book))

    def _add(self) -> None:
        count = posts_.add(self.page.book, self._pasted.value)
        self._pasted.value = ""
        self.refresh()
        self.saved(f"{count}件を読み分けました。ちがっていたら、下で直してください" if count else "どれも、もう入っている投稿でした")


class _Line(widgets.VBox):
    """One post with its kind, to be corrected."""

    def __init__(self, form: Posts, one: PostView) -> None:
        self._form, self._id, self._filling = form, one.id, False
        self._text = html()
        self._kind = widgets.Dropdown(options=[(name, kind) for kind, name in texts().kinds.items()])
        self._kind.add_class("kz-middle")
        self._kind.observe(self._changed, names="value")
        super().__init__([self._text, row(self._kind, button("消す", self._remove, form.mark, "kz-quiet"))])
        self.add_class("kz-column")
        self.show(one)

    def show(self, one: PostView) -> None:
        """Show the post as the file holds it now."""
        when = day(one.posted_on) if one.posted_on else "日にちなし"
        by = "ご自分で直したもの" if one.by == posts_.PERSON else "機械が読んだもの"
        self._text.value = Markup('<div class="kz-post">{}</div><div class="kz-hint">{}・{}</div>').format(shorten(one.text, 140), when, by)
        self._filling = True
        self._kind.value = one.kind
        self._filling = False

    def _changed(self, change: dict[str, Any]) -> None:
        if not self._filling:
            self._form.mark.guard(lambda: self._correct(change["new"]))

    def _correct(self, kind: Kind) -> None:
        posts_.correct(self._form.page.book, self._id, kind)
        self._form.refresh()
        self._form.saved()

    def _remove(self) -> None:
        posts_.remove(self._form.page.book, self._id)
        self._form.refresh()
        self._form.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


class FivePoints(PartForm):
    """The five points over all that is written, and one suggestion for the one least touched."""

    def build(self) -> None:
        self._told, self._chart = html(), html()
        names = Markup("").join(
            Markup("<div><h4>{}. {}</h4><p class='kz-key'>講座の言葉：{}</p><p>{}</p></div>").format(
                number, point.plain, point.name, point.ours
            )
            for number, point in enumerate(texts().points, start=1)
        )
        purpose = say(Markup("SNSを使う目的は、<b>{}</b>").format(texts().purpose))
        ours = Markup('<p class="kz-key">「講座の言葉」のほかは、kizuna が言いかえたり、書き足したりしたものです。</p>')
        self.lay(html(purpose + Markup('<div class="kz-cards">{}</div>{}').format(names, ours)), self._told, self._chart)

    def refresh(self) -> None:
        shares = balance(self.page.book, self.part)
        if not any(one.items for one in shares):
            self._told.value = empty(
                "まだ見くらべるものがありません", "計画の一手か、投稿か、くり返すものを入れると、五つの釣り合いが見えます。"
            )
            self._chart.value = ""
            return
        low = lowest(shares)
        self._told.value = say(Markup("いちばん少ないのは<b>{}</b>です。{}").format(low.plain, low.suggestion)) + Markup(
            '<p class="kz-hint">{}</p>'
        ).format(counted(self.page.book, self.part))
        self._chart.value = charts.share_bars([(one.point.plain, one.items) for one in shares], "目のつけどころ")


class Recurring(Form):
    """What the owner likes to tell again, and what still rests."""

    def build(self) -> None:
        self._list = stack(kind="kz-list")
        self._title = widgets.Text(placeholder="例：雨の日の本の運び方")
        self._point = widgets.Dropdown(options=[(point.plain, point.key) for point in texts().points])
        self._point.add_class("kz-middle")
        self._days = widgets.Text(value=str(_REST))
        self._days.add_class("kz-narrow")
        self.lay(
            self._list,
            stack(html(Markup('<div class="kz-q">くり返し話せること</div>')), self._title),
            stack(html(Markup('<div class="kz-q">どの目のつけどころに近いですか。</div>')), self._point),
            stack(html(Markup('<div class="kz-q">一度話したら、何日休ませますか。</div>')), row(self._days, html("日"))),
            row(button("入れる", self._add, self.mark)),
        )

    def refresh(self) -> None:
        today = date.today()
        found = recurring_.recurring(self.page.book, today)
        nothing = empty("まだ入っていません", "毎年の桜、よく聞かれること、店の失敗談。何度話してもよいことを、ここにためておけます。")
        self._list.children = [self._line(one, today) for one in found] or [html(nothing)]

    def paper(self, blank: bool) -> list[Block]:
        found = () if blank else recurring_.recurring(self.page.book)
        lines = [Line("くり返し話せること", value=f"{one.title}（{one.rest_days}日休ませる）") for one in found] or [
            Line("くり返し話せること")
        ] * 3
        return [Block("くり返すもの", lines=tuple(lines))]

    def _line(self, one: recurring_.RecurringView, today: date) -> widgets.Widget:
        names = {point.key: point.plain for point in texts().points}
        rests = one.rests(today)
        state = f"{day(one.free_from)}まで休ませています" if rests else "いま話せます"
        told = html(Markup("<div><b>{}</b><div class='kz-hint'>{}・{}</div></div>").format(one.title, names.get(one.point, ""), state))
        used = button("今日、話しました", partial(self._tell, one.id), self.mark)
        return row(told, *([] if rests else [used]), button("消す", partial(self._drop, one.id), self.mark, "kz-quiet"))

    def _add(self) -> None:
        days = read_number(self._days.value)
        if days is None or days != int(days):
            raise KizunaError("休ませる日数は、「90」のように切りのよい数で書いてください。")
        recurring_.add_recurring(self.page.book, self._title.value, self._point.value, int(days))
        self._title.value, self._days.value = "", str(_REST)
        self.refresh()
        self.saved("入れました")

    def _tell(self, recurring_id: int) -> None:
        recurring_.tell(self.page.book, recurring_id)
        self.refresh()
        self.saved("話した日を書きました。しばらく休ませます")

    def _drop(self, recurring_id: int) -> None:
        recurring_.drop_recurring(self.page.book, recurring_id)
        self.refresh()
        self.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


def posts(page: Page) -> Posts:
    """The last posts and their kinds."""
    return Posts(page, "さいきんの投稿をふりかえる")


def five_points(page: Page) -> FivePoints:
    """The five points of SNS."""
    return FivePoints(page, "五つの目のつけどころ")


def recurring(page: Page) -> Recurring:
    """What may be told again."""
    return Recurring(page, "くり返すもの")
