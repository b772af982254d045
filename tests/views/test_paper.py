"""A page on paper asks the same under the same numbers, holds what was written to the letter, and a blank holds nothing of it."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Any

import ipywidgets as widgets
import pytest
from sqlalchemy import select

from kizuna.process import Part, course
from kizuna.steps import asking, plan, research, themes
from kizuna.steps.sample import make_sample
from kizuna.views import forms
from kizuna.views.fields import Field, FieldView
from kizuna.views.files import Papers
from kizuna.views.forms.people import People
from kizuna.views.opening import Opening
from kizuna.views.page import Page
from kizuna.views.paper import PRIVATE, SAME_NUMBERS, Block, line, page_html, slips_html
from kizuna.views.sheets import interview_html
from kizuna.workbook.answers import read_answers, save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Person, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.notebook import page_of

PART = Part.FOLLOWUP
TODAY = date(2026, 11, 2)
RESEARCH, PLAN, GATHERING, PLACE = "02_followup_research", "03_followup_plan", "07_tribe_research", "08_tribe_plan"
REVIEW = "12_review"
PAGES = [one.file for one in course().sections if one.open and not one.apart]  # an instructor's page has sheets of its own
HOSTILE = [
    "<script>alert(1)</script>がほしい",
    '<img src=x onerror="alert(1)">',
    "{{ blocks }}{% raw %}",
    "</p></section><h1>大きく",
    "& &amp; &lt; \"'",
]
each_page = pytest.mark.parametrize("file", PAGES)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbook]:
    """The worked example; only read here."""
    book = make_sample(tmp_path_factory.mktemp("paper") / "sample.kizuna", TODAY, later=False)
    yield book
    book.close()


@pytest.fixture
def empty() -> Iterator[Workbook]:
    book = open_workbook(MEMORY)
    yield book
    book.close()


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def open_all(form: Any) -> None:
    """Open all that a person could open, also what stands inside."""
    while closed := [one for one in inside(form) if isinstance(one, Opening) and not one.is_open]:
        for one in closed:
            one.turn()


def fields_of(page: Page) -> list[FieldView]:
    """Every field of a page, also those that a person must first turn to."""
    found = []
    for form in page.forms:
        for way in [one for one in inside(form) if isinstance(one, widgets.ToggleButtons) and "お一人ずつ書く" in one.options]:
            way.value = "お一人ずつ書く"
        open_all(form)
        found += [one for one in inside(form) if isinstance(one, FieldView)]
    return found


def on_screen(view: FieldView) -> tuple[str, str]:
    """Number and question as the screen shows them."""
    number, question = re.findall(r'<div class="kz-q">(?:<span class="no">(.*?)</span>)?(.*?)</div>', view.children[0].value)[0]
    return number, entities.unescape(question)


def on_paper(sheet: str) -> list[tuple[str, str]]:
    """Numbers and questions as the sheet shows them, in their order."""
    found = re.findall(r'<p class="ask">(?:<span class="no">(.*?)</span>)?(.*?)(?:<span|</p>)', sheet, re.DOTALL)
    return [(number, entities.unescape(question)) for number, question in found]


def written(sheet: str) -> str:
    """The sheet's body as a reader sees it."""
    return entities.unescape(re.sub(r"<[^>]+>", "", sheet.split("<body>")[1]))


def ticked(sheet: str) -> list[str]:
    return re.findall(r"■ (.*?)</li>", sheet)


def words(book: Workbook) -> list[tuple[str, str]]:
    """Every voice with how its speaker is called."""
    with book.reading() as session:
        return [(voice.text, voice.person.called) for voice in session.scalars(select(Voice).order_by(Voice.id))]


@each_page
@pytest.mark.parametrize("blank", [True, False])
def test_every_field_stands_on_paper_under_the_number_it_has_on_screen(file: str, blank: bool, sample: Workbook) -> None:
    page = page_of(file, sample)
    views = fields_of(page)
    each = (*(one for part in Part for one in research.asked(sample, part)), *(one for part in Part for one in asking.questions(part)))
    once = {one.key for one in each}  # asked anew of each person: once written, they stand as voices
    asked = {on_screen(view) for view in views if blank or view.field.key not in once}
    assert views
    assert asked <= set(on_paper(page_html(page, blank)))
    assert all(bool(number) != view.field.follows for view in views for number, _ in [on_screen(view)])


