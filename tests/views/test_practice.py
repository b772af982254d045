"""Practice and 直感くらべ on the page: what is answered is in the file, the reply stands below, and it is all there when the page is opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from kizuna.errors import KizunaError
from kizuna.process import Part, section
from kizuna.steps import practice as practising
from kizuna.steps.practice import Kind, Work, exercises
from kizuna.views import forms
from kizuna.views.choices import InOrder, Ticks
from kizuna.views.fields import FieldView
from kizuna.views.forms.practice import TaskView
from kizuna.views.head import Head
from kizuna.views.page import Page
from kizuna.views.paper import page_html
from kizuna.views.way import next_link, practice_address
from kizuna.workbook import answers as fields
from kizuna.workbook.answers import read_answers, save_answer
from kizuna.workbook.store import open_workbook
from tests.examples import example_bytes, the_example

SECTIONS = [one.file for one, found in exercises().items() if found.kind is not Work.NONE]


class Sitting:
    """A participant before the exercise of a section."""

    def __init__(self, path: Path, file: str = "02_followup_research") -> None:
        self.page = Page(file, open_workbook(path), practice=True)
        self.head = Head(self.page)
        self.form = forms.practice(self.page)

    def task(self, key: str) -> TaskView:
        return next(one for one in self.form.children if isinstance(one, TaskView) and one.task.key == key)

    def told(self, key: str) -> str:
        return str(self.task(key)._reply.value)

    def answer(self, key: str, value: Any) -> None:
        place = self.task(key).place
        if isinstance(place, FieldView):
            place.place.value = value
        elif isinstance(place, Ticks):
            for option, tick in zip(place._keys, place.places, strict=True):
                tick.value = option in value
        else:
            for one, key_ in zip(place.places, value, strict=False):
                one.value = key_

    @property
    def kept(self) -> dict[str, Any]:
        return practising.answers(self.page.book, self.page.section)


@pytest.fixture
def sit(tmp_path: Path) -> Any:
    sittings: list[Sitting] = []

    def one(file: str = "02_followup_research") -> Sitting:
        sittings.append(Sitting(tmp_path / "わたし.kizuna", file))
        return sittings[-1]

    yield one
    for sitting in sittings:
        sitting.page.book.close()


ANSWERS: list[tuple[str, Any, Any, Kind]] = [
    ("scene", "happened", "happened", Kind.WELL),
    ("scene", "want", "want", Kind.LOOK),
    ("people", "３人", 3.0, Kind.WELL),
    ("people", "4", 4.0, Kind.LOOK),
    ("share", "９分", 9.0, Kind.WELL),
    ("ask", "そのとき、どんなお気持ちでしたか", "そのとき、どんなお気持ちでしたか", Kind.WELL),
    ("listen", ["advice", "mine", "everybody"], ["advice", "mine", "everybody"], Kind.WELL),
    ("listen", ["then"], ["then"], Kind.LOOK),
    (
        "guess",
        [wish.name for wish in practising.wishes(Part.FOLLOWUP)[:3]],
        [wish.name for wish in practising.wishes(Part.FOLLOWUP)[:3]],
        Kind.THOUGHT,
    ),
]


@pytest.mark.parametrize(("key", "given", "kept", "kind"), ANSWERS, ids=lambda value: str(value)[:12])
def test_an_answer_is_in_the_file_gets_its_reply_and_is_there_when_the_page_is_opened_again(
    sit: Any, key: str, given: Any, kept: Any, kind: Kind
) -> None:
    first = sit()
    first.answer(key, given)
    assert first.kept == {key: kept}
    reply = practising.reply(first.task(key).task, kept)
    assert f"kz-reply {kind}" in first.told(key) and all(str(Markup.escape(one)) in first.told(key) for one in reply.sentences)
    assert "保存しました" in first.task(key).mark.value
    again = sit()
    assert again.told(key) == first.told(key) and again.task(key).place.value == kept
    assert again.kept == {key: kept}
    assert "1問に答えました" in again.form.children[1].value


def test_nothing_is_saved_by_looking_and_each_task_says_how_to_begin(sit: Any) -> None:
    sitting = sit()
    assert sitting.kept == {} and sitting.page.book.undo_label() is None
    for task in practising.exercise(section("02_followup_research")).tasks:
        assert str(Markup.escape(task.empty)) in sitting.told(task.key)


def test_undo_takes_an_answer_back_on_the_screen_too(sit: Any) -> None:
    sitting = sit()
    sitting.answer("scene", "want")
    sitting.answer("listen", ["then"])
    sitting.head._back.click()
    assert sitting.task("listen").place.value is None and "kz-reply empty" in sitting.told("listen")
    sitting.head._back.click()
    assert sitting.kept == {} and sitting.task("scene").place.value is None
    sitting.head._again.click()
    assert sitting.kept == {"scene": "want"} and "kz-reply look" in sitting.told("scene")


def test_a_list_is_saved_as_it_is_filled_and_says_how_many_are_missing(sit: Any) -> None:
    sitting = sit("01_overview")
    place = sitting.task("order").place
    assert isinstance(place, InOrder)
    place.places[1].value = "plan"
    assert sitting.kept == {"order": [None, "plan", None]} and "あと2つ" in sitting.told("order")
    place.places[0].value, place.places[2].value = "hear", "offer"
    assert sitting.kept == {"order": ["hear", "plan", "offer"]} and "kz-reply well" in sitting.told("order")
    for one in place.places:
        one.value = ""
    assert sitting.kept == {"order": None} and "kz-reply empty" in sitting.told("order")


def test_what_cannot_be_saved_is_not_said_to_be(sit: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = sit()

    def full(*_: Any, **__: Any) -> None:
        raise KizunaError("パソコンの空き容量が足りません。")

    monkeypatch.setattr(practising, "save", full)
    sitting.answer("listen", ["then"])
    assert "空き容量" in sitting.task("listen").mark.value and "保存しました" not in sitting.task("listen").mark.value
    assert sitting.kept == {} and "kz-reply empty" in sitting.told("listen")
    monkeypatch.undo()
    sitting.answer("listen", ["then", "mine"])
    assert sitting.kept == {"listen": ["then", "mine"]}


def test_a_number_that_is_none_is_told_and_not_kept(sit: Any) -> None:
    sitting = sit()
    sitting.answer("people", "三にん")
    assert "数字として読めません" in sitting.task("people").mark.value and sitting.kept == {}


def test_an_answer_of_another_page_is_told_of(sit: Any) -> None:
    first, second = sit(), sit()
    first.answer("scene", "want")
    second.answer("scene", "lead")
    assert "どんなサービスがあったらいいと思いますか" in second.task("scene").mark.value
    assert second.kept == {"scene": "lead"}
    first.answer("people", "4")
    second.answer("people", "3")
    assert "「4」と書かれていました" in second.task("people").mark.value
    first.answer("listen", ["then", "mine"])
    second.answer("listen", ["advice"])
    assert "そのとき、どうされたのですか、うちも同じです。先週なんか、うちの子がね" in second.task("listen").mark.value


def test_a_share_may_be_written_with_its_sign(sit: Any) -> None:
    sitting = sit("10_tribe_feedback")
    sitting.answer("share", "７０％")
    assert sitting.kept == {"share": 70.0} and "kz-reply well" in sitting.told("share")


def test_the_guess_is_laid_beside_the_people(sit: Any) -> None:
    sitting = sit()
    assert "望んだ人" not in sitting.told("guess")
    counted = {wish.name: wish.people for wish in practising.wishes(Part.FOLLOWUP)}
    chosen = [list(counted)[at] for at in (6, 0, 3)]
    sitting.answer("guess", chosen)
    for name, place in zip(chosen, InOrder.NAMES, strict=True):
        assert f"<td>{name}</td><td>{counted[name]}人</td><td>{place}</td>" in sitting.told("guess")
    assert sitting.told("guess").count("人</td><td></td>") == len(counted) - 3


@pytest.mark.parametrize("file", SECTIONS)
def test_every_exercise_is_on_paper_with_the_numbers_of_the_screen_blank_and_written(sit: Any, file: str) -> None:
    sitting = sit(file)
    tasks = practising.exercise(section(file)).tasks
    for task in tasks:
        if task.kind in ("line", "lines"):
            sitting.answer(task.key, "わたしの書いた言葉です")
        elif task.kind == "number":
            sitting.answer(task.key, "12345")
        elif task.kind == "one":
            sitting.answer(task.key, task.options[0].key)
    blank, written = page_html(sitting.page, blank=True), page_html(sitting.page, blank=False)
    for number, task in enumerate(tasks, start=1):
        assert f'<span class="no">{number}.</span>' in blank and str(Markup.escape(task.question)) in blank
    assert "わたしの書いた言葉です" not in blank and "12345" not in blank and "■" not in blank
    assert ("わたしの書いた言葉です" in written) == any(task.kind in ("line", "lines") for task in tasks)
    assert "■" in written
    for voice in (voice for task in tasks for voice in task.voices):
        assert str(Markup.escape(practising.spoken(voice).text)) in blank


# ---- the way there and back


@pytest.fixture
def in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVER_SOFTWARE", "voila/0.5")


def head(page: Page) -> str:
    return str(Head(page)._names.value)


def test_a_section_leads_to_its_exercise_and_says_how_far_it_has_come(sit: Any, in_pages: None) -> None:
    sitting = sit()
    page = Page("02_followup_research", sitting.page.book)
    assert '<a href="practice_02_followup_research.ipynb">よそのお店で練習してみる（20分くらい）</a>' in head(page)
    assert "問に答えました" not in head(page)
    sitting.answer("scene", "want")
    assert "6問のうち1問に答えました" in head(page)


def test_an_exercise_leads_back_and_stands_on_no_place_of_the_map(sit: Any, in_pages: None) -> None:
    page = sit().page
    assert '<a href="02_followup_research.ipynb">自分のお店の「望みを聞く」へ</a>' in head(page)
    assert "aria-current" not in head(page) and 'href="02_followup_research.ipynb"' in head(page)
    assert 'href="02_followup_research.ipynb"' in next_link(page).value
    assert page.title == "練習：望みを聞く"


def test_a_section_without_an_exercise_says_why(sit: Any) -> None:
    assert "このページに課題はありません。" in head(Page("13_handin", sit().page.book))


def test_in_jupyterlab_the_files_are_named(sit: Any) -> None:
    sitting = sit()
    assert "exercises/02_followup_research.ipynb" in head(Page("02_followup_research", sitting.page.book))
    assert "notebooks/02_followup_research.ipynb" in next_link(sitting.page).value


def test_a_server_that_serves_exercises_calls_them_as_the_pages_do() -> None:
    from kizuna.serve.folder import PRACTICE_PAGE

    assert practice_address("x") == f"{PRACTICE_PAGE}x.ipynb"


# ---- 直感くらべ on the owner's own voices


def test_three_guesses_are_kept_and_wait_for_the_themes(tmp_path: Path) -> None:
    page = Page("02_followup_research", open_workbook(tmp_path / "わたし.kizuna"))
    form = forms.guess(page)
    assert practising.words().guess["first"] in form._beside.value
    form._views[0].place.value = "新刊の案内"
    assert read_answers(page.book) == {"guess.followup.1": "新刊の案内"} and "保存しました" in form.mark.value
    assert practising.words().guess["waiting"] in form._beside.value
    assert "新刊の案内" in page_html(page, blank=False) and "新刊の案内" not in page_html(page, blank=True)
    page.book.undo()
    page.changed()
    assert form._views[0].place.value == "" and practising.words().guess["first"] in form._beside.value
    page.book.close()


def test_themes_stand_beside_the_guess_without_a_score(tmp_path: Path) -> None:
    (tmp_path / "見本.kizuna").write_bytes(example_bytes())
    page = Page("02_followup_research", open_workbook(tmp_path / "見本.kizuna"))
    form = forms.guess(page)
    form._views[1].place.value = "値引き"
    told = form._beside.value
    assert "<li>値引き</li>" in told and "次に何を読むか、いっしょに考えてほしい（4人）" in told and "に書いたもの" in told
    assert "ほかに4つあります" in told and told.count("<li>") == 4
    page.book.close()


def test_a_guess_of_another_page_is_told_of() -> None:
    page = Page("02_followup_research", the_example())
    form = forms.guess(page)
    fields.save_answer(page.book, "guess.followup.1", "ほかの画面の直感")
    form._views[0].place.value = "こちらの直感"
    assert "ほかの画面の直感" in form.mark.value
    save_answer(page.book, "guess.followup.1", "また別の直感")
    page.changed()
    assert form._views[0].place.value == "また別の直感"
    page.book.close()
