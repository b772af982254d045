"""A LINE group's talk: only who spoke when comes in, and only once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from kizuna.errors import KizunaError
from kizuna.steps import people
from kizuna.steps.tribe import chat, members, talks, turns
from kizuna.steps.tribe.gate import NOTE
from kizuna.workbook.answers import save_answer
from kizuna.workbook.models import Talk
from kizuna.workbook.reading import read_talk_times
from kizuna.workbook.store import MEMORY, Workbook, open_workbook
from tests.steps.tribe.membership import a_place, at, saved

GROUP = """[LINE] 読書の会のトーク履歴
保存日時：2026/11/15 10:20

2026/11/10(火)
9:58\t\t店主が山田花子を招待しました。
9:59\t山田花子がグループに参加しました。
10:05\t店主\t"おはようございます😊
今月の本です"
10:06\t山田花子\t[スタンプ]
10:07\t佐藤\t[写真]
10:08\t佐藤\t😂😂
10:09\t佐藤\t☎ グループ通話が開始されました
10:10\t\t佐藤がメッセージの送信を取り消しました
10:11\t佐藤\tメッセージの送信を取り消しました
10:12\t鈴木が退出しました。
"""
PC = """[LINE] 読書の会のトーク履歴
保存日時：2026/11/15 10:20

