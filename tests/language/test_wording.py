import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.finding import Strength
from kizuna.language.wording import check_wording, lexicon


@pytest.mark.parametrize("word", lexicon().entries, ids=lambda word: word.id)
def test_every_entry_passes_its_own_examples(word):
    for text in word.examples.flag:
        assert (word.rule, word.category) in [(found.rule, found.category) for found in check_wording(text)], text
    for text in word.examples.passes:
        assert check_wording(text) == [], text


@pytest.mark.parametrize(
    "text",
    [
        *("素敵な時間でした", "母の味には敵いません", "資格を獲得した先生です", "お店の冷たい茶で暑さに負けない"),
        *("僕は髪を切る仕事です", "だまって最後まで聞きましょう", "もんぺをはいて畑へ行きます"),
        *("お客様の服の汚れを落とす", "攻める辛さの商品です", "", "🎉", "\x00\x07", "いつもありがとうございます。" * 250),
    ],
)
def test_harmless_words_that_look_alike_pass(text):
    assert check_wording(text) == []


def test_a_finding_tells_where_why_and_what_instead_in_two_sentences():
    text = "春の🎉ﾀｰｹﾞｯﾄは？"
    (found,) = check_wording(text)
    assert text[found.start : found.end] == "ﾀｰｹﾞｯﾄ" and found.rule == "KZ-01" and found.strength == Strength.ADVICE
    assert found.message.count("。") == 2 and found.softer[0] in found.message and len(found.softer) >= 2


def test_spellings_and_inflections_are_one_word():
    for text in ("お客様を囲い込みたい", "お客様を囲いこんで", "お客様の囲込み"):
        assert [found.category for found in check_wording(text)] == ["WAR"], text


def test_selling_words_pass_in_a_selling_message_and_are_stopped_in_a_tribe():
    text = "大特価！お急ぎください"
    assert {found.rule for found in check_wording(text)} == {"KZ-02"}
    assert check_wording(text, purpose="selling") == []
    assert {(found.rule, found.strength) for found in check_wording(text, purpose="tribe")} == {("KZ-03", Strength.STOP)}


def test_a_customers_words_are_skipped():
    text = "「競合より好き」との声。競合の話"
    assert [(found.start, found.end) for found in check_wording(text, skip=[(0, 8)])] == [(12, 14)]


def test_of_overlapping_words_only_the_longer_is_told():
    (found,) = check_wording("年末商戦です")
    assert found.end - found.start == 4


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(["ﾀｰｹﾞｯﾄ", "競合", "今すぐ", "🎉", "。", "\n", "が", "大特価", " ", "②", "ｶﾞ"]), max_size=15).map("".join))
def test_findings_are_in_order_inside_and_never_overlap(text):
    places = [place for found in check_wording(text) for place in (found.start, found.end)]
    assert places == sorted(places) and all(0 <= place <= len(text) for place in places)


def test_what_makes_a_word_fine_must_stand_near_it():
    assert check_wording("将棋の戦術を子どもに教える会です") == []
    assert [found.category for found in check_wording("春の販売戦術をまとめましたので、みなさんで読んでください。夜は将棋をさします")] == [
        "WAR"
    ]
    long = "この町の大手に負けない値段にする販売計画を、来月までに、みんなで、ゆっくり話し合って、そのあと将棋をさします"
    assert [found.category for found in check_wording(long)] == ["WAR"]
