"""Names after the word that says whose they are: 妻の恵子, 担当の鈴木, 母（田中花子）."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kizuna.language.personal.words import FAMILY, KANA, KANJI, NAME_LETTERS, as_name, full_name, listed, more_than_name, names, only_name
from kizuna.language.tokens import Token

BEFORE_END = re.compile(
    r"(?:として|[がはとにもをへ、。,・()\]」/:!?\s]|です|でし|だ[っ。]|から|より|まで|って|という|の(?:こと|お|ご|名|手|声|笑|対|誕|結|成|ため|髪|施|説|接|作|料|おか)|$)"
)


def name_after(text: str, words: list[Token], at: int) -> Iterator[tuple[int, int, str]]:
    """The name after 「妻の」「担当の」「母（」, when what follows can be a name."""
    if at + 2 > len(words) - 1:
        return
    link = words[at + 1].surface
    if link in ("の", "、", "(", " ", ":", "である") or (link == "は" and words[at].surface in ("担当", "ご担当", "担当者")):
        begin = words[at + 2].start
        if text[begin : begin + 1] in ("の", " "):
            begin += 1
    elif words[at].surface in ("妻", "夫", "娘", "息子", "母", "父", "孫", "弟", "妹", "兄", "姉", "店長", "社長", "主人"):
        begin = words[at + 1].start
        if text[begin : begin + 1] in "、":
            begin += 1
    else:
        return
    kin = words[at].surface in _kin()
    for length in range(min(6, len(text) - begin), 0, -1):
        name = text[begin : begin + length]
        if NAME_LETTERS.fullmatch(name) and BEFORE_END.match(text, begin + length) and _follows(text, words, begin, name, link, kin):
            yield begin, begin + length, f"「{words[at].surface}」の名前のようです"
            return


@cache
def _kin() -> frozenset[str]:
    """Of the words that come before a name those of the family, after which nearly any name may stand."""
    before = names().before
    return frozenset(before[before.index("妻") : before.index("友人")])


def _follows(text: str, words: list[Token], begin: int, name: str, link: str, kin: bool) -> bool:
    """Whether the letters after 「娘の」 are her name."""
    if name in listed("plain") or name in listed("not_names"):
        return False
    if (
        link == "("
        and kin
        and name not in ("成人", "幼児", "小学生", "中学生", "大学生", "高齢", "同居")
        and len(name) <= 5
        and not more_than_name(name)
        and re.match(r"[)・、,0-9 ]", text[begin + len(name) :])
    ):
        return True
    if link not in ("の", "、", "(", " ", ":", "である", "は") or link in ("は", "、"):
        return only_name(name) or (full_name(name) and not more_than_name(name))
    if not as_name(name):
        inside = [word for word in words if word.start < begin + len(name) and begin < word.end]
        odd = KANJI.fullmatch(name) and 2 <= len(name) <= 3 and all(len(word.surface) == 1 or "人名" in word.pos for word in inside)
        foreign = re.fullmatch(r"[ァ-ヺー]{2,5}", name)
        return not more_than_name(name) and bool(full_name(name) or (kin and odd) or (foreign and link == "の"))
    if only_name(name) or (KANA.fullmatch(name) and len(name) > 1):
        return True
    if (not kin and any(name == one for one in ("方", "者", "中", "長"))) or (len(name) == 1 and not kin and link == "の"):
        return False
    return (
        not more_than_name(name)
        or (FAMILY in as_name(name) and len(name) > 1)
        or bool(re.match(r"[がはともに(、)]", text[begin + len(name) :]))
    )
