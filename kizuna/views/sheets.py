"""What goes out on paper or as a file: the interview sheet, the plan and the place, as HTML, Excel and a calendar."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.language.counting import things
from kizuna.process import Part, course
from kizuna.steps import asking, certificate, feedback, handin, research, review, sharing, thanks
from kizuna.steps import plan as plans
from kizuna.steps.drafts import DraftView
from kizuna.steps.handin import HandIn
from kizuna.steps.principles import word_of_day
from kizuna.steps.themes import themes
from kizuna.steps.tribe import design as places
from kizuna.steps.tribe import onepage, topics
from kizuna.views.parts import apart, day
from kizuna.workbook.answers import read_answer, read_answers
from kizuna.workbook.models import Person
from kizuna.workbook.store import Workbook

CUSTOMERS = "お客さま"  # as they are called until the owner says otherwise
_SHOWN = 2  # quotes of one item on the sheet: three items with theirs fit on one page; the Excel file has them all


def interview_html(book: Workbook, part: Part = Part.FOLLOWUP) -> str:
    """The interview sheet of a part, ready to print: purpose first, questions with room to write, thanks last.

    Raises ``KizunaError`` while no purpose is written (PI-07): nobody is asked before knowing what for.
    """
    sheets = research.sheets()
    purpose = (read_answer(book, "tribe.purpose") if part == Part.TRIBE else "") or read_answer(book, "research.purpose")
    if not purpose:
        raise KizunaError("集める前に、何に使うかを書いてください。このページの「何に使うかを、先に決めます」に書くと、印刷できます。")
    return render(
        "interview.html.j2", shop=read_answer(book, "shop"), purpose=purpose, questions=research.asked(book, part), thanks=sheets.thanks
    )


def feedback_html(book: Workbook, part: Part) -> str:
    """The feedback form, ready to print and hand out. Raises ``KizunaError`` while no purpose is written (PI-07)."""
    words = feedback.texts()
    purpose = asking.needed_purpose(book, part)
    return render("feedback.html.j2", shop=read_answer(book, "shop"), purpose=purpose, words=words, questions=asking.questions(part))


def thanks_html(book: Workbook, part: Part) -> str:
    """The thanks box on paper, to hang up where only the owner and her people see it. Raises ``KizunaError`` while it is empty."""
    kept = thanks.box(book, part)
    if not kept:
        raise KizunaError("感謝箱は、まだ空です。上の言葉から「感謝箱に入れる」を押すと、印刷できます。")
    return render("thanks.html.j2", **owner(book), kept=kept)


def owner(book: Workbook) -> dict[str, str]:
    """What stands on every sheet of the owner's own: her shop, for whom she does it all, and what she calls her customers."""
    answers = read_answers(book)
    return {"shop": answers.get("shop") or "", "purpose": answers.get("purpose") or "", "called": answers.get("called") or CUSTOMERS}


def plan_html(book: Workbook, part: Part, draft: bool = False) -> str:
    """The plan on one page, ready to print; as a ``draft`` also items that are not decided, and the themes behind them."""
    view = plans.plan(book, part)
    actions = view.actions if draft else view.decided
    return render(
        "plan.html.j2",
        plan=view,
        actions=actions,
        draft=draft,
        **owner(book),
        findings=plans.check_plan(view),
        seen={one.id: one.people for one in research.media_seen(book)},
        ideas=research.ideas(book, part),
        themes=themes(book, part) if draft else (),
        honest=research.honest(research.heard(book, part).people),
        shown=_SHOWN,
    )


