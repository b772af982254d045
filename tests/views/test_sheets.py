"""What goes out on paper or as a file holds the words as they were said, and nothing else."""

from __future__ import annotations

import contextlib
import html as entities
import io
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import icalendar
import openpyxl
import pytest
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps import research, thanks, themes
from kizuna.steps.calendar import draft_calendar
from kizuna.steps.sample import make_sample
from kizuna.views import sheets
from kizuna.views.paper import page_html
from kizuna.views.wall import wall_html
from kizuna.workbook.answers import save_answer
from kizuna.workbook.engine import engine_of
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.notebook import page_of

PART = Part.FOLLOWUP
TODAY = date(2026, 11, 2)
STAMP = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
HOSTILE = [
    "<script>alert(1)</script>がほしい", '<img src=x onerror="alert(1)">', "{{ plan }}{% raw %}", "</p></div><h1>大きく", "& &amp; &lt; \"'", "javascript:alert(1)",
]  # fmt: skip
AWKWARD = [
    "=cmd()|'/C calc'!A0",
    "+81-90",
    "-3度",
    "@SUM(A1)",
    "#REF!",
    "=1+1",
    "'引用符から",
    "👨‍👩‍👧🌊",
    "一行め\n二行め",
    "_x0041_",
    "あ" * 3_000,
    " 前の空白",
    "\u202e逆",
]


def copy_of(made: Workbook) -> Workbook:
    book = Workbook(MEMORY, engine_of(MEMORY))
    with contextlib.closing(made._engine.raw_connection()) as old, contextlib.closing(book._engine.raw_connection()) as new:
        old.driver_connection.backup(new.driver_connection)
    return book


@cache
def _sample() -> Workbook:
    return make_sample(MEMORY, TODAY, later=False)


def book_of(words: list[str]) -> Workbook:
    """A workbook in which ``words`` stand wherever a text can stand: said by customers, and written by the owner."""
    book = open_workbook(MEMORY)
    for number, text in enumerate(words):
        hear(book, f"{number}{text[:30]}", TODAY, [Said(text[:200], Topic.FOLLOWUP, text)])
    ids = [card.id for card in themes.unplaced(book, PART)]
    theme = themes.make(book, PART, words[0][:60], ids)
    themes.write_note(book, theme, words[0])
    action = plans.begin(book, PART, theme, TODAY)
    plans.edit(book, action, title=words[0], relation=words[1], content=words[2], minutes=10)
    plans.decide(book, action)
    for key in ("shop", "purpose", "research.purpose"):
        save_answer(book, key, words[1])
    research.add_idea(book, PART, words[2], words[0])
    return book


def keep_one(book: Workbook) -> None:
    """Put something into the thanks box."""
    hear(book, "ミナト", TODAY, [Said("よかったこと", Topic.GOOD, "お知らせが早くて、ありがとうございました。")], PART)
    thanks.keep(book, PART, thanks.candidates(book, PART)[0].id)


def empty() -> Workbook:
    return open_workbook(MEMORY)


def sample() -> Workbook:
    return copy_of(_sample())


def hostile() -> Workbook:
    return book_of(HOSTILE)


BOOKS = [empty, sample, hostile]


def tags(page: str) -> set[str]:
    return set(re.findall(r"<\s*([a-zA-Z][a-zA-Z0-9]*)", page))


def quoted(page: str) -> list[str]:
    """What stands between 「 and 」 in the quote blocks."""
    blocks = re.findall(r'<div class="quote"><p>(.*?)</p>', page, re.DOTALL)
    found = [entities.unescape(block) for block in blocks]
    assert all(one.startswith("「") and one.endswith("」") for one in found)
    return [one[1:-1] for one in found]


def said(book: Workbook) -> list[str]:
    with book.reading() as session:
        return list(session.scalars(select(Voice.text)))


# ---- HTML


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("draft", [False, True])
def test_the_plans_page_holds_only_our_own_tags(make: Any, draft: bool) -> None:
    page = sheets.plan_html(make(), PART, draft)
    assert tags(page) <= {
        "html", "head", "meta", "title", "style", "body", "p", "button", "div", "h1", "h2", "b", "dl", "dt", "dd", "span", "footer", "ul", "li", "br",
    }  # fmt: skip
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert not re.search(r"\b(src|href)=", re.sub(r"&lt;.*?&gt;", "", page))  # nothing is fetched from anywhere


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
def test_the_interview_sheet_holds_only_our_own_tags(make: Any) -> None:
    book = make()
    save_answer(book, "research.purpose", HOSTILE[0])
    page = sheets.interview_html(book)
    assert tags(page) <= {"html", "head", "meta", "title", "style", "body", "p", "button", "div", "h1", "h2", "b", "br", "span"}


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("draft", [False, True])
def test_every_quote_on_the_plan_is_a_stretch_of_a_voice(make: Any, draft: bool) -> None:
    book = make()
    voices = said(book)
    for one in quoted(sheets.plan_html(book, PART, draft)):
        assert any(one in voice for voice in voices), one


