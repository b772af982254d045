import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.language.highlight import evidence, highlight
from kizuna.language.sentences import sentences


def chosen(text):
    span = highlight(text)
    return None if span is None else text[slice(*span)]


def test_the_sentence_with_a_scene_and_a_feeling_wins():
    text = "よかったです。雨の日に荷物を車まで運んでくださり、とても助かりました。また来たいと思います。駐車場がほしいです。"
    assert chosen(text) == "雨の日に荷物を車まで運んでくださり、とても助かりました。"


def test_before_and_after_wins_over_general_praise():
    assert (
        chosen("全体的に良いお店です。三か月通って、階段を上っても疲れなくなりました。")
        == "三か月通って、階段を上っても疲れなくなりました。"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🎉",
        "ありがとうございました。",
        "良かったです",
        "部屋が寒かったです。毛布がほしいです。",
        "ランチは十一時からです。",
        "静かでしたが、料理がまずかったです。",
    ],
)
def test_complaints_requests_formulas_and_facts_are_never_chosen(text):
    assert highlight(text) is None


def test_places_count_code_points_of_the_text_as_given():
    text = "ども🎉。 \u3000ｽﾀｯﾌさんが名前を覚えていてくれて嬉しかったです。\r\nまた来ます。"
    assert chosen(text) == "ｽﾀｯﾌさんが名前を覚えていてくれて嬉しかったです。"


@given(
    st.lists(
        st.sampled_from(
            ["母がとても喜びました。", "また来たい！", "寒かったです。", " ", "\n", "😀", "「いい店。」", "ﾊﾟﾝが美味しい", "\ud83d"]
        ),
        max_size=12,
    )
)
def test_it_is_always_one_whole_sentence_of_the_text(pieces):
    text = "".join(pieces)
    span = highlight(text)
    assert span is None or (span in sentences(text) and evidence(text[slice(*span)]) > 0)
