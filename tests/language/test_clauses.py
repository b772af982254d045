import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.language.clauses import clauses


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("駐車場を広くしてほしい", ["駐車場を広くしてほしい"]),
        ("席がほしい。駅から遠いです", ["席がほしい。", "駅から遠いです"]),
        ("夕食を軽くしてほしいのと、駅からの送迎もお願いします", ["夕食を軽くしてほしいのと、", "駅からの送迎もお願いします"]),
        ("静かな席がほしいです、あと、電源も使いたい", ["静かな席がほしいです、", "あと、電源も使いたい"]),
        ("また来たいです", ["また来たいです"]),
        ("よい。駅から遠いです", ["よい。", "駅から遠いです"]),
    ],
)
def test_an_answer_is_cut_where_a_second_wish_begins(text, parts):
    assert clauses(text) == parts


@given(st.text(alphabet=st.sampled_from("あ駅。、 \nまた、それと🎉しのと"), max_size=40))
def test_nothing_but_blanks_is_lost(text):
    assert "".join("".join(clauses(text)).split()) == "".join(text.split())
