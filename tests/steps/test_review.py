"""The look back: what was made, then and now, the days ahead, and the declaration; the same counts as every other page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kizuna.finding import Strength
from kizuna.process import Part, Step
from kizuna.steps import asking, feedback, improvements, invitations, invited, offer, people, plan, research, review
from kizuna.steps.progress import course_boxes
from kizuna.steps.tribe import design, members
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Voice
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.examples import example_bytes
from tests.steps.tribe.placing import a_shop, chosen, who

FIRST, SECOND = Part.FOLLOWUP, Part.TRIBE
TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "sample.kizuna"
    path.write_bytes(example_bytes(TODAY))
    return path


@pytest.fixture
def sample(made_once: Path, tmp_path: Path) -> Iterator[Workbook]:
    """A copy of the worked example."""
    book = open_workbook(shutil.copy(made_once, tmp_path / "sample.kizuna"))
    yield book
    book.close()


def decided(book: Workbook, part: Part, step: Step) -> list[review.Decided]:
    return [one for one in review.everything_decided(book) if (one.part, one.step) == (part, step)]


def counts(book: Workbook) -> dict[str, review.Number]:
    return dict(zip(review.words().numbers, review.numbers(book), strict=True))


# ---- what was made


def test_an_empty_workbook_has_nothing_to_look_back_on_and_says_no_wrong_word() -> None:
    book = open_workbook(MEMORY)
    assert not any(one.begun for one in review.made(book))
    assert review.then_and_now(book) == () and review.everything_decided(book) == ()
    found = review.ahead(book, TODAY)
    assert (found.past, found.month, found.quarter, found.later, found.undated, found.ideas) == ((),) * 6
    assert {one.said(FIRST) for one in review.numbers(book)} == {"0人", "0個", "―"}


def test_the_boxes_are_those_of_the_map_in_its_order(sample: Workbook) -> None:
    assert [(one.box.part, one.box.step) for one in review.made(sample)] == list(course_boxes(sample))
    assert [one.box for one in review.made(sample)] == list(course_boxes(sample).values())


def test_every_decision_stands_in_its_box_with_words_that_were_said(sample: Workbook) -> None:
    items, mended = decided(sample, FIRST, Step.PLAN), decided(sample, FIRST, Step.FEEDBACK)
    assert {one.title for one in items} == {one.title for one in plan.plan(sample, FIRST).decided} and items
    assert {one.title for one in mended} == {one.title for one in improvements.improvements(sample, FIRST) if one.decided} and mended
    with sample.reading() as session:
        said = [voice.text for voice in session.scalars(select(Voice))]
    assert all(any(one.words.text in text for text in said) for one in (*items, *mended))


def test_what_is_not_decided_or_rests_on_nothing_is_not_there(sample: Workbook) -> None:
    first, second, *_ = plan.plan(sample, FIRST).decided
    plan.decide(sample, first.id, False)
    plan.rest_on(sample, second.id, [])
    assert {first.title, second.title} & {one.title for one in review.everything_decided(sample)} == set()


def test_of_the_tribe_only_choices_that_stand_in_the_design() -> None:
    book = a_shop()
    chosen(book, "regular", "木曜の夕方に。", often="月に一度")
    design.decide(book, chosen(book, "rules", "話さなくてもよい。"), False)
    bare = chosen(book, "where", "店の奥で。")
    (evidence,) = design.design(book).of("where")[0].evidence
    design.tie(book, bare, evidence.id, False)
    (one,) = decided(book, SECOND, Step.PLAN)
    assert "木曜の夕方に。" in one.title and one.often == "月に一度"


def test_beside_a_decision_stands_a_short_wish_rather_than_a_long_one() -> None:
    long = "立ち話がいいです。" * 20
    book = a_shop(ソラ=long)
    chosen(book, "where", "店の奥で。", "立ち話がいいです。立ち話", "お茶を飲み")
    (one,) = review.everything_decided(book)
    assert one.words.text.startswith("お茶を飲み") and one.people == 2


# ---- then and now


def test_then_and_now_are_her_own_words_and_nothing_is_made_up() -> None:
    book = open_workbook(MEMORY)
    for key, value in {
        "purpose": "本の話をする相手に。",
        "entry.relation": 4,
        "entry.relation_why": "十人くらい。",
        "review.relation": 0,
    }.items():
        save_answer(book, key, value)
    purpose, bond = review.then_and_now(book)
    assert (purpose.before, purpose.now) == (("本の話をする相手に。",), ())
    assert (bond.before, bond.now) == (("4", "十人くらい。"), ("0",)), "a nought is an answer too"


def test_every_pair_asks_for_fields_there_are_and_asks_the_same_way_twice() -> None:
    from kizuna.content import load
    from kizuna.views.fields import Field

    fields = {field.key: field for one in load("forms.yaml", dict[str, list[Field]]).values() for field in one}
    for pair in review.words().words:
        kinds = [[fields[key].kind for key in keys] for keys in (pair.before, pair.now)]
        assert kinds[0] == kinds[1], pair.title
        assert [fields[key].choices for key in pair.before] == [fields[key].choices for key in pair.now]


def test_the_four_signs_stand_by_their_names_then_and_now_also_where_only_some_were_answered() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "entry.sign.complaints", True)
    save_answer(book, "entry.sign.alone", False)
    save_answer(book, "review.sign.alone", True)
    (signs,) = review.then_and_now(book)
    assert signs.before == ("苦情に追われる：はい", "何もしてもらえない：いいえ") and signs.now == ("何もしてもらえない：はい",)


def test_what_is_asked_by_yes_or_no_has_a_name_for_each_field() -> None:
    from kizuna.content import load
    from kizuna.views.fields import Field

    kinds = {field.key: field.kind for one in load("forms.yaml", dict[str, list[Field]]).values() for field in one}
    for pair in review.words().words:
        by_yes_or_no = {kinds[key] == "yesno" for key in (*pair.before, *pair.now)}
        assert by_yes_or_no == {bool(pair.signs)} and len(pair.signs) in (0, len(pair.before)), pair.title


# ---- numbers


def test_the_numbers_are_those_of_the_other_pages(sample: Workbook) -> None:
    found = counts(sample)
    assert found["heard"].counts == {part: research.heard(sample, part).people for part in Part}
    assert found["decided"].counts[FIRST] == len(plan.plan(sample, FIRST).decided)
    assert found["requested"].counts[FIRST] == asking.asked_people(asking.asked(sample, FIRST))
    assert found["answered"].counts[FIRST] == feedback.feedback(sample, FIRST).people
    assert found["fans"].counts == {FIRST: len(people.fans(sample))}
    for part in Part:
        boxes = course_boxes(sample)
        used = "使った方{}人" if part is FIRST else "来た方{}人"
        for key, words, step in (
            ("heard", "{}人の声", Step.RESEARCH), ("themes", "{}つの望み", Step.RESEARCH), ("asked", "お誘い{}人", Step.OFFER),
            ("used", used, Step.OFFER), ("answered", "感想{}人", Step.FEEDBACK), ("improved", "改善{}つ", Step.FEEDBACK),
        ):  # fmt: skip
            if count := found[key].counts[part]:
                assert words.format(count) in boxes[part, step].made


def test_a_number_says_of_how_many_it_is(sample: Workbook) -> None:
    found = counts(sample)
    asked, used = (found[key].counts[FIRST] for key in ("asked", "used"))
    assert found["used"].said(FIRST) == f"{used}人（お誘いした{asked}人のうち）"
    assert found["used"].said(FIRST, brief=True) == f"{used}人（{asked}人のうち）"
    assert found["members"].said(FIRST) == "―"


def test_of_how_many_is_not_told_where_fewer_were_noted_than_answered(sample: Workbook) -> None:
    for one in asking.asked(sample, FIRST)[:-1]:
        asking.unask(sample, one.id)
    assert counts(sample)["requested"].counts[FIRST] == 1
    assert counts(sample)["answered"].said(FIRST) == f"{feedback.feedback(sample, FIRST).people}人"


def test_somebody_with_two_offers_is_one_person(sample: Workbook) -> None:
    before = counts(sample)["asked"].counts[FIRST]
    first, *others = offer.offers(sample, FIRST)
    person = invited.asked(sample, first.id)[0].person_id
    (ground, *_) = offer.grounds(sample, FIRST) or (None,)
    number = offer.begin(sample, FIRST, ground.action_id) if ground else others[0].id
    invitations.invite(sample, number, [person], "face")
    for one in invited.asked(sample, number):
        if one.person_id == person:
            invited.ask(sample, one.id, TODAY)
    assert sum(one.person_id == person for each in offer.offers(sample, FIRST) for one in invited.asked(sample, each.id)) == 2
    assert counts(sample)["asked"].counts[FIRST] == before == invited.counts(sample, part=FIRST).asked


def test_members_are_those_who_are_here_the_owner_among_them() -> None:
    book = a_shop()
    members.join(book, who(book, "ミナト"), TODAY)
    members.leave(book, members.members(book)[-1].id, TODAY)
    members.join(book, who(book, "よし子"), TODAY)
    assert counts(book)["members"].counts == {SECOND: 2}


# ---- what is to come


@pytest.mark.parametrize(
    ("days", "where"), [(-1, "past"), (0, "month"), (30, "month"), (31, "quarter"), (90, "quarter"), (91, "later"), (None, "undated")]
)
def test_by_its_day_a_decision_stands_in_its_stretch(sample: Workbook, days: int | None, where: str) -> None:
    one = plan.plan(sample, FIRST).decided[0]
    plan.edit(sample, one.id, due_on=None if days is None else TODAY + timedelta(days=days))
    plan.done(sample, one.id, False)
    found = review.ahead(sample, TODAY)
    for key in ("past", "month", "quarter", "later", "undated"):
        assert (one.title in {each.title for each in getattr(found, key)}) == (key == where), key


def test_what_is_done_or_undecided_is_not_to_come_and_ideas_wait_as_questions(sample: Workbook) -> None:
    done, out, *_ = plan.plan(sample, FIRST).decided
    plan.done(sample, done.id, True, TODAY)
    plan.done(sample, out.id, False)
    plan.decide(sample, out.id, False)
    research.add_idea(sample, SECOND, "朗読会", "朗読を聞く夕べがあったら、いらしてみたいですか。")
    found = review.ahead(sample, TODAY)
    coming = {one.title for key in ("past", "month", "quarter", "later", "undated") for one in getattr(found, key)}
    assert not coming & {done.title, out.title, "朗読会"}
    assert found.ideas[-1].question.startswith("朗読を聞く夕べ") and len(found.ideas) > 1


def test_a_choice_is_to_come_only_where_it_says_how_often() -> None:
    book = a_shop()
    chosen(book, "regular", "木曜の夕方に。", often="月に一度")
    chosen(book, "rules", "話さなくてもよい。")
    assert [one.often for one in review.ahead(book, TODAY).undated] == ["月に一度"]


# ---- the declaration


@pytest.mark.parametrize(
    ("act", "rule"),
    [("新しいお客さまを囲い込みます。", "KZ-01"), ("お客様は神様です、と毎朝となえます。", "KZ-04"), ("「すごい店」と書きます。", "KZ-06")],
)
def test_war_kneeling_and_brackets_are_told_as_advice(act: str, rule: str) -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "declare.act", act)
    save_answer(book, "declare.when", "12月3日から")
    found = review.check_declaration(review.declaration(book))
    assert rule in {one.rule for one in found} and {one.strength for one in found} == {Strength.ADVICE}


def test_a_plain_declaration_is_told_nothing_and_a_missing_day_is() -> None:
    book = open_workbook(MEMORY)
    assert review.check_declaration(review.declaration(book)) == () and not review.declaration(book).begun
    save_answer(book, "declare.act", "読み終えた方に、いかがでしたかとたずねます。")
    assert [one.category for one in review.check_declaration(review.declaration(book))] == ["DATE"]
    save_answer(book, "declare.when", "12月3日から")
    assert review.check_declaration(review.declaration(book)) == ()


def test_looking_back_changes_nothing(sample: Workbook) -> None:
    version = sample.version()
    review.made(sample), review.then_and_now(sample), review.numbers(sample), review.ahead(sample), review.declaration(sample)
    assert sample.version() == version
