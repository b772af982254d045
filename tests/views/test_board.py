"""The card board's side in Python: every act by what it does to the workbook, whoever sends it and whatever it holds."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import themes
from kizuna.views import forms
from kizuna.views.board import Board, beside
from kizuna.views.page import Page
from kizuna.views.plain import is_shown
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.intake import bring_in
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import Workbook, open_workbook
from tests.views.desk import Desk

PART = Part.FOLLOWUP
WISHES = ["椅子", "駐車場", "夜の営業", "絵本", "包み紙", "読書会", "取り置き", "通販", "カード払い", "音楽", "窓ぎわの席", "季節の栞"]


def fill(book: Workbook, count: int = 12) -> None:
    lines = [f"お客{number},{WISHES[number % len(WISHES)]}があるとうれしいです。その{number}" for number in range(count)]
    table = read_file("声.csv", "\n".join(["お名前,ご要望を聞かせてください", *lines]).encode())
    bring_in(book, table, guess_columns(table))


class BoardDesk(Desk):
    """A page with the board on it, and a hand that sends what the browser would."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "02_followup_research")
        self.form = forms.arrange(self.page)
        (self.board,) = self.parts(Board)
        self.sent: list[Any] = []
        self.board.send = lambda content, buffers=None: self.sent.append(content)  # type: ignore[method-assign]
        self._seq = 0

    @property
    def boxes(self) -> list[dict[str, Any]]:
        return list(self.board.arrangement["boxes"])

    @property
    def laid(self) -> themes.Laid:
        return themes.laid(self.book, PART)

    def does(self, kind: Any, **content: Any) -> None:
        self._seq += 1
        self.board._handle_custom_msg({"kind": kind, "from": "page", "seq": self._seq, **content}, [])

    def cards(self, *numbers: int) -> list[int]:
        everything = sorted(one.id for one in self.laid.cards)
        return [everything[number] for number in numbers]

    def box(self, name: str, *numbers: int) -> int:
        made = themes.make(self.book, PART, name, self.cards(*numbers))
        self.page.changed()
        return made

    def shows_the_file(self) -> bool:
        by_id = {view.id: view for view in self.laid.themes}
        arrangement = self.board.arrangement
        return (
            {box["id"]: box["cards"] for box in self.boxes} == {one: [card.id for card in view.cards] for one, view in by_id.items()}
            and arrangement["loose"] == [card.id for card in self.laid.loose]
            and arrangement["aside"] == [card.id for card in self.laid.aside]
        )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = open_workbook(tmp_path / "board.kizuna")
    fill(book)
    book.close()
    return tmp_path / "board.kizuna"


@pytest.fixture
def desk(path: Path) -> Iterator[BoardDesk]:
    one = BoardDesk(path)
    yield one
    one.book.close()


@contextlib.contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:

        def full(*_: Any, **__: Any) -> Any:
            raise KizunaError("パソコンの空き容量が足りないため、保存できませんでした。")

        patch.setattr(Workbook, "act", full)
        yield


# ---- every act


def test_before_any_voice_there_is_no_board(tmp_path: Path) -> None:
    desk = BoardDesk(tmp_path / "empty.kizuna")
    assert not is_shown(desk.board)
    fill(desk.book, 1)
    desk.page.changed()
    assert is_shown(desk.board) and len(desk.board.arrangement["loose"]) == 1
    desk.book.close()


def test_cards_carry_the_words_character_for_character_and_who_said_them(desk: BoardDesk) -> None:
    for one in desk.laid.cards:
        voice = desk.board.voices[str(one.id)]
        assert voice["first"] + voice["rest"] == one.text and voice["long"] == len(one.text)
        assert voice["who"].startswith(one.person) and voice["by"] == one.person_id and voice["from"] == one.source


def test_a_long_voice_is_folded_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    book = open_workbook(tmp_path / "long.kizuna")
    text = "夜もあけてほしいです。" * 30 + "🏳️‍🌈"
    table = read_file("声.csv", f"お名前,ご要望を聞かせてください\n波,{text}".encode())
    bring_in(book, table, guess_columns(table))
    book.close()
    desk = BoardDesk(tmp_path / "long.kizuna")
    (voice,) = desk.board.voices.values()
    assert voice["first"].endswith("。") and len(voice["first"]) <= 90 and voice["first"] + voice["rest"] == text
    desk.book.close()


