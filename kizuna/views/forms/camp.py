"""A course in one room: the pages with a clock, the check-in, the timetable and what to do when it is late, and what lies ready for the instructor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import course
from kizuna.steps import camp
from kizuna.steps.camp import DayPlan, Late, Planned, spell_time
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView, overwritten
from kizuna.views.files import Papers, printed
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, line
from kizuna.views.parts import asked, button, html, row, say, stack, table
from kizuna.views.plain import show
from kizuna.views.room import camp_fields, rules_html, spell_place, spell_turns, timetable_html, votes_html, wall_timetable_html
from kizuna.workbook import place
from kizuna.workbook.answers import read_answer, save_answer

_WHICH = Field(key="table", question="どの時間割で進めますか。", kind="choice")
_TODAY = Field(
    key="table", question="きょうの講座は、どちらですか。", hint="講師から聞いたほうを選ぶと、時計の分が合います。", kind="choice"
)
_ON = "みんなで進める画面にする"
_OFF = "一人で進める画面にもどす"


class Together(Form):
    """Whether this machine's pages are for a course in one room; there, the ground rules and the check-in."""

    def build(self) -> None:
        self._told, self._turn = html(), button("", self._press, self.mark)
        self._inside: widgets.Widget | None = None
        self.add_class("kz-off-paper")
        self.lay(self._told, row(self._turn))

    def refresh(self) -> None:
        together = place.together()
        self._turn.description = _OFF if together else _ON
        self._told.value = say(
            "いまは、みんなで進める画面です。どのページの上にも、いまの進め方と時計が出ます。"
            if together
            else "講座の部屋で、みなさんといっしょに進めるときは、下のボタンを押してください。お一人のときは、このままで大丈夫です。"
        )
        if together and self._inside is None and not self.page.section.instructor:
            self._inside = self._make()
            self.lay(self._told, self._inside, row(self._turn))
        if self._inside is not None:
            show(self._inside, together)
            self._mood.fill(read_answer(self.page.book, self._mood.field.key))
            self._which.fill(camp.setting().table.key)

    def paper(self, blank: bool) -> list[Block]:
        if self._inside is None or not place.together():
            return []
        field = self._mood.field
        return [Block("はじめのひとこと", lines=(line(field, value=None if blank else read_answer(self.page.book, field.key)),))]

    def _make(self) -> widgets.Widget:
        rules = Markup("").join(Markup("<li>{}</li>").format(one) for one in camp.words().rules)
        self._mood = FieldView(camp_fields()["mood"], None, self._save, self.mark)
        self._which = _which_view(_TODAY, self._chosen, self.mark)
        told = Markup('<div class="kz-q">この部屋の約束を、声に出して読みましょう。</div><ol class="kz-rules">{}</ol>').format(rules)
        return stack(html(told), self._mood, self._which, kind="kz-group")

    def _press(self) -> None:
        place.work_together(not place.together())
        self.refresh()
        self.saved("画面を切りかえました")

    def _save(self, value: Any, seen: Any) -> None:
        field = self._mood.field
        told = save_answer(self.page.book, field.key, value, field.question, seen)
        self.saved()
        if told.overwritten is not None:
            self.mark.tell(overwritten(self._mood.spell(told.overwritten)))

    def _chosen(self, value: Any, seen: Any) -> None:
        camp.choose_table(value)
        self.saved("保存しました。時計の分は、次に開いたページから変わります")


