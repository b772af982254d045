"""What a participant reads is easy to read: short sentences, and a page that is not black with kanji."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

import pytest

from kizuna.language.sentences import sentences
from kizuna.process import course
from tests.texts import JAPANESE, answers, shown

MOST = 80  # characters from 。 to 。; what stands between 「」 belongs to the sentence around it
LONGER: dict[str, str] = {}  # sentences that stay longer, each by its beginning, with the reason
EASY = 70  # of the formula below: the texts it was made from have a mean of 50 and a deviation of 10; more is easier

_CODE = re.compile(r"\{% block style %\}.*?\{% endblock %\}|```.*?```|<(style|script)[^>]*>.*?</\1>|\{#.*?#\}|\{%.*?%\}", re.DOTALL)
_PUT_IN = re.compile(r"\{\{.*?\}\}|\{[a-z_]*(?::[^}]*)?\}")
_BREAK = re.compile(r"<[^>]*>|\s\|\s|^\s*(?:[-*>|]|\d+\.|#+)\s*", re.MULTILINE)
_SAID = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')  # the strings of a script
_PATTERN = re.compile(r"[^\s|]\|[^\s|]|\[\^|\\[dswb]|\(\?")


def prose(place: str, text: str) -> Iterator[str]:
    """The sentences of a text as they are read: without markup, code and patterns, what is put in as ◯."""
    if place.endswith(".js"):
        for said in _SAID.finditer(text):
            yield from prose("", re.sub(r"\$\{[^}]*\}", "◯", said[1] or said[2] or ""))
        return
    plain = _BREAK.sub("\n", _PUT_IN.sub("◯", _CODE.sub("\n", text)))
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", plain).replace("*", "").replace("`", "")
    for start, end in sentences(plain):
        if JAPANESE.search(plain[start:end]) and not _PATTERN.search(plain[start:end]):
            yield plain[start:end]


READ = [(place, one) for place, text in [*shown(), *answers()] for one in prose(place, text)]


def test_no_sentence_is_too_long_to_be_read_in_one_breath() -> None:
    found = [f"{place}: {len(one)} {one}" for place, one in READ if len(one) > MOST and not one.startswith(tuple(LONGER))]
    assert found == []


def test_every_longer_sentence_is_still_there_and_has_its_reason() -> None:
    for start, why in LONGER.items():
        assert why and any(len(one) > MOST and one.startswith(start) for _, one in READ), start


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("forms.yaml", "あ" * 81 + "。"),
        ("views.py", "はい。" + "「ええ。」と" * 14 + "話した。"),
        ("00_start.ipynb", "- □ **" + "い" * 81 + "**。\n- □ 次"),
        ("sheet.html.j2", "<p>{{ name }}" + "う" * 80 + "</p>"),
        ("board.js", 'say("' + "え" * 81 + '");'),
    ],
)
def test_a_sentence_that_is_too_long_is_found_wherever_it_stands(place: str, text: str) -> None:
    assert any(len(one) > MOST for one in prose(place, text))


def test_markup_code_and_patterns_are_no_sentences() -> None:
    for text in ("`" + "a" * 90 + "`", "<a href='" + "x" * 90 + "'>ここ</a>", "(来|行)(たい|きたい)" * 9, "```sh\n" + "あ" * 90 + "\n```"):
        assert not any(len(one) > MOST for one in prose("forms.yaml", text))


def test_enough_is_read() -> None:
    assert len(READ) > 5000
    assert {"forms.yaml", "00_start.ipynb", "README.ja.md", "kizuna/views/widgets/board.js", "rules.yaml KZ-07"} <= {
        place.partition(":")[0] for place, _ in READ
    }


# ---- a page as a whole, by the formula of Tateishi, Ono and Yamada (1988), which knows nothing but signs


def kind(sign: str) -> str:
    """Which script a sign belongs to."""
    return next((name for name, signs in _SCRIPTS.items() if signs.match(sign)), "")


_SCRIPTS = {
    "latin": re.compile(r"[A-Za-zＡ-Ｚａ-ｚ]"),
    "hiragana": re.compile(r"[ぁ-ゖ]"),
    "kanji": re.compile(r"[一-龥々]"),
    "katakana": re.compile(r"[ァ-ヺー]"),
}


def readability(said: list[str]) -> float:
    """How easy the sentences are to read (RS'): by their mean length, the mean runs of one script, and 、 for each 。."""
    text = "".join(said)
    runs = [(name, len(list(signs))) for name, signs in groupby(text, kind)]
    latin, hiragana, kanji, katakana = (
        sum(long for name, long in runs if name == script) / max(1, sum(name == script for name, _ in runs)) for script in _SCRIPTS
    )
    commas = text.count("、") / len(said)
    return -0.12 * len(text) / len(said) - 1.37 * latin + 7.4 * hiragana - 23.18 * kanji - 5.4 * katakana - 4.67 * commas + 115.79


def test_the_formula_knows_an_easy_text_from_a_hard_one() -> None:
    easy = ["きょうは、いい天気です。", "となりの店まで、歩いて行きました。"]
    hard = ["顧客満足度向上施策実施計画書作成要領、及び、関連諸規定に基づき、可及的速やかに適切な措置を講ずるものとする。"]
    assert readability(easy) > EASY > 50 > readability(hard)


@pytest.mark.parametrize("name", [*(f"{one.file}.ipynb" for one in course().sections), "forms.yaml", "principles.yaml"])
def test_a_page_is_easier_than_most_of_what_is_printed(name: str) -> None:
    said = [one for place, one in READ if place == name]
    assert len(said) > 10 and readability(said) > EASY
