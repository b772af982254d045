"""Themes: the machine's draft, the person's own hand, and that no later draft undoes what the person decided."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import plan, themes
from kizuna.steps.themes import FEWEST, ThemeView
from kizuna.workbook.engine import engine_of
from kizuna.workbook.intake import bring_in
from kizuna.workbook.models import Action, Base, Quote
from kizuna.workbook.reading import Column, Table, guess_columns, read_file, read_pasted
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

PART = Part.FOLLOWUP
DATASETS = Path(__file__).parents[2] / "datasets"


@cache
def table_of(name: str) -> tuple[Table, tuple[Column, ...]]:
    table = read_file(Path(name).name, (DATASETS / name).read_bytes())
    return table, guess_columns(table)


def bring(book: Workbook, name: str, last: int | None = None) -> None:
    table, columns = table_of(name)
    bring_in(book, replace(table, rows=table.rows[:last]), columns)


@cache
def drafted() -> Workbook:
    book = open_workbook(MEMORY)
    bring(book, "bookshop/voices.csv")
    themes.draft(book, PART)
    return book


def bookshop() -> Workbook:
    """A workbook with the bookshop's cards and the machine's draft of their themes, made once and copied for each test."""
    book = Workbook(MEMORY, engine_of(MEMORY))
    with contextlib.closing(drafted()._engine.raw_connection()) as old, contextlib.closing(book._engine.raw_connection()) as new:
        old.driver_connection.backup(new.driver_connection)
    return book


def of(book: Workbook, theme_id: int) -> ThemeView:
    return next(view for view in themes.themes(book, PART) if view.id == theme_id)


def all_cards(book: Workbook, part: Part = PART) -> list[int]:
    with book.reading() as session:
        return [quote.id for quote in session.scalars(select(Quote).order_by(Quote.id)) if quote.voice.part == part]


def lying(book: Workbook, part: Part = PART) -> list[tuple[int, int | None]]:
    """Each card with its theme (None: set aside, 0: nowhere yet), as often as it is shown."""
    shown: list[tuple[int, int | None]] = [(card.id, view.id) for view in themes.themes(book, part) for card in view.cards]
    shown += [(card.id, None) for card in themes.aside(book, part)]
    return shown + [(card.id, 0) for card in themes.unplaced(book, part)]


def where(book: Workbook) -> dict[int, int | None]:
    return dict(lying(book))


def grouping(book: Workbook) -> set[tuple[str, tuple[int, ...]]]:
    return {(view.name, tuple(card.id for card in view.cards)) for view in themes.themes(book, PART)}


def contents(book: Workbook) -> dict[str, list[Any]]:
    with book.reading() as session:
        tables = [table for name, table in Base.metadata.tables.items() if name not in ("act", "change")]
        return {table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))] for table in tables}


def ids(cards: Iterable[Any]) -> list[int]:
    return [card.id for card in cards]


# ---- the draft


@pytest.mark.parametrize("name", ["bookshop/voices.csv", "inn/inn_wishes.csv", "inn/inn_reviews.xlsx"])
def test_the_draft_shows_every_card_exactly_once(name: str) -> None:
    book = open_workbook(MEMORY)
    bring(book, name)
    count = themes.draft(book, PART)
    assert sorted(card for card, _ in lying(book)) == all_cards(book)
    assert count == len(themes.themes(book, PART)) > 1
    assert themes.unplaced(book, PART) == ()


def test_drafting_twice_gives_the_same() -> None:
    book = bookshop()
    first, version = grouping(book), book.version()
    themes.draft(book, PART)
    assert (grouping(book), book.version()) == (first, version)
    themes.draft(book, PART, again=True)
    assert grouping(book) == first


def test_the_same_voices_give_the_same_draft_in_another_workbook() -> None:
    book = open_workbook(MEMORY)
    bring(book, "bookshop/voices.csv")
    themes.draft(book, PART)
    assert grouping(book) == grouping(bookshop())


def test_drafted_names_are_marked_as_the_machines() -> None:
    assert all(view.drafted and view.name for view in themes.themes(bookshop(), PART))


def test_the_theme_heard_from_most_people_stands_first() -> None:
    counts = [(view.people, len(view.cards)) for view in themes.themes(bookshop(), PART)]
    assert counts == sorted(counts, reverse=True)


@pytest.mark.parametrize(("count", "grouped"), [(0, False), (1, False), (FEWEST - 1, False), (FEWEST, True)])
def test_below_eight_cards_nothing_is_grouped(count: int, grouped: bool) -> None:
    book = open_workbook(MEMORY)
    wishes = ["駐車場を広くしてほしい", "駐車場がせまいので広げてほしい", "朝ごはんに焼きたてのパンがほしい", "朝食にパンもほしい"]
    if count:
        bring_in(book, table := read_pasted("\n".join(wishes[number % 4] + "。" * number for number in range(count))), guess_columns(table))
    before = contents(book)
    assert (themes.draft(book, PART) > 0) == grouped
    assert len(themes.unplaced(book, PART)) == (0 if grouped else count)
    assert (contents(book) != before) == grouped


def test_the_draft_of_one_part_leaves_the_other_alone() -> None:
    book = open_workbook(MEMORY)
    bring(book, "bookshop/voices.csv")
    themes.make(book, Part.TRIBE, "読書会", ids(themes.unplaced(book, Part.TRIBE))[:3])
    before = (lying(book, Part.TRIBE), themes.themes(book, Part.TRIBE))
    themes.draft(book, PART)
    assert (lying(book, Part.TRIBE), themes.themes(book, Part.TRIBE)) == before


def test_people_are_counted_and_not_their_words() -> None:
    book = open_workbook(MEMORY)
    table = read_file(
        "声.csv", "お名前,ご要望を聞かせてください\nミナト,椅子がほしい\nﾐﾅﾄ,広い椅子がほしいです\n波,この椅子が好きです\n".encode()
    )
    bring_in(book, table, guess_columns(table))
    view = of(book, themes.make(book, PART, "椅子", all_cards(book)))
    assert (len(view.cards), view.people) == (3, 2)
    assert view.wishers <= view.people


def test_praise_alone_is_no_wish() -> None:
    book = open_workbook(MEMORY)
    bring_in(book, table := read_pasted("また来たいです\n駐車場がほしいです\nおいしかったです"), guess_columns(table))
    view = of(book, themes.make(book, PART, "いろいろ", all_cards(book)))
    assert (view.people, view.wishers) == (3, 1)


# ---- the person's hand, and undo of it


def rename(book: Workbook) -> None:
    themes.rename(book, themes.themes(book, PART)[0].id, " わたしの名前 ")


def write_note(book: Workbook) -> None:
    themes.write_note(book, themes.themes(book, PART)[0].id, "ここが大事")


def merge(book: Workbook) -> None:
    first, second, *_ = themes.themes(book, PART)
    themes.merge(book, second.id, first.id)


def split(book: Workbook) -> None:
    themes.make(book, PART, "分けた", ids(themes.themes(book, PART)[0].cards)[:2])


def move(book: Workbook) -> None:
    first, second, *_ = themes.themes(book, PART)
    themes.move(book, ids(first.cards)[:2], second.id)


def set_aside(book: Workbook) -> None:
    themes.move(book, ids(themes.themes(book, PART)[0].cards)[:2], None)


def dissolve(book: Workbook) -> None:
    themes.remove(book, themes.themes(book, PART)[0].id)


def draft_again(book: Workbook) -> None:
    themes.draft(book, PART, again=True)


ACTS: list[Callable[[Workbook], None]] = [rename, write_note, merge, split, move, set_aside, dissolve, draft_again]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_undo_takes_an_act_back_and_redo_does_it_again(act: Callable[[Workbook], None]) -> None:
    book = bookshop()
    plan.draft(book, PART)
    before = contents(book)
    act(book)
    after = contents(book)
    assert after != before
    book.undo()
    assert contents(book) == before
    book.redo()
    assert contents(book) == after


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_no_act_loses_or_doubles_a_card(act: Callable[[Workbook], None]) -> None:
    book = bookshop()
    act(book)
    assert sorted(card for card, _ in lying(book)) == all_cards(book)


def test_a_new_name_is_the_persons() -> None:
    book = bookshop()
    first = themes.themes(book, PART)[0]
    themes.rename(book, first.id, " 次の一冊 ")
    assert (of(book, first.id).name, of(book, first.id).drafted) == ("次の一冊", False)
    assert of(book, first.id).cards == first.cards


@pytest.mark.parametrize("name", ["", " ", "\u3000\n"])
def test_a_theme_without_a_name_is_refused(name: str) -> None:
    book = bookshop()
    before = contents(book)
    with pytest.raises(KizunaError, match="名前"):
        themes.rename(book, themes.themes(book, PART)[0].id, name)
    with pytest.raises(KizunaError, match="名前"):
        themes.make(book, PART, name, all_cards(book)[:1])
    assert contents(book) == before


def test_merging_puts_all_cards_and_notes_into_one() -> None:
    book = bookshop()
    first, second, *_ = themes.themes(book, PART)
    themes.write_note(book, first.id, "一つめ")
    themes.write_note(book, second.id, "二つめ")
    themes.merge(book, second.id, first.id)
    assert set(ids(of(book, first.id).cards)) == set(ids(first.cards + second.cards))
    assert of(book, first.id).note == "一つめ\n二つめ"
    assert second.id not in ids(themes.themes(book, PART))


def test_an_item_follows_its_theme_into_the_merged_one() -> None:
    book = bookshop()
    first, second, *_ = themes.themes(book, PART)
    action = plan.begin(book, PART, second.id)
    themes.merge(book, second.id, first.id)
    assert {one.id: one.theme_id for one in plan.plan(book, PART).actions} == {action: first.id}


def test_a_theme_cannot_be_merged_with_itself() -> None:
    book = bookshop()
    one = themes.themes(book, PART)[0].id
    with pytest.raises(KizunaError, match="別のまとまり"):
        themes.merge(book, one, one)


def test_splitting_takes_cards_from_wherever_they_lie() -> None:
    book = bookshop()
    first, second, *_ = themes.themes(book, PART)
    wanted = [*ids(first.cards)[:2], *ids(second.cards)[:1]]
    made = themes.make(book, PART, "分けた", wanted)
    assert set(ids(of(book, made).cards)) == set(wanted)
    assert not set(wanted) & set(ids(of(book, first.id).cards + of(book, second.id).cards))


def test_cards_set_aside_are_in_no_theme_and_can_come_back() -> None:
    book = bookshop()
    first = themes.themes(book, PART)[0]
    some = ids(first.cards)[:3]
    themes.move(book, some, None)
    assert ids(themes.aside(book, PART)) == sorted(some)
    assert not set(some) & set(ids(of(book, first.id).cards))
    themes.move(book, some, first.id)
    assert (themes.aside(book, PART), set(ids(of(book, first.id).cards))) == ((), set(ids(first.cards)))


def test_dissolving_frees_the_cards_and_leaves_the_item_its_evidence() -> None:
    book = bookshop()
    first = themes.themes(book, PART)[0]
    plan.begin(book, PART, first.id)
    evidence = plan.plan(book, PART).actions[0].evidence
    themes.remove(book, first.id)
    assert set(ids(themes.unplaced(book, PART))) == set(ids(first.cards))
    (action,) = plan.plan(book, PART).actions
    assert (action.theme_id, action.evidence) == (None, evidence)


@pytest.mark.parametrize(
    "act",
    [
        lambda book, gone, other: themes.rename(book, gone, "名前"),
        lambda book, gone, other: themes.write_note(book, gone, "気づき"),
        lambda book, gone, other: themes.move(book, all_cards(book)[:1], gone),
        lambda book, gone, other: themes.merge(book, gone, other),
        lambda book, gone, other: themes.merge(book, other, gone),
        lambda book, gone, other: themes.remove(book, gone),
    ],
)
def test_a_theme_that_another_page_took_away_is_told_and_nothing_changes(act: Any) -> None:
    book = bookshop()
    gone, other, *_ = ids(themes.themes(book, PART))
    themes.remove(book, gone)
    before = contents(book)
    with pytest.raises(KizunaError, match="ほかの画面で消されました"):
        act(book, gone, other)
    assert contents(book) == before


def test_likely_themes_are_suggested_from_those_that_lie_in_them() -> None:
    book = bookshop()
    card = themes.themes(book, PART)[0].cards[0].id
    found = themes.suggest(book, PART, card)
    assert 0 < len(found) <= 3 and set(found) <= set(ids(themes.themes(book, PART)))
    assert themes.suggest(book, PART, 10_000) == []


# ---- what the person decided stays


def test_what_the_person_named_and_placed_stays_when_fifty_voices_come_in() -> None:
    book = bookshop()
    first, second, third, *_ = themes.themes(book, PART)
    themes.rename(book, first.id, "わたしの名前")
    themes.move(book, ids(second.cards)[:2], first.id)
    themes.move(book, ids(third.cards)[:1], None)
    kept = {card: theme for card, theme in where(book).items() if theme in (first.id, None)}
    bring(book, "inn/inn_wishes.csv", 50)
    themes.draft(book, PART)
    assert {card: where(book)[card] for card in kept} == kept
    assert of(book, first.id).name == "わたしの名前"
    themes.draft(book, PART, again=True)
    assert {card: where(book)[card] for card in kept} == kept
    first_time = grouping(book)
    themes.draft(book, PART, again=True)
    assert grouping(book) == first_time


def test_a_plain_draft_moves_no_card_that_lies_somewhere() -> None:
    book = bookshop()
    before = where(book)
    bring(book, "inn/inn_wishes.csv", 50)
    themes.draft(book, PART)
    assert {card: where(book)[card] for card in before} == before
    assert len(themes.unplaced(book, PART)) < 50


def test_an_emptied_theme_of_the_persons_stays_in_a_later_draft() -> None:
    book = bookshop()
    made = themes.make(book, PART, "これから")
    themes.draft(book, PART)
    assert of(book, made).name == "これから"


def test_a_draft_that_another_page_overtook_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    book = bookshop()
    real = themes.language.group

    def meanwhile(texts: Any) -> Any:
        themes.rename(book, themes.themes(book, PART)[0].id, "あちらの名前")
        return real(texts)

    monkeypatch.setattr(themes.language, "group", meanwhile)
    with pytest.raises(KizunaError, match="もう一度ためして"):
        themes.draft(book, PART, again=True)
    assert "あちらの名前" in {view.name for view in themes.themes(book, PART)}


def test_a_later_draft_does_not_dissolve_what_is_left_of_the_first() -> None:
    book = bookshop()
    *named, last = themes.themes(book, PART)
    for number, view in enumerate(named):
        themes.rename(book, view.id, f"わたしの名前{number}")
    themes.move(book, ids(last.cards)[FEWEST - 1 :], None)
    assert 1 < len(of(book, last.id).cards) < FEWEST
    for again in (False, True):
        themes.draft(book, PART, again)
        assert themes.unplaced(book, PART) == ()


def test_the_theme_of_an_item_stays_in_a_later_draft() -> None:
    book = bookshop()
    theme = themes.themes(book, PART)[0]
    action = plan.begin(book, PART, theme.id)
    bring(book, "inn/inn_wishes.csv", 10)
    themes.draft(book, PART, again=True)
    with book.reading() as session:
        assert session.get_one(Action, action).theme_id == theme.id


class Person:
    """Does things by her own hand and remembers what she decided: the places of cards, and names and notes of themes."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.placed: dict[int, int | None] = {}
        self.named: dict[int, tuple[str, str]] = {}
        self.past: list[tuple[dict[int, int | None], dict[int, tuple[str, str]]]] = []

    def do(self, kind: str, one: int, other: int, some: list[int]) -> None:
        remembered, version = (dict(self.placed), dict(self.named)), self.book.version()
        if kind == "undo":
            self.undo()
            return
        views = themes.themes(self.book, PART)
        every = all_cards(self.book)
        cards = sorted({every[number % len(every)] for number in some})
        if kind in ("draft", "again"):
            themes.draft(self.book, PART, again=kind == "again")
        elif kind == "aside":
            themes.move(self.book, cards, None)
            self.placed |= dict.fromkeys(cards, None)
        elif kind == "make":
            made = themes.make(self.book, PART, f"作った{one}", cards)
            self.placed |= dict.fromkeys(cards, made)
            self.named[made] = (f"作った{one}", "")
        elif views:
            self.do_with(kind, views[one % len(views)], views[other % len(views)], cards)
        if self.book.version() != version:
            self.past.append(remembered)

    def do_with(self, kind: str, view: ThemeView, other: ThemeView, cards: list[int]) -> None:
        if kind == "rename":
            themes.rename(self.book, view.id, f"名前{len(self.past)}")
            self.look_at(view)
            self.named[view.id] = (f"名前{len(self.past)}", view.note)
        elif kind == "note":
            themes.write_note(self.book, view.id, f"気づき{len(self.past)}")
            self.look_at(view)
            self.named[view.id] = (view.name, f"気づき{len(self.past)}")
        elif kind == "move":
            themes.move(self.book, cards, view.id)
            self.look_at(view)
            self.placed |= dict.fromkeys(cards, view.id)
        elif kind == "merge" and view.id != other.id:
            themes.merge(self.book, other.id, view.id)
            self.look_at(view)
            self.placed |= dict.fromkeys(ids(other.cards), view.id)
            self.named[view.id] = (view.name, f"{view.note}\n{other.note}".strip())
            self.named.pop(other.id, None)
        elif kind == "dissolve":
            themes.remove(self.book, view.id)
            self.named.pop(view.id, None)
            for card in ids(view.cards):
                self.placed.pop(card, None)

    def look_at(self, view: ThemeView) -> None:
        self.placed |= dict.fromkeys(ids(view.cards), view.id)
        self.named[view.id] = (view.name, view.note)

    def undo(self) -> None:
        if self.past:
            self.book.undo()
            self.placed, self.named = self.past.pop()

    def finds_all_as_she_left_it(self) -> None:
        shown = lying(self.book)
        assert sorted(card for card, _ in shown) == all_cards(self.book)
        now, views = dict(shown), {view.id: view for view in themes.themes(self.book, PART)}
        assert {card: now[card] for card in self.placed} == self.placed
        assert {theme: (views[theme].name, views[theme].note) for theme in self.named} == self.named
        assert not any(views[theme].drafted for theme in self.named)


KINDS = ["rename", "note", "move", "aside", "make", "merge", "dissolve", "draft", "again", "undo"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(0, 9), st.lists(st.integers(0, 99), min_size=1, max_size=4)),
        max_size=8,
    )
)
def test_whatever_the_person_does_no_later_draft_undoes_it(acts: list[tuple[str, int, int, list[int]]]) -> None:
    book = bookshop()
    person = Person(book)
    for kind, one, other, some in acts:
        person.do(kind, one, other, some)
    person.finds_all_as_she_left_it()
    themes.draft(book, PART)
    person.finds_all_as_she_left_it()
    bring(book, "inn/inn_wishes.csv", 50)
    themes.draft(book, PART)
    person.finds_all_as_she_left_it()
    themes.draft(book, PART, again=True)
    person.finds_all_as_she_left_it()