class CampDays(Form):
    """The timetable of the course: which one, when its days begin, and how it looks."""

    def build(self) -> None:
        self._which = _which_view(_WHICH, self._choose, self.mark)
        most = max(len(one.days) for one in camp.words().tables)
        self._starts = [FieldView(_start_field(day), None, partial(self._start, day), self.mark) for day in range(most)]
        for view in self._starts:
            view.place.add_class("kz-narrow")
        self._told = html()
        papers = Papers(
            [
                printed("instructor", "講師用に印刷する（覚え書きつき）", "講座の時間割_講師用", lambda: timetable_html(camp.days())),
                printed("wall", "壁に貼る時間割を印刷する", "講座の時間割", lambda: wall_timetable_html(camp.days())),
            ],
            self.mark,
        )
        self.lay(self._which, *self._starts, self._told, papers)

    def refresh(self) -> None:
        chosen = camp.setting()
        self._which.fill(chosen.table.key)
        for day, view in enumerate(self._starts):
            show(view, day < len(chosen.starts))
            if day < len(chosen.starts):
                view.children[0].value = str(Markup('<div class="kz-q">{}</div>').format(_begins(chosen.table.days[day].title)))
                view.fill(spell_time(chosen.starts[day]))
        self._told.value = say(chosen.table.lead) + Markup("").join(_day(one) for one in camp.days())

    def _choose(self, value: Any, seen: Any) -> None:
        camp.choose_table(value)
        self.refresh()
        self.saved()

    def _start(self, day: int, value: Any, seen: Any) -> None:
        camp.choose_start(day, value)
        self.refresh()
        self.saved()


class WhenLate(Form):
    """When it is late: what begins next, and at what time; then the rest of the day anew, beside what was planned."""

    def build(self) -> None:
        self._next = widgets.Dropdown(options=[("", None)])
        self._now = widgets.Text(placeholder="例：14:25")
        self._now.add_class("kz-narrow")
        self._back = button("もとの時間割にもどす", self._forget, self.mark, "kz-quiet")
        self._told = html()
        self._papers = Papers(
            [
                printed("instructor", "組み直した時間割を印刷する（講師用）", "講座の時間割_講師用", lambda: timetable_html([_anew().day])),
                printed("wall", "壁に貼る時間割を印刷する", "講座の時間割", lambda: wall_timetable_html([_anew().day])),
            ],
            self.mark,
        )
        clock = button("いまの時刻を入れる", self._fill_now, self.mark)
        self.add_class("kz-off-paper")
        self.lay(
            asked("次に始めることは、どれですか。", self._next),
            stack(html(Markup('<div class="kz-q">それは、何時に始められそうですか。</div>')), row(self._now, clock)),
            row(button("残りの時間割を組み直す", self._press, self.mark, "kz-main"), self._back),
            self._told,
            self._papers,
        )

    def refresh(self) -> None:
        days, kept = camp.days(), camp.setting().delay
        options = [
            (
                f"{one.title} {spell_time(each.begins)}　{each.title}" if len(days) > 1 else f"{spell_time(each.begins)}　{each.title}",
                (day, at),
            )
            for day, one in enumerate(days)
            for at, each in enumerate(one.lines)
        ]
        if options != list(self._next.options):
            self._next.options = options
            self._next.value = options[0][1]
        if kept is not None:
            self._next.value, self._now.value = (kept.day, kept.at), spell_time(kept.now)
        found = camp.delayed()
        self._told.value = _late(days[found[0]], found[1]) if found else ""
        show(self._back, found)
        show(self._papers, found)

    def _press(self) -> None:
        day, at = self._next.value
        camp.choose_delay(day, at, self._now.value)
        self.refresh()
        self.saved("組み直しました")

    def _forget(self) -> None:
        camp.forget_delay()
        self.refresh()
        self.saved("もとの時間割にもどしました")

    def _fill_now(self) -> None:
        self._now.value = f"{datetime.now():%H:%M}"


class RoomPapers(Form):
    """What hangs and lies in the room."""

    def build(self) -> None:
        self.add_class("kz-off-paper")
        sheets = [
            printed("rules", "約束の紙を印刷する（壁に貼る）", "この部屋の約束", rules_html),
            printed("votes", "投票の紙を印刷する（切って使います）", "投票の紙", votes_html),
        ]
        self.lay(html(Markup("<ol class='kz-rules'>{}</ol>").format(_items(camp.words().rules))), Papers(sheets, self.mark))


def _which_view(field: Field, save: Any, mark: Any) -> FieldView:
    return FieldView(field, None, save, mark, options=_tables())


def _tables() -> list[tuple[str, Any]]:
    return [(one.title, one.key) for one in camp.words().tables]


def _start_field(day: int) -> Field:
    title = next(one.days[day].title for one in reversed(camp.words().tables) if len(one.days) > day)
    return Field(key=f"start{day}", question=_begins(title))


