"""The calendar that a person can keep, on the page; and what different media take for the same people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.process import Part
from kizuna.steps import calendar as calendars
from kizuna.steps.calendar import compare
from kizuna.steps.calendar.settings import Question
from kizuna.steps.plan import spell_minutes
from kizuna.views import charts
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.files import Paper, Papers
from kizuna.views.grid import Column, Grid
from kizuna.views.page import Form, Page, PartForm
from kizuna.views.paper import Block, line
from kizuna.views.parts import Mark, button, day, empty, findings, html, row, say, stack, table
from kizuna.views.wall import wall_csv, wall_html, wall_ics
from kizuna.workbook.answers import read_answers, save_answer

_SHOWN = 8  # people left out who are named at once; the others open on a click
_OPEN, _DONE = "open", "done"


class Calendar(PartForm):
    """Settings, the button that makes the calendar, its dates as a table, and whom it cannot keep."""

    def build(self) -> None:
        self._fields = [_field(one) for one in calendars.words().fields]
        self._views = _numbered(self._fields, self._save, self.mark)
        self._ways = Grid(
            (
                Column("name", "届け方", read_only=True),
                Column("use", "使う", "select", (("使う", True), ("使わない", False)), width="150px"),
                Column("minutes", "一回の分", "number", width="120px", unit="分"),
                Column("yen", "お一人の費用", "number", width="150px", unit="円"),
                Column("how", "かかり方", read_only=True, width="150px"),
            ),
            self._edit_way,
            self.mark,
        )
        told = Markup(
            '<div class="kz-q">届け方と、かかる時間・費用</div><div class="kz-hint">切手や印刷の費用は、ご自分で確かめた金額を書いてください。「まとめて」は、何人に届けても一回分の時間です。</div>'
        )
        self._settings = stack(*self._views, stack(html(told), self._ways), kind="kz-group")
        self._fold = button("", self._turn, self.mark)
        self._make = button("カレンダーを作る", self._draft, self.mark, "kz-main")
        self._told, self._left = html(), html()
        used = tuple((media()[one.id].name, one.id) for one in calendars.words().ways)
        self._dates = Grid(
            (
                Column("person", "お名前", read_only=True, width="150px"),
                Column("on", "日にち", "date", width="170px"),
                Column("medium", "届け方", "select", used, width="170px"),
                Column("state", "しるし", "select", (("これから", _OPEN), ("できた", _DONE)), width="130px"),
                Column("reason", "なぜこの日か", read_only=True),
            ),
            self._edit,
            self.mark,
            remove=self._remove,
        )
        self._adding = self._adder(used)
        book = self.page
        self._papers = Papers(
            [
                Paper("wall", "壁にはるカレンダーを印刷する", "カレンダー.html", "text/html", lambda: wall_html(book.book).encode("utf-8", "replace"), open=True),
                Paper("ics", "予定表に入れる（.ics）", "カレンダー.ics", "text/calendar", lambda: wall_ics(book.book)),
                Paper("csv", "表で保存する（CSV）", "カレンダー.csv", "text/csv", lambda: wall_csv(book.book)),
            ],
            self.mark,
        )  # fmt: skip
        self._open(False)
        self.lay(row(self._fold), self._settings, row(self._make), self._told, self._left, self._papers, self._dates, self._adding)

    def _adder(self, used: tuple[tuple[str, Any], ...]) -> widgets.VBox:
        self._who, self._by = widgets.Dropdown(options=[("", 0)]), widgets.Dropdown(options=used)
        self._when = widgets.DatePicker()
        for one in (self._who, self._by, self._when):
            one.add_class("kz-narrow")
        told = html(Markup('<div class="kz-q">自分で日にちを足す</div>'))
        return stack(told, row(self._who, self._when, self._by, button("この日を加える", self._add, self.mark)))

    def refresh(self) -> None:
        book = self.page.book
        answers = read_answers(book)
        for one in self._views:
            one.fill(_filled(one.field.key, answers))
        self._ways.show([(number, _way_row(one)) for number, one in enumerate(calendars.ways(book))])
        view = calendars.calendar(book)
        shown = [one for one in view.touches if not one.done or view.start is None or one.on >= view.start]
        self._dates.show([(one.id, _date_row(one)) for one in shown])
        for widget in (self._dates, self._papers):
            widget.layout.display = "" if shown else "none"
        self._adding.layout.display = "" if view.start else "none"
        self._who.options = [(name, number) for number, name in view.people] or [("", 0)]
        self._make.description = "カレンダーを作り直す（自分で決めた日は残ります）" if view.start else "カレンダーを作る"
        self._told.value = _summary(view) + findings(calendars.check_calendar(book, view=view)) if view.start else _before(view)
        self._left.value = _left_out(view)

    def paper(self, blank: bool) -> list[Block]:
        answers = {} if blank else read_answers(self.page.book)
        told = "できあがったカレンダーは、「壁にはるカレンダーを印刷する」から印刷できます。番号は、この枠の中で1からです。"
        lines = (line(view.field, view.number, answers.get(view.field.key)) for view in self._views)
        return [Block("続けられるカレンダー", told, tuple(lines))]

    def _turn(self) -> None:
        self._open(self._settings.layout.display == "none")

    def _open(self, yes: bool) -> None:
        self._settings.layout.display = "" if yes else "none"
        self._fold.description = "決まりをとじる" if yes else "決まりを見る・変える（日数・回数・お休み・届け方）"

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        calendars.check_setting(field.key, value, date.today())
        told = save_answer(self.page.book, field.key, value, field.question, seen)
        self.refresh()
        self.saved()
        if told.overwritten is not None:
            view = next(one for one in self._views if one.field.key == field.key)
            self.mark.tell(overwritten(view.spell(told.overwritten)))

    def _edit_way(self, number: int, key: str, value: Any, seen: Any) -> None:
        try:
            calendars.set_way(self.page.book, calendars.ways(self.page.book)[number].id, key, value)
        finally:
            self.refresh()
        self.saved()

    def _draft(self) -> None:
        self.mark.working("カレンダーを組んでいます。人数が多いときは、少し時間がかかります…")
        made = calendars.draft_calendar(self.page.book, self.part)
        self.refresh()
        people = len({one.person for one in made.assignments})
        self.saved(f"{people}人の方に、{len(made.assignments)}回の日にちを組みました" if people else "新しく組む日にちは、ありませんでした")

    def _edit(self, planned_id: int, key: str, value: Any, seen: Any) -> None:
        book = self.page.book
        try:
            if key == "on":
                calendars.move(book, planned_id, value)
            elif key == "medium":
                calendars.change(book, planned_id, value)
            elif value == _DONE:
                calendars.done(book, planned_id)
            else:
                calendars.undo_done(book, planned_id)
        finally:
            self.refresh()
        self.saved("ふれあいの記録にも残しました" if (key, value) == ("state", _DONE) else "保存しました")

    def _remove(self, planned_id: int) -> None:
        calendars.remove(self.page.book, planned_id)
        self.refresh()
        self.saved("外しました。いちばん上の「ひとつ前に戻す」で戻せます")

    def _add(self) -> None:
        if not self._who.value:
            raise KizunaError("お名前の分かる方が、まだいません。名簿にお名前を書いてください。")
        calendars.add(self.page.book, self._who.value, self._when.value, self._by.value)
        self._when.value = None
        self.refresh()
        self.saved("加えました")


class Compare(Form):
    """The same people by different media: minutes, yen, and who really sees it."""

    def build(self) -> None:
        content = compare.words()
        self._views = _numbered([_field(one) for one in content.fields], self._save, self.mark)
        often = row(*(button(one.label, partial(self._often, one.times), self.mark) for one in content.times_offered))
        self._chart, self._story = html(), html()
        self.lay(self._views[0], self._views[1], often, *self._views[2:], self._chart, self._story)

    def refresh(self) -> None:
        answers = read_answers(self.page.book)
        for view in self._views:
            key = view.field.key
            view.fill(answers[key] if answers.get(key) is not None else float(getattr(compare.words(), key.removeprefix("compare."))))
        found = compare.comparison(self.page.book)
        self._chart.value = _compared(found)
        self._story.value = _story(found)

    def paper(self, blank: bool) -> list[Block]:
        answers = {} if blank else read_answers(self.page.book)
        return [
            Block(
                "届け方をくらべる",
                "番号は、この枠の中で1からです。",
                tuple(line(view.field, view.number, answers.get(view.field.key)) for view in self._views),
            )
        ]

    def _save(self, field: Field, value: Any, seen: Any) -> None:
        compare.check_number(field.key, value)
        save_answer(self.page.book, field.key, value, field.question, seen)
        self.refresh()
        self.saved()

    def _often(self, times: int) -> None:
        save_answer(self.page.book, "compare.times", float(times), "ひと月に何回ですか。")
        self.refresh()
        self.saved()


def _numbered(fields: Sequence[Field], save: Callable[[Field, Any, Any], None], mark: Mark) -> list[FieldView]:
    """Fields with numbers of their own: they are folded away or stand for a try-out, and the page's questions keep theirs."""
    return [FieldView(one, None, partial(save, one), mark, f"{number}.") for number, one in enumerate(fields, start=1)]


