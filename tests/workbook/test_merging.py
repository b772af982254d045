"""Two copies of one workbook made one again: nothing of either is lost, and what both changed is the owner's to choose."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from kizuna.errors import KizunaError
from kizuna.steps import drafts, people, plan, roster, themes, touches
from kizuna.steps.drafts import Kind
from kizuna.workbook import backups
from kizuna.workbook.answers import read_answer, read_answers, save_answer
from kizuna.workbook.merging import Woven, look, merge, put_away, relatives, settle
from kizuna.workbook.merging.kin import MERGED
from kizuna.workbook.merging.lines import TABLES
from kizuna.workbook.merging.same import QUIET
from kizuna.workbook.models import Contact, Erasure, Person, Placement, Plan, Quote, Source, Theme, Touch, Voice
from kizuna.workbook.store import Workbook, open_workbook
from tests.workbook.forks import PART, Machines, act, contents, say, sound, voices


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    """A workbook with a voice, a theme and an answer; not yet copied."""
    made = Machines(tmp_path, monkeypatch)
    save_answer(made.here, "shop", "汐風書店")
    say(made.here, "ミナト", "電話で知らせてほしいです")
    themes.make(made.here, PART, "お知らせ", [1])
    return made


def answers(book: Workbook) -> dict[str, object]:
    return {key: value for key, value in read_answers(book).items() if not key.startswith(MERGED)}


def rows(book: Workbook, kind: type[Any]) -> list[Any]:
    with book.reading() as session:
        return list(session.scalars(select(kind).order_by(kind.id)))


@pytest.mark.parametrize(
    "name",
    [
        "わたしのノート-DESKTOP-7K2", "わたしのノート (ミナトの競合コピー 2026-11-26)", "わたしのノート (1)", "わたしのノート 2",
        "わたしのノート.sync-conflict-20261126-101500-ABCDEFG", "まったく別の名前",
    ],
)  # fmt: skip
def test_a_copy_is_recognised_by_its_history_whatever_its_name(two: Machines, name: str) -> None:
    two.path = two.path.with_name(f"{name}.kizuna")
    two.part()
    path = Path(two.here.path)
    (found,) = relatives(path)
    assert (found.path, found.here, found.there, found.ahead) == (two.path, (), (), False)
    with two.away() as there:
        save_answer(there, "hours", 6)
    save_answer(two.here, "shop", "汐風書店②")
    (found,) = relatives(path)
    assert (found.here, found.there, found.last_by) == (("「shop」を書いた",), ("「hours」を書いた",), "さとみ・PC2")
    assert found.ahead


def test_other_workbooks_copies_and_other_files_are_no_relatives(two: Machines) -> None:
    folder = Path(two.here.path).parent
    save_answer(open_workbook(folder / "春のノート.kizuna"), "shop", "別の店", "ほかのこと")
    open_workbook(folder / "まだ何もないノート.kizuna")
    (folder / "売上.kizuna").write_bytes(b"PK\x03\x04")
    backups.keep_before(Path(two.here.path), backups.RESTORING)
    shutil.copyfile(two.here.path, folder / "わたしのノート（控え 2026-11-01）.kizuna")
    assert relatives(Path(two.here.path)) == ()


def test_the_other_file_is_only_read(two: Machines) -> None:
    with_there = two.part()
    save_answer(with_there, "hours", 6)
    with_there.close()
    before = two.path.read_bytes()
    relatives(Path(two.here.path))
    merge(two.here, two.path)
    assert two.path.read_bytes() == before


def test_what_was_added_on_either_side_is_there_and_one_undo_takes_it_back(two: Machines) -> None:
    two.part()
    with two.away() as there:
        say(there, "アオイ", "夜も開いているとうれしい")
        themes.make(there, PART, "開いている時間", [2])
    say(two.here, "ハル", "段差が気になりました")
    before = contents(two.here)
    woven = merge(two.here, two.path)
    assert woven.conflicts == [] and sound(two.here)
    assert sorted(voices(two.here).values()) == ["夜も開いているとうれしい", "段差が気になりました", "電話で知らせてほしいです"]
    assert {one.name: [card.text for card in one.cards] for one in themes.themes(two.here, PART)} == {
        "お知らせ": ["電話で知らせてほしいです"],
        "開いている時間": ["夜も開いているとうれしい"],
    }
    assert two.here.undo_label() == "「わたしのノート-PC2」を合わせた"
    two.here.undo()
    assert contents(two.here) == before
    two.here.redo()
    assert len(voices(two.here)) == 3 and sound(two.here)


def test_merging_again_changes_nothing_and_the_relative_is_no_longer_ahead(two: Machines) -> None:
    two.part()
    with two.away() as there:
        say(there, "アオイ", "夜も開いているとうれしい")
    merge(two.here, two.path)
    assert not relatives(Path(two.here.path))[0].ahead
    once, label = contents(two.here), two.here.undo_label()
    merge(two.here, two.path)
    assert contents(two.here) == once
    two.here.undo()
    assert label and relatives(Path(two.here.path))[0].ahead


def test_what_goes_on_there_after_a_merge_comes_in_by_the_next(two: Machines) -> None:
    two.part()
    with two.away() as there:
        save_answer(there, "hours", 6)
        touches.log(there, 1, "told", date(2026, 11, 2))
    merge(two.here, two.path)
    touches.edit(two.here, 1, note="電話で")  # it was taken knowingly, so it does not come a second time
    with two.away() as there:
        save_answer(there, "sells", "本")
    merge(two.here, two.path)
    assert answers(two.here) == {"shop": "汐風書店", "hours": 6, "sells": "本"}
    assert [one.note for one in rows(two.here, Touch)] == ["電話で"]


def test_the_same_made_on_both_sides_is_there_once(two: Machines) -> None:
    two.part()
    with two.away() as there:
        say(there, "アオイ", "夜も開いているとうれしい")
        save_answer(there, "hours", 6)
        roster.add_group(there, "おなじみさん", 30)
        themes.move(there, [2], 1)
    say(two.here, "ハル", "段差が気になりました")
    say(two.here, "アオイ", "夜も開いているとうれしい")
    save_answer(two.here, "hours", 6)
    roster.add_group(two.here, "おなじみさん", 30)
    assert merge(two.here, two.path).conflicts == []
    assert sorted(one.name or "" for one in rows(two.here, Person)) == ["アオイ", "ハル", "ミナト"]
    with two.here.reading() as session:
        placed = {session.get_one(Quote, one.quote_id).text: one.theme_id for one in session.scalars(select(Placement))}
    assert placed == {"電話で知らせてほしいです": 1, "夜も開いているとうれしい": 1}
    assert len(voices(two.here)) == 3 and len(people.groups(two.here)) == 1 and sound(two.here)


def test_what_only_they_changed_is_taken_and_what_both_changed_is_asked(two: Machines) -> None:
    save_answer(two.here, "sells", "本")
    two.part()
    with two.away() as there:
        save_answer(there, "shop", "汐風書店 港店")
        save_answer(there, "sells", "本と文具")
    save_answer(two.here, "shop", "しおかぜ書店")
    woven = merge(two.here, two.path)
    assert answers(two.here) == {"shop": "しおかぜ書店", "sells": "本と文具"}
    (asked,) = woven.conflicts
    assert (asked.table, asked.column, asked.here, asked.there) == ("answer", "value", "しおかぜ書店", "汐風書店 港店")
    assert look(two.here, two.path).conflicts == [asked]


@pytest.mark.parametrize("theirs", [True, False])
def test_each_conflict_is_decided_for_good_and_can_be_undone(two: Machines, theirs: bool) -> None:
    two.part()
    with two.away() as there:
        save_answer(there, "shop", "汐風書店 港店")
    save_answer(two.here, "shop", "しおかぜ書店")
    conflicts = merge(two.here, two.path).conflicts
    with pytest.raises(KizunaError, match="選んでから"):
        put_away(two.here, two.path)
    settle(two.here, conflicts, theirs)
    assert read_answer(two.here, "shop") == ("汐風書店 港店" if theirs else "しおかぜ書店")
    assert look(two.here, two.path).conflicts == []
    two.here.undo()
    assert read_answer(two.here, "shop") == "しおかぜ書店" and look(two.here, two.path).conflicts == conflicts
    two.here.redo()
    assert look(two.here, two.path).conflicts == []
    if theirs:
        with pytest.raises(KizunaError, match="書きかえられました"):
            settle(two.here, conflicts, theirs)


def test_what_they_took_away_goes_unless_we_went_on_with_it(two: Machines) -> None:
    say(two.here, "アオイ", "夜も開いているとうれしい")
    themes.make(two.here, PART, "開いている時間", [2])
    touches.log(two.here, 1, "told", date(2026, 11, 2))
    two.part()
    with two.away() as there:
        themes.remove(there, 1)
        themes.remove(there, 2)
        touches.remove(there, 1)
    themes.write_note(two.here, 2, "夏は早めに")
    woven = merge(two.here, two.path)
    assert [(one.name, one.note, len(one.cards)) for one in themes.themes(two.here, PART)] == [("開いている時間", "夏は早めに", 1)]
    assert rows(two.here, Touch) == [] and ("theme", 2) in woven.back and sound(two.here)


def test_what_we_took_away_and_they_went_on_with_comes_back_whole(two: Machines) -> None:
    item = plan.begin(two.here, PART, 1, date(2026, 11, 1))
    assert plan.plan(two.here, PART).actions[0].evidence
    two.part()
    with two.away() as there:
        plan.edit(there, item, title="電話でお知らせする")
        say(there, "ミナト", "また来ます", 3)
    plan.remove(two.here, item)
    woven = merge(two.here, two.path)
    (back,) = plan.plan(two.here, PART).actions
    assert (back.title, [card.text for card in back.evidence]) == ("電話でお知らせする", ["電話で知らせてほしいです"])
    assert ("action", item) in woven.back and sound(two.here)


def test_an_import_undone_here_comes_back_where_they_built_on_it(two: Machines) -> None:
    say(two.here, "アオイ", "夜も開いているとうれしい")
    two.part()
    with two.away() as there:
        themes.move(there, [2], 1)
    assert two.here.undo() == "アオイさんのお話を書きとめた"
    merge(two.here, two.path)
    assert "夜も開いているとうれしい" in voices(two.here).values() and sound(two.here)
    assert {card.text for card in themes.themes(two.here, PART)[0].cards} == {"電話で知らせてほしいです", "夜も開いているとうれしい"}


def test_what_one_side_only_undid_stays_and_is_told(two: Machines) -> None:
    touches.log(two.here, 1, "told", date(2026, 11, 2))
    touches.remove(two.here, 1)
    two.part()
    assert two.here.undo() and rows(two.here, Touch)  # here the removal was undone, there it stands
    woven = merge(two.here, two.path)
    assert len(rows(two.here, Touch)) == 1 and len(woven.undone) == 1
    with two.away() as there:
        assert len(merge(there, Path(two.here.path)).undone) == 1 and len(rows(there, Touch)) == 1 and sound(there)


def test_an_item_that_loses_one_half_of_its_ground_on_each_side_leaves_the_plan(two: Machines) -> None:
    say(two.here, "アオイ", "夜は電話で知らせてほしいです")
    themes.move(two.here, [2], 1)
    item = plan.begin(two.here, PART, 1, date(2026, 11, 1))
    plan.edit(two.here, item, title="電話でお知らせする", relation="待っていてくださる方に、届いたその日に伝えられる。")
    plan.rest_on(two.here, item, [1, 2])
    plan.decide(two.here, item)
    two.part()
    with two.away() as there:
        plan.tie(there, item, 1, yes=False)
    plan.tie(two.here, item, 2, yes=False)
    merge(two.here, two.path)
    (left,) = plan.plan(two.here, PART).actions
    assert left.evidence == () and not left.decided


def test_both_began_a_plan_and_it_is_one_plan(two: Machines) -> None:
    two.part()
    with two.away() as there:
        plan.begin(there, PART, 1, date(2026, 11, 5))
        plan.edit(there, 1, title="あちらの一手")
    plan.begin(two.here, PART, 1, date(2026, 11, 2))
    plan.edit(two.here, 1, title="こちらの一手")
    merge(two.here, two.path)
    assert len(rows(two.here, Plan)) == 1
    assert {one.title for one in plan.plan(two.here, PART).actions} == {"こちらの一手", "あちらの一手"}


def test_a_letter_that_both_rewrote_is_kept_twice_and_never_mixed(two: Machines) -> None:
    letter = drafts.begin(two.here, PART, Kind.INVITATION, "letter", words={"greeting": "はじめの言葉。"}, quotes={"wish": [1]})
    two.part()
    with two.away() as there:
        drafts.write(there, letter, "greeting", "あちらの言葉。")
    drafts.write(two.here, letter, "greeting", "こちらの言葉。")
    woven = merge(two.here, two.path)
    found = [one.text for one in drafts.drafts(two.here, PART, Kind.INVITATION)]
    wish = "「電話で知らせてほしいです」"
    assert sorted(found) == [f"あちらの言葉。\n{wish}", f"こちらの言葉。\n{wish}"] and len(woven.twice) == 1
    with two.away() as there:
        save_answer(there, "sells", "本")
    merge(two.here, two.path)
    assert len(drafts.drafts(two.here, PART, Kind.INVITATION)) == 2


def test_a_name_that_another_bears_now_over_there_is_taken_over_and_can_be_undone(two: Machines) -> None:
    first = roster.add_group(two.here, "おなじみさん")
    two.part()
    with two.away() as there:
        roster.edit_group(there, first, name="いつもの方")
        new = roster.add_group(there, "おなじみさん")
    before = contents(two.here)
    merge(two.here, two.path)
    merged = contents(two.here)
    assert {number: row[0] for number, row in merged["group"].items()} == {first: "いつもの方", new: "おなじみさん"}
    two.here.undo()
    assert contents(two.here) == before
    two.here.redo()
    assert contents(two.here) == merged


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("here", [0, 1])
def test_letters_that_stand_alike_on_one_side_stay_as_many(two: Machines, before: int, here: int) -> None:
    def write(book: Workbook, times: int) -> None:
        for _ in range(times):
            drafts.begin(book, PART, Kind.INVITATION, "letter", words={"greeting": "お元気ですか。"}, quotes={"wish": [1]})

    write(two.here, before)
    two.part()
    write(two.here, here)
    with two.away() as there:
        write(there, 2)
    for _ in range(2):
        merge(two.here, two.path)
        assert len(drafts.drafts(two.here, PART, Kind.INVITATION)) == before + 2


@pytest.mark.parametrize("no_here", [True, False])
def test_a_no_stands_over_a_yes(two: Machines, no_here: bool) -> None:
    two.part()
    no, yes = (
        {"wish": "no", "asked_on": date(2026, 11, 2), "method": "talk"},
        {"wish": "yes", "asked_on": date(2026, 11, 3), "method": "phone"},
    )
    with two.away() as there:
        roster.set_contact(there, 1, "line", **(yes if no_here else no))
    roster.set_contact(two.here, 1, "line", **(no if no_here else yes))
    assert merge(two.here, two.path).conflicts == []
    assert [(one.wish, one.method) for one in rows(two.here, Contact)] == [("no", "talk")]


def test_somebody_they_took_off_the_list_stays_where_we_noted_something(two: Machines) -> None:
    for name in ("ツムギ", "レン"):
        roster.add(two.here, name)
    two.part()
    with two.away() as there:
        roster.remove(there, 2)
        roster.remove(there, 3)
    touches.log(two.here, 2, "told", date(2026, 11, 2))
    woven = merge(two.here, two.path)
    assert [one.name for one in rows(two.here, Person)] == ["ミナト", "ツムギ"] and ("person", 2) in woven.back and sound(two.here)


def test_who_a_sender_of_a_talk_is_stays_the_same_person(two: Machines) -> None:
    """Also where both sides gave one number to two people, and where a talk's sender is a word and nobody's number."""
    two.part()
    with two.away() as there:
        reads(there, "レン")
    reads(two.here, "ツムギ")
    merge(two.here, two.path)
    with two.here.reading() as session:
        name = dict(session.execute(select(Person.id, Person.name)).tuples().all())
        talks = session.scalars(select(Source.columns).where(Source.kind == "talk").order_by(Source.id)).all()
    assert [[sender, name.get(who, who)] for talk in talks for sender, who in talk] == [
        ["ツムギ", "ツムギ"], ["店", "owner"], ["レン", "レン"], ["店", "owner"],
    ]  # fmt: skip


def reads(book: Workbook, name: str) -> None:
    """A talk is read in, in which somebody who is new on the list spoke."""
    who = roster.add(book, name)
    with book.act("トークを入れた") as session:
        session.add(Source(name="トーク", kind="talk", sha256=name, lineage=name, columns=[[name, who], ["店", "owner"]]))


def test_as_many_alike_as_either_side_made_are_there(two: Machines) -> None:
    two.part()
    with two.away() as there:
        for _ in range(3):
            touches.log(there, 1, "told", date(2026, 11, 2))
    touches.log(two.here, 1, "told", date(2026, 11, 2))
    merge(two.here, two.path)
    assert len(rows(two.here, Touch)) == 3


def test_what_the_owner_placed_stands_over_what_a_draft_placed(two: Machines) -> None:
    say(two.here, "アオイ", "夜も開いているとうれしい")
    say(two.here, "ハル", "段差が気になりました")
    two.part()
    with two.away() as there, there.act("下書き") as session:
        session.add(Theme(part=PART, name="下書きの箱", named_by="draft"))
        session.flush()
        session.add_all([Placement(quote_id=2, theme_id=2, by="draft"), Placement(quote_id=3, theme_id=2, by="draft")])
    themes.make(two.here, PART, "わたしの箱", [2])
    assert merge(two.here, two.path).conflicts == []
    assert {one.name: {card.text for card in one.cards} for one in themes.themes(two.here, PART)} == {
        "お知らせ": {"電話で知らせてほしいです"},
        "わたしの箱": {"夜も開いているとうれしい"},
        "下書きの箱": {"段差が気になりました"},
    }


def test_an_empty_draft_box_does_not_come_along(two: Machines) -> None:
    two.part()
    with two.away() as there, there.act("下書き") as session:
        session.add(Theme(part=PART, name="下書きの箱", named_by="draft"))
    merge(two.here, two.path)
    assert [one.name for one in themes.themes(two.here, PART)] == ["お知らせ"]


def test_a_voice_is_never_changed_and_two_texts_under_one_identity_both_stay(two: Machines) -> None:
    two.part()
    with two.away() as there:
        say(there, "アオイ", "夜も開いているとうれしい")
    say(two.here, "アオイ", "夜も開いているとうれしい")
    with sqlite3.connect(Path(two.here.path)) as connection:  # as if another machine had stored other words under the same mark
        connection.execute("UPDATE voice SET text = '夜も開いていると、うれしい' WHERE id = 2")
    merge(two.here, two.path)
    assert sorted(voices(two.here).values()) == ["夜も開いていると、うれしい", "夜も開いているとうれしい", "電話で知らせてほしいです"]


def test_what_was_erased_here_for_good_does_not_come_back(two: Machines) -> None:
    say(two.here, "アオイ", "夜も開いているとうれしい")
    two.part()
    with two.away() as there:
        touches.log(there, 2, "told", date(2026, 11, 2))
        touches.log(there, 1, "told", date(2026, 11, 3))
        themes.move(there, [2], 1)
    two.here.close()
    with sqlite3.connect(Path(two.here.path)) as connection:  # erased: gone without a trace in the history
        for table in ("quote", "voice", "person"):
            connection.execute(f"DELETE FROM {table} WHERE id = 2")
        connection.execute("DELETE FROM change WHERE act_id = 4")
        connection.execute("UPDATE act SET label = '' WHERE id = 4")
    woven = merge(two.here, two.path)
    assert woven.lost == {"touch": 1, "placement": 1} and len(voices(two.here)) == 1 and sound(two.here)
    assert [one.person_id for one in rows(two.here, Touch)] == [1]


def test_an_older_version_is_brought_up_to_date_in_a_copy(two: Machines) -> None:
    there = two.part()
    say(there, "アオイ", "夜も開いているとうれしい")
    there.close()
    for path in (two.path, Path(two.here.path)):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE act SET by = NULL")
    with sqlite3.connect(two.path) as connection:
        connection.execute("ALTER TABLE act DROP COLUMN by")
        connection.execute("DROP TABLE erasure")
        connection.execute("UPDATE alembic_version SET version_num = '0005'")
    before = two.path.read_bytes()
    assert relatives(Path(two.here.path))[0].ahead
    merge(two.here, two.path)
    assert len(voices(two.here)) == 2 and two.path.read_bytes() == before


@pytest.mark.parametrize("there", [True, False])
def test_who_was_taken_out_of_one_does_not_come_back_from_the_other(two: Machines, there: bool) -> None:
    other = two.part()
    say(other, "アオイ", "夜も開いているとうれしい")
    book = other if there else two.here
    with book.act("消した") as session:
        session.add(Erasure(state="done"))
    other.close()
    before = len(voices(two.here))
    for what in (look, merge):
        with pytest.raises(KizunaError, match="もどることがある"):
            what(two.here, two.path)
    assert len(voices(two.here)) == before


def test_somebody_taken_out_of_each_lets_neither_come_back_and_somebody_taken_out_before_is_in_neither(two: Machines) -> None:
    def take_out(book: Workbook, at: datetime) -> None:
        with book.act("消した") as session:
            session.add(Erasure(state="done", at=at))

    take_out(two.here, datetime(2026, 11, 1))
    other = two.part()
    say(other, "アオイ", "夜も開いているとうれしい")
    merge(two.here, two.path)
    assert len(voices(two.here)) == 2
    take_out(two.here, datetime(2026, 11, 2))
    take_out(other, datetime(2026, 11, 3))
    say(other, "ハル", "また来ます")
    for what in (look, merge):
        with pytest.raises(KizunaError, match="もどることがある"):
            what(two.here, two.path)
    assert len(voices(two.here)) == 2


def test_two_acts_of_one_second_at_one_machine_are_told_apart_by_what_they_did(two: Machines) -> None:
    there = two.part()
    save_answer(there, "sells", "あちら", "同じ名前")
    save_answer(two.here, "hours", "こちら", "同じ名前")
    with sqlite3.connect(two.path) as one, sqlite3.connect(Path(two.here.path)) as other:
        one.execute("UPDATE act SET at = '2026-11-26 10:00:00' WHERE id = 4")
        other.execute("UPDATE act SET at = '2026-11-26 10:00:00' WHERE id = 4")
    merge(two.here, two.path)
    assert answers(two.here) == {"shop": "汐風書店", "sells": "あちら", "hours": "こちら"}


def test_what_is_no_relative_is_refused_in_one_sentence(two: Machines) -> None:
    other = Path(two.here.path).with_name("春のノート.kizuna")
    save_answer(open_workbook(other), "shop", "別の店")
    before = contents(two.here)
    with pytest.raises(KizunaError, match="「春のノート」は、いま開いているノートから分かれたものではない"):
        merge(two.here, other)
    with pytest.raises(KizunaError, match="見つかりません"):
        merge(two.here, other.with_name("ない.kizuna"))
    assert contents(two.here) == before


def test_a_copy_of_before_is_kept_and_the_other_file_goes_among_the_copies_by_the_owners_hand(two: Machines) -> None:
    there = two.part()
    say(there, "アオイ", "夜も開いているとうれしい")
    there.close()
    with pytest.raises(KizunaError, match="まだ合わせていない"):
        put_away(two.here, two.path)
    merge(two.here, two.path)
    assert [one.why for one in backups.copies(Path(two.here.path))] == ["合わせる前"]
    content = two.path.read_bytes()
    kept = put_away(two.here, two.path)
    assert not two.path.exists() and kept.read_bytes() == content
    assert {one.why for one in backups.copies(Path(two.here.path))} == {"合わせる前", "合わせたノート"}
    assert relatives(Path(two.here.path)) == ()


@pytest.fixture(scope="module")
def fast_disk() -> Iterator[Path]:
    """A folder in memory, where there is one: every act waits for the disk otherwise."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