def _begins(day: str) -> str:
    return f"{day}は、何時に始めますか。"


def _day(one: DayPlan) -> Markup:
    """One day to read, unfolded by a click."""
    whole = Markup('<span class="kz-whole">{}</span>').format
    rows = [
        (whole(spell_time(each.begins)), whole(f"{each.minutes}分"), each.title, spell_turns(each) or "―", spell_place(each) or "―")
        for each in one.lines
    ]
    told = Markup("<summary>{}　{}から{}まで</summary>").format(one.title, spell_time(one.lines[0].begins), spell_time(one.ends))
    return Markup('<details class="kz-leaves">{}{}</details>').format(told, table(["時刻", "長さ", "すること", "進め方", "ページ"], rows))


def _anew() -> Late:
    found = camp.delayed()
    if found is None:
        raise KizunaError("時間割は、まだ組み直していません。上の「残りの時間割を組み直す」を先に押してください。")
    return found[1]


def _late(planned: DayPlan, found: Late) -> Markup:
    """What becomes of the rest of the day, in a sentence and beside what was planned."""
    if found.day == planned:
        return say("まだ遅れていません。予定のまま進められます。")
    anew = iter(found.day.lines[found.at :])
    rows = [(one.title, _when(one), "省きます" if one in found.left_out else _when(next(anew))) for one in planned.lines[found.at :]]
    return _sentences(planned, found) + Markup('<div class="kz-both">{}</div>').format(table(["すること", "予定", "組み直したあと"], rows))


def _sentences(planned: DayPlan, found: Late) -> Markup:
    left = "、".join(one.title for one in found.left_out)
    told = [Markup("省くもの：<b>{}</b>。家でできるように、ページの番号をお伝えしましょう。").format(left)] if left else []
    if found.missing:
        told.append(
            Markup(
                "いちばん短くしても、<b>{}分</b>足りません。終わりを{}にのばすか、続きを別の日にするかを、みなさんと相談してください。"
            ).format(found.missing, spell_time(found.day.ends))
        )
    elif found.day.ends == planned.ends:
        told.insert(0, Markup("終わりの<b>{}</b>は、変わりません。休みの長さも、そのままです。").format(spell_time(planned.ends)))
    else:
        told.insert(0, Markup("<b>{}</b>に終わります。休みの長さは、そのままです。").format(spell_time(found.day.ends)))
    return Markup("").join(say(one) for one in told)


def _when(one: Planned) -> Markup:
    return Markup('<span class="kz-whole">{}</span> <span class="kz-whole">（{}分）</span>').format(spell_time(one.begins), one.minutes)


def _items(texts: Sequence[str]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(one) for one in texts)


def together(page: Page) -> Together:
    """Whether this machine's pages are for a course in one room."""
    return Together(page, "講座の部屋で使うとき")


def camp_days(page: Page) -> CampDays:
    """The timetable of the course."""
    return CampDays(page, "時間割")


def when_late(page: Page) -> WhenLate:
    """What to do when it is late."""
    return WhenLate(page, "遅れたとき")


def room_papers(page: Page) -> RoomPapers:
    """What hangs and lies in the room."""
    return RoomPapers(page, "部屋に置く紙")


def camp_notes(page: Page) -> object:
    """The facilitator's notes: what always holds as cards, and section by section to unfold."""
    told = camp.notes()
    cards = Markup("").join(Markup("<div><h4>{}</h4><p>{}</p></div>").format(one.title, one.text) for one in told.always)
    sections = Markup("").join(
        Markup('<details class="kz-leaves"><summary>{}　{}</summary>{}</details>').format(
            one.file[:2],
            one.title,
            Markup("").join(
                Markup("<div><span>{}</span><ul>{}</ul></div>").format(title, _items(texts))
                for title, texts in (
                    ("手が止まりやすいところ", found.stuck),
                    ("たずねてみること", found.ask),
                    ("言わないでおくこと", found.avoid),
                )
            ),
        )
        for one in course().sections
        if (found := told.sections.get(one.file))
    )
    return html(Markup('<div class="kz-cards">{}</div><div class="kz-notes">{}</div>').format(cards, sections), "kz")
