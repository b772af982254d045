"""The reports as they are read: everything escaped, words as they were said, no name of a customer's, names of participants only where wished."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from kizuna.content import FOLDER
from kizuna.errors import KizunaError
from kizuna.steps.report.cohort import cohort
from kizuna.steps.report.facts import facts, places, read
from kizuna.steps.report.letter import letter
from kizuna.steps.report.notes import Note
from kizuna.steps.report.words import words
from kizuna.views import report
from kizuna.views.report import Row
from kizuna.views.report.classroom import CampPage, ClassPage
from kizuna.views.report.example import example_class
from kizuna.views.report.participant import LetterPage
from kizuna.views.report.pieces import Piece
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Action, Choice, Idea, Improvement, Theme, Voice
from kizuna.workbook.store import MEMORY, open_workbook
from kizuna.workbook.submission import open_submission
from tests.examples import the_example
from tests.sample_class import Raw, make_class

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}'
LETTER = ("opening", "road", "wishes", "plan", "then", "ahead", "questions", "closing")
CLASS = ("opening", "stages", "totals", "kinds", "questions", "scales")


def whole(page: Any, names: tuple[str, ...] = LETTER) -> str:
    return "\n".join(getattr(page, name)()._repr_html_() for name in names)


def words_of(html: str) -> str:
    return unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.DOTALL))


@pytest.fixture(scope="module")
def letter_of_sample() -> Iterator[tuple[LetterPage, list[str]]]:
    book = the_example()
    with book.reading() as session:
        said = list(session.scalars(select(Voice.text)))
    yield LetterPage(letter(book)), said
    book.close()


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> list[Raw]:
    return make_class(tmp_path_factory.mktemp("class"), 7, 3)


# ---- the letter


def test_a_quote_in_the_letter_is_what_somebody_said_character_for_character(letter_of_sample: tuple[LetterPage, list[str]]) -> None:
    page, said = letter_of_sample
    quotes = [unescape(one) for one in re.findall(r'class="kr-quote">「(.*?)」<span>', whole(page), re.DOTALL)]
    assert len(quotes) > 15 and all(any(quote in text for text in said) for quote in quotes)


def test_words_that_were_partly_covered_stand_in_no_brackets(class_: list[Raw]) -> None:
    letters = [whole(LetterPage(letter(open_submission(one.handin)))) for one in class_]
    assert any("●●" in one for one in letters)
    assert not [one for letter in letters for one in re.findall("「[^」]*」", letter) if "●" in one]


def test_our_own_words_in_the_letter_stand_in_no_brackets_that_are_customers() -> None:
    told = yaml.safe_load((FOLDER / "report.yaml").read_text(encoding="utf-8"))
    assert not [text for group in ("letter", "pieces", "questions") for text in told[group].values() if "「" in text]


def test_the_letter_on_an_empty_workbook_is_kind_and_whole() -> None:
    page = LetterPage(letter(open_workbook(MEMORY)))
    told = words_of(whole(page))
    assert words().letter["start"] in told
    assert "None" not in told and "{" not in told
    assert told.count("これから") >= 10  # every box of the course is still to come


def test_whatever_a_hand_in_holds_is_shown_as_words_and_never_as_html() -> None:
    book = the_example()
    with book.aside() as session:
        for kind, field in ((Theme, "name"), (Action, "title"), (Action, "content"), (Action, "relation"), (Choice, "text"),
                            (Choice, "often"), (Improvement, "title"), (Idea, "question")):  # fmt: skip
            for row in session.scalars(select(kind)):
                setattr(row, field, HOSTILE)
        session.connection().exec_driver_sql("UPDATE voice SET text = ? || text", (HOSTILE,))
        session.connection().exec_driver_sql("UPDATE person SET name = ?", (HOSTILE,))
    for key in ("shop", "purpose", "review.purpose", "stance", "happiness", "declare.act", "declare.when", "entry.relation_why"):
        save_answer(book, key, HOSTILE)
    page = LetterPage(letter(book), [Note(letter(book).code, HOSTILE, HOSTILE)], names=True)
    html = whole(page)
    assert html.count("&lt;script&gt;") > 40 and "49" not in words_of(html).replace("7*7", "")
    assert not re.search(r"<script|<img|onerror=(?!alert\(2\)&gt;)", html)
    row = Row(1, facts(book) | {"name": HOSTILE}, report="reports/1.html")
    board = report.index_html([row, Row(2, error=HOSTILE)], cohort([]), names=True)
    assert not re.search(r"<script|<img", board) and board.count("&lt;script&gt;") == 2
    camp = CampPage(cohort(example_class()), [Note("", HOSTILE, HOSTILE)]).sheet()._repr_html_()
    assert not re.search(r"<script|<img", camp) and "&lt;script&gt;" in camp


def test_the_instructors_notes_stand_in_the_letter_of_that_code_alone(letter_of_sample: tuple[LetterPage, list[str]]) -> None:
    one = letter_of_sample[0].one
    mine, other = Note(one.code, "計画", "はがきの一枚がよいですね"), Note("ZZZZ9999", "", "ほかの方へ")
    told = words_of(whole(LetterPage(one, [mine, other])))
    assert mine.memo in told and mine.section in told and other.memo not in told
    assert "kr-lines" not in LetterPage(one, [mine]).closing()._repr_html_()
    assert "kr-lines" in LetterPage(one).closing()._repr_html_()  # room to write by hand


def test_names_of_participants_are_on_or_off_everywhere(letter_of_sample: tuple[LetterPage, list[str]]) -> None:
    one = letter_of_sample[0].one
    assert "汐風書店さんへ" in whole(LetterPage(one, names=True), ("opening",)) and "汐風書店" not in whole(LetterPage(one), ("opening",))
    rows = [Row(number, one) for number, one in enumerate(example_class(12), 1)]
    summary = cohort(row.facts for row in rows)
    on, off = (report.index_html(rows, summary, names=names) for names in (True, False))
    assert on.count("見本の店") >= 24 and "見本の店" not in off and "MIHON001" in off
    on, off = (report.summary_csv(rows, names=names).decode("utf-8-sig") for names in (True, False))
    assert "見本の店12" in on and "見本の店" not in off


def test_nothing_that_tells_who_a_customer_is_comes_out_of_a_hand_in(class_: list[Raw]) -> None:
    rows = []
    for number, raw in enumerate(class_, 1):
        page = report.letter(str(raw.handin), names=True)
        book = open_submission(raw.handin)
        found = facts(book, names=True)
        book.close()
        told = whole(page) + json.dumps(found, ensure_ascii=False)
        assert not [secret for secret in raw.secrets if secret in told]
        rows.append(Row(number, found))
        assert found["code"] == raw.code
    summary = cohort((row.facts for row in rows), 3)
    told = report.index_html(rows, summary, names=True) + report.summary_csv(rows, names=True).decode()
    told += whole(ClassPage(summary), CLASS) + CampPage(summary).sheet()._repr_html_()
    assert not [secret for raw in class_ for secret in raw.secrets if secret in told]


def test_a_hand_in_that_cannot_be_read_and_a_workbook_with_names_are_told(class_: list[Raw], tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    for path in (tmp_path / "empty", class_[0].workbook):
        with pytest.raises(KizunaError):
            report.letter(str(path))
    assert "お名前が入っています" in words_of(whole(report.letter(str(class_[0].workbook), with_names=True)))


def test_a_piece_is_shown_as_text_by_its_title_alone(letter_of_sample: tuple[LetterPage, list[str]]) -> None:
    piece = letter_of_sample[0].plan()
    assert isinstance(piece, Piece) and repr(piece) == "〔計画〕"


# ---- the class


def test_the_class_page_tells_no_small_number_and_no_participant() -> None:
    class_ = example_class(20)
    told = words_of(whole(ClassPage(cohort(class_, pairs=False)), CLASS))
    assert not re.search(r"(?<![\d.〜〜])[1-4]人(?!（)", re.sub(r"5人より", "", told))
    assert not [one["code"] for one in class_ if one["code"] in told or one["name"] in told]


def test_ten_things_and_more_are_counted_as_people_do_and_a_mean_says_whose_number_is_withheld() -> None:
    class_ = example_class(24)
    told = words_of(whole(ClassPage(cohort(class_)), CLASS)) + words_of(CampPage(cohort(class_)).sheet()._repr_html_())
    assert re.search(r"\d{2}個", told) and not re.search(r"\d{2}つ", told)
    assert "（両方に答えた方の平均です。人数は" in told


def test_a_class_too_small_says_so_and_shows_no_number_of_it() -> None:
    told = words_of(whole(ClassPage(cohort(example_class(4))), CLASS))
    assert "5人そろうまでは" in told
    assert not re.search(r"\d人", told.replace("4人", "").replace("5人", "").replace("10人", ""))


def test_what_hardly_anybody_asked_is_the_question_of_the_class() -> None:
    asked = [{"code": f"C{n:07}", "asked": ["scene", "followup", "reason", "media"]} for n in range(20)]
    told = words_of(ClassPage(cohort(asked)).questions()._repr_html_())
    assert "反対に、こまったな" in told and "うれしかったのは" not in told


def test_the_report_on_the_course_has_every_field_notes_and_numbers_and_room_for_the_rest() -> None:
    notes = [Note("", "日時", "2026年11月20日"), Note("", "", "昼休みが短かった"), Note("ABCD2345", "日時", "この方だけ")]
    html = CampPage(cohort(example_class()), notes).sheet()._repr_html_()
    told = words_of(html)
    for title in ("日時", "人数", "概要と成果", "アウトプット", "講師所感", "気になった点", "今後の課題"):
        assert title in told
    assert "2026年11月20日" in told and "昼休みが短かった" in told and "この方だけ" not in told and "提出した方 24人" in told
    assert html.count('contenteditable="true"') == len(words().camp.fields)
    assert re.search(r'aria-label="講師所感"[^>]*></td>', html)  # hers to write


def test_facts_of_a_folder_make_the_pages_of_the_class(tmp_path: Path) -> None:
    for one in example_class(15, 5):
        (tmp_path / f"{one['code']}.json").write_text(json.dumps(one), encoding="utf-8")
    assert "15人の提出から" in words_of(whole(report.cohort(str(tmp_path)), CLASS))
    assert "提出した方 15人" in words_of(report.camp(str(tmp_path)).sheet()._repr_html_())


# ---- the instructor's page and table


def test_two_shops_of_one_name_are_told_apart() -> None:
    rows = [Row(n, {"code": f"CODE000{n}", "name": "喫茶 こかげ", "made": places()[:4]}) for n in (1, 2)]
    html = report.index_html(rows, cohort([]), names=True)
    assert "喫茶 こかげ（CODE0001）" in html and "喫茶 こかげ（CODE0002）" in html


def test_the_board_is_red_only_where_a_hand_is_needed() -> None:
    rows = [Row(n, {"code": f"C{n:07}", "made": places()[:count]}, report=f"reports/{n}.html") for n, count in enumerate((0, 4, 4, 5), 1)]
    html = report.index_html(rows, cohort([]))
    assert html.count('class="needs"') == html.count("<b>手助けが要る</b>") == 1
    assert re.findall(r'href="([^"]+)"', html) == [f"reports/{n}.html" for n in range(1, 5)]
    assert html.count('<i class="made"') == 13


def test_the_board_tells_nothing_of_what_anybody_heard_but_in_the_reasons_of_a_pair() -> None:
    rows = [Row(n, one) for n, one in enumerate(example_class(12), 1)]
    before = report.index_html(rows, cohort([])), report.index_html([], cohort([]))
    assert not [one.label for one in words().kinds if one.label in before[0]]
    assert "まだ提出がありません" in before[1]


def test_what_could_not_be_made_stands_with_its_reason_and_stops_nobody() -> None:
    rows = [Row(1, example_class(1)[0]), Row(2, error="「a」は途中で切れています。もう一度出してもらってください。")]
    html = report.index_html(rows, cohort([]), links={"クラスのまとめ": "cohort.html"})
    assert "途中で切れています" in html and "作れなかったもの 1件" in html and 'href="cohort.html"' in html
    assert "default-src 'none'" in html


def test_the_table_opens_in_excel_as_it_is_and_runs_no_formula() -> None:
    rows = [
        Row(1, example_class(1)[0] | {"name": "=HYPERLINK(1)"}),
        Row(2, error="@だめでした。"),
        *(Row(n, one) for n, one in enumerate(example_class(5, 2), 3)),
    ]
    made = report.summary_csv(rows, names=True)
    assert made.startswith(b"\xef\xbb\xbf")
    header, *lines = csv.reader(io.StringIO(made.decode("utf-8-sig"), newline=""))
    assert {len(line) for line in lines} == {len(header)} and len(lines) == 7
    assert lines[0][header.index("参加者")] == "'=HYPERLINK(1)" and lines[1][-1] == "'@だめでした。"
    found = read(rows[2].facts)
    assert lines[2][header.index("第1部 望みを話してくださった方（人）")] == str(found.numbers["heard"]["followup"])
    assert lines[2][header.index("コード")] == found.code
