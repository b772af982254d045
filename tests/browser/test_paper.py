"""A page printed as it is: what is drawn by colour is drawn on paper too, and every answer stands there."""

from __future__ import annotations

import re

from kizuna.steps.sample import make_sample
from kizuna.views.paper import page_html
from kizuna.workbook.store import MEMORY
from tests.browser import states
from tests.notebook import page_of


def test_bars_quotes_and_chosen_numbers_are_on_the_paper(server, laptop, open_page):
    states.put(server.home, "full")
    laptop.emulate_media(media="print")
    open_page(laptop, "02_followup_research.ipynb")
    kept = "(what) => [...document.querySelectorAll(what)].map((one) => getComputedStyle(one).printColorAdjust)"
    for what in (".kz-bars .track i", ".kz-quote", ".kz-board .kb-card"):
        assert set(laptop.evaluate(kept, what)) == {"exact"}, what
    assert not laptop.get_by_text("ファイルを選ぶ").is_visible()
    open_page(laptop, "01_overview.ipynb")
    chosen = laptop.locator(".widget-toggle-button.mod-active:visible").all_inner_texts()
    assert chosen == ["7", "4", "× いいえ", "× いいえ", "○ はい", "○ はい"]
    cut = "[...document.querySelectorAll('.kz textarea')].filter((one) => one.scrollHeight > one.clientHeight + 1).length"
    assert laptop.evaluate(cut) == 0


def test_what_only_works_on_a_screen_is_not_on_the_paper(server, laptop, open_page):
    states.put(server.home, "full")
    laptop.emulate_media(media="print")
    open_page(laptop, "02_followup_research.ipynb")
    assert laptop.get_by_text("問8 ").filter(visible=True).count() == 1, "her own questions are no tool"
    for what in ("紙で使う", "質問に加える", "この質問をやめる", "紙に書いてから写したい方は", "数字の表で見る", "名前を押すと"):
        assert laptop.get_by_text(what).filter(visible=True).count() == 0, what


def test_the_first_sheet_of_the_blank_plan_holds_an_item_too(laptop):
    laptop.set_content(page_html(page_of("03_followup_plan", make_sample(MEMORY, later=False)), blank=True))
    sheets = re.findall(rb"/Type\s*/Page\b", laptop.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) == 7, "three items, each on a sheet, her way, people and touches, the calendar's questions, and what follows them"
