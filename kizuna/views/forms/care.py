"""Looking after the workbook: what was done when, the copies of its days, and whether all is well with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import groupby

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.steps import doctor
from kizuna.steps.doctor import Check
from kizuna.steps.erasing import records
from kizuna.views import plain as widgets
from kizuna.views.page import Form, Page
from kizuna.views.parts import button, day, empty, html, row, say, spell_copy, stack
from kizuna.views.plain import show
from kizuna.workbook import backups
from kizuna.workbook.history import Done, acts
from kizuna.workbook.store import Workbook

_AT_ONCE = 40  # acts shown at first, and with each further press
_STATES = {"undone": "取り消し中", "dropped": "取り消し"}


class History(Form):
    """Every act in the workbook, the newest first: when, what, and by whom."""

    def build(self) -> None:
        self._most = _AT_ONCE
        self._told = html()
        self._more = button("もっと前を見る", self._further, self.mark, "kz-quiet")
        self.lay(self._told, self._more)

    def refresh(self) -> None:
        with self.page.book.reading() as session:
            found = [one for _, one in acts(session, self._most + 1)]
        show(self._more, len(found) > self._most)
        found = _with_erased(found[: self._most], self.page.book, len(found) > self._most)
        if not found:
            self._told.value = empty("まだ、何も書いていません", "どこかのページで一つ書くと、ここに一行ふえます。")
            return
        several = len({one.by for one in found if one.by}) > 1
        days = groupby(found, key=lambda one: _here(one.at).date())
        self._told.value = say("新しいものから順に並んでいます。いちばん上の「ひとつ前に戻す」で、順に取り消せます。") + Markup("").join(
            _day(on, list(done), several) for on, done in days
        )

    def _further(self) -> None:
        self._most += _AT_ONCE
        self.refresh()


class Copies(Form):
    """The copies of the workbook, and the way back to one of them."""

    def build(self) -> None:
        self._told = html()
        self._pick = widgets.Dropdown(options=[("", "")])
        self._pick.add_class("kz-middle")
        self._ask = button("この控えに戻す", self._sure, self.mark)
        self._picked = row(self._pick, self._ask)
        self._words = html()
        self._confirm = stack(
            self._words, row(button("はい、戻します", self._go_back, self.mark, "kz-main"), button("やめておく", self._leave, self.mark))
        )
        show(self._confirm, False)
        self.lay(self._told, self._picked, self._confirm)

    def refresh(self) -> None:
        path = self.page.book.path
        found = backups.copies(path) if not isinstance(path, str) else []
        show(self._picked, found)
        if found:
            self._told.value = say(f"控え（ノートの写し）が{len(found)}つあります。書きはじめた日ごとに、ひとりでに残ります。")
            chosen = self._pick.value
            self._pick.options = [(spell_copy(one), str(one.path)) for one in found]
            if chosen in {str(one.path) for one in found}:
                self._pick.value = chosen
        else:
            self._told.value = empty("控えは、まだありません", "ノートを書いた次の日から、一日に一つずつ残ります。")

    def _sure(self) -> None:
        self._words.value = Markup(
            '<div class="kz-finding care"><b>戻す前に</b>ノートを、{}の姿に戻します。いまの姿も控えに残るので、あとで、またもとに戻せます。</div>'
        ).format(spell_copy(self._chosen()))
        show(self._confirm, True)

    def _leave(self) -> None:
        show(self._confirm, False)

    def _go_back(self) -> None:
        copy = self._chosen()
        self.page.book.go_back_to(copy.path)
        show(self._confirm, False)
        self.refresh()
        self.saved(f"{spell_copy(copy)}の姿に戻しました")

    def _chosen(self) -> backups.Copy:
        path = self.page.book.path
        found = (
            next((one for one in backups.copies(path) if str(one.path) == self._pick.value), None) if not isinstance(path, str) else None
        )
        if found is None:
            self.refresh()
            raise KizunaError("その控えが見つかりません。一覧を新しくしたので、もう一度選んでください。")
        return found


class Doctor(Form):
    """Whether all is well with the workbook and its place, asked by a button."""

    def build(self) -> None:
        self._told = html()
        self.lay(row(button("点検する", self._look, self.mark, "kz-main")), self._told)

    def _look(self) -> None:
        self.mark.working("見ています…")
        found = doctor.examine(self.page.book.path)
        self._told.value = say(doctor.summary(found)) + Markup("").join(_check(one) for one in found)
        self.mark.clear()


def _with_erased(found: list[Done], book: Workbook, more: bool) -> list[Done]:
    """The acts, and between them that somebody was taken out: it is no act, since nothing brings it back."""
    erased = [one for one in records(book) if not more or one.at >= found[-1].at]
    return sorted([*erased, *found], key=lambda one: one.at, reverse=True)


def _day(on: date, done: list[Done], several: bool) -> Markup:
    lines = Markup("").join(_act(one, several) for one in done)
    return Markup('<h4>{}</h4><ul class="kz-history">{}</ul>').format(day(on), lines)


def _act(one: Done, several: bool) -> Markup:
    state = Markup('<i class="state">{}</i>').format(_STATES[one.state]) if one.state in _STATES else ""
    by = Markup('<span class="by">{}</span>').format(one.by) if several and one.by else ""
    return Markup("<li{}><time>{:%H:%M}</time><span>{}{}{}</span></li>").format(
        Markup(' class="undone"') if state else "", _here(one.at), one.label, state, by
    )


def _check(one: Check) -> Markup:
    mend = Markup("<div>{}</div>").format(one.mend) if one.mend else ""
    return Markup('<div class="kz-check {}"><i>{}</i><div><b>{}</b><span>{}</span>{}</div></div>').format(
        one.state.name.lower(), doctor.SIGNS[one.state], one.title, one.said, mend
    )


def _here(at: datetime) -> datetime:
    """A moment that is stored in UTC, at this machine's clock."""
    return at.replace(tzinfo=UTC).astimezone()


def history(page: Page) -> History:
    """What was done in the workbook of ``page``."""
    return History(page, "書いたことの記録")


def copies(page: Page) -> Copies:
    """The copies of the workbook of ``page``."""
    return Copies(page, "控えから戻す")


def check_up(page: Page) -> Doctor:
    """A look over the workbook of ``page``."""
    return Doctor(page, "ノートの点検")
