"""Practice in the browser: from a section to its exercise and back, answers that are there after a reload, nothing cut off or shut out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kizuna.steps.practice import Work, exercises, spoken
from tests.browser import serving
from tests.browser.test_each_page import _ALONE, SHEETS, UNFOLD, look, shut_out, too_wide

EXERCISES = [f"practice_{one.file}.ipynb" for one, found in exercises().items() if found.kind is not Work.NONE]
ASKED = "宿の方は、そのとき、どんなお気持ちでしたか"


def test_a_participant_practises_on_another_shop_and_comes_back(server, laptop, open_page):
    open_page(laptop, "02_followup_research.ipynb")
    laptop.get_by_role("link", name="よそのお店で練習してみる（20分くらい）").click()
    laptop.wait_for_url("**/practice_02_followup_research.ipynb*")
    serving.wait_until_ready(laptop)
    assert laptop.title() == "練習：望みを聞く｜絆"
    assert laptop.get_by_text("全部で6問あります。").is_visible()

    laptop.get_by_role("radio", name="どんなサービスがあったらいいと思いますか").check()
    laptop.get_by_text("その場で考えたお返事になりがちです。").wait_for()
    laptop.get_by_role("radio", name="本のことで、さいきん困ったのはどんなときでしたか").check()
    laptop.get_by_text("場面から話していただけます。").wait_for()
    expect(laptop.get_by_text("その場で考えたお返事になりがちです。")).to_have_count(0)
    laptop.get_by_role("checkbox", name="みなさん、そうおっしゃいますよ").check()
    laptop.get_by_text("朝に来ればよい、という助言も入りそうです。").wait_for()
    asked = laptop.get_by_role("textbox", name="この方たちに会えたら、何とたずねますか。")
    asked.fill(ASKED)
    asked.press("Tab")
    laptop.get_by_text("相手が自分の言葉で話し始められる質問です。").wait_for()
    model = laptop.get_by_text("沈黙がこわくて話しすぎてしまうときは")
    assert not model.is_visible()
    laptop.get_by_text("考え方の例を見る").last.click()
    assert model.is_visible()

    laptop.reload()
    serving.wait_until_ready(laptop)
    assert laptop.get_by_text("6問のうち、3問に答えました。").is_visible()
    assert laptop.get_by_role("radio", name="本のことで、さいきん困ったのはどんなときでしたか").is_checked()
    assert laptop.get_by_role("checkbox", name="みなさん、そうおっしゃいますよ").is_checked()
    assert asked.input_value() == ASKED
    assert laptop.get_by_text("相手が自分の言葉で話し始められる質問です。").is_visible()

    laptop.get_by_role("link", name="自分のお店にもどる：望みを聞く").click()
    laptop.wait_for_url("**/02_followup_research.ipynb*")
    serving.wait_until_ready(laptop)
    assert laptop.get_by_text("6問のうち3問に答えました").is_visible()


def test_three_guesses_are_laid_beside_the_people_once_all_are_made(server, phone, open_page):
    open_page(phone, "practice_02_followup_research.ipynb")
    lists = phone.get_by_role("combobox")
    for at, name in enumerate(("しおりや手書きのことばがうれしい", "本が届いたら知らせてほしい", "次に何を読むか、いっしょに考えてほしい")):
        assert not phone.get_by_role("cell", name="4人").count()
        lists.nth(at).select_option(label=name)
        phone.get_by_text(f"あと{2 - at}つ選ぶと" if at < 2 else "直感と重なった望みと").wait_for()
    row = phone.get_by_role("row", name="次に何を読むか、いっしょに考えてほしい 4人 三つ目")
    assert row.is_visible() and too_wide(phone) == []


def test_every_exercise_is_well_on_a_phone_and_on_paper_and_shuts_nobody_out(server, phone, open_page):
    told = []
    for name in EXERCISES:
        open_page(phone, name)
        look(phone, serving.LAPTOP, media="print")
        found = [f"alone on paper: {one}" for one in phone.evaluate(_ALONE, list(SHEETS))]
        look(phone, serving.PHONE)
        phone.evaluate(UNFOLD)
        found += too_wide(phone) + shut_out(phone)
        look(phone, serving.LAPTOP)
        found += shut_out(phone)
        look(phone, serving.PHONE)
        told += [f"{name}: {one}" for one in found]
    assert told == [], "\n".join(told)


@pytest.mark.parametrize("name", ["practice_13_handin.ipynb", "practice_..%2Fnotebooks%2F00_start.ipynb", "practice_pandas.ipynb"])
def test_an_exercise_that_is_not_there_is_not_found(server, laptop, name):
    laptop.goto(f"{server.origin}/voila/render/{name}?token={server.token}")
    assert laptop.get_by_text("このページは見つかりませんでした").is_visible()


def test_the_voices_on_the_table_are_those_of_the_data(server, laptop, open_page):
    open_page(laptop, "practice_05_followup_feedback.ipynb")
    shown = laptop.locator(".kz-quote blockquote").all_text_contents()
    told = next(found for one, found in exercises().items() if one.file == "05_followup_feedback")
    voices = [spoken(voice).text for task in told.tasks for voice in task.voices]
    assert len(shown) == len(voices)
    for card, text in zip(shown, voices, strict=True):
        assert card.startswith(f"「{text[:10]}")
