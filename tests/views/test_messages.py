"""What a browser sends may be anything: a message that is none of ours is passed over, and the form goes on."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.views.acts import Answered
from kizuna.views.board import Board
from kizuna.views.files import FilePick, Paper, Papers
from kizuna.views.parts import Mark

KEYS = st.sampled_from(["paper", "name", "from", "seq", "kind", "card", "theme"])
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.just("\ud800"),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), one, max_size=4),
    max_leaves=6,
)


def send(widget: Any, content: Any, buffers: list[bytes] | None = None) -> None:
    """As ipywidgets hands a message on, without swallowing what is raised."""
    for callback in widget._msg_callbacks.callbacks:
        callback(widget, content, buffers or [])


@given(ANYTHING)
def test_a_sheet_is_handed_out_to_its_own_button_alone(content: Any) -> None:
    made: list[int] = []
    papers = Papers([Paper("print", "印刷する", "紙.html", "text/html", lambda: made.append(1) or b"x")], Mark())
    send(papers, content)
    assert made == ([1] if isinstance(content, dict) and content.get("paper") == "print" else [])


@given(ANYTHING)
def test_a_chosen_file_has_a_name_without_folders(content: Any) -> None:
    taken: list[str] = []
    send(FilePick(lambda name, _: taken.append(name), Mark()), content, [b"x"])
    assert not any(sign in name for name in taken for sign in "/\\")


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\x.csv", "/abs/声.csv", "C:\\x\\声.csv"])
def test_a_path_in_a_files_name_leads_nowhere(name: str) -> None:
    taken: list[str] = []
    send(FilePick(lambda name, _: taken.append(name), Mark()), {"name": name}, [b"x"])
    assert len(taken) == 1 and not set(taken[0]) & set("/\\")


@given(ANYTHING)
def test_the_boards_acts_are_counted_only_for_pages_that_say_who_they_are(content: Any) -> None:
    acts: list[Any] = []
    board = Board(acts.append)
    send(board, content)
    assert acts == ([content] if isinstance(content, dict) else [])
    if isinstance(content, dict):
        board.done(content, True)
        assert all(isinstance(page, str) and isinstance(number, int) for page, number in board._answered.upto.items())
    assert len(Answered().upto) == 0
