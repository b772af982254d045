"""The page of the hand-in: nothing is made before it was read and agreed to, and only what was read is made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.steps.handin import Count, prepare
from kizuna.views.files import Papers
from kizuna.views.forms.handin import Leaving, Making
from kizuna.views.page import Page
from kizuna.views.plain import is_shown
from kizuna.views.sheets import handin_html
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import MEMORY, open_workbook
from kizuna.workbook.submission import code, open_submission
from tests.notebook import page_of
from tests.steps.test_handin import heard

FILE = "13_handin"


def inside(widget: Any) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from inside(child)


def shown(widget: Any) -> str:
    return "\n".join(one.value for one in inside(widget) if isinstance(one, widgets.HTML))


class HandInDesk:
    """The page as a person sits before it."""

    def __init__(self, path: Path) -> None:
        self.page: Page = page_of(FILE, open_workbook(path))
        self.leaving = next(form for form in self.page.forms if isinstance(form, Leaving))
        self.making = next(form for form in self.page.forms if isinstance(form, Making))

    def press(self, label: str) -> None:
        for form in self.page.forms:
            for one in inside(form):
                if isinstance(one, widgets.Button) and one.description == label:
                    return one.click()
        raise AssertionError(label)

    @property
    def agree(self) -> widgets.Checkbox:
        return next(one for one in inside(self.making) if isinstance(one, widgets.Checkbox))

    @property
    def can_make(self) -> bool:
        return not next(one for one in inside(self.making) if isinstance(one, widgets.Button)).disabled

    def files(self) -> list[Path]:
        assert isinstance(self.page.book.path, Path)
        return sorted(self.page.book.path.parent.glob("*.kizuna-teishutsu"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HandInDesk]:
    book = open_workbook(tmp_path / "own.kizuna")
    heard(book, "田中恵子", "田中といいます。<b>次も</b>知らせてください。", "みーちゃんも待っています。")
    book.close()
    found = HandInDesk(tmp_path / "own.kizuna")
    yield found
    found.page.book.close()


def test_nothing_is_made_before_it_was_read(desk: HandInDesk) -> None:
    assert not desk.can_make
    desk.press("提出用ファイルを作る")  # as a page would whose browser shows an old state
    assert desk.files() == [] and "印をつけてから" in desk.making.mark.value
    assert "まだ、外に出るものを見ていません" in shown(desk.making)


def test_what_was_read_and_agreed_to_is_made_and_lies_beside_the_workbook(desk: HandInDesk) -> None:
    desk.press("外に出るものを見る")
    listed = shown(desk.leaving)
    assert "●●といいます。&lt;b&gt;次も&lt;/b&gt;知らせてください。" in listed and "田中" not in listed and "お客さま1・" in listed
    assert not desk.can_make
    desk.agree.value = True
    assert desk.can_make
    desk.press("提出用ファイルを作る")
    (file,) = desk.files()
    book = open_submission(file)
    assert code(book) == code(desk.page.book) and file.name in shown(desk.making)
    assert "提出用ファイルを作りました" in desk.making.mark.value
    papers = next(one for one in inside(desk.making) if isinstance(one, Papers))
    assert is_shown(papers) and desk.making._bytes() == file.read_bytes()


def test_a_change_takes_the_agreement_back_and_shows_the_list_anew(desk: HandInDesk) -> None:
    desk.press("外に出るものを見る")
    desk.agree.value = True
    heard(desk.page.book, "シオリさん", "あとから来た声です。")
    desk.page.look()
    assert "あとから来た声です。" in shown(desk.leaving)
    assert not desk.agree.value and not desk.can_make and desk.files() == []


def test_a_change_the_page_has_not_heard_of_makes_nothing(desk: HandInDesk) -> None:
    desk.press("外に出るものを見る")
    desk.agree.value = True
    heard(desk.page.book, "シオリさん", "あとから来た声です。")
    desk.press("提出用ファイルを作る")
    assert desk.files() == [] and "もう一度" in desk.making.mark.value


def test_a_word_to_hide_is_covered_in_the_list_at_once(desk: HandInDesk) -> None:
    desk.press("外に出るものを見る")
    assert "みーちゃん" in shown(desk.leaving) or "●ちゃん" in shown(desk.leaving)
    save_answer(desk.page.book, "handin.hide", "待って")
    desk.page.look()
    assert "●●●います" in shown(desk.leaving)


def test_after_a_later_change_the_earlier_file_is_no_longer_offered_as_this_one(desk: HandInDesk) -> None:
    desk.press("外に出るものを見る")
    desk.agree.value = True
    desk.press("提出用ファイルを作る")
    heard(desk.page.book, "シオリさん", "あとから来た声です。")
    desk.page.look()
    assert desk.files()[0].name not in shown(desk.making)


def test_looking_changes_nothing_that_undo_knows(desk: HandInDesk) -> None:
    version, undo = desk.page.book.version(), desk.page.book.undo_label()
    desk.press("外に出るものを見る")
    assert (desk.page.book.version(), desk.page.book.undo_label()) == (version, undo)


def test_an_empty_workbook_is_told_so(tmp_path: Path) -> None:
    desk = HandInDesk(tmp_path / "empty.kizuna")
    desk.press("外に出るものを見る")
    assert "まだ何も書かれていません" in desk.leaving.mark.value and desk.leaving.looked_at is None
    desk.page.book.close()


def test_the_printed_list_has_all_of_it_and_nothing_more(desk: HandInDesk) -> None:
    made = prepare(desk.page.book)
    sheet = handin_html(made)
    assert all(text in sheet for text in ("みーちゃん", "お客さまのお名前", made.code)) or "●ちゃん" in sheet
    assert "田中" not in sheet and "<b>次も" not in sheet and "&lt;b&gt;次も" in sheet


def test_before_the_first_workbook_nothing_breaks() -> None:
    page = page_of(FILE, open_workbook(MEMORY))
    page.changed()
    assert all(form.mark.value == "" for form in page.forms)


def test_what_leaves_is_counted_as_people_count(tmp_path: Path) -> None:
    assert (Count("一手", 9, "つ").said, Count("一手", 18, "つ").said, Count("お客さま", 18, "人").said) == ("9つ", "18個", "18人")
    path = tmp_path / "book.kizuna"
    heard(open_workbook(path), "ミナト", *(f"お茶の会の{number}番めの話です。" for number in range(12)))
    desk = HandInDesk(path)
    desk.press("外に出るものを見る")
    assert "外に出る文は<b>13個</b>" in shown(desk.leaving)
