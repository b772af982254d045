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
from kizuna.views.way import to_care
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


# What is read as nothing chosen.
NONE = [
    ("answer", "value", '"よろず"', "key = 'industry'", "04_followup_offer"),
    ("answer", "value", '"よろず"', "key = 'industry'", "06_followup_testimonials"),
    ("answer", "value", "[1]", "key = 'industry'", "11_tribe_testimonials"),
    ("answer", "saved_at", "2026-11-27 03:48:25.00000@", "key = 'stance'", "00_start"),
    ("recurring", "point", "zz", "1", "04_followup_offer"),
]


@pytest.mark.parametrize(("table", "column", "value", "where", "file"), NONE)
def test_what_nobody_could_choose_is_as_if_nothing_were_chosen(
    sample: bytes, tmp_path: Path, table: str, column: str, value: str, where: str, file: str
) -> None:
    path = odd(sample, tmp_path, f'UPDATE "{table}" SET "{column}" = ? WHERE {where}', value)
    assert page_html(page_of(file, open_workbook(path)), blank=False)  # strict: a form that cannot show it would raise


def odd(sample: bytes, folder: Path, change: str, value: str) -> Path:
    path = folder / "ノート.kizuna"
    path.write_bytes(sample)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(change, (value,)).rowcount
        connection.commit()
    return path


@pytest.mark.parametrize(("table", "column", "value", "file"), ODD)
def test_a_form_that_cannot_show_it_says_so_and_the_others_work(
    sample: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, column: str, value: str, file: str
) -> None:
    path = odd(sample, tmp_path, f'UPDATE "{table}" SET "{column}" = ?', value)
    monkeypatch.setattr(pages, "STRICT", False)
    book = open_workbook(path)
    left: list[pages.Form] = []
    leave = pages.Page.leave
    told = []
    monkeypatch.setattr(Mark, "tell", lambda mark, message, strength: told.append((message, strength)))
    monkeypatch.setattr(pages.Page, "leave", lambda page, form: (leave(page, form), left.append(form)))
    page = page_of(file, book)
    assert left and all(set(form.children) <= {form.title, form.mark} for form in left)
    assert set(told) == {(pages._UNREADABLE.format(to_care()), Strength.STOP)}
    assert page.forms and "</html>" in page_html(page, blank=False)
