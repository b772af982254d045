"""Every act can be undone and done again, in order, and from another notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from kizuna.errors import KizunaError
from kizuna.workbook.answers import read_answers, save_answer
from kizuna.workbook.models import Base, Person, Quote, Source, Voice, fingerprint
from kizuna.workbook.store import MEMORY, Workbook, open_workbook


def contents(book: Workbook) -> dict[str, list[Any]]:
    """Every row of every table but the history itself."""
    with book.reading() as session:
        tables = [table for name, table in Base.metadata.tables.items() if name not in ("act", "change")]
        return {table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))] for table in tables}


def test_undo_and_redo_walk_back_and_forth() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "shop", "一")
    save_answer(book, "shop", "二")
    save_answer(book, "hours", 6)
    assert [book.undo(), book.undo()] == ["「hours」を書いた", "「shop」を書いた"]
    assert read_answers(book) == {"shop": "一"}
    assert book.redo() == "「shop」を書いた"
    assert read_answers(book) == {"shop": "二"}
    book.undo()
    book.undo()
    assert book.undo() is None
    assert read_answers(book) == {}


def test_after_something_new_the_undone_is_no_longer_done_again() -> None:
    book = open_workbook(MEMORY)
    save_answer(book, "shop", "一")
    book.undo()
    save_answer(book, "shop", "二")
    book.undo()
    assert book.redo() == "「shop」を書いた"
    assert read_answers(book) == {"shop": "二"}
    assert book.redo() is None


def test_another_notebook_can_undo(tmp_path: Path) -> None:
    here, there = open_workbook(tmp_path / "a.kizuna"), open_workbook(tmp_path / "a.kizuna")
    save_answer(here, "shop", "汐風書店")
    version = there.version()
    assert there.undo_label() == "「shop」を書いた"
    there.undo()
    assert read_answers(here) == {}
    assert here.version() != version


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.text(max_size=20), st.integers(), st.none(), st.booleans())), max_size=12))
def test_undoing_everything_leads_back_through_every_state(edits: list[tuple[str, Any]]) -> None:
    book = open_workbook(MEMORY)
    states = [contents(book)]
    for key, value in edits:
        save_answer(book, key, value)
        if (state := contents(book)) != states[-1]:
            states.append(state)
    for state in reversed(states):
        assert contents(book) == state
        book.undo()
    for state in states[1:]:
        book.redo()
        assert contents(book) == state


def voice(book: Workbook, said: str) -> Voice:
    with book.act("声を入れた") as session:
        person, source = Person(key=f"p{said}", name="ミナト"), Source(name="x", kind="text", sha256="", lineage="")
        session.add_all([person, source])
        session.flush()
        one = Voice(
            person_id=person.id, source_id=source.id, part="followup", topic="その他", question="", text=said,
            sha256=fingerprint(said), column="", identity=said,
        )  # fmt: skip
        session.add(one)
        session.flush()
        session.add(Quote(voice_id=one.id, start=0, end=len(said)))
    return one


def test_a_voice_never_changes() -> None:
    book = open_workbook(MEMORY)
    one = voice(book, "また来ます")
    with pytest.raises(KizunaError, match="書きかえられません"), book.act("書きかえた") as session:
        session.get_one(Voice, one.id).text = "また絶対に来ます"
    with book.reading() as session:
        assert session.scalars(select(Voice.text)).one() == "また来ます"


@pytest.mark.parametrize("span", [(0, 6), (-1, 2), (3, 3), (4, 2)])
def test_a_quote_is_always_inside_its_voice(span: tuple[int, int]) -> None:
    book = open_workbook(MEMORY)
    one = voice(book, "また来ます")
    with pytest.raises(KizunaError, match="はみ出し"), book.act("引用した") as session:
        session.add(Quote(voice=session.get_one(Voice, one.id), start=span[0], end=span[1]))
    with pytest.raises(KizunaError, match="はみ出し"), book.act("引用した") as session:
        session.add(Quote(voice_id=one.id, start=span[0], end=span[1]))


def test_the_history_keeps_voices_to_the_letter() -> None:
    book = open_workbook(MEMORY)
    said = "=cmd()|'/C calc'!A0 ｶﾞﾝﾊﾞﾚ 👨‍👩‍👧 \u202eabc\u3000"
    voice(book, said)
    before = contents(book)
    book.undo()
    assert contents(book)["voice"] == []
    book.redo()
    assert contents(book) == before
    with book.reading() as session:
        assert session.execute(text("SELECT text FROM voice")).scalar_one() == said
