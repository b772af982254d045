"""How things stand is told honestly: with what each number is a part of, and with nobody, one or three people too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import composing, consents, testimonials
from kizuna.steps.consents import State
from kizuna.steps.feedback import Kind, feedback, mark
from kizuna.steps.tribe import talks
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Improvement, Request, Touch
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.testifying import GLAD, HEARD, LONG, PART, SORRY, TODAY, a_book, allow, tell
from tests.steps.tribe.membership import a_place


def asked(book: Workbook, *rows: Request) -> None:
    with book.act("お願いした") as session:
        session.add_all(rows)


def test_every_number_counts_people_and_has_its_denominator() -> None:
    book = a_book(("ミナト", GLAD), ("ミナト", LONG), ("ソラ", SORRY), ("テツ", "よかったです。"))
    allow(book, 1)
    asked(
        book,
        Request(part=PART, person_id=1, asked_on=date(2026, 10, 1)),
        Request(part=PART, person_id=1, asked_on=date(2026, 10, 2)),
        Request(part=PART, count=11, asked_on=date(2026, 10, 3)),
    )
    with book.act("直した・会った") as session:
        session.add_all([Improvement(part=PART, verdict="change", done_on=TODAY), Improvement(part=PART, verdict="change")])
        session.add_all([Touch(person_id=1, on=TODAY - timedelta(days), kind="visit") for days in (20, 10)])
    found = testimonials.status(book, PART, TODAY)
    assert (found.asked, found.answered, found.glad, found.complained, found.may_show, found.improved) == (12, 3, 1, 1, 1, 1)
    assert (found.came_again, found.met_lately) == (1, 1)
    assert testimonials.honest(found) == "2026年10月から2026年11月までに感想をおたずねした12人のうち、3人の方が答えてくださいました。"


def test_who_was_met_lately_of_the_place_is_also_who_came() -> None:
    book, ids = a_place("ミナト", "よし子", "はるぱん")
    for name in ids:
        hear(book, name, TODAY, [Said("q", Topic.GOOD, GLAD)], Part.TRIBE)
    assert testimonials.status(book, Part.TRIBE, TODAY).met_lately is None
    talks.note_meeting(book, [ids["ミナト"]], TODAY - timedelta(days=testimonials.LATELY))
    talks.note_meeting(book, [ids["よし子"]], TODAY - timedelta(days=testimonials.LATELY + 1))
    assert testimonials.status(book, Part.TRIBE, TODAY).met_lately == 1


def test_how_many_were_asked_is_not_guessed() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD))
    asked(book, Request(part=PART, person_id=1, asked_on=HEARD))
    found = testimonials.status(book, PART, TODAY)
    assert found.asked is None
    assert testimonials.honest(found) == "2026年11月に、2人の方が感想をくださいました。"


def test_nobody_reads_well() -> None:
    book = open_workbook(MEMORY)
    found = testimonials.status(book, PART, TODAY)
    assert (found.answered, found.goal, found.reached, testimonials.honest(found)) == (0, None, None, "")
    assert testimonials.candidates(book, PART) == testimonials.months(book, PART) == testimonials.customer_words(book, PART) == ()
    testimonials.set_threshold(book, PART, 1, 1, TODAY)
    assert testimonials.status(book, PART, TODAY).reached is False


def test_all_who_were_asked_may_have_answered() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", GLAD))
    asked(book, Request(part=PART, count=2, asked_on=HEARD))
    assert testimonials.status(book, PART, TODAY).asked == 2
    assert "おたずねした2人のうち、2人の方" in testimonials.honest(testimonials.status(book, PART, TODAY))


@pytest.mark.parametrize(("answers", "percent", "reached"), [(2, 50, True), (3, 50, False), (2, 51, False)])
def test_the_threshold_is_reached_at_its_very_number(answers: int, percent: int, reached: bool) -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", SORRY))
    testimonials.set_threshold(book, PART, answers, percent, HEARD)
    assert testimonials.status(book, PART, TODAY).reached is reached


def test_one_and_three_people_are_counted_as_one_and_three() -> None:
    book = a_book(("ミナト", GLAD))
    assert "1人の方が" in testimonials.honest(testimonials.status(book, PART, TODAY))
    for name in ("ソラ", "テツ"):
        tell(book, name, SORRY)
    assert "3人の方が" in testimonials.honest(testimonials.status(book, PART, TODAY))


def test_where_all_are_sorry_there_is_nothing_to_show_and_nothing_is_lost() -> None:
    book = a_book(("ミナト", SORRY), ("ソラ", "席が少なくて、座れませんでした。"))
    testimonials.set_threshold(book, PART, 2, 50, HEARD)
    found = testimonials.candidates(book, PART, TODAY)
    assert [one.glad for one in found] == [False, False]
    assert testimonials.status(book, PART, TODAY).reached is False


@pytest.mark.parametrize(("days", "before"), [(0, True), (-1, True), (1, False)])
def test_it_is_told_whether_the_threshold_came_first(days: int, before: bool) -> None:
    book = a_book(("ミナト", GLAD))
    asked(book, Request(part=PART, count=3, asked_on=date(2026, 10, 20)))
    testimonials.set_threshold(book, PART, 1, 100, date(2026, 10, 20) + timedelta(days))
    goal = testimonials.status(book, PART, TODAY).goal
    assert goal is not None and goal.before is before


def test_a_threshold_that_is_changed_later_is_told_as_late() -> None:
    book = open_workbook(MEMORY)
    testimonials.set_threshold(book, PART, 10, 80, date(2026, 10, 1))
    tell(book, "ミナト", GLAD)
    testimonials.set_threshold(book, PART, 10, 80, TODAY)
    goal = testimonials.status(book, PART, TODAY).goal
    assert goal is not None and goal.before
    testimonials.set_threshold(book, PART, 1, 80, TODAY)
    goal = testimonials.status(book, PART, TODAY).goal
    assert goal is not None and not goal.before and testimonials.status(book, PART, TODAY).reached


@pytest.mark.parametrize(("answers", "percent"), [(0, 50), (3, 0), (3, 101)])
def test_a_threshold_that_cannot_be_is_told(answers: int, percent: int) -> None:
    with pytest.raises(KizunaError, match="1"):
        testimonials.set_threshold(open_workbook(MEMORY), PART, answers, percent)


def test_a_candidate_is_her_words_character_for_character_with_how_the_consent_stands() -> None:
    book = a_book(("ミナト", LONG), ("ソラ", SORRY), ("テツ", GLAD))
    allow(book, 1, scopes=("improve", "shop"), today=TODAY - timedelta(400))
    found = testimonials.candidates(book, PART, TODAY)
    assert [(one.card.person, one.best, one.state, one.scopes) for one in found] == [
        ("ミナトさん", GLAD, State.EXPIRED, ()),
        ("テツさん", GLAD, State.NONE, ()),
        ("ソラさん", "", State.NONE, ()),
    ]
    allow(book, 1, scopes=("shop",))
    first = testimonials.candidates(book, PART, TODAY)[0]
    assert (first.state, first.scopes) == (State.VALID, ("shop",))


def test_improving_the_shop_is_no_leave_to_show() -> None:
    book = a_book(("ミナト", GLAD))
    allow(book, 1, scopes=("improve",))
    assert testimonials.status(book, PART, TODAY).may_show == 0
    assert testimonials.candidates(book, PART, TODAY)[0].scopes == ()


def test_how_the_owner_reads_a_voice_counts() -> None:
    book = a_book(("ミナト", GLAD), ("ソラ", "本が三冊ありました。"))
    for one, kind in zip(feedback(book, PART).passages, (Kind.COMPLAINT, Kind.PRAISE), strict=True):
        mark(book, PART, one.id, kind=kind)
    first, second = testimonials.candidates(book, PART, TODAY)
    assert (first.card.person, first.best, second.kinds) == ("ソラさん", "本が三冊ありました。", (Kind.COMPLAINT,))
    allow(book, 2, shown_name="S")
    assert composing.draft(book, PART, "pop", [2], TODAY)


def test_month_by_month_it_is_told_how_many_may_be_shown() -> None:
    book = a_book(("ミナト", GLAD), on=date(2026, 9, 3))
    tell(book, "ソラ", SORRY, on=date(2026, 11, 3))
    allow(book, 1)
    assert [(one.month, one.voices, one.may_show) for one in testimonials.months(book, PART, TODAY)] == [(9, 1, 1), (11, 2, 1)]


def test_customers_words_are_those_of_several_and_nobodys_name() -> None:
    book = a_book(("ミナト", "田中さんの席が静かでした。"), ("ソラ", "席が少ないです。田中さんも困っていました。"), ("ソラ", "席です。"))
    found = testimonials.customer_words(book, PART)
    assert [(one.text, one.people) for one in found] == [("席", 2)]
    assert all("田中" not in one.text for one in found)


def test_what_is_hung_on_to_a_word_belongs_to_it_and_a_word_that_says_nothing_alone_is_left_out() -> None:
    text = "駐車場は初めてでしたが、係の気持ちが伝わりました。"
    book = a_book(("ミナト", text), ("ソラ", text), ("テツ", "駐車 場所です。"))
    found = {one.text: one.people for one in testimonials.customer_words(book, PART)}
    assert found["駐車場"] == 2
    assert not {"初めて", "気持ち", "駐車", "場"} & {*found}


def test_a_complaint_about_the_product_itself_is_counted_apart() -> None:
    book = a_book(("ミナト", SORRY), ("ソラ", "返事が遅くて困りました。"), ("テツ", GLAD))
    first = feedback(book, PART).of(Kind.COMPLAINT)[0]
    before = testimonials.status(book, PART, TODAY)
    mark(book, PART, first.id, product=True)
    found = testimonials.status(book, PART, TODAY)
    assert (before.complained, before.about_product) == (2, 0)
    assert (found.complained, found.about_product, found.glad) == (1, 1, 1)


def test_the_words_a_draft_begins_with_know_every_form() -> None:
    from kizuna.process import Part
    from kizuna.steps import drafts

    for part in Part:
        assert set(testimonials.words().parts[part].forms) == {one.key for one in drafts.forms(drafts.Kind.TESTIMONIAL, part)}
    assert {one.scope for one in drafts.forms(drafts.Kind.TESTIMONIAL, Part.TRIBE)} <= {
        one.key for one in consents.texts().scopes if one.outward
    }
