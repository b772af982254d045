"""What stands at the top of a page besides the map: the words of the course, and the word of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_words_stay_open_while_the_head_is_drawn_again_and_the_word_of_the_day_is_there(laptop: Page, open_page: Any) -> None:
    open_page(laptop, "01_overview.ipynb")
    words = laptop.locator(".kz-head .kz-words")
    words.locator("summary").click()
    words.locator("dt", has_text="実費").wait_for()
    laptop.get_by_role("button", name="ほかの言葉を見る").click()
    laptop.get_by_role("button", name="今日の一言にする").click()
    laptop.locator(".kz-head .kz-day").wait_for()
    assert words.get_attribute("open") is not None, "an act redraws the head, not what is open in it"
    chosen = laptop.locator(".kz-day b").inner_text()
    open_page(laptop, "05_followup_feedback.ipynb")
    assert laptop.locator(".kz-day b").inner_text() == chosen


def test_a_reading_opens_by_the_keyboard_and_only_what_is_open_is_printed(laptop: Page, open_page: Any) -> None:
    open_page(laptop, "03_followup_plan.ipynb")
    pieces = laptop.locator(".kz-readings details")
    lead = laptop.locator("div[cell-index]", has=laptop.locator("strong", has_text="読みもの")).first
    laptop.emulate_media(media="print")
    assert not lead.is_visible()
    assert not pieces.first.is_visible()
    laptop.emulate_media(media="screen")
    pieces.nth(1).locator("summary").focus()
    laptop.keyboard.press("Enter")
    laptop.emulate_media(media="print")
    assert lead.is_visible() and [one.is_visible() for one in pieces.all()] == [False, True, False]
