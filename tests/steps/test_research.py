"""What was asked and heard, counted by person, and what may honestly be said of it."""

from __future__ import annotations

from datetime import date

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import research, themes
from kizuna.steps.research import Point
from kizuna.steps.sample import make_sample
from kizuna.workbook.intake import Said, bring_in, hear
from kizuna.workbook.reading import Topic, guess_columns, read_file
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART = Part.FOLLOWUP
WISH, SEEN = "ご要望を聞かせてください", "ふだんよく見るもの"


def book_of(*rows: tuple[str, str, str]) -> Workbook:
    """A workbook in which each of ``rows`` (name, wish, media) came in from one file."""
    book = open_workbook(MEMORY)
    lines = [f"お名前,{WISH},{SEEN}", *(f"{name},{wish},「{seen}」" for name, wish, seen in rows)]
    table = read_file("声.csv", "\n".join(lines).encode())
    bring_in(book, table, guess_columns(table))
    return book


# ---- questions


@pytest.mark.parametrize("part", list(Part))
def test_the_questions_are_the_fixed_ones_and_then_the_owners_own(part: Part) -> None:
    book = open_workbook(MEMORY)
    assert research.questions(book, part) == tuple(research.sheets().sheets[part])
    research.add_idea(book, part, "次の人へ渡せる棚", " 読み終えた本は、そのあとどうしていますか。 ")
    *fixed, own = research.questions(book, part)
    assert tuple(fixed) == tuple(research.sheets().sheets[part])
    assert own.text == "読み終えた本は、そのあとどうしていますか。"
    assert own.topic == (Topic.PLACE if part is Part.TRIBE else Topic.FOLLOWUP)


def test_no_two_questions_have_the_same_key() -> None:
    book = open_workbook(MEMORY)
    for number in range(3):
        research.add_idea(book, PART, "", f"質問{number}")
    keys = [one.key for part in Part for one in research.questions(book, part)]
    assert len(set(keys)) == len(keys)


def test_an_idea_that_was_dropped_is_asked_no_more_and_undo_brings_it_back() -> None:
    book = open_workbook(MEMORY)
    research.add_idea(book, PART, "棚", "どうしていますか")
    (idea,) = research.ideas(book, PART)
    research.drop_idea(book, idea.id)
    assert (research.ideas(book, PART), research.ideas(book, Part.TRIBE)) == ((), ())
    book.undo()
    assert [one.question for one in research.ideas(book, PART)] == ["どうしていますか"]
    assert research.questions(book, PART)[-1].text == "どうしていますか"


@pytest.mark.parametrize("question", ["", " ", "\u3000"])
def test_an_idea_without_a_question_is_refused(question: str) -> None:
    book = open_workbook(MEMORY)
    with pytest.raises(KizunaError, match="どうたずねるか"):
        research.add_idea(book, PART, "棚を作る", question)
    assert (research.ideas(book, PART), book.undo_label()) == ((), None)


def test_dropping_what_is_gone_does_nothing() -> None:
    book = open_workbook(MEMORY)
    research.drop_idea(book, 99)
    assert book.undo_label() is None


# ---- counts by person


def test_what_was_heard_is_counted_by_person() -> None:
    book = book_of(("ミナト", "椅子がほしい", "LINE"), ("ﾐﾅﾄ", "夜も開けてほしい", "LINE"), ("波", "特になし", "ブログ"))
    assert research.heard(book, PART) == research.Heard(people=2, voices=3, cards=2, nothing=1)
    assert research.heard(book, Part.TRIBE) == research.Heard(0, 0, 0, 0)


def test_the_sample_is_counted_by_part() -> None:
    book = make_sample(MEMORY, later=False)
    assert (research.heard(book, PART).people, research.heard(book, Part.TRIBE).people) == (16, 16)
    assert (research.heard(book, PART).voices, research.heard(book, Part.TRIBE).voices) == (48, 16)


