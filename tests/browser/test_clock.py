"""The clock of a course in one room: it says in words how much is left, goes on while the page is closed, and never rings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from kizuna.workbook import place
from tests.browser import serving, states
from tests.browser.journey import form
from tests.browser.test_each_page import look, shut_out, too_wide

RESEARCH = "02_followup_research.ipynb"
MINUTE = 60_000


@pytest.fixture
def together(server, monkeypatch):
    """A machine in the room of a course, with the example open."""
    states.put(server.home, "full")
    monkeypatch.setenv("KIZUNA_HOME", str(server.home))
    place.work_together(True)


def bar(page):
    return page.get_by_role("region", name="みんなで進める時計")


def here(page):
    """The mode that is on, by its word."""
    return bar(page).locator("li[aria-current=step] span:not([class])")


def again(page):
    page.reload()
    serving.wait_until_ready(page)


def test_it_counts_tells_goes_on_and_leads_to_the_next_work(together, laptop, open_page):
    laptop.clock.install()
    laptop.add_init_script(
        "window.rang = 0; HTMLMediaElement.prototype.play = () => { window.rang += 1; }; window.AudioContext = class { constructor() { window.rang += 1; } };"
    )
    open_page(laptop, RESEARCH)
    clock = bar(laptop)
    said, live = clock.locator(".kc-said"), clock.locator("[aria-live=polite]")
    expect(here(laptop)).to_have_text("一人で")
    expect(clock.get_by_role("timer")).to_have_text("6:00")
    assert clock.get_attribute("data-level") == "calm"
    laptop.clock.fast_forward(5 * MINUTE)
    expect(clock.get_by_role("timer")).to_have_text("6:00")  # it waits to be begun
    clock.get_by_role("button", name="はじめる").click()
    laptop.clock.fast_forward(MINUTE)
    expect(clock.get_by_role("timer")).to_have_text(re.compile("^(5:00|4:5.)$"))
    assert (said.inner_text(), live.inner_text()) == ("", "")
    laptop.clock.fast_forward(2 * MINUTE)
    expect(said).to_have_text("あと3分")
    expect(live).to_have_text("あと3分です。")
    expect(clock).to_have_attribute("data-level", "near")
    again(laptop)
    expect(clock.get_by_role("timer")).to_have_text(re.compile("^2:"))
    expect(here(laptop)).to_have_text("一人で")
    laptop.clock.fast_forward(3 * MINUTE)
    expect(said).to_have_text("時間になりました。区切りのよいところで。")
    expect(live).to_have_text("時間になりました。区切りのよいところで。")
    expect(clock).to_have_attribute("data-level", "over")
    clock.get_by_role("button", name="＋1分").click()
    expect(clock.get_by_role("timer")).to_have_text(re.compile("^(1:00|0:5.)$"))
    clock.get_by_role("button", name="止める").click()
    stopped = clock.get_by_role("timer").inner_text()
    laptop.clock.fast_forward(10 * MINUTE)
    again(laptop)
    expect(clock.get_by_role("timer")).to_have_text(stopped)
    clock.get_by_role("button", name="できました").click()
    expect(here(laptop)).to_have_text("ペアで")
    expect(live).to_have_text("聞くことと、使い道を決める。ペアで、4分です。")
    clock.get_by_role("button", name="できました").click()
    expect(clock.locator(".kc-name b")).to_have_text("聞く練習をする")
    again(laptop)
    expect(clock.locator(".kc-name b")).to_have_text("聞く練習をする")
    assert laptop.evaluate("window.rang") == 0


def test_works_are_chosen_one_by_one_and_the_last_ends_the_page(together, laptop, open_page):
    open_page(laptop, RESEARCH)
    clock = bar(laptop)
    assert clock.get_by_role("button", name="前へ").is_disabled()
    titles = [clock.locator(".kc-name b").inner_text()]
    while clock.get_by_role("button", name="次へ").is_enabled():
        clock.get_by_role("button", name="次へ").click()
        titles.append(clock.locator(".kc-name b").inner_text())
    assert len(set(titles)) == 5
    for _ in range(2):
        clock.get_by_role("button", name="できました").click()
    expect(clock.locator(".kc-said")).to_have_text("このページの分は、ここまでです。")
    expect(clock.get_by_role("button", name="できました")).to_be_hidden()
    clock.get_by_role("button", name="前へ").click()
    expect(clock.locator(".kc-name b")).to_have_text(titles[-2])
    expect(clock.get_by_role("button", name="はじめる")).to_be_visible()


def test_a_clock_of_another_day_or_of_no_sense_begins_anew(together, laptop, open_page):
    open_page(laptop, RESEARCH)
    key = "kizuna.clock.02_followup_research"
    for kept in ("{", '{"work":"themes","turn":9,"left":5,"ends":null}', '{"work":"themes","turn":0,"left":0,"ends":1000}'):
        laptop.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, kept])
        again(laptop)
        expect(bar(laptop).get_by_role("timer")).to_have_text("6:00")
        expect(bar(laptop).locator(".kc-name b")).to_have_text("聞くことと、使い道を決める")


def test_whoever_scrolls_down_still_sees_it_and_on_a_phone_it_shuts_nobody_out(together, phone, open_page):
    open_page(phone, RESEARCH)
    pill = phone.locator(".kc-pill")
    expect(pill).to_be_hidden()
    phone.evaluate("scrollTo(0, 3000)")
    expect(pill).to_be_visible()
    expect(pill).to_have_text(re.compile("一人で *6:00"))
    phone.evaluate("scrollTo(0, 0)")
    expect(pill).to_be_hidden()
    assert too_wide(phone) == [] and phone.evaluate("innerWidth") == serving.PHONE["width"]
    edges = phone.evaluate(
        "[...document.querySelectorAll('.kc button, .kc li')].map((one) => one.getBoundingClientRect()).map((at) => [at.left, at.right, at.height])"
    )
    assert edges and all(left >= 0 and right <= serving.PHONE["width"] for left, right, _ in edges)
    assert (
        min(phone.evaluate("[...document.querySelectorAll('.kc button')].filter((one) => one.offsetHeight).map((one) => one.offsetHeight)"))
        >= 44
    )
    for level in ("calm", "near", "over", "end"):
        phone.evaluate("(level) => { document.querySelector('.kc').dataset.level = level; }", level)
        assert shut_out(phone) == [], level
    look(phone, serving.LAPTOP, media="print")
    expect(bar(phone)).to_be_hidden()


def test_the_button_on_the_first_page_brings_it_and_takes_it_away(server, laptop, open_page):
    states.put(server.home, "full")
    open_page(laptop, "00_start.ipynb")
    room = form(laptop, "講座の部屋で使うとき")
    assert bar(laptop).count() == 0
    room.get_by_role("button", name="みんなで進める画面にする").click()
    bar(laptop).wait_for()
    room.get_by_label("いまの気持ちを、ひとことで").fill("少しどきどきしています")
    room.get_by_label("いまの気持ちを、ひとことで").blur()
    room.get_by_text("保存しました").wait_for()
    open_page(laptop, RESEARCH)
    bar(laptop).wait_for()
    open_page(laptop, "00_start.ipynb")
    expect(room.get_by_label("いまの気持ちを、ひとことで")).to_have_value("少しどきどきしています")
    room.get_by_role("button", name="一人で進める画面にもどす").click()
    expect(bar(laptop)).to_be_hidden()
    open_page(laptop, RESEARCH)
    assert bar(laptop).count() == 0
