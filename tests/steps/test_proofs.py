"""Every word that went out leads back to its voice, its consent and its wall."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from kizuna.errors import KizunaError
from kizuna.steps import drafts, proofs
from kizuna.steps.withdrawals import withdraw
from kizuna.workbook.models import Voice, fingerprint
from tests.steps.testifying import GLAD, HEARD, LONG, PART, TODAY, a_book, allow, begin, finish


def test_the_book_leads_from_every_word_to_its_source_its_consent_and_its_wall() -> None:
    book = a_book(("ミナト", LONG), ("ソラ", GLAD))
    allow(book, 1, scopes=("shop", "web"))
    allow(book, 2, shown_name="S")
    finish(book, begin(book, "pop", 1, 2))
    begin(book, "web", 1)  # not finished: nothing of it is out
    proofs.put_up(book, 1, "レジの横", TODAY)
    first, second = proofs.proofs(book, PART, TODAY)
    assert (first.words, first.whole, first.name, second.name) == (GLAD, LONG, "Mさん", "Sさん")
    assert (first.heard_on, first.question, first.sha256, first.untouched) == (HEARD, "使ってみて、いかがでしたか", fingerprint(LONG), True)
    assert (first.consent_id, first.obtained_on, first.scopes) == (1, TODAY, "店内の掲示（POP）・ホームページ")
    assert [paper.place for paper in first.papers] == ["レジの横"]


def test_a_consent_that_ended_is_missing_in_the_book_and_a_changed_voice_is_told() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book)
    finish(book, begin(book))
    (late,) = proofs.proofs(book, PART, TODAY + timedelta(400))
    assert (late.name, late.consent_id, late.scopes) == ("", None, "")
    with book.act("手を加えた") as session:
        session.execute(update(Voice).values(text=GLAD.replace("迷わず", "すぐに")))
    assert not proofs.proofs(book, PART, TODAY)[0].untouched


def test_only_what_may_go_out_is_put_up_and_its_place_is_known() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book)
    one = begin(book)
    with pytest.raises(KizunaError, match="まだ仕上がっていない"):
        proofs.put_up(book, one, "レジの横", TODAY)
    finish(book, one)
    with pytest.raises(KizunaError, match="どこに貼ったか"):
        proofs.put_up(book, one, " ", TODAY)
    withdraw(book, 1, TODAY)
    with pytest.raises(KizunaError, match="まだ仕上がっていない"):
        proofs.put_up(book, one, "レジの横", TODAY)
    assert proofs.papers(book) == ()


def test_a_wall_is_told_only_of_the_words_that_hang_there() -> None:
    book = a_book(("ミナト", LONG), ("ソラ", GLAD))
    allow(book, 1)
    allow(book, 2, shown_name="S")
    for form in ("pop", "web"):
        finish(book, begin(book, form, 1))
    proofs.put_up(book, 1, "レジの横", TODAY)
    quote = drafts.draft(book, begin(book, "pop", 2)).groups[0][0].card.id
    drafts.put(book, 1, "use", quote)  # after the paper was printed
    finish(book, 1)
    told = proofs.proofs(book, PART, TODAY)
    assert [(one.form, one.name, [paper.place for paper in one.papers]) for one in told] == [
        ("店内の掲示（POP）", "Mさん", ["レジの横"]),
        ("店内の掲示（POP）", "Sさん", []),
        ("ホームページ", "Mさん", []),
    ]


def test_what_hangs_stands_first() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book)
    finish(book, begin(book))
    for place in ("レジの横", "入口"):
        proofs.put_up(book, 1, place, TODAY)
    proofs.take_down(book, 1, TODAY)
    assert [(one.place, one.taken_down_on) for one in proofs.papers(book)] == [("入口", None), ("レジの横", TODAY)]
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        proofs.take_down(book, 9, TODAY)