def _field(question: Question) -> Field:
    return Field(**question.model_dump())


def _filled(key: str, answers: dict[str, Any]) -> Any:
    """What stands in a setting: the answer, or what holds until there is one."""
    usual = calendars.words().usual
    return answers.get(key) or {"calendar.days": usual.days, "calendar.cap": float(usual.cap)}.get(key)


def _way_row(one: calendars.WaySetting) -> dict[str, Any]:
    return {"name": one.name, "use": one.use, "minutes": one.minutes, "yen": one.yen, "how": "お一人ずつ" if one.per_person else "まとめて"}


def _date_row(one: calendars.PlannedView) -> dict[str, Any]:
    return {"person": one.person, "on": one.on, "medium": one.medium, "state": _DONE if one.done else _OPEN, "reason": one.reason}


def _before(view: calendars.CalendarView) -> Markup:
    hours = "" if view.hours is not None else "上の「使える時間」を書いてから、"
    return empty(
        "カレンダーは、まだありません", f"{hours}「カレンダーを作る」を押すと、どなたに、いつ、どの届け方でお便りするかが並びます。"
    )


def _summary(view: calendars.CalendarView) -> Markup:
    if view.start is None:
        return Markup("")
    people = len({one.person_id for one in view.open})
    told = say(
        Markup("<b>{}から{}日間</b>で、<b>{}人</b>の方に<b>{}回</b>ふれます。").format(day(view.start), view.days, people, len(view.open))
        + Markup("").join(Markup("<br>{}").format(one) for one in _months(view))
    )
    plan = (
        f"ひと月の時間から、上の計画の一手にかかる{spell_minutes(view.plan_minutes)}を先に引いて組んでいます。" if view.plan_minutes else ""
    )
    nameless = f"お名前の分からない方{view.without_name}人は、入れていません。" if view.without_name else ""
    stopped = (
        f"「送らないで」と言われた{'、'.join(view.stopped[:_SHOWN])}{'ほか' if len(view.stopped) > _SHOWN else ''}には、何も入れていません。"
        if view.stopped
        else ""
    )
    others = f"ほかの{view.others}人の方は、この期間にふれなくても間に合います。" if view.others else ""
    hints = [one for one in (others, view.status, plan, stopped, nameless) if one]
    return told + Markup('<p class="kz-hint">{}</p>').format(Markup("<br>").join(hints)) + _weeks(view)


