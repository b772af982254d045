"""Posts are taken in once, weighed by what they give and sell, and a long silence is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.language.posts import Kind
from kizuna.steps import posts
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 26)
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
    assert posts.ratio(views).startswith(
        "入れた投稿4件のうち、商品のご案内が1件、そのほか（役に立つ話・自分のこと・お客さまの出番・お礼）が3件です。"
    )
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
    posts.add(book, "本日限り20%オフ！\n\n今日はよい天気です。")
    kinds = {one.text: one.kind for one in posts.posts(book)}
    assert kinds["本日限り20%オフ！"] is Kind.SELLING and kinds["今日はよい天気です。"] is not Kind.SELLING
