"""Whom to ask, with which words: her own wish word for word, nothing sold, and never against what she said about being written to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.content import ContentError, load
from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part
from kizuna.steps import calendar as calendars
from kizuna.steps import drafts, invitations, invited, offer
from kizuna.steps.cards import cut
from kizuna.steps.invitations import MEDIUM, SENDER, PartWords
from kizuna.steps.offer import OfferView
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Closeness, Contact, Person, Touch, Voice
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook, open_workbook
from tests.steps.offering import PART, TODAY, an_offer, before_offers

FORMS = sorted(MEDIUM)
each_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return before_offers(tmp_path_factory.mktemp("見本"))


@pytest.fixture
def book(sample: Path, tmp_path: Path) -> Iterator[Workbook]:
    book = open_workbook(shutil.copy(sample, tmp_path))
    yield book
    book.close()


def wishers(one: OfferView) -> list[int]:
    return list(dict.fromkeys(said.person_id for said in one.evidence))


def put(book: Workbook, *rows: Any) -> None:
    with book.act("書いた") as session:
        session.add_all(rows)


def change(book: Workbook, person_id: int, **fields: Any) -> None:
    with book.act("書いた") as session:
        for key, value in fields.items():
            setattr(session.get_one(Person, person_id), key, value)


def stops(book: Workbook, draft_id: int) -> list[str]:
    return [
        f"{each.rule} {each.message}"
        for each in invitations.check_invitation(book, drafts.draft(book, draft_id), TODAY)
        if each.strength is Strength.STOP
    ]


def cares(book: Workbook, draft_id: int) -> set[str]:
    found = invitations.check_invitation(book, drafts.draft(book, draft_id), TODAY)
    return {each.rule for each in found if each.strength is Strength.CARE}


def leads(book: Workbook, draft_id: int) -> list[str]:
    return [each.message for each in drafts.check(book, drafts.draft(book, draft_id), TODAY) if each.category == "LEAD"]


def agree(book: Workbook, person_id: int, **fields: Any) -> None:
    whole = {"wish": "yes", "asked_on": TODAY, "method": "店で話した", "wording": "お知らせをメールで送ってよいですか"}
    put(book, Contact(person_id=person_id, medium="mail", **(whole | fields)))


def test_those_who_wished_for_it_come_first_then_the_closest(book: Workbook) -> None:
    one = an_offer(book)
    others = [who.person_id for who in invitations.invitees(book, one) if not who.wishes]
    put(book, *(Closeness(person_id=others[-1], level=level, evidence="よく話す", noted_on=TODAY) for level in (1, 4)))
    put(book, Closeness(person_id=others[-2], level=2, evidence="話す", noted_on=TODAY))
    order = [who.person_id for who in invitations.invitees(book, one)]
    assert order[: len(wishers(one))] == sorted(wishers(one))
    assert order[len(wishers(one)) :][:2] == [others[-1], others[-2]]


def test_nobody_is_shown_who_wants_to_hear_nothing(book: Workbook) -> None:
    one = an_offer(book)
    change(book, wishers(one)[0], stopped_on=TODAY)
    assert wishers(one)[0] not in [who.person_id for who in invitations.invitees(book, one)]
    with pytest.raises(KizunaError, match="連絡を望んでいません"):
        invitations.invite(book, one.id, wishers(one), "face")
    assert drafts.drafts(book) == () and invited.asked(book, one.id) == ()


@each_form
def test_a_way_that_a_person_refused_is_never_taken(book: Workbook, form: str) -> None:
    one = an_offer(book)
    first = wishers(one)[0]
    put(book, Contact(person_id=first, medium=MEDIUM[form], wish="no"))
    who = next(who for who in invitations.invitees(book, one) if who.person_id == first)
    assert form not in who.forms and len(who.forms) == 3
    with pytest.raises(KizunaError, match="ほかの届け方"):
        invitations.invite(book, one.id, [first], form)


@each_form
@pytest.mark.parametrize("perk", ["none", "use", "voice", "consent"])
def test_every_template_passes_its_own_check_and_sells_nothing(book: Workbook, form: str, perk: str) -> None:
    one = an_offer(book, perk=perk, perk_what="手描きのしおり一枚")
    for key in SENDER:
        save_answer(book, key, "汐風書店")
    for person_id in wishers(one):
        agree(book, person_id)
    stranger = next(who.person_id for who in invitations.invitees(book, one) if not who.wishes)
    agree(book, stranger)
    begun = (*invitations.invite(book, one.id, wishers(one), form), *invitations.invite(book, one.id, [stranger], form, together=True))
    assert len(begun) == len(wishers(one)) + 1
    for draft_id in begun:
        found = invitations.check_invitation(book, drafts.draft(book, draft_id), TODAY)
        assert [each for each in found if each.rule not in ("4-35", "ST-03")] == []
        assert "感想" in drafts.draft(book, draft_id).text


@each_form
def test_a_persons_own_wish_stands_in_it_word_for_word(book: Workbook, form: str) -> None:
    one = an_offer(book)
    for draft_id in invitations.invite(book, one.id, wishers(one), form):
        view = drafts.draft(book, draft_id)
        mine = [said.text for said in one.evidence if said.person_id == view.person_id]
        assert [piece.card.text for piece in view.of("wish") if piece.card] == mine
        assert all(f"「{text}」" in view.text for text in mine)


@each_form
def test_one_who_did_not_wish_for_it_is_told_nothing_she_did_not_say(book: Workbook, form: str) -> None:
    one = an_offer(book)
    stranger = next(who.person_id for who in invitations.invitees(book, one) if not who.wishes)
    (draft_id,) = invitations.invite(book, one.id, [stranger], form)
    text = drafts.draft(book, draft_id).text
    assert "「" not in text and "話してくださ" not in text and "みなさまからうかがったお話" in text


@pytest.mark.parametrize("count", [0, 1, 3])
@pytest.mark.parametrize("together", [False, True])
def test_nobody_one_and_three(book: Workbook, count: int, together: bool) -> None:
    one = an_offer(book)
    chosen = [who.person_id for who in invitations.invitees(book, one)][:count]
    if not chosen:
        with pytest.raises(KizunaError, match="まだ選ばれていません"):
            invitations.invite(book, one.id, chosen, "line", together)
        return
    begun = invitations.invite(book, one.id, chosen, "line", together)
    assert len(begun) == (1 if together else count)
    assert [who.person_id for who in invited.asked(book, one.id)] == chosen
    assert all(who.medium == "line" and who.asked_on is None for who in invited.asked(book, one.id))
    assert book.undo() == f"{count}人へのお誘いを書きはじめた"
    assert drafts.drafts(book) == () and invited.asked(book, one.id) == ()


def test_a_second_wish_to_write_makes_no_second_draft(book: Workbook) -> None:
    one = an_offer(book)
    assert len(invitations.invite(book, one.id, wishers(one), "letter")) == 3
    assert invitations.invite(book, one.id, wishers(one), "letter") == ()
    assert len(invitations.invite(book, one.id, wishers(one), "line")) == 3


def test_an_offer_that_stops_stops_its_invitations(book: Workbook) -> None:
    one = an_offer(book, family_ok=False)
    (draft_id, *_) = invitations.invite(book, one.id, wishers(one), "letter")
    assert [text for text in stops(book, draft_id) if "KZ-08 お誘いの中身：身内にも" in text]
    with pytest.raises(KizunaError, match="身内にも同じようにすすめられるか"):
        invitations.finish(book, draft_id, TODAY)
    offer.edit(book, one.id, family_ok=True, perk="positive", perk_what="しおり")
    with pytest.raises(KizunaError, match="良い感想を条件にしたお礼はできません"):
        invitations.finish(book, draft_id, TODAY)
    offer.edit(book, one.id, perk="voice", destination="reviews")
    with pytest.raises(KizunaError, match="口コミサイトの決まりで禁じられています"):
        invitations.finish(book, draft_id, TODAY)
    offer.edit(book, one.id, perk="none")
    invitations.finish(book, draft_id, TODAY)
    assert drafts.draft(book, draft_id).finished_on == TODAY


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("星5の口コミを書いた方に500円クーポンを差し上げます。", "良い評価を条件に"),
        ("Googleに口コミを書いてくださった方にプレゼントします。", "口コミサイトへの投稿に、お礼"),
        ("みなさん「最高の朝」と言います。", "記録から選んだお客さまの言葉ではありません"),
        ("お問い合わせは090-1234-5678へ。", "電話番号"),
    ],
)
def test_what_stops_any_text_stops_an_invitation(book: Workbook, words: str, message: str) -> None:
    (draft_id, *_) = invitations.invite(book, an_offer(book).id, [6], "letter")
    drafts.write(book, draft_id, "news", words)
    assert any(message in text for text in stops(book, draft_id))
    with pytest.raises(KizunaError):
        invitations.finish(book, draft_id, TODAY)


def test_a_mail_needs_consent_and_a_sender(book: Workbook) -> None:
    one = an_offer(book)
    first = wishers(one)[0]
    (draft_id,) = invitations.invite(book, one.id, [first], "mail")
    told = stops(book, draft_id)
    assert len(told) == 2 and "案内メールを送ってよいという記録がありません" in told[0]
    assert told[1].startswith("ML-02 「名前・住所・問い合わせ先・配信を止める方法」")
    for key in SENDER:
        save_answer(book, key, "書いた")
    agree(book, first)
    assert stops(book, draft_id) == [] and cares(book, draft_id) == set()
    save_answer(book, "sender.stop", "")
    assert [text.partition("：")[0] for text in stops(book, draft_id)] == ["ML-02 「配信を止める方法」"]


@pytest.mark.parametrize("gap", [{"asked_on": None}, {"method": ""}, {"wording": ""}])
def test_a_consent_that_is_half_recorded_is_to_be_minded(book: Workbook, gap: dict[str, Any]) -> None:
    one = an_offer(book)
    (draft_id,) = invitations.invite(book, one.id, wishers(one)[:1], "mail")
    agree(book, wishers(one)[0], **gap)
    assert "ML-05" in cares(book, draft_id)


def test_a_wish_that_nobody_has_asked_about_is_no_consent(book: Workbook) -> None:
    one = an_offer(book)
    (draft_id,) = invitations.invite(book, one.id, wishers(one)[:1], "mail")
    agree(book, wishers(one)[0], wish="unsaid")
    assert any(text.startswith("ML-01") for text in stops(book, draft_id))


@each_form
def test_who_says_stop_meanwhile_is_not_written_to(book: Workbook, form: str) -> None:
    one = an_offer(book)
    first, second, _ = wishers(one)
    begun = invitations.invite(book, one.id, [first, second], form)
    change(book, first, stopped_on=TODAY)
    put(book, Contact(person_id=second, medium=MEDIUM[form], wish="no"))
    for draft_id in begun:
        assert any("ML-03" in text and "送らないで" in text for text in stops(book, draft_id))
    with pytest.raises(KizunaError, match="連絡を望んでいません"):
        invited.ask(book, invited.asked(book, one.id)[0].id, TODAY)


def test_in_a_letter_to_several_everyone_counts(book: Workbook) -> None:
    one = an_offer(book)
    (draft_id,) = invitations.invite(book, one.id, wishers(one), "line", together=True)
    assert stops(book, draft_id) == []
    change(book, wishers(one)[1], stopped_on=TODAY)
    assert len([text for text in stops(book, draft_id) if text.startswith("ML-03")]) == 1


def test_a_link_in_a_mail_is_to_be_minded(book: Workbook) -> None:
    one = an_offer(book)
    (draft_id,) = invitations.invite(book, one.id, wishers(one)[:1], "mail")
    assert "ML-04" not in cares(book, draft_id)
    drafts.write(book, draft_id, "close", "くわしくは https://example.jp/ をごらんください。")
    assert "ML-04" in cares(book, draft_id)


def test_what_is_sent_by_post_needs_its_rules(book: Workbook) -> None:
    save_answer(book, "industry", "通販あり")
    (draft_id,) = invitations.invite(book, an_offer(book).id, [6], "letter")
    assert "TS-01" in cares(book, draft_id)
    drafts.write(book, draft_id, "close", "送料は店で持ち、返品は七日のあいだお受けします。ありがとうございます。")
    assert "TS-01" not in cares(book, draft_id)


def test_the_words_of_somebody_else_stop_it(book: Workbook) -> None:
    one = an_offer(book)
    first, second, _ = wishers(one)
    (draft_id,) = invitations.invite(book, one.id, [first], "letter")
    (other,) = [said.id for said in one.evidence if said.person_id == second]
    assert other not in [said.id for said in invitations.own_words(book, drafts.draft(book, draft_id))]
    drafts.put(book, draft_id, "wish", other)
    assert [text[:5] for text in stops(book, draft_id)] == ["PI-04"]


def test_her_words_are_those_of_this_part_and_step_as_they_are_laid_out(book: Workbook) -> None:
    one = an_offer(book)
    person_id, *_ = wishers(one)
    (draft_id,) = invitations.invite(book, one.id, [person_id], "letter")
    before = invitations.own_words(book, drafts.draft(book, draft_id))
    of_hers = select(Voice).where(Voice.person_id == person_id).order_by(Voice.id)
    with book.act("切り出した") as session:
        name = session.get_one(Person, person_id).name
        voices = session.scalars(of_hers).all()
        cut(session, voices[0].id, 0, 5)
    hear(book, name, TODAY, [Said("集まりのこと", Topic.PLACE, "みんなで海を見たいです。")])
    hear(book, name, TODAY, [Said("使ってみて", Topic.FOLLOWUP, "とても助かりました。")], feedback=PART)
    with book.reading() as session:
        assert len(session.scalars(of_hers).all()) == len(voices) + 2
    assert invitations.own_words(book, drafts.draft(book, draft_id)) == before
    hear(book, name, TODAY, [Said("買ったあと", Topic.FOLLOWUP, "夜なら出られます。")])
    assert [said.text for said in invitations.own_words(book, drafts.draft(book, draft_id))[len(before) :]] == ["夜なら出られます。"]


def test_a_contact_beyond_the_calendars_cap_and_a_third_request_in_a_row_are_told(book: Workbook) -> None:
    save_answer(book, "calendar.cap", 4.0)
    one = an_offer(book)
    first, second, third = wishers(one)
    begun = invitations.invite(book, one.id, wishers(one), "face")
    put(book, *(Touch(person_id=first, on=TODAY - timedelta(days=day), kind="told") for day in range(4)))
    put(book, *(Touch(person_id=second, on=TODAY - timedelta(days=day), kind="helped") for day in (1, 2, 3, 30)))
    put(book, *(Touch(person_id=third, on=TODAY - timedelta(days=day), kind="opinion") for day in (40, 50)))
    assert ["KZ-09" in cares(book, draft_id) for draft_id in begun] == [True, False, True]
    save_answer(book, "calendar.cap", 3.0)
    assert ["KZ-09" in cares(book, draft_id) for draft_id in begun] == [True, True, True]
    invited.ask(book, invited.asked(book, one.id)[0].id, TODAY)
    assert "KZ-09" not in cares(book, begun[0]), "she has been asked: what is done is not to be minded"


def test_what_usually_holds_for_calendars_holds_for_invitations_too(book: Workbook) -> None:
    one = an_offer(book)
    first, second, _ = wishers(one)
    begun = invitations.invite(book, one.id, [first, second], "face")
    put(
        book,
        *(
            Touch(person_id=who, on=TODAY - timedelta(days=day), kind="told")
            for who, days in ((first, (1, 2)), (second, (1,)))
            for day in days
        ),
    )
    assert calendars.cap(book) == 2 and ["KZ-09" in cares(book, draft_id) for draft_id in begun] == [True, False]


def test_what_came_of_it_is_noted_and_counted(book: Workbook) -> None:
    one = an_offer(book, perk="use", perk_what="しおり")
    invitations.invite(book, one.id, wishers(one), "face")
    first, second, third = invited.asked(book, one.id)
    with pytest.raises(KizunaError, match="まだお誘いした記録がありません"):
        invited.use(book, first.id, today=TODAY)
    assert invited.counts(book, one.id).asked == 0
    for noted in (first, second, third):
        invited.ask(book, noted.id, TODAY)
    invited.use(book, first.id, today=TODAY)
    invited.answer(book, second.id, False, TODAY)
    invited.give(book, first.id, today=TODAY)
    counts = invited.counts(book, one.id)
    assert (counts.asked, counts.accepted, counts.declined, counts.used) == (3, 1, 1, 1)
    assert "お返事がこれからの方が1人" in counts.said
    assert invited.counts(book, part=PART) == counts and invited.counts(book, part=Part.TRIBE).asked == 0
    with book.reading() as session:
        touches = session.scalars(select(Touch)).all()
    assert {(touch.kind, touch.medium, touch.on) for touch in touches} == {("purchase", "facetoface", TODAY)} and len(touches) == 3
    invited.answer(book, first.id, False, TODAY)
    assert (invited.asked(book, one.id)[0].used_on, invited.asked(book, one.id)[0].perk_given_on) == (None, None)


def test_somebody_with_two_offers_is_one_person(book: Workbook) -> None:
    one = an_offer(book)
    (person, *_) = wishers(one)
    for number, said in ((one.id, True), (offer.begin(book, PART, offer.grounds(book, PART)[0].action_id), False)):
        invitations.invite(book, number, [person], "face")
        (noted,) = invited.asked(book, number)
        invited.ask(book, noted.id, TODAY)
        invited.answer(book, noted.id, said, TODAY)
    counts = invited.counts(book, part=PART)
    assert (counts.asked, counts.accepted, counts.declined) == (1, 1, 0)


def test_asking_twice_is_one_contact(book: Workbook) -> None:
    one = an_offer(book)
    invitations.invite(book, one.id, wishers(one)[:1], "face")
    (noted,) = invited.asked(book, one.id)
    invited.ask(book, noted.id, TODAY)
    invited.ask(book, noted.id, TODAY + timedelta(days=1))
    with book.reading() as session:
        assert len(session.scalars(select(Touch)).all()) == 1
    assert invited.asked(book, one.id)[0].asked_on == TODAY


def test_there_is_no_thank_you_to_give_where_none_was_promised(book: Workbook) -> None:
    one = an_offer(book)
    invitations.invite(book, one.id, wishers(one)[:1], "face")
    (noted,) = invited.asked(book, one.id)
    invited.ask(book, noted.id, TODAY)
    with pytest.raises(KizunaError, match="お礼を決めていません"):
        invited.give(book, noted.id)


def test_a_mail_ends_with_its_sender_and_a_letter_does_not(book: Workbook) -> None:
    save_answer(book, "sender.name", "汐風書店")
    save_answer(book, "sender.stop", "「停止」とお返事ください")
    one = an_offer(book)
    for form, expected in (
        ("mail", "----\n名前：汐風書店\n配信を止める方法：「停止」とお返事ください"),
        ("letter", "楽しみにしています。"),
    ):
        (draft_id,) = invitations.invite(book, one.id, wishers(one)[:1], form)
        assert invitations.sent_text(book, drafts.draft(book, draft_id)).endswith(expected)


def test_without_a_name_nothing_hangs_in_the_air(book: Workbook) -> None:
    one = an_offer(book)
    change(book, wishers(one)[0], name=None)
    save_answer(book, "shop", "")
    (draft_id,) = invitations.invite(book, one.id, wishers(one)[:1], "line")
    assert drafts.draft(book, draft_id).text.startswith("いつもありがとうございます。\n")
    assert "お名前のない方" not in drafts.draft(book, draft_id).text


@pytest.mark.parametrize("bad", ["「また来たい」と聞きました。", "{price}円です。"])
def test_a_template_speaks_for_nobody_and_fills_in_nothing_but_names(bad: str, tmp_path: Any) -> None:
    import yaml

    from kizuna.content import FOLDER

    told = yaml.safe_load((FOLDER / "invitations.yaml").read_text(encoding="utf-8"))
    told["followup"]["forms"]["line"]["news"] = bad
    (tmp_path / "invitations.yaml").write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match="news"):
        load("invitations.yaml", dict[Part, PartWords], tmp_path)


def test_every_form_of_an_invitation_has_its_template_and_its_medium() -> None:
    assert set(invitations.titles()) == set(MEDIUM) == set(invitations.words()[PART].forms)


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_invitation_holds_brackets_that_are_no_span(book: Workbook, data: Any) -> None:
    while book.undo():
        pass
    grounds = offer.grounds(book, PART)
    one = offer.begin(book, PART, data.draw(st.sampled_from(grounds)).action_id)
    text = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="「」"), max_size=30)
    offer.edit(
        book,
        one,
        gain_them=data.draw(text),
        perk=data.draw(st.sampled_from(["none", "use", "voice", "consent"])),
        perk_what=data.draw(text),
    )
    people = [who.person_id for who in invitations.invitees(book, offer.offer(book, one))]
    chosen = data.draw(st.lists(st.sampled_from(people), min_size=1, max_size=4, unique=True))
    for draft_id in invitations.invite(book, one, chosen, data.draw(st.sampled_from(FORMS)), data.draw(st.booleans())):
        view = drafts.draft(book, draft_id)
        for _, words, places in view.paragraphs():
            assert all(words[start] == "「" and words[end - 1] == "」" for start, end in places)
            own = [words[end:start] for (_, end), (start, _) in pairwise([(0, 0), *places, (len(words), 0)])]
            assert not any(sign in stretch for stretch in own for sign in "「」")
        assert all(piece.card.person_id == view.person_id for piece in view.pieces if piece.card)


@each_form
def test_words_that_lead_to_a_wish_do_not_go_out_without_one(book: Workbook, form: str) -> None:
    one = an_offer(book)
    (draft_id,) = invitations.invite(book, one.id, wishers(one)[:1], form)
    assert leads(book, draft_id) == []
    drafts.take(book, draft_id, *(piece.id for piece in drafts.draft(book, draft_id).pieces if piece.card))
    (told,) = leads(book, draft_id)
    assert "話してくださいました" in told and "4-44" in cares(book, draft_id)
    (together,) = invitations.invite(book, one.id, wishers(one)[1:3], form, together=True)
    assert leads(book, together) == []
