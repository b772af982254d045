import numpy as np
import pytest

from kizuna.language import vectors as module
from kizuna.language.vectors import SENTENCE, model, notice, packed, recall, unread, vectors
from kizuna.language.words import WORD


@pytest.fixture
def without_encoder(monkeypatch):
    monkeypatch.setattr(module, "_encoder", lambda: None)


def test_each_half_has_length_one_or_zero():
    rows = vectors(["駐車場が広いと嬉しい", "", "🎉"])
    lengths = np.linalg.norm(rows[:, :SENTENCE], axis=1), np.linalg.norm(rows[:, SENTENCE:], axis=1)
    assert rows.shape == (3, SENTENCE + WORD)
    assert lengths[0][0] == pytest.approx(1, abs=1e-3) and lengths[1][0] == pytest.approx(1, abs=1e-3)
    assert not rows[1].any() and lengths[1][2] == 0


def test_what_is_near_in_meaning_is_near_in_angle():
    parking, cars, hot_bath = vectors(["駐車場が広いといい", "車を停める場所がほしい", "温泉に入りたい"])
    assert parking @ cars > parking @ hot_bath


def test_a_text_has_the_same_vector_alone_and_among_others():
    module._kept.clear()
    alone = vectors(["席が広いといい"])[0]
    module._kept.clear()
    among = vectors(["もっと長い文で、席のことではない話をします。", "席が広いといい", "短い"])[1]
    assert np.allclose(alone, among, atol=1e-3)


def test_the_rows_given_out_do_not_change_what_is_kept():
    vectors(["席が広い"])[:] = 0
    assert vectors(["席が広い"]).any()


def test_a_long_text_is_the_mean_of_its_sentences():
    long = "駐車場が広いといいです。" * 40
    assert vectors([long])[0][:SENTENCE] @ vectors(["駐車場が広いといいです。"])[0][:SENTENCE] > 0.99


def test_texts_of_any_kind_are_read():
    rows = vectors(["あ" * 3000, "ｶﾞﾝﾊﾞﾙ", "\x00\x07", " \n ", "\ud800"])
    assert rows.shape[0] == 5 and np.isfinite(rows).all()
    assert vectors([]).shape == (0, SENTENCE + WORD)


def test_without_the_sentence_encoder_words_alone_serve_and_a_notice_tells(without_encoder):
    rows = vectors(["駐車場が広い", "席が広い"])
    assert rows.shape == (2, WORD) and rows.any()
    assert vectors([]).shape == (0, WORD)
    assert "言葉の近さ" in notice()


def test_with_the_encoder_there_is_no_notice():
    assert notice() is None


def test_rows_kept_elsewhere_are_taken_up_to_the_last_bit_and_nothing_is_read_again(monkeypatch):
    texts = ["席が広いといい", "駅から近い", ""]
    before, kept = vectors(texts), packed(texts)
    module._kept.clear()
    assert unread(texts) == texts
    recall(kept)
    assert unread([*texts, "新しい"]) == ["新しい"]
    monkeypatch.setattr(module, "_encode", lambda _: pytest.fail("read again"))
    assert np.array_equal(vectors(texts), before)


@pytest.mark.parametrize("row", [b"", b"\x00" * 100, b"\xff" * (2 * (SENTENCE + WORD))])
def test_a_damaged_row_is_left(row):
    module._kept.clear()
    recall({"席": row})
    assert unread(["席"]) == ["席"]


def test_rows_of_another_model_are_never_mixed(monkeypatch):
    with_encoder, row = model(), packed(["席が広い"])
    monkeypatch.setattr(module, "_encoder", lambda: None)
    assert model() != with_encoder
    module._kept.clear()
    recall(row)
    assert unread(["席が広い"]) == ["席が広い"] and vectors(["席が広い"]).shape == (1, WORD)


def test_what_an_instructor_changes_in_the_words_changes_the_models_name(monkeypatch):
    before = model()
    module._name_of.cache_clear()
    monkeypatch.setattr(module, "concepts", lambda: {"席": ["椅子"]})
    after = model()
    module._name_of.cache_clear()
    assert after != before
