import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kizuna.language import vectors as vectors_module
from kizuna.language.themes import FEWEST, group, place, suggest, themes_of

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


def test_every_text_is_in_exactly_one_theme_and_the_quotes_are_members():
    found = group(TEXTS)
    assert sorted(member for theme in found.groups for member in theme.members) == list(range(len(TEXTS)))
    for theme in found.groups:
        assert set(theme.quotes) <= set(theme.members) and theme.quotes[0] == theme.medoid
        assert 2 <= len(theme.quotes) == len(set(theme.quotes)) <= 3 and len(theme.words) <= 3


def test_few_texts_are_read_and_not_grouped():
    assert group([]).groups == () and group(TEXTS[: FEWEST - 1]).groups == ()
    assert group(TEXTS[:FEWEST]).groups


def test_texts_that_differ_only_in_width_stay_together():
    of = theme_of(group([*TEXTS, "ﾊﾟﾝを ふやして", "パンを ふやして", "パンを　ふやして "]))
    assert of[12] == of[13] == of[14]


@pytest.mark.parametrize("odd", ["", "🎉🎉🎉", "あ" * 3000, "ｶﾞﾝﾊﾞﾙ", "\x00\x07", "\ud800", "?", "\u200b"])
def test_an_odd_text_disturbs_no_theme(odd):
    without, found = group(TEXTS), group([*TEXTS, odd])
    of = theme_of(found)
    assert all((of[a] == of[b]) == (theme_of(without)[a] == theme_of(without)[b]) for a in range(12) for b in range(12))
    assert len(group([odd] * 9).rest) + len(theme_of(group([odd] * 9))) == 9


UNLIKE = [
    "src/main.py を開く",
    "弟が転職したらしい",
    "株価は三日続けて下がった",
    "猫が窓から落ちた",
    "H2O は水の化学式です",
    "cmd を打つと固まる",
    "十七世紀のオランダ絵画",
    "次の電車は10時12分",
    "靴ひもがほどけた",
    "宇宙は膨張している",
]


def test_texts_with_nothing_in_common_stay_in_no_theme():
    found = group(UNLIKE)
    assert len(found.rest) >= 7 and all(len(theme.members) > 1 for theme in found.groups)
    among = group([*TEXTS, *UNLIKE[:3]])
    assert set(range(12)) <= set(theme_of(among)) and len(among.rest) >= 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=30)), max_size=14))
def test_every_text_is_in_one_theme_or_in_none_and_names_differ(texts):
    found = group(texts)
    assert sorted([*theme_of(found), *found.rest]) == list(range(len(texts)))
    named = themes_of(texts)
    assert len(named) == len(texts) and all(first != second or first is None for first, second in named)
    assert len({first for first, _ in named if first is not None}) == len(found.groups)
    assert all(first is not None for first, second in named if second is not None)


def test_an_answer_with_two_wishes_has_a_second_theme():
    both = "駐車場が広いと助かります。それと、子どもが遊べる場所もほしいです"
    named = themes_of([*TEXTS, both])
    assert {named[12][0], named[12][1]} == {named[0][0], named[4][0]}
    assert [second for _, second in named[:12]] == [None] * 12
    assert all(12 not in theme.quotes for theme in group([*TEXTS, both]).groups), "a mixed answer is no theme's typical one"


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
    assert len(found.groups) >= 2 and found.notice
    placed = ["車", "車", None, None, "子", "子", None, None, "パン", "パン", None, None]
    assert [row[0] for row in suggest(TEXTS, placed) if row] == ["車", "車", "子", "子", "パン", "パン"]


PLACED = ["車", "車", None, None, "子", "子", None, None, "パン", "パン", None, None]


def test_suggestions_learn_from_the_cards_placed():
    found = suggest(TEXTS, PLACED)
    assert [row[0] for row in found if row] == ["車", "車", "子", "子", "パン", "パン"]
    assert [bool(row) for row in found] == [box is None for box in PLACED]
    assert all(len(row) == 2 for row in suggest(TEXTS, PLACED, count=2) if row)
    assert suggest(TEXTS, [None] * 12) == [[]] * 12 and suggest([], []) == []


def test_a_card_placed_elsewhere_changes_what_is_suggested():
    odd = ["犬と入れる席がほしい", "犬用の水がほしい", "犬を連れて行きたい"]
    before = suggest([*TEXTS, *odd], [*PLACED, None, None, None])
    after = suggest([*TEXTS, *odd], [*PLACED, "犬", None, None])
    assert after[13][0] == after[14][0] == "犬" and "犬" not in before[13]


def test_a_name_speaks_for_a_box_and_nameless_boxes_work():
    texts = ["駐車場を広くしてほしい", "焼きたてのパンの時間を知りたい", "車を停める場所が足りません"]
    assert suggest(texts, [None, None, None], {1: "駐車場のこと", 2: "パン"}) == [[1, 2], [2, 1], [1, 2]]
    assert suggest(texts, [1, None, None], {1: "", 2: "パン"})[1][0] == 2
    assert suggest(texts, [1, 2, None], {1: "", 2: "のこと"})[2][0] == 1


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.sampled_from(TEXTS), st.text(max_size=20)), st.sampled_from([None, 1, 2, 3])), max_size=12),
    st.integers(1, 5),
)
def test_any_suggestion_is_a_box_once(cards, count):
    texts, placed = [text for text, _ in cards], [box for _, box in cards]
    known = {box for box in placed if box is not None}
    for box, row in zip(placed, suggest(texts, placed, count=count), strict=True):
        assert row == [] if box is not None else (set(row) <= known and len(row) == len(set(row)) == min(count, len(known)))


def test_a_new_card_is_placed_only_when_clear():
    texts = [*TEXTS, "駐車場をもっと広くしてほしいです", "🎉"]
    placed = dict.fromkeys(range(4), "車") | dict.fromkeys(range(4, 8), "子") | dict.fromkeys(range(8, 12), "パン")
    assert place(texts, placed, [12, 13]) == {12: "車", 13: None}
    assert place(texts, {}, [12]) == {12: None}
