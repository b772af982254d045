"""What passes in the place, on the page: written down in two clicks, or read in from a LINE talk."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.steps import people
from kizuna.steps.tribe import chat, members, talks
from kizuna.steps.tribe.chat import NEW, NOBODY, OWNER, Who
from kizuna.steps.tribe.members import MemberView
from kizuna.steps.tribe.talks import TalkView, To
from kizuna.steps.tribe.words import words
from kizuna.views import plain as widgets
from kizuna.views.files import FilePick
from kizuna.views.forms.who import named
from kizuna.views.grid import Column, Grid
from kizuna.views.opening import Opening
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line
from kizuna.views.parts import asked, button, day, empty, html, row, say, stack
from kizuna.views.plain import show
from kizuna.workbook.reading import Spoken, read_talk_times

_WHO, _WHEN, _WHOM, _CAME = "どなたが", "いつ", "どなたに（分かれば）", "来てくださった方に、しるしをつけます。"
_RECENT, _ROWS = 30, 8
_UNCHOSEN, _SHE, _NOBODY_YET = 0, -1, -2  # values of a choice: nobody is chosen, the owner, nobody has answered


class TalkLog(Form):
    """Choose who spoke, press what it was; below stands what was written lately, with who answered first."""

    def build(self) -> None:
        self._told = html()
        self._who = widgets.Dropdown(options=[("選んでください", _UNCHOSEN)])
        self._who.add_class("kz-middle")
        self._more = Opening(
            ("今日でないとき・話しかけた相手も書くとき", "日にちと相手をとじる"), self._make_more, self._fill_more, self.mark
        )
        told = words().log
        kinds = (("begins", told.begins), ("all", told.all), ("member", told.member), ("owner", told.owner), ("came", told.came))
        buttons = [button(label, partial(self._log, key), self.mark) for key, label in kinds]
        hint = "押すと、その場で書きとめます。話の中身は書きません。押しまちがえても、下の表で消せます。"
        self._meeting = Opening(("集まった日に来た方を、まとめて書く", "とじる"), self._make_meeting, self._fill_meeting, self.mark)
        self._fields = stack(
            asked(_WHO, self._who), self._more, asked("どうなさいましたか", row(*buttons), hint), self._meeting, kind="kz-group"
        )
        self._fields.add_class("kz-tool")
        self._grid: Grid | None = None
        self._options: tuple[tuple[str, int], ...] = ()
        self._recent = stack()
        self.lay(self._told, self._fields)
        self.children = [*self.children, self._recent]  # what the buttons say back stands right below them

    def refresh(self) -> None:
        self._here = members.members(self.page.book)
        self._told.value = "" if self._here else empty("まだ、仲間がいません", "上の「仲間」に加えると、ここで書きとめられます。")
        show(self._fields, self._here)
        self._offer(self._who, [("選んでください", _UNCHOSEN)])
        self._more.refresh()
        self._meeting.refresh()
        self._show(talks.recent(self.page.book, _RECENT))

    def paper(self, blank: bool) -> list[Block]:
        title, told = "集まりの記録", words().log
        if blank:
            kinds = "・".join((told.begins, told.all, told.member, told.owner, told.came))
            lines = [
                one
                for _ in range(_ROWS)
                for one in (Line("いつ・どなたが", kind="brief"), Line("どうなさいましたか・はじめに答えた方", kind="brief"))
            ]
            return [Block(title, f"話の中身は書きません。こんなことを書きます：{kinds}", tuple(lines))]
        written = talks.recent(self.page.book, _RECENT)
        lines_ = tuple(Line(f"{day(one.on)}・{one.speaker}", kind="brief", value=_spell(one)) for one in written)
        return [Block(title, "" if written else "記録は、まだありません。", lines_)]

    def _offer(self, place: Any, first: list[tuple[str, int]]) -> None:
        """Let a member be chosen; who is chosen stays so."""
        kept = place.value
        place.options = [*first, *_choices(self._here)]
        place.value = kept if kept in [value for _, value in place.options] else first[0][1]

    def _make_more(self) -> list[widgets.Widget]:
        self._default = date.today()
        self._day = widgets.DatePicker(value=self._default)
        self._day.add_class("kz-narrow")
        self._whom = widgets.Dropdown(options=[("書かない", _UNCHOSEN)])
        self._whom.add_class("kz-middle")
        return [stack(asked(_WHEN, self._day), asked(_WHOM, self._whom), kind="kz-group")]

    def _fill_more(self) -> None:
        if self._day.value == self._default:  # a page may stay open over night
            self._day.value = self._default = date.today()
        self._offer(self._whom, [("書かない", _UNCHOSEN)])

    def _make_meeting(self) -> list[widgets.Widget]:
        self._met = widgets.DatePicker(value=date.today())
        self._met.add_class("kz-narrow")
        self._ticks: dict[int, widgets.Checkbox] = {}
        self._guests = stack()
        hint = Markup('<div class="kz-hint">{}話さずにいた方も、来てくださったことが大切です。</div>').format(_CAME)
        return [
            stack(
                asked(_WHEN, self._met),
                html(hint),
                self._guests,
                row(button("来てくださった方を書く", self._note, self.mark)),
                kind="kz-group",
            )
        ]

    def _fill_meeting(self) -> None:
        for one in self._here:
            if one.person_id is not None and one.person_id not in self._ticks:
                self._ticks[one.person_id] = widgets.Checkbox(description=one.called, indent=False)
        self._guests.children = [self._ticks[one.person_id] for one in self._here if one.person_id is not None]

    def _log(self, kind: str) -> None:
        if self._who.value == _UNCHOSEN:
            raise KizunaError("はじめに「どなたが」で、お一人を選んでください。")
        on, whom = date.today(), _UNCHOSEN
        if self._more.is_open:
            on, whom = self._day.value or on, self._whom.value
        to = To.ALL if kind == "begins" else To(kind)
        if to is To.MEMBER and whom == _SHE:
            to = To.OWNER
        talks.log(self.page.book, _id(self._who.value), to, on, whom if whom > 0 else None, kind == "begins")
        label, name = getattr(words().log, kind), {value: name for name, value in self._who.options}[self._who.value]
        if self._more.is_open:
            self._whom.value, self._day.value = _UNCHOSEN, self._default
        self.refresh()
        more = "。答えてくださった方がいらしたら、下の表で選びます" if kind == "begins" else ""
        self.saved(f"{name}「{label}」を書きとめました{more}")

    def _note(self) -> None:
        chosen = [number for number, tick in self._ticks.items() if tick.value and tick in self._guests.children]
        if not chosen:
            raise KizunaError(_CAME)
        fresh = talks.note_meeting(self.page.book, chosen, self._met.value)
        for tick in self._ticks.values():
            tick.value = False
        self.refresh()
        self.saved(f"来てくださった{fresh}人を書きとめました" if fresh else "この日に来てくださった方として、もう書いてあります")

    def _show(self, written: tuple[TalkView, ...]) -> None:
        """The table; its choices are the members, so it is made anew when they change."""
        options = (("まだ・書かない", _NOBODY_YET), *_choices(members.members(self.page.book, left=True)))
        if not written:
            self._recent.children = []
            return
        if self._grid is None or self._options != options:
            self._options = options
            columns = (
                Column("what", "だれが・どうしたか", read_only=True),
                Column("on", "日にち", "date", read_only=True, width="150px"),
                Column("first", "はじめに答えた方", "select", options, width="210px"),
            )
            self._grid = Grid(columns, self._edit, self.mark, remove=self._remove)
        told = Markup('<div class="kz-q">最近書いたもの</div><div class="kz-hint">{}</div>').format(
            f"「{words().log.begins}」の行では、はじめに答えてくださった方を選べます。"
        )
        self._recent.children = [html(told), self._grid]
        self._grid.show([(one.id, {"what": f"{one.speaker}：{_what(one)}", "on": one.on, "first": _first(one)}) for one in written])

    def _edit(self, talk_id: int, _key: str, value: Any, _seen: Any) -> None:
        try:
            if value == _NOBODY_YET:
                talks.unanswer(self.page.book, talk_id)
            else:
                talks.answer(self.page.book, talk_id, _id(value))
        finally:
            self.refresh()
        self.saved("はじめに答えた方を書きました")

    def _remove(self, talk_id: int) -> None:
        talks.remove(self.page.book, talk_id)
        self.refresh()
        self.saved("消しました。いちばん上の「ひとつ前に戻す」で戻せます")


class BringTalk(Form):
    """A LINE group's talk: look at it first, say who is who, then only who spoke when is kept."""

    def build(self) -> None:
        self._told = html()
        self._pick = FilePick(
            self._read, self.mark, label="トーク履歴のファイルを選ぶ", accept=".txt,.csv",
            hint="集まりのLINEグループの「トーク履歴を送信」で書き出したファイル（.txt）が読めます。",
        )  # fmt: skip
        promise = Markup(
            '<div class="kz-hint">仲間のみなさんに「だれがいつ話したかだけ、見させてください」とひとこと伝えてからにしましょう。'
            "話の中身は、読みこんだその場で捨てます。残るのは、だれがいつ話したか（さいごの一年分）だけです。"
            "スタンプや写真も、話したことに数えます。</div>"
        )
        self._preview = stack()
        self._forget = button("LINEから入れた記録を、すべて消す", self._drop, self.mark, "kz-quiet")
        self.lay(html(promise), self._pick, self._preview, self._told, row(self._forget))

    def refresh(self) -> None:
        kept = chat.kept(self.page.book)
        self._told.value = say(Markup("LINEのトークから、<b>{}回分</b>が入っています。").format(kept)) if kept else ""
        show(self._forget, kept)
        for shown in self._preview.children:
            shown.refresh()

    def put_away(self) -> None:
        """Close the preview."""
        self._preview.children = []

    def _read(self, name: str, data: bytes) -> None:
        self.mark.clear()
        self.put_away()
        self._preview.children = [_Preview(self, read_talk_times(name, data))]

    def _drop(self) -> None:
        count = chat.forget(self.page.book)
        self.refresh()
        self.saved(f"{count}回分を消しました。いちばん上の「ひとつ前に戻す」で戻せます")


