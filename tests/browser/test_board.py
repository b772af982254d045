"""The card board in a real browser, with 300 voices: mouse, finger, keys, and what the workbook holds afterwards."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kizuna.process import Part
from kizuna.steps import themes
from kizuna.workbook import place
from kizuna.workbook.answers import read_answer
from kizuna.workbook.intake import bring_in
from kizuna.workbook.reading import guess_columns, read_file
from kizuna.workbook.store import open_workbook
from tests.browser import journey, serving

PART = Part.FOLLOWUP
NOTEBOOK = "02_followup_research.ipynb"
BOXES = ["席のこと", "夜のこと", "駐車場のこと"]
HOSTILE = "<img src=x onerror=\"document.title='hurt'\">がほしい"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A workbook of 300 short voices: three boxes of 40 cards, 180 cards that lie nowhere yet."""
    path = tmp_path_factory.mktemp("made") / place.OWN
    book = open_workbook(path)
    lines = [f"お客{number},{HOSTILE if number == 299 else f'{number}番めのお願いです。椅子がほしい'}" for number in range(300)]
    table = read_file("声.csv", "\n".join(["お名前,ご要望を聞かせてください", *(line.replace('"', "'") for line in lines)]).encode())
    bring_in(book, table, guess_columns(table))
    cards = [one.id for one in themes.unplaced(book, PART)]
    assert len(cards) == 300
    for number, name in enumerate(BOXES):
        themes.make(book, PART, name, cards[number * 40 : number * 40 + 40])
    book.close()
    return path


@pytest.fixture
def board(server, made, open_page):
    """Open the research page on a copy of that workbook; gives the page."""
    shutil.copy(made, server.home / place.OWN)

    def opened(page):
        open_page(page, NOTEBOOK)
        page.locator(".kz-board .kb-card").first.wait_for()
        return page

    return opened


@pytest.fixture
def laid(server):
    """Where the cards lie in the file now: words by the box's name."""

    def read():
        book = open_workbook(server.home / place.OWN)
        found = themes.laid(book, PART)
        book.close()
        return {view.name: [card.text for card in view.cards] for view in found.themes} | {
            "loose": [card.text for card in found.loose],
            "aside": [card.text for card in found.aside],
        }

    return read


def box(page, name):
    return page.locator(".kb-box").filter(has=page.locator(f"textarea[aria-label='まとまりの名前：{name}']"))


def tray(page):
    return page.locator(".kb-loose")


def words(card):
    return card.locator("blockquote").inner_text().removeprefix("「").removesuffix("」")


def middle(locator):
    place_ = locator.bounding_box()
    return place_["x"] + place_["width"] / 2, place_["y"] + place_["height"] / 2


def settled(page):
    page.wait_for_function("[...document.querySelectorAll('.kz-board')].every((one) => one.dataset.settled)")


def drag(page, card, chip):
    """By mouse: from a card's words to a name in the list that appears below."""
    card.scroll_into_view_if_needed()
    page.mouse.move(*middle(card.locator("blockquote")))
    page.mouse.down()
    page.mouse.move(600, 300, steps=4)
    goal = page.locator(".kb-chip").filter(has_text=chip)
    goal.wait_for()
    page.mouse.move(*middle(goal), steps=4)
    page.mouse.up()


def test_three_hundred_cards_stand_as_a_few_and_nothing_is_run(board, laptop):
    page = board(laptop)
    assert page.locator(".kb-card").count() == 4 * 12
    assert tray(page).get_by_text("180枚").is_visible()
    tray(page).get_by_role("button", name="あと168枚を見る").click()
    assert tray(page).locator(".kb-card").count() == 180
    assert page.locator(".kz-board img").count() == 0 and page.title() != "hurt"
    assert tray(page).get_by_text("<img src=x").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_a_card_is_carried_by_mouse(board, laptop, laid):
    page = board(laptop)
    card = tray(page).locator(".kb-card").first
    said = words(card)
    drag(page, card, "夜のこと")
    assert box(page, "夜のこと").get_by_text(said).is_visible(), "it is seen in its new place at once"
    journey.board_says(page, "1件を移しました")
    assert said in laid()["夜のこと"] and len(laid()["loose"]) == 179


