"""STEP4 on the page: the thanks box."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from kizuna.language.counting import things
from kizuna.steps import thanks
from kizuna.views import plain as widgets
from kizuna.views.files import Papers, printed
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block
from kizuna.views.parts import button, empty, html, quote, say, stack
from kizuna.views.plain import show
from kizuna.views.sheets import thanks_html

_FIRST, _AT_ONCE = 4, 20  # sentences shown at first, and more at each click


class ThanksBox(PartForm):
    """Thanks to keep for hard days: what may be put in, and what lies in the box."""

    def build(self) -> None:
        self._limit = _FIRST
        self._told, self._list, self._kept = html(), stack(kind="kz-list"), stack(kind="kz-list")
        self._more = button("", self._show_more, self.mark, "kz-quiet")
        book, part = self.page, self.part
        sheet = printed("print", "感謝箱を印刷する", "感謝箱", lambda: thanks_html(book.book, part))
        self._papers = Papers([sheet], self.mark)
        self._shown: object = None
        self._inside = stack(html(Markup('<div class="kz-q">感謝箱の中</div>')), self._kept, self._papers)
        self._choose = stack(html(Markup('<div class="kz-q">箱に入れる言葉を選ぶ</div>')), self._list, self._more)
        self.lay(self._told, self._inside, self._choose)

    def refresh(self) -> None:
        kept, offered = thanks.box(self.page.book, self.part), thanks.candidates(self.page.book, self.part)
        if (kept, offered, self._limit) == self._shown:
            return
        self._shown = (kept, offered, self._limit)
        if not kept and not offered:
            self._told.value = empty(
                "まだ「ありがとう」が届いていません", "お客さまの「ありがとう」や「あなたが」という言葉が入ると、ここに出ます。"
            )
        else:
            told = Markup("感謝箱に<b>{}</b>の言葉が入っています。元気のない日に、読み返してください。").format(things(len(kept)))
            self._told.value = say(told if kept else "感謝箱は、これからです。下の言葉から、とっておきたいものを入れましょう。")
        shown = offered[: self._limit]
        self._list.children = [
            stack(html(quote(one.card)), button("感謝箱に入れる", partial(self._keep, one.id), self.mark, "kz-quiet"), kind="kz-card")
            for one in shown
        ]
        self._more.description = f"ほかの言葉を見る（あと{len(offered) - len(shown)}）"
        show(self._more, len(offered) > len(shown))
        self._kept.children = [self._lying(one) for one in kept]
        show(self._inside, kept)
        show(self._choose, offered)

    def paper(self, blank: bool) -> list[Block]:
        kept = () if blank else thanks.box(self.page.book, self.part)
        return [Block("感謝箱", quotes=tuple(one.card for one in kept))] if kept else []

    def _show_more(self) -> None:
        self._limit += _AT_ONCE
        self.refresh()

    def _lying(self, one: thanks.Kept) -> widgets.Widget:
        note = widgets.Text(value=one.note, placeholder="例：開店五年目の冬に", continuous_update=False)
        note.observe(lambda change: self.mark.guard(lambda: self._write(one.id, change["new"])), names="value")
        beside = stack(html(Markup('<div class="kz-hint">ひとことそえる</div>')), note)
        return stack(
            html(quote(one.card)), beside, button("箱から出す", partial(self._unkeep, one.id), self.mark, "kz-quiet"), kind="kz-card"
        )

    def _write(self, kept_id: int, note: str) -> None:
        thanks.write_note(self.page.book, kept_id, note)
        self.refresh()
        self.saved()

    def _keep(self, passage_id: int) -> None:
        thanks.keep(self.page.book, self.part, passage_id)
        self.refresh()
        self.saved("感謝箱に入れました")

    def _unkeep(self, kept_id: int) -> None:
        thanks.unkeep(self.page.book, kept_id)
        self.refresh()
        self.saved("箱から出しました。もとの声は、そのまま残っています")


def thanks_box(page: Page) -> ThanksBox:
    """The thanks box."""
    return ThanksBox(page, "感謝箱")