def test_each_item_of_the_plan_shows_a_few_quotes_and_counts_the_rest() -> None:
    book = hostile()
    page = sheets.plan_html(book, PART)
    assert 0 < sheets._SHOWN < len(HOSTILE)
    assert quoted(page) == HOSTILE[: sheets._SHOWN]
    assert f"ほかに{len(HOSTILE) - sheets._SHOWN}件" in page


def test_nothing_but_customers_words_stands_between_quotation_marks_in_an_items_head() -> None:
    book = sample()
    plans.edit(book, plans.plan(book, PART).actions[0].id, title="")
    heads = re.findall(r"<h2>(.*?)</h2>", sheets.plan_html(book, PART), re.DOTALL)
    assert not any("「" in head for head in heads)


def test_the_plan_says_what_was_decided_in_its_order() -> None:
    book = sample()
    page = sheets.plan_html(book, PART)
    titles = [action.title for action in plans.plan(book, PART).decided]
    assert [re.sub(r"<.*?>|\d", "", head) for head in re.findall(r"<h2>(.*?)</h2>", page)] == titles
    assert "汐風書店" in page and "11月2日（月） から 12月1日（火） まで" in page


def test_an_item_that_is_not_decided_stands_on_the_draft_only() -> None:
    book = sample()
    action = plans.plan(book, PART).actions[0]
    plans.decide(book, action.id, yes=False)
    assert entities.escape(action.title) in sheets.plan_html(book, PART, draft=True)
    assert entities.escape(action.title) not in sheets.plan_html(book, PART)


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
def test_a_draft_says_that_it_is_one_and_a_plan_does_not(make: Any) -> None:
    book = make()
    assert "これは下書きです" in sheets.plan_html(book, PART, draft=True)
    assert "これは下書きです" not in sheets.plan_html(book, PART)


def test_an_empty_plan_says_so() -> None:
    page = sheets.plan_html(empty(), PART)
    assert "計画に入れた一手は、まだありません" in page and quoted(page) == []


def test_too_many_minutes_are_told_on_the_plan() -> None:
    book = sample()
    save_answer(book, "hours", 0.5)
    assert "人数か回数をへらしましょう" in sheets.plan_html(book, PART)


def test_what_the_owner_wants_and_calls_her_customers_stands_on_her_sheets() -> None:
    book = sample()
    save_answer(book, "purpose", "港の人と<b>ゆっくり話す。")
    save_answer(book, "called", "なじみの衆")
    keep_one(book)
    draft_calendar(book, today=TODAY)
    for page in (sheets.plan_html(book, PART), sheets.thanks_html(book, PART), wall_html(book, TODAY)):
        assert '<div class="purpose">港の人と&lt;b&gt;ゆっくり話す。</div>' in page
        assert re.search("なじみの衆(が話されたまま|の目にふれない)", page)
    written, blank = (page_html(page_of("00_start", book), blank) for blank in (False, True))
    assert "港の人と&lt;b&gt;" in written.partition("<section")[0] and "港の人と" not in blank


def test_the_interview_sheet_has_the_purpose_every_question_and_thanks() -> None:
    book = sample()
    save_answer(book, "research.purpose", "店の棚を見直すために使います。")
    page = entities.unescape(sheets.interview_html(book))
    places = [page.index("店の棚を見直すために使います。")]
    places += [page.index(f"問{number}</span>{one.text}") for number, one in enumerate(research.asked(book), start=1)]
    places.append(page.index(research.sheets().thanks))
    assert places == sorted(places)


def test_without_a_purpose_no_sheet_is_printed() -> None:
    with pytest.raises(KizunaError, match="何に使うか"):
        sheets.interview_html(empty())


def test_no_page_says_none_or_nan() -> None:
    for make in BOOKS:
        book = make()
        save_answer(book, "research.purpose", "店の棚を見直すために使います。")
        for page in (sheets.plan_html(book, PART), sheets.plan_html(book, PART, draft=True), sheets.interview_html(book)):
            assert not re.search(r">[^<]*\b(None|nan|undefined)\b", page)


# ---- Excel


def cells(data: bytes) -> dict[str, list[list[Any]]]:
    excel = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in excel.worksheets}


def awkward() -> Workbook:
    return book_of(AWKWARD)


@pytest.mark.parametrize("make", [*BOOKS, awkward], ids=lambda make: make.__name__)
@pytest.mark.parametrize("draft", [False, True])
def test_the_excel_file_opens_and_has_three_sheets(make: Any, draft: bool) -> None:
    found = cells(sheets.plan_excel(make(), PART, draft))
    assert list(found) == ["計画", "望んだ言葉", "聞こえてきた望み"]
    assert all(rows[0][0].value in ("番号", "まとまり") for rows in found.values())


