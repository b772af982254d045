"""Every page, empty and full, on a laptop and on a phone, has nothing that shuts a person out (axe-core, serious or worse)."""

from __future__ import annotations

from importlib.resources import files

import pytest

from kizuna.process import course

PAGES = [f"{section.file}.ipynb" for section in course().sections if section.open]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")


def open_sample(page, open_page):
    open_page(page, PAGES[0])
    page.get_by_role("button", name="見本を見る").click()
    page.get_by_text("見本を開きました").wait_for()


def findings(page) -> list[str]:
    page.evaluate(f"() => {{ {AXE} }}")
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']}\n    " + "\n    ".join(node["html"][:300] for node in one["nodes"][:8])
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize("screen", ["laptop", "phone"])
@pytest.mark.parametrize("state", ["empty", "sample"])
def test_nothing_shuts_a_person_out(server, open_page, request, screen, state):
    page = request.getfixturevalue(screen)
    if state == "sample":
        open_sample(page, open_page)
    told = []
    for name in PAGES:
        open_page(page, name)
        # What is folded counts too.
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        told += [f"{name}: {finding}" for finding in findings(page)]
    assert told == [], "\n".join(told)


def test_a_field_is_called_by_the_question_above_it(server, laptop, open_page):
    open_sample(laptop, open_page)
    open_page(laptop, "03_followup_plan.ipynb")
    assert laptop.get_by_role("combobox", name="取り組む望みを一つ選ぶ").is_visible()
    assert laptop.get_by_role("textbox", name="お客さまには、どうたずねますか").is_visible()
    unnamed = "[...document.querySelectorAll('.kz-form :is(input:not([type=file]), textarea, select)')].filter((one) => !one.labels?.length && !one.ariaLabel)"
    assert laptop.evaluate(f"{unnamed}.length") == 0
