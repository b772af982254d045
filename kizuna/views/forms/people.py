"""The list of people: one table for all, and one place where a single person opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from kizuna.steps import people as persons
from kizuna.steps import roster
from kizuna.steps.erasing import Traces
from kizuna.steps.people import PersonView, words
from kizuna.views import plain as widgets
from kizuna.views.fields import overwritten, spell
from kizuna.views.forms.erasing import after
from kizuna.views.forms.person import NAME, PersonEditor, number_all, sheet
from kizuna.views.forms.who import Who
from kizuna.views.grid import Column, Grid
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block
from kizuna.views.parts import button, empty, html, row, say, stack
from kizuna.views.plain import show
from kizuna.workbook.erasing import Cleaned
from kizuna.workbook.models import Group, Person, called

_GROUP, _NOTE = "グループ", "ひとことメモ"
_CLOSEST, _ROWS, _NAMES = 10, 3, 20  # おなじみさん to begin with; people on a blank sheet; names shown of a group


class People(Form):
    """Everybody in one table, groups and their intervals, and the person that is open."""

    def build(self) -> None:
        number_all(self.page)
        self._told, self._rings, self._grid, self._nameless = html(), html(), stack(), False
        self._turn = button("", self._turn_table, self.mark, "kz-quiet")
        self._name = widgets.Text(placeholder="例：ミナト")
        self._name.add_class("kz-middle")
        self._table: Grid | None = None
        self._offered: tuple[Any, ...] = ()
        self._more = button("", self._turn_nameless, self.mark, "kz-quiet")
        self._groups = GroupTable(self)
        self._who = Who("くわしく書く方", lambda: self.mark.guard(self._open))
        self._open_person, self._after = stack(), html()
        self._editor: PersonEditor | None = None
        self.lay(
            self._told,
            self._rings,
            stack(html(Markup('<div class="kz-q">{}</div>').format(NAME)), row(self._name, button("名簿に加える", self._add, self.mark))),
            self._who,
            self._open_person,
            self._after,
            stack(row(self._turn, self._more), self._grid),
            self._groups,
        )

    def refresh(self) -> None:
        everyone, groups, today = persons.everyone(self.page.book), persons.groups(self.page.book), date.today()
        nameless = sum(one.name is None for one in everyone)
        self._more.description = f"お名前のない方（{nameless}人）も{'隠す' if self._nameless else '出す'}"
        show(self._more, nameless and self._table is not None)
        self._turn.description = "名簿の表をとじる" if self._table else f"名簿を表で見る・直す（{len(everyone) - nameless}人）"
        show(self._turn, everyone)
        self._told.value, self._rings.value = _count(everyone), _rings(everyone, groups)
        if self._table is not None:
            self._show([one for one in everyone if one.name is not None or self._nameless], today)
        self._groups.refresh()
        show(self._who, everyone)
        self._who.offer(everyone)
        if self._editor is not None:
            view = next((one for one in everyone if one.id == self._editor.person_id), None)
            if view is None or self._editor.groups != [(one.name, one.id) for one in groups]:
                self._close()  # gone, or other groups to choose from
                self._open()
            else:
                self._editor.show(view)

    def paper(self, blank: bool) -> list[Block]:
        told = "いちばん近い方から十人ほど書きます。近さには、そう思うわけを一行添えます。"
        if blank:
            return [Block("おなじみさんの名簿", told, fresh=True), *(sheet(self.page, None) for _ in range(_ROWS))]
        written = [one for one in persons.everyone(self.page.book) if one.name and (one.group_id or one.closeness or one.note or one.fan)]
        lead = told if written else "グループや近さを書いた方は、まだありません。"
        return [Block("おなじみさんの名簿", lead, fresh=True), *(sheet(self.page, one) for one in written)]

    def choose(self, person_id: int) -> None:
        """Open one person, as if she had been chosen."""
        self._who.person = person_id

    def erased(self, seen: Traces, cleaned: Cleaned) -> None:
        """Say that a person is gone with every trace of her, and what is left to do by hand."""
        self.refresh()
        self._after.value = after(seen, cleaned)
        self.saved("記録を消しました")

    def _show(self, shown: Sequence[PersonView], today: date) -> None:
        """The table of these people; made anew when the groups to choose from are others."""
        groups = tuple((one.name, one.id) for one in persons.groups(self.page.book))
        if self._table is None or groups != self._offered:
            self._offered = groups
            old, self._table = self._table, Grid(self._columns(groups), self._edit, self.mark)
            self._grid.children = [self._table]
            if old is not None:
                old.close()
        self._table.show([(one.id, _row(one, today)) for one in shown])

    def _turn_table(self) -> None:
        if self._table is None:
            self._show([], date.today())
        else:
            self._grid.children = []
            self._table.close()
            self._table = None
        self.refresh()

    def _columns(self, groups: tuple[Any, ...]) -> tuple[Column, ...]:
        return (
            Column("name", "お名前", width="22%"),
            Column("group_id", _GROUP, "select", (("（なし）", None), *groups), width="20%"),
            Column("note", _NOTE),
            Column("near", "近さ", read_only=True, width="17%"),
            Column("last", "前のやりとり", read_only=True, width="17%"),
        )

    def _add(self) -> None:
        person_id = roster.add(self.page.book, self._name.value)
        name, self._name.value = self._name.value, ""
        self.refresh()
        self.choose(person_id)
        self.saved(f"{called(' '.join(name.split()))}を名簿に加えました")

    def _edit(self, person_id: int, key: str, value: Any, seen: Any) -> None:
        if key == "name" and seen == Person(id=person_id).called:
            seen = None  # she had no name: what stood there was her number
        told: dict[str, tuple[str, Callable[[Any], str]]] = {
            "name": ("お名前", spell),
            "group_id": (_GROUP, self._group_name),
            "note": (_NOTE, spell),
        }
        label, show = told[key]
        try:
            others = roster.edit(self.page.book, person_id, f"名簿の「{label}」", {key: seen}, **{key: value})
        finally:
            self.refresh()
        self.saved()
        if key in others:
            self.mark.tell(overwritten(show(others[key])))

    def _group_name(self, group_id: int | None) -> str:
        return next((name for name, number in self._offered if number == group_id), "（なし）")

    def _turn_nameless(self) -> None:
        self._nameless = not self._nameless
        self.refresh()

    def _open(self) -> None:
        if not self._who.person:
            return self._close()
        if self._editor is None or self._editor.person_id != self._who.person:
            self._close()
            self._after.value = ""
            self._editor = PersonEditor(self, persons.person(self.page.book, self._who.person), persons.groups(self.page.book))
            self._open_person.children = [self._editor]
        return None

    def _close(self) -> None:
        if self._editor is not None:
            self._open_person.children = []
            self._editor.close()
            self._editor = None


class GroupTable(Opening):
    """The groups with their intervals; its table is made when it is opened."""

    def __init__(self, form: People) -> None:
        self._form = form
        super().__init__(("グループと、お声をかける間隔を決める", "グループの表をとじる"), self._table, self._show, form.mark)

    def _table(self) -> list[widgets.Widget]:
        columns = (
            Column("name", "グループの名前"),
            Column("ideal_days", "ふだんの間隔", "number", width="24%", unit="日"),
            Column("worst_days", "長くても", "number", width="24%", unit="日"),
        )
        self._grid = Grid(columns, self._edit, self._form.mark, self._add, self._remove)
        told = "「ふだんの間隔」は、このくらいで一度お声をかけたいという日数。「長くても」をこえると、「お声をかけたい方」の一覧に「ごぶさた」と出ます。"
        return [html(Markup('<div class="kz-hint">{}</div>').format(told)), self._grid]

    def _show(self) -> None:
        rows = persons.groups(self._form.page.book)
        self._grid.show([(one.id, {key: getattr(one, key) for key in ("name", "ideal_days", "worst_days")}) for one in rows])

    def _edit(self, group_id: int, key: str, value: Any, seen: Any) -> None:
        try:
            others = roster.edit_group(self._form.page.book, group_id, {key: seen}, **{key: value})
        finally:
            self._form.refresh()
        self._form.saved()
        if key in others:
            self._form.mark.tell(overwritten(spell(others[key])))

    def _add(self) -> None:
        taken = {one.name for one in persons.groups(self._form.page.book)}
        hint = next((one for one in words().groups if one.name not in taken), None)
        number = next(at for at in range(1, 10_000) if f"新しいグループ{at}" not in taken)
        if hint:
            roster.add_group(self._form.page.book, hint.name, hint.ideal_days, hint.worst_days)
        else:
            roster.add_group(self._form.page.book, f"新しいグループ{number}", words().ideal_days, words().worst_days)
        self._form.refresh()
        self._form.saved("グループを一つ作りました。名前も日数も、変えられます")

    def _remove(self, group_id: int) -> None:
        roster.remove_group(self._form.page.book, group_id)
        self._form.refresh()
        self._form.saved("グループをなくしました。入っていた方は、名簿に残っています")


def _count(everyone: Sequence[PersonView]) -> Markup:
    if not everyone:
        return empty("名簿は、まだ空です", "お話をうかがった方は、ここに自動で並びます。ほかの方も、お名前を書いて加えられます。")
    grouped = sum(bool(one.group_id) for one in everyone)
    begin = f"はじめに、いちばん近い方を{_CLOSEST}人ほど、グループに入れてみましょう。" if grouped < _CLOSEST else ""
    fan = sum(bool(one.fan) for one in everyone)
    nameless = sum(one.name is None for one in everyone)
    among = f"（お名前のない方が{nameless}人）" if nameless else ""
    told = Markup("名簿には<b>{}人</b>{}。グループに入っている方は<b>{}人</b>、ファンのしるしのある方は<b>{}人</b>です。{}")
    return say(told.format(len(everyone), among, grouped, fan, begin))


def _rings(everyone: Sequence[PersonView], groups: Sequence[Group]) -> Markup:
    """Who is in which group, by name: people, never numbers only."""
    lines = []
    for group_id, name in [*((one.id, one.name) for one in groups), (None, "グループはこれから")]:
        inside = [one.called for one in everyone if one.group_id == group_id and one.name is not None]
        more = f"、ほか{len(inside) - _NAMES}人" if len(inside) > _NAMES else ""
        if inside:
            lines.append(Markup("<p><b>{}</b>（{}人）<br>{}{}</p>").format(name, len(inside), "、".join(inside[:_NAMES]), more))
    return Markup("").join(lines)


def _row(one: PersonView, today: date) -> dict[str, Any]:
    days = one.days_since(today)
    last = "" if days is None else "今日" if days <= 0 else f"{days}日前"
    near = "" if one.level is None else f"{one.level} {words().closeness.get(one.level, '')}"
    return {
        "name": one.name or one.called,
        "group_id": one.group_id,
        "note": one.note,
        "near": near,
        "last": f"{last}（お便りは止めています）" if one.stopped else last,
    }


def people(page: Page) -> People:
    """The list of people."""
    return People(page, "おなじみの方の名簿")
