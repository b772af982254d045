"""The certificate: every line is a number that stands in the workbook, and what is not there has no line."""

from __future__ import annotations

import pytest

from kizuna.process import Part
from kizuna.steps import certificate, consents, drafts, improvements, invitations, invited, offer, plan, review, themes, withdrawals
from kizuna.steps.certificate import Made
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Draft
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.examples import the_example
from tests.steps.answering import DAY, a_plan, answer, decided

FOLLOWUP = Part.FOLLOWUP


@pytest.fixture(scope="module")
def sample() -> Workbook:
    """The worked example; the tests that have it only look."""
    return the_example()


def said(book: Workbook) -> dict[str, str]:
    made = certificate.certificate(book).made
    assert len({one.label for one in made}) == len(made)
    return {one.label: one.said for one in made}


def test_with_nothing_there_is_nothing_and_a_kind_word_all_the_same() -> None:
    one = certificate.certificate(open_workbook(MEMORY))
    assert (one.name, one.shop, one.made, one.kind) == ("", "", (), certificate.words().kind_few)


def test_every_line_of_the_example_is_the_number_of_the_look_back(sample: Workbook) -> None:
    """The same page shows both: they must not tell two different numbers."""
    told = said(sample)
    numbers = dict(zip(review.words().numbers, review.numbers(sample), strict=True))
    for line in certificate.words().lines:
        number = numbers[line.number]
        assert (
            told.get(line.label, number.said(line.part, brief=True)).partition("（")[0]
            == number.said(line.part, brief=True).partition("（")[0]
        )
        assert (line.label in told) is (number.counts[line.part] > 0)
    assert certificate.certificate(sample).kind == certificate.words().kind


def test_every_line_names_a_number_that_its_part_has() -> None:
    numbers = dict(zip(review.words().numbers, review.numbers(open_workbook(MEMORY)), strict=True))
    assert all(line.part in numbers[line.number].counts for line in certificate.words().lines)


def test_a_person_who_was_heard_stands_there_once_with_however_many_words() -> None:
    book = open_workbook(MEMORY)
    for text in ("雨の日でも読める席がほしいです", "棚の地図があると助かります"):
        hear(book, "ミナト", DAY, [Said("何に困りましたか", Topic.FOLLOWUP, text)])
    assert said(book) == {"お話をうかがった方": "1人"}
    book.undo()
    book.undo()
    assert said(book) == {}


def test_what_was_planned_counts_while_it_is_in_the_plan_and_once_it_is_done() -> None:
    book = the_example(tribe=False)
    before = said(book)
    assert (before["望まれて、やると決めた一手"], before["そのうち、できたもの"]) == ("3つ", "3つ")
    first, second, _ = plan.plan(book, FOLLOWUP).decided
    plan.done(book, first.id, False)
    assert (said(book)["望まれて、やると決めた一手"], said(book)["そのうち、できたもの"]) == ("3つ", "2つ")
    plan.decide(book, second.id, False)
    assert (said(book)["望まれて、やると決めた一手"], said(book)["そのうち、できたもの"]) == ("2つ", "1つ")


def test_a_theme_counts_only_with_words_in_it() -> None:
    book = a_plan()
    assert said(book)["聞こえてきた望みのまとまり"] == "1つ"
    themes.make(book, FOLLOWUP, "空のまとまり", [])
    assert said(book)["聞こえてきた望みのまとまり"] == "1つ"


def test_an_invitation_counts_once_it_was_really_made() -> None:
    book = the_example(tribe=False)
    asked = said(book)["お誘いした方"]
    one = offer.offers(book, FOLLOWUP)[0]
    have = {who.person_id for each in offer.offers(book, FOLLOWUP) for who in invited.asked(book, each.id)}
    new = next(who.person_id for who in invitations.invitees(book, one) if who.person_id not in have)
    invitations.invite(book, one.id, [new], "face")
    assert said(book)["お誘いした方"] == asked
    invited.ask(book, next(who.id for who in invited.asked(book, one.id) if who.person_id == new))
    assert said(book)["お誘いした方"] == f"{int(asked.removesuffix('人')) + 1}人"


def test_feedback_counts_people_and_an_improvement_once_it_is_decided() -> None:
    book = a_plan()
    assert said(book)["感想をくださった方"] == "3人" and "感想をもとに、決めた改善" not in said(book)
    answer(book, ("シロ", Topic.GOOD, "夜に届くようになりました"), ("ソラ", Topic.GOOD, "うれしかったです"))
    assert said(book)["感想をくださった方"] == "4人"
    one = decided(book, "お知らせは夜に送ってほしい")
    assert said(book)["感想をもとに、決めた改善"] == "1つ"
    improvements.decide(book, one, False)
    assert "感想をもとに、決めた改善" not in said(book)


def test_a_person_who_withdraws_is_no_longer_counted_among_those_who_allowed() -> None:
    book = the_example(tribe=False)
    before = int(said(book)["言葉をご紹介してよい方"].removesuffix("人"))
    allowed = next(one for one in consents.consents(book, part=FOLLOWUP) if one.state is consents.State.VALID)
    withdrawals.withdraw(book, allowed.id)
    assert int(said(book).get("言葉をご紹介してよい方", "0人").removesuffix("人")) == before - 1


def test_a_declaration_is_one_card_and_its_name_serves_unless_there_is_another() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "declare.name", " 汐風書店　浜田 ")
    assert said(book) == {}
    save_answer(book, "declare.act", "木曜の夕方に、席を一つ用意します。")
    assert certificate.certificate(book).made == (Made("宣言カード", "1枚"),)
    assert certificate.certificate(book).name == "汐風書店　浜田"
    save_answer(book, certificate.NAME, "浜田　しお")
    assert certificate.certificate(book).name == "浜田　しお"


def test_practice_counts_once_it_is_answered() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "practice.02_followup_research.polite", "b")
    save_answer(book, "practice.02_followup_research.order", ["a", "b"])
    save_answer(book, "practice.02_followup_research.open", "x")
    save_answer(book, "practice.02_followup_research.open", "", seen="x")
    save_answer(book, "practised", "x")
    assert said(book) == {"やってみた練習": "2問"}


def test_a_voice_is_shown_once_its_draft_is_finished(sample: Workbook) -> None:
    finished = [one for one in drafts.drafts(sample, kind=drafts.Kind.TESTIMONIAL) if one.finished_on]
    assert said(sample)["お許しの中で、形にした声"] == f"{len(finished)}つ" and finished
    book = the_example()
    with book.act("試し") as session:
        session.get_one(Draft, finished[0].id).finished_on = None
    assert said(book).get("お許しの中で、形にした声", "0つ") == f"{len(finished) - 1}つ"


def test_whoever_made_little_gets_a_word_of_her_own() -> None:
    book = open_workbook(MEMORY)
    few, kind = certificate.words().kind_few, certificate.words().kind
    save_answer(book, "declare.act", "席を一つ用意します。")
    assert certificate.certificate(book).kind == few != kind
    hear(book, "ミナト", DAY, [Said("何に困りましたか", Topic.FOLLOWUP, "席がほしいです")])
    assert len(certificate.certificate(book).made) == certificate.words().few
    assert certificate.certificate(book).kind == few
    save_answer(book, "practice.a.b", "x")
    assert len(certificate.certificate(book).made) == certificate.words().few + 1
    assert certificate.certificate(book).kind == kind
