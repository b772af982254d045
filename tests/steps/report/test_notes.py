"""The instructor's notes: from a table of hers to a participant, or into the report on the course."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook as Excel

from kizuna.errors import KizunaError
from kizuna.steps.report.notes import Note, on_course, read_notes, to

ROWS = [
    ["コード", "欄", "メモ"],
    ["ABCD2345", "計画", "はがきの一枚が、よいですね。"],
    ["", "日時", "11月20日"],
    ["", "", "昼休みが短かった"],
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_notes_are_read_from_csv_however_it_was_saved(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "notes.csv"
    path.write_bytes("\r\n".join(",".join(row) for row in ROWS).encode(encoding))
    assert read_notes(path) == (
        Note("ABCD2345", "計画", "はがきの一枚が、よいですね。"),
        Note("", "日時", "11月20日"),
        Note("", "", "昼休みが短かった"),
    )


def test_notes_are_read_from_excel_whatever_the_order_of_the_columns(tmp_path: Path) -> None:
    excel = Excel()
    for row in ROWS:
        excel.active.append(row[::-1])
    excel.save(tmp_path / "notes.xlsx")
    assert [one.memo for one in read_notes(tmp_path / "notes.xlsx")] == [row[2] for row in ROWS[1:]]


def test_a_note_goes_to_whose_code_it_bears_however_that_is_written() -> None:
    notes = (Note("ABCD2345", "計画", "一"), Note("", "", "二"), Note("ZZZZ9999", "", "三"))
    assert [one.memo for one in to(notes, "abcd2345")] == [one.memo for one in to(notes, "ＡＢＣＤ２３４５ ")] == ["一"]
    assert to(notes, "") == ()


def test_a_code_of_digits_keeps_the_zeros_that_excel_takes_off(tmp_path: Path) -> None:
    excel = Excel()
    excel.active.append(["コード", "メモ"])
    excel.active.append([1234567, "一"])
    excel.save(tmp_path / "notes.xlsx")
    assert len(to(read_notes(tmp_path / "notes.xlsx"), "01234567")) == 1


def test_notes_on_the_course_go_into_the_fields_of_its_report() -> None:
    notes = (
        Note("", "日時", "11月20日"),
        Note("", "講師所感", "静かな熱気"),
        Note("", "昼食", "好評"),
        Note("ABCD2345", "日時", "来なかった"),
    )
    assert on_course(notes) == {"when": ("11月20日",), "impression": ("静かな熱気",), "noticed": ("好評",)}


def test_a_table_without_its_columns_is_told_with_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("名前,ひとりごと\n田中,よい\n", encoding="utf-8")
    with pytest.raises(KizunaError, match=r"notes\.csv.*「コード」「欄」「メモ」"):
        read_notes(tmp_path / "notes.csv")


def test_a_missing_file_is_told_and_an_empty_one_has_no_notes(tmp_path: Path) -> None:
    with pytest.raises(KizunaError, match=r"gone\.csv"):
        read_notes(tmp_path / "gone.csv")
    for name, content in (("empty.csv", ""), ("headed.csv", "コード,欄,メモ\n"), ("blank.csv", "\ufeff\n\n")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        assert read_notes(tmp_path / name) == ()