NUMBERS = st.tuples(*[st.integers(0, 400)] * 4)
ACTS = st.lists(NUMBERS, max_size=10)
WHOLE = {"draft", "piece", "paper_copy"}  # letters are looked at as letters


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.reuse, Phase.generate])
@given(before=st.lists(NUMBERS, max_size=8), here=ACTS, there=ACTS)
def test_whatever_was_done_on_either_side_is_there_once_and_only_conflicts_are_asked(
    fast_disk: Path, monkeypatch: pytest.MonkeyPatch, before: list[Any], here: list[Any], there: list[Any]
) -> None:
    with tempfile.TemporaryDirectory(dir=fast_disk) as folder:
        two = Machines(Path(folder), monkeypatch)
        for who, words in (("ミナト", "電話で知らせてほしいです"), ("アオイ", "夜も開いているとうれしい")):
            say(two.here, who, words)
        for one in before:
            act(two.here, *one)
        two.part()
        common, letters = contents(two.here), told_letters(two.here)
        with two.here.reading() as session:
            parted = dict(session.execute(text("SELECT name, seq FROM sqlite_sequence")).tuples().all())
        with two.away() as other:
            for one in there:
                act(other, *one)
        for one in here:
            act(two.here, *one)
        mine, theirs = contents(two.here), contents(two.there)
        said = voices(two.here), voices(two.there)
        mirrored = Path(folder) / "逆.kizuna"
        shutil.copyfile(two.path, mirrored)

        woven = merge(two.here, two.path)
        merged = contents(two.here)
        assert sound(two.here)
        assert all(voices(two.here)[identity] == words for one in said for identity, words in one.items() if stands(identity, said, common))
        assert_nothing_is_missing(parted, common, mine, theirs, merged, woven)
        new = (told_letters(two.here) | told_letters(two.there)) - letters
        assert new <= told_letters(two.here)
        assert look(two.here, two.path).conflicts == woven.conflicts
        merge(two.here, two.path)
        assert contents(two.here) == merged

        mirror = open_workbook(mirrored)
        original = Path(folder) / "もと.kizuna"
        if merged != mine:
            two.here.undo()
            assert contents(two.here) == mine
        shutil.copyfile(two.here.path, original)
        merge(mirror, original)
        assert sound(mirror)
        named = [column.name for column in Voice.__table__.columns].index("identity")
        assert set(voices(mirror)) == {row[named] for row in merged["voice"].values()}


