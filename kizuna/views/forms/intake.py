"""Bringing voices in: from a file or a paste, with a preview the person confirms, or one by one after an interview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import asking, research
from kizuna.views import plain as widgets
from kizuna.views.fields import Field, FieldView
from kizuna.views.files import FilePick
from kizuna.views.page import Form, Page
from kizuna.views.paper import Block, Line, line
from kizuna.views.parts import button, day, html, row, say, stack
from kizuna.workbook.intake import Intake, Said, bring_in, hear, preview
from kizuna.workbook.models import called
from kizuna.workbook.reading import Column, Role, Table, Topic, guess_columns, read_file, read_pasted

_WHO, _WHEN = "どなたのお話ですか。", "いつうかがいましたか。"
_FILE, _PASTE, _ONE = "ファイルで入れる", "文章を貼りつける", "お一人ずつ書く"

# What a column can be used as, in the words of the form.
USES: dict[str, tuple[Role, Topic]] = {
    "声（ご利用のあとの望み）": (Role.VOICE, Topic.FOLLOWUP),
    "声（場面や気持ち）": (Role.VOICE, Topic.SCENE),
    "声（選んでくださる理由）": (Role.VOICE, Topic.REASON),
    "声（お客さまどうしの集まり）": (Role.VOICE, Topic.PLACE),
    "声（よかったこと）": (Role.VOICE, Topic.GOOD),
    "声（気になったこと）": (Role.VOICE, Topic.BAD),
    "声（あったらうれしいこと）": (Role.VOICE, Topic.WISH),
    "声（そのほか）": (Role.VOICE, Topic.OTHER),
    "ふだんよく見るもの": (Role.MEDIA, Topic.MEDIA),
    "お名前": (Role.PERSON, Topic.OTHER),
    "日時": (Role.WHEN, Topic.OTHER),
    "お客さまのこと（年代など）": (Role.ABOUT, Topic.OTHER),
    "使わない": (Role.SKIP, Topic.OTHER),
}


class BringVoices(Form):
    """Three ways in, one at a time; with a part, what comes in is ``feedback`` on it."""

    def __init__(self, page: Page, title: str = "", feedback: Part | None = None) -> None:
        self.feedback = feedback
        super().__init__(page, title)

    def asked(self) -> tuple[research.Question, ...]:
        """What one person is asked, as the printed sheet has it."""
        return asking.questions(self.feedback) if self.feedback else research.asked(self.page.book, self.page.part)

    def build(self) -> None:
        self._way = widgets.ToggleButtons(options=[_FILE, _PASTE, _ONE], value=_FILE)
        self._way.observe(lambda _: self._choose(), names="value")
        self._pick = FilePick(
            self._read, self.mark, label="ファイルを選ぶ", accept=".xlsx,.csv,.tsv,.txt",
            hint="Excel（.xlsx）、CSV、Googleフォームの回答、LINEのトーク履歴（.txt）が読めます。ファイルをこの枠まで引っぱってきても入ります。",
        )  # fmt: skip
        self._text = widgets.Textarea(placeholder="一行に一つずつ、またはLINEのトークをそのまま貼りつけてください。", rows=8)
        self._paste = stack(self._text, row(button("貼りつけた声を見る", self._read_paste, self.mark, "kz-main")))
        self._interview = Interview(self)
        self._body = stack()
        self._preview = stack()
        first = html(
            Markup(
                '<div class="kz-hint">アンケートのない方は「{}」からどうぞ。ファイルと貼りつけた文章は、取り込む前に中身を確かめられます。</div>'
            ).format(_ONE)
        )
        self.lay(first, self._way, self._body, self._preview)
        self._choose()

    def refresh(self) -> None:
        self._interview.refresh()
        for shown in self._preview.children:
            shown.count()

    def paper(self, blank: bool) -> list[Block]:
        asked = self.asked()
        if blank:
            lines = (
                Line(_WHO, kind="brief"),
                Line(_WHEN, kind="brief"),
                *(line(_asked(one), f"問{number}") for number, one in enumerate(asked, start=1)),
            )
            return [
                Block(_ONE, "お一人に一枚です。言葉は、話されたとおりに書きとめます。人数分を印刷してお使いください。", lines, fresh=True)
            ]
        numbers = {one.text: f"問{number}" for number, one in enumerate(asked, start=1)}
        told = research.told(self.page.book, self.feedback)
        head, nothing = ("いただいた感想", "感想は、まだありません。") if self.feedback else ("うかがった声", "声は、まだありません。")
        return [Block(head, "" if told else nothing), *(_person(one, numbers) for one in told)]

    def _choose(self) -> None:
        self._preview.children = []
        self.mark.clear()
        self._body.children = [{_FILE: self._pick, _PASTE: self._paste, _ONE: self._interview}[self._way.value]]

    def _read(self, name: str, data: bytes, sheet: str | None = None) -> None:
        self.mark.clear()
        self._preview.children = []
        table = read_file(name, data, sheet)
        self._show(table, partial(self._read, name, data))

    def _read_paste(self) -> None:
        self._preview.children = []
        self.mark.clear()
        self._show(read_pasted(self._text.value), None)

    def _show(self, table: Table, again: Callable[[str], None] | None) -> None:
        self._preview.children = [Preview(self, table, again)]

    def taken(self, table: Table, intake: Intake) -> None:
        """Say what came in, and put the preview away."""
        self._preview.children = []
        self._text.value = ""
        if intake.voices:
            known = f"もう入っていた{intake.known}件は、そのままです。" if intake.known else ""
            self.saved(f"{intake.people}人の声を{intake.voices}件、保存しました。{known}")
        else:
            self.mark.tell(f"「{table.name}」の声は、もうすべて入っています。新しく加えたものはありません。")


class Preview(widgets.VBox):
    """Which column will be taken as what, and what would come of it; nothing is stored before the person says so."""

    def __init__(self, form: BringVoices, table: Table, again: Callable[[str], None] | None) -> None:
        self._form, self._table, self._columns = form, table, list(guess_columns(table))
        self._own: dict[str, widgets.Checkbox] = {}
        self._nobody: widgets.Checkbox | None = None
        self._sum = html()
        children: list[widgets.Widget] = [
            html(say(Markup("<b>「{}」</b>を、このように読みました。ちがうところは選び直してください。").format(table.name)))
        ]
        if table.notes:
            children.append(html(Markup('<div class="kz-hint">{}</div>').format(Markup("<br>").join(table.notes))))
        if len(table.sheets) > 1 and again is not None:
            children.append(self._sheets(table, again))
        if table.people:
            children.append(self._speakers(table))
        shown = [column for column in self._columns if column.filled]
        children += [self._column(column) for column in shown]
        children += [
            self._sum,
            row(button("この内容で取り込む", self._take, form.mark, "kz-main"), button("やめる", self._stop, form.mark)),
        ]
        super().__init__(children)
        self.add_class("kz-field")
        self.count()

    def _sheets(self, table: Table, again: Callable[[str], None]) -> widgets.Widget:
        choice = widgets.Dropdown(options=list(table.sheets), value=table.sheet)
        choice.add_class("kz-middle")
        choice.observe(lambda change: self._form.mark.guard(lambda: again(change["new"])), names="value")
        return stack(html(Markup('<div class="kz-q">読むシート</div>')), choice)

    def _speakers(self, table: Table) -> widgets.Widget:
        boxes = []
        for name in table.people:
            self._own[name] = widgets.Checkbox(value=False, description=name, indent=False)
            self._own[name].observe(lambda _: self.count(), names="value")
            boxes.append(self._own[name])
        told = Markup(
            '<div class="kz-q">このなかで、お店の側の人はどなたですか。</div><div class="kz-hint">印をつけた人の言葉は声に入れません。ほかの人とのやりとりが入っていないかも、確かめてください。</div>'
        )
        self._nobody = widgets.Checkbox(value=False, description="お店の側の人は、このなかにいません", indent=False)
        return stack(html(told), *boxes, self._nobody)

    def _column(self, column: Column) -> widgets.Widget:
        use = next((name for name, pair in USES.items() if pair == (column.role, column.topic)), None)
        use = use or next(name for name, pair in USES.items() if pair[0] == column.role)
        choice = widgets.Dropdown(options=list(USES), value=use)
        choice.add_class("kz-middle")
        choice.observe(partial(self._chosen, column.index), names="value")
        samples = Markup("").join(
            Markup("<li>{}</li>").format(sample if len(sample) <= 60 else sample[:60] + "…") for sample in column.samples
        )
        told = Markup('<div class="kz-q">{}</div><ul class="kz-samples">{}</ul><div class="kz-hint">{}</div>').format(
            column.header, samples, column.why
        )
        return stack(html(told), choice, kind="kz-column")

    def _chosen(self, index: int, change: dict[str, Any]) -> None:
        role, topic = USES[change["new"]]
        self._columns = [replace(column, role=role, topic=topic) if column.index == index else column for column in self._columns]
        self.count()

    def _exclude(self) -> list[str]:
        return [name for name, box in self._own.items() if box.value]

    def count(self) -> None:
        """Say what would come in, by the file as it is now."""
        self._form.mark.guard(self._tell)

    def _tell(self) -> None:
        intake = preview(self._form.page.book, self._table, self._columns, self._exclude())
        known = f"もう入っているもの {intake.known}件は、そのままにします。" if intake.known else ""
        media = f"うち{intake.media}件は「ふだんよく見るもの」の答えです。" if intake.media else ""
        lines = [say(Markup("取り込むと、<b>{}人の声が{}件</b>増えます。{}{}").format(intake.people, intake.voices, media, known))]
        if intake.problems:
            shown = Markup("").join(Markup("<li>{}</li>").format(str(problem)) for problem in intake.problems[:8])
            more = Markup("<li>ほかに{}か所あります。</li>").format(len(intake.problems) - 8) if len(intake.problems) > 8 else ""
            lines.append(
                Markup(
                    '<div class="kz-finding care"><b>注意</b>読めないところがありました。ほかはそのまま取り込めます。<ul>{}{}</ul></div>'
                ).format(shown, more)
            )
        self._sum.value = str(Markup("").join(lines))

    def _take(self) -> None:
        if self._own and not self._exclude() and not (self._nobody and self._nobody.value):
            raise KizunaError(
                "お店の側の人に印をつけてください。自分の言葉が、お客さまの声にまざらないようにするためです。いないときは「いません」に印をつけます。"
            )
        intake = bring_in(self._form.page.book, self._table, self._columns, self._exclude(), self._form.feedback)
        self._form.taken(self._table, intake)

    def _stop(self) -> None:
        self._form._preview.children = []
        self._form.mark.clear()


class Interview(widgets.VBox):
    """One person's words, typed in after an interview, question by question."""

    def __init__(self, form: BringVoices) -> None:
        self._form = form
        self._who = widgets.Combobox(placeholder="例：ミナトさん（お名前がなくてもかまいません）", ensure_option=False)
        self._who.add_class("kz-middle")
        self._day = widgets.DatePicker(value=date.today())
        self._day.add_class("kz-narrow")
        self._answers = stack(kind="kz-group")
        self._asked: list[tuple[research.Question, FieldView]] = []
        super().__init__(
            [
                html(say("うかがった言葉を、話されたとおりに書いてください。書けたところだけでかまいません。")),
                stack(html(Markup('<div class="kz-q">{}</div>').format(_WHO)), self._who),
                stack(html(Markup('<div class="kz-q">{}</div>').format(_WHEN)), self._day),
                self._answers,
                row(button("この方のお話を保存する", self._save, form.mark, "kz-main")),
            ]
        )
        self.add_class("kz-field")

    def refresh(self) -> None:
        """Ask the questions that are on the sheet now; what is being typed stays."""
        book = self._form.page.book
        self._who.options = research.known_names(book)
        asked = self._form.asked()
        if list(asked) != [question for question, _ in self._asked]:
            typed = {question.key: view.place.value for question, view in self._asked}
            self._asked = [(question, self._field(question, f"問{number}")) for number, question in enumerate(asked, start=1)]
            for question, view in self._asked:
                view.place.value = typed.get(question.key, "")
            self._answers.children = [view for _, view in self._asked]

    def _field(self, question: research.Question, number: str) -> FieldView:
        return FieldView(_asked(question), "", lambda value, seen: None, self._form.mark, number)

    def _save(self) -> None:
        said = [Said(question.text, question.topic, view.place.value) for question, view in self._asked]
        intake = hear(self._form.page.book, self._who.value, self._day.value, said, self._form.feedback)
        for _, view in self._asked:
            view.fill("")
        who, self._who.value = self._who.value.strip(), ""
        if intake.voices:
            self._form.saved(f"{called(who) if who else 'お一人'}の声を{intake.voices}件、保存しました。つづけて次の方を書けます")
        else:
            self._form.mark.tell("この方の同じ言葉は、もう入っています。新しく加えたものはありません。")


def _asked(question: research.Question) -> Field:
    hint = f"もう少しうかがうとき：{question.more}" if question.more else ""
    return Field(key=question.key, question=question.text, hint=hint, kind="long")


def _person(one: research.Told, numbers: dict[str, str]) -> Block:
    days = dict.fromkeys(day(heard_on) for _, _, heard_on in one.voices if heard_on)
    lines = [Line(question, numbers.get(question, ""), kind="voice", value=text) for question, text, _ in one.voices]
    return Block(one.person, "・".join(days), tuple(lines), inner=True)


def bring_feedback(page: Page) -> BringVoices:
    """The same three ways for what came back on a part."""
    return BringVoices(page, "感想を入れる", page.part)


def bring_voices(page: Page) -> BringVoices:
    """The three ways of bringing voices into ``page``'s workbook."""
    return BringVoices(page, "声を入れる")
