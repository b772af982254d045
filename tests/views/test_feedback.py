"""STEP4's forms, driven as a person would: what they do is looked up in the workbook, or in what the form says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import pytest

from kizuna.process import Part
from kizuna.steps import asking, drafts, feedback, improvements, plan, research, thanks
from kizuna.steps.feedback import Kind
from kizuna.steps.invitations import MEDIUM
from kizuna.steps.proposals import Verdict
from kizuna.steps.sample import make_sample
from kizuna.views import forms
from kizuna.views.files import FilePick, Papers
from kizuna.views.grid import Grid
from kizuna.views.page import Form, Page
from kizuna.views.paper import page_html
from kizuna.workbook.answers import save_answer
from kizuna.workbook.intake import Said, hear
from kizuna.workbook.models import Contact
from kizuna.workbook.reading import Topic
from kizuna.workbook.store import open_workbook
from tests.notebook import page_of
from tests.views.test_forms import all_of, buttons, field, press, said, seen, send, shown

PART = Part.FOLLOWUP
DAY = date(2026, 11, 20)
CSV = (
    "タイムスタンプ,お名前（書かなくてもかまいません）,1. お知らせやお手伝いで、よかったことは何ですか。,"
    "2. 反対に、気になったことや、うれしくなかったことはありましたか。,3. 次にあったらうれしいことを、一つだけ教えてください。\r\n"
    "2026/11/20 10:00:00,ミナトさん,LINEの知らせが早くて助かりました。ありがとう。,,\r\n"
    "2026/11/20 11:00:00,シロ,,取り寄せの電話、仕事中で出られませんでした。,LINEで知らせてほしい\r\n"
    "2026/11/20 12:00:00,,よかったです。,本のカバーが破れていました,\r\n"
)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """STEP4's page: on an empty workbook, or on the worked example, with or without feedback in it."""
    books = []

    def open_page(sample: bool = True, answered: bool = True) -> Page:
        path = tmp_path / f"{sample}.kizuna"
        book = make_sample(path, DAY, later=False) if sample else open_workbook(path)
        books.append(book)
        made = Page("05_followup_feedback", book)
        if answered:
            bring(made, CSV.encode("cp932"))
        return made

    yield open_page
    for book in books:
        book.close()


def bring(page: Page, data: bytes) -> Form:
    form = forms.bring_feedback(page)
    send(all_of(form, FilePick)[0], {"name": "感想.csv"}, data)
    press(form, "この内容で")
    return form


def asked_for(form: Form, key: str) -> list[Any]:
    """What the browser gets when it asks for a sheet."""
    sent: list[Any] = []
    for papers in all_of(form, Papers):
        if any(one["key"] == key for one in papers.papers):
            papers.send = lambda content, buffers=None: sent.append((content, buffers))
            send(papers, {"paper": key})
    return sent


def edit(form: Form, row: int, key: str, value: str) -> None:
    grid = all_of(form, Grid)[0]
    send(grid, {"kind": "edit", "row": row, "key": key, "value": value, "seen": "auto", "from": "test", "seq": 1})


def passages(page: Page) -> dict[str, feedback.Passage]:
    return {one.text: one for one in feedback.feedback(page.book, PART).passages}


def improvement(page: Page) -> improvements.ImprovementView:
    return improvements.improvements(page.book, PART)[0]


# ---- in


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_answers_of_a_form_come_in_as_feedback(page: Callable[..., Page], encoding: str) -> None:
    one = page(sample=False, answered=False)
    form = bring(one, CSV.encode(encoding))
    assert "3人の声を5件、保存しました" in said(form)
    assert feedback.feedback(one.book, PART).people == 3 and research.heard(one.book, PART).people == 0
    bring(one, CSV.encode(encoding))
    assert len(passages(one)) == 6