def _months(view: calendars.CalendarView) -> list[str]:
    lines = []
    for month in view.months:
        yen = f"・{month.yen:,}円" if month.yen else ""
        lines.append(
            f"{day(month.start)}からの{month.days}日：{spell_minutes(month.minutes)}（使える時間 {spell_minutes(int(month.most_minutes))}）{yen}"
        )
    return lines


def _weeks(view: calendars.CalendarView) -> Markup:
    """How many touches each week holds, folded: the table below has them all."""
    weeks = Counter(one.on - timedelta(days=one.on.weekday()) for one in view.open)
    if not weeks:
        return Markup("")
    names: dict[date, list[str]] = {}
    for one in view.open:
        names.setdefault(one.on - timedelta(days=one.on.weekday()), []).append(one.person)
    lines = [
        (f"{day(monday)}から", f"{count}回", "、".join(names[monday][:_SHOWN]) + ("ほか" if count > _SHOWN else ""))
        for monday, count in sorted(weeks.items())
    ]
    return Markup('<details class="kz-numbers"><summary>週ごとに見る</summary>{}</details>').format(table(["週", "回数", "お名前"], lines))


def _left_out(view: calendars.CalendarView) -> Markup:
    if view.start is None:
        return Markup("")
    if not view.left:
        return Markup('<div class="kz-saved">どなたも、「いちばん間があいても」の日数をこえません</div>') if view.open else Markup("")
    lines = [Markup("<li><b>{}</b>　{}</li>").format(one.person, one.why) for one in view.left]
    shown = Markup("<ul>{}</ul>").format(Markup("").join(lines[:_SHOWN]))
    if len(lines) > _SHOWN:
        shown += Markup("<details><summary>あと{}人を見る</summary><ul>{}</ul></details>").format(
            len(lines) - _SHOWN, Markup("").join(lines[_SHOWN:])
        )
    head = Markup("この組み方では、<b>{}人</b>の方の間があきすぎます。むりに入れるより、軽いふれ方を考えましょう。").format(len(lines))
    return Markup('<div class="kz-finding care">{}{}</div>').format(head, shown)


