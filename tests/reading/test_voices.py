"""From table to voices: verbatim, with keys that stay the same."""

from __future__ import annotations

import csv
import io
import time
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.workbook.reading import Role, Row, Taken, Topic, guess_columns, read_file, read_pasted, take
from kizuna.workbook.reading.cell import clean
from kizuna.workbook.reading.table import MOST_CHARACTERS
from tests.reading.books import FORM_HEADER, book

TODAY = date(2026, 11, 23)
STAMP = datetime(2026, 11, 3, 15, 5, 12)
FORM: list[list[Any]] = [
    [
        STAMP,
        "はな",
        "40代",
        "Instagram, LINE",
        "旅先で、\n友人に褒められました。",
        "使い方の動画",
        None,
        "人柄",
        5,
        "a@example.com",
        "はい",
    ],
    [STAMP, None, "50代", None, "困ったことはありません。", "点検", "お茶会", "近い", 4.0, None, "はい"],
    [STAMP, "はな", "40代", "LINE", 5, "とくになし", None, "味", 5, None, "いいえ"],
]


def as_csv(rows: list[list[Any]], encoding: str = "utf-8-sig") -> bytes:
    """``rows`` as Excel saves them: dates as shown, numbers without .0, line ends CRLF."""
    buffer = io.StringIO(newline="")
    shown = [
        [
            ""
            if cell is None
            else f"{cell:%Y/%m/%d %H:%M}"
            if isinstance(cell, datetime)
            else f"{cell:g}"
            if isinstance(cell, float)
            else cell
            for cell in row
        ]
        for row in rows
    ]
    csv.writer(buffer).writerows([FORM_HEADER, *shown])
    return buffer.getvalue().encode(encoding)


def taken(name: str, data: bytes) -> Taken:
    table = read_file(name, data)
    return take(table, guess_columns(table, TODAY), today=TODAY)


def test_everything_a_voice_carries() -> None:
    found = taken("a.xlsx", book([FORM_HEADER, *FORM]))
    heard = next(one for one in found.heard if one.topic is Topic.SCENE)
    assert heard.person == "はな"
    assert heard.text == "旅先で、\n友人に褒められました。"
    assert heard.question == heard.column == FORM_HEADER[4]
    assert (heard.role, heard.row) == (Role.VOICE, 2)
    assert (heard.heard_on, heard.heard_at) == (date(2026, 11, 3), STAMP)
    assert heard.about == (("ご年代", "40代"), ("満足度（1〜5）", "5"))
    assert [one.text for one in found.heard if one.role is Role.MEDIA] == ["Instagram, LINE", "LINE"]
    assert len(found.heard) == 12
    assert found.empty == 3
    assert found.problems == ()
    assert next(one for one in found.heard if one.row == 3).person is None
    assert next(one for one in found.heard if one.row == 4 and one.topic is Topic.SCENE).text == "5"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_the_same_rows_have_the_same_keys_from_excel_and_csv(encoding: str) -> None:
    excel, text = taken("a.xlsx", book([FORM_HEADER, *FORM])), taken("a.csv", as_csv(FORM, encoding))
    assert [(one.row_key, one.text) for one in excel.heard] == [(one.row_key, one.text) for one in text.heard]


def test_keys_do_not_depend_on_the_place_of_the_row() -> None:
    first, turned = taken("a.csv", as_csv(FORM)), taken("a.csv", as_csv(FORM[::-1]))
    assert {one.row_key for one in first.heard} == {one.row_key for one in turned.heard}
    assert len({one.row_key for one in first.heard}) == 3


def test_identical_rows_are_counted() -> None:
    text = "ご感想をお聞かせください\nよい\nふつう\nよい\nよい\n"
    keys = [one.row_key for one in taken("a.csv", text.encode()).heard]
    assert keys[2] == keys[0] + "#2"
    assert keys[3] == keys[0] + "#3"
    assert "#" not in keys[0] + keys[1]
    assert [one.row_key for one in taken("a.csv", (text + "よい\n").encode()).heard][:4] == keys


def test_a_bad_date_is_named_and_the_voice_comes_in() -> None:
    found = taken("a.csv", "お名前,ご来店日,ご感想\nはな,2026/11/3,よい店です\n太郎,2026/13/45,また来ます\n二郎,2030/1/1,早い\n".encode())
    assert [one.text for one in found.heard] == ["よい店です", "また来ます", "早い"]
    assert [one.heard_on for one in found.heard] == [date(2026, 11, 3), None, None]
    assert str(found.problems[0]) == "3行目の「ご来店日」：「2026/13/45」は日付として読めません。日付を空けて取り込みます。"
    assert str(found.problems[1]) == "4行目の「ご来店日」：「2030/1/1」はまだ来ていない日付です。日付を空けて取り込みます。"