2026.11.10 火曜日
09:59 高橋 良がグループに参加しました。
10:05 店主 おはようございます。
10:06 山田 花子 スタンプ
10:07 山田 花子 よみました
10:08 山田 花子 よかったです
10:09 高橋 良が退出しました。
"""
WHO: dict[str, chat.Who | None] = {"店主": chat.OWNER, "花": chat.NEW, "月": chat.NEW, "風": chat.NEW}
MESSAGES = st.lists(
    st.tuples(
        st.integers(0, 40 * 24 * 4).map(lambda quarter: datetime(2026, 10, 1) + timedelta(minutes=15 * quarter)), st.sampled_from(list(WHO))
    ),
    min_size=1,
    max_size=25,
).map(lambda times: [(when, who, "言葉") for when, who in sorted(times, key=lambda one: one[0])])


def stored(book: Workbook) -> list[tuple[datetime, int | None]]:
    with book.reading() as session:
        return [(one.at, one.speaker_id) for one in session.scalars(select(Talk).order_by(Talk.at, Talk.speaker_id))]


def an_open_book() -> Workbook:
    book = open_workbook(MEMORY)
    save_answer(book, NOTE, "研修の練習のため")
    return book


def test_stickers_pictures_and_emoji_are_spoken_notices_and_unsent_messages_are_not() -> None:
    spoken = read_talk_times("会.txt", GROUP.encode())
    assert [(when.minute, who) for when, who in spoken.times] == [(5, "店主"), (6, "山田花子"), (7, "佐藤"), (8, "佐藤")]
    assert (spoken.people, spoken.left_out) == (("佐藤", "店主", "山田花子"), 6)


def test_the_pcs_talk_knows_who_joined_and_left_from_who_spoke() -> None:
    spoken = read_talk_times("会.txt", PC.encode())
    assert [(when.minute, who) for when, who in spoken.times] == [(5, "店主"), (6, "山田 花子"), (7, "山田 花子"), (8, "山田 花子")]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("お名前,言葉\nミナト,よい\n".encode(), "LINE のトーク履歴ではないようです"),
        (b"", "空のファイル"),
        (b"%PDF-1.7", "PDF"),
        ("[LINE] 会のトーク履歴\n2026/11/10(火)\n9:59\t花がグループに参加しました。\n".encode(), "だれがいつ話したかを読めませんでした"),
    ],
)
def test_what_is_no_talk_is_refused_in_one_sentence(data: bytes, told: str) -> None:
    with pytest.raises(KizunaError, match=told):
        read_talk_times("会.txt", data)


def test_no_word_of_the_members_is_kept_anywhere() -> None:
    book = an_open_book()
    spoken = saved([(at(10), "店主", "ヒミツのことば"), (at(10, 11), "花", "[スタンプ]"), (at(10, 12), "花", "ナイショのはなし")])
    assert not any("ことば" in repr(one) for one in (spoken, spoken.times))
    chat.take_in(book, spoken, {"店主": chat.OWNER, "花": chat.NEW})
    with book.reading() as session:
        tables = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        rows = [str(row) for name in tables for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    assert rows and not any("ヒミツ" in row or "ナイショ" in row for row in rows)


def test_the_preview_writes_nothing_and_says_what_would_come() -> None:
    book, ids = a_place("花")
    spoken = saved([(at(10), "店主", "a"), (at(10, 11), "花", "b"), (at(11), "月", "c")])
    who: dict[str, chat.Who | None] = {"店主": chat.OWNER, "花": ids["花"], "月": chat.NEW}
    version = book.version()
    planned = chat.preview(book, spoken, who)
    assert (planned.new, planned.known, planned.joining, planned.first, planned.last) == (3, 0, 1, at(10).date(), at(11).date())
    assert book.version() == version
    assert chat.take_in(book, spoken, who) == planned
    assert [one.called for one in members.members(book)] == ["わたし（店主）", "花さん", "月さん"]
    assert members.members(book)[2].joined_on == at(11).date()
    book.undo()
    assert stored(book) == [] and len(members.members(book)) == 2 and len(people.everyone(book)) == 1


def test_who_is_who_is_asked_and_remembered() -> None:
    book, ids = a_place("花")
    spoken = saved([(at(10), "しおかぜ", "a"), (at(10, 11), "花さん", "b"), (at(10, 12), "Unknown", "c")])
    guess = chat.suggest(book, spoken)
    assert guess == {"しおかぜ": None, "花さん": ids["花"], "Unknown": None}
    with pytest.raises(KizunaError, match="「しおかぜ」「Unknown」がどなたか"):
        chat.take_in(book, spoken, guess)
    with pytest.raises(KizunaError, match="どれがあなた"):
        chat.take_in(book, spoken, {**guess, "しおかぜ": ids["花"], "Unknown": chat.NOBODY})
    chat.take_in(book, spoken, {**guess, "しおかぜ": chat.OWNER, "Unknown": chat.NOBODY})
    assert [who for _, who in stored(book)] == [None, ids["花"]]
    assert chat.suggest(book, spoken) == {"しおかぜ": chat.OWNER, "花さん": ids["花"], "Unknown": chat.NOBODY}


def test_a_talk_without_the_owner_comes_in_when_that_is_said() -> None:
    book = an_open_book()
    spoken = saved([(at(10), "花", "a"), (at(10, 11), "月", "b")])
    assert chat.take_in(book, spoken, {"花": chat.NEW, "月": chat.NEW}, without_owner=True).new == 2


def test_who_would_join_waits_for_the_gate_who_is_a_member_does_not() -> None:
    book, ids = a_place("花")
    save_answer(book, NOTE, "")
    spoken = saved([(at(10), "店主", "a"), (at(10, 11), "花", "b"), (at(11), "月", "c")])
    with pytest.raises(KizunaError, match="複数のファンがいります"):
        chat.take_in(book, spoken, {"店主": chat.OWNER, "花": ids["花"], "月": chat.NEW})
    assert stored(book) == []
    assert chat.take_in(book, spoken, {"店主": chat.OWNER, "花": ids["花"], "月": chat.NOBODY}).new == 2


@settings(max_examples=25, deadline=None)
@given(MESSAGES)
def test_the_same_talk_again_changes_nothing(messages: list[tuple[datetime, str, str]]) -> None:
    book = an_open_book()
    spoken = saved(messages)
    who = {name: WHO[name] for name in spoken.people}
    assert chat.take_in(book, spoken, who, without_owner=True).new == len(messages)
    before, version = stored(book), book.version()
    again = chat.take_in(book, spoken, chat.suggest(book, spoken), without_owner=True)
    assert (again.new, again.known, book.version()) == (0, len(messages), version)
    assert stored(book) == before


@settings(max_examples=25, deadline=None)
@given(MESSAGES, st.integers(1, 25))
def test_a_grown_talk_adds_only_what_is_new(messages: list[tuple[datetime, str, str]], cut: int) -> None:
    grown, whole = an_open_book(), an_open_book()
    for book, files in ((grown, [messages[:cut], messages]), (whole, [messages])):
        for talk in files:
            spoken = saved(talk)
            chat.take_in(book, spoken, {name: WHO[name] for name in spoken.people}, without_owner=True)
    assert len(stored(grown)) == len(messages)

    def named(book: Workbook) -> list[tuple[datetime, str]]:
        names = {one.id: one.name or "" for one in people.everyone(book)}
        return sorted((when, names.get(who or 0, "")) for when, who in stored(book))

    assert named(grown) == named(whole)
    assert [one.to for one in turns.read(grown).turns] == [one.to for one in turns.read(whole).turns]


def test_a_second_message_of_the_same_minute_is_new_and_counted_once() -> None:
    book = an_open_book()
    one, two = ([(at(10), "花", "a")] * count for count in (1, 2))
    for messages, new in ((one, 1), (two, 1), (two, 0), (one, 0)):
        spoken = saved(messages)
        assert chat.preview(book, spoken, {"花": chat.NEW}).new == new
        chat.take_in(book, spoken, {"花": chat.NEW}, without_owner=True)
    assert len(stored(book)) == 2


def test_only_the_last_year_is_taken() -> None:
    book = an_open_book()
    old = datetime(2025, 1, 1, 10)
    spoken = saved([(old, "花", "a"), (at(10), "店主", "b")])
    assert chat.take_in(book, spoken, {"花": chat.NEW, "店主": chat.OWNER}).new == 1


def test_all_of_it_can_be_taken_out_again_what_was_written_by_hand_stays() -> None:
    book, ids = a_place("花")
    talks.log(book, ids["花"], talks.To.ALL, at(9).date())
    chat.take_in(book, saved([(at(10), "店主", "a"), (at(10, 11), "花", "b")]), {"店主": chat.OWNER, "花": ids["花"]})
    assert chat.kept(book) == 2
    assert chat.forget(book) == 2
    assert (chat.kept(book), len(stored(book))) == (0, 1)
    book.undo()
    assert chat.kept(book) == 2