def test_a_card_is_carried_onto_a_box_itself_and_the_page_scrolls_near_the_edge(board, laptop, laid):
    page = board(laptop)
    card = tray(page).locator(".kb-card").first
    card.scroll_into_view_if_needed()
    said = words(card)
    page.mouse.move(*middle(card.locator("blockquote")))
    page.mouse.down()
    page.mouse.move(500, 400, steps=3)
    dock = page.locator(".kb-dock").bounding_box()
    before = page.evaluate("scrollY")
    page.mouse.move(500, dock["y"] - 12, steps=3)
    page.wait_for_function("(from) => scrollY > from + 300", arg=before)
    goal = box(page, "夜のこと")
    page.wait_for_function("(one) => one.getBoundingClientRect().top < 250", arg=goal.element_handle())
    page.mouse.move(500, 300)
    x, _ = middle(goal)
    page.mouse.move(x, 300, steps=3)
    page.mouse.up()
    journey.board_says(page, "1件を移しました")
    assert said in laid()["夜のこと"]


def test_escape_and_a_drop_beside_change_nothing(board, laptop, laid):
    page = board(laptop)
    before = laid()
    card = tray(page).locator(".kb-card").first
    card.scroll_into_view_if_needed()
    for end in (lambda: page.keyboard.press("Escape"), lambda: page.mouse.move(2, 400)):
        page.mouse.move(*middle(card.locator("blockquote")))
        page.mouse.down()
        page.mouse.move(600, 350, steps=3)
        end()
        page.mouse.up()
        page.locator(".kb-dock").wait_for(state="hidden")
    assert laid() == before


def test_a_card_is_carried_by_finger(board, phone, laid):
    page = board(phone)
    card = tray(page).locator(".kb-card").first
    card.scroll_into_view_if_needed()
    said = words(card)
    touch = page.context.new_cdp_session(page)

    def finger(kind, *at):
        points = [{"x": at[0], "y": at[1]}] if at else []
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    x, y = middle(card.locator(".kb-grip"))
    finger("Start", x, y)
    finger("Move", x, y + 15)
    goal = page.locator(".kb-chip").filter(has_text="夜のこと")
    goal.wait_for()
    finger("Move", *middle(goal))
    finger("End")
    journey.board_says(page, "1件を移しました")
    assert said in laid()["夜のこと"]

    held = tray(page).locator(".kb-card").nth(2)
    said = words(held)
    held.scroll_into_view_if_needed()
    finger("Start", *middle(held.locator("blockquote")))
    goal.wait_for()  # held for a moment: the card is lifted
    finger("Move", *middle(page.locator(".kb-chip").filter(has_text="席のこと")))
    finger("End")
    box(page, "席のこと").get_by_text(said).wait_for()
    settled(page)
    assert said in laid()["席のこと"]


def test_a_quick_finger_scrolls_and_carries_nothing(board, phone, laid):
    page = board(phone)
    before = laid()
    card = tray(page).locator(".kb-card").first
    card.scroll_into_view_if_needed()
    at = page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)
    x, y = middle(card.locator("blockquote"))
    for kind, by in (("Start", 0), *(("Move", 25 * step) for step in range(1, 12)), ("End", 0)):
        points = [] if kind == "End" else [{"x": x, "y": y - by}]
        touch.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    page.wait_for_function("(from) => scrollY > from + 100", arg=at)
    assert not page.locator(".kb-dock").is_visible() and laid() == before


