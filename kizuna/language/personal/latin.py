"""Names in Roman letters, and initials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kizuna.language.personal.words import GIVEN, as_name, listed, romaji

_INITIAL = re.compile(r"(?<![A-Za-z0-9.])(?P<it>[A-Z](?:\.? ?[A-Z]\.?)?) ?(?:さん|様|さま|くん|君|ちゃん|氏|先生)(?!ん)")
_TITLED = re.compile(r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|MR|MRS|MS)(?:\. ?| )[A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]+)?")
_LATIN = re.compile(r"(?<![A-Za-z0-9@._/-])[A-Z][A-Za-z'-]{1,14}(?:[ ・,]{1,2}[A-Z][A-Za-z'-]{1,14}|(?= ?(?:さん|様|さま|くん|君|ちゃん|氏|先生)))?(?![A-Za-z0-9@_-]|\.[A-Za-z])")  # fmt: skip


def latin_names(text: str) -> Iterator[tuple[int, int, str]]:
    """The places of initials with an honorific, of names with Mr. and the like, and of names in Roman letters, each with its reason."""
    for match in _INITIAL.finditer(text):
        yield (*match.span("it"), "頭文字の名前です")
    for match in _TITLED.finditer(text):
        yield (*match.span(), "Mr. などが付いています")
    for match in _LATIN.finditer(text):
        parts = re.split(r"[ ・,]+", match.group())
        if parts[0] in listed("latin_not_names"):
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
