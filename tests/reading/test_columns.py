"""What a column is for, guessed from real headers."""

from __future__ import annotations

from datetime import date

import pytest

from kizuna.process import Part
from kizuna.steps import asking, feedback
from kizuna.workbook.reading import Role, Table, Topic, guess_columns, read_file, read_pasted
from tests.reading.books import FORM_HEADER, book

TODAY = date(2026, 11, 23)
LONG = (
    "旅先で友人に褒められて、とてもうれしかったです。",
    "使い方がわからず、はじめは少し戸惑いました。",
    "店長さんに相談して、ぴったりのものが見つかりました。",
)
V, M, P, W, A, S = Role.VOICE, Role.MEDIA, Role.PERSON, Role.WHEN, Role.ABOUT, Role.SKIP


def table(**columns: tuple[object, ...]) -> Table:
    return read_file("a.xlsx", book([list(columns), *zip(*columns.values(), strict=True)]))


def guessed(header: str, answers: tuple[object, ...]) -> tuple[Role, Topic]:
    """The guess for one column that stands beside a usual one."""
    data = book([["ご自由にご感想をお書きください。", header], *zip(LONG, answers, strict=False)])
    column = guess_columns(read_file("a.xlsx", data), TODAY)[1]
    assert column.header == header
    assert column.why
    return column.role, column.topic


def test_a_whole_google_form() -> None:
    rows = [
        [
            f"2026/11/0{n} 15:05:12",
            name,
            f"{n}0代",
            "Instagram, LINE",
            LONG[n - 1],
            "使い方の動画",
            "お茶会",
            "店長さんの人柄",
            n,
            f"{n}@example.com",
            "はい",
        ]
        for n, name in enumerate(("はな", "太郎", "K.M."), 1)
    ]
    columns = guess_columns(read_file("a.xlsx", book([FORM_HEADER, *rows])), TODAY)
    assert [column.role for column in columns] == [W, P, A, M, V, V, V, V, A, S, S]
    assert [column.topic for column in columns][3:8] == [Topic.MEDIA, Topic.SCENE, Topic.FOLLOWUP, Topic.PLACE, Topic.REASON]
    assert columns[9].why == "連絡先は取り込みません"
    assert columns[1].samples == ("はな", "太郎", "K.M.")
    assert columns[1].filled == 3
    assert all(column.why for column in columns)


@pytest.mark.parametrize(
    ("header", "answers", "role"),
    [
        ("タイムスタンプ", ("2026/11/03 3:05:12 午後 GMT+9",) * 3, W),
        ("ご来店日", ("2026/11/3", "2026/13/45", "11月3日"), W),
        ("ご来店日", (46329, 46330, 46331), W),
        ("お名前", ("はな", "太郎", "K.M."), P),
        ("よろしければニックネームを教えてください", ("はな", "太郎", "K.M."), P),
        ("氏名 *", ("山田花子", "佐藤太郎", "鈴木"), P),
        ("e-mail", ("hana@example.com", "", "taro@example.jp"), S),
        ("ご連絡先", ("090-1234-5678", "03-1234-5678", None), S),
        ("なにか", ("09012345678", "０３-1234-5678".replace("０３", "03"), None), S),
        ("ご住所", ("東京都世田谷区1-2-3", "神奈川県横浜市4-5", "埼玉県川口市6"), S),
        ("No.", (1, 2, 3), S),
        ("個人情報の取り扱いに同意する", ("同意する",) * 3, S),
        ("ご確認", ("確認しました",) * 3, S),
        ("年代", ("40代", "50代", "30代"), A),
        ("性別", ("女性", "男性", "回答しない"), A),
        ("お住まいの地域", ("東京都", "神奈川県", "埼玉県"), A),
        ("接客はいかがでしたか（5段階）", (5, 4, 5), A),
        ("評価", ("★★★★★", "★★★★", "★★★"), A),
        ("お誕生日", ("1980/1/2", "1990/3/4", "1975/12/5"), A),
        ("商品名", ("煎茶", "ほうじ茶", "急須"), A),
        ("どこで当店を知りましたか", ("Instagram", "友人の紹介", "チラシ"), A),
        ("よく見るSNS", ("LINE", "X", "なし"), M),
        ("情報源", ("新聞", "テレビ", "雑誌"), M),
        ("回答欄", ("Instagram", "YouTube, LINE", "テレビ"), M),
        ("その他", LONG, V),
        ("Q5", LONG, V),
        ("色", ("赤", "青", "黄"), A),
        ("お電話での対応はいかがでしたか", LONG, V),
        ("お名前を呼ばれて、どんなお気持ちでしたか", LONG, V),
        ("口コミ", ("よい", "ふつう", "よかった"), V),
    ],
)  # fmt: skip
def test_roles(header: str, answers: tuple[object, ...], role: Role) -> None:
    assert guessed(header, answers)[0] is role


