"""A withdrawal takes a person's words out of everything in one act, and one undo brings all of it back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import consents, drafts, proofs, showing
from kizuna.steps.cards import cut
from kizuna.steps.consents import State
from kizuna.steps.drafts import Kind
from kizuna.steps.withdrawals import lapsed, let_go, withdraw
from kizuna.workbook.store import Workbook
from tests.steps.testifying import GLAD, LONG, PART, TODAY, a_book, allow, begin, finish


@pytest.fixture
def shown() -> Workbook:
    """Two people's words on a POP that hangs, one's also on the shop's page, and a flyer of the other alone."""
    book = a_book(("ミナト", LONG), ("ソラ", GLAD))
    allow(book, 1, perk="voice")
    allow(book, 2, shown_name="S")
    for form, ids in (("pop", (1, 2)), ("web", (1,)), ("flyer", (2,))):
        finish(book, begin(book, form, *ids))
    for draft_id, place in ((1, "レジの横"), (1, "入口"), (3, "棚の上")):
        proofs.put_up(book, draft_id, place, TODAY)
    return book


def test_every_draft_loses_the_words_and_is_open_again_and_every_paper_is_named(shown: Workbook) -> None:
    told = withdraw(shown, 1, TODAY)
    assert [(one.draft_id, one.pieces, one.was_finished) for one in told.drafts] == [(1, 1, True), (2, 1, True)]
    assert [one.place for one in told.papers] == ["レジの横", "入口"]
    assert [one.voices for one in drafts.drafts(shown)] == [(2,), (), (2,)]
    assert [one.finished_on for one in drafts.drafts(shown)] == [None, None, TODAY]
    assert not any("Mさん" in one.text for one in drafts.drafts(shown))
    assert consents.consents(shown, TODAY)[0].state is State.WITHDRAWN


def test_what_stands_beside_others_and_beside_what_stays_is_kept() -> None:
    book = a_book(("ミナト", LONG), ("ミナト", GLAD), ("ソラ", GLAD))
    allow(book, 1, perk="voice")
    allow(book, 2, perk="voice")
    allow(book, 3, shown_name="S", perk="voice")
    begin(book, "flyer", 1, 2, 3)
    withdraw(book, 1, TODAY)
    assert "Mさん：お礼" in drafts.draft(book, 1).text and "Sさん：お礼" in drafts.draft(book, 1).text
    withdraw(book, 2, TODAY)
    assert "Mさん：お礼" not in drafts.draft(book, 1).text and "Sさん：お礼" in drafts.draft(book, 1).text


def test_every_voice_of_a_paper_counts_and_only_the_place_it_hangs_at(shown: Workbook) -> None:
    assert [one.place for one in withdraw(shown, 2, TODAY).papers] == ["レジの横", "入口", "棚の上"]
    shown.undo()
    allow(shown, 2, scopes=("shop",))
    assert [one.place for one in withdraw(shown, 2, TODAY).papers] == ["棚の上"]
    assert [one.place for one in lapsed(shown, TODAY).papers] == ["棚の上"]


def test_a_withdrawal_leaves_what_ended_otherwise_to_be_told(shown: Workbook) -> None:
    later = TODAY + timedelta(days=400)
    assert [one.draft_id for one in withdraw(shown, 2, later).drafts] == [1, 3]
    assert drafts.draft(shown, 2).voices == (1,)


def test_no_undo_of_something_else_brings_a_withdrawn_consent_back(shown: Workbook) -> None:
    withdraw(shown, 1, TODAY)
    proofs.take_down(shown, 1, TODAY)
    drafts.write(shown, 1, "thanks", "ありがとうございました。")
    for _ in range(2):
        shown.undo()
        assert consents.consents(shown, TODAY)[0].state is State.WITHDRAWN
        assert [one.voices for one in drafts.drafts(shown)] == [(2,), (), (2,)]
        with pytest.raises(KizunaError, match="まだ仕上がっていない"):
            showing.showing(shown, 1, TODAY)


def test_one_undo_brings_all_of_it_back(shown: Workbook) -> None:
    before = drafts.drafts(shown), proofs.papers(shown), consents.consents(shown, TODAY)
    withdraw(shown, 1, TODAY)
    assert shown.undo() == "お許しの取り下げを受けた"
    assert (drafts.drafts(shown), proofs.papers(shown), consents.consents(shown, TODAY)) == before
    assert showing.showing(shown, 1, TODAY).said


def test_a_paper_that_was_taken_down_is_not_named_again(shown: Workbook) -> None:
    proofs.take_down(shown, 1, TODAY)
    assert [one.place for one in withdraw(shown, 1, TODAY).papers] == ["入口"]
    proofs.take_down(shown, 2, TODAY)
    assert lapsed(shown, TODAY).papers == ()


def test_words_that_another_consent_covers_stay_where_it_covers_them(shown: Workbook) -> None:
    allow(shown, 1, scopes=("shop",))
    told = withdraw(shown, 1, TODAY)
    assert [one.draft_id for one in told.drafts] == [2]
    assert told.papers == ()


def test_a_letter_to_herself_keeps_her_words_and_one_to_another_does_not() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD))
    allow(book, 1)
    with book.act("切った") as session:
        quote = cut(session, 1, 0, len(GLAD)).id
    for person_id in (1, 2):
        drafts.begin(book, PART, Kind.CHANGE, "letter", person_id=person_id, quotes={"wish": [quote]})
    assert [one.draft_id for one in withdraw(book, 1, TODAY).drafts] == [2]
    assert [len(one.groups) for one in drafts.drafts(book)] == [1, 0]


def test_a_consent_is_withdrawn_once(shown: Workbook) -> None:
    withdraw(shown, 1, TODAY)
    with pytest.raises(KizunaError, match="もう取り下げられています"):
        withdraw(shown, 1, TODAY)
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        withdraw(shown, 99, TODAY)


def test_a_consent_that_ended_is_told_and_let_go_of(shown: Workbook) -> None:
    later = TODAY + timedelta(days=400)
    told = lapsed(shown, later)
    assert ([one.draft_id for one in told.drafts], len(told.papers)) == ([1, 2, 3], 3)
    assert lapsed(shown, TODAY).drafts == ()
    assert let_go(shown, later) == told
    assert all(not one.voices for one in drafts.drafts(shown))
    shown.undo()
    assert lapsed(shown, later) == told


def test_a_draft_of_which_papers_are_noted_cannot_be_thrown_away(shown: Workbook) -> None:
    with pytest.raises(KizunaError, match="貼った紙の記録"):
        drafts.remove(shown, 1)
    drafts.remove(shown, 2)
    assert [one.id for one in drafts.drafts(shown)] == [1, 3]


def test_the_day_is_kept(shown: Workbook) -> None:
    withdraw(shown, 1, date(2026, 12, 1))
    assert consents.consents(shown, date(2026, 12, 2))[0].withdrawn_on == date(2026, 12, 1)
