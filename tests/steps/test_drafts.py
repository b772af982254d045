"""Drafts are made of spans of stored voices and of the owner's words; nothing else ever stands between 「」."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part
from kizuna.steps import drafts
from kizuna.steps.cards import cards, cut
from kizuna.steps.drafts import Kind
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Quote, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

VOICE = "取り寄せた本が着いたら、電話で知らせてほしいです。夜なら出られます。"


def a_book(text: str = VOICE) -> Workbook:
    book = open_workbook(MEMORY)
    hear(book, "ミナト", date(2026, 11, 1), [Said("買ったあと", Topic.FOLLOWUP, text)])
    return book


def spans(book: Workbook, *places: tuple[int, int]) -> list[int]:
    with book.act("切り出した") as session:
        voice = session.scalars(select(Voice)).one()
        return [cut(session, voice.id, *place).id for place in places]


def rules(book: Workbook, one: int) -> set[tuple[str, str]]:
    return {(found.rule, found.strength) for found in drafts.check(book, drafts.draft(book, one))}


def test_an_invitation_quotes_the_wish_word_for_word() -> None:
    book = a_book()
    (whole,) = spans(book, (0, len(VOICE)))
    one = drafts.begin(
        book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"greeting": "いつもありがとうございます。"}, quotes={"wish": [whole]}
    )
    assert drafts.draft(book, one).text == f"いつもありがとうございます。\n「{VOICE}」"
    assert drafts.check(book, drafts.draft(book, one)) == ()


def test_words_can_be_left_out_of_the_middle_only() -> None:
    book = a_book()
    first, last, early, over = spans(book, (0, 11), (24, 34), (3, 9), (5, 20))
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", quotes={"wish": [first]})
    with pytest.raises(KizunaError, match="あとに続く言葉だけ"):
        drafts.put(book, one, "wish", over, joined=True)
    drafts.put(book, one, "wish", last, joined=True)
    assert drafts.draft(book, one).text == f"「{VOICE[0:11]}…{VOICE[24:34]}」"
    with pytest.raises(KizunaError, match="あとに続く言葉だけ"):
        drafts.put(book, one, "wish", early, joined=True)
    drafts.take(book, one, drafts.draft(book, one).of("wish")[0].id)
    assert drafts.draft(book, one).text == f"「{VOICE[24:34]}」"


def test_what_is_cut_out_for_a_draft_is_no_card_of_the_board() -> None:
    book = a_book()
    spans(book, (0, 11))
    with book.reading() as session:
        assert [one.text for one in cards(session, Part.FOLLOWUP)] == [VOICE]


def test_the_owners_own_words_hold_no_brackets_for_speech() -> None:
    book = a_book()
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"news": "みなさまが「最高の店」と言います。"})
    assert ("KZ-06", Strength.STOP) in rules(book, one)
    with pytest.raises(KizunaError, match="「最高の店」は、記録から選んだお客さまの言葉ではありません"):
        drafts.finish(book, one)
    drafts.write(book, one, "news", "『星の王子さま』が届きました。")
    assert "KZ-06" not in {rule for rule, _ in rules(book, one)}


def test_sentences_of_a_card_are_put_in_with_what_lies_between_left_out() -> None:
    text = "着いたら知らせてほしい。夜は出られません。LINEなら助かります。急ぎません。"
    book = a_book(text)
    (whole,) = spans(book, (0, len(text)))
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter")
    drafts.put_sentences(book, one, "wish", whole, [0, 2, 3])
    assert drafts.draft(book, one).text == "「着いたら知らせてほしい。…LINEなら助かります。急ぎません。」"
    drafts.take(book, one, *(piece.id for piece in drafts.draft(book, one).pieces))
    drafts.put_sentences(book, one, "wish", whole, range(4))
    assert [piece.card.id for piece in drafts.draft(book, one).pieces if piece.card] == [whole]
    with pytest.raises(KizunaError, match="印をつけてください"):
        drafts.put_sentences(book, one, "wish", whole, [])
    assert book.undo() == "お客さまの言葉を入れた"


def test_one_thanks_is_enough_for_a_whole_letter() -> None:
    book = a_book()
    long = "来月から、土曜の朝は子どもが声を出してもだいじょうぶな時間にします。気がねなくどうぞ。"
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"news": long, "close": long})
    assert [found.rule for found in drafts.check(book, drafts.draft(book, one))] == ["KZ-15"]
    drafts.write(book, one, "greeting", "いつもありがとうございます。")
    assert drafts.check(book, drafts.draft(book, one)) == ()


def test_where_no_quote_may_stand_none_can_be_put() -> None:
    book = a_book()
    (whole,) = spans(book, (0, len(VOICE)))
    one = drafts.begin(book, Part.FOLLOWUP, Kind.REQUEST, "line")
    with pytest.raises(KizunaError, match="お客さまの言葉は入れられません"):
        drafts.put(book, one, "ask", whole)


def test_a_finished_draft_is_open_again_as_soon_as_a_word_changes() -> None:
    book = a_book()
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"greeting": "いつもありがとうございます。"})
    drafts.finish(book, one, today=date(2026, 11, 26))
    assert drafts.draft(book, one).finished_on == date(2026, 11, 26)
    drafts.write(book, one, "close", "またお会いできるのを楽しみにしています。")
    assert drafts.draft(book, one).finished_on is None


def test_what_is_to_be_minded_must_be_ticked_and_what_stops_cannot_be() -> None:
    book = a_book()
    one = drafts.begin(
        book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"news": "ありがとうございます。いまだけの大特価キャンペーンです。"}
    )
    found = drafts.check(book, drafts.draft(book, one))
    cares = {finding.rule for finding in found if finding.strength is Strength.CARE}
    assert cares
    with pytest.raises(KizunaError, match="確かめました"):
        drafts.finish(book, one)
    for rule in cares:
        drafts.tick(book, one, rule)
    drafts.finish(book, one)


def test_what_was_looked_at_is_looked_at_again_when_the_words_change() -> None:
    book = a_book()
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"news": "ありがとうございます。大特価です。"})
    for finding in drafts.check(book, drafts.draft(book, one)):
        drafts.tick(book, one, finding.rule)
    drafts.write(book, one, "news", "ありがとうございます。いまだけの半額セールです。")
    with pytest.raises(KizunaError, match="確かめました"):
        drafts.finish(book, one)


def test_an_empty_draft_and_one_with_a_gap_cannot_be_finished() -> None:
    book = a_book()
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter")
    with pytest.raises(KizunaError, match="まだ何も書かれていません"):
        drafts.finish(book, one)
    drafts.write(book, one, "news", "（ここに、ご用意できたことを書きます）")
    with pytest.raises(KizunaError, match="まだ書いていない所"):
        drafts.finish(book, one)


def test_another_pages_words_are_told() -> None:
    book = a_book()
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"greeting": "こんにちは。"})
    drafts.write(book, one, "greeting", "おはようございます。", "こんにちは。")
    assert drafts.write(book, one, "greeting", "こんばんは。", "こんにちは。") == "おはようございます。"


def test_a_draft_that_is_gone_says_so() -> None:
    book = a_book()
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"greeting": "こんにちは。"})
    drafts.remove(book, one)
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        drafts.write(book, one, "greeting", "こんばんは。")
    book.undo()
    assert drafts.draft(book, one).text == "こんにちは。"


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_between_the_brackets_stands_only_what_was_said(data: Any) -> None:
    text = data.draw(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="「」…\n"), min_size=3, max_size=60))
    if not text.strip():
        return
    book = a_book(f"あ{text}ん")
    with book.reading() as session:
        said = session.scalars(select(Voice)).one().text
    length = len(said)
    places = data.draw(
        st.lists(st.tuples(st.integers(0, length - 1), st.integers(1, length)).filter(lambda place: place[0] < place[1]), max_size=5)
    )
    ids = spans(book, *places)
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"greeting": "ありがとうございます。"})
    for quote_id in ids:
        joined = data.draw(st.booleans())
        try:
            drafts.put(book, one, "wish", quote_id, joined=joined)
        except KizunaError:
            drafts.put(book, one, "wish", quote_id)
    for piece in drafts.draft(book, one).of("wish"):
        if data.draw(st.booleans()):
            drafts.take(book, one, piece.id)
    for quoted in re.findall(r"「([^」]*)」", drafts.draft(book, one).text):
        rest = said
        for stretch in quoted.split("…"):
            assert stretch in rest
            rest = rest[rest.index(stretch) + len(stretch) :]
    with book.reading() as session:
        assert session.scalars(select(Quote.laid)).all().count(True) == 1