def test_one_persons_words_are_typed_in_below_the_forms_questions(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    form = forms.bring_feedback(one)
    all_of(form, widgets.ToggleButtons)[0].value = "お一人ずつ書く"
    all_of(form, widgets.Combobox)[0].value = "ミナト"
    field(form, "good").value = "早い"
    press(form, "この方のお話を保存する")
    (passage,) = feedback.feedback(one.book, PART).passages
    assert (passage.text, passage.card.person, passage.topic) == ("早い", "ミナトさん", Topic.GOOD)


def test_pasted_lines_are_feedback_too(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    form = forms.bring_feedback(one)
    all_of(form, widgets.ToggleButtons)[0].value = "文章を貼りつける"
    all_of(form, widgets.Textarea)[0].value = "助かりました\n電話がつながらない"
    press(form, "貼りつけた声を見る")
    press(form, "この内容で")
    assert list(passages(one)) == ["助かりました", "電話がつながらない"]


# ---- out


def test_no_form_goes_out_before_it_says_what_for(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    form = forms.feedback_kit(one)
    assert "あと一つだけ" in shown(form) and "まだ進めません" not in shown(form)
    for key in ("sheet", "copy"):
        assert asked_for(form, key)[0][0].get("failed") and "お願いする前に、何に使うか" in said(form)
    save_answer(one.book, "feedback.purpose", "お知らせを直すために使います。")
    one.changed()
    assert "あと一つだけ" not in shown(form)
    for key in ("sheet", "copy"):
        text = asked_for(form, key)[0][1][0].decode()
        assert "お知らせを直すために使います。" in text and "気になったこと" in text and feedback.texts().photo in text


def test_the_request_is_drafted_with_the_purpose_in_it(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    save_answer(one.book, "feedback.purpose", "お知らせを直すために使います。")
    form = forms.feedback_message(one)
    press(form, "お願いの文を下書きする")
    (draft,) = drafts.drafts(one.book, PART, drafts.Kind.REQUEST)
    assert "お知らせを直すために使います。" in draft.text and "下書きを作りました" in said(form)
    press(form, "仕上げる")
    assert drafts.draft(one.book, draft.id).finished_on is not None


def test_who_was_asked_is_noted_by_name_or_by_number(page: Callable[..., Page]) -> None:
    one = page(answered=False)
    form = forms.feedback_asked(one)
    who, count = all_of(form, widgets.Combobox)[0], all_of(form, widgets.Text)[-1]
    press(form, "お願いしたことを書く")
    assert "お名前か、人数を書いてください" in said(form)
    who.value = "だれも知らない人"
    press(form, "お願いしたことを書く")
    assert "まだ仕事ノートにいらっしゃいません" in said(form) and asking.asked(one.book, PART) == ()
    who.value = "だれも知らない人" * 400  # an answer, pasted into the wrong field
    press(form, "お願いしたことを書く")
    assert "…」という方は、まだ" in said(form) and "だれも知らない人" * 5 not in said(form)
    who.value, count.value = "シロ", "１２枚"
    press(form, "お願いしたことを書く")
    assert "数字として読めません" in said(form)
    count.value = "１２人"
    press(form, "お願いしたことを書く")
    assert asking.asked_people(asking.asked(one.book, PART)) == 13 and (who.value, count.value) == ("", "")
    assert "<b>13人</b>にお願いしました" in shown(form)
    send(all_of(form, Grid)[0], {"kind": "remove", "row": asking.asked(one.book, PART)[0].id, "from": "test", "seq": 1})
    assert len(asking.asked(one.book, PART)) == 1


def test_all_who_wished_for_what_was_planned_are_asked_at_one_press(page: Callable[..., Page]) -> None:
    one = page(answered=False)
    form = forms.feedback_asked(one)
    press(form, "使ってくださった方と、一手を望んだ方")
    wished = {card.person_id for action in plan.plan(one.book, PART).decided for card in action.evidence}
    assert {row.person_id for row in asking.asked(one.book, PART)} == wished
    assert not seen(buttons(form, "使ってくださった方と、一手を望んだ方")[0])


# ---- reading


def test_what_came_back_is_told_with_people_and_words(page: Callable[..., Page]) -> None:
    one = page()
    asking.ask(one.book, PART, DAY, count=9)
    told = shown(forms.feedback_heard(one))
    assert "お願いした方は<b>9人</b>" in told and "<b>3人</b>です" in told and "「傾向」とは言わず" in told
    assert "商品やサービスそのものの話が、<b>1人</b>" in told and "「本のカバーが破れていました」" in told
    assert not re.search(r"\d+(?:\.\d+)?[%％点]", re.sub(r'style="[^"]*"', "", told))


def test_a_polite_formula_alone_asks_for_one_more_question(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    hear(one.book, "凪", DAY, [Said("よかったこと", Topic.GOOD, "よかったです。ありがとうございました。")], PART)
    form = forms.feedback_heard(one)
    assert "社交辞令かも" in shown(form) and "とくに、どの場面が" in shown(form)
    hear(one.book, "凪", DAY, [Said("ほかには", Topic.WISH, "椅子がほしい")], PART)
    one.changed()
    assert "社交辞令かも" not in shown(form)


def test_every_word_between_brackets_was_said(page: Callable[..., Page]) -> None:
    one = page()
    made = [forms.feedback_heard(one), forms.feedback_proposals(one), forms.thanks_box(one)]
    voices = [text for each in research.told(one.book, PART) for _, text, _ in each.voices]
    quoted = [words for form in made for words in re.findall(r"<blockquote>「(.*?)」</blockquote>", shown(form))]
    assert quoted and all(any(words in text for text in voices) for words in quoted)


def test_a_reading_is_mended_in_the_table_and_given_back_to_the_machine(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.feedback_readings(one)
    row = passages(one)["本のカバーが破れていました"].id
    edit(form, row, "product", "no")
    assert not passages(one)["本のカバーが破れていました"].product and "読み方を保存しました" in said(form)
    edit(form, row, "kind", Kind.FACT)
    assert passages(one)["本のカバーが破れていました"].kinds == (Kind.FACT,)
    edit(form, row, "kind", "auto")
    edit(form, row, "product", "auto")
    assert passages(one)["本のカバーが破れていました"].product and not passages(one)["本のカバーが破れていました"].marked


def test_words_on_illness_and_children_come_with_a_warning(page: Callable[..., Page]) -> None:
    one = page(sample=False)
    form = forms.feedback_heard(one)
    assert "お子さんのことが分かる声" not in shown(form)
    hear(one.book, "凪", DAY, [Said("よかったこと", Topic.GOOD, "小学3年生の息子が毎週楽しみにしています。")], PART)
    hear(one.book, "渚", DAY, [Said("よかったこと", Topic.GOOD, "がんの手術のあとに、はがきがうれしかったです。")], PART)
    one.changed()
    assert "1人の言葉について：お子さんのことが分かる声" in shown(form) and "病気など、とくに気をつける情報" in shown(form)


def test_the_table_shows_one_kind_and_few_at_first(page: Callable[..., Page]) -> None:
    one = page(sample=False)
    for number in range(30):
        hear(one.book, f"客{number}", DAY, [Said("気になったこと", Topic.BAD, f"知らせが{number}日遅れました")], PART)
    form = forms.feedback_readings(one)
    grid, which = all_of(form, Grid)[0], all_of(form, widgets.Dropdown)[0]
    assert len(grid.table["rows"]) == 12
    press(form, "つづきを見る")
    assert len(grid.table["rows"]) == 36
    which.value = "product"
    assert [row[1][0] for row in grid.table["rows"]] == ["本のカバーが破れていました"]
    edit(form, grid.table["rows"][0][0], "product", "no")
    assert which.value == "" and len(grid.table["rows"]) == 12


def test_a_very_long_name_is_cut_in_the_table_and_whole_below_the_words(page: Callable[..., Page]) -> None:
    one, name = page(sample=False, answered=False), "港の見える丘の" * 10
    hear(one.book, name, DAY, [Said("よかったこと", Topic.GOOD, "知らせが早くて助かりました")], PART)
    ((_, cells),) = all_of(forms.feedback_readings(one), Grid)[0].table["rows"]
    assert cells[1].endswith("…") and len(cells[1]) == 30
    assert name in shown(forms.feedback_proposals(one))


def test_numbers_by_kind_say_why_they_do_not_add_up(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    assert "両方に入ります" not in shown(forms.feedback_heard(one))
    hear(one.book, "凪", DAY, [Said("よかったこと", Topic.GOOD, "知らせが早くて助かりました。字が小さくて読めません。")], PART)
    told = shown(forms.feedback_heard(one))
    assert "<b>1人</b>です" in told and told.count("<td>1人</td>") == 2 and "両方に入ります" in told


# ---- improving


def test_from_what_came_back_to_a_note_to_the_one_who_asked(page: Callable[..., Page]) -> None:
    one = page()
    proposed, improve, notes = forms.feedback_proposals(one), forms.improve(one), forms.change_notes(one)
    assert "お知らせする改善は、まだありません" in shown(notes)
    press(proposed, "変える")
    assert "まだ決めてはいません" in said(proposed) and not improvement(one).decided
    field(improve, "title").value = "取り寄せは、LINEでお知らせする"
    field(improve, "content").value = "取り寄せた本が届いたら、LINEでお知らせするようにしました。"
    press(improve, "やると決める")
    assert improvement(one).decided and "決めました" in said(improve)
    press(improve, "終えた")
    assert improvement(one).done
    press(notes, "お知らせを下書きする（1人）")
    (note,) = drafts.drafts(one.book, PART, drafts.Kind.CHANGE)
    assert note.person == "シロさん"
    assert "「取り寄せの電話、仕事中で出られませんでした。」" in note.text
    assert "LINEでお知らせするようにしました。" in note.text
    assert not buttons(notes, "お知らせを下書きする")


def test_a_voice_that_does_not_belong_there_is_taken_away_and_brought_back(page: Callable[..., Page]) -> None:
    one = page()
    hear(one.book, "渚", DAY, [Said("あったらうれしいこと", Topic.WISH, "駐輪場")], PART)
    form = forms.feedback_proposals(one)
    before = list(re.findall(r"<blockquote>「(.*?)」", shown(form)))
    press(form, "ここではない声を外す")
    assert list(re.findall(r"<blockquote>「(.*?)」", shown(form))) == before
    press(form, "この声はここではない")
    (away,) = [text for text, each in passages(one).items() if each.elsewhere]
    assert "外して、いちばん下の" in said(form)
    press(form, "選びおえる")
    press(form, "外した声を、もとに戻す")
    assert shown(form).count(f"「{away}」") == 1
    press(form, "もとに戻す")
    assert not passages(one)[away].elsewhere and "もとに戻しました" in said(form)
    assert "「駐輪場」" in shown(form) and not buttons(form, "外した声を、もとに戻す")
    assert not buttons(form, "選びおえる") and not buttons(form, "もとに戻す")


def test_few_words_to_sort_out_are_laid_out_at_first(page: Callable[..., Page]) -> None:
    one = page(answered=False)
    for number in range(30):
        hear(one.book, f"客{number}", DAY, [Said("よかったこと", Topic.GOOD, f"LINEの一言が届いて、{number}回も助かりました")], PART)
    form = forms.feedback_proposals(one)
    assert not buttons(form, "この声はここではない")
    press(form, "ここではない声を外す")
    assert len(buttons(form, "この声はここではない")) == 20
    press(form, "ほかの言葉を見る（あと10）")
    assert len(buttons(form, "この声はここではない")) == 30


def test_the_owners_hints_stand_apart_from_what_is_printed(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    save_answer(one.book, "feedback.purpose", "お知らせを直すために使います。")
    told, hints = shown(forms.feedback_kit(one)).split("用紙にはのりません")
    words = feedback.texts()
    for each in asking.questions(PART):
        assert each.text in told and each.why not in told and each.why in hints
    assert words.lead in told and words.photo in told and "お知らせを直すために使います。" in told


def test_who_refuses_letters_is_told_in_another_way(page: Callable[..., Page]) -> None:
    one = page()
    (shiro,) = {each.card.person_id for each in passages(one).values() if each.card.person == "シロさん"}
    key = improvements.begin(one.book, PART, Verdict.CHANGE, title="LINEで知らせる", passages=[passages(one)["LINEで知らせてほしい"].id])
    improvements.decide(one.book, key)
    improvements.finish(one.book, key)
    with one.book.act("手紙は望まない") as session:
        session.add(Contact(person_id=shiro, medium=MEDIUM["letter"], wish="no"))
    form = forms.change_notes(one)
    press(form, "お知らせを下書きする")
    assert "シロさんは、この届け方をお望みではありません" in said(form) and drafts.drafts(one.book, PART, drafts.Kind.CHANGE) == ()
    all_of(form, widgets.Dropdown)[0].value = "line"
    press(form, "お知らせを下書きする")
    (note,) = drafts.drafts(one.book, PART, drafts.Kind.CHANGE)
    assert (note.person, note.form.key) == ("シロさん", "line")


def test_an_idea_without_words_is_not_decided_and_becomes_a_question(page: Callable[..., Page]) -> None:
    one = page(sample=False)
    form = forms.improve(one)
    press(form, "思いついた改善を書く")
    field(form, "title").value = "夜も開ける"
    press(form, "やると決める")
    assert "望んだ人の記録がありません" in said(form) and not improvement(one).decided
    next(each for each in all_of(form, widgets.Text) if "本が届いた" in each.placeholder).value = "夜は、どう過ごされますか。"
    press(form, "「次に聞くこと」に入れる")
    assert improvements.improvements(one.book, PART) == ()
    assert [idea.question for idea in research.ideas(one.book, PART)] == ["夜は、どう過ごされますか。"]


def test_the_last_words_taken_away_take_the_decision_with_them(page: Callable[..., Page]) -> None:
    one = page(sample=False)
    improvements.begin(one.book, PART, Verdict.CHANGE, title="LINEで知らせる", passages=[passages(one)["LINEで知らせてほしい"].id])
    form = forms.improve(one)
    press(form, "やると決める")
    assert improvement(one).decided
    ticks = [each for each in all_of(form, widgets.Checkbox) if each.description == "根拠にする"]
    assert [each.value for each in ticks][:2] == [True, False]
    ticks[0].value = False
    assert not improvement(one).decided and improvement(one).evidence == ()
    ticks[1].value = True
    assert len(improvement(one).evidence) == 1


def test_words_for_the_evidence_are_found_by_what_stands_in_them(page: Callable[..., Page]) -> None:
    one = page(sample=False)
    form = forms.improve(one)
    press(form, "思いついた改善を書く")
    search = next(each for each in all_of(form, widgets.Text) if "さがす" in each.placeholder)
    search.value = "破れて"
    assert re.findall(r"<blockquote>「(.*?)」", shown(form)) == ["本のカバーが破れていました"]


def test_only_few_words_are_laid_out_until_more_are_asked_for(page: Callable[..., Page]) -> None:
    one = page(sample=False, answered=False)
    for number in range(30):
        hear(one.book, f"客{number}", DAY, [Said("気になったこと", Topic.BAD, f"知らせが{number}日遅れました")], PART)
    form = forms.improve(one)
    press(form, "思いついた改善を書く")
    assert len(all_of(form, widgets.Checkbox)) == 4
    press(form, "ほかの言葉を見る（あと26）")
    assert len(all_of(form, widgets.Checkbox)) == 24


# ---- thanks


def test_thanks_are_put_into_the_box_and_taken_out(page: Callable[..., Page]) -> None:
    one = page()
    form = forms.thanks_box(one)
    assert "感謝箱は、これからです" in shown(form)
    press(form, "感謝箱に入れる")
    (kept,) = thanks.box(one.book, PART)
    assert kept.card.text in ("LINEの知らせが早くて助かりました。", "ありがとう。")
    assert f"「{kept.card.text}」" in asked_for(form, "print")[0][1][0].decode()
    all_of(form, widgets.Text)[0].value = "開店五年目の冬に"
    assert thanks.box(one.book, PART)[0].note == "開店五年目の冬に" and "保存しました" in said(form)
    assert "開店五年目の冬に" in asked_for(form, "print")[0][1][0].decode()
    press(form, "箱から出す")
    assert thanks.box(one.book, PART) == ()


# ---- few and many


@pytest.mark.parametrize(
    "answers", [[], [("凪", Topic.BAD, "連絡が遅くて困りました")], [(f"客{n}", Topic.BAD, "字が小さくて読めません") for n in range(3)]]
)
def test_nobody_one_or_three_and_only_complaints_read_well(page: Callable[..., Page], answers: list[tuple[str, Topic, str]]) -> None:
    one = page(sample=False, answered=False)
    for who, topic, text in answers:
        hear(one.book, who, DAY, [Said(str(topic), topic, text)], PART)
    made = page_of("05_followup_feedback", one.book)
    for form in made.forms:
        assert form.mark.value == "" and "思いがけない" not in shown(form)
    told = "".join(shown(form) for form in made.forms)
    assert ("まだ感想がありません" if not answers else "まず、そのお礼からです") in told
    assert ("まだ1人です" in told) == (len(answers) == 1) and ("まだ3人です" in told) == (len(answers) == 3)


def test_the_page_on_paper_asks_for_an_improvement_and_its_evidence(page: Callable[..., Page]) -> None:
    one = page(sample=False)
    improvements.begin(one.book, PART, Verdict.CHANGE, title="LINEで知らせる", passages=[passages(one)["LINEで知らせてほしい"].id])
    made = page_of("05_followup_feedback", one.book)
    blank, written = page_html(made, blank=True), page_html(made, blank=False)
    assert "この改善を望んだ言葉（根拠）" in blank and "LINEで知らせる" not in blank
    assert "LINEで知らせる" in written and "「LINEで知らせてほしい」" in written
