"""The first thread as a participant goes it: from customers' words to a printed plan, on a laptop and on a phone."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from kizuna.process import Part
from kizuna.steps.sample import make_sample
from kizuna.views.sheets import plan_html
from kizuna.workbook.models import Voice
from kizuna.workbook.store import MEMORY, open_workbook
from tests.browser import journey, serving


@pytest.fixture(params=["laptop", "phone"])
def screen(request):
    """One page a screen size."""
    return request.getfixturevalue(request.param)


def test_from_the_inns_answers_to_a_printed_plan(server, screen, open_page):
    open_page(screen, "00_start.ipynb")
    journey.begin_own_workbook(screen, "湯宿 ことり")

    open_page(screen, "02_followup_research.ipynb")
    journey.bring_in(screen)
    journey.group(screen)
    themes = journey.theme_names(screen)
    assert 4 <= len(themes) <= 14
    bar = screen.locator(".kz-bars > details").first
    bar.locator("summary").first.click()
    bar.locator("blockquote").first.wait_for()
    journey.rename_shown_theme(screen, "湯あがりの楽しみ")
    target = next(name for name in journey.theme_names(screen) if name != "湯あがりの楽しみ")
    moved = journey.move_first_quote(screen, target)

    open_page(screen, "03_followup_plan.ipynb")
    journey.draft_three(screen)
    for number in range(3):
        journey.write_item(screen, number, f"{number + 1}つめの一手", "お名前で呼び合える間がらになる。")

    screen.reload()
    serving.wait_until_ready(screen)
    sheet = journey.form(screen, "一枚の計画書")
    for number in range(3):
        sheet.get_by_text(f"{number + 1}つめの一手").first.wait_for()
    with screen.expect_popup() as opened:
        sheet.get_by_role("button", name="計画書を印刷する").click()
    paper = opened.value
    paper.get_by_role("heading", name="これから30日の計画").wait_for()
    assert paper.locator(".item").count() == 3
    assert "湯宿 ことり" in paper.locator(".shop").first.inner_text()
    shown = [words.removeprefix("「").removesuffix("」") for words in paper.locator(".quote p").all_inner_texts()]
    with screen.expect_download() as saved:
        sheet.get_by_role("button", name="Excelで保存する").click()
    excel = openpyxl.load_workbook(io.BytesIO(saved.value.path().read_bytes()))
    assert excel.sheetnames == ["計画", "望んだ言葉", "聞こえてきた望み"]
    with screen.expect_download() as calendar:
        sheet.get_by_role("button", name=re.compile("カレンダー")).click()
    assert calendar.value.path().read_bytes().startswith(b"BEGIN:VCALENDAR")

    open_page(screen, "02_followup_research.ipynb")
    assert "湯あがりの楽しみ" in journey.theme_names(screen)
    there = screen.locator(".kz-bars > details").filter(has=screen.locator(".name", has_text=target))
    assert f"「{moved}」" in there.locator("blockquote").all_text_contents()

    (file,) = server.home.glob("*.kizuna")
    with open_workbook(file).reading() as session:
        said = {voice.text for voice in session.query(Voice)}
    assert shown, "the paper shows the words that asked for each item"
    assert all(any(words in text for text in said) for words in shown)


def test_nothing_shown_as_saved_is_lost_when_the_kernel_is_killed(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    journey.begin_own_workbook(laptop, "殺されても残る書店")
    assert serving.kill_kernels(server)
    open_page(laptop, "00_start.ipynb")
    assert journey.form(laptop, "お店のこと").locator("input[type=text]").first.input_value() == "殺されても残る書店"


def test_two_pages_on_one_workbook_see_each_other_and_lose_nothing(server, laptop, phone, open_page):
    open_page(laptop, "00_start.ipynb")
    journey.begin_own_workbook(laptop, "はじめの名前")
    open_page(phone, "00_start.ipynb")
    sells = journey.form(phone, "お店のこと").locator("textarea").first
    sells.fill("海辺の古本")
    sells.blur()
    journey.form(phone, "お店のこと").get_by_text("保存しました").wait_for()
    laptop.evaluate("window.dispatchEvent(new Event('focus'))")
    there = journey.form(laptop, "お店のこと").locator("input[type=text]")
    laptop.wait_for_function("[...document.querySelectorAll('.kz-form textarea')].some((field) => field.value === '海辺の古本')")
    there.first.fill("あとの名前")
    there.first.blur()
    laptop.get_by_role("button", name="「お店やお仕事の名前は何ですか。」を書いた").wait_for()
    open_page(laptop, "00_start.ipynb")
    about = journey.form(laptop, "お店のこと")
    assert about.locator("input[type=text]").first.input_value() == "あとの名前"
    assert about.locator("textarea").first.input_value() == "海辺の古本"


def test_the_sample_is_one_click_away_and_its_plan_prints(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    laptop.get_by_role("button", name="見本を見る").click()
    laptop.get_by_text("見本を開きました").wait_for()
    open_page(laptop, "03_followup_plan.ipynb")
    with laptop.expect_popup() as opened:
        laptop.get_by_role("button", name="計画書を印刷する").click()
    opened.value.get_by_text("声を出していい土曜の朝").wait_for()
    assert opened.value.get_by_text("子どもが少しくらい騒いでも大丈夫な時間があったら、気がねなく行けます").is_visible()


def test_worked_examples_go_and_come_back_and_help_stays(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    laptop.get_by_role("button", name="見本を見る").click()
    laptop.get_by_text("見本を開きました").wait_for()
    worked, spoken = laptop.get_by_text("記入例を見る"), laptop.get_by_text("声をかけるときの言葉（例）")
    open_page(laptop, "02_followup_research.ipynb")
    assert worked.first.is_visible() and spoken.is_visible()
    laptop.get_by_role("button", name="記入例をかくす").click()
    laptop.get_by_role("button", name="記入例を出す").wait_for()
    assert not worked.first.is_visible() and spoken.is_visible() and laptop.get_by_text("カードの動かし方").is_visible()
    open_page(laptop, "00_start.ipynb")
    assert worked.count() and not worked.first.is_visible()
    laptop.get_by_role("button", name="記入例を出す").click()
    worked.first.wait_for()


def test_a_page_goes_onto_paper_blank_written_and_as_cards(server, laptop, open_page):
    open_page(laptop, "00_start.ipynb")
    laptop.get_by_role("button", name="見本を見る").click()
    laptop.get_by_text("見本を開きました").wait_for()
    open_page(laptop, "02_followup_research.ipynb")
    on_paper = journey.form(laptop, "紙で使う")
    told = {}
    for kind in ("白紙", "書いたもの", "声をカードにして"):
        with laptop.expect_popup() as opened:
            on_paper.get_by_role("button", name=kind).click()
        opened.value.get_by_role("heading", name="望みを聞く").wait_for()
        told[kind] = opened.value.locator("body").inner_text()
    said = "読み終わった直後の気持ちを、短くてもいいので受け取ってもらえたらうれしいです"
    assert said not in told["白紙"] and f"「{said}」" in told["書いたもの"] and f"「{said}」" in told["声をカードにして"]
    assert "問1" in told["白紙"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("から.csv", b"", "空"),
        ("写真.csv", b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "写真"),
        ("大きい.csv", b"a,b\n" * 2_700_000, "大きすぎます"),
    ],
)
def test_a_wrong_file_gives_one_sentence_and_the_page_goes_on(server, laptop, open_page, tmp_path, name, content, said):
    open_page(laptop, "02_followup_research.ipynb")
    path = tmp_path / name
    path.write_bytes(content)
    way_in = journey.form(laptop, "声を入れる")
    way_in.locator("input[type=file]").set_input_files(path)
    way_in.get_by_text(said).first.wait_for()
    assert name in way_in.inner_text()
    journey.bring_in(laptop)


def test_the_sample_plan_fits_on_one_page_of_paper(laptop):
    """Three items with the words that asked for them: a plan of one page is what was promised."""
    laptop.set_content(plan_html(make_sample(MEMORY), Part.FOLLOWUP))
    paper = laptop.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
