import numpy as np
import pytest

from kizuna.language.tokens import tokens
from kizuna.language.words import WORD, concepts, known_word, word_vector


def near(one, other):
    return float(known_word(one) @ known_word(other))


def test_words_of_a_concept_are_drawn_together_and_stay_themselves():
    assert near("インスタグラム", "葉書") > 0.4 and near("枕", "布団") > near("枕", "駐車")
    assert near("値段", "料金") < 0.999


@pytest.mark.parametrize("concept", concepts())
def test_a_concept_has_words_that_stand_in_the_table(concept):
    assert sum(len(found := tokens(word)) == 1 and known_word(found[0].normal) is not None for word in concepts()[concept]) >= 2


def test_a_text_without_a_known_word_is_zeros():
    assert word_vector("🎉").shape == (WORD,) and not word_vector("").any() and not word_vector("qzx").any()
    assert known_word("qzx") is None
    assert np.isfinite(word_vector("駐車場" * 900)).all()
