"""The first page: look at the worked example, or begin a workbook of one's own."""

from __future__ import annotations

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.steps.sample import make_sample
from kizuna.views import plain as widgets
from kizuna.views.page import Form, Page
from kizuna.views.parts import button, html, row, say, stack
from kizuna.views.plain import show
from kizuna.views.twins import Twins
from kizuna.workbook import place
from kizuna.workbook.store import open_workbook


class Start(Form):
    """Which workbook to open."""

    def build(self) -> None:
        self._now = html()
        self._own = button("自分のノートを作る", self._make_own, self.mark, "kz-main kz-big")
        self._show = button("見本を見る", self._open_sample, self.mark, "kz-big")
        self._pick = widgets.Dropdown(options=[("", "")])
        self._pick.add_class("kz-middle")
        self._open = button("このノートを開く", self._open_picked, self.mark)
        self._others = stack(html(Markup('<div class="kz-q">ほかのノートを開く</div>')), row(self._pick, self._open))
        self._name = widgets.Text(placeholder="例：春のノート")
        self._name.add_class("kz-middle")
        self._more = stack(
            html(
                Markup(
                    '<div class="kz-q">名前をつけて、もう一冊作る</div><div class="kz-hint">お店が二つあるときや、新しい気持ちで始めたいときに。</div>'
                )
            ),
            row(self._name, button("もう一冊作る", self._make_named, self.mark)),
        )
        self._where = widgets.Text(placeholder="例：D:\\ノート\\春のノート.kizuna")
        elsewhere = stack(
            html(
                Markup(
                    '<div class="kz-q">USBメモリーなど、ほかの場所のノートを開く</div><div class="kz-hint">場所と名前を書いてください。そこになければ、新しく作ります。</div>'
                )
            ),
            row(self._where, button("この場所のノートを開く", self._open_elsewhere, self.mark)),
        )
        self._far = widgets.Accordion(
            children=[stack(self._more, elsewhere, kind="kz-group")], titles=["ほかのノートを使うとき"], selected_index=None
        )
        self._twins = Twins(self.page, self.mark, self._made_one)
        self.lay(self._now, self._twins, row(self._own, self._show), self._others, self._far)

    def refresh(self) -> None:
        page, books = self.page, place.workbooks()
        if page.ready:
            self._now.value = say(
                Markup("いま<b>「{}」</b>を開いています。書いたものは、そのつどこのパソコンに保存されます。").format(page.book.name)
            )
        else:
            self._now.value = say("まずは見本をながめても、すぐに自分のノートを作っても、どちらでもかまいません。")
        own = place.home() / place.OWN
        self._own.description = "自分のノートにもどる" if own.exists() else "自分のノートを作る"
        show(self._own, not ((page.ready and page.book.path == own) or place.fixed()))
        show(self._show, not (page.sample or place.fixed()))
        others = [path for path in books if path not in (page.book.path, own, place.home() / place.SAMPLE)]
        self._pick.options = [(path.stem, str(path)) for path in others] or [("", "")]
        show(self._others, others and not place.fixed())
        show(self._more, own.exists())
        show(self._far, not place.fixed())
        self._twins.refresh()
        show(self._twins, self._twins.children)

    def _made_one(self, what: str) -> None:
        self.refresh()
        self.saved(what)

    def _make_own(self) -> None:
        self.page.use(place.home() / place.OWN)
        self.saved("ノートを開きました")

    def _open_sample(self) -> None:
        path = place.home() / place.SAMPLE
        if not path.exists():
            self.mark.working("見本を用意しています…")
            draft = path.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            make_sample(draft).close()
            draft.replace(path)
        self.page.use(path)
        self.saved("見本を開きました。上の「見取り図」へお進みください")

    def _open_picked(self) -> None:
        path = place.home() / str(self._pick.value)
        if not path.is_file():
            self.refresh()
            raise KizunaError(f"「{path.stem}」が見つかりません。ほかの場所へ動かしていないか、確かめてください。")
        self.page.use(path)
        self.saved("ノートを開きました")

    def _open_elsewhere(self) -> None:
        self.page.use(place.path_elsewhere(self._where.value))
        self._where.value = ""
        self.saved("ノートを開きました")

    def _make_named(self) -> None:
        path = place.path_for(self._name.value)
        if path.exists():
            raise KizunaError(f"「{path.stem}」という名前のノートは、もうあります。別の名前をつけてください。")
        open_workbook(path).close()
        self.page.use(path)
        self._name.value = ""
        self.saved("新しいノートを作りました")


def start(page: Page) -> Start:
    """The choice of a workbook on ``page``."""
    return Start(page, "ノートを選ぶ")
