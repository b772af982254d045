"""Every page, empty and full (in the long form half way too): on a phone nothing is wider than the screen, no heading stands alone on paper, nothing shuts a person out.

Each page is opened once, on a phone, and then looked at as a phone, as a laptop and as paper: opening is what takes its time.
"""

from __future__ import annotations

import os
from importlib.resources import files

import pytest

from kizuna.process import course
from tests.browser import serving, states

PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")
LONG = "KIZUNA_LONG" in os.environ  # every state and every height; else what costs least and still fails
STATES = states.STATES if LONG else ("empty", "full")
SHEETS = range(700, 1100, 25 if LONG else 80)  # heights of a sheet in pixels: what stands at its foot is chance, so many are tried
UNFOLD = "document.querySelectorAll('details').forEach((one) => (one.open = true))"
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# Only `.kz-scroll` may be wider than it shows: it says so, and moves sideways by itself.
_STICKS_OUT = """() => [...document.querySelectorAll(".kz-form")].flatMap((form) => {
  const edge = form.getBoundingClientRect();
  return [...form.querySelectorAll("*")].filter((one) => {
    const at = one.getBoundingClientRect();
    if (!at.width || !at.height || one.closest(".kz-scroll, [popover], svg") || !one.checkVisibility({ visibilityProperty: true })) return false;
    return at.left < edge.left - 1 || at.right > edge.right + 1;
  }).map((one) => `${form.querySelector("h3")?.textContent}: ${one.outerHTML.slice(0, 160)}`);
})"""

# The page in columns as high as a sheet: the browser breaks them as it breaks pages. Gives the headings, and the words that lead to
# a form, behind which a new sheet begins; then the page is as before.
_ALONE = """(heights) => {
  const paper = document.querySelector("#rendered_cells"), style = paper.getAttribute("style"), found = new Set();
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
  paper.setAttribute("style", style ?? "");
  return [...found];
}"""


def open_sample(page, open_page):
    open_page(page, PAGES[0])
    page.get_by_role("button", name="見本を見る").click()
    page.get_by_text("見本を開きました").wait_for()


def shut_out(page) -> list[str]:
    """What axe-core finds on the page, serious or worse; what is folded has to be opened before."""
    page.evaluate(f"() => {{ {AXE} }}")
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}\n    " + "\n    ".join(node["html"][:300] for node in one["nodes"][:8])
        for one in found
        if one["impact"] in GRAVE
    ]


def too_wide(page) -> list[str]:
    """What makes the page wider than the screen, and what sticks out of the form it stands in."""
    width, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} pixels wide on a screen of {screen}"] * (width > screen) + page.evaluate(_STICKS_OUT)


def look(page, size, media="screen") -> None:
    page.set_viewport_size(size)
    page.emulate_media(media=media)
    page.evaluate(SETTLED)


@pytest.mark.parametrize("state", STATES)
def test_every_page_is_well_on_a_phone_on_a_laptop_and_on_paper(server, phone, open_page, state):
    states.put(server.home, state)
    told = []
    for name in PAGES:
        open_page(phone, name)
        zoomed = ["the page made the phone zoom out"] if phone.evaluate("innerWidth") != serving.PHONE["width"] else []
        look(phone, serving.LAPTOP, media="print")
        found = {"on paper, alone": phone.evaluate(_ALONE, list(SHEETS))}
        look(phone, serving.LAPTOP)
        phone.evaluate(UNFOLD)
        found["laptop"] = shut_out(phone)
        look(phone, serving.PHONE)
        found["phone"] = zoomed + too_wide(phone) + shut_out(phone)
        told += [f"{name}: {where}: {one}" for where, ones in found.items() for one in ones]
    assert told == [], "\n".join(told)


def test_each_look_sees_what_it_is_for(phone, open_page):
    open_page(phone, "01_overview.ipynb")
    look(phone, serving.LAPTOP, media="print")
    assert phone.evaluate(_ALONE, list(SHEETS)) == []
    phone.add_style_tag(content="h2 { break-after: column !important }")
    assert phone.evaluate(_ALONE, list(SHEETS)) != []
    look(phone, serving.PHONE)
    assert too_wide(phone) + shut_out(phone) == []
    phone.evaluate(
        "document.querySelector('.kz-form').insertAdjacentHTML('beforeend', '<p style=\"width: 500px\">長い</p><button></button>')"
    )
    assert len(too_wide(phone)) >= 1 and any(one.startswith("button-name ") for one in shut_out(phone))


def test_a_field_is_called_by_the_question_above_it(server, laptop, open_page):
    open_sample(laptop, open_page)
    open_page(laptop, "03_followup_plan.ipynb")
    assert laptop.get_by_role("combobox", name="取り組む望みを一つ選ぶ").is_visible()
    assert laptop.get_by_role("textbox", name="お客さまには、どうたずねますか").is_visible()
    unnamed = "[...document.querySelectorAll('.kz-form :is(input:not([type=file]), textarea, select)')].filter((one) => !one.labels?.length && !one.ariaLabel)"
    assert laptop.evaluate(f"{unnamed}.length") == 0
