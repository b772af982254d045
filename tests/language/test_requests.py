import pytest

from kizuna.language.requests import asks, patterns


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.id)
def test_every_pattern_passes_its_own_examples(pattern):
    for text in pattern.examples.flag:
        assert pattern.found_in(text), text
    for text in pattern.examples.passes:
        assert not asks(text), text


@pytest.mark.parametrize(
    "text", ["", "🎉", "\x00", "おいしかったです", "また来たいです。", "いつもありがとうございます", "良かった。" * 600]
)
def test_praise_and_nothing_are_no_requests(text):
    assert not asks(text)


def test_one_wish_in_a_long_text_is_enough():
    assert asks("おいしかったです。" * 300 + "駐車場があると助かります。")
    assert asks("おいしかったです\nﾒﾆｭｰをふやしてください")