class _Preview(widgets.VBox):
    """Who each sender is, and what would come in; nothing is stored before the person says so."""

    def __init__(self, form: BringTalk, spoken: Spoken) -> None:
        self._form, self._spoken = form, spoken
        counts = {name: sum(who == name for _, who in spoken.times) for name in spoken.people}
        self._choices: dict[str, widgets.Dropdown] = {}
        for name in spoken.people:
            self._choices[name] = widgets.Dropdown(options=[("選んでください", "")])
            self._choices[name].add_class("kz-middle")
        self._offer()
        for name, who in chat.suggest(form.page.book, spoken).items():
            if who in [value for _, value in self._choices[name].options]:
                self._choices[name].value = who
        for choice in self._choices.values():
            choice.observe(lambda _: self._count(), names="value")
        self._absent = widgets.Checkbox(value=False, description="わたしは、このトークで一度も話していません", indent=False)
        self._sum = html()
        head = Markup("<b>「{}」</b>を読みました。話していたのは{}人です。どの名前が、どなたですか。").format(
            spoken.name, len(spoken.people)
        )
        left = f"通話・参加や退出・送信取消などのお知らせ {spoken.left_out}件は、数えません。" if spoken.left_out else ""
        super().__init__(
            [
                html(say(head)),
                *(asked(f"{name}（{counts[name]}回）", choice) for name, choice in self._choices.items()),
                self._absent,
                *([html(Markup('<div class="kz-hint">{}</div>').format(left))] if left else []),
                self._sum,
                row(button("この内容で入れる", self._take, form.mark, "kz-main"), button("やめる", self._stop, form.mark)),
            ]
        )
        self.add_class("kz-field")
        self._count()

    def refresh(self) -> None:
        """Let the people be chosen whom the list knows now, and say what would come in."""
        self._offer()
        self._count()

    def _offer(self) -> None:
        known = named([one for one in people.everyone(self._form.page.book) if one.name])
        options: list[tuple[str, Who]] = [
            ("選んでください", ""),
            (words().owner, OWNER),
            ("名簿にない方（名簿と仲間に加えます）", NEW),
            ("数えない", NOBODY),
            *((name, number) for number, name in known.items()),
        ]
        self._filling = True
        for choice in self._choices.values():
            kept = choice.value
            choice.options = options
            choice.value = kept if kept in [value for _, value in options] else ""
        self._filling = False

    def _who(self) -> dict[str, Who | None]:
        return {name: choice.value or None for name, choice in self._choices.items()}

    def _count(self) -> None:
        if not self._filling:
            self._form.mark.guard(self._tell)

    def _tell(self) -> None:
        show(self._absent, OWNER not in self._who().values())
        found = chat.preview(self._form.page.book, self._spoken, self._who())
        known = f"もう入っている{found.known}回分は、そのままにします。" if found.known else ""
        joining = f"新しく{found.joining}人が、仲間に加わります。" if found.joining else ""
        self._sum.value = say(
            Markup("{}から{}まで。入れると、<b>{}回分</b>が増えます。{}{}").format(
                day(found.first), day(found.last), found.new, known, joining
            )
        )

    def _take(self) -> None:
        found = chat.take_in(self._form.page.book, self._spoken, self._who(), self._absent.value)
        self._form.put_away()
        self._form.refresh()
        if found.new:
            self._form.saved(f"だれがいつ話したかを、{found.new}回分、保存しました。話の中身は残していません")
        else:
            self._form.mark.tell(f"「{self._spoken.name}」は、もうすべて入っています。新しく加えたものはありません。")

    def _stop(self) -> None:
        self._form.put_away()
        self._form.mark.clear()


def _choices(here: tuple[MemberView, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((one.called, one.person_id or _SHE) for one in here)


def _id(value: int) -> int | None:
    return None if value == _SHE else value


def _first(one: TalkView) -> int:
    if not one.answered:
        return _NOBODY_YET
    return one.answer_id or _SHE


def _what(one: TalkView) -> str:
    told = words().log
    if one.begins:
        return told.begins
    if one.to is To.MEMBER and one.listener:
        return f"{one.listener}に話しかけた"
    return str(getattr(told, one.to))


def _spell(one: TalkView) -> str:
    return _what(one) + (f"（はじめに答えた方：{one.answer}）" if one.answered else "")


def talk_log(page: Page) -> TalkLog:
    """What passes in the place, by hand."""
    return TalkLog(page, "話したこと・来たことを書きとめる")


def bring_talk(page: Page) -> BringTalk:
    """What passed in a LINE group."""
    return BringTalk(page, "LINEグループのトークから入れる")
