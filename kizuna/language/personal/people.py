"""Persons' names: by the words around them, by the dictionary, and by the small model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kizuna.language.personal.words import FAMILY, GIVEN, as_name, listed, names, only_name, romaji
from kizuna.language.tokens import Token

_KANA = re.compile(r"[ぁ-ゖー]+|[ァ-ヺー・]+")
_KANJI = re.compile(r"[一-龥々ヶ]+")
_NAME_LETTERS = re.compile(r"[一-龥々ヶぁ-ゖァ-ヺー・]+")
_INITIAL = re.compile(r"(?<![A-Za-z0-9.])(?P<it>[A-Z](?:\.? ?[A-Z]\.?)?) ?(?:さん|様|さま|くん|君|ちゃん|氏|先生)(?!ん)")
_TITLED = re.compile(r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|MR|MRS|MS)(?:\. ?| )[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+)?")
_LATIN = re.compile(r"(?<![A-Za-z0-9@._/-])[A-Z][A-Za-z'-]{1,14}(?:[ ・,]{1,2}[A-Z][A-Za-z'-]{1,14}|(?= ?(?:さん|様|さま|くん|君|ちゃん|氏|先生)))?(?![A-Za-z0-9@_-]|\.[A-Za-z])")  # fmt: skip
_SAYS = r"(?:と|って)(?:(?:申|もう)し(?:ます|まし|ております)|いいます|いう者|呼(?:ばれ|んで|びます))"
_CALLED = re.compile(
    rf"(?:^|[、。,\s「(]|私は|わたしは|僕は|俺は|名前は|母は|父は|娘は|息子は|彼は|彼女は|私、)(?P<it>[一-龥々ヶぁ-ゖァ-ヺー・ ]{{1,12}}?)(?:{_SAYS})"
)
_BEFORE_END = re.compile(
    r"(?:として|[がはとにもをへ、。,・()\]」/:!?\s]|です|でし|だ[っ。]|から|より|まで|って|という|の(?:こと|お|ご|名|手|声|笑|対|誕|結|成|ため|髪|施|説|接|作|料|おか)|$)"
)
_PLACE = "名詞-固有名詞-地名"
_DIRECT = re.compile(
    r"(?:名前|氏名|姓名|なまえ|署名|担当者?|指名|お名前|本名|ニックネーム|あだ名|呼び名)(?:は|:|→|、| )\s?"
    r"(?P<it>[一-龥々ヶぁ-ゖァ-ヺー]{1,6}(?: [一-龥々ヶぁ-ゖァ-ヺー]{1,5})?)(?=さん|様|さま|くん|ちゃん|で|と|です|。|$|、|\))"
)


def find_people(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """The places of names in the plain text, each with the reason in a few Japanese words; they may overlap."""
    yield from _latin(text)
    for match in _CALLED.finditer(text):
        name = match["it"].strip()
        if name and (as_name(name) or (_KANA.fullmatch(name) and len(name) <= 6 and name not in listed("plain"))):
            yield match.start("it") + match["it"].index(name), match.start("it") + match["it"].index(name) + len(name), "名のっています"
    for match in _DIRECT.finditer(text):
        if _nameable(match["it"]):
            yield (*match.span("it"), "名前だと書いてあります")
    for at, word in enumerate(words):
        if word.start and (found := _suffix().match(text, word.start)):
            yield from _before(text, words, at, found.group(), strong=found.group() in listed("honorifics"))
        if word.surface in listed("before"):
            yield from _after(text, words, at)
        if "人名" in word.pos:
            yield from _bare(text, words, at)
    yield from _families(text, words)
    yield from _nicknames(text)


def _nameable(name: str) -> bool:
    parts = name.split(" ")
    return all(as_name(part) for part in parts) or all(_pair(part) for part in parts)


@cache
def _pair_cuts(name: str) -> bool:
    return any(FAMILY in as_name(name[:cut]) and as_name(name[cut:]) for cut in range(1, len(name)))


def _pair(name: str) -> bool:
    """Whether the letters are a family and a given name written together."""
    return 2 <= len(name) <= 8 and _pair_cuts(name)


def _run_back(text: str, end: int) -> int:
    """Where the run of one kind of letters that ends at ``end`` begins."""
    last = text[end - 1]
    kind = next((kind for kind in (r"[一-龥々ヶ]", r"[ぁ-ゖー]", r"[ァ-ヺー・]") if re.match(kind, last)), None)
    start = end
    while kind and start and re.match(kind, text[start - 1]):
        start -= 1
    return start


@cache
def _suffix() -> re.Pattern[str]:
    """What may follow a name, the longer first."""
    found = sorted(map(re.escape, title_words()), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(found)})(?!ぶ|える|ざま|々|子|さん)")


def _before(text: str, words: list[Token], at: int, suffix: str, strong: bool) -> Iterator[tuple[int, int, str]]:
    """The name that ends where the honorific (``strong``) or title at ``at`` begins."""
    end = words[at].start
    if end and text[end - 1] == " ":
        end -= 1
    before = [word for word in words[max(0, at - 5) : at] if word.end <= end and word.surface.strip()]
    if not before or not _NAME_LETTERS.match(text[end - 1]):
        return
    reason = f"「{suffix}」が付いています"
    run = _run_back(text, end)
    first = before[-1].start
    own = text[first:end]
    if (
        own in ("長", "総", "副", "元", "方達", "全")
        or own.endswith("屋")
        or _ordinary(own)
        or _ordinary(text[run:end])
        or _ordinary(text[max(0, first - 1) : end])
    ):
        return
    if own.endswith(("員", "者", "師", "士", "係", "長", "官", "家", "達")) and not as_name(own):
        return
    if _KANJI.fullmatch(own):
        whole = text[run:end]
        known = bool(as_name(own)) or _pair(own)
        if not known and (as_name(whole) or _pair(whole)):
            first, own, known = run, whole, True
        if not known and len(own) <= 3 and strong and not senses_of_words(own) and len(whole) <= 4:
            first, known = run, True
        if not known:
            return
        place_only = before[-1].pos.startswith(_PLACE) and not as_name(own)
        if place_only:
            return
        yield _widen(text, words, first), end, reason
        return
    if _KANA.fullmatch(own):
        whole = text[run:end]
        if "ァ" <= own[-1] <= "ヺ" or (own[-1] == "ー" and "ァ" <= own[0] <= "ヺ"):
            if not as_name(own) and not as_name(whole) and (not strong or senses_of_words(whole)):
                return
            yield _widen(text, words, run), end, reason
            return
        best = next(
            (start for start in range(run, end) if end - start <= 6 and as_name(text[start:end]) and _starts_word(text, words, start)), None
        )
        if best is not None and text[best:end] not in listed("not_names"):
            yield _widen(text, words, best), end, reason
        elif (
            strong
            and before[-1].pos.startswith(("名詞", "感動詞", "副詞", "動詞", "形状詞", "形容詞", "接尾辞", "代名詞"))
            and len(own) > 1
        ):
            start = before[-2].start if len(before) > 1 and before[-2].pos.startswith("接頭辞") and before[-2].end == first else first
            if text[start:end] not in listed("not_names") and before[-1].pos != "代名詞":
                yield _widen(text, words, start), end, reason
        elif (
            strong
            and 1 < end - run <= 4
            and whole not in listed("not_names")
            and not any(
                (word.pos.startswith("助詞") and len(word.surface) > 1) or word.pos.startswith("助動詞")
                for word in before
                if word.start >= run
            )
        ):
            yield _widen(text, words, run), end, reason


def _ordinary(word: str) -> bool:
    """Whether the word, or its end, says what somebody is and not who."""
    return word in listed("not_names") or (
        any(word.endswith(one) for one in listed("not_names") if len(one) > 1 and len(word) > len(one)) and not as_name(word)
    )


def senses_of_words(word: str) -> bool:
    """Whether the dictionary has the word in a sense that is no person's name."""
    from kizuna.language.tokens import senses

    return any("人名" not in sense for sense in senses(word))


