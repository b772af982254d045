"""Voices come in word for word, each once, each tied to the right person; and one undo takes a whole import away."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, text

from kizuna.errors import KizunaError
from kizuna.process import Part
from kizuna.workbook.intake import Intake, Said, bring_in, hear, preview, says_nothing
from kizuna.workbook.models import Base, Person, Quote, Source, Voice, fingerprint
from kizuna.workbook.reading import Role, Row, Table, Topic, guess_columns, read_file, read_pasted
from kizuna.workbook.reading.cell import clean
from kizuna.workbook.store import MEMORY, Workbook, open_workbook

DATASETS = Path(__file__).parents[2] / "datasets"
WISH, SEEN = "ご要望を聞かせてください", "ふだんよく見るもの"
DAY = date(2026, 11, 3)


def dataset(name: str) -> Table:
    path = DATASETS / name
    return read_file(path.name, path.read_bytes())


def csv_of(header: Sequence[str], *rows: Sequence[str], name: str = "声.csv") -> Table:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return read_file(name, out.getvalue().encode("utf-8"))


def xlsx_of(header: Sequence[str], *rows: Sequence[str], name: str = "声.xlsx") -> Table:
    book = openpyxl.Workbook()
    for line in (header, *rows):
        book.worksheets[0].append(list(line))
    out = io.BytesIO()
    book.save(out)
    return read_file(name, out.getvalue())


def take_in(book: Workbook, table: Table) -> Intake:
    return bring_in(book, table, guess_columns(table))


def contents(book: Workbook) -> dict[str, list[Any]]:
    """Every row of every table but the history itself."""
    with book.reading() as session:
        tables = [table for name, table in Base.metadata.tables.items() if name not in ("act", "change")]
        return {table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))] for table in tables}


def voices(book: Workbook) -> list[Voice]:
    with book.reading() as session:
        return list(session.scalars(select(Voice).order_by(Voice.id)))


def people(book: Workbook) -> list[Person]:
    with book.reading() as session:
        return list(session.scalars(select(Person).order_by(Person.id)))


def cards(book: Workbook) -> list[str]:
    with book.reading() as session:
        return [quote.text for quote in session.scalars(select(Quote).order_by(Quote.id))]


# ---- the data sets


@pytest.mark.parametrize(
    ("name", "rows", "stored", "who"),
    [("inn/inn_wishes.csv", 240, 480, 200), ("inn/inn_reviews.xlsx", 60, 60, 55), ("bookshop/voices.csv", 16, 80, 16)],
)
def test_a_data_set_comes_in_whole(name: str, rows: int, stored: int, who: int) -> None:
    book, table = open_workbook(MEMORY), dataset(name)
    intake = take_in(book, table)
    assert (len(table.rows), intake.voices, intake.people, intake.known, intake.problems) == (rows, stored, who, 0, ())
    assert (len(voices(book)), len(people(book))) == (stored, who)


@pytest.mark.parametrize("name", ["inn/inn_wishes.csv", "inn/inn_reviews.xlsx", "bookshop/voices.csv"])
def test_the_same_file_a_second_time_adds_nothing_and_is_no_act(name: str) -> None:
    book, table = open_workbook(MEMORY), dataset(name)
    first = take_in(book, table)
    before, version = contents(book), book.version()
    again = take_in(book, table)
    assert (again.voices, again.people, again.known) == (0, 0, first.voices)
    assert contents(book) == before
    assert book.version() == version


@pytest.mark.parametrize("name", ["inn/inn_wishes.csv", "inn/inn_reviews.xlsx", "bookshop/voices.csv"])
def test_the_preview_says_exactly_what_will_come(name: str) -> None:
    book, table = open_workbook(MEMORY), dataset(name)
    columns = guess_columns(table)
    half = replace(table, rows=table.rows[: len(table.rows) // 2])
    bring_in(book, half, columns)
    before = contents(book)
    told = preview(book, table, columns)
    assert contents(book) == before
    done = bring_in(book, table, columns)
    assert (told.voices, told.people, told.known, told.problems) == (done.voices, done.people, done.known, done.problems)


def test_the_preview_counts_the_empty_answers_as_bring_in_does() -> None:
    book = open_workbook(MEMORY)
    table = csv_of(["お名前", WISH, SEEN], ["ミナト", "特になし", "LINE"], ["波", "夜も開けてほしいです", "特になし"])
    columns = guess_columns(table)
    assert [column.role for column in columns] == [Role.PERSON, Role.VOICE, Role.MEDIA]
    assert preview(book, table, columns) == bring_in(book, table, columns)


# ---- the same, grown, or in another form


def test_a_file_that_grew_by_rows_adds_only_the_new_ones() -> None:
    book = open_workbook(MEMORY)
    header = ["タイムスタンプ", WISH]
    rows = [[f"2026/11/{day:02} 10:00:00", f"{day}日の朝に焼きたてがほしいです"] for day in range(1, 11)]
    assert take_in(book, csv_of(header, *rows[:4])).voices == 4
    grown = take_in(book, csv_of(header, *rows))
    assert (grown.voices, grown.people, grown.known) == (6, 6, 4)
    assert [voice.text for voice in voices(book)] == [row[1] for row in rows]


def test_bare_answers_that_grew_by_some_rows_add_only_the_new_ones() -> None:
    book = open_workbook(MEMORY)
    lines = [f"{number}番の棚を低くしてほしい" for number in range(8)]
    bring = [take_in(book, read_pasted("\n".join(some))) for some in (lines[:5], lines)]
    assert [one.voices for one in bring] == [5, 3]
    assert [voice.text for voice in voices(book)] == lines


def test_rows_put_in_another_order_are_the_same_rows() -> None:
    book = open_workbook(MEMORY)
    rows = [["ミナト", "夜も開けてほしい"], ["波", "椅子がほしい"], ["シロ", "電話がほしい"]]
    take_in(book, csv_of(["お名前", WISH], *rows))
    assert take_in(book, csv_of(["お名前", WISH], *reversed(rows), name="並べかえ.csv")).voices == 0


def test_excel_and_csv_with_the_same_content_come_in_once() -> None:
    header = ["タイムスタンプ", "お名前", WISH, SEEN]
    rows = [
        ["2026/11/01 10:00:00", "ミナト", "夜も開けてほしい\n金曜だけでも", "LINE"],
        ["2026/11/02 11:30:00", "", "椅子がほしいです", "はがき"],
    ]
    for first, second in [(csv_of, xlsx_of), (xlsx_of, csv_of)]:
        book = open_workbook(MEMORY)
        assert take_in(book, first(header, *rows)).voices == 4
        assert take_in(book, second(header, *rows)).voices == 0
        assert len(people(book)) == 2


def test_two_people_who_say_the_same_in_one_file_are_two_voices() -> None:
    book = open_workbook(MEMORY)
    intake = take_in(book, read_pasted("駐車場がほしい\n駐車場がほしい\n静かで落ち着きます"))
    assert (intake.voices, intake.people, len(cards(book))) == (3, 3, 3)


def test_two_people_without_names_who_say_the_same_in_two_files_are_both_kept() -> None:
    book = open_workbook(MEMORY)
    take_in(book, csv_of([WISH], ["駐車場がほしい"], ["静かで落ち着きます"], ["朝も開けてほしい"], name="九月.csv"))
    october = csv_of([WISH], ["駐車場がほしい"], ["本の匂いが好きです"], ["椅子がほしい"], name="十月.csv")
    assert (take_in(book, october).voices, take_in(book, october).voices) == (3, 0)
    assert [voice.text for voice in voices(book)].count("駐車場がほしい") == 2
    assert len(people(book)) == 6


def test_a_row_is_one_person_also_where_somebody_else_gave_one_of_its_answers_before() -> None:
    book = open_workbook(MEMORY)
    take_in(book, csv_of([WISH, SEEN], ["早く届くとうれしいです", "LINE"], ["夜も開けてほしいです", "Instagram"], name="九月.csv"))
    second = [["駐車場がほしいです", "LINE"], ["席を広くしてほしいです", "Instagram"], ["椅子がほしいです", "はがき"]]
    intake = take_in(book, csv_of([WISH, SEEN], *second, name="十月.csv"))
    assert (intake.voices, intake.people, len(people(book))) == (6, 3, 5)


def test_new_people_who_look_at_the_same_media_as_the_earlier_ones_are_new_people() -> None:
    book = open_workbook(MEMORY)
    take_in(book, csv_of([WISH, SEEN], ["早く届くとうれしいです", "LINE"], ["夜も開けてほしいです", "はがき"], name="九月.csv"))
    intake = take_in(book, csv_of([WISH, SEEN], ["駐車場がほしいです", "LINE"], ["椅子がほしいです", "はがき"], name="十月.csv"))
    assert (intake.voices, len(people(book))) == (4, 4)


def test_bare_answers_that_grew_to_more_than_double_add_only_the_new_ones() -> None:
    book = open_workbook(MEMORY)
    lines = [f"{number}番の棚を低くしてほしい" for number in range(10)]
    bring = [take_in(book, read_pasted("\n".join(some))) for some in (lines[:3], lines)]
    assert [one.voices for one in bring] == [3, 7]


def test_one_line_that_somebody_said_before_is_taken_for_the_same_line() -> None:
    """A file of nothing but known, bare words is the same file: the price of adding nothing twice."""
    book = open_workbook(MEMORY)
    take_in(book, read_pasted("駐車場がほしい"))
    assert take_in(book, read_pasted("駐車場がほしい")).voices == 0


def test_columns_taken_later_belong_to_the_same_people() -> None:
    book, table = open_workbook(MEMORY), dataset("inn/inn_wishes.csv")
    columns = guess_columns(table)
    wishes_only = [replace(column, role=Role.SKIP) if column.role is Role.MEDIA else column for column in columns]
    bring_in(book, table, wishes_only)
    who = len(people(book))
    assert bring_in(book, table, columns).voices == 240
    assert len(people(book)) == who


# ---- people


@pytest.mark.parametrize("spelling", ["ﾐﾅﾄ", "ミナト", " ミナト　"])
def test_one_name_in_full_and_half_width_is_one_person(spelling: str) -> None:
    book = open_workbook(MEMORY)
    take_in(book, csv_of(["お名前", WISH], ["ミナト", "夜も開けてほしい"], [spelling, "椅子がほしい"]))
    (only,) = people(book)
    assert (only.name, {voice.person_id for voice in voices(book)}) == ("ミナト", {only.id})


def test_the_name_is_kept_as_it_was_written_first() -> None:
    book = open_workbook(MEMORY)
    take_in(book, csv_of(["お名前", WISH], ["Ｋ．Ｔ．", "夜も開けてほしい"], ["K.T.", "椅子がほしい"]))
    assert [person.name for person in people(book)] == ["Ｋ．Ｔ．"]


def test_what_the_row_tells_about_a_person_is_kept() -> None:
    book = open_workbook(MEMORY)
    take_in(book, dataset("inn/inn_wishes.csv"))
    assert {person.about.get("ご年代") for person in people(book)} >= {"20代", "50代"}


@pytest.mark.parametrize(
    ("name", "called"), [("ミナト", "ミナトさん"), ("ミナトさん", "ミナトさん"), ("山田様", "山田様"), (None, "お名前のない方 1")]
)
def test_how_a_person_is_called(name: str | None, called: str) -> None:
    book = open_workbook(MEMORY)
    hear(book, name or "", DAY, [Said("q", Topic.OTHER, "また来ます")])
    assert people(book)[0].called == called


def test_the_shops_own_words_in_a_talk_are_left_out() -> None:
    talk = "2026/11/01(日)\n10:00\t汐風書店\t本が届きました\n10:05\tミナト\t夕方うかがいます\n10:06\tミナト\t取り置きがあると助かります\n"
    book = open_workbook(MEMORY)
    table = read_file("トーク.txt", f"[LINE] ミナトとのトーク履歴\n保存日時：2026/11/03 10:00\n\n{talk}".encode())
    intake = bring_in(book, table, guess_columns(table), exclude=["汐風書店"])
    assert (intake.voices, intake.people) == (2, 1)
    assert [person.name for person in people(book)] == ["ミナト"]


# ---- words


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
@example(["=cmd()|'/C calc'!A0", "\u202eかくれんぼ", "が\u3099", "👨‍👩‍👧", "<script>alert(1)</script>", "\u3000前後の空白 "])
def test_every_text_is_stored_as_given_and_every_card_is_a_span_of_it(texts: list[str]) -> None:
    book = open_workbook(MEMORY)
    wanted = [kept for one in texts if (kept := clean(one))]
    table = replace(read_pasted("a"), rows=tuple(Row(at, (one,)) for at, one in enumerate(texts, 1)))
    if not wanted:
        with pytest.raises(KizunaError):
            take_in(book, table)
        return
    take_in(book, table)
    assert [voice.text for voice in voices(book)] == wanted
    assert all(voice.sha256 == fingerprint(voice.text) for voice in voices(book))
    with book.reading() as session:
        for quote in session.scalars(select(Quote)):
            assert (quote.start, quote.end) == (0, len(quote.voice.text))
            as_sqlite_counts = text("SELECT substr(text, 1 + :s, :e - :s) FROM voice WHERE id = :v")
            assert session.scalar(as_sqlite_counts, {"s": quote.start, "e": quote.end, "v": quote.voice_id}) == quote.text


def test_the_cards_of_the_bookshop_are_its_answers_letter_for_letter() -> None:
    book = open_workbook(MEMORY)
    take_in(book, dataset("bookshop/voices.csv"))
    with (DATASETS / "bookshop" / "voices.csv").open(encoding="utf-8-sig", newline="") as file:
        written = {cell.replace("\r\n", "\n").strip() for row in csv.reader(file) for cell in row}
    assert set(cards(book)) <= written
    assert {voice.text for voice in voices(book)} <= written


@pytest.mark.parametrize(
    "answer", ["特になし", "とくにありません。", "　特に　ない です", "ありません", "－", "・・・", "。", "NONE", "ー"]
)
def test_an_answer_that_says_nothing_is_a_voice_but_no_card(answer: str) -> None:
    book = open_workbook(MEMORY)
    intake = take_in(book, csv_of(["お名前", WISH], ["ミナト", answer], ["波", "椅子がほしい"]))
    assert [voice.text for voice in voices(book)] == [answer.strip(), "椅子がほしい"]
    assert (cards(book), intake.nothing) == (["椅子がほしい"], 1)


def test_every_entry_of_the_list_of_empty_answers_is_known_again() -> None:
    from kizuna.content import load

    assert [entry for entry in load("nothing.yaml", list[str]) if not says_nothing(entry)] == []


@pytest.mark.parametrize("answer", ["👍", "なしの実がおいしい", "特になしと書きたいけれど、椅子がほしい", "5", "ない袖をふってくれた"])
def test_an_answer_that_says_something_is_a_card(answer: str) -> None:
    assert not says_nothing(answer)


def test_what_people_look_at_is_a_voice_but_no_card() -> None:
    book = open_workbook(MEMORY)
    take_in(book, csv_of(["お名前", WISH, SEEN], ["ミナト", "椅子がほしい", "LINE、はがき"]))
    assert [(voice.topic, voice.text) for voice in voices(book)] == [(Topic.FOLLOWUP, "椅子がほしい"), (Topic.MEDIA, "LINE、はがき")]
    assert cards(book) == ["椅子がほしい"]


def test_a_voice_about_a_place_for_meeting_belongs_to_the_tribe() -> None:
    book = open_workbook(MEMORY)
    take_in(book, dataset("bookshop/voices.csv"))
    parts = {(voice.topic == Topic.PLACE, voice.part) for voice in voices(book)}
    assert parts == {(True, Part.TRIBE), (False, Part.FOLLOWUP)}


# ---- whole acts


def test_undo_takes_the_whole_import_away_and_redo_brings_it_back() -> None:
    book = open_workbook(MEMORY)
    before = contents(book)
    take_in(book, dataset("inn/inn_wishes.csv"))
    after = contents(book)
    assert book.undo() == "「inn_wishes.csv」から声を入れた"
    assert contents(book) == before
    assert book.undo() is None
    book.redo()
    assert contents(book) == after
    assert take_in(book, dataset("inn/inn_wishes.csv")).voices == 0


def test_after_undo_the_file_can_come_in_again() -> None:
    book = open_workbook(MEMORY)
    take_in(book, dataset("inn/inn_reviews.xlsx"))
    book.undo()
    assert take_in(book, dataset("inn/inn_reviews.xlsx")).voices == 60


def test_where_no_column_is_a_voice_one_sentence_says_so() -> None:
    book, table = open_workbook(MEMORY), csv_of(["お名前", WISH], ["ミナト", "椅子がほしい"])
    columns = [replace(column, role=Role.ABOUT) for column in guess_columns(table)]
    with pytest.raises(KizunaError, match="声の列を一つ以上選んで"):
        bring_in(book, table, columns)
    assert contents(book)["source"] == []


def test_where_the_voice_column_is_empty_one_sentence_says_so() -> None:
    book, table = open_workbook(MEMORY), csv_of(["お名前", WISH], ["ミナト", ""], ["波", ""])
    columns = [replace(column, role=Role.VOICE if column.header == WISH else column.role) for column in guess_columns(table)]
    with pytest.raises(KizunaError, match="言葉が一つも入っていません"):
        bring_in(book, table, columns)
    assert book.undo_label() is None


def test_a_full_disk_leaves_nothing_half_brought_in(tmp_path: Path) -> None:
    path = tmp_path / "ノート.kizuna"
    book = open_workbook(path)
    take_in(book, csv_of(["お名前", WISH], ["ミナト", "椅子がほしい"]))
    before = contents(book)
    with book.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))

    @event.listens_for(book._engine, "connect")
    def small_disk(connection: Any, _: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 2}")

    book._engine.dispose()
    with pytest.raises(KizunaError, match="空き容量"):
        take_in(book, dataset("inn/inn_wishes.csv"))
    book.close()
    assert contents(open_workbook(path)) == before


def test_the_source_remembers_the_file_and_how_its_columns_were_used() -> None:
    book, table = open_workbook(MEMORY), dataset("inn/inn_wishes.csv")
    take_in(book, table)
    with book.reading() as session:
        source = session.scalars(select(Source)).one()
    assert (source.name, source.kind, source.sha256) == ("inn_wishes.csv", "csv", table.sha256)
    assert [use[0] for use in source.columns] == list(table.header)


# ---- one person's own words, after an interview


def test_an_interview_saved_twice_is_stored_once() -> None:
    book = open_workbook(MEMORY)
    for who in ("ミナト", ""):
        said = [
            Said("どんな場面でしたか", Topic.SCENE, f"{who}船を待つあいだ"),
            Said("何を見ますか", Topic.MEDIA, "LINE"),
            Said("空き", Topic.OTHER, " "),
        ]
        first, again = hear(book, who, DAY, said), hear(book, who, DAY, said)
        assert (first.voices, first.people, again.voices, again.known) == (2, 1, 0, 2)
    assert len(people(book)) == 2


def test_the_same_words_on_another_day_are_said_again() -> None:
    book = open_workbook(MEMORY)
    said = [Said("どんな場面でしたか", Topic.SCENE, "船を待つあいだ")]
    assert [hear(book, "ミナト", day, said).voices for day in (DAY, date(2026, 11, 4))] == [1, 1]
    assert len(people(book)) == 1


def test_two_interviews_without_names_on_one_day_are_two_people() -> None:
    book = open_workbook(MEMORY)
    for words in ("早く届くとうれしい", "駐車場がほしい"):
        intake = hear(book, "", DAY, [Said("知らせは", Topic.FOLLOWUP, words), Said("何を見ますか", Topic.MEDIA, "LINE")])
        assert (intake.voices, intake.people) == (2, 1)
    assert len(people(book)) == 2


def test_an_interview_joins_the_person_of_an_earlier_file() -> None:
    book = open_workbook(MEMORY)
    take_in(book, csv_of(["お名前", WISH], ["ミナト", "夜も開けてほしい"]))
    hear(book, " ﾐﾅﾄ ", DAY, [Said("どんな場面でしたか", Topic.SCENE, "船を待つあいだ")])
    assert [person.name for person in people(book)] == ["ミナト"]


def test_an_interview_without_words_is_refused() -> None:
    with pytest.raises(KizunaError, match="まだ言葉が書かれていません"):
        hear(open_workbook(MEMORY), "ミナト", DAY, [Said("q", Topic.OTHER, " \n\u3000")])


def test_an_interview_with_more_than_one_answer_holds_is_refused_in_one_sentence() -> None:
    book = open_workbook(MEMORY)
    with pytest.raises(KizunaError, match="32,768文字の言葉があります。一つの欄は32,767文字まで"):
        hear(book, "ミナト", DAY, [Said("q", Topic.OTHER, "あ" * 32_768)])
    assert hear(book, "ミナト", DAY, [Said("q", Topic.OTHER, "あ" * 32_767)]).voices == 1


def test_a_name_that_ends_in_san_gets_no_second_san() -> None:
    book = open_workbook(MEMORY)
    hear(book, "ミナトさん", DAY, [Said("q", Topic.OTHER, "また来ます")])
    with book.reading() as session:
        assert session.scalars(select(Source.name)).one() == "ミナトさんのお話"
    assert book.undo_label() == "ミナトさんのお話を書きとめた"


@pytest.mark.parametrize("invisible", ["\u200b", "\u2060\ufeff", "\u200d \u200e"])
def test_words_that_nobody_can_see_are_no_words(invisible: str) -> None:
    with pytest.raises(KizunaError, match="まだ言葉が書かれていません"):
        hear(open_workbook(MEMORY), "ミナト", DAY, [Said("q", Topic.OTHER, invisible)])


def test_an_interviews_words_are_cleaned_as_a_files_are() -> None:
    book = open_workbook(MEMORY)
    hear(book, "ミナト", DAY, [Said("q", Topic.OTHER, "一行め\r\n二行め\r三行め\0")])
    assert [voice.text for voice in voices(book)] == ["一行め\n二行め\n三行め"]
    assert cards(book) == ["一行め\n二行め\n三行め"]
