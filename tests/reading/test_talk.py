"""LINE talks from iPhone, Android and the PC."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook.reading import Table, guess_columns, read_file, read_pasted, take

PHONE = """[LINE] 山田花子とのトーク履歴
保存日時：2026/11/01 10:20

2026/10/30(金)
10:05\t山田花子\tこんにちは。先日のお茶、とてもおいしかったです😊
10:06\t絆の店\t"ありがとうございます。
またお待ちしています
""新茶""も入りました"
10:07\t山田花子\t[スタンプ]
10:08\t山田花子\t[写真]
10:09\t山田花子\t☎ 通話時間 1:23
10:10\t\t山田花子がメッセージの送信を取り消しました

2026/10/31(土)
午後3:05\t山田花子\t来週の営業は
10:00 から ですか？

よろしくお願いします
午後3:06\t絆の店\tはい
"""

PC = """[LINE] 山田 花子さんとのトーク履歴
保存日時：2026/11/01 10:20

2026.10.30 金曜日
10:05 山田 花子 こんにちは 元気です
10:06 絆の 店長 "ありがとう
二行目"
10:06 絆の 店長 またどうぞ
15:07 山田 花子 [写真]
15:07 山田 花子 スタンプ
15:08 山田 花子がメッセージの送信を取り消しました
15:09 山田 花子 予約を変更しました
"""

GROUP = """[LINE] お茶の会のトーク履歴
保存日時：2026/11/01 10:20

2026/10/30(金)
10:01\t\t佐藤が山田花子を招待しました。
10:02\t山田花子がグループに参加しました。
10:05\t山田花子\tよろしくお願いします
10:06\t佐藤\t友人も昨日の会に参加しました
10:06\t佐藤\t[アルバム] 秋のお茶会
10:07\t佐藤\t楽しかったです
10:08\t鈴木が退出しました。
"""


def said(table: Table) -> list[tuple[str, str]]:
    return [(str(row.cells[1]), str(row.cells[2])) for row in table.rows]


def test_the_phones_talk() -> None:
    table = read_file("[LINE] 山田花子.txt", PHONE.encode())
    assert (table.kind, table.header) == ("line", ("日時", "お名前", "言葉"))
    assert said(table) == [
        ("山田花子", "こんにちは。先日のお茶、とてもおいしかったです😊"),
        ("絆の店", 'ありがとうございます。\nまたお待ちしています\n"新茶"も入りました'),
        ("山田花子", "来週の営業は\n10:00 から ですか？\n\nよろしくお願いします"),
        ("絆の店", "はい"),
    ]
    assert [row.number for row in table.rows] == [5, 6, 15, 19]
    assert table.rows[0].cells[0] == datetime(2026, 10, 30, 10, 5)
    assert table.rows[2].cells[0] == datetime(2026, 10, 31, 15, 5)
    assert "4 件は、声ではないので除きました" in table.notes[-1]


def test_pasting_is_the_same_as_the_file() -> None:
    assert read_pasted(PHONE).rows == read_file("a.txt", PHONE.replace("\n", "\r\n").encode("utf-8-sig")).rows


def test_the_pcs_talk_with_blanks_in_names() -> None:
    table = read_file("a.txt", PC.encode())
    assert said(table) == [
        ("山田 花子", "こんにちは 元気です"),
        ("絆の 店長", "ありがとう\n二行目"),
        ("絆の 店長", "またどうぞ"),
        ("山田 花子", "予約を変更しました"),
    ]
    assert "3 件" in table.notes[-1]


def test_the_pcs_talk_without_blanks_in_names() -> None:
    table = read_pasted(
        "2026.10.30 金曜日\n10:05 花子 こんにちは。\n10:06 店 はい\n10:07 花子 とても よい店 でした\n10:09 佐藤が退出しました。\n"
    )
    assert said(table) == [("花子", "こんにちは。"), ("店", "はい"), ("花子", "とても よい店 でした")]


def test_a_group() -> None:
    table = read_file("a.txt", GROUP.encode())
    assert said(table) == [("山田花子", "よろしくお願いします"), ("佐藤", "友人も昨日の会に参加しました"), ("佐藤", "楽しかったです")]
    assert table.people == ("佐藤", "山田花子")
    assert "4 件" in table.notes[-1]


def test_own_quotes_on_one_line_stay() -> None:
    table = read_pasted('2026/10/30(金)\n10:05\t花子\t"最高"\n10:06\t花子\t"新茶"が好き\n10:07\t花子\t"おわらない\n10:08\t店\tはい\n')
    assert [words for _, words in said(table)] == ['"最高"', '"新茶"が好き', '"おわらない', "はい"]


def test_an_english_talk() -> None:
    table = read_pasted(
        "[LINE] Chat history with Hana\nSaved on: 2026/11/01\n\nFri, 10/30/2026\n3:05 PM\tHana\tこんにちは\n3:06 PM\tHana\t[Sticker]\n"
    )
    assert table.rows[0].cells == (datetime(2026, 10, 30, 15, 5), "Hana", "こんにちは")
    assert len(table.rows) == 1


def test_the_shops_own_words_are_no_voices() -> None:
    table = read_file("a.txt", PHONE.encode())
    taken = take(table, guess_columns(table), exclude={"絆の店"}, today=date(2026, 11, 23))
    assert {heard.person for heard in taken.heard} == {"山田花子"}
    assert taken.heard[0].heard_on == date(2026, 10, 30)
    assert taken.heard[0].question == "言葉"


def test_a_longer_export_keeps_the_keys_of_the_shorter() -> None:
    before = read_pasted(PHONE)
    after = read_pasted(PHONE + "15:10\t山田花子\tありがとうございます\n")
    old = [heard.row_key for heard in take(before, guess_columns(before)).heard]
    new = [heard.row_key for heard in take(after, guess_columns(after)).heard]
    assert new[: len(old)] == old
    assert len(set(new)) == len(old) + 1


def test_a_talk_of_pictures_only() -> None:
    with pytest.raises(KizunaError, match=r"「a\.txt」は LINE のトークのようですが"):
        read_file("a.txt", b"[LINE] x\n2026/10/30(\xe9\x87\x91)\n10:05\thana\t[\xe5\x86\x99\xe7\x9c\x9f]\n")


def test_answers_that_mention_times_are_no_talk() -> None:
    table = read_pasted("10:00 に来ました\n午後3:05 ごろの予約です\nよい店です\n")
    assert (table.kind, len(table.rows)) == ("text", 3)
