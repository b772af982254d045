"""The hand-in in a real browser: read, hide, agree, make, receive."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from kizuna.workbook import place
from kizuna.workbook.submission import code, open_submission
from tests.browser.serving import Server
from tests.sample_class import make_class

Open = Callable[[Page, str], Page]


def test_what_was_read_is_what_the_file_holds(laptop: Page, open_page: Open, server: Server, tmp_path: Path) -> None:
    raw = make_class(tmp_path, 1)[0]
    server.empty_home()
    shutil.copy(raw.workbook, server.home / place.OWN)
    page = open_page(laptop, "13_handin.ipynb")
    page.get_by_role("button", name="外に出るものを見る").click()
    leaving = page.locator(".kz-leaving")
    expect(leaving).to_contain_text("外に出ないもの")
    told = leaving.inner_text()
    assert "お客さま1・" in told and [secret for secret in raw.secrets if secret in told] == []

    assert "お茶の会" in told
    page.get_by_role("textbox").first.fill("お茶の会")
    page.get_by_role("textbox").first.blur()
    expect(leaving).to_contain_text("●●●●があれば")
    expect(leaving).not_to_contain_text("お茶の会")

    make = page.get_by_role("button", name="提出用ファイルを作る")
    expect(make).to_be_disabled()
    page.get_by_label("一覧を読みました").check()
    expect(make).to_be_enabled()
    make.click()
    expect(page.locator(".kz-made")).to_contain_text(raw.code)
    with page.expect_download() as download:
        page.get_by_role("button", name="ファイルを受け取る").click()
    saved = tmp_path / "received.kizuna-teishutsu"
    download.value.save_as(saved)
    assert saved.read_bytes() == (server.home / f"提出用_{raw.code}.kizuna-teishutsu").read_bytes()
    assert code(open_submission(saved)) == raw.code and "お茶の会".encode() not in saved.read_bytes()


def test_it_fits_a_phone(phone: Page, open_page: Open, server: Server, tmp_path: Path) -> None:
    raw = make_class(tmp_path, 1)[0]
    server.empty_home()
    shutil.copy(raw.workbook, server.home / place.OWN)
    page = open_page(phone, "13_handin.ipynb")
    page.get_by_role("button", name="外に出るものを見る").click()
    expect(page.locator(".kz-leaving")).to_contain_text("外に出ないもの")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for each in page.locator(".kz-leaves summary").all():
        box = each.bounding_box()
        assert box is not None and box["height"] >= 40