def test_every_question_of_the_plan_has_a_number_of_its_own_in_the_order_of_the_page(sample: Workbook) -> None:
    page = page_of(PLAN, sample)
    next(form for form in page.forms if isinstance(form, People)).choose(1)
    for form in page.forms:
        open_all(form)
    shown = "".join(one.value for form in page.forms for one in inside(form) if isinstance(one, widgets.HTML))
    asked = dict.fromkeys(re.findall(r'<span class="no">(\d+)\.</span>(.*?)</div>', shown))  # the same of every item and person
    assert [int(number) for number, _ in asked] == list(range(1, len(asked) + 1)) and len(asked) > 30


def test_the_numbers_of_the_place_run_through_without_a_gap_also_where_it_is_folded(sample: Workbook) -> None:
    sheet = page_html(page_of(PLACE, sample), blank=True)
    numbers = list(dict.fromkeys(number for number, _ in on_paper(sheet) if number))
    assert sorted(numbers, key=lambda one: int(one[:-1])) == [f"{number}." for number in range(1, len(numbers) + 1)]
    assert len(numbers) > 30


@pytest.mark.parametrize("file", [one for one in PAGES if one not in (PLAN, PLACE)])
def test_the_numbers_run_through_the_page_without_a_gap(file: str, sample: Workbook) -> None:
    page = page_of(file, sample)
    simple = [
        view for form in page.forms if type(form).__name__ in ("Fields", "Guess") for view in inside(form) if isinstance(view, FieldView)
    ]
    numbers = [view.number for view in simple if view.number]
    assert numbers == [f"{number}." for number in range(1, len(numbers) + 1)]


def test_the_questions_of_an_interview_have_one_number_on_screen_and_on_every_sheet(sample: Workbook) -> None:
    page = page_of(RESEARCH, sample)
    asked = [(f"問{number}", one.text) for number, one in enumerate(research.asked(sample), start=1)]
    kit = "".join(one.value for form in page.forms if type(form).__name__ == "Kit" for one in inside(form) if isinstance(one, widgets.HTML))
    sheet = re.findall(r'<span class="no">(問\d+)</span>(.*?)</h2>', interview_html(sample))
    assert re.findall(r"<b>(問\d+) (.*?)</b>", kit) == asked == sheet
    assert [one for one in on_paper(page_html(page, blank=True)) if one[0].startswith("問")] == asked
    assert [on_screen(view) for view in fields_of(page) if view.number.startswith("問")] == asked


def test_a_new_question_of_ones_own_leaves_the_other_numbers_as_they_were(empty: Workbook) -> None:
    before = research.asked(empty)
    research.add_idea(empty, PART, "", "さいきん読んだ本は何ですか。")
    assert research.asked(empty)[:-1] == before
    assert research.asked(empty)[-1].text == "さいきん読んだ本は何ですか。"


@each_page
def test_a_blank_of_a_full_workbook_is_the_blank_of_an_empty_one(file: str, sample: Workbook, empty: Workbook) -> None:
    save_answer(empty, "shop", read_answers(sample)["shop"])
    for idea in research.ideas(sample, PART):
        research.add_idea(empty, PART, idea.text, idea.question)
    full, none = page_of(file, sample), page_of(file, empty)
    assert (sheet := page_html(full, blank=True)) == page_html(none, blank=True)
    assert "■" not in sheet and 'class="written"' not in sheet and 'class="words"' not in sheet


def test_what_is_written_holds_every_answer_to_the_letter(sample: Workbook) -> None:
    sheets = {file: page_html(page_of(file, sample), blank=False) for file in PAGES}
    every = "".join(written(sheet) for sheet in sheets.values())
    answers = read_answers(sample)
    assert answers
    choices = [str(value) for sheet in sheets.values() for value in ticked(sheet)]
    for key, value in answers.items():
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        assert isinstance(value, bool) or shown in every or shown in choices, key
    for action in plan.plan(sample, PART).actions:
        assert all(text in every for text in (action.title, action.relation, action.content))
        assert all(f"「{card.text}」" in written(sheets[PLAN]) for card in action.evidence)


