"""Excel books as shops keep them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles.numbers import FORMAT_GENERAL

from kizuna.errors import KizunaError
from kizuna.workbook.reading import guess_columns, read_file, take
from tests.reading.books import SHEET, STRINGS, book, packed, rewritten, shared, zipped

TODAY = date(2026, 11, 23)


def test_from_a_file_on_disk(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.active.append(["お名前", "感想"])
    made.active.append(["はな", "よい店です"])
    made.save(tmp_path / "回答.xlsx")
    table = read_file("回答.xlsx", (tmp_path / "回答.xlsx").read_bytes())
    assert (table.kind, table.name, table.sheet) == ("excel", "回答.xlsx", "Sheet")
    assert table.rows[0].number == 2
    assert len(table.sha256) == 64


def test_titles_merged_cells_blank_rows_and_columns() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet["B2"] = "お客さまアンケート 2026年秋"
    sheet.merge_cells("B2:E2")
    for column, words in zip("BCDE", ("お名前", "ご来店日", "ご感想", "年代"), strict=True):
        sheet[f"{column}4"] = words
    sheet["B6"], sheet["C6"], sheet["D6"], sheet["E6"] = "はな", datetime(2026, 11, 3), "よい店です", 40
    sheet.row_dimensions[6].hidden = True
    table = read_file("a.xlsx", packed(made))
    assert table.header == ("お名前", "ご来店日", "ご感想", "年代")
    assert table.rows[0].number == 6
    assert table.rows[0].cells == ("はな", date(2026, 11, 3), "よい店です", 40)
    assert "4行目を見出しとして読みました。" in table.notes


def test_a_header_in_two_rows() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["お名前", "ご回答", None])
    sheet.append([None, "ご感想", "ご要望"])
    sheet.append(["はな", "よい店です", "駐車場がほしい"])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    assert read_file("a.xlsx", packed(made)).header == ("お名前", "ご感想", "ご要望")


def test_the_sheet_with_most_words_or_the_one_asked_for() -> None:
    data = book(
        [["お名前", "感想"], ["はな", "よい店です"]],
        "表紙",
        回答=[["お名前", "感想"], *[["太郎", "また来ます"]] * 5],
        集計=[["数"], *[[1]] * 40],
    )
    table = read_file("a.xlsx", data)
    assert table.sheets == ("表紙", "回答", "集計")
    assert table.sheet == "回答"
    assert "シート「回答」を読みました" in table.notes[0]
    assert read_file("a.xlsx", data, "表紙").rows[0].cells[0] == "はな"
    with pytest.raises(KizunaError, match=r"「a\.xlsx」に「秋」というシートはありません。あるシートは 表紙・回答・集計 です"):
        read_file("a.xlsx", data, "秋")


def test_numbers_truth_and_times_as_a_person_sees_them() -> None:
    from kizuna.workbook.reading.cell import text_of

    made = openpyxl.Workbook()
    made.active.append(["お名前", "評価", "来店時刻", "会員", "感想"])
    made.active.append(["はな", 5.0, datetime(2026, 1, 1, 9, 5).time(), True, 3])
    cells = read_file("a.xlsx", packed(made)).rows[0].cells
    assert [text_of(cell) for cell in cells] == ["はな", "5", "9:05", "TRUE", "3"]


def test_serial_numbers_in_a_column_of_dates() -> None:
    made = openpyxl.Workbook()
    made.active.append(["ご来店日", "ご感想"])
    made.active.append([46329.5, "よい店です"])
    made.active["A2"].number_format = FORMAT_GENERAL
    table = read_file("a.xlsx", packed(made))
    heard = take(table, guess_columns(table, TODAY), today=TODAY).heard[0]
    assert (heard.heard_on, heard.heard_at) == (date(2026, 11, 3), datetime(2026, 11, 3, 12))


def test_error_cells_are_named() -> None:
    table = read_file("a.xlsx", book([["お名前", "ご感想"], ["はな", "#N/A"], ["太郎", "よい店です"]]))
    taken = take(table, guess_columns(table))
    assert [heard.text for heard in taken.heard] == ["よい店です"]
    assert str(taken.problems[0]).startswith("2行目の「ご感想」：「#N/A」はExcel の計算エラーです")
    assert taken.empty == 0


def test_formulas_without_a_stored_result_are_named() -> None:
    table = read_file("a.xlsx", book([["お名前", "ご感想", "年代"], ["はな", '=B3&"!"', "40代"], ["太郎", "よい店です", "50代"]]))
    taken = take(table, guess_columns(table))
    assert [(problem.row, problem.column, problem.value) for problem in taken.problems] == [(2, "ご感想", '=B3&"!"')]
    assert "計算の結果が保存されていない数式" in str(taken.problems[0])
    assert taken.empty == 0


def test_formulas_with_a_stored_result_even_an_empty_one_are_fine() -> None:
    data = book([["お名前", "ご感想"], ["はな", "=1"], ["太郎", "=2"], ["二郎", "よい店です"]])
    stored = rewritten(
        data,
        SHEET,
        lambda xml: xml.replace('<c r="B2"><f>1</f><v /></c>', '<c r="B2" t="str"><f>A1</f><v>丁寧でした</v></c>').replace(
            '<c r="B3"><f>2</f><v /></c>', '<c r="B3" t="str"><f>A1</f><v></v></c>'
        ),
    )
    assert stored != data
    table = read_file("a.xlsx", stored)
    taken = take(table, guess_columns(table))
    assert [heard.text for heard in taken.heard] == ["丁寧でした", "よい店です"]
    assert taken.problems == ()
    assert taken.empty == 1


def test_a_book_of_nothing_but_formulas_without_result_says_so() -> None:
    with pytest.raises(KizunaError, match=r"「a\.xlsx」には読める回答がありません。2行目：.*数式"):
        read_file("a.xlsx", book([["お名前", "ご感想"], ["=C1", "=D1"]]))


def test_words_typed_like_a_formula_stay() -> None:
    made = openpyxl.Workbook()
    made.active.append(["お名前", "ご感想"])
    made.active["A2"], made.active["B2"] = "はな", "=cmd() と書いた"
    made.active["B2"].data_type = "s"
    assert read_file("a.xlsx", packed(made)).rows[0].cells[1] == "=cmd() と書いた"


def test_readings_above_kanji_and_escaped_carriage_returns_are_no_words() -> None:
    data = book([["お名前", "ご感想"], ["はな", "東京から来ました"], ["太郎", "一行目XX\n二行目"]])
    furigana = rewritten(
        shared(data),
        STRINGS,
        lambda xml: xml.replace(
            "<t>東京から来ました</t>", '<t>東京から来ました</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>'
        ).replace("XX", "_x000D_"),
    )
    table = read_file("a.xlsx", furigana)
    assert [row.cells[1] for row in table.rows] == ["東京から来ました", "一行目\n二行目"]


def test_wrong_dimensions_do_not_hide_rows() -> None:
    data = rewritten(
        book([["お名前", "ご感想"], ["はな", "よい店です"], ["太郎", "また来ます"]]),
        SHEET,
        lambda xml: xml.replace('ref="A1:B3"', 'ref="A1"'),
    )
    assert len(read_file("a.xlsx", data).rows) == 2


def test_midnight_is_a_day_and_any_other_time_a_moment() -> None:
    made = openpyxl.Workbook()
    made.active.append(["日時", "ご来店日", "ご感想"])
    made.active.append([datetime(2026, 11, 3, 15, 5, 12), datetime(2026, 11, 3), "よい店です"])
    made.active["B2"].number_format = '[$-ja-JP]ggge"年"m"月"d"日"'
    cells = read_file("a.xlsx", packed(made)).rows[0].cells
    assert cells[0] == datetime(2026, 11, 3, 15, 5, 12)
    assert cells[1] == date(2026, 11, 3)
    assert not isinstance(cells[1], datetime)


def test_a_book_by_another_name_is_read_all_the_same() -> None:
    table = read_file("回答.csv", book([["お名前", "ご感想"], ["はな", "よい店です"]]))
    assert table.kind == "excel"
    assert "中身は Excel でした" in "".join(table.notes)


def test_csv_named_xlsx_is_read_and_noted() -> None:
    table = read_file("回答.xlsx", "お名前,ご感想\nはな,よい店です\n".encode())
    assert table.kind == "csv"
    assert "中身は文字（csv）でした" in "".join(table.notes)


def test_too_many_rows() -> None:
    with pytest.raises(KizunaError, match=r"「a\.xlsx」は 20,000 行を超えています"):
        read_file("a.xlsx", book([["お名前", "ご感想"], *[["はな", "よい"]] * 20_001]))


def test_far_away_cells_do_not_take_forever() -> None:
    data = rewritten(
        book([["お名前", "ご感想"], ["はな", "よい店です"]]),
        SHEET,
        lambda xml: xml.replace("</sheetData>", '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'),
    )
    assert len(read_file("a.xlsx", data).rows) == 1


def test_a_broken_book_is_one_clear_error() -> None:
    data = rewritten(book([["お名前", "ご感想"], ["はな", "よい"]]), SHEET, lambda xml: xml[: len(xml) // 2])
    with pytest.raises(KizunaError, match=r"「a\.xlsx」は Excel のファイルとして読めません"):
        read_file("a.xlsx", data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b"\0" * (301 * 1024 * 1024))
    with pytest.raises(KizunaError, match=r"「a\.xlsx」は、広げると大きすぎる"):
        read_file("a.xlsx", bomb)