def _starts_word(text: str, words: list[Token], start: int) -> bool:
    """Whether a name may begin there: where a word begins, or after one of the particles that come before names."""
    return any(word.start == start for word in words)


def _widen(text: str, words: list[Token], start: int) -> int:
    """Where the whole name begins, when the part at ``start`` has a family name before it."""
    back = [word for word in words if word.end <= start]
    blank = 0
    if back and back[-1].surface in (" ", "・", "="):
        blank, back = 1, back[:-1]
    if back and back[-1].end + blank == start:
        family = back[-1]
        if "人名" in family.pos or (
            FAMILY in as_name(family.surface)
            and _KANJI.fullmatch(family.surface)
            and family.surface not in listed("before")
            and len(family.surface) > 1
        ):
            return family.start
        if blank and _KANA.fullmatch(family.surface) and as_name(family.surface):
            return family.start
    return start


def _after(text: str, words: list[Token], at: int) -> Iterator[tuple[int, int, str]]:
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
        if _NAME_LETTERS.fullmatch(name) and _BEFORE_END.match(text, begin + length) and _follows(text, words, begin, name, link, kin):
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
        and not senses_of_words(name)
        and re.match(r"[)・、,0-9 ]", text[begin + len(name) :])
    ):
        return True
    if link not in ("の", "、", "(", " ", ":", "である", "は") or link in ("は", "、"):
        return only_name(name) or (_pair(name) and not senses_of_words(name))
    if not as_name(name):
        inside = [word for word in words if word.start < begin + len(name) and begin < word.end]
        odd = _KANJI.fullmatch(name) and 2 <= len(name) <= 3 and all(len(word.surface) == 1 or "人名" in word.pos for word in inside)
        foreign = re.fullmatch(r"[ァ-ヺー]{2,5}", name)
        return not senses_of_words(name) and bool(_pair(name) or (kin and odd) or (foreign and link == "の"))
    if only_name(name) or (_KANA.fullmatch(name) and len(name) > 1):
        return True
    if (not kin and any(name == one for one in ("方", "者", "中", "長"))) or (len(name) == 1 and not kin and link == "の"):
        return False
    return (
        not senses_of_words(name)
        or (FAMILY in as_name(name) and len(name) > 1)
        or bool(re.match(r"[がはともに(、)]", text[begin + len(name) :]))
    )


