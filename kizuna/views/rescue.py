"""The ways out where a workbook cannot be opened: back to one of its copies, or to another workbook."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from kizuna.finding import Strength
from kizuna.views import plain as widgets
from kizuna.views.page import Form
from kizuna.views.parts import button, html, row, spell_copy, stack
from kizuna.views.plain import show
from kizuna.workbook import backups, place
from kizuna.workbook.store import open_workbook


class Rescue(Form):
    """What is the matter with the workbook, its copies, and other workbooks to open instead."""

    def build(self) -> None:
        self._why = html()
        self._copies = widgets.Dropdown(options=[("", "")])
        self._copies.add_class("kz-middle")
        self._back = stack(
            html(
                Markup(
                    '<div class="kz-q">控え（写し）から戻す</div><div class="kz-hint">日ごとの控えが残っています。開けなかったファイルも、消さずに取っておきます。</div>'
                )
            ),
            row(self._copies, button("この控えで開く", self._restore, self.mark, "kz-main")),
        )
        self._others = widgets.Dropdown(options=[("", "")])
        self._others.add_class("kz-middle")
        self._else = stack(
            html(Markup('<div class="kz-q">ほかのノートを開く</div>')), row(self._others, button("このノートを開く", self._open, self.mark))
        )
        self._retry = button("もう一度、開いてみる", self._again, self.mark)
        self._nowhere = html()
        self._ways = stack(self._why, row(self._retry), self._back, self._else, self._nowhere)
        self._opened = False
        self.lay(self._ways)

    def refresh(self) -> None:
        trouble = self.page.trouble
        show(self._ways, trouble)
        show(self, trouble or self._opened)  # which copy was opened is read below, when nothing else is left to say here
        if trouble is None:
            return
        self._why.value = Markup(
            '<div class="kz-finding stop" role="alert"><b>ノートが開けません</b>{}</div><p class="kz-hint">いまは、何を書いても残りません。先に、ここでノートを開いてください。</p>'
        ).format(trouble.why)
        copies = backups.copies(trouble.path) if not place.fixed() or trouble.path.exists() else []
        self._copies.options = [(spell_copy(one), str(one.path)) for one in copies] or [("", "")]
        show(self._back, copies)
        others = [path for path in place.workbooks() if path != trouble.path]
        self._others.options = [(path.stem, str(path)) for path in others] or [("", "")]
        show(self._else, others and not place.fixed())
        self._nowhere.value = "" if copies or others or place.fixed() else _nowhere()

    def _restore(self) -> None:
        trouble = self.page.trouble
        if trouble is None:
            return
        copy = backups.one_of(trouble.path, Path(str(self._copies.value)))
        open_workbook(copy.path).close()  # a copy that cannot be opened either changes nothing
        backups.put_in_place_of(trouble.path, copy.path)
        self._opened = True
        self.page.use(trouble.path)
        self.mark.tell(f"{spell_copy(copy)}の控えを開きました。", Strength.ADVICE)

    def _open(self) -> None:
        path = place.home() / str(self._others.value)
        self.page.use(path)

    def _again(self) -> None:
        if self.page.trouble is not None:
            self.page.use(self.page.trouble.path)


def _nowhere() -> Markup:
    """What can still be done where nothing lies beside the workbook."""
    return Markup(
        '<p class="kz-hint">控えも、ほかのノートも、ここにはまだありません。USBメモリーなどに写しがあれば、別の名前にして、次のフォルダに入れてください。'
        "そのあと、このページを開き直すと、ここから選べます。<br><b>{}</b></p>"
    ).format(place.home())