def test_no_cell_of_the_excel_file_is_a_formula() -> None:
    for rows in cells(sheets.plan_excel(awkward(), PART)).values():
        for cell in (cell for row in rows for cell in row):
            assert cell.data_type in ("s", "n", "d") or cell.value is None, cell.value  # an empty text comes back as nothing
            assert not isinstance(cell.value, str) or cell.data_type == "s"


def test_the_raw_excel_file_holds_no_formula_either() -> None:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(sheets.plan_excel(awkward(), PART))) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/"):
                assert b"<f>" not in packed.read(name)


@pytest.mark.parametrize("text", [one for one in AWKWARD if one != "_x0041_"])
def test_words_come_out_of_the_excel_file_as_they_were_said(text: str) -> None:
    found = cells(sheets.plan_excel(awkward(), PART))
    assert text.strip() in [row[2].value for row in found["望んだ言葉"]] + [row[2].value for row in found["聞こえてきた望み"]]


def test_words_that_look_like_excels_own_escapes_stay_words() -> None:
    """A real Excel would show _x0041_ as A; the file must say it as _x005F_x0041_."""
    import zipfile

    with zipfile.ZipFile(io.BytesIO(sheets.plan_excel(awkward(), PART))) as packed:
        text = b"".join(packed.read(name) for name in packed.namelist() if name.endswith(".xml")).decode("utf-8")
    assert "_x0041_" in text
    assert ">_x0041_<" not in text


def test_the_excel_file_holds_every_item_its_evidence_and_every_voice_of_a_theme() -> None:
    book = sample()
    view, found = plans.plan(book, PART), cells(sheets.plan_excel(book, PART))
    assert [row[1].value for row in found["計画"][1:]] == [action.title for action in view.decided]
    assert [row[5].value.date() for row in found["計画"][1:]] == [action.due_on for action in view.decided]
    assert [row[2].value for row in found["望んだ言葉"][1:]] == [card.text for action in view.decided for card in action.evidence]
    assert [row[2].value for row in found["聞こえてきた望み"][1:]] == [card.text for one in themes.themes(book, PART) for card in one.cards]


def test_control_characters_do_not_break_the_excel_file() -> None:
    book = book_of(["鈴\x07の音", "垂直\x0b改行", "逃げ\x1b[31m"])
    assert "鈴の音" in [row[2].value for row in cells(sheets.plan_excel(book, PART))["望んだ言葉"]]


# ---- calendar


def events(data: bytes) -> list[icalendar.Event]:
    return [part for part in icalendar.Calendar.from_ical(data).walk() if part.name == "VEVENT"]


def test_the_calendar_has_a_whole_day_for_each_item() -> None:
    book = sample()
    items = plans.plan(book, PART).decided
    found = events(sheets.plan_calendar(book, PART, STAMP))
    assert [(str(one["summary"]), one.decoded("dtstart"), one.decoded("dtend")) for one in found] == [
        (action.title, action.due_on, action.due_on + timedelta(days=1)) for action in items if action.due_on
    ]
    assert all(action.content in str(one["description"]) for action, one in zip(items, found, strict=True))
    assert len({str(one["uid"]) for one in found}) == len(found)


def test_the_calendar_is_the_same_for_the_same_moment() -> None:
    assert sheets.plan_calendar(sample(), PART, STAMP) == sheets.plan_calendar(sample(), PART, STAMP)


@pytest.mark.parametrize("make", [sample, hostile, awkward], ids=lambda make: make.__name__)
def test_no_line_of_the_calendar_is_longer_than_75_octets(make: Any) -> None:
    data = sheets.plan_calendar(make(), PART, STAMP)
    assert data.startswith(b"BEGIN:VCALENDAR\r\n") and data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode("utf-8")  # no letter is cut in two


def test_commas_semicolons_and_new_lines_come_through_the_calendar() -> None:
    book = sample()
    action = plans.plan(book, PART).decided[0]
    plans.edit(book, action.id, title="電話、はがき; メール, 声\\かけ🌊", content="一行め\n二行め, つづき")
    first = events(sheets.plan_calendar(book, PART, STAMP))[0]
    assert str(first["summary"]) == "電話、はがき; メール, 声\\かけ🌊"
    assert str(first["description"]).startswith("一行め\n二行め, つづき\n")


def test_an_item_without_a_day_or_not_decided_is_in_no_calendar() -> None:
    book = sample()
    first, second, _ = plans.plan(book, PART).decided
    plans.edit(book, first.id, due_on=None)
    plans.decide(book, second.id, yes=False)
    assert len(events(sheets.plan_calendar(book, PART, STAMP))) == 1
    assert events(sheets.plan_calendar(empty(), PART, STAMP)) == []
