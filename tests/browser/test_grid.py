"""The table in a real browser: by keys, by finger, filtered, sorted, on paper; and what the workbook holds afterwards."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from kizuna.process import Part
from kizuna.steps import plan as plans
from kizuna.steps.sample import make_sample
from kizuna.workbook import place
from kizuna.workbook.store import open_workbook
from tests.browser import journey, serving, tables

PLAN = "03_followup_plan.ipynb"


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    """The plan's page, and a table of sixty rows."""
    folder = tables.write(tmp_path_factory.mktemp("notebooks") / "notebooks", 60)
    course = Path(__file__).parents[2] / "notebooks" / PLAN
    (folder / PLAN).write_bytes(course.read_bytes())
    return folder


@pytest.fixture
def items(server):
    """The items of the worked example's plan as the file holds them now."""
    book = make_sample(server.home / place.OWN, later=False)
    for number, one in enumerate(plans.plan(book, Part.FOLLOWUP).actions):  # days that every month has
        plans.edit(book, one.id, due_on=date(date.today().year + 1, 1, 11 + number))
    book.close()

    def read():
        book = open_workbook(server.home / place.OWN)
        found = {one.id: one for one in plans.plan(book, Part.FOLLOWUP).actions}
        book.close()
        return found

    return read


@pytest.fixture
def plan(items, open_page):
    """Open the plan page on a copy of the worked example; gives its table's form."""

    def opened(page):
        open_page(page, PLAN)
        form = journey.form(page, "日にちと時間をまとめて直す")
        form.locator(".kg tbody tr").first.wait_for()
        return form

    return opened


@pytest.fixture
def people(open_page):
    """Open the table of sixty people; gives its form."""

    def opened(page):
        open_page(page, tables.NAME)
        form = journey.form(page, "会った方")
        form.locator(".kg tbody tr").first.wait_for()
        return form

    return opened


def settled(form):
    expect(form.locator(".kg")).to_have_attribute("data-settled", "yes")


def names(form, column="お名前"):
    return form.locator(f"[data-label='{column}'] :is(input, textarea, select)").evaluate_all("(all) => all.map((one) => one.value)")


def cell(form, name):
    return form.get_by_role("textbox", name=name, exact=True)


def test_the_plan_is_mended_by_keys_alone_and_is_so_when_the_page_opens_again(plan, laptop, items):
    form = plan(laptop)
    before = items()
    first, second = list(before.values())[:2]
    field = cell(form, f"{first.title}・一回の時間")
    field.focus()
    laptop.keyboard.press("Control+A")
    laptop.keyboard.type("２５分")
    laptop.keyboard.press("Enter")
    expect(cell(form, f"{second.title}・一回の時間")).to_be_focused()
    settled(form)
    expect(field).to_have_value("25")
    laptop.keyboard.press("Tab")
    expect(cell(form, f"{second.title}・回数")).to_be_focused()
    laptop.keyboard.type("9")
    laptop.keyboard.press("Shift+Enter")
    expect(cell(form, f"{first.title}・回数")).to_be_focused()
    form.locator(".kz-saved").get_by_text("保存しました").wait_for()
    form.get_by_role("combobox", name=f"{first.title}・できる度").select_option(label="2 助けがいる")
    settled(form)
    now = items()
    assert (now[first.id].minutes, now[first.id].doable, now[second.id].times) == (25, 2, 9)
    expect(form.locator(".kz-say")).to_contain_text(plans.spell_minutes(sum(one.total_minutes or 0 for one in now.values() if one.in_plan)))
    laptop.reload()
    serving.wait_until_ready(laptop)
    expect(cell(form, f"{first.title}・一回の時間")).to_have_value("25")
    expect(cell(form, f"{second.title}・回数")).to_have_value("9")


def test_a_date_that_is_typed_is_saved_once_when_it_is_left(plan, laptop, items):
    form = plan(laptop)
    first = next(iter(items().values()))
    field = form.get_by_label(f"{first.title}・始める日", exact=True)
    field.focus()
    for _ in range(3):  # whichever part stands first: each press is a date of its own
        laptop.keyboard.press("ArrowUp")
    written = field.input_value()
    cell(form, f"{first.title}・回数").focus()
    settled(form)
    assert written == items()[first.id].due_on.isoformat() != first.due_on.isoformat()
    laptop.get_by_role("button", name="ひとつ前に戻す").click()
    expect(field).to_have_value(first.due_on.isoformat())


def test_on_a_phone_each_row_is_a_card_that_is_mended_by_finger(plan, phone, items):
    form = plan(phone)
    first = next(iter(items().values()))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not form.locator(".kg thead").is_visible()
    row = form.locator(".kg tbody tr").first
    boxes = [one.bounding_box() for one in row.locator("input, select").all()]
    assert all(box["height"] >= 44 and box["width"] >= 120 for box in boxes)
    assert [box["y"] for box in boxes] == sorted({box["y"] for box in boxes}), "one below the other"
    field = cell(form, f"{first.title}・人数")
    field.tap()
    field.fill("14人")
    cell(form, f"{first.title}・回数").tap()
    settled(form)
    expect(field).to_have_value("14")
    assert items()[first.id].people == 14


