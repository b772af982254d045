"""The table's side in Python: what the browser may send, and what stands in the workbook and on the page afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps.sample import make_sample
from kizuna.views import forms
from kizuna.views.fields import FieldView
from kizuna.views.grid import Column, Grid
from kizuna.views.parts import Mark
from kizuna.views.plain import is_shown
from kizuna.workbook.store import Workbook
from tests.views.desk import Desk

TODAY = date(2026, 11, 2)
PART = Part.FOLLOWUP
HOSTILE = "<img src=x onerror=alert(1)>"
COLUMNS = (
    Column("name", "お名前"),
    Column("age", "年", "number", unit="年"),
    Column("since", "いつから", "date"),
    Column("how", "届け方", "select", (("はがき", 1), ("電話", 2), ("未定", None))),
    Column("note", "おぼえ", "long"),
    Column("fixed", "出会い", read_only=True),
)


class Hand:
    """A hand that sends what the browser would, and hears what it would hear."""

    def __init__(self, grid: Grid) -> None:
        self.grid, self.refused, self._seq = grid, [], 0
        grid.send = lambda content, buffers=None: self.refused.append(content)  # type: ignore[method-assign]

    refused: list[dict[str, Any]]

    def sends(self, content: Any) -> None:
        self.grid._handle_custom_msg(content, [])

    def act(self, kind: Any, **content: Any) -> None:
        self._seq += 1
        self.sends({"kind": kind, "from": "me", "seq": self._seq, **content})

    def writes(self, row: Any, key: Any, value: Any, seen: Any = "") -> None:
        self.act("edit", row=row, key=key, value=value, seen=seen)

    @property
    def answered(self) -> bool:
        return bool(self.grid.table["done"].get("me") == self._seq)

    @property
    def rows(self) -> dict[int, list[str]]:
        return dict(self.grid.table["rows"])


class Table:
    """People in memory, shown by a grid."""

    def __init__(self) -> None:
        self.people: dict[int, dict[str, Any]] = {
            1: {"name": "浜田", "age": 3.0, "since": date(2023, 4, 1), "how": 1, "note": "", "fixed": "店先"},
            2: {"name": "森", "age": None, "since": None, "how": None, "note": "", "fixed": "紹介"},
        }
        self.got: list[tuple[int, str, Any, Any]] = []
        self.mark = Mark()
        self.grid = Grid(COLUMNS, self.edit, self.mark, add=self.add, remove=self.remove)
        self.hand = Hand(self.grid)
        self.show()

    def show(self) -> None:
        self.grid.show(list(self.people.items()))

    def edit(self, row: int, key: str, value: Any, seen: Any) -> None:
        self.got.append((row, key, value, seen))
        self.people[row][key] = value
        self.show()

    def add(self) -> None:
        self.people[max(self.people) + 1] = {"name": ""}
        self.show()

    def remove(self, row: int) -> None:
        del self.people[row]
        self.show()


@pytest.fixture
def table() -> Table:
    return Table()


def test_values_are_shown_as_words_a_field_can_hold(table: Table) -> None:
    assert table.hand.rows == {1: ["浜田", "3", "2023-04-01", "1", "", "店先"], 2: ["森", "", "", "", "", "紹介"]}


@pytest.mark.parametrize(
    ("key", "written", "stored", "seen", "before"),
    [
        ("name", "  浜田　やす子 ", "浜田 やす子", "浜田", "浜田"),
        ("name", HOSTILE, HOSTILE, "浜田", "浜田"),
        ("age", "８時間", 8.0, "3", 3.0),
        ("age", "1,000", 1000.0, "3", 3.0),
        ("age", "1234567", 1234567.0, "3", 3.0),
        ("age", "", None, "3", 3.0),
        ("since", "2026-11-23", date(2026, 11, 23), "2023-04-01", date(2023, 4, 1)),
        ("since", "", None, "2023-04-01", date(2023, 4, 1)),
        ("how", "2", 2, "1", 1),
        ("how", "", None, "1", 1),
        ("note", "一行め\n二行め ", "一行め\n二行め", "", ""),
    ],
)
def test_an_edit_arrives_as_it_is_stored_with_what_was_seen(
    table: Table, key: str, written: str, stored: Any, seen: str, before: Any
) -> None:
    table.hand.writes(1, key, written, seen)
    assert table.got == [(1, key, stored, before)]
    assert (table.hand.refused, table.hand.answered, table.mark.value) == ([], True, "")
    at = [one.key for one in COLUMNS].index(key)
    assert table.hand.rows[1][at] == COLUMNS[at].show(stored)
    table.hand.writes(1, key, table.hand.rows[1][at], seen)
    assert table.got[-1][2] == stored, "what is shown is read as the same value again"


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("age", "たくさん", "「たくさん」は数字として読めません"),
        ("age", "三", "数字として読めません"),
        ("age", HOSTILE, "数字として読めません"),
        ("since", "あした", "日にちとして読めません"),
        ("since", "2026-11-31", "日にちとして読めません"),
        ("since", "20261123", "日にちとして読めません"),
        ("since", "0002-11-23", "日にちとして読めません"),
        ("how", "3", "一覧の中から"),
        ("how", "はがき", "一覧の中から"),
        ("name", "あ" * 20_001, "長すぎます"),
        ("fixed", "店先", "書きかえられません"),
        ("id", "5", "書きかえられません"),
        ("__class__", "5", "書きかえられません"),
        (None, "5", "書きかえられません"),
        (["name"], "5", "書きかえられません"),
        ("name", None, "受け取れませんでした"),
        ("name", 5, "受け取れませんでした"),
        ("name", {"x": 1}, "受け取れませんでした"),
    ],
)
def test_what_is_none_of_the_columns_values_is_refused_and_told(table: Table, key: Any, written: Any, told: str) -> None:
    before = table.hand.rows
    table.hand.writes(1, key, written)
    assert (table.got, table.hand.rows, table.hand.answered) == ([], before, True)
    (answer,) = table.hand.refused
    assert (answer["kind"], answer["seq"]) == ("refused", 1) and told in answer["why"]
    assert table.mark.value == "", "once is enough: at the field"


@pytest.mark.parametrize("row", [3, 0, -1, True, "1", 1.0, None, [1], {}])
def test_a_row_that_is_not_shown_is_refused(table: Table, row: Any) -> None:
    table.hand.writes(row, "name", "森")
    table.hand.act("remove", row=row)
    assert table.got == [] and len(table.people) == 2
    assert all("その行は、ほかの画面で消されました" in one["why"] for one in table.hand.refused) and len(table.hand.refused) == 2


@pytest.mark.parametrize(
    "content", [None, "edit", 7, [], {}, {"kind": "edit"}, {"kind": ["edit"]}, {"kind": "show", "from": 7, "seq": "x"}]
)
def test_a_message_that_means_nothing_changes_nothing(table: Table, content: Any) -> None:
    before = table.hand.rows
    table.hand.sends(content)
    assert (table.got, table.hand.rows, table.hand.refused) == ([], before, [])
    assert isinstance(content, dict) == bool(table.mark.value)
    assert "思いがけない" not in str(table.mark.value)


@pytest.mark.parametrize("seen", ["たくさん", None, 5, ["x"]])
def test_a_seen_that_no_cell_could_hold_is_what_was_shown_last(table: Table, seen: Any) -> None:
    table.hand.writes(1, "age", "4", seen)
    assert table.got == [(1, "age", 4.0, 3.0)]


def test_what_a_handler_raises_is_told_and_answered(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(table.grid, "_edit", broken)
    table.hand.writes(1, "name", "森")
    assert "思いがけない" in str(table.mark.value) and "保存できませんでした" in table.hand.refused[0]["why"]
    assert table.hand.answered


def test_rows_are_added_and_taken_away(table: Table) -> None:
    table.hand.act("add")
    table.hand.act("remove", row=1)
    assert list(table.hand.rows) == [2, 3] and table.hand.refused == []


def test_a_table_without_those_acts_refuses_them(table: Table) -> None:
    hand = Hand(bare := Grid(COLUMNS, table.edit, table.mark))
    bare.show([(1, {})])
    hand.act("add")
    hand.act("remove", row=1)
    assert len(hand.refused) == 2 and bare.can == {"add": False, "remove": False}


# ---- the plan's days and hours


class PlanDesk(Desk):
    """The plan page on a workbook, with the table and what the other forms show."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "03_followup_plan")
        self.form = forms.timetable(self.page)
        (self.grid,) = self.parts(Grid)
        self.hand = Hand(self.grid)

    @property
    def told(self) -> str:
        return str(self.form._told.value)

    @property
    def first(self) -> plans.ActionView:
        return plans.plan(self.book, PART).actions[0]

    def action(self, row: int) -> plans.ActionView:
        return next(one for one in plans.plan(self.book, PART).actions if one.id == row)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_sample(tmp_path / "sample.kizuna", TODAY, later=False).close()
    return tmp_path / "sample.kizuna"


