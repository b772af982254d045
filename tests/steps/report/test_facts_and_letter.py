"""The letter and the facts of one workbook: only what is in it, and of its words none in the facts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part, Step
from kizuna.steps import research, review
from kizuna.steps.cards import cards
from kizuna.steps.report.facts import asked, facts, kinds_in, read
from kizuna.steps.report.letter import letter
from kizuna.steps.report.words import words
from kizuna.steps.research import add_idea
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import Idea, Theme, Voice
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.examples import the_example


@pytest.fixture(scope="module")
def sample() -> Iterator[Workbook]:
    book = the_example(date(2026, 11, 26))
    yield book
    book.close()


def heard(*answers: str, question: str = "ご利用のあと、どんな知らせや手助けがあると、うれしいですか。") -> Workbook:
    book = open_workbook(MEMORY)
    lines = "\n".join(f"客{number},{answer}" for number, answer in enumerate(answers))
    table = read_file("声.csv", f"お名前,{question}\n{lines}\n".encode())
    bring_in(book, table, guess_columns(table))
    return book


# ---- facts


def test_the_facts_of_an_empty_workbook_are_all_nothing() -> None:
    found = read(facts(open_workbook(MEMORY)))
    assert (found.made, found.asked, found.heard, found.answered, found.waiting, found.declared) == ([], [], [], [], [], False)
    assert found.furthest == 0 and set(found.scales.values()) == {(None, None)}
    assert not any(count for counts in found.numbers.values() for count in counts.values())


def test_facts_go_through_json_and_back(sample: Workbook) -> None:
    found = facts(sample)
    assert read(json.loads(json.dumps(found))) == read(found)


def test_the_facts_are_the_same_numbers_as_on_the_page_of_the_look_back(sample: Workbook) -> None:
    found = read(facts(sample))
    for key, one in zip(review.words().numbers, review.numbers(sample), strict=True):
        assert found.numbers[key] == one.counts
    assert found.furthest == 10 and found.scales == {"relation": (4, 6), "product": (7, 8)}


def test_no_words_of_the_workbook_are_in_its_facts(sample: Workbook) -> None:
    told = json.dumps(facts(sample), ensure_ascii=False)
    with sample.reading() as session:
        texts = [*session.scalars(select(Voice.text)), *session.scalars(select(Theme.name)), *session.scalars(select(Idea.text))]
        names = {one.called for one in (voice.person for voice in session.scalars(select(Voice)))} | {"汐風書店"}
    assert texts and not [text for text in [*texts, *names] if text in told]


@pytest.mark.parametrize("value", [11, -1, "7", 7.5, True, None, ["7"], "<script>"])
def test_a_number_that_is_none_of_the_scale_is_none(value: object) -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "entry.relation", value)
    assert facts(book)["scales"]["relation"] == (None, None) or facts(book)["scales"]["relation"] == [None, None]


def test_a_trade_nobody_could_have_chosen_is_none_and_a_name_is_short() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "industry", "田中さんの店")
    save_answer(book, "shop", "長い" * 400)
    found = facts(book, names=True)
    assert found["industry"] == "" and len(found["name"]) == 40
    assert facts(book)["name"] == ""


@pytest.mark.parametrize("broken", [{}, {"code": "A", "made": 3}, {"code": "A", "more": 1}, {"code": ["A"]}])
def test_facts_that_are_none_are_told(broken: dict[str, object]) -> None:
    with pytest.raises(KizunaError, match="まとめのもとになる数"):
        read(broken)


# ---- kinds of wishes, questions


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("本が届いたら知らせてほしい", ["news"]),
        ("店まで行けなくても、本を受け取りたい", ["receive"]),
        ("子育て中の親どうしで話したい", ["listen", "family", "gather"]),
        ("ﾚｼﾋﾟがほしい", ["learn"]),
        ("うれしい", []),
    ],
)
def test_a_kind_is_told_by_its_words(text: str, kinds: list[str]) -> None:
    assert kinds_in(text) == kinds


def test_every_kind_and_its_words_are_there_once() -> None:
    kinds = words().kinds
    assert len({one.key for one in kinds}) == len({one.label for one in kinds}) == len(kinds)
    assert all(len(word) > 1 or word in ("孫", "枕", "味", "膝", "席") for one in kinds for word in one.words)


def test_a_theme_without_a_telling_name_is_known_by_what_most_of_its_cards_say() -> None:
    book = heard("修理のあとも点検してほしい", "修理してほしい", "直してほしい")
    with book.act("まとまり") as session:
        session.add(Theme(part="followup", name="あれこれ", named_by="person"))
        session.flush()
        theme = session.scalars(select(Theme)).one()
        from kizuna.workbook.models import Placement

        session.add_all(Placement(quote_id=one.id, theme_id=theme.id, by="person") for one in cards(session, Part.FOLLOWUP))
    assert facts(book)["heard"] == ["after"]


def test_a_question_counts_as_asked_by_its_words_or_by_what_kind_of_question_it_is() -> None:
    sheet = {one.key: one for one in research.sheets().sheets[Part.FOLLOWUP]}
    assert asked(heard("知らせがほしい")) == {"followup"}
    assert asked(heard("静かな朝です", question=sheet["trouble"].text)) == {"trouble"}
    assert asked(open_workbook(MEMORY)) == set()


def test_every_scale_of_the_reports_stands_in_the_look_back_under_the_same_title() -> None:
    titles = {one.title: one for one in review.words().words}
    for key, title in words().scales.items():
        assert (titles[title].before[0], titles[title].now[0]) == (f"entry.{key}", f"review.{key}")
    assert set(words().numbers) <= set(review.words().numbers)


# ---- the letter


def test_words_in_no_theme_are_in_the_letter_while_there_is_no_theme() -> None:
    book = heard("知らせがほしい", "静かな朝がほしい")
    one = letter(book)
    assert [card.text for card in one.loose] == ["知らせがほしい", "静かな朝がほしい"] and one.themes == ()


def test_words_in_no_theme_wait_once_there_are_themes(sample: Workbook) -> None:
    assert letter(sample).loose == ()


def test_the_letter_on_an_empty_workbook_asks_the_first_questions() -> None:
    one = letter(open_workbook(MEMORY))
    assert one.chains == () and one.themes == () and one.then == ()
    assert one.questions[0].text == research.sheets().sheets[Part.FOLLOWUP][0].text
    assert len(one.questions) == 5


def test_whatever_was_decided_stands_in_the_letter_once_with_words_somebody_said(sample: Workbook) -> None:
    one, decided = letter(sample), review.everything_decided(sample)
    shown = [chain.decided for chain in one.chains]
    mended = {title for chain in one.chains for title in chain.mended}
    assert [each for each in decided if each not in shown] == [
        each for each in decided if each.step is Step.FEEDBACK and each.title in mended
    ]
    assert len(set(map(id, shown))) == len(shown)
    with sample.reading() as session:
        said = list(session.scalars(select(Voice.text)))
    assert all(any(chain.decided.words.text in text for text in said) for chain in one.chains)


def test_what_came_of_an_item_stands_with_it(sample: Workbook) -> None:
    by_title = {one.decided.title: one for one in letter(sample).chains}
    card = by_title["店主の一冊を、はがきに書く"]
    assert (card.used, card.mended) == (4, ("はがきの字を、大きく書く",))


def test_an_idea_of_her_own_is_a_question_and_comes_first() -> None:
    book = heard("知らせがほしい")
    add_idea(book, Part.FOLLOWUP, "朝市に出る", "朝、出かけることはありますか。")
    one = letter(book)
    assert one.questions[0].text == "朝、出かけることはありますか。"
    assert "朝市" not in json.dumps([chain.decided.title for chain in one.chains], ensure_ascii=False)


def test_somebody_who_spoke_in_both_parts_is_one_person(sample: Workbook) -> None:
    assert letter(sample).counts["people"] == 16


def test_making_a_report_changes_nothing(sample: Workbook, tmp_path: Path) -> None:
    before = sample.version()
    letter(sample), facts(sample)
    assert sample.version() == before
