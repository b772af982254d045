"""What came back: how each sentence reads, and what goes into the thanks box."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import feedback, thanks
from kizuna.steps.cards import cards
from kizuna.steps.feedback import Kind
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, bring_in, hear
from kizuna.workbook.models import FeedbackMark, Voice
from kizuna.workbook.reading import Topic, guess_columns, read_file
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.answering import DAY, PART, a_book


def read(book: Workbook) -> dict[str, tuple[Kind, ...]]:
    return {one.text: one.kinds for one in feedback.feedback(book, PART).passages}


# ---- reading


def test_every_sentence_is_read_for_itself() -> None:
    book = a_book(("ミナト", Topic.GOOD, "知らせが早くて助かりました。字が小さくて読みにくかったです。"))
    assert read(book) == {"知らせが早くて助かりました。": (Kind.PRAISE,), "字が小さくて読みにくかったです。": (Kind.COMPLAINT,)}


def test_one_word_is_enough_and_means_what_was_asked() -> None:
    book = a_book(
        ("ミナト", Topic.GOOD, "包み紙"), ("波", Topic.BAD, "字の色"), ("シロ", Topic.WISH, "駐車場"), ("凪", Topic.OTHER, "三月")
    )
    assert read(book) == {
        "包み紙": (Kind.PRAISE,),
        "字の色": (Kind.COMPLAINT,),
        "駐車場": (Kind.REQUEST,),
        "三月": (Kind.FACT,),
    }


def test_the_question_is_weighed() -> None:
    book = a_book(("ミナト", Topic.GOOD, "遠いところまで届けに来た"), ("波", Topic.BAD, "夜も開いていたら、気軽です"))
    assert read(book) == {"遠いところまで届けに来た": (Kind.PRAISE,), "夜も開いていたら、気軽です": (Kind.REQUEST,)}


def test_an_answer_about_media_is_no_feedback_and_counts_nobody() -> None:
    book = a_book(("ミナト", Topic.GOOD, "よい紙でした"), ("波", Topic.MEDIA, "LINE"))
    found = feedback.feedback(book, PART)
    assert (found.people, [one.text for one in found.passages]) == (1, ["よい紙でした"])


def test_what_is_about_the_product_stands_apart_from_what_a_follow_up_can_mend() -> None:
    book = a_book(
        ("ミナト", Topic.BAD, "カバーが破れていました"),
        ("波", Topic.BAD, "連絡が遅くて困りました"),
        ("シロ", Topic.BAD, "しおりの紐がすぐ切れて残念でした"),
    )
    assert [one.text for one in feedback.feedback(book, PART).product] == ["カバーが破れていました"]
    assert [one.text for one in feedback.feedback(book, PART).of(Kind.COMPLAINT)] == [
        "連絡が遅くて困りました",
        "しおりの紐がすぐ切れて残念でした",
    ]
    save_answer(book, "sells", "手作りのしおりと、栞の紐")
    assert "しおりの紐がすぐ切れて残念でした" in [one.text for one in feedback.feedback(book, PART).product]


def test_the_owner_reads_over_the_machine_and_can_take_that_back() -> None:
    book = a_book(("ミナト", Topic.BAD, "カバーが破れていました。でも中身は最高です。"))
    first, second = feedback.feedback(book, PART).passages
    feedback.mark(book, PART, first.id, product=False)
    feedback.mark(book, PART, second.id, kind=Kind.FACT)
    one, other = feedback.feedback(book, PART).passages
    assert (one.kinds, one.product, one.marked) == (first.kinds, False, True) and other.kinds == (Kind.FACT,)
    feedback.mark(book, PART, first.id, product=None)
    feedback.mark(book, PART, second.id, kind=None)
    again = feedback.feedback(book, PART).passages
    assert [(each.kinds, each.product, each.marked) for each in again] == [(first.kinds, True, False), (second.kinds, False, False)]
    with book.reading() as session:
        assert session.scalars(select(FeedbackMark)).all() == []


def test_a_mark_on_words_that_are_gone_says_so() -> None:
    book = a_book(("ミナト", Topic.GOOD, "よい紙でした"))
    with pytest.raises(KizunaError, match="取り消されました"):
        feedback.mark(book, PART, 7, kind=Kind.PRAISE)


def test_only_polite_are_those_who_said_nothing_else_in_any_answer() -> None:
    book = a_book(
        ("ミナト", Topic.GOOD, "よかったです。ありがとうございました。"),
        ("波", Topic.GOOD, "よかったです。"),
        ("波", Topic.WISH, "椅子がほしい"),
    )
    assert {one.card.person for one in feedback.feedback(book, PART).polite} == {"ミナトさん"}


def test_nothing_in_particular_counts_as_an_answer_and_not_as_words() -> None:
    book = a_book(("ミナト", Topic.BAD, "特にありません"))
    found = feedback.feedback(book, PART)
    assert (found.people, found.nothing, found.passages) == (1, 1, ())


def test_wishes_of_the_first_step_are_no_feedback_and_the_other_way_round() -> None:
    book = a_book(("ミナト", Topic.GOOD, "よい紙でした"))
    hear(book, "ミナト", DAY, [Said("q", Topic.FOLLOWUP, "椅子がほしい")])
    assert list(read(book)) == ["よい紙でした"]
    assert feedback.feedback(book, Part.TRIBE).people == 0
    with book.reading() as session:
        assert [one.text for one in cards(session, PART)] == ["椅子がほしい"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_file_of_feedback_comes_in_as_feedback_whatever_its_encoding(encoding: str) -> None:
    text = (
        "タイムスタンプ,お名前,よかったこと,気になったこと,あったらうれしいこと\r\n"
        "2026/11/20 10:00:00,ミナト,知らせが早かった,特になし,椅子\r\n"
        "2026/11/21 11:00:00,シロ,,字が小さい,\r\n"
    )
    book = open_workbook(MEMORY)
    table = read_file("感想.csv", text.encode(encoding))
    for times in range(2):
        intake = bring_in(book, table, guess_columns(table, DAY), feedback=PART)
        assert (intake.voices, intake.people) == ((4, 2) if times == 0 else (0, 0))
    found = feedback.feedback(book, PART)
    assert (found.people, found.nothing) == (2, 1)
    assert read(book) == {"知らせが早かった": (Kind.PRAISE,), "椅子": (Kind.REQUEST,), "字が小さい": (Kind.COMPLAINT,)}


@given(st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from(list(Topic)), st.text(min_size=1, max_size=40)), max_size=6))
@settings(max_examples=60, deadline=None)
def test_a_sentence_is_always_a_span_of_what_was_said(said: list[tuple[str, Topic, str]]) -> None:
    book = open_workbook(MEMORY)
    for who, topic, text in said:
        try:
            hear(book, who, DAY, [Said(str(topic), topic, text)], PART)
        except KizunaError:
            continue
    found = feedback.feedback(book, PART)
    with book.reading() as session:
        texts = {voice.id: voice.text for voice in session.scalars(select(Voice))}
    assert all(texts[one.voice_id][one.start : one.end] == one.text and one.kinds for one in found.passages)
    assert len({one.id for one in found.passages}) == len(found.passages)
    for one in found.passages[:2]:
        thanks.keep(book, PART, one.id, DAY)
    assert all(one.card.text in texts.values() or any(one.card.text in text for text in texts.values()) for one in thanks.box(book, PART))
    again = feedback.feedback(book, PART)
    assert [(one.id, one.text, one.kinds) for one in again.passages] == [(one.id, one.text, one.kinds) for one in found.passages]


# ---- the thanks box


def test_the_box_holds_what_the_owner_puts_in_and_nothing_that_troubles() -> None:
    book = a_book(
        ("ミナト", Topic.GOOD, "いつもありがとうございます。"),
        ("波", Topic.GOOD, "あなたがすすめてくれた本で泣きました。"),
        ("シロ", Topic.BAD, "ありがたいのですが、電話は困ります。"),
        ("シロ", Topic.BAD, "感謝していますが、電話は困ります。"),
    )
    offered = thanks.candidates(book, PART)
    assert [one.text for one in offered] == ["あなたがすすめてくれた本で泣きました。", "いつもありがとうございます。"]
    thanks.keep(book, PART, offered[0].id, DAY)
    thanks.keep(book, PART, offered[0].id, DAY)
    assert [one.card.text for one in thanks.box(book, PART)] == ["あなたがすすめてくれた本で泣きました。"]
    assert [one.text for one in thanks.candidates(book, PART)] == ["いつもありがとうございます。"]
    thanks.write_note(book, thanks.box(book, PART)[0].id, " 忘れない ")
    assert thanks.box(book, PART)[0].note == "忘れない"
    thanks.unkeep(book, thanks.box(book, PART)[0].id)
    assert thanks.box(book, PART) == ()
    book.undo()
    assert len(thanks.box(book, PART)) == 1
