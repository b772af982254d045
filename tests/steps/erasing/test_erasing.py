"""Taking somebody out of small workbooks: names, copies, papers, texts that stay, and whatever was done before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.steps import drafts, erasing, people, plan, roster, themes, touches
from kizuna.steps.cards import cards
from kizuna.steps.proofs import put_up
from kizuna.workbook import backups
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.erasing import begun, records
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import PaperCopy
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.erasing.looking import dump, standing
from tests.steps.testifying import GLAD, LONG, TODAY, a_book, allow, begin, finish
from tests.workbook.days import on_day

PART, DAY = Part.FOLLOWUP, date(2026, 11, 2)
WISH = "雨の日でも子どもと歩いて行ける道順を知りたい"
OTHER = "朝いちばんの席を取り置いてほしいのです"


def say(book: Workbook, name: str, *texts: str) -> int:
    hear(book, name, DAY, [Said("望み", Topic.FOLLOWUP, text) for text in texts])
    return people.named(book, name)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    made = open_workbook(tmp_path / "ノート" / "店.kizuna")
    yield made
    made.close()


def path_of(book: Workbook) -> Path:
    assert isinstance(book.path, Path)
    return book.path


@pytest.mark.parametrize(
    ("name", "text", "after"),
    [
        ("浜田 花子", "浜田花子さんに電話", "●●●●さんに電話"),
        ("浜田 花子", "はまださんへ、ハナコさんへ", "●●●さんへ、●●●さんへ"),
        ("浜田 花子", "hamada hanako", "●●●●●●●●●●●●●"),
        ("ミナト", "ミナトさんとミナト（花屋の）さん", "●●●さんとミナト（花屋の）さん"),
        ("森", "森さんは、森林の本がすき", "●さんは、森林の本がすき"),
    ],
)
def test_her_name_is_covered_in_every_spelling_and_nobody_elses(book: Workbook, name: str, text: str, after: str) -> None:
    say(book, "ミナト（花屋の）", OTHER)
    who = say(book, name, WISH)
    save_answer(book, "memo", text)
    erasing.erase(book, who)
    assert read_answer(book, "memo") == after


def test_her_words_are_covered_where_the_owner_copied_them_and_what_anybody_says_is_not(book: Workbook) -> None:
    who = say(book, "ミナト", WISH, "いつもありがとうございました。感謝します。", "足が楽です")
    say(book, "シロ", OTHER)
    texts = {
        "copied": (f"「{WISH}」という言葉", f"「{'●' * len(WISH)}」という言葉"),
        "within": ("次は、子どもと歩いて行ける道順の紙を作る", None),
        "short": ("「足が楽です」という言葉。足が楽ですと、わたしも思う。", "「●●●●●」という言葉。足が楽ですと、わたしも思う。"),
        "thanks": ("いつもありがとうございました。", "いつもありがとうございました。"),
        "others": (f"「{OTHER}」という言葉", f"「{OTHER}」という言葉"),
        "mine": ("道順の紙", "道順の紙"),
    }
    for key, (text, _) in texts.items():
        save_answer(book, key, text)
    erasing.erase(book, who)
    for key, (_, after) in texts.items():
        assert after is None or read_answer(book, key) == after, key
    assert "歩いて行ける道順" not in read_answer(book, "within") and "●" in read_answer(book, "within")


def test_numbers_and_addresses_of_hers_are_covered_too(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    roster.edit(book, who, note="電話は090-1234-5678、minato@example.jp")
    save_answer(book, "memo", "０９０・１２３４・５６７８ か minato@example.jp へ")
    erasing.erase(book, who)
    assert (
        "5678" not in read_answer(book, "memo")
        and "５６７８" not in read_answer(book, "memo")
        and "minato" not in read_answer(book, "memo")
    )


def test_a_text_that_the_owner_wants_to_keep_stays_here_and_in_the_copies(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    save_answer(book, "kept", "ミナト港の見える店")
    save_answer(book, "other", "ミナトさんの席")
    backups.keep_before(path_of(book), backups.UPDATING)
    told = erasing.traces(book, who)
    assert {one.text for one in told.mentions} == {"ミナト港の見える店", "ミナトさんの席"}
    erasing.erase(book, who, kept=["ミナト港の見える店"])
    for one in (book, *(open_workbook(copy.path) for copy in backups.copies(path_of(book)))):
        assert read_answer(one, "kept") == "ミナト港の見える店" and read_answer(one, "other") in (None, "●●●さんの席")


def test_what_others_say_of_her_is_told_and_stays_as_it_is(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    say(book, "シロ", "ミナトさんと来ました。")
    assert erasing.traces(book, who).quoted == 1
    erasing.erase(book, who)
    assert [row["text"] for row in dump(book)["voice"].values()] == ["ミナトさんと来ました。"]


# ---- what rests on her words


def test_drafts_lose_her_words_and_open_again_and_papers_that_hang_are_named() -> None:
    book = a_book(("ミナト", LONG), ("ソラ", GLAD))
    allow(book, 1)
    allow(book, 2, shown_name="S")
    finish(book, begin(book, "pop", 1, 2))
    paper = put_up(book, 1, "レジの横", TODAY)
    told = erasing.traces(book, 1)
    assert [one.place for one in told.papers] == ["レジの横"]
    assert any("レジの横" in line for line in told.by_hand())
    cleaned = erasing.erase(book, 1)
    (one,) = drafts.drafts(book)
    assert [piece.card.text for piece in one.pieces if piece.card] == [GLAD] and one.finished_on is None
    assert cleaned.papers == (paper,) and records(book)[0].papers == [paper]
    with book.reading() as session:
        assert session.get_one(PaperCopy, paper).voices == [2]


def test_an_item_that_nobody_else_asked_for_is_out_of_the_plan_and_undo_does_not_bring_it_back(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    with book.reading() as session:
        card = cards(session, PART)[0]
    item = plan.begin(book, PART, themes.make(book, PART, "道順", [card.id]), DAY)
    plan.edit(book, item, title="道順の紙", relation="○な間がらから、△な間がらになる")
    plan.decide(book, item)
    plan.edit(book, item, title="紙の地図")
    erasing.erase(book, who)
    (view,) = plan.plan(book, PART).actions
    assert (view.title, view.in_plan, view.decided, view.evidence) == ("紙の地図", False, False, ())
    book.undo()
    (view,) = plan.plan(book, PART).actions
    assert (view.title, view.decided) == ("道順の紙", False)


def test_who_was_taken_off_the_list_and_came_again_is_gone_under_each_number(book: Workbook) -> None:
    first = roster.add(book, "ミナト")
    roster.note_closeness(book, first, 2, "町でミナトさんと話した")
    roster.remove(book, first)
    who = say(book, "ミナト", WISH)
    assert who != first
    erasing.erase(book, who)
    assert standing(path_of(book), {"ミナト", WISH}) == {}


def test_somebody_who_once_had_her_name_stays(book: Workbook) -> None:
    florist = say(book, "ミナト", OTHER)
    roster.edit(book, florist, name="ミナト（花屋の）")
    who = roster.add(book, "ミナト")
    erasing.erase(book, who)
    assert [one.id for one in people.everyone(book)] == [florist]
    assert [row["text"] for row in dump(book)["voice"].values()] == [OTHER]


def test_a_voice_that_was_undone_is_gone_from_the_history_too(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    say(book, "ミナト", "夜の読み聞かせをもう一度してほしい")
    book.undo()
    save_answer(book, "shop", "汐風")
    erasing.erase(book, who)
    assert standing(path_of(book), {"ミナト", WISH, "読み聞かせをもう一度"}) == {}


def test_what_was_only_let_go_before_does_not_stand_in_free_pages_of_the_file(book: Workbook) -> None:
    with book.raw() as connection:
        connection.execute("PRAGMA secure_delete=OFF")  # as it is where SQLite was built without it
    who = say(book, "ミナト", WISH)
    say(book, "ミナト", "夜の読み聞かせをもう一度。" * 800)
    book.undo()
    book.begin_history_here()
    assert standing(path_of(book), {"読み聞かせをもう一度"})
    erasing.erase(book, who)
    assert standing(path_of(book), {"読み聞かせをもう一度"}) == {}


def test_she_is_no_longer_there_and_only_she(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    say(book, "シロ", OTHER)
    erasing.erase(book, who)
    with pytest.raises(KizunaError, match="名簿から外されました"):
        erasing.traces(book, who)
    with pytest.raises(KizunaError, match="いらっしゃいません"):
        people.named(book, "ミナト")
    assert [one.called for one in people.everyone(book)] == ["シロさん"]


def test_what_only_she_was_heard_in_is_gone_since_its_fingerprint_could_be_guessed(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    say(book, "シロ", OTHER)
    (hers, other) = dump(book)["source"].values()
    erasing.erase(book, who)
    assert list(dump(book)["source"].values()) == [other]
    assert standing(path_of(book), {hers["sha256"], hers["lineage"]}) == {}


def test_without_a_file_it_is_done_too() -> None:
    book = open_workbook(MEMORY)
    who = say(book, "ミナト", WISH)
    assert erasing.erase(book, who).finished
    with book.raw() as connection:
        assert WISH.encode() not in connection.serialize() and not begun(book)


# ---- copies


def test_a_copy_of_an_older_day_knows_her_by_her_name_not_by_her_number(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Going back gives her number to somebody else."""
    say(book, "シロ", OTHER)
    on_day(monkeypatch, date(2026, 11, 3))
    back = backups.keep_for_today(path_of(book))
    assert back is not None
    gone_again = say(book, "波待ち", "砂の落とせる足ふきを入口に置いてほしい")
    book.go_back_to(back)
    who = say(book, "ミナト", WISH)
    assert who == gone_again
    erasing.erase(book, who)
    assert standing(path_of(book), {"ミナト", WISH}) == {}
    assert len(standing(path_of(book), {"足ふきを入口に"})) == 1  # in the copy from before going back


