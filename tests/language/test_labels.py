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