def test_every_voice_stands_whole_under_the_one_who_said_it(sample: Workbook) -> None:
    sheet = page_html(page_of(RESEARCH, sample), blank=False)
    blocks = {
        entities.unescape(title): written(f"<body>{rest}") for title, rest in re.findall(r"<h2>(.*?)</h2>(.*?)</section>", sheet, re.DOTALL)
    }
    assert len(words(sample)) > 50
    assert all(f"「{text}」" in blocks[person] for text, person in words(sample))


def test_the_boxes_hold_their_cards_notes_and_the_story(empty: Workbook) -> None:
    hear(empty, "ミナト", TODAY, [Said("望みは", Topic.FOLLOWUP, "椅子がほしい。"), Said("ほかには", Topic.FOLLOWUP, "静かな席がほしい。")])
    chair, quiet = themes.unplaced(empty, PART)
    themes.write_note(empty, themes.make(empty, PART, "すわりたい", [chair.id]), "ゆっくりしたいのですね。")
    save_answer(empty, f"research.story.{PART}", "まずは椅子から。")
    (box, loose), told = _boxes(empty)
    assert (box.title, [one.text for one in box.quotes], [one.value for one in box.lines]) == (
        "すわりたい", [chair.text], ["ゆっくりしたいのですね。"],
    )  # fmt: skip
    assert (loose.title, loose.quotes) == ("まだ分けていない声", (quiet,))
    assert told == "まずは椅子から。"
    themes.move(empty, [quiet.id], None)
    assert _boxes(empty)[0][1].title == "わきに置いた声"


def _boxes(book: Workbook) -> tuple[list[Block], str]:
    blocks = forms.arrange(Page(RESEARCH, book)).paper(blank=False)
    return [one for one in blocks if one.inner], blocks[-1].lines[0].value


@cache
def _hostile() -> Workbook:
    book = open_workbook(MEMORY)
    for number, text in enumerate(HOSTILE):
        hear(book, f"客{text}", TODAY, [Said(f"問い{text}", Topic.FOLLOWUP, text)])
        themes.make(book, PART, f"箱{text}", [themes.unplaced(book, PART)[0].id])
        research.add_idea(book, PART, f"思い{text}", f"どう{text}")
        plan.begin(book, PART, themes.themes(book, PART)[number].id)
    for action in plan.plan(book, PART).actions:
        plan.edit(book, action.id, "題", {}, title=HOSTILE[0], content=HOSTILE[3])
    for key in ("shop", "purpose", "research.purpose", "research.words", f"research.story.{PART}", "plan.feel"):
        save_answer(book, key, "".join(HOSTILE))
    return book


@each_page
@pytest.mark.parametrize("make", [lambda page: page_html(page, True), lambda page: page_html(page, False), slips_html])
def test_markup_in_answers_and_voices_stays_words(file: str, make: Callable[[Page], str]) -> None:
    sheet = make(page_of(file, _hostile()))
    assert not re.search(r"<script|<img|<h1>大きく", sheet)
    if file == RESEARCH and "声のカード</span>" in sheet:
        assert all(f"「{text}」" in entities.unescape(sheet) for text in HOSTILE)


@pytest.mark.parametrize(
    ("field", "value", "labels"),
    [
        (Field(key="k", question="q", kind="choice", choices=["海", "山"]), "山", ["山"]),
        (Field(key="k", question="q", kind="select", choices=["海", "山"]), "海", ["海"]),
        (Field(key="k", question="q", kind="scale", low=0, high=3), 0, ["0"]),
        (Field(key="k", question="q", kind="yesno"), False, ["× いいえ"]),
        (Field(key="k", question="q", kind="yesno"), None, []),
        (Field(key="k", question="q", kind="choice", choices=["海", "山"]), "川", []),
    ],
)
def test_what_was_chosen_is_ticked_and_nothing_else(field: Field, value: Any, labels: list[str]) -> None:
    made = line(field, "1.", value)
    assert [one.label for one in made.choices if one.ticked] == labels
    assert len(made.choices) > 1 and not any(one.ticked for one in line(field, "1.").choices)


def test_a_tick_is_a_black_box_on_the_sheet(empty: Workbook) -> None:
    save_answer(empty, "stance", "同志")
    page = page_of("00_start", empty)
    assert ticked(page_html(page, blank=False)) == ["同志"]
    assert "□ 同志" in page_html(page, blank=True) and "□ 仲間" in page_html(page, blank=False)