def test_media_are_counted_by_person_and_the_most_seen_stands_first() -> None:
    book = book_of(("ミナト", "一", "ブログ、LINE"), ("ミナト", "二", "ブログ"), ("波", "三", "LINE"), ("シロ", "四", "オンライン会議"))
    seen = research.media_seen(book)
    assert [(view.id, view.people, len(view.cards)) for view in seen] == [("line", 2, 2), ("blog", 1, 2)]


def test_media_show_the_words_in_which_people_named_them() -> None:
    (view,) = research.media_seen(book_of(("ミナト", "一", "お手紙がいちばん")))
    assert (view.id, [card.text for card in view.cards]) == ("postcard", ["「お手紙がいちばん」"])


def test_a_wish_that_names_a_medium_is_not_counted_as_seen() -> None:
    assert research.media_seen(book_of(("ミナト", "LINEで知らせてほしい", "ラジオ")))[0].id == "broadcast"


def test_names_are_known_once_and_without_the_nameless() -> None:
    book = book_of(("波", "一", "LINE"), ("", "二", "LINE"), ("ミナト", "三", "LINE"), ("ﾐﾅﾄ", "四", "LINE"))
    assert set(research.known_names(book)) == {"ミナト", "波"}
    assert len(research.known_names(book)) == 2


# ---- the curve


def test_the_curve_grows_by_one_person_a_point_and_never_falls() -> None:
    book = make_sample(MEMORY, later=False)
    points = research.curve(book, PART)
    assert [point.people for point in points] == list(range(1, len(points) + 1))
    assert [point.themes for point in points] == sorted(point.themes for point in points)
    assert points[-1].themes == sum(bool(view.cards) for view in themes.themes(book, PART))


def test_the_curve_goes_in_the_order_in_which_people_were_heard() -> None:
    book = open_workbook(MEMORY)
    for name, day, words in [
        ("三", date(2026, 3, 3), "丙"),
        ("一", date(2026, 1, 1), "甲"),
        ("二", date(2026, 2, 2), "乙"),
        ("四", None, "丁"),
    ]:
        hear(book, name, day, [Said("q", Topic.FOLLOWUP, words)])
    by_words = {card.text: card.id for card in themes.unplaced(book, PART)}
    themes.make(book, PART, "はじめの二人", [by_words["甲"], by_words["乙"]])
    themes.make(book, PART, "日にちのない人", [by_words["丁"]])
    assert [point.themes for point in research.curve(book, PART)] == [1, 1, 1, 2]


def test_without_voices_there_is_no_curve() -> None:
    assert research.curve(open_workbook(MEMORY), PART) == ()


@pytest.mark.parametrize(
    ("grown", "said"),
    [
        ([], "まだ0人です"),
        ([1, 2, 3, 3, 4], "まだ5人です"),
        ([1, 2, 3, 3, 3, 3], "新しい望みのまとまりが2つ聞こえました"),
        ([1, 2, 3, 3, 3, 3, 3, 3], "新しいまとまりは出ませんでした"),
    ],
)
def test_whether_new_wishes_still_turn_up_is_said_of_the_last_five(grown: list[int], said: str) -> None:
    assert said in research.still_new(tuple(Point(number, count) for number, count in enumerate(grown, 1)))


# ---- honest words


@pytest.mark.parametrize(
    ("people", "said", "unsaid"),
    [
        (0, "まだお客さまの声がありません", "人"),
        (1, "まだ1人です。「傾向」とは言わず", "割合"),
        (3, "まだ3人です。「傾向」とは言わず", "割合"),
        (4, "まだ4人です", "割合"),
        (5, "5人の声です。人数が少ないので、割合ではなく", "傾向"),
        (19, "19人の声です。人数が少ないので", "傾向"),
        (20, "20人の声です。同じ方が何度話しても、一人", "少ない"),
    ],
)
def test_what_is_said_of_so_many_people_is_honest(people: int, said: str, unsaid: str) -> None:
    sentence = research.honest(people)
    assert sentence.startswith(said)
    assert unsaid not in sentence.replace("お一人", "")
    assert "%" not in sentence and "％" not in sentence
