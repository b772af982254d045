"""Finding the header among titles, blanks and answers."""

from __future__ import annotations

import pytest

from kizuna.errors import KizunaError
from kizuna.workbook.reading import Table, read_file


def read(text: str, name: str = "a.csv") -> Table:
    return read_file(name, text.encode())


def test_title_rows_above_the_header() -> None:
    table = read("お客さまアンケート集計,,\n作成日,2026/11/20,\n,,\nお名前,年代,ご感想\nはな,40代,よい店です\n")
    assert table.header == ("お名前", "年代", "ご感想")
    assert [row.number for row in table.rows] == [5]
    assert "4行目を見出しとして読みました。" in table.notes


def test_a_file_without_header_loses_no_row() -> None:
    table = read("2026/11/3,はな,とてもよい店でした。\n2026/11/4,太郎,また来ます。\n")
    assert table.header == ("A列", "B列", "C列")
    assert [row.number for row in table.rows] == [1, 2]
    assert "見出しの行がない" in "".join(table.notes)


def test_questions_as_header() -> None:
    first = "当店をお選びいただいた決め手は何でしたか？"
    second = "今後、当店に望まれることを自由にお書きください。"
    assert read(f"{first},{second}\n近いから,駐車場がほしい\n安いから,特になし\n").header == (first, second)


def test_blank_leading_and_inner_columns_go() -> None:
    table = read(",,お名前,,感想\n,,はな,,よい店です\n")
    assert table.header == ("お名前", "感想")
    assert table.rows[0].cells == ("はな", "よい店です")


def test_a_filled_column_without_name_is_kept() -> None:
    table = read("お名前,,感想\nはな,常連,よい店です\n")
    assert table.header == ("お名前", "B列", "感想")


@pytest.mark.parametrize(
    "label",
    [
        "お客様の声",
        "ご感想",
        "アンケート回答",
        "自由記述欄",
        "ご意見・ご要望",
        "どんなところがよかったですか？",
        "よかった点を教えてください。",
        "改善してほしい点は何ですか。",
        "口コミ",
    ],
)
def test_one_column_with_a_label(label: str) -> None:
    table = read(f"{label}\nよい店です\nまた来ます\n")
    assert table.header == (label,)
    assert [row.cells[0] for row in table.rows] == ["よい店です", "また来ます"]


@pytest.mark.parametrize(
    "answer",
    [
        "とてもよい店でした。",
        "また来ます",
        "サポートが早い",
        "スタッフの声かけがうれしい",
        "アンケートにも書きましたが最高です",
        "ありがとう！",
        "丁寧",
    ],
)
def test_one_column_that_begins_with_an_answer(answer: str) -> None:
    table = read(f"{answer}\nよい店です\n")
    assert table.header == ("声",)
    assert table.rows[0].cells == (answer,)
    assert "1行目から回答として読みました" in "".join(table.notes)


def test_a_title_above_the_question_of_one_column() -> None:
    table = read("お客様アンケート\nご感想をお聞かせください\nよい店です\nまた来ます\n")
    assert table.header == ("ご感想をお聞かせください",)
    assert len(table.rows) == 2


@pytest.mark.parametrize("text", ["お名前,感想\n", "ご感想をお聞かせください\n\n \n", "タイムスタンプ,お名前,年代,ご感想\n,,,\n"])
def test_only_a_header_is_an_error(text: str) -> None:
    with pytest.raises(KizunaError, match=r"「a\.csv」には見出しだけがあり"):
        read(text)


@pytest.mark.parametrize("text", ["\n\n", " , ,　\n", "\ufeff\n", "\u200b\n"])
def test_only_blanks_are_an_error(text: str) -> None:
    with pytest.raises(KizunaError, match=r"「a\.csv」には文字が入っていません"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        "山田花子,丁寧,40代\n佐藤,早い対応,50代\n鈴木,味,30代\n",
        "はな,サポートがとても早くて助かりました\n太郎,また来ます\n",
        "はな,友人から,よい店です\n太郎,SNS,評価\n二郎,チラシ,早いです\n",
    ],
)
def test_answers_are_not_taken_for_a_header(text: str) -> None:
    table = read(text)
    assert table.rows[0].number == 1
    assert len(table.rows) == text.count("\n")


def test_a_header_of_unknown_words_is_known_by_the_rows_below() -> None:
    table = read("色,よかったところ\n赤,軽くて毎日使っています。\n青,色がきれいでした。\n")
    assert table.header == ("色", "よかったところ")


def test_rows_left_out_above_the_header_are_mentioned() -> None:
    assert "見出しより上の 1 行は、題名などとみて使いませんでした。" in read("集計表,,\nお名前,年代,ご感想\nはな,40代,よい店です\n").notes
