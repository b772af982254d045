"""Names before an honorific or a title: 田中さん, 佐藤店長."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from kizuna.language.personal.words import FAMILY, KANA, KANJI, NAME_LETTERS, as_name, full_name, listed, more_than_name, names
from kizuna.language.tokens import Token

_PLACE = "名詞-固有名詞-地名"


@cache
def suffix() -> re.Pattern[str]:
    """What may follow a name, the longer first."""
    found = sorted(map(re.escape, (*names().honorifics, *names().titles)), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(found)})(?!ぶ|える|ざま|々|子|さん)")


def name_before(text: str, words: list[Token], at: int, suffix: str, strong: bool) -> Iterator[tuple[int, int, str]]:
    """The name that ends where the honorific (``strong``) or title at ``at`` begins."""
    end = words[at].start
    if end and text[end - 1] == " ":
        end -= 1
    before = [word for word in words[max(0, at - 5) : at] if word.end <= end and word.surface.strip()]
    if not before or not NAME_LETTERS.match(text[end - 1]):
        return
    reason = f"「{suffix}」が付いています"
    run = _run_back(text, end)
    first = before[-1].start
    own = text[first:end]
    if (
        own in ("長", "総", "副", "元", "方達", "全")
        or own.endswith("屋")
        or (_ordinary(own) and not (own == "ワン" and suffix in ("さん", "様", "先生")))
        or (_ordinary(text[run:end]) and own != "ワン")
        or (_ordinary(text[max(0, first - 1) : end]) and own != "ワン")
    ):
        return
    if own.endswith(("員", "者", "師", "士", "係", "長", "官", "家", "達")) and not as_name(own):
        return
    if KANJI.fullmatch(own):
        whole = text[run:end]
        known = bool(as_name(own)) or full_name(own)
        if not known and (as_name(whole) or full_name(whole)):
            first, own, known = run, whole, True
        if not known and len(own) <= 3 and strong and not more_than_name(own) and len(whole) <= 4:
            first, known = run, True
        if not known:
            return
        place_only = before[-1].pos.startswith(_PLACE) and not as_name(own)
        if place_only:
            return
        yield _widen(text, words, first), end, reason
        return
    if KANA.fullmatch(own):
        whole = text[run:end]
        if "ァ" <= own[-1] <= "ヺ" or (own[-1] == "ー" and "ァ" <= own[0] <= "ヺ"):
            if not as_name(own) and not as_name(whole) and (not strong or more_than_name(whole)):
                return
            yield _widen(text, words, run), end, reason
            return
        best = next(
            (start for start in range(run, end) if end - start <= 6 and as_name(text[start:end]) and _starts_word(words, start)), None
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


def _run_back(text: str, end: int) -> int:
    """Where the run of one kind of letters that ends at ``end`` begins."""
    last = text[end - 1]
    kind = next((kind for kind in (r"[一-龥々ヶ]", r"[ぁ-ゖー]", r"[ァ-ヺー・]") if re.match(kind, last)), None)
    start = end
    while kind and start and re.match(kind, text[start - 1]):
        start -= 1
    return start


def _ordinary(word: str) -> bool:
    """Whether the word, or its end, says what somebody is and not who."""
    return word in listed("not_names") or (
        any(word.endswith(one) for one in listed("not_names") if len(one) > 1 and len(word) > len(one)) and not as_name(word)
    )


def _starts_word(words: list[Token], start: int) -> bool:
    """Whether a name may begin there: where a word begins."""
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
            and KANJI.fullmatch(family.surface)
            and family.surface not in listed("before")
            and len(family.surface) > 1
        ):
            return family.start
        if blank and KANA.fullmatch(family.surface) and as_name(family.surface):
            return family.start
    return start
