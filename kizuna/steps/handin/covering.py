"""What tells who somebody is, covered in every text of a hand-in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from kizuna.language.personal import MASK, Kind, Known, Personal, find_personal, mask
from kizuna.language.personal.structured import find_structured
from kizuna.language.plain import plain
from kizuna.workbook.policy import HIDE, POLICY, Way
from kizuna.workbook.submission import Rows, decoded

TELLS_NAME = re.compile(r"[かが]な|[カガ]ナ|ｶﾅ|ｶﾞﾅ|よみ|ヨミ|読み|名前|氏名|姓|ニックネーム|呼び名")
_LEAST = {Kind.EMAIL: 5, Kind.SNS: 5, Kind.ADDRESS: 6}  # letters of what is looked for in all texts once it stands in one


class Cover:
    """Covers what tells who somebody is: what the recogniser finds, and what is known from anywhere in the workbook."""

    def __init__(self, raw: Rows) -> None:
        answers = {row["key"]: decoded(row["value"]) for row in raw["answer"]}
        found = list(_everywhere(raw))
        terms = [term for kind, term in found if len(term) >= _LEAST.get(kind, 1_000)]
        terms += [line for line in str(answers.get(HIDE) or "").splitlines() if line.strip()]
        phones = [term for kind, term in found if kind is Kind.PHONE]
        names = list(_names(raw))
        shop = str(answers.get("shop") or "")
        own = [*(str(answers.get(key) or "") for key in ("sender.name", "declare.name"))]
        parts = [part for part in re.split(r"[\s（）()「」]+", shop) if len(part) > 2]
        self._people = Known(names, terms, phones)
        self._known = Known([*names, *own], [*terms, *parts], phones)
        called = str(answers.get("called") or "")
        self._own = (called, re.sub(r"(さん|さま|様)$", "", called)) if called else ()
        self._texts: dict[str, str] = {}
        self.covered = 0

    def __call__(self, text: str) -> str:
        if text not in self._texts:
            self._texts[text] = self._all(text)
        self.covered += len(re.findall(f"{MASK}+", self._texts[text])) if MASK not in text else 0
        return self._texts[text]

    def shop(self, text: str) -> str:
        """The shop's own name, with what tells of its customers or where to reach it covered."""
        flat = plain(text)
        spans = [Personal(*flat.span(one.start, one.end), one.kind, one.reason) for one in find_structured(flat)]
        return _until_none(text, self._people, spans)

    def _all(self, text: str) -> str:
        return _until_none(text, self._known, _recognised(text, self._own))


def _until_none(text: str, known: Known, found: Iterable[Personal]) -> str:
    """The text with all that was found and all that is known covered, both told by the whole text: half a name would not be known again.

    What is covered may show a word that was no word before, so it is asked until nothing is left.
    """
    before, text = text, mask(text, [*found, *known.find(text)])
    while text != before:
        before, text = text, mask(text, known.find(text))
    return text


@lru_cache(maxsize=16_384)
def _recognised(text: str, own: tuple[str, ...]) -> tuple[Personal, ...]:
    return tuple(find_personal(text, own))


def _names(raw: Rows) -> Iterator[str]:
    """Every name in the workbook."""
    for row in raw["person"]:
        yield row["name"] or ""
        yield from (str(value) for header, value in decoded(row["about"] or "{}").items() if TELLS_NAME.search(header))
    for row in raw["consent"]:
        yield from (row["shown_name"], row["guardian"])


def _everywhere(raw: Rows) -> Iterator[tuple[Kind, str]]:
    """Numbers and addresses that stand in any text of the workbook, those that stay here among them."""
    for table, rows in raw.items():
        if Way.STAY in POLICY[table].values():
            continue
        for row in rows:
            for value in {value for value in row.values() if isinstance(value, str)}:
                yield from _structured(value)


@lru_cache(maxsize=16_384)
def _structured(text: str) -> tuple[tuple[Kind, str], ...]:
    flat = plain(text)
    return tuple((one.kind, flat.text[one.start : one.end]) for one in find_structured(flat))


def wholly(text: str) -> str:
    """A text covered from end to end."""
    return mask(text, [Personal(0, len(text), Kind.PERSON, "")])
