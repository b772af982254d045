from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.marked import read
from benchmarks.personal import ours, score
from kizuna.language.personal import MASK, Kind, Personal, find_personal, mask
from kizuna.language.personal.structured import forms
from kizuna.language.personal.words import romaji

DATA = Path(__file__).parents[2] / "benchmarks" / "data"


def found(text, **more):
    return [(one.kind, text[one.start : one.end]) for one in find_personal(text, **more)]


@pytest.mark.parametrize("form", forms().kinds, ids=lambda form: form.kind)
def test_every_form_passes_its_own_examples(form):
    for text in form.examples.flag:
        assert form.kind in [kind for kind, _ in found(text)], text
    for text in form.examples.passes:
        assert form.kind not in [kind for kind, _ in found(text)], text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("店員の田中さんです", "田中"), ("佐藤店長が好き", "佐藤"), ("ゆうきくんのおかげ", "ゆうき"), ("母（田中花子）です", "田中花子")),
        *(("たかしと申します", "たかし"), ("吉田 美穂様へ", "吉田 美穂"), ("ﾀﾅｶさんへ", "ﾀﾅｶ"), ("Tanaka Hanakoです。", "Tanaka Hanako")),
        *(("Mr. Smithの授業", "Mr. Smith"), ("Kさんが担当でした", "K"), ("森さんに相談", "森"), ("娘のさくらが喜んだ", "さくら")),
        *(("勝じいちゃんが面白い", "勝"), ("息子（悠真・8歳）と", "悠真"), ("𠮟られた🎉マイケルさん", "マイケル")),
    ],
)
def test_a_persons_name_is_found_letter_for_letter(text, name):
    assert (Kind.PERSON, name) in found(text)


@pytest.mark.parametrize(
    "text", ["星がきれい", "森の中", "泉質", "神様", "お客様", "皆様", "店長さん", "本屋さん", "赤ちゃん", "様々な花", "大阪駅", ""]
)
def test_what_only_looks_like_a_name_is_left_alone(text):
    assert found(text) == []


def test_the_shops_own_names_are_not_marked():
    text = "ヘアサロンひまわりの田中さんと鈴木さん"
    assert found(text, own=["田中", "ヘアサロンひまわり"]) == [(Kind.PERSON, "鈴木")]
    assert (Kind.PERSON, "田中") in found(text)  # asked again without them


def test_what_one_does_with_the_places_the_next_who_asks_does_not_see():
    text = "田中さんと鈴木さん"
    find_personal(text).clear()
    assert found(text) == [(Kind.PERSON, "田中"), (Kind.PERSON, "鈴木")]


@pytest.mark.parametrize(("name", "least"), [("personal_dev.txt", 0.97), ("personal_heldout.txt", 0.93)])
def test_names_and_numbers_are_found_and_harmless_lines_left_alone(name, least):
    told = score(read(DATA / name), ours)
    assert told["PERSON"][0] / told["PERSON"][1] >= least
    assert told["STRUCTURED"][0] == told["STRUCTURED"][1]
    assert told["HARMLESS"][0] / told["HARMLESS"][1] <= 0.05


def test_romaji_is_read_as_kana():
    assert (romaji("Junko"), romaji("Ryota"), romaji("Happy")) == ("じゅんこ", "りょた", "")


@pytest.mark.parametrize("text", ["\x00\x07", "\ud800さん", "🎉" * 50, "\n\n", "ｶﾞｷﾞさん", "田\x00中さん", "𠮷野さん"])
def test_odd_characters_do_no_harm(text):
    assert all(0 <= one.start < one.end <= len(text) for one in find_personal(text))


PIECES = st.sampled_from(
    ["田中さん", "090-1234-5678", "ｱｲｳ", "🎉", "。", "\n", "☎", "taro＠example.com", "㈱", "㌔", "が", " ", "\ud800", "母の恵子"]
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_places_are_in_order_inside_and_a_mask_changes_nothing_else(text):
    spans = find_personal(text)
    places = [place for one in spans for place in (one.start, one.end)]
    assert places == sorted(places) and all(0 <= place <= len(text) for place in places)
    masked, covered = mask(text, spans), {at for one in spans for at in range(one.start, one.end)}
    assert len(masked) == len(text)
    assert all(masked[at] == (MASK if at in covered and text[at] not in "\r\n" else text[at]) for at in range(len(text)))


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(-5, 40), st.integers(-5, 40)), max_size=4))
def test_a_mask_never_moves_or_changes_other_text(text, places):
    masked = mask(text, [Personal(start, end, Kind.PERSON, "") for start, end in places])
    covered = {at for start, end in places for at in range(start, end)}
    assert len(masked) == len(text) and all(masked[at] == text[at] for at in range(len(text)) if at not in covered)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("高橋・中村・西の三人で伺います", ["高橋・中村", "西"]),
        ("佐藤、鈴木の両名で参加します", ["佐藤", "鈴木"]),
        ("山﨑さんへ", ["山﨑"]),
        ("菅野（かんの）と申します", ["菅野", "かんの"]),
        ("フジタサンに教わりました", ["フジタ"]),
        ("うちの健が泣きました", ["健"]),
        ("ワンさんの太極拳", ["ワン"]),
        *(
            (text, [])
            for text in (
                "夏目漱石の小説がありました",
                "金子みすゞ記念館の帰りです",
                "おかみさんの味噌汁",
                "ワンちゃんも泊まれる",
                "うちの畑の野菜が",
            )
        ),
    ],
)
def test_names_in_lists_in_rare_letters_and_with_their_reading(text, names):
    assert [text[one.start : one.end] for one in find_personal(text)] == names
