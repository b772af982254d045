"""Whatever is given, there is a table or one clear sentence."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.workbook.reading import Table, guess_columns, read_file, read_pasted, take
from tests.reading.books import FORM_HEADER, SHEET, STRINGS, book, rewritten, shared, zipped

BOOK = shared(
    book([FORM_HEADER, ["2026/11/03", "はな", "40代", "LINE", "よい店です", "動画", "お茶会", "近い", 5, "a@example.com", "はい"]])
)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "パスワードがかかっているか、古い形式"),
        ("a.csv", b"%PDF-1.7 ...", "PDF"),
        ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "画像"),
        ("a.csv", b"\xff\xd8\xff\xe0" + bytes(50), "画像"),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(50), "画像か動画"),
        ("a.csv", "<!DOCTYPE html><html><body>ログイン</body></html>".encode(), "Web ページ"),
        ("a.xlsx", b"\xef\xbb\xbf\n <html xmlns:o='urn'><table><tr><td>1</td></tr></table></html>", "Web ページ"),
        ("a.numbers", zipped(Index__Document_iwa=b"x", Data__a_jpg=b"x"), "Numbers"),
        ("a.xlsx", zipped(word__document_xml=b"x"), "Word"),
        ("a.xlsx", zipped(ppt__presentation_xml=b"x"), "PowerPoint"),
        ("a.xlsb", zipped(xl__workbook_bin=b"x"), ".xlsb"),
        ("a.ods", zipped(mimetype=b"x", content_xml=b"x"), "OpenDocument"),
        ("回答.csv.zip", zipped(kaito_csv="声\nよい".encode()), "ZIP"),
        ("a.xlsx", b"PK\x03\x04" + b"broken" * 10, "こわれている"),
        ("a.kizuna", b"SQLite format 3\0" + bytes(50), "仕事ノート"),
        ("a.rtf", b"{\\rtf1 abc}", "リッチテキスト"),
        ("a.gz", b"\x1f\x8b\x08" + bytes(50), "圧縮"),
        ("a.csv", b"", "空のファイル"),
    ],
)
def test_a_disguise_is_named(name: str, data: bytes, said: str) -> None:
    with pytest.raises(KizunaError, match=f"「{name}」") as caught:
        read_file(name, data)
    assert said in str(caught.value)
    assert str(caught.value).endswith("ください。")


def test_more_than_twenty_megabytes_is_refused_at_once() -> None:
    with pytest.raises(KizunaError, match=r"「a\.csv」は 20 MB を超えています"):
        read_file("a.csv", b"a" * (20 * 1024 * 1024 + 1))


def test_the_name_shown_is_the_file_name_composed() -> None:
    table = read_file("C:\\Users\\hana\\アンケート.csv", "お名前,感想\nはな,よい\n".encode())
    assert table.name == "アンケート.csv"


def test_plain_text_is_one_answer_a_line() -> None:
    table = read_file("声.txt", "とてもよい店でした。\r\n\r\nまた来ます, きっと\r\n".encode("cp932"))
    assert (table.kind, table.header) == ("text", ("声",))
    assert [(row.number, row.cells[0]) for row in table.rows] == [(1, "とてもよい店でした。"), (3, "また来ます, きっと")]


def test_excels_unicode_text_is_a_table_although_it_ends_in_txt() -> None:
    table = read_file("回答.txt", "お名前\t感想\r\nはな\tよい店です\r\n".encode("utf-16"))
    assert table.header == ("お名前", "感想")


def test_pasted_lines() -> None:
    table = read_pasted('ご感想\n\n　とてもよい店でした。\n"最高"と言いたい')
    assert (table.kind, table.header) == ("text", ("声",))
    assert [row.cells[0] for row in table.rows] == ["ご感想", "とてもよい店でした。", '"最高"と言いたい']
    assert [heard.text for heard in take(table, guess_columns(table)).heard][1] == "とてもよい店でした。"


@pytest.mark.parametrize("text", ["", " \n　\n"])
def test_pasted_nothing(text: str) -> None:
    with pytest.raises(KizunaError, match="貼り付けた文章に文字が入っていません"):
        read_pasted(text)


def test_half_an_emoji_does_not_break_pasting() -> None:
    assert read_pasted("よい\ud83d\ude00\nだめ\ud83d").rows[0].cells == ("よい😀",)


def sensible(name: str, data: bytes) -> None:
    try:
        table = read_file(name, data)
    except KizunaError:
        return
    assert isinstance(table, Table)
    assert table.rows
    assert all(len(row.cells) == len(table.header) for row in table.rows)
    take(table, guess_columns(table))


ANY_NAME = st.sampled_from(["a.csv", "a.xlsx", "a.txt", "a"])


@given(ANY_NAME, st.binary(max_size=400))
def test_random_bytes(name: str, data: bytes) -> None:
    sensible(name, data)


@given(
    ANY_NAME,
    st.text(alphabet='あい声？。,\t;"\n\r \u3000a1/:[]LINE()金午後2026', max_size=200),
    st.sampled_from(["utf-8", "cp932", "utf-16", "utf-8-sig"]),
)
def test_random_text(name: str, text: str, encoding: str) -> None:
    sensible(name, text.encode(encoding))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(BOOK) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, len(BOOK)))
def test_mutated_books(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(BOOK)
    for place, value in changes:
        data[place] = value
    sensible("a.xlsx", bytes(data))
    sensible("a.xlsx", BOOK[:cut])


XML_BITS = st.sampled_from(
    ["<v>", "</v>", 't="s"', 't="e"', 'r="A1"', 's="1"', "<row", "<c ", "1", "0", "sharedStrings", "sheetData", "count"]
)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([SHEET, STRINGS, "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"]),
    XML_BITS,
    st.text(max_size=6),
    st.integers(1, 4),
)
def test_books_with_wrong_xml(member: str, old: str, new: str, times: int) -> None:
    new = new.encode("utf-8", "ignore").decode("utf-8")
    sensible("a.xlsx", rewritten(BOOK, member, lambda xml: xml.replace(old, new, times)))


@given(st.text(max_size=200))
def test_random_pasting(text: str) -> None:
    try:
        table = read_pasted(text)
    except KizunaError:
        return
    assert table.rows
    take(table, guess_columns(table))
