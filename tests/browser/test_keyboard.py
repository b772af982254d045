"""The first journey by keyboard alone: no mouse, no finger, and nothing done for the person by the test."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from kizuna.process import Part
from kizuna.steps.plan import plan
from kizuna.steps.themes import themes
from kizuna.workbook import place
from kizuna.workbook.store import open_workbook
from tests.browser import journey, serving

WISHES = """駐車場の場所が分かる地図がほしいです
駐車場がもう少し広いと助かります
駐車場から店まで、雨にぬれずに行きたい
ゆっくり座れる席がほしいです
窓ぎわの席で本を読みたい
一人でも座りやすい席があるとうれしい
夜も開いているとうれしいです
仕事のあと、夜に寄れるようにしてほしい
夜の営業を、週に一度でもお願いしたい
席を電話で予約できると助かります"""

# What has the focus, and what stands around it: a file field and a tick are drawn by the label that belongs to them.
_FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body || node === document.documentElement) return null;
  const drawn = [node, node.closest("label"), ...(node.labels ?? [])].filter(Boolean);
  const ringed = drawn.some((one) => {
    const look = getComputedStyle(one), at = one.getBoundingClientRect();
    const inside = at.width > 8 && at.height > 8 && at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth;
    return inside && one.checkVisibility({ visibilityProperty: true }) && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  });
  return { ringed, what: `${node.outerHTML.slice(0, 200)} (${node.ariaLabel ?? node.textContent.trim().slice(0, 40)})` };
}"""


class Keys:
    """Hands on the keyboard of ``page``."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.type(words)

    def paste(self, words):
        self.page.keyboard.insert_text(words)

    def go_to(self, role, name, key="Tab", most=90):
        """Press Tab until what has the focus is this; every stop on the way is seen and ringed."""
        wanted = self.page.get_by_role(role, name=name).and_(self.page.locator(":focus"))
        passed = []
        for _ in range(most):
            self.page.keyboard.press(key)
            stop = self.page.evaluate(_FOCUSED)
            if stop is None:
                continue
            assert stop["ringed"], f"one cannot see that the focus is here: {stop['what']}"
            if wanted.count():
                return
            passed.append(stop["what"])
        pytest.fail(f"{most} times {key}, and the focus never came to {role} 「{name}」. It came to:\n" + "\n".join(passed))


def test_the_first_journey_needs_no_mouse(server, laptop, open_page):
    page, keys = laptop, Keys(laptop)
    open_page(page, "00_start.ipynb")
    keys.go_to("button", "自分のノートを作る")
    keys.press("Enter")
    page.get_by_text("ノートを開きました").wait_for()
    keys.go_to("textbox", re.compile("お店やお仕事の名前は何ですか"))
    keys.type("港の古本 ひとやすみ")
    keys.press("Tab")
    journey.form(page, "お店のこと").get_by_text("保存しました").wait_for()
    keys.go_to("link", "望みを聞く", key="Shift+Tab")
    keys.press("Enter")
    page.wait_for_url(re.compile("02_followup_research"))
    serving.wait_until_ready(page)

    keys.go_to("button", "文章を貼りつける")
    keys.press("Space")
    page.get_by_role("button", name="貼りつけた声を見る").wait_for()
    keys.go_to("textbox", "声を入れる")
    keys.paste(WISHES)
    keys.go_to("button", "貼りつけた声を見る")
    keys.press("Enter")
    page.get_by_text("このように読みました").wait_for()
    keys.go_to("button", "この内容で取り込む")
    keys.press("Enter")
    page.get_by_text("声を10件、保存しました").wait_for()
    keys.go_to("button", "声をまとめる（下書き）")
    keys.press("Enter")
    page.get_by_text("のまとまりの下書きを作りました").wait_for()

    names = journey.theme_names(page)
    keys.go_to("listitem", re.compile(""))
    moved = page.evaluate("document.activeElement.querySelector('blockquote').textContent")
    here = page.evaluate("document.activeElement.closest('[aria-label]').ariaLabel")
    keys.press("Enter", "ArrowDown")
    page.locator(".kb-live").get_by_text(re.compile("^「.+」、[0-9]+枚|^新しいまとまり")).wait_for()
    keys.press("Enter")
    journey.board_says(page, "1件を移しました")
    assert page.evaluate("document.activeElement.querySelector('blockquote').textContent") == moved, "the focus stays with the card"
    there = page.evaluate("document.activeElement.closest('[aria-label]').ariaLabel")
    assert there != here and there.removeprefix("まとまり：") in names
    keys.go_to("textbox", re.compile("^まとまりの名前："), key="Shift+Tab")
    keys.press("ControlOrMeta+a")
    keys.type("席でゆっくり")
    keys.press("Enter")
    journey.board_says(page, "名前を保存しました")
    keys.go_to("link", re.compile("^次へ"))
    keys.press("Enter")
    page.wait_for_url(re.compile("03_followup_plan"))
    serving.wait_until_ready(page)

    keys.go_to("button", re.compile("三つ下書きする"))
    keys.press("Enter")
    page.locator(".kz-action").nth(2).wait_for()
    keys.go_to("textbox", re.compile("間がらは、いまからどう変わりますか"))
    keys.type("お名前で呼び合える間がらになる。")
    keys.go_to("textbox", "一手の名前")
    keys.type("窓ぎわに、読む席を一つ")
    keys.go_to("button", "計画に入れる")
    page.locator(".kz-action .kz-title").get_by_text("窓ぎわに、読む席を一つ").wait_for()
    keys.press("Enter")
    expect(page.get_by_text("計画に入っています")).to_have_count(1)
    keys.go_to("button", "計画書を印刷する")
    with page.expect_popup() as opened:
        keys.press("Enter")
    opened.value.get_by_role("heading", name=re.compile("窓ぎわに、読む席を一つ")).wait_for()

    book = open_workbook(server.home / place.OWN)
    (item,) = plan(book, Part.FOLLOWUP).decided
    assert (item.title, item.relation) == ("窓ぎわに、読む席を一つ", "お名前で呼び合える間がらになる。")
    laid = {view.name: [f"「{card.text}」" for card in view.cards] for view in themes(book, Part.FOLLOWUP)}
    book.close()
    assert "席でゆっくり" in laid and sum(moved in cards for cards in laid.values()) == 1
