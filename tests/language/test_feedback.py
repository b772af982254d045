import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.language.feedback import Kind, feelings, is_polite, kinds, sentence_kinds

P, R, C, O = Kind.PRAISE, Kind.REQUEST, Kind.COMPLAINT, Kind.POLITE_ONLY  # noqa: E741 - one letter each keeps the table readable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("料理は最高でしたが、部屋が寒かったです。毛布があると嬉しいです", [P, R, C]),
        # negation, and negation of it
        ("悪くないです", [P]),
        ("不満はありません", [P]),
        ("スープはおいしくなかった", [C]),
        ("味は言うことなし", [P]),
        ("待たされませんでした", [P]),
        ("落ち着いて食べられませんでした", [C]),
        ("先生の話がわかりやすくない", [C]),
        ("名物の甘さが忘れられません", [P]),
        # concession
        ("味は抜群なのに、店員さんが無愛想でした", [P, C]),
        ("混んでいましたが、快適に過ごせました", [P]),
        ("少し古いけれど、清潔で快適でした", [P, C]),
        # the same word, good of one thing and bad of another
        ("値段が高いです", [C]),
        ("技術が高いです", [P]),
        ("待ち時間が少ないです", [P]),
        ("席の数が少ないです", [C]),
        ("返事が早いです", [P]),
        ("閉店が早いです", [C]),
        # wishes
        ("もう少し席が広かったら最高なのに", [R, C]),
        ("夜も開けてほしいです", [R]),
        ("カードは使えますか", [R]),
        ("静かな席がいいです", [R]),
        ("案内を出してもらえると助かります", [R]),
        ("また来たいです", [P]),
        # dialects and the net
        ("ここのうどん、めっちゃうまいねん", [P]),
        ("あかん、まずかったわ", [C]),
        ("ケーキ最高!!!w", [P]),
        ("スープが冷めていた(´・ω・`)", [C]),
        ("毎朝ここで元気をもらっとるばい", [P]),
        # what was bad and is over
        ("待っとるあいだの落ち着かんのがなくなった。", [P]),
        ("うるさいのが消えて、よく眠れた", [P]),
        ("寒さがなくなったわけではない", [C]),
        # nothing but facts
        ("ランチは十一時から始まります", []),
        ("", []),
        ("🎉🎉", []),
    ],
)
def test_kinds(text, expected):
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "良かったです。",
        "お世話になりました。",
        "ありがとうございました！",
        "とても美味しかったです",
        "いつもお世話になっております。ありがとうございます。",
    ],
)
def test_a_formula_alone_is_only_polite(text):
    assert kinds(text) == [Kind.POLITE_ONLY]


@pytest.mark.parametrize(
    "text",
    ["ありがとうございました。抹茶の泡がきめ細かくて美味しかったです。", "スープが美味しかったです", "良かったです。椅子がほしいです。"],
)
def test_a_formula_beside_something_concrete_is_not(text):
    assert Kind.POLITE_ONLY not in kinds(text) and kinds(text)


@pytest.mark.parametrize(
    ("text", "alone", "good", "bad", "wish"),
    [
        ("夜も開いていたら、気軽です", P, P, R, R),
        ("夜も開いていたら、気軽でした", P, P, P, P),
        ("夜も開いていて、気軽です", P, P, P, P),
        ("夜に迷ったけれど地図で着いた", C, P, C, C),
        ("遠いところまで届けに来た", C, P, C, C),
        ("部屋が狭かったです", C, C, C, C),
        ("遠いところで、うるさいです", C, C, C, C),
        ("汚い床に座らされた", C, C, C, C),
        ("駐車場があると助かります", R, R, R, R),
    ],
)
def test_the_question_tells_where_the_sentence_alone_does_not(text, alone, good, bad, wish):
    assert [sentence_kinds(text, asked) for asked in (None, P, C, R)] == [{alone}, {good}, {bad}, {wish}]


def test_half_width_kana_reads_as_full_width():
    assert kinds("ｻｰﾋﾞｽが最高でした") == kinds("サービスが最高でした") == [Kind.PRAISE]


def test_what_was_only_wished_for_is_no_praise():
    assert not [hit for hit in feelings("夜も開いていたら最高です") if hit.sign > 0]


@given(st.text(max_size=200))
def test_any_text_is_read(text):
    found = kinds(text)
    assert len(set(found)) == len(found) and (Kind.POLITE_ONLY not in found or found == [Kind.POLITE_ONLY])


@pytest.mark.parametrize(
    "text",
    ["\x00\x01", "\ud83d", "あ\udc00い", "最高" * 1500, "良かったです。" * 430, "(" * 3000, "お世話になりました、" * 300, "とても" * 1000],
)
def test_odd_and_long_texts_are_read(text):
    kinds(text)
    is_polite(text)