def test_moved_cards_lie_in_the_box_and_are_the_persons(desk: BoardDesk) -> None:
    there = desk.box("夜", 0)
    desk.does("move", cards=desk.cards(1, 2, 1), theme=there)
    assert [len(view.cards) for view in desk.laid.themes] == [3]
    assert "2件を移しました" in desk.said and desk.shows_the_file()
    themes.draft(desk.book, PART, again=True)
    assert set(desk.cards(0, 1, 2)) <= {card.id for view in desk.laid.themes if view.id == there for card in view.cards}


def test_cards_are_set_aside_and_come_back(desk: BoardDesk) -> None:
    desk.does("move", cards=desk.cards(0, 1), theme=None)
    assert [card.id for card in desk.laid.aside] == desk.cards(0, 1) and "2件をわきに置きました" in desk.said
    desk.does("release", cards=desk.cards(0))
    assert [card.id for card in desk.laid.aside] == desk.cards(1)
    assert desk.cards(0)[0] in [card.id for card in desk.laid.loose] and desk.shows_the_file()


def test_a_box_is_gathered_first_and_named_later(desk: BoardDesk) -> None:
    desk.does("make", cards=desk.cards(3, 4), key="new-page-1")
    (view,) = desk.laid.themes
    assert view.name == themes.NAMELESS and [card.id for card in view.cards] == desk.cards(3, 4)
    assert desk.boxes[0]["name"] == "" and desk.board.arrangement["born"] == {"new-page-1": view.id}
    desk.does("rename", theme="new-page-1", name=" 夜の\n時間 ")
    assert (desk.laid.themes[0].name, desk.boxes[0]["name"], desk.laid.themes[0].drafted) == ("夜の 時間", "夜の 時間", False)
    assert "名前を保存しました" in desk.said


def test_a_box_may_begin_empty(desk: BoardDesk) -> None:
    desk.does("make", cards=[], key="new-page-1")
    assert [view.cards for view in desk.laid.themes] == [()] and "新しいまとまりを作りました" in desk.said


def test_some_cards_of_a_box_are_split_off(desk: BoardDesk) -> None:
    whole = desk.box("夜", 0, 1, 2, 3)
    desk.does("make", cards=desk.cards(2, 3), key="k")
    assert {view.name: len(view.cards) for view in desk.laid.themes} == {"夜": 2, themes.NAMELESS: 2}
    assert desk.boxes[0]["id"] != whole, "the new box stands first, where it is seen"


def test_an_empty_name_is_told_and_the_old_one_stays(desk: BoardDesk) -> None:
    there = desk.box("夜", 0)
    desk.does("rename", theme=there, name="  ")
    assert "一文字以上" in desk.said and desk.boxes[0]["name"] == "夜"


def test_two_boxes_become_one_with_both_notes(desk: BoardDesk) -> None:
    first, second = desk.box("夜", 0, 1), desk.box("朝", 2)
    desk.does("note", theme=first, note="夜の声", seen="")
    desk.does("note", theme=second, note="朝の声", seen="")
    desk.does("merge", theme=second, into=first)
    (view,) = desk.laid.themes
    assert (view.id, view.note, len(view.cards)) == (first, "夜の声\n朝の声", 3)
    desk.does("merge", theme=first, into=first)
    assert "別のまとまり" in desk.said and len(desk.laid.themes) == 1


def test_a_dissolved_box_leaves_its_cards_waiting(desk: BoardDesk) -> None:
    there = desk.box("夜", 0, 1)
    desk.does("dissolve", theme=there)
    assert desk.laid.themes == () and len(desk.laid.loose) == 12 and "声は" in desk.said


def test_what_is_written_under_a_box_and_of_the_whole_is_kept(desk: BoardDesk) -> None:
    there = desk.box("夜", 0)
    desk.does("note", theme=there, note="夜に来たい方が多い。", seen="")
    desk.does("story", story="ゆっくり過ごしたい方が多い。", seen="")
    assert desk.boxes[0]["note"] == desk.laid.themes[0].note == "夜に来たい方が多い。"
    assert read_answer(desk.book, "research.story.followup") == desk.board.arrangement["story"] == "ゆっくり過ごしたい方が多い。"


@pytest.mark.parametrize("kind", ["note", "story"])
def test_words_another_page_wrote_meanwhile_are_told(desk: BoardDesk, kind: str) -> None:
    there = desk.box("夜", 0)
    themes.write_note(desk.book, there, "ほかの言葉")
    save_answer(desk.book, "research.story.followup", "ほかの言葉")
    desk.does(kind, theme=there, seen="", **{kind: "わたしの言葉"})
    assert "ほかの言葉" in desk.said and "ひとつ前に戻す" in desk.said
    assert "わたしの言葉" in (desk.laid.themes[0].note, read_answer(desk.book, "research.story.followup"))


