"""The ways from one page to another: on to the next, to the exercise beside a section, and back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from kizuna.process import Section, neighbours, section
from kizuna.steps.practice import Work, exercise, progress, words
from kizuna.views.parts import html

if TYPE_CHECKING:
    from kizuna.views.page import Page

PRACTICE_PAGE = "practice_"  # how the address of an exercise begins


def in_pages() -> bool:
    """Whether this runs behind a page without code (Voilà) rather than in JupyterLab."""
    return "voila" in os.environ.get("SERVER_SOFTWARE", "")


def next_link(page: Page) -> Any:
    """Where to go on from here; from an exercise back to its section."""
    if page.practice:
        return _way_back(page.section)
    after = neighbours(page.section.file).after
    if page.section.apart:
        return html(Markup('<p class="kz-say">{}</p>').format(page.section.farewell), "kz")
    if after is None:
        return html(Markup('<p class="kz-say">今日はここまでです。おつかれさまでした。</p>'), "kz")
    if in_pages():
        return html(Markup('<p class="kz-next"><a href="{}.ipynb">次へ：{}</a></p>').format(after.file, after.title), "kz")
    return html(Markup("<p>次は、左の一覧から <b>{}.ipynb</b>（{}）を開いてください。</p>").format(after.file, after.title), "kz")


def to_care() -> Markup:
    """The way to the page where a workbook is looked after."""
    care = section("15_care")
    if in_pages():
        return Markup('<a class="kz-link" href="{}.ipynb">「{}」のページ</a>').format(care.file, care.title)
    return Markup("左の一覧の <b>{}.ipynb</b>").format(care.file)


def to_practise(page: Page) -> Markup:
    """The way to the exercise beside a section and how far it has come, or why there is none; from an exercise the way back."""
    if page.section.apart:
        return Markup("")
    if page.practice:
        back = Markup('<a href="{}.ipynb">{}</a>').format(page.section.file, f"自分のお店の「{page.section.title}」へ")
        return Markup('<p class="kz-practice">{}</p>').format(back) if in_pages() else Markup("")
    found = exercise(page.section)
    if found.kind is Work.NONE:
        return Markup('<p class="kz-practice">{}</p>').format(found.reason)
    called = words().links[found.kind].format(minutes=found.minutes)
    done = progress(page.book, page.section)
    told = f"　{done.of}問のうち{done.done}問に答えました" if done.done else ""
    way = Markup('<a href="{}">{}</a>').format(practice_address(page.section.file), called)
    if not in_pages():
        way = Markup("{}：左の一覧の <b>exercises/{}.ipynb</b>").format(called, page.section.file)
    return Markup('<p class="kz-practice">{}{}</p>').format(way, told)


def practice_address(file: str) -> str:
    """Where the exercise beside the section ``file`` is served: beside its page, so that one kernel that waits fits both."""
    return f"{PRACTICE_PAGE}{file}.ipynb"


def _way_back(one: Section) -> Any:
    if in_pages():
        return html(Markup('<p class="kz-next"><a href="{}.ipynb">自分のお店にもどる：{}</a></p>').format(one.file, one.title), "kz")
    told = Markup("<p>自分のお店の「{}」は、左の一覧の <b>notebooks/{}.ipynb</b> です。</p>")
    return html(told.format(one.title, one.file), "kz")
