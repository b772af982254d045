"""On a phone nothing makes a page wider than the screen, and nothing sticks out of the form it stands in."""

from __future__ import annotations

import pytest

from kizuna.process import course
from tests.browser import states

PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]

# Only `.kz-scroll` may be wider than it shows: it says so, and moves sideways by itself.
_STICKS_OUT = """() => [...document.querySelectorAll(".kz-form")].flatMap((form) => {
  const edge = form.getBoundingClientRect();
  return [...form.querySelectorAll("*")].filter((one) => {
    const at = one.getBoundingClientRect();
    if (!at.width || !at.height || one.closest(".kz-scroll, [popover], svg") || !one.checkVisibility({ visibilityProperty: true })) return false;
    return at.left < edge.left - 1 || at.right > edge.right + 1;
  }).map((one) => `${form.querySelector("h3")?.textContent}: ${one.outerHTML.slice(0, 160)}`);
})"""


@pytest.mark.parametrize("state", states.STATES)
def test_nothing_is_wider_than_the_phone(server, phone, open_page, state):
    states.put(server.home, state)
    for name in PAGES:
        open_page(phone, name)
        assert phone.evaluate("innerWidth") == 390, f"{name}: the page made the phone zoom out"
        phone.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        wide = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{name} ({state}): {wide[0]} pixels wide on a screen of {wide[1]}"
        assert phone.evaluate(_STICKS_OUT) == [], f"{name} ({state})"
