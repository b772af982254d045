"""The calendar that a person can keep, on the page."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.media import media
from kizuna.steps import calendar as calendars
from kizuna.steps.plan import spell_minutes
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.files import Paper, Papers, printed
from kizuna.views.grid import Column, Grid
from kizuna.views.opening import Opening
from kizuna.views.page import Page, PartForm
from kizuna.views.paper import Block, line
from kizuna.views.parts import button, day, empty, findings, html, row, say, stack, table
from kizuna.views.plain import show
from kizuna.views.wall import wall_csv, wall_html, wall_ics
from kizuna.workbook.answers import read_answers, save_answer

_SHOWN = 8  # people left out who are named at once; the others open on a click
_OPEN, _DONE = "open", "done"
_SETTINGS = "決まりを見る・変える（日数・回数・お休み・届け方）"


class Calendar(PartForm):
    """Settings, the button that makes the calendar, its dates as a table, and whom it cannot keep."""

    def build(self) -> None:
        self._fields = [(one, self.page.number(one.key)) for one in (Field(**each.model_dump()) for each in calendars.words().fields)]
        self._settings = Opening((_SETTINGS, "決まりをとじる"), self._make_settings, self._fill_settings, self.mark, kind="")
        self._make = button("カレンダーを作る", self._draft, self.mark, "kz-main")
        self._told, self._left, self._result = html(), html(), stack(kind="kz-group")
        self._dates: Grid | None = None
        self.lay(self._settings, row(self._make), self._told, self._left, self._result)

    def refresh(self) -> None:
        view = calendars.calendar(self.page.book)
        self._settings.refresh()
        self._show_dates(view)
        self._make.description = "カレンダーを作り直す（自分で決めた日は残ります）" if view.start else "カレンダーを作る"
        self._told.value = _summary(view) + findings(calendars.check_calendar(self.page.book, view=view)) if view.start else _before(view)
        self._left.value = _left_out(view)

    def paper(self, blank: bool) -> list[Block]:
        answers = {} if blank else read_answers(self.page.book)
        told = "できあがったカレンダーは、「壁にはるカレンダーを印刷する」から印刷できます。"
        lines = (line(field, number, answers.get(field.key)) for field, number in self._fields)
        return [Block("続けられるカレンダー", told, tuple(lines))]

    # ---- settings

    def _make_settings(self) -> list[widgets.Widget]:
        self._views = [FieldView(field, None, partial(self._save, field), self.mark, number) for field, number in self._fields]
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
        return [stack(*self._views, stack(html(told), self._ways), kind="kz-group")]

    def _fill_settings(self) -> None:
        answers = read_answers(self.page.book)
        for one in self._views:
            one.fill(_filled(one.field.key, answers))
        self._ways.show([(number, _way_row(one)) for number, one in enumerate(calendars.ways(self.page.book))])

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

    # ---- dates

    def _show_dates(self, view: calendars.CalendarView) -> None:
        """The dates with what goes out on paper, and a date of the owner's own; made once there is something to show."""
        shown = [one for one in view.touches if not one.done or view.start is None or one.on >= view.start]
        if self._dates is None:
            if not shown and view.start is None:
                return
            self._dates = self._make_dates()
        self._dates.show([(one.id, _date_row(one)) for one in shown])
        for widget in (self._dates, self._papers):
            show(widget, shown)
        show(self._adding, view.start)
        self._who.options = [(name, number) for number, name in view.people] or [("", 0)]

    def _make_dates(self) -> Grid:
        used = tuple((media()[one.id].name, one.id) for one in calendars.words().ways)
        columns = (
            Column("person", "お名前", read_only=True, width="150px"),
            Column("on", "日にち", "date", width="170px"),
            Column("medium", "届け方", "select", used, width="170px"),
            Column("state", "しるし", "select", (("これから", _OPEN), ("できた", _DONE)), width="130px"),
            Column("reason", "なぜこの日か", read_only=True),
        )
        dates = Grid(columns, self._edit, self.mark, remove=self._remove)
        book = self.page
        self._papers = Papers(
            [
                printed("wall", "壁にはるカレンダーを印刷する", "カレンダー", lambda: wall_html(book.book)),
                Paper("ics", "予定表に入れる（.ics）", "カレンダー.ics", "text/calendar", lambda: wall_ics(book.book)),
                Paper("csv", "表で保存する（CSV）", "カレンダー.csv", "text/csv", lambda: wall_csv(book.book)),
            ],
            self.mark,
        )  # fmt: skip
        self._adding = self._adder(used)
        self._result.children = [self._papers, dates, self._adding]
        return dates

    def _adder(self, used: tuple[tuple[str, Any], ...]) -> widgets.VBox:
        self._who, self._by = widgets.Dropdown(options=[("", 0)]), widgets.Dropdown(options=used)
        self._when = widgets.DatePicker()
        for one in (self._who, self._by, self._when):
            one.add_class("kz-narrow")
        told = html(Markup('<div class="kz-q">自分で日にちを足す</div>'))
        return stack(told, row(self._who, self._when, self._by, button("この日を加える", self._add, self.mark)))

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
        self.saved("やりとりの記録にも残しました" if (key, value) == ("state", _DONE) else "保存しました")

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
    people, span = len({one.person_id for one in view.open}), Markup("<b>{}から{}日間</b>").format(day(view.start), view.days)
    told = say(
        (
            Markup("{}で、<b>{}人</b>の方に<b>{}回</b>お便りします。").format(span, people, len(view.open))
            if people
            else Markup("{}に、これからお便りする日にちはありません。").format(span)
        )
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
    others = f"ほかの{view.others}人の方は、この期間にお便りしなくても間に合います。" if view.others else ""
    hints = [one for one in (others, view.status if people else "", plan, stopped, nameless) if one]
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
    head = Markup("この組み方では、<b>{}人</b>の方の間があきすぎます。むりに入れるより、軽いお便りを考えましょう。").format(len(lines))
    return Markup('<div class="kz-finding care">{}{}</div>').format(head, shown)


def calendar(page: Page) -> Calendar:
    """Who is touched when, within the hours."""
    return Calendar(page, "続けられるカレンダー")
