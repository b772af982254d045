"""What is printed or pasted: the words as they were said under the name agreed, and nothing that may not go out."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest

from kizuna.errors import KizunaError
from kizuna.steps import drafts, proofs
from kizuna.steps.drafts import Kind
from kizuna.steps.withdrawals import withdraw
from kizuna.views import sheets, showcase
from kizuna.workbook.answers import save_answer
from kizuna.workbook.store import Workbook
from tests.steps.testifying import GLAD, LONG, PART, TODAY, a_book, allow, begin, finish

FORMS = [one.key for one in drafts.forms(Kind.TESTIMONIAL)]
HOSTILE = "<script>alert(1)</script>の席が静かで、「とても」うれしかったです & {{ out }}。"


def read(sheet: str) -> str:
    """A sheet as its reader sees it."""
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", sheet, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "\n", body))


def ready(form: str, text: str = LONG) -> Workbook:
    book = a_book(("ミナト", text))
    allow(book, perk="voice")
    one = begin(book, form)
    drafts.write(book, one, "heading", "席のはなし")
    drafts.write(book, one, "thanks", "ありがとうございます。")
    finish(book, one)
    return book


@pytest.mark.parametrize("form", FORMS)
def test_every_form_shows_the_words_the_name_and_what_stands_beside_them(form: str) -> None:
    sheet = read(showcase.shown_html(ready(form), 1, TODAY))
    assert f"「{GLAD}」" in sheet
    assert all(words in sheet for words in ("Mさん", "お礼をお渡しして、感想をいただきました。", "席のはなし", "抜粋しています。"))
    assert "ミナト" not in sheet
    assert sheet.index(GLAD) < sheet.index("Mさん") < sheet.index("お礼をお渡しして")


@pytest.mark.parametrize("form", FORMS)
def test_nothing_of_the_words_becomes_part_of_the_page(form: str) -> None:
    book = a_book(("ミナト", HOSTILE))
    allow(book, edit="none")
    one = begin(book, form)
    for role in ("heading", "thanks"):
        drafts.write(book, one, role, "<b>ありがとうございます。</b>")
    finish(book, one)
    sheet = showcase.shown_html(book, one, TODAY)
    assert "<script>alert" not in sheet and "<b>ありがとう" not in sheet
    assert f"「{HOSTILE}」" in read(sheet)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_unfinished_or_no_longer_allowed_is_not_printed(form: str) -> None:
    book = ready(form)
    drafts.reopen(book, 1)
    with pytest.raises(KizunaError, match="まだ仕上がっていない"):
        showcase.shown_html(book, 1, TODAY)
    finish(book, 1)
    with pytest.raises(KizunaError, match="同意がないか、期限切れ"):
        showcase.shown_html(book, 1, TODAY + timedelta(400))
    withdraw(book, 1, TODAY)
    with pytest.raises(KizunaError):
        showcase.shown_html(book, 1, TODAY)


def test_the_piece_for_the_shops_page_has_no_marks_for_stars() -> None:
    snippet = showcase.web_snippet(ready("web"), 1, TODAY)
    assert not re.search("schema|itemprop|itemtype|ld\\+json|<script|http", snippet)
    assert snippet.strip().startswith("<section") and "「" in snippet


def test_such_marks_in_the_template_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showcase, "render", lambda *_, **__: '<div itemscope itemtype="https://schema.org/Review">')
    with pytest.raises(KizunaError, match="検索用の目印"):
        showcase.web_snippet(ready("web"), 1, TODAY)


def test_words_about_such_marks_are_only_words() -> None:
    book = ready("web")
    drafts.write(book, 1, "thanks", "schema.org の Review は使いません。ありがとうございます。")
    finish(book, 1)
    assert "schema.org" in showcase.web_snippet(book, 1, TODAY)


def test_longer_words_are_set_smaller() -> None:
    def size(text: str) -> float:
        book = a_book(("ミナト", text))
        allow(book, edit="none")
        finish(book, begin(book))
        return float(re.findall(r"\.voice \.words \{ font-size: ([0-9.]+)pt", showcase.shown_html(book, 1, TODAY))[0])

    sizes = [size(GLAD[:-1] * times + "。") for times in (1, 3, 6, 12)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > sizes[-1]


def test_the_book_of_sources_tells_everything_and_that_a_consent_is_over() -> None:
    book = ready("pop")
    proofs.put_up(book, 1, "レジの横", TODAY)
    sheet = read(showcase.proof_html(book, PART, TODAY))
    assert all(
        words in sheet for words in (GLAD, "Mさん", "2026年11月3日", "レジの横", "店内の掲示（POP）", "SHA-256", "書きかわっていません")
    )
    assert "使うのをやめてください" in read(showcase.proof_html(book, PART, TODAY + timedelta(400)))
    assert "まだありません" in read(showcase.proof_html(a_book(), PART, TODAY))


def test_the_consent_sheet_has_the_words_as_they_would_be_shown_and_no_tick() -> None:
    book = a_book(("ミナト", LONG), ("ソラ", GLAD), ("", GLAD))
    save_answer(book, "consent.contact", "電話 0000-00-0000")
    sheet = showcase.consent_html(book, [1, 2, 3])
    told = read(sheet)
    assert sheet.count('<div class="page">') == 3
    assert all(
        words in told
        for words in (
            f"「{LONG}」",
            "ここだけを使います：「" + GLAD,
            "電話 0000-00-0000",
            "いつでも、わけを言わずに",
            "おつきあいは変わりません",
        )
    )
    assert "■" not in told and "✓" not in told and "checked" not in sheet
    assert "ミナトさんへ" in told and "お名前のない方" not in told


def test_a_blank_consent_sheet_has_room() -> None:
    sheet = showcase.consent_html(a_book())
    assert sheet.count('<div class="page">') == 1 and '<div class="line">' in sheet


def test_a_voice_that_is_gone_is_told() -> None:
    with pytest.raises(KizunaError, match="選んだ声が見つかりません"):
        showcase.consent_html(a_book(), [7])


def test_every_template_can_be_found() -> None:
    assert all(sheets._templates().get_template(name) for name in ("pop.html.j2", "flyer.html.j2", "story.html.j2", "proof.html.j2"))