def stands(identity: str, said: tuple[dict[str, str], dict[str, str]], common: dict[str, dict[int, tuple[Any, ...]]]) -> bool:
    """Whether a voice has to be there: both have it, or one of them was told it since they parted."""
    named = [column.name for column in Voice.__table__.columns].index("identity")
    return all(identity in one for one in said) or identity not in {row[named] for row in common["voice"].values()}


def assert_nothing_is_missing(parted: dict[str, int], common: Any, mine: Any, theirs: Any, merged: Any, woven: Woven) -> None:
    asked = {(one.table, one.row_id, one.column) for one in woven.conflicts}
    taken = list(woven.became.items())
    assert len({(name, number) for (name, _), number in taken}) == len(taken), f"two of their rows became one: {taken}"
    for table in TABLES:
        name, columns = table.name, list(table.columns)
        if name in WHOLE:
            continue
        for number, row in theirs[name].items():
            here = woven.became.get((name, number), number)
            if number in common[name] and here == number:
                if number in mine[name]:
                    assert number in merged[name], (name, row)
                continue
            assert here in merged[name], (name, row)
            if here not in mine[name]:
                plain = [at for at, column in enumerate(columns) if not column.primary_key and not column.foreign_keys]
                assert all(row[at] == merged[name][here][at] or columns[at].name == "decided" for at in plain), (row, merged[name][here])
        for number, row in mine[name].items():
            if number not in merged[name]:
                assert number <= parted.get(name, 0) and number not in theirs[name], (name, row)
                continue
            was, other = common[name].get(number), theirs[name].get(number) if number in common[name] else None
            for at, column in enumerate(columns):
                now, key = merged[name][number][at], (name, column.name)
                if key in QUIET or column.name == "decided" or name == "contact" or (name, number, column.name) in asked:
                    continue
                if woven.undone:
                    continue  # told apart: what one side undid stays done
                if was and other and row[at] == was[at] and not column.foreign_keys:
                    assert now == other[at], (name, column.name)
                elif was and other and other[at] in (was[at], row[at]):
                    assert now == row[at], (name, column.name)


def told_letters(book: Workbook) -> set[str]:
    return {f"{one.title}|{one.text}" for one in drafts.drafts(book, PART, Kind.INVITATION)}
