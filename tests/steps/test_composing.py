"""Drafts begin with what each person allowed, and what has to stand beside her words is written in."""

from __future__ import annotations

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import composing, drafts, showing
from kizuna.steps.allowed import spoken
from kizuna.steps.drafts import Kind
from tests.steps.testifying import GLAD, LONG, PART, SORRY, TODAY, a_book, allow, begin, found, plain, undisclosed


@pytest.mark.parametrize("form", [one.key for one in drafts.forms(Kind.TESTIMONIAL)])
def test_a_draft_of_every_form_begins_with_what_is_needed(form: str) -> None:
    book = a_book(("ミナト", LONG), ("ソラ", SORRY))
    allow(book, 1, perk="voice")
    one = drafts.draft(book, begin(book, form, 1))
    assert "Mさん：お礼をお渡しして、感想をいただきました。" in one.text
    assert "2人の方が" in one.text and "抜粋" in one.text
    assert [said.name for said in showing.passages(book, one, TODAY)[1].said] == ["Mさん"]
    assert "ST-03" not in found(book, one.id) and "ST-04" not in found(book, one.id)


def test_a_story_goes_from_before_to_now_in_her_own_words() -> None:
    text = f"それまでは、来るたびに閉まっていて困っていました。{LONG}"
    book = a_book(("ミナト", text))
    allow(book)
    one = drafts.draft(book, begin(book, "story"))
    said = {role: [piece.card.text for piece in one.of(role) if piece.card] for role in ("before", "use", "after")}
    assert said == {
        "before": ["それまでは、来るたびに閉まっていて困っていました。"],
        "use": [GLAD],
        "after": ["それから毎月、次の一冊が楽しみになりました。"],
    }


def test_whole_words_stay_whole() -> None:
    book = a_book(("ミナト", LONG))
    allow(book, edit="none")
    assert drafts.draft(book, begin(book)).groups[0][0].card.text == LONG
    assert "ST-05" not in found(book, 1)


def test_no_draft_begins_without_consent_or_with_too_many() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD), ("テツ", GLAD))
    allow(book, 1, scopes=("shop",))
    with pytest.raises(KizunaError, match="ソラさんの声は、ここに出すお許しがありません"):
        begin(book, "pop", 2)
    with pytest.raises(KizunaError, match="ミナトさんの声は、ここに出すお許しがありません"):
        begin(book, "web", 1)
    with pytest.raises(KizunaError, match="2つまでです"):
        begin(book, "pop", 1, 2, 3)
    with pytest.raises(KizunaError, match="まだ選ばれていません"):
        composing.draft(book, PART, "pop", [], TODAY)
    assert drafts.drafts(book) == ()


def test_a_voice_without_praise_is_shown_whole() -> None:
    text = f"{SORRY}席も少なくて、座れませんでした。"
    book = a_book(("ソラ", text))
    allow(book)
    assert spoken(drafts.draft(book, begin(book)).groups[0]) == text


def test_what_was_left_out_stands_between_two_of_her_words() -> None:
    text = "店員の田中さんに090-1234-5678で教わり、とても助かりました。"
    book, one = plain(text)
    assert composing.mask(book, one, drafts.draft(book, one).of("use")[0].id) == 2
    assert spoken(drafts.draft(book, one).groups[0]) == "店員の…さんに…で教わり、とても助かりました。"
    assert "PI-01" not in found(book, one)
    book.undo()
    assert spoken(drafts.draft(book, one).groups[0]) == text


def test_masking_keeps_the_words_behind_it_in_their_order() -> None:
    book = a_book(("ミナト", "田中さんが親切でうれしかったです。"), ("ソラ", GLAD))
    allow(book, 1)
    allow(book, 2)
    one = begin(book, "pop", 1, 2)
    composing.mask(book, one)
    assert [spoken(group) for group in drafts.draft(book, one).groups] == ["さんが親切でうれしかったです。", GLAD]


def test_missing_words_beside_the_voice_are_written_in() -> None:
    book, one = undisclosed(perk="voice")
    drafts.write(book, one, "use", "店主より")
    drafts.write(book, one, "note", "")
    composing.complete(book, one, TODAY)
    told = drafts.draft(book, one)
    assert [piece.text for piece in told.of("use") if piece.card is None] == ["店主より\nMさん：お礼をお渡しして、感想をいただきました。"]
    assert "ST-03" not in found(book, one)
    before = told.text
    composing.complete(book, one, TODAY)
    assert drafts.draft(book, one).text == before
