from kizuna.language.labels import label, label_words

TEXTS = [
    "駐車場が広いといい",
    "駐車場から送迎してほしい",
    "送迎があると助かる",
    "子供の料理がほしい",
    "こどもの料理を少なめに",
    "お部屋でお願いします",
]


def test_labels_are_words_as_people_write_them_joined_where_they_belong_together():
    first, second = label_words(TEXTS, [[0, 1, 2], [3, 4]])
    assert set(first) >= {"駐車場", "送迎"} and "駐車" not in first
    assert "料理" in second and sum(word in ("子供", "こども") for word in second) == 1


def test_generic_words_name_no_theme():
    assert label_words(TEXTS, [[5], [0]])[0] == ()


def test_a_name_has_up_to_three_words():
    assert label(("駐車場", "送迎", "無料", "夜")) == "駐車場・送迎・無料" and label(()) == ""


def test_of_words_said_once_each_the_one_in_the_middle_of_the_others_comes_first():
    texts = [
        "値段が気になります",
        "予算の中で頼みたい",
        "料金を先に知りたい",
        "下駄をはきたい",
        "駅まで迎えに来てほしい",
        "露天風呂に入りたい",
    ]
    (words, _) = label_words(texts, [[0, 1, 2, 3], [4, 5]])
    assert set(words) == {"値段", "予算", "料金"}
