"""Kernel and server killed while somebody writes: what the page had shown as saved is there when it is opened again. And two copies made one."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import expect

from kizuna.workbook import place
from kizuna.workbook.answers import read_answer, save_answer
from kizuna.workbook.store import open_workbook
from tests.browser import journey, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

LONG = bool(os.environ.get("KIZUNA_LONG"))
KILLS = 40 if LONG else 3
_MARK = "[...document.querySelectorAll('.kz-form')].find((one) => one.innerText.startsWith('お店のこと'))?.querySelector('.kz-saved')?.innerText ?? ''"


def write(page: Page, words: str) -> str:
    """Write into the first field and leave it; returns what the form said before, and only begins once it would say something else now."""
    before = str(page.evaluate(_MARK))
    page.wait_for_function("said => !said.includes(`:${String(new Date().getSeconds()).padStart(2, '0')}）`)", arg=before)
    journey.fill(journey.form(page, "お店のこと").locator("input[type=text]").first, words)
    return before


def shown_as_saved(page: Page, before: str) -> bool:
    return bool(page.evaluate(f"before => {{ const now = {_MARK}; return now !== before && now !== ''; }}", before))


def write_until_killed(page: Page, chance: random.Random, number: int, victims: list[psutil.Process]) -> tuple[list[str], bool]:
    """Write some words, and kill at a random moment of the last; returns what may stand there now, and whether the last was shown as saved."""
    assert victims
    last = ""
    for one in range(chance.randrange(1, 4)):
        last = f"書店 {number}の{one}"
        before = write(page, last)
        page.wait_for_function(f"before => {{ const now = {_MARK}; return now !== before && now !== ''; }}", arg=before)
    new = f"書店 {number}の終わり"
    before = write(page, new)
    page.wait_for_timeout(chance.random() * 60)  # somewhere between leaving the field and the answer
    for process in victims:
        with contextlib.suppress(psutil.NoSuchProcess):  # that of the page before has ended by itself
            process.kill()
    page.locator("#kizuna-lost:not([hidden])").wait_for(timeout=60_000)
    shown = shown_as_saved(page, before)
    return ([new] if shown else [last, new]), shown


def first_field(page: Page) -> str:
    return str(journey.form(page, "お店のこと").locator("input[type=text]").first.input_value())


def test_what_the_page_showed_as_saved_is_there_whenever_the_kernel_is_killed(server, laptop, open_page):
    chance, shown = random.Random(1126), 0
    open_page(laptop, "00_start.ipynb")
    journey.begin_own_workbook(laptop, "はじめの名前")
    for number in range(KILLS):
        possible, was_shown = write_until_killed(laptop, chance, number, server.kernels())
        shown += was_shown
        open_page(laptop, "00_start.ipynb")
        assert first_field(laptop) in possible
        assert read_answer(open_workbook(server.home / place.OWN), "shop") in possible
    print(json.dumps({"kernel_kills": KILLS, "shown_before_the_kill": shown}))


def test_what_the_page_showed_as_saved_is_there_when_the_server_is_killed(laptop, tmp_path):
    chance = random.Random(2611)
    rounds = 10 if LONG else 1
    for number in range(rounds):
        with serving.serving(tmp_path) as server:
            serving.open_page(laptop, server, "00_start.ipynb")
            if number == 0:
                journey.begin_own_workbook(laptop, "はじめの名前")
            whole = psutil.Process(server.process.pid)
            possible, _ = write_until_killed(laptop, chance, number, [*whole.children(recursive=True), whole])
        with serving.serving(tmp_path) as server:
            serving.open_page(laptop, server, "00_start.ipynb")
            assert first_field(laptop) in possible
    print(json.dumps({"server_kills": rounds}))


def a_second_copy(home: Path) -> Path:
    """What a synchronised folder lays beside the workbook when another machine went on with it."""
    other = home / "わたしのノート-PC2.kizuna"
    shutil.copyfile(home / place.OWN, other)
    there = open_workbook(other)
    save_answer(there, "shop", "となりの書店 港店", "お店やお仕事の名前は何ですか。")
    save_answer(there, "sells", "海辺の古本", "どんな品物やサービスを、どんなふうにお出ししていますか。")
    there.close()
    return other


def test_two_copies_are_told_made_one_and_the_choice_is_the_owners(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    journey.begin_own_workbook(laptop, "となりの書店")
    other = a_second_copy(server.home)
    before = other.read_bytes()
    write(laptop, "おとなりの書店")
    laptop.locator(".kz-head").get_by_text("同じノートがもう一つあり").wait_for()
    chosen = journey.form(laptop, "ノートを選ぶ")
    laptop.evaluate("window.dispatchEvent(new Event('focus'))")
    chosen.get_by_text("同じノートが二つあります").wait_for()
    chosen.get_by_role("button", name="このノートに合わせる").click()
    chosen.get_by_text("合わせました。").first.wait_for()
    expect(journey.form(laptop, "お店のこと").locator("textarea").first).to_have_value("海辺の古本")  # other forms follow a moment later
    assert first_field(laptop) == "おとなりの書店"
    chosen.get_by_role("button", name="もう一つのほうにする").click()
    laptop.wait_for_function("[...document.querySelectorAll('input')].some((one) => one.value === 'となりの書店 港店')")
    assert other.read_bytes() == before
    chosen.get_by_role("button", name="控えにしまう").click()
    chosen.get_by_text("控えにしまいました").wait_for()
    assert not other.exists() and not laptop.locator(".kz-head").get_by_text("同じノートがもう一つあり").count()
