import pytest

from kizuna.language.media import media, media_in


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("LINEで連絡がほしい。インスタも見ます", ["line", "instagram"]),
        ("ﾗｲﾝとｲﾝｽﾀ", ["line", "instagram"]),
        ("ＦＢと旧Twitter、今のXをよく見ます", ["facebook", "x"]),
        ("ユーチューブ、TikTok、HP、ブログ", ["youtube", "tiktok", "website", "blog"]),
        ("折込チラシを見て電話しました", ["newspaper", "phone"]),
        ("手紙やハガキはうれしい。メールでも", ["postcard", "mail"]),
        ("回覧板、口コミサイト、店頭の黒板", ["localpaper", "reviews", "shopfront"]),
        ("メルマガとニュースレター", ["mail", "newsletter"]),
        ("インスタ、またインスタ", ["instagram"]),
    ],
)
def test_media_are_found_in_order_of_first_mention(text, ids):
    assert media_in(text) == ids


@pytest.mark.parametrize(
    "text",
    [
        *("ラインナップが豊富", "オンラインで", "ガイドラインを読む", "アイラインがきれい", "ジップラインが楽しい", "ONLINE"),
        *("白いラインを引く", "X線をとる", "サイズはXLです", "プランXとY", "メール便で届く", "ノート"),
        *("インスタントコーヒー", "インスタ映えする", "ちらし寿司", "看板娘", "ポップコーン", "", "🎉", "\x00"),
    ],
)
def test_words_that_only_look_like_a_medium_are_not(text):
    assert media_in(text) == []


def test_every_medium_finds_itself_by_each_of_its_words():
    for medium in media().values():
        for word in medium.words:
            assert media_in(f"よく見るのは「{word}」です") == [medium.id], word
        for word in medium.words_not:
            assert medium.id not in media_in(word), word


def test_ids_are_unique_and_letters_cost_time_for_each_person():
    assert len(media()) >= 18 and all(medium.minutes > 0 for medium in media().values())
    assert [media()[name].per_person for name in ("phone", "postcard", "facetoface", "leaflet")] == [True, True, True, False]
