"""What is written is weighed by the five points of the course, and the least touched gets one suggestion."""

from __future__ import annotations

from kizuna.language.points import texts
from kizuna.process import Part
from kizuna.steps import points, posts, recurring
from kizuna.steps.sample import make_sample
from kizuna.workbook.store import MEMORY, open_workbook
from tests.steps.test_posts import FOUR, TODAY


def test_the_five_points_are_the_courses_own_in_their_order() -> None:
    assert [point.name for point in texts().points] == [
        "忘れられないように、いつもコンタクト",
        "いいお客さまを選ぶ",
        "「売込み」ではなく「情報」を発信",
        "「個」を出す",
        "お客さまを巻き込んで楽しむ",
    ]
    assert all(point.ours and point.suggestion for point in texts().points)


def test_the_point_least_touched_gets_one_suggestion() -> None:
    book = open_workbook(MEMORY)
    posts.add(book, FOUR, TODAY)
    counts = {one.point.key: len(one.items) for one in points.balance(book, Part.FOLLOWUP)}
    assert counts == {"contact": 4, "choose": 0, "information": 1, "person": 1, "involving": 1}
    assert points.lowest(points.balance(book, Part.FOLLOWUP)).key == "choose"


def test_of_the_posts_of_a_week_the_first_keeps_contact() -> None:
    book = open_workbook(MEMORY)
    posts.add(book, "11/25\n一つめ。\n11/24\n二つめ。\n11/16\n三つめ。", TODAY)
    assert [len(one.items) for one in points.balance(book, Part.FOLLOWUP) if one.point.key == "contact"] == [2]


def test_the_plan_and_what_is_told_again_count_too() -> None:
    book = make_sample(MEMORY, TODAY, later=False)
    for post in posts.posts(book):
        posts.remove(book, post.id)
    for one in recurring.recurring(book):
        recurring.drop_recurring(book, one.id)
    before = {one.point.key: len(one.items) for one in points.balance(book, Part.FOLLOWUP)}
    assert before["contact"] == 3 and before["choose"] >= 1
    recurring.add_recurring(book, "雨の日の本の運び方", "information", 90)
    after = {one.point.key: len(one.items) for one in points.balance(book, Part.FOLLOWUP)}
    assert after == before | {"contact": before["contact"] + 1, "information": before["information"] + 1}
    assert points.counted(book, Part.FOLLOWUP).startswith("数えたのは、計画の一手3件・投稿0件・くり返すもの1件です。")
    assert points.balance(book, Part.FOLLOWUP)[2].items[-1] == "くり返すもの：雨の日の本の運び方"
