"""STEP3 among members: the gathering they wished for, each by her own words, nobody named who did not agree, nothing sold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part
from kizuna.steps import drafts, invitations, invited, offer
from kizuna.steps.drafts import Kind
from kizuna.steps.tribe.gate import NOTE
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Choice, Draft, Person, Tie
from kizuna.workbook.store import Workbook
from tests.steps.tribe.inviting import TODAY, TRIBE, WISHES, a_letter, a_place, agree, an_offer, finish, who


@pytest.fixture
def book() -> Workbook:
    return a_place()


def stops(book: Workbook, one: int) -> str:
    found = invitations.check_invitation(book, drafts.draft(book, one), TODAY)
    return "\n".join(f"{each.rule} {each.message}" for each in found if each.strength is Strength.STOP)


def cares(book: Workbook, one: int) -> str:
    found = invitations.check_invitation(book, drafts.draft(book, one), TODAY)
    return "\n".join(f"{each.rule} {each.message}" for each in found if each.strength is Strength.CARE)


def test_what_is_offered_is_the_gathering_of_the_design(book: Workbook) -> None:
    (ground,) = offer.grounds(book, TRIBE)
    assert (ground.title, ground.wishers) == ("しおかぜ立ち話", 2)
    one = offer.offer(book, offer.begin(book, TRIBE))
    assert one.name == "しおかぜ立ち話" and [said.text for said in one.evidence] == [WISHES["ミナト"], WISHES["灯台のよし子"]]
    assert offer.grounds(book, TRIBE) == () and offer.begin(book, TRIBE) == one.id
    assert offer.offers(book, Part.FOLLOWUP) == () and offer.grounds(book, Part.FOLLOWUP) == ()


def test_nothing_is_offered_that_nobody_asked_for(book: Workbook) -> None:
    with book.act("外した") as session:
        for choice in session.scalars(select(Choice)):
            choice.decided = False
    with pytest.raises(KizunaError, match="望まれて"):
        offer.begin(book, TRIBE)
    assert not offer.readiness(book, TRIBE).planned


def test_what_leaves_the_design_leaves_the_offer(book: Workbook) -> None:
    one = an_offer(book)
    with book.act("外した") as session:
        for choice in session.scalars(select(Choice)):
            choice.decided = False
    found = offer.check_offer(book, offer.offer(book, one))
    assert [each.strength for each in found if each.rule == "KZ-07"] == [Strength.STOP]


def test_below_the_gate_nothing_is_begun(book: Workbook) -> None:
    one = an_offer(book)
    save_answer(book, NOTE, "")
    with pytest.raises(KizunaError, match="複数のファン"):
        offer.begin(book, TRIBE)
    with pytest.raises(KizunaError, match="複数のファン"):
        invitations.invite(book, one, [who(book, "ミナト")], "letter")


@pytest.mark.parametrize("fields", [{"perk": "use"}, {"perk_what": "しおり"}, {"perk_value": 100}, {"price": 1000}])
def test_there_is_no_thank_you_and_no_price_among_members(book: Workbook, fields: dict[str, Any]) -> None:
    one = an_offer(book)
    with pytest.raises(KizunaError, match="実費"):
        offer.edit(book, one, **fields)
    offer.edit(book, one, perk="none", perk_what="", perk_value=None, price=None)
    assert offer.offer(book, one).perk == "none"


def test_the_family_test_stays(book: Workbook) -> None:
    one = an_offer(book, family_ok=False)
    assert "KZ-08" in {each.rule for each in offer.check_offer(book, offer.offer(book, one)) if each.strength is Strength.STOP}


@pytest.mark.parametrize("field", ["name", "gain_them"])
def test_an_offer_that_sells_stops_every_letter(book: Workbook, field: str) -> None:
    one = a_letter(book)
    offer.edit(book, offer.offers(book, TRIBE)[0].id, **{field: "新しい手さげを販売します"})
    assert "お誘いの中身：「販売」" in stops(book, one)


def test_those_who_wished_come_first_and_who_wants_to_stay_apart_is_not_asked(book: Workbook) -> None:
    one = an_offer(book)
    agree(book, "シロ", "no")
    found = [each.person_id for each in invitations.invitees(book, offer.offer(book, one))]
    assert found == [who(book, name) for name in ("ミナト", "灯台のよし子", "りく父")]
    with pytest.raises(KizunaError, match="望んでいません"):
        invitations.invite(book, one, [who(book, "シロ")], "letter")
    assert drafts.drafts(book, TRIBE) == ()


def test_who_says_no_later_is_not_reached_any_more(book: Workbook) -> None:
    one = a_letter(book)
    finish(book, one)
    agree(book, "ミナト", "no")
    assert "ほかの方との集まりを望んでいません" in stops(book, one)
    noted = invited.asked(book, offer.offers(book, TRIBE)[0].id)[0]
    with pytest.raises(KizunaError, match="望んでいません"):
        invited.ask(book, noted.id, TODAY)


def test_each_letter_begins_with_her_own_words(book: Workbook) -> None:
    one = drafts.draft(book, a_letter(book))
    assert one.text.index(f"「{WISHES['ミナト']}」") < one.text.index("小さな集まり")
    assert "同じように話してくださった方が、ほかにも" in one.text
    other = a_letter(book, "シロ")
    assert "同じように" not in drafts.draft(book, other).text
    assert "ご自身の言葉が" in cares(book, other) and "ご自身の言葉が" not in cares(book, one.id)


def test_that_others_wish_for_it_too_is_only_said_where_they_do(book: Workbook) -> None:
    with book.act("外した") as session:
        session.scalars(select(Choice).where(Choice.topic == "cost")).one().decided = False
    assert "同じように" not in drafts.draft(book, a_letter(book)).text


def test_nobody_gets_a_letter_for_all(book: Workbook) -> None:
    with pytest.raises(KizunaError, match="お一人ずつ"):
        invitations.invite(book, an_offer(book), [who(book, "ミナト"), who(book, "シロ")], "letter", together=True)


def test_only_those_are_named_who_said_yes(book: Workbook) -> None:
    assert invitations.companions(book, TRIBE) == ()
    with pytest.raises(KizunaError, match="灯台のよし子さんは"):
        a_letter(book, others=("灯台のよし子",))
    agree(book, "灯台のよし子", asked_on=None)
    with pytest.raises(KizunaError, match="灯台のよし子さんは"):
        a_letter(book, others=("灯台のよし子",))
    agree(book, "灯台のよし子")
    assert [each.called for each in invitations.companions(book, TRIBE)] == ["灯台のよし子さん"]
    assert invitations.companions(book, Part.FOLLOWUP) == ()
    one = a_letter(book, others=("灯台のよし子", "ミナト"))
    assert "灯台のよし子さんもお誘い" in drafts.draft(book, one).text and "ミナトさん" not in drafts.draft(book, one).text
    finish(book, one)
    agree(book, "灯台のよし子", "no")
    assert "灯台のよし子さんのお名前が入っています" in stops(book, one)


def test_who_is_kept_apart_from_her_is_not_named_to_her(book: Workbook) -> None:
    agree(book, "灯台のよし子")
    first, second = sorted((who(book, "ミナト"), who(book, "灯台のよし子")))
    with book.act("書いた") as session:
        session.add(Tie(first_id=first, second_id=second, kind="apart", noted_on=TODAY))
    with pytest.raises(KizunaError, match="灯台のよし子さんは"):
        a_letter(book, others=("灯台のよし子",))


@pytest.mark.parametrize("where", ["news", "close", "title"])
def test_a_name_written_by_hand_stops_too(book: Workbook, where: str) -> None:
    one = a_letter(book)
    if where == "title":
        drafts.rename(book, one, "りく父さんと会う会")
    else:
        drafts.write(book, one, where, "りく父さんも来ます。")
    assert "りく父さんのお名前が入っています" in stops(book, one)


def test_her_own_name_and_those_of_the_shop_may_stand(book: Workbook) -> None:
    one = a_letter(book, form="line")
    with book.act("書いた") as session:
        session.scalars(select(Person).where(Person.name == "りく父")).one().relation = "staff"
    drafts.write(book, one, "close", "ミナトさん、りく父さんがお茶をいれます。")
    assert stops(book, one) == ""


def test_a_letter_with_costs_is_finished(book: Workbook) -> None:
    one = a_letter(book)
    assert "実費：お茶とだんごの分 300円" in drafts.draft(book, one).text
    finish(book, one)
    assert drafts.draft(book, one).finished_on == TODAY


def test_costs_above_those_of_the_design_are_asked_about(book: Workbook) -> None:
    one = a_letter(book)
    drafts.write(book, one, "cost", "お茶代 ８００円")
    assert "300円）より多く" in cares(book, one)
    drafts.write(book, one, "cost", "お茶代 200円")
    assert "より多く" not in cares(book, one)


def test_declining_changes_nothing(book: Workbook) -> None:
    a_letter(book)
    one = offer.offers(book, TRIBE)[0]
    noted = invited.asked(book, one.id)[0]
    before = invitations.invitees(book, one)
    invited.ask(book, noted.id, TODAY)
    invited.answer(book, noted.id, False, TODAY)
    assert invitations.invitees(book, one) == before
    assert (
        "来てみるとおっしゃった方" not in invited.counts(book, one.id).said and "今回は見送った方が1人" in invited.counts(book, one.id).said
    )
    assert invited.counts(book, part=Part.FOLLOWUP).asked == 0


SALES = [
    "500円", "￥300", "五百円", "料金", "会費", "参加費", "ワンコイン", "販売", "入荷", "割引", "クーポン", "特典", "新商品", "ご購入", "お買い得",
    "福袋", "先着10名様、残りわずかです。", "今だけ3,000円引き！", "ぜひお買い求めください。", "この本は店で売っています。", "セールのお知らせです。",
]  # fmt: skip
PLAIN = st.text("いろはにほへと山川空。、\n", max_size=12)
INSIDE = [
    *((kind, form.key) for kind in (Kind.INVITATION, Kind.REQUEST, Kind.CHANGE) for form in drafts.forms(kind, TRIBE)),
    (Kind.TESTIMONIAL, "inside"),
]


@given(st.sampled_from(INSIDE), st.sampled_from(SALES), PLAIN, PLAIN, st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_sells_is_never_finished_among_members(shape: tuple[Kind, str], sold: str, before: str, after: str, data: Any) -> None:
    kind, form = shape
    book = a_place()
    one = drafts.begin(book, TRIBE, kind, form)
    shown = drafts.draft(book, one).words.roles
    where = data.draw(st.sampled_from(["title", *(role.key for role in shown)]))
    text = f"{before}\n{sold}\n{after}" if sold.endswith(("。", "！")) else f"{before}{sold}{after}"
    drafts.write(book, one, "close" if kind is not Kind.TESTIMONIAL else "thanks", "いつもありがとうございます。")
    if where == "title":
        drafts.rename(book, one, text)
    else:
        drafts.write(book, one, where, text)
    for finding in drafts.check(book, drafts.draft(book, one), TODAY):
        drafts.tick(book, one, finding.rule)
    assert "KZ-03" in {each.rule for each in drafts.check(book, drafts.draft(book, one), TODAY) if each.strength is Strength.STOP}
    with pytest.raises(KizunaError):
        drafts.finish(book, one, today=TODAY)
    with book.reading() as session:
        assert session.get_one(Draft, one).finished_on is None
    book.close()


def test_costs_and_offers_have_their_places() -> None:
    keys = {(kind, part): [role.key for role in drafts.kind_text(kind, part).roles] for kind in Kind for part in Part}
    assert [place for place, roles in keys.items() if "cost" in roles] == [(Kind.INVITATION, TRIBE)]
    outside = drafts.kind_text(Kind.TESTIMONIAL, TRIBE, drafts.form_text("pop"))
    inside = drafts.kind_text(Kind.TESTIMONIAL, TRIBE, drafts.form_text("inside"))
    assert "offer" in [role.key for role in outside.roles] and "offer" not in [role.key for role in inside.roles]
    assert "inside" not in [one.key for one in drafts.forms(Kind.TESTIMONIAL)]


def test_no_offer_can_be_put_into_what_members_see(book: Workbook) -> None:
    one = drafts.begin(book, TRIBE, Kind.TESTIMONIAL, "inside")
    with pytest.raises(KizunaError, match="部分はありません"):
        drafts.write(book, one, "offer", "手さげのご案内です。")
    with pytest.raises(KizunaError, match="形はありません"):
        drafts.begin(book, Part.FOLLOWUP, Kind.TESTIMONIAL, "inside")
    with pytest.raises(KizunaError, match="部分はありません"):
        drafts.write(book, drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter"), "cost", "お茶代 300円")


def test_the_first_part_may_still_speak_of_money(book: Workbook) -> None:
    one = drafts.begin(book, Part.FOLLOWUP, Kind.INVITATION, "letter", words={"news": "会場費として一人500円を集めます。"})
    assert "KZ-03" not in {each.rule for each in drafts.check(book, drafts.draft(book, one), TODAY)}
