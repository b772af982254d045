"""An offer gives both sides something, is one the owner would make to her own family, and its thank-you is never for praise."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part
from kizuna.steps import invitations, invited, offer, plan, themes
from kizuna.steps.offer import Balance, OfferView
from kizuna.steps.tribe.gate import NOTE
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.offering import PART, TODAY, WHOLE, an_offer, before_offers


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return before_offers(tmp_path_factory.mktemp("見本"))


@pytest.fixture
def book(sample: Path, tmp_path: Path) -> Iterator[Workbook]:
    book = open_workbook(shutil.copy(sample, tmp_path))
    yield book
    book.close()


def found(book: Workbook, one: OfferView) -> dict[str, Strength]:
    return {each.rule: each.strength for each in offer.check_offer(book, one)}


def test_an_offer_that_is_whole_has_nothing_in_its_way(book: Workbook) -> None:
    assert offer.check_offer(book, an_offer(book)) == ()


def test_only_what_stands_in_the_plan_can_be_offered(book: Workbook) -> None:
    action = plan.plan(book, PART).decided[0]
    plan.decide(book, action.id, False)
    with pytest.raises(KizunaError, match="計画に入れた一手だけ"):
        offer.begin(book, PART, action.id)


def test_one_item_has_one_offer(book: Workbook) -> None:
    action = plan.plan(book, PART).decided[0].id
    assert offer.begin(book, PART, action) == offer.begin(book, PART, action)
    assert action not in [one.action_id for one in offer.grounds(book, PART)]


@pytest.mark.parametrize(
    ("them", "me", "expected"),
    [("よい", "よい", Balance.BOTH), ("", "よい", Balance.ME), ("よい", "", Balance.THEM), ("", "", Balance.OPEN)],
)
def test_who_gains_is_told_by_the_two_columns(book: Workbook, them: str, me: str, expected: Balance) -> None:
    one = an_offer(book, gain_them=them, gain_me=me)
    assert one.balance is expected
    assert ("1-06" in found(book, one)) is (expected is not Balance.BOTH)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"family_ok": None}, "まだ答えていません"),
        ({"family_ok": False}, "○になっていません"),
        ({"family_who": ""}, "だれを思いうかべたか"),
        ({"family_reason": ""}, "○にしたわけ"),
        ({"family_who": "", "family_reason": ""}, "だれを思いうかべたかと○にしたわけ"),
    ],
)
def test_without_the_familys_yes_it_stops(book: Workbook, fields: dict[str, Any], message: str) -> None:
    stops = [each for each in offer.check_offer(book, an_offer(book, **fields)) if each.strength is Strength.STOP]
    assert [each.rule for each in stops] == ["KZ-08"] and message in stops[0].message


@pytest.mark.parametrize("mark", ["◯", "○", "〇", "o", "O", "Ｏ", "まる", " ○ "])
def test_every_usual_sign_of_yes_is_read(mark: str) -> None:
    assert offer.read_mark(mark) is True


@pytest.mark.parametrize("mark", ["×", "✕", "✖", "x", "X", "ｘ", "ばつ"])
def test_every_usual_sign_of_no_is_read(mark: str) -> None:
    assert offer.read_mark(mark) is False


def test_no_sign_is_no_answer_and_another_one_is_told() -> None:
    assert offer.read_mark("  ") is None
    with pytest.raises(KizunaError, match="「たぶん」は、○か×のどちらかに読めません"):
        offer.read_mark("たぶん")


CELLS = {
    ("use", "inside"): (Strength.ADVICE, "4-35"),
    ("use", "own"): (Strength.ADVICE, "ST-03"),
    ("use", "reviews"): (Strength.CARE, "ST-02"),
    ("voice", "inside"): (Strength.ADVICE, "4-35"),
    ("voice", "own"): (Strength.CARE, "ST-03"),
    ("voice", "reviews"): (Strength.STOP, "ST-02"),
    ("positive", "inside"): (Strength.STOP, "ST-01"),
    ("positive", "own"): (Strength.STOP, "ST-01"),
    ("positive", "reviews"): (Strength.STOP, "ST-01"),
    ("consent", "inside"): (Strength.CARE, "4-35"),
    ("consent", "own"): (Strength.CARE, "ST-03"),
    ("consent", "reviews"): (Strength.STOP, "ST-02"),
}


@pytest.mark.parametrize(("perk", "destination"), CELLS)
def test_the_table_of_perks_cell_by_cell(book: Workbook, perk: str, destination: str) -> None:
    strength, rule = CELLS[perk, destination]
    one = an_offer(book, perk=perk, destination=destination, perk_what="手描きのしおり")
    assert found(book, one) == {rule: strength}
    assert {key for key in CELLS if CELLS[key][0] is Strength.STOP} == {
        ("voice", "reviews"), ("positive", "inside"), ("positive", "own"), ("positive", "reviews"), ("consent", "reviews")
    }  # fmt: skip


def test_without_a_thank_you_the_table_is_silent(book: Workbook) -> None:
    assert found(book, an_offer(book, perk="none", destination="reviews")) == {}


@pytest.mark.parametrize(
    ("value", "price", "told"), [(200, 900, False), (201, 900, True), (240, 1200, False), (241, 1200, True), (500, None, False)]
)
def test_a_gift_to_every_buyer_has_a_limit(book: Workbook, value: int, price: int | None, told: bool) -> None:
    one = an_offer(book, perk="use", perk_what="しおり", perk_value=value, price=price)
    assert (found(book, one).get("KB-01") is Strength.CARE) is told
    assert (found(book, one).get("KB-01") is Strength.ADVICE) is (price is None)


def test_a_draw_has_a_limit_of_its_own(book: Workbook) -> None:
    one = an_offer(book, perk="use", perk_what="抽選で図書券", perk_value=20_001, price=1_000)
    assert found(book, one).get("KB-02") is Strength.CARE and "KB-01" not in found(book, one)
    offer.edit(book, one.id, perk_value=20_000)
    assert "KB-02" not in found(book, offer.offer(book, one.id))


def test_a_lower_price_is_not_the_heart_of_a_follow_up(book: Workbook) -> None:
    one = an_offer(book)
    for place in ("name", "gain_them", "perk_what"):
        offer.edit(book, one.id, **{place: "次の本を一割引にします。"})
        assert found(book, offer.offer(book, one.id))["2-31"] is Strength.ADVICE, place
        offer.edit(book, one.id, **{place: WHOLE.get(place, "")})
    assert "2-31" not in found(book, offer.offer(book, one.id))


def test_selling_words_in_an_offer_are_told(book: Workbook) -> None:
    assert found(book, an_offer(book, gain_them="今だけ限定、先着10名様です。"))["KZ-02"] is Strength.CARE


def test_an_offer_nobody_asked_for_stops(book: Workbook) -> None:
    one = an_offer(book)
    assert one.action_id
    plan.rest_on(book, one.action_id, [])
    assert found(book, offer.offer(book, one.id))["KZ-07"] is Strength.STOP


def test_another_pages_words_are_told(book: Workbook) -> None:
    one = an_offer(book)
    assert offer.edit(book, one.id, seen={"gain_me": "前の文"}, gain_me="新しい文") == {"gain_me": WHOLE["gain_me"]}
    assert offer.edit(book, one.id, seen={"gain_me": "新しい文"}, gain_me="次の文") == {}
    with pytest.raises(TypeError, match="part"):
        offer.edit(book, one.id, part="tribe")


def test_when_it_is_time_to_ask(book: Workbook) -> None:
    assert "三つほど" in offer.readiness(book, PART, TODAY).said
    first, *_ = plan.plan(book, PART).decided
    plan.done(book, first.id, today=TODAY)
    assert offer.readiness(book, PART, TODAY).in_shape == 1
    assert offer.readiness(book, PART, date(2026, 12, 1)).in_shape == 3
    due = min(one.due_on for one in plan.plan(book, PART).decided if one.due_on and one.id != first.id)
    assert [offer.readiness(book, PART, due - timedelta(days=day)).in_shape for day in (1, 0)] == [1, 2]
    assert "ころあい" in offer.readiness(book, PART, date(2026, 12, 1)).said
    assert "まだありません" in offer.readiness(open_workbook(MEMORY), PART).said
    plan.done(book, first.id, yes=False)
    assert offer.readiness(book, PART, TODAY).in_shape == 0


def test_an_offer_outlives_the_item_it_came_from(book: Workbook) -> None:
    one = an_offer(book)
    assert one.action_id
    plan.renew(book, PART, date(2026, 12, 2))
    renewed = offer.offer(book, one.id)
    assert renewed.action_id != one.action_id and renewed.evidence == one.evidence
    assert renewed.action_id in {each.id for each in plan.plan(book, PART).decided}
    plan.remove(book, renewed.action_id or 0)
    assert offer.offer(book, one.id).evidence == ()
    book.undo()
    assert offer.offer(book, one.id).evidence == one.evidence


def test_what_both_sides_promised_stands_side_by_side(book: Workbook) -> None:
    one = an_offer(book)
    person = invitations.invitees(book, one)[0]
    invitations.invite(book, one.id, [person.person_id], "letter")
    assert [(each.asked, each.theirs) for each in offer.promises(book, PART)] == [(0, "")] * 3
    (noted,) = invited.asked(book, one.id)
    invited.ask(book, noted.id, TODAY)
    promised = next(each for each in offer.promises(book, PART) if each.action_id == one.action_id)
    assert (promised.asked, promised.used) == (1, 0) and "感想" in promised.theirs


def test_an_offer_goes_with_all_that_hangs_on_it_and_comes_back_whole(book: Workbook) -> None:
    one = an_offer(book)
    invitations.invite(book, one.id, [each.person_id for each in invitations.invitees(book, one)[:2]], "line")
    offer.remove(book, one.id)
    assert offer.offers(book, PART) == ()
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        offer.edit(book, one.id, name="別の名前")
    book.undo()
    assert offer.offer(book, one.id) == one and len(invited.asked(book, one.id)) == 2


def test_the_part_is_an_argument(book: Workbook) -> None:
    save_answer(book, NOTE, "研修の練習のため")
    theme = next(each for each in themes.themes(book, Part.TRIBE) if each.wishers)
    action = plan.begin(book, Part.TRIBE, theme.id)
    plan.edit(book, action, title="お茶の会", relation="知らない間がらから、顔の分かる間がらになる。")
    plan.decide(book, action)
    one = offer.begin(book, Part.TRIBE, action)
    assert [each.id for each in offer.offers(book, Part.TRIBE)] == [one] and offer.offers(book, PART) == ()
    assert {said.person_id for said in offer.offer(book, one).evidence} == {card.person_id for card in theme.cards}
