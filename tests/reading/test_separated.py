"""CSV as Excel, Google Forms and shop tools write it, broken ones too."""

from __future__ import annotations

import codecs

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook.reading import read_file

HEADER = "タイムスタンプ,お名前,ご感想をお聞かせください"
FORM = HEADER + "\r\n2026/11/03 15:05:12,はな,とてもよかったです。\r\n2026/11/04 9:00:00,髙橋①,また来ます\r\n"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (FORM.encode("utf-8"), ""),
        (codecs.BOM_UTF8 + FORM.encode("utf-8"), ""),
        (FORM.encode("cp932"), "Shift_JIS（cp932）"),
        (FORM.replace(",", "\t").encode("utf-16"), "UTF-16"),
        (codecs.BOM_UTF16_BE + FORM.replace(",", "\t").encode("utf-16-be"), "UTF-16"),
        (FORM.replace("髙", "高").replace("①", "").encode("euc_jp"), "EUC-JP"),
        (FORM.replace("髙", "高").replace("①", "").encode("iso2022_jp"), "JIS"),
    ],
)
def test_every_encoding_reads_the_same(data: bytes, note: str) -> None:
    table = read_file("回答.csv", data)
    assert table.kind == "csv"
    assert table.header == ("タイムスタンプ", "お名前", "ご感想をお聞かせください")
    assert [row.number for row in table.rows] == [2, 3]
    assert table.rows[0].cells == ("2026/11/03 15:05:12", "はな", "とてもよかったです。")
    assert str(table.rows[1].cells[1])[1:2] in ("橋",)
    assert note in "".join(table.notes)
    assert ("文字コード" in "".join(table.notes)) == bool(note)


def test_utf8_wins_when_both_encodings_fit() -> None:
    text = "声\n縺ゅ\n"
    assert text.encode("utf-8").decode("cp932", "ignore")
    both = "声\nｱｱ あ\n".encode()
    assert read_file("a.csv", both).rows[0].cells == ("ｱｱ あ",)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(delimiter: str) -> None:
    text = (
        delimiter.join(["お名前", "年代", "感想"])
        + "\n"
        + delimiter.join(["はな", "40代", "Instagram, LINE; 本" if delimiter == "\t" else "よかった"])
    )
    assert read_file("a.csv", text.encode()).header == ("お名前", "年代", "感想")


def test_checkbox_answers_with_semicolons_do_not_become_the_delimiter() -> None:
    text = "お名前,見るSNS\n" + "".join(f"人{i},LINE;Instagram\n" for i in range(5))
    table = read_file("a.csv", text.encode())
    assert table.rows[4].cells == ("人4", "LINE;Instagram")


def test_rows_are_numbered_as_excel_numbers_them() -> None:
    text = 'お名前,感想\nはな,"一行目\r\n二行目\n三行目"\n\n太郎,"はい、""最高""でした"'
    table = read_file("a.csv", text.encode())
    assert [(row.number, row.cells[1]) for row in table.rows] == [(2, "一行目\n二行目\n三行目"), (4, 'はい、"最高"でした')]


def test_words_stay_code_point_for_code_point() -> None:
    words = "ﾊﾝｶｸ　Ｆｕｌｌ 👩‍👩‍👧 がが ①㈱ \u200b\ufe0f =cmd|' /C calc'!A0 "
    table = read_file("a.csv", f'お名前,感想\nはな,"　{words}\t"\n太郎,"{words}"\n'.encode())
    assert table.rows[0].cells[1] == words.strip()


def test_a_file_of_two_encodings_names_the_line() -> None:
    mixed = "お名前,感想\nはな,とてもよかったです\n太郎,また来ます\n".encode() + "二郎,丁寧でした\n".encode("cp932")
    with pytest.raises(KizunaError, match=r"「まざり\.csv」の 4 行目の文字が読めません。UTF-8 と Shift_JIS がまざって"):
        read_file("まざり.csv", mixed)


def test_a_utf8_line_inside_a_shift_jis_file_is_noticed_too() -> None:
    mixed = "お名前,感想\nはな,よかったです\n".encode("cp932") + "太郎,また来ます\n".encode() + "二郎,丁寧でした\n".encode("cp932")
    with pytest.raises(KizunaError, match="3 行目の文字が読めません"):
        read_file("a.csv", mixed)


