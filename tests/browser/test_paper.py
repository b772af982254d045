"""A page printed as it is: what is drawn by colour is drawn on paper too, every answer stands there, and no heading stands alone."""

from __future__ import annotations

import re

import pytest

from kizuna.process import course
from kizuna.steps.sample import make_sample
from kizuna.views.paper import page_html
from kizuna.workbook.store import MEMORY
from tests.browser import states
from tests.notebook import page_of

PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]

# The page in columns as high as a sheet: the browser breaks them as it breaks pages. Gives the headings, and the words that lead to
# a form, behind which a new sheet begins.
_ALONE = """(heights) => {
  const paper = document.querySelector("#rendered_cells"), found = new Set();
  for (const height of heights) {
    paper.style.setProperty("height", `${height}px`, "important");
    paper.style.setProperty("width", "724px", "important");
    Object.assign(paper.style, { columns: "1 720px", columnGap: "0", columnFill: "auto" });
    const walker = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT), words = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const places = [...range.getClientRects()].filter((one) => one.width && one.height);
      if (node.data.trim() && places.length) words.push({ node, sheets: places.map((one) => Math.floor((one.left - paper.getBoundingClientRect().left - 2) / 720)) });
    }
    words.forEach(({ node, sheets }, at) => {
      const next = words[at + 1], of = (one) => one.node.parentElement.closest(".jp-MarkdownCell, .kz-form");
      if (!next) return;
      const leads = of(next) !== of(words[at]) && of(words[at])?.matches(".jp-MarkdownCell") && of(next)?.matches(".kz-form");
      if ((node.parentElement.matches("h1, h2, h3") || leads) && next.sheets[0] !== sheets.at(-1)) found.add(node.data);
    });
  }
  return [...found];
}"""


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


@pytest.mark.parametrize("state", states.STATES)
def test_no_heading_stands_alone_at_the_foot_of_a_sheet(server, laptop, open_page, state):
    states.put(server.home, state)
    laptop.emulate_media(media="print")
    for name in PAGES:
        open_page(laptop, name)
        assert laptop.evaluate(_ALONE, list(range(700, 1100, 25))) == [], name


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
    assert len(sheets) == 6, "three items, each on a sheet, one for people and touches, the calendar's questions, and what follows them"
