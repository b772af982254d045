"""Drafts begin with what each person allowed, and what has to stand beside her words is written in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import composing, drafts, showing
from kizuna.steps.allowed import spoken
from kizuna.steps.drafts import Kind
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Quote
from kizuna.workbook.reading import Topic
from tests.steps.testifying import GLAD, HEARD, LONG, PART, SORRY, TODAY, a_book, allow, begin, finish, found, plain, undisclosed


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


@pytest.mark.parametrize("form", ["pop", "story"])
@pytest.mark.parametrize("edit", ["none", "typos"])
def test_whole_words_stay_whole(form: str, edit: str) -> None:
    book = a_book(("ミナト", LONG))
    allow(book, edit=edit)
    assert [spoken(group) for group in drafts.draft(book, begin(book, form)).groups] == [LONG]
    assert "ST-05" not in found(book, 1)


def test_a_story_is_told_by_one_person_and_only_by_what_she_allowed() -> None:
    before, after = "以前は、来るたびに閉まっていて困っていました。", "それから毎月、来るのが楽しみです。"
    book = a_book(("ミナト", GLAD), ("ソラ", before + after), ("ミナト", before + after))
    allow(book, 1)
    allow(book, 2, shown_name="S")
    assert drafts.draft(book, begin(book, "story", 1)).voices == (1,)
    allow(book, 3, scopes=("shop",))
    assert drafts.draft(book, begin(book, "story", 1)).voices == (1,)
    allow(book, 3, scopes=("story",))
    assert set(drafts.draft(book, begin(book, "story", 1)).voices) == {1, 3}


def test_only_what_may_go_there_is_offered_to_be_put_in() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD), ("テツ", GLAD))
    allow(book, 1)
    allow(book, 2, shown_name="S", scopes=("web",))
    hear(book, "リク", HEARD, [Said("使ってみて", Topic.FOLLOWUP, GLAD)], feedback=Part.TRIBE)
    allow(book, 4, shown_name="R")
    with book.act("板に置いた") as session:
        session.add_all(Quote(voice_id=one, start=0, end=len(GLAD), laid=True) for one in range(1, 5) if not _laid(session, one))
    pop, web = (drafts.draft(book, begin(book, form, 1)) for form in ("pop", "web"))
    assert {one.person for one in composing.may_stand(book, pop, TODAY)} == {"ミナトさん"}
    assert {one.person for one in composing.may_stand(book, web, TODAY)} == {"ミナトさん", "ソラさん"}
    assert composing.may_stand(book, pop, TODAY + timedelta(400)) == []


def _laid(session: Session, voice_id: int) -> bool:
    return session.scalars(select(Quote).where(Quote.voice_id == voice_id, Quote.laid)).first() is not None


def test_words_that_were_left_out_are_looked_at_anew() -> None:
    book, one = plain("店員の田中さんが教えてくださり、とても助かりました。")
    finish(book, one)
    assert composing.mask(book, one) == 1
    told = drafts.draft(book, one)
    assert (told.finished_on, told.ticked) == (None, frozenset())


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
