"""A page printed as it is: what is drawn by colour is drawn on paper too, and every answer stands there."""

from __future__ import annotations

from tests.browser import states


def test_bars_quotes_and_chosen_numbers_are_on_the_paper(server, laptop, open_page):
    states.put(server.home, "full")
    laptop.emulate_media(media="print")
    open_page(laptop, "02_followup_research.ipynb")
    kept = "(what) => [...document.querySelectorAll(what)].map((one) => getComputedStyle(one).printColorAdjust)"
    for what in (".kz-bars .track i", ".kz-quote", ".kz-board .kb-card"):
        assert set(laptop.evaluate(kept, what)) == {"exact"}, what
    assert not laptop.get_by_text("ファイルを選ぶ").is_visible()
    open_page(laptop, "01_overview.ipynb")
    assert laptop.locator(".widget-toggle-button.mod-active:visible").all_inner_texts() == ["7", "4"]
    cut = "[...document.querySelectorAll('.kz textarea')].filter((one) => one.scrollHeight > one.clientHeight + 1).length"
    assert laptop.evaluate(cut) == 0
