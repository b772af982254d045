"""Names of companies, shops and schools: by their form, by the words around them, and by the small model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kizuna.language.personal.words import listed, names
from kizuna.language.tokens import Token, senses

_PROPER = r"[一-龥々ヶァ-ヺーA-Za-z0-9&・]"
_NAME_END = re.compile(r"[がはとにもをへでの、。,()\]」/:!?\s]|です|でし|だ|から|より|まで|さん|様|って|という|$")


def find_companies(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """The places of names of companies and shops in the plain text; they may overlap."""
    for pattern, reason in _patterns():
        for match in pattern.finditer(text):
            if match["it"].strip() and not _generic(match["it"]):
                yield (*match.span("it"), reason)
    by_start = {word.start: at for at, word in enumerate(words)}
    yield from _tailed(text, words)
    yield from _headed(text, words, by_start)


def find_schools(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """The places of names of schools and kindergartens in the plain text."""
    endings = sorted((one for one in listed("schools") if len(one) > 1), key=len, reverse=True)
    for match in re.finditer("|".join(endings), text):
        begin = _proper_before(text, words, match.start())
        name = text[begin : match.start()]
        if name and not _generic(name):
            yield begin, match.end(), "学校や園の名前のようです"


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    legal = names().legal
    letters = r"[一-龥々ヶァ-ヺーA-Za-z&・]"
    end = r"(?=[がはとにもをへでの、。,()\]」/:!?\s]|です|でし|さん|様|という|から|$)"
    place = r"(?:勤め先|勤務先|職場|会社)(?:は|が|:|である|の(?=[一-龥ァ-ヺ]{3}))"
    return [
        (re.compile(rf"(?P<it>(?:{legal}) ?(?:{letters}|[ぁ-ゖ](?![がはにをで、。]|です)){{1,14}}?(?:[ぁ-ゖ](?=[がはにをで、。]))?){end}"), "会社の形が書いてあります"),
        (re.compile(rf"(?P<it>(?:{_PROPER}){{1,12}} ?(?:{legal}))"), "会社の形が書いてあります"),
        (re.compile(rf"{place} ?(?P<it>[一-龥々ヶァ-ヺーA-Za-z0-9・]{{2,14}})(?=で|です|と|に|の|、|。|$)"), "勤め先のようです"),
        (re.compile(rf"(?P<it>(?:{letters}){{2,14}})(?=(?:に(?:勤め|勤務|就職|入社|在籍)|で働|勤務の|の社員|の職員|の従業員|を退職|を定年))"), "勤め先のようです"),
    ]  # fmt: skip


def _generic(name: str) -> bool:
    """Whether the letters only tell a kind or a place, and no name."""
    known = listed("generic")
    left = name.strip()
    if not left or left in known or left in listed("tails") or left in listed("heads"):
        return True
    if re.fullmatch(names().legal, left):
        return True
    if left in listed("workplaces") or left in listed("before") or left in listed("not_names"):
        return True
    return any(
        len(one) > 1 and left.startswith(one) and (left[len(one) :] in listed("tails") or left[len(one) :] in known) for one in known
    )


def _proper_before(text: str, words: list[Token], end: int) -> int:
    """Where the name that ends at ``end`` begins: nouns and the like that stand there without a gap."""
    start = end
    for word in reversed([word for word in words if word.start < end]):
        if word.end > start and word.start < start:
            start = word.start  # the dictionary has name and kind as one word
            continue
        if (
            word.end != start
            or not word.pos.startswith(("名詞", "接頭辞", "接尾辞", "形状詞", "記号"))
            or "助数詞" in word.pos
            or word.surface in listed("before")
        ):
            break
        if not re.fullmatch(r"[一-龥々ヶァ-ヺーぁ-ゖA-Za-z・]+", word.surface) or start - word.start > 8 or end - word.start > 10:
            break
        start = word.start
    return start


def _tailed(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """山田工務店, さくら歯科クリニック."""
    for match in _tail_pattern().finditer(text):
        if not _NAME_END.match(text, match.end()):
            continue
        begin = _proper_before(text, words, match.start())
        name = text[begin : match.start()]
        if name and not _generic(name) and _telling(name, match.group()):
            yield begin, match.end(), "お店や会社の名前のようです"


@cache
def _tail_pattern() -> re.Pattern[str]:
    tails = "|".join(sorted(map(re.escape, listed("tails")), key=len, reverse=True))
    return re.compile(rf"(?:{tails})(?:{tails})?")


_SOFT = (
    "ホテル",
    "旅館",
    "食堂",
    "サロン",
    "病院",
    "写真館",
    "美容室",
    "美容院",
    "事務所",
    "グループ",
    "タクシー",
    "診療所",
    "クリニック",
    "農園",
)


def _telling(name: str, tail: str) -> bool:
    """Whether the letters before a kind of shop can be its name; of words that people put before a ホテル only names count."""
    if not re.search(r"[一-龥ァ-ヺぁ-ゖ]|[A-Za-z]{2}", name) or any(name.endswith(one) for one in listed("generic") if len(one) > 1):
        return False
    if re.search(r"[ぁ-ゖ]い$|[まため]$", name) and re.fullmatch(r"[ぁ-ゖ]+", name) and not senses(name):
        return False
    proper = any("固有名詞" in sense for sense in senses(name)) or (not senses(name) and re.fullmatch(r"[ァ-ヺー]{2,}|[ぁ-ゖー]{2,}", name))
    return bool(proper) or tail not in _SOFT


def _headed(text: str, words: list[Token], by_start: dict[int, int]) -> Iterator[tuple[int, int, str]]:
    """パン工房むぎ, ヘアサロンひまわり: the kind of shop first, its name right behind it."""
    for match in _head_pattern().finditer(text):
        at = by_start.get(match.end())
        if at is None:
            continue
        word = words[at]
        if not word.pos.startswith(("名詞", "感動詞")) or "助数詞" in word.pos or "数詞" in word.pos or word.surface in listed("not_names"):
            continue
        end = word.end
        following = words[at + 1] if at + 1 < len(words) else None
        while following is not None and following.start == end and following.pos.startswith("名詞") and end - match.end() < 8:
            end, at = following.end, at + 1
            following = words[at + 1] if at + 1 < len(words) else None
        name = text[match.end() : end]
        kana = re.fullmatch(r"[ぁ-ゖー]{2,8}|[ァ-ヺー]{2,8}|[A-Za-z]{2,12}", name)
        things = re.fullmatch(r"[ァ-ヺー]+", name) and any("普通名詞" in sense for sense in senses(name))
        if kana and not things and name not in listed("things") and _NAME_END.match(text, end):
            yield match.start(), end, "お店の名前のようです"


@cache
def _head_pattern() -> re.Pattern[str]:
    heads = "|".join(sorted(map(re.escape, listed("heads")), key=len, reverse=True))
    return re.compile(rf"(?:{heads})")