def test_a_phone_shows_a_short_list_in_its_width(board, phone):
    page = board(phone)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".kb-box").first.locator(".kb-card").count() == 5
    small = page.evaluate(
        "[...document.querySelectorAll('.kz-board button, .kb-tick, .kb-grip, .kz-board textarea')].filter((one) => one.offsetParent)"
        ".map((one) => [one.textContent || one.className, one.getBoundingClientRect()])"
        ".filter(([, at]) => at.height < 43.5 || at.width < 43.5).map(([name]) => name)"
    )
    assert small == []


def test_a_card_is_carried_by_keys_and_each_step_is_told(board, laptop, laid):
    page = board(laptop)
    card = tray(page).locator(".kb-card").first
    said = words(card)
    card.focus()
    live = page.locator(".kb-live")
    page.keyboard.press("Enter")
    live.get_by_text("1枚を持ちました").wait_for()
    page.keyboard.press("ArrowRight")
    first = live.get_by_text(re.compile("「.+」、40枚"))
    first.wait_for()
    target = re.search("「(.+)」", first.inner_text())[1]
    page.keyboard.press("Enter")
    live.get_by_text(f"1枚を「{target}」に置きました").wait_for()
    journey.board_says(page, "1件を移しました")
    assert said in laid()[target]
    assert page.evaluate("document.activeElement.querySelector('blockquote').textContent") == f"「{said}」", "the focus stays with the card"
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    live.get_by_text("元の場所に戻しました").wait_for()
    assert said in laid()[target]


def test_a_card_goes_by_its_menu_with_keys_alone(board, laptop, laid):
    page = board(laptop)
    card = tray(page).locator(".kb-card").first
    said = words(card)
    card.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("menu").wait_for()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == "わきに置く"
    page.keyboard.press("Enter")
    journey.board_says(page, "1件をわきに置きました")
    assert laid()["aside"] == [said]


def test_several_cards_go_together_and_make_a_box_that_is_named_later(board, laptop, laid):
    page = board(laptop)
    ticks = tray(page).get_by_role("checkbox")
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    page.locator(".kb-bar").get_by_text("4枚を選んでいます").wait_for()
    said = [words(tray(page).locator(".kb-card").nth(number)) for number in range(1, 5)]
    page.locator(".kb-bar").get_by_role("button", name="新しいまとまりにする").click()
    journey.board_says(page, "4件で新しいまとまりを作りました")
    assert laid()[themes.NAMELESS] == said
    hint = page.locator(".kb-hint:visible")
    fresh = page.locator(".kb-box").filter(has=hint)
    assert fresh.locator(".kb-name").input_value() == ""
    name = page.locator(".kb-box").first.locator(".kb-name")
    name.fill("朝のこと")
    name.press("Enter")
    journey.board_says(page, "名前を保存しました")
    assert laid()["朝のこと"] == said and hint.count() == 0


def test_selected_cards_are_carried_together(board, laptop, laid):
    page = board(laptop)
    for number in (0, 2):
        tray(page).get_by_role("checkbox").nth(number).check()
    said = {words(tray(page).locator(".kb-card").nth(number)) for number in (0, 2)}
    drag(page, tray(page).locator(".kb-card").first, "駐車場のこと")
    journey.board_says(page, "2件を移しました")
    assert said <= set(laid()["駐車場のこと"]) and not page.locator(".kb-bar").is_visible()


