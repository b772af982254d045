"""Persons' names: by the words around them, and by the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kizuna.language.personal.introduced import BEFORE_END, name_after
from kizuna.language.personal.latin import latin_names
from kizuna.language.personal.titled import name_before, suffix
from kizuna.language.personal.words import FAMILY, GIVEN, KANA, KANJI, as_name, full_name, listed, more_than_name, only_name
from kizuna.language.tokens import Token

_SAYS = r"(?:と|って)(?:(?:申|もう)し(?:ます|まし|ております)|いいます|いう者|呼(?:ばれ|んで|びます))"
_CALLED = re.compile(
    rf"(?:^|[、。,\s「(]|私は|わたしは|僕は|俺は|こちらは|当方は|自分は|担当は|名前は|母は|父は|娘は|息子は|彼は|彼女は|私、)(?P<it>[一-龥々ヶぁ-ゖァ-ヺー・ ]{{1,12}}?)"
    rf"(?:\((?P<reading>[ぁ-ゖァ-ヺー ]{{2,12}})\))?(?:{_SAYS})"
)
_DIRECT = re.compile(
    r"(?:名前|氏名|姓名|なまえ|署名|担当者?|指名|お名前|本名|ニックネーム|あだ名|呼び名)(?:は|:|→|、| )\s?"
    r"(?P<it>[一-龥々ヶぁ-ゖァ-ヺー]{1,6}(?: [一-龥々ヶぁ-ゖァ-ヺー]{1,5})?)(?=さん|様|さま|くん|ちゃん|で|と|です|。|$|、|\))"
)
_LOOSE = re.compile(r"(?:[がはともにをへ、。,()\]」/:!?\s]|です|でし|だ|から|より|って|という|$)")
_GAVE = re.compile(
    r"(?:くれた|くださった|下さった|もらった|いただいた|頂いた|くれている|くれる|してた|した|なった|なっている|なっております|ました"
    r"|(?:私|わたし|わたくし|僕|俺)、?)(?P<it>[一-龥々ヶ]{1,3}[ァ-ヺーぁ-ゖ]{0,4}?)"
    r"(?=[がはにをと、。へ]|です|でし|の(?:笑|おか|対|説|声|接|技|手|人|こと)|も |より|$)"
)
_WHOLE = re.compile(r"(?m)^[ 　]*(?P<it>[一-龥々ヶぁ-ゖァ-ヺー]{1,4}[ 　]?[一-龥々ヶぁ-ゖァ-ヺー]{1,4})(?=[ 　]*(?:$|です|より|\(|様))")
_CLAN = re.compile(
    r"(?P<it>[一-龥々ヶ]{1,3})(?=(?:ご)?(?:夫妻|夫婦|一家|家(?:の(?:皆|みな|人|一同|法|お|味)|一同|で|が|は|に)|さんち|さん家|親子|兄弟|姉妹))"
)
_OURS = re.compile(r"(?:うち|ウチ|我が家|わが家)の(?P<it>[一-龥々ぁ-ゖァ-ヺー]{1,4})(?=[がはもにをと、])")
_BEGINS = re.compile(r"(?:^|[。!?\n「])(?P<it>[ぁ-ゖ]{3,5})(?=[がはも])")
_KATAKANA_SAN = re.compile(r"(?<![ァ-ヺー])(?P<it>[ァ-ヺー]{2,5})(?=(?:サン|チャン|クン|サマ)(?![ァ-ヺー]))")
_NEXT_IN_LIST = re.compile(
    r"(?:[・、,&＆]|と)(?P<it>[一-龥々ヶ]{1,3}|[ァ-ヺー]{2,5})(?=[・、,]|の(?:両名|[二三四五六2-6]人|[二三四五六2-6]名)|です|より|さん|様|$)"
)
_OF_OLD = re.compile(r"(?:の)?(?:記念館|美術館|文学館|資料館|生誕|銅像|墓|句碑|ゆかり|生家)|の(?:城|小説|俳句|短歌|像|詩集)")
_FROM = re.compile(r"(?:より|から)(?:感謝|愛|お礼|心|$)")
_NICK = re.compile(
    r"(?<![ぁ-ゖァ-ヺ一-龥])(?P<it>[ぁ-ゖ]っちゃん|[ぁ-ゖァ-ヺ]{1,3}[っッ]?(?:ちゃん|チャン|りん|ぽん|ぴょん|たん)(?=さん|に会|が|の店|のお店|と呼))"
)


def find_people(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """The places of names in the plain text, each with the reason in a few Japanese words; they may overlap."""
    for start, end, reason in _people(text, words):
        yield start, end, reason
        yield from _listed_with(text, end)


def of_old(text: str, end: int) -> bool:
    """Whether a museum, a castle or a book is named after whoever is named there (夏目漱石の小説)."""
    return bool(_OF_OLD.match(text, end))


def _people(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    yield from latin_names(text)
    for match in _CALLED.finditer(text):
        name = match["it"].strip().rpartition("は")[2] if not as_name(match["it"].strip()) else match["it"].strip()
        if name and (as_name(name) or (KANA.fullmatch(name) and len(name) <= 6 and name not in listed("plain"))):
            yield match.start("it") + match["it"].index(name), match.start("it") + match["it"].index(name) + len(name), "名のっています"
            if match["reading"]:
                yield (*match.span("reading"), "名前の読みのようです")
    for match in _DIRECT.finditer(text):
        if _nameable(match["it"]):
            yield (*match.span("it"), "名前だと書いてあります")
    for at, word in enumerate(words):
        if word.start and (found := suffix().match(text, word.start)):
            yield from name_before(text, words, at, found.group(), strong=found.group() in listed("honorifics"))
        if word.surface in listed("before"):
            yield from name_after(text, words, at)
        if "人名" in word.pos:
            yield from _bare(text, words, at)
    yield from _families(text, words)
    yield from _nicknames(text)
    yield from _by_form(text)


def _listed_with(text: str, end: int) -> Iterator[tuple[int, int, str]]:
    """The names that follow one in a list (佐藤、鈴木です)."""
    while (match := _NEXT_IN_LIST.match(text, end)) and as_name(match["it"]) and match["it"] not in listed("not_names"):
        yield (*match.span("it"), "ほかの名前とならんでいます")
        end = match.end("it")


def _by_form(text: str) -> Iterator[tuple[int, int, str]]:
    """Names told by where they stand: うちの健が, ともやが at the beginning, フジタサン."""
    for match in _OURS.finditer(text):
        name = match["it"]
        if GIVEN in as_name(name) and not more_than_name(name) and name not in listed("plain") and name not in listed("not_names"):
            yield (*match.span("it"), "家族の名前のようです")
    for match in _BEGINS.finditer(text):
        if GIVEN in as_name(match["it"]) and not more_than_name(match["it"]) and match["it"] not in listed("plain"):
            yield (*match.span("it"), "人の名前のようです")
    for match in _KATAKANA_SAN.finditer(text):
        if as_name(match["it"]):
            yield (*match.span("it"), "「サン」などが付いています")


def _nameable(name: str) -> bool:
    parts = name.split(" ")
    return all(as_name(part) for part in parts) or all(full_name(part) for part in parts)


def _bare(text: str, words: list[Token], at: int) -> Iterator[tuple[int, int, str]]:
    """A name that stands alone, when the dictionary leaves no doubt or it is a family and a given name in a row."""
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else None
    skip = 1 if following is not None and following.surface in (" ", "・") else 0
    other = words[at + 1 + skip] if at + 1 + skip < len(words) else None
    if (
        other is not None
        and "姓" in word.pos
        and ("人名" in other.pos or GIVEN in as_name(other.surface))
        and len(word.surface + other.surface) > 2
    ):
        if not skip or "人名" in other.pos or BEFORE_END.match(text, other.end):
            yield word.start, other.end, "姓と名が続いています"
        return
    if (len(word.surface) > 1 and KANJI.fullmatch(word.surface) and only_name(word.surface) and BEFORE_END.match(text, word.end)) or (
        len(word.surface) > 2 and only_name(word.surface) and _LOOSE.match(text, word.end)
    ):
        yield word.start, word.end, "辞書に人の名前としてあります"
    elif "姓" in word.pos and len(word.surface) > 1 and KANJI.fullmatch(word.surface) and (given := _given_after(text, word.end)):
        yield word.start, given, "姓と名が続いています"
    elif word.start == 0 and FAMILY in as_name(word.surface) and re.match(r"(?:です[。!]|より|$)", text[word.end :]):
        yield word.start, word.end, "名のっています"


def _given_after(text: str, start: int) -> int:
    """Where a given name in kana that follows a family name ends, 0 when there is none."""
    for length in (5, 4, 3, 2):
        name = text[start : start + length]
        if (
            len(name) == length
            and KANA.fullmatch(name)
            and GIVEN in as_name(name)
            and re.match(rf"として|さん|様|{BEFORE_END.pattern}", text[start + length :])
        ):
            return start + length
    return 0


def _families(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """Whole lines that are a name, and families (中村家)."""
    for match in _WHOLE.finditer(text):
        name = match["it"]
        parts = re.split("[ 　]", name)
        if (len(parts) == 2 and FAMILY in as_name(parts[0]) and (as_name(parts[1]) or KANA.fullmatch(parts[1]))) or (
            len(parts) == 1 and len(name) > 2 and full_name(name) and not more_than_name(name)
        ):
            yield (*match.span("it"), "名前だけの行です")
    for match in _GAVE.finditer(text):
        name = match["it"]
        if (
            name not in listed("plain")
            and name not in listed("not_names")
            and ((FAMILY in as_name(name) and len(name) > 1) or only_name(name) or (full_name(name) and not more_than_name(name)))
        ):
            yield (*match.span("it"), "した人の名前のようです")
    starts = {word.start for word in words}
    for match in _CLAN.finditer(text):
        for start in range(match.start("it"), match.end("it")):
            name = text[start : match.end("it")]
            if start in starts and FAMILY in as_name(name) and name not in listed("not_names") and name not in listed("plain"):
                yield start, match.end("it"), "家族の名前のようです"
                break
    for word in words:
        if (
            word.start == 0
            and (as_name(word.surface) or (KANA.fullmatch(word.surface) and len(word.surface) <= 5))
            and _FROM.match(text, word.end)
        ):
            yield word.start, word.end, "差出人の名前のようです"
        if (
            as_name(word.surface)
            and len(word.surface) > 1
            and re.match(
                r"を?指名|(?:さん)?(?:が|の)担当(?:でし|です|し)|といっ?て、|という(?:方|人|店員|スタッフ|美容師)",
                text[word.end : word.end + 12],
            )
        ):
            yield word.start, word.end, "名前のように使われています"


def _nicknames(text: str) -> Iterator[tuple[int, int, str]]:
    """Pet names (みっちゃん), and what somebody is called by."""
    for match in _NICK.finditer(text):
        name = match["it"]
        if not any(name.startswith(one) for one in ("赤", "おじ", "おば", "ワン", "ねこ", "にい", "ねえ", "じい", "ばあ", "おか", "おと")):
            yield (*match.span("it"), "呼び名のようです")
    for match in re.finditer(r"(?P<it>[一-龥々ヶぁ-ゖァ-ヺー]{2,6})(?=(?:って|と)呼(?:ん|ば|び))", text):
        for start in range(match.start("it"), match.end("it") - 1):
            if as_name(text[start : match.end("it")]):
                yield start, match.end("it"), "呼び名のようです"
                break
