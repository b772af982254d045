import subprocess
import sys

import pytest

from kizuna.language import vectors as vectors_module
from kizuna.language.themes import FEWEST, group, place, suggest

PARKING = ["駐車場を広くしてほしい", "車を停める場所が足りません", "駐車場の台数をふやしてほしいです", "駐車場がせまくて車を停めにくい"]
CHILDREN = [
    "子どもが遊べる場所がほしい",
    "子ども用のいすがあると助かります",
    "子どもが遊べるおもちゃがあるといい",
    "子ども連れでも入りやすい席がほしい",
]
BREAD = [
    "やわらかい食パンを焼いてほしい",
    "焼きたてのパンの時間を知りたい",
    "食パンを薄く切ってほしいです",
    "夕方にも焼きたてのパンがあるといい",
]
TEXTS = [*PARKING, *CHILDREN, *BREAD]


def theme_of(grouping):
    return {member: number for number, theme in enumerate(grouping.groups) for member in theme.members}


def test_wishes_for_the_same_thing_end_together_and_have_a_name():
    found = group(TEXTS)
    of = theme_of(found)
    assert [len({of[i] for i in places}) for places in (range(4), range(4, 8), range(8, 12))] == [1, 1, 1]
    assert len(found.groups) == 3 and found.notice is None
    assert {"駐車場", "子ども", "パン"} <= {word for theme in found.groups for word in theme.words}


def test_every_text_is_in_exactly_one_theme_and_the_medoid_is_a_member():
    found = group(TEXTS)
    assert sorted(member for theme in found.groups for member in theme.members) == list(range(len(TEXTS)))
    assert all(theme.medoid in theme.members and len(theme.words) <= 3 for theme in found.groups)


def test_few_texts_are_read_and_not_grouped():
    assert group([]).groups == () and group(TEXTS[: FEWEST - 1]).groups == ()
    assert group(TEXTS[:FEWEST]).groups


def test_texts_that_differ_only_in_width_stay_together():
    of = theme_of(group([*TEXTS, "ﾊﾟﾝを ふやして", "パンを ふやして", "パンを　ふやして "]))
    assert of[12] == of[13] == of[14]


@pytest.mark.parametrize("odd", ["", "🎉🎉🎉", "あ" * 3000, "ｶﾞﾝﾊﾞﾙ", "\x00\x07", "\ud800", "?"])
def test_odd_texts_are_grouped_too(odd):
    assert len(theme_of(group([*TEXTS, odd]))) == len(TEXTS) + 1
    assert len(theme_of(group([odd] * 9))) == 9


def test_the_same_texts_give_the_same_themes_with_any_number_of_threads():
    code = "import sys; from kizuna.language.themes import group; print(group(sys.stdin.read().split('\\n')))"
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            input="\n".join(TEXTS * 2),
            capture_output=True,
            text=True,
            check=True,
            env={"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for threads, seed in (("1", "1"), ("2", "2"))
    }
    assert len(told) == 1


def test_large_numbers_stay_readable():
    things = ["席", "パン", "駐車場", "いす", "花", "本", "服", "靴", "茶", "魚"]
    wishes = ["をふやしてほしい", "が広いと助かる", "を夜も出してください", "の種類が多いとうれしい", "を安くしてほしい", "の説明がほしい"]
    texts = [f"{number}番の{thing}{wish}" for number in range(40) for thing in things for wish in wishes]
    found = group(texts)
    assert len(texts) == 2400 and len(theme_of(found)) == 2400 and 5 <= len(found.groups) <= 14


def test_without_the_sentence_encoder_themes_are_found_and_a_notice_tells(monkeypatch):
    monkeypatch.setattr(vectors_module, "_encoder", lambda: None)
    found = group(TEXTS)
    assert found.groups and found.notice


def test_suggestions_learn_from_the_cards_placed():
    placed = {0: "車", 1: "車", 4: "子", 5: "子", 8: "パン", 9: "パン"}
    assert [suggest(TEXTS, placed, card)[0] for card in (2, 6, 10)] == ["車", "子", "パン"]
    assert suggest(TEXTS, {**placed, 2: "子"}, 3, k=1) and len(suggest(TEXTS, placed, 3, k=2)) == 2
    assert suggest(TEXTS, {}, 0) == []
    assert suggest(TEXTS, {0: "車"}, 0) == [], "a card does not vouch for itself"


def test_a_new_card_is_placed_only_when_clear():
    texts = [*TEXTS, "駐車場をもっと広くしてほしいです", "🎉"]
    placed = dict.fromkeys(range(4), "車") | dict.fromkeys(range(4, 8), "子") | dict.fromkeys(range(8, 12), "パン")
    assert place(texts, placed, [12, 13]) == {12: "車", 13: None}
    assert place(texts, {}, [12]) == {12: None}
