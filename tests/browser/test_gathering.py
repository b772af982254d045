"""The second part, as the owner of the bookshop goes it: one fan meets the gate, with four there is a place on one page, and an invitation that sells nothing."""

from __future__ import annotations

import os
import re
from unittest import mock

import pytest
from playwright.sync_api import expect

from kizuna.process import Part
from kizuna.steps import drafts, people, roster
from kizuna.steps.sample import make_sample
from kizuna.workbook import place
from kizuna.workbook.store import open_workbook
from tests.browser import journey, serving

PURPOSE = "本の話をする相手が近くにいない人どうしが、気楽に出会えるように。"


@pytest.fixture
def shop(server):
    """The bookshop when its first part is whole: the workbook's path, and those who are fans by their own words."""
    path = server.home / place.SAMPLE
    with mock.patch.dict(os.environ, KIZUNA_HOME=str(server.home)):
        book = make_sample(path, tribe=False)
        place.choose(path)
    found = [(one.id, one.fan[0].card.id) for one in people.fans(book)]
    book.close()
    return path, found


def at_the_gate(page, path, fans):
    """Three of the four fans are not marked yet: the page says how many are missing, and nothing can be begun."""
    book = open_workbook(path)
    for person, quote in fans[1:]:
        roster.unmark_fan(book, person, quote)
    book.close()
    page.goto(page.url)
    serving.wait_until_ready(page)
    gate = journey.form(page, "ファンの方は、そろっていますか")
    expect(gate).to_contain_text("あと1人")
    design = journey.form(page, "集まりの案を考える")
    design.get_by_role("button", name="ひらく").first.click()
    design.get_by_role("button", name="この問いの答えを書く").first.click()
    design.get_by_text("複数のファンがいります").first.wait_for()
    book = open_workbook(path)
    for person, quote in fans[1:]:
        roster.mark_fan(book, person, quote)
    book.close()
    page.goto(page.url)
    serving.wait_until_ready(page)
    expect(gate).to_contain_text("4人")


def think_of_the_place(page):
    """Answer the first question about the place: with selling it is refused, with what somebody wished for it stands on one page."""
    design = journey.form(page, "集まりの案を考える")
    design.get_by_role("button", name="ひらく").first.click()
    design.get_by_role("button", name="この問いの答えを書く").first.click()
    answer = design.locator(".kz-group textarea").first
    journey.fill(answer, "新作の手さげを販売します。")
    design.get_by_role("checkbox", name="根拠にする").first.check()
    design.get_by_text("根拠を保存しました").wait_for()
    design.get_by_role("button", name="案に入れる").click()
    design.get_by_text("ここは仲間の場です").first.wait_for()
    journey.fill(answer, PURPOSE)
    expect(design.get_by_text("ここは仲間の場です").first).to_be_hidden()
    design.get_by_role("button", name="案に入れる").click()
    design.get_by_text("案に入れました").wait_for()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="集まりの案を印刷する").click()
    opened.value.get_by_text(PURPOSE).wait_for()
    assert len(re.findall(rb"/Type\s*/Page\b", opened.value.pdf(prefer_css_page_size=True))) == 1


def invite(page):
    """Offer the gathering and write to the first who wished for it: a sales sentence cannot be finished, the costs can."""
    thought = journey.form(page, "お誘いを考える")
    thought.get_by_role("button", name="この集まりへのお誘いを考えはじめる").click()
    thought.get_by_text("お誘いを作りました").wait_for()
    for question, words in (
        ("来てくださる方には、どんなよいことがありますか", "お茶を飲みながら、昔読んだ本の話をします。"),
        ("仲間の一人として、自分にはどんなよいことがありますか", "一人の本好きとして話せる。"),
        ("お一人思いうかべてください", "妹のさとみ"),
        ("そう思うのは、なぜですか", "人見知りの妹でも、聞くだけなら来られるから。"),
    ):
        journey.answer(thought, question, words)
    thought.get_by_role("button", name="○ はい").click()
    thought.get_by_text("お誘いできます").first.wait_for()
    asking = journey.form(page, "お誘いする方と、その言葉")
    asking.get_by_role("checkbox").first.check()
    asking.get_by_role("button", name="一人ずつの下書きを作る").click()
    asking.get_by_text("1つの下書きを作りました").wait_for()
    asking.get_by_role("button", name="ひらく").first.click()
    journey.answer(asking, "どんな集まりか", "木曜の夕方、店の奥の机で。新作の手さげも販売します。")
    asking.get_by_role("button", name="仕上げる").click()
    asking.get_by_text("ここは仲間の場です").first.wait_for()
    expect(asking.get_by_text("に仕上げました").first).to_be_hidden()
    journey.answer(asking, "どんな集まりか", "木曜の夕方、店の奥の机で、一時間ほど。")
    journey.answer(asking, "実費", "会場代とお茶代 300円")
    asking.get_by_role("button", name="仕上げる").click()
    asking.get_by_text("に仕上げました").first.wait_for()


def test_from_one_fan_at_the_gate_to_a_place_on_one_page_and_an_invitation_without_selling(laptop, open_page, shop):
    path, fans = shop
    open_page(laptop, "08_tribe_plan.ipynb")
    at_the_gate(laptop, path, fans)
    think_of_the_place(laptop)
    open_page(laptop, "09_tribe_offer.ipynb")
    invite(laptop)
    book = open_workbook(path)
    (letter,) = drafts.drafts(book, Part.TRIBE)
    assert letter.finished_on and "会場代とお茶代 300円" in letter.text and "販売" not in letter.text
    book.close()