def test_a_record_is_still_there_after_going_back_to_a_copy(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    copy = backups.keep_before(path_of(book), backups.UPDATING)
    erasing.erase(book, who)
    book.go_back_to(copy)
    assert len(records(book)) == 1 and people.everyone(book) == ()
    assert standing(path_of(book), {"ミナト", WISH}) == {}


def test_a_copy_that_cannot_be_opened_is_named_and_deleted_only_if_she_agrees(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    good, bad = (backups.keep_before(path_of(book), backups.UPDATING) for _ in range(2))
    bad.write_bytes(bad.read_bytes()[:3000])
    before = {one: one.read_bytes() for one in (path_of(book), good, bad)}
    told = erasing.traces(book, who)
    assert told.unreadable == (bad,) and told.copies == len(backups.copies(path_of(book))) - 1
    with pytest.raises(KizunaError, match="開けない"):
        erasing.erase(book, who)
    assert {one: one.read_bytes() for one in before} == before and not records(book)
    assert sorted(one.name for one in good.parent.iterdir()) == sorted(one.path.name for one in backups.copies(path_of(book)))
    assert erasing.erase(book, who, give_up=told.unreadable).deleted == 1
    assert not bad.exists() and standing(path_of(book), {"ミナト", WISH}) == {}


def test_a_file_that_was_set_aside_because_it_could_not_be_opened_counts_as_such_a_copy(book: Workbook) -> None:
    say(book, "ミナト", WISH)
    copy = backups.keep_before(path_of(book), backups.UPDATING)
    book.close()
    path_of(book).write_bytes(path_of(book).read_bytes()[:9000] + WISH.encode())
    aside = backups.put_in_place_of(path_of(book), copy)
    again = open_workbook(path_of(book))
    told = erasing.traces(again, people.named(again, "ミナト"))
    assert told.unreadable == (aside,)
    with pytest.raises(KizunaError, match="開けない"):
        erasing.erase(again, told.person_id)
    erasing.erase(again, told.person_id, give_up=told.unreadable)
    assert not aside.exists() and standing(path_of(book), {"ミナト", WISH}) == {}
    again.close()


def test_other_workbooks_that_know_her_are_named_and_not_touched(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    beside = open_workbook(path_of(book).with_name("春のノート.kizuna"))
    say(beside, "ミナト", OTHER)
    stranger = open_workbook(path_of(book).with_name("冬のノート.kizuna"))
    say(stranger, "シロ", OTHER)
    kept = backups.keep_before(path_of(beside), backups.UPDATING)
    told = erasing.traces(book, who)
    assert set(told.elsewhere) == {"春のノート", f"控え/春のノート/{kept.stem}"}
    before = path_of(beside).read_bytes()
    erasing.erase(book, who)
    assert path_of(beside).read_bytes() == before


def test_what_a_copy_that_was_cut_off_left_behind_goes_too(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    backups.keep_before(path_of(book), backups.UPDATING)
    left = backups.folder(path_of(book)) / "2026-11-02.4711"
    left.write_bytes(path_of(book).read_bytes())
    beside = path_of(book).with_suffix(".4711")
    beside.write_bytes(path_of(book).read_bytes())
    mine = backups.folder(path_of(book)) / "わたしのメモ"
    mine.mkdir()
    others = path_of(book).with_name("ほかの店.4711")
    others.touch()
    erasing.erase(book, who)
    assert not left.exists() and not beside.exists() and mine.exists() and others.exists()


def test_the_times_of_the_copies_stay(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    copies = [backups.keep_before(path_of(book), backups.UPDATING) for _ in range(3)]
    was = [one.path for one in backups.copies(path_of(book))]
    erasing.erase(book, who)
    assert [one.path for one in backups.copies(path_of(book))][: len(copies)] == was[: len(copies)]


def test_a_folder_that_cannot_be_written_leaves_all_as_it_was(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    who = say(book, "ミナト", WISH)
    backups.keep_before(path_of(book), backups.UPDATING)
    before = dump(book)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kizuna.workbook.erasing.files.shutil.copyfile", full)
    with pytest.raises(KizunaError, match="空き容量"):
        erasing.erase(book, who)
    assert dump(book) == before
    assert [one.name for one in backups.folder(path_of(book)).iterdir() if one.is_dir()] == []


def test_while_another_program_writes_nothing_is_done(book: Workbook) -> None:
    who = say(book, "ミナト", WISH)
    with book.raw() as connection:
        connection.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(path_of(book), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(KizunaError, match="使っている"):
        erasing.erase(book, who)
    other.close()
    assert people.named(book, "ミナト") == who and not records(book)


# ---- whatever was done before

NAMES = ("ミナト", "ミナト（花屋の）", "浜田 花子", "浜田 太郎", "森")
TEXTS = (WISH, OTHER, "帰り道に読める薄い本を教えてほしい", "包み紙の色を季節ごとに変えてほしい", "駐車場がほしい")
name, number = st.sampled_from(NAMES), st.integers(0, 4)
DEEDS = st.lists(
    st.tuples(st.sampled_from(("hear", "note", "near", "theme", "item", "draft", "undo", "redo", "touch", "rename")), name, number)
)


def do(book: Workbook, deed: str, who: str, number: int) -> None:
    """One deed of the owner's; what is not allowed is not done."""
    with book.reading() as session:
        quotes = [one.id for one in cards(session, PART)]
    ids = {one.name: one.id for one in people.everyone(book)}
    if deed == "hear":
        say(book, who, TEXTS[number])
    elif deed == "undo":
        book.undo()
    elif deed == "redo":
        book.redo()
    elif who in ids and deed == "note":
        roster.edit(book, ids[who], note=f"{NAMES[number]}さんの紹介")
    elif who in ids and deed == "near":
        roster.note_closeness(book, ids[who], number % 4, f"{NAMES[number]}さんと話した")
    elif who in ids and deed == "touch":
        touches.log(book, ids[who], "visit", DAY)
    elif who in ids and deed == "rename":
        roster.edit(book, ids[who], name=f"{who}２")
    elif quotes and deed == "theme":
        themes.make(book, PART, f"{NAMES[number]}さんの望み", quotes[: number + 1])
    elif quotes and deed == "item":
        themes_there = themes.themes(book, PART)
        if themes_there:
            plan.rest_on(book, plan.begin(book, PART, themes_there[0].id, DAY), quotes[number:])
    elif quotes and deed == "draft":
        drafts.begin(book, PART, drafts.Kind.TESTIMONIAL, "pop", title=f"{who}さん", quotes={"use": [quotes[0]]})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS, st.integers(0, 4), st.integers(0, 10))
def test_whatever_was_done_she_is_gone_and_all_of_the_history_can_be_walked(
    deeds: list[tuple[str, str, int]], whom: int, back: int
) -> None:
    book = open_workbook(MEMORY)
    say(book, NAMES[whom], TEXTS[whom])
    for deed in deeds:
        try:
            do(book, *deed)
        except KizunaError:
            continue
    for _ in range(back):
        book.undo()
    everyone = people.everyone(book)
    if not everyone:
        return
    one = everyone[whom % len(everyone)]
    before = dump(book)
    mine = {row["text"] for row in before["voice"].values() if row["person_id"] == one.id}
    mine -= {
        row["text"]
        for change in before["change"].values()
        for row in (change["before"], change["after"])
        if row and "identity" in row and row["person_id"] != one.id
    }
    erasing.erase(book, one.id)
    after = dump(book)
    assert {number: row for number, row in before["voice"].items() if row["person_id"] != one.id} == after["voice"]
    steps = 0
    while book.undo() is not None:
        steps += 1
        whole(book, mine, one.id)
    while book.redo() is not None:
        whole(book, mine, one.id)
    assert dump(book)["voice"].keys() >= after["voice"].keys()
    book.close()


def whole(book: Workbook, gone: set[str], person_id: int) -> None:
    with book.raw() as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        data = connection.serialize()
    assert not [text for text in gone if text.encode() in data]
    assert person_id not in dump(book)["person"]
