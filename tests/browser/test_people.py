"""The list of people and the touches in the browser: two clicks, the person that opens, and nothing that shuts anybody out."""

from __future__ import annotations

import os
from datetime import date, timedelta
from unittest import mock

import pytest

from kizuna.steps import people, roster, touches
from kizuna.steps.sample import make_sample
from kizuna.workbook import place
from kizuna.workbook.store import open_workbook
from tests.browser.test_each_page import shut_out, too_wide

PAGE = "03_followup_plan.ipynb"


@pytest.fixture
def shop(server):
    """The worked example with a group, a fan, and two whom nobody has touched for long; returns its file."""
    path = server.home / place.SAMPLE
    with mock.patch.dict(os.environ, KIZUNA_HOME=str(server.home)):
        book = make_sample(path, later=False)
        place.choose(path)
    group = roster.add_group(book, "おなじみさん", 3, 5)
    for number, one in enumerate(people.everyone(book)[:5]):
        roster.edit(book, one.id, group_id=group)
        touches.log(book, one.id, "visit", date.today() - timedelta(days=8 + number))
        roster.note_closeness(book, one.id, number, "町で話した")
    roster.mark_fan(book, 1, people.quotes_of(book, 1)[0].id)
    book.close()
    return path


def form(page, title):
    return page.locator(".kz-form", has=page.locator("h3", has_text=title))


def test_two_clicks_write_a_touch_into_the_file(shop, laptop, open_page):
    page = open_page(laptop, PAGE)
    log = form(page, "やりとりを書きとめる")
    log.get_by_label("どなたと").last.select_option(label="ミナトさん")
    log.get_by_role("button", name="来てくださった").click()
    log.get_by_text("書きとめました").wait_for()
    book = open_workbook(shop)
    assert touches.touches(book, 1)[0].on == date.today()
    book.close()


@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_all_that_opens_fits_and_shuts_nobody_out(shop, open_page, request, screen):
    page = open_page(request.getfixturevalue(screen), PAGE)
    listed = form(page, "おなじみの方の名簿")
    listed.get_by_label("くわしく書く方").last.select_option(label="ミナトさん")
    listed.get_by_role("button", name="お便りのご希望を書く").click()
    listed.get_by_role("button", name="名簿を表で見る").click()
    listed.get_by_role("button", name="グループと、お声をかける間隔").click()
    log = form(page, "やりとりを書きとめる")
    log.get_by_label("どなたと").last.select_option(label="ミナトさん")
    for name in ("最近書いたものを直す", "今日でないとき"):
        log.get_by_role("button", name=name).click()
    form(page, "一手を書く").get_by_role("button", name="ひらく").first.click()
    form(page, "続けられるカレンダー").get_by_role("button", name="決まりを見る").click()
    compared = form(page, "届け方をくらべる")
    compared.get_by_role("button", name="くらべてみる").click()
    compared.get_by_role("button", name="くわしく計算したい方へ").click()
    compared.get_by_text("割合をとじる").wait_for()
    listed.get_by_label("ミナトさん・お名前").wait_for()
    listed.get_by_label("はがき・手紙・ご希望").wait_for()
    listed.get_by_label("おなじみさん・長くても").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert shut_out(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert too_wide(page) == []


def test_what_was_told_takes_the_person_off_the_list(shop, phone, open_page):
    page = open_page(phone, PAGE)
    late = form(page, "お声をかけたい方")
    first = late.locator(".kz-action", has=page.get_by_text("ごぶさた", exact=True)).first
    name = first.locator(".kz-title").inner_text().split("\n")[0].strip()
    first.get_by_role("button", name="伝えました").click()
    late.get_by_text("とのやりとりを書きとめました").wait_for()
    assert late.locator(".kz-title", has_text=name).count() == 0


def test_a_person_is_taken_out_once_her_name_is_written(shop, phone, open_page):
    page = open_page(phone, PAGE)
    listed = form(page, "おなじみの方の名簿")
    listed.get_by_label("くわしく書く方").last.select_option(label="ミナトさん")
    listed.get_by_role("button", name="この方の記録をすべて消す").click()
    listed.get_by_text("いただいた声").wait_for()
    assert shut_out(page) == [] and too_wide(page) == []
    listed.get_by_label("お名前を書いて、確かめてください").fill("ミナト")
    listed.get_by_role("button", name="すべて消す", exact=True).click()
    listed.get_by_text("ご自分の手でしていただくこと").wait_for()
    assert "ミナトさん" not in listed.inner_text()
    assert "ミナトさん".encode() not in shop.read_bytes()
