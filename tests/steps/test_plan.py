"""The plan: nothing in it that nobody asked for, the best first, and every step of it can be taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps import themes
from kizuna.steps.plan import ActionView, PlanView
from kizuna.steps.sample import make_sample
from kizuna.workbook.answers import save_answer
from kizuna.workbook.engine import engine_of
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Action, Base, Evidence, Plan, Quote
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART = Part.FOLLOWUP
TODAY = date(2026, 11, 2)


def copy_of(made: Workbook) -> Workbook:
    book = Workbook(MEMORY, engine_of(MEMORY))
    with contextlib.closing(made._engine.raw_connection()) as old, contextlib.closing(book._engine.raw_connection()) as new:
        old.driver_connection.backup(new.driver_connection)
    return book


@cache
def _wishes() -> Workbook:
    book = open_workbook(MEMORY)
    for name, topic, words in [
        ("ミナト", Topic.FOLLOWUP, "入荷したら知らせてほしい"),
        ("波", Topic.FOLLOWUP, "本が届いたら電話がほしい"),
        ("シロ", Topic.FOLLOWUP, "取り置きがあると助かります"),
        ("波", Topic.SCENE, "椅子がほしい"),
        ("シロ", Topic.SCENE, "広い椅子があるとうれしい"),
        ("ミナト", Topic.SCENE, "夜も開けてほしい"),
        ("ミナト", Topic.SCENE, "本の匂いが好きです"),
        ("波", Topic.SCENE, "雨の日に駐車場がほしい"),
        ("波", Topic.MEDIA, "LINE、ブログ"),
        ("シロ", Topic.MEDIA, "LINE"),
    ]:
        hear(book, name, TODAY, [Said(f"{topic}は？", topic, words)])
    with book.reading() as session:
        ids = {quote.text: quote.id for quote in session.scalars(select(Quote))}
    for name, words in [
        ("知らせ", ("入荷", "本が届", "取り置き")),
        ("椅子", ("椅子", "広い")),
        ("夜", ("夜も",)),
        ("好き", ("本の匂い",)),
        ("車", ("雨の",)),
    ]:
        themes.make(book, PART, name, [number for text, number in ids.items() if text.startswith(words)])
    return book


def wishes() -> Workbook:
    """A workbook with five themes: 3, 2, 1 and 1 people wish for something in four of them, nobody in 「好き」."""
    return copy_of(_wishes())


@cache
def _sample() -> Workbook:
    return make_sample(MEMORY, TODAY, later=False)


def sample() -> Workbook:
    """The worked example, begun on ``TODAY``."""
    return copy_of(_sample())


def theme(book: Workbook, name: str) -> int:
    return next(view.id for view in themes.themes(book, PART) if view.name == name)


def actions(book: Workbook) -> dict[int, ActionView]:
    return {action.id: action for action in plans.plan(book, PART).actions}


def begun(book: Workbook, name: str = "知らせ") -> int:
    return plans.begin(book, PART, theme(book, name), TODAY)


def contents(book: Workbook) -> dict[str, list[Any]]:
    with book.reading() as session:
        tables = [table for name, table in Base.metadata.tables.items() if name not in ("act", "change")]
        return {table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))] for table in tables}


# ---- from wishes to items


def test_candidates_are_the_themes_in_which_somebody_wishes_the_most_wished_for_first() -> None:
    assert [(view.name, view.wishers) for view in plans.candidates(wishes(), PART)] == [("知らせ", 3), ("椅子", 2), ("夜", 1), ("車", 1)]


def test_the_draft_begins_three_items_each_resting_on_wishes() -> None:
    book = wishes()
    assert plans.draft(book, PART, today=TODAY) == 3
    view = plans.plan(book, PART)
    assert [themes.themes(book, PART)[0].name, len(view.actions), view.decided] == ["知らせ", 3, ()]
    for action in view.actions:
        assert action.evidence
        assert all(card.wishes for card in action.evidence)


def test_the_draft_writes_no_words_of_its_own() -> None:
    book = wishes()
    plans.draft(book, PART, today=TODAY)
    assert all((action.title, action.relation, action.content, action.decided) == ("", "", "", False) for action in actions(book).values())


def test_the_draft_takes_the_medium_most_people_look_at_and_a_week_for_each_item() -> None:
    book = wishes()
    plans.draft(book, PART, today=TODAY)
    drafted = sorted(actions(book).values(), key=lambda action: action.id)
    assert [action.medium.id if action.medium else None for action in drafted] == ["line"] * 3
    assert [action.minutes for action in drafted] == [15] * 3
    assert [action.due_on for action in drafted] == [TODAY + timedelta(days=days) for days in (7, 14, 21)]


def test_drafting_again_goes_on_with_the_themes_that_have_no_item() -> None:
    book = wishes()
    assert [plans.draft(book, PART, count, TODAY) for count in (3, 3, 3)] == [3, 1, 0]
    assert len({action.theme_id for action in actions(book).values()}) == 4


def test_without_wishes_nothing_is_begun_and_no_plan_is_made() -> None:
    book = open_workbook(MEMORY)
    assert plans.draft(book, PART) == 0
    assert plans.plan(book, PART, TODAY) == PlanView(None, TODAY, 30, (), None)
    assert book.undo_label() is None


def test_an_item_begun_from_praise_rests_on_nothing_yet() -> None:
    book = wishes()
    action = begun(book, "好き")
    assert actions(book)[action].evidence == ()


def test_an_item_cannot_be_begun_from_a_theme_without_voices() -> None:
    book = wishes()
    for theme_id in (themes.make(book, PART, "これから"), 999):
        with pytest.raises(KizunaError, match="まだお客さまの声がありません"):
            plans.begin(book, PART, theme_id)
    assert actions(book) == {}


def test_the_other_part_has_a_plan_of_its_own() -> None:
    book = wishes()
    begun(book)
    assert plans.plan(book, Part.TRIBE).actions == ()


# ---- into the plan, and out of it


def test_without_evidence_nothing_goes_into_the_plan() -> None:
    book = wishes()
    action = begun(book, "好き")
    plans.edit(book, action, relation="会えば本の話ができる間がら")
    with pytest.raises(KizunaError, match="望んだ人の記録がありません"):
        plans.decide(book, action)
    assert {one.rule for one in plans.check(actions(book)[action]) if one.strength is Strength.STOP} == {"KZ-07"}
    assert plans.plan(book, PART).decided == ()


def test_without_the_relation_nothing_goes_into_the_plan() -> None:
    book = wishes()
    action = begun(book)
    plans.edit(book, action, title="電話", content="電話をします", relation=" \n")
    with pytest.raises(KizunaError, match="間がらがどう変わるか"):
        plans.decide(book, action)
    assert plans.plan(book, PART).decided == ()


def decided(book: Workbook, name: str = "知らせ") -> int:
    action = begun(book, name)
    plans.edit(book, action, title=f"{name}の一手", relation="待つ人から、待ち合わせる人になる", content="電話をします", minutes=10)
    plans.decide(book, action)
    return action


def test_with_both_it_goes_in_and_out_again() -> None:
    book = wishes()
    action = decided(book)
    assert [one.id for one in plans.plan(book, PART).decided] == [action]
    plans.decide(book, action, yes=False)
    assert plans.plan(book, PART).decided == ()


def test_removing_the_last_evidence_takes_it_out_of_the_plan() -> None:
    book = wishes()
    action = decided(book)
    first, *rest = [card.id for card in actions(book)[action].evidence]
    plans.rest_on(book, action, [first])
    assert plans.plan(book, PART).decided
    plans.rest_on(book, action, [])
    assert (plans.plan(book, PART).decided, actions(book)[action].decided) == ((), False)
    plans.rest_on(book, action, [first, *rest])
    assert not actions(book)[action].decided  # asked for again, but it is for the person to decide


def test_emptying_the_relation_takes_it_out_of_the_plan() -> None:
    book = wishes()
    action = decided(book)
    plans.edit(book, action, relation="  ")
    assert plans.plan(book, PART).decided == ()


def test_an_item_rests_on_exactly_the_quotes_that_were_ticked() -> None:
    book = wishes()
    action = decided(book)
    with book.reading() as session:
        every = list(session.scalars(select(Quote.id)))
    plans.rest_on(book, action, every[-2:])
    assert [card.id for card in actions(book)[action].evidence] == every[-2:]
    assert actions(book)[action].wishers == len({card.person_id for card in actions(book)[action].evidence})


def test_a_quote_that_does_not_exist_cannot_be_evidence() -> None:
    book = wishes()
    action = decided(book)
    before = contents(book)
    with pytest.raises(KizunaError):
        plans.rest_on(book, action, [999])
    assert contents(book) == before


def test_war_words_in_an_item_are_told_but_stop_nothing() -> None:
    book = wishes()
    action = decided(book)
    plans.edit(book, action, content="ターゲットにお知らせします")
    assert {(one.rule, one.strength) for one in plans.check(actions(book)[action])} == {("KZ-01", Strength.ADVICE)}
    plans.decide(book, action)


@pytest.mark.parametrize(
    "act",
    [
        lambda book, gone: plans.edit(book, gone, title="x"),
        lambda book, gone: plans.rest_on(book, gone, []),
        lambda book, gone: plans.decide(book, gone),
        lambda book, gone: plans.decide(book, gone, yes=False),
        lambda book, gone: plans.remove(book, gone),
    ],
)
def test_an_item_that_another_page_took_away_is_told(act: Callable[[Workbook, int], Any]) -> None:
    book = wishes()
    gone = begun(book)
    plans.remove(book, gone)
    before = contents(book)
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        act(book, gone)
    assert contents(book) == before


# ---- order


def view(number: int, **changes: Any) -> ActionView:
    """An item of a plan, with as many people asking for it as ``wishers`` says."""
    people = changes.pop("wishers", 1)
    one = ActionView(number, "", "", "", None, None, None, 1, 1, 3, 1, 1, False, None, None, ())
    card = _card()
    return replace(one, evidence=tuple(replace(card, id=at, person_id=at) for at in range(people)), **changes)


@cache
def _card() -> Any:
    return themes.themes(_wishes(), PART)[0].cards[0]


def test_the_score_is_how_doable_times_how_many_wish() -> None:
    assert (view(1, doable=5, wishers=3).score, view(1, doable=5, wishers=0).score, view(1, fun_me=2, fun_them=3).fun) == (15, 0, 5)


def test_the_best_item_stands_first_then_the_more_fun_then_the_earlier() -> None:
    book = wishes()
    late, early, fun, best = (begun(book, name) for name in ("夜", "車", "椅子", "知らせ"))
    plans.edit(book, best, doable=4)  # 4 × 3
    plans.edit(book, fun, doable=2, fun_me=3)  # 2 × 2
    plans.edit(book, late, doable=4, due_on=TODAY + timedelta(days=9))  # 4 × 1
    plans.edit(book, early, doable=4, due_on=TODAY + timedelta(days=2))  # 4 × 1
    assert [action.id for action in plans.plan(book, PART).actions] == [best, fun, early, late]
    plans.edit(book, early, due_on=None)
    assert [action.id for action in plans.plan(book, PART).actions] == [best, fun, late, early]


# ---- the plan as a whole


def plan_of(*items: ActionView, hours: float | None = None, days: int = 30) -> PlanView:
    return PlanView(1, TODAY, days, items, hours)


@pytest.mark.parametrize(
    ("minutes", "hours", "days", "told"),
    [(120, 2, 30, False), (121, 2, 30, True), (60, 2, 15, False), (61, 2, 15, True), (9_999, None, 30, False), (30, 0.5, 30, False)],
)
def test_more_minutes_than_the_owner_has_are_told(minutes: int, hours: float | None, days: int, told: bool) -> None:
    found = plans.check_plan(plan_of(view(1, decided=True, minutes=minutes), hours=hours, days=days))
    assert ("KZ-14" in {one.rule for one in found}) == told
    assert all(one.strength is Strength.CARE for one in found if one.rule == "KZ-14")


def test_no_hours_at_all_are_fewer_than_any_plan_needs() -> None:
    assert plans.check_plan(plan_of(view(1, decided=True, minutes=60), hours=0.0))


def test_minutes_count_for_every_time_and_every_person_but_only_for_what_is_decided() -> None:
    items = (view(1, decided=True, minutes=10, times=4, people=5), view(2, minutes=999), view(3, decided=True, wishers=0, minutes=999))
    assert plan_of(*items).minutes == 200


def test_minutes_not_written_too_many_items_and_days_outside_are_told() -> None:
    many = [view(number, decided=True, minutes=5, title=f"{number}番") for number in range(1, 7)]
    many[0] = replace(many[0], minutes=None)
    many[1] = replace(many[1], due_on=TODAY + timedelta(days=30))
    many[2] = replace(many[2], due_on=TODAY + timedelta(days=29))
    found = {one.category: one.message for one in plans.check_plan(plan_of(*many))}
    assert set(found) == {"WORKLOAD", "SIZE", "DATE"}
    assert "1番" in found["WORKLOAD"] and "6つ" in found["SIZE"]
    assert "2番" in found["DATE"] and "3番" not in found["DATE"]


@pytest.mark.parametrize(("minutes", "said"), [(0, "0分"), (45, "45分"), (60, "1時間"), (150, "2時間30分")])
def test_minutes_are_spelt_as_people_say_them(minutes: int, said: str) -> None:
    assert plans.spell_minutes(minutes) == said


def test_the_owners_hours_and_the_last_day_are_in_the_view() -> None:
    book = sample()
    save_answer(book, "hours", 6.5)
    told = plans.plan(book, PART)
    assert (told.hours, told.starts_on, told.ends_on) == (6.5, TODAY, date(2026, 12, 1))


# ---- a new plan


def test_a_new_plan_keeps_the_old_one_and_brings_along_what_is_not_done() -> None:
    book = sample()
    old = plans.plan(book, PART)
    done = old.actions[0].id
    with book.act("終わった") as session:
        session.get_one(Action, done).done_on = TODAY
    before = contents(book)
    plans.renew(book, PART, TODAY + timedelta(days=30))
    new = plans.plan(book, PART)
    assert (new.starts_on, new.id != old.id, len(new.actions)) == (TODAY + timedelta(days=30), True, 2)
    words = [field.name for field in fields(ActionView) if field.name != "id"]
    assert [[getattr(one, name) for name in words] for one in new.actions] == [
        [getattr(one, name) for name in words] for one in old.actions[1:]
    ]
    with book.reading() as session:
        assert {plan.id: plan.closed for plan in session.scalars(select(Plan))} == {old.id: True, new.id: False}
    assert contents(book)["action"][: len(before["action"])] == before["action"]
    book.undo()
    assert contents(book) == before


def test_a_new_plan_where_there_was_none_is_empty() -> None:
    book = open_workbook(MEMORY)
    plans.renew(book, PART, TODAY)
    assert plans.plan(book, PART) == PlanView(1, TODAY, 30, (), None)


# ---- edits, two pages, undo


def test_an_edit_tells_what_another_page_had_written_meanwhile() -> None:
    book = wishes()
    action = begun(book)
    plans.edit(book, action, title="あちらの名前")
    assert plans.edit(book, action, seen={"title": ""}, title="こちらの名前") == {"title": "あちらの名前"}
    assert plans.edit(book, action, seen={"title": "こちらの名前"}, title="つぎの名前") == {}
    assert plans.edit(book, action, seen={"title": "ちがう"}, title="つぎの名前") == {}  # both wrote the same
    book.undo()
    assert actions(book)[action].title == "こちらの名前"


def test_what_is_not_an_items_own_field_is_refused() -> None:
    book = wishes()
    action = begun(book)
    with pytest.raises(TypeError, match="decided"):
        plans.edit(book, action, decided=True)


def test_words_lose_their_outer_blanks_only() -> None:
    book = wishes()
    action = begun(book)
    plans.edit(book, action, content="　一行め\n\n 二行め \n")
    assert actions(book)[action].content == "一行め\n\n 二行め"


ACTS: dict[str, Callable[[Workbook, int], Any]] = {
    "edit": lambda book, action: plans.edit(book, action, title="別の名前", due_on=TODAY, minutes=None, doable=1),
    "rest_on": lambda book, action: plans.rest_on(book, action, []),
    "decide": lambda book, action: plans.decide(book, action, yes=False),
    "remove": plans.remove,
    "draft": lambda book, action: plans.draft(book, PART),
    "begin": lambda book, action: plans.begin(book, PART, themes.themes(book, PART)[0].id),
    "renew": lambda book, action: plans.renew(book, PART),
}


@pytest.mark.parametrize("name", ACTS)
def test_undo_takes_every_act_on_the_plan_back_and_redo_does_it_again(name: str) -> None:
    book = sample()
    before = contents(book)
    ACTS[name](book, min(actions(book)))
    after = contents(book)
    assert after != before
    book.undo()
    assert contents(book) == before
    book.redo()
    assert contents(book) == after


def test_an_item_taken_away_comes_back_with_its_evidence() -> None:
    book = sample()
    view_before = plans.plan(book, PART)
    plans.remove(book, view_before.actions[0].id)
    assert len(plans.plan(book, PART).actions) == 2
    with book.reading() as session:
        assert not session.scalars(select(Evidence).where(Evidence.action_id == view_before.actions[0].id)).all()
    book.undo()
    assert plans.plan(book, PART) == view_before


def one_of(some: list[int], number: int) -> int:
    return some[number % len(some)]


STEPS: dict[str, Callable[[Workbook, int, int], Any]] = {
    "draft": lambda book, one, other: plans.draft(book, PART, 1 + one % 3, TODAY),
    "begin": lambda book, one, other: plans.begin(book, PART, one_of([view.id for view in themes.themes(book, PART)], one), TODAY),
    "relation": lambda book, one, other: plans.edit(book, one_of(sorted(actions(book)), one), relation="仲よくなる" if other % 3 else ""),
    "tick": lambda book, one, other: plans.rest_on(
        book, one_of(sorted(actions(book)), one), [1 + other % 9, 1 + (other + one + 1) % 9][: other % 3]
    ),
    "decide": lambda book, one, other: plans.decide(book, one_of(sorted(actions(book)), one), bool(other % 4)),
    "remove": lambda book, one, other: plans.remove(book, one_of(sorted(actions(book)), one)),
    "renew": lambda book, one, other: plans.renew(book, PART, TODAY),
    "dissolve": lambda book, one, other: themes.remove(book, one_of([view.id for view in themes.themes(book, PART)], one)),
    "undo": lambda book, one, other: book.undo(),
    "redo": lambda book, one, other: book.redo(),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(list(STEPS)), st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=12))
def test_whatever_is_done_the_plan_holds_only_what_somebody_asked_for(steps: list[tuple[str, int, int]]) -> None:
    book = wishes()
    for name in ("知らせ", "椅子"):
        decided(book, name)
    for kind, one, other in steps:
        with contextlib.suppress(KizunaError, ZeroDivisionError):  # refused, or nothing there to act on
            STEPS[kind](book, one, other)
        now = plans.plan(book, PART)
        with book.reading() as session:
            stored = {quote.id: quote for quote in session.scalars(select(Quote))}
        for action in now.decided:
            assert action.evidence and action.relation
            for card in action.evidence:
                assert card.text == stored[card.id].voice.text[stored[card.id].start : stored[card.id].end]
        assert [action.score for action in now.actions] == sorted((action.score for action in now.actions), reverse=True)