def test_rows_that_could_not_be_read_are_handed_on() -> None:
    found = taken("a.csv", "お名前,年代,感想\nはな,40代,よい店です\n太郎,50代,安い,早い,うまい\n".encode())
    assert [problem.row for problem in found.problems] == [3]


def test_a_column_not_used_makes_no_problem() -> None:
    table = read_file("a.csv", "お名前,備考,感想\nはな,#N/A,よい店です\n太郎,ok,また来ます\n".encode())
    columns = [replace(column, role=Role.SKIP) if column.header == "備考" else column for column in guess_columns(table)]
    assert take(table, columns).problems == ()
    assert [problem.column for problem in take(table, guess_columns(table)).problems] == ["備考"]


def test_a_three_thousand_character_answer() -> None:
    long = "長い答えです。🍵" * 375
    assert len(long) == 3000
    assert taken("a.xlsx", book([["お名前", "感想"], ["はな", long]])).heard[0].text == long


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_line_of_ten_megabytes_is_named_and_the_others_come_in(quote: str) -> None:
    long = "電話で知らせてほしいです。" * 270_000
    assert len(long.encode()) > 10 * 1024 * 1024
    found = taken("a.csv", f"お名前,感想\nはな,{quote}{long}{quote}\n太郎,よい店です\n".encode())
    assert [one.text for one in found.heard] == ["よい店です"]
    assert str(found.problems[0]).startswith("2行目：") and "とても長い欄" in str(found.problems[0])
    lines = take(lined := read_pasted(f"{long}\nよい店です\n"), guess_columns(lined))
    assert [one.text for one in lines.heard] == ["よい店です"]
    assert str(lines.problems[0]).endswith(
        "：3,510,000文字あります。一つの欄は32,767文字までなので、いくつかに分けると読めます。この欄は取り込みません。"
    )


def test_an_answer_as_long_as_a_cell_of_excel_comes_in_and_one_letter_more_does_not() -> None:
    long = "あ" * MOST_CHARACTERS
    assert [one.text for one in taken("a.csv", f"お名前,感想\nはな,{long}\n太郎,{long}い\n".encode()).heard] == [long]


def test_family_and_given_name_make_one_person() -> None:
    assert taken("a.csv", "姓,名,感想\n山田,花子,とてもよい店です。\n佐藤,,また来ます。\n".encode()).heard[0].person == "山田 花子"


def test_five_hundred_rows_are_quick() -> None:
    rows = [
        [STAMP, f"人{n}", "40代", "LINE", "あ" * 300 + str(n), "動画", "お茶会", "人柄", 5, "a@example.com", "はい"] for n in range(500)
    ]
    for name, data in (("a.xlsx", book([FORM_HEADER, *rows])), ("a.csv", as_csv(rows))):
        begun = time.perf_counter()
        assert len(taken(name, data).heard) == 2500
        assert time.perf_counter() - begun < 1


WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8))
def test_texts_are_substrings_of_their_cells(pairs: list[tuple[str, str]]) -> None:
    table = replace(read_pasted("声"), header=("お名前", "感想"), rows=tuple(Row(number, pair) for number, pair in enumerate(pairs, 2)))
    columns = [replace(column, role=Role.VOICE) for column in guess_columns(table)]
    for heard in take(table, columns).heard:
        cell = pairs[heard.row - 2][table.header.index(heard.column)]
        assert heard.text in cell.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        assert heard.text.strip() == heard.text
        assert heard.text


VISIBLE = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=60)


@given(st.lists(VISIBLE.filter(lambda text: clean(text) is not None), min_size=1, max_size=6))
def test_csv_there_and_back_is_verbatim(answers: list[str]) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["お名前", "ご感想をお聞かせください"], *[["はな", text] for text in answers]])
    table = read_file("a.csv", buffer.getvalue().encode("utf-8"))
    assert [row.cells[1] for row in table.rows] == [clean(text) for text in answers]


def test_reading_does_not_change_what_it_is_given() -> None:
    table = read_file("a.csv", as_csv(FORM))
    before, columns = repr(table), guess_columns(table, TODAY)
    assert take(table, columns, today=TODAY) == take(table, columns, today=TODAY)
    assert repr(table) == before
