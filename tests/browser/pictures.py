"""The pictures of README and ``docs/``: ``python -m tests.browser.pictures`` goes the first hour with thirty answers of the inn and takes them anew."""

from __future__ import annotations

import base64
import csv
import re
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.browser import journey, serving

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.serving import Server

OUT = Path(__file__).parents[2] / "docs" / "images"
MOST = 120_000  # bytes of one picture
ROWS = 30
NAMES = ("お風呂のこと", "枕や布団のこと", "小さなお子さまのこと")
ITEMS = (
    (
        "湯めぐりの案内を一枚",
        "湯のことを聞きにくい間がらから、今日の湯はどうですかと話せる間がらになる",
        "湯船ごとの湯かげんと、すいている時間を一枚に書いて、お部屋に置く。",
    ),
    (
        "枕をえらべるように",
        "寝具のことを言い出しにくい間がらから、お好みを知っている間がらになる",
        "ご到着のときに、枕の高さと布団の固さをうかがって、ととのえておく。",
    ),
    (
        "お子さま用品の一覧",
        "持ちものを心配する間がらから、手ぶらで来ていただける間がらになる",
        "タオルや歯みがきなど、お子さま用にあるものを書き出して、前もってお知らせする。",
    ),
)


def main() -> None:
    """Write all pictures into ``docs/images/`` and name them."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = serving.launch_chromium(playwright)
        page = browser.new_page(viewport=serving.LAPTOP, locale="ja-JP", timezone_id="Asia/Tokyo")
        page.set_default_timeout(60_000)
        with serving.serving(Path(folder)) as server:
            _first_hour(page, server, _answers(Path(folder)))
            serving.open_page(page, server, "14_camp.ipynb")
            _picture(page, "instructor", page.locator("h2", has_text="時間割を決めます"), journey.form(page, "時間割"))
        with serving.serving(Path(folder) / "lab", command="lab") as lab:
            _lab(page, lab)
        browser.close()


def _answers(folder: Path) -> Path:
    """The first answers of the inn's guests as a file of Excel, as an owner would have it."""
    from openpyxl import Workbook

    book = Workbook()
    with journey.INN.open(encoding="cp932", newline="") as lines:
        for row in islice(csv.reader(lines), 1 + ROWS):
            book.active.append(row)
    book.save(folder / "お客さまアンケート.xlsx")
    return folder / "お客さまアンケート.xlsx"


def _first_hour(page: Page, server: Server, answers: Path) -> None:
    serving.open_page(page, server, "00_start.ipynb")
    _picture(page, "start", journey.form(page, "ノートを選ぶ"))
    journey.begin_own_workbook(page, "湯の宿 やまぼうし")
    journey.answer(page, "だれを、どんなふうに仕合わせにしたいですか。", "遠くから来てくださる方に、ほっと息のつける一晩を")

    serving.open_page(page, server, "02_followup_research.ipynb")
    way_in = journey.form(page, "声を入れる")
    way_in.locator("input[type=file]").set_input_files(answers)
    way_in.get_by_text("このように読みました").wait_for()
    _picture(page, "read", way_in, most=900)
    way_in.get_by_role("button", name="この内容で取り込む").click()
    way_in.get_by_text(re.compile("件、保存しました")).wait_for()
    journey.group(page)
    for number, name in enumerate(NAMES):
        journey.rename_theme(page, number, name)
    _picture(page, "heard", journey.form(page, "聞こえてきたこと"))
    _picture(page, "cards", journey.form(page, "まとまりを直す"), most=900)

    serving.open_page(page, server, "03_followup_plan.ipynb")
    journey.draft_three(page)
    item = journey.form(page, "一手を書く")
    item.get_by_text("根拠にする").first.wait_for()
    _picture(page, "item", item, most=760)
    for number, (title, relation, doing) in enumerate(ITEMS):
        card = item.locator(".kz-action").nth(number)
        if card.get_by_role("button", name="ひらく").is_visible():
            card.get_by_role("button", name="ひらく").click()
        journey.answer(card, "どんなことをしますか。", doing)
        journey.write_item(page, number, title, relation)
    with page.expect_popup() as opened:
        journey.form(page, "一枚の計画書").get_by_role("button", name="計画書を印刷する").click()
    sheet = opened.value
    sheet.locator(".item").nth(2).wait_for()
    _picture(sheet, "plan", sheet.locator(".top"), sheet.locator(".item").nth(2))
    sheet.close()


def _lab(page: Page, lab: Server) -> None:
    page.goto(lab.address)
    page.get_by_text("| アイドル").wait_for()
    page.locator(".jp-RenderedMarkdown img").first.wait_for()
    _take(page, "lab", {"x": 0, "y": 0, **serving.LAPTOP})


def _picture(page: Page, name: str, *parts: Locator, most: float = 1600) -> None:
    """What stands from the first to the last of ``parts``, at most ``most`` pixels high."""
    page.evaluate("scrollTo(0, 0)")
    boxes = [box for part in parts if (box := part.bounding_box())]
    left, top = min(box["x"] for box in boxes) - 10, min(box["y"] for box in boxes) - 10
    right, bottom = (max(box[at] + box[size] for box in boxes) + 10 for at, size in (("x", "width"), ("y", "height")))
    _take(page, name, {"x": max(left, 0), "y": max(top, 0), "width": right - left, "height": min(bottom - top, most)})


def _take(page: Page, name: str, clip: dict[str, float]) -> None:
    wanted = {"format": "webp", "quality": 70, "captureBeyondViewport": True, "clip": {**clip, "scale": 1}}
    taken = base64.b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)["data"])
    if len(taken) > MOST:
        raise RuntimeError(f"{name}.webp takes {len(taken)} bytes; {MOST} are allowed")
    (OUT / f"{name}.webp").write_bytes(taken)
    print(OUT / f"{name}.webp", len(taken))


if __name__ == "__main__":
    main()
