"""STEP4 on the page: the feedback form, the request in words, and of whom it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import asking, drafts, feedback, research
from kizuna.views import plain as widgets
from kizuna.views.fields import read_number
from kizuna.views.files import Paper, Papers, printed
from kizuna.views.forms.draft import Care, DraftList
from kizuna.views.grid import Column, Grid
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, Line
from kizuna.views.parts import button, day, empty, findings, html, row, say, stack
from kizuna.views.plain import show
from kizuna.views.sheets import feedback_html
from kizuna.workbook.reading.cell import shorten

_WHO, _HOW_MANY, _WHEN = "どなたにお願いしましたか。", "お名前を控えずにお願いした人数", "いつお願いしましたか。"
_ONE_MORE = Markup(
    '<div class="kz-finding advice"><b>あと一つだけ。</b>いただいた感想を何に使うか、上の1番に書いてください'
    "（「望みを聞く」のページに書いてあれば、それが入ります）。</div>"
)


class Kit(PartForm):
    """The feedback form: what it asks, to print, and to paste into a form service."""

    def build(self) -> None:
        self._list = html()
        book, part = self.page, self.part
        sheets = [
            printed("sheet", "感想の用紙を印刷する", "感想の用紙", lambda: self._print(book, part)),
            Paper(
                "copy", "質問の文を写す（LINEなどに貼りつけて使えます）", "感想の質問.txt", "text/plain",
                lambda: asking.form_text(book.book, part).encode("utf-8"), copy=True,
            ),
        ]  # fmt: skip
        self.lay(self._list, Papers(sheets, self.mark))

    def refresh(self) -> None:
        words, purpose, asked = feedback.texts(), asking.purpose(self.page.book, self.part), asking.questions(self.part)
        numbered = list(enumerate(asked, start=1))
        on_it = Markup("").join(Markup("<li><b>{}. {}</b></li>").format(number, one.text) for number, one in numbered)
        for_you = Markup("").join(Markup("<p>{}. {}</p>").format(number, one.why) for number, one in numbered)
        line = Markup("<p>何に使うか：{}</p>").format(purpose) if purpose else Markup("")
        missing = _ONE_MORE if not purpose else Markup("")
        self._list.value = missing + Markup(
            '<div class="kz-cards"><div><h4>用紙にのる言葉</h4><p>{}</p>{}<ul class="kz-questions">{}</ul><p>{}</p></div>'
            "<div><h4>聞くときの手がかり（用紙にはのりません）</h4>{}</div></div>"
        ).format(words.lead, line, on_it, words.photo, for_you)

    def _print(self, page: Page, part: Part) -> str:
        self.mark.clear()
        return feedback_html(page.book, part)


class Message(PartForm):
    """The words with which feedback is asked for: drafts of the kind ``request``."""

    def build(self) -> None:
        self._form = widgets.Dropdown(options=[(one.name, one.key) for one in drafts.forms(drafts.Kind.REQUEST)])
        self._form.add_class("kz-middle")
        begin = button("お願いの文を下書きする", self._begin, self.mark, "kz-main")
        nothing = ("お願いの文は、まだありません", "上で選んで「お願いの文を下書きする」を押すと、ここに書くところが出ます。")
        self._drafts = DraftList(self, Care(asking.check_request), nothing)
        self.lay(stack(html(Markup('<div class="kz-q">何でお願いしますか。</div>')), row(self._form, begin)), self._drafts)

    def refresh(self) -> None:
        self._drafts.show(drafts.drafts(self.page.book, self.part, drafts.Kind.REQUEST))

    def paper(self, blank: bool) -> list[Block]:
        words = drafts.texts().kinds[drafts.Kind.REQUEST]
        if blank:
            return [Block(words.name, lines=tuple(Line(role.label, kind="long") for role in words.roles))]
        written = drafts.drafts(self.page.book, self.part, drafts.Kind.REQUEST)
        return [
            Block(words.name, one.form.name, tuple(Line(role.label, value=text) for role, text, _ in one.paragraphs())) for one in written
        ]

    def _begin(self) -> None:
        words = asking.request_words(self.page.book, self.part)
        one = drafts.begin(self.page.book, self.part, drafts.Kind.REQUEST, self._form.value, words=words)
        self._drafts.show(drafts.drafts(self.page.book, self.part, drafts.Kind.REQUEST), unfold=one)
        self.refresh()
        self.saved("下書きを作りました。ご自分の言葉に直してください")


class Asked(PartForm):
    """Of whom feedback was asked for: by name, or so many sheets handed out; the number against which answers are read."""

    def build(self) -> None:
        self._told = html()
        self._who = widgets.Combobox(placeholder="例：ミナトさん", ensure_option=False)
        self._who.add_class("kz-middle")
        self._count = widgets.Text(placeholder="例：12")
        self._count.add_class("kz-narrow")
        self._day = widgets.DatePicker(value=date.today())
        self._day.add_class("kz-narrow")
        self._columns = (
            Column("who", "お願いした方", read_only=True),
            Column("count", "人数", "number", read_only=True, width="90px", unit="人"),
            Column("asked_on", "お願いした日", "date", read_only=True, width="170px"),
        )
        self._grid = Grid(self._columns, lambda *_: None, self.mark, remove=self._remove)
        self._wishers = button("", self._ask_wishers, self.mark)
        self.lay(
            self._told,
            stack(html(Markup('<div class="kz-q">{}</div>').format(_WHO)), self._who),
            stack(
                html(
                    Markup('<div class="kz-q">{}</div><div class="kz-hint">用紙を置いた・配ったときは、その枚数を書きます。</div>').format(
                        _HOW_MANY
                    )
                ),
                row(self._count, html("人")),
            ),
            stack(html(Markup('<div class="kz-q">{}</div>').format(_WHEN)), self._day),
            row(button("お願いしたことを書く", self._add, self.mark, "kz-main"), self._wishers),
            self._grid,
        )

    def refresh(self) -> None:
        book = self.page.book
        rows = asking.asked(book, self.part)
        self._who.options = research.known_names(book)
        waiting = len(asking.to_ask(book, self.part))
        self._wishers.description = feedback.texts().everyone[self.part].format(count=waiting)
        show(self._wishers, waiting)
        show(self._grid, rows)
        self._grid.show([(one.id, {"who": one.who, "count": one.count, "asked_on": one.asked_on}) for one in rows])
        number = asking.asked_people(rows)
        self._told.value = (
            say(Markup("いままでに<b>{}人</b>にお願いしました。").format(number)) + findings(asking.check_asked(book, self.part))
            if rows
            else empty(
                "まだ、どなたにもお願いしていません",
                "喜んでくださりそうな方だけでなく、同じお願いをみなさんに。お願いした数も、ここに書いておきます。",
            )
        )

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            return [
                Block("お願いした方", lines=(Line(_WHO, kind="long"), Line(_HOW_MANY, kind="brief", unit="人"), Line(_WHEN, kind="brief")))
            ]
        rows = asking.asked(self.page.book, self.part)
        lines = tuple(Line(one.who, kind="brief", value=f"{one.count}人・{day(one.asked_on)}") for one in rows)
        return [Block("お願いした方", f"ぜんぶで{asking.asked_people(rows)}人です。", lines)] if rows else []

    def _add(self) -> None:
        name, count = self._who.value.strip(), read_number(self._count.value)
        if not name and not count:
            raise KizunaError("お願いした方のお名前か、人数を書いてください。")
        if count is not None and (count != int(count) or not 0 <= count < 100_000):
            raise KizunaError("人数は、0以上の切りのよい数で書いてください。")
        ids = [self._person(name)] if name else []
        self._note(ids, int(count or 0))
        self._who.value = self._count.value = ""

    def _ask_wishers(self) -> None:
        self._note(asking.to_ask(self.page.book, self.part), 0)

    def _note(self, ids: Sequence[int], count: int) -> None:
        fresh = asking.ask(self.page.book, self.part, self._day.value or date.today(), ids, count)
        self.refresh()
        if fresh:
            self.saved(f"お願いした{fresh}人を書きました")
        else:
            self.mark.tell("この日にお願いした方として、もう入っています。新しく加えたものはありません。")

    def _person(self, name: str) -> int:
        found = research.find_person(self.page.book, name)
        if found is None:
            raise KizunaError(
                f"「{shorten(name, 40)}」という方は、まだ仕事ノートにいらっしゃいません。お名前を一覧から選ぶか、人数のほうに「1」と書いてください。"
            )
        return found

    def _remove(self, request_id: int) -> None:
        asking.unask(self.page.book, request_id)
        self.refresh()
        self.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


def feedback_kit(page: Page) -> Kit:
    """The feedback form on ``page``."""
    return Kit(page, "感想の用紙")


def feedback_message(page: Page) -> Message:
    """The request for feedback in words."""
    return Message(page, "お願いの文")


def feedback_asked(page: Page) -> Asked:
    """Of whom feedback was asked for."""
    return Asked(page, "お願いした方")