def test_refused_words_stay_in_their_field_until_they_are_mended(plan, laptop, items):
    form = plan(laptop)
    first = next(iter(items().values()))
    field = cell(form, f"{first.title}・回数")
    field.fill("たくさん")
    field.blur()
    expect(field).to_have_attribute("aria-invalid", "true")
    told = form.locator(f"[id='{field.get_attribute('aria-describedby')}']")
    expect(told).to_contain_text("「たくさん」は数字として読めません")
    expect(form.get_by_text("数字として読めません")).to_have_count(1)
    expect(field).to_have_value("たくさん")
    cell(form, f"{first.title}・人数").fill("3")
    cell(form, f"{first.title}・人数").blur()
    settled(form)
    expect(field).to_have_value("たくさん")
    field.fill("5")
    field.blur()
    settled(form)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(form.locator(".kg-told:visible")).to_have_count(0)
    assert (items()[first.id].times, items()[first.id].people) == (5, 3)


def test_a_refresh_leaves_the_field_alone_in_which_somebody_writes(plan, server, laptop, items):
    form = plan(laptop)
    first = next(iter(items().values()))
    field = cell(form, f"{first.title}・回数")
    field.focus()
    laptop.keyboard.press("Control+A")
    laptop.keyboard.type("6")
    book = open_workbook(server.home / place.OWN)
    plans.edit(book, first.id, times=77, people=78)
    book.close()
    laptop.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(cell(form, f"{first.title}・人数")).to_have_value("78")
    expect(field).to_be_focused()
    expect(field).to_have_value("6")
    laptop.keyboard.press("Enter")
    form.get_by_text("ほかの画面で「77」と書かれていました").wait_for()
    assert items()[first.id].times == 6


def test_sixty_rows_are_filtered_and_sorted_and_nothing_is_run(people, laptop):
    form = people(laptop)
    expect(form.locator(".kg-count")).to_have_text("60行")
    visits = form.get_by_role("button", name="来た回数")
    head = form.get_by_role("columnheader", name="来た回数")
    visits.click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    shown = [int(one) for one in names(form, "来た回数")]
    assert shown == sorted(shown) and shown[0] < 10 < 20 < shown[-1]
    visits.click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert [int(one) for one in names(form, "来た回数")][:2] == sorted((row * 37 % 101 for row in range(1, 61)), reverse=True)[:2]
    visits.click()
    assert head.get_attribute("aria-sort") is None and names(form)[0] == "お客1"
    form.get_by_role("searchbox", name="さがす").fill("お客１２")
    expect(form.locator(".kg-count")).to_have_text("60行のうち、1行")
    assert names(form) == ["お客12"]
    form.get_by_role("searchbox", name="さがす").fill("img")
    expect(form.locator(".kg-count")).to_have_text("60行のうち、1行")
    assert form.locator(".kg img").count() == 0 and laptop.title() != "hurt"


def test_a_row_stays_under_the_hand_while_its_sorted_value_changes(people, laptop):
    form = people(laptop)
    form.get_by_role("button", name="来た回数").click()
    before = names(form)
    field = cell(form, f"{before[0]}・来た回数")
    field.fill("99")
    field.blur()
    form.get_by_text("保存しました").wait_for()
    assert names(form) == before
    cell(form, f"{before[0]}・お名前").fill("改めた名")
    cell(form, f"{before[0]}・お名前").blur()
    expect(cell(form, "改めた名・来た回数")).to_have_value("99")


def test_rows_out_of_sight_come_when_they_are_wanted(people, laptop):
    form = people(laptop)
    assert form.locator(".kg tbody tr").count() < 60
    for wanted in (40, 60):
        laptop.evaluate("document.querySelector('.kg tbody tr:last-child').scrollIntoView()")
        laptop.wait_for_function(f"document.querySelectorAll('.kg tbody tr').length >= {wanted}")


def test_rows_are_added_and_taken_away(people, laptop):
    form = people(laptop)
    form.get_by_role("button", name="お客2を消す").click()
    expect(form.locator(".kg-count")).to_have_text("59行")
    expect(form.get_by_role("button", name=re.compile("を消す$")).nth(1)).to_be_focused()
    form.get_by_role("button", name="一行ふやす").click()
    expect(form.locator(".kg-count")).to_have_text("60行")
    expect(cell(form, "60行め・お名前")).to_be_focused()


def test_on_paper_the_whole_table_stands_as_words(people, laptop):
    form = people(laptop)
    laptop.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    laptop.emulate_media(media="print")
    assert form.locator(".kg tbody tr").count() == 60
    assert form.locator(".kg :is(input, button, select, textarea):visible").count() == len(form.locator(".kg thead button").all())
    assert form.locator(".kg tbody tr").nth(59).inner_text().split() == ["お客60", "好きな本は60冊", "2026年5月1日", "99回", "1", "段め"]
    laptop.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert form.locator(".kg-words").count() == 0


def test_a_phone_sorts_by_a_list_and_nothing_lies_beside_the_screen(people, phone):
    form = people(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form.get_by_role("combobox", name="並べる順").select_option(label="来た回数の順")
    shown = [int(one) for one in names(form, "来た回数")]
    assert shown == sorted(shown)
