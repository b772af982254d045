"""The place: nothing in it that nobody asked for, nothing sold in it, nobody named or counted in it, and all within the owner's hours."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.finding import Strength
from kizuna.process import Part, Step
from kizuna.steps import consents, plan, research, roster, themes, withdrawals
from kizuna.steps.cards import cut
from kizuna.steps.progress import course_boxes
from kizuna.steps.sample import make_sample
from kizuna.steps.tribe import design, fitting, onepage, topics, traits
from kizuna.steps.tribe.gate import NOTE
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Choice, ChoiceEvidence, Quote
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import Workbook
from tests.steps.tribe.placing import SAID, TODAY, a_shop, allow, chosen, quote, who

SELLING = "新商品キャンペーンの参加者を募集します。"


@pytest.fixture
def book() -> Workbook:
    return a_shop()


def view(book: Workbook, choice_id: int) -> design.ChoiceView:
    return next(one for one in design.design(book).choices if one.id == choice_id)


def told(book: Workbook, choice_id: int) -> dict[str, Strength]:
    return {one.rule: one.strength for one in design.check(book, view(book, choice_id))}


# ---- the content


def test_the_topics_are_those_of_the_course_and_of_community_canvas() -> None:
    asked = topics.words().topics
    wanted = {"purpose", "who", "values", "first", "regular", "yearly", "roles", "rules", "joining", "leaving", "where", "cost", "shy"}
    assert wanted == {one.key for one in asked if one.core}
    assert len({one.theme for one in asked}) == len(asked) == len({one.title for one in asked})
    assert {one.key for one in asked if one.yen} == {"cost"}
    assert len(topics.words().traits) == 9 and all(topics.topic(key) for one in topics.words().traits for key in one.topics)
    assert not any("売" in one.title + one.question for one in asked)  # no goal of selling at all (1-26)


@pytest.mark.parametrize("one", topics.words().topics, ids=lambda one: one.key)
def test_every_example_may_stand_in_the_place(one: topics.Topic, book: Workbook) -> None:
    assert view(book, chosen(book, one.key, one.example)).in_design
    assert design.check(book, design.design(book).choices[0]) == ()


# ---- evidence


@pytest.mark.parametrize("topic", ["purpose", "roles", "cost"])
def test_what_nobody_asked_for_cannot_be_decided(book: Workbook, topic: str) -> None:
    one = design.begin(book, topic)
    design.edit(book, one, text="月に一度の会")
    with pytest.raises(KizunaError, match="望んだ人の記録がありません"):
        design.decide(book, one)
    assert told(book, one) == {"KZ-07": Strength.STOP} and design.design(book).decided == ()


def test_it_leaves_the_design_when_the_last_words_go(book: Workbook) -> None:
    one = chosen(book, "shy", "紙に書いて加わる。", "かしこまった", "顔を合わせる")
    design.tie(book, one, quote(book, "かしこまった"), yes=False)
    assert view(book, one).in_design and view(book, one).people == 1
    design.tie(book, one, quote(book, "顔を合わせる"), yes=False)
    assert not view(book, one).decided
    design.tie(book, one, quote(book, "顔を合わせる"))
    assert not view(book, one).in_design  # it is for the owner to decide again


def test_only_words_about_the_place_are_evidence(book: Workbook) -> None:
    reason = quote(book, "ミナトはここの")
    with pytest.raises(KizunaError, match="集まりについての言葉ではありません"):
        design.begin(book, "purpose", [reason])
    one = design.begin(book, "purpose")
    with pytest.raises(KizunaError, match="集まりについての言葉ではありません"):
        design.tie(book, one, reason)
    assert [each.evidence for each in design.design(book).choices] == [()]


def test_a_neighbours_words_count_like_any_other(book: Workbook) -> None:
    hear(book, "すみれ堂", TODAY, [Said("どんな場", Topic.PLACE, "うちのだんごを食べながら話そう。")])
    roster.edit(book, who(book, "すみれ堂"), relation="partner")
    one = chosen(book, "where", "となりのすみれ堂の縁台で。", "うちのだんご")
    assert view(book, one).in_design


def test_what_nobody_asked_for_waits_as_a_question_in_one_act(book: Workbook) -> None:
    one = design.begin(book, "yearly")
    design.edit(book, one, text="夏の浜で会う")
    with pytest.raises(KizunaError, match="どうたずねるか"):
        design.wait_as_question(book, one, " ")
    assert view(book, one).text == "夏の浜で会う"
    design.wait_as_question(book, one, "一年のうちで、みなさんと迎えたい日はありますか。")
    assert [each.text for each in research.ideas(book, Part.TRIBE)] == ["夏の浜で会う"] and research.ideas(book, Part.FOLLOWUP) == ()
    assert design.design(book).choices == ()
    book.undo()
    assert view(book, one).text == "夏の浜で会う" and research.ideas(book, Part.TRIBE) == ()


def test_what_somebody_asked_for_does_not_wait(book: Workbook) -> None:
    one = chosen(book, "rules")
    with pytest.raises(KizunaError, match="望んだ方の声があります"):
        design.wait_as_question(book, one, "どうですか。")
    assert view(book, one).in_design


ACTS = ["begin", "write", "sell", "tie", "untie", "decide", "undecide", "remove", "wait", "undo", "redo", "draft"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 4), st.integers(0, 2)), max_size=14))
def test_nothing_stands_in_the_design_without_words_that_asked_for_it(acts: list[tuple[str, int, int]]) -> None:
    book = a_shop()
    book.begin_history_here()
    quotes = [quote(book, words[:5]) for words in SAID.values()]
    for act, at, which in acts:
        choices = design.design(book).choices
        one = choices[at % len(choices)].id if choices else 0
        with contextlib.suppress(KizunaError):
            _do(book, act, one, quotes[which])
        with book.reading() as session:
            decided = set(session.scalars(select(Choice.id).where(Choice.decided)))
            asked_for = set(session.scalars(select(ChoiceEvidence.choice_id)))
        assert decided <= asked_for
        assert {each.id for each in design.design(book).decided} == decided
        for each in design.design(book).decided:
            assert each.text != SELLING and {card.text for card in each.evidence} <= set(SAID.values())


def _do(book: Workbook, act: str, one: int, quote_id: int) -> None:
    ways: dict[str, Any] = {
        "begin": lambda: design.begin(book, "where"),
        "write": lambda: design.edit(book, one, text="店の奥で"),
        "sell": lambda: design.edit(book, one, text=SELLING),
        "tie": lambda: design.tie(book, one, quote_id),
        "untie": lambda: design.tie(book, one, quote_id, yes=False),
        "decide": lambda: design.decide(book, one),
        "undecide": lambda: design.decide(book, one, yes=False),
        "remove": lambda: design.remove(book, one),
        "wait": lambda: design.wait_as_question(book, one, "どうですか。"),
        "undo": book.undo,
        "redo": book.redo,
        "draft": lambda: design.draft(book),
    }
    ways[act]()


# ---- the draft lays words beside questions and writes none


def test_the_draft_lays_the_wishes_beside_the_questions_and_writes_nothing(book: Workbook) -> None:
    count = design.draft(book)
    choices = design.design(book).choices
    assert count == len(choices) > 3
    assert all((one.text, one.often, one.minutes, one.yen, one.decided) == ("", "", None, None, False) for one in choices)
    assert all(one.evidence for one in choices)
    assert {card.text for one in design.design(book).of("shy") for card in one.evidence} == {SAID["ミナト"], SAID["くじら"]}
    assert {card.text for one in design.design(book).of("cost") for card in one.evidence} == {SAID["よし子"]}
    assert design.draft(book) == 0
    book.undo()
    assert design.design(book).choices == ()


def test_the_draft_leaves_alone_what_is_begun(book: Workbook) -> None:
    one = chosen(book, "shy", "紙に書いて加わる。", "顔を合わせる")
    design.draft(book)
    assert [each.id for each in design.design(book).of("shy")] == [one]


def test_the_bookshops_sixteen_voices_lie_beside_the_questions_they_speak_of() -> None:
    near = design.near(make_sample(":memory:", TODAY, later=False))
    names = {key: {card.person for card in cards} for key, cards in near.items()}
    assert names["shy"] == {"元図書委員さん", "くじら雲さん", "まめ子さん", "ほしのさん", "文庫一冊さん", "あおいさん"}
    assert {"K.T.さん", "文庫一冊さん", "すみれ堂のおばちゃん", "ほしのさん"} <= names["where"]
    assert names["cost"] == {"波待ちさん", "灯台のよし子さん", "すみれ堂のおばちゃん"}
    placed = {name for beside in names.values() for name in beside}
    assert len(placed) == 15 and "シロさん" not in placed  # who said that she had not thought of it


# ---- the gate


def test_nothing_is_begun_or_decided_while_the_gate_is_shut() -> None:
    book = a_shop(fans=1)
    for act in (lambda: design.begin(book, "who"), lambda: design.draft(book)):
        with pytest.raises(KizunaError, match="複数のファンがいります"):
            act()
    save_answer(book, NOTE, "練習のため")
    one = design.begin(book, "who", [quote(book, "かしこまった")])
    design.edit(book, one, text="どなたでも")
    save_answer(book, NOTE, "")
    with pytest.raises(KizunaError, match="複数のファンがいります"):
        design.decide(book, one)
    design.decide(book, one, yes=False)
    assert design.design(book).decided == ()


def test_the_first_gathering_is_planned_only_behind_the_gate() -> None:
    book = a_shop(fans=1)
    theme = themes.make(book, Part.TRIBE, "気楽に話したい", [quote(book, "かしこまった")])
    for act in (lambda: plan.begin(book, Part.TRIBE, theme), lambda: plan.draft(book, Part.TRIBE)):
        with pytest.raises(KizunaError, match="複数のファンがいります"):
            act()
    save_answer(book, NOTE, "練習のため")
    assert plan.draft(book, Part.TRIBE) == 1


def test_a_first_gathering_that_sells_stays_out_of_the_plan(book: Workbook) -> None:
    theme = themes.make(book, Part.TRIBE, "気楽に話したい", [quote(book, "かしこまった")])
    one = plan.begin(book, Part.TRIBE, theme)
    plan.edit(book, one, relation="すれちがう間がらから、話せる間がらになる。", content="会場費として一人500円を集めます。")
    with pytest.raises(KizunaError, match="ここは仲間の場です"):
        plan.decide(book, one)
    plan.edit(book, one, content="お茶を飲んで話す。")
    plan.decide(book, one)
    assert len(plan.plan(book, Part.TRIBE).decided) == 1
    plan.edit(book, one, title=SELLING)
    assert plan.plan(book, Part.TRIBE).decided == ()


# ---- words


@pytest.mark.parametrize(
    "text", [SELLING, "会場費として一人500円を集めます。", "年会費を集めます。", "今だけ3,000円引き!お申し込みはこちら。"]
)
@pytest.mark.parametrize("field", ["text", "often"])
def test_selling_stops(book: Workbook, text: str, field: str) -> None:
    one = design.begin(book, "regular", [quote(book, "かしこまった")])
    design.edit(book, one, **{"text": "立ち話", field: text})
    assert told(book, one)["KZ-03"] is Strength.STOP
    with pytest.raises(KizunaError, match="仲間の場"):
        design.decide(book, one)


def test_what_is_decided_leaves_when_it_begins_to_sell_and_says_nothing_else_changed(book: Workbook) -> None:
    one = chosen(book, "regular")
    design.edit(book, one, text=SELLING)
    assert (view(book, one).decided, view(book, one).text) == (False, SELLING)
    design.edit(book, one, text="立ち話")
    assert not view(book, one).decided


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("参加者を囲い込むための集まり", "KZ-01"),
        ("何なりとお申し付けください。24時間いつでも対応します。", "KZ-04"),
        ("素人にはわかっていない方が多いので教えてあげます。", "KZ-05"),
        ("たくさん話した人をランキングにする", "2-08"),
        ("来た回数のポイントをためる", "2-08"),
    ],
)
def test_war_kneeling_looking_down_and_ranking_are_told(book: Workbook, text: str, rule: str) -> None:
    one = design.begin(book, "values", [quote(book, "かしこまった")])
    design.edit(book, one, text=text)
    assert rule in told(book, one)


def test_the_yen_at_cost_stand_in_their_own_field(book: Workbook) -> None:
    one = chosen(book, "cost", "お茶とだんごの分を、来た方で等分する。", "お茶を飲み", yen=200)
    assert view(book, one).in_design and view(book, one).yen == 200
    with pytest.raises(TypeError, match="price"):
        design.edit(book, one, price=200)


def test_the_owner_puts_no_words_into_customers_mouths(book: Workbook) -> None:
    one = design.begin(book, "name", [quote(book, "かしこまった")])
    design.edit(book, one, text="「立ち話が大好き」の会")
    with pytest.raises(KizunaError, match="記録から選んだお客さまの言葉ではありません"):
        design.decide(book, one)


def test_nobody_is_named_on_a_page_for_all(book: Workbook) -> None:
    one = design.begin(book, "roles", [quote(book, "お茶")])
    design.edit(book, one, text="お茶をいれる係はよし子さん")
    assert told(book, one) == {"PI-05": Strength.STOP}
    design.edit(book, one, text="お茶をいれる係")
    assert told(book, one) == {}


def test_a_long_answer_is_told_and_may_stand(book: Workbook) -> None:
    one = chosen(book, "where", "あ" * (fitting.LONG + 1))
    assert view(book, one).in_design and told(book, one) == {"1-26": Strength.ADVICE}
    design.edit(book, one, text="あ" * fitting.LONG)
    assert told(book, one) == {}


def test_an_empty_answer_cannot_be_decided(book: Workbook) -> None:
    one = design.begin(book, "where", [quote(book, "お茶")])
    with pytest.raises(KizunaError, match="まだ言葉が書かれていません"):
        design.decide(book, one)


# ---- choices, hours, traits


def test_a_question_of_one_answer_takes_one(book: Workbook) -> None:
    one = design.begin(book, "purpose")
    with pytest.raises(KizunaError, match="答えは、一つです"):
        design.begin(book, "purpose")
    design.remove(book, one)
    design.begin(book, "purpose")
    assert design.begin(book, "roles") != design.begin(book, "roles")


def test_what_another_page_wrote_meanwhile_is_told(book: Workbook) -> None:
    one = design.begin(book, "where")
    design.edit(book, one, text="店の奥")
    assert design.edit(book, one, seen={"text": ""}, text="店の前") == {"text": "店の奥"}
    design.remove(book, one)
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        design.edit(book, one, text="店")


def test_the_hours_are_held_together_with_the_first_parts_plan(book: Workbook) -> None:
    theme = themes.make(book, Part.FOLLOWUP, "便り", [quote(book, "ミナトはここの")])
    action = plan.begin(book, Part.FOLLOWUP, theme, TODAY)
    plan.rest_on(book, action, [quote(book, "ミナトはここの")])
    plan.edit(book, action, relation="近くなる。", minutes=30, times=4)
    plan.decide(book, action)
    save_answer(book, "hours", 3)
    chosen(book, "regular", "立ち話", "お茶", minutes=60)
    now = design.design(book)
    assert (now.minutes, now.followup) == (60, 120) and design.check_design(now) == ()
    chosen(book, "shy", "紙に書く", "顔を", minutes=1)
    [found] = design.check_design(design.design(book))
    assert (found.rule, found.strength) == ("KZ-14", Strength.CARE) and "1時間1分" in found.message and "2時間" in found.message
    save_answer(book, "hours", None)
    assert design.check_design(design.design(book)) == ()


def test_minutes_of_what_is_not_decided_do_not_count(book: Workbook) -> None:
    one = chosen(book, "regular", "立ち話", "お茶", minutes=60)
    design.decide(book, one, yes=False)
    assert design.design(book).minutes == 0


def test_the_traits_show_where_they_may_be_in_the_design(book: Workbook) -> None:
    chosen(book, "shy", "紙に書いて加わる。", "顔を")
    save_answer(book, f"{traits.TRAIT}one_button", True)
    found = {one.trait.key: one for one in traits.traits(book)}
    assert found["one_button"].there is True and [one.text for one in found["one_button"].choices] == ["紙に書いて加わる。"]
    assert found["connect"].there is None and found["connect"].choices == ()


def test_the_map_counts_what_is_decided(book: Workbook) -> None:
    chosen(book, "shy", "紙に書いて加わる。", "顔を")
    design.begin(book, "where", [quote(book, "お茶")])
    boxes = course_boxes(book)
    assert boxes[Part.TRIBE, Step.PLAN].made == "決めたこと1つ" and boxes[Part.FOLLOWUP, Step.PLAN].made == ""


# ---- what members see


def said_of(book: Workbook, today: date = TODAY) -> list[tuple[str, str]]:
    return [(one.words, one.name) for each in onepage.for_members(book, today) for one in each.told]


def test_without_consent_members_see_how_many_and_neither_words_nor_names(book: Workbook) -> None:
    chosen(book, "where", "店の奥で", "かしこまった", "お茶")
    assert said_of(book) == [] and [one.people for one in onepage.for_members(book, TODAY)] == [2]


def test_with_consent_they_see_the_words_with_the_name_agreed(book: Workbook) -> None:
    chosen(book, "where", "店の奥で", "かしこまった", "お茶")
    allow(book, "ミナト")
    assert said_of(book) == [(SAID["ミナト"], "Mさん")]


@pytest.mark.parametrize("agreed", [{"scopes": ("shop",)}, {"scopes": ("improve", "web", "sns", "course")}], ids=["shop", "elsewhere"])
def test_a_consent_for_another_place_shows_nothing(book: Workbook, agreed: dict[str, Any]) -> None:
    chosen(book, "where", "店の奥で")
    allow(book, "ミナト", **agreed)
    assert said_of(book) == []


def test_who_allows_her_words_on_paper_for_everybody_allows_them_to_members(book: Workbook) -> None:
    chosen(book, "where", "店の奥で")
    allow(book, "ミナト", scopes=("flyer",))
    assert said_of(book) == [(SAID["ミナト"], "Mさん")]


def test_those_are_asked_whose_words_the_design_rests_on(book: Workbook) -> None:
    assert onepage.to_ask(book, TODAY) == ()
    chosen(book, "where", "店の奥で", "かしこまった", "お茶")
    chosen(book, "rules", "かしこまらない", "かしこまった")
    allow(book, "ミナト")
    assert [(one.card.text, one.scopes) for one in onepage.to_ask(book, TODAY)] == [(SAID["ミナト"], ("members",)), (SAID["よし子"], ())]


def test_a_consent_that_ended_or_was_withdrawn_shows_nothing(book: Workbook) -> None:
    chosen(book, "where", "店の奥で")
    one = allow(book, "ミナト", expiry="half_year")
    assert said_of(book) != [] and said_of(book, TODAY + timedelta(days=200)) == []
    withdrawals.withdraw(book, one, TODAY)
    assert said_of(book) == []


def test_part_of_her_words_stands_only_where_shortening_was_allowed(book: Workbook) -> None:
    with book.act("切る") as session:
        part = cut(session, session.get_one(Quote, quote(book, "かしこまった")).voice_id, 10, 20).id
    one = design.begin(book, "where", [part])
    design.edit(book, one, text="店の奥で")
    design.decide(book, one)
    whole = allow(book, "ミナト", edit="none")
    assert said_of(book) == []
    withdrawals.withdraw(book, whole, TODAY)
    allow(book, "ミナト", edit="shorten")
    assert said_of(book) == [(SAID["ミナト"][10:20], "Mさん")]


def test_words_that_name_somebody_stay_inside() -> None:
    book = a_shop(よし子="ミナトさんとお茶を飲みながら、よし子の話をしたい。")
    chosen(book, "where", "店の奥で", "ミナトさんと")
    with book.reading() as session:
        voice = session.get_one(Quote, quote(book, "ミナトさんと")).voice_id
    agreed = consents.Agreed(onepage.SCOPES[:1], "anonymous", edit="shorten")
    consents.record(book, who(book, "よし子"), [voice], agreed, TODAY)
    assert said_of(book) == []


def test_who_belongs_to_the_shop_is_told_beside_her_words(book: Workbook) -> None:
    chosen(book, "where", "店の奥で")
    allow(book, "ミナト", relation="staff")
    assert [one.beside for each in onepage.for_members(book, TODAY) for one in each.told] == [("店のスタッフの声です。",)]


def test_an_empty_design_is_not_shown(book: Workbook) -> None:
    with pytest.raises(KizunaError, match="まだありません"):
        onepage.for_members(book, TODAY)


def test_what_is_no_longer_fit_is_not_shown(book: Workbook) -> None:
    one = chosen(book, "where", "店の奥で")
    with book.act("外から") as session:
        session.get_one(Choice, one).text = SELLING
    with pytest.raises(KizunaError, match="見直してください"):
        onepage.for_members(book, TODAY)