@pytest.fixture
def desk(path: Path) -> Iterator[PlanDesk]:
    made = PlanDesk(path)
    yield made
    made.book.close()


@pytest.mark.parametrize(
    ("key", "written", "stored"),
    [
        ("due_on", "2026-11-20", date(2026, 11, 20)),
        ("due_on", "", None),
        ("minutes", "２０分", 20),
        ("minutes", "", None),
        ("times", "7回", 7),
        ("times", "", 1),
        ("people", "12人", 12),
        ("doable", "2", 2),
    ],
)
def test_each_cell_goes_into_the_workbook_and_can_be_undone(desk: PlanDesk, key: str, written: str, stored: Any) -> None:
    row, before = desk.first.id, getattr(desk.first, key)
    assert before != stored
    desk.hand.writes(row, key, written, desk.grid._columns[key].show(before))
    now = getattr(desk.action(row), key)
    assert now == stored and type(now) is type(stored)
    assert "保存しました" in desk.said and "ほかの画面" not in desk.said
    desk.head._undo()
    assert getattr(desk.action(row), key) == before
    at = list(desk.grid._columns).index(key)
    assert desk.hand.rows[row][at] == desk.grid._columns[key].show(before)


@pytest.mark.parametrize(
    ("key", "written", "told"),
    [
        ("minutes", "1.5", "「一回の時間」には、1以上の切りのよい数"),
        ("times", "0", "1以上"),
        ("people", "100000", "1以上"),
        ("doable", "6", "一覧の中から"),
        ("doable", "", "一覧の中から"),
        ("name", "別の名前", "書きかえられません"),
        ("decided", "1", "書きかえられません"),
    ],
)
def test_what_a_plan_cannot_hold_is_refused_and_the_file_stays(desk: PlanDesk, key: str, written: str, told: str) -> None:
    version, before = desk.book.version(), desk.hand.rows
    desk.hand.writes(desk.first.id, key, written)
    assert (desk.book.version(), desk.hand.rows) == (version, before)
    assert told in desk.hand.refused[0]["why"] and desk.said == ""


