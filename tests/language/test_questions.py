import pytest

from kizuna.language.questions import check_question, question_rules


@pytest.mark.parametrize("rule", question_rules(), ids=lambda rule: rule.id)
def test_every_rule_passes_its_own_examples(rule):
    for text in rule.examples.flag:
        assert rule.id in [found.category for found in check_question(text)], text
    for text in rule.examples.passes:
        assert check_question(text) == [], text


@pytest.mark.parametrize(
    "text", ["", "🎉", "\x00", "いちばん心に残っている場面を教えてください", "最近来たのは、いつですか", "どんなときに思い出しますか？"]
)
def test_open_questions_about_a_scene_pass(text):
    assert check_question(text) == []


def test_a_finding_is_advice_with_a_better_question_in_two_sentences():
    text = "①ﾆｰｽﾞは何ですか"
    (found,) = check_question(text)
    assert found.rule == "KZ-10" and text[found.start : found.end].startswith("ﾆｰｽﾞ")
    assert found.message.count("。") == 2 and found.softer[0] in found.message


def test_a_question_that_leads_is_not_also_told_that_it_closes():
    assert [found.category for found in check_question("満足していただけましたか")] == ["leading"]
