"""The way a participant goes, in steps that tests and screenshots share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

INN = Path(__file__).parents[2] / "datasets" / "inn" / "inn_wishes.csv"


def form(page: Page, title: str) -> Locator:
    """The form under this title."""
    return page.locator(".kz-form").filter(has=page.locator("h3", has_text=re.compile(f"^{re.escape(title)}$")))


def fill(place: Locator, words: str) -> None:
    """Write into a field and leave it."""
    place.fill(words)
    place.blur()


def answer(scope: Page | Locator, question: str, words: str) -> None:
    """Write into the field of a question, wherever it stands in ``scope``."""
    inside = getattr(scope, "page", scope).locator(".kz-q", has_text=question)
    fill(scope.locator(".kz-field").filter(has=inside).last.locator("input, textarea").first, words)


def begin_own_workbook(page: Page, shop: str) -> None:
    """On the first page: make a workbook and write the shop's name into it."""
    page.get_by_role("button", name="自分のノートを作る").click()
    page.get_by_text("ノートを開きました").wait_for()
    about = form(page, "お店のこと")
    about.locator("input[type=text]").first.fill(shop)
    about.locator("input[type=text]").first.blur()
    about.get_by_text("保存しました").wait_for()


def bring_in(page: Page, file: Path = INN) -> None:
    """On the research page: choose a file, look at the preview, confirm."""
    way_in = form(page, "声を入れる")
    way_in.locator("input[type=file]").set_input_files(file)
    way_in.get_by_text("このように読みました").wait_for()
    way_in.get_by_role("button", name="この内容で取り込む").click()
    way_in.get_by_text(re.compile("件、保存しました")).wait_for()


def group(page: Page) -> None:
    """On the research page: make the first draft of the themes."""
    heard = form(page, "聞こえてきたこと")
    heard.get_by_role("button", name="声をまとめる（下書き）").click()
    heard.get_by_text("のまとまりの下書きを作りました").wait_for()


def board_says(page: Page, words: str) -> None:
    """On the research page: wait until the board's form says that this was saved."""
    form(page, "まとまりを直す").locator(".kz-saved").get_by_text(words).wait_for()


def rename_shown_theme(page: Page, name: str) -> None:
    """On the research page: give the board's first box another name."""
    rename_theme(page, 0, name)


def rename_theme(page: Page, number: int, name: str) -> None:
    """On the research page: give the board's box ``number`` another name."""
    field = page.locator(".kb-box .kb-name").nth(number)
    field.fill(name)
    field.blur()
    board_says(page, "名前を保存しました")
    form(page, "聞こえてきたこと").locator(".kz-bars summary .name").get_by_text(name).wait_for()


def move_first_quote(page: Page, target: str) -> str:
    """On the research page: move the first card of the first box into the theme ``target`` by its menu; returns its words."""
    card = page.locator(".kb-box .kb-card").first
    words = card.locator("blockquote").inner_text().removeprefix("「").removesuffix("」")
    card.get_by_role("button", name=re.compile("^移す")).click()
    page.get_by_role("menuitem", name=target, exact=True).click()
    board_says(page, "1件を移しました")
    return words


def theme_names(page: Page) -> list[str]:
    """The names of the themes in the picture."""
    names = form(page, "聞こえてきたこと").locator(".kz-bars summary .name").all_inner_texts()
    return [name.replace("名前は仮", "").strip() for name in names]


def draft_three(page: Page) -> None:
    """On the plan page: begin three items."""
    page.get_by_role("button", name="三つ下書きする").click()
    page.locator(".kz-action").nth(2).wait_for()


def write_item(page: Page, number: int, title: str, relation: str) -> None:
    """On the plan page: write one item in the owner's words and put it into the plan."""
    item = form(page, "一手を書く").locator(".kz-action").nth(number)
    if item.get_by_role("button", name="ひらく").is_visible():
        item.get_by_role("button", name="ひらく").click()
    for place, words in ((item.locator("textarea").first, relation), (item.locator("input[type=text]").first, title)):
        place.fill(words)
        place.blur()
    item.locator(".kz-title").get_by_text(title).wait_for()
    item.get_by_role("button", name="計画に入れる").click()
    item.get_by_text("計画に入っています").wait_for()
