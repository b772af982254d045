import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from kizuna.language.plain import plain


@given(st.text(alphabet=st.sampled_from("ｶﾞﾊﾟあか\u3099①㌔ＡaｱＬ🎉 "), max_size=40))
def test_each_plain_letter_knows_where_it_came_from(text):
    found = plain(text)
    assert found.text == unicodedata.normalize("NFKC", text)
    for at in range(len(found.text)):
        start, end = found.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert found.text[at] in unicodedata.normalize("NFKC", text[start:end])