def test_numbers_and_dates_stand_with_their_unit_as_people_write_them() -> None:
    assert (made := line(Field(key="k", question="q", kind="number", unit="時間"), value=6.0)).value + made.unit == "6時間"
    assert line(Field(key="k", question="q", kind="date"), value=date(2026, 11, 23)).value == "11月23日（月）"


def test_every_card_is_there_once_to_be_cut_out(sample: Workbook) -> None:
    sheet = slips_html(page_of(RESEARCH, sample))
    found = re.findall(r'<div class="slip"><p class="words">「(.*?)」</p><footer>(.*?)(?:・\d+月.*?)?</footer>', sheet, re.DOTALL)
    cards = themes.laid(sample, PART).cards
    assert [(entities.unescape(text), entities.unescape(who)) for text, who in found] == [(one.text, one.person) for one in cards]


def test_a_cell_that_is_run_twice_is_one_form_on_paper(sample: Workbook) -> None:
    page = page_of("00_start", sample)
    before = page_html(page, blank=False)
    forms.fields(page, "profile", "お店のこと")
    assert page_html(page, blank=False) == before
    assert page_html(page, blank=True).count("お店やお仕事の名前は何ですか。") == 1


def test_two_people_who_said_the_same_are_two_on_paper(empty: Workbook) -> None:
    for name in ("ミナト", "シロ"):
        hear(empty, name, TODAY, [Said("望みは", Topic.FOLLOWUP, "椅子がほしい。")])
    with empty.act("名前を消す") as session:
        for person in session.scalars(select(Person)):
            person.name = "同じ名前"
    sheet = page_html(page_of(RESEARCH, empty), blank=False)
    assert sheet.count('<p class="written">「椅子がほしい。」') == 2


def ask(page: Page, key: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[dict[str, Any]], list[Any]]:
    """What a press on one of the buttons sends to the browser."""
    form = page.forms[-1] if type(page.forms[-1]).__name__ == "OnPaper" else forms.papers(page)
    (buttons,) = [one for one in inside(form) if isinstance(one, Papers)]
    sent: list[Any] = []
    monkeypatch.setattr(Papers, "send", lambda self, content, buffers=None: sent.append((content, buffers)))
    buttons._handle_custom_msg({"paper": key}, [])
    ((content, buffers),) = sent
    return content, [buffers, form.mark.value]


@each_page
def test_each_page_ends_with_both_sheets_to_print(file: str, sample: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(file, sample)
    for key, blank in (("blank", True), ("written", False)):
        content, (buffers, _) = ask(page, key, monkeypatch)
        assert content["open"] and content["type"] == "text/html"
        assert buffers == [page_html(page, blank).encode()]


def test_cards_to_cut_out_are_offered_where_there_are_cards(sample: Workbook, empty: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    offered = {}
    for file in PAGES:
        (buttons,) = [
            one
            for form in page_of(file, sample).forms
            for one in inside(form)
            if isinstance(one, Papers) and one.papers[0]["key"] == "blank"
        ]
        offered[file] = "cards" in {one["key"] for one in buttons.papers}
    assert [file for file, yes in offered.items() if yes] == [RESEARCH, GATHERING]
    content, (_, told) = ask(page_of(RESEARCH, empty), "cards", monkeypatch)
    assert content == {"failed": True} and "声がまだありません" in told


def test_the_sheet_says_whose_it_is_when_and_how_to_type_it_back(sample: Workbook) -> None:
    foot = page_html(page_of("00_start", sample), blank=True).split('<div class="foot">')[1]
    today = date.today()
    assert "はじめに・汐風書店" in foot and f"{today.year}年{today.month}月{today.day}日" in foot
    assert SAME_NUMBERS in foot


def test_a_sheet_with_customers_words_asks_to_keep_them_in_the_shop(sample: Workbook) -> None:
    asks = {file: [PRIVATE in page_html(page_of(file, sample), blank) for blank in (True, False)] for file in PAGES}
    assert asks == {file: [False, file in (RESEARCH, PLAN, GATHERING, REVIEW)] for file in PAGES}
    cards = slips_html(page_of(RESEARCH, sample))
    assert PRIVATE in cards and SAME_NUMBERS not in cards
