"""A post is always read alike, and as the examples beside the words say."""

from __future__ import annotations

import pytest

from kizuna.language.posts import Kind, post_words, read_kind

WORDS = post_words().kinds


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, words in WORDS.items() for text in words.examples.flag])
def test_every_example_is_read_as_it_should_be(kind: Kind, text: str) -> None:
    assert read_kind(text) is kind


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, words in WORDS.items() for text in words.examples.passes])
def test_every_counter_example_is_read_otherwise(kind: Kind, text: str) -> None:
    assert read_kind(text) is not kind


def test_selling_outweighs_everything_else() -> None:
    assert read_kind("いつもありがとうございます。わたしも大好きな本です。本日限り20%オフ！") is Kind.SELLING


def test_what_says_nothing_of_its_kind_is_information() -> None:
    assert read_kind("あいうえお") is Kind.INFORMATION