_LOOSE = re.compile(r"(?:[がはともにをへ、。,()\]」/:!?\s]|です|でし|だ|から|より|って|という|$)")


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
        if not skip or "人名" in other.pos or _BEFORE_END.match(text, other.end):
            yield word.start, other.end, "姓と名が続いています"
        return
    if (len(word.surface) > 1 and _KANJI.fullmatch(word.surface) and only_name(word.surface) and _BEFORE_END.match(text, word.end)) or (
        len(word.surface) > 2 and only_name(word.surface) and _LOOSE.match(text, word.end)
    ):
        yield word.start, word.end, "辞書に人の名前としてあります"
    elif "姓" in word.pos and len(word.surface) > 1 and _KANJI.fullmatch(word.surface) and (given := _given_after(text, word.end)):
        yield word.start, given, "姓と名が続いています"
    elif word.start == 0 and FAMILY in as_name(word.surface) and re.match(r"(?:です[。!]|より|$)", text[word.end :]):
        yield word.start, word.end, "名のっています"


def _given_after(text: str, start: int) -> int:
    """Where a given name in kana that follows a family name ends, 0 when there is none."""
    for length in (5, 4, 3, 2):
        name = text[start : start + length]
        if (
            len(name) == length
            and _KANA.fullmatch(name)
            and GIVEN in as_name(name)
            and re.match(rf"として|さん|様|{_BEFORE_END.pattern}", text[start + length :])
        ):
            return start + length
    return 0


_GAVE = re.compile(
    r"(?:くれた|くださった|下さった|もらった|いただいた|頂いた|くれている|くれる|してた|した|なった|なっている|なっております|ました"
    r"|(?:私|わたし|わたくし|僕|俺)、?)(?P<it>[一-龥々ヶ]{1,3}[ァ-ヺーぁ-ゖ]{0,4}?)"
    r"(?=[がはにをと、。へ]|です|でし|の(?:笑|おか|対|説|声|接|技|手|人|こと)|も |より|$)"
)
_WHOLE = re.compile(r"(?m)^[ 　]*(?P<it>[一-龥々ヶぁ-ゖァ-ヺー]{1,4}[ 　]?[一-龥々ヶぁ-ゖァ-ヺー]{1,4})(?=[ 　]*(?:$|です|より|\(|様))")
_CLAN = re.compile(
    r"(?P<it>[一-龥々ヶ]{1,3})(?=(?:ご)?(?:夫妻|夫婦|一家|家(?:の(?:皆|みな|人|一同|法|お|味)|一同|で|が|は|に)|さんち|さん家|親子|兄弟|姉妹))"
)
_FROM = re.compile(r"(?:より|から)(?:感謝|愛|お礼|心|$)")


