"""Cells exactly as they stand in the file, every row."""

import io

import openpyxl
import pytest

from kizuna.errors import KizunaError
from kizuna.workbook.reading import read_cells

ODD = " 前に空白、\r\n改行と\tタブ "


def test_every_row_comes_as_it_stands_with_its_number_in_the_file():
    data = f'番号,声\r\n1,"{ODD}"\r\n2,\r\n\r\n4,終わり\r\n'.encode()
    assert read_cells("声.csv", data, ["声"]).rows == ((2, (ODD,)), (3, ("",)), (4, ("",)), (5, ("終わり",)))


def test_an_empty_last_row_with_its_commas_is_a_row():
    assert read_cells("声.csv", "番号,声,日\n1,あ,\n,,\n".encode(), ["声"]).rows == ((2, ("あ",)), (3, ("",)))


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.tsv", "番号\t声\n1\tよい、店, です\n"), ("a.csv", "番号;声\n1;よい、店, です\n"), ("a.csv", "声\nよい、店, です\n")],
)
def test_the_delimiter_is_the_one_that_shows_the_column(name, text):
    assert read_cells(name, text.encode(), ["声"]).rows == ((2, ("よい、店, です",)),)


def test_several_columns_and_a_title_above_the_header():
    found = read_cells("a.csv", "アンケート,,\n声,日,場所\nあ,5/1,店\n".encode("cp932"), ["場所", "声"])
    assert found.rows == ((3, ("店", "あ")),)


def test_excel_cells_keep_their_blanks_and_empty_rows():
    book = openpyxl.Workbook()
    for row in ([None, None], ["声", "数"], [ODD.replace("\r", ""), 5.0], [None, 1], [None, None], ["終わり", None]):
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    found = read_cells("a.xlsx", data.getvalue(), ["声", "数"]).rows
    assert found == ((3, (ODD.replace("\r", ""), "5")), (4, ("", "1")), (5, ("", "")), (6, ("終わり", "")))


@pytest.mark.parametrize(
    "data", [b"", "番号,声\n1,あ\n".encode(), b"\x89PNG\r\n\x1a\n" + bytes(50), b"PK\x03\x04" + bytes(90), '番号,感想\n1,"あ\n'.encode()]
)
def test_what_cannot_be_read_is_one_sentence(data):
    with pytest.raises(KizunaError) as error:
        read_cells("声.csv", data, ["感想"])
    assert str(error.value).endswith("。") and "\n" not in str(error.value)


def test_a_missing_column_is_told_with_those_there_are():
    with pytest.raises(KizunaError, match="「感想」という列はありません。ある列は 番号・声 です。"):
        read_cells("声.csv", "番号,声\n1,あ\n".encode(), ["声", "感想"])