def test_the_tribes_board_writes_its_own_story(path: Path) -> None:
    page = Page("07_tribe_research", open_workbook(path))
    form = forms.arrange(page)
    (board,) = [child for child in form.children if isinstance(child, Board)]
    assert not is_shown(board), "no voice of this part yet"
    board._handle_custom_msg({"kind": "story", "story": "つながり", "seen": ""}, [])
    assert read_answer(page.book, "research.story.tribe") == "つながり"
    page.book.close()


# ---- undo, and two pages


def test_the_heads_undo_takes_each_act_back_on_the_board(desk: BoardDesk) -> None:
    there = desk.box("夜", 0)
    acts: list[tuple[str, dict[str, Any]]] = [
        ("move", {"cards": desk.cards(1), "theme": there}),
        ("rename", {"theme": there, "name": "朝"}),
        ("make", {"cards": desk.cards(0, 5), "key": "k"}),
        ("dissolve", {"theme": there}),
        ("story", {"story": "あ", "seen": ""}),
    ]
    for kind, content in acts:
        before = json.dumps({**desk.board.arrangement, "done": 0, "born": 0})
        desk.does(kind, **content)
        assert json.dumps({**desk.board.arrangement, "done": 0, "born": 0}) != before, kind
        desk.head._undo()
        assert json.dumps({**desk.board.arrangement, "done": 0, "born": 0}) == before, kind


def test_another_pages_change_is_seen_when_the_person_comes_back(path: Path) -> None:
    one, other = BoardDesk(path), BoardDesk(path)
    one.does("make", cards=one.cards(0, 1), key="k")
    assert other.boxes == []
    other.page.look()
    assert other.boxes == one.boxes and other.shows_the_file()
    one.book.close()
    other.book.close()


def test_a_box_that_another_page_took_away_is_told_and_the_board_follows(path: Path) -> None:
    one, other = BoardDesk(path), BoardDesk(path)
    there = one.box("夜", 0)
    other.page.look()
    one.does("dissolve", theme=there)
    for kind, content in (("move", {"cards": one.cards(3)}), ("rename", {"name": "朝"}), ("note", {"note": "あ"}), ("dissolve", {})):
        other.page._version = -1
        other.form._order = [there]
        other.does(kind, theme=there, **content)
        assert "ほかの画面で消されました" in other.said, kind
        assert other.boxes == [] and len(other.laid.loose) == 12
    one.book.close()
    other.book.close()


def test_boxes_stay_where_they_stand_while_their_numbers_change(desk: BoardDesk) -> None:
    few, many = desk.box("小", 0), desk.box("大", 1, 2, 3)
    before = [box["id"] for box in desk.boxes]
    desk.does("move", cards=desk.cards(4, 5, 6, 7), theme=few)
    assert [box["id"] for box in desk.boxes] == before
    assert {few, many} == set(before)


# ---- what a page should never send


HOSTILE: list[Any] = [None, True, -1, 0, 99_999, 10**30, 1.5, "1", "' OR 1=1 --", [1], {"id": 1}, "__proto__"]


@pytest.mark.parametrize("bad", HOSTILE, ids=repr)
@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("move", "cards"), ("move", "theme"), ("release", "cards"), ("make", "cards"), ("rename", "theme"), ("merge", "theme"),
        ("merge", "into"), ("dissolve", "theme"), ("note", "theme"),
    ],
)  # fmt: skip
def test_a_number_that_is_none_changes_nothing_and_gives_a_sentence(desk: BoardDesk, kind: str, field: str, bad: Any) -> None:
    there, into = desk.box("夜", 0), desk.box("朝", 1)
    content = {"cards": desk.cards(2), "theme": there, "into": into, "name": "名", "note": "文", "key": "k"}
    if (kind, field, bad) == ("move", "theme", None):
        return  # this is how cards are set aside
    before = desk.book.version()
    desk.does(kind, **(content | {field: [bad] if field == "cards" else bad}))
    assert desk.book.version() == before and desk.shows_the_file()
    assert "kz-finding stop" in desk.said and "思いがけない" not in desk.said


