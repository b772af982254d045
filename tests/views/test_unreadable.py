"""A workbook from elsewhere that holds what no form ever wrote: the form that cannot show it says so, and the page stands."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kizuna.finding import Strength
from kizuna.steps.sample import make_sample
from kizuna.views import page as pages
from kizuna.views.paper import page_html
from kizuna.views.parts import Mark
from kizuna.workbook.store import open_workbook
from tests.notebook import page_of

# Where a value stands, one that nobody could have chosen there, and a page that shows it.
ODD = [
    ("answer", "value", '"あ"', "08_tribe_plan"),
    ("answer", "value", "[1]", "03_followup_plan"),
    ("answer", "value", '{"a": 1}', "12_review"),
    ("choice", "topic", "zz", "08_tribe_plan"),
    ("post", "kind", "zz", "04_followup_offer"),
]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sample") / "見本.kizuna"
    make_sample(path).close()
    return path.read_bytes()


@pytest.mark.parametrize(("table", "column", "value", "file"), ODD)
def test_a_form_that_cannot_show_it_says_so_and_the_others_work(
    sample: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, column: str, value: str, file: str
) -> None:
    path = tmp_path / "ノート.kizuna"
    path.write_bytes(sample)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(f'UPDATE "{table}" SET "{column}" = ?', (value,)).rowcount
        connection.commit()
    monkeypatch.setattr(pages, "STRICT", False)
    book = open_workbook(path)
    told = []
    monkeypatch.setattr(Mark, "tell", lambda mark, message, strength: told.append((message, strength)))
    page = page_of(file, book)
    assert set(told) == {(pages._UNREADABLE, Strength.STOP)}
    assert page.forms and "</html>" in page_html(page, blank=False)