def test_boxes_are_renamed_joined_and_dissolved_and_the_heads_undo_brings_them_back(board, laptop, laid):
    page = board(laptop)
    name = box(page, "夜のこと").locator(".kb-name")
    name.fill("夜にしたいこと")
    name.press("Enter")
    journey.board_says(page, "名前を保存しました")
    box(page, "夜にしたいこと").get_by_role("button", name="操作").click()
    page.get_by_role("menuitem", name="「席のこと」と合わせる").click()
    journey.board_says(page, "一つにしました")
    assert len(laid()["席のこと"]) == 80 and box(page, "夜にしたいこと").count() == 0
    box(page, "席のこと").get_by_role("button", name="操作").click()
    page.get_by_role("menuitem", name=re.compile("ほどく")).click()
    journey.board_says(page, "まとまりをほどきました")
    assert len(laid()["loose"]) == 260
    for _ in range(3):
        page.get_by_role("button", name=re.compile("^ひとつ前に戻す")).click()
        page.get_by_text(re.compile("^取り消しました：まとまり|^取り消しました：二つの")).wait_for()
        page.wait_for_timeout(300)
    box(page, "夜のこと").wait_for()
    assert {name: len(cards) for name, cards in laid().items()} == dict.fromkeys(BOXES, 40) | {"loose": 180, "aside": 0}
    assert tray(page).get_by_text("180枚").is_visible()


def test_an_empty_name_is_told_and_the_old_one_stands_again(board, laptop):
    page = board(laptop)
    name = box(page, "夜のこと").locator(".kb-name")
    name.fill("")
    name.blur()
    journey.form(page, "まとまりを直す").get_by_text("一文字以上").wait_for()
    assert name.input_value() == "夜のこと"


def test_what_is_written_is_kept_over_a_reload(server, board, laptop, laid):
    page = board(laptop)
    note = box(page, "夜のこと").get_by_role("textbox", name="文章にする")
    note.fill("仕事のあとに寄りたい方が多い。")
    note.blur()
    journey.board_says(page, "保存しました")
    story = page.get_by_role("textbox", name="この並びを文章にすると")
    story.fill("ゆっくり過ごしたい。")
    story.blur()
    settled(page)
    drag(page, tray(page).locator(".kb-card").first, "夜のこと")
    settled(page)
    page.reload()
    serving.wait_until_ready(page)
    assert box(page, "夜のこと").get_by_role("textbox", name="文章にする").input_value() == "仕事のあとに寄りたい方が多い。"
    assert page.get_by_role("textbox", name="この並びを文章にすると").input_value() == "ゆっくり過ごしたい。"
    assert box(page, "夜のこと").get_by_text("41枚").is_visible() and len(laid()["夜のこと"]) == 41
    book = open_workbook(server.home / place.OWN)
    assert read_answer(book, "research.story.followup") == "ゆっくり過ごしたい。"
    book.close()


def test_another_page_sees_it_when_its_person_comes_back(board, laptop, phone):
    one, other = board(laptop), board(phone)
    drag(one, tray(one).locator(".kb-card").first, "夜のこと")
    settled(one)
    assert box(other, "夜のこと").get_by_text("40枚").is_visible()
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    box(other, "夜のこと").get_by_text("41枚").wait_for()


def test_likely_boxes_are_offered_for_the_card_one_is_at(board, laptop, laid):
    page = board(laptop)
    card = tray(page).locator(".kb-card").first
    said = words(card)
    card.locator("blockquote").click()
    offers = card.locator(".kb-offer")
    offers.first.wait_for(timeout=60_000)
    assert 1 <= offers.count() <= 3
    target = offers.first.inner_text()
    offers.first.click()
    journey.board_says(page, "1件を移しました")
    assert said in laid()[target]
    assert page.evaluate("document.activeElement.matches('.kb-loose .kb-card')"), "the next card waits"


def test_acts_one_upon_another_all_arrive_in_order(board, laptop, laid):
    """Many cards moved faster than the kernel answers: what is seen and what is kept are the same in the end."""
    page = board(laptop)
    for _ in range(15):
        card = tray(page).locator(".kb-card").first
        card.focus()
        for key in ("Enter", "ArrowRight", "Enter"):
            page.keyboard.press(key)
    settled(page)
    assert tray(page).get_by_text("165枚").is_visible()
    found = laid()
    assert len(found["loose"]) == 165 and sum(len(cards) for cards in found.values()) == 300


def test_on_paper_every_card_stands(board, laptop):
    page = board(laptop)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".kb-card").count() == 300
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator(".kb-card").count() < 60
