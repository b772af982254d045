"""Posts are taken apart however they were pasted, always read alike, and weighed by the five points."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.content import load
from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import posts
from kizuna.steps.posts import Kind, PostWords, split
from kizuna.steps.sample import make_sample
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 26)
WORDS = load("posts.yaml", PostWords).kinds
FOUR = """11月20日
今日は雨。わたしは朝から失敗しました。鍵を家に忘れたのです。
11月12日
新刊が入りました。税込1,650円です。ご予約はプロフィールのリンクから。
10月20日
水にぬれた本は、紙をはさんで、ゆっくり乾かします。これが一番よい直し方です。
10月1日
表紙の色、青と緑のどちらが好きですか。"""


@pytest.fixture
def book() -> Workbook:
    return open_workbook(MEMORY)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, words in WORDS.items() for text in words.examples.flag])
def test_every_example_is_read_as_it_should_be(kind: Kind, text: str) -> None:
    assert posts.read_kind(text) is kind


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, words in WORDS.items() for text in words.examples.passes])
def test_every_counter_example_is_read_otherwise(kind: Kind, text: str) -> None:
    assert posts.read_kind(text) is not kind


def test_selling_outweighs_everything_else() -> None:
    assert posts.read_kind("いつもありがとうございます。わたしも大好きな本です。本日限り20%オフ！") is Kind.SELLING


def test_what_says_nothing_of_its_kind_is_information() -> None:
    assert posts.read_kind("あいうえお") is Kind.INFORMATION


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("一つめ。\n続き\n\n二つめ。", [("一つめ。\n続き", None), ("二つめ。", None)]),
        ("一つめ。\n\n段落\n\n\n二つめ。", [("一つめ。\n\n段落", None), ("二つめ。", None)]),
        (
            "11/3 18:00\r\n一つめ。\r\n\r\n段落\r\n11/1\r\n二つめ。",
            [("一つめ。\n\n段落", date(2026, 11, 3)), ("二つめ。", date(2026, 11, 1))],
        ),
        ("一つめ。\n3日前\nいいね！12件\n二つめ。\n1週間前", [("一つめ。", date(2026, 11, 23)), ("二つめ。", date(2026, 11, 19))]),
        (
            "汐風書店\n@shiokaze\n·\n11月3日\n一つめ。\n12\n3\n汐風書店\n@shiokaze\n·\n11月1日\n二つめ。",
            [("一つめ。", date(2026, 11, 3)), ("二つめ。", date(2026, 11, 1))],
        ),
        (
            "2026/11/03(火)\n10:20\t汐風書店\t一つめ。\n続き\n10:25\t汐風書店\t[写真]\n10:26\t汐風書店\t二つめ。",
            [("一つめ。\n続き", date(2026, 11, 3)), ("二つめ。", date(2026, 11, 3))],
        ),
        ("", []),
        ("11月3日\n11月1日\n", []),
    ],
)
def test_posts_are_taken_apart_however_they_were_pasted(pasted: str, expected: list[tuple[str, date | None]]) -> None:
    assert list(split(pasted, TODAY)) == expected


@given(st.lists(st.text(st.characters(categories=("L",)), min_size=3, max_size=20), max_size=30))
@settings(max_examples=60, deadline=None)
def test_empty_lines_part_posts_and_nothing_is_lost_or_made_up(texts: list[str]) -> None:
    different = list(dict.fromkeys(texts))
    assert [text for text, _ in split("\n\n".join(f"{text}。" for text in different), TODAY)] == [f"{text}。" for text in different]


def test_nothing_to_read_is_told(book: Workbook) -> None:
    with pytest.raises(KizunaError, match="空いた行を入れて"):
        posts.add(book, " \n\n", TODAY)


def test_a_post_is_taken_in_once_and_the_newest_stands_first(book: Workbook) -> None:
    assert posts.add(book, FOUR, TODAY) == 4
    assert posts.add(book, FOUR, TODAY) == 0
    views = posts.posts(book)
    assert [view.kind for view in views] == [Kind.PERSON, Kind.SELLING, Kind.INFORMATION, Kind.INVOLVING]
    assert [view.posted_on for view in views] == sorted([view.posted_on for view in views if view.posted_on], reverse=True)


def test_of_many_the_last_twenty_are_taken(book: Workbook) -> None:
    many = "\n".join(f"{(TODAY - timedelta(days=back)):%Y/%m/%d}\n{back}日前の話。" for back in reversed(range(30)))
    assert posts.add(book, many, TODAY) == posts.LAST
    assert [view.posted_on for view in posts.posts(book)] == [TODAY - timedelta(days=back) for back in range(posts.LAST)]


def test_the_owner_has_the_last_word_on_a_kind(book: Workbook) -> None:
    posts.add(book, FOUR, TODAY)
    first = posts.posts(book)[0]
    posts.correct(book, first.id, Kind.THANKS)
    assert (posts.posts(book)[0].kind, posts.posts(book)[0].by) == (Kind.THANKS, "person")
    posts.remove(book, first.id)
    assert len(posts.posts(book)) == 3
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        posts.correct(book, first.id, Kind.THANKS)


def test_how_giving_and_selling_are_shared_out(book: Workbook) -> None:
    assert "まだ投稿が入っていません" in posts.ratio(())
    posts.add(book, FOUR, TODAY)
    views = posts.posts(book)
    assert posts.ratio(views).startswith("4件のうち、商品のご案内が1件、そのほか（情報・個・巻き込み・お礼）が3件です。")
    for view in views[:2]:
        posts.correct(book, view.id, Kind.SELLING)
    assert "広告のように" in posts.ratio(posts.posts(book))
    for view in views:
        posts.correct(book, view.id, Kind.PERSON)
    assert "育てる便り" in posts.ratio(posts.posts(book))


@pytest.mark.parametrize(
    ("today", "told"), [(date(2026, 11, 26), "23日でした"), (date(2026, 12, 3), "23日でした"), (date(2026, 12, 4), "14日たって")]
)
def test_a_silence_is_told(book: Workbook, today: date, told: str) -> None:
    posts.add(book, FOUR, TODAY)
    assert told in posts.gap(posts.posts(book), today)


def test_no_silence_without_days_or_between_close_ones(book: Workbook) -> None:
    posts.add(book, "一つめ。\n\n二つめ。", TODAY)
    assert posts.gap(posts.posts(book), TODAY) == ""
    posts.add(book, "11/25\n三つめ。\n11/20\n四つめ。", TODAY)
    assert posts.gap(posts.posts(book), TODAY) == ""


def test_selling_is_told_strictly_where_people_talk(book: Workbook) -> None:
    assert {one.rule for one in posts.check_post(book, "本日限り20%オフ！")} >= {"KZ-02"}
    assert posts.check_post(book, "今日はよい天気です。") == ()


def test_the_five_points_are_the_courses_own_in_their_order() -> None:
    assert [point.name for point in posts.texts().points] == [
        "忘れられないように、いつもコンタクト",
        "いいお客さまを選ぶ",
        "「売込み」ではなく「情報」を発信",
        "「個」を出す",
        "お客さまを巻き込んで楽しむ",
    ]
    assert all(point.ours and point.suggestion for point in posts.texts().points)


def test_the_point_least_touched_gets_one_suggestion(book: Workbook) -> None:
    posts.add(book, FOUR, TODAY)
    counts = {one.point.key: len(one.items) for one in posts.balance(book, Part.FOLLOWUP)}
    assert counts == {"contact": 4, "choose": 0, "information": 1, "person": 1, "involving": 1}
    assert posts.lowest(posts.balance(book, Part.FOLLOWUP)).key == "choose"


def test_the_plan_and_what_is_told_again_count_too() -> None:
    book = make_sample(MEMORY, TODAY, later=False)
    for post in posts.posts(book):
        posts.remove(book, post.id)
    for one in posts.recurring(book):
        posts.drop_recurring(book, one.id)
    before = {one.point.key: len(one.items) for one in posts.balance(book, Part.FOLLOWUP)}
    assert before["contact"] == 3 and before["choose"] >= 1
    posts.add_recurring(book, "雨の日の本の運び方", "information", 90)
    after = {one.point.key: len(one.items) for one in posts.balance(book, Part.FOLLOWUP)}
    assert after == before | {"contact": before["contact"] + 1, "information": before["information"] + 1}


def test_what_was_told_rests(book: Workbook) -> None:
    one = posts.add_recurring(book, "堤防の桜", "information", 30)
    other = posts.add_recurring(book, "店の失敗談", "person", 10)
    posts.tell(book, one, TODAY)
    assert [view.id for view in posts.recurring(book, TODAY)] == [other, one]
    with pytest.raises(KizunaError, match="12月26日まで休ませています"):
        posts.tell(book, one, TODAY + timedelta(days=29))
    posts.tell(book, one, TODAY + timedelta(days=30))
    assert posts.recurring(book, TODAY)[1].last_on == TODAY + timedelta(days=30)
    posts.drop_recurring(book, one)
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        posts.tell(book, one, TODAY)


@pytest.mark.parametrize(
    ("title", "point", "days", "told"),
    [(" ", "person", 30, "ひとことで"), ("桜", "", 30, "一つ選んで"), ("桜", "person", 0, "1から3650")],
)
def test_what_is_told_again_needs_words_a_point_and_days(book: Workbook, title: str, point: str, days: int, told: str) -> None:
    with pytest.raises(KizunaError, match=told):
        posts.add_recurring(book, title, point, days)
