"""The hand-in on the page: what would leave is read first, then the file is made of just that."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.steps import handin, sharing
from kizuna.steps.handin import Count, HandIn, Section
from kizuna.views import plain as widgets
from kizuna.views.files import Paper, Papers, printed
from kizuna.views.forms.papers import OneSheet
from kizuna.views.page import Form, Page
from kizuna.views.parts import button, empty, html, row, say, stack
from kizuna.views.plain import show
from kizuna.views.sheets import handin_html, sharing_html
from kizuna.workbook import place
from kizuna.workbook.store import Workbook
from kizuna.workbook.submission import SUFFIX


class Leaving(Form):
    """Everything that would leave, as it would leave; made when it is asked for, and anew whenever the workbook changes after that."""

    def build(self) -> None:
        self.looked_at: HandIn | None = None
        self._seen: tuple[Workbook, int] | None = None
        self._told = html()
        self._look = button("外に出るものを見る", self._press, self.mark, "kz-main")
        sheet = printed("print", "一覧を印刷する", "外に出るもの一覧", self._sheet)
        self._papers = Papers([sheet], self.mark)
        self.add_class("kz-off-paper")
        self.lay(row(self._look), self._told, self._papers)

    def refresh(self) -> None:
        if self.looked_at is not None and self._seen != (self.page.book, self.page.book.version()):
            self._prepare()
        show(self._papers, self.looked_at)
        show(self._look, not self.looked_at)
        self._told.value = _list(self.looked_at) if self.looked_at else ""

    def _press(self) -> None:
        if not self.page.ready:
            raise KizunaError(handin.words().nothing)
        self.mark.working("外に出るものを集めています")
        self._prepare()
        self.mark.clear()
        self.refresh()
        self.page.changed(self)

    def _prepare(self) -> None:
        self.looked_at = None
        self._seen = (self.page.book, self.page.book.version())
        self.looked_at = handin.prepare(self.page.book)

    def _sheet(self) -> str:
        assert self.looked_at is not None  # noqa: S101 - the button stands only below the list
        return handin_html(self.looked_at)


class Making(Form):
    """The consent to just what was read, the file, and where it lies."""

    def build(self) -> None:
        self._agreed = ""
        self._told = html()
        self._agree = widgets.Checkbox(description=handin.words().agree, indent=False)
        self._agree.observe(lambda change: self.mark.guard(lambda: self._turned(bool(change["new"]))), names="value")
        self._make = button("提出用ファイルを作る", self._press, self.mark, "kz-main")
        self._ask = stack(self._agree, self._make)
        self._file: Path | None = None
        self._of = ""
        self._made = html()
        self._papers = Papers(
            [Paper("file", "ファイルを受け取る（ダウンロード）", f"提出用{SUFFIX}", "application/octet-stream", self._bytes)], self.mark
        )
        self.add_class("kz-off-paper")
        self.lay(self._told, self._ask, self._made, self._papers)

    def refresh(self) -> None:
        looked_at = self._looked_at()
        if looked_at is None or looked_at.digest != self._agreed:
            self._agree.value = False  # what was agreed to is no longer what would leave
        show(self._ask, looked_at)
        self._make.disabled = not self._agree.value
        self._told.value = (
            "" if looked_at else empty("まだ、外に出るものを見ていません", "上の「外に出るものを見る」を押して、一覧を読んでください。")
        )

        self._made.value = _made(self._file, looked_at) if self._file and looked_at and looked_at.digest == self._of else ""
        show(self._papers, self._made.value)

    def _looked_at(self) -> HandIn | None:
        return next((form.looked_at for form in self.page.forms if isinstance(form, Leaving)), None)

    def _turned(self, yes: bool) -> None:
        looked_at = self._looked_at()
        self._agreed = looked_at.digest if yes and looked_at else ""
        self._make.disabled = not self._agreed

    def _press(self) -> None:
        looked_at = self._looked_at()
        if looked_at is None or not self._agreed:
            raise KizunaError("一覧を読んで、上の四角に印をつけてから、もう一度押してください。")
        book = self.page.book
        folder = book.path.parent if isinstance(book.path, Path) else place.home()
        self._file = handin.hand_in(book, folder / handin.file_name(looked_at), self._agreed)
        self._of = looked_at.digest
        self.refresh()
        self.mark.saved("提出用ファイルを作りました")

    def _bytes(self) -> bytes:
        if self._file is None or not self._file.exists():
            raise KizunaError("ファイルが見つかりません。もう一度「提出用ファイルを作る」を押してください。")
        return self._file.read_bytes()


def _list(one: HandIn) -> Markup:
    words = handin.words()
    told = say(
        Markup("外に出る文は<b>{}</b>。お名前や電話番号などを隠した所は<b>{}</b>あります。").format(things(one.texts), f"{one.covered}か所")
    )
    notes = Markup('<p class="kz-hint">{}{}{}</p>').format(words.lead, words.masks, words.withheld if one.withheld else "")
    care = Markup('<div class="kz-finding care"><b>ご自分の目でも</b>{}</div>').format(words.look)
    sections = Markup("").join(_section(section) for section in one.sections)
    return Markup('<div class="kz-leaving">{}{}{}{}{}{}</div>').format(
        told, notes, care, sections, _counts("文のほかに、外に出るもの", one.facts), _stays(one.stays)
    )


def _section(section: Section) -> Markup:
    """One heading, unfolded: what is to be agreed to shall not wait behind a click."""
    texts = Markup("").join(Markup("<div><span>{}</span><p>{}</p></div>").format(each.label, each.text) for each in section.texts)
    return Markup('<details class="kz-leaves" open><summary>{}（{}）</summary>{}</details>').format(
        section.title, len(section.texts), texts
    )


def _counts(title: str, counts: tuple[Count, ...]) -> Markup:
    rows = Markup("").join(Markup("<li>{} {}<span>　{}</span></li>").format(one.label, one.said, one.what) for one in counts)
    return Markup('<div class="kz-q">{}</div><ul class="kz-coming">{}</ul>').format(title, rows) if rows else Markup("")


def _stays(counts: tuple[Count, ...]) -> Markup:
    rows = Markup("").join(Markup("<li>{}</li>").format(one.label) for one in counts)
    return Markup('<div class="kz-q">外に出ないもの</div><ul class="kz-coming kz-stays">{}</ul>').format(rows) if rows else Markup("")


def _made(file: Path, one: HandIn) -> Markup:
    return Markup(
        '<div class="kz-made"><b>{}</b><span>あなたの番号　{}</span><span>入っている所　{}</span><p>{}</p></div>'
    ).format(file.name, one.code, file.parent, handin.words().passing)  # fmt: skip


def leaving(page: Page) -> Leaving:
    """What would leave, to read."""
    return Leaving(page, "外に出るもの")


def hand_in(page: Page) -> Making:
    """The file to hand in."""
    return Making(page, "提出用ファイル")


def share_sheet(page: Page) -> OneSheet:
    """The sheet to share in the group."""
    sheet = printed("share", "共有シートを印刷する", "共有シート", lambda: sharing_html(page.book))
    return OneSheet(page, "共有シート", sharing.words().masks, sheet)
