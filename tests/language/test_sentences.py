import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.language.sentences import sentences


def cut(text):
    return [text[start:end] for start, end in sentences(text)]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("あ。！？」「（）\n …♪ 🎉")), max_size=80))
def test_spans_are_in_order_inside_trimmed_and_lose_only_blanks(text):
    spans = sentences(text)
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat) and all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    kept = {place for start, end in spans for place in range(start, end)}
    assert all(text[place].isspace() for place in range(len(text)) if place not in kept and text[place] not in "\x85\u2028\u2029")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("  \n ", []),
        ("駅から近い。静かです！また来ます", ["駅から近い。", "静かです！", "また来ます"]),
        ("本当ですか？！ はい", ["本当ですか？！", "はい"]),
        ("「また来ます。ありがとう。」と言われました。次へ", ["「また来ます。ありがとう。」と言われました。", "次へ"]),
        ("「おいしい。」「静か。」", ["「おいしい。」", "「静か。」"]),
        ("よかった（次も。）です。はい", ["よかった（次も。）です。", "はい"]),
        ("閉じない「かぎ。次の文。", ["閉じない「かぎ。", "次の文。"]),
        ("一行目\n二行目\r\n三行目", ["一行目", "二行目", "三行目"]),
        ("もう少し… 広いと", ["もう少し…", "広いと"]),
        ("もう少し…広いと", ["もう少し…広いと"]),
        ("楽しかったです♪また来ます😊", ["楽しかったです♪", "また来ます😊"]),
        ("3.5点、１．５倍です。", ["3.5点、１．５倍です。"]),
        ("ｽｺﾞｲ｡ﾖｶｯﾀ｡", ["ｽｺﾞｲ｡", "ﾖｶｯﾀ｡"]),
        ("🎉🎉", ["🎉🎉"]),
    ],
)
def test_sentences_end_where_a_reader_would_say(text, parts):
    assert cut(text) == parts


def test_a_text_of_three_thousand_letters_is_cut_everywhere():
    assert len(sentences("駅から近い。" * 500)) == 500


def test_a_full_width_number_after_letters_stays_in_its_sentence():
    text = "満足度Ｎｏ．１の宿。Ｎｏ．１"
    assert [text[start:end] for start, end in sentences(text)] == ["満足度Ｎｏ．１の宿。", "Ｎｏ．１"]
