"""What is known from the list is found in every spelling, and ordinary words are left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kizuna.language.personal import MASK, Known, mask

PEOPLE = Known(["田中 恵子", "森", "髙橋 一郎", "橘 美咲", "浜田 はる", "ミナトさん", "長谷川"], ["mika@example.com"], ["090-1234-5678"])


def covered(text: str, known: Known = PEOPLE) -> str:
    return mask(text, known.find(text))


def flat(text: str) -> str:
    """The text in one width, one kana, without blanks: a name is looked for in it whatever hides it."""
    letters = (letter for letter in unicodedata.normalize("NFKC", text) if not letter.isspace() and letter not in "\u200b\u00ad")
    return "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter.lower() for letter in letters)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("田中恵子さんから", "●●●●さんから"),
        ("田中　恵子様へ", "●●●●●様へ"),
        ("恵子 田中", "●●●●●"),
        ("田中が来た", "●●が来た"),
        ("恵子ちゃん", "●●ちゃん"),
        ("田\n中さん", "●\n●さん"),
        ("たなかけいこさん", "●●●●●●さん"),
        ("タナカ様", "●●●様"),
        ("ﾀﾅｶ ｹｲｺ", "●●●●●●●"),
        ("Tanaka さん", "●●●●●● さん"),
        ("高橋さん、髙橋さん", "●●さん、●●さん"),
        ("森さんが森の中で", "●さんが森の中で"),
        ("はるさんの春", "●●さんの春"),
        ("みなとくん", "●●●くん"),
        ("はまださんは", "●●●さんは"),
        ("長谷川です", "●●●です"),
        ("MIKA＠example.com", "●" * 16),
        ("０９０ １２３４ ５６７８まで", "●" * 13 + "まで"),
        ("+81 90-1234-5678", "+" + "●" * 15),
        ("09012345678と090.1234.5678", "●" * 11 + "と" + "●" * 13),
        ("〇九〇一二三四五六七八", "●" * 11),
    ],
)
def test_what_is_known_is_covered_however_it_is_written(text: str, left: str) -> None:
    assert covered(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "森林の中を歩いた",
        "森の中で読んだ",
        "私はまだ行っていません",
        "来たなかで一番",
        "一つだけ一郎でなく",
        "春が来た",
        "090-1234-5679",
        "みんなと話した",
    ],
)
def test_ordinary_words_and_other_numbers_stay(text: str) -> None:
    assert covered(text.replace("一郎", "二郎")) == text.replace("一郎", "二郎")


@pytest.mark.parametrize("name", ["常連さん", "お客さま", "", " ", "さん"])
def test_what_is_no_name_covers_nothing(name: str) -> None:
    assert covered("常連のお客さまが、お客さん同士で話した。さんさんと日がさす。", Known([name])).count(MASK) == 0


@given(name=st.text(max_size=8), text=st.text(max_size=40), spread=st.booleans())
def test_whatever_is_written_the_places_lie_within_it(name: str, text: str, spread: bool) -> None:
    whole = f"{text}{name}{text}" if spread else text
    assert all(0 <= one.start < one.end <= len(whole) for one in Known([name], [name], [name]).find(whole))


KANJI = st.text(alphabet="田中佐藤木村橘浜山川島恵美子一郎直樹花", min_size=2, max_size=5)
KANA = st.text(alphabet="アイカキサトナミヒロケコマユリン", min_size=4, max_size=8)
AROUND = st.text(alphabet="はがの、。 　森さん様に会いましたAB12\n", max_size=12)


@given(name=KANJI | KANA, before=AROUND, after=AROUND, blank=st.sampled_from(["", " ", "　", "\u200b"]), at=st.integers(1, 4))
def test_no_name_survives_and_nothing_moves(name: str, before: str, after: str, blank: str, at: int) -> None:
    text = f"{before}{name[:at]}{blank}{name[at:]}{after}"
    left = covered(text, Known([name]))
    assert flat(name) not in flat(left)
    assert len(left) == len(text)
    assert all(new == old or (new == MASK and old not in "\r\n") for new, old in zip(left, text, strict=True))


@given(
    digits=st.text(alphabet="0123456789", min_size=8, max_size=9),
    signs=st.lists(st.sampled_from(["", "-", " ", "−", "（", "・"]), min_size=9, max_size=9),
)
def test_no_number_survives_whatever_stands_between_its_digits(digits: str, signs: list[str]) -> None:
    phone = f"0{digits}"
    written = "".join(digit + sign for digit, sign in zip(phone, [*signs, ""], strict=False))
    left = covered(f"電話は{written}です", Known(phones=[phone]))
    assert not any(letter.isdigit() for letter in left)
