"""The members of the place on the page: joining, what each looks after, and leaving well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from kizuna.steps import research
from kizuna.steps.tribe import members
from kizuna.steps.tribe.words import words
from kizuna.views import plain as widgets
from kizuna.views.fields import overwritten
from kizuna.views.grid import Column, Grid
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, day, empty, html, row, say, stack
from kizuna.views.plain import show

_WHO, _WHEN, _LEAVES = "どなたが加わりましたか。", "いつ加わりましたか。", "どなたが離れますか。"
_HINT = "お客さまのほか、ご近所の方やお店の方も仲間になれます。名簿にない方は、名簿にも加わります。"
_LISTENS = "聞くのが好き"
_ROWS = 8


class Members(Form):
    """Who belongs to the place, with roles; the owner is one of them."""

    def build(self) -> None:
        self._told = html()
        self._who = widgets.Combobox(placeholder="例：ミナトさん", ensure_option=False)
        self._who.add_class("kz-middle")
        self._default = date.today()
        self._day = widgets.DatePicker(value=self._default)
        self._day.add_class("kz-narrow")
        self._welcome = button("", self._join_welcome, self.mark)
        columns = (
            Column("who", "お名前", read_only=True, width="20%"),
            Column("role", "役（していること）", width="26%"),
            Column("often", "どのくらい", width="18%"),
            Column("listens", "加わり方", "select", (("話して、聞いて", False), (_LISTENS, True)), width="160px"),
            Column("joined_on", "加わった日", "date", width="160px"),
        )
        self._grid = Grid(columns, self._edit, self.mark)
        hint = (
            f"役の例：{words().role_hint}。どのくらいの例：{words().often_hint}。"
            f"聞くだけで楽しい、とおっしゃった方は「{_LISTENS}」に。静かでも、ごぶさたには数えません。"
        )
        self._list = stack(self._grid, html(Markup('<div class="kz-hint">{}</div>').format(hint)))
        self._leaving = Opening(("離れる方がいらしたとき", "とじる"), self._make_leaving, self._fill_leaving, self.mark)
        joining = row(button("仲間に加える", self._join, self.mark, "kz-main"), self._welcome)
        fields = stack(asked(_WHO, self._who, _HINT), asked(_WHEN, self._day), joining, kind="kz-group")
        fields.add_class("kz-tool")
        self.lay(
            self._told,
            fields,
            self._list,
            self._leaving,
        )

    def refresh(self) -> None:
        here = members.members(self.page.book)
        self._told.value = (
            say(Markup("仲間は<b>{}人</b>です。あなたも、その一人です。{}").format(len(here), self._came_how(here)))
            if here
            else empty("まだ、仲間はいません", "お招きした方が来てくださったら、ここに加えます。あなたも、仲間の一人として入ります。")
        )
        names = {one.called for one in here}
        self._who.options = tuple(name for name in research.known_names(self.page.book) if not {name, f"{name}さん"} & names)
        waiting = members.to_welcome(self.page.book)
        self._welcome.description = f"招いて、来てくださった方を加える（{len(waiting)}人）"
        show(self._welcome, waiting)
        for part in (self._list, self._leaving):
            show(part, here)
        self._grid.show(
            [
                (one.id, {"who": one.called, "role": one.role, "often": one.often, "listens": one.listens, "joined_on": one.joined_on})
                for one in here
            ]
        )
        self._leaving.refresh()

    def paper(self, blank: bool) -> list[Block]:
        if blank:
            lines = tuple(Line("お名前・役・どのくらい", kind="brief") for _ in range(_ROWS))
            return [Block("仲間", "店主も、一人の仲間です。聞くのが好きな方には、○をつけておきます。", lines)]
        here = members.members(self.page.book)
        lines = tuple(Line(one.called, kind="brief", value=_spell(one)) for one in here)
        return [Block("仲間", f"{len(here)}人です。" if here else "仲間は、まだいません。", lines)]

    def _came_how(self, here: Sequence[members.MemberView]) -> str:
        """How many came upon an invitation and how many otherwise: the pages before tell of invitations only."""
        invited = members.by_invitation(self.page.book)
        others = [one.person_id for one in here if one.person_id is not None]
        brought = sum(one in invited for one in others)
        if not brought or brought == len(others):
            return ""
        return f"お誘いして来てくださった方が{brought}人、そのほかの形（紙やLINE、ご自分から）で加わった方が{len(others) - brought}人です。"

    def _join(self) -> None:
        members.join_named(self.page.book, self._who.value, self._day.value)
        name, self._who.value = self._who.value.strip(), ""
        self._did(f"{name.removesuffix('さん')}さんを、仲間に加えました")

    def _join_welcome(self) -> None:
        waiting = members.to_welcome(self.page.book)
        members.welcome(self.page.book, self._day.value)
        self._did(f"{'、'.join(name for _, name in waiting)}を、仲間に加えました")

    def _edit(self, member_id: int, key: str, value: Any, seen: Any) -> None:
        try:
            others = members.edit(self.page.book, member_id, {key: seen}, **{key: value})
        finally:
            self.refresh()
        self.saved()
        if key in others and not isinstance(others[key], bool):
            self.mark.tell(overwritten(day(others[key]) if isinstance(others[key], date) else others[key] or "（空欄）"))

    def _make_leaving(self) -> list[widgets.Widget]:
        self._goes = widgets.Dropdown(options=[("選んでください", 0)])
        self._goes.add_class("kz-middle")
        hint = (
            "わけは、たずねません。「いっしょにいてくださって、ありがとうございました。いつでも、また来てください」とお伝えします。"
            "その方がしてくださったことは、記録に残ります。戻られたときは、上でもう一度お名前を加えてください。"
        )
        return [asked(_LEAVES, self._goes, hint), row(button("お礼を伝えて、見送った", self._leave, self.mark))]

    def _fill_leaving(self) -> None:
        kept = self._goes.value
        self._goes.options = [
            ("選んでください", 0),
            *((one.called, one.id) for one in members.members(self.page.book) if one.person_id is not None),
        ]
        self._goes.value = kept if kept in [number for _, number in self._goes.options] else 0

    def _leave(self) -> None:
        if not self._goes.value:
            self.mark.tell("離れる方を、一覧から選んでください。")
            return
        members.leave(self.page.book, self._goes.value, self._day.value)
        self._did("見送ったことを書きました。いちばん上の「ひとつ前に戻す」で戻せます")

    def _did(self, said: str) -> None:
        if self._day.value == self._default:
            self._day.value = self._default = date.today()  # a page may stay open over night
        self.refresh()
        self.saved(said)


def _spell(one: members.MemberView) -> str:
    role = one.role + (f"（{one.often}）" if one.role and one.often else "")
    return "・".join(part for part in (role, _LISTENS if one.listens else "", f"{day(one.joined_on)}から") if part)


def tribe_members(page: Page) -> Members:
    """The members of the place."""
    return Members(page, "仲間")