@pytest.mark.parametrize("kind", [None, "", "drop table", 3])
def test_an_unknown_act_is_told(desk: BoardDesk, kind: Any) -> None:
    before = desk.book.version()
    desk.does(kind, cards=desk.cards(0), theme=None)
    assert desk.book.version() == before and "分かりませんでした" in desk.said


@pytest.mark.parametrize(
    "content", [None, [], "move", 3, {"from": 3, "seq": "x"}, {"kind": "story", "story": None}, {"kind": ["move"]}, {"kind": {}}]
)
def test_a_message_without_sense_breaks_nothing(desk: BoardDesk, content: Any) -> None:
    before = desk.book.version()
    desk.board._handle_custom_msg(content, [])
    assert desk.book.version() == before and desk.shows_the_file()


def test_cards_and_boxes_of_the_other_part_are_not_touched(desk: BoardDesk) -> None:
    table = read_file("縁.csv", "お名前,お客さま同士でどんなことをしてみたいですか\n波,読書会をひらきたい\n".encode())
    bring_in(desk.book, table, guess_columns(table))
    other = themes.make(desk.book, Part.TRIBE, "縁", [])
    desk.page.changed()
    desk.does("move", cards=desk.cards(0), theme=other)
    assert "いまの画面にありません" in desk.said
    strangers = [one.id for one in themes.unplaced(desk.book, Part.TRIBE)]
    for one in strangers:
        desk.does("move", cards=[one], theme=None)
        assert "いまの画面にありません" in desk.said


def test_what_could_not_be_saved_is_told_the_board_goes_back_and_the_words_are_kept(
    desk: BoardDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = desk.box("夜", 0)
    with full_disk(monkeypatch):
        for kind, content in (
            ("move", {"cards": desk.cards(1), "theme": there}), ("make", {"cards": desk.cards(2), "key": "k"}),
            ("note", {"theme": there, "note": "長い文", "seen": ""}), ("story", {"story": "長い文", "seen": ""}),
        ):  # fmt: skip
            desk.sent.clear()
            desk.does(kind, **content)
            assert "空き容量" in desk.said, kind
            assert desk.sent == [{"kind": "failed", "from": "page", "seq": desk._seq}]
            assert desk.board.arrangement["done"] == {"page": desk._seq}, "the browser must not wait for it for ever"
            assert desk.shows_the_file()


def test_only_the_last_pages_are_remembered(desk: BoardDesk) -> None:
    for number in range(30):
        desk.board.done({"from": f"page{number}", "seq": 1}, well=True)
    desk.form.refresh()
    assert len(desk.board.arrangement["done"]) == 8


# ---- suggestions


def test_likely_boxes_are_offered_and_never_saved(desk: BoardDesk) -> None:
    first, second = desk.box("席", 0, 10), desk.box("払う", 8, 6)
    before = desk.book.version()
    desk.does("suggest", card=desk.cards(3)[0])
    ((message),) = desk.sent
    assert message["kind"] == "suggested" and message["card"] == desk.cards(3)[0]
    assert set(message["themes"]) == {first, second} and desk.book.version() == before


@pytest.mark.parametrize("card", [None, "1", 99_999, [1]])
def test_nothing_is_offered_for_a_card_that_is_none(desk: BoardDesk, card: Any) -> None:
    desk.box("席", 0)
    desk.does("suggest", card=card)
    assert [message for message in desk.sent if message["themes"]] == [] and desk.said == ""


def test_without_boxes_nothing_is_offered(desk: BoardDesk) -> None:
    desk.does("suggest", card=desk.cards(0)[0])
    assert desk.sent == []


def test_in_a_kernel_the_thinking_runs_beside_the_work() -> None:
    async def kernel() -> list[str]:
        done: list[str] = []
        beside(lambda: "later", done.append)
        beside(lambda: 1 / 0, lambda found: done.append(str(found)))
        done.append("at once")
        while len(done) < 2:
            await asyncio.sleep(0.01)
        return done

    assert asyncio.run(kernel()) == ["at once", "later"]


def test_customers_and_owners_words_reach_no_markup() -> None:
    source = (Path(forms.__file__).parents[1] / "widgets" / "board.js").read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http:", "https:", "import "):
        assert way not in source


def test_the_other_pages_words_are_escaped_when_they_are_told(desk: BoardDesk) -> None:
    there = desk.box("夜", 0)
    themes.write_note(desk.book, there, "<img src=x>")
    desk.does("note", theme=there, note="わたし", seen="")
    assert "<img" not in desk.said and str(Markup.escape("<img src=x>")) in desk.said