def plan_excel(book: Workbook, part: Part, draft: bool = False) -> bytes:
    """The plan as an Excel file: the items, the words they rest on, and everything that was heard, a sheet each."""
    from openpyxl import Workbook as Excel

    view = plans.plan(book, part)
    actions = view.actions if draft else view.decided
    excel = Excel()
    del excel[excel.sheetnames[0]]
    items = [
        [
            number, action.title, action.relation, action.content, action.medium.name if action.medium else "", action.due_on, action.minutes, action.times,
            action.people, action.doable, action.wishers, action.fun, action.fun_me, action.fun_them,
        ]
        for number, action in enumerate(actions, start=1)
    ]  # fmt: skip
    header = [
        "番号",
        "一手",
        "関係がどう変わる",
        "すること",
        "届け方",
        "日にち",
        "分",
        "回数",
        "人数",
        "できる度",
        "望んだ人数",
        "楽しさ",
        "自分の楽しさ",
        "お客さまの楽しさ",
    ]
    _sheet(excel, "計画", header, items, [6, 28, 40, 40, 18, 12, 6, 6, 6, 8, 10, 8, 12, 14])
    evidence = [
        [number, action.title, card.text, card.person, card.heard_on, card.question, card.source]
        for number, action in enumerate(actions, start=1)
        for card in action.evidence
    ]
    _sheet(excel, "望んだ言葉", ["番号", "一手", "言葉", "話した人", "日にち", "質問", "もとの場所"], evidence, [6, 28, 60, 16, 12, 40, 28])
    heard = [[one.name, one.people, card.text, card.person, card.heard_on, card.source] for one in themes(book, part) for card in one.cards]
    _sheet(excel, "聞こえてきた望み", ["まとまり", "人数", "言葉", "話した人", "日にち", "もとの場所"], heard, [28, 8, 60, 16, 12, 28])
    out = io.BytesIO()
    excel.save(out)
    return out.getvalue()


def plan_calendar(book: Workbook, part: Part, stamp: datetime | None = None) -> bytes:
    """The decided items as a calendar file (iCalendar, RFC 5545): a whole day each, so that any calendar can take it."""
    from icalendar import Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//kizuna//plan//JA")
    calendar.add("version", "2.0")
    for action in plans.plan(book, part).decided:
        if action.due_on is None:
            continue
        event = Event()
        event.add("uid", f"action-{action.id}-{part}@kizuna.invalid")
        event.add("dtstamp", stamp or datetime.now(UTC))
        event.add("summary", action.title or "名前のない一手")
        event.add("dtstart", action.due_on)
        event.add("dtend", action.due_on + timedelta(days=1))
        where = action.medium.name if action.medium else ""
        event.add(
            "description",
            "\n".join(line for line in (action.content, f"届け方：{where}" if where else "", f"関係：{action.relation}") if line),
        )
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def design_html(book: Workbook, today: date | None = None) -> str:
    """The place on one page, ready to print and to show to members: their words and names only as they allowed it on that day.

    Raises ``KizunaError`` while nothing is decided, and where something stands in it that may not.
    """
    each = onepage.for_members(book, today)
    alone = {one.choice.topic.key: one for one in each if one.choice.topic.key in ("name", "purpose")}
    others = [one for one in each if one.choice.topic.key not in alone]
    told = _once(each)
    return render(
        "design.html.j2",
        name=alone["name"].choice.text if "name" in alone else "",
        purpose=alone.get("purpose"),
        topics=[
            (topic, [one for one in others if one.choice.topic == topic]) for topic in dict.fromkeys(one.choice.topic for one in others)
        ],
        told=told,
        shop=read_answer(book, "shop"),
        today=today or date.today(),
        said=any(told.values()),
        foot=topics.words().foot,
    )


def _once(each: Sequence[onepage.ShownChoice]) -> dict[int, list[onepage.Told]]:
    """The words to show beside each choice, by its id: a few, and the same words only once on the page."""
    seen: set[tuple[str, str]] = set()
    found: dict[int, list[onepage.Told]] = {}
    for one in each:
        fresh = [told for told in one.told if (told.words, told.name) not in seen][:_SHOWN]
        seen |= {(told.words, told.name) for told in fresh}
        found[one.choice.id] = fresh
    return found


def design_excel(book: Workbook) -> bytes:
    """The place as an Excel file for the owner: her choices, decided or not, and all words they rest on."""
    from openpyxl import Workbook as Excel

    choices = places.design(book).choices
    excel = Excel()
    del excel[excel.sheetnames[0]]
    rows = [
        [one.topic.title, one.text, one.often, one.minutes, one.yen, one.people, "案に入れた" if one.in_design else "まだ"]
        for one in choices
    ]
    header = ["問い", "答え", "くり返し", "店主の時間（ひと月・分）", "実費（一人一回・円）", "望んだ人数", "いま"]
    _sheet(excel, "集まりの案", header, rows, [24, 60, 16, 12, 12, 10, 12])
    evidence = [
        [one.topic.title, one.text, card.text, card.person, card.heard_on, card.source] for one in choices for card in one.evidence
    ]  # fmt: skip
    _sheet(excel, "望んだ言葉", ["問い", "答え", "言葉", "話した人", "日にち", "もとの場所"], evidence, [24, 40, 60, 16, 12, 28])
    out = io.BytesIO()
    excel.save(out)
    return out.getvalue()


