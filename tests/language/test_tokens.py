from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.language.tokens import content_words, tokens

JAPANESE = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("あいがぎアｶﾞﾎﾟ漢字𠮷🎉\u3099\u200d１a 。「」\n")), max_size=60)


@settings(deadline=None, max_examples=150)
@given(JAPANESE)
def test_a_token_is_what_stands_at_its_place_and_nothing_is_left_out(text):
    found = tokens(text)
    assert all(word.surface == text[word.start : word.end] for word in found)
    assert "".join(word.surface for word in found) == text


def test_spellings_of_a_word_share_one_normal_form():
    for spellings in (("問い合わせ", "問合せ"), ("子ども", "こども"), ("ﾀｰｹﾞｯﾄ", "ターゲット")):
        assert len({tokens(word)[0].normal for word in spellings}) == 1


def test_content_words_leave_out_wishing_and_helping_words():
    assert content_words("駐車場を広くしてほしいです。お願いします。") == ["駐車", "広い"]
    assert content_words("") == content_words("🎉🎉") == content_words("123") == []


def test_a_text_that_sudachi_refuses_is_cut_at_sentences():
    text = "駅から近いです。" * 3000
    found = tokens(text)
    assert "".join(word.surface for word in found) == text
    assert {word.surface for word in found} == {word.surface for word in tokens("駅から近いです。")}


def test_a_huge_text_without_sentences_or_with_blanks_only_is_read_too():
    for text in ("あ" * 20_000, " " * 20_000, "短い。" + "長" * 20_000 + "。終わり。"):
        assert "".join(word.surface for word in tokens(text)) == text


def test_control_characters_and_lone_surrogates_do_no_harm():
    text = "近\x00い\x07です\ud800ね"
    assert "".join(word.surface for word in tokens(text)) == text


def test_the_list_may_be_changed_without_changing_the_next_answer():
    tokens("席が広い").clear()
    assert [word.surface for word in tokens("席が広い")] == ["席", "が", "広い"]