def test_the_sum_follows_and_is_held_against_the_hours(desk: PlanDesk) -> None:
    assert "ひと月<b>6時間</b>" in desk.told and "へらしましょう" not in desk.told
    row = next(one for one in plans.plan(desk.book, PART).decided).id
    desk.hand.writes(row, "minutes", "600")
    spelled = plans.spell_minutes(plans.plan(desk.book, PART).minutes)
    assert f"<b>{spelled}</b>" in desk.told and "人数か回数をへらしましょう" in desk.told


def test_the_other_forms_of_the_page_follow_and_the_table_follows_them(desk: PlanDesk) -> None:
    editor = forms.actions(desk.page)
    row, first = next(iter(editor._editors.items()))
    first._inside.turn()
    views = [one for one in _inside(first) if isinstance(one, FieldView) and one.field.key == "minutes"]
    desk.hand.writes(row, "minutes", "33")
    assert views[0].place.value == "33"
    views[0].place.value = "44"
    assert desk.hand.rows[row][2] == "44"


def test_rows_stay_where_the_file_has_them_and_tell_their_theme_while_nameless(desk: PlanDesk) -> None:
    first = desk.first
    plans.edit(desk.book, first.id, title="")
    desk.page.changed()
    assert desk.hand.rows[first.id][0] == f"名前のない一手（{first.theme}）"


def test_what_another_page_had_written_is_told(desk: PlanDesk, path: Path) -> None:
    there, row = PlanDesk(path), desk.first.id
    seen = desk.hand.rows[row][4]
    there.hand.writes(row, "people", "77", seen)
    desk.hand.writes(row, "people", "88", seen)
    assert desk.action(row).people == 88 and "ほかの画面で「77」と書かれていました" in desk.said
    step = desk.hand.rows[row][5]
    there.hand.writes(row, "doable", "1", step)
    desk.hand.writes(row, "doable", "2", step)
    assert "「1 いまは難しい」" in desk.said
    there.book.close()


def test_an_item_that_another_page_removed_is_told_and_leaves_the_table(desk: PlanDesk, path: Path) -> None:
    there, row = PlanDesk(path), desk.first.id
    plans.remove(there.book, row)
    there.book.close()
    desk.hand.writes(row, "people", "3")
    assert "消されました" in desk.hand.refused[0]["why"] and row not in desk.hand.rows
    desk.hand.writes(row, "people", "3")
    assert "消されました" in desk.hand.refused[1]["why"]


def test_a_full_disk_is_told_and_nothing_is_called_saved(desk: PlanDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.hand.rows

    def full(*_: Any, **__: Any) -> Any:
        raise KizunaError("空き容量が足りないため、保存できませんでした。")

    monkeypatch.setattr(Workbook, "act", full)
    desk.hand.writes(desk.first.id, "people", "3")
    assert "空き容量" in desk.hand.refused[0]["why"] and "kz-saved" not in desk.said and desk.hand.rows == before


def test_without_items_there_is_no_table_but_a_word_on_what_to_do(tmp_path: Path) -> None:
    desk = PlanDesk(tmp_path / "empty.kizuna")
    assert "まだ一手がありません" in desk.told and not is_shown(desk.grid)
    desk.book.close()


def _inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _inside(child)