def test_half_kana_in_shift_jis_is_no_mixture() -> None:
    table = read_file("a.csv", "お名前,感想\nﾊﾅ,ﾃｽﾄ\nﾀﾛｳ,ﾖｶｯﾀ\n".encode("cp932"))
    assert table.rows[0].cells == ("ﾊﾅ", "ﾃｽﾄ")


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 20, "感想\nよ\0い".encode(), bytes(range(1, 32)) * 5, codecs.BOM_UTF16_LE + b"a"])
def test_what_is_no_text_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(KizunaError, match=r"「a\.csv」の中身は文字として読めません"):
        read_file("a.csv", data)


def test_a_row_with_too_many_cells_is_named_and_the_others_come_in() -> None:
    table = read_file("a.csv", "お名前,年代,感想\nはな,40代,よい店です\n太郎,50代,安い,早い,うまい\n二郎,30代,また行きます\n".encode())
    assert [row.number for row in table.rows] == [2, 4]
    assert [problem.row for problem in table.problems] == [3]
    assert str(table.problems[0]).startswith("3行目：「太郎,50代,安い,早い,うまい」は見出しより列が多く")


def test_a_row_with_too_few_cells_is_filled_up() -> None:
    table = read_file("a.csv", "お名前,感想,年代\nはな,よい店です\n太郎,また行きます,40代\n".encode())
    assert table.rows[0].cells == ("はな", "よい店です", None)
    assert table.problems == ()


def test_an_open_quote_does_not_swallow_the_rest_of_the_file() -> None:
    text = 'お名前,感想,年代\nはな,よい店です,40代\n太郎,"閉じていない,50代\n二郎,"また,\nきます",30代\n三郎,早い,20代\n'
    table = read_file("a.csv", text.encode())
    assert [row.cells[0] for row in table.rows] == ["はな", "二郎", "三郎"]
    assert table.rows[1].cells[1] == "また,\nきます"
    assert [problem.row for problem in table.problems] == [3]
    assert "引用符" in str(table.problems[0])


def test_a_quote_open_to_the_end() -> None:
    table = read_file("a.csv", ('お名前,感想\nはな,よい店です\n太郎,"さいごまで\n' + "続き\n" * 3).encode())
    assert [row.cells[0] for row in table.rows] == ["はな"]
    assert [problem.row for problem in table.problems] == [3, 4, 5, 6]


def test_many_open_quotes_are_quick() -> None:
    table = read_file("a.csv", ("お名前,感想\nはな,よい店です\n" + '太郎,"あ\n' * 4000).encode())
    assert table.rows[0].cells == ("はな", "よい店です")


def test_a_hopeless_mess_is_one_clear_error() -> None:
    text = "あ,い,う,え\nか,き\nさ\nた,ち,つ,て,と,な,に\nは,ひ,ふ\nま,み,む,め,も\n"
    with pytest.raises(KizunaError, match=r"「ごちゃ\.csv」は、行ごとに列の数がばらばら"):
        read_file("ごちゃ.csv", text.encode())


def test_a_comma_in_one_column_of_answers_cuts_nothing() -> None:
    table = read_file("a.csv", "ご感想をお聞かせください\nThank you, よかった\nまた来ます\n丁寧でした\n".encode())
    assert table.rows[0].cells == ("Thank you, よかった",)


def test_quotes_at_the_beginning_of_an_answer_in_one_column() -> None:
    table = read_file("a.csv", 'ご感想をお聞かせください\n"最高"と言いたい\n"二行の\n答え"\n'.encode())
    assert [row.cells[0] for row in table.rows] == ['"最高"と言いたい', "二行の\n答え"]


def test_twenty_thousand_rows_and_not_one_more() -> None:
    rows = "".join(f"人{i},よい\n" for i in range(20_000))
    assert len(read_file("a.csv", ("お名前,感想\n" + rows).encode()).rows) == 20_000
    with pytest.raises(KizunaError, match=r"「a\.csv」は 20,000 行を超えています"):
        read_file("a.csv", ("お名前,感想\n" + rows + "人,よい\n").encode())


def test_a_file_cut_off_in_the_middle_of_a_character() -> None:
    with pytest.raises(KizunaError, match="2 行目の文字が読めません"):
        read_file("a.csv", "お名前,感想\nはな,よい店です".encode()[:-1])
