"""Whether a text tells a person's name, however it is written there."""

from __future__ import annotations

import re
import unicodedata

from kizuna.workbook.models import Person


def names(person: Person) -> tuple[str, ...]:
    """The person's name, whole and in its parts, as it might slip into a text."""
    plain = unicodedata.normalize("NFKC", person.name or "").strip()
    return tuple(dict.fromkeys(one for one in (plain, re.sub(r"\s", "", plain), *plain.split()) if one))


def tells_name(text: str, person: Person, titled: bool = False) -> bool:
    """Whether a text tells the person's name; a short one (``titled``: any) only where a title stands behind it (「森さん」, not 「森の中」)."""
    flat = re.sub(r"みなさ[まん]", "", unicodedata.normalize("NFKC", text))
    for name in names(person):
        bare = re.sub(r"(さん|さま|様|先生|ちゃん|くん|君)$", "", name) or name
        short = len(bare) < (3 if re.fullmatch(r"[ぁ-ん]+", bare) else 2)
        title = r"\s?(さん|さま|様|氏|先生|ちゃん|くん|君|殿)"
        if re.search(re.escape(bare) + (title if short or titled else ""), flat):
            return True
    return False
