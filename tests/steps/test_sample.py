"""The worked example is built whole, from its files, by the same functions that the forms call."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kizuna.language.media import media
from kizuna.language.posts import read_kind
from kizuna.process import Part
from kizuna.steps import (
    asking,
    consents,
    drafts,
    feedback,
    improvements,
    invited,
    offer,
    people,
    plan,
    posts,
    proofs,
    recurring,
    research,
    showing,
    themes,
)
from kizuna.steps.sample import DATASETS, example, make_sample
from kizuna.steps.tribe import members, talks, traits
from kizuna.workbook.answers import read_answers
from kizuna.workbook.models import Person, Quote, Voice
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

TODAY = date(2026, 11, 2)
PARTS = {"フォローアップ": Part.FOLLOWUP, "トライブ": Part.TRIBE}


@pytest.fixture(scope="module")
def book() -> Workbook:
    return make_sample(MEMORY, TODAY, later=False)


def test_every_voice_is_in(book: Workbook) -> None:
    with book.reading() as session:
        assert len(session.scalars(select(Person)).all()) == 16
        assert len(session.scalars(select(Voice)).all()) == 80


@pytest.mark.parametrize("name", PARTS)
def test_every_theme_holds_the_words_the_file_gives_it(book: Workbook, name: str) -> None:
    told = {one.name: [reference.quote for reference in one.voices] for one in example().themes if one.part == name}
    assert {view.name: [card.text for card in view.cards] for view in themes.themes(book, PARTS[name])} == told
    assert not any(view.drafted for view in themes.themes(book, PARTS[name]))


def test_every_person_is_the_one_the_file_names(book: Workbook) -> None:
    said = {(reference.quote, reference.person) for one in example().themes for reference in one.voices}
    for part in Part:
        for view in themes.themes(book, part):
            assert all((card.text, card.person) in said or (card.text, card.person.removesuffix("さん")) in said for card in view.cards)


def test_the_plan_is_whole_decided_and_fits_the_owners_hours(book: Workbook) -> None:
    view, told = plan.plan(book, Part.FOLLOWUP), {one.title: one for one in example().plan}
    assert {action.title for action in view.decided} == set(told) and len(view.actions) == 3
    for action in view.decided:
        one = told[action.title]
        assert (action.relation, action.content, action.minutes, action.times) == (one.relation, one.content, one.minutes, one.times)
        assert (action.doable, action.fun_me, action.fun_them) == (one.doable, one.my_fun, one.their_fun)
        assert action.due_on == TODAY + timedelta(days=one.after_days)
        assert action.medium == next(medium for medium in media().values() if medium.name == one.medium)
        assert [card.text for card in action.evidence] == [reference.quote for reference in one.evidence]
        assert next(view.name for view in themes.themes(book, Part.FOLLOWUP) if view.id == action.theme_id) == one.theme
        assert plan.check(action) == ()
    assert plan.check_plan(view) == ()
    assert (view.starts_on, view.days) == (TODAY, 30)


def test_the_profile_and_the_ideas_are_in(book: Workbook) -> None:
    answers, profile = read_answers(book), example().profile
    assert (answers["shop"], answers["hours"], answers["called"]) == (profile.name, profile.hours_per_month, profile.customer_name)
    assert answers["declines"].split("\n") == profile.declines
    assert [idea.question for idea in research.ideas(book, Part.FOLLOWUP)] == [one.question for one in example().ask_next]


def test_every_answer_has_its_field_and_fits_it(whole: Workbook) -> None:
    from kizuna.content import load
    from kizuna.views.fields import Field

    fields = {field.key: field for form in load("forms.yaml", dict[str, list[Field]]).values() for field in form}
    answers = read_answers(whole)
    assert {key for key in answers if not key.startswith(traits.TRAIT)} == set(fields) - {"handin.hide"}  # the example hides nothing more
    del fields["handin.hide"]
    assert all(answers[key] in field.choices for key, field in fields.items() if field.choices)
    assert all(field.low <= answers[key] <= field.high for key, field in fields.items() if field.kind == "scale")


def test_there_is_nothing_to_undo_in_it_yet(book: Workbook) -> None:
    assert (book.undo_label(), book.redo_label(), book.undo()) == (None, None, None)


def test_no_two_cards_of_one_voice_overlap(book: Workbook) -> None:
    with book.reading() as session:
        spans = sorted((quote.voice_id, quote.start, quote.end) for quote in session.scalars(select(Quote)))
    for (voice, _, end), (next_voice, start, _) in pairwise(spans):
        assert voice != next_voice or end <= start


def test_no_answer_is_lost_from_the_cards(book: Workbook) -> None:
    """Every answer that says something has at least one card, in a theme or among those to be placed."""
    with book.reading() as session:
        with_cards = set(session.scalars(select(Quote.voice_id)))
        without = [voice.text for voice in session.scalars(select(Voice)) if voice.id not in with_cards and voice.topic != "メディア"]
    assert [text.rstrip("。") for text in without] == ["特にありません"]


def test_the_sample_can_be_made_as_a_file_and_read_again(tmp_path: Path, book: Workbook) -> None:
    path = tmp_path / "見本.kizuna"
    make_sample(path, TODAY, later=False).close()
    again = open_workbook(path)
    assert plan.plan(again, Part.FOLLOWUP) == plan.plan(book, Part.FOLLOWUP)
    assert themes.themes(again, Part.TRIBE) == themes.themes(book, Part.TRIBE)


def test_the_sample_stands_where_the_package_looks_for_it() -> None:
    assert (DATASETS / "bookshop" / "example.yaml").is_file()


# ---- carried to its end


@pytest.fixture(scope="module")
def whole() -> Workbook:
    return make_sample(MEMORY, TODAY)


def test_the_whole_example_says_what_its_file_says(whole: Workbook) -> None:
    told = example()
    assert [one.name for one in roster_of(whole)] == [one.person for one in told.people]
    assert feedback.feedback(whole, Part.FOLLOWUP).people == len(told.feedback)
    assert {(one.title, one.verdict, one.decided) for one in improvements.improvements(whole, Part.FOLLOWUP)} == {
        (one.title, one.verdict, one.decided) for one in told.improvements
    }
    assert {one.name: len(invited.asked(whole, one.id)) for one in offer.offers(whole, Part.FOLLOWUP)} == {
        one.action: len(one.invited) for one in told.offers
    }
    assert [one.shown for one in consents.consents(whole, TODAY, Part.FOLLOWUP)] == ["はるぱんさん", "お客さま", "文庫一冊さん"]


def test_the_posts_read_as_the_file_says_they_read(whole: Workbook) -> None:
    told = {one.text: one.kind for one in example().posts}
    assert {one.text: one.kind for one in posts.posts(whole)} == told
    assert {text: read_kind(text) for text in told} == told
    assert [one.title for one in recurring.recurring(whole)] == [one.title for one in example().recurring]


def test_its_testimonials_may_go_out_and_hang_where_the_file_says(whole: Workbook) -> None:
    shown = drafts.drafts(whole, Part.FOLLOWUP, drafts.Kind.TESTIMONIAL)
    assert [one.title for one in shown] == [one.title for one in example().testimonials]
    for one in shown:
        assert showing.showing(whole, one.id, TODAY).said
    assert [one.place for one in proofs.papers(whole)] == ["レジの横"]


def test_there_is_nothing_to_undo_in_the_whole_example_either(whole: Workbook) -> None:
    assert (whole.undo_label(), whole.redo_label()) == (None, None)


def roster_of(book: Workbook) -> list[people.PersonView]:
    """Those of whom the example tells more than their words."""
    return sorted((one for one in people.everyone(book) if one.group), key=lambda one: [p.person for p in example().people].index(one.name))


# ---- one story


@pytest.fixture(scope="module")
def lately() -> Workbook:
    """The example as it stands today, to the end of the second part."""
    return make_sample(MEMORY)


def test_letters_are_finished_before_they_go_out_and_go_out_before_anybody_comes(lately: Workbook) -> None:
    (one,) = offer.offers(lately, Part.TRIBE)
    written = [letter.finished_on for letter in drafts.drafts(lately, Part.TRIBE, drafts.Kind.INVITATION)]
    asked = invited.asked(lately, one.id)
    assert len(written) == len(asked) and all(day for day in written)
    assert max(day for day in written if day) < min(who.asked_on for who in asked if who.asked_on)
    assert all(who.asked_on and who.asked_on < who.used_on for who in asked if who.used_on)
    assert [who.person for who in asked if who.accepted is False] == ["はるぱんさん"]


def test_who_came_is_the_same_on_every_page(lately: Workbook) -> None:
    (one,) = offer.offers(lately, Part.TRIBE)
    came: dict[int | None, date] = {}
    for talk in reversed(talks.recent(lately, 100)):
        if talk.to is talks.To.CAME:
            came[talk.speaker_id] = min(came.get(talk.speaker_id, talk.on), talk.on)
    assert {who.person_id: who.used_on for who in invited.asked(lately, one.id) if who.used_on} == came
    joined = {member.person_id: member.joined_on for member in members.members(lately)}
    assert all(joined[person] <= day for person, day in came.items())


def test_gatherings_are_on_thursdays_and_feedback_comes_after_them(lately: Workbook) -> None:
    days = {talk.on for talk in talks.recent(lately, 100) if talk.to is talks.To.CAME}
    (again,) = plan.plan(lately, Part.TRIBE).decided
    assert again.due_on is not None and {day.weekday() for day in (*days, again.due_on)} == {3}
    assert max(days) < min(one.asked_on for one in asking.asked(lately, Part.TRIBE)) <= date.today() < again.due_on
    asked = {one.person_id for one in asking.asked(lately, Part.TRIBE)}
    assert {one.card.person_id for one in feedback.feedback(lately, Part.TRIBE).passages} <= asked


def test_nobody_joined_before_she_was_heard(lately: Workbook) -> None:
    with lately.reading() as session:
        wished = dict(
            session.execute(
                select(Voice.person_id, func.min(Voice.heard_on)).where(Voice.step == "research").group_by(Voice.person_id)
            ).all()
        )
    assert all(wished[one.person_id] < one.joined_on for one in members.members(lately) if one.person_id)


@pytest.mark.parametrize("key", ["research.words", "testimonial.mine", "tribe.words", "members.voice"])
def test_words_between_brackets_in_the_owners_answers_were_said(lately: Workbook, key: str) -> None:
    """In the example and in the examples of the fields: nothing stands between 「」 that nobody said."""
    from kizuna.content import load
    from kizuna.views.fields import Field

    field = next(one for form in load("forms.yaml", dict[str, list[Field]]).values() for one in form if one.key == key)
    with lately.reading() as session:
        voices = list(session.scalars(select(Voice.text)))
    for text in (str(read_answers(lately)[key]), field.example):
        said = re.findall("「([^」]+)」", text)
        assert said and all(any(words in voice for voice in voices) for words in said)