def _compared(found: compare.CompareView) -> Markup:
    head = say(
        Markup("同じ<b>{:,}人</b>に、ひと月<b>{}回</b>。どれで届けるかで、かかる時間はこれだけちがいます。").format(
            found.people, found.times
        )
    )
    amounts = [(one.way.name, one.minutes, spell_minutes(one.minutes), _how(one, found)) for one in found.lines]
    lines = [
        (one.way.name, spell_minutes(one.minutes), "まだ書いていません" if one.yen is None else f"{one.yen:,}円", f"{one.reached:,}人")
        for one in found.lines
    ]
    numbers = table(["届け方", "ひと月の時間", "ひと月の費用", "目にとまる人（仮の割合で）"], lines)
    note = f"全部で届けると、重なりを引いて、およそ{found.together:,}人の目にとまる計算です。割合は、上に書いた仮の数です。"
    return head + charts.amount_bars(amounts, numbers) + Markup('<p class="kz-hint">{}</p>').format(note)


def _how(one: compare.Compared, found: compare.CompareView) -> str:
    way = one.way
    if way.per_person:
        return f"お一人{way.minutes}分 × {found.people:,}人 × {found.times}回"
    each = f"（お一人ごとに、あと{way.minutes_each}分 × {found.people:,}人）" if way.minutes_each else ""
    return f"一回{way.minutes}分{each} × {found.times}回。何人に届けても、作る手間は一回分です。"


def _story(found: compare.CompareView) -> Markup:
    """The course's own example, added up plainly first, then with what the plain sum leaves out."""
    parts = "＋".join(f"{one.people:,}" for one in found.audiences)
    lines = [(one.label, f"{one.people:,}人", f"一日{one.daily}回" if one.daily else "同じ投稿を見ます") for one in found.audiences]
    total = found.gathered
    told = Markup(
        "<p>この講座のもとになった話では、{}で<b>{:,}人</b>とつながっています。同じ方の重なりを{:g}％と置くと、およそ<b>{:,}人</b>。"
        "そのうち投稿が目にとまるのは、{:g}％と置いて、およそ<b>{:,}人</b>です。</p><p>投稿の手間は、めやすの分数で数えると、ひと月に<b>{}</b>。"
        "決めた時間の中で、ご自分に合う回数を選びましょう。</p>"
    ).format(parts, total.added, found.overlap * 100, total.different, found.reach_often * 100, total.reached, spell_minutes(total.minutes))
    return Markup('<details class="kz-numbers"><summary>足し算の例を見る</summary>{}{}</details>').format(
        table(["見ている人", "人数", "投稿"], lines), told
    )


def calendar(page: Page, part: str = Part.FOLLOWUP) -> Calendar:
    """Who is touched when, within the hours."""
    return Calendar(page, Part(part), "続けられるカレンダー")


def compare_media(page: Page) -> Compare:
    """What the media take for the same people."""
    return Compare(page, "届け方をくらべる")