@pytest.mark.parametrize(
    ("header", "topic"),
    [
        ("どんなサポートがあったらうれしいですか？", Topic.FOLLOWUP),
        ("当店へのご要望・改善してほしい点", Topic.FOLLOWUP),
        ("お使いになって困ったことはありますか", Topic.FOLLOWUP),
        ("ほかのお客様との交流の場があれば参加したいですか", Topic.PLACE),
        ("あったら嬉しい集まりを教えてください", Topic.PLACE),
        ("使う人同士のコミュニティに望むこと", Topic.PLACE),
        ("うれしかった場面・困った場面", Topic.SCENE),
        ("ご購入のきっかけ", Topic.SCENE),
        ("心に残っているエピソード", Topic.SCENE),
        ("ご感想", Topic.SCENE),
        ("なぜ当店を選んでくださいましたか", Topic.REASON),
        ("当店をお選びいただいた理由", Topic.REASON),
        ("その他、ひとことどうぞ", Topic.OTHER),
        ("よかったこと", Topic.GOOD),
        ("1. お知らせやお手伝いで、良かったことは何ですか。", Topic.GOOD),
        ("気になったことや、うれしくなかったことはありましたか", Topic.BAD),
        ("残念だった点", Topic.BAD),
        ("次にあったら嬉しいことを、一つだけ教えてください。", Topic.WISH),
        ("ご購入のあと、あったらうれしいこと", Topic.FOLLOWUP),
        ("集まりで、よかったことは何ですか。", Topic.GOOD),
        ("次の集まりにあったらうれしいことを、一つだけ教えてください。", Topic.WISH),
    ],
)
def test_topics(header: str, topic: Topic) -> None:
    assert guessed(header, LONG) == (Role.VOICE, topic)


def test_short_answers_to_a_question_we_know_are_voices_all_the_same() -> None:
    assert guessed("あったらうれしいサポート", ("動画", "LINE", "電話")) == (Role.VOICE, Topic.FOLLOWUP)


def test_one_date_and_one_name_lead() -> None:
    columns = guess_columns(
        table(
            ご来店日=("2026/10/1", "2026/10/2"),
            タイムスタンプ=("2026/11/1", "2026/11/2"),
            お名前=("はな", "太郎"),
            ニックネーム=("は", "た"),
            感想=LONG[:2],
        ),
        TODAY,
    )
    assert [column.role for column in columns] == [A, W, P, A, V]


def test_family_name_and_given_name_are_both_the_name() -> None:
    assert [column.role for column in guess_columns(table(姓=("山田", "佐藤"), 名=("花子", "太郎"), 感想=LONG[:2]))] == [P, P, V]


def test_without_any_voice_the_longest_text_is_one() -> None:
    columns = guess_columns(read_file("a.csv", "2026/11/1,はな,丁寧\n2026/11/2,太郎,すてきな店\n".encode()), TODAY)
    assert [column.role for column in columns] == [W, A, V]
    assert columns[2].why == "ほかに声らしい列がないため"


def test_an_empty_column_is_not_used() -> None:
    columns = guess_columns(read_file("a.csv", "お名前,感想,備考\nはな,よい店です,\n太郎,また来ます,\n".encode()))
    assert (columns[2].role, columns[2].why) == (S, "中身が空のため")


def test_pasted_lines_are_voices() -> None:
    assert guess_columns(read_pasted("よい\n5\n"))[0].role is V


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("part", Part)
def test_the_answers_to_our_own_feedback_form_are_known_for_what_they_are(part: Part, encoding: str) -> None:
    """The form's text, pasted into a form service, gives headers that are recognised, numbered or not; one word is enough."""
    asked = asking.questions(part)
    for numbered in (True, False):
        head = [f"{number}. {one.text}" if numbered else one.text for number, one in enumerate(asked, start=1)]
        lines = [["タイムスタンプ", *head, feedback.texts().name]]
        lines += [[f"2026/11/2{n} 10:00:00", "はやかった", "特になし", "駐車場", name] for n, name in enumerate(("はな", "K.M.", ""))]
        text = "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
        columns = guess_columns(read_file("感想.csv", text.encode(encoding)), TODAY)
        assert [one.role for one in columns] == [W, V, V, V, P]
        assert [one.topic for one in columns][1:4] == [Topic.GOOD, Topic.BAD, Topic.WISH]
