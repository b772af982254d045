"""The first part whole, as the owner of the bookshop goes it: from what customers say to a printed voice, and back when one is withdrawn."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from kizuna.steps.sample import DATASETS
from kizuna.workbook.models import Consent, Draft, Piece, Voice
from kizuna.workbook.store import open_workbook
from tests.browser import journey

GLAD = "土曜の朝、息子と一時間、図鑑を四冊めくりました。声を出してもいいと分かって、ほっとしました。"
WISH = "おわる十分前に、ひとこえかけてほしいです。"


def choose(scope, words):
    """Tick the box or choose the option that has these words."""
    scope.locator("label").filter(has_text=words).locator("input").first.check()


def research_and_plan(page, open_page):
    open_page(page, "00_start.ipynb")
    journey.begin_own_workbook(page, "汐風書店")
    open_page(page, "02_followup_research.ipynb")
    journey.bring_in(page, DATASETS / "bookshop" / "voices.csv")
    journey.group(page)
    open_page(page, "03_followup_plan.ipynb")
    journey.draft_three(page)
    journey.write_item(page, 0, "声を出していい土曜の朝", "名前で呼び合い、ゆっくり本をめくれる間がらになる。")


def offer(page, open_page):
    """Offer the item, with both gains and the family's test; ask the first who wished for it. Returns her name."""
    open_page(page, "04_followup_offer.ipynb")
    thought = journey.form(page, "お誘いを考える")
    thought.get_by_role("button", name="この一手へのお誘いを考えはじめる").click()
    thought.get_by_text("お誘いを一つ作りました").wait_for()
    for question, words in (
        ("（お客さまの得）", "お子さんが声を出してもだいじょうぶな時間です。"),
        ("（自分の得）", "親子の顔とお名前を覚えられる。"),
        ("お一人思いうかべてください", "妹のさとみ"),
        ("そう思うのは、なぜですか", "妹にも、気がねなくすすめられるから。"),
    ):
        journey.answer(page, question, words)
    thought.get_by_role("button", name="○ はい").click()
    thought.get_by_text("お誘いできます").first.wait_for()
    asking = journey.form(page, "お誘いする方と、その言葉")
    asking.get_by_role("checkbox").first.check()
    asking.get_by_role("button", name="一人ずつの下書きを作る").click()
    asking.get_by_text("1つの下書きを作りました").wait_for()
    asking.get_by_role("button", name="ひらく").first.click()
    asking.get_by_role("button", name="仕上げる").click()
    asking.get_by_text("に仕上げました").first.wait_for()
    asking.get_by_role("button", name="お誘いしました").click()
    asking.get_by_role("button", name="使ってくださいました").click()
    asking.get_by_text("書きとめました").wait_for()


def give_feedback(page, open_page):
    open_page(page, "05_followup_feedback.ipynb")
    way_in = journey.form(page, "感想を入れる")
    way_in.get_by_role("button", name=re.compile("お一人")).first.click()
    journey.fill(way_in.get_by_placeholder("例：ミナトさん").last, "りく父")
    for question, words in (("よかったことは何ですか", GLAD), ("次にあったらうれしいこと", WISH)):
        journey.answer(way_in, question, words)
    way_in.get_by_role("button", name="この方のお話を保存する").click()
    way_in.get_by_text("2件、保存しました").wait_for()


def consent(page):
    asked = journey.form(page, "お許しをうかがう")
    choose(asked, "この言葉のお許し")
    asked.get_by_text("返ってきたお許しを書きとめる").click()
    choose(asked, "店内の掲示")
    choose(asked, "呼び名（")
    journey.fill(asked.get_by_placeholder("例：K.M."), "海辺のお父さん")
    choose(asked, "短くしてよい")
    choose(asked, re.compile("^1年$"))
    choose(asked, "紙に書いていただいた")
    answers = asked.locator(".widget-dropdown select")
    answers.nth(1).select_option(label="お礼はしていない")
    answers.nth(2).select_option(label="お客さま")
    asked.get_by_role("button", name=re.compile("^お許しを書きとめる")).click()
    asked.get_by_text("お許しを書きとめました").wait_for()


def test_from_a_wish_to_a_printed_voice_and_back_when_it_is_withdrawn(server, laptop, open_page):
    research_and_plan(laptop, open_page)
    offer(laptop, open_page)
    give_feedback(laptop, open_page)

    open_page(laptop, "06_followup_testimonials.ipynb")
    consent(laptop)
    show = journey.form(laptop, "声を選んで、形にする")
    choose(show, "この声を使う")
    show.get_by_role("button", name="この声で下書きを作る").click()
    show.get_by_text("下書きを作りました").wait_for()
    for tick in show.locator("label").filter(has_text="確かめました").locator("input").all():
        tick.check()
    show.get_by_role("button", name="仕上げる").click()
    show.get_by_text("に仕上げました").first.wait_for()
    with laptop.expect_popup() as opened:
        show.get_by_role("button", name=re.compile("印刷")).click()
    paper = opened.value
    paper.get_by_text("海辺のお父さん").first.wait_for()
    shown = re.findall(r"「([^」]+)」", paper.locator("body").inner_text())
    assert shown and all(stretch in GLAD for words in shown for stretch in words.replace("\n", "").split("…"))
    assert "りく父" not in paper.locator("body").inner_text()

    hung = journey.form(laptop, "貼った所と、声の出どころ")
    journey.fill(hung.get_by_placeholder(re.compile("レジの横")), "入口のガラス")
    hung.get_by_role("button", name="貼った所を書きとめる").click()
    hung.get_by_text("入口のガラス").first.wait_for()
    with laptop.expect_popup() as opened:
        hung.get_by_role("button", name="声の出どころ帳を印刷する").click()
    opened.value.get_by_text("入口のガラス").first.wait_for()

    asked = journey.form(laptop, "お許しをうかがう")
    asked.get_by_role("button", name="取り下げのご連絡を受けた").click()
    told = asked.locator(".kz-saved").last
    expect(told).to_contain_text("下書き1つから言葉を外し")
    expect(told).to_contain_text("入口のガラス")
    hung.get_by_text("お許しが終わった言葉がのっています").wait_for()
    expect(show.locator(".kz-action").last).not_to_contain_text("に仕上げました")

    (file,) = server.home.glob("*.kizuna")
    with open_workbook(file).reading() as session:
        withdrawn = session.query(Consent).one().withdrawn_on
        voice = session.query(Voice).filter(Voice.text == GLAD).one()
        drafts = [one.id for one in session.query(Draft).filter(Draft.kind == "testimonial")]
        left = [one for one in session.query(Piece).filter(Piece.draft_id.in_(drafts)) if one.quote and one.quote.voice_id == voice.id]
        finished = [one.finished_on for one in session.query(Draft).filter(Draft.kind == "testimonial")]
    assert withdrawn is not None and left == [] and finished == [None]
