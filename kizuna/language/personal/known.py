"""Names, numbers and addresses that are known from a list, found in a text however they are written there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kizuna.language.personal.kinds import Kind, Personal
from kizuna.language.personal.words import ANY, FAMILY, GIVEN, KANJI, RARE, as_name, listed, romaji
from kizuna.language.plain import plain
from kizuna.language.tokens import readings, tokens

_REASON = "名簿にある方のことです"
_OLD = RARE | str.maketrans("廣國櫻龍", "広国桜竜")  # that stand in other words too
_KANJI_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_PARTS = re.compile(r"[\s・･,，、/／=＝()（）「」『』]+")
_KANA = re.compile(r"[ァ-ヺー]+")
_BETWEEN = 3  # signs that may stand between two groups of a number
_LEAST_DIGITS = 7
_MOST_READINGS = 6


class Known:
    """What is known, ready to be found: ``names`` of people in every spelling, ``terms`` such as mails and addresses, ``phones``.

    A name is also found by its family or given name alone, in kana and in Roman letters, with blanks within it, and in rarer forms of its letters.
    What is short is only found where it stands as a name: 「森さん」, not 「森林」; 「はまださん」, not 「私はまだ」.
    """

    def __init__(self, names: Iterable[str] = (), terms: Iterable[str] = (), phones: Iterable[str] = ()) -> None:
        self._anywhere: set[str] = set()
        self._short: set[str] = set()
        for name in names:
            for spelling in _spellings(name):
                self._add(spelling)
        self._anywhere |= {one for term in terms if (one := "".join(_letters(term)[0]))}
        self._phones = {digits for phone in phones if len(digits := _national("".join(_digits(phone)[0]))) >= _LEAST_DIGITS}
        self._names = self._anywhere | self._short
        self._lengths = sorted({len(one) for one in self._names}, reverse=True)

    def _add(self, spelling: str) -> None:
        short = len(spelling) == 1 or (len(spelling) <= 3 and _KANA.fullmatch(spelling))
        (self._short if short else self._anywhere).add(spelling)

    def find(self, text: str) -> list[Personal]:
        """The places of what is known, in order; places of one thing may touch or overlap those of another."""
        return sorted({*self._words(text), *self._latin(text), *self._numbers(text)})

    def _words(self, text: str) -> Iterator[Personal]:
        letters, starts, ends = _letters(text)
        whole = "".join(letters)
        for length in self._lengths:
            for at in range(len(whole) - length + 1):
                found, last = whole[at : at + length], at + length
                if found in self._anywhere or (
                    found in self._short and (_TITLE.match(whole, last) or _is_name(text, found, starts[at], ends[last - 1]))
                ):
                    yield Personal(starts[at], ends[last - 1], Kind.PERSON, _REASON)

    def _latin(self, text: str) -> Iterator[Personal]:
        letters, starts, ends = _letters(text)
        for match in re.finditer(r"[a-z]+(?:[-'][a-z]+)*", "".join(letters)):
            read = _katakana(romaji(re.sub(r"[-']", "", match.group())))
            if read and read in self._names:
                yield Personal(starts[match.start()], ends[match.end() - 1], Kind.PERSON, _REASON)

    def _numbers(self, text: str) -> Iterator[Personal]:
        if not self._phones:
            return
        digits, starts, ends = _digits(text)
        runs = "".join(digits)
        for phone in self._phones:
            for form in (phone, f"81{phone[1:]}"):
                at = runs.find(form)
                while at >= 0:
                    yield Personal(starts[at], ends[at + len(form) - 1], Kind.PHONE, _REASON)
                    at = runs.find(form, at + 1)


_TITLE = re.compile(r"サン|サマ|様|氏|先生|チャン|クン|君|殿|店長|社長|オクサマ|奥様|奥サン|家|宅")


@lru_cache(maxsize=4096)
def _spellings(name: str) -> frozenset[str]:
    """A name as it may be written, in the one form of letters that texts are compared in; nothing for what is no name (「常連」)."""
    parts = [bare for part in _PARTS.split(unicodedata.normalize("NFKC", name)) if (bare := _bare(part))]
    if all(part in listed("not_names") | listed("honorifics") for part in parts):
        return frozenset()
    pieces = [piece for part in parts for piece in (_cut(part) if len(parts) == 1 else (part,))]
    found = {"".join(parts), *pieces}
    if len(pieces) == 2:
        found |= {"".join(pieces), "".join(reversed(pieces))}
        found |= {one + other for one in _read(pieces[0], FAMILY) for other in _read(pieces[1], GIVEN)}
    found |= {one for at, piece in enumerate(pieces) for one in _read(piece, GIVEN if at else FAMILY)}
    found -= listed("not_names") | listed("honorifics")
    return frozenset(spelled for one in found if (spelled := "".join(_letters(one)[0])))


def _bare(part: str) -> str:
    """The part without the titles behind it, if anything is left."""
    for title in sorted(listed("honorifics"), key=len, reverse=True):
        if part.endswith(title) and len(part) > len(title):
            return part.removesuffix(title)
    return part


def _cut(whole: str) -> tuple[str, ...]:
    """A name written in one piece as family and given name, where the dictionary can tell."""
    if not KANJI.match(whole) or len(whole) < 3 or FAMILY in as_name(whole):
        return (whole,)
    words = tokens(whole)
    if len(words) == 2 and FAMILY in as_name(words[0].surface):
        return (words[0].surface, words[1].surface)
    cuts = [at for at in (2, 3, 1) if at < len(whole) and FAMILY in as_name(whole[:at])]
    sure = [at for at in cuts if GIVEN in as_name(whole[at:])]
    at = next(iter([*sure, *cuts]), 0)
    return (whole[:at], whole[at:]) if at else (whole,)


def _read(piece: str, kind: str) -> tuple[str, ...]:
    """The kana of a part of a name; of a name in kana itself."""
    if not KANJI.search(piece):
        return (piece,)
    return tuple(sorted(readings(piece, kind) or readings(piece, ANY))[:_MOST_READINGS])


@lru_cache(maxsize=4096)
def _letters(text: str) -> tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]:
    """The letters of a text as they are compared (one width, one kana, small, rare forms made common, no blanks), with their places."""
    flat = plain(text.translate(_OLD))
    letters, starts, ends = [], [], []
    for letter, start, end in zip(flat.text, flat.starts, flat.ends, strict=True):
        if letter.isspace() or unicodedata.category(letter) in ("Cf", "Cc", "Mn"):
            continue
        small = letter.lower()
        letters.append(_katakana(small if len(small) == 1 else letter))
        starts.append(start)
        ends.append(end)
    return tuple(letters), tuple(starts), tuple(ends)


def _katakana(text: str) -> str:
    return "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in text)


def _digits(text: str) -> tuple[list[str], list[int], list[int]]:
    """The digits of a text with their places; a sign that ends a run stands between runs that lie apart."""
    flat = plain(text)
    digits: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gap = 0
    for letter, start, end in zip(flat.text.translate(_KANJI_DIGITS), flat.starts, flat.ends, strict=True):
        if letter.isascii() and letter.isdigit():
            if gap > _BETWEEN:
                digits.append(" ")
                starts.append(start)
                ends.append(start)
            gap = 0
            digits.append(letter)
            starts.append(start)
            ends.append(end)
        else:
            gap += 1
    return digits, starts, ends


def _national(digits: str) -> str:
    return f"0{digits[2:]}" if digits.startswith("81") and len(digits) > 10 else digits


def _is_name(text: str, name: str, start: int, end: int) -> bool:
    """Whether a short name may be one at this place: as the dictionary has it there, or as kana that are words of their own."""
    if not text[:start].strip() and not text[end:].strip():
        return True
    inside = [word for word in _placed(text) if start <= word[0] and word[1] <= end]
    if not inside or inside[0][0] != start or inside[-1][1] != end:
        return False
    if not _KANA.fullmatch(name) or len(name) == 1:
        return all(pos.startswith(ANY) for _, _, pos in inside)
    goes_on = start > 0 and (text[start - 1].isalnum() or text[start - 1] == "ー")
    return len(inside) == 1 or not (goes_on and inside[0][2].startswith(("助", "接尾")))


@lru_cache(maxsize=1024)
def _placed(text: str) -> tuple[tuple[int, int, str], ...]:
    """The words of a text: where each begins and ends in the text as given, and its part of speech."""
    flat = plain(text)
    return tuple((*flat.span(word.start, word.end), word.pos) for word in tokens(flat.text))
