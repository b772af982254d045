"""「同じノートが二つあります」: another copy of this workbook that went on by itself, told and made one with this one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kizuna.steps.differences import Difference, differences
from kizuna.views import plain as widgets
from kizuna.views.parts import Mark, button, day, html, row, stack
from kizuna.workbook import merging
from kizuna.workbook.merging import Relative, Woven
from kizuna.workbook.store import Workbook

if TYPE_CHECKING:
    from kizuna.views.page import Page

_LAST = 3  # so many of the latest acts are named


class Nearby:
    """The relatives of a workbook, looked for again only where another file of the folder has come, gone or changed, or one holds or held news."""

    def __init__(self) -> None:
        self._seen: tuple[Any, ...] = ()
        self._found: tuple[Relative, ...] = ()

    def of(self, book: Workbook) -> tuple[Relative, ...]:
        """The other files of the workbook, as far as they hold or held something that it does not."""
        if not isinstance(book.path, Path):
            return ()
        seen = (book.path, *_others(book.path))
        if seen != self._seen or self._found:
            self._seen, self._found = seen, tuple(one for one in merging.relatives(book.path) if one.ahead or one.merged)
        return self._found


def _others(path: Path) -> list[tuple[str, int, int]]:
    """The other workbooks beside ``path``, with what tells whether one has changed."""
    try:
        found = [one for one in os.scandir(path.parent) if one.name.endswith(".kizuna") and one.name != path.name]
        return sorted((one.name, (state := one.stat()).st_mtime_ns, state.st_size) for one in found)
    except OSError:
        return []


class Twins(widgets.VBox):
    """What each of two copies has, the button that makes them one, and what the owner then chooses; ``changed`` is called after each act."""

    def __init__(self, page: Page, mark: Mark, changed: Callable[[str], None]) -> None:
        super().__init__([])
        self.add_class("kz-group")
        self._page, self._mark, self._changed = page, mark, changed
        self._told: dict[Path, Markup] = {}

    def refresh(self) -> None:
        """Show what lies beside the workbook now."""
        path = self._page.book.path
        found = [one for one in (merging.relatives(path) if isinstance(path, Path) else ()) if one.ahead or one.merged]
        self.children = [child for one in found for child in self._of(one)]

    def _of(self, one: Relative) -> Sequence[widgets.Widget]:
        name = one.path.stem
        if one.ahead:
            told = Markup("<div class='kz-q'>同じノートが二つあります</div><p>「{}」は、このノートから分かれたものです。</p>{}{}").format(
                name, _only("このノートにだけあること", one.here), _only(f"「{name}」にだけあること（{_when(one)}）", one.there)
            )
            hint = Markup(
                "<p class='kz-hint'>合わせると、両方のものが、いま開いているノートに入ります。合わせる前のノートは、控えに残ります。</p>"
            )
            return [html(told + hint), row(button("このノートに合わせる", partial(self._merge, one), self._mark, "kz-main"))]
        asked = differences(self._page.book, merging.look(self._page.book, one.path).conflicts)
        told = Markup("<div class='kz-q'>「{}」を合わせました</div>").format(name) + self._told.get(one.path, Markup(""))
        if asked:
            more = Markup("<p>両方で書きかえたところが、{}か所あります。いまは、このノートの内容です。どちらにするか、選んでください。</p>")
            return [html(told + more.format(len(asked))), *(self._choice(each) for each in asked)]
        hint = Markup("<p class='kz-hint'>中身は、すべてこのノートに入っています。「{}」は、控えのフォルダーへ移せます。</p>").format(name)
        return [html(told + hint), row(button("控えにしまう", partial(self._put_away, one), self._mark))]

    def _choice(self, one: Difference) -> widgets.Widget:
        lines = Markup("").join(
            Markup("<p><b>{}</b><br>このノート：{}<br>もう一つのノート：{}</p>").format(name, here, there)
            for name, here, there in one.columns
        )
        here = button("このノートのまま", partial(self._settle, one, False), self._mark)
        there = button("もう一つのほうにする", partial(self._settle, one, True), self._mark)
        return stack(html(Markup("<div class='kz-q'>{}</div>").format(one.about) + lines), row(here, there), kind="kz-column")

    def _merge(self, one: Relative) -> None:
        self._mark.working("合わせています…")
        woven = merging.merge(self._page.book, one.path)
        self._told[one.path] = _notes(woven)
        self._changed("合わせました。「ひとつ前に戻す」で取り消せます")

    def _settle(self, one: Difference, theirs: bool) -> None:
        merging.settle(self._page.book, one.conflicts, theirs)
        self._changed("保存しました")

    def _put_away(self, one: Relative) -> None:
        merging.put_away(self._page.book, one.path)
        self._changed(f"「{one.path.stem}」を控えにしまいました")


def ahead(found: Sequence[Relative]) -> Markup:
    """The quiet line at the top of a page where a relative holds something that this workbook does not."""
    one = next((one for one in found if one.ahead), None)
    if one is None:
        return Markup("")
    return Markup(
        '<div class="kz-sample">同じノートがもう一つあり、そちらにだけ書いたことがあります（「{}」）。「はじめに」のページで合わせられます。</div>'
    ).format(one.path.stem)


def _only(title: str, labels: Sequence[str]) -> Markup:
    if not labels:
        return Markup("<p><b>{}</b><br>ありません。</p>").format(title)
    last = Markup("").join(Markup("<li>{}</li>").format(label or "（消した記録）") for label in reversed(labels[-_LAST:]))
    more = Markup("<li>ほかに{}件</li>").format(len(labels) - _LAST) if len(labels) > _LAST else ""
    return Markup("<p><b>{}</b></p><ul>{}{}</ul>").format(title, last, more)


def _when(one: Relative) -> str:
    at = one.last_at.replace(tzinfo=UTC).astimezone()
    return f"最後は{day(at)}{at:%H:%M}" + (f"、{one.last_by}" if one.last_by else "")


def _notes(woven: Woven) -> Markup:
    """What the owner is told beside what she is asked."""
    notes = []
    if woven.back:
        notes.append(f"片方で消して、もう片方で書き足していたものが{len(woven.back)}件ありました。消さずに残しています。")
    if woven.twice:
        notes.append(f"両方で書きかえた下書きが{len(woven.twice)}通ありました。二通とも残しています。")
    if woven.undone:
        notes.append(f"片方でだけ取り消してあったことが{len(woven.undone)}件ありました。取り消す前のまま残しています。")
    if woven.lost:
        notes.append(f"このノートで記録を消した方のこと{sum(woven.lost.values())}件は、入れていません。")
    return Markup("").join(Markup("<p>{}</p>").format(note) for note in notes)