def draft_html(book: Workbook, one: DraftView, below: Sequence[str] = ()) -> str:
    """A draft as a letter on one page, ready to print: to whom, the parts, and the shop's name; ``below`` are lines under it."""
    with book.reading() as session:
        person = session.get(Person, one.person_id) if one.person_id else None
    to = person.called if person and person.name else ""
    return render(
        "letter.html.j2", draft=one, to=to, paragraphs=[text for _, text, _ in one.paragraphs()], shop=read_answer(book, "shop"), today=date.today(), below=below
    )  # fmt: skip


def review_html(book: Workbook) -> str:
    """The look back over both parts on one page of A4, for the owner herself: names and words stand there."""
    answers = read_answers(book)
    made = review.made(book)
    return render(
        "review.html.j2",
        shop=answers.get("shop"),
        today=date.today(),
        private=review.words().private,
        parts=course().parts,
        steps=course().steps,
        boxes={part: [one for one in made if one.box.part is part and one.begun] for part in Part},
        pairs=review.then_and_now(book),
        numbers=review.numbers(book),
        ahead=review.ahead(book),
        ywt=[
            (title, answers.get(f"ywt.{key}") or "")
            for key, title in (("did", "やったこと"), ("found", "わかったこと"), ("next", "次にやること"))
        ],
        declared=review.declaration(book),
        long=review.LONG,
        most=8,
    )


def handin_html(looked_at: HandIn) -> str:
    """Everything that would leave in a hand-in, and what would not, ready to print."""
    return render("handin.html.j2", one=looked_at, words=handin.words(), today=date.today())


def sharing_html(book: Workbook) -> str:
    """The sheet to share in the group, ready to print. Raises ``KizunaError`` where nothing is in the workbook yet."""
    return render("sharing.html.j2", one=sharing.sheet(book), words=sharing.words(), today=date.today())


def declaration_html(book: Workbook, postcard: bool = False) -> str:
    """The owner's declaration as three cards on a page of A4, or one on a postcard. Raises ``KizunaError`` while no act is written."""
    one = review.declaration(book)
    if not one.begun:
        raise KizunaError("「これから、何をしますか」が、まだ空いています。一つ書くと、カードになります。")
    return render("declaration.html.j2", one=one, cards=1 if postcard else 3, postcard=postcard, today=date.today())


def certificate_html(book: Workbook, sample: bool = False) -> str:
    """The certificate, ready to print; that of the worked example says so. Raises ``KizunaError`` while nothing is there to count."""
    one, words = certificate.certificate(book), certificate.words()
    if not one.made:
        raise KizunaError(words.nothing)
    return render("certificate.html.j2", one=one, words=words, sample=sample, today=date.today())


def word_html(book: Workbook) -> str:
    """The word of the day as four cards to cut out. Raises ``KizunaError`` while none is chosen."""
    one = word_of_day(book)
    if one is None:
        raise KizunaError("今日の一言が、まだ選ばれていません。「今日の一言にする」を押すと、カードになります。")
    return render("word.html.j2", one=one)


def _sheet(excel: Any, title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    """One sheet of plain cells; a text that begins like a formula stays a text."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = excel.create_sheet(title)
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6F0EE")
    for number, line in enumerate(rows, start=2):
        for column, value in enumerate(line, start=1):
            cell = sheet.cell(row=number, column=column)
            if isinstance(value, str):
                cell.value, cell.data_type, cell.quotePrefix = _writable(value), "s", value.startswith(("=", "+", "-", "@"))
            else:
                cell.value = value
                if isinstance(value, date):
                    cell.number_format = "yyyy/mm/dd"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _writable(text: str) -> str:
    """The text as Excel's format can hold it: no control characters, and ``_x0041_`` guarded, which Excel would read as a sign's code."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text))[:32_767]


def render(template: str, **values: Any) -> str:
    """A template of ``templates/`` filled in; every value is escaped."""
    return _templates().get_template(template).render(**values)


def piece(template: str, name: str, **values: Any) -> Markup:
    """One piece of a page: the macro ``name`` of a template, filled in; every value is escaped."""
    return Markup(getattr(_templates().get_template(template).module, name)(**values))  # noqa: S704 - the macro escapes


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters |= {"apart": apart, "day": day, "spell": plans.spell_minutes, "things": things}
    return environment
