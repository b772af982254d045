"""A consent is written down as it was given, holds where and as long as it says, and is never wider than the sheet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.steps import consents
from kizuna.steps.consents import Agreed, State
from kizuna.steps.names import tells_name
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Consent, Person
from tests.steps.testifying import EVERYWHERE, GLAD, TODAY, a_book, allow, voices


def test_it_keeps_the_text_word_for_word_and_the_day_is_the_systems() -> None:
    book = a_book(("ミナト", GLAD))
    save_answer(book, consents.CONTACT, "電話 0000-00-0000")
    allow(book, scopes=("shop", "web"))
    (one,) = consents.consents(book, TODAY)
    assert (one.obtained_on, one.expires_on, one.state) == (TODAY, date(2027, 11, 26), State.VALID)
    assert one.version == consents.texts().current
    now = consents.texts().now
    assert all(words in one.text for words in (now.intro, now.withdraw, now.free, *now.ticks.values(), "電話 0000-00-0000"))
    assert "□ お店の改善に使ってよい" in one.text and "■ 下に書いた名前で紹介してよい" in one.text
    assert "○店内の掲示（POP）" in one.text and "○チラシ" not in one.text


def test_no_tick_is_made_beforehand() -> None:
    assert Agreed(()).scopes == ()
    assert "■" not in consents.spelled(Agreed(()))


@pytest.mark.parametrize(
    ("agreed", "told"),
    [
        ({"scopes": ()}, "どこに出してよいか"),
        ({"scopes": ("moon",)}, "「moon」は選べません"),
        ({"shown_name": ""}, "どのお名前で出すか"),
        ({"shown_name": "ミナト"}, "頭文字は、アルファベット"),
        ({"name_style": "nickname", "shown_name": ""}, "どのお名前で出すか"),
        ({"name_style": "nickname", "shown_name": "海辺のミナト"}, "記録のお名前が入っています"),
        ({"name_style": "anonymous", "shown_name": "ミナト"}, "記録のお名前が入っています"),
        ({"name_style": "anonymous", "shown_name": "", "child": True}, "保護者の方のお許し"),
        ({"method": "dream"}, "「dream」は選べません"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_told_and_nothing_is_kept(agreed: dict[str, Any], told: str) -> None:
    book = a_book(("ミナト", GLAD))
    with pytest.raises(KizunaError, match=told):
        allow(book, **agreed)
    assert consents.consents(book) == ()


def test_nobody_can_allow_anothers_words() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD))
    first, second = voices(book)
    with pytest.raises(KizunaError, match="ほかの方の声が混ざっています"):
        consents.record(book, first.person_id, [first.id, second.id], Agreed(("shop",)), TODAY)
    with pytest.raises(KizunaError, match="どの言葉のお許しか"):
        consents.record(book, first.person_id, [], Agreed(("shop",)), TODAY)


def test_a_nickname_may_be_the_name_on_the_list_since_many_lists_hold_nicknames() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, name_style="nickname", shown_name="ミナトさん")
    assert consents.consents(book, TODAY)[0].shown == "ミナトさん"


def test_a_child_needs_a_guardian_who_is_kept() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, child=True, guardian="母")
    assert consents.consents(book, TODAY)[0].guardian == "母"


@pytest.mark.parametrize(
    ("style", "written", "shown"),
    [
        ("anonymous", "", "お客さま"),
        ("anonymous", "30代の女性", "30代の女性"),
        ("initial", "K.M.", "K.M.さん"),
        ("nickname", "海のひと", "海のひとさん"),
        ("real", "", "ミナトさん"),
        ("real", "港ミナト", "港ミナトさん"),
    ],
)
def test_the_name_goes_out_as_it_was_agreed(style: str, written: str, shown: str) -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, name_style=style, shown_name=written)
    assert consents.consents(book, TODAY)[0].shown == shown


def test_a_scope_that_was_not_ticked_is_not_covered() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, scopes=("improve", "shop"))
    with book.reading() as session:
        assert {one for one in EVERYWHERE if consents.covers(session, 1, one, TODAY)} == {"improve", "shop"}


@settings(deadline=None, max_examples=30)
@given(st.integers(-30, 800), st.sampled_from(["half_year", "one_year", "two_years", "open"]))
def test_it_holds_from_its_day_to_its_last(days: int, expiry: str) -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, expiry=expiry)
    months = {"half_year": 6, "one_year": 12, "two_years": 24, "open": 1200}[expiry]
    day = TODAY + timedelta(days)
    with book.reading() as session:
        assert consents.covers(session, 1, "shop", day) == (TODAY <= day <= consents.later(TODAY, months))


@pytest.mark.parametrize(("expiry", "months"), [("half_year", 6), ("one_year", 12), ("two_years", 24)])
def test_its_last_day_still_counts_and_the_next_does_not(expiry: str, months: int) -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, expiry=expiry)
    last = consents.later(TODAY, months)
    with book.reading() as session:
        assert [consents.covers(session, 1, "shop", last + timedelta(days)) for days in (0, 1)] == [True, False]


def test_the_last_of_february_is_met() -> None:
    assert consents.later(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert consents.later(date(2026, 12, 31), 12) == date(2027, 12, 31)


def test_of_two_consents_the_newest_tells_the_name() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, today=TODAY - timedelta(9))
    allow(book, name_style="anonymous", shown_name="")
    with book.reading() as session:
        row = consents.covering(session, 1, "shop", TODAY)
        assert isinstance(row, Consent) and consents.shown(row) == "お客さま"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("森", "森の中を歩きました", False),
        ("森", "森さんが来ました", True),
        ("みな", "みなさまの声です", False),
        ("みな", "みなちゃんの声です", True),
        ("青木 ゆかり", "青木さまから", True),
        ("青木 ゆかり", "青い木の下で", False),
        ("ミナト", "ﾐﾅﾄさん", True),
        ("", "お客さま", False),
    ],
)
def test_a_name_in_a_text_is_known(name: str, text: str, told: bool) -> None:
    assert tells_name(text, Person(key="x", name=name or None)) is told