def _families(text: str, words: list[Token]) -> Iterator[tuple[int, int, str]]:
    """Whole lines that are a name, and families (中村家)."""
    for match in _WHOLE.finditer(text):
        name = match["it"]
        parts = re.split("[ 　]", name)
        if (len(parts) == 2 and FAMILY in as_name(parts[0]) and (as_name(parts[1]) or _KANA.fullmatch(parts[1]))) or (
            len(parts) == 1 and len(name) > 2 and _pair(name) and not senses_of_words(name)
        ):
            yield (*match.span("it"), "名前だけの行です")
    for match in _GAVE.finditer(text):
        name = match["it"]
        if (
            name not in listed("plain")
            and name not in listed("not_names")
            and ((FAMILY in as_name(name) and len(name) > 1) or only_name(name) or (_pair(name) and not senses_of_words(name)))
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
            and (as_name(word.surface) or (_KANA.fullmatch(word.surface) and len(word.surface) <= 5))
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


_NICK = re.compile(
    r"(?<![ぁ-ゖァ-ヺ一-龥])(?P<it>[ぁ-ゖ]っちゃん|[ぁ-ゖァ-ヺ]{1,3}[っッ]?(?:ちゃん|チャン|りん|ぽん|ぴょん|たん)(?=さん|に会|が|の店|のお店|と呼))"
)


def _nicknames(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _NICK.finditer(text):
        name = match["it"]
        if not any(name.startswith(one) for one in ("赤", "おじ", "おば", "ワン", "ねこ", "にい", "ねえ", "じい", "ばあ", "おか", "おと")):
            yield (*match.span("it"), "呼び名のようです")
    for match in re.finditer(r"(?P<it>[一-龥々ヶぁ-ゖァ-ヺー]{2,6})(?=(?:って|と)呼(?:ん|ば|び))", text):
        for start in range(match.start("it"), match.end("it") - 1):
            if as_name(text[start : match.end("it")]):
                yield start, match.end("it"), "呼び名のようです"
                break


@cache
def _brands() -> frozenset[str]:
    return frozenset(
        {
            "LINE",
            "Line",
            "Google",
            "PayPay",
            "Instagram",
            "Facebook",
            "Twitter",
            "YouTube",
            "TikTok",
            "Amazon",
            "Apple",
            "Yahoo",
            "Wi-Fi",
            "Happy",
            "Good",
            "Thank",
        }
    )


def _latin(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _INITIAL.finditer(text):
        yield (*match.span("it"), "頭文字の名前です")
    for match in _TITLED.finditer(text):
        yield (*match.span(), "Mr. などが付いています")
    for match in _LATIN.finditer(text):
        parts = re.split(r"[ ・,]+", match.group())
        if parts[0] in _brands():
            continue
        given = listed("latin_given")
        kinds = [as_name(romaji(part)) if romaji(part) else frozenset({GIVEN} if part in given else ()) for part in parts]
        if (
            (len(parts) == 2 and all(kinds))
            or (len(parts) == 2 and any(part in given for part in parts) and not all(part.isupper() for part in parts))
            or (
                len(parts) == 1
                and (
                    re.match(r" ?(?:さん|様|さま|くん|君|ちゃん|氏|先生)", text[match.end() :])
                    or (kinds[0] and re.match(r"(?:です[。!]|と申|といい)", text[match.end() :]))
                )
            )
        ):
            yield (*match.span(), "ローマ字の名前のようです")


def title_words() -> tuple[str, ...]:
    """Words that may follow a name."""
    return (*names().honorifics, *names().titles)
